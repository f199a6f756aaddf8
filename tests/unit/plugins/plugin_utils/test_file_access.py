# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the declared files stand, and whom that makes a work order for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.file_access import (
    GRANT,
    FileAccess,
    file_access,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import summary

NAMES = {"users": {"payroll@x": "u1", "anna@x": "u2"}, "groups": {"W": {"Loaders": "g1"}}}


def file(**more: Any) -> dict[str, Any]:
    return {
        "integration": "payroll",
        "workspace": "W",
        "file": "f1",
        "about": "Schedules",
        "file_owner": "anna@x",
        "asked_by": "finance@x",
        "purpose": "Loads",
        "exclusive": False,
        "keep": [],
        "permissions": [{"user": "payroll@x", "permission": "Editor", "state": "present"}],
        **more,
    }


def project(*files: dict[str, Any], managed: bool = False) -> dict[str, Any]:
    user = {"integration": "payroll", "username": "payroll@x", "custodian": "anna@x", "sign_in": "sso"}
    return {
        "files": list(files),
        "users": [user],
        "integrations": ["payroll", "other"],
        "administration": "writer",
        "file_administrator_grants": [{"workspace": "w", "grant": "filing"}] if managed else [],
    }


def grants(access: bool | None, finding: str = "x", listed: Any = None) -> list[dict[str, Any]]:
    sight = {"file": "f1", "access": access, "finding": finding, "detail": "said", "name": "S", "permissions": listed}
    return [{"integration": "payroll", "grant": "main", "files": [sight]}]


def kinds(found: FileAccess) -> tuple[bool | None, int, bool | None]:
    certain = found.orders[0].certain if found.orders else None
    return found.files[0]["given"], len(found.orders), certain


@pytest.mark.parametrize(
    ("access", "listed", "expected"),
    [
        (False, None, (False, 1, True)),
        (None, None, (None, 1, False)),
        (True, None, (True, 0, None)),
        (True, [{"principal": "u1", "permission": "Viewer"}], (False, 1, True)),
        (True, [{"principal": "u1", "permission": "editor"}], (True, 0, None)),
    ],
)
def test_the_owner_is_asked_where_the_own_token_does_not_see_what_is_declared(
    access: bool | None, listed: Any, expected: tuple[bool | None, int, bool | None]
) -> None:
    found = file_access(project(file()), [], grants(access, listed=listed), NAMES, [])
    assert kinds(found) == expected
    assert found.considered == ("payroll", "other")
    assert bool(found.done) != bool(found.orders)


def test_groups_and_others_are_compared_where_they_can_be_listed() -> None:
    others = [
        {"user": "payroll@x", "permission": "Editor", "state": "present"},
        {"group": "loaders", "permission": "Viewer", "state": "present"},
    ]
    held = [{"principal": "u1", "permission": "Editor"}]
    declared = project(file(permissions=others))
    assert kinds(file_access(declared, [], grants(True, listed=held), NAMES, []))[0] is False
    held.append({"principal": "g1", "permission": "Viewer"})
    assert kinds(file_access(declared, [], grants(True, listed=held), NAMES, []))[0] is True
    assert kinds(file_access(declared, [], grants(True, listed=held), {}, []))[0] is True


def test_an_order_names_all_files_of_the_integration_and_who_is_asked() -> None:
    other = file(file="f2", about=None, file_owner="")
    found = file_access(project(file(), other), [], grants(True), NAMES, [])
    (order,) = found.orders
    assert [item["file"] for item in order.files] == ["f1", "f2"]
    assert (order.owner, order.custodian, order.sign_in) == ("finance@x", "anna@x", "sso")
    assert order.files[1]["permissions"] == [{"user": "payroll@x", "permission": "Editor"}]


@pytest.mark.parametrize(
    ("granting", "result", "expected"),
    [
        ([], {}, "Waiting for the grant filing of file-administrator, which is declared."),
        ([{"grant": "filing", "stage": "stored"}], {"steps": []}, "Check the user's membership"),
        ([{"grant": "filing", "stage": "stored"}], {"error": {"msg": "no"}}, "Correct what the error says"),
    ],
)
def test_where_a_grant_looks_after_the_file_nobody_is_asked(granting: Any, result: Any, expected: str) -> None:
    results = [{"integration": "payroll", "workspace": "W", "file": "f1", **result}] if result else []
    found = file_access(project(file(), managed=True), results, grants(False, "no_access"), NAMES, granting)
    assert found.orders == ()
    assert expected in found.files[0]["next"]


def test_next_step_for_a_file_in_the_trash_names_its_owner() -> None:
    found = file_access(project(file()), [], grants(True, "drifted"), NAMES, [])
    assert (
        found.files[0]["next"]
        == "Ask the file's owner to restore it from the trash, or remove it from the declaration."
    )


def test_an_absent_integration_asks_nobody() -> None:
    absent = [{"user": "payroll@x", "state": "absent"}]
    found = file_access(project(file(permissions=absent)), [], [], NAMES, [])
    assert found.orders == ()
    assert found.files[0]["next"] is None


def test_the_summary_shows_files_and_advice() -> None:
    found = file_access(project(file()), [], grants(False, "no_access"), NAMES, [])
    order = {
        "integration": "payroll",
        "grant": GRANT,
        "number": "payroll.file_access.1",
        "waits_for": "anna@x",
        "page": "p",
    }
    advice = {"integration": "payroll", "kind": "scope", "what": "W", "because": "B", "do": "D", "certainty": "unknown"}
    lines = summary("T", files=found.files, orders=[order], privileges=[advice])
    assert lines[3:] == [
        "",
        "payroll",
        "  file   Schedules in W: its token does not read it",
        "         declared: Editor for payroll@x",
        "         no_access: said",
        "         waits for anna@x: work order payroll.file_access.1 (p)",
        "  more than needed (unknown): W: B",
        "         next: D",
        "",
        "1 file (0 readable), 1 open work order",
        "waiting for anna@x: payroll.file_access.1",
    ]


def test_without_an_administrator_grant_the_owners_are_asked() -> None:
    """Nothing tells the ids of users and groups then, so that a file administrator grant has nobody to give anything."""
    workiva = {**project(file(), managed=True), "administration": "none"}
    told = file_access(workiva, [], [], {}, [{"grant": "filing", "stage": "stored"}])
    assert [order.kind for order in told.orders] == ["file_access"]
    assert told.files[0]["grant"] is None
