# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action that loads a project: what is wrong with its arguments, and which integrations it returns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests._declared import out_of_text
from tests._project_files import SETTINGS, VARIABLES, write_project
from tests.core._actions import Actions

GIVEN = yaml.safe_load(VARIABLES)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write_project(folder)
    # Older cores have the word omit in a play only.
    (folder / "workiva.yml").write_text(SETTINGS.replace('  timeout: "{{ omit }}"\n', ""))
    return folder


@pytest.fixture
def load(actions: Actions, project: Path) -> Callable[..., dict[str, Any]]:
    return lambda **more: actions("integrations", {"project": str(project), **more}, variables=GIVEN)


def test_date_in_the_past_is_accepted_where_the_grant_is_stored(
    load: Callable[..., dict[str, Any]], project: Path
) -> None:
    found = load(today="2027-07-01")
    assert found["failed"]
    assert "hr.yml:10: grants.one.expires (" in found["msg"]
    stored = {"hr": {name: {"client_id": "x"} for name in ("one", "two", "three")}}
    (project / "credentials.yml").write_text(yaml.safe_dump({"workiva_credentials": stored}))
    assert out_of_text(load(today="2027-07-01")["workiva"])["grants"]


def test_only_limits_users_and_grants_and_keeps_the_administrator(load: Callable[..., dict[str, Any]]) -> None:
    loaded = out_of_text(load(integrations=GIVEN["given"], only=["listed"], today="2026-11-24")["workiva"])
    assert loaded["integrations"] == ["listed"]
    assert [user["integration"] for user in loaded["users"]] == ["listed"]
    assert [grant["integration"] for grant in loaded["grants"]] == ["listed"]
    assert len(loaded["administrator_grants"]) == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"project": "workiva"}, "project must be an absolute path"),
        (
            {"project": "/x/ansible_collections/integrations/workiva/playbooks"},
            "project must be a path outside of an installed collection",
        ),
        (
            {"project": "/nowhere/at/all"},
            "There is no project in the folder that was given: no file workiva.yml.",
        ),
        ({"today": "soon"}, "today must be a date, written as YYYY-MM-DD"),
        ({"integrations": "wrong"}, "integrations: must be a list"),
        ({"integrations": {"name": "x"}}, "integrations: must be a list"),
        ({"projct": "/x"}, "projct"),
    ],
)
def test_wrong_arguments_of_integrations_are_refused(
    load: Callable[..., dict[str, Any]], arguments: dict[str, Any], reason: str
) -> None:
    found = load(**arguments)
    assert found["failed"]
    assert reason in found["msg"]


@pytest.mark.parametrize(
    "option",
    [
        {"only": ["hr"]},
        {"delete": ["hr"]},
        {"today": "2026-11-25"},
        {"vault_id": "prod"},
        {"templates": False},
        {"integrations": GIVEN["given"]},
    ],
)
def test_option_beside_a_loaded_project_is_refused_where_it_was_loaded_with_another_value(
    load: Callable[..., dict[str, Any]], option: dict[str, Any]
) -> None:
    """It would be ignored, and the tasks that follow would work on all integrations in place of one."""
    loaded = load(today="2026-11-24")["workiva"]
    found = load(**{"project": loaded, **option})
    assert found["failed"]
    assert f"was loaded with another value of {next(iter(option))}: it is not loaded again" in found["msg"]
    assert "Give it to the task that loads the project" in found["msg"]


def test_loaded_project_is_returned_as_it_is_beside_options_that_it_was_loaded_with(
    load: Callable[..., dict[str, Any]],
) -> None:
    settings = {"only": ["listed"], "today": "2026-11-24", "vault_id": "prod"}
    loaded = load(integrations=GIVEN["given"], **settings)["workiva"]
    for given in (settings, {}, {"only": [], "today": "", "vault_id": "", "delete": [], "integrations": []}):
        assert load(**{"project": loaded, **given})["workiva"] == loaded
