# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""All that a run found, integration by integration, for the full summary: pure functions."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from ansible_collections.integrations.workiva.plugins.module_utils._words import format_days
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.file_access import FileStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import DeliveryStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import CopyResult, GrantResult, UserResult
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.findings import CERTIFICATES, Entry
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import Report

# How it is known that a user exists whose status nobody can read.
_KNOWN = {
    "observed": " (its credentials work)",
    "attested": " (a person confirmed the user)",
    "declared": " (nobody confirmed the user)",
}
_ACCESS = {
    True: "readable",
    False: "not readable",
    None: "not checked",
}


def describe_all(report: Report, problems: Sequence[Entry] = ()) -> list[tuple[str, str]]:
    """One line for each user, grant, file and copy, with the integration that it belongs to.

    What C(problems) say already is not repeated.
    """
    reported = "".join(entry.text for entry in problems)
    found = [(user.owner, _user(user)) for user in report.users or ()]
    found += [(grant.integration, _grant(grant)) for grant in report.grants]
    found += [(file.integration, line) for file in report.files for line in _file(file, reported)]
    found += [(delivery.integration, _delivery(delivery)) for delivery in report.deliveries]
    found += [(CERTIFICATES, _copy(copy, report.folder)) for copy in report.copies]
    if report.notice and report.notice.accepted_at and not report.notice.changed:
        to, day = report.notice.to, report.notice.accepted_at[:10]
        found.append((CERTIFICATES, f"notices to {', '.join(report.notice.addresses)}: requested from {to} on {day}"))
    return found


def _user(user: UserResult) -> str:
    known = user.fields.get("username")
    status = user.status or f"status unknown{_KNOWN.get(known.known, '') if known else ''}"
    absent = ", marked state: absent" if user.state == "absent" else ""
    return f"user {user.username}: {status}{absent}"


def _grant(grant: GrantResult) -> str:
    until = ""
    if grant.expires and grant.days_left is not None:
        verb = "expired" if grant.days_left < 0 else "expires"
        until = f", {verb} {grant.expires} ({format_days(grant.days_left)})"
    return f"grant {grant.grant}: {grant.stage}, {grant.health}{until}"


def _file(file: FileStatus, reported: str) -> Iterator[str]:
    reason = f". {file.detail}" if file.access is None and file.detail not in reported else ""
    yield f"file {file.label} in {file.workspace}: {_ACCESS[file.access]}{reason}"
    for item in file.permissions:
        who = f"the group {item.group}" if item.group else item.user
        yield f"  declared: {item.permission if item.state == 'present' else 'nothing'} for {who}"


def _delivery(delivery: DeliveryStatus) -> str:
    if not delivery.number:
        return f"target {delivery.label}: nothing delivered"
    on = f" on {delivery.on}" if delivery.on else ""
    return f"target {delivery.label}: credentials {delivery.number} of the grant {delivery.grant}, delivered{on}, {delivery.how}"


def _copy(copy: CopyResult, folder: str) -> str:
    shown = copy.certificate
    server = f", {copy.server}" if copy.server else ""
    until = f", valid until {shown.not_after[:10]} ({format_days(shown.days_left)})" if shown else ""
    absent = ", marked state: absent" if copy.state == "absent" else ""
    return f"copy {copy.label}: {copy.health}{server}{until}, {os.path.relpath(copy.file, folder)}{absent}"
