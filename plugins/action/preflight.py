# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides whether the administrator grant lets a run go on; see the documentation of the module of this name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible import constants as C

from ansible_collections.integrations.workiva.plugins.module_utils._api.connection import Connection
from ansible_collections.integrations.workiva.plugins.module_utils._errors import Unreachable, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._organization.information import SPECIFICATION, look
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    validate_options,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.storage_check import recorded_grants
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import stored_grants
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection import (
    choose_administrator_grant,
    make_administrator_connection,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    KINDS_OF_GRANTS,
    LoadedProject,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._read_value import read_values
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import GrantResult, OrderResult
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.readiness import assess

_RESULTS = {"type": "list", "elements": "dict", "required": True}


class ActionModule(ControllerAction):
    """Decides on results of other tasks, and looks at the organization with the grant; it changes nothing."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "project": {"type": "raw", "required": True},
            "grants": _RESULTS,
            "orders": _RESULTS,
            "use": {"type": "str", "choices": ["read", "write"], "required": True},
            "stop": {"type": "bool", "default": True},
        }
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Fails where nothing can be asked, and where a run that changes something lacks what it needs."""
        project, use, stops = LoadedProject.of(arguments["project"]), arguments["use"], arguments["stop"]
        readiness = assess(
            project,
            choose_administrator_grant(project, use),
            use,
            read_values(GrantResult, arguments["grants"], "grants"),
            read_values(OrderResult, arguments["orders"], "orders"),
        )
        if readiness.state == "unreachable":
            raise Unreachable(_sentence(readiness.reason))
        if readiness.state == "blocked" and stops:
            raise WorkivaError(_sentence(readiness.reason))
        found: dict[str, Any] = {
            "ready": readiness.is_ready,
            "waiting": readiness.state == "waiting" and stops,
            "reason": readiness.reason,
            "lost": readiness.state == "waiting" and stops and _has_lost_grants(project),
            "use": use if readiness.is_ready else "none",
            "workspaces": [],
        }
        if not readiness.is_ready or project.administration == "none":
            return found
        try:
            return {**found, "workspaces": self._look(project, use)}
        except WorkivaError as error:
            if stops:
                known = {name: value for name, value in error.as_error().items() if name != "kind"}
                raise WorkivaError(_sentence(str(error)), **known) from None
            return {**found, "ready": False, "use": "none", "reason": str(error)}

    def _look(self, project: LoadedProject, use: str) -> list[dict[str, Any]]:
        """The workspaces, if the grant may read what the tasks for users read. Raises L(WorkivaError)."""
        options = validate_options(SPECIFICATION, make_administrator_connection(self, project, use))
        return [
            {"id": workspace.id, "name": workspace.name}
            for workspace in look(Connection.from_arguments(options, C.DEFAULT_LOCAL_TMP))
        ]


def _has_lost_grants(project: LoadedProject) -> bool:
    """Whether the credentials file lacks credentials of declared grants that are stored, as the journals say."""
    is_stored, recorded = stored_grants(project.credentials), set(recorded_grants(project.journal))
    declared = [grant for which in KINDS_OF_GRANTS for grant in project.grants_of(which) if grant.present]
    names = {(grant.integration, grant.grant) for grant in declared}
    return any(not is_stored(*name) for name in names & recorded)


def _sentence(reason: str) -> str:
    return f"Preflight: {reason} Nothing was changed in Workiva."
