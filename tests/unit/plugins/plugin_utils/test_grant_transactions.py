# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials of many grants that come in together: stored in one replacement, and none stops another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultSecret

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import FromVariables, Interrupted
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.records import Records
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.transactions import Transactions
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault import file as vault_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import VaultFile, VaultKey
from tests.unit.plugins.plugin_utils._checks import Answers, Storage

GRANTS = [
    Declared(f"load-{number}", "filing", "SEC", f"load-{number}@example.com", ("file:read",)) for number in range(5)
]
ACCEPTED = TokenCheck("ok", "", accepted=True, scopes=("file:read",))
REFUSED = TokenCheck("rejected", "Refused.")


def entry(grant: Declared, **more: Any) -> dict[str, Any]:
    number = grant.integration[-1]
    given = {"client_id": f"c{number}", "client_secret": f"wk_secret:oa2c:Canary{number}123456789abcd"}
    return {"integration": grant.integration, "grant": grant.grant, **given, **more}


def settle(shared: Settlement) -> list[dict[str, Any]]:
    transactions = Transactions(shared, GRANTS, (Interrupted,))
    transactions.look()
    transactions.accept()
    return [status.as_result() for status in transactions.statuses()]


class Project:
    """A vault file, and how often it was replaced."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        self.key = VaultKey([("default", VaultSecret(b"password"))], "default")
        self.replaced = 0
        self.broken: set[str] = set()
        write = vault_file.replace_file

        def replace_file(*arguments: Any, **options: Any) -> Any:
            if any(name.encode() in arguments[1] for name in self.broken):
                raise FileTrouble("The disk is full.")
            self.replaced += 1
            return write(*arguments, **options)

        monkeypatch.setattr(vault_file, "replace_file", replace_file)

    def records(self) -> Records:
        return Records(VaultFile(str(self.path / "credentials.yml"), self.key), Journals(str(self.path / "journal")))

    def settle(self, entries: Sequence[dict[str, Any]], refused: Sequence[str] = ()) -> dict[str, Any]:
        """What came of each grant: its result, or its error."""
        shared = Settlement(
            records=self.records(),
            handover=FromVariables(entries),
            checks=Answers(lambda credentials: REFUSED if credentials.client_id in refused else ACCEPTED),
            storage=Storage(),
            today=date(2026, 11, 24),
            together=True,
        )
        return {status["integration"]: status for status in settle(shared)}

    def stored(self) -> list[str]:
        records = self.records()
        return [grant.integration for grant in GRANTS if records.stored(grant)]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(tmp_path, monkeypatch)


def test_credentials_that_come_in_together_are_stored_in_one_replacement(project: Project) -> None:
    outcomes = project.settle([entry(grant) for grant in GRANTS])
    assert project.replaced == 1
    assert project.stored() == [grant.integration for grant in GRANTS]
    assert all(outcome["stage"] == "stored" and outcome["health"] == "ok" for outcome in outcomes.values())
    assert all(outcome["steps"] == ["Verified and stored the credentials."] for outcome in outcomes.values())
    again = project.settle([entry(grant) for grant in GRANTS])
    assert project.replaced == 1
    assert not any(outcome["changed"] for outcome in again.values())


def test_rejected_and_malformed_credentials_stop_no_other(project: Project) -> None:
    entries = [entry(grant) for grant in GRANTS]
    entries[2]["client_secret"] = "short"
    outcomes = project.settle(entries, refused=["c1"])
    assert project.stored() == ["load-0", "load-3", "load-4"]
    assert "Nothing was stored." in outcomes["load-1"]["error"]["msg"]
    assert "client secret" in outcomes["load-2"]["error"]["msg"]


def test_one_client_id_is_accepted_for_one_grant_only(project: Project) -> None:
    entries = [entry(grant) for grant in GRANTS[:2]]
    entries[1]["client_id"] = entries[0]["client_id"]
    outcomes = project.settle(entries)
    assert project.stored() == ["load-0"]
    assert "load-0.filing" in outcomes["load-1"]["error"]["msg"].replace("filing of load-0", "load-0.filing")


def test_credentials_that_cannot_be_stored_stop_no_other(project: Project) -> None:
    project.broken = {"load-3"}
    outcomes = project.settle([entry(grant) for grant in GRANTS])
    assert outcomes["load-3"]["error"]["msg"] == "The disk is full."
    assert project.stored() == ["load-0", "load-1", "load-2", "load-4"]
    project.broken = set()
    project.settle([entry(grant) for grant in GRANTS])
    assert project.stored() == [grant.integration for grant in GRANTS]


def test_what_was_accepted_is_stored_before_an_error_ends_the_task(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ending(FromVariables):
        def has_credentials(self, request: Any, wanted: bool) -> bool:
            if request.integration == "load-3":
                raise Interrupted("Stopped.")
            return super().has_credentials(request, wanted)

    shared = Settlement(
        records=project.records(),
        handover=Ending([entry(grant) for grant in GRANTS]),
        checks=Answers(lambda _credentials: ACCEPTED),
        storage=Storage(),
        today=date(2026, 11, 24),
        together=True,
    )
    with pytest.raises(Interrupted):
        settle(shared)
    assert project.stored() == ["load-0", "load-1", "load-2"]


def test_a_typed_one_is_stored_at_once(project: Project) -> None:
    shared = Settlement(
        records=project.records(),
        handover=FromVariables([entry(grant) for grant in GRANTS]),
        checks=Answers(lambda _credentials: ACCEPTED),
        storage=Storage(),
        today=date(2026, 11, 24),
    )
    settle(shared)
    assert project.replaced == len(GRANTS)
