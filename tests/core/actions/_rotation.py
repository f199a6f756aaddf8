# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project whose grants are rotated, and runs of the action oauth2_grants in it."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

from ansible import constants as C

from tests._declared import FILING
from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._filing import arguments_of

Pair = dict[str, str]
ROTATION = {"before_expiry": 30, "every": None, "overlap": 7, "not_during": []}
ROTATED = {**FILING, "expires": None, "lifetime_days": 365, "rotation": ROTATION}
STARTED, DUE, LATER = "2026-11-24", "2027-06-01", "2027-06-02"
NAME = "payroll-sync.filing"
TARGET = {
    "integration": "payroll-sync",
    "grant": "filing",
    "name": "loader",
    "tasks": "loader.yml",
}


class Project:
    """A project folder, and runs of the action on its grants. C(grants) is what it declares."""

    def __init__(self, organization: Organization, actions: Actions, folder: Path) -> None:
        self.organization = organization
        self.actions = actions
        self.folder = folder
        self.credentials = folder / "credentials.yml"
        self.grants: list[dict[str, Any]] = [ROTATED]
        self.today = STARTED
        self.runs = 0
        folder.mkdir()
        organization.clock(STARTED)

    def on(self, day: str) -> None:
        """It is another day."""
        self.today = day
        self.organization.clock(day)

    def add(self, expires: str = "2027-06-30", grant: dict[str, Any] | None = None, **fields: Any) -> Pair:
        """A grant as people add it on the screen, and its credentials as they hand them over."""
        grant = grant or FILING
        wanted = {name: grant[name] for name in ("username", "scopes", "ip_allowlist", "workspace")}
        created = self.organization.create_grant(**{**wanted, "expires": expires, **fields})
        return {"integration": grant["integration"], "grant": grant["grant"], "expires": expires, **created}

    def copied(self, name: str) -> Project:
        """What a job has: the same project in a folder of its own."""
        job = copy.copy(self)
        job.folder = self.folder.parent / name
        job.credentials = job.folder / "credentials.yml"
        shutil.copytree(self.folder, job.folder)
        return job

    def run(self, *handed_over: Pair, check_mode: bool = False, **more: Any) -> dict[str, Any]:
        more = {"grants": self.grants, "today": self.today, **more}
        # Each run of ansible-core has a temporary folder of its own, by which two runs are told apart.
        self.runs += 1
        C.DEFAULT_LOCAL_TMP = str(self.folder.parent / f"{self.folder.name} run {self.runs}")
        arguments = arguments_of(self.organization, self.folder, **more)
        given = {"handover": "vars", "handed_over": list(handed_over)}
        result = self.actions("oauth2_grants", {**given, **arguments}, check_mode=check_mode, diff=True)
        assert "failed" not in result, result
        return {**result, "grant": result["grants"][0]}

    def entry(self, grant: str = "filing") -> dict[str, Any]:
        """What ansible-vault's own code reads in the file."""
        found: dict[str, Any] = self.actions.decrypted(self.credentials)["workiva_credentials"]["payroll-sync"][grant]
        return found

    def works(self, grant: str = "filing") -> bool:
        """Whether a consumer that reads the credentials file gets a token."""
        entry = self.entry(grant)
        return self.organization.accepts(entry["client_id"], entry["client_secret"])

    def events(self) -> list[dict[str, Any]]:
        path = self.folder / "journal" / "payroll-sync.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()}

    def kinds(self, result: dict[str, Any]) -> list[str]:
        return [order["kind"] for order in result["orders"]]
