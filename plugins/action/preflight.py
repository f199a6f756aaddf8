# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides whether the administrator grant lets a run go on; see the documentation of the module of this name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Unreachable, WorkivaError
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.readiness import assess

_RESULTS = {"type": "list", "elements": "dict", "required": True}


class ActionModule(ControllerAction):
    """Decides on results of other tasks: it reads and sends nothing."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "project": {"type": "dict", "required": True},
            "grants": _RESULTS,
            "orders": _RESULTS,
            "use": {"type": "str", "choices": ["read", "write"], "required": True},
            "stop": {"type": "bool", "default": True},
        }
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Fails where nothing can be asked, and where a run that changes something lacks what it needs."""
        readiness = assess(arguments["project"], arguments["use"], arguments["grants"], arguments["orders"])
        text = f"Preflight: {readiness.reason} Nothing was changed in Workiva."
        if readiness.state == "unreachable":
            raise Unreachable(text)
        if readiness.state == "blocked" and arguments["stop"]:
            raise WorkivaError(text)
        return {
            "ready": readiness.is_ready,
            "waiting": readiness.state == "waiting" and arguments["stop"],
            "reason": readiness.reason,
        }
