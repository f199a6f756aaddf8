# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The core of C(organization_info): what there is in an organization, for people who declare integrations."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._api.fields import find_text
from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import read_ahead
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import CONNECTION, PROJECT, Core, Run
from ansible_collections.integrations.workiva.plugins.module_utils._names import Named, find
from ansible_collections.integrations.workiva.plugins.module_utils._organization.notes import why_suspended
from ansible_collections.integrations.workiva.plugins.module_utils._organization.organization import Organization
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import User
from ansible_collections.integrations.workiva.plugins.module_utils._organization.report import ReportRow
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields, plain_value

GATHERED = ["organization", "users", "roles", "workspaces", "groups", "memberships"]
SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        **CONNECTION,
        **PROJECT,
        "gather": {"type": "list", "elements": "str", "choices": GATHERED, "default": GATHERED},
        "workspaces": {"type": "list", "elements": "str"},
        "users": {"type": "list", "elements": "str"},
    },
    "required_together": [["client_id", "client_secret"]],
    "supports_check_mode": True,
}
# Words that people put into the names of users which are not people.
MACHINE_WORD = re.compile(
    "(?<![a-z])(?:apis?|automat(?:ion|ed)|bot|connector|daemon|etl|feed|import(?:er)?|integrations?|interfaces?|loader|"
    "machine|robot|rpa|scim|script|service|svc|sync|system|technical|workflow)(?![a-z])"
)


@dataclass(frozen=True)
class GroupInformation:
    """A group of a workspace. C(member_count) is None where the API does not say it."""

    id: str
    name: str
    member_count: int | None


@dataclass(frozen=True)
class WorkspaceInformation:
    """A workspace; what was not asked for is None."""

    id: str
    name: str
    roles: tuple[Named, ...] | None = None
    groups: tuple[GroupInformation, ...] | None = None


@dataclass(frozen=True)
class MembershipInformation:
    """A user in a workspace, by names. C(roles_source) is C(read), or C(report) for those of the report over all users."""

    name: str
    roles: tuple[str, ...]
    roles_source: str
    groups: tuple[str, ...] | None


@dataclass(frozen=True)
class UserInformation:
    """A user; what was not asked for, and what the report does not say, is None. C(fields) are its own, by their options."""

    id: str
    fields: Mapping[str, str]
    status: str | None
    suspended_because: str | None
    last_login: str | None
    licenses: tuple[str, ...] | None
    organization_roles: tuple[str, ...] | None
    organization_roles_source: str | None
    workspaces: tuple[MembershipInformation, ...] | None
    looks_like_integration_reason: str | None

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(users) in a task's result."""
        found = plain_fields(self)
        return {
            **found.pop("fields"),
            **found,
            "looks_like_integration": self.looks_like_integration_reason is not None,
        }


def run(arguments: dict[str, Any], how: Run) -> dict[str, Any]:
    """Reads what was asked for, and changes nothing in check mode or out of it."""
    gather = set(arguments["gather"])
    with Client(Connection.from_arguments(arguments, how.token_cache)) as client:
        organization = Organization(client)
        workspaces = _chosen_workspaces(organization, gather, arguments["workspaces"])
        result: dict[str, Any] = {
            "changed": False,
            **dict.fromkeys(("organization", "organization_roles", "workspaces", "users")),
        }
        read_ahead(_lists(organization, workspaces, gather))
        if "organization" in gather:
            answer = client.get(organization.path)
            asked = f"GET {organization.path}"
            result["organization"] = {key: find_text(answer, key, answer=asked) for key in ("id", "name", "status")}
        if "roles" in gather:
            result["organization_roles"] = plain_value(_by_name(organization.roles()))
        if gather & {"workspaces", "groups"}:
            found = tuple(_workspace(organization, workspace, gather) for workspace in workspaces)
            result["workspaces"] = plain_value(found)
        if gather & {"users", "memberships"}:
            users = _chosen_users(organization, arguments["users"])
            # Named users are few enough to ask for each role.
            exact = arguments["users"] is not None
            result["users"] = [_user(organization, user, workspaces, gather, exact).as_result() for user in users]
        result["report_refused"] = organization.report_refused
        result["requests_sent"] = client.requests_sent
    return result


def look(connection: Connection) -> tuple[Named, ...]:
    """Reads what a run reads of every organization: itself, its roles and its workspaces, which are returned.

    The roles of each workspace are not read: only the declared workspaces matter, and the task for users reads those.
    """
    with Client(connection) as client:
        organization = Organization(client)
        client.get(organization.path)
        organization.roles()
        return organization.workspaces()


def _chosen_workspaces(organization: Organization, gather: set[str], names: Sequence[str] | None) -> list[Named]:
    if names is not None:
        return [find(name, organization.workspaces(), "workspace") for name in names]
    if gather & {"workspaces", "groups", "memberships"}:
        return sorted(organization.workspaces(), key=lambda workspace: workspace.name.casefold())
    return []


def _lists(organization: Organization, workspaces: Sequence[Named], gather: set[str]) -> list[Callable[[], object]]:
    """The reads of lists that the result is made of."""
    reads: list[Callable[[], object]] = []
    if gather & {"users", "memberships"}:
        reads += [organization.users, organization.report]
    for workspace in workspaces:
        if "groups" in gather:
            reads.append(functools.partial(organization.groups, workspace))
        if "roles" in gather and gather & {"workspaces", "groups"}:
            reads.append(functools.partial(organization.workspace_roles, workspace))
        if "memberships" in gather:
            reads.append(functools.partial(organization.memberships, workspace))
    return reads


def _chosen_users(organization: Organization, usernames: Sequence[str] | None) -> list[User]:
    """The users of these usernames or ids; one that the organization does not have is no error, since it is what one may ask."""
    if usernames is not None:
        found = (organization.users().get(username) or organization.user(username) for username in usernames)
        return list({user.id: user for user in found if user is not None}.values())
    return sorted(organization.users().values(), key=lambda user: user.username.casefold())


def _workspace(organization: Organization, workspace: Named, gather: set[str]) -> WorkspaceInformation:
    groups = None
    if "groups" in gather:
        groups = tuple(
            GroupInformation(group.named.id, group.named.name, group.member_count)
            for group in sorted(organization.groups(workspace), key=lambda group: group.named.name.casefold())
        )
    roles = _by_name(organization.workspace_roles(workspace)) if "roles" in gather else None
    return WorkspaceInformation(workspace.id, workspace.name, roles, groups)


def _user(
    organization: Organization, user: User, workspaces: list[Named], gather: set[str], exact: bool
) -> UserInformation:
    row = organization.row(user) or ReportRow()
    member = None
    if user.status == "suspended" and "memberships" in gather:
        member = organization.is_member_anywhere(user)
    roles, source = _organization_roles(organization, user, gather, exact)
    places = None
    if "memberships" in gather:
        places = _memberships(organization, user, workspaces, gather, exact)
    return UserInformation(
        id=user.id,
        fields=user.fields,
        status=user.status,
        suspended_because=why_suspended(user.status, member),
        last_login=row.last_login,
        licenses=row.licenses,
        organization_roles=roles,
        organization_roles_source=source,
        workspaces=places,
        looks_like_integration_reason=machine_reason(user, row),
    )


def _organization_roles(
    organization: Organization, user: User, gather: set[str], exact: bool
) -> tuple[tuple[str, ...] | None, str | None]:
    """The roles, and whether they were C(read) or are what the C(report) shows: of every user of a large organization they
    would be a request each."""
    reported = None if exact and "memberships" in gather else organization.reported_roles(user)
    if reported is not None:
        return tuple(sorted(reported, key=str.casefold)), "report"
    if "memberships" not in gather:
        return None, None
    return tuple(sorted((role.name for role in organization.roles_of(user.id)), key=str.casefold)), "read"


def _memberships(
    organization: Organization, user: User, workspaces: list[Named], gather: set[str], exact: bool
) -> tuple[MembershipInformation, ...]:
    """Where the user is a member, by the memberships of each workspace. The roles there are one request a membership, so that
    those of the report are taken where it has them, and are marked as such; it may be late or incomplete."""
    reported = None if exact else organization.reported(user)
    shown = {workspace.id: roles for workspace, roles in (reported.workspaces if reported else None) or ()}
    found = []
    for workspace in workspaces:
        if user.id not in organization.memberships(workspace):
            continue
        roles = shown.get(workspace.id)
        source = "report"
        if roles is None:
            roles, source = tuple(role.name for role in organization.membership_roles(workspace, user.id)), "read"
        groups = None
        if "groups" in gather:
            groups = tuple(
                sorted(
                    group.named.name
                    for group in organization.groups(workspace)
                    if group.member_count != 0 and user.id in organization.members(workspace, group.named)
                )
            )
        found.append(MembershipInformation(workspace.name, tuple(sorted(roles, key=str.casefold)), source, groups))
    return tuple(found)


def machine_reason(user: User, row: ReportRow) -> str | None:
    """Why the user looks like one of an integration, or None. A guess by names, for a person to judge."""
    for name in ("username", "display_name", "given_name", "family_name", "email"):
        value = user.fields.get(name, "")
        # Of an address only the part before the @: a domain such as systems.example.com says nothing of a user.
        word = MACHINE_WORD.search(value.split("@")[0].casefold())
        if word:
            never = ", and the report shows no sign-in" if row.names_last_login and row.last_login is None else ""
            return f"its {name} holds the word '{word.group()}'{never}"
    return None


def _by_name(items: Sequence[Named]) -> tuple[Named, ...]:
    return tuple(sorted(items, key=lambda item: item.name.casefold()))


CORE = Core(SPECIFICATION, run)
