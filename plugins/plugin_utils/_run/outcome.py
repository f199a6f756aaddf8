# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Whether the results of a run make it fail, and with which words; and what of them a job publishes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import STORED_STAGES
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble, read_file

Result = Mapping[str, Any]


@dataclass(frozen=True)
class Results:
    """What the tasks of a run returned, each list as its task returns it. C(trouble) is why users and access could not
    be read, empty where they were."""

    users: Sequence[Result] = ()
    grants: Sequence[Result] = ()
    files: Sequence[Result] = ()
    certificates: Sequence[Result] = ()
    reloads: Sequence[Result] = ()
    notice: Result = field(default_factory=dict)
    trouble: str = ""


def failed_items(results: Results, certificate_findings: Iterable[str] = ()) -> list[str]:
    """The names of what failed, each once: users, integrations, files, copies of certificates, services."""
    return _unique(
        [
            *(str(user["username"]) for user in results.users if user.get("error")),
            *(str(grant["integration"]) for grant in results.grants if grant.get("error")),
            *(str(file["file"]) for file in results.files if file.get("error")),
            *failed_certificates(results, certificate_findings),
        ]
    )


def failed_certificates(results: Results, findings: Iterable[str]) -> list[str]:
    """The copies with one of the findings, the services that were not reloaded, and the request for the notice."""
    chosen = tuple(findings)
    return _unique(
        [
            *(str(copy["name"]) for copy in results.certificates if copy["health"] in chosen),
            *(str(reload["service"]) for reload in results.reloads if reload.get("failed")),
            *(["certificate_notice"] if isinstance(results.notice.get("error"), Mapping) else []),
        ]
    )


def chosen_findings(results: Results, fail_on: Iterable[str]) -> list[str]:
    """The names of what has one of the findings, and of absent integrations that still have access: they have drifted."""
    chosen = tuple(fail_on)
    left = [user for user in results.users if user.get("state") == "absent"] if "drifted" in chosen else []
    return _unique(
        [
            *(str(user["integration"]) for user in left if user.get("steps") or user.get("asked")),
            *(str(grant["integration"]) for grant in results.grants if grant["health"] in chosen),
            *(str(file["file"]) for file in results.files if file.get("finding") in chosen),
        ]
    )


def verify_failure(results: Results, fail_on: Iterable[str], certificate_findings: Iterable[str]) -> str | None:
    """Why C(verify) fails: an item failed, has a chosen finding, or could not be asked about."""
    found = _unique([*failed_items(results, certificate_findings), *chosen_findings(results, fail_on)])
    stored = [grant for grant in results.grants if grant["stage"] in STORED_STAGES]
    asked = [grant for grant in stored if grant["health"] != "unreachable"]
    reasons = [
        f"Findings: {', '.join(found)}." if found else "",
        f"Users and access could not be read: {results.trouble}" if results.trouble else "",
        "No grant could be checked." if stored and not asked else "",
    ]
    return _with_summary(reasons)


def change_failure(results: Results, certificate_findings: Iterable[str]) -> str | None:
    """Why C(onboard) and C(offboard) fail."""
    found = failed_items(results, certificate_findings)
    return _with_summary([f"Failed: {', '.join(found)}." if found else ""])


def handover_failure(results: Results) -> str | None:
    """Why C(handover) fails."""
    found = _unique(str(grant["integration"]) for grant in results.grants if grant.get("error"))
    rejected = f"Credentials rejected: {', '.join(found)}." if found else ""
    reason = _with_summary([rejected])
    return f"{reason} What was stored before is unchanged." if reason else None


def waiting_failure(
    results: Results, certificate_findings: Iterable[str], *, leaves: bool, unaccepted: Sequence[str]
) -> str | None:
    """Why a run fails that ends because the administrator grant has no credentials yet.

    C(leaves): an integration was to be removed. C(unaccepted): what was handed over for other grants, or confirmed.
    """
    certificates = failed_certificates(results, certificate_findings)
    reasons = [
        f"Certificates: {', '.join(certificates)}. See the summary above for the reason." if certificates else "",
        "No access was removed: the administrator grant has no credentials yet. Hand them over, or set "
        "administration: work_order in workiva.yml to let people do it."
        if leaves
        else "",
        f"Not accepted: {', '.join(unaccepted)}. The administrator grant has no credentials yet. Keep the file with the "
        "credentials, and give it to the playbook handover."
        if unaccepted
        else "",
    ]
    present = [reason for reason in reasons if reason]
    return " ".join(present) if present else None


def published_orders(orders: Iterable[Result]) -> list[dict[str, str]]:
    """The open work orders as a job publishes them: number, who it is assigned to, and the text of its page.

    No work order holds a secret. In check mode no page is written; an order has its summary then.
    """
    return [
        {"number": str(order["number"]), "waits_for": str(order["waits_for"]), "text": _text(order)} for order in orders
    ]


def _text(order: Result) -> str:
    page = order.get("markdown")
    try:
        text = read_file(str(page)) if page else None
    except FileTrouble:
        text = None
    return text.decode("utf-8").rstrip() if text is not None else str(order.get("summary") or "")


def _with_summary(reasons: Iterable[str]) -> str | None:
    present = [reason for reason in reasons if reason]
    return " ".join([*present, "See the summary above for the reason."]) if present else None


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
