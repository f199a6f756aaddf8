# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A command that runs at a terminal of its own, with a person who answers its questions."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pexpect
from pexpect import fdpexpect

# Takes the terminal as its own before it becomes the command: no fork of this process, which has threads.
_AT_A_TERMINAL = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


class Terminal:
    """Starts the command. C(shown) is what the terminal showed so far."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        here, there = pty.openpty()
        # As wide as a person's terminal: 50 lines of 200 characters.
        fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self._run = subprocess.Popen(
            [sys.executable, "-c", _AT_A_TERMINAL, *command],
            **{"stdin": there, "stdout": there, "stderr": there, "start_new_session": True},
            cwd=folder,
            env=dict(environment),
        )
        os.close(there)
        self._here = here
        self._terminal = fdpexpect.fdspawn(here, encoding="utf-8", timeout=120)
        self.shown = ""

    def answer(self, question: str, text: str) -> None:
        """Waits for a question and types the answer to it."""
        if self._terminal.expect_exact([question, pexpect.TIMEOUT, pexpect.EOF]):
            raise AssertionError(f"not asked: {question}\n{self.shown}{self._terminal.before}")
        self.shown += str(self._terminal.before) + question
        self._wait_until_it_reads()
        self._terminal.send(text + "\r")

    def _wait_until_it_reads(self) -> None:
        """Ansible changes the terminal after it showed a question, and drops what was typed before."""
        for _attempt in range(300):
            flags = termios.tcgetattr(self._here)[3]
            if not flags & termios.ICANON or not flags & termios.ECHO:
                break
            time.sleep(0.1)
        time.sleep(0.3)

    def end(self) -> int:
        """Waits for the command's end; returns its exit code."""
        self._terminal.expect(pexpect.EOF)
        self.shown += str(self._terminal.before)
        code = self._run.wait()
        self._terminal.close()
        return code
