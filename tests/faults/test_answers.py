# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault at every request of the playbooks. In C(make test) some faults happen to one request of one playbook each."""

from __future__ import annotations

import pytest

from tests.faults._campaign import PLAYBOOKS, WRONG, Campaign
from tests.faults._counts import Counts, is_whole, sample
from tests.faults._matrix import FAULTS, Fault, Target

PLACES = ("first", "last", "middle")
# In make test, where each run costs half a second: half of the faults, in the playbook with the fewest requests or the most writes.
_CHOSEN = [
    ("first", fault, ("handover", "onboard")[number % 3 == 0]) for number, fault in enumerate(sample(FAULTS, 2, 1))
]
_ALL = [(place, fault, playbook) for place in PLACES for playbook in PLAYBOOKS for fault in FAULTS]
CELLS = _ALL if is_whole() else [one for one in _CHOSEN if one[1].kind != "operation_fails" or one[2] == "onboard"]


def found_at(place: str, targets: list[Target]) -> list[Target]:
    """The first requests with their method and path, the last ones that are not the first, or those between."""
    last = {(target.method, target.path): target.number for target in targets}
    kinds = {"first": lambda one: one.number == 0, "last": lambda one: 0 < one.number == last[(one.method, one.path)]}
    chosen = kinds.get(place, lambda one: 0 < one.number < last[(one.method, one.path)])
    return [target for target in targets if chosen(target)]


@pytest.mark.parametrize(
    ("place", "fault", "playbook"),
    CELLS,
    ids=[f"{fault.name} in {playbook}, {place}" for place, fault, playbook in CELLS],
)
def test_run_with_a_fault_reports_it_and_the_next_run_converges(
    campaign: Campaign, counts: Counts, place: str, fault: Fault, playbook: str
) -> None:
    targets = found_at(place, campaign.targets(playbook, fault))
    wrong = []
    for target in targets if is_whole() else targets[FAULTS.index(fault) % max(1, len(targets)) :][:1]:
        outcome, trouble = campaign.cell(playbook, fault, target)
        counts.add("answers", fault.name, outcome, playbook=playbook, request=str(target), wrong=trouble)
        if outcome == WRONG:
            wrong.append((target, trouble))
    assert not wrong
