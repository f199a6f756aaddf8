# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials of many grants are stored at once, at a cost that grows with their number and no faster."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultSecret

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.plugin_utils import _journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.accepted import Accepted, ScreenValues
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import Credentials, Deferred
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.records import Records
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault import file as _vault_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import VaultFile, VaultKey
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VaultText
from tests.unit.plugins.plugin_utils._checks import Answers, Storage

CHECK = TokenCheck("ok", "", accepted=True, scopes=("file:read",))
SCREEN = ScreenValues("2027-06-30", known={"expires": "declared"})


def records_in(folder: Path) -> Records:
    key = VaultKey([("prod", VaultSecret(b"password"))], "prod")
    return Records(VaultFile(str(folder / "credentials.yml"), key), Journals(str(folder / "journal")))


def accepted(count: int) -> list[Accepted]:
    return [
        Accepted(
            Declared(f"integration-{number // 4}", f"grant-{number % 4}", "SEC", "u@example.com", ("file:read",)),
            Credentials(f"client-{number}", f"wk_secret:oa2c:Canary0123456789-{number}"),
            CHECK,
            SCREEN,
            False,
            date(2026, 11, 24),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [4, 40])
def test_many_credentials_are_stored_in_one_replacement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    calls: Counter[str] = Counter()

    def counted(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def wrapped(*arguments: Any, **options: Any) -> Any:
            calls[name] += 1
            return real(*arguments, **options)

        monkeypatch.setattr(owner, name, wrapped)

    counted(VaultText, "_compose")
    counted(_vault_file, "replace_file")
    counted(Journal, "append")
    many = accepted(count)
    records = records_in(tmp_path)
    records.store_all(many)
    assert calls == {"_compose": 4, "replace_file": 1, "append": count // 4}  # 3 of them of a file without entries
    calls.clear()
    for item in many:
        assert records.stored(item.grant) == item.credentials
        assert records.known(item.grant).stage == "stored"
        assert records.knows(item.grant, records.held(item.grant))
        assert records.owner_of(item.credentials.client_id, many[0].grant) == (
            None if item is many[0] else item.grant.name
        )
    assert calls == {}
    again = records_in(tmp_path)
    assert all(again.stored(item.grant) == item.credentials for item in many)
    content = (tmp_path / "credentials.yml").read_text() + repr(many)
    assert "Canary" not in content


def test_event_is_appended_without_reading_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(str(tmp_path), "payroll")
    event = {"grant": "filing", "event": "received", "credentials": 1, "client_id": "c1"}
    journal.append(*[event] * 3000)
    size = os.path.getsize(journal.path)
    read: list[int] = []
    pread = os.pread

    def counted(descriptor: int, count: int, place: int) -> bytes:
        read.append(count)
        return pread(descriptor, count, place)

    monkeypatch.setattr(_journal.os, "pread", counted)
    monkeypatch.setattr(_journal, "_read", lambda _descriptor: pytest.fail("the whole journal was read"))
    journal.append(event)
    assert sum(read) <= 65536 < size
    monkeypatch.undo()
    assert len(journal.events()) == 3001


def test_failure_between_two_journals_repeats_no_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = accepted(12)
    shared = Settlement(
        records=records_in(tmp_path),
        handover=Deferred(),
        checks=Answers(lambda _credentials: CHECK),
        storage=Storage(),
        today=date(2026, 11, 24),
        together=True,
    )
    stored: list[str] = []
    for item in many:
        shared.store(item, lambda name=item.grant.name: stored.append(name))  # type: ignore[misc]
    append = Journal.append

    def failing(journal: Journal, *events: Any) -> None:
        if journal.path.endswith("integration-1.jsonl"):
            raise InvalidArgument("The disk is full.")
        append(journal, *events)

    monkeypatch.setattr(Journal, "append", failing)
    failed = shared.store_waiting()
    assert sorted(failed) == [item.grant.name for item in many[4:8]]
    assert sorted(stored) == sorted(item.grant.name for item in [*many[:4], *many[8:]])
    for number in (0, 2):
        events = Journal(str(tmp_path / "journal"), f"integration-{number}").events()
        counted = Counter((event["grant"], event["event"]) for event in events)
        assert set(counted.values()) == {1}
        assert len(counted) == 12
    # What the journal lacks, the next run finds in the vault.
    again = records_in(tmp_path)
    assert all(again.stored(item.grant) == item.credentials for item in many)
    assert not any(again.is_stored(item) for item in many[4:8])
    assert all(again.is_stored(item) for item in [*many[:4], *many[8:]])


def events_in(folder: Path) -> Counter[tuple[str, str, str]]:
    journals = Journals(str(folder / "journal"))
    return Counter(
        (f"{name}.{event['grant']}", event["event"], event.get("client_id", ""))
        for name in journals.integrations()
        for event in journals.events(name)
    )


@pytest.mark.parametrize("are_verified", [True, False])
def test_second_of_two_runs_with_the_same_credentials_finds_them_stored(tmp_path: Path, are_verified: bool) -> None:
    many = accepted(4)
    runs = [records_in(tmp_path) for _run in range(2)]
    for records in runs:
        assert not any(records.known(item.grant).exists for item in many)
    for records in runs:
        if are_verified:
            records.store_all(many)
        else:
            for item in many:
                records.keep(item.grant, item.credentials)
        for item in many:
            assert item.credentials in (records.stored(item.grant), records.received(item.grant))
    events = events_in(tmp_path)
    assert set(events.values()) == {1}
    assert {name for _grant, name, _client in events} >= ({"received", "stored"} if are_verified else {"received"})


def test_two_runs_that_find_stored_credentials_write_them_to_the_journal_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (item,) = accepted(1)
    with monkeypatch.context() as patch:
        patch.setattr(Records, "_write", lambda *_arguments: None)  # as if the run were killed before the journal
        records_in(tmp_path).store_all([item])
    runs = [records_in(tmp_path) for _run in range(2)]
    assert not any(records.knows(item.grant, records.held(item.grant)) for records in runs)
    for records in runs:
        records.record_stored(item)
        assert records.knows(item.grant, records.held(item.grant))
    assert set(events_in(tmp_path).values()) == {1}


def test_later_credentials_of_another_run_replace_those_that_were_stored_meanwhile(tmp_path: Path) -> None:
    (item,) = accepted(1)
    other = replace(item, credentials=Credentials("client-new", "wk_secret:oa2c:Canary0123456789-new"))
    first, second = records_in(tmp_path), records_in(tmp_path)
    assert not second.known(item.grant).exists
    first.store_all([item])
    second.store_all([other])
    assert second.stored(item.grant) == other.credentials
    assert [second.state(item.grant).number, second.held(item.grant).number] == [2, 2]
