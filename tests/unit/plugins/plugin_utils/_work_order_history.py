# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wanted work orders, and the history of the orders of one integration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import Plan, WorkOrder, plan
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import (
    Surroundings,
)
from tests._declared import order_of

TODAY = date(2026, 11, 24)
NAME = "payroll-sync"
Event = dict[str, Any]


def want(grant: str = "filing", kind: str = "create", **more: Any) -> Order:
    return order_of(
        {
            "integration": NAME,
            "grant": grant,
            "kind": kind,
            "owner": "owner@example.com",
            "purpose": "",
            "username": "payroll-sync@example.com",
            "custodian": "anna.k@example.com",
            "sign_in": "password",
            "workspace": "SEC Filing",
            "scopes": ["file:read"],
            "expires": None,
            "lifetime_days": 365,
            "ip_allowlist": [],
            "screen": "organization_admin",
            "client_id": None,
            "reason": "",
            "changes": {},
            **more,
        }
    )


def stored(grant: str = "filing", **more: Any) -> Event:
    return {
        "event": "stored",
        "grant": grant,
        "client_id": f"id-of-{grant}",
        "client_name": f"SEC Filing | {NAME} ({grant}) | 2025-11",
        "expires": "2026-12-01",
        "ip_allowlist": ["203.0.113.7"],
        "scopes": ["file:read"],
        **more,
    }


class History:
    """A journal in memory, and what applying plans does to it."""

    def __init__(self, *events: Event) -> None:
        self.events: list[Any] = list(events)

    def plan(
        self,
        *wanted: Order,
        considered: Sequence[str] = (),
        today: date = TODAY,
        around: Surroundings | None = None,
    ) -> Plan:
        return plan(wanted, [(NAME, grant) for grant in considered], {NAME: self.events}, today, around=around)

    def apply(self, *wanted: Order, considered: Sequence[str] = (), **more: Any) -> Plan:
        done = self.plan(*wanted, considered=considered, **more)
        self.events += done.events.get(NAME, ())
        return done


def only(done: Plan) -> WorkOrder:
    (order,) = done.orders
    return order
