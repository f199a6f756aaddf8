# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a project can do with and a person should know: a note, with its file and line, and nothing fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.core._actions import Actions
from tests.core.actions.test_project_mistakes import LEDGER, PAYROLL, replaced, write

pytestmark = pytest.mark.once

STORED = """
workiva_credentials:
  payroll-sync:
    main:
      client_id: an-id
      client_secret: !vault |
        $ANSIBLE_VAULT;1.1;AES256
        00
"""


@dataclass(frozen=True)
class Noted:
    """One mistake, and its note."""

    name: str
    change: Callable[[Path], object]
    note: str


def without_owners(project: Path) -> None:
    for file in (PAYROLL, LEDGER):
        replaced(file, "owner: finance-systems@example.com\n", "")(project)


def past_date_of_a_stored_grant(project: Path) -> None:
    replaced(PAYROLL, "lifetime: 365d", "expires: 2020-01-31")(project)
    (project / "credentials.yml").write_text(STORED)


MISTAKES = (
    Noted(
        "past date of a grant whose credentials are stored",
        past_date_of_a_stored_grant,
        f"{PAYROLL}:19: grants.main.expires (2020-01-31) is not in the future. The credentials of the grant are stored, so that no run "
        "fails for it. Set a later date.",
    ),
    Noted(
        "integrations without an owner",
        without_owners,
        "No owner is declared for ledger-load, payroll-sync. Work orders name the team that runs this project instead. Add owner to the "
        "file of the integration, or to workiva.defaults in workiva.yml.",
    ),
    Noted(
        "missing file of authorities",
        replaced("workiva.yml", "ca_path: ca.pem", "ca_path: nowhere.pem"),
        "workiva.yml:7: this machine does not have the file that workiva.ca_path names. Correct it, or add the file before a run on this "
        "machine.",
    ),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name.replace(" ", "_"))
def test_noted_mistake_fails_no_run(actions: Actions, tmp_path: Path, mistake: Noted) -> None:
    project = write(tmp_path)
    replaced("workiva.yml", 'ca_path: "/nowhere/ca.pem"', "ca_path: ca.pem")(project)
    (project / "ca.pem").touch()
    assert actions("integrations", {"project": str(project)})["workiva"]["warnings"] == []
    mistake.change(project)
    assert actions("integrations", {"project": str(project)})["workiva"]["warnings"] == [mistake.note]
