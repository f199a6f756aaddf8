# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work orders for the people of the simulator: their values, how they are carried out, and what was handed over."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import yaml

from tests.simulator._people import BOT, Simulator, order_page
from workiva_simulator import administrator, rules
from workiva_simulator.administrator import Report
from workiva_simulator.state import Object

FIELDS: dict[str, Any] = {
    "client_name": "SEC Filing | payroll-sync | 2026-11",
    "workspace": "SEC Filing",
    "username": BOT,
    "client_type": "OAuth2 Client Credentials",
    "scopes": [("file:read", "file:read"), ("Spreadsheets (Write)", "data_tables|w")],
    "expires": "2999-12-31",
    "ip_allowlist": "127.0.0.1,203.0.113.7",
}
FORM = {**FIELDS, "scopes": ["file:read", "data_tables|w"], "ip_allowlist": ["127.0.0.1", "203.0.113.7"]}


def write(folder: Path, number: str = "payroll-sync.filing.1", kind: str = "create", **fields: Any) -> None:
    screen = fields.pop("screen", "organization_admin")
    chosen = {name: value for name, value in {**FIELDS, **fields}.items() if value is not None}
    (folder / f"{number}.html").write_text(order_page(number, kind, screen, **chosen))


def existing(simulator: Simulator, **others: Any) -> tuple[Object, str]:
    """A grant that was made long ago."""
    fields = {**FORM, **others}
    (workspace,) = simulator.state.all("workspace", name=fields["workspace"])
    with simulator.state.transaction():
        return rules.create_grant(simulator.state, {**fields, "workspace": workspace["id"]})


def go(simulator: Simulator, folder: Path, **options: Any) -> list[Report]:
    options.setdefault("handed_over", folder.parent / "handed-over.yml")
    return administrator.carry_out(simulator.directory, folder, **options)


def handed_over(folder: Path) -> list[dict[str, Any]]:
    path = folder.parent / "handed-over.yml"
    if not path.exists():
        return []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return list(yaml.safe_load(path.read_text())["workiva_handed_over"])
