# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The core of C(integration_users): many users in, a plan for each, and what was done or would be done out."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, Optional

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._api.create_once import make_once
from ansible_collections.integrations.workiva.plugins.module_utils._api.operations import Operation, side_by_side
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import CONNECTION, PROJECT, Core, Run
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    NotFound,
    Refused,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._names import Named, fold_name, without
from ansible_collections.integrations.workiva.plugins.module_utils._organization.account import (
    OWNED_OPTIONS,
    owned_from,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.departure import is_gone, why_not_gone
from ansible_collections.integrations.workiva.plugins.module_utils._organization.notes import notes_of
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
    WantedPlace,
    pictures,
    plan,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.undeclared import (
    surplus,
    surplus_unknown,
)

WORKSPACE_OPTIONS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "roles": {"type": "list", "elements": "str"},
    "groups": {"type": "list", "elements": "str"},
    "groups_mode": {"type": "str", "choices": ["add", "exact"], "default": "add"},
}
USER_OPTIONS: dict[str, Any] = {
    "username": {"type": "str", "required": True},
    "previous_username": {"type": "str"},
    "id": {"type": "str"},
    "email": {"type": "str"},
    "given_name": {"type": "str"},
    "family_name": {"type": "str"},
    "display_name": {"type": "str"},
    "sign_in": {"type": "str", "choices": ["password", "sso", "sso_exception"]},
    "custodian": {"type": "str"},
    "integration": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "delete": {"type": "bool", "default": False},
    "welcome_email": {"type": "bool"},
    "organization_roles": {"type": "list", "elements": "str"},
    "workspaces": {"type": "list", "elements": "dict", "default": [], "options": WORKSPACE_OPTIONS},
    "adopt": {"type": "bool", "default": False},
    "owned": {"type": "dict", "options": OWNED_OPTIONS},
}
SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        **CONNECTION,
        **PROJECT,
        "users": {"type": "list", "elements": "dict", "options": USER_OPTIONS},
        "journal": {"type": "path"},
        "surplus": {"type": "str", "choices": ["none", "report", "full"], "default": "report"},
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
        task = _Task(client, organization, how, arguments["surplus"])
        results = side_by_side([task.bring(item, given) for item, given in zip(wanted, arguments["users"])])
        requests_sent = client.requests_sent
    failed = [result for result in results if result["error"]]
    answer: dict[str, Any] = {
        "changed": any(result["changed"] for result in results),
        "users": results,
        "requests_sent": requests_sent,
        "diff": {
            "before": {name: before for name, (before, _after) in task.pictures.items() if before is not None},
            "after": {name: after for name, (_before, after) in task.pictures.items() if after is not None},
        },
    }
    if failed and arguments["on_item_error"] == "fail":
        sentences = "; ".join(f"{result['username']}: {result['error']['msg']}" for result in failed)
        answer["failed"] = True
        answer["msg"] = f"{len(failed)} of {len(results)} users could not be brought to what is declared: {sentences}"
    return answer


def wanted_users(users: Sequence[dict[str, Any]]) -> list[Wanted]:
    """The declaration as the plan takes it. Raises L(InvalidArgument) with every problem, before anything is sent."""
    problems = []
    claimed: dict[str, str] = {}
    for user in users:
        name = user["username"].strip()
        if not name:
            problems.append("a username is empty")
        for username in sorted({fold_name(name), fold_name(user.get("previous_username") or name)}):
            if username in claimed:
                problems.append(f"the username '{username}' is declared twice (usernames know no case)")
            claimed[username] = name
        if user["delete"] and user["state"] != "absent":
            problems.append(f"'{name}' has delete: true without state: absent")
        places = [fold_name(place["name"]) for place in user["workspaces"] or []]
        for place in sorted({place for place in places if places.count(place) > 1}):
            problems.append(f"'{name}' has the workspace '{place}' twice (names know no case)")
    if problems:
        raise InvalidArgument("Nothing was sent, since the declaration is wrong: " + "; ".join(problems) + ".")
    return [_wanted(user) for user in users]


def _wanted(user: dict[str, Any]) -> Wanted:
    welcome = user.get("welcome_email")
    return Wanted(
        username=user["username"].strip(),
        fields={name: user[name] for name in USER_FIELDS if name != "username" and user.get(name) is not None},
        previous_username=user.get("previous_username"),
        id=user.get("id"),
        integration=user.get("integration") or "",
        present=user["state"] == "present",
        delete=user["delete"],
        # Only somebody who signs in with a password needs the mail, which is where the password is set.
        welcome_email=user.get("sign_in") == "password" if welcome is None else welcome,
        organization_roles=_tuple(user.get("organization_roles")),
        adopt=bool(user.get("adopt")),
        owned=owned_from(user.get("owned")),
        places=tuple(
            WantedPlace(place["name"], _tuple(place["roles"]), _tuple(place["groups"]), place["groups_mode"] == "exact")
            for place in user["workspaces"] or []
        ),
    )


def _tuple(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


class _Task:
    """One run over all users: what they share (the organization as read so far) and what is collected of each."""

    def __init__(self, client: Client, organization: Organization, how: Run, surplus_search: str) -> None:
        self._client = client
        self._organization = organization
        self._check_mode = how.check_mode
        self._record = how.record
        self._surplus = surplus_search
        self.pictures: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None]] = {}

    def bring(self, wanted: Wanted, given: dict[str, Any]) -> Generator[Operation, None, dict[str, Any]]:
        """One user: look, plan, walk the plan. Whatever goes wrong is this user's and stops no other."""
        result: dict[str, Any] = {
            "username": wanted.username,
            "id": None,
            "status": None,
            "state": given["state"],
            "integration": given.get("integration"),
            "changed": False,
            "steps": [],
            "plan": [],
            "surplus": [],
            "surplus_unknown": None,
            "notes": [],
            "gone": None,
            "error": None,
        }
        done: list[Step] = []
        observed = Observed()
        try:
            observed = self._organization.observe(wanted, surplus=self._surplus)
            user = observed.user
            _show(result, user)
            steps = plan(wanted, observed)
            # What it would do is shown, also where it must not be done.
            result["plan"] = [step.as_data() for step in steps]
            steps = check_owner(wanted, observed, steps, Directory(self._organization.users(), self._organization.user))
            result["plan"] = []
            result["surplus"] = surplus(wanted, observed)
            if self._surplus != "none":
                result["surplus_unknown"] = surplus_unknown(wanted, observed, self._organization.report_refused)
            if steps and steps[0].kind == "assign_user" and not self._check_mode:
                # Only now it can be read what the user is like.
                user = self._assign_user(wanted)
                _show(result, user)
                self._record(wanted.integration, {"event": "adopted", "username": user.username, "id": user.id})
                done.append(steps[0])
                observed = self._organization.observe(wanted, surplus=self._surplus)
                steps = plan(wanted, observed)
            for step in steps:
                if not self._check_mode:
                    user = yield from self._walk(step, user, wanted)
                    _show(result, user)
                done.append(step)
            if not wanted.present:
                user = self._prove_gone(observed, done, result)
            elif not self._check_mode and {step.kind for step in done} & {"add_membership"}:
                # The platform activates a user by itself, with its first membership.
                user = user and self._organization.fresh_user(user.id)
                _show(result, user)
            result["notes"] = notes_of(wanted, observed, user, done, self._check_mode)
        except WorkivaError as error:
            result["error"] = {"msg": str(error), **error.as_error()}
        result["changed"] = bool(done)
        result["steps"] = [step.text for step in done]
        result["plan"] = [step.as_data() for step in done] or result["plan"]
        if any(step.kind != "adopt_user" for step in done):
            self.pictures[wanted.username] = pictures(observed, done)
        return result

    def _prove_gone(self, observed: Observed, done: Sequence[Step], result: dict[str, Any]) -> User | None:
        """Looks again after the removals, and sets C(gone). Returns the user as it is then, None where there is none.

        Raises L(WorkivaError) where the user still has access, and where that cannot be read.
        """
        user = observed.user
        if observed.user is not None and done and not self._check_mode:
            for workspace in self._organization.workspaces():
                self._organization.forget_memberships(workspace)
            try:
                user = self._organization.fresh_user(observed.user.id)
            except NotFound:
                user = None
            observed = self._organization.read_access(observed.user, exists=user is not None)
            _show(result, user)
        result["gone"] = is_gone(observed)
        why = why_not_gone(observed, removed=not self._check_mode)
        if why:
            raise why
        return user

    def _walk(self, step: Step, user: User | None, wanted: Wanted) -> Walk:
        """Does one step, and keeps in what was read what it changed. Returns the user as it is after it."""
        if step.kind == "create_user":
            return self._create_user(step, wanted)
        if user is None:
            raise AssertionError("a plan creates the user before all else")
        if step.kind == "adopt_user":
            self._record(wanted.integration, {"event": "adopted", "username": user.username, "id": user.id})
            return user
        path = f"{self._organization.path}/users/{user.id}"
        if step.kind == "change_user":
            changes = [
                {"op": "replace", "path": f"/{USER_FIELDS[name]}", "value": value} for name, value in step.fields
            ]
            before = {USER_FIELDS[name]: value for name, value in user.fields.items()}
            answer = self._client.patch(path, changes)
            changed = read_user({**before, "status": user.status, **answer, "id": user.id}, f"PATCH {path}")
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
        self._record(wanted.integration, {"event": "creating", "username": username})
        user = make_once(create, look, f"creating the user '{username}'")
        self._record(wanted.integration, {"event": "created", "username": username, "id": user.id})
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


def _show(result: dict[str, Any], user: User | None) -> None:
    if user is None:
        result["status"] = None
    else:
        result["id"], result["status"] = user.id, user.status


CORE = Core(SPECIFICATION, run)
