# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a twin runs its core itself and where it hands over, and what an argument error never says."""

from __future__ import annotations

import datetime
import os
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import CONNECTION, Core
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    refuse_short_secrets,
    to_plain_types,
    validate_options,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._in_process import (
    execute_pipelined,
    is_on_controller,
)

SECRET = "wk_secret:oa2c:Canary0123456789abcd"
CORE = Core(
    specification={
        "argument_spec": {
            **CONNECTION,
            "users": {
                "type": "list",
                "elements": "dict",
                "options": {"sign_in": {"type": "str", "choices": ["sso"]}, "age": {"type": "int"}},
            },
        },
        "supports_check_mode": True,
    },
    run=lambda arguments, run: {},
)


def action(transport: str = "local", become: bool = False, pipelining: bool = True, **task: Any) -> Any:
    """As much of an action as the decision reads."""
    options: dict[str, Any] = {}

    def execute_module(**arguments: Any) -> dict[str, Any]:
        return {"ran": arguments["module_name"]}

    return SimpleNamespace(
        _connection=SimpleNamespace(
            transport=transport, has_pipelining=pipelining, set_option=options.__setitem__, options=options
        ),
        _play_context=SimpleNamespace(become=become),
        _task=SimpleNamespace(**{"async_val": 0, "environment": [], "delegate_to": None, **task}),
        _templar=SimpleNamespace(template=lambda value: value),
        _is_pipelining_enabled=lambda style: bool(options.get("pipelining")),
        _execute_module=execute_module,
    )


@pytest.mark.parametrize(
    ("known", "variables", "here"),
    [
        (action(), {}, True),
        (action(environment=[{}]), {}, True),
        (action(), {"ansible_python_interpreter": sys.executable}, True),
        (action(), {"ansible_python_interpreter": "auto_silent"}, True),
        (action(), {"ansible_python_interpreter": "/elsewhere/bin/python3"}, False),
        # Another environment's link to the same binary is another interpreter.
        (action(), {"ansible_python_interpreter": os.path.realpath(sys.executable)}, sys.prefix == sys.base_prefix),
        (action(transport="ssh"), {}, False),
        (action(become=True), {}, False),
        (action(async_val=10), {}, False),
        (action(environment=[{"HTTPS_PROXY": "http://proxy:3128"}]), {}, False),
        (
            action(delegate_to="etl01"),
            {"ansible_delegated_vars": {"etl01": {"ansible_python_interpreter": "/elsewhere/bin/python3"}}},
            False,
        ),
    ],
)
def test_the_core_runs_here_only_where_the_target_is_this_process(
    known: Any, variables: dict[str, Any], here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANSIBLE_PYTHON_INTERPRETER", raising=False)
    assert is_on_controller(known, variables) is here


def test_a_configured_interpreter_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_PYTHON_INTERPRETER", "/elsewhere/bin/python3")
    assert is_on_controller(action(), {}) is False


def test_a_module_is_pipelined_or_refused() -> None:
    asked = action(transport="ssh")
    assert execute_pipelined(asked, "a.b.c", {}, {}) == {"ran": "a.b.c"}
    assert asked._connection.options == {"pipelining": True}
    with pytest.raises(AnsibleActionFail, match="only done with pipelining"):
        execute_pipelined(action(transport="docker", pipelining=False), "a.b.c", {}, {})


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"region": SECRET}, "region"),
        ({"timeout": SECRET}, "timeout"),
        ({"retries": SECRET + "\nsecond line"}, "retries"),
        ({"users": [{"sign_in": SECRET}]}, "sign_in"),
        ({"users": [{"age": SECRET}]}, "age"),
        ({"users": [SECRET]}, "users"),
        ({"users": SECRET}, "users"),
        ({"client_secret": SECRET, "region": "xx"}, "region"),
    ],
)
def test_argument_errors_quote_no_value(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        validate_options(CORE.specification, arguments)
    assert named in str(caught.value)
    assert "Canary" not in str(caught.value)
    assert "second line" not in str(caught.value)


def test_unknown_options_are_named() -> None:
    with pytest.raises(InvalidArgument, match="nonsense"):
        validate_options(CORE.specification, {"nonsense": 1})


def test_arguments_come_out_validated_and_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKIVA_REGION", "eu")
    monkeypatch.setenv("WORKIVA_API_URL", "")
    found = validate_options(CORE.specification, {"timeout": "5", "users": [{"age": "3"}]})
    assert (found["region"], found["api_url"], found["timeout"]) == ("eu", None, 5.0)
    assert found["users"][0]["age"] == 3
    assert to_plain_types({"on": datetime.date(2027, 6, 30)}) == {"on": "2027-06-30"}


def test_a_short_secret_is_refused_wherever_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_short_secrets({"client_secret": SECRET})
    refuse_short_secrets({"client_secret": None})
    for arguments in ({"client_secret": "short"}, {"access_token": "short"}, {"client_secret": 12345}):
        with pytest.raises(InvalidArgument, match="fewer than 12"):
            refuse_short_secrets(arguments)
    monkeypatch.setenv("WORKIVA_CLIENT_SECRET", "short")
    with pytest.raises(InvalidArgument, match="client_secret"):
        refuse_short_secrets({})
