# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The counts of C(make faults) as the tables of docs/reliability.md, where C(write_counts) puts them."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs/reliability.md"
BEGIN, END = "<!-- counts -->", "<!-- end of counts -->"
# The campaigns, and what their rows are.
CAMPAIGNS = {"answers": "fault", "kills": "kill", "files": "condition", "mutations": "mutation"}
# Outcomes in the order of their columns.
OUTCOMES = ("unharmed", "reported", "run failed", "refused", "accepted", "WRONG")


def tables(folder: Path) -> str:
    """One table for each campaign whose outcomes are in the folder."""
    counts: dict[str, dict[str, Counter[str]]] = {}
    for line in _outcomes(folder):
        rows = counts.setdefault(line["campaign"], {})
        rows.setdefault(line["what"], Counter())[line["outcome"]] += 1
    return "\n\n".join(_table(CAMPAIGNS[name], counts[name]) for name in CAMPAIGNS if name in counts)


def _outcomes(folder: Path) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob("*.jsonl")):
        yield from map(json.loads, path.read_text().splitlines())


def _table(first: str, rows: dict[str, Counter[str]]) -> str:
    total: Counter[str] = sum(rows.values(), Counter())
    columns = [name for name in OUTCOMES if total[name]]
    lines = [
        f"| {first} | tried | {' | '.join(columns)} |",
        f"| --- | {' | '.join('---:' for _name in ['', *columns])} |",
    ]
    for what, counts in [*sorted(rows.items()), ("all", total)]:
        numbers = [sum(counts.values()), *(counts[name] for name in columns)]
        lines.append(f"| {what} | {' | '.join(f'{number:,}' for number in numbers)} |")
    return "\n".join(lines)


def write_counts(folder: Path, seconds: float) -> str:
    """Puts the tables of a run that took so long into the documentation, and returns them."""
    outcomes = [line["outcome"] for line in _outcomes(folder)]
    wrong = outcomes.count("WRONG")
    summary = (
        f"These are the outcomes of one run of `make faults`, which took {seconds / 60:.0f} minutes on {os.cpu_count()} processors: "
        f"{len(outcomes):,}, of which {wrong or 'none'} broke a rule."
    )
    text = f"{summary}\n\n{tables(folder)}"
    before, rest = PAGE.read_text().split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}")
    return text
