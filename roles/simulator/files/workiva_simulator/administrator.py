# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays the people: takes a work order and goes through the console's pages as a person would.

It sees nothing but pages, of the work orders and of the console. Whatever keeps a person from going on is the reason
that it reports. What it prints holds no secret; those go to the handover file only.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from bs4 import Tag

from . import process
from .access_changes import AccessChanges
from .browser import Browser, Form, NotPossible, words
from .handed_over import HandedOver
from .orders import Order, read_folder
from .people_command import ADMINISTRATOR
from .state import State

# Where each screen is, and what begins a new grant there; Workspace Settings are those of a workspace.
MENUS = {
    "organization_admin": ("Organization Admin", "Security", "Provisioning"),
    "workspace_settings": ("Workspace Settings", "Security"),
    "account_admin": ("Account Admin", "People", "OAuth2 Grants"),
}
ADDING = {
    "organization_admin": ("Add Identity or API", "API Grant"),
    "workspace_settings": ("Create API Grant",),
    "account_admin": ("Add OAuth2 Grant",),
}

Row = tuple[dict[str, Tag], Tag]


@dataclass
class Report:
    """What became of one order."""

    order: str
    kind: str
    # done: as it was asked or as the person is played; nothing: it was done before; refused; impossible
    outcome: str = "nothing"
    steps: list[str] = field(default_factory=list)
    reason: str | None = None

    def did(self, step: str) -> None:
        self.outcome = "done"
        self.steps.append(step)


@dataclass
class People:
    """The administrator and the custodians of one organization, and how they behave."""

    console_url: str
    ca_path: str
    handed_over: HandedOver
    played_as: str = "fulfil"
    administrator: str = ADMINISTRATOR

    def carry_out(self, order: Order) -> Report:
        report = Report(order.number, order.kind)
        if self.played_as == "refuse":
            report.outcome, report.reason = "refused", "the administrator said no"
            return report
        kinds = {
            "create": self._create,
            "replace": self._create,
            "edit": self._edit,
            "regenerate": self._regenerate,
            "delete": self._delete,
            "retire": self._retire,
            "add_user": self._user,
            "change_user": self._user,
            "remove_user": self._user,
            "file_access": self._share,
        }
        try:
            if order.kind not in kinds:
                raise NotPossible(f"Nobody knows what an order of the kind {order.kind} is.")
            kinds[order.kind](order, report)
            if order.needs_word:
                self.handed_over.say_done(order.number)
                report.steps.append("said that it is done")
        except NotPossible as problem:
            report.outcome, report.reason = "impossible", str(problem)
        except httpx.HTTPError as error:
            raise RuntimeError(f"the console at {self.console_url} does not answer: {type(error).__name__}") from None
        return report

    # The kinds of orders.

    def _create(self, order: Order, report: Report) -> None:
        workspace, pair, moved = order.workspace, None, False
        with self._signed_in(self.administrator) as browser:
            if self.played_as == "other_workspace":
                workspace = self._add_elsewhere(browser, order, report)
            else:
                self._open_screen(browser, order, workspace)
                if not _rows(browser, order, workspace):
                    self._add(browser, order, report, workspace)
                    pair = self._copied(browser, order, workspace)
                else:
                    moved = self._change(browser, order, report)
            cells, _row = _one_row(browser, order, workspace=workspace)
            client_id = words(cells["Client ID"])
            if pair:
                report.did(f"{self.administrator} copied the Client ID {client_id} and the secret, which was shown")
                self._hand_over(order, pair, cells)
        if not pair and (moved or not self.handed_over.has(order.integration, order.grant, client_id)):
            self._take_secret(order, report, workspace)

    def _edit(self, order: Order, report: Report) -> None:
        with self._signed_in(self.administrator) as browser:
            self._open_screen(browser, order, order.workspace)
            moved = self._change(browser, order, report)
        if moved:
            self._take_secret(order, report, order.workspace)

    def _regenerate(self, order: Order, report: Report) -> None:
        self._take_secret(order, report, order.workspace)

    def _delete(self, order: Order, report: Report) -> None:
        with self._signed_in(self.administrator) as browser:
            self._open_screen(browser, order, order.workspace)
            if not _rows(browser, order, order.workspace):
                return
            cells, row = _one_row(browser, order)
            browser.follow("Delete", inside=row)
            browser.press(browser.form("Delete"), "Delete")
            report.did(f"{self.administrator} deleted the grant {words(cells['Client Name'])}")

    def _retire(self, order: Order, report: Report) -> None:
        if "Expires" in order.fields:
            self._edit(order, report)
        else:
            self._delete(order, report)

    def _share(self, order: Order, report: Report) -> None:
        for share in order.shares:
            if not share.owner:
                raise NotPossible(f"Nobody is named who could share the file {share.file}.")
            with self._signed_in(share.owner) as browser:
                for text in (share.workspace, "Files", share.file):
                    browser.follow(text)
                held = {words(cells["User or group"]): words(cells["Permission"]) for cells, _row in browser.rows()}
                if held.get(share.principal) == share.permission:
                    continue
                form = browser.form("Share")
                form.enter("User or group", share.principal)
                form.enter("Permission", share.permission)
                browser.press(form, "Share")
                report.did(f"{share.owner} made {share.principal} {share.permission} of the file {share.file}")

    def _user(self, order: Order, report: Report) -> None:
        access = AccessChanges(order, self.administrator, report.did)
        with self._signed_in(self.administrator) as browser:
            if order.kind != "remove_user":
                access.keep_user(browser, self.console_url)
            for workspace in dict.fromkeys(item.workspace for item in order.access if item.workspace):
                access.keep_member(browser, self.console_url, workspace)
            if order.kind == "remove_user":
                access.keep_user(browser, self.console_url)

    # What they consist of.

    def _signed_in(self, username: str) -> Browser:
        browser = Browser(self.ca_path)
        try:
            browser.open(self.console_url)
            form = browser.form("Sign in")
            form.enter("Username", username)
            browser.press(form, "Sign in")
        except NotPossible as problem:
            browser.close()
            raise NotPossible(f"{username} could not sign in: {problem}") from None
        except BaseException:
            browser.close()
            raise
        return browser

    def _open_screen(self, browser: Browser, order: Order, workspace: str) -> None:
        if order.screen == "workspace_settings":
            browser.open(self.console_url)
            browser.follow(workspace)
        for text in MENUS[order.screen]:
            browser.follow(text)

    def _open_form(self, browser: Browser, order: Order) -> Form:
        for text in ADDING[order.screen]:
            browser.follow(text)
        return browser.form("Add Grant")

    def _add(self, browser: Browser, order: Order, report: Report, workspace: str) -> None:
        form = self._open_form(browser, order)
        self._fill(form, order)
        if form.has("Workspace"):
            form.enter("Workspace", workspace)
        browser.press(form, "Add Grant")
        report.did(f"{self.administrator} added the grant {order.client_name} in the workspace {workspace}")

    def _copied(self, browser: Browser, order: Order, workspace: str) -> tuple[str, str] | None:
        """The secret of the new grant, where the screen shows it and the order does not say to leave it."""
        # In Organization Admin it says so: the custodian makes one.
        if order.screen == "organization_admin":
            return None
        pair = _shown_pair(browser)
        if not pair and order.screen == "account_admin":
            _cells, row = _one_row(browser, order, workspace=workspace)
            browser.follow("Edit", inside=row)
            pair = _shown_pair(browser)
            browser.follow("Cancel")
        return pair

    def _change(self, browser: Browser, order: Order, report: Report) -> bool:
        """Brings the grant to what the order says. Returns whether that ended its secret, as another user does."""
        cells, row = _one_row(browser, order)
        browser.follow("Edit", inside=row)
        form = browser.form("Save")
        before = form.entered()
        self._fill(form, order)
        if form.entered() == before:
            browser.follow("Cancel")
            return False
        browser.press(form, "Save")
        report.did(f"{self.administrator} changed the grant {words(cells['Client Name'])}")
        name = order.fields.get("Client Name")
        after, _row = _one_row(browser, order, name=name)
        report.steps.append(f"the screen shows now: {_told(after)}")
        return words(after["Workiva Username"]) != words(cells["Workiva Username"])

    def _add_elsewhere(self, browser: Browser, order: Order, report: Report) -> str:
        """Adds the grant in the first other workspace that takes it, and returns which."""
        if order.screen == "workspace_settings":
            links = [words(link) for link in browser.page.select("main a[href]")]
        else:
            self._open_screen(browser, order, order.workspace)
            links = self._open_form(browser, order).options("Workspace")
        why = "there is no other workspace"
        for workspace in links:
            if workspace == order.workspace:
                continue
            try:
                browser.open(self.console_url)
                self._open_screen(browser, order, workspace)
                if not _rows(browser, order, workspace):
                    self._add(browser, order, report, workspace)
            except NotPossible as problem:
                why = str(problem)
            else:
                return workspace
        raise NotPossible(f"No other workspace takes the grant: {why}")

    def _fill(self, form: Form, order: Order) -> None:
        for label, value in order.fields.items():
            # Older forms have no Client Type, and the one in Workspace Settings no Workspace.
            if label not in ("Workspace", "Client Type") or form.has(label):
                form.enter(label, value)
        if not order.scopes:
            return
        offered = form.choices("Scopes")
        wanted = [vendor if vendor in offered and text not in offered else text for text, vendor in order.scopes]
        if self.played_as == "wrong_scope":
            others = [text for text in offered if text not in wanted]
            wanted = [*wanted[:-1], *others[:1]]
        form.tick("Scopes", wanted)

    def _take_secret(self, order: Order, report: Report, workspace: str) -> None:
        with self._signed_in(order.username) as browser:
            browser.follow("My profile")
            browser.follow("Security")
            cells, row = _one_row(browser, order, workspace=workspace)
            browser.press(browser.form("Regenerate", inside=row), "Regenerate")
            pair = _shown_pair(browser)
            if not pair:
                raise NotPossible("Regenerate showed no secret.")
            self._hand_over(order, pair, cells)
            report.did(
                f"the custodian of {order.username} pressed Regenerate and handed over the client ID {pair[0]} and its secret"
            )

    def _hand_over(self, order: Order, pair: tuple[str, str], cells: dict[str, Tag]) -> None:
        """Together with what the screen shows, which no program can ask for."""
        addresses = [entry.strip() for entry in words(cells["IP Allowlist"]).split(",")]
        self.handed_over.keep(
            {
                "integration": order.integration,
                "grant": order.grant,
                "client_id": pair[0],
                "client_secret": pair[1],
                "expires": _date(cells["Expires"]),
                "ip_allowlist": [entry for entry in addresses if entry],
            }
        )


def _shown_pair(browser: Browser) -> tuple[str, str] | None:
    terms = browser.terms()
    return (terms["Client ID"], terms["Client Secret"]) if "Client Secret" in terms else None


def _date(cell: Tag) -> str:
    shown = cell.select_one("time")
    return words(shown if shown is not None else cell)


def _told(cells: dict[str, Tag]) -> str:
    scopes = ", ".join(words(item) for item in cells["Scopes"].select("li"))
    allowlist = words(cells["IP Allowlist"]) or "empty"
    return f"Scopes {scopes}; Expires {_date(cells['Expires'])}; IP Allowlist {allowlist}"


def _rows(browser: Browser, order: Order, workspace: str, name: str | None = None) -> list[Row]:
    """The grants in the list that the order can mean."""
    wanted = {"Client Name": name or order.client_name, "Client ID": order.client_id, "Workspace": workspace}
    if not order.client_name and not order.client_id:
        wanted["Workiva Username"] = order.username
    return [
        (cells, row)
        for cells, row in browser.rows()
        if all(words(cells[label]) == value for label, value in wanted.items() if value and label in cells)
    ]


def _one_row(browser: Browser, order: Order, workspace: str | None = None, name: str | None = None) -> Row:
    found = _rows(browser, order, workspace or order.workspace, name)
    asked = name or order.client_name or order.client_id or f"of {order.username}"
    if len(found) != 1:
        count = "no grant" if not found else f"{len(found)} grants"
        raise NotPossible(f"The list shows {count} {asked} in the workspace {workspace or order.workspace}.")
    return found[0]


def carry_out(
    directory: Path,
    folder: Path,
    numbers: Iterable[str] = (),
    *,
    played_as: str = "fulfil",
    administrator: str = ADMINISTRATOR,
    handed_over: Path | None = None,
    days: int = 30,
) -> list[Report]:
    """Carries out the orders of a folder against the simulator that runs in a directory. Raises ValueError, RuntimeError."""
    orders = read_folder(folder, numbers)
    facts = process.running(directory)
    if not facts:
        raise RuntimeError(f"no simulator runs in {directory}")
    if played_as == "late":
        state = State(str(directory / "state.sqlite"))
        state.set_clock(state.now() + datetime.timedelta(days=days))
    people = People(facts["console_url"], facts["ca_path"], HandedOver(handed_over), played_as, administrator)
    return [people.carry_out(order) for order in orders]
