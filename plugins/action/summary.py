# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints the summary of a run where a person reads it: as lines, not as a JSON string."""

from __future__ import annotations

import json
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.integrations.workiva.plugins.plugin_utils._summary import summary

display = Display()


class ActionModule(ActionBase):
    """See the documentation of the module of this name."""

    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        dicts = {"type": "list", "elements": "dict", "default": []}
        _result, arguments = self.validate_argument_spec(
            {
                "title": {"type": "str", "required": True},
                "users": dicts,
                "grants": dicts,
                "orders": dicts,
                "certificates": dicts,
                "reloads": dicts,
                "notice": {"type": "dict"},
                "files": dicts,
                "privileges": dicts,
                "relative_to": {"type": "path"},
                "notes": {"type": "list", "elements": "str", "default": []},
            }
        )
        # Values of variables are subclasses of the plain types since core 2.19.
        native = json.loads(json.dumps(arguments, default=str))
        lines = summary(**native)
        for line in lines:
            display.display(line)
        return {"changed": False, "lines": lines}
