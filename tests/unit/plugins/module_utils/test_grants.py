# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judgement of a grant: an ok grant needs nothing, and doing what the orders ask leaves no order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import (
    Change,
    Declared,
    Held,
    Known,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.module_utils._grants.status import (
    FINDINGS,
    Assessment,
    Circumstances,
    assess,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck

TODAY = date(2026, 11, 24)
NOW = Circumstances(TODAY, 30, "W1", False, workspaces={"SEC": "W1", "ESG": "W2"})
CONTROLLED = replace(NOW, controlled=True)
GONE = replace(CONTROLLED, without_access=True)
RETIRED = Known("retired", True, open_orders={"delete": "payroll.filing.2"})
GRANT = Declared("payroll", "filing", "SEC", "u@example.com", ("file:read",), custodian="anna", expires="2027-06-30")
HELD = Held("c1", True, "2027-06-30")
KNOWN = Known("stored", False, "c1", "SEC", "u@example.com", ("file:read",), "2027-06-30", ())
ACCEPTED = TokenCheck("ok", "", accepted=True, scopes=("file:read",), workspace_id="W1")
REFUSED = TokenCheck("rejected", "The endpoint said no.")
LOST = TokenCheck("unreachable", "No answer.")


def judged(**more: Any) -> Assessment:
    facts = {"declared": GRANT, "held": HELD, "known": KNOWN, "check": ACCEPTED, "circumstances": NOW, **more}
    return assess(**facts)


def test_an_ok_grant_needs_nothing() -> None:
    found = judged()
    assert (found.stage, found.health, found.orders, found.attest) == ("stored", "ok", (), ())
    assert (found.waits_for, found.next, found.error) == (None, "Nothing is left to do.", None)
    assert found.days_left == 218


@pytest.mark.parametrize(
    ("more", "health", "kinds"),
    [
        ({"held": Held(), "known": Known(), "check": None}, "unchecked", ["create"]),
        ({"held": Held(), "check": None}, "unchecked", ["regenerate"]),  # a journal that numbers nothing
        ({"held": Held("c1", damaged="cannot be decrypted"), "check": None}, "unchecked", []),
        ({"check": REFUSED}, "rejected", ["regenerate"]),
        ({"check": REFUSED, "circumstances": replace(NOW, doubtful=True)}, "blocked_here", []),
        ({"check": LOST}, "unreachable", []),
        ({"check": LOST, "known": replace(KNOWN, open_orders={"regenerate": "n"})}, "unreachable", ["regenerate"]),
        ({"check": replace(ACCEPTED, scopes=("file:write",))}, "drifted", ["edit"]),
        ({"check": replace(ACCEPTED, workspace_id="W2")}, "drifted", []),
        ({"check": replace(ACCEPTED, workspace_id=None)}, "ok", []),
        ({"declared": replace(GRANT, workspace="ESG")}, "drifted", []),
        ({"declared": replace(GRANT, username="v@example.com")}, "drifted", ["regenerate", "edit"]),
        ({"declared": replace(GRANT, username="U@example.com")}, "ok", []),
        ({"declared": replace(GRANT, expires="2027-12-31")}, "drifted", ["edit"]),
        ({"declared": replace(GRANT, ip_allowlist=("203.0.113.7",))}, "drifted", ["edit"]),
        ({"circumstances": replace(NOW, today=date(2027, 6, 10))}, "expiring", []),
        ({"circumstances": replace(NOW, today=date(2027, 7, 1))}, "date_unconfirmed", []),
        ({"circumstances": replace(NOW, today=date(2027, 7, 1)), "check": REFUSED}, "expired", []),
        ({"circumstances": replace(NOW, today=date(2027, 6, 30)), "check": REFUSED}, "expired", []),
        # A date alone is no proof: somebody may have extended the grant.
        ({"circumstances": replace(NOW, today=date(2027, 7, 1)), "check": LOST}, "unreachable", []),
        ({"circumstances": replace(NOW, today=date(2027, 7, 1)), "check": None}, "unchecked", []),
        ({"declared": replace(GRANT, state="absent")}, "drifted", ["delete"]),
        ({"declared": replace(GRANT, state="absent"), "check": LOST}, "unreachable", ["delete"]),
        # A refusal proves something only where other credentials are accepted from the same place.
        ({"declared": replace(GRANT, state="absent"), "check": REFUSED}, "rejected", ["delete"]),
        ({"declared": replace(GRANT, state="absent"), "check": REFUSED, "circumstances": CONTROLLED}, "rejected", []),
        ({"declared": replace(GRANT, state="absent"), "held": Held(), "known": Known()}, "ok", []),
        # A user without access explains the refusal: only a person's word says that the grant is gone.
        ({"declared": replace(GRANT, state="absent"), "check": REFUSED, "circumstances": GONE}, "rejected", ["delete"]),
        (
            {
                "declared": replace(GRANT, state="absent"),
                "check": REFUSED,
                "circumstances": GONE,
                "known": replace(KNOWN, deleted=True),
            },
            "rejected",
            [],
        ),
        (
            {
                "declared": replace(GRANT, state="absent"),
                "held": Held(),
                "check": None,
                "known": RETIRED,
            },
            "ok",
            ["delete"],
        ),
    ],
)
def test_findings_and_orders(more: dict[str, Any], health: str, kinds: list[str]) -> None:
    found = judged(**more)
    assert found.health == health
    assert list(found.kinds) == kinds


def test_a_date_that_has_passed_is_mentioned_where_the_check_could_not_be_made() -> None:
    for check in (LOST, None):
        (finding,) = judged(check=check, circumstances=replace(NOW, today=date(2027, 7, 1))).findings
        assert finding.detail.endswith("The expiry date that is known, 2027-06-30, has passed.")


def test_a_lifetime_that_is_over_is_extended_and_the_new_date_is_asked_for() -> None:
    grant = replace(GRANT, expires=None, lifetime_days=365)
    over = replace(NOW, today=date(2027, 7, 5))
    found = judged(declared=grant, check=REFUSED, circumstances=over)
    assert found.orders[0].changes == {"expires": Change("2027-06-30", None)}
    assert found.attest == ("expires",)


def test_unverified_credentials_keep_their_order_open_and_ask_nobody_twice() -> None:
    kept = Held(received="c1")
    found = judged(held=kept, known=Known(open_orders={"create": "payroll.filing.1"}), check=None)
    assert (found.stage, found.kinds, found.waits_for) == ("received", ("create",), None)
    assert judged(held=kept, known=Known("received"), check=None).orders == ()


def test_a_grant_is_not_ordered_with_a_date_that_is_over() -> None:
    found = judged(declared=replace(GRANT, expires="2026-11-24"), held=Held(), known=Known(), check=None)
    assert found.orders == ()
    assert "not in the future" in (found.error or "")


days = st.integers(min_value=-40, max_value=400).map(lambda days: (TODAY + timedelta(days=days)).isoformat())
future = st.integers(min_value=1, max_value=400).map(lambda days: (TODAY + timedelta(days=days)).isoformat())
scopes = st.lists(st.sampled_from(["file:read", "file:write", "data_tables|r"]), min_size=1, unique=True).map(tuple)
addresses = st.lists(st.sampled_from(["203.0.113.7", "203.0.113.8"]), unique=True).map(tuple)
names = st.sampled_from(["u@example.com", "v@example.com"])
lives = st.one_of(
    st.tuples(future, st.none()), st.tuples(st.none(), st.integers(min_value=31, max_value=400))
)  # expires, lifetime_days


@st.composite
def grants(draw: Any) -> Declared:
    expires, lifetime = draw(lives)
    return replace(
        GRANT,
        scopes=draw(scopes),
        username=draw(names),
        ip_allowlist=draw(addresses),
        expires=expires,
        lifetime_days=lifetime,
        lifetime_declared=lifetime is not None and draw(st.booleans()),
    )


@st.composite
def situations(draw: Any) -> tuple[Held, Known, TokenCheck | None]:
    """A grant that was made some day, in any state of its credentials and of the network; or none at all."""
    if draw(st.booleans()):
        return Held(), Known(), None
    expires = draw(days)
    had = draw(scopes)
    known = Known("stored", False, "c1", "SEC", draw(names), had, expires, draw(addresses))
    if draw(st.booleans()):
        return Held(), known, None
    answers = [ACCEPTED, REFUSED, LOST, None]
    check = draw(st.sampled_from(answers))
    check = replace(check, scopes=draw(scopes)) if check is ACCEPTED else check
    return Held("c1", True, expires), known, check


def fulfilled(declared: Declared, held: Held, known: Known, order: Order) -> tuple[Held, Known]:
    """What is held and known after people did what an order asks."""
    late = declared.expires or (TODAY + timedelta(days=declared.lifetime_days or 0)).isoformat()
    if order.kind == "create":
        known = Known(
            "stored", False, "c2", declared.workspace, declared.username, declared.scopes, late, declared.ip_allowlist
        )
        return Held("c2", True, late), known
    if order.kind == "regenerate":
        expires = known.expires
        return Held("c1", True, expires), replace(known, username=declared.username)
    changes = order.changes
    if "scopes" in changes:
        known = replace(known, scopes=tuple(changes["scopes"].after or ()))
    if "ip_allowlist" in changes:
        known = replace(known, ip_allowlist=tuple(changes["ip_allowlist"].after or ()))
    if "expires" in changes:
        known = replace(known, expires=changes["expires"].after or late)
        held = replace(held, expires=known.expires)
    return held, known


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"check": REFUSED, "circumstances": GONE}, "because its user may have lost access."),
        ({"check": REFUSED, "circumstances": NOW}, "because no other credentials were accepted from here in this run."),
        ({"held": Held(), "check": None, "known": RETIRED}, "because it has no credentials of it."),
    ],
)
def test_a_deletion_that_a_program_cannot_see_is_to_be_confirmed_in_handover(change: Any, reason: str) -> None:
    found = judged(declared=replace(GRANT, state="absent"), **change)
    assert found.next.startswith("Delete the grant as the work order says. Then confirm it in handover. The ")
    assert found.next.endswith(reason)


@given(grants(), situations())
def test_doing_what_the_orders_ask_leaves_no_order(declared: Declared, situation: Any) -> None:
    held, known, check = situation
    found = assess(declared, held, known, check, NOW)
    assert found.health in FINDINGS
    assert found.next
    if check is not None and check.accepted:
        known = replace(known, scopes=check.scopes)  # what was observed is written down
    for order in sorted(found.orders, key=lambda order: order.kind, reverse=True):
        held, known = fulfilled(declared, held, known, order)
    works = replace(ACCEPTED, scopes=known.scopes or ())
    after = assess(declared, held, known, works, NOW)
    assert after.orders == ()
    assert assess(declared, held, known, LOST, NOW).orders == ()


@given(grants(), situations())
def test_the_same_facts_need_the_same_orders(declared: Declared, situation: Any) -> None:
    assert assess(declared, *situation, NOW) == assess(declared, *situation, NOW)


RENAMED = replace(GRANT, username="new@example.com", previous_username="U@example.com")


@pytest.mark.parametrize(
    ("more", "health", "kinds"),
    [
        ({"check": REFUSED}, "rejected", ["regenerate"]),
        ({"check": REFUSED, "circumstances": replace(NOW, doubtful=True)}, "drifted", ["regenerate"]),
        ({"check": ACCEPTED}, "ok", []),
        ({"check": LOST}, "drifted", []),
        ({"known": replace(KNOWN, username="new@example.com")}, "ok", []),
        ({"known": replace(KNOWN, username="else@example.com")}, "drifted", ["regenerate", "edit"]),
    ],
)
def test_a_renamed_user_needs_a_new_secret_and_no_edit(more: dict[str, Any], health: str, kinds: list[str]) -> None:
    found = judged(declared=RENAMED, **more)
    assert (found.health, list(found.kinds)) == (health, kinds)
    if kinds == ["regenerate"]:
        assert "was renamed" in found.orders[0].reason


DESTROYS = "Mark this grant state: absent"


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ({"declared": replace(GRANT, workspace="ESG"), "check": replace(ACCEPTED, workspace_id=None)}, DESTROYS),
        ({"check": replace(ACCEPTED, workspace_id="W2")}, DESTROYS),
        (
            {"declared": replace(GRANT, workspace="SECC")},
            "Correct the name of the workspace in the declaration. Did you mean SEC?",
        ),
        (
            {
                "declared": replace(GRANT, workspace="SECC"),
                "circumstances": replace(NOW, workspace_id=None, workspaces={}),
            },
            "whether the organization has such a workspace is unknown",
        ),
    ],
)
def test_deleting_a_grant_is_advised_only_where_the_declared_workspace_is_known(
    more: dict[str, Any], advice: str
) -> None:
    found = judged(**more)
    assert (found.health, found.orders) == ("drifted", ())
    assert advice in found.next
    assert (DESTROYS in found.next) is (advice == DESTROYS)


@pytest.mark.parametrize("check", [replace(ACCEPTED, workspace_id=None), REFUSED, LOST, None])
def test_a_renamed_workspace_is_no_reason_to_delete_a_grant(check: TokenCheck | None) -> None:
    renamed = replace(NOW, workspaces={"SEC 2027": "W1", "ESG": "W2"})
    declared = replace(GRANT, workspace="SEC 2027")
    found = judged(declared=declared, check=check, circumstances=renamed)
    assert found == judged(
        declared=declared, known=replace(KNOWN, workspace="SEC 2027"), check=check, circumstances=renamed
    )
    assert DESTROYS not in found.next
    both = replace(NOW, workspaces={"SEC 2027": "W1", "SEC": "W3"})
    assert DESTROYS in judged(declared=declared, check=check, circumstances=both).next


def test_a_workspace_under_another_name_is_the_same_where_the_token_shows_its_id() -> None:
    assert judged(known=replace(KNOWN, workspace="SEC (old)")).health == "ok"


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("check", [ACCEPTED, REFUSED, LOST, None])
def test_a_failed_user_leaves_the_orders_of_its_grants_alone(state: str, check: TokenCheck | None) -> None:
    circumstances = replace(NOW, user_failed=True)
    found = judged(declared=replace(GRANT, state=state), check=check, circumstances=circumstances)
    assert (found.orders, found.attest) == ((), ())
    assert found.next.startswith("Correct what failed for the user of payroll, then run again.")
    assert found.findings == judged(declared=replace(GRANT, state=state), check=check).findings


@pytest.mark.parametrize(
    ("more", "health", "kinds", "detail"),
    [
        (
            {"lifetime_days": 90, "lifetime_declared": True},
            "drifted",
            ["edit"],
            "with lifetime: 90d it expires on 2027-02-22",
        ),
        ({"lifetime_days": 365, "lifetime_declared": True}, "ok", [], ""),
        ({"lifetime_days": 90}, "ok", [], ""),
        (
            {"expires": "2026-11-01"},
            "drifted",
            [],
            "expires on 2027-06-30, but 2026-11-01 is declared, which has passed.",
        ),
    ],
)
def test_a_shortened_life_is_drift(more: dict[str, Any], health: str, kinds: list[str], detail: str) -> None:
    found = judged(declared=replace(GRANT, **{"expires": None, **more}))
    assert (found.health, list(found.kinds)) == (health, kinds)
    assert any(detail in said.detail for said in found.findings)
    if "expires" in more:
        assert found.next.startswith("Set expires to a date in the future")


def test_a_declared_date_that_has_passed_is_drift_where_no_expiry_is_known() -> None:
    unknown = {"held": replace(HELD, expires=None), "known": replace(KNOWN, expires=None)}
    found = judged(declared=replace(GRANT, expires="2026-11-01"), **unknown)
    assert (found.health, found.orders) == ("drifted", ())
    assert found.findings[0].detail == "The expiry of the grant is unknown. The declared date 2026-11-01 has passed."
    for more in ({"expires": "2027-06-30"}, {"expires": None}, {"expires": None, "lifetime_days": 90}):
        assert judged(declared=replace(GRANT, **more), **unknown).health == "ok"


def test_a_declared_date_of_today_is_one_that_has_passed() -> None:
    found = judged(declared=replace(GRANT, expires=TODAY.isoformat()))
    assert (found.health, found.orders) == ("drifted", ())
    assert found.next.startswith("Set expires to a date in the future")
