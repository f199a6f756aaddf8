# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Verified credentials that are to be stored, and what only the screen of their grant shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared, Known
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import Credentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState

Event = dict[str, Any]


@dataclass(frozen=True)
class ScreenValues:
    """What only the screen of a grant shows. C(known) has how each of the two is known, where that is new."""

    expires: str | None = None
    ip_allowlist: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)

    def as_event(self) -> Event:
        """As a part of the event C(stored)."""
        return {"expires": self.expires, "ip_allowlist": list(self.ip_allowlist)}


@dataclass(frozen=True)
class Accepted:
    """Verified credentials of a grant to store. C(observed): whether the token showed the grant's workspace."""

    grant: Declared
    credentials: Credentials
    check: TokenCheck
    screen: ScreenValues
    observed: bool
    on: date
    """The day of the run that accepted them."""
    keeps_previous: bool = False
    """Whether the present credentials of the grant are kept beside them."""


def screen_values(
    grant: Declared, credentials: Credentials, state: GrantState, known: Known, today: date, *, assumed: bool
) -> ScreenValues:
    """Expiry and allowlist of a grant, and how they are known: as attested, else as ordered, else as declared.

    C(assumed): the grant was just made as it was ordered; otherwise only what is known is taken.
    """
    how: dict[str, str] = {}
    ordered = next(
        (order.fields for order in state.open_orders if order.kind in ("create", "replace") and not order.fulfilled), {}
    )
    # A run that was killed may have stored the grant that was ordered without writing it to the journal.
    replaces = "replace" in known.open_orders
    same = known.exists and (known.client_id == credentials.client_id or not (assumed or replaces))
    expires = credentials.expires
    if expires and not assumed and same and expires == known.expires:
        pass  # as it was known before
    elif expires:
        how["expires"] = "attested" if assumed or expires != grant.expires else "declared"
    elif same and known.expires:
        expires = known.expires
    else:
        expires = ordered.get("expires") or grant.expires
        if not expires and assumed and grant.lifetime_days:
            expires = (today + timedelta(days=grant.lifetime_days)).isoformat()
        how["expires"] = "declared"
    allowlist = credentials.ip_allowlist
    if allowlist is not None:
        how["ip_allowlist"] = "attested"
    elif same and known.ip_allowlist is not None:
        allowlist = known.ip_allowlist
    else:
        allowlist = tuple(ordered.get("ip_allowlist") or grant.ip_allowlist)
        how["ip_allowlist"] = "declared"
    return ScreenValues(expires, allowlist, how)
