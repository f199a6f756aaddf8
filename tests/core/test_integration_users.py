# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core of integration_users against the simulator: whatever the network does, one user is created once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client
from ansible_collections.integrations.workiva.plugins.module_utils._errors import TokenRefused
from ansible_collections.integrations.workiva.plugins.module_utils._organization.users import CORE
from tests._organization import Organization

PAYROLL: dict[str, Any] = {
    "username": "payroll-sync@example.com",
    "email": "payroll-sync@example.com",
    "given_name": "Payroll",
    "family_name": "Sync (integration)",
    "sign_in": "password",
    "workspaces": [
        {"name": "SEC Filing", "roles": ["Professional"], "groups": ["Data loaders"]},
        {"name": "ESG Reporting", "roles": ["Viewer"]},
    ],
}
FAULTS = [
    "503:method=POST,path=*/users",
    "cut:after=yes,method=POST,path=*/users",
    "cut:before=yes,method=POST,path=*/users",
    "cut:after=yes,method=POST,path=*/membershipCreation",
    "cut:before=yes,method=POST,path=*/membershipCreation",
    "cut:after=yes,method=POST,path=*/assignment",
    "cut:after=yes,method=POST,path=*/modification",
    "429:count=2",
    "500:method=GET,count=2",
    "token_dies:method=POST,path=*/users",
    "page_shift:method=GET,path=*/users",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_network_creates_no_second_user(
    organization: Organization, run_core: Callable[..., dict[str, Any]], fault: str
) -> None:
    organization.fault(fault)
    (created,) = run_core(CORE, {"users": [PAYROLL]})["users"]
    assert created["error"] is None
    (user,) = organization.state.all("user", username=PAYROLL["username"])
    assert organization.count("membership", user=user["id"]) == 2
    assert organization.mails() == [user["id"]]
    assert not run_core(CORE, {"users": [PAYROLL]})["changed"]


def test_a_client_with_a_wrong_secret_is_refused(organization: Organization, client: Callable[..., Client]) -> None:
    with pytest.raises(TokenRefused):
        client(client_secret="wk_secret_that_is_wrong").get(
            f"/organizations/{organization.connection['organization_id']}"
        )
