# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that a project declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import (
    DeclaredPermission,
    DeclaredPrincipal,
)
from tests.unit.plugins.plugin_utils._written_project import FILES, WORKIVA, integration, load

FILE_ADMINISTRATOR = {
    "username": "automation@example.com",
    "custodian": "admins@example.com",
    "workspace": "SEC Filing",
    "scopes": ["file:read", "file:write"],
}


def with_file_administrator(**grants: Any) -> dict[str, Any]:
    return {"workiva": {**WORKIVA["workiva"], "file_administrator": grants}}


def test_declared_files_have_the_form_of_the_options_of_file_permissions(tmp_path: Path) -> None:
    project, out = load(tmp_path, integration(files=FILES), workiva=with_file_administrator(filing=FILE_ADMINISTRATOR))
    assert out.problems == []
    (file,) = project.files
    assert [permission.as_result() for permission in file.permissions] == [
        {"user": "payroll-sync@example.com", "permission": "Editor", "state": "present"},
        {"group": "Data loaders", "permission": "Viewer", "state": "present"},
    ]
    assert (file.exclusive, file.workspace, file.asked_by) == (False, "SEC Filing", "finance@example.com")
    assert project.grants[0].files == ("124e",)
    (grant,) = project.file_administrator_grants
    assert (grant.integration, grant.grant, grant.lifetime_days) == ("file-administrator", "filing", 365)


def test_the_files_of_an_absent_integration_lose_its_user_only(tmp_path: Path) -> None:
    project, out = load(tmp_path, integration(files=FILES, state="absent"))
    assert out.problems == []
    assert project.files[0].permissions == (DeclaredPermission("absent", user="payroll-sync@example.com"),)
    assert project.grants[0].files == ()


def test_an_exact_file_keeps_what_another_integration_declares(tmp_path: Path) -> None:
    exact = {"SEC Filing": {"124e": {"permission": "Editor", "exclusive": True}}}
    plain = {"SEC Filing": {"124e": {"permission": "Viewer"}}}
    project, out = load(tmp_path, integration(files=exact), integration("hr-feed", files=plain))
    assert out.problems == []
    assert project.files[0].keep == (DeclaredPrincipal(user="hr-feed@example.com"),)
    assert project.files[1].keep == ()


@pytest.mark.parametrize(
    ("files", "other", "problem"),
    [
        ({"ESG": {"124e": {"permission": "Editor"}}}, {}, "is not among user.workspaces"),
        ({"SEC Filing": {"124e": {}}}, {}, "the file needs permission, users or groups"),
        ({"SEC Filing": {"12 4e": {"permission": "Editor"}}}, {}, "takes the id of a file"),
        ({"SEC Filing": {"124e": {"permision": "Editor"}}}, {}, "Did you mean permission?"),
        ({"SEC Filing": ["124e"]}, {}, "must be a mapping: each name is a key"),
        ({"SEC Filing": None}, {}, "integrations.d/payroll-sync.yml:17: a name in files needs a value."),
        (
            {"SEC Filing": {"124e": {"users": {"anna@example.com": None}}}},
            {},
            "payroll-sync.yml:20: a name in files.SEC Filing.(not shown).users needs a value.",
        ),
        (
            {"SEC Filing": {"124e": {"users": {"anna@example.com": "Editor"}}}},
            {"SEC Filing": {"124e": {"users": {"Anna@example.com": "Viewer"}}}},
            "this user is to have another permission on this file already",
        ),
    ],
)
def test_files_that_cannot_be_meant(tmp_path: Path, files: Any, other: Any, problem: str) -> None:
    _project, out = load(tmp_path, integration(files=files), integration("hr-feed", files=other))
    assert any(problem in found for found in out.problems), out.problems
    assert len(out.problems) == 1


@pytest.mark.parametrize(
    ("grants", "problem"),
    [
        ({"a": {**FILE_ADMINISTRATOR, "scopes": ["file:read"]}}, "a file administrator grant needs file:write"),
        ({"a": FILE_ADMINISTRATOR, "b": FILE_ADMINISTRATOR}, "has a file administrator grant already: a."),
        ({"a": {**FILE_ADMINISTRATOR, "workspace": ""}}, "a needs workspace"),
        ({"a": {**FILE_ADMINISTRATOR, "username": "payroll-sync@example.com"}}, "is used already"),
    ],
)
def test_a_file_administrator_that_cannot_do_its_work(tmp_path: Path, grants: Any, problem: str) -> None:
    _project, out = load(tmp_path, integration(), workiva=with_file_administrator(**grants))
    assert any(problem in found for found in out.problems), out.problems


def test_name_of_the_file_administrators_is_reserved(tmp_path: Path) -> None:
    _project, out = load(tmp_path, integration("file-administrator"))
    assert any("is the one of the file administrator grants" in found for found in out.problems)
