# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of actions declare, in this process and in a playbook: a grant, a user and a work order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Change
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    DECLARED_FIELDS,
    AdministrationScopes,
    ConnectionSettings,
    LoadedProject,
    RunSettings,
)

FILING: dict[str, Any] = {
    "integration": "payroll-sync",
    "grant": "filing",
    "owner": "finance-systems@example.com",
    "purpose": "Loads the payroll totals",
    "username": "anna.k@example.com",
    "custodian": "anna.k@example.com",
    "sign_in": "password",
    "workspace": "SEC Filing",
    "scopes": ["file:read", "file:write"],
    "expires": "2027-06-30",
    "lifetime_days": None,
    "ip_allowlist": [],
    "verify_from": None,
    "state": "present",
    "screen": "organization_admin",
}
ESG = {**FILING, "grant": "esg", "workspace": "ESG Reporting", "username": "olivia.admin@example.com"}

PAYROLL: dict[str, Any] = {
    "username": "payroll-sync@example.com",
    "email": "payroll-sync@example.com",
    "given_name": "Payroll",
    "family_name": "Sync (integration)",
    "sign_in": "password",
    "workspaces": [
        {"name": "sec filing", "roles": ["PROFESSIONAL"], "groups": ["data LOADERS"]},
        {"name": "ESG Reporting", "roles": ["Viewer"]},
    ],
}
STEPS = [
    "create the user 'payroll-sync@example.com'",
    "add to the workspace 'SEC Filing', with a welcome e-mail",
    "set the roles in the workspace 'SEC Filing' to exactly 'Professional'",
    "add to the group 'Data loaders' in the workspace 'SEC Filing'",
    "add to the workspace 'ESG Reporting'",
    "set the roles in the workspace 'ESG Reporting' to exactly 'Viewer'",
]
GONE = {"username": PAYROLL["username"], "state": "absent", "adopt": True}


def order_of(fields: Mapping[str, Any]) -> Order:
    """A needed work order; a field without a value has its default, a list becomes a tuple, and a change is written as in a journal."""
    given = {name: _frozen(value) for name, value in fields.items() if value is not None}
    changes = {
        name: Change(_frozen(change.get("from")), _frozen(change["to"]))
        for name, change in fields.get("changes", {}).items()
    }
    return Order(**{**given, "changes": changes})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def loaded_project(folder: Path, connection: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A loaded project in a folder, as the task integrations returns it; C(more) are keys of it, or of its text C(declared)."""
    return in_text(
        {
            "project": str(folder),
            "connection": {"organization_id": "", **connection},
            "administration": "writer",
            "administration_scopes": {"read": [], "write": []},
            "credentials": str(folder / "credentials.yml"),
            "journal": str(folder / "journal"),
            "work_orders": str(folder / "work-orders"),
            "run": {},
            **more,
        }
    )


def in_text(project: Mapping[str, Any]) -> dict[str, Any]:
    """A loaded project as the task integrations returns it: what is declared for the integrations is one text."""
    declared = {name: value for name, value in project.items() if name in DECLARED_FIELDS}
    rest = {name: value for name, value in project.items() if name not in DECLARED_FIELDS}
    return {**rest, "declared": json.dumps(declared)}


def out_of_text(project: Mapping[str, Any]) -> dict[str, Any]:
    """A loaded project that the task integrations returned, with what its text holds."""
    return {**project, **json.loads(project["declared"])}


LOADED = LoadedProject(
    folder="/srv/workiva",
    connection=ConnectionSettings(organization_id="d6e178fd-4dd5-47e5-9457-68dd64b03655", region="eu"),
    administration="writer",
    credentials="/srv/workiva/credentials.yml",
    journal="/srv/workiva/journal",
    work_orders="/srv/workiva/work-orders",
    administration_scopes=AdministrationScopes(),
    run=RunSettings(),
)
"""A loaded project that declares nothing, for tests that replace a field of it."""
