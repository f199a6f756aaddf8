# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action oauth2_grants in this process, against the simulator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests._organization import Organization
from tests.core._actions import Actions

FILING: dict[str, Any] = {
    "integration": "payroll-sync",
    "grant": "filing",
    "owner": "finance-systems@example.com",
    "purpose": "Loads the payroll totals",
    "username": "anna.k@example.com",
    "custodian": "anna.k@example.com",
    "sign_in": "password",
    "workspace": "SEC Filing",
    "scopes": ["file:read", "file:write"],
    "expires": "2027-06-30",
    "lifetime_days": None,
    "ip_allowlist": [],
    "verify_from": None,
    "state": "present",
    "screen": "organization_admin",
}


def arguments_of(organization: Organization, folder: Path, **more: Any) -> dict[str, Any]:
    connection = {name: organization.connection[name] for name in ("region", "ca_path", "connect_to")}
    return {
        **connection,
        "grants": [FILING],
        "credentials": str(folder / "credentials.yml"),
        "journal": str(folder / "journal"),
        "today": "2026-11-24",
        **more,
    }


def test_credentials_typed_at_the_prompt_are_checked_and_stored(
    organization: Organization, actions: Actions, tmp_path: Path
) -> None:
    pair = organization.create_grant(username=FILING["username"], scopes=FILING["scopes"], expires=FILING["expires"])
    wrong = "wk_secret_" + "x" * 30
    # Each time the expiry date is asked for as well.
    actions.answers = [pair["client_id"], wrong, "", pair["client_id"], pair["client_secret"], ""]
    result = actions("oauth2_grants", arguments_of(organization, tmp_path, handover="prompt"))
    (grant,) = result["grants"]
    assert (grant["stage"], grant["health"], grant["changed"]) == ("stored", "ok", True)
    assert any("efused" in text for text in actions.displayed)
    stored = actions.decrypted(tmp_path / "credentials.yml")["workiva_credentials"]["payroll-sync"]["filing"]
    assert stored["client_secret"] == pair["client_secret"]
    assert actions.answers == []


def test_check_mode_of_oauth2_grants_never_prompts(
    organization: Organization, actions: Actions, tmp_path: Path
) -> None:
    result = actions("oauth2_grants", arguments_of(organization, tmp_path, handover="prompt"), check_mode=True)
    assert [order["kind"] for order in result["orders"]] == ["create"]
    assert actions.questions == []
    assert not (tmp_path / "journal").exists()
