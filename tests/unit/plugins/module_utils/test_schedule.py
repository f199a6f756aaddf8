# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a grant is to be rotated: dates and periods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.schedule import (
    Rotation,
    find_due_day,
    find_reason,
    has_free_day,
    read_period,
)

EXPIRES, STORED = date(2027, 6, 30), date(2026, 7, 1)
DAYS = st.dates(date(2025, 1, 1), date(2035, 12, 31))


def due(rotation: Rotation, expires: date | None = EXPIRES, stored_on: date | None = STORED) -> date | None:
    found = find_due_day(rotation, expires, stored_on)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [
        (Rotation(), None),
        (Rotation(before_expiry=30), date(2027, 5, 31)),
        (Rotation(every=90), date(2026, 9, 29)),
        (Rotation(before_expiry=30, every=365), date(2027, 5, 31)),
        # A rotation takes its overlap, and is over before a period begins.
        (Rotation(before_expiry=30, not_during=("05-20..06-10",)), date(2027, 5, 12)),
        (Rotation(before_expiry=30, overlap=0, not_during=("05-20..06-10",)), date(2027, 5, 19)),
        (Rotation(before_expiry=30, not_during=("05-20..06-10", "05-01..05-12")), date(2027, 4, 23)),
        (Rotation(every=180, not_during=("12-20..01-10",)), date(2026, 12, 12)),
    ],
)
def test_grant_is_due_before_its_expiry_at_its_age_and_outside_of_periods(
    rotation: Rotation, expected: date | None
) -> None:
    assert due(rotation) == expected


def test_grant_without_a_date_is_due_by_its_age_only() -> None:
    assert due(Rotation(before_expiry=30, every=90), None) == date(2026, 9, 29)
    assert due(Rotation(before_expiry=30, every=90), EXPIRES, None) == date(2027, 5, 31)


def test_rotation_that_is_late_waits_for_the_end_of_a_period_unless_the_grant_expires_meanwhile() -> None:
    rotation = Rotation(before_expiry=60, not_during=("05-20..06-10",))
    assert find_reason(rotation, EXPIRES, STORED, date(2027, 5, 25)) is None
    assert find_reason(rotation, EXPIRES, STORED, date(2027, 6, 11)) is not None
    assert find_reason(rotation, date(2027, 6, 12), STORED, date(2027, 5, 25)) == (
        "The grant expires on 2027-06-12, and is declared to be rotated 60 days before."
    )


@pytest.mark.parametrize(
    "text", ["", "03-20", "03-20..", "13-01..01-01", "02-30..03-01", "03-20..04-10 ", "2027-03-20..2027-04-10"]
)
def test_period_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgument, match="a period of every year"):
        read_period(text)


def test_periods_that_cover_the_year_leave_no_day() -> None:
    assert not has_free_day(Rotation(not_during=("01-01..12-31",)))
    assert not has_free_day(Rotation(overlap=7, not_during=("01-05..12-31",)))
    assert has_free_day(Rotation(overlap=3, not_during=("01-05..12-31",)))


@given(DAYS, DAYS, st.integers(1, 400), st.integers(0, 60), DAYS, st.integers(0, 60))
def test_due_day_is_free_and_never_later_than_without_periods(
    expires: date, stored_on: date, before: int, overlap: int, start: date, length: int
) -> None:
    end = start + timedelta(days=length)
    period = f"{start:%m-%d}..{end:%m-%d}"
    plain = Rotation(before, None, overlap)
    limited = Rotation(before, None, overlap, (period,))
    with_period, without = due(limited, expires, stored_on), due(plain, expires, stored_on)
    assert with_period is not None
    assert without is not None
    assert with_period <= without
    if find_reason(limited, expires, stored_on, with_period) is None:
        raise AssertionError("it is due on its due day")


@given(DAYS, st.integers(1, 400), DAYS)
def test_grant_is_due_from_its_due_day_on(expires: date, before: int, today: date) -> None:
    rotation = Rotation(before)
    assert (find_reason(rotation, expires, None, today) is not None) == (today >= expires - timedelta(days=before))
