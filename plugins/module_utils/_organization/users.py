# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The core of C(integration_users): many users in, a plan for each, and what was done or would be done out."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import (
    Bulk,
    Bulks,
    Send,
    Work,
    read_ahead,
    side_by_side,
)
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
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.changes import GROUP_STEPS, Changes
from ansible_collections.integrations.workiva.plugins.module_utils._organization.departure import is_gone, why_not_gone
from ansible_collections.integrations.workiva.plugins.module_utils._organization.difference import UserPicture, pictures
from ansible_collections.integrations.workiva.plugins.module_utils._organization.notes import ignored_notes, notes_of
from ansible_collections.integrations.workiva.plugins.module_utils._organization.observation import observe, read_access
from ansible_collections.integrations.workiva.plugins.module_utils._organization.organization import Organization
from ansible_collections.integrations.workiva.plugins.module_utils._organization.ownership import Directory, check_owner
from ansible_collections.integrations.workiva.plugins.module_utils._organization.read_ahead import read_ahead_for
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
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


def run(arguments: dict[str, Any], how: Run) -> dict[str, Any]:
    """Applies the declaration of each user, each for itself, and returns the outcome of each."""
    wanted = wanted_users(arguments["users"])
    with Client(Connection.from_arguments(arguments, how.token_cache)) as client:
        organization = Organization(client)
        if wanted:
            # What every user needs is read first: where it cannot be, the task fails and not each user for itself.
            read_ahead_for(organization, wanted, arguments["excess_access"])
        task = _Task(client, organization, how, arguments["excess_access"])
        what = "users compared" if how.check_mode else "users applied"
        results = side_by_side(
            [task.apply(item) for item in wanted], lambda done: how.progress(what, done, len(wanted))
        )
        requests_sent = client.requests_sent
    # In the order of the users, whoever was done first.
    shown = {one.username: task.pictures[one.username] for one in wanted if one.username in task.pictures}
    failed = [f"{result.username}: {result.error.msg}" for result in results if result.error]
    answer: dict[str, Any] = {
        "changed": any(result.changed for result in results),
        "users": [result.as_result() for result in results],
        "requests_sent": requests_sent,
        "diff": {
            "before": {name: before.as_result() for name, (before, _after) in shown.items() if before},
            "after": {name: after.as_result() for name, (_before, after) in shown.items() if after},
        },
    }
    if failed and arguments["on_item_error"] == "fail":
        answer["failed"] = True
        answer["msg"] = f"{len(failed)} of {len(results)} users could not be updated: {'; '.join(failed)}"
    return answer


class _Task:
    """One run over all users: what they share (the organization as read so far) and what is collected of each."""

    def __init__(self, client: Client, organization: Organization, how: Run, excess_access_search: str) -> None:
        self._changes = Changes(client, organization, how.record)
        self._organization = organization
        self._check_mode = how.check_mode
        self._record = how.record
        self._excess_access = excess_access_search
        self.pictures: dict[str, tuple[UserPicture | None, UserPicture | None]] = {}

    def apply(self, wanted: Wanted) -> Work[UserStatus]:
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
                user = yield from self._changes.assign_user(wanted)
                status = _with_user(status, user)
                self._record(wanted.integration, AccountEvent("adopted", user.username, user.id))
                done.append(steps[0])
                observed = observe(self._organization, wanted, excess_access=self._excess_access)
                steps = plan(wanted, observed)
            of_groups = [step for step in steps if step.kind in GROUP_STEPS]
            for step in steps:
                ignored: dict[str, str] = {}
                if not self._check_mode:
                    if step in of_groups:
                        continue
                    user = yield from self._changes.do(step, user, wanted)
                    ignored = find_ignored(step, user)
                    status = replace(_with_user(status, user), ignored={**status.ignored, **ignored})
                if ignored:
                    self._record(wanted.integration, AccountEvent("ignored", fields=ignored))
                if step.kind != "change_user" or len(ignored) < len(step.fields):
                    done.append(step)
            if user and not self._check_mode:
                # Last, since they are sent together with those of all users.
                errors = yield from self._changes.do_group_steps(of_groups, user)
                done += [step for step, error in zip(of_groups, errors) if error is None]
                done.sort(key=lambda step: steps.index(step) if step in steps else -1)
                for error in errors:
                    if error:
                        raise error
            if not wanted.present:
                user, left = yield from self._look_again(observed, done)
                status = replace(_with_user(status, user), gone=is_gone(left))
                why = why_not_gone(left, removed=not self._check_mode)
                if why:
                    raise why
            elif not self._check_mode and {step.kind for step in done} & {"add_membership"}:
                # The platform activates a user by itself, with its first membership.
                user = user and (yield from self._changes.refresh(user))
                status = _with_user(status, user)
            notes = notes_of(wanted, observed, user, done, self._check_mode)
            status = replace(status, notes=(*notes, *ignored_notes(wanted, user, status.ignored)))
        except WorkivaError as error:
            status = replace(status, error=Failure.of(error))
        if any(step.kind != "adopt_user" for step in done):
            self.pictures[wanted.username] = pictures(observed, done)
        shown = tuple(done) or refused
        return replace(status, changed=bool(done), steps=tuple(step.text for step in done), plan=shown)

    def _look_again(self, observed: Observed, done: Sequence[Step]) -> Work[tuple[User | None, Observed]]:
        """After removals: the user as it is then, None where there is none, and the access that it still has.

        Raises L(WorkivaError) where that cannot be read.
        """
        before = observed.user
        if before is None or not done or self._check_mode:
            return before, observed
        # Once for all users that leave, when nothing more is removed of any of them.
        yield Bulks((Bulk("memberships", before.id, self._read_memberships),))

        def read() -> User | None:
            try:
                found = self._organization.read_user(before.id)
            except NotFound:
                return None
            self._organization.read_ahead_user_roles(before.id)
            return found

        user: User | None = yield Send(read)
        if user:
            self._organization.remember(user)
        return user, read_access(self._organization, before, exists=user is not None)

    def _read_memberships(self, _users: Sequence[str]) -> dict[str, WorkivaError]:
        """Reads the members of every workspace again. What cannot be read is reported of each user."""
        spaces = self._organization.workspaces()
        for workspace in spaces:
            self._organization.forget_memberships(workspace)
        read_ahead(functools.partial(self._organization.memberships, workspace) for workspace in spaces)
        return {}


def _with_user(status: UserStatus, user: User | None) -> UserStatus:
    """The id stays known of a user that was deleted."""
    if user is None:
        return replace(status, status=None)
    return replace(status, id=user.id, status=user.status)


CORE = Core(SPECIFICATION, run)
