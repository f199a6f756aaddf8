# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core against a model of the API in memory: what a real server would have to be talked into (lost answers, faults)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import Core, Run
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    AnswerLost,
    InvalidArgument,
    NotFound,
    OperationFailed,
    Refused,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization import (
    information as _organization_info,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization import users as _integration_users

ORGANIZATION = "/organizations/o"


class Api:
    """Two workspaces, an administrator, and every write counted. It stands where the client stands."""

    organization_path = ORGANIZATION

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {}
        self.organization_roles = {"1": "Organization Member", "3": "Org User Admin", "4": "Org Security Admin"}
        self.held_organization: dict[str, set[str]] = {}
        self.workspaces = {"w1": "SEC Filing", "w2": "ESG"}
        self.roles = {"2": "Workspace Owner", "7": "Professional", "8": "Viewer"}
        self.groups = {"g0": "All Users", "g1": "Data loaders", "g2": "Editors"}
        self.members: dict[tuple[str, str], set[str]] = {(w, g): set() for w in self.workspaces for g in self.groups}
        self.memberships: dict[str, tuple[str, str]] = {}
        self.held: dict[str, set[str]] = {}
        self.default_roles: set[str] = set()
        self.writes: list[str] = []
        self.mails: list[str] = []
        self.requests_sent = 0
        self.report_allowed = True
        self.several_organizations: set[str] = set()
        # One entry a create: "before" loses the request, "after" the answer, "503" is a server error after the fact.
        self.faults: list[str] = []

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_exception: object) -> None:
        return

    def _parts(self, path: str) -> list[str]:
        self.requests_sent += 1
        assert path.startswith(ORGANIZATION)
        return path[len(ORGANIZATION) :].strip("/").split("/")

    def get(self, path: str, params: Any = None) -> dict[str, Any]:
        parts = self._parts(path)
        if parts == [""]:
            return {"id": "o", "name": "Example", "status": "active"}
        if parts[1] not in self.users:
            raise NotFound("no such user", status=404)
        return dict(self.users[parts[1]])

    def pages(self, path: str, params: Any = None) -> Iterator[dict[str, Any]]:
        yield from list(self._list(self._parts(path)))

    def _list(self, parts: list[str]) -> Iterator[dict[str, Any]]:
        def named(items: dict[str, str], ids: Any = None) -> Iterator[dict[str, Any]]:
            return ({"id": key, "name": items[key]} for key in (items if ids is None else sorted(ids)))

        if parts == ["users"]:
            # The user of the grant that asks.
            yield {"id": "u0", "username": "admin@example.com", "email": "admin@example.com", "status": "active"}
            yield from (dict(user) for user in self.users.values())
        elif parts == ["roles"]:
            yield from named(self.organization_roles)
        elif parts == ["workspaces"]:
            yield from named(self.workspaces)
        elif parts == ["orgReportUsers"]:
            if not self.report_allowed:
                raise Refused("orgReportUsers was answered with 403", status=403)
            yield from (self._row(user) for user in self.users.values())
        elif parts[0] == "users":
            yield from named(self.organization_roles, self.held_organization.get(parts[1], set()) | {"1"})
        elif parts[2:] == ["roles"]:
            yield from named(self.roles)
        elif parts[2:] == ["groups"]:
            for group, name in self.groups.items():
                yield {"id": group, "name": name, "memberCount": len(self.members[parts[1], group])}
        elif parts[2:] == ["memberships"]:
            for membership, (workspace, user) in self.memberships.items():
                if workspace == parts[1]:
                    yield {"id": membership, "user": {"id": user}}
        elif parts[2] == "memberships":
            yield from named(self.roles, self.held[parts[3]])
        else:
            yield from ({"id": user} for user in self.members[parts[1], parts[3]])

    def _row(self, user: dict[str, Any]) -> dict[str, Any]:
        places = [
            {
                "id": workspace,
                "workspaceName": self.workspaces[workspace],
                "workspaceRoles": sorted(self.roles[role] for role in self.held[membership]),
            }
            for membership, (workspace, member) in self.memberships.items()
            if member == user["id"]
        ]
        roles = self.held_organization.get(user["id"], set())
        return {
            "id": user["id"],
            "attributes": {
                "userName": user["username"],
                "lastLogin": None,
                "licenses": [],
                "organizationRoles": sorted(
                    self.organization_roles[role].replace("Org ", "Organization ") for role in roles
                ),
                "workspaceMemberships": places,
            },
        }

    def modify(self, path: str, body: Any, *, repeatable: bool) -> None:
        parts = self._parts(path)
        self.writes.append("POST " + "/".join(parts))
        self.members[parts[1], parts[3]] |= set(body.get("toAdd", []))
        self.members[parts[1], parts[3]] -= set(body.get("toRemove", []))

    def create(self, path: str, body: Any) -> dict[str, Any]:
        parts = self._parts(path)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "before":
            raise AnswerLost("the connection was cut")
        answer = self._create(parts, body)
        if fault == "after":
            raise AnswerLost("the connection was cut")
        if fault == "503":
            raise Unreachable("503", status=503)
        return answer

    def _create(self, parts: list[str], body: Any) -> dict[str, Any]:
        self.writes.append("POST " + "/".join(parts))
        if parts == ["users"]:
            if any(user["username"].lower() == body["username"].lower() for user in self.users.values()):
                raise Refused("there is such a user", status=409)
            user = {"id": f"u{len(self.writes)}", "status": "suspended", **body}
            self.users[user["id"]] = user
            return dict(user)
        if (parts[1], body["user"]) in self.memberships.values():
            raise Refused("there is such a membership", status=409)
        membership = f"m{len(self.writes)}"
        self.memberships[membership] = (parts[1], body["user"])
        self.members[parts[1], "g0"].add(body["user"])
        self.held[membership] = set(self.default_roles)
        self.users[body["user"]]["status"] = "active"
        if body["options"]["sendWelcomeEmail"]:
            self.mails.append(body["user"])
        return {"id": membership}

    def submit(self, path: str, body: list[str]) -> None:
        parts = self._parts(path)
        self.writes.append("POST " + "/".join(parts))
        assert body, "nobody asks for nothing"
        held = self.held_organization.setdefault(parts[1], set()) if parts[0] == "users" else self.held[parts[3]]
        if parts[-1] == "assignment":
            held |= set(body)
        else:
            assert set(body) <= held
            held -= set(body)

    def patch(self, path: str, body: Any) -> dict[str, Any]:
        parts = self._parts(path)
        self.writes.append("PATCH " + "/".join(parts))
        for change in body:
            assert change["op"] == "replace"
            self.users[parts[1]][change["path"].strip("/")] = change["value"]
        return dict(self.users[parts[1]])

    def delete(self, path: str) -> None:
        parts = self._parts(path)
        self.writes.append("DELETE " + "/".join(parts))
        if parts[0] == "users":
            del self.users[parts[1]]
            return
        workspace, user = self.memberships.pop(parts[3])
        for members in (members for (place, _group), members in self.members.items() if place == workspace):
            members.discard(user)
        left = any(member == user for _workspace, member in self.memberships.values())
        if not left and user not in self.several_organizations:
            self.users[user]["status"] = "suspended"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    model = Api()
    for module in (_integration_users, _organization_info):
        monkeypatch.setattr(module, "Client", lambda _connection: model)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return model


def ask(core: Core, check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    validation = ArgumentSpecValidator(core.specification["argument_spec"]).validate({"region": "us", **arguments})
    assert validation.error_messages == []
    return core.run(validation.validated_parameters, Run(check_mode=check_mode))


def bring(*users: dict[str, Any], check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    return ask(_integration_users.CORE, check_mode, users=list(users), **arguments)


PAYROLL: dict[str, Any] = {
    "username": "payroll@example.com",
    "given_name": "Payroll",
    "family_name": "Roll",
    "sign_in": "password",
    "organization_roles": ["org user admin"],
    "workspaces": [
        {"name": "sec filing", "roles": ["PROFESSIONAL"], "groups": ["data LOADERS", "All Users"]},
        {"name": "ESG", "roles": ["Viewer"]},
    ],
}


@pytest.mark.parametrize("default_roles", [set(), {"7"}, {"2", "8"}])
def test_check_predicts_the_run_and_the_second_run_writes_nothing(api: Api, default_roles: set[str]) -> None:
    api.default_roles = default_roles
    predicted = bring(PAYROLL, check_mode=True)
    assert api.writes == []
    done = bring(PAYROLL)
    [before], [after] = predicted["users"], done["users"]
    assert before["steps"] == after["steps"]
    assert predicted["diff"] == done["diff"]
    assert predicted["changed"]
    assert done["changed"]
    assert after["status"] == "active"
    assert after["error"] is None
    [user] = api.users
    assert api.mails == [user]
    assert {api.memberships[membership]: roles for membership, roles in api.held.items()} == {
        ("w1", user): {"7"},
        ("w2", user): {"8"},
    }
    assert api.held_organization[user] == {"3"}
    written = list(api.writes)
    api.requests_sent = 0
    again = bring(PAYROLL)
    assert api.writes == written
    assert not again["changed"]
    assert again["users"][0]["steps"] == []
    assert again["diff"] == {"before": {}, "after": {}}
    # users, workspaces, report; roles and memberships of both, groups of one; one group; two memberships' roles;
    # the organization's roles and the user's.
    assert api.requests_sent == 3 + 4 + 1 + 1 + 2 + 2


def test_users_do_not_wait_for_each_other(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the platform carries out one user's change of roles, the others go on; one that fails stops its own user only."""
    ends: list[str] = []
    at_once = api.submit

    class Later:
        due = 0.0

        def __init__(self, path: str, body: list[str]) -> None:
            self.path, self.body, self.left = path, body, 2

        def ended(self) -> bool:
            self.left -= 1
            if self.left:
                return False
            ends.append(f"after {len(api.writes)} writes")
            if "/m2/" in self.path:
                raise OperationFailed("licence missing")
            at_once(self.path, self.body)
            return True

    monkeypatch.setattr(api, "submit", Later)
    places = [{"name": "SEC Filing", "roles": ["Professional"]}]
    names = ["one@example.com", "two@example.com", "three@example.com"]
    result = ask(
        _integration_users.CORE,
        users=[{"username": name, "workspaces": places} for name in names],
        on_item_error="report",
    )
    assert [user["username"] for user in result["users"]] == names
    assert [bool(user["error"]) for user in result["users"]] == [True, False, False]
    # Each was made and joined the workspace before the first change of roles came to its end.
    assert ends[0] == "after 6 writes"


def test_what_is_not_given_is_left_alone_and_reported(api: Api) -> None:
    bring(PAYROLL)
    written = list(api.writes)
    result = bring({"username": "PAYROLL@example.com"})
    assert api.writes == written
    assert [(item["kind"], item["workspace"], item["name"]) for item in result["users"][0]["surplus"]] == [
        ("organization_role", None, "Org User Admin"),
        ("workspace", "ESG", None),
        ("workspace", "SEC Filing", None),
    ]
    narrow = {"username": "payroll@example.com", "workspaces": [{"name": "SEC Filing"}, {"name": "ESG"}]}
    kinds = [item["kind"] for item in bring(narrow, surplus="full")["users"][0]["surplus"]]
    assert kinds == ["group", "organization_role", "role", "role"]
    assert api.writes == written


def test_where_the_report_is_refused_it_is_said_and_a_full_search_reads_all(api: Api) -> None:
    bring(PAYROLL)
    api.report_allowed = False
    [user] = bring({"username": "payroll@example.com"})["users"]
    assert user["surplus"] == []
    assert "403" in user["surplus_unknown"]
    [user] = bring({"username": "payroll@example.com"}, surplus="full")["users"]
    assert user["surplus_unknown"] is None
    assert {item["workspace"] for item in user["surplus"]} == {None, "SEC Filing", "ESG"}


def test_an_update_gives_takes_and_renames(api: Api) -> None:
    bring(PAYROLL)
    changed = {
        "username": "payroll-sync@example.com",
        "previous_username": "Payroll@example.com",
        "adopt": True,
        "email": "PAYROLL@example.com",
        "display_name": "Payroll",
        "organization_roles": [],
        "workspaces": [{"name": "SEC Filing", "roles": ["Viewer"], "groups": ["Editors"], "groups_mode": "exact"}],
    }
    steps = bring(changed, check_mode=True)["users"][0]["steps"]
    result = bring(changed)
    assert result["users"][0]["steps"] == steps
    assert steps == [
        "rename the user 'payroll@example.com' to 'payroll-sync@example.com', which may end the secrets of its grants",
        "set display_name to 'Payroll'",
        "give the role 'Viewer' in the workspace 'SEC Filing'",
        "take the role 'Professional' in the workspace 'SEC Filing'",
        "add to the group 'Editors' in the workspace 'SEC Filing'",
        "remove from the group 'Data loaders' in the workspace 'SEC Filing'",
        "take the organization role 'Org User Admin'",
    ]
    assert result["diff"]["before"]["payroll-sync@example.com"]["workspaces"] == {
        "SEC Filing": {"member": True, "roles": ["Professional"], "groups": ["Data loaders"]}
    }
    assert not bring(changed)["changed"]


@pytest.mark.parametrize("report_allowed", [True, False])
def test_absent_takes_all_access_and_keeps_the_user(api: Api, report_allowed: bool) -> None:
    bring(PAYROLL)
    api.report_allowed = report_allowed
    gone = {"username": "payroll@example.com", "state": "absent", "adopt": True}
    predicted = bring(gone, check_mode=True)["users"][0]["steps"]
    [user] = bring(gone)["users"]
    assert user["steps"] == predicted
    assert len(predicted) == 5
    assert user["status"] == "suspended"
    assert not api.memberships
    assert len(api.users) == 1
    assert not bring(gone)["changed"]
    delete = {**gone, "delete": True}
    assert bring(delete)["users"][0]["steps"] == ["delete the user 'payroll@example.com' from the organization"]
    assert not api.users
    assert not bring(delete)["changed"]


def test_a_user_of_several_organizations_stays_active_and_it_is_said(api: Api) -> None:
    bring(PAYROLL)
    api.several_organizations = set(api.users)
    [user] = bring({"username": "payroll@example.com", "state": "absent", "adopt": True})["users"]
    assert user["status"] == "active"
    assert "several organizations" in user["notes"][0]


def test_one_bad_user_stops_no_other(api: Api) -> None:
    bad: list[dict[str, Any]] = [
        {"username": "a@example.com", "workspaces": [{"name": "SEC Filling"}]},
        {"username": "b@example.com", "workspaces": [{"name": "ESG", "roles": ["Proffesional"]}]},
        {"username": "c@example.com", "workspaces": [{"name": "ESG", "groups": ["Loaders"]}]},
        {"username": "d@example.com", "organization_roles": ["Org Admin"]},
        {"username": "e"},
    ]
    result = bring(*bad, PAYROLL, on_item_error="report")
    assert [user["error"]["code"] for user in result["users"][:5]] == ["unknown_name"] * 4 + ["missing_email"]
    assert "nearest first: 'SEC Filing', 'ESG'" in result["users"][0]["error"]["msg"]
    assert result["users"][5]["error"] is None
    assert not result.get("failed")
    assert len(api.users) == 1
    failed = bring(*bad, PAYROLL)
    assert failed["failed"]
    assert failed["msg"].startswith("5 of 6 users could not be brought to what is declared: a@example.com: Unknown")


@pytest.mark.parametrize("faults", [["after"], ["before"], ["before", "after"], ["503"], ["", "after"], ["", "503"]])
def test_no_fault_makes_a_second_user_or_membership(api: Api, faults: list[str]) -> None:
    api.faults = list(faults)
    result = bring(PAYROLL)
    assert result["users"][0]["error"] is None
    assert len(api.users) == 1
    assert len(api.memberships) == 2
    assert not bring(PAYROLL)["changed"]


def test_a_create_that_stays_lost_is_an_error_and_the_next_run_goes_on(api: Api) -> None:
    api.faults = ["before"] * 3
    failed = bring(PAYROLL)
    assert failed["failed"]
    assert failed["users"][0]["steps"] == []
    assert not failed["changed"]
    api.faults = ["", "before", "before", "before"]
    halfway = bring(PAYROLL)
    assert halfway["users"][0]["steps"] == ["create the user 'payroll@example.com'"]
    assert halfway["changed"]
    assert not bring(PAYROLL).get("failed")
    assert len(api.mails) == 1, (
        "the welcome mail comes with the first membership, also when the run before was cut short"
    )
    assert not bring(PAYROLL)["changed"]


def test_a_wrong_declaration_sends_nothing_and_names_every_problem(api: Api) -> None:
    with pytest.raises(InvalidArgument) as raised:
        bring(
            {"username": "a@example.com", "workspaces": [{"name": "ESG"}, {"name": "esg"}]},
            {"username": "A@example.com ", "delete": True},
            {"username": "b@example.com", "previous_username": "a@EXAMPLE.com"},
        )
    message = str(raised.value)
    assert message.count("is declared twice") == 2
    assert "has the workspace 'esg' twice" in message
    assert "delete: true without state: absent" in message
    assert api.requests_sent == 0


@pytest.mark.parametrize("report_allowed", [True, False])
def test_info_tells_the_same_access_with_and_without_the_report(api: Api, report_allowed: bool) -> None:
    bring(PAYROLL)
    api.report_allowed = report_allowed
    info = ask(_organization_info.CORE)
    [user] = [user for user in info["users"] if user["id"] != "u0"]
    source = "report" if report_allowed else "read"
    assert user["workspaces"] == [
        {"name": "ESG", "roles": ["Viewer"], "roles_source": source, "groups": ["All Users"]},
        {
            "name": "SEC Filing",
            "roles": ["Professional"],
            "roles_source": source,
            "groups": ["All Users", "Data loaders"],
        },
    ]
    assert "Org User Admin" in user["organization_roles"]
    assert user["organization_roles_source"] == source
    [named] = ask(_organization_info.CORE, users=[PAYROLL["username"]])["users"]
    assert [place["roles_source"] for place in named["workspaces"]] == ["read", "read"]
    assert named["organization_roles_source"] == "read"
    assert (info["report_refused"] is None) == report_allowed
    assert user["licenses"] == ([] if report_allowed else None)
    assert not user["looks_like_integration"]
    assert info["organization"] == {"id": "o", "name": "Example", "status": "active"}
    assert [workspace["name"] for workspace in info["workspaces"]] == ["ESG", "SEC Filing"]
    assert {"id": "g1", "name": "Data loaders", "member_count": 1} in info["workspaces"][1]["groups"]


def test_info_reads_what_it_is_asked_for_and_guesses_by_words(api: Api) -> None:
    bring({"username": "svc-ledger@example.com"}, {"username": "anna.k@systems.example.com"})
    api.requests_sent = 0
    info = ask(_organization_info.CORE, gather=["users"])
    assert api.requests_sent == 2
    assert info["workspaces"] is None
    assert {user["username"]: user["looks_like_integration_reason"] for user in info["users"]} == {
        "admin@example.com": None,
        "anna.k@systems.example.com": None,
        "svc-ledger@example.com": "its username holds the word 'svc', and the report shows no sign-in",
    }
    [user] = ask(_organization_info.CORE, users=["ANNA.k@systems.example.com", "nobody@example.com"])["users"]
    assert user["username"] == "anna.k@systems.example.com"


def test_a_user_of_another_organization_is_taken_in_by_its_id_and_brought_to_the_declaration(api: Api) -> None:
    jane = {"id": "u-jane", "username": "jane@example.com", "givenName": "Jane", "status": "active"}
    elsewhere = {"u-jane": jane}
    create = api._create

    def assign(parts: list[str], body: Any) -> dict[str, Any]:
        if parts != ["users", "assignment"]:
            return create(parts, body)
        api.writes.append("POST users/assignment")
        if body["user"] not in elsewhere:
            raise NotFound("no such user", status=404)
        api.users["u-jane"] = elsewhere.pop("u-jane")
        return dict(api.users["u-jane"])

    api._create = assign  # type: ignore[method-assign]
    declared = {**PAYROLL, "username": "jane@example.com", "id": "u-jane"}
    [checked] = bring(declared, check_mode=True)["users"]
    first = "take the user 'jane@example.com' (id u-jane), who is in another organization, into this one"
    assert checked["steps"][0] == first
    assert api.writes == []
    api.faults = ["after"]
    [done] = bring(declared)["users"]
    assert done["error"] is None
    assert done["id"] == "u-jane"
    # What its fields are can only be read afterwards.
    assert done["steps"] == [first, "set family_name to 'Roll', given_name to 'Payroll'", *checked["steps"][1:]]
    assert api.writes.count("POST users/assignment") == 1
    written = list(api.writes)
    assert not bring(declared)["changed"]
    assert api.writes == written
    [other] = bring({**declared, "username": "other@example.com"})["users"]
    assert other["error"]["code"] == "other_username"
    [wrong] = bring({**declared, "id": "u-nobody"})["users"]
    assert wrong["error"]["code"] == "other_id"
    assert api.writes == written


def test_a_username_that_another_organization_has_leads_to_the_id(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(parts: list[str], body: Any) -> dict[str, Any]:
        raise Refused("A user with this username exists", status=409)

    monkeypatch.setattr(api, "_create", taken)
    [result] = bring(PAYROLL)["users"]
    assert "declare its id" in result["error"]["msg"]


def test_a_suspended_user_is_explained_by_where_it_is_a_member(api: Api) -> None:
    bring(PAYROLL)
    [user] = api.users
    api.users[user]["status"] = "suspended"
    [result] = bring(PAYROLL)["users"]
    assert "although it is in a workspace: a person" in result["notes"][0]
    [told] = [told for told in ask(_organization_info.CORE)["users"] if told["id"] != "u0"]
    assert told["suspended_because"] == result["notes"][0]
    api.memberships.clear()
    [result] = bring({"username": PAYROLL["username"]})["users"]
    assert "suspended and in no workspace" in result["notes"][0]
    [told] = [told for told in ask(_organization_info.CORE)["users"] if told["id"] != "u0"]
    assert told["suspended_because"] == result["notes"][0]
    api.users[user]["status"] = "active"
    [told] = [told for told in ask(_organization_info.CORE)["users"] if told["id"] != "u0"]
    assert told["suspended_because"] is None
