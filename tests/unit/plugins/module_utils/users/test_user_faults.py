# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The users against a model of the API in memory: faults and lost answers, which a real server would have to be talked into."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    OperationFailed,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization import users as _integration_users
from tests.unit.plugins.module_utils.users._model import PAYROLL, Api, ask, bring


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
            _workspace, user = api.memberships[self.path.split("/memberships/")[1].split("/")[0]]
            if api.users[user]["username"] == names[0]:
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
    assert failed["msg"].startswith("5 of 6 users could not be updated: a@example.com: Unknown")


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
            {"username": "A@example.com ", "delete_user": True},
            {"username": "b@example.com", "previous_username": "a@EXAMPLE.com"},
        )
    message = str(raised.value)
    assert message.count("is declared twice") == 2
    assert "has the workspace 'esg' twice" in message
    assert "delete_user: true without state: absent" in message
    assert api.requests_sent == 0
