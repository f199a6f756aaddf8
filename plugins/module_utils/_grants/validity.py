# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Whether the stored credentials of a grant work, by the dates and the token endpoint: a pure function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Finding, Held
from ansible_collections.integrations.workiva.plugins.module_utils._words import format_days

if TYPE_CHECKING:
    from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck


def find_validity(
    held: Held,
    check: TokenCheck | None,
    expires: str | None,
    days_left: int | None,
    *,
    warn_before: int,
    doubtful: bool,
    explained: str = "",
) -> list[Finding]:
    """What the dates and the token endpoint show of the credentials. C(warn_before): days. C(doubtful): an allowlist may be why this
    machine is refused. C(explained): another reason of a rejection."""
    if held.damaged:
        return [Finding("unchecked", held.damaged)]
    if not held.readable:
        if not held.received:
            return [Finding("unchecked", "No credentials are stored.")]
        why = f" {check.detail}" if check is not None and not check.accepted else ""
        return [Finding("unchecked", f"Credentials are stored and could not be verified yet.{why}")]
    past = days_left is not None and days_left < 0
    if check is not None and check.accepted:
        if past:
            return [
                Finding(
                    "date_unconfirmed",
                    f"The credentials are accepted, although the grant should have expired on {expires}.",
                )
            ]
        if days_left is not None and days_left <= warn_before:
            return [Finding("expiring", f"The grant expires on {expires}, {format_days(days_left)}.")]
        return []
    # A date alone does not say that the grant has ended: it may have been extended on the screen.
    passed = f" The expiry date that is known, {expires}, has passed." if past else ""
    if check is None:
        return [Finding("unchecked", f"The credentials were not checked.{passed}")]
    if check.finding != "rejected":
        return [Finding("unreachable", f"{check.detail}{passed}")]
    findings: list[Finding] = []
    if past or (days_left == 0 and not doubtful):
        findings.append(Finding("expired", f"The grant expired on {expires}."))
    if doubtful:
        detail = f"{check.detail} The grant has an IP allowlist, which may not let this machine in."
        findings.append(Finding("blocked_here", detail))
    elif not findings:
        findings.append(Finding("rejected", f"{check.detail} {explained}".rstrip()))
    return findings
