# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The open work orders of a project, as its journals have them, and which of them a person wants to answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsiblePromptInterrupt, AnsiblePromptNoninteractive

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import ATTEMPTS, Ask, Interrupted
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.commands import Commands
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.steps import (
    is_answered,
    needs_word,
    summary,
    waits_for,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._variables import split_list


def open_orders(journal: str, integrations: Iterable[str]) -> list[WorkOrder]:
    """The orders that were written, and neither closed nor known to be done.

    C(journal) is the folder of the journals. Raises L(InvalidArgument) for a damaged one.
    """
    return [order for name in dict.fromkeys(integrations) for order in orders_of(name, Journal(journal, name).events())]


def orders_of(integration: str, events: Iterable[Mapping[str, Any]]) -> list[WorkOrder]:
    """The same of one integration's events."""
    events = list(events)
    if not _are_open(events):
        return []
    return [
        WorkOrder(order.number, integration, grant, order.kind, order.fields)
        for grant, state in fold(events).items()
        for order in state.open_orders
        if not order.fulfilled
    ]


def _are_open(events: Iterable[Mapping[str, Any]]) -> bool:
    """Whether an order was written that no later event closed or withdrew. In most journals there is none, and their states need not be
    computed."""
    found: set[str] = set()
    for event in events:
        if event["event"] == "ordered":
            found.add(event["order"])
        elif event["event"] in ("closed", "withdrawn"):
            found.discard(event["order"])
    return bool(found)


def all_open_orders(journals: Journals) -> tuple[list[WorkOrder], list[str]]:
    """The open orders of every journal in the folder, and the integrations whose journal cannot be read: one damaged
    journal hides its own orders only."""
    found: list[WorkOrder] = []
    unread: list[str] = []
    for name in journals.integrations():
        try:
            found += orders_of(name, journals.peek(name))
        except (InvalidArgument, FileTrouble):
            unread.append(name)
    return found, unread


def were_ordered(journal: str, integrations: Iterable[str], grant: str) -> bool:
    """Whether a work order for this grant, or what has its place, was ever written; also where a journal cannot be read, since one
    may be in it."""
    for name in dict.fromkeys(integrations):
        try:
            if any(event["grant"] == grant for event in Journal(journal, name).events()):
                return True
        except (InvalidArgument, FileTrouble):
            return True
    return False


def orders_ever_written(journal: str, integrations: Iterable[str]) -> dict[str, bool]:
    """The numbers of all orders, closed ones too, and whether a person must confirm that one is done."""
    return {
        str(event["order"]): needs_word(WorkOrder(event["order"], name, event["grant"], event["kind"], event["fields"]))
        for name in dict.fromkeys(integrations)
        for event in Journal(journal, name).events()
        if event["event"] == "ordered"
    }


@dataclass(frozen=True)
class OrderStatus:
    """An open work order as tasks return it. C(page) and C(markdown) are its files, and C(handover) is the command that answers it."""

    number: str
    integration: str
    grant: str
    kind: str
    page: str
    markdown: str
    waits_for: str
    summary: str
    handover: str | None
    fields: Mapping[str, Any]

    @classmethod
    def of(cls, order: WorkOrder, folder: str, commands: Commands) -> OrderStatus:
        """The status of an order; C(folder) is that of the pages."""
        return cls(
            number=order.number,
            integration=order.integration,
            grant=order.grant,
            kind=order.kind,
            page=os.path.join(folder, f"{order.number}.html"),
            markdown=os.path.join(folder, f"{order.number}.md"),
            waits_for=waits_for(order),
            summary=summary(order),
            handover=commands.next_command("handover") if is_answered(order) else None,
            fields=order.fields,
        )

    def as_result(self) -> dict[str, Any]:
        """As tasks return it."""
        return plain_fields(self)


def choose_orders(ask: Ask, tell: Callable[[str], None], orders: Sequence[OrderStatus]) -> list[str]:
    """Lists open work orders and asks which to answer; returns their numbers.

    Where nobody can answer, and after three answers that choose nothing, none is chosen.
    """
    if not orders:
        return []
    tell("\nOpen work orders:")
    for place, order in enumerate(orders, start=1):
        tell(f"{place:3}  {order.number}: {order.summary} (assigned to {order.waits_for})")
    numbers = [order.number for order in orders]
    for _attempt in range(ATTEMPTS):
        try:
            answer = ask("Which do you hand over or confirm? (1, or 1 3, or all; press Enter for none): ", False)
        except AnsiblePromptNoninteractive:
            tell(
                "There is no terminal, so that nothing was asked for. Run handover at one, or give the credentials in a file: "
                "-e @handed-over.yml (docs/grants.md)."
            )
            return []
        except AnsiblePromptInterrupt:
            raise Interrupted("Interrupted at the prompt. Nothing was stored.") from None
        found = picked(answer.decode("utf-8", "replace"), numbers)
        if found is not None:
            return found
        # What was typed is not repeated: it may be a secret.
        tell(f"Enter places of the list from 1 to {len(numbers)}, numbers of work orders, or all.")
    return []


def picked(answer: str, numbers: Sequence[str]) -> list[str] | None:
    """The numbers that an answer chooses, by place in the list or by name; None where a part of it is neither."""
    words = list(split_list(answer))
    if words == ["all"]:
        return list(numbers)
    places = {str(place): number for place, number in enumerate(numbers, start=1)}
    found = [places.get(word) or (word if word in numbers else None) for word in words]
    return None if None in found else [number for number in dict.fromkeys(found) if number]
