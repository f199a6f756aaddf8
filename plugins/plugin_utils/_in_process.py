# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The one base of the twins: an action that runs its module's core in this process where the target is the controller."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import AnsibleFallbackNotFound
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import (
    Core,
    Run,
    secret_environment,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import SHORTEST_SECRET

display = Display()

# Options that carry a credential, and the variable of the environment that each falls back to.
CREDENTIALS = {"client_secret": "WORKIVA_CLIENT_SECRET", "access_token": None}
# How ansible-core's messages begin to quote a value.
_QUOTED = re.compile(
    r"(, got: |Got no match for: |unable to convert to \w+: )(?:.*?)( found in [\w>, -]+)?$", re.DOTALL
)
# What makes validation, and no part of it is an argument of the validator.
_NOT_VALIDATED = ("supports_check_mode",)


def native(value: Any) -> Any:
    """Plain types of Python: since core 2.19 the values of variables are subclasses of them."""
    return json.loads(json.dumps(value, default=str))


def on_controller(action: ActionBase, task_vars: dict[str, Any]) -> bool:
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


def refuse_short_secrets(arguments: dict[str, Any]) -> None:
    """Before validation, which on core 2.22 registers a secret: masking a short string wrecks all output.

    Raises L(InvalidArgument).
    """
    for name, variable in CREDENTIALS.items():
        value = arguments.get(name)
        if value is None and variable:
            with contextlib.suppress(AnsibleFallbackNotFound):
                value = secret_environment(variable)
        if value and len(str(value)) < SHORTEST_SECRET:
            raise InvalidArgument(
                f"{name} has fewer than {SHORTEST_SECRET} characters, so that it cannot be a whole one."
            )


def validated(core: Core, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments as the core takes them. Raises L(InvalidArgument), which names options and quotes no value:
    a secret that was pasted into the wrong field stays unseen."""
    specification = {name: value for name, value in core.specification.items() if name not in _NOT_VALIDATED}
    result = ArgumentSpecValidator(**specification).validate(arguments)
    if result.errors.errors:
        told = [
            f"{'Unsupported parameters: ' if isinstance(error, UnsupportedError) else ''}"
            f"{_QUOTED.sub(lambda found: found[1] + '(not shown)' + (found[2] or ''), error.msg)}"
            for error in result.errors.errors
        ]
        raise InvalidArgument(" ".join(f"{text.rstrip('.')}." for text in told))
    return dict(native(result.validated_parameters))


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


_REFUSED = (
    "The task carries a secret to where it runs, which is done with pipelining only: without it a killed run leaves "
    "the secret in a file there. The connection {} does not offer it (or ANSIBLE_KEEP_REMOTE_FILES is set, or become "
    "goes by su)."
)


class InProcessAction(ActionBase):
    """Subclasses name their C(CORE); the module of the same name documents them and runs it elsewhere."""

    _requires_connection = False
    _supports_check_mode = True
    CORE: Core

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        variables = task_vars or {}
        try:
            refuse_short_secrets(self._task.args)
            arguments = validated(self.CORE, self._task.args)
            self.refuse(arguments, variables)
            if not on_controller(self, variables):
                return self.elsewhere(self._task.resolved_action or self._task.action, variables)
            run = Run(
                check_mode=bool(self._task.check_mode),
                token_cache=C.DEFAULT_LOCAL_TMP,
                warn=display.warning,
            )
            return self.CORE.run(arguments, run)
        except WorkivaError as error:
            return {"failed": True, "msg": str(error), "error": error.as_error(), "changed": False}

    def refuse(self, arguments: dict[str, Any], variables: dict[str, Any]) -> None:
        """A subclass raises L(WorkivaError) for what must not run where the task would run it."""

    def elsewhere(self, name: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Runs the module where the task's target is; its arguments may hold a credential."""
        return execute_pipelined(self, name, self._task.args, variables)
