# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter handed_over: the answers of a survey become an entry, and nothing that was handed over is lost."""

from __future__ import annotations

import pytest

from ansible_collections.integrations.workiva.plugins.filter.handed_over import FilterModule, handed_over

ENTRY = {"integration": "payroll-sync", "grant": "filing", "client_id": "id", "client_secret": "Canary"}


def test_answers_of_a_survey_become_an_entry() -> None:
    assert handed_over([], "payroll-sync", "main", "id", "secret") == [
        {"integration": "payroll-sync", "grant": "main", "client_id": "id", "client_secret": "secret", "expires": ""}
    ]


@pytest.mark.parametrize("answers", [{}, {"integration": "payroll-sync", "grant": "main"}])
def test_a_survey_that_hands_nothing_over_adds_no_entry(answers: dict[str, str]) -> None:
    assert handed_over([ENTRY], **answers) == [ENTRY]


def test_an_expiry_alone_is_handed_over() -> None:
    assert [entry["expires"] for entry in handed_over([], "payroll-sync", "main", expires="2027-06-30")] == [
        "2027-06-30"
    ]


def test_entries_of_a_list_are_kept_beside_the_answers() -> None:
    assert len(handed_over([ENTRY], "payroll-sync", "main", "id", "secret")) == 2
    assert FilterModule().filters() == {"handed_over": handed_over}
