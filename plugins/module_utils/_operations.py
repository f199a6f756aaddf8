# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the platform carries out after it answered: role changes are asked for, and polled to their end (contract, /operations)."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

from ansible_collections.integrations.workiva.plugins.module_utils._answers import body_of
from ansible_collections.integrations.workiva.plugins.module_utils._errors import OperationFailed, Refused, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._session import retry_after

LONGEST_OPERATION = 15 * 60
LONGEST_PAUSE = 30.0

Result = TypeVar("Result")


class Operation:
    """One change that was accepted with a 202 (C(what) names the request), asked for at the pace that the server names."""

    def __init__(self, what: str, accepted: Any, ask: Callable[[], Any]) -> None:
        self._what = what
        self._ask = ask
        self._deadline = time.monotonic() + LONGEST_OPERATION
        # A server that asks for no pause is believed for a moment only.
        self._least = 0.05
        self.due = self._next(accepted)

    def ended(self) -> bool:
        """Asks once. Raises L(OperationFailed), with the server's details, where it did not come to a good end."""
        try:
            answer = self._ask()
        except Refused as error:
            raise OperationFailed(
                f"{self._what} was accepted, but its operation cannot be asked for: {error}",
                status=error.status,
                code=error.code,
                request_id=error.request_id,
            ) from None
        operation = body_of(answer) or {}
        status = operation.get("status")
        if status == "completed":
            return True
        if status in ("failed", "cancelled"):
            details = "; ".join(
                str(item.get("message") or item.get("code"))
                for item in operation.get("details") or []
                if isinstance(item, dict)
            )
            raise OperationFailed(
                f"{self._what} was accepted and then {status}{': ' + details if details else ''}. "
                "Read the message, correct the declaration and run again.",
                code=status,
                request_id=operation.get("originalRequest"),
            )
        if time.monotonic() > self._deadline:
            raise OperationFailed(f"{self._what} was accepted and had not ended after 15 minutes (status {status}).")
        self.due = self._next(answer)
        return False

    def _next(self, answer: Any) -> float:
        """When it may be asked for again."""
        asked = retry_after(answer.headers.get("Retry-After"))
        pause = 1.0 if asked is None else max(asked, self._least)
        self._least = min(2 * self._least, 1.0)
        return time.monotonic() + min(pause, LONGEST_PAUSE)


def side_by_side(works: Sequence[Generator[Operation, None, Result]]) -> list[Result]:
    """Runs all works in this one thread: where one waits for an operation that it yields, the others go on.

    An operation that fails is raised in its own work. What a work raises itself ends them all.
    """
    results: dict[int, Result] = {}
    waiting: list[tuple[float, int]] = []
    operations: dict[int, Operation] = {}

    def go_on(number: int, error: WorkivaError | None = None) -> None:
        work = works[number]
        try:
            operation = work.throw(error) if error else next(work)
        except StopIteration as end:
            results[number] = end.value
            return
        operations[number] = operation
        heapq.heappush(waiting, (operation.due, number))

    for number in range(len(works)):
        go_on(number)
    while waiting:
        due, number = heapq.heappop(waiting)
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            ended = operations[number].ended()
        except WorkivaError as error:
            go_on(number, error)
            continue
        if ended:
            go_on(number)
        else:
            heapq.heappush(waiting, (operations[number].due, number))
    return [results[number] for number in range(len(works))]
