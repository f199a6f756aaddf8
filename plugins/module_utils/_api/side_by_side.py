# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Works that go on side by side. A work is a generator: it yields what it waits for, and gets what came of it.

All works run in one thread, so that what they share needs no lock; only requests are sent by other threads.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Generator, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, TypeVar, Union

from ansible_collections.integrations.workiva.plugins.module_utils._api.limiter import AT_ONCE
from ansible_collections.integrations.workiva.plugins.module_utils._api.operations import Operation
from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError

Result = TypeVar("Result")


@dataclass(frozen=True)
class Send:
    """A request, or several that belong together, whose result the work gets. C(call) touches nothing that works share."""

    call: Callable[[], Any]


# Sends the items of one bulk request; returns the error of each item that was not carried out.
SendBulk = Callable[[Sequence[str]], Mapping[str, WorkivaError]]


@dataclass(frozen=True)
class Bulk:
    """A part of a bulk request: C(item) is sent by C(send) together with those of other works that have the same C(key)."""

    key: Hashable
    item: str
    send: SendBulk


@dataclass(frozen=True)
class Bulks:
    """Parts of several bulk requests, which are sent when no work can go on without one. The work gets an error or None of each."""

    parts: tuple[Bulk, ...]


Awaited = Union[Operation, Send, Bulks]
Work = Generator[Awaited, Any, Result]


@dataclass(frozen=True)
class Chain:
    """A read, and what can be read once it was, further chains among it. C(then) runs in the thread of the caller."""

    first: Callable[[], object]
    then: Callable[[], Iterable[Callable[[], object] | Chain]]


def read_ahead(reads: Iterable[Callable[[], object] | Chain]) -> None:
    """Reads side by side what will be needed. What cannot be read is left to whoever needs it, who reads it again and reports it.

    After a read that got no answer at all, no other is begun: it would get none either.
    """
    lost: list[WorkivaError] = []

    def read_one(read: Callable[[], object]) -> bool:
        if lost:
            return False
        try:
            read()
        except WorkivaError as error:
            if error.status is None:
                lost.append(error)
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as threads:
        # In the order in which they were begun.
        waiting: dict[Future[bool], Callable[[], object] | Chain] = {}

        def begin(begun: Iterable[Callable[[], object] | Chain]) -> None:
            for read in begun:
                waiting[threads.submit(read_one, read.first if isinstance(read, Chain) else read)] = read

        begin(reads)
        while waiting:
            wait(waiting, return_when=FIRST_COMPLETED)
            for future in [future for future in waiting if future.done()]:
                read = waiting.pop(future)
                if future.result() and isinstance(read, Chain):
                    begin(read.then())


def _ignore(_done: int) -> None:
    """Where nobody counts the works."""


def side_by_side(works: Sequence[Work[Result]], count_done: Callable[[int], None] = _ignore) -> list[Result]:
    """Runs all works; where one waits for something, the others go on. Their results come in the order of the works.
    C(count_done) gets how many works have ended, after each.

    A L(WorkivaError) of what a work waits for is raised in that work. What a work raises itself ends them all.
    """
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return _Course(works, threads, count_done).run()


class _Course:
    """The works of one call, and what each of them waits for."""

    def __init__(
        self, works: Sequence[Work[Any]], threads: ThreadPoolExecutor, count_done: Callable[[int], None]
    ) -> None:
        self._works = works
        self._threads = threads
        self._count_done = count_done
        self._results: dict[int, Any] = {}
        # In flight: a request, or a look at an operation, by the number of its work.
        self._sent: dict[Future[Any], int] = {}
        self._operations: dict[int, Operation] = {}
        self._due: list[tuple[float, int]] = []
        self._parts: dict[int, tuple[Bulk, ...]] = {}
        self._begun = 0

    def run(self) -> list[Any]:
        """Runs all works to their end."""
        while len(self._results) < len(self._works):
            # As many works as requests can be on their way: what a work reads is then as fresh as its turn.
            while self._begun < len(self._works) and len(self._sent) < AT_ONCE:
                self._begun += 1
                self._resume(self._begun - 1, None)
            if self._sent:
                self._receive()
            elif self._due:
                time.sleep(max(0.0, self._due[0][0] - time.monotonic()))
            elif self._parts:
                self._send_bulks()
            self._look_at_operations()
        return [self._results[number] for number in range(len(self._works))]

    def _resume(self, number: int, value: Any, error: WorkivaError | None = None) -> None:
        work = self._works[number]
        try:
            awaited = work.throw(error) if error else work.send(value)
        except StopIteration as end:
            self._results[number] = end.value
            self._count_done(len(self._results))
            return
        if isinstance(awaited, Send):
            self._sent[self._threads.submit(awaited.call)] = number
        elif isinstance(awaited, Bulks):
            self._parts[number] = awaited.parts
        else:
            self._operations[number] = awaited
            heapq.heappush(self._due, (awaited.due, number))

    def _receive(self) -> None:
        """Waits for a request, though not longer than until an operation is due."""
        until = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
        done, _others = wait(self._sent, until, FIRST_COMPLETED)
        # Several may have ended: in the order of the works.
        for future in sorted(done, key=self._sent.__getitem__):
            number = self._sent.pop(future)
            try:
                value = future.result()
            except WorkivaError as error:
                self._operations.pop(number, None)
                self._resume(number, None, error)
                continue
            operation = self._operations.get(number)
            if operation is not None and not value:
                heapq.heappush(self._due, (operation.due, number))
                continue
            self._operations.pop(number, None)
            self._resume(number, value)

    def _look_at_operations(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            _due, number = heapq.heappop(self._due)
            self._sent[self._threads.submit(self._operations[number].ended)] = number

    def _send_bulks(self) -> None:
        """Sends one bulk request for each key, and lets all works that waited for one go on."""
        parts, self._parts = self._parts, {}
        items: dict[Hashable, dict[str, None]] = {}
        senders: dict[Hashable, SendBulk] = {}
        for bulk in (bulk for number in sorted(parts) for bulk in parts[number]):
            items.setdefault(bulk.key, {})[bulk.item] = None
            senders[bulk.key] = bulk.send
        sent = {key: self._threads.submit(senders[key], list(items[key])) for key in items}
        errors: dict[Hashable, Mapping[str, WorkivaError]] = {}
        for key, future in sent.items():
            try:
                errors[key] = future.result()
            except WorkivaError as error:
                errors[key] = dict.fromkeys(items[key], error)
        for number in sorted(parts):
            self._resume(number, [errors[bulk.key].get(bulk.item) for bulk in parts[number]])
