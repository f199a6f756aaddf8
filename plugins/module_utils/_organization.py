# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What there is in the organization: every list read at most once and only when it is asked for, indexed by id and name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._client import Client
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    TokenRefused,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_GROUPS,
    IMPLICIT_ORGANIZATION_ROLES,
    Named,
    find,
    find_all,
    implicit,
    same,
)
from ansible_collections.integrations.workiva.plugins.module_utils._reconcile import (
    USER_FIELDS,
    Observed,
    Place,
    Reported,
    User,
    Wanted,
)


@dataclass(frozen=True)
class Group:
    """A group of a workspace, and how many members the server counts (None: it does not say)."""

    named: Named
    members_count: int | None


class Organization:
    """The organization behind a client. What was read stays until it is L(forgotten)."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.path = client.organization_path
        self._users: dict[str, User] | None = None
        self._organization_roles: tuple[Named, ...] | None = None
        self._workspaces: tuple[Named, ...] | None = None
        self._roles: dict[str, tuple[Named, ...]] = {}
        self._memberships: dict[str, dict[str, str]] = {}
        self._groups: dict[str, tuple[Group, ...]] = {}
        self._members: dict[tuple[str, str], frozenset[str]] = {}
        self._report: dict[str, dict[str, Any]] | None = None
        self.report_refused: str | None = None

    # Lists of the organization.

    def users(self) -> dict[str, User]:
        """All users by id; a page that shifted while it was read may name one twice."""
        if self._users is None:
            found = (user_from(item) for item in self._client.pages(f"{self.path}/users"))
            self._users = {user.id: user for user in found}
        return self._users

    def user(self, username: str) -> User | None:
        """The user of that username, whatever its case."""
        matches = [user for user in self.users().values() if same(user.username, username)]
        exact = [user for user in matches if user.username == username]
        if len(exact or matches) > 1:
            raise InvalidArgument(
                f"The organization has {len(matches)} users of the username '{username}'; which one is meant is not clear.",
                code="ambiguous_name",
                target=username,
            )
        return next(iter(exact or matches), None)

    def forget_users(self) -> None:
        self._users = None

    def remember(self, user: User) -> None:
        self.users()[user.id] = user

    def fresh_user(self, user_id: str) -> User:
        user = user_from(self._client.get(f"{self.path}/users/{user_id}"))
        self.remember(user)
        return user

    def roles(self) -> tuple[Named, ...]:
        """The organization roles that there are."""
        if self._organization_roles is None:
            self._organization_roles = self._named(f"{self.path}/roles")
        return self._organization_roles

    def roles_of(self, user_id: str) -> tuple[Named, ...]:
        return self._named(f"{self.path}/users/{user_id}/roles")

    def workspaces(self) -> tuple[Named, ...]:
        if self._workspaces is None:
            self._workspaces = self._named(f"{self.path}/workspaces")
        return self._workspaces

    # Lists of one workspace.

    def workspace_path(self, workspace: Named) -> str:
        return f"{self.path}/workspaces/{workspace.id}"

    def workspace_roles(self, workspace: Named) -> tuple[Named, ...]:
        if workspace.id not in self._roles:
            self._roles[workspace.id] = self._named(f"{self.workspace_path(workspace)}/roles")
        return self._roles[workspace.id]

    def memberships(self, workspace: Named) -> dict[str, str]:
        """User id to membership id."""
        if workspace.id not in self._memberships:
            items = self._client.pages(f"{self.workspace_path(workspace)}/memberships")
            self._memberships[workspace.id] = {str(item["user"]["id"]): str(item["id"]) for item in items}
        return self._memberships[workspace.id]

    def forget_memberships(self, workspace: Named) -> None:
        self._memberships.pop(workspace.id, None)

    def membership_roles(self, workspace: Named, user_id: str) -> tuple[Named, ...]:
        """The roles that a member holds there; never kept, since a change may follow."""
        return self._named(f"{self.membership_path(workspace, user_id)}/roles")

    def membership_path(self, workspace: Named, user_id: str) -> str:
        return f"{self.workspace_path(workspace)}/memberships/{self.memberships(workspace)[user_id]}"

    def groups(self, workspace: Named) -> tuple[Group, ...]:
        if workspace.id not in self._groups:
            self._groups[workspace.id] = tuple(
                Group(Named(str(item["id"]), str(item.get("name") or "")), item.get("memberCount"))
                for item in self._client.pages(f"{self.workspace_path(workspace)}/groups")
            )
        return self._groups[workspace.id]

    def members(self, workspace: Named, group: Named) -> frozenset[str]:
        """The ids of a group's members."""
        key = (workspace.id, group.id)
        if key not in self._members:
            path = f"{self.workspace_path(workspace)}/groups/{group.id}/members"
            self._members[key] = frozenset(str(item["id"]) for item in self._client.pages(path))
        return self._members[key]

    # The report over all users: one call (a page) for what else would be a call a user and a workspace.

    def report(self) -> dict[str, dict[str, Any]]:
        """User id to the attributes that C(orgReportUsers) tells. Empty, with L(report_refused), where it does not answer:
        it needs an organization administrator and a token that is bound to a workspace."""
        if self._report is None:
            self._report = {}
            try:
                for item in self._client.pages(f"{self.path}/orgReportUsers", {"page[size]": 1000}):
                    self._report[str(item["id"])] = item.get("attributes") or {}
            except TokenRefused:
                raise
            except WorkivaError as error:
                self._report = {}
                self.report_refused = str(error)
        return self._report

    def row(self, user: User) -> dict[str, Any] | None:
        """The user's attributes in the report, by its id or, should the report have other ids, by its username."""
        row = self.report().get(user.id)
        if row is not None or not user.username:
            return row
        return next(
            (row for row in self.report().values() if same(str(row.get("userName") or ""), user.username)), None
        )

    def reported(self, user: User) -> Reported | None:
        """What the report says of one user, with the workspaces under the ids and names of the Admin API."""
        row = self.row(user)
        if row is None:
            return None
        known = {workspace.id: workspace for workspace in self.workspaces()}
        places = []
        for item in row.get("workspaceMemberships") or []:
            name = str(item.get("workspaceName") or "")
            named = [workspace for workspace in self.workspaces() if workspace.name == name]
            workspace = known.get(str(item.get("id"))) or (named[0] if named else Named(str(item.get("id")), name))
            places.append((workspace, tuple(str(role) for role in item.get("workspaceRoles") or [])))
        return Reported(self._role_names(row), tuple(places))

    def reported_roles(self, user: User) -> tuple[str, ...] | None:
        """The user's organization roles as the report tells them, under the names of the Admin API."""
        row = self.row(user)
        return None if row is None else self._role_names(row)

    def _role_names(self, row: dict[str, Any]) -> tuple[str, ...]:
        """The contract's example of the report says Organization User Admin where the list of roles says Org User Admin."""
        told = [str(name) for name in row.get("organizationRoles") or []]
        long = [name for name in told if name.startswith("Organization ")]
        if not any(name.casefold() not in IMPLICIT_ORGANIZATION_ROLES for name in long):
            return tuple(told)
        known = {_short(role.name): role.name for role in self.roles()}
        return tuple(known.get(_short(name), name) for name in told)

    def workspaces_of(self, user: User) -> tuple[Named, ...]:
        """Where the user is a member: the report says where to look, and the memberships themselves decide."""
        reported = self.reported(user)
        candidates: Iterable[Named] = self.workspaces()
        if reported is not None:
            ids = {workspace.id for workspace, _roles in reported.workspaces}
            candidates = [workspace for workspace in candidates if workspace.id in ids]
        return tuple(workspace for workspace in candidates if user.id in self.memberships(workspace))

    # One user, as far as its declaration asks.

    def observe(self, wanted: Wanted, *, surplus: str = "none") -> Observed:
        """What is there for one user: what its declaration touches, and as much more as C(surplus) asks for."""
        user = self.user(wanted.username)
        if user is None and wanted.previous_username:
            user = self.user(wanted.previous_username)
        if user is None and wanted.id and wanted.present:
            user = self.users().get(wanted.id)
        if not wanted.present:
            return self._observe_to_leave(user)
        places = tuple(
            self._place(find(place.name, self.workspaces(), "workspace"), user, place.roles, place.groups, full)
            for place in wanted.places
            for full in [(place.groups_exact and place.groups is not None) or surplus == "full"]
        )
        held = None
        if user and (wanted.organization_roles is not None or surplus == "full"):
            held = self.roles_of(user.id)
        first = user is None or not any(place.member for place in places)
        workspaces = None
        if user and ((first and wanted.welcome_email and places) or user.status == "suspended"):
            workspaces = len(self.workspaces_of(user))
            first = first and not workspaces
        return Observed(
            user=user,
            first_membership=first,
            organization_roles=self.roles() if wanted.organization_roles else (),
            held_organization_roles=held,
            places=places,
            reported=self._reported_or_read(user, surplus) if user else None,
            workspaces=workspaces,
        )

    def _reported_or_read(self, user: User, surplus: str) -> Reported | None:
        """The user's access everywhere; where no report tells it, a full search reads every workspace."""
        if surplus == "none":
            return None
        reported = self.reported(user)
        if reported is not None or surplus != "full":
            return reported
        return Reported(
            workspaces=tuple(
                (workspace, tuple(role.name for role in self.membership_roles(workspace, user.id)))
                for workspace in self.workspaces_of(user)
            )
        )

    def _place(
        self,
        workspace: Named,
        user: User | None,
        roles: tuple[str, ...] | None,
        groups: tuple[str, ...] | None,
        all_groups: bool,
    ) -> Place:
        member = user is not None and user.id in self.memberships(workspace)
        known = self.groups(workspace) if groups or all_groups else ()
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
                    or (all_groups and group.members_count != 0 and not implicit(group.named, IMPLICIT_GROUPS))
                )
                and user.id in self.members(workspace, group.named)
            )
        return Place(
            workspace=workspace,
            member=member,
            roles=self.workspace_roles(workspace) if roles else (),
            groups=named,
            held_roles=self.membership_roles(workspace, user.id) if user and member and roles is not None else (),
            held_groups=held_groups,
        )

    def _observe_to_leave(self, user: User | None) -> Observed:
        if user is None:
            return Observed()
        places = tuple(
            Place(workspace, member=True, held_roles=self.membership_roles(workspace, user.id))
            for workspace in self.workspaces_of(user)
        )
        return Observed(user=user, held_organization_roles=self.roles_of(user.id), places=places)

    def _named(self, path: str) -> tuple[Named, ...]:
        return tuple(Named(str(item["id"]), str(item.get("name") or "")) for item in self._client.pages(path))


def _short(role: str) -> str:
    return role.strip().casefold().replace("organization ", "org ", 1)


def user_from(item: dict[str, Any]) -> User:
    fields = {name: str(item.get(key) or "") for name, key in USER_FIELDS.items()}
    return User(str(item["id"]), item.get("status"), fields)
