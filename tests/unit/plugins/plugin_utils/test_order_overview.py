# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The index of open work orders, and the page for several grants: complete for each person, and the same bytes for the same orders."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.overview import (
    is_order_page,
    overview_names,
    overview_pages,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.pages import pages
from tests._orders import AROUND, EDIT, STORED, every_kind, work_order

HOSTILE = "</code><script>alert(1)</script>`**\"'&amp;| [x](javascript:1)\n# y"


def texts(*orders: WorkOrder, unread: Any = ()) -> dict[str, str]:
    return {name: content.decode() for name, content in overview_pages(orders, unread).items()}


def sections(markdown: str) -> dict[str, str]:
    """The parts of a Markdown text by heading."""
    return {part.split("\n", 1)[0]: part for part in markdown.split("\n## ")[1:]}


def test_index_lists_the_orders_of_each_person() -> None:
    people = sections(texts(*every_kind())["index.md"])
    numbers = {person: re.findall(r"\[([\w-]+\.[\w\\]+\.\d+)\]", text) for person, text in people.items()}
    assert numbers == {
        "An Org Security Admin": [
            *("feed-2.filing.1", "feed-10.filing.1", "ledger-1.filing.1", "ledger-2.filing.1", "old.filing.1")
        ],
        "An Org User Admin": ["new.user.1"],
        "An Org Workspace Admin or the Workspace Owner": ["new.user.1"],
        "anna.k@example.com": [
            *("feed-2.filing.1", "feed-10.filing.1", r"files.file\_access.1", "tax.filing.1"),
        ],
        "whoever is Owner of the file": [r"files.file\_access.1"],
    }
    admin = people["An Org Security Admin"]
    assert (
        "[ledger-1.filing.1](ledger-1.filing.1.md): Change the grant, about 5 minutes, needed before 1 December 2026."
        in admin
    )
    assert "[Add 2 API grants](add-grants.organization_admin.md)" in admin
    assert "[Change 2 API grants](change-grants.organization_admin.md)" in admin


def test_every_link_of_the_index_leads_to_a_page() -> None:
    orders = every_kind()
    written = {name for order in orders for name in pages(order, AROUND)} | set(texts(*orders))
    for name, text in texts(*orders).items():
        links = re.findall(r'<a href="([^"]+)"|\]\(([^)]+)\)', text)
        places = {one or other for one, other in links} - {AROUND.console_url}
        assert places <= written, name
        assert not name.startswith("index") or places


def test_several_grants_of_one_administrator_are_one_table() -> None:
    orders = [
        work_order(integration=f"feed-{number}", workspace=f"W{number % 2}", ip_allowlist=[]) for number in range(8)
    ]
    page = texts(*orders)["add-grants.organization_admin.html"]
    assert page.count('<tr role="row">') == 1 + len(orders)
    assert page.count("leave empty") == len(orders)
    for order in orders:
        row = page[page.index(f'data-tick="{order.number} {order.fields["fingerprint"]}"') :].split("</tr>")[0]
        for name in ("client_name", "workspace", "username", "expires"):
            assert f">{order.fields[name]}</code>" in row
        assert f'href="{order.number}.html"' in row
    # An administrator stays in a workspace until it is done.
    assert re.findall(r"<span>(feed-\d)", page) == [f"feed-{number}" for number in (0, 2, 4, 6, 1, 3, 5, 7)]


def test_one_grant_needs_no_table() -> None:
    orders = [
        work_order(),
        work_order(integration="other", screen="workspace_settings"),
        work_order("delete", "old", [STORED]),
    ]
    assert set(texts(*orders)) == {"index.html", "index.md"}


def test_table_of_changes_lists_what_to_tick() -> None:
    orders = [work_order("edit", f"ledger-{number}", [STORED], changes=EDIT) for number in (1, 2)]
    for name, text in texts(*orders).items():
        if name.startswith("change-grants"):
            words = " ".join(re.sub(r"<[^>]+>", " ", text).replace("`", "").split())
            for change in ("Leave ticked file:read", "Tick Spreadsheets (Write)", "Untick Spreadsheets (Read)"):
                assert words.count(change) == 2
            assert words.count("2027-11-24") == 2
            assert "1 December 2026, when the first of the grants expires" in words


def test_grants_of_workspaces_are_added_in_each_workspace() -> None:
    orders = [work_order(integration=name, workspace=name, screen="workspace_settings") for name in ("one", "two")]
    text = texts(*orders)["add-grants.workspace_settings.md"]
    assert "1. Open the workspace of the row." in text
    assert "1. Click **Create API Grant**." in text


def test_same_orders_give_the_same_bytes() -> None:
    orders = every_kind()
    assert overview_pages(orders) == overview_pages(list(reversed(orders)))


def test_without_orders_there_is_no_page() -> None:
    assert overview_pages([]) == {}


def test_every_page_has_a_name_that_is_known_and_is_no_order() -> None:
    orders = every_kind()
    assert set(texts(*orders)) <= set(overview_names())
    assert not [name for name in overview_names() if is_order_page(name)]
    assert all(is_order_page(name) for order in orders for name in pages(order, AROUND))


def test_hostile_names_stay_text_in_the_overview() -> None:
    orders = [
        work_order(
            integration=name, owner=HOSTILE, username=HOSTILE, custodian=HOSTILE, workspace=HOSTILE, scopes=[HOSTILE]
        )
        for name in ("one", "two")
    ]
    for name, text in texts(*orders, unread=["x"]).items():
        if name.endswith(".html"):
            assert text.count("<script>") == 1
            assert "<script>alert" not in text
        else:
            assert "\n# y" not in text
            outside = re.sub(r"(?<![\\`])(`+)(?!`).+?(?<!`)\1(?!`)", "", text)
            assert "<script" not in outside
            assert "](javascript" not in outside


@pytest.mark.parametrize("lost", ["client_name", "custodian", "screen", "fingerprint", "scopes"])
def test_damaged_order_hides_no_other(lost: str) -> None:
    whole, damaged = work_order(), work_order(integration="damaged")
    damaged = WorkOrder(
        damaged.number,
        damaged.integration,
        damaged.grant,
        damaged.kind,
        {name: value for name, value in damaged.fields.items() if name != lost},
    )
    assert overview_pages([whole, damaged]) == overview_pages([whole])


def test_journal_that_cannot_be_read_is_named() -> None:
    for text in texts(work_order(), unread=["broken"]).values():
        assert "Orders may be missing here" in text
        assert "broken" in text
