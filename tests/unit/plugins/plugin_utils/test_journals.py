# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journals of a task: read once, appended in memory too, and in check mode in memory only."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals

RETIRED = {"event": "retired", "grant": "filing"}
LEFT = {"event": "left", "grant": "user"}


def names(journals: Journals) -> list[str]:
    return [event["event"] for event in journals.events("payroll")]


@pytest.mark.parametrize("read_only", [False, True])
def test_events_that_were_appended_are_known_at_once(tmp_path: Path, read_only: bool) -> None:
    Journal(str(tmp_path), "payroll").append(RETIRED)
    before = (tmp_path / "payroll.jsonl").read_bytes()
    journals = Journals(str(tmp_path), read_only=read_only)
    journals.append("payroll", [LEFT])
    assert (names(journals), journals.appended) == (["retired", "left"], [LEFT])
    journals.read("payroll")
    assert names(journals) == ["retired", "left"]
    assert ((tmp_path / "payroll.jsonl").read_bytes() == before) == read_only


def test_events_of_another_process_are_seen_when_a_journal_is_read_again(tmp_path: Path) -> None:
    journals = Journals(str(tmp_path))
    assert names(journals) == []
    Journal(str(tmp_path), "payroll").append(RETIRED)
    assert names(journals) == []
    journals.read("payroll")
    assert names(journals) == ["retired"]


def test_a_refused_event_is_not_remembered(tmp_path: Path) -> None:
    journals = Journals(str(tmp_path))
    with pytest.raises(InvalidArgument):
        journals.append("payroll", [{"event": "no such event", "grant": "filing"}])
    assert (names(journals), journals.appended) == ([], [])


def test_a_line_that_was_cut_short_is_reported(tmp_path: Path) -> None:
    (tmp_path / "payroll.jsonl").write_text('{"v":1,"event":"reti')
    journals = Journals(str(tmp_path))
    assert names(journals) == []
    assert "line 1 is cut short" in journals.torn["payroll"]
