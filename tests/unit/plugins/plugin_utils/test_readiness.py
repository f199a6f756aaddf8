# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the administrator grant lets a run do, and what a person reads where it lets it do nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    AdministrationScopes,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import (
    FindingResult,
    GrantFields,
    GrantResult,
    OrderResult,
    ScopesResult,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.readiness import Readiness, assess
from tests._declared import LOADED

BOTH = ("organization:read", "organization:write")
ORGANIZATION = DeclaredGrant("administrator", "organization", "SEC Filing", "robot@example.com", BOTH)
READER = replace(ORGANIZATION, grant="reader", scopes=("organization:read",))
PROJECT = replace(
    LOADED,
    administration_scopes=AdministrationScopes(("organization:read",), BOTH),
    administrator_grants=(ORGANIZATION, READER),
)


def grant(name: str = "organization", stage: str = "stored", scopes: Sequence[str] = BOTH, **more: Any) -> GrantResult:
    fields = GrantFields(ScopesResult("observed", tuple(scopes)))
    return GrantResult("administrator", name, stage, "ok", fields=fields, **more)


def found(finding: str, detail: str) -> tuple[FindingResult, ...]:
    return (FindingResult(finding, detail),)


def order(grant: str, number: str) -> OrderResult:
    return OrderResult(number, "administrator", grant, "an Org Security Admin")


def test_assess_accepts_a_grant_with_the_needed_scopes() -> None:
    assert assess(PROJECT, "organization", "write", [grant()], []) == Readiness("ready")


def test_assess_accepts_a_project_without_an_administrator_grant() -> None:
    assert assess(PROJECT, "", "write", [grant()], []).is_ready


def test_assess_judges_the_grant_that_the_use_chooses() -> None:
    grants = [grant(stage="declared"), grant("reader")]
    assert assess(PROJECT, "reader", "read", grants, []).is_ready
    assert assess(PROJECT, "organization", "write", grants, []).state == "waiting"


@pytest.mark.parametrize("stage", ["declared", "requested", "received", "retired"])
def test_assess_waits_for_credentials_that_are_not_stored(stage: str) -> None:
    assert assess(PROJECT, "organization", "write", [grant(stage=stage)], []) == Readiness(
        "waiting", "There are no credentials of the administrator grant yet."
    )


@pytest.mark.parametrize("finding", ["expired", "rejected", "blocked_here"])
def test_assess_is_blocked_by_a_refused_grant(finding: str) -> None:
    bad = grant(findings=found(finding, "It ended on 2026-01-01."), next="Do this.")
    assert assess(PROJECT, "organization", "write", [bad], []) == Readiness(
        "blocked", "The administrator grant was refused: It ended on 2026-01-01. Do this."
    )


def test_assess_reports_credentials_that_could_not_be_read() -> None:
    unread = grant(findings=found("unchecked", "The entry does not open."))
    assert assess(PROJECT, "organization", "write", [unread], []).reason == (
        "The credentials of the administrator grant could not be read: The entry does not open."
    )


def test_assess_blames_nobody_where_workiva_is_unreachable() -> None:
    away = grant(stage="declared", findings=found("unreachable", "No route to host."))
    readiness = assess(PROJECT, "organization", "write", [away], [])
    assert readiness.state == "unreachable"
    assert "so that the state of every grant is unknown: No route to host." in readiness.reason


def test_assess_names_the_missing_scope_and_the_work_order() -> None:
    reads = grant(scopes=["organization:read"])
    orders = [order("organization", "administrator.organization.2"), order("reader", "x")]
    assert assess(PROJECT, "organization", "write", [reads], orders).reason == (
        "The administrator grant lacks the scope organization:write, which the declaration needs. An Org Security Admin "
        "can add it, as the work order administrator.organization.2 describes."
    )


def test_assess_asks_to_declare_a_scope_that_the_entry_lacks() -> None:
    project = replace(PROJECT, administrator_grants=(replace(ORGANIZATION, scopes=("organization:read",)),))
    nothing = grant(scopes=[])
    assert assess(project, "organization", "write", [nothing], []).reason == (
        "The administrator grant lacks the scopes organization:read, organization:write, which the declaration needs. "
        "Add them to scopes of workiva.administrator in workiva.yml, and run onboard: it opens a work order for an Org "
        "Security Admin."
    )
