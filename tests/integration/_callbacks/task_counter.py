# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A callback for the tests: writes what became of each task to the file that TASK_COUNTER names, one JSON object a line."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: task_counter
type: aggregate
short_description: Counts tasks
description:
  - Writes the action, the name and the outcome of each task.
"""


class CallbackModule(CallbackBase):
    """It prints nothing."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_counter"

    def _write(self, outcome: str, result: Any) -> None:
        task = result._task
        line = {"outcome": outcome, "action": str(task.action), "name": str(task.get_name())}
        with open(os.environ["TASK_COUNTER"], "a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write("failed", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._write("skipped", result)

    def v2_playbook_on_include(self, included_file: Any) -> None:
        self._write("included", included_file)
