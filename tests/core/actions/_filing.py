# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project with declared grants, and the arguments of the action oauth2_grants for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests._declared import FILING, loaded_project
from tests._organization import Organization
from tests.core._actions import Actions

Pair = dict[str, Any]


def arguments_of(organization: Organization, folder: Path, **more: Any) -> dict[str, Any]:
    """C(grants), C(absent), C(administration), C(connection), C(today) and C(vault_id), where they are in C(more), are those of the
    project; the rest are options of the action."""
    connection = {name: organization.connection[name] for name in ("region", "ca_path", "connect_to")}
    connection.update(more.pop("connection", {}))
    declared = {"grants": more.pop("grants", [FILING]), "absent": more.pop("absent", [])}
    declared["administration"] = more.pop("administration", "writer")
    declared.update({name: more.pop(name) for name in ("administrator_grants", "targets") if name in more})
    run = {"today": more.pop("today", "2026-11-24"), "vault_id": more.pop("vault_id", None)}
    return {"project": loaded_project(folder, connection, run=run, **declared), **more}


class Project:
    """A folder for the files that the action writes, and the action with the usual arguments."""

    def __init__(self, folder: Path, organization: Organization, actions: Actions) -> None:
        self.folder = folder
        self.organization = organization
        self.actions = actions
        self.credentials = folder / "credentials.yml"

    def made(self, grant: dict[str, Any] | None = None, **fields: Any) -> Pair:
        """A grant as people make it on the screen, and its pair; C(FILING) where none is given."""
        grant = grant or FILING
        wanted = {name: grant[name] for name in ("username", "scopes", "expires", "ip_allowlist", "workspace")}
        name = {"integration": grant["integration"], "grant": grant["grant"]}
        return {**name, **self.organization.create_grant(**{**wanted, **fields})}

    def change(self, pair: Pair, **fields: Any) -> None:
        self.organization.change_grant(pair["client_id"], **fields)

    def delete(self, pair: Pair) -> None:
        self.organization.delete_grant(pair["client_id"])

    def run(
        self, handed_over: list[Pair] | None = None, *, check_mode: bool = False, diff: bool = False, **more: Any
    ) -> dict[str, Any]:
        handover = {"handover": "none"} if handed_over is None else {"handover": "vars", "handed_over": handed_over}
        arguments = arguments_of(self.organization, self.folder, **{**handover, **more})
        return self.actions("oauth2_grants", arguments, check_mode=check_mode, diff=diff)

    def secret(self, name: str = "client_secret") -> str | None:
        """What ansible-vault's own code reads in the file."""
        found = self.actions.decrypted(self.credentials)["workiva_credentials"]
        value: str | None = found.get("payroll-sync", {}).get("filing", {}).get(name)
        return value

    def files(self) -> dict[str, bytes]:
        paths = [self.credentials, *sorted((self.folder / "journal").glob("*"))]
        return {path.name: path.read_bytes() for path in paths if path.exists()}

    def events(self) -> list[str]:
        path = self.folder / "journal" / "payroll-sync.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [json.loads(line)["event"] for line in lines]
