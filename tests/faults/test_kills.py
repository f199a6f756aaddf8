# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that are killed at each write and each request, and at random moments. In C(make test) at some of them."""

from __future__ import annotations

import random
import signal

import pytest

from tests.faults import _hooks
from tests.faults._campaign import FAILED, UNHARMED, WRONG, Campaign
from tests.faults._counts import Counts, is_whole
from tests.faults._processes import Processes, seconds_of

WRITERS = ("onboard", "handover", "offboard", "verify", "rotate")
SIGNALS = (signal.SIGKILL, signal.SIGTERM)
MOMENTS = 200
# The places of a run are divided among the tests, so that a failure names a part and workers share the time.
PARTS = 8 if is_whole() else 1


@pytest.fixture
def processes(campaign: Campaign) -> Processes:
    return Processes(campaign)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("with_signal", SIGNALS if is_whole() else SIGNALS[:1], ids=lambda one: one.name)
@pytest.mark.parametrize("playbook", WRITERS if is_whole() else ("handover",))
def test_run_killed_at_a_place_leaves_whole_files_and_the_next_run_converges(
    processes: Processes, counts: Counts, playbook: str, with_signal: signal.Signals, part: int
) -> None:
    places = processes.places(playbook)
    numbers = range(1 + part, places + 1, PARTS) if is_whole() else range(3, places + 1, places // 5)
    wrong = []
    for number in numbers:
        ended = processes.run(playbook, _hooks.kill_at(number, with_signal))
        assert ended.code in (-with_signal, 0), ended.seen
        found = processes.wrong_after(playbook)
        outcome = WRONG if found else FAILED if ended.code else UNHARMED
        counts.add("kills", f"{with_signal.name} at a write or request of {playbook}", outcome, wrong=found)
        wrong += [(number, found)] if found else []
    assert not wrong


@pytest.mark.parametrize("part", range(PARTS))
def test_run_killed_at_a_random_moment_leaves_whole_files_and_the_next_run_converges(
    processes: Processes, counts: Counts, part: int
) -> None:
    chance = random.Random(part)
    longest = {
        name: seconds_of(lambda name=name: processes.run(name)) for name in (WRITERS if is_whole() else WRITERS[:1])
    }
    wrong = []
    for _moment in range(MOMENTS // PARTS if is_whole() else 2):
        playbook = chance.choice(list(longest))
        with_signal, seconds = chance.choice(SIGNALS), chance.uniform(0, longest[playbook])
        ended = processes.killed_after(playbook, seconds, with_signal)
        found = processes.wrong_after(playbook)
        outcome = WRONG if found else FAILED if ended.code else UNHARMED
        counts.add("kills", f"{with_signal.name} at a random moment of {playbook}", outcome, wrong=found)
        wrong += [(playbook, seconds, found)] if found else []
    assert not wrong
