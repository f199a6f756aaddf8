# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the wanted work orders out, in the journal and as pages; see the documentation of the module of this name."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_input
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    check_folder,
    folder_lock,
    make_folder,
    read_file,
    replace_file,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    day,
    own_path,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import (
    GRANT_KINDS,
    KINDS,
    USER_KINDS,
    Journal,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.commands import commands_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.open_orders import order_result
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import Plan, WorkOrder, plan
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.pages import Surroundings, pages
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.steps import (
    ROLES,
    SIGN_IN,
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
        "options": {"name": _STRING, "id": _STRING, "region": _STRING},
    },
    "console_url": _STRING,
    "handover_url": _STRING,
    "today": _STRING,
}


@dataclass(frozen=True)
class Change:
    """A page before and after; None where it is not there."""

    path: str
    before: bytes | None
    after: bytes | None


class ActionModule(ControllerAction):
    """Runs on the controller, where the project folder is."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {"argument_spec": _SPECIFICATION}

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Synchronizes journal and pages; what it writes holds no secret, and neither does its result."""
        _check(arguments)
        with _alone(arguments["journal"], bool(arguments["orders"]), check_mode=self.check_mode):
            return self._synchronized(arguments)

    def _synchronized(self, arguments: dict[str, Any]) -> dict[str, Any]:
        considered = [(item["integration"], item["grant"]) for item in (*arguments["considered"], *arguments["orders"])]
        journals = {name: Journal(arguments["journal"], name) for name, _grant in considered}
        past = {name: journal.events() for name, journal in journals.items()}
        torn = [journal.torn for journal in journals.values() if journal.torn]
        done = [(item["integration"], item["grant"]) for item in arguments["done"]]
        organization = {key: value for key, value in arguments["organization"].items() if value}
        around = Surroundings(
            arguments["scope_labels"],
            {key: organization.get(key, "") for key in ("name", "id", "region")} if organization else {},
            arguments["console_url"],
            arguments["handover_url"],
            commands_of(os.path.dirname(arguments["path"]), self._loader),
        )
        shown = [_completed(order, around) for order in arguments["orders"]]
        wanted = plan(shown, considered, past, day("today", arguments["today"]), done)
        changes = list(_changes(arguments["path"], wanted.orders, considered, around))
        if not self.check_mode:
            # The journal first: pages are made from it, and a run killed in between is completed by the next.
            for name, events in wanted.events.items():
                journals[name].append(*events)
            _apply(arguments["path"], changes)
        result: dict[str, Any] = {
            "changed": bool(changes or wanted.events),
            "orders": [order_result(order, arguments["path"], around.commands) for order in wanted.orders],
            "closed": list(wanted.closed),
            "withdrawn": list(wanted.withdrawn),
            "events": [event for events in wanted.events.values() for event in events],
            "written": [change.path for change in changes if change.after is not None],
            "removed": [change.path for change in changes if change.after is None],
            "diff": [*_event_diffs(wanted, journals), *_page_diffs(changes)],
        }
        if torn:
            result["warnings"] = torn
        return result


def _completed(order: Mapping[str, Any], around: Surroundings) -> dict[str, Any]:
    """The order with all else that its pages show, so that number and fingerprint cover it."""
    former = ((order["changes"] or {}).get("scopes") or {}).get("from") or ()
    scopes = {*order["scopes"], *former}
    return {
        **order,
        "organization": dict(around.organization),
        "console_url": around.console_url,
        "handover_url": around.handover_url,
        "scope_labels": {scope: label for scope, label in sorted(around.scope_labels.items()) if scope in scopes},
    }


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
    for item in (*arguments["orders"], *arguments["considered"]):
        for key in ("integration", "grant"):
            name = item.get(key)
            if not isinstance(name, str) or not re.fullmatch(r"[^\W_][\w.-]*", name):
                raise InvalidArgument(
                    f"The {key} {quote_input(name)} cannot name a file: use letters, digits, '-' and '_'."
                )


@contextlib.contextmanager
def _alone(folder: str, makes: bool, *, check_mode: bool) -> Iterator[None]:
    """Two runs at once would give one number twice; a check reads without waiting for anybody."""
    if makes and not check_mode:
        make_folder(folder, 0o700)
    if not check_folder(folder) or check_mode:
        yield
        return
    with folder_lock(folder):
        yield


def _changes(
    folder: str, orders: Iterable[WorkOrder], considered: Iterable[tuple[str, str]], around: Surroundings
) -> Iterator[Change]:
    there = check_folder(folder)
    wanted = {name: content for order in orders for name, content in pages(order, around).items()}
    for name, content in wanted.items():
        path = os.path.join(folder, name)
        before = read_file(path)
        if before != content:
            yield Change(path, before, content)
    grants = "|".join(re.escape(f"{integration}.{grant}") for integration, grant in dict.fromkeys(considered))
    ours = re.compile(rf"({grants})\.[0-9]+\.(html|md)")
    for name in sorted(os.listdir(folder)) if grants and there else ():
        if name not in wanted and ours.fullmatch(name):
            path = os.path.join(folder, name)
            yield Change(path, read_file(path), None)


def _apply(folder: str, changes: list[Change]) -> None:
    if not changes:
        return
    make_folder(folder)
    with folder_lock(folder):
        for change in changes:
            if change.after is None:
                os.unlink(change.path)
            else:  # for people to read: there is no secret in it
                replace_file(change.path, change.after, change.before, new_mode=0o644)


def _event_diffs(wanted: Plan, journals: Mapping[str, Journal]) -> Iterator[dict[str, str]]:
    for name, events in wanted.events.items():
        lines = "".join(f"{event['event']} {event['order']}\n" for event in events)
        yield {"before_header": journals[name].path, "after_header": journals[name].path, "before": "", "after": lines}


def _page_diffs(changes: Iterable[Change]) -> Iterator[dict[str, str]]:
    """Shows the Markdown text; of an HTML page only that it comes, goes or changes: it says the same."""
    for change in changes:
        before, after = (
            None if content is None else content.decode("utf-8", "replace") for content in (change.before, change.after)
        )
        if change.path.endswith(".html"):
            before, after = (None if text is None else f"{len(text.splitlines())} lines\n" for text in (before, after))
            if before == after:
                before, after = "before\n", "the wording changed\n"
        yield {
            "before_header": change.path,
            "after_header": change.path,
            "before": before or "",
            "after": after or "",
        }
