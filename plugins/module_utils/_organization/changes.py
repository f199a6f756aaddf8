# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The steps of a plan as requests: each one is sent while those of other users are on their way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client
from ansible_collections.integrations.workiva.plugins.module_utils._api.create_once import make_once
from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import Bulk, Bulks, Send, Work
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import AccountEvent
from ansible_collections.integrations.workiva.plugins.module_utils._errors import Refused, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._names import Named, exclude
from ansible_collections.integrations.workiva.plugins.module_utils._organization.organization import (
    Organization,
    read_user,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    USER_FIELDS,
    Step,
    User,
    Wanted,
    find_ignored,
)

GROUP_STEPS = ("join_group", "leave_group")
# Users in one request. The contract names no limit; a body may have 10 MB, and an answer may take 29 seconds (limits page).
MOST_MEMBERS = 200
# Refusals that are about the request and not about one of the users in it.
_OF_ALL = (401, 403, 404)


class Changes:
    """Sends steps, and keeps in C(organization) what they changed. C(record) writes events of an account to where they last."""

    def __init__(self, client: Client, organization: Organization, record: Callable[[str, AccountEvent], None]) -> None:
        self._client = client
        self._organization = organization
        self._record = record

    def do(self, step: Step, user: User | None, wanted: Wanted) -> Work[User | None]:
        """Does one step, but for those of groups. Returns the user as it is after it."""
        if step.kind == "create_user":
            return (yield from self._create_user(step, wanted))
        if user is None:
            raise AssertionError("a plan creates the user before all else")
        if step.kind == "adopt_user":
            self._record(wanted.integration, AccountEvent("adopted", user.username, user.id))
            return user
        if step.kind == "change_user":
            return (yield from self._change_user(step, user))
        path = f"{self._organization.path}/users/{user.id}"
        if step.kind == "delete_user":
            yield Send(lambda: self._client.delete(path))
            self._organization.forget_user(user.id)
            return None
        if step.kind in ("assign_organization_roles", "revoke_organization_roles"):
            verb = "assignment" if step.kind == "assign_organization_roles" else "revocation"
            yield from self._change_roles(f"{path}/roles/{verb}", step.targets)
            return user
        if step.workspace is None:
            raise AssertionError("every other step is one in a workspace")
        yield from self._do_in_workspace(step, step.workspace, user)
        return user

    def do_group_steps(self, steps: Sequence[Step], user: User) -> Work[list[WorkivaError | None]]:
        """Does steps of groups, in one request for each group and all users that join or leave it. Returns the error of each
        step, or None."""
        errors: list[WorkivaError | None] = []
        if steps:
            errors = yield Bulks(tuple(self._group_change(step, user) for step in steps))
        return errors

    def refresh(self, user: User) -> Work[User]:
        """Reads a user again."""
        fresh: User = yield Send(lambda: self._organization.read_user(user.id))
        self._organization.remember(fresh)
        return fresh

    def assign_user(self, wanted: Wanted) -> Work[User]:
        """Takes a user of another organization into this one (contract, assignUserToOrganization)."""
        organization = self._organization
        path = f"{organization.path}/users/assignment"

        def look() -> User | None:
            organization.forget_users()
            return organization.users().get(wanted.id or "")

        user = yield from make_once(
            lambda: read_user(self._client.create(path, {"user": wanted.id}), f"POST {path}"),
            look,
            f"adding the user with the id '{wanted.id}' to the organization",
        )
        organization.remember(user)
        return user

    def _change_user(self, step: Step, user: User) -> Work[User]:
        path = f"{self._organization.path}/users/{user.id}"
        changes = [{"op": "replace", "path": f"/{USER_FIELDS[name]}", "value": value} for name, value in step.fields]
        before = {USER_FIELDS[name]: value for name, value in user.fields.items()}
        answer = yield Send(lambda: self._client.patch(path, changes))
        changed = read_user({**before, "status": user.status, **answer, "id": user.id}, f"PATCH {path}")
        if find_ignored(step, changed):
            # Or the answer lacks it: only a read shows that.
            return (yield from self.refresh(changed))
        self._organization.remember(changed)
        return changed

    def _create_user(self, step: Step, wanted: Wanted) -> Work[User]:
        organization = self._organization
        fields = dict(step.fields)
        username = fields["username"]
        body = {USER_FIELDS[name]: value for name, value in fields.items()}
        path = f"{organization.path}/users"
        organization.confirm_users()

        def look() -> User | None:
            organization.forget_users()
            return organization.user(username)

        appeared = Refused(
            f"The user '{username}' was created by another request while this task ran. It was not changed. Run again.",
            code="appeared",
            target=username,
        )

        def explain(error: Refused) -> WorkivaError:
            if error.status not in (400, 409):
                return error
            if look() is not None:
                return appeared
            return Refused(
                f"{error} If the user exists in another organization of yours, declare its id. It is then "
                "added to this one.",
                status=error.status,
                code=error.code,
                target=error.target,
                request_id=error.request_id,
            )

        if organization.user(username) is not None:
            raise appeared
        # A run that is killed after the request was sent must know its own account again.
        self._record(wanted.integration, AccountEvent("creating", username))
        user = yield from make_once(
            lambda: read_user({**body, **self._client.create(path, body)}, f"POST {path}"),
            look,
            f"creating the user '{username}'",
            explain,
        )
        self._record(wanted.integration, AccountEvent("created", username, user.id))
        organization.remember(user)
        return user

    def _do_in_workspace(self, step: Step, workspace: Named, user: User) -> Work[None]:
        organization = self._organization
        if step.kind == "add_membership":
            yield from self._add_membership(step, workspace, user)
            return
        path = organization.membership_path(workspace, user.id)
        if step.kind == "remove_membership":
            yield Send(lambda: self._client.delete(path))
            organization.remember_membership(workspace, user.id, None)
        elif step.kind == "set_roles":
            held = yield Send(lambda: organization.read_roles(path))
            # What is there goes when the new is there.
            yield from self._change_roles(f"{path}/roles/assignment", exclude(step.targets, held))
            yield from self._change_roles(f"{path}/roles/revocation", exclude(held, step.targets))
        else:
            verb = "assignment" if step.kind == "assign_roles" else "revocation"
            yield from self._change_roles(f"{path}/roles/{verb}", step.targets)

    def _change_roles(self, path: str, roles: Sequence[Named]) -> Work[None]:
        """The contract has no call for the roles of several members: this one takes all roles of one."""
        if roles:
            operation = yield Send(lambda: self._client.submit(path, [role.id for role in roles]))
            if operation:
                yield operation

    def _add_membership(self, step: Step, workspace: Named, user: User) -> Work[None]:
        organization = self._organization
        path = f"{organization.workspace_path(workspace)}/memberships/membershipCreation"
        options = {"notifyNewMember": False, "sendWelcomeEmail": step.welcome_email}

        def look() -> str | None:
            organization.forget_memberships(workspace)
            return organization.memberships(workspace).get(user.id)

        membership = yield from make_once(
            lambda: str(self._client.create(path, {"user": user.id, "options": options})["id"]),
            look,
            f"adding to the workspace '{workspace.name}'",
        )
        organization.remember_membership(workspace, user.id, membership)

    # Groups: the contract's one bulk call of the Admin operations (modifyWorkspaceGroupMembers).

    def _group_change(self, step: Step, user: User) -> Bulk:
        if step.workspace is None:
            raise AssertionError("a group is one of a workspace")
        (group,) = step.targets
        members = f"{self._organization.workspace_path(step.workspace)}/groups/{group.id}/members"
        change = "toAdd" if step.kind == "join_group" else "toRemove"
        return Bulk((members, change), user.id, lambda users: self._modify_members(members, change, users))

    def _modify_members(self, members: str, change: str, users: Sequence[str]) -> dict[str, WorkivaError]:
        errors: dict[str, WorkivaError] = {}
        for start in range(0, len(users), MOST_MEMBERS):
            errors.update(self._modify_some(members, change, users[start : start + MOST_MEMBERS]))
        return errors

    def _modify_some(self, members: str, change: str, users: Sequence[str]) -> Mapping[str, WorkivaError]:
        """One request. It is not atomic (contract): where it is refused, each user is sent alone, to know its own error.

        Adding a member twice adds it once, so that a repeat is safe.
        """
        try:
            self._client.modify(f"{members}/modification", {change: list(users)}, repeatable=True)
        except WorkivaError as error:
            if len(users) == 1 or not isinstance(error, Refused) or error.status in _OF_ALL:
                return dict.fromkeys(users, error)
            errors: dict[str, WorkivaError] = {}
            for user in users:
                errors.update(self._modify_some(members, change, [user]))
            return errors
        return {}
