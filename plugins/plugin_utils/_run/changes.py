# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a run changed, or would change: pure functions."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.integrations.workiva.plugins.plugin_utils._results import UserResult
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.findings import CERTIFICATES, Entry
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import Report
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.wording import in_past, in_present

# What happened to a thing, by the verb.
_PAST = {
    "ask": "asked",
    "change": "changed",
    "create": "created",
    "delete": "deleted",
    "deliver": "delivered",
    "record": "recorded",
    "reload": "reloaded",
    "remove": "removed",
    "update": "updated",
    "write": "wrote",
}

# How a delivery was checked.
_HOW = {
    "shown": "the target shows the client ID in use",
    "read_back": "the client ID was read back from the target",
    "claimed": "the tasks succeeded; no check shows the client ID in use",
}


def find_changes(report: Report) -> list[Entry]:
    """The changes of users, grants, files and copies of certificates; C(text) of an entry is the verb."""
    found = []
    for user in report.users or ():
        if user.steps:
            found.append(_user_change(user, report))
        elif user.left and user.changed:
            found.append(Entry(user.owner, "in the journal that it has left", _verb("record", report)))
    for grant in report.grants:
        if grant.steps:
            steps = tuple(in_present(step) if report.would else step for step in grant.steps)
            found.append(Entry(grant.integration, f"grant {grant.grant}", _verb("update", report), steps))
    for file in report.files:
        if file.steps:
            subject = f"permissions on the file {file.label} in {file.workspace}"
            found.append(Entry(file.integration, subject, _verb("change", report), _steps(file.steps, report)))
    for order in report.to_open:
        found.append(
            Entry(order.integration, f"the work order {order.number}: {order.summary}", _verb("write", report))
        )
    found += _deliveries(report)
    return [*found, *_certificate_changes(report)]


def _user_change(user: UserResult, report: Report) -> Entry:
    kinds = {step.text: step.kind for step in user.plan}
    created = [step for step in user.steps if kinds.get(step) == "create_user"]
    deleted = any(kinds.get(step) == "delete_user" for step in user.steps)
    verb = "create" if created else "delete" if deleted else "change"
    subject = f"user {user.username}"
    if verb == "change" and user.state == "absent":
        verb, subject = "remove", f"the access of user {user.username}"
    rest = [step for step in user.steps if step not in created]
    return Entry(user.owner, subject, _verb(verb, report), _steps(rest, report))


def _deliveries(report: Report) -> Iterator[Entry]:
    accepted = {(grant.integration, grant.grant) for grant in report.grants if grant.accepted}
    for delivery in report.deliveries:
        is_due = delivery.is_due and report.would
        # Check mode records nothing, so that the targets of credentials that a run would store first do not look due.
        follows = report.would and (delivery.integration, delivery.grant) in accepted
        if follows and (is_due or delivery.finding in ("ok", "ends_early", "waiting")):
            subject = f"the new credentials of the grant {delivery.grant} to {delivery.label}"
            yield Entry(delivery.integration, subject, _verb("deliver", report))
        elif delivery.steps or is_due:
            subject = f"credentials {delivery.current} of the grant {delivery.grant} to {delivery.label}"
            how = (_HOW[delivery.how],) if delivery.steps and delivery.how else ()
            yield Entry(delivery.integration, subject, _verb("deliver", report), how)


def _certificate_changes(report: Report) -> Iterator[Entry]:
    for copy in report.copies:
        if copy.differences and not copy.error:
            verb = "remove" if copy.state == "absent" else "update"
            details = () if copy.state == "absent" else copy.differences
            yield Entry(CERTIFICATES, f"copy {copy.label}", _verb(verb, report), details)
    for reload in report.reloads:
        if not reload.failed:
            yield Entry(CERTIFICATES, f"{reload.service} on {reload.host}", _verb("reload", report))
    notice = report.notice
    if notice and notice.changed:
        subject = f"{notice.to} for notices of certificate changes to {', '.join(notice.addresses)}"
        yield Entry(CERTIFICATES, subject, _verb("ask", report))


def _verb(verb: str, report: Report) -> str:
    return f"would {verb}" if report.would else _PAST[verb]


def _steps(steps: list[str] | tuple[str, ...], report: Report) -> tuple[str, ...]:
    return tuple(step if report.would else in_past(step) for step in steps)
