# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials are sealed in Chromium, from a file, by keyboard and at the width of a telephone; the collection opens them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.pages import pages
from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.blocks import bound_fingerprint
from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.jwe import (
    create_key,
    find_blocks,
    open_block,
)
from tests._orders import AROUND, work_order
from tests.browser.conftest import Opened, violations

SECRET = "wk_secret:oa2c:canary0123456789canary"
PRIVATE, PUBLIC = create_key()
SEALS = replace(AROUND, key_of=lambda _number, _present: PUBLIC.as_fields())
ORDER = work_order(around=SEALS)
PAGES = pages(ORDER, SEALS)
NAME = f"{ORDER.number}.html"


@pytest.mark.parametrize("width", [1280, 375])
def test_credentials_are_sealed_with_the_keyboard_alone(opened: Opened, width: int) -> None:
    page = opened(PAGES, NAME, width=width)
    page.get_by_role("checkbox", name="read the same fingerprint").focus()
    page.keyboard.press("Space")
    for text in ("c-1", SECRET, "2027-06-30"):
        page.keyboard.press("Tab")
        page.keyboard.type(f" {text} ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    result = page.get_by_label("Sealed text", exact=True)
    result.wait_for()
    text = result.input_value()
    (block,) = find_blocks(text)
    assert open_block(block, PRIVATE) == {"client_id": "c-1", "client_secret": SECRET, "expires": "2027-06-30"}
    assert (block.order, block.kid) == (ORDER.number, PUBLIC.kid)
    assert block.fingerprint == bound_fingerprint(ORDER.number, ORDER.kind, ORDER.fields)
    # The secret is nowhere any more, and nothing of it was kept.
    assert page.get_by_label("Client Secret").input_value() == ""
    assert SECRET not in page.content()
    assert SECRET not in page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + location.href")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_sealed_text_is_copied(opened: Opened) -> None:
    page = opened(PAGES, NAME, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("checkbox", name="read the same fingerprint").check()
    page.get_by_label("Client ID", exact=True).fill("c-1")
    page.get_by_label("Client Secret").fill(SECRET)
    page.get_by_role("button", name="Seal", exact=True).click()
    page.get_by_role("button", name="Copy the sealed text").click()
    page.wait_for_function("document.getElementById('said').textContent === 'Sealed text copied'")
    (block,) = find_blocks(page.evaluate("navigator.clipboard.readText()"))
    assert open_block(block, PRIVATE) == {"client_id": "c-1", "client_secret": SECRET}


@pytest.mark.parametrize(
    ("compared", "client_id", "secret", "expires", "problem"),
    [
        (False, "c-1", SECRET, "", "Compare the key's fingerprint first"),
        (True, "", SECRET, "", "Enter the Client ID"),
        (True, "c-1", "", "", "Enter the Client Secret"),
        (True, SECRET, "c-1", "", "A secret is in the field for the Client ID"),
        (True, "c-1", "two words", "", "A blank is inside"),
        (True, "c-1", SECRET, "30.06.2027", "Write the date as YYYY-MM-DD"),
    ],
)
def test_mistake_is_named_and_nothing_is_sealed(
    opened: Opened, compared: bool, client_id: str, secret: str, expires: str, problem: str
) -> None:
    page = opened(PAGES, NAME)
    if compared:
        page.get_by_role("checkbox", name="read the same fingerprint").check()
    page.get_by_label("Client ID", exact=True).fill(client_id)
    page.get_by_label("Client Secret").fill(secret)
    page.get_by_label("Expires, as the screen shows it").fill(expires)
    page.get_by_role("button", name="Seal", exact=True).click()
    assert problem in page.get_by_role("alert").inner_text()
    assert not page.get_by_label("Sealed text", exact=True).is_visible()


def test_nothing_of_the_sealing_is_remembered(opened: Opened) -> None:
    page = opened(PAGES, NAME)
    page.get_by_role("checkbox", name="read the same fingerprint").check()
    page.get_by_label("Client ID", exact=True).fill("c-1")
    page.reload()
    assert not page.get_by_role("checkbox", name="read the same fingerprint").is_checked()
    assert page.get_by_label("Client ID", exact=True).input_value() == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_page_that_seals_fits_and_is_accessible(opened: Opened, width: int, scheme: str) -> None:
    page = opened(PAGES, NAME, width=width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_browser_that_cannot_encrypt_shows_the_reason(opened: Opened) -> None:
    page = opened(PAGES, NAME, before="Object.defineProperty(window.crypto, 'subtle', {value: undefined})")
    page.get_by_role("checkbox", name="read the same fingerprint").check()
    page.get_by_label("Client ID", exact=True).fill("c-1")
    page.get_by_label("Client Secret").fill(SECRET)
    page.get_by_role("button", name="Seal", exact=True).click()
    assert "This browser cannot encrypt" in page.get_by_role("alert").inner_text()
