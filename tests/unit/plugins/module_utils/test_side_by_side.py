# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Works that wait for requests side by side: how many at once, whose error it is, and what is sent together."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api.limiter import AT_ONCE
from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import (
    Bulk,
    Bulks,
    Chain,
    Send,
    Work,
    read_ahead,
    side_by_side,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import Refused, Unreachable, WorkivaError


class Gauge:
    """Counts the calls that are under way at the same time. A call ends when as many as can be are under way."""

    def __init__(self, expected: int) -> None:
        self._lock = threading.Lock()
        self._barrier = threading.Barrier(expected)
        self._now = 0
        self.most = 0

    def call(self) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self._barrier.wait(10)
        with self._lock:
            self._now -= 1


def send(call: Any) -> Work[Any]:
    return (yield Send(call))


def test_side_by_side_sends_as_many_requests_as_the_limit_and_no_more() -> None:
    gauge = Gauge(AT_ONCE)
    side_by_side([send(gauge.call) for _work in range(3 * AT_ONCE)])
    assert gauge.most == AT_ONCE


def test_read_ahead_reads_as_many_as_the_limit_at_once_and_no_more() -> None:
    gauge = Gauge(AT_ONCE)
    read_ahead([gauge.call] * (3 * AT_ONCE))
    assert gauge.most == AT_ONCE


def test_side_by_side_returns_results_in_the_order_of_the_works() -> None:
    second_ended = threading.Event()

    def first() -> str:
        second_ended.wait(10)
        return "first"

    def second() -> str:
        second_ended.set()
        return "second"

    assert side_by_side([send(first), send(second)]) == ["first", "second"]


def test_side_by_side_raises_an_error_in_its_own_work_only() -> None:
    def fail() -> None:
        raise Refused("no licence", status=400)

    def work(call: Any) -> Work[str]:
        try:
            yield Send(call)
        except WorkivaError as error:
            return str(error)
        return "done"

    assert side_by_side([work(fail), work(lambda: None), work(fail)]) == ["no licence", "done", "no licence"]


def test_side_by_side_raises_an_error_that_is_no_answer_at_once() -> None:
    def mistake() -> None:
        raise KeyError("a mistake of ours")

    with pytest.raises(KeyError):
        side_by_side([send(mistake), send(lambda: None)])


def test_read_ahead_leaves_errors_to_whoever_needs_the_list_and_stops_where_nothing_answers() -> None:
    asked: list[str] = []

    def refused() -> None:
        asked.append("refused")
        raise Refused("no", status=403)

    def lost() -> None:
        asked.append("lost")
        raise Unreachable("no network")

    read_ahead([refused] * 3)
    assert asked == ["refused"] * 3
    asked.clear()
    read_ahead([lost] * 100)
    assert len(asked) <= AT_ONCE


def test_read_ahead_goes_on_with_a_chain_while_other_reads_wait() -> None:
    ended = threading.Event()
    waited: list[bool] = []
    second = Chain(lambda: None, lambda: [ended.set])
    read_ahead([lambda: waited.append(ended.wait(10)), Chain(lambda: None, lambda: [second])])
    assert waited == [True]


def test_read_ahead_ends_a_chain_whose_first_read_fails() -> None:
    begun: list[str] = []

    def refused() -> None:
        raise Refused("no", status=403)

    read_ahead([Chain(refused, lambda: [lambda: begun.append("after a refusal")])])
    assert begun == []


class Group:
    """Records what is sent in bulk. Users named C(bad) are refused; C(down) refuses the whole request."""

    def __init__(self, *, down: bool = False) -> None:
        self.sent: list[list[str]] = []
        self._down = down

    def send(self, users: Sequence[str]) -> Mapping[str, WorkivaError]:
        self.sent.append(list(users))
        if self._down:
            raise Unreachable("no network")
        return {user: Refused(f"{user} is no member") for user in users if user.startswith("bad")}


def join(user: str, *groups: Group) -> Work[list[str]]:
    yield Send(lambda: None)
    errors = yield Bulks(tuple(Bulk(id(group), user, group.send) for group in groups))
    return [str(error) if error else "joined" for error in errors]


def test_side_by_side_sends_one_bulk_request_for_each_key() -> None:
    loaders, filers = Group(), Group()
    users = [f"user-{number}" for number in range(3 * AT_ONCE)]
    works = [join(user, loaders, *([filers] if number % 2 else [])) for number, user in enumerate(users)]
    results = side_by_side(works)
    assert loaders.sent == [users]
    assert filers.sent == [users[1::2]]
    assert results[:2] == [["joined"], ["joined", "joined"]]


def test_side_by_side_gives_each_work_the_error_of_its_own_part_of_a_bulk_request() -> None:
    loaders, down = Group(), Group(down=True)
    results = side_by_side([join("good", loaders), join("bad", loaders, down), join("other", down)])
    assert results == [["joined"], ["bad is no member", "no network"], ["no network"]]
