# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A user that leaves, against the simulator: under every answer of the report, and the token endpoint at either path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client
from ansible_collections.integrations.workiva.plugins.module_utils._errors import Unreachable
from ansible_collections.integrations.workiva.plugins.module_utils._organization.users import CORE
from tests._organization import Organization
from tests.core.test_integration_users import PAYROLL
from workiva_simulator import switches


@pytest.mark.parametrize("rows", switches.SWITCHES["report_rows"].answers)
def test_a_user_leaves_every_workspace_whatever_the_report_shows(
    organization: Organization, run_core: Callable[..., dict[str, Any]], rows: str
) -> None:
    (created,) = run_core(CORE, {"users": [PAYROLL]})["users"]
    assert created["error"] is None
    organization.switch("report_rows", rows)
    absent = {"username": PAYROLL["username"], "state": "absent", "adopt": True}
    (left,) = run_core(CORE, {"users": [absent]})["users"]
    assert (left["error"], left["gone"], left["status"]) == (None, True, "suspended")
    assert organization.count("membership", user=created["id"]) == 0
    again = run_core(CORE, {"users": [absent]})
    assert (again["changed"], again["users"][0]["gone"]) == (False, True)


def test_the_other_path_of_the_token_endpoint_is_named_and_can_be_set(
    organization: Organization, client: Callable[..., Client]
) -> None:
    organization.switch("token_path", "/oauth2/token")
    with pytest.raises(Unreachable, match=r"set token_endpoint to https://api\.app\.wdesk\.com/oauth2/token"):
        client().token()
    assert client(token_endpoint="https://api.app.wdesk.com/oauth2/token").token().scopes
