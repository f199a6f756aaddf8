# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Least privilege: scopes and permissions that make each other useless, and access that nobody needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import (
    DeclaredFile,
    DeclaredPermission,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.module_utils._organization.undeclared import UndeclaredAccess
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice import access_facts as facts
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.least_privilege import least_privilege
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredAccess, DeclaredUser
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import (
    GrantFields,
    GrantResult,
    ScopesResult,
    UserResult,
)
from tests._declared import LOADED


def advice(
    scopes: list[str],
    permission: str | None = None,
    observed: list[str] | None = None,
    excess: tuple[UndeclaredAccess, ...] = (),
    grant_in: str = "W",
    groups: dict[str, str] | None = None,
    **user: Any,
) -> list[tuple[str, str, str]]:
    permissions = [DeclaredPermission("present", user="p@x", permission=permission)] if permission else []
    permissions += [DeclaredPermission("present", group=name, permission=what) for name, what in (groups or {}).items()]
    declared = DeclaredUser("p", "p@x", "", "sso", "present", False, (DeclaredAccess("w", groups=("Loaders",)),))
    project = replace(
        LOADED,
        users=(replace(declared, **user),),
        grants=(DeclaredGrant("p", "g", grant_in, "p@x", tuple(scopes)),),
        files=(DeclaredFile("f", tuple(permissions), workspace="W", integration="p"),) if permissions else (),
    )
    fields = GrantFields(ScopesResult("observed", tuple(observed)) if observed else None)
    found = least_privilege(
        project,
        [UserResult("p@x", integration="p", excess_access=excess)],
        [GrantResult("p", "g", fields=fields)],
    )
    assert all(item.do and item.because and item.integration == "p" for item in found)
    return [(item.kind, item.what, item.certainty) for item in found]


USELESS = ("scope", "the scope file:write of the grant g", "likely")


def test_a_scope_that_writes_is_of_no_use_to_a_viewer() -> None:
    assert advice(["file:read", "file:write"], "Viewer") == [USELESS]
    assert advice(["file:read", "file:write"], "Editor") == []
    assert advice(["file:read"], "Viewer") == []
    assert advice(["data_tables|r", "data_tables|w"], "viewer")[0][1] == "the scope data_tables|w of the grant g"


def test_what_was_observed_beats_what_is_declared() -> None:
    assert advice(["file:read"], "Viewer", observed=["file:read", "file:write"]) == [USELESS]


def test_a_group_that_the_user_is_in_counts() -> None:
    both = ["file:read", "file:write"]
    assert advice(both, "Viewer", groups={"loaders": "Editor"}) == []
    assert advice(both, "Viewer", groups={"Others": "Editor"}) == [USELESS]


def test_without_files_or_with_an_unknown_permission_no_advice_is_given_on_scopes() -> None:
    assert advice(["file:read", "file:write"]) == []
    assert advice(["file:read", "file:write"], "Approver") == []


def test_a_permission_that_no_scope_uses() -> None:
    assert advice(["file:read"], "Editor") == [("permission", "the permission Editor of p@x on f", "likely")]
    found = advice(["file:read"], "Editor", grant_in="Elsewhere")
    assert ("permission", "the permission Editor of p@x on f", "certain") in found


def test_roles_and_scopes_of_the_organization() -> None:
    role = ("organization_role", "the organization role Org User Admin", "certain")
    assert advice(["file:read"], organization_roles=("Org User Admin",)) == [role]
    assert advice(["activity:read"], organization_roles=("Org User Admin",)) == []
    scope = ("scope", "the scope organization:read of the grant g", "likely")
    assert advice(["organization:read"], organization_roles=("Organization Member",)) == [scope]
    assert advice(["organization:read"]) == []


def test_a_membership_that_no_grant_and_no_file_needs() -> None:
    places = (DeclaredAccess("W"), DeclaredAccess("Old"))
    assert advice(["file:read"], workspaces=places) == [("membership", "the membership in Old", "certain")]


@pytest.mark.parametrize(
    ("role", "scopes", "expected"),
    [
        ("Professional", ["file:read"], [("role", "the role Professional in W", "uncertain")]),
        ("Professional", ["file:read", "file:write"], []),
        ("Professional", ["graph:read"], []),
        ("Viewer", ["file:write"], [("scope", "a scope that writes, with the role Viewer in W", "uncertain")]),
        ("Workspace Owner", ["file:read"], [("role", "the role Workspace Owner in W", "likely")]),
        ("Certifier Admin", ["file:read"], []),
        ("Content Manager", ["file:read"], []),
    ],
)
def test_roles_of_a_workspace(role: str, scopes: list[str], expected: list[tuple[str, str, str]]) -> None:
    """What depends on the vendor's licence model is uncertain."""
    assert advice(scopes, workspaces=(DeclaredAccess("W", roles=(role,)),)) == expected


def test_access_that_nobody_declared_is_reported_with_what_to_do() -> None:
    excess = (
        UndeclaredAccess("workspace", "ESG", roles=("Viewer",)),
        UndeclaredAccess("group", "W", "Editors"),
        UndeclaredAccess("role", "W", "Viewer"),
        UndeclaredAccess("organization_role", None, "Org User Admin"),
    )
    assert [what for _kind, what, _certainty in advice(["file:read"], excess=excess)] == [
        "the membership in ESG with Viewer",
        "the group Editors in W",
        "the role Viewer in W",
        "the organization role Org User Admin",
    ]


def test_an_absent_integration_gets_no_advice() -> None:
    assert advice(["file:read", "file:write"], "Viewer", state="absent") == []


PERMISSIONS = st.sampled_from(["None", "Viewer", "Editor", "Owner"])
SCOPES = st.lists(st.sampled_from(["file:read", "file:write", "data_tables|r", "graph:read"]), unique=True, min_size=1)


@given(PERMISSIONS, SCOPES)
def test_following_the_advice_on_scopes_ends_it(permission: str, scopes: list[str]) -> None:
    useless = {what.split()[2] for kind, what, _certainty in advice(scopes, permission) if kind == "scope"}
    kept = [scope for scope in scopes if scope not in useless] or ["graph:read"]
    assert not [kind for kind, _what, _certainty in advice(kept, permission) if kind == "scope"]


def test_every_fact_has_a_confidence_and_a_source() -> None:
    assert set(facts.roles()) >= {"Editor", "Viewer", "Workspace Owner"}
    for name, fact in facts.roles().items():
        assert fact["confidence"] in ("published", "inferred", "unknown"), name
        assert fact["source"], name
        assert isinstance(fact["licence"], bool), name
        assert fact["may"] in ("read", "write", "administer", "unknown"), name
    assert facts.permission_may("owner") == {"read", "write", "share"}
    assert facts.permission_may("Approver") is None
    assert facts.role("no such role") is None
    assert facts.scope_may("graph:read") == frozenset()
