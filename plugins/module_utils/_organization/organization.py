# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What there is in the organization: every list read at most once and only when it is asked for, indexed by id and name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client
from ansible_collections.integrations.workiva.plugins.module_utils._api.fields import find_number, find_text, read_text
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    TokenRefused,
    Unreachable,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_GROUPS,
    IMPLICIT_ORGANIZATION_ROLES,
    Named,
    find,
    find_all,
    fold_name,
    implicit,
    same,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    USER_FIELDS,
    Observed,
    Place,
    Reported,
    User,
    Wanted,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.report import ReportRow, read_row
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text


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
        self._report: tuple[ReportRow, ...] | None = None
        self._users_confirmed = False
        self.report_refused: str | None = None

    # Lists of the organization.

    def users(self) -> dict[str, User]:
        """All users by id; a page that shifted while it was read may name one twice.

        Raises L(Unreachable) for an empty list: the grant's own user is one of the organization's.
        """
        if self._users is None:
            path = f"{self.path}/users"
            found = [read_user(item, f"GET {path}") for item in self._client.pages(path)]
            if not found:
                raise Unreachable(
                    f"GET {path} was answered with no user at all, although the grant's own user is in the organization: "
                    "nothing was decided on it. Check organization_id, and run again later."
                )
            self._users = {user.id: user for user in found}
        return self._users

    def user(self, username: str) -> User | None:
        """The user of that username, whatever its case. None only where the list shows that there is none."""
        matches = [user for user in self.users().values() if same(user.username, username)]
        exact = [user for user in matches if user.username == username]
        if len(exact or matches) > 1:
            raise InvalidArgument(
                f"The organization has {len(matches)} users of the username '{safe_text(username)}'; which one is meant is not clear.",
                code="ambiguous_name",
                target=username,
            )
        nameless = [user.id for user in self.users().values() if not user.username]
        if not matches and nameless:
            raise Unreachable(
                f"GET {self.path}/users was answered without the username of {len(nameless)} of its users (id "
                f"{nameless[0]}): whether the user '{username}' exists is not known, and nothing was done for it."
            )
        return next(iter(exact or matches), None)

    def confirm_users(self) -> None:
        """Reads the users a second time, once a run: a page may shift while a list is read, and hide a user.

        Before a user is created, and before one counts as not being there.
        """
        if not self._users_confirmed:
            self.forget_users()
            self.users()
            self._users_confirmed = True

    def forget_users(self) -> None:
        self._users = None

    def remember(self, user: User) -> None:
        self.users()[user.id] = user

    def fresh_user(self, user_id: str) -> User:
        path = f"{self.path}/users/{user_id}"
        user = read_user(self._client.get(path), f"GET {path}")
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
            path = f"{self.workspace_path(workspace)}/memberships"
            self._memberships[workspace.id] = {
                read_text(item, "user", "id", answer=f"GET {path}"): read_text(item, "id", answer=f"GET {path}")
                for item in self._client.pages(path)
            }
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
            path = f"{self.workspace_path(workspace)}/groups"
            self._groups[workspace.id] = tuple(
                Group(_read_named(item, f"GET {path}"), find_number(item, "memberCount", answer=f"GET {path}"))
                for item in self._client.pages(path)
            )
        return self._groups[workspace.id]

    def members(self, workspace: Named, group: Named) -> frozenset[str]:
        """The ids of a group's members."""
        key = (workspace.id, group.id)
        if key not in self._members:
            path = f"{self.workspace_path(workspace)}/groups/{group.id}/members"
            self._members[key] = frozenset(
                read_text(item, "id", answer=f"GET {path}") for item in self._client.pages(path)
            )
        return self._members[key]

    # The report over all users.

    def report(self) -> tuple[ReportRow, ...]:
        """The rows of the report. Empty, with L(report_refused), where it does not answer as it should: it needs an
        organization administrator and a token that is bound to a workspace."""
        if self._report is None:
            path = f"{self.path}/orgReportUsers"
            try:
                self._report = tuple(
                    read_row(item, f"GET {path}") for item in self._client.pages(path, {"page[size]": 1000})
                )
            except TokenRefused:
                raise
            except WorkivaError as error:
                self._report = ()
                self.report_refused = str(error)
        return self._report

    def row(self, user: User) -> ReportRow | None:
        """The user's row, by its id or, should the report have other ids, by its username."""
        rows = self.report()
        by_id = next((row for row in rows if row.id == user.id), None)
        if by_id is not None or not user.username:
            return by_id
        return next((row for row in rows if row.username and same(row.username, user.username)), None)

    def reported(self, user: User) -> Reported | None:
        """What the report shows of one user, with the workspaces under the ids and names of the Admin API."""
        row = self.row(user)
        if row is None:
            return None
        if row.workspaces is None:
            return Reported(self._role_names(row))
        known = {workspace.id: workspace for workspace in self.workspaces()}
        places = []
        for item in row.workspaces:
            named = [workspace for workspace in self.workspaces() if same(workspace.name, item.name or "")]
            workspace = known.get(item.id or "") or (
                named[0] if named else Named(item.id or "", item.name or "(no name)")
            )
            places.append((workspace, item.roles))
        return Reported(self._role_names(row), tuple(places))

    def reported_roles(self, user: User) -> tuple[str, ...] | None:
        """The user's organization roles as the report shows them, under the names of the Admin API."""
        row = self.row(user)
        return self._role_names(row) if row else None

    def _role_names(self, row: ReportRow) -> tuple[str, ...] | None:
        """The contract's example of the report says Organization User Admin where the list of roles says Org User Admin."""
        shown = row.organization_roles
        long = [name for name in shown or () if name.startswith("Organization ")]
        if shown is None or not any(fold_name(name) not in IMPLICIT_ORGANIZATION_ROLES for name in long):
            return shown
        known = {_short(role.name): role.name for role in self.roles()}
        return tuple(known.get(_short(name), name) for name in shown)

    # Where a user is a member: the memberships of each workspace decide, the report only says where to look first.

    def search_memberships(self, user: User) -> Iterator[tuple[Named, bool | None, str]]:
        """Every workspace, whether the user is a member there (None: it could not be read), and why it could not.

        Raises L(WorkivaError) where there was no answer at all, since no other workspace would answer either.
        """
        reported = self.reported(user)
        first = {workspace.id for workspace, _roles in (reported.workspaces if reported else None) or ()}
        for workspace in sorted(self.workspaces(), key=lambda workspace: workspace.id not in first):
            yield (workspace, *self._read_membership(workspace, user))

    def _read_membership(self, workspace: Named, user: User) -> tuple[bool | None, str]:
        try:
            return user.id in self.memberships(workspace), ""
        except TokenRefused:
            raise
        except WorkivaError as error:
            if error.status is None:
                raise
            return None, str(error)

    def is_member_anywhere(self, user: User) -> bool | None:
        """Whether the user is a member of some workspace; None where that could not be read of all of them."""
        unread = False
        for _workspace, member, _why in self.search_memberships(user):
            if member:
                return True
            unread = unread or member is None
        return None if unread else False

    # One user, as far as its declaration asks.

    def observe(self, wanted: Wanted, *, surplus: str = "none") -> Observed:
        """What is there for one user: what its declaration touches, and as much more as C(surplus) asks for."""
        user = self._find(wanted)
        if not wanted.present:
            return self._observe_to_leave(wanted, user)
        places = tuple(
            self._place(find(place.name, self.workspaces(), "workspace"), user, place.roles, place.groups, full)
            for place in wanted.places
            for full in [(place.groups_exact and place.groups is not None) or surplus == "full"]
        )
        held = None
        if user and (wanted.organization_roles is not None or surplus == "full"):
            held = self.roles_of(user.id)
        # A user that is not there yet is in no workspace; of any other one the memberships decide.
        member: bool | None = bool(user) and any(place.member for place in places)
        if user and not member and ((wanted.welcome_email and places) or user.status == "suspended"):
            member = self.is_member_anywhere(user)
        elif user and not member:
            member = None
        everywhere: Reported | None = None
        unread: tuple[tuple[Named, str], ...] = ()
        if user and surplus == "report":
            everywhere = self.reported(user)
        elif user and surplus == "full":
            everywhere, unread = self._read_everywhere(user)
        return Observed(
            user=user,
            is_member=member,
            organization_roles=self.roles() if wanted.organization_roles else (),
            held_organization_roles=held,
            places=places,
            reported=everywhere,
            unread=unread,
        )

    def _find(self, wanted: Wanted) -> User | None:
        user = self.user(wanted.username)
        if user is None and wanted.previous_username:
            user = self.user(wanted.previous_username)
        if user is None and wanted.id and wanted.present:
            user = self.users().get(wanted.id)
        return user

    def _read_everywhere(self, user: User) -> tuple[Reported, tuple[tuple[Named, str], ...]]:
        """The user's access in every workspace by exact reads, without the report; and the workspaces that could not be read."""
        found: list[tuple[Named, tuple[str, ...] | None]] = []
        unread = []
        for workspace in self.workspaces():
            member, why = self._read_membership(workspace, user)
            if member is None:
                unread.append((workspace, why))
            elif member:
                found.append((workspace, tuple(role.name for role in self.membership_roles(workspace, user.id))))
        return Reported(workspaces=tuple(found)), tuple(unread)

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

    def _observe_to_leave(self, wanted: Wanted, user: User | None) -> Observed:
        if user is None:
            # A user counts as gone only where two lists do not have it.
            self.confirm_users()
            user = self._find(wanted)
        return self.read_access(user) if user else Observed(is_member=False)

    def read_access(self, user: User, *, exists: bool = True) -> Observed:
        """All that the user can do in the organization, by exact reads of every workspace. C(exists): it was not deleted."""
        places, unread = [], []
        for workspace, member, why in self.search_memberships(user):
            if member:
                places.append(Place(workspace, member=True, held_roles=self.membership_roles(workspace, user.id)))
            elif member is None:
                unread.append((workspace, why))
        return Observed(
            user=user if exists else None,
            is_member=True if places else None if unread else False,
            held_organization_roles=self.roles_of(user.id) if exists else (),
            places=tuple(places),
            unread=tuple(unread),
        )

    def _named(self, path: str) -> tuple[Named, ...]:
        return tuple(_read_named(item, f"GET {path}") for item in self._client.pages(path))


def _read_named(item: dict[str, Any], answer: str) -> Named:
    """A thing with its name: without one nobody can know which one it is."""
    return Named(read_text(item, "id", answer=answer), read_text(item, "name", answer=answer))


def _short(role: str) -> str:
    return fold_name(role).replace("organization ", "org ", 1)


def read_user(item: dict[str, Any], answer: str) -> User:
    """A user as the API shows it. Raises L(Unreachable) where it has no id."""
    fields = {name: find_text(item, key, answer=answer) or "" for name, key in USER_FIELDS.items()}
    return User(read_text(item, "id", answer=answer), find_text(item, "status", answer=answer), fields)
