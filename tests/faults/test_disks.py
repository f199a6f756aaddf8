# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A disk that becomes full, a folder that cannot be written, two runs at once, and a clock that is wrong."""

from __future__ import annotations

import datetime

import pytest

from tests.faults import _hooks
from tests.faults._campaign import FAILED, UNHARMED, WRONG, Campaign
from tests.faults._counts import Counts, is_whole
from tests.faults._processes import Processes
from tests.faults._stage import Stage, content_of

WRITERS = ("onboard", "handover", "offboard", "rotate")
BOTH = (("onboard", "handover"), ("onboard", "onboard"), ("handover", "handover"), ("offboard", "onboard"))
YEAR = 366 * 24 * 3600.0


@pytest.fixture
def processes(campaign: Campaign) -> Processes:
    return Processes(campaign)


@pytest.mark.parametrize("playbook", WRITERS if is_whole() else ("handover",))
def test_run_on_a_full_disk_names_the_file_and_the_next_run_converges(
    processes: Processes, counts: Counts, playbook: str
) -> None:
    places = processes.places(playbook)
    wrong = []
    for number in range(1, places + 1) if is_whole() else (1, 9):
        ended = processes.run(playbook, _hooks.full_from(number))
        found = [*processes.wrong_words(ended), *processes.wrong_after(playbook)]
        texts = "\n".join(ended.seen.get("texts", ()))
        is_named = "No space left on device" in texts
        if not is_named and number == 1:
            found.append(f"the run does not report that the disk is full: {texts[-500:]}")
        counts.add(
            "files", f"disk full from a write of {playbook} on", WRONG if found else FAILED if is_named else UNHARMED
        )
        wrong += [(number, found)] if found else []
        if not is_named:
            break  # the run has no more writes than these
    assert not wrong


@pytest.mark.parametrize("playbook", WRITERS if is_whole() else WRITERS[:1])
def test_run_in_a_read_only_folder_names_it_and_changes_no_file(
    processes: Processes, counts: Counts, playbook: str
) -> None:
    processes.restore(playbook)
    before = content_of(processes.campaign.stage.project)
    ended = processes.run(playbook, _hooks.read_only())
    found = processes.wrong_words(ended)
    if "Read-only file system" not in "\n".join(ended.seen.get("texts", ())):
        found.append(f"the run does not report it: {ended.seen}")
    if content_of(processes.campaign.stage.project) != before:
        found.append("a file of the project changed")
    found += processes.wrong_after(playbook)
    counts.add("files", f"read-only folder in {playbook}", WRONG if found else FAILED)
    assert not found


@pytest.mark.parametrize("both", BOTH if is_whole() else BOTH[:1], ids="+".join)
def test_two_runs_at_once_leave_what_one_after_the_other_leaves(
    stage: Stage, one_campaign: Campaign, counts: Counts, both: tuple[str, str], request: pytest.FixtureRequest
) -> None:
    processes = Processes(one_campaign)
    goal = "offboard" if "offboard" in both else "handover" if "handover" in both else "onboard"
    assert stage is one_campaign.stage
    wrong = []
    for _round in range(10 if is_whole() else 1):
        # From the base of the one that hands over: what both do is done then, and the plain run is that one.
        processes.restore(goal)
        started = [processes.start(name) for name in both]
        ended = [_hooks.wait(*one) for one in started]
        found = [text for one in ended for text in processes.wrong_words(one)]
        found += processes.wrong_after(goal)
        failed = any(one.code or one.seen.get("failure") for one in ended)
        counts.add("files", f"{both[0]} and {both[1]} at once", WRONG if found else FAILED if failed else UNHARMED)
        wrong += [found] if found else []
    assert not wrong


@pytest.mark.parametrize("offset", [YEAR, -YEAR], ids=["ahead", "behind"])
@pytest.mark.parametrize("playbook", WRITERS if is_whole() else WRITERS[1:2])
def test_run_with_a_clock_that_is_a_year_off_loses_nothing(
    processes: Processes, counts: Counts, playbook: str, offset: float
) -> None:
    processes.restore(playbook)
    today = (datetime.date.today() + datetime.timedelta(seconds=offset)).isoformat()
    ended = _hooks.wait(*processes.start(playbook, lambda: _hooks.shift_clock(offset), today=today))
    found = [*processes.wrong_words(ended), *processes.wrong_after(playbook)]
    which = "ahead" if offset > 0 else "behind"
    counts.add(
        "files",
        f"clock a year {which} in {playbook}",
        WRONG if found else FAILED if ended.seen.get("failure") else UNHARMED,
    )
    assert not found
