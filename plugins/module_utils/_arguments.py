# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The argument specs that several tasks share, and the frame in which a core runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible.module_utils.common.parameters import AnsibleFallbackNotFound

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def environment(name: str) -> str:
    """Reads a fallback from the environment; an empty variable is an unset one: AWX injects optional fields empty."""
    value = os.environ.get(name, "")
    if not value:
        raise AnsibleFallbackNotFound
    return value


def secret_environment(name: str) -> str:
    """The same for a secret, which C(<name>_FILE) may name a file of instead: AWX and its kin keep the values of a job's
    environment in clear, and those of its files nowhere."""
    path = os.environ.get(f"{name}_FILE", "")
    if os.environ.get(name) or not path:
        return environment(name)
    try:
        with open(path, encoding="utf-8") as stream:
            value = stream.read().strip()
    except (OSError, ValueError):
        raise InvalidArgument(f"The file that {name}_FILE names cannot be read.") from None
    if not value:
        raise AnsibleFallbackNotFound
    return value


def _option(variable: str | None = None, **rest: Any) -> dict[str, Any]:
    return {**rest, **({"fallback": (environment, [variable])} if variable else {})}


CONNECTION: dict[str, dict[str, Any]] = {
    "region": _option("WORKIVA_REGION", type="str", choices=["us", "eu", "apac"]),
    "api_url": _option("WORKIVA_API_URL", type="str"),
    "token_endpoint": _option("WORKIVA_TOKEN_ENDPOINT", type="str", no_log=False),
    "organization_id": _option("WORKIVA_ORGANIZATION_ID", type="str"),
    "client_id": _option("WORKIVA_CLIENT_ID", type="str"),
    "client_secret": {"type": "str", "no_log": True, "fallback": (secret_environment, ["WORKIVA_CLIENT_SECRET"])},
    "access_token": _option(type="str", no_log=True),
    "ca_path": _option("WORKIVA_CA_PATH", type="path"),
    # It may hold a user and a password.
    "proxy": _option(type="str", no_log=True),
    "timeout": _option(type="float", default=60.0),
    "retries": _option(type="int", default=5),
    "connect_to": _option(type="list", elements="str", default=[]),
}

# A loaded project, which gives the options of the connection. The action reads it; no target gets it.
PROJECT: dict[str, dict[str, Any]] = {
    "project": {"type": "raw"},
    "use": {"type": "str", "choices": ["read", "write"]},
}


def _no_warning(_message: str) -> None:
    """Where nobody listens."""


@dataclass(frozen=True)
class AccountEvent:
    """What happened to an integration's account (created, adopted, ...), for its journal. What an event has not is None."""

    event: str
    username: str | None = None
    id: str | None = None
    fields: Mapping[str, str] | None = None

    def as_result(self) -> dict[str, Any]:
        """As the journal has it."""
        return plain_fields(self, given_only=True)


def _no_record(_integration: str, _event: AccountEvent) -> None:
    """Where there is no journal."""


# What was done to each item so far, such as C(users applied), to how many, and of how many.
ShowProgress = Callable[[str, int, int], None]


def _no_progress(_what: str, _done: int, _total: int) -> None:
    """Where nobody watches: a module on a target prints nothing before its result."""


@dataclass(frozen=True)
class Run:
    """How a core is run, whoever runs it: a module on a target, or an action in the controller's own process."""

    check_mode: bool = False
    token_cache: str | None = None
    warn: Callable[[str], None] = field(default=_no_warning)
    # Writes an event of an integration's account to where it lasts, before this returns. Raises L(WorkivaError).
    record: Callable[[str, AccountEvent], None] = field(default=_no_record)
    progress: ShowProgress = field(default=_no_progress)


@dataclass(frozen=True)
class Core:
    """One task's contract (the keyword arguments of an AnsibleModule) and the function that fulfils it.

    The function takes validated arguments, returns the result and raises L(WorkivaError).
    """

    specification: dict[str, Any]
    run: Callable[[dict[str, Any], Run], dict[str, Any]]


def run_as_module(module: AnsibleModule, core: Core) -> None:
    """Runs a core where the module is: its result leaves by exit_json, its error by fail_json."""
    try:
        result = core.run(module.params, Run(check_mode=module.check_mode, warn=module.warn))
    except WorkivaError as error:
        module.fail_json(msg=str(error), error=error.as_error())
    if result.get("failed"):
        module.fail_json(**{"msg": "", **result})
    module.exit_json(**result)
