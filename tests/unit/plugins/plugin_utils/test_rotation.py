# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The declared rotation of a grant, and the grants that a run of rotate names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.schedule import Rotation
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import RunSettings
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.rotation import read_rotation
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.rotation import refuse_unnamed
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.settings import (
    DeclaredNames,
    Match,
    match,
    read_run,
)
from tests._declared import LOADED

NAMES = DeclaredNames(
    {
        ("payroll-sync", "filing"): "present",
        ("payroll-sync", "esg"): "present",
        ("ledger", "main"): "absent",
        ("administrator", "organization"): "present",
    },
    ["payroll-sync", "ledger", "administrator"],
    ["payroll-sync", "ledger", "administrator"],
)


def test_rotation_is_read_with_its_defaults() -> None:
    assert read_rotation({}, 365) == (None, [])
    assert read_rotation({"rotation": {}}, 365) == (None, [])
    found, problems = read_rotation({"rotation": {"before_expiry": "30d", "not_during": ["12-20..01-10"]}}, 365)
    assert (found, problems) == (Rotation(30, None, 7, ("12-20..01-10",)), [])


@pytest.mark.parametrize(
    ("values", "lifetime", "expected"),
    [
        ({"before_expiry": "30d"}, None, "needs a lifetime instead of expires"),
        ({"before_expiry": "90d"}, 90, "(90d) is not less than the lifetime (90d)"),
        ({"not_during": ["3-20..4-10"]}, 365, "written as MM-DD..MM-DD"),
        ({"not_during": ["01-01..12-31"]}, 365, "leaves no day of the year"),
    ],
)
def test_rotation_that_cannot_work_is_a_problem(values: dict[str, Any], lifetime: int | None, expected: str) -> None:
    _rotation, ((_keys, text),) = read_rotation({"rotation": values}, lifetime)
    assert expected in text


def named(**variables: Any) -> Match:
    given = {f"workiva_{name}": value for name, value in variables.items()}
    return match(read_run("rotate", given, given.__getitem__), None, NAMES, {})


def test_rotate_takes_grants_by_name_or_all_of_an_integration() -> None:
    assert named(grants="payroll-sync.esg,administrator.organization").rotate == (
        ("payroll-sync", "esg"),
        ("administrator", "organization"),
    )
    assert named(only="payroll-sync,ledger").rotate == (("payroll-sync", "filing"), ("payroll-sync", "esg"))
    assert named().rotate == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("payroll-sync", "name a grant as INTEGRATION.GRANT"),
        ("payroll-sync.filling", "Did you mean filing?"),
        ("ledger.main", "is marked state: absent"),
        ("payrol-sync.filing", "Did you mean payroll-sync?"),
    ],
)
def test_name_of_no_grant_stops_the_run(name: str, expected: str) -> None:
    (problem,) = named(grants=[name]).problems
    assert problem.startswith("workiva_grants, entry 1: ")
    assert expected in problem


def test_rotate_without_a_name_reports_what_is_due(tmp_path: Path) -> None:
    Journal(str(tmp_path), "payroll-sync").append(
        {
            "event": "stored",
            "grant": "filing",
            "credentials": 1,
            "client_id": "c1",
            "expires": "2027-06-30",
            "on": "2026-07-01",
        }
    )
    grant = Declared("payroll-sync", "filing", "SEC", "u@example.com", (), rotation=Rotation(before_expiry=30))
    project = replace(LOADED, journal=str(tmp_path), grants=(grant, replace(grant, grant="esg")))
    for day, due in (("2027-05-30", "none"), ("2027-06-05", "payroll-sync.filing (since 2027-05-31)")):
        text = refuse_unnamed(replace(project, run=RunSettings(today=date.fromisoformat(day))))
        assert text.startswith("No grant is named. Nothing was changed.")
        assert text.endswith(f"Due now: {due}.")
