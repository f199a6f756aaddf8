# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stages run side by side, are all run, and what each prints can be read; environments are made once."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import environment
import pytest
import test

# Prints in two parts, and ends only when another stage has printed its first: they run at the same time, or for ever.
TOGETHER = """
import sys, time
from pathlib import Path
here, own, other = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
print(own, "begins", flush=True)
(here / own).touch()
while not (here / other).exists():
    time.sleep(0.01)
print(own, "ends", flush=True)
sys.exit(own == "bad")
"""


def run(tmp_path: Path, shown: list[str], beside: list[str], waits_for: dict[str, str]) -> dict[str, test.Outcome]:
    def command(name: str) -> tuple[str, ...]:
        return (sys.executable, "-c", TOGETHER, str(tmp_path), name, waits_for.get(name, name))

    runner = test.Runner(command)
    runner.run(shown, beside)
    return runner.outcomes


def test_stages_run_side_by_side_and_each_of_them_although_one_fails(tmp_path: Path, capfd: Any) -> None:
    outcomes = run(tmp_path, ["pytest"], ["bad", "good"], {"pytest": "bad", "bad": "pytest"})
    assert {name: outcome.passed for name, outcome in outcomes.items()} == {"pytest": True, "bad": False, "good": True}
    printed = capfd.readouterr().out
    assert "bad begins\nbad ends\n== bad: FAILED\n" in printed
    assert "good begins\ngood ends\n== good: passed\n" in printed
    assert printed.index("pytest begins") < printed.index("bad begins")


def test_stages_of_one_core_run_two_at_a_time_where_no_other_runs(tmp_path: Path) -> None:
    outcomes = run(tmp_path, [], ["one", "two"], {"one": "two", "two": "one"})
    assert all(outcome.passed for outcome in outcomes.values())


def test_summary_has_the_time_of_each_stage_and_of_the_whole() -> None:
    outcomes = [("unit", test.Outcome(True, 61.2, 99.0)), ("lint", test.Outcome(False, 40.0, 40.0))]
    lines = [line.split() for line in test.summary(outcomes, 70.4).splitlines()]
    assert lines[1:] == [
        ["unit", "passed", "61", "s", "99", "s"],
        ["lint", "FAILED", "40", "s", "40", "s"],
        ["all", "70", "s"],
        ["stages:", "1", "passed,", "1", "failed"],
    ]


def test_an_unknown_stage_is_named_and_nothing_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert test.main(["unit", "untit"]) == 2
    assert "There is no stage untit. The stages: format_and_lint, types, unit," in capsys.readouterr().out


def test_an_environment_that_two_stages_need_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    first = threading.Event()

    def make(*command: Any, **_how: Any) -> None:
        made.append(str(command[1]))
        first.set()
        # The other stage has time to find that nothing is there yet.
        other.join(0.3)
        (tmp_path / "env").mkdir(exist_ok=True)

    monkeypatch.setattr(environment, "BUILD", tmp_path)
    monkeypatch.setattr(environment, "run", make)
    monkeypatch.setattr(environment, "uv", lambda: Path("uv"))
    other = threading.Thread(target=lambda: first.wait() and environment.environment("env", Path("python"), "x"))
    other.start()
    environment.environment("env", Path("python"), "x")
    other.join()
    assert made == ["venv", "pip"]
