# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The journal of an integration: what happened to its grants, one JSON line an event, appended and never rewritten.

The durable state of a grant is the fold of its events. A journal lies in version control beside the declaration,
so it holds no secret, and merges of it are refused where they went wrong rather than guessed at.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._file_replacement import sync_folder
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import EXISTING_STAGES
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_input
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    check_folder,
    make_folder,
    open_regular,
    trouble_with,
)

VERSION = 1
STAGES = ("declared", "requested", "received", "verified", "stored", "delivered", "retired")
GRANT_KINDS = ("create", "edit", "regenerate", "delete")
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
    **dict.fromkeys(("attested", "retired", "left"), ()),
    "observed": ("order",),
    "refused": ("client_id", "run"),
    "creating": ("username",),
    "created": ("username", "id"),
    "adopted": ("username", "id"),
    "ignored": ("fields",),
}
Check = Callable[[Mapping[str, Any], str], None]
# The shape that leaked Workiva secrets have.
SECRET = "wk_secret:"  # noqa: S105


@dataclass(frozen=True)
class OpenOrder:
    """A work order that is out: its number and everything its pages show, as it was fixed when it was written."""

    number: str
    kind: str
    fields: Mapping[str, Any]
    fulfilled: bool = False  # what it asked for was seen, or a person said that it is done


@dataclass(frozen=True)
class GrantState:
    """Where a grant stands, as far as its journal knows."""

    stage: str = "declared"
    generation: str | None = None
    client_name: str | None = None
    expires: str | None = None
    ip_allowlist: tuple[str, ...] | None = None
    scopes: tuple[str, ...] | None = None
    client_id: str | None = None
    # Whom the grant was made for; the pair of a create or regenerate order comes from the user that it names.
    username: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    open_orders: tuple[OpenOrder, ...] = ()
    orders_written: int = 0
    retired: bool = False
    deleted: bool = False  # as a person said
    # The client id that was refused while other credentials were accepted, and the run that saw it.
    refused: tuple[str, str] | None = None
    # Of a user: its access after the last order that is known to be done; C(known) tells how.
    access: Mapping[str, Any] | None = None

    @property
    def exists(self) -> bool:
        """Whether credentials of the grant were accepted, and it was not retired since."""
        return not self.retired and self.stage in EXISTING_STAGES


class Journal:
    """The file C(<folder>/<integration>.jsonl)."""

    def __init__(self, folder: str, integration: str) -> None:
        if not integration or integration.startswith(".") or "/" in integration or "\0" in integration:
            raise InvalidArgument(f"The name {quote_input(integration)} of an integration cannot name a journal file.")
        self.folder = folder
        self.path = os.path.join(folder, f"{integration}.jsonl")
        # Said by events(): the end of a line that a killed run left behind. The next append removes it.
        self.torn: str | None = None

    def events(self) -> list[dict[str, Any]]:
        """All events, oldest first. A torn last line is left out and told in C(torn); other damage is refused."""
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
        stamped: list[dict[str, Any]] = [{"v": VERSION, "at": at, **event} for event in events]
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
                raise trouble_with(self.path, "written", error) from None
        sync_folder(self.folder)

    def state(self, grant: str) -> GrantState:
        """The state of one grant; one that the journal does not know is merely declared."""
        return fold(self.events()).get(grant, GrantState())

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


def fold(events: Iterable[Mapping[str, Any]]) -> dict[str, GrantState]:
    """The state of every grant that the events name."""
    states: dict[str, GrantState] = {}
    for event in events:
        states[event["grant"]] = after(states.get(event["grant"], GrantState()), event)
    return states


def after(state: GrantState, event: Mapping[str, Any]) -> GrantState:
    """The state of a grant after one more of its events."""
    name = event["event"]
    if name == "ordered":
        return _ordered(state, event)
    if name == "reworded":
        number, fields = event["order"], dict(event["fields"])
        reworded = (replace(order, fields=fields) if order.number == number else order for order in state.open_orders)
        return replace(state, open_orders=tuple(reworded))
    if name in ("withdrawn", "closed"):
        return _without(state, event["order"], closed=name == "closed")
    if name == "received":
        # A pair that is not proven yet does not displace the one that is stored.
        proven = STAGES.index(state.stage) >= STAGES.index("verified") and not state.retired
        state = replace(state, refused=None)
        return state if proven else _reached(replace(state, client_id=event["client_id"]), "received")
    if name == "verified":
        known = {**state.known, "scopes": "observed"}
        if event.get("workspace"):
            known["workspace"] = "observed"
        state = _reached(state, "verified")
        return replace(state, client_id=event["client_id"], scopes=tuple(event["scopes"]), known=known, refused=None)
    if name == "refused":
        return replace(state, refused=(event["client_id"], event["run"]))
    if name == "stored":
        return _stored(state, event)
    if name in ("attested", "observed") and "order" in event:
        return _done(state, event["order"], name)
    if name in ("left", "creating", "created", "adopted", "ignored"):
        return state
    if name == "attested":
        told = {key: _value(event[key]) for key in ("expires", "ip_allowlist") if key in event}
        return replace(state, known={**state.known, **dict.fromkeys(told, "attested")}, **told)
    # A pair that is refused since its user has no access any more does not prove that its grant is deleted.
    proven = not event.get("unproven")
    orders = tuple(
        replace(order, fulfilled=order.fulfilled or proven or order.kind != "delete") for order in state.open_orders
    )
    return replace(state, stage="retired", retired=True, open_orders=orders)


def _done(state: GrantState, number: str, how: str) -> GrantState:
    """An order is done: somebody said so (attested), or it was seen (observed)."""
    order = next((order for order in state.open_orders if order.number == number), None)
    if order is None:
        return state
    state = replace(
        state,
        open_orders=tuple(replace(other, fulfilled=True) if other is order else other for other in state.open_orders),
    )
    if order.kind == "delete":
        return replace(state, deleted=True)
    if order.kind in USER_KINDS:
        return replace(state, access=order.fields.get("access"), known={**state.known, "access": how})
    return state


def _ordered(state: GrantState, event: Mapping[str, Any]) -> GrantState:
    number, kind, fields = event["order"], event["kind"], event["fields"]
    suffix = number.rpartition(".")[2]
    written = max(state.orders_written + 1, int(suffix) if suffix.isdecimal() else 0)
    if state.retired and kind == "create":
        # A new life: only the orders' numbers go on.
        state = GrantState(open_orders=state.open_orders)
    state = replace(
        state, orders_written=written, open_orders=(*state.open_orders, OpenOrder(number, kind, dict(fields)))
    )
    if state.stage == "declared" and kind in ("create", "regenerate"):
        state = replace(state, stage="requested")
    if state.stage == "requested" and kind == "create":
        state = _named(state, fields)
    return state


def _without(state: GrantState, number: str, *, closed: bool) -> GrantState:
    order = next((order for order in state.open_orders if order.number == number), None)
    if order is None:
        return state
    state = replace(state, open_orders=tuple(other for other in state.open_orders if other is not order))
    if closed and order.kind == "create":
        return _named(state, order.fields)
    if state.stage == "requested" and not any(other.kind in ("create", "regenerate") for other in state.open_orders):
        return replace(state, stage="declared", client_name=None, generation=None, username=None)
    return state


def _stored(state: GrantState, event: Mapping[str, Any]) -> GrantState:
    for order in state.open_orders:
        if order.kind == "create":
            state = _named(state, order.fields)
        elif order.kind == "regenerate":
            state = replace(state, username=order.fields.get("username"))
    told = {
        key: _value(event[key])
        for key in ("client_id", "client_name", "username", "expires", "ip_allowlist", "scopes")
        if key in event
    }
    for key in ("client_name", "username"):
        if told.get(key, "") is None:
            del told[key]
    known = {**state.known, **(event.get("known") or {})}
    return replace(_reached(state, "stored"), known=known, deleted=False, **told)


def _named(state: GrantState, fields: Mapping[str, Any]) -> GrantState:
    named: dict[str, Any] = {key: fields.get(key) for key in ("client_name", "generation", "username")}
    return replace(state, **named)


def _reached(state: GrantState, stage: str) -> GrantState:
    """A stage is never lowered by a step towards a newer pair; what was retired starts again."""
    if stage in ("verified", "stored"):
        orders = tuple(
            replace(order, fulfilled=True) if order.kind in ("create", "regenerate") else order
            for order in state.open_orders
        )
        state = replace(state, open_orders=orders)
    if state.retired or STAGES.index(stage) > STAGES.index(state.stage):
        return replace(state, stage=stage, retired=False)
    return state


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


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
        raise InvalidArgument(
            f"{place} is damaged: it is not one JSON object. Restore the file from version control "
            "(a merge of two journals keeps the lines of both, each on its own line).",
            target=place,
        )
    check(event, place)
    return event


def _check(event: Mapping[str, Any], place: str) -> None:
    refuse_newer(event, place)
    version, name = event.get("v"), event.get("event")
    if version != VERSION or name not in EVENTS or not isinstance(event.get("grant"), str):
        raise InvalidArgument(f"{place} is no event of a journal (v, event and grant are needed).", target=place)
    missing = [key for key in EVENTS[name] if key not in event]
    if missing:
        raise InvalidArgument(f"{place}: the event {name} lacks {', '.join(missing)}.", target=place)
    if not isinstance(event.get("fields", {}), Mapping) or (name == "ordered" and event["kind"] not in KINDS):
        raise InvalidArgument(f"{place}: the order has no known kind, or no fields.", target=place)


def refuse_newer(event: Mapping[str, Any], place: str) -> None:
    """A line that a newer release of the collection wrote. Raises L(InvalidArgument)."""
    version = event.get("v")
    if isinstance(version, int) and version > VERSION:
        raise InvalidArgument(
            f"{place} has version {version}; this release of the collection knows version {VERSION}. "
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
