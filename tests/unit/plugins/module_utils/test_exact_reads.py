# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Only exact reads decide on access: the report may be null, late or wrong, and a missing field is no empty one."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api import session as _session
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import Run
from ansible_collections.integrations.workiva.plugins.module_utils._errors import Unreachable, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._organization import information as _information
from ansible_collections.integrations.workiva.plugins.module_utils._organization.users import run

from .conftest import Answer, Request, Server

O = "/organizations/o"  # noqa: E741 - as in the contract's paths
USERNAME = "payroll-sync@example.com"
USER = {"id": "u1", "username": USERNAME, "email": USERNAME, "status": "active"}
ADMIN = {"id": "u0", "username": "admin@example.com", "status": "active"}
WORKSPACES = {"w1": "Payroll", "w2": "Ledger"}


class Acme:
    """An organization of two workspaces whose report says what a test wants. C(unread): workspaces whose memberships are
    refused; C(deaf): removals are answered as done and not carried out."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.members = {"w1": {"u1"}, "w2": {"u1"}}
        self.users = [ADMIN, USER]
        self.report: list[dict[str, Any]] = []
        self.unread: set[str] = set()
        self.deaf = False
        self.mails: list[bool] = []
        self.changed: dict[str, Any] = {}
        server.answer = self.answer

    def lists(self) -> dict[str, list[dict[str, Any]]]:
        return {
            f"{O}/users": self.users,
            f"{O}/users/u0/roles": [],
            f"{O}/users/u1/roles": [],
            f"{O}/roles": [{"id": "3", "name": "Org User Admin"}],
            f"{O}/orgReportUsers": self.report,
            f"{O}/workspaces": [{"id": key, "name": name} for key, name in WORKSPACES.items()],
            **{
                f"{O}/workspaces/{key}/memberships": [{"id": f"m-{key}", "user": {"id": user}} for user in users]
                for key, users in self.members.items()
            },
            **{f"{O}/workspaces/{key}/memberships/m-{key}/roles": [] for key in WORKSPACES},
            **{f"{O}/workspaces/{key}/roles": [{"id": "v", "name": "Viewer"}] for key in WORKSPACES},
            **{f"{O}/workspaces/{key}/groups": [{"id": "g", "name": "Loaders"}] for key in WORKSPACES},
            **{f"{O}/workspaces/{key}/groups/g/members": [{"id": "u1"}] for key in WORKSPACES},
        }

    def answer(self, request: Request) -> Answer:
        path = request.path.split("?")[0]
        parts = path.split("/")
        if request.method == "DELETE":
            if not self.deaf:
                self.members[parts[4]].discard("u1") if len(parts) > 5 else self.users.remove(USER)
            return Answer(204)
        if request.method == "POST":
            self.mails.append('"sendWelcomeEmail": true' in request.body)
            self.members[parts[4]].add("u1")
            return Answer(201, {"id": f"m-{parts[4]}"})
        if path == f"{O}/users/u1" and USER in self.users:
            return Answer(200, USER)
        if path in {f"{O}/workspaces/{key}/memberships" for key in self.unread}:
            return Answer(403, {"code": "403Forbidden", "message": "not for you"})
        found = {**self.lists(), **self.changed}.get(path)
        return Answer(404, {"code": "404NotFound"}) if found is None else Answer(200, {"data": found})

    def run(self, check: bool = False, excess_access: str = "report", **user: Any) -> dict[str, Any]:
        """The result of one user."""
        wanted = {
            "username": USERNAME,
            "state": "present",
            "delete_user": False,
            "workspaces": [],
            "adopt": True,
            **user,
        }
        more = {"users": [wanted], "excess_access": excess_access, "on_item_error": "report"}
        result: dict[str, Any] = run(self.server.arguments(retries=0, **more), Run(check_mode=check))["users"][0]
        return result

    def information(self, **more: Any) -> dict[str, Any]:
        """What organization_info shows of the user."""
        asked = {"gather": ["users", "memberships"], "workspaces": None, "users": None, **more}
        users = _information.run(self.server.arguments(retries=0, **asked), Run())["users"]
        result: dict[str, Any] = next(user for user in users if user["id"] == "u1")
        return result


@pytest.fixture
def acme(server: Server, monkeypatch: pytest.MonkeyPatch) -> Acme:
    monkeypatch.setattr(_session, "_backoff", lambda attempt: 0.0)
    return Acme(server)


def row(attributes: Any) -> list[dict[str, Any]]:
    return [{"id": "u1", "type": "orgReportUser", "attributes": attributes}]


def shown(*workspaces: tuple[str, str]) -> list[dict[str, Any]]:
    places = [{"id": key, "workspaceName": name, "workspaceRoles": []} for key, name in workspaces]
    return row({"workspaceMemberships": places, "organizationRoles": []})


REPORTS = {
    "no row": [],
    "attributes null": row(None),
    "memberships null": row({"workspaceMemberships": None, "organizationRoles": None}),
    "memberships missing": row({}),
    "none": row({"workspaceMemberships": [], "organizationRoles": []}),
    "one of two": shown(("w1", "Payroll")),
    "other ids": shown(("77", "Payroll ")),
    "all": shown(("w1", "Payroll"), ("w2", "Ledger")),
    "in another form": row("a word"),
}


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("delete", [False, True])
def test_a_user_that_leaves_loses_every_membership_whatever_the_report_shows(
    acme: Acme, report: str, delete: bool
) -> None:
    acme.report = REPORTS[report]
    predicted = acme.run(check=True, state="absent", delete_user=delete)
    assert predicted["gone"] is False
    done = acme.run(state="absent", delete_user=delete)
    assert done["steps"] == predicted["steps"]
    assert (done["error"], done["gone"]) == (None, True)
    assert acme.members == {"w1": set(), "w2": set()}
    assert (USER in acme.users) != delete
    again = acme.run(state="absent", delete_user=delete)
    assert (again["changed"], again["error"], again["gone"]) == (False, None, True)


def test_a_user_that_is_still_a_member_after_its_removal_is_not_gone(acme: Acme) -> None:
    acme.deaf = True
    result = acme.run(state="absent")
    assert result["gone"] is False
    assert "still a member of the workspace 'Payroll' and a member of the workspace 'Ledger'" in result["error"]["msg"]
    assert "The departure is not recorded" in result["error"]["msg"]


def test_workspaces_that_cannot_be_read_leave_it_unknown_and_the_user_is_not_deleted(acme: Acme) -> None:
    acme.unread = {"w2"}
    for check in (True, False):
        result = acme.run(check=check, state="absent", delete_user=True)
        assert result["steps"] == ["remove from the workspace 'Payroll'"]
        assert "still a member of the workspace 'Ledger' is unknown" in result["error"]["msg"]
        assert "403Forbidden" in result["error"]["msg"]
    assert result["gone"] is None
    assert acme.members == {"w1": set(), "w2": {"u1"}}
    assert USER in acme.users
    acme.unread = set()
    assert acme.run(state="absent", delete_user=True)["gone"] is True
    assert acme.members["w2"] == set()


def test_a_user_that_a_shifted_page_hides_is_not_gone(acme: Acme) -> None:
    pages = [[ADMIN], [ADMIN, USER]]
    answer = acme.answer

    def shifting(request: Request) -> Answer:
        if request.path.split("?")[0] == f"{O}/users" and pages:
            return Answer(200, {"data": pages.pop(0)})
        return answer(request)

    acme.server.answer = shifting
    assert acme.run(state="absent")["gone"] is True
    assert acme.members == {"w1": set(), "w2": set()}


@pytest.mark.parametrize("report", REPORTS)
def test_a_welcome_mail_goes_to_a_user_without_any_membership_only(acme: Acme, report: str) -> None:
    acme.report = REPORTS[report]
    acme.members["w1"] = set()
    acme.run(welcome_email=True, workspaces=[place("Payroll")])
    assert acme.mails == [False]  # it is in Ledger
    acme.members.update(w1=set(), w2=set())
    acme.run(welcome_email=True, workspaces=[place("Payroll")])
    assert acme.mails == [False, True]


def test_unknown_memberships_send_no_welcome_mail_and_are_reported(acme: Acme) -> None:
    acme.members.update(w1=set(), w2=set())
    acme.unread = {"w2"}
    result = acme.run(welcome_email=True, workspaces=[place("Payroll")])
    assert acme.mails == [False]
    assert "No welcome e-mail" in result["notes"][0]


def place(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "roles": None, "groups": None, "exclusive": False, **more}


@pytest.mark.parametrize("report", REPORTS)
def test_the_reason_of_a_suspension_comes_from_the_memberships(acme: Acme, report: str) -> None:
    acme.report = REPORTS[report]
    acme.users = [ADMIN, {**USER, "status": "suspended"}]
    assert "although it is in a workspace" in acme.run()["notes"][0]
    acme.members.update(w1=set(), w2=set())
    assert "suspended and in no workspace" in acme.run()["notes"][0]
    acme.unread = {"w1"}
    assert "reason is unknown" in acme.run()["notes"][0]


@pytest.mark.parametrize(
    ("report", "why"),
    [
        ("no row", "does not name this user"),
        ("attributes null", "does not show the workspaces"),
        ("memberships null", "does not show the workspaces"),
        ("memberships missing", "does not show the workspaces"),
        ("none", "'Payroll', so it may be out of date"),
        ("in another form", "attributes is not an object"),
        ("one of two", "did not look for undeclared access in all workspaces. It read the report"),
        ("other ids", "did not look for undeclared access in all workspaces. It read the report"),
        ("all", "did not look for undeclared access in all workspaces. It read the report"),
    ],
)
def test_undeclared_access_is_unknown_where_only_the_report_was_read(acme: Acme, report: str, why: str) -> None:
    acme.report = REPORTS[report]
    assert why in acme.run(workspaces=[place("Payroll")])["excess_access_unknown"]
    assert acme.run(workspaces=[place("Payroll")], excess_access="none")["excess_access_unknown"] is None
    acme.server.requests.clear()
    full = acme.run(workspaces=[place("Payroll")], excess_access="full")
    assert [item["workspace"] for item in full["excess_access"] if item["kind"] == "workspace"] == ["Ledger"]
    assert full["excess_access_unknown"] is None
    assert not acme.server.sent(f"{O}/orgReportUsers")


def test_full_search_names_the_workspace_that_it_could_not_read(acme: Acme) -> None:
    acme.unread = {"w2"}
    full = acme.run(workspaces=[place("Payroll")], excess_access="full")
    assert full["error"] is None
    assert full["excess_access_unknown"].startswith("The memberships of the workspace 'Ledger' could not be read: ")
    assert "403Forbidden" in full["excess_access_unknown"]


def test_an_empty_list_of_users_creates_nobody(acme: Acme) -> None:
    acme.users = []
    with pytest.raises(Unreachable, match="no user at all"):
        acme.run(workspaces=[place("Payroll")])
    assert acme.mails == []


def test_a_user_without_a_username_may_be_the_one_that_is_declared(acme: Acme) -> None:
    acme.users = [ADMIN, {"id": "u7", "username": None}]
    for state in ("present", "absent"):
        result = acme.run(state=state)
        assert "without the username of 1 of its users (id u7)" in result["error"]["msg"]
        assert (result["steps"], result["gone"]) == ([], None)


# The lists that hold something, the report among them.
LISTS = [
    *(path for path, items in Acme(Server(0, "")).lists().items() if items),
    f"{O}/orgReportUsers",
]


@pytest.mark.parametrize("path", LISTS)
def test_a_missing_field_is_named_with_its_path(acme: Acme, path: str) -> None:
    items = row({}) if path.endswith("orgReportUsers") else acme.lists()[path]
    declared = [place("Payroll", roles=["Viewer"], groups=["Loaders"], exclusive=True)]
    for key in items[0]:
        for value in ("gone", None, "a word", 7, [], {}, True):
            item = copy.deepcopy(items[-1])
            item.pop(key)
            if value != "gone":
                item[key] = value
            acme.changed = {path: [*items[:-1], item]}
            acme.server.requests.clear()
            acme.server.tokens = 0  # each run has the same token: a message is searched for every secret that is known
            try:
                result = acme.run(
                    check=True, excess_access="full", organization_roles=["Org User Admin"], workspaces=declared
                )
            except WorkivaError as error:
                result = {"error": {"msg": str(error)}, "id": None}
            assert result["id"] != "None"
            needed = key in ("id", "user") and not path.endswith("orgReportUsers")
            if needed and value in ("gone", None) and acme.server.sent(path):
                said = result["error"]["msg"] if result["error"] else result["excess_access_unknown"]
                assert f"GET {path}" in said
                assert key in said


@pytest.mark.parametrize("report", REPORTS)
def test_information_about_memberships_comes_from_the_workspaces_whatever_the_report_shows(
    acme: Acme, report: str
) -> None:
    acme.report = REPORTS[report]
    acme.changed = {f"{O}/workspaces/w1/memberships/m-w1/roles": [{"id": "v", "name": "Viewer"}]}
    found = acme.information()
    assert [one["name"] for one in found["workspaces"]] == ["Ledger", "Payroll"]
    for one in found["workspaces"]:
        read = one["roles_source"] == "read"
        assert one["roles"] == (["Viewer"] if read and one["name"] == "Payroll" else [])
    exact = acme.information(users=[USERNAME])
    assert [(one["roles"], one["roles_source"]) for one in exact["workspaces"]] == [([], "read"), (["Viewer"], "read")]
    assert exact["organization_roles_source"] == "read"


def test_information_does_not_show_a_membership_that_only_a_late_report_has(acme: Acme) -> None:
    acme.report = REPORTS["all"]
    acme.members["w2"] = set()
    assert [one["name"] for one in acme.information()["workspaces"]] == ["Payroll"]
