# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Long work of the actions shows how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils import _output
from tests._declared import ESG, FILING
from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._filing import arguments_of


@pytest.fixture(autouse=True)
def no_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_output, "INTERVAL", 0.0)


def progress(actions: Actions) -> list[str]:
    return [line for line in actions.displayed if "/" in line]


@pytest.mark.parametrize("check_mode", [True, False])
def test_users_show_progress(organization: Organization, actions: Actions, check_mode: bool) -> None:
    users: list[dict[str, Any]] = [{"username": f"sync-{number}@example.com"} for number in range(3)]
    for user in users:
        user.update(email=user["username"], given_name="Sync", family_name="(integration)")
    actions("integration_users", {**organization.connection, "users": users}, check_mode=check_mode)
    what = "users compared" if check_mode else "users applied"
    assert progress(actions) == [f"{what} 1/3", f"{what} 2/3"]


def test_credentials_show_progress_and_no_secret(organization: Organization, actions: Actions, tmp_path: Path) -> None:
    organization.clock("2026-11-24")
    third = {**ESG, "grant": "third"}
    grants = [FILING, ESG, third]
    handed_over = []
    for grant in grants:
        fields = {name: grant[name] for name in ("username", "scopes", "expires", "workspace")}
        created = organization.create_grant(**fields)
        actions.secrets.append(created["client_secret"])
        handed_over.append({"integration": grant["integration"], "grant": grant["grant"], **created})
    options = {"grants": grants, "handover": "vars", "handed_over": handed_over}
    found = actions("oauth2_grants", arguments_of(organization, tmp_path, **options))
    assert [grant["stage"] for grant in found["grants"]] == ["stored"] * 3
    assert progress(actions) == ["credentials checked 2/3"]
