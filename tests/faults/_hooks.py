# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run in a process of its own, in which every write and every request is a place where something can happen.

The process is a fork of the tests', so that nothing has to be put back. Places are counted: before and after each call that
writes, and in the middle of what is written; before and after each request.
"""

from __future__ import annotations

import builtins
import contextlib
import datetime
import errno
import io
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CALLS = ("replace", "rename", "unlink", "remove", "fsync", "mkdir", "ftruncate", "fchmod")
_WRITE, _CLOSE, _OPEN = os.write, os.close, builtins.open
# Given up by the parent: a fork that hangs would hang the tests.
LONGEST = 120.0


@dataclass(frozen=True)
class Ended:
    """How the process ended: C(code) is that of a shell, negative for a signal. C(seen) is what it handed to its parent."""

    code: int
    seen: dict[str, Any] = field(default_factory=dict)


Reached = Callable[[str, str], None]
"""Called at each place with the name of the call and C(before), C(half) or C(after). It may raise, or end the process."""


def count(places: list[int]) -> Reached:
    """Counts the places in C(places[0])."""

    def reached(_call: str, _phase: str) -> None:
        places[0] += 1

    return reached


def kill_at(number: int, with_signal: signal.Signals) -> Reached:
    """Kills the process at the n-th place, from 1."""
    passed = [0]

    def reached(_call: str, _phase: str) -> None:
        passed[0] += 1
        if passed[0] == number:
            os.kill(os.getpid(), with_signal)
            time.sleep(LONGEST)

    return reached


def full_from(number: int) -> Reached:
    """From the n-th write on the disk is full: nothing can be created or written any more, and files can be removed."""
    passed = [0]

    def reached(call: str, phase: str) -> None:
        if call == "send" or call in ("unlink", "remove", "fchmod") or phase == "after":
            return
        passed[0] += 1
        if passed[0] >= number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return reached


def read_only() -> Reached:
    """Nothing can be written, as in a file system that is mounted read-only."""

    def reached(call: str, phase: str) -> None:
        if call != "send" and phase == "before":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    return reached


def install(reached: Reached, inside: tuple[str, ...]) -> None:
    """Lets C(reached) be called at the places of this process, for good. Of files only those in some folders count."""

    def counts(argument: Any) -> bool:
        if isinstance(argument, int):
            with contextlib.suppress(OSError):
                return os.readlink(f"/proc/self/fd/{argument}").startswith(inside)
            return False
        return os.path.abspath(os.fsdecode(argument)).startswith(inside)

    def around(name: str, call: Callable[..., Any], applies: Callable[..., bool]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            if not applies(*arguments, **options):
                return call(*arguments, **options)
            reached(name, "before")
            outcome = call(*arguments, **options)
            reached(name, "after")
            return outcome

        return wrapped

    def write(descriptor: int, data: Any) -> int:
        if not counts(descriptor):
            return _WRITE(descriptor, data)
        reached("write", "before")
        half = len(data) // 2
        _WRITE(descriptor, bytes(data)[:half])
        reached("write", "half")
        _WRITE(descriptor, bytes(data)[half:])
        reached("write", "after")
        return len(data)

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            return write(self.fileno(), data)

    def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if mode == "wb" and counts(file):
            return io.BufferedWriter(Raw(file, "wb"))
        return _OPEN(file, mode, *arguments, **options)

    def opens_to_write(path: Any, flags: int, *_arguments: Any, **_options: Any) -> bool:
        return bool(flags & _WRITES) and counts(path)

    for name in _CALLS:
        setattr(os, name, around(name, getattr(os, name), lambda path, *_rest, **_options: counts(path)))
    os.open = around("open", os.open, opens_to_write)
    os.write = write
    builtins.open = opened  # type: ignore[assignment]
    adapter = requests.adapters.HTTPAdapter
    adapter.send = around("send", adapter.send, lambda *_all, **_options: True)  # type: ignore[method-assign]


def shift_clock(offset: float) -> None:
    """Lets the collection in this process see another time, for good: that of the machine moved by so many seconds.

    The date of a run is left: it is a variable of the run.
    """
    now, moved = time.time, datetime.timedelta(seconds=offset)

    class Meta(type):
        def __instancecheck__(cls, one: object) -> bool:
            return isinstance(one, cls.__mro__[1])

    class Moment(datetime.datetime, metaclass=Meta):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return datetime.datetime.now(tz) + moved

    time.time = lambda: now() + offset
    for name, module in list(sys.modules.items()):
        if name.startswith("ansible_collections.") and getattr(module, "datetime", None) is datetime.datetime:
            module.datetime = Moment  # type: ignore[attr-defined]


def start(work: Callable[[], dict[str, Any]], prepare: Callable[[], None]) -> tuple[int, int]:
    """Starts the work in a fork, after the preparation there; returns its process and where its result can be read."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    code = 1
    try:
        os.close(reading)
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_DFL)
        prepare()
        seen = json.dumps(work()).encode()
        while seen:
            seen = seen[_WRITE(writing, seen) :]
        code = 0
    except BaseException as error:
        # What the run itself does not turn into a failed task is a finding: the parent shows it.
        _WRITE(writing, json.dumps({"crash": f"{type(error).__name__}: {error}"[:4000]}).encode())
    finally:
        os._exit(code)


def wait(child: int, reading: int) -> Ended:
    """Waits for the end of the process. One that takes too long is killed, which fails the test."""
    parts = []
    while True:
        ready, _writing, _failed = select.select([reading], [], [], LONGEST)
        if not ready:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise AssertionError(f"The run did nothing for {LONGEST:.0f} s.")
        part = os.read(reading, 65536)
        if not part:
            break
        parts.append(part)
    _CLOSE(reading)
    _pid, status = os.waitpid(child, 0)
    text = b"".join(parts)
    try:
        seen = json.loads(text) if text else {}
    except ValueError:
        seen = {}  # killed while it handed its result over
    return Ended(os.waitstatus_to_exitcode(status), seen)
