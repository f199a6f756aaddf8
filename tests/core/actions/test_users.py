# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions integration_users, organization_info and file_permissions in this process, against the simulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests._declared import GONE, PAYROLL, STEPS
from tests._organization import Organization
from tests.core._actions import Actions
from workiva_simulator import rules


@dataclass
class Runner:
    """Runs the actions with the connection of the organization."""

    organization: Organization
    actions: Actions

    def task(self, name: str, check: bool = False, diff: bool = False, **arguments: Any) -> dict[str, Any]:
        given = {**self.organization.connection, **arguments}
        return self.actions(name, given, check_mode=check, diff=diff)

    def users(self, *users: dict[str, Any], **rest: Any) -> dict[str, Any]:
        return self.task("integration_users", users=list(users), **rest)

    def info(self, **rest: Any) -> dict[str, Any]:
        return self.task("organization_info", **rest)


@pytest.fixture
def runner(organization: Organization, actions: Actions) -> Runner:
    return Runner(organization, actions)


def test_integration_users_names_missing_and_wrong_arguments(runner: Runner) -> None:
    assert "users" in runner.task("integration_users")["msg"]
    twice = runner.users({"username": "a@example.com"}, {"username": "A@example.com"})
    assert twice["failed"]
    assert "declared twice" in twice["msg"]
    assert twice["error"]["kind"] == "InvalidArgument"
    unknown = runner.info(workspaces=["SEC Filling"])
    assert "nearest first: 'SEC Filing'" in unknown["msg"]


def test_integration_users_goes_on_after_a_bad_user(runner: Runner) -> None:
    bad = {"username": "bad@example.com", "workspaces": [{"name": "SEC Filing", "roles": ["Proffesional"]}]}
    reported = runner.users(bad, PAYROLL, on_item_error="report")
    assert not reported.get("failed")
    assert reported["users"][0]["error"]["code"] == "unknown_name"
    assert "nearest first: 'Professional'" in reported["users"][0]["error"]["msg"]
    assert reported["users"][0]["steps"] == []
    assert reported["users"][1]["steps"] == STEPS
    failed = runner.users(bad, PAYROLL)
    assert failed["failed"]
    assert failed["msg"].startswith("1 of 2 users")
    assert "bad@example.com" in failed["msg"]
    assert [user["username"] for user in runner.info(gather=["users"])["users"]].count("bad@example.com") == 0


def test_integration_users_reports_a_user_of_several_organizations_as_active(runner: Runner) -> None:
    runner.users(PAYROLL)
    runner.organization.belongs_elsewhere(PAYROLL["username"])
    [user] = runner.users(GONE)["users"]
    assert user["status"] == "active"
    assert "several organizations" in user["notes"][0]


@pytest.mark.parametrize(
    ("switch", "answer"),
    [
        ("default_roles", "Viewer"),
        ("new_user_status", "active"),
        ("next_link", "path"),
        ("accepted_body", "operationLocation"),
        ("report_role_names", "short"),
        ("deleted_user", "keeps"),
        ("user_fields", "all"),
        ("token_form", "opaque"),
    ],
)
def test_integration_users_is_idempotent_whatever_the_platform_answers(
    organization: Organization, runner: Runner, switch: str, answer: str
) -> None:
    organization.switch(switch, answer)
    predicted = runner.users(PAYROLL, check=True)
    done = runner.users(PAYROLL)
    assert predicted["users"][0]["steps"] == done["users"][0]["steps"] == STEPS
    assert not runner.users(PAYROLL)["changed"]
    if switch in ("new_user_status", "deleted_user"):
        runner.users({**GONE, "delete_user": True})
        assert not runner.users({**GONE, "delete_user": True})["changed"]
        assert organization.count("membership", user=done["users"][0]["id"]) == 0


def test_integration_users_finishes_a_failed_operation_in_the_next_run(
    organization: Organization, runner: Runner
) -> None:
    organization.fault("operation_fails:method=POST,path=*/roles/assignment")
    failed = runner.users(PAYROLL)
    assert failed["failed"]
    assert failed["changed"]
    [user] = failed["users"]
    assert user["error"]["kind"] == "OperationFailed"
    assert user["steps"] == STEPS[:2]
    finished = runner.users(PAYROLL)
    assert finished["users"][0]["error"] is None
    assert not runner.users(PAYROLL)["changed"]


def test_file_permissions_predicts_gives_changes_and_takes_permissions(runner: Runner) -> None:
    """Check, give, idempotence, change, exact, take away, take away again; by a grant for files, and by one that finds names."""
    organization, state = runner.organization, runner.organization.state
    (file,) = state.all("file")
    automation = rules.user_by_name(state, "workiva-automation@example.com") or {}
    owner = {"permission": rules.permission_id("Owner"), "principal": automation["id"]}
    (workspace,) = state.all("workspace", name="SEC Filing")
    fields = {"client_name": "files", "username": automation["username"], "expires": "2999-12-31"}
    scopes = ["file:read", "file:write", "organization:read"]
    with state.transaction():
        state.put("file", {**file, "permissions": [*file["permissions"], owner]})
        grant, secret = rules.create_grant(state, {**fields, "workspace": workspace["id"], "scopes": scopes})
    organization.connection.update(client_id=grant["client_id"], client_secret=secret)

    def bring(permission: str | None = "viewer", exclusive: bool = False, **how: Any) -> dict[str, Any]:
        state = "present" if permission else "absent"
        olivia = {"user": "Olivia.Admin@example.com", "permission": permission, "state": state}
        loaders = {"group": "data loaders", "permission": "Viewer"}
        people = [{"user": name, "permission": "Owner"} for name in (automation["username"], "anna.k@example.com")]
        wanted = {
            "file": file["id"],
            "workspace": "sec filing",
            "permissions": [olivia, loaders, *people],
            "exclusive": exclusive,
        }
        return runner.task("file_permissions", files=[wanted], **how)

    def held() -> list[tuple[str, str]]:
        [found] = state.all("file")
        names = {
            **{user["id"]: user["username"] for user in state.all("user")},
            **{g["id"]: g["name"] for g in state.all("group")},
        }
        pairs = [
            (names[item["principal"]], rules.PERMISSION_NAMES[item["permission"]]) for item in found["permissions"]
        ]
        return sorted(pair for pair in pairs if pair[1] != "Owner")

    predicted = bring(check=True, diff=True)
    assert held() == []
    done = bring(diff=True)
    steps = ["give Viewer to the user 'Olivia.Admin@example.com'", "give Viewer to the group 'data loaders'"]
    assert predicted["files"][0]["steps"] == done["files"][0]["steps"] == steps
    assert predicted["diff"] == done["diff"]
    assert held() == [("Data loaders", "Viewer"), ("olivia.admin@example.com", "Viewer")]
    assert not bring()["changed"]
    assert not bring(check=True)["changed"]
    changed = bring("Editor")
    assert changed["files"][0]["steps"] == [
        "give Editor to the user 'Olivia.Admin@example.com' in place of Viewer",
    ]
    assert changed["files"][0]["excess_access"] == []
    (all_users,) = state.all("group", workspace=workspace["id"], name="All Users")
    [now] = state.all("file")
    name = "auditor@example.com"
    auditor = rules.create_user(
        state, {"username": name, "email": name, "givenName": "A", "familyName": "B", "displayName": name}
    )
    viewer = rules.permission_id("Viewer")
    extra = [{"permission": viewer, "principal": one["id"]} for one in (all_users, auditor)]
    state.put("file", {**now, "permissions": [*now["permissions"], *extra]})
    undeclared = bring("Editor")["files"][0]["excess_access"]
    assert {one["name"] for one in undeclared} == {"All Users", name}
    removed = bring("Editor", exclusive=True)["files"][0]["steps"]
    assert f"remove Viewer from the user '{name}'" in removed
    assert ("All Users", "Viewer") not in held()
    assert bring(None)["changed"]
    assert held() == [("Data loaders", "Viewer")]
    assert not bring(None)["changed"]
    refused = runner.task("file_permissions", files=[{"file": file["id"], "permissions": [{"permission": "Viewer"}]}])
    assert refused["failed"]
    assert "one of the following is required: user, group" in refused["msg"]
