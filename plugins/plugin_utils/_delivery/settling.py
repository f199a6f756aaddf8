# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""How long the former credentials of a grant may still be in use after a delivery. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import Delivered
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget


def settles_on(target: DeclaredTarget, found: Delivered) -> date | None:
    """The day from which a target uses the delivered credentials only; None where the day of the delivery is not known."""
    day = parse_date(found.on)
    return day + timedelta(days=target.settle_days) if day else None


def latest_settle(deliveries: Iterable[tuple[DeclaredTarget, Delivered]]) -> date | None:
    """The day before which the former credentials must not be retired; None where nothing was delivered."""
    days = [day for target, found in deliveries for day in [settles_on(target, found)] if day]
    return max(days, default=None)
