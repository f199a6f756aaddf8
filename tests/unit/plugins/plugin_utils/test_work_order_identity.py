# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a work order keeps its number: its organization, its fingerprint, and orders of an older release."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.commands import Commands
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import (
    Surroundings,
    organization_of,
)
from tests.unit.plugins.plugin_utils._work_order_history import History, only, want

ORGANIZATION = {"id": "o-1", "region": "us", "name": ""}
SHOWN = Surroundings({"file:read": "Files (Read)"}, ORGANIZATION, None, "https://awx.example.com/1")


@pytest.mark.parametrize("change", [{"id": "o-2"}, {"region": "eu"}])
def test_another_organization_is_another_order(change: dict[str, str]) -> None:
    history = History()
    first = only(history.apply(want(), around=SHOWN))
    other = replace(SHOWN, organization={**ORGANIZATION, **change})
    second = only(history.apply(want(), around=other))
    assert (first.number, second.number) == ("payroll-sync.filing.1", "payroll-sync.filing.2")
    assert first.fields["fingerprint"] != second.fields["fingerprint"]
    assert history.events[1]["reason"] == "what is declared changed: organization"


def test_another_address_of_the_api_is_another_order() -> None:
    by_address = [organization_of({"id": "o-1", "api_url": f"https://api.{name}.example.com"}) for name in ("a", "b")]
    history = History()
    numbers = []
    for organization in (ORGANIZATION, *by_address, ORGANIZATION):
        order = only(history.apply(want(), around=replace(SHOWN, organization=organization)))
        numbers.append(order.number.rpartition(".")[2])
        assert order == only(history.plan(want(), around=replace(SHOWN, organization=organization)))
    assert numbers == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "organization", [ORGANIZATION, organization_of({"id": "o-1", "api_url": "https://api.example.com"})]
)
def test_orders_of_an_older_release_keep_their_numbers(organization: dict[str, str]) -> None:
    """That release wrote neither the command nor the address of the API with an order."""
    orders = [want(), want("esg"), want("esg", "delete", client_id="c-1")]
    around = replace(SHOWN, organization=organization)
    history = History()
    history.apply(*orders, around=around)
    for event in history.events:
        del event["fields"]["command"]
        event["fields"]["organization"].pop("api_url", None)
    before = [event["order"] for event in history.events]
    done = history.apply(*orders, considered=["filing", "esg"], around=around)
    assert [order.number for order in done.orders] == before
    assert (done.closed, done.withdrawn) == ((), ())
    assert [event["event"] for event in history.events[len(before) :]] == ["reworded"] * len(before)
    assert history.plan(*orders, considered=["filing", "esg"], around=around).events == {}


def test_an_order_of_an_older_release_gets_its_organization_under_the_same_number() -> None:
    history = History()
    history.apply(want())
    order = only(history.apply(want(), around=SHOWN))
    assert (order.number, order.fields["organization"]) == ("payroll-sync.filing.1", ORGANIZATION)


@pytest.mark.parametrize(
    "change",
    [
        {"owner": "x"},
        {"screen": "account_admin"},
        {"handover_url": None},
        {"console_url": "https://app.wdesk.com"},
        {"scope_labels": {"file:read": "Read files"}},
        {"commands": Commands(vault_id="prod")},
    ],
)
def test_the_fingerprint_covers_all_that_the_page_shows(change: dict[str, Any]) -> None:
    history = History()
    first = only(history.apply(want(), around=SHOWN))
    own = {key: value for key, value in change.items() if key in Order.__dataclass_fields__}
    around = {key: value for key, value in change.items() if key not in own}
    second = only(history.apply(want(**own), around=replace(SHOWN, **around)))
    assert first.number == second.number
    assert first.fields["fingerprint"] != second.fields["fingerprint"]
    last = History(*history.events).events[-1]
    assert (last["event"], last["fields"]["fingerprint"]) == ("reworded", second.fields["fingerprint"])


def test_the_order_of_scopes_does_not_matter() -> None:
    history = History()
    history.apply(want(scopes=["a:r", "b:r"], ip_allowlist=["192.0.2.1", "192.0.2.2"]))
    assert not history.plan(want(scopes=["b:r", "a:r"], ip_allowlist=["192.0.2.2", "192.0.2.1"])).events
