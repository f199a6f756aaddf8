# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The problems of a grant in a summary, where it has open work orders."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.integrations.workiva.plugins.plugin_utils._results import FindingResult
from tests.unit.plugins.plugin_utils.test_summary import grant, lines, order


def test_problem_of_a_grant_names_no_order_about_its_previous_grant_but_where_that_is_the_only_one() -> None:
    drifted = grant(health="drifted", findings=(FindingResult("drifted", "The grant does not have file:write."),))
    retire = replace(order(), number="payroll-sync.main.3", kind="retire")
    edits = [replace(order(), number=f"payroll-sync.main.{number}", kind="edit") for number in (10, 4)]
    found = lines(grants=(drifted,), orders=(edits[0], retire, edits[1]))
    assert "      Work order: payroll-sync.main.4, payroll-sync.main.10" in found
    assert "      Work order: payroll-sync.main.3" in lines(grants=(drifted,), orders=(retire,))


def test_credentials_that_could_not_be_verified_are_a_problem_although_their_order_is_open() -> None:
    detail = "Credentials are stored and could not be verified yet. No answer."
    kept = grant(stage="received", health="unchecked", findings=(FindingResult("unchecked", detail),))
    assert f"    grant main: unchecked. {detail}" in lines("handover", grants=(kept,), orders=(order(),))
    nothing = replace(kept, stage="requested", findings=(FindingResult("unchecked", "No credentials are stored."),))
    assert "No credentials are stored." not in "".join(lines("handover", grants=(nothing,), orders=(order(),)))


def test_verify_announces_the_order_about_a_grant_that_is_fine() -> None:
    """As between the last delivery and the next onboard, which asks for the end of the previous grant."""
    following = "End the previous grant as its work order says. Then confirm it in handover."
    due = grant(next=following, waits_for="an administrator")
    text = f"    grant main of payroll-sync: {following} onboard opens the work order."
    assert text in lines("verify", grants=(due,))
    assert not any("onboard opens" in line for line in lines(grants=(due,), orders=(replace(order(), kind="retire"),)))


def test_verify_announces_the_order_to_delete_a_grant_that_is_not_needed() -> None:
    following = "Delete the grant as the work order says."
    unwanted = grant(health="unwanted", findings=(FindingResult("unwanted", "It is marked absent."),), next=following)
    assert f"      Next: {following} onboard opens the work order." in lines("verify", grants=(unwanted,))
