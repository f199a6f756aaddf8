# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The merge of two jobs that worked on the credentials of one grant while it has previous ones."""

from __future__ import annotations

from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.changes import Snapshot
from tests.unit.plugins.plugin_utils.test_project_changes import NAMES, Entry, beside, merge, pair, read, written

CURRENT = pair("c5", "five", expires="2027-11-24", number="5")
PREVIOUS = beside("previous_", pair("c4", "four", expires="2026-12-24", number="4"))
ROTATED = {**CURRENT, **PREVIOUS}
BEFORE = pair("c4", "four", expires="2026-12-24", number="4")


def merged_entry(base: Entry, ours: Entry, theirs: Entry) -> Entry:
    sides = [Snapshot(written({NAMES[0]: entry})) for entry in (base, ours, theirs)]
    return read(merge(*sides).credentials)[NAMES[0]]


def test_previous_credentials_that_one_job_closed_stay_closed_beside_a_new_date_of_another() -> None:
    for dated in ({**ROTATED, "expires": "2028-01-31"}, {**ROTATED, "previous_expires": "2026-11-30"}):
        closed = {key: value for key, value in dated.items() if not key.startswith("previous_")}
        assert merged_entry(ROTATED, CURRENT, dated) == closed
        assert merged_entry(ROTATED, dated, CURRENT) == CURRENT


def test_a_rotation_of_one_job_keeps_the_date_that_another_attested_for_the_previous_credentials() -> None:
    dated = {**BEFORE, "expires": "2027-01-31"}
    assert merged_entry(BEFORE, ROTATED, dated) == {**ROTATED, "previous_expires": "2027-01-31"}


def test_a_rotation_that_two_jobs_accepted_is_one() -> None:
    other = {**pair("c5", "five", "salt", expires="2027-11-24", number="5"), **PREVIOUS}
    assert merged_entry(BEFORE, ROTATED, other) == other


def test_different_new_credentials_of_two_jobs_are_both_kept() -> None:
    other = {**pair("c6", "six", expires="2027-11-25", number="5"), **PREVIOUS}
    expected = {**other, **beside("received_", pair("c5", "five"))}
    assert merged_entry(BEFORE, ROTATED, other) == expected


def test_rotation_of_one_job_and_a_new_secret_of_the_former_grant_by_another_are_both_kept() -> None:
    regenerated = pair("c4", "four again", expires="2027-03-31", number="5")
    expected = {**ROTATED, **beside("previous_", pair("c4", "four again", expires="2027-03-31", number="4"))}
    assert merged_entry(BEFORE, ROTATED, regenerated) == expected
    assert merged_entry(BEFORE, regenerated, ROTATED) == expected
    # After a leak the older secret is kept beside the new one: both end with their grant.
    leaked = {**regenerated, **beside("previous_", pair("c4", "four", "salt", number="4"))}
    assert merged_entry(BEFORE, ROTATED, leaked) == expected
    assert merged_entry(BEFORE, leaked, ROTATED) == expected
