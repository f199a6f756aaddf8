# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The one base of the collection's actions: arguments in, a result or a failed result out."""

from __future__ import annotations

import contextlib
import json
import re
from abc import abstractmethod
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import AnsibleFallbackNotFound
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import secret_environment
from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import SHORTEST_SECRET
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble
from ansible_collections.integrations.workiva.plugins.plugin_utils._bounds import check_bounds

display = Display()

# Options that carry a credential, and the variable of the environment that each falls back to.
CREDENTIALS = {"client_secret": "WORKIVA_CLIENT_SECRET", "access_token": None, "password": None}
# How ansible-core's messages begin to quote a value.
_QUOTED = re.compile(
    r"(, got: |Got no match for: |unable to convert to \w+: )(?:.*?)( found in [\w>, -]+)?$", re.DOTALL
)
# Keyword arguments of an AnsibleModule that its validator does not take.
_NOT_VALIDATED = ("supports_check_mode",)


class ControllerAction(ActionBase):
    """A subclass says what it takes in C(SPECIFICATION), and does it in C(act).

    Arguments reach C(act) as plain types of Python. A L(WorkivaError) and an L(OSError) become a failed result, the
    key C(diff) of a result stays only in a run with C(--diff), and C(changed) is false unless the result says otherwise.
    """

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    SPECIFICATION: ClassVar[Mapping[str, Any]]
    """The keyword arguments of L(ArgumentSpecValidator)."""

    UNVALIDATED: tuple[str, ...] = ()
    """Options that may hold a secret inside a list: their values are given to C(act) without a validation."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Runs the task."""
        super().run(tmp, task_vars)
        self.variables = task_vars or {}
        try:
            result = {"changed": False, **self.act(self.arguments())}
        except WorkivaError as error:
            result = make_failure(error)
        except OSError as error:
            result = make_failure(
                FileTrouble(f"{safe_text(error.filename)} cannot be read or written: {safe_text(error.strerror)}.")
            )
        except AnsibleActionFail:
            self._hide_origin()
            raise
        if not self._task.diff:
            result.pop("diff", None)
        if result.get("failed"):
            self._hide_origin()
        return result

    def _hide_origin(self) -> None:
        """Since ansible-core 2.19 the error of a task quotes the lines of YAML that hold it. These are lines of the collection, and nothing
        is wrong with them. This removes them from the worker's own copy of the task; C(-vvv) shows them."""
        if display.verbosity < 3:
            self._task._ds = None

    @abstractmethod
    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Does what the task is for, and returns its result. Raises L(WorkivaError)."""

    def specification(self) -> Mapping[str, Any]:
        """What the options are validated by."""
        return self.SPECIFICATION

    def arguments(self) -> dict[str, Any]:
        """The task's validated options. Raises L(InvalidArgument)."""
        given = self.given()
        unvalidated = {name: given.pop(name, None) for name in self.UNVALIDATED}
        specification = self.specification()
        refuse_short_secrets(given, specification["argument_spec"])
        return {**validate_options(specification, given), **unvalidated}

    def given(self) -> dict[str, Any]:
        """The task's options as they are given. A subclass adds those that another option gives. Raises L(WorkivaError)."""
        return dict(self._task.args)

    @property
    def check_mode(self) -> bool:
        """Whether nothing may be changed."""
        return bool(self._task.check_mode)


def make_failure(error: WorkivaError, **more: Any) -> dict[str, Any]:
    """The result of a task that failed: C(msg) for a person, C(error) for a program."""
    return {"failed": True, "changed": False, "msg": str(error), "error": error.as_error(), **more}


def to_plain_types(value: Any) -> Any:
    """Plain types of Python: since core 2.19 the values of variables are subclasses of them.

    Raises L(InvalidArgument) for a value that aliases make too large to be written out.
    """
    check_bounds(value, "A value given to this task is refused")
    return json.loads(json.dumps(value, default=str))


def validate_options(specification: Mapping[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments as plain types. Raises L(InvalidArgument), which names options and quotes no value:
    a secret that was pasted into the wrong field stays unseen."""
    rules = {name: value for name, value in specification.items() if name not in _NOT_VALIDATED}
    # The validator copies every option deeply, and has no rule for these: a loaded project has tens of thousands of values.
    whole = {
        name: value
        for name, value in arguments.items()
        if isinstance(value, Mapping) and specification["argument_spec"].get(name, {}).get("type") == "raw"
    }
    result = ArgumentSpecValidator(**rules).validate({**arguments, **{name: {} for name in whole}})
    if result.errors.errors:
        messages = [
            f"{'Unsupported parameters: ' if isinstance(error, UnsupportedError) else ''}"
            f"{_QUOTED.sub(lambda found: found[1] + '(not shown)' + (found[2] or ''), error.msg)}"
            for error in result.errors.errors
        ]
        raise InvalidArgument(safe_text(" ".join(f"{text.rstrip('.')}." for text in messages), limit=2000))
    return dict(to_plain_types({**result.validated_parameters, **whole}))


def refuse_short_secrets(arguments: Mapping[str, Any], options: Collection[str] = tuple(CREDENTIALS)) -> None:
    """Before validation, which on core 2.22 registers a secret: masking a short string wrecks all output.

    C(options) are the names of the options that there are. Raises L(InvalidArgument).
    """
    for name, variable in CREDENTIALS.items():
        if name not in options:
            continue
        value = arguments.get(name)
        if value is None and variable:
            with contextlib.suppress(AnsibleFallbackNotFound):
                value = secret_environment(variable)
        if value and len(str(value)) < SHORTEST_SECRET:
            raise InvalidArgument(f"{name} has fewer than {SHORTEST_SECRET} characters, so it is not complete.")


def read_date_option(option: str, text: str | None) -> date:
    """A date that an option gives as YYYY-MM-DD; today without one. Raises L(InvalidArgument)."""
    if not text:
        return date.today()
    found = parse_date(text)
    if found is None:
        raise InvalidArgument(f"{option} must be a date, written as YYYY-MM-DD.")
    return found
