# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What of a run's results a person has to look at: problems, undeclared access, and what waits for people. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.integrations.workiva.plugins.module_utils._grants.advice import NOTHING_LEFT
from ansible_collections.integrations.workiva.plugins.module_utils._organization.undeclared import (
    REPORT_ONLY,
    UndeclaredAccess,
)
from ansible_collections.integrations.workiva.plugins.module_utils._words import natural_order
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.file_access import FileStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.least_privilege import Advice
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import DeliveryStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import CopyResult, GrantResult, UserResult
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import Report
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.wording import with_distance

# The block of what belongs to no integration.
CERTIFICATES = "Certificates"
# Findings of copies of certificates that the same run corrects.
_CORRECTED = ("missing", "changed", "differs")


@dataclass(frozen=True)
class Entry:
    """One thing in a section of the summary. C(owner): its integration, or L(CERTIFICATES). C(subject) names it, and C(text) says
    what is the matter, in the same words for all things of which the same is true."""

    owner: str
    subject: str
    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """Something that a person has to do. C(subject): the number of a work order, or what it is about."""

    owner: str
    person: str
    subject: str
    text: str
    page: str = ""


def find_problems(report: Report) -> list[Entry]:
    """Everything that failed, and every finding but C(ok) of what should work now."""
    found = [] if not report.trouble else [Entry("Users and access", "could not be read", _reason(report))]
    for user in report.users or ():
        found += _user_problems(user, report)
    for grant in report.grants:
        found += _grant_problems(grant, report)
    for file in report.files:
        found += _file_problems(file, report)
    for delivery in report.deliveries:
        found += _delivery_problems(delivery, report)
    for copy in report.copies:
        found += _copy_problems(copy, report)
    for reload in report.reloads:
        if reload.failed:
            text = f"{_sentences('failed', reload.msg)} Reload the service by hand."
            found.append(Entry(CERTIFICATES, f"reload of {reload.service} on {reload.host}", text))
    if report.notice and report.notice.failure:
        found.append(Entry(CERTIFICATES, "request for notices", _sentences("failed", report.notice.failure)))
    return found


def _reason(report: Report) -> str:
    """Why users and access could not be read. What the summary reports of the administrator grant is not repeated."""
    details = [one.detail for grant in report.grants for one in grant.findings if one.finding != "ok"]
    if any(detail and detail in report.trouble for detail in details):
        return "The administrator grant has a problem, which is reported with it."
    return report.trouble


def _user_problems(user: UserResult, report: Report) -> Iterator[Entry]:
    if user.error:
        yield Entry(user.owner, f"user {user.username}", _sentences("failed", user.error.msg))
    elif user.state == "absent" and report.playbook == "verify" and (user.steps or user.asked):
        text = "still has access, although its integration is marked state: absent"
        yield Entry(user.owner, f"user {user.username}", text)


def _grant_problems(grant: GrantResult, report: Report) -> Iterator[Entry]:
    subject = f"grant {grant.grant}"
    order = _order_of(report, grant.integration, grant.grant)
    # The work order of a grant without stored credentials says what is missing.
    is_ordered = bool(order) and not _has_credentials(grant)
    texts = [
        _sentences(finding.finding, with_distance(finding.detail, grant.expires, grant.days_left))
        for finding in grant.findings
        if finding.finding != "ok" and not (is_ordered or _waits(grant) or report.is_ended(grant))
    ]
    if grant.error and grant.error.msg not in (finding.detail for finding in grant.findings):
        texts.append(_sentences("failed", grant.error.msg))
    elif grant.error and _waits(grant):
        texts = [_sentences("failed", grant.error.msg)]
    for number, text in enumerate(texts, start=1):
        last = number == len(texts)
        if last and order:
            yield Entry(grant.integration, subject, text, (f"Work order: {order}",))
        elif last and (following := _next(grant, report)):
            who = f" ({grant.waits_for})" if grant.waits_for else ""
            yield Entry(grant.integration, subject, text, (f"Next{who}: {following}",))
        else:
            yield Entry(grant.integration, subject, text)


def _sentences(word: str, detail: str) -> str:
    """A finding and its reason. Some reasons are whole sentences, and some are parts of one."""
    # Not the name of a file, or of an option.
    whole = f"{detail[:1].upper()}{detail[1:]}" if re.match(r"[a-z]+(?:[ ',;]|: )", detail) else detail
    return f"{word}. {whole}" if not whole or whole.endswith((".", "!", "?")) else f"{word}. {whole}."


def _has_credentials(grant: GrantResult) -> bool:
    """Whether a person handed credentials over, also where they could not be verified yet."""
    return grant.is_stored or grant.stage == "received"


def _waits(grant: GrantResult) -> bool:
    """Whether its credentials are still to come: then nothing can be wrong with them."""
    return not _has_credentials(grant) and all(one.finding in ("ok", "unchecked") for one in grant.findings)


def _next(grant: GrantResult, report: Report) -> str | None:
    """The next step of a grant without an open work order, where there is one, and what opens the order that it names. What waits for
    a user that failed is reported with the user."""
    failed = any(user.owner == grant.integration and user.error for user in report.users or ())
    if failed or not grant.next or grant.next == NOTHING_LEFT:
        return None
    return f"{grant.next} onboard opens the work order." if "work order says" in grant.next else grant.next


def _order_of(report: Report, integration: str, grant: str) -> str | None:
    """The open work orders of a grant, and those that check mode would open. That to end the previous grant mends nothing of the
    present one, so that it is named alone only."""
    orders = [one for one in (*report.orders, *report.to_open) if (one.integration, one.grant) == (integration, grant)]
    named = [one.number for one in orders if one.kind != "retire"] or [one.number for one in orders]
    return ", ".join(sorted(named, key=natural_order)) or None


def _file_problems(file: FileStatus, report: Report) -> Iterator[Entry]:
    subject = f"file {file.label} in {file.workspace}"
    order = None if file.grant or file.given else _order_of(report, file.integration, "file_access")
    details = (f"Work order: {order}",) if order else (f"Next: {file.next}",) if file.next else ()
    if file.error:
        yield Entry(file.integration, subject, _sentences("failed", file.error.msg), details)
    elif (file.finding not in ("ok", "unchecked") and not file.is_unwanted) or (
        file.finding == "unchecked"
        and not order
        and any(grant.is_stored for grant in report.grants if grant.integration == file.integration)
    ):
        yield Entry(file.integration, subject, _sentences(file.finding, file.detail), details)


def _delivery_problems(delivery: DeliveryStatus, report: Report) -> Iterator[Entry]:
    is_predicted = report.check_mode and delivery.is_due and report.playbook != "verify"
    if delivery.finding in ("ok", "waiting") or is_predicted:
        return
    due = ("Next: run deliver, or onboard, which delivers what is due.",) if delivery.is_due else ()
    yield Entry(delivery.integration, f"target {delivery.label}", _sentences(delivery.finding, delivery.detail), due)


def _copy_problems(copy: CopyResult, report: Report) -> Iterator[Entry]:
    corrected = _CORRECTED if copy.differences and not copy.error and report.playbook != "verify" else ()
    for finding in copy.findings:
        if finding.finding != "ok" and finding.finding not in corrected:
            day = copy.certificate.not_after[:10] if copy.certificate else None
            days = copy.certificate.days_left if copy.certificate else None
            detail = with_distance(finding.detail, day, days)
            yield Entry(CERTIFICATES, f"copy {copy.label}", _sentences(finding.finding, detail))


def find_waiting(report: Report) -> list[Waiting]:
    """The open work orders, and the next steps that need none."""
    found = [
        Waiting(order.integration, order.waits_for, order.number, order.summary, order.page) for order in report.orders
    ]
    ordered = {(order.integration, order.grant) for order in (*report.orders, *report.to_open)}
    for grant in report.grants:
        following = _next(grant, report)
        is_fine = _waits(grant) or report.is_ended(grant) or all(one.finding == "ok" for one in grant.findings)
        if following and (grant.integration, grant.grant) not in ordered and is_fine and not grant.error:
            who = grant.waits_for or "you"
            found.append(Waiting(grant.integration, who, f"grant {grant.grant} of {grant.integration}", following))
    for user in report.users or ():
        if user.asked and (user.owner, "user") not in ordered:
            text = "; ".join(user.asked)
            found.append(
                Waiting(user.owner, "people, after onboard opened the work order", f"user {user.username}", text)
            )
    for file in report.files:
        if file.grant and file.next and not file.error and file.finding in ("ok", "unchecked"):
            found.append(Waiting(file.integration, "you", f"file {file.label} in {file.workspace}", file.next))
    return found


def find_undeclared(report: Report) -> list[Entry]:
    """Access that nobody declared, or that an integration does not need."""
    if report.advice:
        found = [Entry(one.integration, one.what, _with_certainty(one), (f"Next: {one.do}.",)) for one in report.advice]
    else:
        found = [
            Entry(user.owner, _name_of(item), "not declared")
            for user in report.users or ()
            for item in user.excess_access
        ]
    found += [
        Entry(
            file.integration,
            f"{held.permission} of the {held.kind} {held.name or held.id} on the file {file.label} in {file.workspace}",
            "not declared",
        )
        for file in report.files
        for held in file.excess_access
    ]
    return found


def _with_certainty(advice: Advice) -> str:
    """Why access is not needed, and how sure that is where it is not certain."""
    return advice.because if advice.certainty == "certain" else f"{advice.because} ({advice.certainty})"


def _name_of(item: UndeclaredAccess) -> str:
    where = f" in {item.workspace}" if item.workspace else ""
    if item.kind == "workspace":
        roles = f" with the roles {', '.join(item.roles)}" if item.roles else ""
        return f"the membership{where}{roles}"
    return f"the {item.kind.replace('_', ' ')} {item.name}{where}"


def find_notes(report: Report) -> list[str]:
    """What else a person should know. The same about several users is one note."""
    about: dict[str, list[str]] = {}
    for user in report.users or ():
        for note in user.notes:
            about.setdefault(note, []).append(user.username)
        if user.excess_access_unknown:
            about.setdefault(user.excess_access_unknown, []).append(user.username)
    # What the names would only repeat is about the run.
    notes = [
        f"{', '.join(names)}: {note}" if len(names) <= 3 and note != REPORT_ONLY else note
        for note, names in about.items()
    ]
    for copy in report.copies:
        if copy.announcement == "waiting":
            notes.append(f"copy {copy.label}: the announced certificate is in the copy until the server uses it.")
        if copy.announcement == "shown":
            notes.append(
                f"copy {copy.label}: the server uses the announced certificate. Remove upcoming from workiva.yml."
            )
    if report.deliveries and report.is_full and report.playbook == "verify":
        notes.append(
            "Targets of credentials are compared with the journal. verify runs no checks of targets; deliver and onboard do, when they deliver."
        )
    if report.withdrawn:
        numbers = ", ".join(sorted(set(report.withdrawn), key=natural_order))
        is_many = len(set(report.withdrawn)) > 1
        verb = "would withdraw" if report.check_mode else "withdrew"
        what = f"the work orders {numbers}. They are" if is_many else f"the work order {numbers}. It is"
        notes.append(f"The run {verb} {what} not needed any more. Ask whoever has a copy not to carry it out.")
    return [*report.notes, *notes]
