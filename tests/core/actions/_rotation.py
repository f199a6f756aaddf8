# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project whose grants are rotated, and runs of the action oauth2_grants in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible import constants as C

from ansible_collections.integrations.workiva.plugins.plugin_utils import _journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders import keeper
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault import file as _vault_file
from tests._declared import FILING
from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._filing import arguments_of

Pair = dict[str, str]
ROTATION = {"before_expiry": 30, "every": None, "overlap": 7, "not_during": []}
ROTATED = {**FILING, "expires": None, "lifetime_days": 365, "rotation": ROTATION}
STARTED, DUE, LATER = "2026-11-24", "2027-06-01", "2027-06-02"
NAME = "payroll-sync.filing"


class Killed(BaseException):
    """The end of the process, as far as a process can play its own."""


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

    def run(self, *handed_over: Pair, check_mode: bool = False, **more: Any) -> dict[str, Any]:
        more = {"grants": self.grants, "today": self.today, **more}
        # Each run of ansible-core has a temporary folder of its own, by which two runs are told apart.
        self.runs += 1
        C.DEFAULT_LOCAL_TMP = str(self.folder.parent / f"run {self.runs}")
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


def die_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """The n-th boundary of a write, before or after it, kills the run; returns whether it came to that."""
    count = 0

    def dying(write: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            for after in (False, True):
                outcome = write(*arguments, **options) if after else None
                count += 1
                if count == step:
                    raise Killed
            return outcome

        return wrapped

    monkeypatch.setattr(_vault_file, "replace_file", dying(_vault_file.replace_file))
    monkeypatch.setattr(keeper, "replace_file", dying(keeper.replace_file))
    monkeypatch.setattr(_journal.Journal, "append", dying(_journal.Journal.append))
    return lambda: count >= step
