# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task with many users on a simulator that answers slowly: it shows how far it is, and a quick one shows nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils import _output
from tests._organization import Organization
from tests.core._actions import Actions

pytestmark = pytest.mark.once

COUNT = 8


def apply_users(actions: Actions, organization: Organization) -> dict[str, Any]:
    users = [
        {
            "username": f"load-{number}@example.com",
            "given_name": "Load",
            "family_name": str(number),
            "workspaces": [{"name": "SEC Filing", "roles": ["Professional"]}],
        }
        for number in range(COUNT)
    ]
    result = actions("integration_users", {**organization.connection, "users": users})
    assert not result.get("failed"), result
    return result


def test_slow_task_shows_how_far_it_is(
    organization: Organization, actions: Actions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_output, "INTERVAL", 0.2)
    organization.fault(*(f"slow:seconds={0.3 * number},method=POST,path=*/users" for number in range(1, COUNT)))
    assert apply_users(actions, organization)["changed"]
    found = [re.fullmatch(r"users applied (\d+)/(\d+)", line) for line in actions.displayed]
    assert found, "no progress was shown"
    assert all(found), actions.displayed
    done = [int(match[1]) for match in found if match]
    assert done == sorted(set(done))
    assert max(done) < COUNT
    assert {int(match[2]) for match in found if match} == {COUNT}


def test_task_shorter_than_the_interval_shows_nothing(
    organization: Organization, actions: Actions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_output, "INTERVAL", 3600)
    assert apply_users(actions, organization)["changed"]
    assert actions.displayed == []
