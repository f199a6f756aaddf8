# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""How the credentials of a grant are replaced by those of a new grant while both work: pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.module_utils._grants.dates import days_until
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import (
    Change,
    Declared,
    Finding,
    Held,
    Known,
    is_outdated,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order, order_for
from ansible_collections.integrations.workiva.plugins.module_utils._grants.schedule import (
    Rotation,
    find_due_day,
    find_reason,
)

if TYPE_CHECKING:
    from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck


@dataclass(frozen=True)
class RotationRequest:
    """What a run does about the rotation of a grant. C(due): it starts one that is due. C(now): it starts one in any case.
    C(leaked): the present secret leaked, and a new one is needed at once. C(give_up): an open rotation ends, and the credentials
    before it become the present ones again."""

    due: bool = False
    now: bool = False
    leaked: bool = False
    give_up: bool = False


def why_not_startable(held: Held, known: Known, check: TokenCheck | None) -> str | None:
    """Why no rotation can start now: the present credentials must work, and no rotation may be open."""
    if not held.readable or not known.exists:
        return "No credentials of the grant are stored yet."
    if is_outdated(held, known):
        return "The vault file holds older credentials than the journal knows."
    if held.received:
        return "Other credentials of the grant are kept until they can be verified."
    if (held.previous or known.previous) and not _has_leaked(known):
        return "An earlier rotation is open: the previous credentials are not retired yet."
    if check is None or not check.accepted:
        return "The present credentials were not accepted in this run."
    return None


def _has_leaked(known: Known) -> bool:
    """Whether the previous credentials are a leaked secret of the present grant, which was regenerated since."""
    return bool(known.previous and known.previous.leaked and known.previous.client_id == known.client_id)


def find_leak(known: Known, check: TokenCheck | None) -> Finding | None:
    """The finding about a secret that leaked. C(check) is what the token request with the previous credentials showed."""
    if known.previous and known.previous.leaked and check is not None and check.accepted:
        return Finding("leaked", "The leaked secret still works: delete the grant.")
    return None


def find_regeneration(declared: Declared, held: Held, known: Known, request: RotationRequest) -> Order | None:
    """The order to replace a secret that leaked, which stays open until a new secret is stored."""
    starts = request.leaked and held.readable and not known.previous
    if request.give_up or not (starts or known.leaked):
        return None
    reason = (
        "The secret of this grant leaked. Regenerate it now; the connected system stops until it has the new one. Whether that ends the "
        "old secret at once is not documented: the program checks it, and asks to delete the grant if the leaked secret still "
        "works. If nobody can sign in now, an administrator can delete the grant instead. Tokens that were issued may work for ten "
        "more minutes."
    )
    return replace(order_for(declared, "regenerate", reason, held.client_id or known.client_id), leaked=True)


def why_not_given_up(held: Held, known: Known, previous: TokenCheck | None) -> str | None:
    """Why an open rotation cannot be given up by going back to the credentials before it."""
    if held.previous is None or known.previous is None:
        return None if "replace" in known.open_orders or known.leaked else "No rotation of this grant is open."
    if known.previous.leaked:
        return "The previous secret leaked."
    if known.previous.given_up:
        return "The present credentials are those before the rotation already."
    if previous is None or not previous.accepted:
        return "The previous credentials were not accepted in this run."
    return None


def why_not_done(
    held: Held, known: Known, check: TokenCheck | None, previous: TokenCheck | None, request: RotationRequest
) -> str | None:
    """Why what a person asked for about the rotation of a grant cannot be done."""
    if request.give_up:
        why = why_not_given_up(held, known, previous)
        return f"No rotation was given up. {why}" if why else None
    if request.leaked and not known.leaked and (known.previous or not held.readable):
        advice = "Regenerate the secret of the present grant in Workiva, and hand it over."
        why = f"An earlier rotation is open. {advice}" if known.previous else "No credentials of the grant are stored."
        return f"No work order was written for the leaked secret. {why}"
    starts = request.now and "replace" not in known.open_orders
    why = why_not_startable(held, known, check) if starts else None
    return f"The rotation was not started. {why}" if why else None


def why_replace(
    declared: Declared,
    held: Held,
    known: Known,
    check: TokenCheck | None,
    previous: TokenCheck | None,
    today: date,
    request: RotationRequest,
) -> str | None:
    """Why a grant needs the order to add its next grant. An order that is open stays open, whatever became of its reason.

    C(check) and C(previous): what the token requests with the present and the previous credentials showed.
    """
    due = None
    if declared.rotation:
        expires, stored_on = parse_date(held.expires or known.expires), parse_date(known.stored_on)
        due = find_reason(declared.rotation, expires, stored_on, today)
    if request.give_up:
        return None
    if "replace" in known.open_orders:
        return due or "Its rotation was started."
    if _has_leaked(known) and find_leak(known, previous):
        return (
            "A secret of the present grant leaked and works although it was regenerated: the grant has to be deleted."
        )
    if not (request.now or (request.due and due)) or why_not_startable(held, known, check):
        return None
    return due or "The rotation of this grant was requested."


def find_retirement(
    declared: Declared, known: Known, check: TokenCheck | None, today: date, *, undelivered: bool = False
) -> Order | None:
    """The order that the previous grant needs, to bring its expiry forward or to delete it; None where it ends by itself.

    C(check) is what the token request with the previous credentials showed. An expiry that is near ends the grant without
    anybody. A far one is brought forward first, which can be undone. A grant that works past its date has to be deleted, and so
    has one whose secret leaked, or whose rotation was given up. C(undelivered): a system may still need it.
    """
    previous = known.previous
    if previous is None or previous.deleted or _has_leaked(known):
        return None
    is_open = "retire" in known.open_orders
    accepted = check is not None and check.accepted
    if check is not None and check.finding == "rejected" and not is_open:
        return None
    rotation = declared.rotation or Rotation()
    days_left = days_until(previous.expires, today)
    over = days_left is not None and days_left < 0
    reason = ""
    if not declared.present:
        reason = "The integration is not needed any more."
    elif previous.leaked:
        reason = "The secret of this grant leaked and still works."
    elif undelivered and not is_open:
        return None
    elif previous.given_up:
        reason = "The rotation was given up, so that its new grant is not used."
    elif over and (accepted or is_open):
        reason = f"The previous grant should have expired on {previous.expires}, and its credentials still work."
    if reason:
        return order_for(declared, "retire", reason, previous.client_id)
    if days_left is not None and days_left <= max(1, rotation.overlap, rotation.before_expiry or 0):
        return None
    reason = (
        "The new credentials are stored. The previous grant is to end when both have worked side by side long enough."
    )
    order = order_for(declared, "retire", reason, previous.client_id, {"expires": Change(previous.expires, None)})
    return replace(order, expires=None, lifetime_days=max(1, rotation.overlap))


def find_orders(
    declared: Declared,
    held: Held,
    known: Known,
    check: TokenCheck | None,
    previous: TokenCheck | None,
    today: date,
    request: RotationRequest,
    *,
    undelivered: bool,
) -> list[Order]:
    """All orders that the rotation of a present grant needs."""
    reason = why_replace(declared, held, known, check, previous, today, request)
    found = [
        order_for(declared, "replace", reason) if reason else None,
        find_regeneration(declared, held, known, request),
        find_retirement(declared, known, previous, today, undelivered=undelivered),
    ]
    return [order for order in found if order]


def describe_due(declared: Declared, known: Known, today: date) -> str | None:
    """Since when a grant is to be rotated, in words; None where it is not due."""
    if not declared.rotation or not declared.present or not known.exists or known.previous:
        return None
    due = find_due_day(declared.rotation, parse_date(known.expires), parse_date(known.stored_on))
    return f"since {due[0]}" if due and due[0] <= today else None
