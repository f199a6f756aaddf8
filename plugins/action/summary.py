# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints the summary of a run where a person reads it: as lines, not as a JSON string."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._output import print_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._read_value import read_value
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.outcome import find_failure, published_orders
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.plan import RunFacts
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import Results, report_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import summarize


class ActionModule(ControllerAction):
    """See the documentation of the module of this name."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "project": {"type": "raw", "required": True},
            "run": {"type": "dict", "required": True},
            "results": {"type": "raw", "default": {}},
            "publish": {"type": "bool", "default": False},
        }
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Prints the lines, and fails where the run failed. It prints or publishes: what a failed task returns is not published."""
        project = LoadedProject.of(arguments["project"])
        facts = read_value(RunFacts, arguments["run"], "run")
        report = report_of(facts, project, Results.of(arguments["results"]), check_mode=self.check_mode)
        if arguments["publish"]:
            orders = {"workiva_work_orders": published_orders((*report.orders, *report.to_open))}
            return {"ansible_stats": {"data": orders, "per_host": False, "aggregate": False}}
        lines = summarize(report)
        print_text("\n".join(lines))
        failure = find_failure(report)
        # Ansible prints the result of a failed task: without the lines, which were printed already.
        return {"failed": True, "msg": failure} if failure else {"lines": lines}
