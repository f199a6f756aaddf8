# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(make demo PEOPLE=me) over a terminal to its end, with a person who does what the work orders say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pexpect
import yaml

ROOT = Path(__file__).resolve().parents[2]
# Two integrations, in a folder of the test.
SCRIPT = """\
import sys
from pathlib import Path
sys.path.insert(0, {tools!r})
import demo
for name in ("PROJECT", "SIMULATOR", "HANDED_OVER", "COPY", "PASSWORD", "RECORD"):
    setattr(demo, name, Path({folder!r}) / getattr(demo, name).relative_to(demo.BUILD / "demo"))
demo.INTEGRATIONS = [path for path in demo.INTEGRATIONS if path.stem in ("payroll-sync", "audit-reader")]
sys.argv = ["demo.py", "--people"]
sys.exit(demo.main())
"""
READY = "Then press Enter. The playbook handover asks which of them you answer: "
CHOICE = r"Which do you hand over or confirm\?.*?: "
QUESTIONS = [
    r"The credentials of the grant (\S+) of (\S+) ",
    "Client ID \\(",
    "Client Secret \\(",
    "Expires as the screen shows it",
    "Is it done, just as the order says",
    re.escape(READY),
    CHOICE,
    "The demo took",
    "Confirm vault password",
    pexpect.EOF,
]


class Person:
    """Fulfils the open orders in the console of the simulator, and answers what is asked."""

    def __init__(self, folder: Path, terminal: Any) -> None:
        self._folder = folder
        self._terminal = terminal
        self._pairs: dict[tuple[str, str], dict[str, str]] = {}
        self.secrets: list[str] = []

    def fulfil(self) -> None:
        """What the console showed is remembered, as a person who has the window open."""
        handed_over = self._folder / "handed-over.yml"
        handed_over.unlink(missing_ok=True)
        simulator = ROOT / ".build/simulator/bin/python"
        words = ["--orders", str(self._folder / "project/work-orders"), "--handed-over", str(handed_over)]
        command = [str(simulator), "-m", "workiva_simulator", "administrator", *words]
        subprocess.run([*command, "--directory", str(self._folder / "simulator")], check=True, capture_output=True)
        content = yaml.safe_load(handed_over.read_text())
        self._pairs = {(pair["integration"], pair["grant"]): pair for pair in content.get("workiva_handed_over") or []}
        self.secrets += [pair["client_secret"] for pair in self._pairs.values()]

    def answer_all(self) -> None:
        """Until the demo is at its end."""
        pair: dict[str, str] = {}
        while True:
            asked = self._terminal.expect(QUESTIONS, timeout=240)
            if asked == 0:
                pair = self._pairs[(self._terminal.match[2], self._terminal.match[1])]
            elif asked in (1, 2):
                self._terminal.send(pair["client_id" if asked == 1 else "client_secret"] + "\r")
            elif asked in (3, 4):
                self._terminal.send("\r" if asked == 3 else "yes\r")
            elif asked == 5:
                self.fulfil()
                self._terminal.send("\r")
            elif asked == 6:
                self._terminal.send("all\r")
            elif asked == 7:
                self._terminal.expect(pexpect.EOF)
                return
            elif asked == 8:
                self._terminal.send((self._folder / "vault-password").read_text().strip() + "\r")
            else:
                raise AssertionError("the demo ended before its end")


def test_a_person_does_the_whole_demo_at_a_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    script = SCRIPT.format(tools=str(ROOT / "tools"), folder=str(folder))
    transcript = (tmp_path / "transcript").open("w+", encoding="utf-8")
    terminal = pexpect.spawn(
        sys.executable,
        ["-c", script],
        cwd=str(ROOT),
        env={**os.environ, "NO_COLOR": "1"},
        encoding="utf-8",
        dimensions=(50, 200),
    )
    terminal.logfile_read = transcript
    # Ansible changes the terminal after it showed a question, and drops what was typed before.
    terminal.delaybeforesend = 0.5
    person = Person(folder, terminal)
    try:
        person.answer_all()
        terminal.close()
        shown = (tmp_path / "transcript").read_text("utf-8")
        assert terminal.exitstatus == 0, shown[-3000:]
        # The administrator's grant and one for each integration.
        assert len(person.secrets) == 3
        for secret in person.secrets:
            assert secret not in shown
    finally:
        transcript.close()
        simulator = ROOT / ".build/simulator/bin/python"
        words = ("-m", "workiva_simulator", "stop", "--directory", str(folder / "simulator"))
        subprocess.run([str(simulator), *words], check=False, capture_output=True)
