# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What there is in the organization: every list read at most once and only when it is asked for, indexed by id and name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.answers import JsonObject
from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client
from ansible_collections.integrations.workiva.plugins.module_utils._api.fields import find_number, find_text, read_text
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    TokenRefused,
    Unreachable,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_ORGANIZATION_ROLES,
    Named,
    fold_name,
    is_same,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    USER_FIELDS,
    Reported,
    User,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.report import ReportRow, read_row
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text


@dataclass(frozen=True)
class Group:
    """A group of a workspace, and how many members the server counts (None: it does not say)."""

    named: Named
    member_count: int | None


class Organization:
    """The organization behind a client. What was read stays until it is L(forgotten)."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.path = client.organization_path
        self._users: dict[str, User] | None = None
        # The ids of the users of each folded username, those of the users without one at the empty text.
        self._ids: dict[str, dict[str, None]] = {}
        self._organization_roles: tuple[Named, ...] | None = None
        self._workspaces: tuple[Named, ...] | None = None
        self._roles: dict[str, tuple[Named, ...]] = {}
        self._memberships: dict[str, dict[str, str]] = {}
        # Memberships that this run created, by workspace and user: for them a list need not be read.
        self._created: dict[tuple[str, str], str] = {}
        self._groups: dict[str, tuple[Group, ...]] = {}
        self._members: dict[tuple[str, str], frozenset[str]] = {}
        self._report: list[JsonObject] | None = None
        self._rows: dict[str, JsonObject] = {}
        self._rows_by_username: dict[str, JsonObject] = {}
        self._ahead: dict[str, tuple[Named, ...]] = {}
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
                    f"GET {path} was answered with no user at all, although the grant's own user is in the organization. "
                    "The answer was not used. Check organization_id, and run again later."
                )
            self._users = {user.id: user for user in found}
            self._ids = {}
            for user in self._users.values():
                self._ids.setdefault(fold_name(user.username), {})[user.id] = None
        return self._users

    def user(self, username: str) -> User | None:
        """The user of that username, whatever its case. None only where the list shows that there is none."""
        users = self.users()
        matches = [users[user_id] for user_id in self._ids.get(fold_name(username), ())]
        exact = [user for user in matches if user.username == username]
        if len(exact or matches) > 1:
            raise InvalidArgument(
                f"The organization has {len(matches)} users with the username '{safe_text(username)}', so it is unclear which one is declared.",
                code="ambiguous_name",
                target=username,
            )
        nameless = list(self._ids.get("", ()))
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
        """Keeps a user as it is now."""
        self.forget_user(user.id)
        self.users()[user.id] = user
        self._ids.setdefault(fold_name(user.username), {})[user.id] = None

    def forget_user(self, user_id: str) -> None:
        """A user that was deleted."""
        user = self.users().pop(user_id, None)
        if user:
            self._ids[fold_name(user.username)].pop(user_id, None)

    def read_user(self, user_id: str) -> User:
        """A user as it is now; L(remember) keeps it."""
        path = f"{self.path}/users/{user_id}"
        return read_user(self._client.get(path), f"GET {path}")

    def roles(self) -> tuple[Named, ...]:
        """The organization roles that there are."""
        if self._organization_roles is None:
            self._organization_roles = self._named(f"{self.path}/roles")
        return self._organization_roles

    def roles_of(self, user_id: str) -> tuple[Named, ...]:
        """The organization roles that a user holds; never kept, since a change may follow."""
        return self._held(f"{self.path}/users/{user_id}/roles")

    def _held(self, path: str) -> tuple[Named, ...]:
        """The roles at a path: what was read ahead, for one use, or what is there now."""
        ahead = self._ahead.pop(path, None)
        return self._named(path) if ahead is None else ahead

    def read_roles(self, path: str) -> tuple[Named, ...]:
        """The roles of a member, of that path, as they are now."""
        return self._named(f"{path}/roles")

    def read_ahead_user_roles(self, user_id: str) -> None:
        """Reads the organization roles of a user for their next use."""
        path = f"{self.path}/users/{user_id}/roles"
        self._ahead[path] = self._named(path)

    def read_ahead_membership_roles(self, workspace: Named, user_id: str) -> None:
        """Reads the roles of a member for their next use, unless they were read ahead and not used yet."""
        path = f"{self.membership_path(workspace, user_id)}/roles"
        if path not in self._ahead:
            self._ahead[path] = self._named(path)

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

    def known_memberships(self, workspace: Named) -> dict[str, str]:
        """The same, as far as it was read."""
        return self._memberships.get(workspace.id, {})

    def forget_memberships(self, workspace: Named) -> None:
        self._memberships.pop(workspace.id, None)

    def remember_membership(self, workspace: Named, user_id: str, membership: str | None) -> None:
        """Keeps a membership that was created, or that it was removed (C(None))."""
        known = self._memberships.get(workspace.id, {})
        known.pop(user_id, None)
        self._created.pop((workspace.id, user_id), None)
        if membership is not None:
            known[user_id] = membership
            self._created[workspace.id, user_id] = membership

    def membership_roles(self, workspace: Named, user_id: str) -> tuple[Named, ...]:
        """The roles that a member holds there; never kept, since a change may follow."""
        return self._held(f"{self.membership_path(workspace, user_id)}/roles")

    def membership_path(self, workspace: Named, user_id: str) -> str:
        created = self._created.get((workspace.id, user_id))
        return f"{self.workspace_path(workspace)}/memberships/{created or self.memberships(workspace)[user_id]}"

    def groups(self, workspace: Named) -> tuple[Group, ...]:
        if workspace.id not in self._groups:
            path = f"{self.workspace_path(workspace)}/groups"
            self._groups[workspace.id] = tuple(
                Group(_read_named(item, f"GET {path}"), find_number(item, "memberCount", answer=f"GET {path}"))
                for item in self._client.pages(path)
            )
        return self._groups[workspace.id]

    def known_groups(self, workspace: Named) -> tuple[Group, ...]:
        """The groups, if they were read."""
        return self._groups.get(workspace.id, ())

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

    def report(self) -> None:
        """Reads the report. It is empty, with L(report_refused), where it does not answer as it should: it needs an
        organization administrator and a token that is bound to a workspace."""
        if self._report is not None:
            return
        path = f"{self.path}/orgReportUsers"
        try:
            self._report = list(self._client.pages(path, {"page[size]": 1000}))
            for item in self._report:
                self._index_row(item, f"GET {path}")
        except TokenRefused:
            raise
        except WorkivaError as error:
            self._refuse_report(error)

    def _index_row(self, item: JsonObject, answer: str) -> None:
        """Keeps a row by what it names its user; the rows of users whom nobody asks about are not read further."""
        identifier = find_text(item, "id", answer=answer)
        username = find_text(item, "attributes", "userName", answer=answer)
        if identifier:
            self._rows.setdefault(identifier, item)
        if username:
            self._rows_by_username.setdefault(fold_name(username), item)

    def _refuse_report(self, error: WorkivaError) -> None:
        self._report = []
        self._rows.clear()
        self._rows_by_username.clear()
        self.report_refused = str(error)

    def row(self, user: User) -> ReportRow | None:
        """The user's row, by its id or, should the report have other ids, by its username."""
        self.report()
        item = self._rows.get(user.id)
        if item is None and user.username:
            item = self._rows_by_username.get(fold_name(user.username))
        if item is None:
            return None
        try:
            return read_row(item, f"GET {self.path}/orgReportUsers")
        except WorkivaError as error:
            self._refuse_report(error)
            return None

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
            named = [workspace for workspace in self.workspaces() if is_same(workspace.name, item.name or "")]
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
            yield (workspace, *self.read_membership(workspace, user))

    def read_membership(self, workspace: Named, user: User) -> tuple[bool | None, str]:
        """Whether the user is a member of one workspace (None: it could not be read), and why it could not.

        Raises L(WorkivaError) where there was no answer at all.
        """
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

    def _named(self, path: str) -> tuple[Named, ...]:
        return tuple(_read_named(item, f"GET {path}") for item in self._client.pages(path))


def _read_named(item: JsonObject, answer: str) -> Named:
    """A thing with its name: without one nobody can know which one it is."""
    return Named(read_text(item, "id", answer=answer), read_text(item, "name", answer=answer))


def _short(role: str) -> str:
    return fold_name(role).replace("organization ", "org ", 1)


def read_user(item: JsonObject, answer: str) -> User:
    """A user as the API shows it. Raises L(Unreachable) where it has no id."""
    usual: list[Any] = [item.get("id"), item.get("status"), *(item.get(key) for key in USER_FIELDS.values())]
    if all(isinstance(value, str) for value in usual) and usual[0]:
        # There may be ten thousand: the checks below are for what is not as usual.
        return User(usual[0], usual[1], dict(zip(USER_FIELDS, usual[2:])))
    fields = {name: find_text(item, key, answer=answer) or "" for name, key in USER_FIELDS.items()}
    return User(read_text(item, "id", answer=answer), find_text(item, "status", answer=answer), fields)
