# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the journal gets to know of a delivery that passed. Pure functions."""

from __future__ import annotations

from datetime import date

from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import fingerprint
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Event
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget


def delivery_event(target: DeclaredTarget, host: str, how: str, state: GrantState, day: date) -> Event | None:
    """The event of a delivery of the current credentials; None where the journal knows the same already."""
    found = state.delivered.get((target.name, host))
    declaration = fingerprint(target)
    now = (state.number, state.client_id, how, declaration)
    if found and (found.number, found.client_id, found.how, found.declaration) == now:
        return None
    return {
        **{"event": "delivered", "grant": target.grant, "credentials": state.number, "client_id": state.client_id},
        **{"target": target.name, "host": host, "how": how, "on": day.isoformat(), "declaration": declaration},
    }
