# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Spans of time in options and project files have one notation."""

from __future__ import annotations

import re

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._spans import SPAN_FROM_ONE_DAY, read_days


def test_read_days_accepts_a_number_with_its_unit() -> None:
    assert [read_days(text, "x") for text in ("30d", " 1d ", "0d", "99999d")] == [30, 1, 0, 99999]


@pytest.mark.parametrize(
    "wrong", [30, "30", "", "d", "-1d", "030d", "1.5d", "30 d", "30D", "4w", "100000d", "3\u0660d"]
)
def test_read_days_refuses_everything_else_and_names_the_option(wrong: object) -> None:
    with pytest.raises(
        InvalidArgument, match=r"^warn_before must be a number of days with its unit, for example 30d\.$"
    ):
        read_days(wrong, "warn_before")


def test_lifetime_is_at_least_one_day() -> None:
    assert re.fullmatch(SPAN_FROM_ONE_DAY, "1d")
    assert not re.fullmatch(SPAN_FROM_ONE_DAY, "0d")
