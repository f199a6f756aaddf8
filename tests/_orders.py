# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work orders for the tests of their pages, each as a journal would fix it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder, plan
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import Surroundings
from tests._declared import order_of

TODAY = date(2026, 11, 24)
AROUND = Surroundings(
    {"data_tables|w": "Spreadsheets (Write)", "data_tables|r": "Spreadsheets (Read)"},
    {"name": "Example Corp", "id": "o-1", "region": "us"},
    "https://app.example.com/",
)
STORED = {
    "event": "stored",
    "grant": "filing",
    "client_id": "c-1",
    "client_name": "SEC Filing | payroll-sync | 2025-11",
    "expires": "2026-12-01",
    "ip_allowlist": ["203.0.113.7"],
    "scopes": ["file:read", "data_tables|r"],
}
EDIT = {
    "scopes": {"from": ["file:read", "data_tables|r"], "to": ["file:read", "data_tables|w"]},
    "expires": {"from": "2026-12-01", "to": "2027-11-24"},
    "ip_allowlist": {"from": ["203.0.113.7"], "to": []},
}
STEP = {"text": "a step", "fields": {}, "names": [], "workspace": None, "welcome_email": False}
USER_STEPS = [
    {**STEP, "kind": "create_user", "fields": {"email": "p@example.com", "given_name": "Payroll"}},
    {**STEP, "kind": "assign_organization_roles", "names": ["Org User Admin"]},
    {**STEP, "kind": "add_membership", "workspace": "SEC Filing", "welcome_email": True},
    {**STEP, "kind": "set_roles", "workspace": "SEC Filing", "names": ["Professional"]},
]
FILES = [
    {
        "file": "124e",
        "workspace": "SEC Filing",
        "about": "Schedules",
        "owner": owner,
        "permissions": [{"user": "payroll-sync@example.com", "permission": "Editor"}],
    }
    for owner in ("anna.k@example.com", "")
]


def work_order(
    kind: str = "create",
    integration: str = "payroll-sync",
    past: Iterable[Mapping[str, Any]] = (),
    around: Surroundings = AROUND,
    **more: Any,
) -> WorkOrder:
    """An order of that kind, with other values where C(more) gives them."""
    wanted = {
        "integration": integration,
        "grant": "filing",
        "kind": kind,
        "owner": "owner@example.com",
        "purpose": "Loads the totals",
        "username": f"{integration}@example.com",
        "custodian": "anna.k@example.com",
        "sign_in": "password",
        "workspace": "SEC Filing",
        "scopes": ["file:read", "data_tables|w"],
        "lifetime_days": 365,
        "ip_allowlist": ["203.0.113.7", "203.0.113.8"],
        "screen": "organization_admin",
        "reason": "no grant is known",
        **more,
    }
    return plan([order_of(wanted)], [], {integration: list(past)}, TODAY, around=around).orders[0]


def every_kind() -> list[WorkOrder]:
    """One order of each kind, and several that one administrator does."""
    access = {"state": "present", "fields": {}, "workspaces": {}}
    return [
        *(work_order(integration=f"feed-{number}") for number in (2, 10)),
        *(work_order("edit", f"ledger-{number}", [STORED], changes=EDIT) for number in (1, 2)),
        work_order("regenerate", "tax", [STORED]),
        work_order("delete", "old", [STORED]),
        work_order("add_user", "new", grant="user", steps=USER_STEPS, access=access, closes="attested"),
        work_order("file_access", "files", grant="file_access", files=FILES),
    ]
