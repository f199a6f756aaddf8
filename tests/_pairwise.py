# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Few sets of answers to open questions in which every two of them meet."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence


def choose_rows(switches: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Sets of answers in which every pair of answers to two switches comes up, by greedy choice."""
    names = list(switches)
    open_pairs = {
        frozenset(((first, one), (second, two)))
        for first, second in itertools.combinations(names, 2)
        for one in switches[first]
        for two in switches[second]
    }
    rows: list[tuple[str, ...]] = []
    while open_pairs:
        chosen = dict(sorted(min(open_pairs, key=sorted)))
        for name in names:
            if name not in chosen:
                gains = {
                    answer: sum(frozenset(((name, answer), other)) in open_pairs for other in chosen.items())
                    for answer in switches[name]
                }
                chosen[name] = max(gains, key=lambda answer: gains[answer])
        rows.append(tuple(f"{name}={answer}" for name, answer in chosen.items()))
        open_pairs -= {frozenset(pair) for pair in itertools.combinations(chosen.items(), 2)}
    return rows
