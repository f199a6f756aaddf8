# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The loaded project as a value: what a task returns is what the next one reads."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import (
    DeclaredAccess,
    DeclaredNotice,
    DeclaredUser,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    AdministrationScopes,
    LoadedProject,
    RunSettings,
)
from tests._declared import LOADED, in_text, out_of_text

CANARY = "CanaryOfTheLoadedProject"
PROJECT = replace(
    LOADED,
    administration_scopes=AdministrationScopes(("organization:read",)),
    integrations=("payroll-sync",),
    users=(
        DeclaredUser(
            "payroll-sync", "payroll@example.com", "anna@example.com", "sso", "present", False, (DeclaredAccess("A"),)
        ),
    ),
)
paths = st.from_regex(r"/[a-z]{1,9}(/[a-z.]{1,9})?", fullmatch=True)
projects = st.builds(LoadedProject, folder=paths, credentials=paths, journal=paths, work_orders=paths)


def through_json(project: LoadedProject) -> Any:
    return json.loads(json.dumps(project.as_result()))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(projects)
def test_loaded_project_is_equal_after_a_way_through_json(project: LoadedProject) -> None:
    assert LoadedProject.of(through_json(project)) == project


def test_result_leaves_out_what_is_not_declared_of_a_user() -> None:
    user = out_of_text(PROJECT.as_result())["users"][0]
    assert set(user) == {"integration", "username", "custodian", "sign_in", "state", "delete_user", "workspaces"}
    assert user["workspaces"] == [{"name": "A"}]
    assert PROJECT.as_result()["connection"] == {
        "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655",
        "region": "eu",
    }


def test_result_calls_the_sender_of_a_notice_as_the_task_does() -> None:
    notice = DeclaredNotice("to@example.com", "me@example.com", ("you@example.com",), "mail.example.com", 587)
    found = through_json(replace(PROJECT, certificate_notice=notice))["certificate_notice"]
    assert found["from"] == "me@example.com"
    assert "sender" not in found
    assert "username" not in found


def test_run_settings_reckon_with_the_given_date() -> None:
    assert RunSettings(today=date(2027, 1, 31)).day() == date(2027, 1, 31)
    assert RunSettings().day() == date.today()


def test_keys_of_a_later_version_are_ignored() -> None:
    assert LoadedProject.of({**through_json(PROJECT), "later": {"key": 1}}) == PROJECT


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"users": None}, "users must be a list."),
        ({"users": [CANARY]}, "users[0] must be a mapping."),
        ({"users": [{"integration": CANARY}]}, "users[0].username is missing."),
        ({"run": {"templates": "yes"}}, "run.templates must be true or false."),
        ({"handover_url": 5}, "handover_url must be text."),
        ({"connection": {"organization_id": CANARY, "timeout": True}}, "connection.timeout must be a whole number."),
        ({"scope_labels": [CANARY]}, "scope_labels must be a mapping."),
        ({"scope_labels": {"file:read": [CANARY]}}, "scope_labels.file:read must be text."),
        ({"run": {"today": CANARY}}, "run.today must be a date like 2027-06-30."),
        ({"run": None}, "run must be a mapping."),
    ],
)
def test_mapping_of_another_shape_is_refused_with_the_place_and_without_the_value(
    change: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        LoadedProject.of(in_text({**out_of_text(through_json(PROJECT)), **change}))
    assert str(caught.value) == (
        f"project must be the value workiva that the task integrations.workiva.integrations returned: {said}"
    )


@pytest.mark.parametrize("text", [None, "", "[]", "{", {"users": []}, f'{{"users": "{CANARY}', "[" * 100_000])
def test_text_of_a_loaded_project_must_be_the_json_of_a_mapping(text: Any) -> None:
    with pytest.raises(InvalidArgument, match="declared must be the JSON text of a mapping") as caught:
        LoadedProject.of({**through_json(PROJECT), "declared": text})
    assert CANARY not in str(caught.value)


def test_what_grows_with_the_integrations_is_one_text() -> None:
    many = replace(PROJECT, integrations=tuple(map(str, range(100))), users=PROJECT.users * 100)
    assert set(many.as_result()) == set(PROJECT.as_result())
    assert not {"integrations", "users", "grants", "files", "about", "places"} & set(many.as_result())


@pytest.mark.parametrize("given", [None, "/srv/workiva", [], {}, {"project": "/srv/workiva"}])
def test_anything_else_is_no_loaded_project(given: Any) -> None:
    with pytest.raises(InvalidArgument, match="project must be the value workiva"):
        LoadedProject.of(given)


@pytest.mark.parametrize("path", ["credentials.yml", "../x", "/usr/ansible_collections/a/b/credentials.yml"])
@pytest.mark.parametrize("key", ["project", "credentials", "journal", "work_orders"])
def test_path_of_a_loaded_project_is_absolute_and_outside_of_collections(key: str, path: str) -> None:
    with pytest.raises(
        InvalidArgument,
        match=f"{key} of project must be (an absolute path|a path outside of an installed collection)[.:] ",
    ):
        LoadedProject.of({**through_json(PROJECT), key: path})


def test_contents_of_a_project_without_an_integration_have_a_note() -> None:
    empty = replace(PROJECT, integrations=(), users=(), grants=(), files=(), certificates=())
    note = "Note: integrations.d has no integration yet. Copy example.yml.sample to NAME.yml."
    grant = DeclaredGrant("administrator", "organization", "SEC Filing", "robot@example.com", ("organization:read",))
    assert replace(empty, administrator_grants=(grant,)).describe_contents() == f"1 administrator grant. {note}"
    bare = replace(empty, administrator_grants=(), file_administrator_grants=())
    assert bare.describe_contents() == f"Nothing is declared. {note}"
    assert "Note" not in PROJECT.describe_contents()
