# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dates are read in one form on every version of Python."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date


@pytest.mark.parametrize("value", ["2028-02-29", date(2028, 2, 29)])
def test_parse_date_reads_a_date_as_text_and_of_yaml(value: object) -> None:
    assert parse_date(value) == date(2028, 2, 29)


# The first two are dates to date.fromisoformat() since Python 3.11.
@pytest.mark.parametrize(
    "value",
    [
        "20270630",
        "2027-W26-3",
        "2027-02-29",
        "2027-6-30",
        " 2027-06-30",
        "٢٠٢٧-٠٦-٣٠",
        datetime(2027, 6, 30),
        None,
        7,
        "",
    ],
)
def test_parse_date_returns_nothing_for_another_form(value: object) -> None:
    assert parse_date(value) is None
