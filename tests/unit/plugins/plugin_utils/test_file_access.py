# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the declared files stand, and whom that makes a work order for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.module_utils._files.access_check import (
    FileCheck,
    PrincipalPermission,
)
from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import (
    DeclaredFile,
    DeclaredPermission,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.file_access import (
    FileAccess,
    FileStatus,
    file_access,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredUser
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._read_value import read_value
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import (
    FileResult,
    GrantResult,
    PrincipalIds,
)
from tests._declared import LOADED

IDS = PrincipalIds({"payroll@x": "u1", "anna@x": "u2"}, {"W": {"Loaders": "g1"}})
EDITOR = DeclaredPermission("present", user="payroll@x", permission="Editor")
FILE = DeclaredFile(
    *("f1", (EDITOR,)),
    workspace="W",
    integration="payroll",
    about="Schedules",
    file_owner="anna@x",
    asked_by="finance@x",
    purpose="Loads",
)
STORED = [GrantResult("file-administrator", "filing", "stored")]


def project(*files: DeclaredFile, managed: bool = False) -> LoadedProject:
    filing = DeclaredGrant("file-administrator", "filing", "w", "admin@x", ())
    return replace(
        LOADED,
        files=files,
        users=(DeclaredUser("payroll", "payroll@x", "anna@x", "sso", "present", delete_user=False),),
        integrations=("payroll", "other"),
        file_administrator_grants=(filing,) if managed else (),
    )


def grants(
    access: bool | None, finding: str = "x", listed: tuple[PrincipalPermission, ...] | None = None
) -> list[GrantResult]:
    return [GrantResult("payroll", "main", files=(FileCheck("f1", access, finding, "said", "S", listed),))]


def kinds(found: FileAccess) -> tuple[bool | None, int, bool | None]:
    certain = found.orders[0].certain if found.orders else None
    return found.files[0].given, len(found.orders), certain


@pytest.mark.parametrize(
    ("access", "listed", "expected"),
    [
        (False, None, (False, 1, True)),
        (None, None, (None, 1, False)),
        (True, None, (True, 0, None)),
        (True, (PrincipalPermission("u1", "Viewer"),), (False, 1, True)),
        (True, (PrincipalPermission("u1", "editor"),), (True, 0, None)),
    ],
)
def test_the_owner_is_asked_where_the_own_token_does_not_see_what_is_declared(
    access: bool | None, listed: Any, expected: tuple[bool | None, int, bool | None]
) -> None:
    found = file_access(project(FILE), [], grants(access, listed=listed), IDS, [])
    assert kinds(found) == expected
    assert found.considered == ("payroll", "other")
    assert bool(found.done) != bool(found.orders)


def test_groups_and_others_are_compared_where_they_can_be_listed() -> None:
    viewer = DeclaredPermission("present", group="loaders", permission="Viewer")
    declared = project(replace(FILE, permissions=(EDITOR, viewer)))
    held = (PrincipalPermission("u1", "Editor"),)
    assert kinds(file_access(declared, [], grants(True, listed=held), IDS, []))[0] is False
    held = (*held, PrincipalPermission("g1", "Viewer"))
    assert kinds(file_access(declared, [], grants(True, listed=held), IDS, []))[0] is True
    assert kinds(file_access(declared, [], grants(True, listed=held), PrincipalIds(), []))[0] is True


def test_an_order_names_all_files_of_the_integration_and_who_is_asked() -> None:
    other = replace(FILE, file="f2", about=None, file_owner="")
    found = file_access(project(FILE, other), [], grants(True), IDS, [])
    (order,) = found.orders
    assert [item["file"] for item in order.files] == ["f1", "f2"]
    assert (order.owner, order.custodian, order.sign_in) == ("finance@x", "anna@x", "sso")
    assert order.files[1]["permissions"] == [{"user": "payroll@x", "permission": "Editor"}]


@pytest.mark.parametrize(
    ("granting", "results", "expected"),
    [
        ([], [], "Waiting for the grant filing of file-administrator, which is declared."),
        (STORED, [FileResult("f1", "payroll", "W")], "Check the user's membership"),
        (STORED, [FileResult("f1", "payroll", "W", error=Failure("no", "Refused"))], "Correct what the error says"),
    ],
)
def test_the_owner_is_not_asked_where_a_grant_gives_the_permissions(
    granting: list[GrantResult], results: list[FileResult], expected: str
) -> None:
    found = file_access(project(FILE, managed=True), results, grants(False, "no_access"), IDS, granting)
    assert found.orders == ()
    assert expected in str(found.files[0].next)


def test_next_step_for_a_file_in_the_trash_names_its_owner() -> None:
    found = file_access(project(FILE), [], grants(True, "drifted"), IDS, [])
    assert (
        found.files[0].next == "Ask the file's owner to restore it from the trash, or remove it from the declaration."
    )


def test_an_absent_integration_asks_nobody() -> None:
    absent = replace(FILE, permissions=(DeclaredPermission("absent", user="payroll@x"),))
    found = file_access(project(absent), [], [], IDS, [])
    assert found.orders == ()
    assert found.files[0].next is None


def test_without_an_administrator_grant_the_owners_are_asked() -> None:
    """The ids of users and groups cannot be read then, so that a file administrator grant has nobody to give anything."""
    declared = replace(project(FILE, managed=True), administration="none")
    found = file_access(declared, [], [], PrincipalIds(), STORED)
    assert [order.kind for order in found.orders] == ["file_access"]
    assert found.files[0].grant is None


def test_a_file_status_is_read_from_its_result_as_it_was() -> None:
    (status,) = file_access(project(FILE), [], grants(False, "no_access"), IDS, []).files
    assert read_value(FileStatus, status.as_result()) == status
