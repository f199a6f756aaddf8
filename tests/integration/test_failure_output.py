# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person sees where a run fails: the message, and as little as possible that Ansible prints around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests._playbook import run_playbook

WORKIVA = """---
workiva:
  version: 1
  region: eu
  organization_id: 5ab0c0ff-0000-4000-8000-000000000000
"""
# What ansible-core adds to an error: where the task is, with lines of its file, and how an assertion was evaluated.
OF_THE_COLLECTION = ("Origin: ", "open.yml", "vault.yml", "- name: ", "^ column", "assertion", "evaluated_to")


def started(folder: Path) -> Path:
    """A project that C(start) wrote, with its ansible.cfg, and without an integration."""
    run_playbook("integrations.workiva.start", folder=folder)
    project = folder / "workiva"
    (project / "workiva.yml").write_text(WORKIVA)
    return project


def shown_by(project: Path, playbook: str, *options: str) -> str:
    """What a failing run prints, without the recap."""
    played = run_playbook(f"integrations.workiva.{playbook}", *options, folder=project, inventory=None, fails=True)
    return played.output.split("\nPLAY RECAP ")[0]


@pytest.mark.parametrize(
    ("playbook", "options", "message"),
    [
        ("check", (), "workiva.yml:4: workiva.region is euu, and must be us, eu or apac."),
        ("verify", ("-e", "workiva_onyl=payroll-sync"), "workiva_onyl: there is no variable of this name."),
    ],
)
def test_failing_task_shows_its_message_and_no_line_of_the_collection(
    tmp_path: Path, playbook: str, options: tuple[str, ...], message: str
) -> None:
    project = started(tmp_path)
    (project / "workiva.yml").write_text(WORKIVA.replace("eu", "euu"))
    shown = shown_by(project, playbook, *options)
    assert message in shown
    assert not [text for text in OF_THE_COLLECTION if text in shown], shown
    # The name of the play, the name of the task, the message (on ansible-core 2.19 and newer with a line for each problem).
    above, _fatal, result = shown.partition("fatal: ")
    assert len([line for line in above.splitlines() if line.strip()]) <= 4, shown
    # The result as YAML, as the ansible.cfg of the project asks for it: no line is so long that a person has to search it.
    assert max(map(len, result.splitlines())) <= 200, shown
    assert len([line for line in result.splitlines() if line.strip()]) <= 15, shown


@pytest.mark.once
def test_verbose_run_shows_where_the_failing_task_is(tmp_path: Path) -> None:
    """For whoever looks for a fault in the collection."""
    project = started(tmp_path)
    shown = shown_by(project, "verify", "-e", "workiva_onyl=payroll-sync", "-vvv")
    assert "Origin: " in shown
    assert "- name: Check the variables of this run" in shown
