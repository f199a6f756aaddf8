# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Access that is there and was not declared: what a run leaves alone and a person should know of.

It is no part of the plan, because it needs more requests than a plan: an option chooses how far to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_GROUPS,
    IMPLICIT_ORGANIZATION_ROLES,
    Named,
    exclude,
    find_all,
    fold_name,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    Observed,
    Wanted,
    place_of,
)
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields

# The same for every user of a run, so that a summary prints it once.
REPORT_ONLY = (
    "This run did not look for undeclared access in all workspaces. It read the report over all users, which may be late or "
    "incomplete. The playbook verify looks in all workspaces, and so does this one with -e workiva_excess_access=full."
)


@dataclass(frozen=True)
class UndeclaredAccess:
    """One thing that a user has. C(kind): organization_role, role or group (C(name)), or a whole C(workspace) with C(roles)."""

    kind: str
    workspace: str | None = None
    name: str | None = None
    roles: tuple[str, ...] = ()

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(excess_access) of a user."""
        return plain_fields(self)


def find_excess_access(wanted: Wanted, observed: Observed) -> list[UndeclaredAccess]:
    """Access that is there, is not declared, and is left alone: for a person to judge.

    Roles in a declared workspace are not in it where they are declared too, since a run takes those away.
    """
    if observed.user is None or not wanted.present:
        return []
    found: list[UndeclaredAccess] = []
    if wanted.organization_roles is None:
        shown: tuple[str, ...] = (observed.reported.organization_roles if observed.reported else None) or ()
        if observed.held_organization_roles is not None:
            shown = tuple(role.name for role in observed.held_organization_roles)
        for name in shown:
            if fold_name(name) not in IMPLICIT_ORGANIZATION_ROLES:
                found.append(UndeclaredAccess("organization_role", None, name))
    elsewhere = {workspace.id: (workspace, roles or ()) for workspace, roles in _reported_workspaces(observed)}
    for wanted_place in wanted.places:
        place = place_of(wanted_place.name, observed)
        _workspace, roles = elsewhere.pop(place.workspace.id, (None, ()))
        if wanted_place.roles is None:
            found += [UndeclaredAccess("role", place.workspace.name, name) for name in roles]
        if wanted_place.groups is None or not wanted_place.groups_exact:
            groups = find_all(wanted_place.groups or (), place.groups, "group", IMPLICIT_GROUPS)
            for group in exclude(place.held_groups, groups, IMPLICIT_GROUPS):
                found.append(UndeclaredAccess("group", place.workspace.name, group.name))
    for workspace, roles in elsewhere.values():
        ordered = tuple(sorted(roles, key=str.casefold))
        found.append(UndeclaredAccess("workspace", workspace.name, roles=ordered))
    return sorted(found, key=lambda item: (item.kind, item.workspace or "", item.name or ""))


def excess_access_unknown(wanted: Wanted, observed: Observed, searched: str, report_refused: str | None) -> str | None:
    """Why undeclared access may be there that L(find_excess_access) does not show. None where all of it was read, or none was looked for.

    C(searched) is how far: C(none), C(report) or C(full). The report is never proof that there is no more: it may be null or
    late, and miss a workspace.
    """
    if observed.user is None or not wanted.present or searched == "none":
        return None
    if searched == "full":
        if not observed.unread:
            return None
        workspace, why = observed.unread[0]
        others = f" and {len(observed.unread) - 1} more" if len(observed.unread) > 1 else ""
        return f"The memberships of the workspace '{workspace.name}'{others} could not be read: {why}"
    reported = observed.reported
    if reported is None:
        return report_refused or "The report does not name this user."
    if reported.workspaces is None:
        return "The report does not show the workspaces of this user."
    shown = {workspace.id for workspace, _roles in reported.workspaces}
    late = [place.workspace.name for place in observed.places if place.member and place.workspace.id not in shown]
    if late:
        return f"The report does not show that the user is in the workspace '{late[0]}', so it may be out of date."
    if (
        wanted.organization_roles is None
        and observed.held_organization_roles is None
        and reported.organization_roles is None
    ):
        return "The report does not show the organization roles of this user."
    declared = {place.workspace.id for place, given in zip(observed.places, wanted.places) if given.roles is not None}
    hidden = [place.name for place, roles in reported.workspaces if roles is None and place.id not in declared]
    if hidden:
        return f"The report does not show the user's roles in the workspace '{hidden[0]}'."
    return REPORT_ONLY


def _reported_workspaces(observed: Observed) -> tuple[tuple[Named, tuple[str, ...] | None], ...]:
    return (observed.reported.workspaces if observed.reported else None) or ()
