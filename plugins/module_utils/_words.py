# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Numbers and dates in sentences: numbers agree with their nouns, and a past date is so many days ago."""

from __future__ import annotations

import re

from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name

_PARTS = re.compile(r"(\d+)")


def format_count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: C(1 user), C(2 users). C(plural) is for a noun that takes more than an s."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def format_days(days: int) -> str:
    """How far a date is from today: C(in 218 days), C(today), C(25 days ago)."""
    if days == 0:
        return "today"
    return f"in {format_count(days, 'day')}" if days > 0 else f"{format_count(-days, 'day')} ago"


def natural_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """The key that sorts names as people do: C(sync-2) before C(sync-10)."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, fold_name(part)) for part in _PARTS.split(name) if part
    )
