# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Renders a work order: one self-contained HTML page for a person without a terminal, and Markdown for a ticket.

Both are functions of the order and the constants of this release: the same order gives the same bytes. The attributes
of C(main) and C(data-field) are read by the simulator's administrator, which plays the people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import ADDING
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER_KINDS
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders import steps
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.rendering import render_html, render_markdown
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import Surroundings
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.values import long_date
from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.blocks import bound_fingerprint
from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.jwe import PublicKey
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import (
    ADMINISTRATOR,
    FILE_ADMINISTRATOR,
)


def pages(order: WorkOrder, around: Surroundings) -> dict[str, bytes]:
    """The files of an order: their names and their content."""
    cards = steps.cards(order, around.scope_labels)
    needed_before = steps.needed_before(order)
    context = {
        "order": order,
        "fields": order.fields,
        "title": steps.TITLES[order.kind],
        "about_user": order.kind in USER_KINDS,
        "about_administration": order.integration in (ADMINISTRATOR, FILE_ADMINISTRATOR),
        "about_files": order.kind == "file_access",
        "needs_word": steps.needs_word(order),
        "done_command": around.commands.command("handover", *steps.done_options(order)),
        "screen": order.fields.get("screen") or "organization_admin",
        "waits_for": steps.waits_for(order),
        "time": steps.time_needed(cards),
        "needed_before": long_date(needed_before) if needed_before else None,
        "cards": cards,
        "command": around.commands.command("handover"),
        "unlabelled": _unlabelled(order, around.scope_labels),
        "organization": around.organization,
        "console_url": around.console_url,
        "handover_url": around.handover_url,
        "sealing": _sealing(order),
        "written": long_date(order.fields["written"]),
    }
    return {
        f"{order.number}.html": render_html("order", **context),
        f"{order.number}.md": render_markdown("order", **context),
    }


@dataclass(frozen=True)
class Sealing:
    """What a page needs to seal credentials: the key, the number by which two people compare it, and what a block is bound to."""

    key: PublicKey
    fingerprint: str


def _sealing(order: WorkOrder) -> Sealing | None:
    key = order.fields.get("sealing_key")
    if not key or not key["x"]:
        return None
    return Sealing(PublicKey(key["x"], key["y"]), bound_fingerprint(order.number, order.kind, order.fields))


def _unlabelled(order: WorkOrder, labels: Mapping[str, str]) -> tuple[str, ...]:
    if order.kind in ADDING or "scopes" in (order.fields.get("changes") or {}):
        return tuple(scope for scope in order.fields["scopes"] if scope not in labels)
    return ()
