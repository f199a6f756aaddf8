# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of work orders as people see and use them."""

from __future__ import annotations

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.overview import overview_pages
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.pages import pages
from tests._orders import AROUND, every_kind, work_order
from tests.browser.conftest import Opened, violations

ALL = {name: content for order in every_kind() for name, content in pages(order, AROUND).items()}
ALL.update(overview_pages(every_kind()))
NAMES = sorted(name for name in ALL if name.endswith(".html"))
TABLE = "add-grants.organization_admin.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", NAMES)
def test_page_fits_and_is_accessible(opened: Opened, name: str, width: int, scheme: str) -> None:
    page = opened(ALL, name, width=width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


@pytest.mark.parametrize("name", NAMES)
def test_printed_page_has_its_values_and_no_buttons(opened: Opened, name: str) -> None:
    page = opened(ALL, name, width=690)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 690
    assert not [button for button in page.get_by_role("button").all() if button.is_visible()]
    assert all(code.is_visible() for code in page.locator(".copyable code").all() if code.text_content())


def test_ticks_survive_a_reload(opened: Opened) -> None:
    order = work_order()
    name = f"{order.number}.html"
    page = opened(pages(order, AROUND), name)
    boxes = page.get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(4).check()
    boxes.nth(0).uncheck()
    page.reload()
    assert [place for place, box in enumerate(boxes.all()) if box.is_checked()] == [4]
    # They belong to one version of one order.
    changed = pages(work_order(purpose="Another one"), AROUND)
    for content in (changed, pages(work_order(integration="other"), AROUND)):
        (html,) = [text for file, text in content.items() if file.endswith(".html")]
        page.set_content(html.decode())
        assert not [box for box in page.get_by_role("checkbox").all() if box.is_checked()]


def test_row_that_is_ticked_in_the_table_stays_ticked(opened: Opened) -> None:
    page = opened(ALL, TABLE)
    page.get_by_role("checkbox", name="feed-10.filing.1").check()
    page.reload()
    assert page.get_by_role("checkbox", name="feed-10.filing.1").is_checked()
    assert not page.get_by_role("checkbox", name="feed-2.filing.1").is_checked()


def test_browser_that_keeps_nothing_shows_the_page_all_the_same(opened: Opened) -> None:
    refuses = (
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    order = work_order()
    page = opened(pages(order, AROUND), f"{order.number}.html", before=refuses)
    page.get_by_role("checkbox").first.check()
    assert page.get_by_role("checkbox").first.is_checked()
    assert page.get_by_role("button", name="Copy Client Name").first.is_visible()


@pytest.mark.parametrize("name", ["feed-2.filing.1.html", TABLE])
def test_value_is_copied_with_the_keyboard(opened: Opened, name: str) -> None:
    page = opened(ALL, name, permissions=["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy Client Name: SEC Filing | feed-2 | 2026-11", exact=True).first
    button.focus()
    page.keyboard.press("Enter")
    assert "copied" in (page.get_by_role("status").text_content() or page.locator("#said").inner_text())
    assert page.evaluate("navigator.clipboard.readText()") == "SEC Filing | feed-2 | 2026-11"
