# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions summary and print_lines: what they return, when they fail, and what they publish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._run.plan import run_facts
from tests._declared import loaded_project
from tests.core._actions import Actions

GRANT = {"integration": "payroll-sync", "grant": "main", "stage": "stored", "health": "ok", "findings": []}
ORDER = {
    **{
        "number": "payroll-sync.main.2",
        "integration": "payroll-sync",
        "grant": "main",
        "waits_for": "anna@example.com",
    },
    **{"summary": "regenerate the secret", "handover": "ansible-playbook handover.yml"},
}


@pytest.fixture
def given(tmp_path: Path) -> dict[str, Any]:
    facts = run_facts("onboard", {"handover": "defer"}, (), is_local=True)
    order = {**ORDER, "page": str(tmp_path / "work-orders/payroll-sync.main.2.html")}
    return {
        "project": loaded_project(tmp_path, {"region": "us"}),
        "run": facts.as_result(),
        "results": {"grants": {"integrations": {"grants": [GRANT], "orders": [order]}}, "users": {"skipped": True}},
    }


def test_summary_returns_the_lines_that_it_printed(actions: Actions, given: dict[str, Any]) -> None:
    result = actions("summary", given)
    assert result["lines"][1] == "Onboard: 1 open work order"
    assert "      work-orders/payroll-sync.main.2.html" in result["lines"]
    assert not result["changed"]


def test_summary_fails_where_the_run_failed_without_repeating_its_lines(
    actions: Actions, given: dict[str, Any]
) -> None:
    broken = {**GRANT, "error": {"msg": "The entry is damaged.", "kind": "Grant"}}
    given["results"]["grants"]["integrations"]["grants"] = [broken]
    result = actions("summary", given)
    assert result["failed"]
    assert result["msg"] == "Failed: payroll-sync. See the summary above for the reason."
    assert "lines" not in result


def test_summary_publishes_open_work_orders_and_does_not_fail(actions: Actions, given: dict[str, Any]) -> None:
    given["results"]["grants"]["integrations"]["grants"] = [{**GRANT, "error": {"msg": "no", "kind": "Grant"}}]
    result = actions("summary", {**given, "publish": True})
    assert "failed" not in result
    published = [{"number": "payroll-sync.main.2", "waits_for": "anna@example.com", "text": "regenerate the secret"}]
    assert result["ansible_stats"]["data"] == {"workiva_work_orders": published}


def test_summary_refuses_results_of_no_task(actions: Actions, given: dict[str, Any]) -> None:
    result = actions("summary", {**given, "results": {"gramts": {}}})
    assert "results must be a mapping" in result["msg"]


def test_print_lines_returns_the_title_and_the_lines(actions: Actions) -> None:
    result = actions("print_lines", {"title": "Checked", "lines": ["2 integrations"]})
    assert result == {"changed": False, "lines": ["", "Checked", "", "2 integrations"]}
