# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the events of one journal say of its grants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, after

Event = dict[str, Any]


class History:
    """The events of one journal and the state of each of its grants, which grows with every event that is added."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self._folded = 0
        self.states: dict[str, GrantState] = {}
        self.stored: dict[str, Event] = {}
        """The last event C(stored) of each grant."""
        self.current: dict[str, Event] = {}
        """The last event of each grant that says which credentials it has, or that it has none."""
        self.fold()

    def fold(self) -> None:
        """Takes account of the events that were added since."""
        for event in self.events[self._folded :]:
            grant = event["grant"]
            self.states[grant] = after(self.states.get(grant, GrantState()), event)
            if event["event"] == "stored":
                self.stored[grant] = event
            # A retirement with a number is one of previous credentials.
            if event["event"] == "stored" or (event["event"] == "retired" and "credentials" not in event):
                self.current[grant] = event
        self._folded = len(self.events)
