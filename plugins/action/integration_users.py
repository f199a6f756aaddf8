# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action twin of the module of this name, and the journals that it reads and writes; see the module's documentation."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import AccountEvent
from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._organization.account import Owned
from ansible_collections.integrations.workiva.plugins.module_utils._organization.users import CORE as _CORE
from ansible_collections.integrations.workiva.plugins.plugin_utils._accounts import account_of, written_accounts
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble
from ansible_collections.integrations.workiva.plugins.plugin_utils._in_process import execute_pipelined
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER, Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._paths import check_own_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import (
    entries_in,
    read_credentials,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.places import add_places
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.twin import ProjectTwin


class ActionModule(ProjectTwin):
    """Runs the core in this process where the target is the controller; the journals are the controller's in any case."""

    CORE = _CORE
    USE = "write"
    _journal: str | None = None

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """With a project that leaves changes to people, the users are compared and nothing is changed."""
        administration = self.project.administration if self.project else "writer"
        if administration == "writer":
            return self._compared(arguments)
        if administration == "none":
            return {"changed": False, "users": [], "requests_sent": 0}
        self._task.check_mode = True
        # What is left to people is not changed by looking at it.
        return {**self._compared(arguments), "changed": False}

    def _compared(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return add_places(super().act(arguments), "users", self.project.places if self.project else {})

    def of_project(self, project: LoadedProject, use: str) -> dict[str, Any]:
        """The users of the project, the journals that show whose they are, and its connection."""
        declared = {"users": [user.as_result() for user in project.users], "journal": project.journal}
        # Where people do everything there are no credentials to read.
        return {**(super().of_project(project, use) if project.administration != "none" else {}), **declared}

    def completed(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """With a journal, what it proves of each integration's account is in C(owned)."""
        if arguments["journal"]:
            self._journal = check_own_path("journal", arguments["journal"])
            document = read_credentials(self.project.credentials) if self.project else None
            stored = {integration for integration, _grant in entries_in(document)}
            for user in arguments["users"]:
                if user["integration"]:
                    user["owned"] = asdict(_owned(Journal(self._journal, user["integration"]), stored))
        self._completed = arguments
        return arguments

    def record(self, name: str, event: AccountEvent) -> None:
        """Writes an event of the user of the integration C(name) to its journal."""
        if not self._journal or not name or self.check_mode:
            return
        try:
            Journal(self._journal, name).append({"grant": USER, **event.as_result()})
        except OSError as error:
            raise FileTrouble(f"The journal of {name} cannot be written: {os.strerror(error.errno or 0)}.") from None

    def elsewhere(self, name: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The module knows no journal: it gets what the journals prove, and what it did is written down afterwards."""
        given = {key: value for key, value in self.given().items() if key != "journal"}
        users = [{key: value for key, value in user.items() if value is not None} for user in self._completed["users"]]
        result = execute_pipelined(self, name, {**given, "users": users}, variables)
        if not self.check_mode:
            for user in result.get("users") or ():
                for event in written_accounts(user):
                    self.record(user.get("integration") or "", event)
        return result


def _owned(journal: Journal, stored: Collection[str]) -> Owned:
    """What a journal proves; one that cannot be read fails its own integration and no other. C(stored): the integrations whose
    credentials are stored, which have a journal."""
    try:
        events = journal.events()
        if not events and journal.integration in stored:
            return Owned(lost=journal.path)
        return account_of(events)
    except WorkivaError as error:
        return Owned(unreadable=str(error))
    except OSError as error:
        return Owned(unreadable=f"The journal {journal.path} cannot be read: {os.strerror(error.errno or 0)}.")
