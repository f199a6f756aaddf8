# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A browser without a screen: it finds links, fields and buttons as a person does, by the text on the page."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from types import TracebackType
from urllib.parse import urljoin

import httpx
from bs4 import BeautifulSoup, Tag


class NotPossible(Exception):
    """A person could not go on: what the page said, or what was not on it."""


def words(element: Tag) -> str:
    """What a person reads there."""
    return " ".join(element.get_text(" ", strip=True).split())


def _same(one: str, other: str) -> bool:
    # The star marks a field that must be filled in.
    return one.rstrip(" *").casefold() == other.rstrip(" *").casefold()


class Form:
    """A form of a page, while it is being filled in."""

    def __init__(self, element: Tag) -> None:
        self._element = element
        self.values: list[tuple[str, str]] = []
        for field in element.select("input[name], select[name], textarea[name]"):
            kind = str(field.get("type", field.name))
            if kind == "select":
                chosen = field.select_one("option[selected]") or field.select_one("option")
                self.values.append((str(field["name"]), _option_value(chosen) if chosen else ""))
            elif kind not in ("checkbox", "radio") or field.has_attr("checked"):
                self.values.append((str(field["name"]), str(field.get("value", "on" if kind == "checkbox" else ""))))

    @property
    def address(self) -> str:
        return str(self._element.get("action", ""))

    @property
    def is_post(self) -> bool:
        return str(self._element.get("method", "get")).lower() == "post"

    def entered(self) -> list[tuple[str, str]]:
        """What is in it now, to see whether anything was changed."""
        return sorted((name, value.replace(", ", ",")) for name, value in self.values)

    def has(self, label: str) -> bool:
        return self._labelled(label) is not None

    def options(self, label: str) -> list[str]:
        """What a list offers to choose from."""
        field = self._labelled(label)
        return (
            [words(option) for option in field.select("option") if _option_value(option)] if field is not None else []
        )

    def enter(self, label: str, value: str) -> None:
        """Types a value, or chooses it from a list."""
        field = self._labelled(label)
        if field is None:
            raise NotPossible(f"The form has no field {label}.")
        name = str(field["name"])
        if field.name == "select":
            options = {words(option): _option_value(option) for option in field.select("option")}
            if value not in options:
                raise NotPossible(f"{label} does not offer {value}, but: {', '.join(self.options(label))}.")
            value = options[value]
        self.values = [*((known, given) for known, given in self.values if known != name), (name, value)]

    def choices(self, legend: str) -> list[str]:
        """The texts beside the check boxes of a group."""
        return [words(label) for label, _box in self._boxes(legend)]

    def ticked(self, legend: str) -> list[str]:
        """The boxes of a group that are ticked now."""
        return [
            words(label) for label, box in self._boxes(legend) if (str(box["name"]), str(box["value"])) in self.values
        ]

    def tick(self, legend: str, wanted: Iterable[str]) -> None:
        """Ticks these boxes of a group and no others."""
        boxes = self._boxes(legend)
        offered = {words(label): box for label, box in boxes}
        wanted = list(wanted)
        missing = [text for text in wanted if text not in offered]
        if missing:
            raise NotPossible(f"{legend} does not offer {', '.join(missing)}, but: {', '.join(offered)}.")
        names = {str(box["name"]) for _label, box in boxes}
        self.values = [(name, value) for name, value in self.values if name not in names]
        self.values += [(str(offered[text]["name"]), str(offered[text]["value"])) for text in wanted]

    def button(self, text: str) -> tuple[str, str] | None:
        """What the button adds to the form. Raises L(NotPossible) where there is no such button."""
        for button in self._element.select("button"):
            if _same(words(button), text):
                return (str(button["name"]), str(button.get("value", ""))) if button.has_attr("name") else None
        raise NotPossible(f"The form has no button {text}.")

    def _labelled(self, text: str) -> Tag | None:
        for label in self._element.select("label[for]"):
            if _same(words(label), text):
                return self._element.select_one(f"#{label['for']}")
        return None

    def _boxes(self, legend: str) -> list[tuple[Tag, Tag]]:
        for group in self._element.select("fieldset"):
            title = group.select_one("legend")
            if title is not None and _same(words(title), legend):
                found = [(label, label.select_one("input[type=checkbox]")) for label in group.select("label")]
                return [(label, box) for label, box in found if box is not None]
        raise NotPossible(f"The form has no group {legend}.")


def _option_value(option: Tag) -> str:
    return str(option.get("value", words(option)))


class Browser:
    """A private window. Certificates are verified against the given authority and no other."""

    def __init__(self, ca_path: str) -> None:
        context = ssl.create_default_context(cafile=ca_path)
        # No proxy of the environment: the simulator is on this machine.
        self._client = httpx.Client(verify=context, follow_redirects=True, trust_env=False, timeout=30)
        self.address = ""
        self.page = BeautifulSoup("", "html.parser")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def open(self, address: str) -> None:
        self._take(self._client.get(urljoin(self.address, address)))

    def has_link(self, text: str, inside: Tag | None = None) -> bool:
        return any(_same(words(link), text) for link in (inside or self.page).select("a[href]"))

    def follow(self, text: str, inside: Tag | None = None) -> None:
        """Clicks a link."""
        links = [link for link in (inside or self.page).select("a[href]") if _same(words(link), text)]
        if not links:
            raise NotPossible(f"The page {self.heading()} has no link {text} for this person.")
        self.open(str(links[0]["href"]))

    def form(self, button: str, inside: Tag | None = None) -> Form:
        """The form that has this button."""
        for element in (inside or self.page).select("form"):
            if any(_same(words(candidate), button) for candidate in element.select("button")):
                return Form(element)
        raise NotPossible(f"The page {self.heading()} has no button {button} for this person.")

    def press(self, form: Form, button: str) -> None:
        pressed = form.button(button)
        values: dict[str, list[str]] = {}
        for name, value in [*form.values, *([pressed] if pressed else [])]:
            values.setdefault(name, []).append(value)
        address = urljoin(self.address, form.address) if form.address else self.address
        self._take(
            self._client.post(address, data=values) if form.is_post else self._client.get(address, params=values)
        )

    def heading(self) -> str:
        found = self.page.select_one("h1")
        return words(found) if found is not None else "without a heading"

    def rows(self) -> list[tuple[dict[str, Tag], Tag]]:
        """The table of the page: of each row, the cells by their column, and the row itself."""
        table = self.page.select_one("table")
        if table is None:
            return []
        columns = [words(cell) for cell in table.select("thead th")]
        rows = table.select("tbody tr")
        return [(dict(zip(columns, row.find_all(["th", "td"], recursive=False), strict=True)), row) for row in rows]

    def terms(self) -> dict[str, str]:
        """What the page shows as pairs of a term and its text."""
        found = {}
        for term in self.page.select("main dt"):
            text = term.find_next_sibling("dd")
            if text is not None:
                found[words(term)] = words(text)
        return found

    def _take(self, answer: httpx.Response) -> None:
        self.address = str(answer.url)
        self.page = BeautifulSoup(answer.text, "html.parser")
        alert = self.page.select_one("[role=alert]")
        if alert is not None:
            raise NotPossible(words(alert))
        if answer.is_error:
            raise NotPossible(f"The server answered {answer.status_code}.")
