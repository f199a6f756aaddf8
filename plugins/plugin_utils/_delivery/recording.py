# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the journal gets to know of a delivery that passed. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import (
    fingerprint,
    undelivered,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, after
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Event
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget


def delivery_event(
    target: DeclaredTarget, host: str, how: str, state: GrantState, targets: Iterable[DeclaredTarget], day: date
) -> Event | None:
    """The event of a delivery of the current credentials; None where the journal knows the same already.

    C(targets) are all of the integration.
    """
    found = state.delivered.get((target.name, host))
    declaration = fingerprint(target)
    if found and (found.number, found.how, found.declaration) == (state.number, how, declaration):
        return None
    event: Event = {
        **{"event": "delivered", "grant": target.grant, "credentials": state.number, "client_id": state.client_id},
        **{"target": target.name, "host": host, "how": how, "on": day.isoformat(), "declaration": declaration},
    }
    is_last = not undelivered(targets, target.grant, after(state, event))
    return {**event, "everywhere": True} if is_last else event
