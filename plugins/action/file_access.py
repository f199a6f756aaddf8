# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares the access to files with the declaration, and keeps the work orders to their owners; see the documentation of the module of this name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.file_access import GRANT, file_access
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.keeper import keep_for
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._read_value import read_value, read_values
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import (
    FileResult,
    GrantResult,
    PrincipalIds,
)


class ActionModule(ControllerAction):
    """The journals and the pages are the controller's."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "project": {"type": "raw", "required": True},
            "results": {"type": "list", "elements": "dict", "default": []},
            "names": {"type": "dict", "default": {}},
            "grants": {"type": "list", "elements": "dict", "default": []},
            "granting": {"type": "list", "elements": "dict", "default": []},
            "orders": {"type": "str", "choices": ["all", "none"], "default": "all"},
        }
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Compares each file, and keeps its work orders; neither they nor the result hold a secret."""
        project = LoadedProject.of(arguments["project"])
        found = file_access(
            project,
            read_values(FileResult, arguments["results"], "results"),
            read_values(GrantResult, arguments["grants"], "grants"),
            read_value(PrincipalIds, arguments["names"], "names"),
            read_values(GrantResult, arguments["granting"], "granting"),
        )
        files = {"files": [file.as_result() for file in found.files]}
        if arguments["orders"] == "none":
            return {**files, "orders": []}
        journals = Journals(project.journal, read_only=self.check_mode)
        considered, done = ([(name, GRANT) for name in names] for names in (found.considered, found.done))
        return {**files, **keep_for(project, self._loader, journals, found.orders, considered, done)}
