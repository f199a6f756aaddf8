# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scopes and grants that a project declares."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.plugins.plugin_utils._written_project import WORKIVA, integration, load, used_grants

READ, WRITE = "organization:read", "organization:write"
ENTRY: dict[str, Any] = WORKIVA["workiva"]["administrator"]


@pytest.mark.parametrize(
    ("administrator", "reader", "administration", "mode", "used"),
    [
        ([READ, WRITE], None, None, "writer", ("organization", "organization")),
        ([READ, WRITE], [READ], "api", "writer", ("reader", "organization")),
        ([READ], None, None, "reader", ("organization", "organization")),
        (None, [READ], None, "reader", ("reader", "reader")),
        (None, [READ], "work_order", "reader", ("reader", "reader")),
        ([READ], None, "work_order", "reader", ("organization", "organization")),
        (None, None, "work_order", "none", ("", "")),
        (None, None, None, "writer", ("", "")),
    ],
)
def test_the_mode_and_the_grants_follow_from_what_is_declared(
    tmp_path: Path,
    administrator: list[str] | None,
    reader: list[str] | None,
    administration: str | None,
    mode: str,
    used: tuple[str, str],
) -> None:
    entries = {"administrator": administrator, "reader": reader}
    settings = {name: value for name, value in WORKIVA["workiva"].items() if name != "administrator"}
    settings |= {name: {**ENTRY, "scopes": scopes} for name, scopes in entries.items() if scopes}
    settings |= {"administration": administration} if administration else {}
    project, out = load(tmp_path, integration(), workiva={"workiva": settings})
    assert out.problems == []
    assert project.mode() == mode
    found = used_grants(project, lambda _integration, _grant: True)
    assert (found.read, found.write) == used
    needed = {"writer": (READ, WRITE), "reader": (READ,), "none": ()}[mode]
    assert project.scopes_needed(1).write == needed
    assert WRITE not in project.scopes_needed(0).write
    assert WRITE not in project.scopes_needed(1).read


def test_reader_without_credentials_does_not_delay_the_run(tmp_path: Path) -> None:
    settings = {**WORKIVA["workiva"], "reader": {**ENTRY, "scopes": [READ]}}
    project, _out = load(tmp_path, workiva={"workiva": settings})
    assert used_grants(project, lambda _integration, grant: grant == "organization").read == "organization"
    assert used_grants(project, lambda _integration, grant: False).read == "reader"
    assert [grant.grant for grant in project.administrator_grants] == ["organization", "reader"]


def test_a_grant_called_user_is_refused(tmp_path: Path) -> None:
    grants = {"user": {"workspace": "SEC Filing", "scopes": ["file:read"]}}
    _project, out = load(tmp_path, integration(grants=grants))
    assert "no grant may be called user" in out.problems[0]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("file:reed", "there is no scope file:reed. Did you mean file:read?"),
        ("files:read", "Did you mean file:read?"),
        ("FILE:READ", "Did you mean file:read?"),
        ("flie:write", "Did you mean file:write?"),
        ("spreadsheets (read)", "Did you mean Spreadsheets (Read)?"),
        ("file:read file:write", "holds 2 scopes. Write each scope as an entry of its own."),
        ("organization:read, file:read", "holds 2 scopes."),
        ("file:*", "a scope has no wildcards. Name each scope: file:read, file:write."),
    ],
)
def test_a_misspelt_scope_is_a_problem_unless_the_project_lists_it(tmp_path: Path, written: str, said: str) -> None:
    grants = {"filing": {"workspace": "SEC Filing", "scopes": [written]}}
    _project, out = load(tmp_path, integration(grants=grants))
    (problem,) = out.problems
    assert said in problem
    assert re.match(r"integrations\.d/payroll-sync\.yml:[0-9]+: ", problem)
    listed = {"workiva": {**WORKIVA["workiva"], "scope_labels": {written: "As Shown"}}}
    project, out = load(tmp_path, integration(grants=grants), workiva=listed)
    assert out.problems == []
    assert project.grants[0].scopes == (written,)


@pytest.mark.parametrize("written", ["chains:execute", "scim|w", "activity:write", "document:comment"])
def test_an_unknown_scope_that_resembles_none_is_a_note(tmp_path: Path, written: str) -> None:
    grants = {"filing": {"workspace": "SEC Filing", "scopes": [written]}}
    _project, out = load(tmp_path, integration(grants=grants))
    assert out.problems == []
    assert f"this scope {written} is not among those publicly known" in out.warnings[0]


@pytest.mark.parametrize(
    ("roles", "organization_roles", "notes"),
    [
        (["Professional"], [], 1),
        (["Workspace Owner"], [], 0),
        (["Professional"], ["org user admin"], 0),
    ],
)
def test_scope_is_noted_with_what_its_user_needs(
    tmp_path: Path, roles: list[str], organization_roles: list[str], notes: int
) -> None:
    item = integration(grants={"log": {"workspace": "SEC Filing", "scopes": ["activity:read"]}})
    item["user"] |= {"organization_roles": organization_roles, "workspaces": {"SEC Filing": {"roles": roles}}}
    _project, out = load(tmp_path, item)
    assert len(out.warnings) == notes
    assert all("Org User Admin, Org Workspace Admin, Org Security Admin" in note for note in out.warnings)


def test_chain_scope_notes_that_its_user_must_sign_in_once(tmp_path: Path) -> None:
    item = integration(grants={"chains": {"workspace": "SEC Filing", "scopes": ["chains:execute"]}})
    _project, out = load(tmp_path, item)
    assert any("must sign in to Chain Builder once" in note for note in out.warnings)
