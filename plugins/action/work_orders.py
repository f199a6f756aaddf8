# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the set of open work orders correct; see the documentation of the module of this name."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_input
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    day,
    own_path,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import GRANT_KINDS, KINDS, USER_KINDS
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.commands import commands_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.keeper import Keeper
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.steps import ROLES, SIGN_IN
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import (
    Surroundings,
    organization_of,
)

_STRING = {"type": "str"}
_REQUIRED = {"type": "str", "required": True}
_STRINGS = {"type": "list", "elements": "str", "default": []}
_SPECIFICATION: dict[str, Any] = {
    "orders": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "integration": _REQUIRED,
            "grant": _REQUIRED,
            "kind": {"type": "str", "choices": list(KINDS), "required": True},
            "owner": _REQUIRED,
            "purpose": {"type": "str", "default": ""},
            "username": _REQUIRED,
            "custodian": _REQUIRED,
            "sign_in": {"type": "str", "choices": list(SIGN_IN), "default": "password"},
            "workspace": _STRING,
            "scopes": _STRINGS,
            "expires": _STRING,
            "lifetime_days": {"type": "int"},
            "ip_allowlist": _STRINGS,
            "screen": {"type": "str", "choices": list(ROLES), "default": "organization_admin"},
            "client_id": _STRING,
            "reason": {"type": "str", "default": ""},
            "changes": {"type": "dict", "default": {}},
            "files": {"type": "list", "elements": "dict", "default": []},
            "certain": {"type": "bool", "default": True},
            "steps": {"type": "list", "elements": "dict", "default": []},
            "access": {"type": "dict", "default": {}},
            "closes": {"type": "str", "choices": ["observed", "attested"]},
        },
    },
    "done": {"type": "list", "elements": "dict", "default": []},
    "considered": {"type": "list", "elements": "dict", "default": []},
    "journal": {"type": "path", "required": True},
    "path": {"type": "path", "required": True},
    "scope_labels": {"type": "dict", "default": {}},
    "organization": {
        "type": "dict",
        "default": {},
        "options": {"name": _STRING, "id": _STRING, "region": _STRING, "api_url": _STRING},
    },
    "console_url": _STRING,
    "handover_url": _STRING,
    "vault_id": _STRING,
    "today": _STRING,
}


class ActionModule(ControllerAction):
    """Runs on the controller, where the project folder is."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {"argument_spec": _SPECIFICATION}

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Synchronizes journal and pages; what it writes holds no secret, and neither does its result."""
        _check(arguments)
        folder = arguments["path"]
        around = Surroundings(
            arguments["scope_labels"],
            organization_of(arguments["organization"]),
            arguments["console_url"],
            arguments["handover_url"],
            commands_of(os.path.dirname(folder), self._loader, arguments["vault_id"]),
        )
        journals = Journals(arguments["journal"], read_only=self.check_mode)
        keeper = Keeper(journals, folder, around, day("today", arguments["today"]))
        considered, done = (
            [(item.get("integration"), item.get("grant")) for item in arguments[name]]
            for name in ("considered", "done")
        )
        kept = keeper.keep([Order.of(order) for order in arguments["orders"]], considered, done)
        result: dict[str, Any] = {
            "changed": kept.changed,
            "orders": keeper.results(kept),
            "closed": kept.numbers("closed"),
            "withdrawn": kept.numbers("withdrawn"),
            "events": list(kept.events),
            "written": [page.path for page in kept.pages if page.after is not None],
            "removed": [page.path for page in kept.pages if page.after is None],
            "diff": list(kept.diffs),
        }
        if journals.torn:
            result["warnings"] = list(journals.torn.values())
        return result


def _check(arguments: Mapping[str, Any]) -> None:
    for option in ("journal", "path"):
        own_path(option, arguments[option])
    for option in ("console_url", "handover_url"):
        if arguments[option] and not re.fullmatch(r"https://[^\s<>\"'`]+", arguments[option]):
            raise InvalidArgument(f"{option} must begin with https:// and hold no spaces or quotes.")
    for order in arguments["orders"]:
        if order["kind"] in GRANT_KINDS and not order["workspace"]:
            raise InvalidArgument(
                f"missing required arguments: workspace found in orders ({quote_input(order['integration'])})."
            )
        if order["kind"] in USER_KINDS and not order["steps"]:
            raise InvalidArgument(
                f"The order of the kind {order['kind']} for {quote_input(order['integration'])} says no steps."
            )
