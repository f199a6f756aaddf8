# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The state of a grant, computed from the events of its journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import EXISTING_STAGES, Former
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import STAGES, USER_KINDS


@dataclass(frozen=True)
class OpenOrder:
    """A work order that is out: its number and everything its pages show, as it was fixed when it was written."""

    number: str
    kind: str
    fields: Mapping[str, Any]
    fulfilled: bool = False  # what it asked for was seen, or a person said that it is done

    @property
    def leaked(self) -> bool:
        """Whether it says that the present secret leaked."""
        return bool(self.fields.get("leaked"))

    @property
    def is_of_rotation(self) -> bool:
        """Whether it asks for credentials in place of the present ones, which a person can give up."""
        return self.kind == "replace" or self.leaked


@dataclass(frozen=True)
class Delivered:
    """The credentials that one target has on one host, since the last delivery that passed. C(how) it was checked: C(shown) by
    the consumer, C(read_back) from the target, or C(claimed). C(declaration): what was declared of the target then."""

    number: int
    client_id: str
    how: str
    on: str | None = None
    declaration: str | None = None


@dataclass(frozen=True)
class GrantState:
    """The status of a grant, as far as its journal shows it."""

    stage: str = "declared"
    generation: str | None = None
    client_name: str | None = None
    expires: str | None = None
    ip_allowlist: tuple[str, ...] | None = None
    scopes: tuple[str, ...] | None = None
    client_id: str | None = None
    # Whom the grant was made for; the credentials of a create or regenerate order come from the user that it names.
    username: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    open_orders: tuple[OpenOrder, ...] = ()
    orders_written: int = 0
    retired: bool = False
    deleted: bool = False  # as a person said
    # The client ID that was refused while other credentials were accepted, and the run that saw it.
    refused: tuple[str, str] | None = None
    # The number of the present credentials, 0 where there are none, and the highest number that was given.
    number: int = 0
    last_number: int = 0
    # The number of credentials that are kept until they can be verified.
    received_number: int | None = None
    # The day on which the present credentials were stored.
    stored_on: str | None = None
    previous: Former | None = None
    # Whether the last rotation was given up: the credentials before it are the present ones again, or its order was withdrawn.
    given_up: bool = False
    # What was delivered, by the name of the target and the host.
    delivered: Mapping[tuple[str, str], Delivered] = field(default_factory=dict)
    # Of a user: its access after the last order that is known to be done; C(known) has how it is known.
    access: Mapping[str, Any] | None = None

    @property
    def exists(self) -> bool:
        """Whether credentials of the grant were accepted, and it was not retired since."""
        return not self.retired and self.stage in EXISTING_STAGES


def fold(events: Iterable[Mapping[str, Any]]) -> dict[str, GrantState]:
    """The state of every grant that the events name."""
    states: dict[str, GrantState] = {}
    for event in events:
        states[event["grant"]] = after(states.get(event["grant"], GrantState()), event)
    return states


def after(state: GrantState, event: Mapping[str, Any]) -> GrantState:
    """The state of a grant after one more of its events."""
    name = event["event"]
    if event.get("credentials", 0) > state.last_number:
        state = replace(state, last_number=event["credentials"])
    if name == "ordered":
        return _ordered(state, event)
    if name == "reworded":
        number, fields = event["order"], dict(event["fields"])
        reworded = (replace(order, fields=fields) if order.number == number else order for order in state.open_orders)
        return replace(state, open_orders=tuple(reworded))
    if name in ("withdrawn", "closed"):
        return _without(state, event["order"], closed=name == "closed")
    if name == "received":
        # Credentials that are not verified yet do not displace those that are stored.
        proven = STAGES.index(state.stage) >= STAGES.index("verified") and not state.retired
        state = replace(state, refused=None, received_number=event.get("credentials"))
        return state if proven else _reached(replace(state, client_id=event["client_id"]), "received")
    of_previous = state.previous is not None and event.get("credentials") == state.previous.number != state.number
    if state.previous and of_previous and name in ("verified", "refused", "attested", "retired"):
        return replace(state, previous=_after_event(state.previous, event))
    if name == "verified" and state.number and event.get("credentials", state.number) != state.number:
        return state  # what it says of new credentials is of the grant when they are stored
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
    if name == "delivered":
        return _delivered(state, event)
    if name in ("attested", "observed") and "order" in event:
        return _done(state, event["order"], name)
    if name in ("left", "creating", "created", "adopted", "ignored"):
        return state
    if name == "attested":
        attested = {key: _value(event[key]) for key in ("expires", "ip_allowlist") if key in event}
        return replace(state, known={**state.known, **dict.fromkeys(attested, "attested")}, **attested)
    if "credentials" in event:
        return state  # of previous credentials that are gone already, as where two jobs saw it
    # Credentials that are rejected since their user has no access any more do not prove that the grant is deleted.
    proven = not event.get("unproven")
    orders = tuple(
        replace(order, fulfilled=order.fulfilled or proven or order.kind != "delete") for order in state.open_orders
    )
    return replace(state, stage="retired", retired=True, open_orders=orders, number=0, previous=None)


def _after_event(previous: Former, event: Mapping[str, Any]) -> Former | None:
    """The previous credentials after an event about them; None where they are retired."""
    if event["event"] == "retired":
        return None
    if event["event"] == "refused":
        return replace(previous, refused=event["run"])
    if event["event"] == "attested" and "expires" in event:
        return replace(previous, expires=event["expires"])
    return replace(previous, refused=None)  # they were accepted after all


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
    if order.kind == "retire" and state.previous and state.previous.number == order.fields.get("credentials"):
        change = (order.fields.get("changes") or {}).get("expires")
        ended = {"expires": change["to"]} if change else {"deleted": True}
        return replace(state, previous=replace(state.previous, **ended))
    if order.kind in USER_KINDS:
        return replace(state, access=order.fields.get("access"), known={**state.known, "access": how})
    return state


def _ordered(state: GrantState, event: Mapping[str, Any]) -> GrantState:
    number, kind, fields = event["order"], event["kind"], event["fields"]
    suffix = number.rpartition(".")[2]
    written = max(state.orders_written + 1, int(suffix) if suffix.isdecimal() else 0)
    if state.retired and kind == "create":
        # A new life: only the numbers go on.
        state = GrantState(open_orders=state.open_orders, last_number=state.last_number, delivered=state.delivered)
    order = OpenOrder(number, kind, dict(fields))
    given_up = state.given_up and not order.is_of_rotation
    state = replace(state, orders_written=written, open_orders=(*state.open_orders, order), given_up=given_up)
    if state.stage == "declared" and kind in ("create", "regenerate"):
        state = replace(state, stage="requested")
    if state.stage == "requested" and kind == "create":
        state = _named(state, fields)
    return state


def _without(state: GrantState, number: str, *, closed: bool) -> GrantState:
    order = next((order for order in state.open_orders if order.number == number), None)
    if order is None:
        return state
    given_up = state.given_up or (order.is_of_rotation and not closed)
    left = tuple(other for other in state.open_orders if other is not order)
    state = replace(state, open_orders=left, given_up=given_up)
    if closed and order.kind == "create":
        return _named(state, order.fields)
    if state.stage == "requested" and not any(other.kind in ("create", "regenerate") for other in state.open_orders):
        return replace(state, stage="declared", client_name=None, generation=None, username=None)
    return state


def _former(state: GrantState, number: int, client_id: str | None) -> Former:
    """The credentials that new ones are stored beside; those that have this number are kept as they are."""
    if state.previous and state.previous.number == number:
        return state.previous
    if client_id != state.client_id:
        return Former(number, client_id, None, None)
    return Former(number, client_id, state.client_name, state.expires)


def _stored(state: GrantState, event: Mapping[str, Any]) -> GrantState:
    # Version 1 gave no numbers: each event is about the next credentials.
    number = event.get("credentials", state.last_number + 1)
    is_new_grant = event.get("client_id") != state.client_id
    is_new = is_new_grant or number != state.number
    if "previous" in event:
        state = _kept(state, event)
    state = replace(
        state,
        number=number,
        last_number=max(state.last_number, number),
        received_number=None,
        stored_on=event.get("on") or event.get("at", "")[:10] or None,
        given_up=bool(event.get("given_up")),
    )
    for order in state.open_orders:
        if order.kind == "create" or (order.kind == "replace" and order.fulfilled and is_new_grant):
            state = _named(state, order.fields)
        elif order.kind == "regenerate":
            state = replace(state, username=order.fields.get("username"))
    shown = {
        key: _value(event[key])
        for key in ("client_id", "client_name", "username", "expires", "ip_allowlist", "scopes")
        if key in event
    }
    for key in ("client_name", "username"):
        if shown.get(key, "") is None:
            del shown[key]
    known = {**state.known, **(event.get("known") or {})}
    return replace(_reached(state, "stored", is_new=is_new), known=known, deleted=False, refused=None, **shown)


def _delivered(state: GrantState, event: Mapping[str, Any]) -> GrantState:
    number = event["credentials"]
    found = Delivered(number, event["client_id"], event["how"], event.get("on"), event.get("declaration"))
    return replace(state, delivered={**state.delivered, (event["target"], event["host"]): found})


def _kept(state: GrantState, event: Mapping[str, Any]) -> GrantState:
    """The state with the previous credentials that are kept beside those that are stored now."""
    previous = _former(state, event["previous"], event.get("previous_client_id") or state.client_id)
    if event.get("given_up"):
        return replace(state, previous=replace(previous, given_up=True))
    leaked = any(order.leaked for order in state.open_orders)
    is_regenerated = event["client_id"] == state.client_id
    orders = tuple(
        replace(order, fulfilled=order.fulfilled or order.leaked or (order.kind == "replace" and not is_regenerated))
        for order in state.open_orders
    )
    return replace(state, previous=replace(previous, leaked=previous.leaked or leaked), open_orders=orders)


def _named(state: GrantState, fields: Mapping[str, Any]) -> GrantState:
    named: dict[str, Any] = {key: fields.get(key) for key in ("client_name", "generation", "username")}
    return replace(state, **named)


def _reached(state: GrantState, stage: str, *, is_new: bool = False) -> GrantState:
    """A stage is never lowered by a step towards newer credentials; what was retired starts again. C(is_new): of credentials in
    place of other ones, which alone are an answer to a leak: a secret that leaked is accepted as well."""
    if stage in ("verified", "stored") and state.open_orders:
        orders = tuple(
            replace(order, fulfilled=True)
            if order.kind in ("create", "regenerate") and (is_new or not order.leaked)
            else order
            for order in state.open_orders
        )
        state = replace(state, open_orders=orders)
    if state.retired or STAGES.index(stage) > STAGES.index(state.stage):
        return replace(state, stage=stage, retired=False)
    return state


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
