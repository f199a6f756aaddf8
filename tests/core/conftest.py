# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One simulator for all tests of a process, its organization made anew for each test; and the environment they run in.

The core is called as a task calls it, over HTTPS; actions run in this process (C(_actions)). No test here starts
C(ansible-playbook), a module on a target or another program that imports Ansible.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import Core, Run

# The Python of a target has no simulator; it runs the tests that need none.
if TYPE_CHECKING:
    from tests._organization import Organization

CONTRACT = "WORKIVA_CONTRACT"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organization]:
    from tests._organization import started

    with started(tmp_path_factory.mktemp("simulator")) as organization:
        yield organization


@pytest.fixture
def organization(running: Organization) -> Iterator[Organization]:
    """The organization of the simulator's default seed, and a grant for the collection. At the end of the test every exchange
    is judged by the vendor's contract. C(organization.reset(seed)) starts with another seed."""
    from tests._contract import judge

    running.reset()
    yield running
    judge(running.record)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the machine's environment reaches the collection: no default of an option, no job, proxy or netrc."""
    for name in os.environ:
        theirs = name.startswith(("WORKIVA_", "AWX_", "TOWER_")) or name.lower().endswith("_proxy") or name == "JOB_ID"
        if theirs and name != CONTRACT:
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the code under test wanted to wait, in order: it waits a hundredth of a second at most."""
    asked: list[float] = []
    sleep = time.sleep

    def wait(seconds: float) -> None:
        asked.append(seconds)
        sleep(min(seconds, 0.01))

    monkeypatch.setattr(time, "sleep", wait)
    return asked


@pytest.fixture
def connection(organization: Organization) -> Callable[..., Connection]:
    """C(connection(retries=0)): the connection of a task with these options changed."""
    return lambda **changes: Connection.from_arguments({**organization.connection, **changes})


@pytest.fixture
def client(connection: Callable[..., Connection]) -> Iterator[Callable[..., Client]]:
    """C(client(retries=0)): a client with these connection options changed; it is closed at the end of the test."""
    clients: list[Client] = []

    def open_client(**changes: Any) -> Client:
        clients.append(Client(connection(**changes)))
        return clients[-1]

    yield open_client
    for one in clients:
        one.__exit__(None, None, None)


@pytest.fixture
def run_core(organization: Organization, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """C(run_core(CORE, {...}, check_mode=True)): the result of a module's core, whose exceptions reach the test.

    The options of the connection are added, and the defaults of the others as its argument spec has them. A secret in the
    result fails the test.
    """

    def run(core: Core, arguments: dict[str, Any], *, check_mode: bool = False) -> dict[str, Any]:
        cache = tmp_path / "tokens"
        cache.mkdir(exist_ok=True)
        known = core.specification["argument_spec"]
        given = {name: value for name, value in organization.connection.items() if name in known}
        specification = {name: value for name, value in core.specification.items() if name != "supports_check_mode"}
        validation = ArgumentSpecValidator(**specification).validate({**given, **arguments})
        assert not validation.error_messages, validation.error_messages
        result = core.run(validation.validated_parameters, Run(check_mode, str(cache)))
        assert not any(secret in repr(result) for secret in organization.secrets), result
        return result

    return run
