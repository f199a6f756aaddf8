# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core comes to the same end whatever the answers to open questions are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import CORE as CHECK
from ansible_collections.integrations.workiva.plugins.module_utils._organization.users import CORE as USERS
from tests._organization import Organization, administrator_credentials
from workiva_simulator import rules, seed
from workiva_simulator.switches import SWITCHES

RunCore = Callable[..., dict[str, Any]]
PAYROLL: dict[str, Any] = {
    "username": "payroll-sync@example.com",
    "email": "payroll-sync@example.com",
    "given_name": "Payroll",
    "family_name": "Sync (integration)",
    "sign_in": "password",
    "organization_roles": ["Org User Admin"],
    "workspaces": [{"name": "SEC Filing", "roles": ["Professional"]}],
}
# What a user's access depends on.
ABOUT_USERS = ("display_name", "new_user_mail", "user_fields", "report_rows", "role_ids", "suspended_user")


def answers(*names: str) -> list[tuple[str, str]]:
    return [(name, answer) for name in names for answer in SWITCHES[name].answers]


def answer_question(organization: Organization, name: str, answer: str) -> None:
    """The organization of the start, under that answer: some answers count when it is planted."""
    organization.switch(name, answer)
    seed.reset(organization.state)
    organization.connection.update(administrator_credentials(organization.state))


@pytest.mark.parametrize(("name", "answer"), answers(*ABOUT_USERS))
def test_user_is_created_once_under_every_answer(
    organization: Organization, run_core: RunCore, name: str, answer: str
) -> None:
    answer_question(organization, name, answer)
    assert run_core(USERS, {"users": [PAYROLL]}, check_mode=True)["changed"]
    (created,) = run_core(USERS, {"users": [PAYROLL]})["users"]
    assert created["error"] is None
    (user,) = organization.state.all("user", username=PAYROLL["username"])
    roles = {role["id"]: role["name"] for role in organization.state.all("org_role")}
    assert [roles[role] for role in user["roles"]] == ["Org User Admin"]
    assert set(organization.mails()) == {user["id"]}
    again = run_core(USERS, {"users": [PAYROLL]})
    assert (again["changed"], again["users"][0]["error"]) == (False, None)


def refused(organization: Organization, cause: str) -> dict[str, str]:
    """Credentials that the token endpoint refuses for that cause."""
    credentials = organization.create_grant(ip_allowlist=["203.0.113.7"] if cause == "address" else [])
    if cause == "wrong_secret":
        return {**credentials, "client_secret": "wk_secret:oa2c:aaaaaaaaaaaaaaaaaaaa"}
    if cause == "unknown_client":
        organization.delete_grant(credentials["client_id"])
    if cause == "expired":
        organization.change_grant(credentials["client_id"], expires="2001-01-01")
    return credentials


@pytest.mark.parametrize(("name", "answer"), answers("token_cause", "token_error"))
@pytest.mark.parametrize("cause", ["unknown_client", "wrong_secret", "expired", "address"])
def test_refused_credentials_are_rejected_under_every_answer(
    organization: Organization, run_core: RunCore, name: str, answer: str, cause: str
) -> None:
    answer_question(organization, name, answer)
    result = run_core(CHECK, refused(organization, cause))
    assert (result["finding"], result["accepted"]) == ("rejected", False)


@pytest.mark.parametrize(("answer", "finding"), [("refused", "rejected"), ("accepted", "ok")])
def test_credentials_of_a_suspended_user_have_the_finding_of_the_answer(
    organization: Organization, run_core: RunCore, answer: str, finding: str
) -> None:
    answer_question(organization, "suspended_user", answer)
    credentials = organization.create_grant(username="anna.k@example.com", scopes=["file:read"])
    (anna,) = organization.state.all("user", username="anna.k@example.com")
    (membership,) = organization.state.all("membership", user=anna["id"])
    rules.delete_membership(organization.state, membership)
    assert run_core(CHECK, credentials)["finding"] == finding


@pytest.mark.parametrize(("answer", "finding"), [("shown", "drifted"), ("not_shown", "ok"), ("not_found", "no_access")])
def test_file_in_the_trash_has_the_finding_of_its_state(
    organization: Organization, run_core: RunCore, answer: str, finding: str
) -> None:
    answer_question(organization, "file_state", answer)
    credentials = organization.create_grant(username="anna.k@example.com", scopes=["file:read"])
    (file,) = organization.state.all("file")
    (before,) = run_core(CHECK, {**credentials, "files": [file["id"]]})["files"]
    organization.state.put("file", {**file, "trashed": True})
    (after,) = run_core(CHECK, {**credentials, "files": [file["id"]]})["files"]
    assert (before["finding"], after["finding"]) == ("ok", finding)
