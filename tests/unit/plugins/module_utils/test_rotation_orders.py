# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The orders of a rotation: doing what they ask leaves no order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import (
    Declared,
    Deliveries,
    Former,
    Held,
    HeldPrevious,
    Known,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.rotation import (
    RotationRequest,
    find_retirement,
    why_not_startable,
    why_replace,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.schedule import Rotation
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck

TODAY = date(2027, 6, 1)
GRANT = Declared("payroll", "filing", "SEC", "u@example.com", ("file:read",), custodian="anna", lifetime_days=365)
HELD = Held("c1", True, "2027-06-30", number=1)
KNOWN = Known(
    "stored", False, "c1", "SEC", "u@example.com", ("file:read",), "2027-06-30", number=1, stored_on="2026-07-01"
)
ACCEPTED = TokenCheck("ok", "", accepted=True, scopes=("file:read",))
REFUSED = TokenCheck("rejected", "The endpoint said no.")
CHECKS = st.sampled_from([ACCEPTED, REFUSED, TokenCheck("unreachable", "No answer."), None])
ROTATIONS = st.none() | st.builds(
    Rotation, st.none() | st.integers(1, 364), st.none() | st.integers(1, 400), st.integers(0, 60)
)
DATES = st.none() | st.dates(date(2027, 1, 1), date(2029, 12, 31)).map(str)
DELIVERIES = st.builds(
    Deliveries, st.booleans(), st.booleans(), st.none() | st.dates(date(2027, 5, 1), date(2027, 8, 31))
)
REQUESTS = st.builds(RotationRequest, st.booleans(), st.booleans())


@given(ROTATIONS, DATES, REQUESTS, CHECKS)
def test_rotation_that_was_carried_out_needs_no_next_grant(
    rotation: Rotation | None, expires: str | None, request: RotationRequest, check: TokenCheck | None
) -> None:
    grant, held = replace(GRANT, rotation=rotation), replace(HELD, expires=expires)
    known = replace(KNOWN, expires=expires)
    wanted = why_replace(grant, held, known, check, None, TODAY, request)
    assert wanted is None or why_not_startable(held, known, check) is None
    if wanted is None:
        return
    assert why_replace(grant, held, replace(known, open_orders={"replace": "n"}), None, None, TODAY, RotationRequest())
    later = str(TODAY + timedelta(days=365))
    held = Held("c2", True, later, number=2, previous=HeldPrevious("c1", True, 1, expires))
    known = replace(known, client_id="c2", expires=later, number=2, stored_on=str(TODAY), previous=Former(1, "c1"))
    assert why_replace(grant, held, known, ACCEPTED, None, TODAY, request) is None


@given(ROTATIONS, DATES, CHECKS, st.booleans(), st.sampled_from(["present", "absent"]), DELIVERIES)
def test_order_to_end_the_previous_grant_that_was_carried_out_needs_no_other(
    rotation: Rotation | None,
    expires: str | None,
    check: TokenCheck | None,
    is_open: bool,
    state: str,
    deliveries: Deliveries,
) -> None:
    grant = replace(GRANT, rotation=rotation, state=state)
    known = replace(KNOWN, previous=Former(1, "c0", expires=expires), open_orders={"retire": "n"} if is_open else {})
    order = find_retirement(grant, known, check, TODAY, deliveries)
    if order is None:
        return
    assert order.client_id == "c0"
    done = Former(1, "c0", deleted=True)
    if order.changes:
        ends = TODAY + timedelta(days=order.lifetime_days or 0)
        # The old grant lives as long as a target may use it.
        assert deliveries.settled is None or ends >= deliveries.settled
        done = Former(1, "c0", expires=str(ends))
    elif grant.present:
        assert not deliveries.missing
        assert deliveries.settled is None or deliveries.settled <= TODAY
    assert find_retirement(grant, replace(known, previous=done, open_orders={}), check, TODAY, deliveries) is None


def test_previous_grant_that_ends_by_itself_needs_no_order() -> None:
    for expires, check in (("2027-06-05", ACCEPTED), ("2027-05-31", REFUSED), ("2029-01-01", REFUSED)):
        known = replace(KNOWN, previous=Former(1, "c0", expires=expires))
        assert find_retirement(GRANT, known, check, TODAY) is None
    assert find_retirement(GRANT, KNOWN, None, TODAY) is None


def test_grant_that_is_not_used_any_more_is_deleted_when_its_targets_have_settled() -> None:
    given_up = Former(2, "c2", expires="2028-01-31", given_up=True)
    for previous, waits in ((given_up, True), (replace(given_up, given_up=False, leaked=True), False)):
        for orders in ({}, {"retire": "n"}):
            known = replace(KNOWN, previous=previous, open_orders=orders)
            for deliveries in (Deliveries(missing=True), Deliveries(settled=date(2027, 6, 2))):
                assert (find_retirement(GRANT, known, ACCEPTED, TODAY, deliveries) is None) == waits
            order = find_retirement(GRANT, known, ACCEPTED, TODAY, Deliveries(settled=TODAY))
            assert order is not None
            assert order.changes == {}
