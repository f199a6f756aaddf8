# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests the collection on every ansible-core that it supports: C(python3 tools/matrix.py [--checks ...] [row ...]).

A row is a series of ansible-core, or C(floor): modules on the oldest Python, requests and cryptography of a target.
What each check gave is written to C(tests/support.json) at once, and the table in README.md is made of that file only.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest_runs
import stages
from environment import BUILD, CORES, ROOT, Unavailable, core_environment, environment, newest_core, python, uv

RESULTS = ROOT / "tests/support.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- support: begin, written by make test-matrix -->", "<!-- support: end -->"
FLOOR = "floor"
# The versions of RHEL 9, whose platform Python is 3.9.
FLOOR_PYTHON = "3.9"
FLOOR_PACKAGES = ("requests==2.25.1", "cryptography==36.0.1")
# Those of the core that run without a simulator.
FLOOR_TESTS = ("tests/unit/plugins/module_utils", "tests/core/test_server_certificate.py")
CHECKS = ("unit", "integration", "sanity")
INTEGRATION = (
    *("test_start", "test_playbooks", "test_oauth2_grants", "test_users"),
    *("test_vault_secrets", "test_masking"),
)
# Twenty times as many of each property test as make test.
EXAMPLES = "--hypothesis-profile=matrix"
# Those that send a module to another Python.
INTEGRATION_OF_MODULES = ("test_oauth2_check", "test_users", "test_server_certificate")


@dataclass(frozen=True)
class Outcome:
    """What one check of one row gave. C(of) is set where it was only a part of the check."""

    passed: bool
    tests: int | None
    skipped: int
    seconds: int
    on: str
    commit: str
    of: str = ""

    def __str__(self) -> str:
        if not self.passed:
            return "**failed**"
        words = "passed" if self.tests is None else f"{self.tests} passed"
        return words + (f", {self.skipped} skipped" if self.skipped else "") + (f" ({self.of})" if self.of else "")


def counted(report: Path) -> tuple[int, int]:
    """How many tests passed and how many were skipped, from a report in JUnit's XML."""
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - pytest wrote it
    counts = [
        {name: int(suite.get(name) or 0) for name in ("tests", "skipped", "failures", "errors")} for suite in suites
    ]
    total = {name: sum(count[name] for count in counts) for name in counts[0]} if counts else {"tests": 0, "skipped": 0}
    return total["tests"] - sum(total[name] for name in total if name != "tests"), total["skipped"]


def versions(env: Path, *packages: str) -> dict[str, str]:
    """The versions of Python and of packages in an environment."""
    code = (
        "import importlib.metadata, json, platform, sys\n"
        "found = {name: importlib.metadata.version(name) for name in sys.argv[1:]}\n"
        "print(json.dumps({'python': platform.python_version(), **found}))"
    )
    asked = subprocess.run([env / "bin/python", "-c", code, *packages], capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(asked.stdout)
    return found


def merged(known: dict[str, Any], row: str, found: dict[str, str], check: str, outcome: Outcome) -> dict[str, Any]:
    """The results with one more. What an older version of ansible-core gave says nothing of a newer one."""
    before = known.get(row, {})
    checks = before.get("checks", {}) if before.get("versions") == found else {}
    return {**known, row: {"versions": found, "checks": {**checks, check: asdict(outcome)}}}


def table(results: dict[str, Any]) -> str:
    """The results as a table of Markdown, the rows in the order of their versions."""
    lines = [
        "| ansible-core | Python | unit | integration | sanity | tested |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in (*CORES, FLOOR):
        if row not in results:
            continue
        found = results[row]["versions"]
        outcomes = {name: Outcome(**outcome) for name, outcome in results[row]["checks"].items()}
        name = found["ansible-core"]
        if row == FLOOR:
            packages = " and ".join(f"{package} {found[package]}" for package in ("requests", "cryptography"))
            name = f"{name}, modules on a target with {packages}"
        cells = [str(outcomes[check]) if check in outcomes else "not run" for check in CHECKS]
        tested = " to ".join(dict.fromkeys([f(outcome.on for outcome in outcomes.values()) for f in (min, max)]))
        lines.append(f"| {' | '.join([name, found['python'], *cells, tested])} |")
    return "\n".join(lines)


def shown(readme: str, results: dict[str, Any]) -> str:
    """README.md with this table between its two marks."""
    before, _begin, rest = readme.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    if not after:
        raise SystemExit(f"README.md lacks the marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{table(results)}\n{END}{after}"


def out_of_reach(env: Path) -> dict[str, str]:
    """Sanity tests that ansible-test equips from elsewhere than PyPI, and the host, where this machine cannot reach it."""
    found = {}
    for path in sorted(env.glob("lib/python3.*/site-packages/ansible_test/_data/requirements/sanity.*.txt")):
        for host in re.findall(r"^[^#\s]+ @ https://([^/\s]+)/", path.read_text(), re.MULTILINE):
            try:
                socket.create_connection((host, 443), timeout=10).close()
            except OSError:
                found[path.name.split(".")[1]] = host
    return found


def _floor() -> Path:
    interpreter = python(FLOOR_PYTHON)
    if not interpreter:
        raise Unavailable(f"Python {FLOOR_PYTHON} is not on this machine")
    testing = ("pytest", "pytest-xdist", "hypothesis", "trustme")
    return environment(FLOOR, interpreter, *FLOOR_PACKAGES, *testing)


def _floor_unit(report: str) -> bool:
    """The core of the modules, with as much of ansible-core as a module on a target has."""
    core = core_environment(newest_core(), *pytest_runs.requirements())
    shipped = next(core.glob("lib/python3.*/site-packages/ansible"))
    there = BUILD / "floor-modules/ansible"
    shutil.rmtree(there, ignore_errors=True)
    there.mkdir(parents=True)
    (there / "__init__.py").touch()
    for name in ("release.py", "module_utils"):
        (there / name).symlink_to(shipped / name)
    return pytest_runs.pytest_in(_floor(), "floor", "-n", "2", report, EXAMPLES, *FLOOR_TESTS, more=(there.parent,))


def _checks(row: str, report: str, files: list[str], left_out: Iterable[str]) -> dict[str, Callable[[], bool]]:
    """What each check of a row does."""
    paths = [f"tests/integration/{name}.py" for name in files]
    marks = ("-n", "2", report, "-m")
    if row == FLOOR:
        target = str(_floor() / "bin/python")
        # Also what does not depend on ansible-core, since it may depend on the target.
        chosen = ("not long", "-k", "module or target", *paths)
        return {
            "unit": lambda: _floor_unit(report),
            "integration": lambda: pytest_runs.pytest_on(newest_core(), *marks, *chosen, WORKIVA_TARGET_PYTHON=target),
        }
    return {
        "unit": lambda: pytest_runs.pytest_on(row, "-n", "2", report, EXAMPLES, "tests/unit", "tests/core"),
        "integration": lambda: pytest_runs.pytest_on(row, *marks, "not long and not once", *paths),
        "sanity": lambda: stages.sanity_on(row, "--venv", *(f"--skip-test={test}" for test in left_out)),
    }


def _row(row: str, wanted: list[str], selection: list[str], commit: str) -> bool:
    """Runs the checks of one row, and writes what each one gave before the next begins."""
    core = newest_core() if row == FLOOR else row
    env = core_environment(core, *pytest_runs.requirements())
    found = versions(env, "ansible-core")
    if row == FLOOR:
        found.update(versions(_floor(), "requests", "cryptography"))
    whole = INTEGRATION_OF_MODULES if row == FLOOR else INTEGRATION
    report = BUILD / f"report-{row}.xml"
    passed = True
    left_out = {} if row == FLOOR or "sanity" not in wanted else out_of_reach(env)
    for name, check in _checks(row, f"--junitxml={report}", selection or list(whole), left_out).items():
        if name not in wanted:
            continue
        print(f"\n== {row}: {name}", flush=True)
        report.unlink(missing_ok=True)
        start = time.monotonic()
        fine = check()
        tests, skipped = counted(report) if report.exists() else (None, 0)
        # Nothing is a success that ran no test.
        fine = fine and tests != 0
        of = ", ".join(selection) if name == "integration" else ""
        if name == "sanity":
            of = ", ".join(f"without {test}, which needs {host}" for test, host in left_out.items())
        seconds = round(time.monotonic() - start)
        outcome = Outcome(fine, tests, skipped, seconds, date.today().isoformat(), commit, of)
        results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        results = merged(results, row, found, name, outcome)
        RESULTS.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")
        README.write_text(shown(README.read_text(), results))
        passed = passed and fine
        print(f"{row} {name}: {outcome}, {seconds} s", flush=True)
    return passed


def _commit() -> str:
    """The commit that is tested, and whether anything differs from it but what this tool writes."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    own = [f":!{path.relative_to(ROOT)}" for path in (RESULTS, README)]
    return git("rev-parse", "--short=12", "HEAD") + ("-dirty" if git("status", "--porcelain", "--", ".", *own) else "")


def main() -> int:
    """Runs the rows of the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help=f"of {', '.join([*CORES, FLOOR])}; without one, all")
    parser.add_argument("--checks", default=" ".join(CHECKS), help="some of the checks, in quotes")
    parser.add_argument("--integration", default="", help="some files of the integration tests, in quotes")
    given = parser.parse_args()
    rows, wanted = given.rows or [*CORES, FLOOR], given.checks.split()
    unknown = [row for row in rows if row not in (*CORES, FLOOR)] + [name for name in wanted if name not in CHECKS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}")
    uv()
    commit = _commit()
    failed = []
    for row in rows:
        try:
            passed = _row(row, wanted, given.integration.split(), commit)
        except Unavailable as error:
            print(error)
            passed = False
        failed += [] if passed else [row]
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
