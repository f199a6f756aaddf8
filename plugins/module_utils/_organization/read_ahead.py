# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Reads side by side what the observation of many users will ask for: what one user needs waits for no other user.

Nothing is decided here. What cannot be read ahead is read again where a user needs it, and is that user's error there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence

from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import Chain
from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import read_ahead as read_all
from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_GROUPS,
    Named,
    fold_name,
    is_implicit,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.organization import Group, Organization
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    User,
    Wanted,
    WantedPlace,
)

Read = Callable[[], object]


def read_ahead_for(organization: Organization, wanted: Sequence[Wanted], excess_access: str) -> None:
    """Reads the lists that all users share and those of the declared workspaces, then who is a member, then what each member holds.

    Reads that need a user's id start before the list of users is complete if the id is recorded: the pages of that list come one
    after the other.
    Raises L(WorkivaError) where the users cannot be read: every one of them needs them.
    """
    first: list[Read | Chain] = [organization.users]
    if any(one.places or not one.present for one in wanted):
        first.append(Chain(organization.workspaces, lambda: _of_workspaces(organization, wanted, excess_access)))
    if excess_access == "report" and any(one.present for one in wanted):
        first.append(organization.report)
    if any(one.organization_roles for one in wanted):
        first.append(organization.roles)
    read_all(first)
    organization.users()
    found = [(one, _find(organization, one)) for one in wanted]
    for list_reads in (_of_memberships, _of_members):
        try:
            reads = list_reads(organization, found, excess_access)
        except WorkivaError:
            return  # the workspaces cannot be read: each user that needs them reports it
        read_all(reads)


def _find(organization: Organization, wanted: Wanted) -> User | None:
    """The user of the declared or the former username; none where it is not clear which one is meant."""
    try:
        user = organization.user(wanted.username)
        return user or (organization.user(wanted.previous_username) if wanted.previous_username else None)
    except WorkivaError:
        return None


def _places(organization: Organization, wanted: Wanted) -> Iterator[tuple[WantedPlace, Named]]:
    """The declared workspaces that the organization has exactly once."""
    for place in wanted.places:
        found = [known for known in organization.workspaces() if fold_name(known.name) == fold_name(place.name)]
        if len(found) == 1:
            yield place, found[0]


def _of_workspaces(organization: Organization, wanted: Sequence[Wanted], excess_access: str) -> list[Read | Chain]:
    """The roles and groups of the declared workspaces, and there the access of the users whose ids are recorded."""
    reads: dict[tuple[str, str], Read] = {}
    recorded: dict[str, tuple[Named, list[tuple[WantedPlace, str]]]] = {}
    for one in wanted:
        for place, workspace in _places(organization, one):
            if place.roles:
                reads["roles", workspace.id] = functools.partial(organization.workspace_roles, workspace)
            if place.groups or _is_full(place, excess_access):
                reads["groups", workspace.id] = functools.partial(organization.groups, workspace)
            if one.owned and one.owned.id:
                recorded.setdefault(workspace.id, (workspace, []))[1].append((place, one.owned.id))
    chains: list[Read | Chain] = []
    for workspace, members in recorded.values():
        needs_groups = reads.pop(("groups", workspace.id), None) is not None
        chains.append(
            Chain(
                functools.partial(_read_lists, organization, workspace, needs_groups),
                functools.partial(_of_recorded, organization, workspace, members, excess_access),
            )
        )
    return [*reads.values(), *chains]


def _read_lists(organization: Organization, workspace: Named, needs_groups: bool) -> None:
    """The groups of a workspace, where they are needed, and its memberships."""
    if needs_groups:
        organization.groups(workspace)
    organization.memberships(workspace)


def _of_recorded(
    organization: Organization, workspace: Named, members: Sequence[tuple[WantedPlace, str]], excess_access: str
) -> list[Read]:
    """What users hold in one workspace, whose members and groups were read."""
    reads: dict[tuple[str, ...], Read] = {}
    for place, user_id in members:
        reads |= _of_member(organization, user_id, place, workspace, excess_access)
    return list(reads.values())


def _of_memberships(
    organization: Organization, found: Sequence[tuple[Wanted, User | None]], excess_access: str
) -> list[Read]:
    spaces: dict[str, Named] = {}
    for wanted, user in found:
        if user is None:
            continue
        for _place, workspace in _places(organization, wanted):
            spaces[workspace.id] = workspace
        if excess_access == "full" or not wanted.present:
            spaces.update((workspace.id, workspace) for workspace in organization.workspaces())
    return [functools.partial(organization.memberships, workspace) for workspace in spaces.values()]


def _of_members(
    organization: Organization, found: Sequence[tuple[Wanted, User | None]], excess_access: str
) -> list[Read]:
    reads: dict[tuple[str, ...], Read] = {}
    for wanted, user in found:
        if user is None:
            continue
        full = excess_access == "full" or not wanted.present
        if wanted.organization_roles is not None or full:
            reads["user", user.id] = functools.partial(organization.read_ahead_user_roles, user.id)
        for place, workspace in _places(organization, wanted):
            reads |= _of_member(organization, user.id, place, workspace, excess_access)
        for workspace in organization.workspaces() if full else ():
            if user.id in organization.known_memberships(workspace):
                reads["roles", workspace.id, user.id] = functools.partial(
                    organization.read_ahead_membership_roles, workspace, user.id
                )
    return list(reads.values())


def _of_member(
    organization: Organization, user_id: str, place: WantedPlace, workspace: Named, excess_access: str
) -> dict[tuple[str, ...], Read]:
    """The roles of a user in one workspace, and the members of the groups there; nothing where it is no member."""
    reads: dict[tuple[str, ...], Read] = {}
    if user_id not in organization.known_memberships(workspace):
        return reads
    if place.roles is not None:
        reads["roles", workspace.id, user_id] = functools.partial(
            organization.read_ahead_membership_roles, workspace, user_id
        )
    for group in _groups(organization, place, workspace, excess_access):
        reads["members", workspace.id, group.id] = functools.partial(organization.members, workspace, group)
    return reads


def _groups(organization: Organization, place: WantedPlace, workspace: Named, excess_access: str) -> Iterator[Named]:
    """The groups whose members the observation of a place looks at."""
    declared = {fold_name(name) for name in place.groups or ()}
    known: Sequence[Group] = organization.known_groups(workspace)
    for group in known:
        if is_implicit(group.named, IMPLICIT_GROUPS):
            continue
        if fold_name(group.named.name) in declared or (_is_full(place, excess_access) and group.member_count != 0):
            yield group.named


def _is_full(place: WantedPlace, excess_access: str) -> bool:
    """Whether all groups of a workspace are looked at."""
    return excess_access == "full" or (place.groups_exact and place.groups is not None)
