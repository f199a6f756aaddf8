# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The core of C(integration_users): many users in, a plan for each, and what was done or would be done out."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any, Optional

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._api.create_once import make_once
from ansible_collections.integrations.workiva.plugins.module_utils._api.operations import Operation, side_by_side
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import (
    CONNECTION,
    PROJECT,
    AccountEvent,
    Core,
    Run,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    Failure,
    NotFound,
    Refused,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._names import Named, without
from ansible_collections.integrations.workiva.plugins.module_utils._organization.departure import is_gone, why_not_gone
from ansible_collections.integrations.workiva.plugins.module_utils._organization.difference import UserPicture, pictures
from ansible_collections.integrations.workiva.plugins.module_utils._organization.notes import ignored_notes, notes_of
from ansible_collections.integrations.workiva.plugins.module_utils._organization.observation import observe, read_access
from ansible_collections.integrations.workiva.plugins.module_utils._organization.organization import (
    Organization,
    read_user,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.ownership import Directory, check_owner
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    USER_FIELDS,
    Observed,
    Step,
    User,
    Wanted,
    find_ignored,
    plan,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.undeclared import (
    excess_access_unknown,
    find_excess_access,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.user_status import UserStatus
from ansible_collections.integrations.workiva.plugins.module_utils._organization.wanted import (
    USER_OPTIONS,
    wanted_users,
)

SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        **CONNECTION,
        **PROJECT,
        "users": {"type": "list", "elements": "dict", "options": USER_OPTIONS},
        "journal": {"type": "path"},
        "excess_access": {"type": "str", "choices": ["none", "report", "full"], "default": "report"},
        "on_item_error": {"type": "str", "choices": ["fail", "report"], "default": "fail"},
    },
    "required_together": [["client_id", "client_secret"]],
    "required_one_of": [["users", "project"]],
    "supports_check_mode": True,
}

Walk = Generator[Operation, None, Optional[User]]


def run(arguments: dict[str, Any], how: Run) -> dict[str, Any]:
    """Brings the users to what is declared, each for itself, and tells of each what became of it."""
    wanted = wanted_users(arguments["users"])
    with Client(Connection.from_arguments(arguments, how.token_cache)) as client:
        organization = Organization(client)
        if wanted:
            # What every user needs is read first: where it cannot be, the task fails and not each user for itself.
            organization.users()
        task = _Task(client, organization, how, arguments["excess_access"])
        results = side_by_side([task.apply(item) for item in wanted])
        requests_sent = client.requests_sent
    failed = [f"{result.username}: {result.error.msg}" for result in results if result.error]
    answer: dict[str, Any] = {
        "changed": any(result.changed for result in results),
        "users": [result.as_result() for result in results],
        "requests_sent": requests_sent,
        "diff": {
            "before": {name: before.as_result() for name, (before, _after) in task.pictures.items() if before},
            "after": {name: after.as_result() for name, (_before, after) in task.pictures.items() if after},
        },
    }
    if failed and arguments["on_item_error"] == "fail":
        answer["failed"] = True
        answer["msg"] = (
            f"{len(failed)} of {len(results)} users could not be brought to what is declared: {'; '.join(failed)}"
        )
    return answer


class _Task:
    """One run over all users: what they share (the organization as read so far) and what is collected of each."""

    def __init__(self, client: Client, organization: Organization, how: Run, excess_access_search: str) -> None:
        self._client = client
        self._organization = organization
        self._check_mode = how.check_mode
        self._record = how.record
        self._excess_access = excess_access_search
        self.pictures: dict[str, tuple[UserPicture | None, UserPicture | None]] = {}

    def apply(self, wanted: Wanted) -> Generator[Operation, None, UserStatus]:
        """One user: look, plan, walk the plan. Whatever goes wrong is this user's and stops no other."""
        status = UserStatus(
            username=wanted.username,
            state="present" if wanted.present else "absent",
            integration=wanted.integration or None,
        )
        done: list[Step] = []
        refused: tuple[Step, ...] = ()
        observed = Observed()
        try:
            observed = observe(self._organization, wanted, excess_access=self._excess_access)
            user = observed.user
            status = _with_user(status, user)
            # What it would do is shown, also where it must not be done.
            refused = tuple(plan(wanted, observed))
            steps = check_owner(
                wanted, observed, refused, Directory(self._organization.users(), self._organization.user)
            )
            refused = ()
            status = replace(status, excess_access=tuple(find_excess_access(wanted, observed)))
            unknown = excess_access_unknown(wanted, observed, self._excess_access, self._organization.report_refused)
            status = replace(status, excess_access_unknown=unknown)
            if steps and steps[0].kind == "assign_user" and not self._check_mode:
                # Only now it can be read what the user is like.
                user = self._assign_user(wanted)
                status = _with_user(status, user)
                self._record(wanted.integration, AccountEvent("adopted", user.username, user.id))
                done.append(steps[0])
                observed = observe(self._organization, wanted, excess_access=self._excess_access)
                steps = plan(wanted, observed)
            for step in steps:
                ignored: dict[str, str] = {}
                if not self._check_mode:
                    user = yield from self._walk(step, user, wanted)
                    ignored = find_ignored(step, user)
                    status = replace(_with_user(status, user), ignored={**status.ignored, **ignored})
                if ignored:
                    self._record(wanted.integration, AccountEvent("ignored", fields=ignored))
                if step.kind != "change_user" or len(ignored) < len(step.fields):
                    done.append(step)
            if not wanted.present:
                user, left = self._look_again(observed, done)
                status = replace(_with_user(status, user), gone=is_gone(left))
                why = why_not_gone(left, removed=not self._check_mode)
                if why:
                    raise why
            elif not self._check_mode and {step.kind for step in done} & {"add_membership"}:
                # The platform activates a user by itself, with its first membership.
                user = user and self._organization.fresh_user(user.id)
                status = _with_user(status, user)
            notes = notes_of(wanted, observed, user, done, self._check_mode)
            status = replace(status, notes=(*notes, *ignored_notes(wanted, user, status.ignored)))
        except WorkivaError as error:
            status = replace(status, error=Failure.of(error))
        if any(step.kind != "adopt_user" for step in done):
            self.pictures[wanted.username] = pictures(observed, done)
        shown = tuple(done) or refused
        return replace(status, changed=bool(done), steps=tuple(step.text for step in done), plan=shown)

    def _look_again(self, observed: Observed, done: Sequence[Step]) -> tuple[User | None, Observed]:
        """After removals: the user as it is then, None where there is none, and the access that it still has.

        Raises L(WorkivaError) where that cannot be read.
        """
        if observed.user is None or not done or self._check_mode:
            return observed.user, observed
        for workspace in self._organization.workspaces():
            self._organization.forget_memberships(workspace)
        try:
            user: User | None = self._organization.fresh_user(observed.user.id)
        except NotFound:
            user = None
        return user, read_access(self._organization, observed.user, exists=user is not None)

    def _walk(self, step: Step, user: User | None, wanted: Wanted) -> Walk:
        """Does one step, and keeps in what was read what it changed. Returns the user as it is after it."""
        if step.kind == "create_user":
            return self._create_user(step, wanted)
        if user is None:
            raise AssertionError("a plan creates the user before all else")
        if step.kind == "adopt_user":
            self._record(wanted.integration, AccountEvent("adopted", user.username, user.id))
            return user
        path = f"{self._organization.path}/users/{user.id}"
        if step.kind == "change_user":
            changes = [
                {"op": "replace", "path": f"/{USER_FIELDS[name]}", "value": value} for name, value in step.fields
            ]
            before = {USER_FIELDS[name]: value for name, value in user.fields.items()}
            answer = self._client.patch(path, changes)
            changed = read_user({**before, "status": user.status, **answer, "id": user.id}, f"PATCH {path}")
            if find_ignored(step, changed):
                # Or the answer lacks it: only a read shows that.
                changed = self._organization.fresh_user(user.id)
            self._organization.remember(changed)
            return changed
        if step.kind == "delete_user":
            self._client.delete(path)
            self._organization.users().pop(user.id, None)
            return None
        if step.kind in ("assign_organization_roles", "revoke_organization_roles"):
            verb = "assignment" if step.kind == "assign_organization_roles" else "revocation"
            yield from self._roles(f"{path}/roles/{verb}", step.targets)
            return user
        if step.workspace is None:
            raise AssertionError("every other step is one in a workspace")
        yield from self._walk_in_workspace(step, step.workspace, user)
        return user

    def _walk_in_workspace(self, step: Step, workspace: Named, user: User) -> Generator[Operation, None, None]:
        organization = self._organization
        if step.kind == "add_membership":
            self._add_membership(step, workspace, user)
        elif step.kind == "remove_membership":
            self._client.delete(organization.membership_path(workspace, user.id))
            organization.memberships(workspace).pop(user.id, None)
        elif step.kind == "set_roles":
            held = organization.membership_roles(workspace, user.id)
            roles = f"{organization.membership_path(workspace, user.id)}/roles"
            # What is there goes when the new is there.
            yield from self._roles(f"{roles}/assignment", without(step.targets, held))
            yield from self._roles(f"{roles}/revocation", without(held, step.targets))
        elif step.kind in ("assign_roles", "revoke_roles"):
            verb = "assignment" if step.kind == "assign_roles" else "revocation"
            yield from self._roles(f"{organization.membership_path(workspace, user.id)}/roles/{verb}", step.targets)
        else:
            change = "toAdd" if step.kind == "join_group" else "toRemove"
            for group in step.targets:
                path = f"{organization.workspace_path(workspace)}/groups/{group.id}/members/modification"
                # Adding a member twice adds it once.
                self._client.modify(path, {change: [user.id]}, repeatable=True)

    def _roles(self, path: str, roles: Sequence[Named]) -> Generator[Operation, None, None]:
        operation = self._client.submit(path, [role.id for role in roles]) if roles else None
        if operation:
            yield operation

    def _assign_user(self, wanted: Wanted) -> User:
        """Takes a user of another organization into this one (contract, assignUserToOrganization)."""
        organization = self._organization

        def look() -> User | None:
            organization.forget_users()
            return organization.users().get(wanted.id or "")

        def create() -> User:
            path = f"{organization.path}/users/assignment"
            return read_user(self._client.create(path, {"user": wanted.id}), f"POST {path}")

        user = make_once(create, look, f"taking the user of the id '{wanted.id}' into the organization")
        organization.remember(user)
        return user

    def _create_user(self, step: Step, wanted: Wanted) -> User:
        fields = dict(step.fields)
        username = fields["username"]
        self._organization.confirm_users()

        def look() -> User | None:
            self._organization.forget_users()
            return self._organization.user(username)

        appeared = Refused(
            f"The user '{username}' came into being while this ran; nothing was done to it. Run again.",
            code="appeared",
            target=username,
        )

        def create() -> User:
            body = {USER_FIELDS[name]: value for name, value in fields.items()}
            path = f"{self._organization.path}/users"
            try:
                made = self._client.create(path, body)
            except Refused as error:
                if error.status not in (400, 409):
                    raise
                if look() is not None:
                    raise appeared from None
                raise Refused(
                    f"{error} Where the user exists in another organization of yours, declare its id, by which it is "
                    "taken into this one.",
                    status=error.status,
                    code=error.code,
                    target=error.target,
                    request_id=error.request_id,
                ) from None
            return read_user({**body, **made}, f"POST {path}")

        found = self._organization.user(username)
        if found is not None:
            raise appeared
        # A run that is killed after the request was sent must know its own account again.
        self._record(wanted.integration, AccountEvent("creating", username))
        user = make_once(create, look, f"creating the user '{username}'")
        self._record(wanted.integration, AccountEvent("created", username, user.id))
        self._organization.remember(user)
        return user

    def _add_membership(self, step: Step, workspace: Named, user: User) -> None:
        organization = self._organization

        def look() -> str | None:
            organization.forget_memberships(workspace)
            return organization.memberships(workspace).get(user.id)

        def create() -> str:
            path = f"{organization.workspace_path(workspace)}/memberships/membershipCreation"
            options = {"notifyNewMember": False, "sendWelcomeEmail": step.welcome_email}
            return str(self._client.create(path, {"user": user.id, "options": options})["id"])

        membership = make_once(create, look, f"adding to the workspace '{workspace.name}'")
        organization.memberships(workspace)[user.id] = membership


def _with_user(status: UserStatus, user: User | None) -> UserStatus:
    """The id stays known of a user that was deleted."""
    if user is None:
        return replace(status, status=None)
    return replace(status, id=user.id, status=user.status)


CORE = Core(SPECIFICATION, run)
