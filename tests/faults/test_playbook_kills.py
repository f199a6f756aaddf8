# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of C(ansible-playbook) that are killed as a whole: the program, its workers and its modules, at moments spread over the run.

Each of them starts Ansible, so that C(make test) leaves them out.
"""

from __future__ import annotations

import json
import signal
import subprocess

import pytest

from tests._playbook import ANSIBLE_PLAYBOOK, environment_in, kill_run
from tests.core._actions import PASSWORD
from tests.faults._campaign import FAILED, REAL_SLEEP, UNHARMED, WRONG, Campaign
from tests.faults._counts import Counts
from tests.faults._processes import Processes, seconds_of
from tests.faults._stage import Stage

MOMENTS = 20
SIGNALS = (signal.SIGKILL, signal.SIGTERM)


def start(stage: Stage, playbook: str) -> subprocess.Popen[bytes]:
    """Starts a playbook on the present project. What it prints, and its temporary files, are among
    the files that are searched for secrets."""
    base = stage.base(playbook)
    home = stage.root / "runs" / "home"
    home.mkdir(parents=True)
    # As an encrypted file of variables would be, these are outside of the searched folders.
    password, given = stage.root / "vault-password", stage.root / "given.json"
    password.write_text(PASSWORD)
    given.write_text(json.dumps({f"workiva_{name}": value for name, value in base.variables.items()}))
    options = ("-e", f"workiva_project={stage.project}", "-e", f"@{given}", "--vault-id", f"default@{password}")
    with (home / "output").open("wb") as output:
        return subprocess.Popen(
            [ANSIBLE_PLAYBOOK, "-i", "localhost,", f"integrations.workiva.{playbook}", *options],
            cwd=home,
            env=environment_in(home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


@pytest.mark.parametrize("with_signal", SIGNALS, ids=lambda one: one.name)
@pytest.mark.parametrize("playbook", ["onboard", "handover"])
def test_killed_playbook_leaves_whole_files_and_the_next_run_converges(
    campaign: Campaign, counts: Counts, playbook: str, with_signal: signal.Signals
) -> None:
    processes, stage = Processes(campaign), campaign.stage
    processes.restore(playbook)
    longest = seconds_of(lambda: start(stage, playbook).wait())
    output = (stage.root / "runs/home/output").read_text()
    assert not processes.wrong_after(playbook), output
    assert "failed=0" in output, output
    wrong = []
    for number in range(MOMENTS):
        seconds = longest * (number + 0.5) / MOMENTS
        processes.restore(playbook)
        run = start(stage, playbook)
        REAL_SLEEP(seconds)
        code = kill_run(run, stage.root / "runs/home", with_signal)
        found = processes.wrong_after(playbook)
        outcome = WRONG if found else FAILED if code else UNHARMED
        counts.add("kills", f"{with_signal.name} of ansible-playbook {playbook}", outcome, wrong=found)
        wrong += [(seconds, found)] if found else []
    assert not wrong
