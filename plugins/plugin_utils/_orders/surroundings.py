# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What all work orders of a project have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import ADDING, Order
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.commands import Commands, commands_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject

KeyOf = Callable[[str, Mapping[str, str] | None], Mapping[str, str] | None]


@dataclass(frozen=True)
class Surroundings:
    """What the pages show about the organization, beside the order itself."""

    scope_labels: Mapping[str, str] = field(default_factory=dict)
    organization: Mapping[str, str] = field(default_factory=dict)
    console_url: str | None = None
    handover_url: str | None = None
    commands: Commands = field(default_factory=Commands)
    # The targets that let client IDs in one by one, by integration and grant.
    client_id_filters: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    key_of: KeyOf | None = None
    """Where credentials can be sealed in the page: the key of an order, by its number and its present key."""

    def shown(self, order: Order) -> dict[str, Any]:
        """What is fixed with an order, so that its number and its fingerprint cover all that its pages show."""
        change = order.changes.get("scopes")
        scopes = {*order.scopes, *((change.before if change else None) or ())}
        filters = self.client_id_filters.get((order.integration, order.grant)) if order.kind in ADDING else None
        return {
            **({"client_id_filters": list(filters)} if filters else {}),
            "organization": dict(self.organization),
            # That which confirms an order differs by the number only.
            "command": self.commands.command("handover"),
            "console_url": self.console_url,
            "handover_url": self.handover_url,
            "scope_labels": {scope: label for scope, label in sorted(self.scope_labels.items()) if scope in scopes},
        }


def surroundings_of(project: LoadedProject, loader: Any) -> Surroundings:
    """What the pages of a project have in common; C(loader) has the vault passwords of the run."""
    connection = project.connection
    return Surroundings(
        project.scope_labels,
        organization_of({"id": connection.organization_id, "region": connection.region, "api_url": connection.api_url}),
        handover_url=project.handover_url,
        commands=commands_of(project.folder, loader, project.run.vault_id),
        client_id_filters=_filters_of(project.targets),
    )


def _filters_of(targets: Iterable[DeclaredTarget]) -> Mapping[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for target in targets:
        if target.filters_client_id:
            found.setdefault((target.integration, target.grant), []).append(target.name)
    return found


def organization_of(known: Mapping[str, str | None]) -> dict[str, str]:
    """How people recognize an organization: C(name), C(id) and C(region), as far as they are known, and C(api_url) where the
    project has that instead of a region."""
    if not any(known.values()):
        return {}
    address = {"api_url": known["api_url"] or ""} if known.get("api_url") else {}
    return {**{key: known.get(key) or "" for key in ("name", "id", "region")}, **address}
