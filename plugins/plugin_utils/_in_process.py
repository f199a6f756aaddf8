# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The one base of the twins: an action that runs its module's core in this process where the target is the controller."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import AccountEvent, Core, Run
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._output import Progress

display = Display()
# Writes an event of an integration to where it lasts.
Record = Callable[[str, AccountEvent], None]


def is_on_controller(action: ActionBase, task_vars: dict[str, Any]) -> bool:
    """Whether the task's target is this very machine, user and interpreter, with no environment of its own."""
    task = action._task
    if action._connection.transport != "local" or action._play_context.become or task.async_val:
        return False
    if any(action._templar.template(task.environment or [])):
        # It is set for modules only.
        return False
    variables = task_vars
    if task.delegate_to:
        variables = task_vars.get("ansible_delegated_vars", {}).get(task.delegate_to, task_vars)
    interpreter = str(
        action._templar.template(C.config.get_config_value("INTERPRETER_PYTHON", variables=variables)) or "auto"
    )
    if interpreter.startswith("auto"):
        return True
    return os.path.realpath(interpreter) == os.path.realpath(sys.executable) and os.path.dirname(
        interpreter
    ) == os.path.dirname(sys.executable)


def execute_pipelined(
    action: ActionBase, module_name: str, module_args: dict[str, Any], task_vars: dict[str, Any]
) -> dict[str, Any]:
    """Runs a module on the task's target with pipelining, so that a killed run leaves no arguments in a file there.

    Refuses with the reason where the connection cannot be pipelined.
    """
    connection = action._connection
    if connection.has_pipelining:
        connection.set_option("pipelining", True)
    if not action._is_pipelining_enabled("new"):
        raise AnsibleActionFail(_REFUSED.format(connection.transport))
    result: dict[str, Any] = action._execute_module(
        module_name=module_name, module_args=module_args, task_vars=task_vars
    )
    return result


def run_core(
    action: ControllerAction, core: Core, arguments: dict[str, Any], record: Record | None = None
) -> dict[str, Any]:
    """Runs a core in this process with validated arguments; the tasks of a run share the tokens. Raises L(WorkivaError)."""
    run = Run(check_mode=action.check_mode, token_cache=C.DEFAULT_LOCAL_TMP, warn=display.warning, progress=Progress())
    return core.run(arguments, replace(run, record=record) if record else run)


_REFUSED = (
    "The task sends a secret to the target, which is only done with pipelining. Without it, a killed run "
    "leaves the secret in a file there. The connection {} does not offer it (or ANSIBLE_KEEP_REMOTE_FILES is set, or become "
    "goes by su)."
)


class InProcessAction(ControllerAction):
    """Subclasses name their C(CORE); the module of the same name documents them and runs it elsewhere."""

    CORE: Core

    def specification(self) -> Mapping[str, Any]:
        """The core's own."""
        return self.CORE.specification

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Runs the core here, or the module where the task's target is."""
        self.refuse(arguments, self.variables)
        arguments = self.completed(arguments)
        if not is_on_controller(self, self.variables):
            return self.elsewhere(self._task.resolved_action or self._task.action, self.variables)
        return run_core(self, self.CORE, arguments, self.record)

    def refuse(self, arguments: dict[str, Any], variables: dict[str, Any]) -> None:
        """A subclass raises L(WorkivaError) for what must not run where the task would run it."""

    def completed(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """A subclass adds what only the controller knows, before the core runs here or the module elsewhere."""
        return arguments

    def record(self, name: str, event: AccountEvent) -> None:
        """A subclass writes down what the core must not lose. Raises L(WorkivaError)."""

    def elsewhere(self, name: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Runs the module where the task's target is; its arguments may hold a credential."""
        return execute_pipelined(self, name, self.given(), variables)
