# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that change an answer after the request was carried out, and where in a run a fault happens.

The contract knows no redirect and no 502, so that C(tests/faults) has them, where nothing is judged by it."""

from __future__ import annotations

import httpx
import pytest

from tests.simulator.api._running import Simulator
from workiva_simulator import faults


@pytest.mark.parametrize(
    ("kind", "status", "media", "body"),
    [
        ("content_type", 200, "text/plain", '{"data"'),
        ("empty", 200, "application/json", ""),
        ("invalid_json", 200, "application/json", '{"data"'),
        ("null_fields", 200, "application/json", '{"data": [{"id": null'),
        ("foreign_link", 200, "application/json", '{"data"'),
        ("409", 409, "application/json", '{"code": "409Conflict"'),
    ],
)
def test_damaged_answer_has_the_form_of_its_fault(
    simulator: Simulator, kind: str, status: int, media: str, body: str
) -> None:
    token = simulator.token().json()["access_token"]
    simulator.command("fault", f"{kind}:path=/organizations/{{organization}}/users")
    answer = simulator.call("GET", f"{simulator.base}/users", token)
    assert (answer.status_code, answer.headers.get("content-type", "")) == (status, media)
    assert answer.text.startswith(body)
    assert (faults.ELSEWHERE in answer.text) == (kind == "foreign_link")
    assert simulator.call("GET", f"{simulator.base}/users", token).json()["data"][0]["id"]


def test_half_an_answer_breaks_the_connection(simulator: Simulator) -> None:
    token = simulator.token().json()["access_token"]
    simulator.command("fault", "half:path=*/users")
    with pytest.raises(httpx.TransportError):
        simulator.call("GET", f"{simulator.base}/users", token)


def test_skipped_requests_pass_before_a_fault(simulator: Simulator) -> None:
    token, users = simulator.token().json()["access_token"], f"{simulator.base}/users"
    one = f"{users}/{simulator.call('GET', users, token).json()['data'][0]['id']}"
    simulator.command("fault", "503:skip=1,path=/organizations/{organization}/users")
    seen = [simulator.call("GET", address, token).status_code for address in (users, one, users, users)]
    assert seen == [200, 200, 503, 200]
