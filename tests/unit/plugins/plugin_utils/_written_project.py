# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project folder as a test writes it, loaded."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import Stored, choose_grants
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.build import build
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import AdministrationGrants
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.project import Project
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import (
    Findings,
    read_source,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.targets import Controller

TODAY = datetime.date(2026, 11, 24)
ROOT = Path(__file__).resolve().parents[4]
WORKIVA: dict[str, Any] = {
    "workiva": {
        "region": "us",
        "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655",
        "administrator": {
            "username": "automation@example.com",
            "custodian": "admins@example.com",
            "workspace": "SEC Filing",
            "scopes": ["organization:read", "organization:write"],
        },
        "defaults": {"owner": "finance@example.com"},
    }
}


def integration(name: str = "payroll-sync", **more: Any) -> dict[str, Any]:
    user = {
        "username": f"{name}@example.com",
        "email": f"{name}@example.com",
        "given_name": "Payroll",
        "family_name": "Sync",
        "workspaces": {"SEC Filing": {"roles": ["Professional"]}},
    }
    grants = {"filing": {"workspace": "SEC Filing", "scopes": ["file:read"]}}
    return {"name": name, "user": user, "grants": grants, **more}


def used_grants(project: Project, stored: Stored) -> AdministrationGrants:
    return choose_grants([grant.grant for grant in project.administrator_grants], project.mode(), stored)


def load(folder: Path, *integrations: dict[str, Any] | str, workiva: Any = None) -> tuple[Project, Findings]:
    (folder / "integrations.d").mkdir(exist_ok=True)
    (folder / "workiva.yml").write_text(yaml.safe_dump(workiva or WORKIVA))
    out = Findings()
    sources = []
    for number, item in enumerate(integrations):
        name = item["name"] if isinstance(item, dict) else f"text{number}"
        path = folder / "integrations.d" / f"{name}.yml"
        path.write_text(item if isinstance(item, str) else yaml.safe_dump(item, sort_keys=False))
        source = read_source(str(path), f"integrations.d/{name}.yml", out)
        sources += [source] if source else []
    settings = read_source(str(folder / "workiva.yml"), "workiva.yml", out)
    return build(settings, sources, lambda integration, grant: False, TODAY, out, Controller(str(folder))), out


FILES = {"SEC Filing": {"124e": {"permission": "Editor", "groups": {"Data loaders": "Viewer"}, "about": "Schedules"}}}
