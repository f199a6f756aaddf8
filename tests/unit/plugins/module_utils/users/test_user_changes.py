# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The users against a model of the API in memory: what a run creates, changes and takes away."""

from __future__ import annotations

import pytest

from tests.unit.plugins.module_utils.users._model import PAYROLL, Api, bring


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


def test_what_is_not_given_is_left_alone_and_reported(api: Api) -> None:
    bring(PAYROLL)
    written = list(api.writes)
    result = bring({"username": "PAYROLL@example.com"})
    assert api.writes == written
    assert [(item["kind"], item["workspace"], item["name"]) for item in result["users"][0]["excess_access"]] == [
        ("organization_role", None, "Org User Admin"),
        ("workspace", "ESG", None),
        ("workspace", "SEC Filing", None),
    ]
    narrow = {"username": "payroll@example.com", "workspaces": [{"name": "SEC Filing"}, {"name": "ESG"}]}
    kinds = [item["kind"] for item in bring(narrow, excess_access="full")["users"][0]["excess_access"]]
    assert kinds == ["group", "organization_role", "role", "role"]
    assert api.writes == written


def test_refused_report_is_noted_and_a_full_search_reads_all(api: Api) -> None:
    bring(PAYROLL)
    api.report_allowed = False
    [user] = bring({"username": "payroll@example.com"})["users"]
    assert user["excess_access"] == []
    assert "403" in user["excess_access_unknown"]
    [user] = bring({"username": "payroll@example.com"}, excess_access="full")["users"]
    assert user["excess_access_unknown"] is None
    assert {item["workspace"] for item in user["excess_access"]} == {None, "SEC Filing", "ESG"}


def test_an_update_gives_takes_and_renames(api: Api) -> None:
    bring(PAYROLL)
    changed = {
        "username": "payroll-sync@example.com",
        "previous_username": "Payroll@example.com",
        "adopt": True,
        "email": "PAYROLL@example.com",
        "display_name": "Payroll",
        "organization_roles": [],
        "workspaces": [{"name": "SEC Filing", "roles": ["Viewer"], "groups": ["Editors"], "exclusive": True}],
    }
    steps = bring(changed, check_mode=True)["users"][0]["steps"]
    result = bring(changed)
    assert result["users"][0]["steps"] == steps
    assert steps == [
        "rename the user 'payroll@example.com' to 'payroll-sync@example.com', which may end the secrets of its grants",
        "set display_name to 'Payroll'",
        "give the role 'Viewer' in the workspace 'SEC Filing'",
        "remove the role 'Professional' in the workspace 'SEC Filing'",
        "add to the group 'Editors' in the workspace 'SEC Filing'",
        "remove from the group 'Data loaders' in the workspace 'SEC Filing'",
        "remove the organization role 'Org User Admin'",
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
    delete = {**gone, "delete_user": True}
    assert bring(delete)["users"][0]["steps"] == ["delete the user 'payroll@example.com' from the organization"]
    assert not api.users
    assert not bring(delete)["changed"]
