# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What must change: pure functions from what is wanted and what is observed of one user to an ordered plan of steps.

Nothing here talks to anybody. A plan is data: check mode prints it, a diff renders it, and the apply function walks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_GROUPS,
    IMPLICIT_ORGANIZATION_ROLES,
    Named,
    exclude,
    find,
    find_all,
    is_same,
    list_names,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.account import Owned

# A user's own fields: the option's name and the API's. The API can change these five and no other (status is not one).
USER_FIELDS = {
    "username": "username",
    "email": "email",
    "given_name": "givenName",
    "family_name": "familyName",
    "display_name": "displayName",
}
# A server may keep addresses in lower case; a difference of case alone must not send a mail about a change every day.
CASELESS_FIELDS = frozenset({"username", "email"})


@dataclass(frozen=True)
class User:
    """A user as the organization lists it; C(fields) has the keys of L(USER_FIELDS)."""

    id: str
    status: str | None
    fields: dict[str, str]

    @property
    def username(self) -> str:
        return self.fields.get("username", "")


@dataclass(frozen=True)
class WantedPlace:
    """What is declared for one workspace; C(None) is left alone."""

    name: str
    roles: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    groups_exact: bool = False


@dataclass(frozen=True)
class Wanted:
    """What is declared for one user; what is C(None) or not in C(fields) is left alone."""

    username: str
    fields: dict[str, str] = field(default_factory=dict)
    previous_username: str | None = None
    id: str | None = None
    present: bool = True
    delete: bool = False
    welcome_email: bool = False
    organization_roles: tuple[str, ...] | None = None
    places: tuple[WantedPlace, ...] = ()
    integration: str = ""
    adopt: bool = False  # an account that exists is the declared user's, though nothing else shows that it is
    owned: Owned | None = None  # None: nobody keeps a record of accounts


@dataclass(frozen=True)
class Place:
    """The access of one user to one workspace."""

    workspace: Named
    member: bool = False
    roles: tuple[Named, ...] = ()
    groups: tuple[Named, ...] = ()
    held_roles: tuple[Named, ...] | None = ()  # None: not known, as the server may give some to a new member
    held_groups: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Reported:
    """What the report over all users shows of one user's access, or what a full search read in its place: names only.
    None: the report does not say."""

    organization_roles: tuple[str, ...] | None = None
    workspaces: tuple[tuple[Named, tuple[str, ...] | None], ...] | None = None


@dataclass(frozen=True)
class Observed:
    """What is there for one user, as far as it was asked for.

    C(is_member): whether it is a member of any workspace of the organization; None: not asked, or not all could be read.
    C(unread): the workspaces whose memberships could not be read, and why.
    """

    user: User | None = None
    is_member: bool | None = False
    organization_roles: tuple[Named, ...] = ()
    held_organization_roles: tuple[Named, ...] | None = None
    places: tuple[Place, ...] = ()
    reported: Reported | None = None
    unread: tuple[tuple[Named, str], ...] = ()


@dataclass(frozen=True)
class Step:
    """One thing to do. C(text) says it for a person, in the same words before and after it was done."""

    kind: str
    text: str
    workspace: Named | None = None
    targets: tuple[Named, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    welcome_email: bool = False

    def as_result(self) -> dict[str, Any]:
        """The step in names instead of ids, for a result and for people."""
        return {
            "kind": self.kind,
            "text": self.text,
            "workspace": self.workspace.name if self.workspace else None,
            "names": sorted((target.name for target in self.targets), key=str.casefold),
            "fields": dict(self.fields),
            "welcome_email": self.welcome_email,
        }


def _role_word(items: Sequence[Named]) -> str:
    return "role" if len(items) == 1 else "roles"


def plan(wanted: Wanted, observed: Observed) -> list[Step]:
    """The steps from what is observed to what is wanted, in an order in which a run cut short loses no access.

    What is missing is given before what is too much is removed, and a second run plans what the first left undone.
    Raises L(InvalidArgument) for a name that the organization does not know, before anything is done.
    """
    if not wanted.present:
        return _plan_absent(wanted, observed)
    steps = _plan_user(wanted, observed.user)
    # Where it is not known whether this is the first membership no mail is sent.
    welcome = wanted.welcome_email and observed.is_member is False
    for wanted_place in wanted.places:
        place = place_of(wanted_place.name, observed)
        steps += _plan_place(wanted_place, place, welcome)
        welcome = welcome and place.member
    if wanted.organization_roles is not None:
        steps += _plan_organization_roles(wanted.organization_roles, observed)
    return steps


def place_of(name: str, observed: Observed) -> Place:
    workspace = find(name, [place.workspace for place in observed.places], "workspace")
    return next(place for place in observed.places if place.workspace == workspace)


def _plan_user(wanted: Wanted, user: User | None) -> list[Step]:
    if user is None and wanted.id:
        # What the fields are there is known once it is in the organization: then the rest is planned again.
        text = f"add the user '{wanted.username}' (id {wanted.id}), who is in another organization, to this one"
        return [Step("assign_user", text, fields=(("username", wanted.username),))]
    if user is not None and wanted.id and wanted.id != user.id:
        raise InvalidArgument(
            f"The user '{user.username}' of this organization has another id than the declared one ({wanted.id}).",
            code="other_id",
            target="id",
        )
    if (
        user is not None
        and wanted.id
        and not any(
            is_same(user.username, name) for name in (wanted.username, wanted.previous_username or wanted.username)
        )
    ):
        raise InvalidArgument(
            f"The user of the id {wanted.id} is called '{user.username}', not '{wanted.username}'. Declare that username, "
            "or add previous_username to rename it, which may end the secrets of its grants.",
            code="other_username",
            target="username",
        )
    if user is None:
        fields = {"username": wanted.username, **wanted.fields}
        # The platform's own screens use the address as the username; the other way round is the only sensible default.
        if "email" not in fields and "@" in wanted.username:
            fields["email"] = wanted.username
        if "email" not in fields:
            raise InvalidArgument(
                f"The user '{wanted.username}' does not exist yet. Declare an 'email' to create it.",
                code="missing_email",
                target="email",
            )
        return [Step("create_user", f"create the user '{wanted.username}'", fields=tuple(sorted(fields.items())))]
    known = wanted.owned.ignored if wanted.owned else {}
    changes = {
        name: value
        for name, value in {"username": wanted.username, **wanted.fields}.items()
        if not _is_set(user, name, value) and known.get(name) != value
    }
    steps = []
    if "username" in changes:
        value = changes.pop("username")
        text = f"rename the user '{user.username}' to '{value}', which may end the secrets of its grants"
        steps.append(Step("change_user", text, fields=(("username", value),)))
    if changes:
        text = "set " + ", ".join(f"{name} to '{value}'" for name, value in sorted(changes.items()))
        steps.append(Step("change_user", text, fields=tuple(sorted(changes.items()))))
    return steps


def _is_set(user: User, name: str, value: str) -> bool:
    present = user.fields.get(name, "")
    return is_same(present, value) if name in CASELESS_FIELDS else present == value


def find_ignored(step: Step, user: User | None) -> dict[str, str]:
    """The fields of a step that was done which the user does not have after it: the server did not take them."""
    if user is None or step.kind not in ("create_user", "change_user"):
        return {}
    return {name: value for name, value in step.fields if name != "username" and not _is_set(user, name, value)}


def _plan_place(wanted: WantedPlace, place: Place, welcome: bool) -> list[Step]:
    workspace = place.workspace
    where = f"the workspace '{workspace.name}'"
    roles = None
    if wanted.roles is not None:
        roles = find_all(wanted.roles, place.roles, f"role in {where}", frozenset())
    groups = None
    if wanted.groups is not None:
        groups = find_all(wanted.groups, place.groups, f"group in {where}", IMPLICIT_GROUPS)
    steps = []
    if not place.member:
        mail = ", with a welcome e-mail" if welcome else ""
        steps.append(Step("add_membership", f"add to {where}{mail}", workspace, welcome_email=welcome))
    if roles is not None and (not place.member or place.held_roles is None):
        # The server may give a new member some roles by itself, so the step names the end and not the difference.
        text = f"set the roles in {where} to exactly {list_names(roles) or 'none'}"
        steps.append(Step("set_roles", text, workspace, roles))
    elif roles is not None:
        held = place.held_roles or ()
        missing, excess = exclude(roles, held), exclude(held, roles)
        if missing:
            text = f"give the {_role_word(missing)} {list_names(missing)} in {where}"
            steps.append(Step("assign_roles", text, workspace, missing))
        if excess:
            text = f"remove the {_role_word(excess)} {list_names(excess)} in {where}"
            steps.append(Step("revoke_roles", text, workspace, excess))
    if groups is not None:
        for group in exclude(groups, place.held_groups):
            text = f"add to the group '{group.name}' in {where}"
            steps.append(Step("join_group", text, workspace, (group,)))
        if wanted.groups_exact:
            for group in exclude(place.held_groups, groups, IMPLICIT_GROUPS):
                text = f"remove from the group '{group.name}' in {where}"
                steps.append(Step("leave_group", text, workspace, (group,)))
    return steps


def _plan_organization_roles(names: Iterable[str], observed: Observed) -> list[Step]:
    roles = find_all(names, observed.organization_roles, "organization role", IMPLICIT_ORGANIZATION_ROLES)
    held = observed.held_organization_roles or ()
    missing, excess = exclude(roles, held), exclude(held, roles, IMPLICIT_ORGANIZATION_ROLES)
    steps = []
    if missing:
        text = f"give the organization {_role_word(missing)} {list_names(missing)}"
        steps.append(Step("assign_organization_roles", text, targets=missing))
    if excess:
        steps.append(_revoke_organization_roles(excess))
    return steps


def _revoke_organization_roles(roles: tuple[Named, ...]) -> Step:
    text = f"remove the organization {_role_word(roles)} {list_names(roles)}"
    return Step("revoke_organization_roles", text, targets=roles)


def _plan_absent(wanted: Wanted, observed: Observed) -> list[Step]:
    """Powers go first and the memberships last, since the last one gone suspends the user.

    A suspended user keeps its roles until somebody reactivates it, so they are removed and not left to the suspension.
    """
    if observed.user is None:
        return []
    steps = []
    excess = exclude(observed.held_organization_roles or (), (), IMPLICIT_ORGANIZATION_ROLES)
    if excess:
        steps.append(_revoke_organization_roles(excess))
    for place in observed.places:
        if place.member:
            where = f"the workspace '{place.workspace.name}'"
            if place.held_roles:
                roles = place.held_roles
                text = f"remove the {_role_word(roles)} {list_names(roles)} in {where}"
                steps.append(Step("revoke_roles", text, place.workspace, roles))
            steps.append(Step("remove_membership", f"remove from {where}", place.workspace))
    # A deleted user cannot be looked for any more: while a workspace could not be read it is kept.
    if wanted.delete and not observed.unread:
        steps.append(Step("delete_user", f"delete the user '{observed.user.username}' from the organization"))
    return steps
