# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""When the credentials of a grant are to be replaced by those of a new grant: pure functions of dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument

_PERIOD = re.compile(r"([0-9]{2})-([0-9]{2})\.\.([0-9]{2})-([0-9]{2})")
_DAY = timedelta(days=1)
Day = tuple[int, int]
"""A day of every year: month and day."""


@dataclass(frozen=True)
class Rotation:
    """When a grant is rotated, as it is declared. Spans are days; None is never.

    C(overlap): how long the previous credentials are to work beside the new ones. C(not_during): periods of every year, as
    C(03-20..04-10), which no rotation shall touch.
    """

    before_expiry: int | None = None
    every: int | None = None
    overlap: int = 7
    not_during: tuple[str, ...] = ()


def read_period(text: str) -> tuple[Day, Day]:
    """The first and the last day of a period. Raises L(InvalidArgument) for what is none."""
    found = _PERIOD.fullmatch(text)
    days = [(int(found[1]), int(found[2])), (int(found[3]), int(found[4]))] if found else []
    try:
        for month, day in days:
            date(2000, month, day)  # a leap year
    except ValueError:
        days = []
    if not days:
        raise InvalidArgument("must be a period of every year, written as MM-DD..MM-DD, such as 03-20..04-10")
    return days[0], days[1]


def has_free_day(rotation: Rotation) -> bool:
    """Whether the periods leave a day on which a rotation can start."""
    first = date(2000, 1, 1)
    return any(_is_free(rotation, first + offset * _DAY) for offset in range(366))


def find_due_day(rotation: Rotation, expires: date | None, stored_on: date | None) -> tuple[date, str] | None:
    """The day from which a grant is to be rotated, and why. Where the rotation would touch a period, it is due before that.

    C(expires): when the present grant expires. C(stored_on): the day on which its credentials were stored.
    """
    found: list[tuple[date, str]] = []
    if rotation.before_expiry is not None and expires:
        reason = f"The grant expires on {expires}, and is declared to be rotated {rotation.before_expiry} days before."
        found.append((expires - rotation.before_expiry * _DAY, reason))
    if rotation.every is not None and stored_on:
        reason = f"Its credentials are of {stored_on}, and are declared to be rotated every {rotation.every} days."
        found.append((stored_on + rotation.every * _DAY, reason))
    if not found:
        return None
    day, reason = min(found)
    return _nearest_free(rotation, day, -_DAY), reason


def find_reason(rotation: Rotation, expires: date | None, stored_on: date | None, today: date) -> str | None:
    """Why a grant is to be rotated now; None where it is not due, or a period is to be waited for.

    A period is not waited for where the present grant would expire meanwhile.
    """
    due = find_due_day(rotation, expires, stored_on)
    if due is None or today < due[0]:
        return None
    resumed = _nearest_free(rotation, today, _DAY)
    waits = resumed > today and (expires is None or expires - rotation.overlap * _DAY > resumed)
    return None if waits else due[1]


def _nearest_free(rotation: Rotation, day: date, step: timedelta) -> date:
    for _attempt in range(366):
        if _is_free(rotation, day):
            break
        day += step
    return day


def _is_free(rotation: Rotation, start: date) -> bool:
    """Whether a rotation that starts on a day is over before the next period: it takes its overlap."""
    periods = [read_period(text) for text in rotation.not_during]
    return not any(_is_within(start + offset * _DAY, periods) for offset in range(rotation.overlap + 1))


def _is_within(day: date, periods: Sequence[tuple[Day, Day]]) -> bool:
    here = (day.month, day.day)
    return any(
        first <= here <= last if first <= last else here >= first or here <= last  # over the turn of the year
        for first, last in periods
    )
