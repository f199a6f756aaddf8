# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project that the playbook start wrote, and the commands that its users type there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests._playbook import run_playbook

BIN = Path(sys.executable).parent
EXAMPLE_ORGANIZATION = "00000000-0000-0000-0000-000000000000"


def run(folder: Path, command: str, *words: str, **environment: str) -> tuple[int, str]:
    """One of the commands of this environment; its exit code and all that it said."""
    done = subprocess.run(
        [str(BIN / command), *words],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", **environment},
        stdin=subprocess.DEVNULL,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout


def started(folder: Path) -> Path:
    """The project folder as it is written, with other values in place of the examples, which no playbook accepts."""
    project = folder / "workiva"
    run_playbook("integrations.workiva.start", "-e", f"workiva_project={project}", folder=folder)
    settings = project / "workiva.yml"
    text = settings.read_text()
    assert EXAMPLE_ORGANIZATION in text
    text = text.replace(EXAMPLE_ORGANIZATION, "d6e178fd-4dd5-47e5-9457-68dd64b03655")
    settings.write_text(text)
    for path in (settings, project / "integrations.d/example.yml.sample"):
        path.write_text(path.read_text().replace("your-company.example", "example.com"))
    return project
