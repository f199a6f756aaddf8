# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The dates of a grant: how long it lives, and how that differs from the declaration."""

from __future__ import annotations

from datetime import date, timedelta

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Change, Declared


def days_until(day: str | None, today: date) -> int | None:
    """Days from today, negative for a day that is over; None for what is no date."""
    found = parse_date(day)
    return (found - today).days if found else None


def drifted_date(
    declared: Declared, expires: str | None, days_left: int | None, today: date
) -> tuple[list[str], Change | None]:
    """How the date of a grant differs from the declared one in words, and what an edit order changes of it.

    C(expires) is None where nobody said what the screen shows: then only a declared date that has passed is judged.
    """
    wanted_days = days_until(declared.expires, today)
    if not expires:
        passed = wanted_days is not None and wanted_days <= 0
        return (
            [
                declared.at(
                    "expires", f"The expiry of the grant is unknown. The declared date {declared.expires} has passed."
                )
            ]
            if passed
            else []
        ), None
    if declared.expires and declared.expires != expires:
        detail = f"The grant expires on {expires}, but {declared.expires} is declared"
        if (wanted_days or 0) > 0:
            return [f"{detail}."], Change(expires, declared.expires)
        # No screen takes a date that has passed, so that nobody is asked to enter it.
        ended = days_left is not None and days_left < 0
        return ([] if ended else [declared.at("expires", f"{detail}, which has passed.")]), None
    if not declared.lifetime_days or days_left is None:
        return [], None
    if days_left < 0:
        return [], Change(expires, None)
    if declared.lifetime_declared and days_left > declared.lifetime_days:
        latest = today + timedelta(days=declared.lifetime_days)
        return [
            f"The grant expires on {expires}; with lifetime: {declared.lifetime_days}d it expires on {latest} at the latest."
        ], Change(expires, None)
    return [], None
