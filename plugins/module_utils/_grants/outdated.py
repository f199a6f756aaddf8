# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""A vault file that is older than the journal knows, in words: it was restored from an old copy, or its entries were lost."""

from __future__ import annotations

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Finding, Held, Known

_RESTORE = "Restore the newest version of the file from version control or from a backup."
REASON = "The newest credentials of this grant are not in the vault: the file with them was restored from an old copy."


def describe_outdated(held: Held, known: Known, *, accepted: bool) -> Finding:
    """The finding for older credentials. C(accepted): they still work."""
    answer = " They are still accepted." if accepted else ""
    return Finding(
        "outdated",
        f"The credentials file holds older credentials of this grant, {describe_stored(held.number, held.stored_at)}, than the "
        f"journal knows, {describe_stored(known.number, known.stored_at or known.stored_on)}: it was probably restored from an "
        f"old copy.{answer} {_RESTORE}",
    )


def find_missing(held: Held, known: Known) -> list[Finding]:
    """The finding for credentials that are stored, as the journal says, and of which the vault file holds nothing."""
    if not (known.exists and known.number and held.nothing):
        return []
    stored = describe_stored(known.number, known.stored_at or known.stored_on)
    return [
        Finding(
            "outdated",
            f"The credentials file does not hold the credentials that the journal knows, {stored}. {_RESTORE}",
        )
    ]


def describe_stored(number: int | None, stored: str | None) -> str:
    """Which credentials of a grant are meant: C(number 2 (stored on 2026-11-24)). C(stored): a day, or a time that begins with it."""
    day = f"stored on {stored[:10]}" if stored else ""
    if not number:
        return day or "of an unknown day"
    return f"number {number} ({day})" if day else f"number {number}"
