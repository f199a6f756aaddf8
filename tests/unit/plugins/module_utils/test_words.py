# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers agree with their nouns, dates of the past are not in the future, and numbers in names are compared as numbers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._words import (
    format_count,
    format_days,
    natural_order,
)


@pytest.mark.parametrize(
    ("number", "nouns", "expected"),
    [
        (0, ("user",), "0 users"),
        (1, ("user",), "1 user"),
        (2, ("user",), "2 users"),
        (1, ("certificate copy", "certificate copies"), "1 certificate copy"),
        (3, ("certificate copy", "certificate copies"), "3 certificate copies"),
    ],
)
def test_format_count_agrees_with_the_number(number: int, nouns: tuple[str, ...], expected: str) -> None:
    assert format_count(number, *nouns) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(218, "in 218 days"), (1, "in 1 day"), (0, "today"), (-1, "1 day ago"), (-25, "25 days ago")],
)
def test_format_days_distinguishes_past_and_future(days: int, expected: str) -> None:
    assert format_days(days) == expected


def test_natural_order_compares_numbers_as_numbers() -> None:
    names = ["sync-10", "Sync-2", "sync-1b", "sync", "1-load", "sync-1"]
    assert sorted(names, key=natural_order) == ["1-load", "sync", "sync-1", "sync-1b", "Sync-2", "sync-10"]


@given(st.lists(st.text()))
def test_natural_order_sorts_any_names(names: list[str]) -> None:
    keys = [natural_order(name) for name in sorted(names, key=natural_order)]
    assert all(one <= other for one, other in pairwise(keys))
