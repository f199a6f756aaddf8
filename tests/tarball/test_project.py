# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project that the playbook start wrote, in the hands of the tools that its users have: ansible-lint, ansible-navigator, pre-commit."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests._started_project import BIN, started
from tests._started_project import run as command_run


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


def lint(project: Path, *files: str) -> tuple[int, str]:
    return run(project, "ansible-lint", "--offline", "--profile", "production", "--strict", *files)


def test_ansible_lint_finds_nothing_in_it(project: Path) -> None:
    status, output = lint(project)
    assert status == 0, output
    assert "Passed: 0 failure(s), 0 warning(s)" in output
    # It did look at the playbooks.
    (project / "verify.yml").write_text("- import_playbook: integrations.workiva.verify\n")
    status, output = lint(project, "verify.yml")
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
    assert "workiva.yml:5: workiva.region must be" in output, output


def test_pre_commit_refuses_a_commit_with_a_mistake_in_the_project(project: Path) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")

    def git(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            ["git", *identity, *words],
            cwd=project,
            env={**os.environ, "HOME": str(project.parent), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout

    assert git("init", "--quiet") == (0, "")
    status, output = run(project, "pre-commit", "install")
    assert status == 0, output
    git("add", "--all")
    status, output = git("commit", "--message", "Start")
    assert status == 0, output
    assert re.search(r"Check the integrations with Workiva\.+Passed", output), output

    settings = project / "workiva.yml"
    settings.write_text(settings.read_text().replace("region: us", "region: mars"))
    git("add", "--all")
    status, output = git("commit", "--message", "A mistake")
    assert status != 0
    assert "workiva.yml:5: workiva.region must be" in output, output
    assert git("log", "--format=%s")[1] == "Start\n"

    # A commit that only deletes files is checked too.
    git("reset", "--quiet", "--hard")
    git("rm", "--quiet", "workiva.yml")
    status, output = git("commit", "--message", "Without the settings")
    assert status != 0, output
    assert "workiva.yml" in output
