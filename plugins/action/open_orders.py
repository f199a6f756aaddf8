# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists the open work orders, and asks which to answer; see the documentation of the module of this name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.utils.display import Display

from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import make_visible
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import ask_at_terminal
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.open_orders import (
    OrderStatus,
    choose_orders,
    open_orders,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import surroundings_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._place import can_prompt
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.blocks import sealed_files

display = Display()


class ActionModule(ControllerAction):
    """The journals and the terminal are the controller's."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "project": {"type": "raw", "required": True},
            "ask": {"type": "bool", "default": False},
        }
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Lists, and asks where somebody may answer; neither an order nor the result holds a secret."""
        project = LoadedProject.of(arguments["project"])
        administrators = (*project.administrator_grants, *project.file_administrator_grants)
        found = open_orders(project.journal, [*project.integrations, *(grant.integration for grant in administrators)])
        commands = surroundings_of(project, self._loader).commands
        orders = [OrderStatus.of(order, project.work_orders, commands) for order in found]
        asks = arguments["ask"] and not self.check_mode and can_prompt()
        files = sealed_files(project.work_orders) if asks else []
        if files:
            display.display(
                f"\nSealed texts are in {', '.join(map(make_visible, files))}. This run opens them, and asks for nothing."
            )
            asks = False
        chosen = choose_orders(ask_at_terminal, display.display, orders) if asks else []
        return {"orders": [order.as_result() for order in orders], "chosen": chosen}
