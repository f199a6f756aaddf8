# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of the work orders: applying it leaves an empty plan, and what was fixed stays fixed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import plan
from tests.unit.plugins.plugin_utils._work_order_history import NAME, TODAY, Event, History, only, stored, want


def test_the_first_order_fixes_number_name_and_date() -> None:
    order = only(History().apply(want()))
    assert order.number == "payroll-sync.filing.1"
    assert order.fields["client_name"] == "SEC Filing | payroll-sync | 2026-11"
    assert (order.fields["generation"], order.fields["expires"]) == ("2026-11", "2027-11-24")


def test_another_day_changes_nothing() -> None:
    history = History()
    first = history.apply(want())
    second = history.plan(want(), today=TODAY + timedelta(days=90))
    assert (second.orders, second.events) == (first.orders, {})


def test_two_grants_in_one_workspace_carry_their_names() -> None:
    done = History().apply(want("filing"), want("budget"), want("other", workspace="Other"))
    assert [order.fields["client_name"] for order in done.orders] == [
        "SEC Filing | payroll-sync (filing) | 2026-11",
        "SEC Filing | payroll-sync (budget) | 2026-11",
        "Other | payroll-sync | 2026-11",
    ]
    assert [other["grant"] for other in done.orders[0].fields["leave_alone"]] == ["budget", "other"]


def test_later_grant_in_the_same_workspace_has_a_name_of_its_own() -> None:
    history = History()
    history.apply(want("filing"))
    done = history.apply(want("filing"), want("budget"))
    assert [order.fields["client_name"] for order in done.orders] == [
        "SEC Filing | payroll-sync | 2026-11",
        "SEC Filing | payroll-sync (budget) | 2026-11",
    ]
    assert done.orders[1].fields["leave_alone"] == [
        {"grant": "filing", "client_name": "SEC Filing | payroll-sync | 2026-11", "client_id": None}
    ]


def test_a_second_generation_in_a_month_leaves_the_first_alone() -> None:
    history = History()
    history.apply(want())
    history.events += [stored(client_name="SEC Filing | payroll-sync | 2026-11")]
    history.apply(considered=["filing"])
    order = only(history.apply(want()))
    assert order.number == "payroll-sync.filing.2"
    assert order.fields["client_name"] == "SEC Filing | payroll-sync | 2026-11.2"
    assert order.fields["leave_alone"][0]["client_name"] == "SEC Filing | payroll-sync | 2026-11"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"scopes": ["file:write"]}, "scopes"),
        ({"ip_allowlist": ["203.0.113.9"]}, "ip_allowlist"),
        ({"expires": "2027-06-30"}, "expires"),
        ({"lifetime_days": 90}, "expires"),
        ({"workspace": "Other"}, "workspace"),
        ({"username": "b@example.com"}, "username"),
    ],
)
def test_another_declaration_withdraws(change: dict[str, Any], reason: str) -> None:
    history = History()
    history.apply(want())
    done = history.apply(want(**change))
    assert done.events[NAME][0] == {
        "event": "withdrawn",
        "grant": "filing",
        "order": "payroll-sync.filing.1",
        "reason": f"what is declared changed: {reason}",
    }
    assert only(done).fields["replaces"] == "payroll-sync.filing.1"
    assert not history.plan(want(**change)).events


@pytest.mark.parametrize(
    "change",
    [{"owner": "x"}, {"purpose": "x"}, {"custodian": "x"}, {"sign_in": "sso"}, {"screen": "account_admin"}],
)
def test_people_and_screens_follow_the_declaration_under_the_same_number(change: dict[str, str]) -> None:
    history = History()
    first = only(history.apply(want()))
    done = history.apply(want(**change))
    assert only(done).number == first.number
    assert only(done).fields == {**first.fields, **change, "fingerprint": only(done).fields["fingerprint"]}
    assert [event["event"] for event in done.events[NAME]] == ["reworded"]
    assert (history.plan(want(**change)).events, only(history.plan(want(**change)))) == ({}, only(done))


EDIT = {"scopes": {"from": ["file:read"], "to": ["file:read", "file:write"]}}


def test_an_edit_holds_the_new_values_and_what_stays() -> None:
    history = History(stored())
    order = only(history.apply(want(kind="edit", changes=EDIT)))
    assert order.fields["scopes"] == ["file:read", "file:write"]
    assert order.fields["expires"] == "2026-12-01"
    assert order.fields["ip_allowlist"] == ["203.0.113.7"]
    assert order.fields["client_id"] == "id-of-filing"
    assert order.fields["client_name"] == "SEC Filing | payroll-sync (filing) | 2025-11"
    assert order.fields["leave_alone"] == []


def test_an_edit_of_the_date_by_lifetime_is_fixed_once() -> None:
    history = History(stored())
    first = history.apply(want(kind="edit", changes={"expires": {"from": "2026-12-01", "to": "2027-11-24"}}))
    tomorrow = want(kind="edit", changes={"expires": {"from": "2026-12-01", "to": "2027-11-25"}})
    later = history.plan(tomorrow, today=TODAY + timedelta(days=1))
    assert (later.orders, later.events) == (first.orders, {})


def test_an_edit_is_closed_when_the_grant_shows_it_and_withdrawn_when_nobody_wants_it() -> None:
    history = History(stored())
    history.apply(want(kind="edit", changes=EDIT))
    assert history.plan(considered=["filing"]).withdrawn == ("payroll-sync.filing.1",)
    history.events += [
        {"event": "verified", "grant": "filing", "client_id": "c", "scopes": ["file:write", "file:read"]},
    ]
    assert history.plan(considered=["filing"]).closed == ("payroll-sync.filing.1",)


def test_another_user_is_an_edit_that_new_credentials_close() -> None:
    history = History(stored(username="old@example.com"))
    changes = {"username": {"from": "old@example.com", "to": "payroll-sync@example.com"}}
    done = history.apply(want(kind="edit", changes=changes), want(kind="regenerate"))
    assert {order.fields["username"] for order in done.orders} == {"payroll-sync@example.com"}
    assert history.plan(considered=["filing"]).closed == ()
    history.events.append(stored(client_id="c-2"))
    assert history.plan(considered=["filing"]).closed == ("payroll-sync.filing.2", "payroll-sync.filing.1")


def test_create_and_delete_are_closed_when_done() -> None:
    history = History()
    history.apply(want())
    history.events.append(stored())
    assert history.apply(considered=["filing"]).closed == ("payroll-sync.filing.1",)
    history.apply(want(kind="delete"))
    history.events.append({"event": "retired", "grant": "filing"})
    assert history.apply(considered=["filing"]).closed == ("payroll-sync.filing.2",)


def test_grants_that_were_not_considered_are_left_alone() -> None:
    history = History()
    history.apply(want("filing"), want("budget"))
    assert history.plan(want("budget"), considered=["budget"]).events == {}


def test_of_two_equal_orders_of_a_merge_the_older_goes() -> None:
    history = History()
    history.apply(want())
    first = history.events[0]
    history.events.append({**first, "order": "payroll-sync.filing.2"})
    done = history.apply(want())
    assert done.withdrawn == ("payroll-sync.filing.1",)
    assert only(done).number == "payroll-sync.filing.2"


def test_two_orders_of_one_kind_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="Two orders"):
        History().plan(want(), want())


WANTED = st.builds(
    want,
    grant=st.sampled_from(["filing", "budget", "third"]),
    kind=st.sampled_from(["create", "edit", "regenerate", "delete"]),
    workspace=st.sampled_from(["SEC Filing", "Budget"]),
    scopes=st.lists(st.sampled_from(["file:read", "file:write", "data_tables|r"]), unique=True),
    expires=st.sampled_from([None, "2027-06-30"]),
    lifetime_days=st.sampled_from([None, 90, 365]),
    ip_allowlist=st.lists(st.sampled_from(["203.0.113.7", "2001:db8::1"]), unique=True),
    client_id=st.sampled_from([None, "c-1"]),
    changes=st.sampled_from([EDIT, {"expires": {"from": None, "to": "2027-01-31"}}, {"ip_allowlist": {"to": []}}]),
)
WISHES = st.lists(WANTED, max_size=5, unique_by=lambda order: (order.grant, order.kind))
BETWEEN = st.lists(st.sampled_from([stored(), stored("budget"), {"event": "retired", "grant": "filing"}]), max_size=2)


@given(st.lists(st.tuples(WISHES, BETWEEN), max_size=4), WISHES)
def test_applying_a_plan_leaves_an_empty_plan(past: list[tuple[list[Order], list[Event]]], wanted: list[Order]) -> None:
    history = History()
    everything = ["filing", "budget", "third"]
    for month, (wishes, between) in enumerate(past):
        history.apply(*wishes, considered=everything, today=TODAY + timedelta(days=10 * month))
        history.events += between
    first = history.apply(*wanted, considered=everything)
    second = history.plan(*wanted, considered=everything, today=TODAY + timedelta(days=400))
    assert second.events == {}
    assert second.orders == first.orders
    still_open = [order.number for state in fold(history.events).values() for order in state.open_orders]
    assert sorted(still_open) == sorted(order.number for order in first.orders)
    ordered = [event for event in history.events if event["event"] == "ordered"]
    numbers = [event["order"] for event in ordered]
    names = [event["fields"]["client_name"] for event in ordered if event["kind"] == "create"]
    assert len(set(numbers)) == len(numbers)
    assert len(set(names)) == len(names)


def files(*names: str, **more: Any) -> Order:
    shared = [
        {"file": name, "workspace": "SEC Filing", "owner": "anna.k@example.com", "about": "", "permissions": []}
        for name in names
    ]
    return want("file_access", "file_access", files=shared, **more)


def test_an_order_about_files_stays_until_it_was_seen_to_be_done() -> None:
    history = History(stored())
    first = only(history.apply(files("a")))
    assert first.number == "payroll-sync.file_access.1"
    assert first.fields["client_name"] is None
    assert history.apply(files("a"), today=TODAY + timedelta(days=40)).events == {}
    second = history.apply(files("a", "b"))
    assert (only(second).number, second.withdrawn) == ("payroll-sync.file_access.2", (first.number,))
    done = plan([], [(NAME, "file_access")], {NAME: history.events}, TODAY, [(NAME, "file_access")])
    assert done.closed == ("payroll-sync.file_access.2",)
    history.events += done.events[NAME]
    assert history.apply(considered=["file_access"]).events == {}


def test_what_was_closed_is_asked_again_only_where_it_is_seen_to_be_missing() -> None:
    history = History()
    history.apply(files("a"))
    done = plan([], [(NAME, "file_access")], {NAME: history.events}, TODAY, [(NAME, "file_access")])
    history.events += done.events[NAME]
    assert history.apply(files("a", certain=False)).orders == ()
    assert only(history.plan(files("a", "b", certain=False))).number == "payroll-sync.file_access.2"
    assert only(history.apply(files("a"))).number == "payroll-sync.file_access.2"


def test_an_order_about_files_that_is_not_wanted_any_more_is_withdrawn() -> None:
    history = History()
    history.apply(files("a"))
    assert history.apply(considered=["file_access"]).withdrawn == ("payroll-sync.file_access.1",)


def test_an_order_about_files_changes_no_name_of_a_grant() -> None:
    alone, beside = History(), History()
    beside.apply(files("a"))
    assert only(alone.apply(want())).fields["client_name"] == only(beside.apply(want())).fields["client_name"]
