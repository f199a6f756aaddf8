# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists the open work orders, and asks which to answer; see the documentation of the module of this name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.utils.display import Display

from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction, own_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import ask_at_terminal
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.commands import commands_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.open_orders import (
    choose_orders,
    open_orders,
    order_result,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._place import somebody_may_answer

display = Display()


class ActionModule(ControllerAction):
    """The journals and the terminal are the controller's."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "journal": {"type": "path", "required": True},
            "path": {"type": "path", "required": True},
            "integrations": {"type": "list", "elements": "str", "required": True},
            "ask": {"type": "bool", "default": False},
            "vault_id": {"type": "str"},
        }
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Lists, and asks where somebody may answer; neither an order nor the result holds a secret."""
        folder = own_path("path", arguments["path"])
        commands = commands_of(os.path.dirname(folder), self._loader, arguments["vault_id"])
        found = open_orders(own_path("journal", arguments["journal"]), arguments["integrations"])
        orders = [order_result(order, folder, commands) for order in found]
        asks = arguments["ask"] and not self.check_mode and somebody_may_answer()
        chosen = choose_orders(ask_at_terminal, display.display, orders) if asks else []
        return {"orders": orders, "chosen": chosen}
