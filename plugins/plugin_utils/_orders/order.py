# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Which work orders must be open: a pure function from what is wanted and what the journals say to an ordered plan.

Number, generation, client name, dates and the list of grants to leave alone are fixed in the journal when an order
is first written. Its pages are rendered from there, which is why a second run changes no byte of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import (
    ADDING,
    HANDED_OVER,
    Order,
)
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_value
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import FILE_ACCESS, GRANT_KINDS, USER_KINDS
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, OpenOrder, fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import Surroundings

CLIENT_TYPE = "OAuth2 Client Credentials"
# Who and where, not what: pages follow the declaration in these without a new number.
FOLLOWING = ("owner", "purpose", "custodian", "sign_in", "screen", "closes")

Event = Mapping[str, Any]


@dataclass(frozen=True)
class WorkOrder:
    """An open order, with everything that its pages show."""

    number: str
    integration: str
    grant: str
    kind: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """What must happen so that exactly the needed orders are open."""

    orders: tuple[WorkOrder, ...]
    events: Mapping[str, tuple[Event, ...]]
    closed: tuple[str, ...]
    withdrawn: tuple[str, ...]


def plan(
    wanted: Sequence[Order],
    considered: Iterable[tuple[str, str]],
    journals: Mapping[str, Sequence[Event]],
    today: date,
    done: Collection[tuple[str, str]] = (),
    around: Surroundings | None = None,
) -> Plan:
    """Compares the wanted orders with the open ones of the grants that were considered; leaves all others alone.

    C(done) names those (integration, grant) of which it was seen that nothing is left to ask for, as the journal cannot
    know of files. C(around): what the pages show beside the orders; without it nothing of that is fixed with them.
    Raises L(InvalidArgument) for two orders of one kind for the same grant, and for an edit that changes nothing.
    """
    by_grant: dict[tuple[str, str], dict[str, Order]] = {pair: {} for pair in considered}
    for order in wanted:
        kinds = by_grant.setdefault((order.integration, order.grant), {})
        if order.kind in kinds:
            raise InvalidArgument(f"Two orders of the kind {order.kind} are wanted for {_place(order)}.")
        if order.kind == "edit" and not order.changes:
            raise InvalidArgument(f"The order of the kind edit for {_place(order)} says no changes.")
        kinds[order.kind] = order
    orders: list[WorkOrder] = []
    events: dict[str, tuple[Event, ...]] = {}
    closed: list[str] = []
    withdrawn: list[str] = []
    for integration in dict.fromkeys(integration for integration, _grant in by_grant):
        mine = {grant: kinds for (name, grant), kinds in by_grant.items() if name == integration}
        seen = {grant for name, grant in done if name == integration}
        kept, happened = _integration(integration, mine, journals.get(integration, ()), today, seen, around)
        orders += kept
        if happened:
            events[integration] = tuple(happened)
        closed += [event["order"] for event in happened if event["event"] == "closed"]
        withdrawn += [event["order"] for event in happened if event["event"] == "withdrawn"]
    return Plan(tuple(orders), events, tuple(closed), tuple(withdrawn))


def _integration(
    integration: str,
    grants: Mapping[str, Mapping[str, Order]],
    past: Sequence[Event],
    today: date,
    done: Collection[str],
    around: Surroundings | None,
) -> tuple[list[WorkOrder], list[Event]]:
    states = fold(past)
    orders: list[WorkOrder] = []
    ended: list[Event] = []
    new: list[tuple[Order, str | None]] = []
    for grant, kinds in grants.items():
        state = states.get(grant, GrantState())
        missing = dict(kinds)
        replaced: dict[str, str] = {}
        # The newest first: where two branches were merged, the older of two equal orders goes.
        for order in reversed(state.open_orders):
            want = missing.get(order.kind)
            differing = _differing(order, want, around) if want else []
            if want and not differing:
                del missing[order.kind]
                fields = {**order.fields, **_following(want, around)}
                fields.update(_key(order.number, want, fields, around))
                kept = WorkOrder(order.number, integration, grant, order.kind, fields)
                if kept.fields != order.fields:
                    # The same work, shown otherwise: the journal keeps the fingerprint of the page that is there now.
                    kept = _fingerprinted(kept)
                    ended.append({"event": "reworded", "grant": grant, "order": order.number, "fields": kept.fields})
                orders.append(kept)
            elif not want and (grant in done or _is_done(order, state)):
                ended.append({"event": "closed", "grant": grant, "order": order.number})
            else:
                reason = f"what is declared changed: {', '.join(differing)}" if want else "no longer wanted"
                ended.append({"event": "withdrawn", "grant": grant, "order": order.number, "reason": reason})
                replaced.setdefault(order.kind, order.number)
        new += [(want, replaced.get(kind)) for kind, want in missing.items() if not _was_closed(want, past, around)]
    written = _written(integration, new, past, states, today, around)
    ordered = [
        {"event": "ordered", "grant": order.grant, "order": order.number, "kind": order.kind, "fields": order.fields}
        for order in written
    ]
    places = {grant: place for place, grant in enumerate(grants)}
    return sorted([*orders, *written], key=lambda order: (places[order.grant], order.kind)), [*ended, *ordered]


def _was_closed(want: Order, past: Sequence[Event], around: Surroundings | None) -> bool:
    """Whether just this was asked for and done already, where it cannot be seen now whether that still holds."""
    if want.kind != FILE_ACCESS or want.certain:
        return False
    mine = [event for event in past if event["grant"] == want.grant]
    asked = next((event for event in reversed(mine) if event["event"] == "ordered"), None)
    if asked is None or not any(event["event"] == "closed" and event["order"] == asked["order"] for event in mine):
        return False
    return not _differing(OpenOrder(asked["order"], asked["kind"], asked["fields"]), want, around)


def _written(
    integration: str,
    new: Sequence[tuple[Order, str | None]],
    past: Sequence[Event],
    states: Mapping[str, GrantState],
    today: date,
    around: Surroundings | None,
) -> list[WorkOrder]:
    """Gives the new orders their numbers and fixes their fields; all names first, since each names the others."""
    used = _names(past)
    workspaces = _workspaces(past)
    for want, _replaced in new:
        if want.kind in GRANT_KINDS and want.workspace:
            workspaces[want.grant] = want.workspace
    numbers = {grant: state.orders_written for grant, state in states.items()}
    drafts: list[WorkOrder] = []
    for want, replaced in new:
        grant = want.grant
        state = states.get(grant, GrantState())
        numbers[grant] = numbers.get(grant, 0) + 1
        own = _user_fields(want) if want.kind in USER_KINDS else _fields(want, state, today)
        fields = {**_following(want, around), **own, "reason": want.reason, "written": today.isoformat()}
        if want.kind in ADDING:
            crowded = sum(workspace == want.workspace for workspace in workspaces.values()) > 1
            name, generation = _client_name(want, f"{today:%Y-%m}", used, crowded)
            used.add(name)
            fields.update(client_name=name, generation=generation)
        fields["replaces"] = replaced
        number = f"{integration}.{grant}.{numbers[grant]}"
        fields.update(_key(number, want, fields, around))
        drafts.append(WorkOrder(number, integration, grant, want.kind, plain_value(fields)))
    return [_sealed(draft, [] if draft.kind in USER_KINDS else _others(draft, drafts, states)) for draft in drafts]


def _following(want: Order, around: Surroundings | None) -> dict[str, Any]:
    own = {key: getattr(want, key) for key in FOLLOWING if getattr(want, key) is not None}
    return {**own, **(around.shown(want) if around else {})}


def _key(
    number: str, want: Order, fields: Mapping[str, Any], around: Surroundings | None
) -> Mapping[str, Mapping[str, str]]:
    """The key to which a page seals the credentials that its order asks for."""
    if want.kind not in HANDED_OVER or not around or not around.key_of:
        return {}
    key = around.key_of(number, fields.get("sealing_key"))
    return {"sealing_key": dict(key)} if key else {}


def _user_fields(want: Order) -> dict[str, Any]:
    """What the pages of an order for a user show: the steps, and the access that there is after them."""
    return {"username": want.username, "steps": want.steps, "access": want.access}


def _fields(want: Order, state: GrantState, today: date) -> dict[str, Any]:
    """Everything the pages show. For an edit: the values as they shall be after it."""
    if want.kind == FILE_ACCESS:
        own = {key: getattr(want, key) for key in ("workspace", "username", "files")}
        return {**own, "client_name": None, "client_id": None, "scopes": [], "changes": {}}
    create = want.kind in ADDING
    if want.kind == "retire" and state.previous:
        former = state.previous
        state = replace(
            state,
            client_name=former.client_name,
            client_id=former.client_id,
            expires=former.expires,
            number=former.number,
        )
    changes: dict[str, Any] = {}
    if want.kind in ("edit", "retire"):
        changes = {key: change.as_result() for key, change in want.changes.items()}
    expires = want.expires
    if create or "expires" in changes:
        expires = (changes.get("expires") or {}).get("to") or expires
        if want.lifetime_days and not want.expires:
            expires = (today + timedelta(days=want.lifetime_days)).isoformat()
        if "expires" in changes:
            changes["expires"]["to"] = expires
    else:
        expires = state.expires or expires
    values: dict[str, Any] = {
        "scopes": want.scopes if create or state.scopes is None else state.scopes,
        "ip_allowlist": want.ip_allowlist if create or state.ip_allowlist is None else state.ip_allowlist,
        **{key: change["to"] for key, change in changes.items() if key in ("scopes", "ip_allowlist")},
    }
    present = {"client_name": state.client_name, "client_id": state.client_id, "expires": state.expires}
    return {
        **({"present": present} if want.kind == "replace" else {}),
        **({"credentials": state.number} if want.kind == "retire" else {}),
        **({"leaked": True} if want.leaked else {}),
        "workspace": want.workspace,
        "username": want.username,
        "client_name": state.client_name,
        "generation": state.generation,
        "client_type": CLIENT_TYPE,
        "scopes": list(values["scopes"] or ()),
        "expires": expires,
        "lifetime_days": None if want.expires else want.lifetime_days,
        "ip_allowlist": list(values["ip_allowlist"] or ()),
        "client_id": None if create else (want.client_id or state.client_id),
        "changes": changes,
    }


def _client_name(want: Order, month: str, used: set[str], crowded: bool) -> tuple[str, str]:
    """A name that no grant of this integration ever had, so that two of them side by side are never mistaken."""
    who = f"{want.integration} ({want.grant})" if crowded else want.integration
    for count in range(1, len(used) + 2):
        generation = month if count == 1 else f"{month}.{count}"
        name = " ".join(f"{want.workspace} | {who} | {generation}".split())
        if name not in used:
            return name, generation
    raise AssertionError("more names than used ones were tried")


def _names(past: Sequence[Event]) -> set[str]:
    """Withdrawn orders count as well: somebody may have been quicker than the withdrawal."""
    names = {event["fields"].get("client_name") for event in past if event["event"] == "ordered"}
    names |= {event.get("client_name") for event in past if event["event"] == "stored"}
    return {name for name in names if name}


def _workspaces(past: Sequence[Event]) -> dict[str, str]:
    """The workspace of every grant that lives, by grant."""
    found: dict[str, str] = {}
    for event in past:
        if event["event"] == "ordered" and event["kind"] == FILE_ACCESS:
            continue
        workspace = event["fields"].get("workspace") if event["event"] == "ordered" else event.get("workspace")
        if workspace:
            found[event["grant"]] = workspace
        if event["event"] == "retired" and "credentials" not in event:
            found.pop(event["grant"], None)
    return found


def _others(order: WorkOrder, drafts: Sequence[WorkOrder], states: Mapping[str, GrantState]) -> list[dict[str, Any]]:
    """The grants of the same integration that whoever fulfils this order must not touch."""
    others = {
        (grant, state.client_name): state.client_id
        for grant, state in states.items()
        if state.stage not in ("declared", "retired") and (state.client_name or state.client_id)
    }
    for grant, state in states.items():
        if state.previous:
            others[(grant, state.previous.client_name)] = state.previous.client_id
    for draft in drafts:
        if draft.kind in ADDING:
            others.setdefault((draft.grant, draft.fields["client_name"]), None)
    others.pop((order.grant, order.fields["client_name"]), None)
    return [
        {"grant": grant, "client_name": name, "client_id": client_id}
        for (grant, name), client_id in sorted(others.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    ]


def _sealed(order: WorkOrder, others: list[dict[str, Any]]) -> WorkOrder:
    return _fingerprinted(replace(order, fields={**order.fields, "leave_alone": others}))


def _fingerprinted(order: WorkOrder) -> WorkOrder:
    """The order with the fingerprint of everything that its pages show."""
    shown = {key: value for key, value in order.fields.items() if key != "fingerprint"}
    canonical = json.dumps([order.number, order.kind, shown], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:16]
    fingerprint = " ".join(digest[place : place + 4] for place in range(0, 16, 4))
    return replace(order, fields={**shown, "fingerprint": fingerprint})


def _differing(order: OpenOrder, want: Order, around: Surroundings | None) -> list[str]:
    """The names of what the order asks for and is no longer declared so."""
    fixed = order.fields
    # An order of another organization or region is another order; one of an older release does not say of which it is.
    differing = ["organization"] if around and _is_other(fixed.get("organization"), around.organization) else []
    keys = ("username", "steps", "access") if order.kind in USER_KINDS else ("workspace", "username")
    differing += [key for key in keys if fixed.get(key) != plain_value(getattr(want, key))]
    if order.kind in USER_KINDS:
        return differing
    if fixed.get("client_id") and want.client_id and fixed["client_id"] != want.client_id:
        differing.append("client_id")
    if order.kind in ADDING:
        differing += [key for key in ("scopes", "ip_allowlist") if set(fixed.get(key) or ()) != set(getattr(want, key))]
        differing += ["expires"] if _is_other_date(fixed, want, want.expires) else []
    differing += ["leaked"] if bool(fixed.get("leaked")) != want.leaked else []
    if order.kind == "retire":
        differing += ["expires"] if bool(fixed.get("changes")) != bool(want.changes) else []
    if order.kind == FILE_ACCESS:
        differing += ["files"] if fixed.get("files") != plain_value(want.files) else []
    if order.kind == "edit":
        before, after = fixed.get("changes") or {}, want.changes
        for key in dict.fromkeys([*before, *after]):
            if key not in before or key not in after:
                differing.append(key)
            elif key == "expires":
                differing += [key] if _is_other_date(fixed, want, _date(want)) else []
            elif _comparable(before[key].get("to")) != _comparable(after[key].after):
                differing.append(key)
    return differing


def _is_other(before: Mapping[str, str] | None, now: Mapping[str, str] | None) -> bool:
    """Whether two organizations differ in what both are known by: an older release did not write the C(api_url)."""
    if not before or not now:
        return False
    return any(before[key] != now.get(key, "") for key in ("id", "region", "api_url") if key in before)


def _date(want: Order) -> str | None:
    """The date that an edit asks for; none where it only says how long from the day on which the order is written."""
    if want.lifetime_days and not want.expires:
        return None
    after = want.changes["expires"].after
    return after if isinstance(after, str) else want.expires


def _is_other_date(fixed: Mapping[str, Any], want: Order, expires: str | None) -> bool:
    if expires:
        return bool(fixed.get("expires") != expires)
    return bool(fixed.get("lifetime_days") != want.lifetime_days)


def _is_done(order: OpenOrder, state: GrantState) -> bool:
    if order.kind == "edit":
        return all(
            _comparable(getattr(state, key, None)) == _comparable(change.get("to"))
            for key, change in (order.fields.get("changes") or {}).items()
        )
    if order.kind == "retire" and not order.fulfilled:
        change = (order.fields.get("changes") or {}).get("expires")
        previous = state.previous
        if previous is None or previous.number != order.fields.get("credentials"):
            return True
        return change is not None and previous.expires == change["to"]
    return order.fulfilled or (order.kind == "delete" and state.retired)


def _comparable(value: Any) -> Any:
    return frozenset(value) if isinstance(value, (list, tuple)) else value


def _place(order: Order) -> str:
    what = "user" if order.kind in USER_KINDS else f"grant {order.grant}"
    return f"the {what} of {order.integration}"
