# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chromium, which opens the pages of work orders as files, as a double click does."""

from __future__ import annotations

import importlib.resources
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
Opened = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=os.environ["WORKIVA_BROWSER"], args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    """Opens a page of C(pages) in a window of its own, which keeps its storage: C(opened(pages, name, width=375)).

    The test fails for anything that the browser complains about, such as a script that the page's policy refuses, and for
    every request for anything but the file.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(pages: dict[str, bytes], name: str, **options: Any) -> Page:
        for file, content in pages.items():
            (tmp_path / file).write_bytes(content)
        width = options.pop("width", 1280)
        script = options.pop("before", None)
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        if script:
            page.add_init_script(script)
        page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda sent: complaints.append(sent.url) if not sent.url.startswith("file:") else None)
        page.goto((tmp_path / name).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def violations(page: Page) -> list[Any]:
    """What axe finds. It is run by the debugger, which no policy of the page keeps out."""
    session = page.context.new_cdp_session(page)
    found = session.send(
        "Runtime.evaluate",
        {
            "expression": f"{AXE}; axe.run().then(found => found.violations.map(one => [one.id, one.nodes.map(node => node.html)]))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    return list(found["result"]["value"])
