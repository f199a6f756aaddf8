# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project that the playbook start wrote, in the hands of the tools that its users have: ansible-lint, ansible-navigator."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests._started_project import run as command_run
from tests._started_project import started


def run(folder: Path, command: str, *words: str) -> tuple[int, str]:
    """With a home of its own, and no colours."""
    home = {"HOME": str(folder.parent), "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8"}
    return command_run(folder, command, *words, **home)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """With its sample filled in as an integration."""
    folder = started(tmp_path)
    (folder / "integrations.d/example.yml.sample").rename(folder / "integrations.d/payroll-sync.yml")
    return folder


def lint(project: Path) -> tuple[int, str]:
    return run(project, "ansible-lint", "--offline", "--profile", "production", "--strict")


def test_ansible_lint_finds_nothing_in_it(project: Path) -> None:
    status, output = lint(project)
    assert status == 0, output
    assert "Passed: 0 failure(s), 0 warning(s)" in output
    # It did look at the playbooks.
    (project / "verify.yml").write_text("- import_playbook: integrations.workiva.verify\n")
    status, output = lint(project)
    assert status != 0
    assert "name[play]" in output, output


def test_ansible_navigator_runs_its_playbooks(project: Path) -> None:
    # A log of its own: what is named there is removed first, whatever it is.
    log = str(project.parent / "navigator.log")
    words = ("run", "check.yml", "--ee", "false", "-m", "stdout", "--pae", "false", "--lf", log)
    status, output = run(project, "ansible-navigator", *words)
    assert status == 0, output
    assert "[WARNING]" not in output, output
    assert f"Nothing is wrong with {project}" in output
    settings = project / "workiva.yml"
    settings.write_text(settings.read_text().replace("region: us", "region: mars"))
    status, output = run(project, "ansible-navigator", *words)
    assert status != 0
    assert "workiva.yml:5: workiva.region must be one of" in output, output
