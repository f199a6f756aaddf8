# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The people that a project names, and the examples that stand for them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.examples import (
    ORGANIZATION,
    WRITTEN_BY_START,
)
from tests.unit.plugins.plugin_utils._written_project import ROOT, WORKIVA, integration, load

NEW = "plugins/plugin_utils/_project/_new_project"
SAMPLE = "integrations.d/example.yml.sample"


@pytest.mark.parametrize(
    ("change", "workiva", "place"),
    [
        ({"owner": "PAYROLL-SYNC@example.com"}, {}, "integrations.d/payroll-sync.yml"),
        ({"owner": "hr-feed@example.com"}, {}, "integrations.d/payroll-sync.yml"),
        ({}, {"defaults": {"owner": "finance@example.com", "custodian": "hr-feed@example.com"}}, "workiva.yml"),
        (
            {},
            {"administrator": {**WORKIVA["workiva"]["administrator"], "custodian": "hr-feed@example.com"}},
            "workiva.yml",
        ),
    ],
)
def test_the_user_of_an_integration_answers_for_nothing(
    tmp_path: Path, change: dict[str, Any], workiva: dict[str, Any], place: str
) -> None:
    settings = {"workiva": {**WORKIVA["workiva"], **workiva}}
    _project, out = load(tmp_path, integration(**change), integration("hr-feed"), workiva=settings)
    (problem,) = out.problems
    assert problem.startswith(f"{place}:")
    assert "the user of an integration (integrations.d/" in problem


def test_a_custodian_is_not_the_user_itself(tmp_path: Path) -> None:
    item = integration()
    item["user"]["custodian"] = "payroll-sync@example.com"
    _project, out = load(tmp_path, item)
    assert "custodian is the user of an integration" in out.problems[0]


def test_one_email_address_belongs_to_one_user(tmp_path: Path) -> None:
    first, second = integration(), integration("hr-feed")
    second["user"]["email"] = "Payroll-Sync@example.com"
    _project, out = load(tmp_path, first, second)
    (problem,) = out.problems
    assert "belongs to another user already, in integrations.d/payroll-sync.yml:" in problem


def test_examples_of_start_are_refused_as_values(tmp_path: Path) -> None:
    text = (ROOT / NEW / "workiva.yml").read_text()
    _project, out = load(tmp_path, workiva=yaml.safe_load(text))
    lines = (tmp_path / "workiva.yml").read_text().splitlines()
    names = []
    for problem in out.problems:
        place, _colon, said = problem.partition(": ")
        name, _said, todo = said.partition(" is still the example that start wrote. ")
        assert todo.startswith("Replace it")
        assert lines[int(place.rpartition(":")[2]) - 1].strip().startswith(f"{name.rpartition('.')[2]}: ")
        names.append(name)
    administrator = [f"workiva.administrator.{name}" for name in ("custodian", "owner", "username")]
    assert sorted(names) == [*administrator, "workiva.organization_id"]
    assert out.warnings == []


def test_examples_of_the_sample_are_refused_in_an_integration(tmp_path: Path) -> None:
    text = (ROOT / NEW / SAMPLE).read_text()
    _project, out = load(tmp_path, yaml.safe_load(text))
    lines = (tmp_path / "integrations.d/payroll-sync.yml").read_text().splitlines()
    names = {}
    for problem in out.problems:
        place, _colon, said = problem.partition(": ")
        name, _said, todo = said.partition(" is still the example that start wrote. ")
        assert todo == "Replace it."
        names[name] = lines[int(place.rpartition(":")[2]) - 1].strip()
    assert names == {
        "owner": "owner: finance-systems@your-company.example",
        "user.username": "username: payroll-sync@your-company.example",
        "user.email": "email: payroll-sync@your-company.example",
        "user.custodian": "custodian: anna.k@your-company.example",
    }


def test_sample_that_was_filled_in_is_fine(tmp_path: Path) -> None:
    text = (ROOT / NEW / SAMPLE).read_text().replace("your-company.example", "example.com")
    _project, out = load(tmp_path, yaml.safe_load(text))
    assert out.problems == []


def test_every_address_that_start_writes_is_an_example() -> None:
    text = "".join((ROOT / NEW / name).read_text() for name in ("workiva.yml", SAMPLE))
    assert {*re.findall(r"[^\s\[\],]*\.example\b[^\s\],]*", text), ORGANIZATION} == WRITTEN_BY_START


def test_another_address_of_the_domain_of_the_examples_is_a_value(tmp_path: Path) -> None:
    other = {**WORKIVA["workiva"]["administrator"], "owner": "someone.else@your-company.example"}
    _project, out = load(tmp_path, workiva={"workiva": {**WORKIVA["workiva"], "administrator": other}})
    assert out.problems == []
