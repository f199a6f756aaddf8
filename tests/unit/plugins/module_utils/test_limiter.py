# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests leave within the platform's limit, whatever the number of threads. The clock is the test's."""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api import limiter as _limiter

PLUGINS = Path(__file__).resolve().parents[4] / "plugins"
# The older limits page of the platform.
VENDOR_LIMIT = 50


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class Still(Clock):
    """A clock that does not move."""

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture(autouse=True)
def _usual_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_limiter, "SHORTEST_INTERVAL", 1 / 45)


def limiter(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> _limiter.Limiter:
    monkeypatch.setattr(_limiter, "time", clock)
    return _limiter.Limiter()


def test_limiter_shares_the_limit_among_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Still()
    shared = limiter(monkeypatch, clock)
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(shared.wait) for _number in range(8)]:
            done.result()
    assert sorted(clock.waits) == pytest.approx([number / 45 for number in range(8)])


def test_limiter_sends_fewer_requests_in_any_second_than_the_platform_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    shared = limiter(monkeypatch, clock)
    sent = []
    for _request in range(300):
        shared.wait()
        sent.append(clock.now)
    assert max(sum(start <= moment < start + 1 for moment in sent) for start in sent) < VENDOR_LIMIT - 2


def test_limiter_does_not_wait_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Still()
    shared = limiter(monkeypatch, clock)
    shared.wait()
    clock.now += 0.5
    shared.wait()
    assert clock.waits == [0.0, 0.0]


def test_limiter_holds_every_thread_as_long_as_the_server_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    shared = limiter(monkeypatch, clock)
    shared.hold(7.0)
    shared.wait()
    assert clock.now == pytest.approx(1007.0)
    # A shorter hold of another thread does not end a longer one.
    shared.hold(60.0)
    shared.hold(1.0)
    shared.wait()
    assert clock.now == pytest.approx(1067.0)


def test_limiter_holds_a_request_that_was_waiting_for_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    class Held(Clock):
        """The server asks another thread to wait while this one sleeps."""

        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if len(self.waits) == 2:
                shared.hold(5.0)

    clock = Held()
    shared = limiter(monkeypatch, clock)
    shared.wait()
    shared.wait()
    assert clock.now == pytest.approx(1005.0 + 1 / 45)


def test_requests_are_limited_in_one_place() -> None:
    uses = [
        path.name
        for path in PLUGINS.rglob("*.py")
        if any(isinstance(node, ast.Name) and node.id == "LIMITER" for node in ast.walk(ast.parse(path.read_text())))
    ]
    assert sorted(uses) == ["limiter.py", "session.py"]
