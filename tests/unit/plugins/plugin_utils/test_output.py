# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an action prints beside its result."""

from __future__ import annotations

from ansible_collections.integrations.workiva.plugins.plugin_utils._output import INTERVAL, Progress


def shown(seconds_each: float, total: int) -> list[str]:
    """What is shown of so many items that take so many seconds each."""
    lines: list[str] = []
    now = [100.0]
    progress = Progress(lines.append, lambda: now[0])
    for done in range(1, total + 1):
        now[0] += seconds_each
        progress("users applied", done, total)
    return lines


def test_progress_of_long_work_is_shown_every_few_seconds() -> None:
    assert shown(seconds_each=1, total=16) == ["users applied 5/16", "users applied 10/16", "users applied 15/16"]


def test_progress_is_shown_once_an_interval_at_most() -> None:
    assert len(shown(seconds_each=0.01, total=int(2.5 * INTERVAL / 0.01))) == 2


def test_progress_of_short_work_and_its_end_are_not_shown() -> None:
    assert shown(seconds_each=0.1, total=40) == []
    assert shown(seconds_each=INTERVAL, total=1) == []
