# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The journals that a task reads and writes. In check mode an event is added to what was read, and to no file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    check_folder,
    lock_folder,
    make_folder,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal

Event = dict[str, Any]
_SUFFIX = ".jsonl"


class Journals:
    """The journals in a folder, each read when it is first asked for."""

    def __init__(self, folder: str, *, read_only: bool = False) -> None:
        self.folder = folder
        self.read_only = read_only
        self.appended: list[Event] = []
        """What this task added, or would have added, to any of them."""
        self.torn: dict[str, str] = {}
        """The journals whose last line a killed run cut short, by integration, with a message."""
        self._events: dict[str, list[Event]] = {}

    @contextlib.contextmanager
    def locked(self, *, writes: bool = True) -> Iterator[None]:
        """Locks the folder from reading to appending, so that two runs do not give one number to two orders, or record one delivery
        twice. Check mode takes no lock. C(writes): create the folder where it is missing. Not reentrant."""
        if writes and not self.read_only:
            make_folder(self.folder, 0o700)
        if self.read_only or not check_folder(self.folder):
            yield
            return
        with lock_folder(self.folder):
            yield

    def path(self, integration: str) -> str:
        """The file of an integration. Raises L(InvalidArgument) for a name that cannot be one of a file."""
        return Journal(self.folder, integration).path

    def events(self, integration: str) -> list[Event]:
        """The events of an integration, oldest first. Raises L(InvalidArgument) for a damaged journal."""
        return self._events[integration] if integration in self._events else self.read(integration)

    def read(self, integration: str) -> list[Event]:
        """The same, with what another process wrote meanwhile; in check mode what this task predicted is kept instead."""
        if not (self.read_only and integration in self._events):
            journal = Journal(self.folder, integration)
            self._events[integration] = journal.events()
            if journal.torn:
                self.torn[integration] = journal.torn
        return self._events[integration]

    def integrations(self) -> list[str]:
        """The integrations that have a journal, by name; in check mode also those that would get one."""
        names = os.listdir(self.folder) if check_folder(self.folder) else []
        found = {name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX) and not name.startswith(".")}
        return sorted({*found, *(name for name, events in self._events.items() if events)})

    def peek(self, integration: str) -> list[Event]:
        """The events of an integration that this task may not be about: as L(read), and nothing is remembered or reported."""
        if self.read_only and integration in self._events:
            return self._events[integration]
        return Journal(self.folder, integration).events()

    def append(self, integration: str, events: Sequence[Mapping[str, Any]]) -> None:
        """Adds events in one write. Raises L(InvalidArgument) for what is no event, or looks like a secret."""
        known = self.events(integration)  # before the write, which would otherwise be counted twice
        if not self.read_only:
            Journal(self.folder, integration).append(*events)
        added = [dict(event) for event in events]
        known += added
        self.appended += added
