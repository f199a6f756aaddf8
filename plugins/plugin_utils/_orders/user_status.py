# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The status of one user after a run in which people may have changed it: pure functions.

The caller asks people which work orders are done, and writes what is returned: the events to the journal, the order as pages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    USER_FIELDS,
    Step,
    Wanted,
    WantedPlace,
)
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_value
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER, USER_KINDS
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, OpenOrder, fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.user_access import (
    Evidence,
    Judged,
    after,
    fields_of,
    judge,
    order,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredUser, Responsibility
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import GrantResult, UserResult

Event = Mapping[str, Any]
# Findings with which stored credentials were not accepted.
_NOT_ACCEPTED = {"expired", "rejected", "blocked_here", "unreachable", "unchecked"}
_WHAT = {
    "add_user": "add the user {} and its access",
    "change_user": "change the access of the user {}",
    "remove_user": "remove the access of the user {}",
}


@dataclass(frozen=True)
class Administration:
    """How the users of a project are managed (C(mode), as C(administration) of a loaded project), whether the run writes to
    the journals, and whether it is a check, which writes to none."""

    mode: str
    writes: bool
    check_mode: bool


@dataclass(frozen=True)
class Subject:
    """A declared user with the results of this run: its own (C(seen)) and those of its grants."""

    declared: DeclaredUser
    seen: UserResult | None
    grants: tuple[GrantResult, ...]
    about: Responsibility | None

    @property
    def wanted(self) -> Wanted:
        """The declaration as a plan takes it."""
        return wanted_of(self.declared)


@dataclass(frozen=True)
class Conclusion:
    """The user's status, the events to write, and the work order that is needed."""

    status: UserResult
    events: tuple[Event, ...] = ()
    order: Order | None = None


def wanted_of(user: DeclaredUser) -> Wanted:
    """A declared user as a plan takes it."""
    fields = {name: getattr(user, name) for name in USER_FIELDS if name != "username"}
    return Wanted(
        username=user.username.strip(),
        fields={name: str(value) for name, value in fields.items() if value is not None},
        previous_username=user.previous_username,
        id=user.id,
        integration=user.integration,
        present=user.state == "present",
        delete=user.delete_user,
        # Only somebody who signs in with a password needs the mail, which is where the password is set.
        welcome_email=user.sign_in == "password" if user.welcome_email is None else user.welcome_email,
        organization_roles=user.organization_roles,
        adopt=bool(user.adopt),
        places=tuple(
            WantedPlace(place.name, place.roles, place.groups, bool(place.exclusive)) for place in user.workspaces
        ),
    )


def initial_status(subject: Subject, how: Administration) -> UserResult:
    """The user as the task integration_users returned it. Where people carry out the steps, that task did none of them."""
    user = subject.declared
    status = subject.seen or UserResult(user.username.strip(), user.state, user.integration or None)
    return status if how.mode == "writer" else replace(status, changed=False, steps=(), plan=())


def is_judged(subject: Subject, how: Administration) -> bool:
    """Whether enough is known of the user: the task integration_users read it, or nobody can."""
    failed = subject.seen is not None and subject.seen.error is not None
    return bool(subject.declared.integration) and not failed and (subject.seen is not None or how.mode == "none")


def failed_status(status: UserResult, error: Failure) -> UserResult:
    """The status of a user that could not be judged."""
    return replace(status, error=error)


def gather_evidence(subject: Subject, how: Administration, past: Iterable[Event]) -> Evidence:
    """What this run and the journal know of the user."""
    accepted = any(
        grant.is_stored and not _NOT_ACCEPTED & {one.finding for one in grant.findings} for grant in subject.grants
    )
    states = fold(past)
    existed = any(state.known.get("scopes") == "observed" for name, state in states.items() if name != USER)
    return Evidence(_remaining(subject, how), accepted, existed)


def _remaining(subject: Subject, how: Administration) -> tuple[Step, ...] | None:
    """The steps that the API shows to be missing still; None where it was not read."""
    if subject.seen is None or how.mode == "none":
        return None
    if how.mode == "writer" and how.writes:
        return ()
    # Whose the account is nobody has to be asked: that is written to the journal here.
    return tuple(step.as_step() for step in subject.seen.plan if step.kind != "adopt_user")


def find_adoption(subject: Subject, how: Administration) -> tuple[Event, ...]:
    """Where people change users, the journal is all that changes for an account that is adopted."""
    seen = subject.seen
    if how.mode != "reader" or seen is None or all(step.kind != "adopt_user" for step in seen.plan):
        return ()
    return ({"event": "adopted", "grant": USER, "username": subject.wanted.username, "id": seen.id},)


def find_observed(subject: Subject, state: GrantState, evidence: Evidence) -> tuple[Event, ...]:
    """The orders that were seen to be done."""
    if evidence.steps is None or evidence.steps:
        return ()
    wanted = plain_value(after(state.access, subject.wanted))
    return tuple(
        {"event": "observed", "grant": USER, "order": open_order.number}
        for open_order in _unfulfilled(state)
        # Only an order that asks for what is declared now.
        if open_order.fields.get("access") == wanted
    )


def find_unconfirmed(subject: Subject, state: GrantState, evidence: Evidence) -> dict[str, str]:
    """The orders of which only a person can say that they are done: the number, and what was to be done."""
    if evidence.steps is not None:
        return {}
    name = subject.wanted.username
    return {open_order.number: _WHAT[open_order.kind].format(name) for open_order in _unfulfilled(state)}


def confirmed(numbers: Iterable[str]) -> tuple[Event, ...]:
    """The events of orders that a person confirmed."""
    return tuple({"event": "attested", "grant": USER, "order": number} for number in numbers)


def _unfulfilled(state: GrantState) -> list[OpenOrder]:
    return [one for one in state.open_orders if not one.fulfilled and one.kind in USER_KINDS]


def conclude(
    subject: Subject,
    how: Administration,
    past: Sequence[Event],
    new: Sequence[Event],
    evidence: Evidence,
    confirmations: Collection[str] = (),
) -> Conclusion:
    """Judges the user after the events C(new) of this run. C(confirmations): the orders that were confirmed as done."""
    wanted, status = subject.wanted, initial_status(subject, how)
    events = [*past, *new]
    judged = judge(wanted, fold(events).get(USER, GrantState()), evidence)
    is_gone = not wanted.present and not judged.kind and _is_known_gone(how, status)
    has_left = is_gone and not status.plan and _was_left(events)
    if how.writes and is_gone and not has_left and _leaves(events, status):
        new, has_left = [*new, {"event": "left", "grant": USER}], True
    status = replace(
        status,
        fields=fields_of(wanted, judged, evidence),
        notes=(*status.notes, *_notes(wanted, judged, events, confirmations)),
        changed=status.changed or bool(new),
        left=has_left,
    )
    if how.mode == "writer":
        return Conclusion(status, tuple(new))
    status = replace(status, asked=tuple(judged.asked))
    if how.mode == "none":
        status = replace(status, excess_access=judged.excess_access)
    closes = "attested" if how.mode == "none" else "observed"
    needed = order(subject.declared, judged, subject.about, closes) if judged.kind else None
    return Conclusion(status, tuple(new), needed)


def _was_left(events: Iterable[Event]) -> bool:
    """Whether nothing happened since the journal recorded that the integration left; the order to remove it is closed after that."""
    past = [event["event"] for event in events if event["event"] != "closed"]
    return past[-1:] == ["left"]


def _leaves(events: Sequence[Event], status: UserResult) -> bool:
    """Whether nothing is left to do for an integration whose user is gone; of one that never was here nothing is recorded."""
    if not status.id and all(event["event"] == "closed" for event in events):
        return False
    return all(
        (state.retired or state.stage == "declared") and not [one for one in state.open_orders if not one.fulfilled]
        for state in fold(events).values()
    )


def _is_known_gone(how: Administration, status: UserResult) -> bool:
    """Whether exact reads show that the user has no access; where the API is not read, people say so by closing the order."""
    if how.mode == "none":
        return True
    # What a check would remove is looked at after the removal.
    predicted = how.check_mode and how.mode == "writer" and bool(status.plan)
    return status.gone is True or predicted


def _notes(wanted: Wanted, judged: Judged, events: Iterable[Event], confirmations: Collection[str]) -> list[str]:
    notes = []
    gone = not wanted.present and not judged.kind and judged.known == "attested"
    if gone and judged.access["state"] == "absent":
        notes.append("A person confirmed that its access was removed. The history of documents still names it.")
    withdrawn = {str(event["order"]) for event in events if event["event"] == "withdrawn"}
    ours = f"{wanted.integration}.{USER}."
    notes += [
        f"Work order {number} was confirmed as done, but it is withdrawn, because the declaration changed meanwhile. Compare the user "
        "with the new work order."
        for number in sorted(withdrawn.intersection(confirmations))
        if number.startswith(ours)
    ]
    return notes
