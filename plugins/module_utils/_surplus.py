# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Access that is there and was not declared: what a run leaves alone and a person should know of."""

from __future__ import annotations

from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_GROUPS,
    IMPLICIT_ORGANIZATION_ROLES,
    Named,
    find_all,
    without,
)
from ansible_collections.integrations.workiva.plugins.module_utils._reconcile import Observed, Wanted, place_of


def surplus(wanted: Wanted, observed: Observed) -> list[dict[str, Any]]:
    """Access that is there, is not declared, and is left alone: for a person to judge.

    Roles in a declared workspace are not in it where they are declared too, since a run takes those away.
    """
    if observed.user is None or not wanted.present:
        return []
    found: list[dict[str, Any]] = []
    if wanted.organization_roles is None:
        held = [role.name for role in observed.held_organization_roles or ()]
        for name in held or (observed.reported.organization_roles if observed.reported else ()):
            if name.strip().casefold() not in IMPLICIT_ORGANIZATION_ROLES:
                found.append(_surplus("organization_role", None, name))
    elsewhere = {workspace.id: (workspace, roles) for workspace, roles in _reported_workspaces(observed)}
    for wanted_place in wanted.places:
        place = place_of(wanted_place.name, observed)
        _workspace, roles = elsewhere.pop(place.workspace.id, (None, ()))
        if wanted_place.roles is None:
            found += [_surplus("role", place.workspace.name, name) for name in roles]
        if wanted_place.groups is None or not wanted_place.groups_exact:
            groups = find_all(wanted_place.groups or (), place.groups, "group", IMPLICIT_GROUPS)
            for group in without(place.held_groups, groups, IMPLICIT_GROUPS):
                found.append(_surplus("group", place.workspace.name, group.name))
    for workspace, roles in elsewhere.values():
        found.append({**_surplus("workspace", workspace.name, None), "roles": sorted(roles, key=str.casefold)})
    return sorted(found, key=lambda item: (item["kind"], item["workspace"] or "", item["name"] or ""))


def _reported_workspaces(observed: Observed) -> tuple[tuple[Named, tuple[str, ...]], ...]:
    return observed.reported.workspaces if observed.reported else ()


def _surplus(kind: str, workspace: str | None, name: str | None) -> dict[str, Any]:
    return {"kind": kind, "workspace": workspace, "name": name, "roles": []}
