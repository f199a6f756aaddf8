# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints the summary of a run where a person reads it: as lines, not as a JSON string."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    to_plain_types,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._output import print_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.outcome import (
    Results,
    change_failure,
    handover_failure,
    published_orders,
    verify_failure,
    waiting_failure,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import RESULTS, report_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import summary

_RESULTS = {"type": "list", "elements": "dict", "default": []}
# What is not given was not looked at, which is not the same as none.
_COUNTED = {"type": "list", "elements": "dict"}
# The options that a playbook gives in place of all others.
_WHOLE = ("playbook", "project", "run", "results")
# The options that decide whether the run fails; nothing is printed of them.
_JUDGEMENT = ("judge", "fail_on", "certificate_fail_on", "trouble", "leaves", "unaccepted")


class ActionModule(ControllerAction):
    """See the documentation of the module of this name."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "title": {"type": "str"},
            "playbook": {"type": "str", "choices": ["onboard", "offboard", "handover", "verify"]},
            "project": {"type": "raw"},
            "run": {"type": "dict"},
            "results": {"type": "raw", "default": {}},
            "users": _COUNTED,
            "grants": _COUNTED,
            "orders": _COUNTED,
            "certificates": _RESULTS,
            "reloads": _RESULTS,
            "notice": {"type": "dict"},
            "files": _COUNTED,
            "relative_to": {"type": "path"},
            "notes": {"type": "list", "elements": "str", "default": []},
            "judge": {"type": "str", "choices": ["change", "handover", "verify", "waiting"]},
            "fail_on": {"type": "list", "elements": "str", "default": []},
            "certificate_fail_on": {"type": "list", "elements": "str", "default": []},
            "trouble": {"type": "str", "default": ""},
            "leaves": {"type": "bool", "default": False},
            "unaccepted": {"type": "list", "elements": "str", "default": []},
            "publish": {"type": "bool", "default": False},
        },
        "required_one_of": [("title", "playbook")],
        "mutually_exclusive": [("title", "playbook")],
        "required_if": [
            ("playbook", name, ("project", "run")) for name in ("onboard", "offboard", "handover", "verify")
        ],
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Prints the lines, and returns them, with what makes the run fail and what is published.

        With a playbook the task fails itself, or it publishes: nothing that a failed task returns would be published.
        """
        whole = {name: arguments.pop(name) for name in _WHOLE}
        publishes = arguments.pop("publish")
        if not whole["playbook"]:
            result = self._report(arguments)
            return {**result, **_published(arguments)} if publishes else result
        project = LoadedProject.of(to_plain_types(whole["project"]))
        results = _results(whole["results"])
        report = report_of(whole["playbook"], project, whole["run"], results, check_mode=self.check_mode)
        if publishes:
            return _published(report)
        result = self._report(report)
        # Ansible prints the result of a failed task: without the lines, which were printed already.
        return {"failed": True, "msg": result["failure"]} if result["failure"] else result

    def _report(self, arguments: dict[str, Any]) -> dict[str, Any]:
        judgement = {name: arguments[name] for name in _JUDGEMENT}
        shown = {name: value for name, value in arguments.items() if name not in _JUDGEMENT}
        lines = summary(**shown)
        print_text("\n".join(lines))
        return {"lines": lines, "failure": _failure(shown, judgement)}


def _published(report: Mapping[str, Any]) -> dict[str, Any]:
    """What a job publishes: its open work orders."""
    orders = {"workiva_work_orders": published_orders(report["orders"] or ())}
    return {"ansible_stats": {"data": orders, "per_host": False, "aggregate": False}}


def _results(given: Any) -> dict[str, Any]:
    """The results by name. Raises L(InvalidArgument)."""
    if not isinstance(given, Mapping) or any(name not in RESULTS for name in given):
        raise InvalidArgument(f"results must be a mapping with results of tasks by these names: {', '.join(RESULTS)}.")
    found: dict[str, Any] = to_plain_types(given)
    return {name: result for name, result in found.items() if isinstance(result, dict)}


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
