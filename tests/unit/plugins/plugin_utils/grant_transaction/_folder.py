# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder of a project with one grant, settled run by run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ansible.parsing.vault import VaultSecret

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.plugin_utils import _journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import (
    Deferred,
    FromVariables,
    Handover,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.records import Records
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.transactions import Transactions
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import VaultFile, VaultKey
from tests.unit.plugins.plugin_utils._checks import Answers, Storage

SECRET = "wk_secret:oa2c:Canary0123456789abcd"
NEWER = "wk_secret:oa2c:Newest0123456789abcd"
GRANT = Declared("payroll", "filing", "SEC", "u@example.com", ("file:read",), expires="2027-06-30")
GIVEN = {"integration": "payroll", "grant": "filing", "client_id": "c1", "client_secret": SECRET}
ABSENT = Declared("payroll", "filing", "SEC", "u@example.com", ("file:read",), state="absent")
ACCEPTED = TokenCheck("ok", "", accepted=True, scopes=("file:read",))
LOST = TokenCheck("unreachable", "No answer.")
REFUSED = TokenCheck("rejected", "Refused.")


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / "credentials.yml"
        self.key = VaultKey([("default", VaultSecret(b"password"))], "default")
        self.answers: dict[str, TokenCheck] = {SECRET: ACCEPTED, NEWER: ACCEPTED}
        self.controlled = True
        self.runs = 0

    def records(self) -> Records:
        return Records(VaultFile(str(self.file), self.key), Journals(str(self.path / "journal")))

    def settle(self, handover: Handover | None = None, grant: Declared = GRANT, **more: Any) -> dict[str, Any]:
        self.runs += 1
        more = {"run": f"run {self.runs}", **more}
        settlement = Settlement(
            records=self.records(),
            handover=handover or Deferred(),
            checks=Answers(lambda credentials: self.answers[credentials.client_secret], self.controlled),
            storage=Storage(),
            today=date(2026, 11, 24),
            together=isinstance(handover, FromVariables),
            **more,
        )
        transactions = Transactions(settlement, [grant])
        transactions.look()
        transactions.accept()
        (status,) = transactions.statuses()
        return status.as_result()

    def given(self, **more: Any) -> FromVariables:
        return FromVariables([{**GIVEN, **more}])

    def events(self) -> list[dict[str, Any]]:
        path = self.path / "journal" / "payroll.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [{**json.loads(line), "at": ""} for line in lines]

    def content(self) -> dict[str, Any]:
        records = self.records()
        held = records.held(GRANT)
        credentials, kept = records.stored(GRANT), records.received(GRANT)
        return {
            "held": replace(held, stored_at=None),
            "secrets": (credentials and credentials.client_secret, kept and kept.client_secret),
            "known": replace(records.known(GRANT), stored_at=None),
            "events": self.events(),
        }


def kept(folder: Folder) -> None:
    """Credentials that could not be verified when they came in, and are refused now."""
    folder.answers[SECRET] = LOST
    assert folder.settle(folder.given())["stage"] == "received"
    folder.answers[SECRET] = REFUSED


def leaving(folder: Folder, *, stores: bool = True) -> None:
    """A stored credentials that is refused, and the order to delete its grant."""
    if stores:
        folder.settle(folder.given())
    folder.answers[SECRET] = REFUSED
    fields = {"client_name": None, "workspace": "SEC", "username": "u@example.com"}
    ordered = {"event": "ordered", "grant": "filing", "order": "payroll.filing.1", "kind": "delete", "fields": fields}
    _journal.Journal(str(folder.path / "journal"), "payroll").append(ordered)
