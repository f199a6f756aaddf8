# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The journal of an integration: what happened to its grants, one JSON line an event, appended and never rewritten.

The durable state of a grant is computed from its events (_journal_state). A journal lies in version control beside the declaration,
so it holds no secret, and merges of it are refused where they went wrong rather than guessed at.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._file_replacement import sync_folder
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_input
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    check_folder,
    describe_trouble,
    make_folder,
    open_regular,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._conflict import find_conflict

VERSION = 2
# The versions that are read. Version 2 numbers the credentials of a grant.
READABLE = (1, VERSION)
# Those that follow from events. Whether stored credentials are delivered depends on the declared targets too.
STAGES = ("declared", "requested", "received", "verified", "stored", "retired")
GRANT_KINDS = ("create", "edit", "regenerate", "delete", "replace", "retire")
# Orders for the user of an integration and its access, where nobody may change them by the API.
USER_KINDS = ("add_user", "change_user", "remove_user")
# Asks the owners of files, and no administrator; it belongs to no grant, and is under this name instead of one.
FILE_ACCESS = "file_access"
KINDS = (*GRANT_KINDS, *USER_KINDS, FILE_ACCESS)
# In the place of a grant's name: the events of the integration's user. No grant may be called so.
USER = "user"
EVENTS = {
    "ordered": ("order", "kind", "fields"),
    "reworded": ("order", "fields"),
    "withdrawn": ("order",),
    "closed": ("order",),
    "received": ("client_id",),
    "verified": ("client_id", "scopes"),
    "stored": ("client_id",),
    "delivered": ("client_id", "target", "host", "how"),
    **dict.fromkeys(("attested", "retired", "left"), ()),
    "observed": ("order",),
    "refused": ("client_id", "run"),
    "creating": ("username",),
    "created": ("username", "id"),
    "adopted": ("username", "id"),
    "ignored": ("fields",),
}
# Events of version 2 that say which credentials of the grant they are about.
NUMBERED = ("received", "verified", "stored", "delivered", "refused")
Check = Callable[[Mapping[str, Any], str], None]
# The shape that leaked Workiva secrets have.
SECRET = "wk_secret:"  # noqa: S105


class Journal:
    """The file C(<folder>/<integration>.jsonl)."""

    version = VERSION
    """The version of the lines that are written."""

    def __init__(self, folder: str, integration: str) -> None:
        if not integration or integration.startswith(".") or "/" in integration or "\0" in integration:
            raise InvalidArgument(
                "The name of an integration cannot name a journal file: it is empty, begins with a dot or has a slash. Correct it."
            )
        self.folder = folder
        self.integration = integration
        self.path = os.path.join(folder, f"{integration}.jsonl")
        # Set by events(): the end of a line that a killed run left behind. The next append removes it.
        self.torn: str | None = None

    def events(self) -> list[dict[str, Any]]:
        """All events, oldest first. A torn last line is left out and described in C(torn); other damage is refused."""
        self.torn = None
        check_folder(self.folder)
        try:
            with self._locked(os.O_RDONLY, fcntl.LOCK_SH) as descriptor:
                content = _read(descriptor)
        except FileNotFoundError:
            return []
        *lines, tail = content.split(b"\n")
        events = [
            _parsed(line, f"{self.path} line {number}", self._check)
            for number, line in enumerate(lines, start=1)
            if line.strip()
        ]
        if tail.strip():
            if _is_torn(tail):
                self.torn = (
                    f"{self.path} line {len(lines) + 1} is cut short: a run was killed while it wrote. "
                    "What it was writing did not count; the next event takes its place."
                )
            else:
                events.append(_parsed(tail, f"{self.path} line {len(lines) + 1}", self._check))
        return events

    def append(self, *events: Mapping[str, Any]) -> None:
        """Adds events in one write that is on the disk when this returns."""
        if not events:
            return
        at = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        stamped: list[dict[str, Any]] = [{"v": self.version, "at": at, **event} for event in events]
        text = "".join(_line(event, self.path, self._check) for event in stamped).encode("utf-8")
        make_folder(self.folder, 0o700)
        with self._locked(os.O_RDWR | os.O_APPEND | os.O_CREAT, fcntl.LOCK_EX) as descriptor:
            size = os.lseek(descriptor, 0, os.SEEK_END)
            tail = _last_line(descriptor, size)
            try:
                if tail.strip() and _is_torn(tail):
                    size -= len(tail)
                    os.ftruncate(descriptor, size)
                elif tail:
                    text = b"\n" + text
                written = 0
                while written < len(text):
                    written += os.write(descriptor, text[written:])
                os.fsync(descriptor)
            except OSError as error:
                with contextlib.suppress(OSError):
                    os.ftruncate(descriptor, size)  # all of it or nothing: half an event is worse than none
                raise describe_trouble(self.path, "written", error) from None
        sync_folder(self.folder)

    def _check(self, event: Mapping[str, Any], place: str) -> None:
        """Raises L(InvalidArgument) for what is no event of this journal."""
        _check(event, place)

    @contextlib.contextmanager
    def _locked(self, flags: int, lock: int) -> Iterator[int]:
        descriptor = open_regular(self.path, flags, 0o644)
        try:
            fcntl.flock(descriptor, lock)
            yield descriptor
        finally:
            os.close(descriptor)


def _line(event: Mapping[str, Any], path: str, check: Check) -> str:
    check(event, f"An event for {path}")
    _refuse_secrets(event, path)
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _parsed(line: bytes, place: str, check: Check) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        if find_conflict(line.decode("utf-8", "replace")):
            raise InvalidArgument(
                f"{place} is a conflict marker of git. Nothing was written to the file. Keep the lines of both sides, each on its "
                "own line, and remove the markers.",
                target=place,
            )
        raise InvalidArgument(
            f"{place} is damaged: it is not one JSON object. Nothing was written to the file. Restore it from version control "
            "(a merge of two journals keeps the lines of both, each on its own line).",
            target=place,
        )
    check(event, place)
    return event


def _check(event: Mapping[str, Any], place: str) -> None:
    refuse_newer(event, place, VERSION)
    version, name = event.get("v"), event.get("event")
    if version not in READABLE or name not in EVENTS or not isinstance(event.get("grant"), str):
        raise InvalidArgument(f"{place} is no event of a journal (v, event and grant are needed).", target=place)
    missing = [key for key in EVENTS[name] if key not in event]
    if version != 1 and name in NUMBERED and not isinstance(event.get("credentials"), int):
        missing.append("credentials")
    if missing:
        raise InvalidArgument(f"{place}: the event {name} lacks {', '.join(missing)}.", target=place)
    if not isinstance(event.get("fields", {}), Mapping) or (name == "ordered" and event["kind"] not in KINDS):
        raise InvalidArgument(f"{place}: the order has no known kind, or no fields.", target=place)


def refuse_newer(event: Mapping[str, Any], place: str, known: int) -> None:
    """Raises L(InvalidArgument) for a line that a newer release of the collection wrote. C(known) is the newest version that is read."""
    version = event.get("v")
    if isinstance(version, int) and version > known:
        raise InvalidArgument(
            f"{place} has version {version}; this release of the collection knows version {known}. "
            "A newer release wrote it: update the collection.",
            target=place,
        )


def _refuse_secrets(value: Any, path: str) -> None:
    """The last line of defence: whoever calls has no reason to hold a secret here. The message never repeats it."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if "secret" in str(key).lower():
                raise InvalidArgument(
                    f"The key {quote_input(key)} is refused: {path} must never hold a secret.", target=path
                )
            _refuse_secrets(item, path)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_secrets(item, path)
    elif isinstance(value, str) and SECRET in value.lower():
        raise InvalidArgument(f"A value that looks like a secret is refused for {path}.", target=path)


def _is_torn(tail: bytes) -> bool:
    try:
        return not isinstance(json.loads(tail), dict)
    except (ValueError, RecursionError):
        return True


def _read(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as stream:
        return stream.read()


def _last_line(descriptor: int, size: int) -> bytes:
    """What is behind the last line break, read from the end: a journal grows, and an event must not cost more for it."""
    tail, place = b"", size
    while place > 0 and b"\n" not in tail:
        step = min(place, 65536)
        place -= step
        tail = os.pread(descriptor, step, place) + tail
    return tail.rsplit(b"\n", 1)[-1]
