# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person does for an order about a user: on the pages of people, and on those of a workspace's members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bs4 import Tag

from .browser import Browser, words
from .orders import Access, Order


@dataclass
class AccessChanges:
    """What an order about a user asks for, on the pages of people and members."""

    order: Order
    administrator: str
    did: Callable[[str], None]

    def keep_user(self, browser: Browser, home: str) -> None:
        """The user, its organization roles and, where the order says so, its end."""
        changes = [item for item in self.order.access if item.kind == "organization_role"]
        deleted = any(item.kind == "deleted" for item in self.order.access)
        if self.order.kind == "remove_user" and not changes and not deleted:
            return
        browser.open(home)
        browser.follow("Organization Admin")
        browser.follow("People")
        row = self._row(browser)
        if row is None and self.order.kind == "remove_user":
            return
        if row is None:
            browser.follow("Add User")
        else:
            browser.follow("Edit", inside=row)
        button = "Add User" if row is None else "Save"
        form = browser.form(button)
        before = form.entered()
        for label, value in self.order.person.items():
            form.enter(label, value)
        form.tick("Organization roles", _wanted(form.ticked("Organization roles"), changes))
        if form.entered() != before:
            browser.press(form, button)
            verb = "added" if row is None else "changed"
            self.did(f"{self.administrator} {verb} the user {self.order.username}")
        else:
            browser.follow("Cancel")
        if deleted:
            row = self._row(browser)
            browser.follow("Delete", inside=row)
            browser.press(browser.form("Delete"), "Delete")
            self.did(f"{self.administrator} deleted the user {self.order.username}")

    def keep_member(self, browser: Browser, home: str, workspace: str) -> None:
        """The membership in one workspace, with its roles and groups."""
        changes = [item for item in self.order.access if item.workspace == workspace]
        browser.open(home)
        for text in (workspace, "Workspace Settings", "Members"):
            browser.follow(text)
        row = self._row(browser)
        if any(item.kind == "member" and item.change == "remove" for item in changes):
            if row is not None:
                browser.follow("Remove", inside=row)
                browser.press(browser.form("Remove"), "Remove")
                self.did(f"{self.administrator} removed {self.order.username} from {workspace}")
            return
        if row is None:
            browser.follow("Add Member")
        else:
            browser.follow("Edit", inside=row)
        button = "Add Member" if row is None else "Save"
        form = browser.form(button)
        before = form.entered()
        if row is None:
            form.enter("Username", self.order.username)
            form.tick("Mail", ["Send the welcome e-mail"] if any(item.welcome for item in changes) else [])
        form.tick("Roles", _wanted(form.ticked("Roles"), [item for item in changes if item.kind == "role"]))
        form.tick("Groups", _wanted(form.ticked("Groups"), [item for item in changes if item.kind == "group"]))
        if form.entered() == before:
            browser.follow("Cancel")
            return
        browser.press(form, button)
        self.did(f"{self.administrator} gave {self.order.username} its access in {workspace}")

    def _row(self, browser: Browser) -> Tag | None:
        for cells, row in browser.rows():
            if words(cells["Username"]).casefold() == self.order.username.casefold():
                return row
        return None


def _wanted(ticked: list[str], changes: list[Access]) -> list[str]:
    """The boxes that shall be ticked after the changes."""
    for item in changes:
        if item.change == "exact":
            ticked = []
        ticked = [text for text in ticked if text not in item.values]
        ticked += item.values if item.change != "remove" else ()
    return ticked
