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
    """What a run does about the rotation of a grant. C(due): it starts one that is due. C(now): it starts one in any case."""

    due: bool = False
    now: bool = False


def why_not_startable(held: Held, known: Known, check: TokenCheck | None) -> str | None:
    """Why no rotation can start now: the present credentials must work, and no rotation may be open."""
    if not held.readable or not known.exists:
        return "No credentials of the grant are stored yet."
    if is_outdated(held, known):
        return "The vault file holds older credentials than the journal knows."
    if held.received:
        return "Other credentials of the grant are kept until they can be verified."
    if held.previous or known.previous:
        return "An earlier rotation is open: the previous credentials are not retired yet."
    if check is None or not check.accepted:
        return "The present credentials were not accepted in this run."
    return None


def why_replace(
    declared: Declared,
    held: Held,
    known: Known,
    check: TokenCheck | None,
    today: date,
    request: RotationRequest,
) -> str | None:
    """Why a grant needs the order to add its next grant. An order that is open stays open, whatever became of its reason."""
    due = None
    if declared.rotation:
        expires, stored_on = parse_date(held.expires or known.expires), parse_date(known.stored_on)
        due = find_reason(declared.rotation, expires, stored_on, today)
    if "replace" in known.open_orders:
        return due or "Its rotation was started."
    if not (request.now or (request.due and due)) or why_not_startable(held, known, check):
        return None
    return due or "The rotation of this grant was requested."


def find_retirement(declared: Declared, known: Known, check: TokenCheck | None, today: date) -> Order | None:
    """The order that the previous grant needs, to bring its expiry forward or to delete it; None where it ends by itself.

    C(check) is what the token request with the previous credentials showed. An expiry that is near ends the grant without
    anybody. A far one is brought forward first, which can be undone. A grant that works past its date has to be deleted.
    """
    previous = known.previous
    if previous is None or previous.deleted:
        return None
    is_open = "retire" in known.open_orders
    accepted = check is not None and check.accepted
    if check is not None and check.finding == "rejected" and not is_open:
        return None
    rotation = declared.rotation or Rotation()
    days_left = days_until(previous.expires, today)
    over = days_left is not None and days_left < 0
    if not declared.present or (over and (accepted or is_open)):
        reason = "The integration is not needed any more." if not declared.present else ""
        reason = (
            reason or f"The previous grant should have expired on {previous.expires}, and its credentials still work."
        )
        return order_for(declared, "retire", reason, previous.client_id)
    if days_left is not None and days_left <= max(1, rotation.overlap, rotation.before_expiry or 0):
        return None
    reason = (
        "The new credentials are stored. The previous grant is to end when both have worked side by side long enough."
    )
    order = order_for(declared, "retire", reason, previous.client_id, {"expires": Change(previous.expires, None)})
    return replace(order, expires=None, lifetime_days=max(1, rotation.overlap))


def describe_due(declared: Declared, known: Known, today: date) -> str | None:
    """Since when a grant is to be rotated, in words; None where it is not due."""
    if not declared.rotation or not declared.present or not known.exists or known.previous:
        return None
    due = find_due_day(declared.rotation, parse_date(known.expires), parse_date(known.stored_on))
    return f"since {due[0]}" if due and due[0] <= today else None
