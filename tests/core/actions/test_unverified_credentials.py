# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that are handed over while the token endpoint does not answer as it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests._declared import FILING
from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._filing import arguments_of


@pytest.mark.parametrize(("fault", "reason"), [("409", "was answered with 409"), ("503", "was answered with 503")])
def test_unverified_credentials_are_reported_with_the_reason(
    organization: Organization, actions: Actions, tmp_path: Path, fault: str, reason: str
) -> None:
    organization.clock("2026-11-24")
    folder = tmp_path / "project"
    folder.mkdir()
    fields = {name: FILING[name] for name in ("username", "scopes", "expires", "workspace")}
    given = {"integration": "payroll-sync", "grant": "filing", **organization.create_grant(**fields)}
    organization.fault(f"{fault}:path=*/token,count=100")
    arguments = arguments_of(organization, folder, handover="vars", handed_over=[given])
    for _run in range(2):
        # Of the run that accepts them, and of the one that finds them kept.
        (grant,) = actions("oauth2_grants", arguments)["grants"]
        assert (grant["stage"], grant["health"]) == ("received", "unchecked")
        (finding,) = grant["findings"]
        assert finding["detail"].startswith(
            "Credentials are stored and could not be verified yet. The token request to "
        )
        assert reason in finding["detail"]
