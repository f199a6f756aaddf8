# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints lines where a person reads them: as text, not as a JSON string."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._output import print_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import titled


class ActionModule(ControllerAction):
    """See the documentation of the module of this name."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "title": {"type": "str", "required": True},
            "lines": {"type": "list", "elements": "str", "default": []},
        }
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Prints the title and the lines, and returns what was printed."""
        lines = titled(arguments["title"], arguments["lines"])
        print_text("\n".join(lines))
        return {"lines": lines}
