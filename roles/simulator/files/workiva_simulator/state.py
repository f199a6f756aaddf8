# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that the simulator knows, in one SQLite file: objects by kind and id, and settings."""

from __future__ import annotations

import base64
import contextlib
import datetime
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from .switches import DEFAULTS

Object = dict[str, Any]
# Fields that objects are looked for by so often that an organization of ten thousand users needs an index.
INDEXED = ("workspace", "user", "client_id")


class State:
    """The file, and a transaction at a time over all threads; other processes may write to it in between."""

    def __init__(self, path: str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._database.execute("PRAGMA journal_mode=WAL")
        # The file survives a crash of the process, which is enough; waiting for the disk makes a change 30 times as slow.
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS object (kind TEXT, number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, body TEXT, UNIQUE (kind, id))"
        )
        for name in INDEXED:
            self._database.execute(
                f"CREATE INDEX IF NOT EXISTS by_{name} ON object (kind, json_extract(body, '$.{name}'))"
            )

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside happens, or nothing of it."""
        with self._lock:
            if self._depth == 0:
                self._database.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._database.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._database.execute("COMMIT")

    def all(self, kind: str, **match: Any) -> list[Object]:
        """The objects of a kind whose fields are as given, oldest first."""
        chosen = [name for name in INDEXED if isinstance(match.get(name), str)]
        where = "".join(f" AND json_extract(body, '$.{name}') = ?" for name in chosen)
        query = f"SELECT body FROM object WHERE kind = ?{where} ORDER BY number"  # noqa: S608 - names of a constant
        with self._lock:
            rows = self._database.execute(query, (kind, *(match[name] for name in chosen))).fetchall()
        found = [json.loads(body) for (body,) in rows]
        return [item for item in found if all(item.get(name) == value for name, value in match.items())]

    def part(self, kind: str, start: int, size: int, *, by: str | None = None) -> list[Object]:
        """The objects of a kind from one place on: the oldest first, or in the order of the text of a field."""
        order = f"ifnull(json_extract(body, '$.{by}'), 'None'), number" if by else "number"
        query = f"SELECT body FROM object WHERE kind = ? ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608 - names of the code
        with self._lock:
            rows = self._database.execute(query, (kind, size, start)).fetchall()
        return [json.loads(body) for (body,) in rows]

    def count(self, kind: str) -> int:
        """The number of objects of a kind."""
        with self._lock:
            (found,) = self._database.execute("SELECT count(*) FROM object WHERE kind = ?", (kind,)).fetchone()
        return int(found)

    def one(self, kind: str, identifier: str) -> Object | None:
        with self._lock:
            row = self._database.execute(
                "SELECT body FROM object WHERE kind = ? AND id = ?", (kind, identifier)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, kind: str, item: Object) -> Object:
        """Writes an object anew or over itself."""
        with self.transaction():
            self._database.execute(
                "INSERT INTO object (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                (kind, item["id"], json.dumps(item, default=str)),  # a seed may have dates
            )
        return item

    def remove(self, kind: str, identifier: str) -> None:
        with self.transaction():
            self._database.execute("DELETE FROM object WHERE kind = ? AND id = ?", (kind, identifier))

    def clear(self, *kept: str) -> None:
        """Removes all objects but the settings whose names start so."""
        with self.transaction():
            for kind, identifier in self._database.execute("SELECT kind, id FROM object").fetchall():
                if kind != "setting" or not identifier.startswith(kept):
                    self.remove(kind, identifier)

    def new_id(self, type_name: str) -> str:
        """An id as the platform's look: base64url of a type and a number."""
        with self.transaction():
            number = self.setting("last_number", 5639445604728832) + 1
            self.set(last_number=number)
        return base64.urlsafe_b64encode(f"{type_name}\x1f{number}".encode()).decode().rstrip("=")

    # Settings: switches, the clock, the organization's id.

    def setting(self, name: str, default: Any = None) -> Any:
        found = self.one("setting", name)
        return found["value"] if found else default

    def set(self, **settings: Any) -> None:
        for name, value in settings.items():
            self.put("setting", {"id": name, "value": value})

    def switch(self, name: str) -> str:
        return str(self.setting(f"switch.{name}", DEFAULTS[name]))

    def now(self) -> datetime.datetime:
        """The time in the simulator: that of the machine, moved by what C(clock) set."""
        moved = datetime.timedelta(seconds=self.setting("clock_offset", 0.0))
        return datetime.datetime.now(datetime.timezone.utc) + moved

    def timestamp(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def set_clock(self, when: datetime.datetime | None) -> None:
        """Sets the time; None is the machine's."""
        offset = (when - datetime.datetime.now(datetime.timezone.utc)).total_seconds() if when else 0.0
        self.set(clock_offset=offset)


class Shown(Sequence[Object]):
    """All objects of a kind as the API shows them. Only those that somebody looks at are read: a list may have ten thousand."""

    def __init__(self, state: State, kind: str, show: Callable[[Object], Object]) -> None:
        self._state = state
        self._kind = kind
        self._show = show

    def __len__(self) -> int:
        return self._state.count(self._kind)

    @overload
    def __getitem__(self, place: int) -> Object: ...

    @overload
    def __getitem__(self, place: slice) -> list[Object]: ...

    def __getitem__(self, place: int | slice) -> Object | list[Object]:
        if isinstance(place, int):
            found = range(len(self))[place]
            return self[found : found + 1][0]
        start, stop, _step = place.indices(len(self))
        return [self._show(item) for item in self._state.part(self._kind, start, max(0, stop - start))]

    def __iter__(self) -> Iterator[Object]:
        return map(self._show, self._state.all(self._kind))
