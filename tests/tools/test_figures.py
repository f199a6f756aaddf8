# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the bench calculates from its rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools/bench"))

import figures


def row(who: str, integrations: int, wall: float, cpu: float, **more: Any) -> figures.Row:
    usual = {"latency_ms": 50, "step": "unchanged", "requests": 2 * integrations, "peak_mb": 80 + integrations // 10}
    return {"who": who, "integrations": integrations, "wall": wall, "cpu": cpu, **usual, **more}


def test_another_way_is_compared_with_our_unchanged_run_of_the_same_size_and_latency() -> None:
    rows = [
        row("ours", 10, 99, 99, latency_ms=0),
        row("ours", 10, 99, 99, step="verify"),
        row("ours", 10, 8, 4),
        row("by hand", 10, 46, 40, requests=40),
        row("ours", 100, 10, 6),
        row("by hand", 100, 900, 300, stopped=True),
        row("by hand", 1000, 900, 300),
    ]
    small, large = figures.compare(rows)
    assert small == {
        "who": "by hand",
        "integrations": 10,
        "latency_ms": 50,
        "wall": 5.8,
        "cpu": 10.0,
        "requests": 2.0,
        "at_least": False,
    }
    assert (large["wall"], large["at_least"]) == (90.0, True)
    shown = list(figures.describe([large], []))
    assert shown == [
        "by hand takes more than 90.0 times the wall time and more than 50.0 times the processor time of ours "
        "(100 integrations, 50 ms)"
    ]


def test_commits_are_compared_by_the_best_run_of_each() -> None:
    rows = [
        row(who, size, 1, cpu)
        for size in (10, 100)
        for who, cpu in (("before", 8), ("ours", 5), ("before", 6), ("ours", 3))
    ]
    assert figures.compare_commits(rows) == [{"integrations": 10, "cpu": 0.5}, {"integrations": 100, "cpu": 0.5}]


def test_growth_is_what_one_more_integration_adds_to_each_step() -> None:
    rows = [
        row("ours", 100, 13.5, 5.5),
        row("ours", 10, 4.5, 1.0),
        row("ours", 10, 9, 9, step="verify"),
        row("ours", 50, 1, 1, step="slice 1"),
    ]
    (growth,) = figures.find_growth(rows)
    assert (growth["from"], growth["to"], growth["step"]) == (10, 100, "unchanged")
    assert (growth["wall"], growth["cpu"], growth["requests"]) == (0.1, 0.05, 2.0)
    (line,) = figures.describe([], [growth])
    assert line == (
        "each integration from 10 to 100 adds to unchanged at 50 ms: 100 ms, 50 ms of processor time, 2.0 requests, 100 kB"
    )
