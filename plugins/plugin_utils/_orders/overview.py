# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Renders what brings open work orders together: the index by person, and one page for several grants that one administrator
adds or changes. Each order keeps its own page, number and confirmation.

All of it is a function of the open orders as the journals have them, so that two runs, and two jobs whose journals are merged,
write the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import ADDING
from ansible_collections.integrations.workiva.plugins.module_utils._words import natural_order
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders import steps
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.access_steps import START
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.rendering import render_html, render_markdown
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.sentences import Card, Step, sentence
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.values import (
    Row,
    changed_rows,
    form_rows,
    grant_rows,
    long_date,
)

INDEX = "index"
# The kinds of orders that one page can bring together, and what it is called.
_TITLES = {
    "create": "Add {} API grants",
    "replace": "Add {} API grants beside the present ones",
    "edit": "Change {} API grants",
}
_NAMES = {"create": "add-grants", "replace": "add-next-grants", "edit": "change-grants"}
_SUFFIXES = ("html", "md")
_NUMBERED = re.compile(r"[^\W_][\w.-]*\.[0-9]+\.(html|md)")


@dataclass(frozen=True)
class Task:
    """What one person has to do for one order."""

    order: WorkOrder
    card: Card
    summary: str
    needed_before: str


@dataclass(frozen=True)
class Together:
    """Orders of one kind for the administrators of one screen, on one page."""

    name: str
    title: str
    kind: str
    screen: str
    person: str
    orders: tuple[WorkOrder, ...]


def is_order_page(name: str) -> bool:
    """Whether a file is the page of one order; index and pages for several orders have no number in their names."""
    return bool(_NUMBERED.fullmatch(name))


def overview_names() -> tuple[str, ...]:
    """The names of all files that L(overview_pages) can write."""
    several = [f"{name}.{screen}" for name in _NAMES.values() for screen in steps.ROLES]
    return tuple(f"{name}.{suffix}" for name in (INDEX, *several) for suffix in _SUFFIXES)


def overview_pages(orders: Iterable[WorkOrder], unread: Sequence[str] = ()) -> dict[str, bytes]:
    """The index and the pages for several grants: their names and content; none where no order is open.

    C(unread): the integrations whose journals could not be read, which the index names.
    """
    found = sorted(filter(_is_complete, orders), key=_place)
    if not found:
        return {}
    together = _together(found)
    pages: dict[str, bytes] = {}
    for page in together:
        pages.update(_several(page))
    people = _people(found)
    context = {
        "count": len(found),
        "people": people,
        "together": {person: [page for page in together if page.person == person] for person in people},
        "titles": steps.TITLES,
        "unread": tuple(unread),
    }
    pages[f"{INDEX}.html"] = render_html("index", **context)
    pages[f"{INDEX}.md"] = render_markdown("index", **context)
    return pages


def _is_complete(order: WorkOrder) -> bool:
    """Whether the journal has all that a page needs: a damaged order of one integration must not stop a run for others."""
    try:
        return bool(steps.cards(order, _labels(order)) and steps.summary(order) and order.fields["fingerprint"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _people(orders: Iterable[WorkOrder]) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = {}
    for order in orders:
        needed = steps.needed_before(order)
        for card in steps.cards(order, _labels(order)):
            task = Task(order, card, steps.summary(order), long_date(needed) if needed else "")
            found.setdefault(card.person, []).append(task)
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))


def _together(orders: Iterable[WorkOrder]) -> list[Together]:
    groups: dict[tuple[str, str], list[WorkOrder]] = {}
    for order in orders:
        if order.kind in _NAMES:
            groups.setdefault((order.kind, str(order.fields["screen"])), []).append(order)
    return [
        Together(
            f"{_NAMES[kind]}.{screen}",
            _TITLES[kind].format(len(mine)),
            kind,
            screen,
            steps.ROLES[screen],
            # One workspace after the other: an administrator stays in it.
            tuple(sorted(mine, key=lambda order: (str(order.fields["workspace"]).casefold(), _place(order)))),
        )
        for (kind, screen), mine in sorted(groups.items())
        if len(mine) > 1
    ]


def _several(page: Together) -> dict[str, bytes]:
    first = page.orders[0]
    needed = sorted(filter(None, map(steps.needed_before, page.orders)))
    fields = [order.fields for order in page.orders]
    context = {
        "page": page,
        # Adding a grant is quick once the form is open: the menus are walked through only once.
        "minutes": 5 * -(-(2 + 2 * len(page.orders)) // 5),
        "needed_before": long_date(needed[0]) if needed else None,
        "organization": first.fields.get("organization") or {},
        "console_url": first.fields.get("console_url"),
        "owners": tuple(dict.fromkeys(str(field["owner"]) for field in fields)),
        "start": _start(page),
        "each": _each(page),
        "rows": [(order, _columns(order)) for order in page.orders],
        "adds": page.kind in ADDING,
        "columns": [row.label for row in _columns(first)] if page.kind in ADDING else [],
        "client_types": tuple(dict.fromkeys(str(field["client_type"]) for field in fields)),
    }
    return {
        f"{page.name}.html": render_html("several", **context),
        f"{page.name}.md": render_markdown("several", **context),
    }


def _start(page: Together) -> tuple[Step, ...]:
    # In the settings of a workspace the way begins anew for each row.
    return (Step(sentence(START, {})),) if page.screen == "workspace_settings" else steps.start_steps(page.orders[0])


def _each(page: Together) -> tuple[Step, ...]:
    words: tuple[str, ...] = ()
    if page.screen == "workspace_settings":
        words = tuple(text.replace("{workspace}", "of the row") for text in steps.PATHS[page.screen])
    if page.kind == "edit":
        words = (
            *words,
            "Find the grant and choose [[Actions]] > [[Edit]]. Make the changes of its row and no others. Save.",
            "Open the grant once more, check the changes, and tick the row.",
        )
    else:
        words = (
            *words,
            steps.FORMS[page.screen],
            "Fill in the values of one row, each exactly as shown. Tick its scopes and no others.",
            "Check the [[Workiva Username]] once more: whoever is named there is the only one who can see the secret.",
            "Click [[Add Grant]], and tick the row.",
            "If the screen shows a [[Client ID]] and a [[Client Secret]] now, do not copy them here: the page of the order says what "
            "to do with them.",
        )
    return tuple(Step(sentence(text, {})) for text in words)


def _columns(order: WorkOrder) -> tuple[Row, ...]:
    """The values of an order in the order of the columns; an empty row where an order has no value for a column."""
    if order.kind == "edit":
        return (*grant_rows(order), *changed_rows(order, _labels(order)))
    found = {row.name: row for row in form_rows(order, _labels(order))}
    names = {
        "client_name": "Client Name",
        "workspace": "Workspace",
        "username": "Workiva Username",
        "scopes": "Scopes",
        "expires": "Expires",
        "ip_allowlist": "IP Allowlist",
    }
    return tuple(found.get(name, Row(label, name, ())) for name, label in names.items())


def _labels(order: WorkOrder) -> Mapping[str, str]:
    return order.fields.get("scope_labels") or {}


def _place(order: WorkOrder) -> tuple[object, ...]:
    """By integration, grant and number; numbers in names are compared as numbers: feed-2 comes before feed-10."""
    return tuple(natural_order(part) for part in (order.integration, order.grant, order.number))
