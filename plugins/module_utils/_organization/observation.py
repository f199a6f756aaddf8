# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What is there for one user: as much of the organization as its declaration, or its departure, asks for."""

from __future__ import annotations

from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_GROUPS,
    Named,
    find,
    find_all,
    is_implicit,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.organization import Organization
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    Observed,
    Place,
    Reported,
    User,
    Wanted,
)


def observe(organization: Organization, wanted: Wanted, *, excess_access: str = "none") -> Observed:
    """What is there for one user: what its declaration touches, and as much more as C(excess_access) asks for."""
    user = _find(organization, wanted)
    if not wanted.present:
        return _observe_to_leave(organization, wanted, user)
    places = tuple(
        _place(
            organization,
            find(place.name, organization.workspaces(), "workspace"),
            user,
            place.roles,
            place.groups,
            full,
        )
        for place in wanted.places
        for full in [(place.groups_exact and place.groups is not None) or excess_access == "full"]
    )
    held = None
    if user and (wanted.organization_roles is not None or excess_access == "full"):
        held = organization.roles_of(user.id)
    # A user that is not there yet is in no workspace; of any other one the memberships decide.
    member: bool | None = bool(user) and any(place.member for place in places)
    if user and not member and ((wanted.welcome_email and places) or user.status == "suspended"):
        member = organization.is_member_anywhere(user)
    elif user and not member:
        member = None
    everywhere: Reported | None = None
    unread: tuple[tuple[Named, str], ...] = ()
    if user and excess_access == "report":
        everywhere = organization.reported(user)
    elif user and excess_access == "full":
        everywhere, unread = _read_everywhere(organization, user, wanted, places)
    return Observed(
        user=user,
        is_member=member,
        organization_roles=organization.roles() if wanted.organization_roles else (),
        held_organization_roles=held,
        places=places,
        reported=everywhere,
        unread=unread,
    )


def _find(organization: Organization, wanted: Wanted) -> User | None:
    user = organization.user(wanted.username)
    if user is None and wanted.previous_username:
        user = organization.user(wanted.previous_username)
    if user is None and wanted.id and wanted.present:
        user = organization.users().get(wanted.id)
    return user


def _read_everywhere(
    organization: Organization, user: User, wanted: Wanted, places: tuple[Place, ...]
) -> tuple[Reported, tuple[tuple[Named, str], ...]]:
    """The user's access in every workspace by exact reads, without the report; and the workspaces that could not be read."""
    # The roles of the declared workspaces were read with these.
    held = {
        place.workspace.id: place.held_roles
        for place, declared in zip(places, wanted.places)
        if declared.roles is not None
    }
    found: list[tuple[Named, tuple[str, ...] | None]] = []
    unread = []
    for workspace in organization.workspaces():
        member, why = organization.read_membership(workspace, user)
        if member is None:
            unread.append((workspace, why))
        elif member:
            known = held.get(workspace.id)
            roles = organization.membership_roles(workspace, user.id) if known is None else known
            found.append((workspace, tuple(role.name for role in roles)))
    return Reported(workspaces=tuple(found)), tuple(unread)


def _place(
    organization: Organization,
    workspace: Named,
    user: User | None,
    roles: tuple[str, ...] | None,
    groups: tuple[str, ...] | None,
    all_groups: bool,
) -> Place:
    member = user is not None and user.id in organization.memberships(workspace)
    known = organization.groups(workspace) if groups or all_groups else ()
    named = tuple(group.named for group in known)
    held_groups: tuple[Named, ...] = ()
    if user and member:
        where = f"group in the workspace '{workspace.name}'"
        matter = find_all(groups or (), named, where, IMPLICIT_GROUPS)
        held_groups = tuple(
            group.named
            for group in known
            if (
                group.named in matter
                or (all_groups and group.member_count != 0 and not is_implicit(group.named, IMPLICIT_GROUPS))
            )
            and user.id in organization.members(workspace, group.named)
        )
    return Place(
        workspace=workspace,
        member=member,
        roles=organization.workspace_roles(workspace) if roles else (),
        groups=named,
        held_roles=organization.membership_roles(workspace, user.id) if user and member and roles is not None else (),
        held_groups=held_groups,
    )


def _observe_to_leave(organization: Organization, wanted: Wanted, user: User | None) -> Observed:
    if user is None:
        # A user counts as gone only where two lists do not have it.
        organization.confirm_users()
        user = _find(organization, wanted)
    return read_access(organization, user) if user else Observed(is_member=False)


def read_access(organization: Organization, user: User, *, exists: bool = True) -> Observed:
    """All that the user can do in the organization, by exact reads of every workspace. C(exists): it was not deleted."""
    places, unread = [], []
    for workspace, member, why in organization.search_memberships(user):
        if member:
            places.append(Place(workspace, member=True, held_roles=organization.membership_roles(workspace, user.id)))
        elif member is None:
            unread.append((workspace, why))
    return Observed(
        user=user if exists else None,
        is_member=True if places else None if unread else False,
        held_organization_roles=organization.roles_of(user.id) if exists else (),
        places=tuple(places),
        unread=tuple(unread),
    )
