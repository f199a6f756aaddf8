# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the steps of a plan change: what there is to be after them, and both sides of a diff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_GROUPS,
    IMPLICIT_ORGANIZATION_ROLES,
    Named,
    exclude,
    is_implicit,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    USER_FIELDS,
    Observed,
    Place,
    Step,
    User,
)
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields, plain_value


@dataclass(frozen=True)
class PlacePicture:
    """One workspace in a diff; what the steps do not touch is None."""

    member: bool
    roles: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None

    def as_result(self) -> dict[str, Any]:
        """What the steps touch."""
        return plain_fields(self, given_only=True)


@dataclass(frozen=True)
class UserPicture:
    """One side of a diff of one user: what the steps touch, and nothing else. C(fields) are its own fields by their options."""

    fields: Mapping[str, str] = field(default_factory=dict)
    organization_roles: tuple[str, ...] | None = None
    workspaces: Mapping[str, PlacePicture] = field(default_factory=dict)

    def as_result(self) -> dict[str, Any]:
        """In an order that never differs between two runs."""
        found: dict[str, Any] = dict(self.fields)
        if self.organization_roles is not None:
            found["organization_roles"] = list(self.organization_roles)
        if self.workspaces:
            found["workspaces"] = plain_value(self.workspaces)
        return found


def applied(observed: Observed, steps: Iterable[Step]) -> Observed:
    """What there is to be after the steps, on a server that does just what it is asked."""
    for step in steps:
        observed = _applied(observed, step)
    return observed


def _applied(observed: Observed, step: Step) -> Observed:
    user = observed.user
    if step.kind in ("create_user", "assign_user"):
        return replace(observed, user=User("", None, dict(step.fields)), held_organization_roles=())
    if step.kind == "change_user" and user:
        return replace(observed, user=replace(user, fields={**user.fields, **dict(step.fields)}))
    if step.kind == "delete_user":
        return replace(observed, user=None, held_organization_roles=None)
    if step.kind == "assign_organization_roles":
        return replace(observed, held_organization_roles=(observed.held_organization_roles or ()) + step.targets)
    if step.kind == "revoke_organization_roles":
        return replace(observed, held_organization_roles=exclude(observed.held_organization_roles or (), step.targets))
    places = tuple(
        _applied_place(place, step) if place.workspace == step.workspace else place for place in observed.places
    )
    member = True if step.kind == "add_membership" else observed.is_member
    if step.kind == "remove_membership" and user and not any(place.member for place in places):
        user = replace(user, status="suspended")
    return replace(observed, user=user, places=places, is_member=member)


def _applied_place(place: Place, step: Step) -> Place:
    if step.kind == "add_membership":
        return replace(place, member=True, held_roles=None)
    if step.kind == "remove_membership":
        return replace(place, member=False, held_roles=(), held_groups=())
    if step.kind == "set_roles":
        return replace(place, held_roles=step.targets)
    if step.kind == "assign_roles":
        return replace(place, held_roles=(place.held_roles or ()) + step.targets)
    if step.kind == "revoke_roles":
        return replace(place, held_roles=exclude(place.held_roles or (), step.targets))
    if step.kind == "join_group":
        return replace(place, held_groups=place.held_groups + step.targets)
    return replace(place, held_groups=exclude(place.held_groups, step.targets))


def pictures(observed: Observed, steps: Sequence[Step]) -> tuple[UserPicture | None, UserPicture | None]:
    """Before and after; None where there is no user."""
    return _picture(observed, steps), _picture(applied(observed, steps), steps)


def _picture(observed: Observed, steps: Sequence[Step]) -> UserPicture | None:
    if observed.user is None:
        return None
    names = {name for step in steps for name, _value in step.fields}
    kinds = {step.kind for step in steps}
    roles = None
    if kinds & {"assign_organization_roles", "revoke_organization_roles"}:
        roles = _names(observed.held_organization_roles or (), IMPLICIT_ORGANIZATION_ROLES)
    workspaces = {}
    for place in observed.places:
        here = {step.kind for step in steps if step.workspace == place.workspace}
        if here:
            shows_roles = here & {"set_roles", "assign_roles", "revoke_roles"}
            shows_groups = here & {"join_group", "leave_group"}
            workspaces[place.workspace.name] = PlacePicture(
                place.member,
                _names(place.held_roles or ()) if shows_roles else None,
                _names(place.held_groups, IMPLICIT_GROUPS) if shows_groups else None,
            )
    fields = {name: observed.user.fields.get(name, "") for name in USER_FIELDS if name in names}
    return UserPicture(fields, roles, workspaces)


def _names(items: Iterable[Named], ignored: frozenset[str] = frozenset()) -> tuple[str, ...]:
    return tuple(sorted((item.name for item in items if not is_implicit(item, ignored)), key=str.casefold))
