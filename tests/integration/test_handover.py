# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook handover at a terminal, called by the command that the work order and the summary print."""

from __future__ import annotations

import html
import json
import os
import re
import shlex
from typing import Any

import pytest
import yaml

from tests._terminal import Terminal
from tests.integration._job import BIN, Job


def test_the_printed_command_runs_as_printed_and_asks_which_order(job: Job) -> None:
    job.keep_only("payroll-sync")
    job.play("onboard")
    number = "administrator.organization.1"
    page = (job.project / f"work-orders/{number}.html").read_text("utf-8")
    (printed,) = {html.unescape(text) for text in re.findall(r'<code data-copy="command">(.*?)</code>', page)}
    assert printed == "ansible-playbook handover.yml --vault-id test@prompt"
    # A page is for everybody; who started the run has the password in the same file again.
    own = f"ansible-playbook handover.yml --vault-id test@{job.password}"
    assert f"run in the project folder: {own}\n" in job.output
    assert f"    {printed}\n" in (job.project / f"work-orders/{number}.md").read_text("utf-8")
    job.people()
    (pair,) = yaml.safe_load(job.handed_over.read_text())["workiva_handed_over"]

    # Not by run_playbook: the printed command is what is tested, at a terminal.
    name, *words = shlex.split(printed)
    environment = {**os.environ, "HOME": str(job.folder), "ANSIBLE_NOCOLOR": "1"}
    terminal = Terminal([str(BIN / name), *words], job.project, environment)
    terminal.answer("Vault password (test): ", job.password.read_text().strip())
    terminal.answer("Which do you hand over or confirm?", "1")
    assert f"1  {number}: add the grant" in terminal.shown
    # Nothing is stored under this vault id yet.
    terminal.answer("Confirm vault password (test):", job.password.read_text().strip())
    terminal.answer("Client ID (press Enter to skip this grant): ", pair["client_id"])
    terminal.answer("Client Secret (not shown; press Enter to skip this grant): ", pair["client_secret"])
    terminal.answer("Expires as the screen shows it", "")
    assert terminal.end() == 0, terminal.shown
    assert pair["client_secret"] not in terminal.shown
    assert job.orders() == []
    assert "no open work orders" in terminal.shown


def test_a_run_stops_before_anything_is_accepted(job: Job) -> None:
    """An entry that matches nothing, credentials that no task reads; a secret in the wrong field is not shown. Every other
    mistake in a variable is tested in unit/plugins/plugin_utils/test_run.py."""
    (pair,) = asked_for(job)
    misspelt = {**pair, "grant": "organisation"}
    swapped = {**pair, "integration": pair["client_secret"]}
    is_refused(
        job,
        pair["client_secret"],
        (
            "handover",
            {"workiva_handed_over": [pair, misspelt]},
            "entry 2: administrator has no grant organisation. Did you",
        ),
        ("onboard", {"workiva_handed_over": [swapped]}, "entry 1: there is no integration of this name. Declared: "),
        ("verify", {"workiva_handed_over": [pair]}, "workiva_handed_over: verify does not read it."),
    )
    # What a survey leaves unanswered is not given.
    empty = ("done", "only", "survey_client_id", "changes", "today")
    (job.folder / "given.json").write_text(json.dumps({f"workiva_{name}": "" for name in empty}))
    job.play("handover", "-e", f"@{job.folder / 'given.json'}")


@pytest.mark.long
def test_a_run_stops_at_each_wrong_name(job: Job) -> None:
    (pair,) = asked_for(job)
    is_refused(
        job,
        pair["client_secret"],
        (
            "onboard",
            {"workiva_onyl": "payroll-sync"},
            "workiva_onyl: there is no variable of this name. Did you mean workiva_only?",
        ),
        (
            "handover",
            {"workiva_handed_over": [pair], "workiva_only": "payrol-sync"},
            "workiva_only: there is no integration payrol-sync. Did you mean payroll-sync?",
        ),
        ("handover", {"workiva_done": "payroll-sync.main.7"}, "workiva_done, entry 1: there is no work order"),
        ("verify", {"workiva_fail_on": "rejectd"}, "workiva_fail_on: entry 1 must be one of"),
    )


def asked_for(job: Job) -> list[dict[str, Any]]:
    """What people hand over for the first work order."""
    job.keep_only("payroll-sync")
    job.play("onboard")
    job.people()
    pairs: list[dict[str, Any]] = yaml.safe_load(job.handed_over.read_text())["workiva_handed_over"]
    return pairs


def is_refused(job: Job, secret: str, *runs: tuple[str, dict[str, Any], str]) -> None:
    """Runs playbooks with variables: each run says what is wrong, changes nothing, sends nothing, and shows no secret."""
    before, sent = job.content(), job.requests()
    for playbook, variables, said in runs:
        (job.folder / "given.json").write_text(json.dumps(variables))
        job.play(playbook, "-e", f"@{job.folder / 'given.json'}", "-vvvvv", "--diff", fails=True)
        output = " ".join(job.output.split())
        assert said in output, output
        assert ("Keep the file with the credentials" in output) == ("workiva_handed_over" in variables)
        assert secret not in output
    assert job.content() == before
    assert job.requests() == sent
