# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The support table says what a run wrote down, no more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matrix
import pytest

OLD = {"ansible-core": "2.17.14", "python": "3.11.7"}
NEW = {"ansible-core": "2.17.15", "python": "3.11.7"}
UNIT = matrix.Outcome(True, 552, 0, 180, "2026-11-24", "0123456789ab")
SANITY = matrix.Outcome(True, None, 0, 60, "2026-11-25", "0123456789ab")
README = f"before\n{matrix.BEGIN}\nanything\n{matrix.END}\nafter\n"


def test_the_table_of_the_readme_is_the_one_of_the_results() -> None:
    root = Path(__file__).resolve().parents[2]
    readme = (root / "README.md").read_text()
    results = json.loads((root / "tests/support.json").read_text())
    assert set(results) <= {*matrix.CORES, matrix.FLOOR}
    assert matrix.shown(readme, results) == readme


def test_a_run_of_some_changes_its_own_cells_only() -> None:
    results = matrix.merged({}, "2.17", OLD, "unit", UNIT)
    results = matrix.merged(results, "2.22", {**OLD, "ansible-core": "2.22.0"}, "unit", UNIT)
    before = json.dumps(results["2.22"])
    results = matrix.merged(results, "2.17", OLD, "sanity", SANITY)
    assert json.dumps(results["2.22"]) == before
    assert matrix.table(results).splitlines()[2:] == [
        "| 2.17.14 | 3.11.7 | 552 passed | not run | passed | 2026-11-24 to 2026-11-25 |",
        "| 2.22.0 | 3.11.7 | 552 passed | not run | not run | 2026-11-24 |",
    ]


def test_what_another_version_passed_counts_no_more() -> None:
    results = matrix.merged(matrix.merged({}, "2.17", OLD, "unit", UNIT), "2.17", NEW, "sanity", SANITY)
    assert "| 2.17.15 | 3.11.7 | not run | not run | passed | 2026-11-25 |" in matrix.table(results)


def test_failed_skipped_and_partial_checks_are_marked() -> None:
    words_of = {
        "**failed**": matrix.Outcome(False, 10, 0, 1, "2026-11-24", "0"),
        "9 passed, 1 skipped": matrix.Outcome(True, 9, 1, 1, "2026-11-24", "0"),
        "4 passed (test_start)": matrix.Outcome(True, 4, 0, 1, "2026-11-24", "0", "test_start"),
    }
    for words, outcome in words_of.items():
        assert str(outcome) == words


def test_only_what_is_between_the_marks_changes() -> None:
    results = matrix.merged({}, "2.17", OLD, "unit", UNIT)
    text = matrix.shown(README, results)
    assert text == README.replace("anything", matrix.table(results))
    assert matrix.shown(text, results) == text
    with pytest.raises(SystemExit):
        matrix.shown("no marks", results)


def test_passed_tests_are_counted_without_the_others(tmp_path: Path) -> None:
    suites = '<testsuite tests="7" failures="1" errors="1" skipped="2"/><testsuite tests="3"/>'
    (tmp_path / "report.xml").write_text(f"<testsuites>{suites}</testsuites>")
    assert matrix.counted(tmp_path / "report.xml") == (6, 2)
    (tmp_path / "report.xml").write_text("<testsuites/>")
    assert matrix.counted(tmp_path / "report.xml") == (0, 0)


@pytest.mark.parametrize(("fine", "ran", "passed"), [(True, 3, True), (True, 0, False), (False, 3, False)])
def test_a_check_that_ran_no_test_did_not_pass(
    fine: bool, ran: int, passed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(_row: str, option: str, _files: list[str], _left_out: Any) -> Any:
        def run() -> bool:
            path = Path(option.partition("=")[2])
            path.write_text(f'<testsuites><testsuite tests="{ran}"/></testsuites>')
            return fine

        return {"unit": run, "sanity": pytest.fail}

    (tmp_path / "README.md").write_text(README)
    monkeypatch.setattr(matrix, "_checks", check)
    monkeypatch.setattr(matrix, "versions", lambda *_names: dict(OLD))
    monkeypatch.setattr(matrix, "core_environment", lambda *_names: tmp_path)
    for name, path in {"BUILD": tmp_path, "RESULTS": tmp_path / "r.json", "README": tmp_path / "README.md"}.items():
        monkeypatch.setattr(matrix, name, path)
    assert matrix._row("2.17", ["unit"], [], "0") is passed
    assert ("3 passed" if passed else "**failed**") in (tmp_path / "README.md").read_text()


def test_a_sanity_test_that_needs_more_than_pypi_is_left_out_where_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "lib/python3.13/site-packages/ansible_test/_data/requirements"
    folder.mkdir(parents=True)
    (folder / "sanity.pylint.txt").write_text("# x @ https://a.invalid/y\nmccabe==0.7.0\n")
    assert matrix.out_of_reach(tmp_path) == {}
    (folder / "sanity.pylint.txt").write_text("mccabe==0.7.0\ndill @ https://host.invalid/dill.zip#sha256=0\n")
    assert matrix.out_of_reach(tmp_path) == {"pylint": "host.invalid"}
