# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the rows of a benchmark say: one run beside another, and the growth from one size to the next. Pure functions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

Row = dict[str, Any]
# Who does the same job in another way, and what of ours it is compared with.
_OTHERS = ("by hand", "one by one")
_SAME = ("integrations", "latency_ms")
_GROWING = ("wall", "cpu", "peak_mb", "requests")


def compare(rows: Sequence[Row]) -> list[Row]:
    """How many times the wall time, the processor time and the requests of our unchanged run another way takes. C(at_least): that way
    was ended before it was done."""
    found = []
    for row in (row for row in rows if row["who"] in _OTHERS):
        ours = next((one for one in rows if _is_beside(one, row)), None)
        if ours:
            times = {name: round(row[name] / ours[name], 1) for name in ("wall", "cpu", "requests")}
            found.append({name: row[name] for name in ("who", *_SAME)} | times | {"at_least": "stopped" in row})
    return found


def _is_beside(one: Row, row: Row) -> bool:
    return one["who"] == "ours" and one["step"] == "unchanged" and all(one[name] == row[name] for name in _SAME)


def compare_commits(rows: Sequence[Row]) -> list[Row]:
    """The processor time of this tree by that of the other commit, for each size: the best run of each."""
    sizes = dict.fromkeys(row["integrations"] for row in rows if row["who"] == "before")
    return [
        {
            "integrations": size,
            "cpu": round(_least_cpu(rows, "ours", size) / _least_cpu(rows, "before", size), 2),
        }
        for size in sizes
    ]


def _least_cpu(rows: Sequence[Row], who: str, size: int) -> float:
    return min(float(row["cpu"]) for row in rows if (row["who"], row["integrations"]) == (who, size))


def find_growth(rows: Sequence[Row]) -> list[Row]:
    """What one more integration costs in each step of ours, from each size to the next larger one."""
    return [growth for steps in _steps(rows) for growth in itertools.starmap(_growth, itertools.pairwise(steps))]


def _steps(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The runs of one step at one latency, by their size."""
    steps: dict[tuple[str, int], list[Row]] = {}
    for row in (row for row in rows if row["who"] == "ours" and not row["step"].startswith("slice")):
        steps.setdefault((row["step"], row["latency_ms"]), []).append(row)
    for step in steps.values():
        yield sorted(step, key=lambda row: int(row["integrations"]))


def _growth(smaller: Row, larger: Row) -> Row:
    more = larger["integrations"] - smaller["integrations"]
    each = {name: round((larger[name] - smaller[name]) / more, 4) for name in _GROWING}
    sizes = {"from": smaller["integrations"], "to": larger["integrations"]}
    return {"step": larger["step"], "latency_ms": larger["latency_ms"], **sizes, **each}


def describe(comparisons: Sequence[Row], growths: Sequence[Row]) -> Iterator[str]:
    """The lines that a person reads after the rows."""
    for one in comparisons:
        more = "more than " if one["at_least"] else ""
        yield (
            f"{one['who']} takes {more}{one['wall']} times the wall time and {more}{one['cpu']} times the processor time of ours "
            f"({one['integrations']} integrations, {one['latency_ms']} ms)"
        )
    for one in growths:
        yield (
            f"each integration from {one['from']} to {one['to']} adds to {one['step']} at {one['latency_ms']} ms: "
            f"{one['wall'] * 1000:.0f} ms, {one['cpu'] * 1000:.0f} ms of processor time, {one['requests']:.1f} requests, "
            f"{one['peak_mb'] * 1000:.0f} kB"
        )
