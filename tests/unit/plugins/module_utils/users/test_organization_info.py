# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read of the organization, against a model of the API in memory."""

from __future__ import annotations

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._organization import (
    information as _organization_info,
)
from tests.unit.plugins.module_utils.users._model import PAYROLL, Api, ask, bring


@pytest.mark.parametrize("report_allowed", [True, False])
def test_information_has_the_same_access_with_and_without_the_report(api: Api, report_allowed: bool) -> None:
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
