# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints the summary of a run where a person reads it: as lines, not as a JSON string."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.outcome import (
    Results,
    change_failure,
    handover_failure,
    published_orders,
    verify_failure,
    waiting_failure,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.output import print_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import summary

_RESULTS = {"type": "list", "elements": "dict", "default": []}
# What is not given was not looked at, which is not the same as none.
_COUNTED = {"type": "list", "elements": "dict"}
# The options that decide whether the run fails; nothing is printed of them.
_JUDGEMENT = ("judge", "fail_on", "certificate_fail_on", "trouble", "leaves", "unaccepted")


class ActionModule(ControllerAction):
    """See the documentation of the module of this name."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "title": {"type": "str", "required": True},
            "users": _COUNTED,
            "grants": _COUNTED,
            "orders": _COUNTED,
            "certificates": _RESULTS,
            "reloads": _RESULTS,
            "notice": {"type": "dict"},
            "files": _COUNTED,
            "privileges": _RESULTS,
            "relative_to": {"type": "path"},
            "notes": {"type": "list", "elements": "str", "default": []},
            "judge": {"type": "str", "choices": ["change", "handover", "verify", "waiting"]},
            "fail_on": {"type": "list", "elements": "str", "default": []},
            "certificate_fail_on": {"type": "list", "elements": "str", "default": []},
            "trouble": {"type": "str", "default": ""},
            "leaves": {"type": "bool", "default": False},
            "unaccepted": {"type": "list", "elements": "str", "default": []},
            "publish": {"type": "bool", "default": False},
        }
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Prints the lines, and returns them, with what makes the run fail and what is published."""
        judgement = {name: arguments.pop(name) for name in _JUDGEMENT}
        publish = arguments.pop("publish")
        failure = _failure(arguments, judgement)
        lines = summary(**arguments)
        print_text("\n".join(lines))
        result: dict[str, Any] = {"lines": lines, "failure": failure}
        if publish:
            orders = {"workiva_work_orders": published_orders(arguments["orders"] or ())}
            result["ansible_stats"] = {"data": orders, "per_host": False, "aggregate": False}
        return result


def _failure(arguments: Mapping[str, Any], judgement: Mapping[str, Any]) -> str | None:
    """Why the run fails, or None."""
    lists = {name: arguments[name] or () for name in ("users", "grants", "files", "certificates", "reloads")}
    results = Results(**lists, notice=arguments["notice"] or {}, trouble=judgement["trouble"])
    certificates = judgement["certificate_fail_on"]
    if judgement["judge"] == "change":
        return change_failure(results, certificates)
    if judgement["judge"] == "handover":
        return handover_failure(results)
    if judgement["judge"] == "verify":
        return verify_failure(results, judgement["fail_on"], certificates)
    if judgement["judge"] == "waiting":
        return waiting_failure(results, certificates, leaves=judgement["leaves"], unaccepted=judgement["unaccepted"])
    return None
