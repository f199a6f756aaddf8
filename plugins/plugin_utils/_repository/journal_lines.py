# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The journals in what two runs wrote: their lines, merged, and the pages about several orders that follow from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.open_orders import orders_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.overview import overview_pages


def lines_of(content: bytes) -> list[str]:
    """The lines of a journal that are not empty."""
    return [line for line in content.decode("utf-8").split("\n") if line.strip()]


def added_lines(base: bytes, now: bytes) -> tuple[str, ...]:
    """The lines that are new."""
    before = set(lines_of(base))
    return tuple(line for line in lines_of(now) if line not in before)


def appended_lines(theirs: bytes, lines: Iterable[str]) -> bytes:
    """Their lines, and of ours those that say something new.

    A work order that both sides wrote goes out once: where the two differ, theirs is out already, and what we said
    of ours falls with it.
    """
    present = lines_of(theirs)
    known = set(present)
    ordered = {event["order"] for event in map(_event, present) if event.get("event") == "ordered"}
    fallen: set[str] = set()
    kept = []
    for line in lines:
        event = _event(line)
        order = event.get("order")
        if event.get("event") == "ordered" and order in ordered:
            if not any(_same_order(event, _event(other)) for other in present):
                fallen.add(str(order))
            continue
        if line not in known and order not in fallen:
            kept.append(line)
    if not kept:
        return theirs
    gap = b"" if not theirs or theirs.endswith(b"\n") else b"\n"
    return theirs + gap + "".join(f"{line}\n" for line in kept).encode("utf-8")


def _same_order(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(key) == other.get(key) for key in ("event", "grant", "order", "kind", "fields"))


def merged_overview(journals: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pages about several orders, of the merged journals by file name."""
    orders: list[WorkOrder] = []
    unread: list[str] = []
    for name, content in sorted(journals.items()):
        integration = name.removesuffix(".jsonl")
        try:
            orders += orders_of(integration, map(_event, lines_of(content)))
        except (KeyError, TypeError, ValueError):
            unread.append(integration)
    return overview_pages(orders, unread)


def _event(line: str) -> dict[str, Any]:
    """One event; a damaged line, which the journal itself refuses when it is read, says nothing here."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}
