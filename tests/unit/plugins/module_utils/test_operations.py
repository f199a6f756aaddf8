# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is waited for: at the server's pace, side by side, and each for itself."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._api import operations as _operations
from ansible_collections.integrations.workiva.plugins.module_utils._api import side_by_side as _side_by_side
from ansible_collections.integrations.workiva.plugins.module_utils._api.operations import Operation
from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import side_by_side
from ansible_collections.integrations.workiva.plugins.module_utils._errors import OperationFailed, WorkivaError


@dataclass
class Answered:
    status: str = "started"
    pause: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        pause = {} if self.pause is None else {"Retry-After": self.pause}
        return {"Content-Type": "application/json", **pause}

    def json(self) -> dict[str, Any]:
        return {"status": self.status, "details": [{"message": "licence missing"}]}


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        for module in (_operations, _side_by_side):
            monkeypatch.setattr(module, "time", self)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def operation(pause: str | None, *answers: Answered) -> Operation:
    left: Iterator[Answered] = iter(answers)
    return Operation("POST /roles", Answered(pause=pause), lambda: next(left))


def alone(waited: Operation) -> None:
    def work() -> Generator[Operation, None, None]:
        yield waited

    side_by_side([work()])


@pytest.mark.parametrize(
    ("pauses", "seconds"),
    [
        (["5", "1", "1"], 7.0),
        # Nothing is said: once a second.
        ([None, None], 2.0),
        # No pause is asked for: soon, and then ever more slowly.
        (["0"], 0.05),
        (["0"] * 7, 0.05 + 0.1 + 0.2 + 0.4 + 0.8 + 1.0 + 1.0),
        # A whole hour is not waited before it is asked again.
        (["3600"], 30.0),
    ],
)
def test_it_is_asked_for_at_the_pace_of_the_server(clock: Clock, pauses: list[str | None], seconds: float) -> None:
    answers = [Answered(pause=pause) for pause in pauses[1:]]
    alone(operation(pauses[0], *answers, Answered("completed")))
    assert clock.now == pytest.approx(seconds)


def test_one_that_never_ends_is_given_up(clock: Clock) -> None:
    forever = Operation("POST /roles", Answered(pause="5"), lambda: Answered(pause="30"))
    with pytest.raises(OperationFailed, match="was not finished after 15 minutes"):
        alone(forever)
    assert 900 < clock.now < 960


@given(st.lists(st.lists(st.integers(0, 20), max_size=4), max_size=6))
def test_works_wait_together_and_their_results_keep_their_order(lengths: list[list[int]]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        clock = Clock(monkeypatch)

        def work(number: int) -> Generator[Operation, None, tuple[int, float]]:
            for seconds in lengths[number]:
                yield operation(str(seconds), Answered("completed"))
            return number, clock.now

        results = side_by_side([work(number) for number in range(len(lengths))])
    assert [number for number, _when in results] == list(range(len(lengths)))
    own = [sum(max(seconds, 0.05) for seconds in works) for works in lengths]
    assert [when for _number, when in results] == [pytest.approx(seconds) for seconds in own]
    assert clock.now == pytest.approx(max(own, default=0.0))


def test_what_fails_fails_for_itself(clock: Clock) -> None:
    def work(*answers: Answered) -> Generator[Operation, None, str]:
        try:
            yield operation("1", *answers)
        except WorkivaError as error:
            return str(error)
        return "done"

    results = side_by_side([work(Answered("failed")), work(Answered("completed")), work(Answered("cancelled"))])
    assert results[1] == "done"
    assert "was accepted and then failed: licence missing" in results[0]
    assert "was accepted and then cancelled" in results[2]
    assert clock.now == pytest.approx(1.0)
