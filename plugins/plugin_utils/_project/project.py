# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a project declares as a whole, and what it needs of the grants that manage users."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import DeclaredFile
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import (
    AdministrationScopes,
    DeclaredCertificate,
    DeclaredNotice,
    DeclaredTarget,
    DeclaredUser,
    Responsibility,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.places import Places
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Findings
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import (
    ADMINISTRATOR,
    FILE_ADMINISTRATOR,
)

# The entries of workiva.yml for grants that look after users, and their names as grants of the integration administrator.
ENTRIES = {"administrator": "organization", "reader": "reader"}
READ, WRITE = "organization:read", "organization:write"


@dataclass
class Project:
    """What was declared, checked. C(workiva) has the values of workiva.yml by their keys."""

    workiva: Mapping[str, Any]
    users: list[DeclaredUser] = field(default_factory=list)
    grants: list[DeclaredGrant] = field(default_factory=list)
    administrator_grants: list[DeclaredGrant] = field(default_factory=list)
    file_administrator_grants: list[DeclaredGrant] = field(default_factory=list)
    files: list[DeclaredFile] = field(default_factory=list)
    targets: list[DeclaredTarget] = field(default_factory=list)
    scope_labels: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    certificates: list[DeclaredCertificate] = field(default_factory=list)
    certificate_notice: DeclaredNotice | None = None
    # By the name of the integration.
    about: dict[str, Responsibility] = field(default_factory=dict)
    # By the name of the integration: where its file names something that is in Workiva.
    places: dict[str, Places] = field(default_factory=dict)
    # Integrations whose files say delete_user: true; the run must confirm it.
    delete_declared: list[str] = field(default_factory=list)

    def mode(self) -> str:
        """How users are looked after: C(writer) by a grant, C(reader) seen by a grant and changed by people, C(none)."""
        scopes = {grant.grant: grant.scopes for grant in self.administrator_grants}
        if self.workiva.get("administration") == "work_order":
            return "reader" if scopes else "none"
        # Without an entry the pair of the environment is used.
        return "writer" if not scopes or WRITE in scopes.get("organization", ()) else "reader"

    def scopes_needed(self, users: int) -> AdministrationScopes:
        """The scopes that what is declared needs of those grants, whatever their own entries say."""
        if self.mode() == "none":
            return AdministrationScopes()
        writes = (READ, WRITE) if self.mode() == "writer" and users else (READ,)
        return AdministrationScopes(read=(READ,), write=writes)


def check_only(only: list[str], project: Project, out: Findings) -> None:
    """The names that a run is limited to must be declared."""
    for name in only:
        if name not in (*project.names, ADMINISTRATOR, FILE_ADMINISTRATOR):
            near = difflib.get_close_matches(name, project.names, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Declared: {', '.join(project.names) or 'none'}."
            quoted = quote_wrong(name, project.names) or "of this name"
            out.of_variables.append(f"workiva_only: there is no integration {quoted}. {hint}")


def check_delete(names: list[str], project: Project, out: Findings) -> None:
    """A user is deleted where its file says so and the run confirms it. Without the confirmation it stays.

    Where people delete it, they confirm it by the work order, which says so in full.
    """
    states = {user.integration: user.state for user in project.users}
    for name in names:
        if name not in states:
            near = difflib.get_close_matches(name, states, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Declared: {', '.join(states) or 'none'}."
            quoted = quote_wrong(name, states) or "of this name"
            out.of_variables.append(f"workiva_delete_user: there is no integration {quoted}. {hint}")
        elif name not in project.delete_declared:
            missing = [*([] if states[name] == "absent" else ["state: absent"]), "delete_user: true"]
            out.of_variables.append(
                f"workiva_delete_user: the file of the integration {name} does not have {' and '.join(missing)}. "
                "Add it there, or leave the integration out."
            )
    by_people = project.mode() != "writer"
    project.users = [
        replace(user, delete_user=user.delete_user and (user.integration in names or by_people))
        for user in project.users
    ]
