# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault at every request of the playbooks. In C(make test) some faults happen to one request of one playbook each."""

from __future__ import annotations

import pytest

from tests.faults._campaign import PLAYBOOKS, WRONG, Campaign
from tests.faults._counts import Counts, is_whole, sample
from tests.faults._matrix import FAULTS, Fault

# In make test, where each run costs half a second: half of the faults, in the playbook with the fewest requests or the most writes.
_CHOSEN = [(fault, ("handover", "onboard")[place % 3 == 0]) for place, fault in enumerate(sample(FAULTS, 2, 1))]
PAIRS = [(fault, playbook) for fault in FAULTS for playbook in PLAYBOOKS] if is_whole() else _CHOSEN


@pytest.mark.parametrize(("fault", "playbook"), PAIRS, ids=[f"{fault.name} in {playbook}" for fault, playbook in PAIRS])
def test_run_with_a_fault_reports_it_and_the_next_run_converges(
    campaign: Campaign, counts: Counts, fault: Fault, playbook: str
) -> None:
    found = campaign.targets(playbook, fault)
    if not found:
        pytest.skip("no request that this fault can happen to")
    wrong = []
    for target in found if is_whole() else found[FAULTS.index(fault) % len(found) :][:1]:
        outcome, trouble = campaign.cell(playbook, fault, target)
        counts.add("answers", fault.name, outcome, playbook=playbook, request=str(target), wrong=trouble)
        if outcome == WRONG:
            wrong.append((target, trouble))
    assert not wrong
