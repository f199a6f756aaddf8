# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials in the vault file that are older than those the journal knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Held, Known, is_outdated
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from tests.unit.plugins.module_utils.test_grants import ACCEPTED, CONTROLLED, GRANT, HELD, KNOWN, REFUSED, judged

FIRST, SECOND = "2026-10-01T08:00:00.000000Z", "2026-11-20T08:00:00.000000Z"
NEWER = replace(KNOWN, number=2, stored_at=SECOND, stored_on="2026-11-20")


@pytest.mark.parametrize(
    ("held", "known", "outdated"),
    [
        (replace(HELD, number=2, stored_at=SECOND), NEWER, False),
        (replace(HELD, number=1, stored_at=FIRST), NEWER, True),
        (replace(HELD, number=1), NEWER, True),
        # Written by an older release, which gave no numbers.
        (replace(HELD, stored_at=FIRST), NEWER, True),
        # A run was killed before it wrote its events: the file is newer than the journal.
        (replace(HELD, number=3, stored_at="2026-11-24T08:00:00.000000Z"), NEWER, False),
        # The clocks of two machines differ.
        (replace(HELD, number=3, stored_at=FIRST), NEWER, False),
        # The credentials before became the present ones again, and the run was killed before it wrote that down.
        (replace(HELD, number=1, stored_at="2026-11-24T08:00:00.000000Z"), NEWER, False),
        # A copy from before a rotation was given up: the journal knows that number.
        (replace(HELD, number=3, stored_at=FIRST), replace(NEWER, last_number=3), True),
        # Written by hand.
        (HELD, NEWER, False),
        (replace(HELD, number=1, stored_at=FIRST), Known(), False),
        (replace(HELD, number=1, stored_at=FIRST), replace(NEWER, retired=True, stage="retired"), False),
        (Held("c1", damaged="cannot be decrypted", number=1, stored_at=FIRST), NEWER, False),
    ],
)
def test_older_credentials_are_recognized_by_number_and_time(held: Held, known: Known, outdated: bool) -> None:
    assert is_outdated(held, known) == outdated
    assert (judged(held=held, known=known).health == "outdated") == outdated


@pytest.mark.parametrize(("check", "findings"), [(ACCEPTED, ["outdated"]), (REFUSED, ["outdated", "rejected"])])
def test_outdated_credentials_are_judged_by_what_the_journal_knows(check: TokenCheck, findings: list[str]) -> None:
    held = Held("c0", True, "2026-12-01", number=1, stored_at=FIRST)
    found = judged(held=held, known=NEWER, check=check)
    assert [one.finding for one in found.findings] == findings
    assert (
        "number 1 (stored on 2026-10-01), than the journal knows, number 2 (stored on 2026-11-20)"
        in found.findings[0].detail
    )
    (order,) = found.orders
    assert (order.kind, order.client_id, found.expires) == ("regenerate", "c1", "2027-06-30")


def test_rejected_outdated_credentials_do_not_prove_that_a_grant_is_deleted() -> None:
    held = Held("c0", True, "2026-12-01", number=1, stored_at=FIRST)
    found = judged(
        declared=replace(GRANT, state="absent"), held=held, known=NEWER, check=REFUSED, circumstances=CONTROLLED
    )
    assert found.kinds == ("delete",)
    assert "does not prove that the grant is deleted" in found.next


def test_credentials_that_the_file_has_lost_are_outdated() -> None:
    found = judged(held=Held(), known=NEWER, check=None)
    assert (found.health, found.kinds) == ("outdated", ("regenerate",))
    assert found.findings[0].detail == (
        "The credentials file does not hold the credentials that the journal knows, number 2 (stored on 2026-11-20). Restore the newest "
        "version of the file from version control or from a backup."
    )
