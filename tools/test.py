# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the checks of this repository: C(python3 tools/test.py [stage ...]); without a stage, all but those that take long.

Every stage runs even where an earlier one failed, so that one run shows all. C(stages.py) has the stages. Those that start
pytest's workers run one after the other, and what they print is shown while they run. Those that keep one core busy at most
run beside them, one at a time, and what one of them prints is shown whole when it ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from environment import uv
from stages import BESIDE, BY_NAME, STAGES


@dataclass(frozen=True)
class Outcome:
    """A stage that has ended: its time, and that of the processors in it and in all that it started."""

    passed: bool
    seconds: float
    processor_seconds: float

    def __str__(self) -> str:
        verdict = "passed" if self.passed else "FAILED"
        return f"{verdict:8} {self.seconds:6.0f} s {self.processor_seconds:8.0f} s"


class Runner:
    """Runs each stage in a process of its own. C(command) is what runs a stage of that name."""

    def __init__(self, command: Callable[[str], Sequence[str]]) -> None:
        self._command = command
        self._lock = threading.Lock()
        self.outcomes: dict[str, Outcome] = {}

    def run(self, shown: Sequence[str], beside: Sequence[str]) -> None:
        """Runs the stages of both lists, two at a time."""
        waiting = deque(beside)
        # A daemon, so that an interrupt of this thread ends the program.
        other = threading.Thread(target=self._run_beside, args=(waiting,), daemon=True)
        other.start()
        for name in shown:
            self._run(name, None)
        self._run_beside(waiting)
        other.join()

    def _run_beside(self, waiting: deque[str]) -> None:
        while True:
            try:
                name = waiting.popleft()
            except IndexError:
                return
            with tempfile.TemporaryFile() as output:
                self._run(name, output)
                output.seek(0)
                with self._lock:
                    sys.stdout.write(output.read().decode(errors="replace"))
                    sys.stdout.write(f"== {name}: {'passed' if self.outcomes[name].passed else 'FAILED'}\n")
                    sys.stdout.flush()

    def _run(self, name: str, output: BinaryIO | None) -> None:
        start = time.monotonic()
        process = subprocess.Popen(
            self._command(name), stdout=output, stderr=None if output is None else subprocess.STDOUT
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        self.outcomes[name] = Outcome(process.returncode == 0, seconds, usage.ru_utime + usage.ru_stime)


def summary(outcomes: Sequence[tuple[str, Outcome]], seconds: float) -> str:
    """The last lines: each stage, the time of the whole, and how many failed."""
    failed = sum(not outcome.passed for _name, outcome in outcomes)
    lines = [f"{name:16} {outcome}" for name, outcome in outcomes]
    return "\n".join(
        [
            f"{'== summary':25} {'wall':>8} {'processors':>10}",
            *lines,
            f"{'all':25} {seconds:6.0f} s",
            f"stages: {len(outcomes) - failed} passed, {failed} failed",
        ]
    )


def main(wanted: Sequence[str]) -> int:
    """Runs the stages named on the command line, or all, and prints what passed."""
    unknown = [name for name in wanted if name not in STAGES]
    if unknown:
        print(f"There is no stage {', '.join(unknown)}. The stages: {', '.join(STAGES)}.")
        return 2
    uv()
    names = wanted or [name for name in STAGES if name not in BY_NAME]
    # One stage alone is shown while it runs.
    beside = [name for name in names if name in BESIDE and len(names) > 1]
    start = time.monotonic()
    runner = Runner(lambda name: (sys.executable, "-u", str(Path(__file__).with_name("stages.py")), name))
    runner.run([name for name in names if name not in beside], beside)
    print(f"\n{summary([(name, runner.outcomes[name]) for name in names], time.monotonic() - start)}")
    return 0 if all(outcome.passed for outcome in runner.outcomes.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
