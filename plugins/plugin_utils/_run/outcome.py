# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Whether a run failed, and with which words; and which work orders a job publishes: pure functions."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.integrations.workiva.plugins.module_utils._words import natural_order
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble, read_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import GrantResult, OrderResult
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import Report


def find_failure(report: Report) -> str | None:
    """Why the run failed, or None."""
    if report.is_waiting:
        return _waiting_failure(report)
    if report.playbook == "handover":
        return _handover_failure(report)
    if report.playbook == "verify":
        return _verify_failure(report)
    failed = _failed_items(report)
    return _with_summary([f"Failed: {', '.join(failed)}." if failed else ""])


def _failed_items(report: Report) -> list[str]:
    """The names of what failed, each once: users, integrations, files, copies of certificates, services."""
    return _unique(
        [
            *(user.username for user in report.users or () if user.error),
            *(grant.integration for grant in report.grants if grant.error),
            *(file.file for file in report.files if file.error),
            *_failed_deliveries(report),
            *_failed_certificates(report),
        ]
    )


def _failed_deliveries(report: Report) -> list[str]:
    """The targets that do not have the current credentials, although the run should have delivered them."""
    if report.check_mode or report.playbook == "verify":
        return []
    failed = [one for one in report.deliveries if one.finding in ("behind", "not_delivered")]
    return _unique(f"{one.integration}.{one.target}" for one in failed)


def _failed_certificates(report: Report) -> list[str]:
    """The copies with one of the findings, the services that were not reloaded, and the request for the notice."""
    return _unique(
        [
            *(copy.name for copy in report.copies if copy.health in report.certificate_fail_on),
            *(reload.service for reload in report.reloads if reload.failed),
            *(["certificate_notice"] if report.notice and report.notice.failure else []),
        ]
    )


def _chosen_findings(report: Report) -> list[str]:
    """The names of what has one of the findings, and of absent integrations that still have access: they have drifted."""
    left = [user for user in report.users or () if user.state == "absent"] if "drifted" in report.fail_on else []
    return _unique(
        [
            *(user.owner for user in left if user.steps or user.asked),
            *(grant.integration for grant in report.grants if _is_chosen(grant, report)),
            *(file.file for file in report.files if file.finding in report.fail_on),
            *(f"{one.integration}.{one.target}" for one in report.deliveries if one.finding in report.fail_on),
        ]
    )


def _is_chosen(grant: GrantResult, report: Report) -> bool:
    return grant.health in report.fail_on and not report.is_ended(grant)


def _verify_failure(report: Report) -> str | None:
    """An item failed, has a chosen finding, or could not be checked."""
    found = _unique([*_failed_items(report), *_chosen_findings(report)])
    stored = [grant for grant in report.grants if grant.is_stored]
    checked = [grant for grant in stored if grant.health != "unreachable"]
    return _with_summary(
        [
            f"Findings: {', '.join(found)}." if found else "",
            "Users and access could not be read." if report.trouble else "",
            "No grant could be checked." if stored and not checked else "",
        ]
    )


def _handover_failure(report: Report) -> str | None:
    found = _unique(grant.integration for grant in report.grants if grant.error)
    undelivered = _failed_deliveries(report)
    # Credentials, or a confirmation that a work order is done.
    rejected = f"Not accepted: {', '.join(found)}. What was stored before is unchanged." if found else ""
    return _with_summary([rejected, f"Not delivered: {', '.join(undelivered)}." if undelivered else ""])


def _waiting_failure(report: Report) -> str | None:
    """The run ended because the administrator grant has no credentials; it fails for what it should have done."""
    certificates = _failed_certificates(report)
    reasons = [
        f"Certificates: {', '.join(certificates)}. See the summary above for the reason." if certificates else "",
        "No access was removed: the administrator grant has no credentials yet. Hand them over, or set "
        "administration: work_order in workiva.yml to let people do it."
        if report.playbook == "offboard"
        else "",
        f"Not accepted: {', '.join(report.unaccepted)}. The administrator grant has no credentials yet. Keep the file with the "
        "credentials, and give it to the playbook handover."
        if report.unaccepted
        else "",
    ]
    return " ".join(reason for reason in reasons if reason) or None


def published_orders(orders: Iterable[OrderResult]) -> list[dict[str, str]]:
    """The open work orders as a job publishes them: number, who it is assigned to, and the text of its page.

    No work order holds a secret. In check mode no page is written; an order has its summary then.
    """
    return [{"number": order.number, "waits_for": order.waits_for, "text": _text(order)} for order in orders]


def _text(order: OrderResult) -> str:
    try:
        text = read_file(order.markdown) if order.markdown else None
    except FileTrouble:
        text = None
    return order.summary if text is None else text.decode("utf-8").rstrip()


def _with_summary(reasons: Iterable[str]) -> str | None:
    present = [reason for reason in reasons if reason]
    return " ".join([*present, "See the summary above for the reason."]) if present else None


def _unique(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=natural_order)
