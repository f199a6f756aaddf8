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
    NO_TARGETS,
    Change,
    Declared,
    Deliveries,
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
    before it become the present ones again. C(is_used): runs of the collection use the grant, so that its secret is never regenerated."""

    due: bool = False
    now: bool = False
    leaked: bool = False
    give_up: bool = False
    is_used: bool = False


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


def is_replacement(held: Held, known: Known, client_id: str) -> bool:
    """Whether new credentials are those of the next grant, beside which the present ones are kept."""
    if not held.client_id or held.client_id == client_id:
        return False
    # Also where the vault lost the previous credentials that the journal knows: what it holds is of that grant.
    lost = known.previous if not held.previous else None
    return "replace" in known.open_orders or (lost is not None and lost.client_id == held.client_id)


def _has_leaked(known: Known) -> bool:
    """Whether the previous credentials are a leaked secret of the present grant, which was regenerated since."""
    return bool(known.previous and known.previous.leaked and known.previous.client_id == known.client_id)


def find_end(known: Known) -> str | None:
    """The day on which the grant of the previous credentials expires: the present grant itself, where only its secret changed."""
    return known.expires if _has_leaked(known) else known.previous.expires if known.previous else None


def judge_previous(held: Held, known: Known, check: TokenCheck | None) -> list[Finding]:
    """The findings about the previous credentials: a leaked secret that still works, and credentials that nothing is known of any
    more. C(check) is what the token request with them showed."""
    if known.previous is None:
        return []
    if known.previous.leaked and check is not None and check.accepted:
        return [
            Finding(
                "leaked", "The leaked secret still works. It ends when the grant was replaced by a new one and deleted."
            )
        ]
    if held.previous is None or held.previous.readable:
        return []
    expires = find_end(known)
    until = f"has expired ({expires}) or its work order is confirmed" if expires else "has a confirmed expiry"
    detail = (
        "The previous credentials in the vault cannot be decrypted, so that nothing shows whether they still work. The rotation stays "
        f"open until the previous grant {until}."
    )
    return [Finding("unchecked", detail)]


def find_leak_order(declared: Declared, held: Held, known: Known, request: RotationRequest) -> Order | None:
    """The order to replace a secret that leaked, which stays open until a new one is stored."""
    starts = request.leaked and held.readable and not known.previous
    if request.give_up or not (starts or known.leaked):
        return None
    if request.is_used:
        reason = (
            "The secret of this grant leaked. Add the next grant now: runs use the present one until the credentials of the next one are "
            "stored. Then a work order asks to delete the present grant, whose leaked secret works until that is done."
        )
        return replace(order_for(declared, "replace", reason), leaked=True)
    reason = (
        "The secret of this grant leaked. Regenerate it now; the connected system stops until it has the new one. Whether that ends the "
        "old secret at once is not documented: the program checks it, and asks to delete the grant if the leaked secret still "
        "works. If nobody can sign in now, an administrator can delete the grant instead. Tokens that were issued may work for ten "
        "more minutes."
    )
    return replace(order_for(declared, "regenerate", reason, held.client_id or known.client_id), leaked=True)


def is_given_up(known: Known) -> bool:
    """Whether the last rotation was given up already."""
    return known.previous.given_up if known.previous else known.given_up


def why_not_given_up(held: Held, known: Known, previous: TokenCheck | None) -> str | None:
    """Why an open rotation cannot be given up by going back to the credentials before it."""
    if is_given_up(known):
        return None
    if held.previous is None or known.previous is None:
        return None if "replace" in known.open_orders or known.leaked else "No rotation of this grant is open."
    if known.previous.leaked:
        return "The previous secret leaked."
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
    if request.leaked:
        why = _why_no_leak_order(held, known, request)
        return f"No work order was written for the leaked secret. {why}" if why else None
    starts = request.now and "replace" not in known.open_orders
    why = why_not_startable(held, known, check) if starts else None
    return f"The rotation was not started. {why}" if why else None


def _why_no_leak_order(held: Held, known: Known, request: RotationRequest) -> str | None:
    if known.leaked or (known.previous and known.previous.leaked):
        return None  # it is asked for already, or the leaked secret is the previous one
    if not known.previous:
        return None if held.readable else "No credentials of the grant are stored."
    if request.is_used:
        advice = "Give it up with workiva_give_up: the previous credentials are used again, and a work order asks to delete the grant."
    else:
        advice = "Regenerate the secret of the present grant in Workiva, and hand it over."
    return f"An earlier rotation is open. {advice}"


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
    if request.give_up and not (known.previous and known.previous.leaked):
        return None
    if "replace" in known.open_orders:
        return due or "Its rotation was started."
    if _has_leaked(known) and previous is not None and previous.accepted:
        return (
            "A secret of the present grant leaked and works although it was regenerated: the grant has to be deleted."
        )
    if not (request.now or (request.due and due)) or why_not_startable(held, known, check):
        return None
    return due or "The rotation of this grant was requested."


def find_retirement(
    declared: Declared, known: Known, check: TokenCheck | None, today: date, deliveries: Deliveries = NO_TARGETS
) -> Order | None:
    """The order that the previous grant needs, to bring its expiry forward or to delete it; None where it ends by itself.

    C(check) is what the token request with the previous credentials showed. An expiry that is near ends the grant without
    anybody. A far one is brought forward first, which can be undone. A grant that works past its date has to be deleted, and so
    has one whose secret leaked, or whose rotation was given up. But for a leak, it lives as long as C(deliveries) show that a system may
    still use it.
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
    settles_in = (deliveries.settled - today).days if deliveries.settled else 0
    is_in_use = deliveries.missing or settles_in > 0
    reason = ""
    if not declared.present:
        reason = "The integration is not needed any more."
    elif previous.leaked:
        reason = "The secret of this grant leaked, and is not known to be refused."
    elif previous.given_up:
        reason = "" if is_in_use else "The rotation was given up, so that its new grant is not used."
    elif over and (accepted or is_open) and not is_in_use:
        reason = f"The previous grant should have expired on {previous.expires}, and its credentials still work."
    if reason:
        return order_for(declared, "retire", reason, previous.client_id)
    longest = max(1, rotation.overlap, settles_in)
    is_near = days_left is not None and days_left <= max(longest, rotation.before_expiry or 0)
    if previous.given_up or is_near or (deliveries.missing and not is_open):
        return None
    reason = (
        "The new credentials are stored. The previous grant is to end when both have worked side by side long enough."
    )
    order = order_for(declared, "retire", reason, previous.client_id, {"expires": Change(previous.expires, None)})
    return replace(order, expires=None, lifetime_days=longest)


def find_orders(
    declared: Declared,
    held: Held,
    known: Known,
    check: TokenCheck | None,
    previous: TokenCheck | None,
    today: date,
    request: RotationRequest,
    deliveries: Deliveries,
) -> list[Order]:
    """All orders that the rotation of a present grant needs."""
    leak = find_leak_order(declared, held, known, request)
    reason = why_replace(declared, held, known, check, previous, today, request)
    found = [
        order_for(declared, "replace", reason) if reason and not (leak and leak.kind == "replace") else None,
        leak,
        find_retirement(declared, known, previous, today, deliveries),
    ]
    return [order for order in found if order]


def describe_due(declared: Declared, known: Known, today: date) -> str | None:
    """Since when a grant is to be rotated, in words; None where it is not due."""
    if not declared.rotation or not declared.present or not known.exists or known.previous:
        return None
    due = find_due_day(declared.rotation, parse_date(known.expires), parse_date(known.stored_on))
    return f"since {due[0]}" if due and due[0] <= today else None
