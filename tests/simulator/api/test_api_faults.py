# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The faults that the simulated API can be given."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.simulator.api._running import Simulator
from workiva_simulator import faults, rules


def test_faults_come_as_asked_and_end(simulator: Simulator) -> None:
    token = simulator.token().json()["access_token"]
    users = f"{simulator.base}/users"
    simulator.command("fault", "429:count=2,retry_after=3,path=*/users", "503:path=*/users")
    seen = [simulator.call("GET", users, token) for _call in range(4)]
    assert [answer.status_code for answer in seen] == [429, 429, 503, 200]
    assert seen[0].headers["Retry-After"] == "3"
    simulator.command("fault", "cut:after=yes,method=POST,path=*/users")
    with pytest.raises(httpx.TransportError):
        simulator.call("POST", users, token, json={"username": "cut@example.com"})
    assert rules.user_by_name(simulator.state, "cut@example.com")
    simulator.command("fault", "cut:method=POST,path=*/users")
    with pytest.raises(httpx.TransportError):
        simulator.call("POST", users, token, json={"username": "cut2@example.com"})
    assert not rules.user_by_name(simulator.state, "cut2@example.com")


def test_a_fault_waits_for_a_request_that_it_can_happen_to(simulator: Simulator) -> None:
    users, token = f"{simulator.base}/users", simulator.token().json()["access_token"]
    simulator.command("fault", "token_dies")
    assert simulator.token().status_code == 200
    assert [simulator.call("GET", users, token).status_code for _time in range(2)] == [401, 401]
    token = simulator.token().json()["access_token"]
    anna = rules.user_by_name(simulator.state, "anna.k@example.com")
    assert anna is not None
    simulator.command("fault", "operation_fails")
    assert simulator.call("GET", users, token).status_code == 200
    path = f"{users}/{anna['id']}/roles"
    role = simulator.state.all("org_role")[0]["id"]
    location = simulator.call("POST", f"{path}/assignment", token, json=[role]).headers["Location"]
    seen = [simulator.call("GET", location, token).json() for _time in range(2)]
    assert [operation["status"] for operation in seen] == ["started", "failed"]
    assert seen[1]["details"]
    assert simulator.call("GET", path, token).json()["data"] == []
    simulator.command("fault", "page_shift")
    first = simulator.call("GET", users, token).json()
    second = simulator.call("GET", first["@nextLink"], token).json()
    assert second["data"][0] == first["data"][-1]
    simulator.command("fault", "cut:after,path=*/users,method=post")
    with pytest.raises(httpx.TransportError):
        simulator.call("POST", users, token, json={"username": "cut@example.com"})
    assert rules.user_by_name(simulator.state, "cut@example.com")
    assert [json.loads(line)["status"] for line in simulator.record.read_text().splitlines()].count(None) == 1
    with pytest.raises(ValueError, match="unknown option wait of the fault 429"):
        faults.parse("429:wait=1")


def test_parallel_requests_share_the_count_of_a_fault(simulator: Simulator) -> None:
    token = simulator.token().json()["access_token"]
    simulator.command("fault", "503:count=5,path=*/users")
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: simulator.call("GET", f"{simulator.base}/users", token).status_code, range(24))
        )
    assert answers.count(503) == 5
    assert len([json.loads(line) for line in simulator.record.read_text().splitlines()]) == 25
