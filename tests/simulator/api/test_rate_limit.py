# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The limit of requests in a second, which the simulator keeps where it was asked to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests._contract import judge
from tests.simulator.api._running import Simulator
from workiva_simulator.rate_limit import RateLimit


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Simulator]:
    running = Simulator(tmp_path / "simulator", "--most-in-a-second", "3")
    yield running
    running.stop()
    judge(running.record)


def test_what_is_more_than_the_limit_is_refused_and_not_carried_out(limited: Simulator) -> None:
    answers = [limited.http.get(f"{limited.base}/users") for _request in range(12)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    assert refused[0].json()["code"] == "429TooManyRequests"
    # Without a token: what was admitted got as far as the check of the credential.
    assert {answer.status_code for answer in answers} == {401, 429}


def test_the_token_endpoint_is_limited_as_well(limited: Simulator) -> None:
    answers = [limited.token() for _request in range(12)]
    assert {answer.status_code for answer in answers} == {200, 429}
    (word,) = {answer.json()["error"] for answer in answers if answer.status_code == 429}
    assert word == "temporarily_unavailable"


def test_the_console_has_no_limit(limited: Simulator) -> None:
    answers = [limited.http.get("/console", follow_redirects=True) for _request in range(12)]
    assert {answer.status_code for answer in answers} == {200}


@given(st.integers(1, 5), st.lists(st.floats(0, 2, allow_nan=False), max_size=40))
def test_no_second_has_more_requests_than_the_limit(most: int, gaps: list[float]) -> None:
    limit, now, admitted = RateLimit(most), 0.0, []
    for gap in gaps:
        now += gap
        if limit.admits(now):
            admitted.append(now)
        else:
            assert sum(now - 1 < moment for moment in admitted) == most
    assert all(sum(start <= moment < start + 1 for moment in admitted) <= most for start in admitted)


def test_without_a_limit_everything_is_admitted() -> None:
    limit = RateLimit(0)
    assert all(limit.admits(1.0) for _request in range(1000))
