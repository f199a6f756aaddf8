# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the work orders of a folder, from the pages that people get."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from .browser import words


@dataclass(frozen=True)
class Share:
    """One permission that an order about files asks for."""

    owner: str
    workspace: str
    file: str
    principal: str
    permission: str


@dataclass(frozen=True)
class Order:
    """One page: what is asked, and the fields as they stand on it."""

    number: str
    kind: str
    screen: str
    integration: str
    grant: str
    # By the label on the screen; only those that are to be filled in or, in an edit, to be changed.
    fields: dict[str, str]
    # What the page calls each scope, and the vendor's string that it shows beside.
    scopes: tuple[tuple[str, str], ...]
    workspace: str
    username: str
    client_name: str | None
    client_id: str | None
    shares: tuple[Share, ...] = ()
    # Of an order about a user: its fields by the API's names, and what to do with its access.
    person: dict[str, str] = field(default_factory=dict)
    access: tuple[Access, ...] = ()
    # The page asks that somebody says that it is done.
    needs_word: bool = False


@dataclass(frozen=True)
class Access:
    """Values of one kind: organization_role, member, role, group, deleted; exact, add or remove; in which workspace."""

    kind: str
    change: str
    workspace: str | None
    values: tuple[str, ...]
    welcome: bool = False


USER_KINDS = ("add_user", "change_user", "remove_user")
_PERSON = {
    "username": "Username",
    "email": "Email",
    "given_name": "First name",
    "family_name": "Last name",
    "display_name": "Display name",
}
_LABELS = {
    "client_name": "Client Name",
    "workspace": "Workspace",
    "username": "Workiva Username",
    "client_type": "Client Type",
    "expires": "Expires",
    "ip_allowlist": "IP Allowlist",
}


def read(path: Path) -> Order | None:
    """The order of a page; None where the page is none. Raises ValueError where it is not complete."""
    main = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select_one("main[data-order]")
    if main is None:
        return None
    if main.get("data-kind") == "file_access":
        return _about_files(main)
    is_about_user = main.get("data-kind") in USER_KINDS
    # The first card that shows a field counts; the pages show each field once.
    found = {str(code["data-field"]): code for code in reversed(main.select("[data-field]"))}
    needed = ("username",) if is_about_user else ("workspace", "username")
    missing = [name for name in needed if name not in found]
    if missing:
        raise ValueError(f"{path}: the page does not tell {', '.join(missing)}")
    if is_about_user:
        return _about_user(main)
    texts = {name: words(code) for name, code in found.items()}
    changing = {name for name, code in found.items() if not code.has_attr("data-unchanged")}
    codes = main.select("[data-field=scope]") if "scope" in changing else []
    scopes = {str(code.get("data-scope", words(code))): words(code) for code in codes}
    return Order(
        number=str(main["data-order"]),
        kind=str(main["data-kind"]),
        screen=str(main["data-screen"]),
        integration=str(main["data-integration"]),
        grant=str(main["data-grant"]),
        fields={label: texts[name] for name, label in _LABELS.items() if name in changing},
        scopes=tuple((text, vendor) for vendor, text in scopes.items()),
        workspace=texts["workspace"],
        username=texts["username"],
        client_name=texts.get("client_name"),
        client_id=texts.get("client_id"),
        needs_word=main.select_one("#word") is not None,
    )


def _about_user(main: Tag) -> Order:
    texts = {str(code["data-field"]): words(code) for code in main.select("[data-field]:not([data-change])")}
    rows: dict[tuple[str, str, str], list[Tag]] = {}
    for code in main.select("[data-change]"):
        place = (str(code["data-field"]), str(code["data-change"]), str(code.get("data-workspace", "")))
        rows.setdefault(place, []).append(code)
    return Order(
        number=str(main["data-order"]),
        kind=str(main["data-kind"]),
        screen=str(main["data-screen"]),
        integration=str(main["data-integration"]),
        grant=str(main["data-grant"]),
        fields={},
        scopes=(),
        workspace="",
        username=texts["username"],
        client_name=None,
        client_id=None,
        person={label: texts[name] for name, label in _PERSON.items() if name in texts},
        access=tuple(
            Access(
                kind,
                change,
                workspace or None,
                tuple(text for text in map(words, codes) if text),
                any(code.has_attr("data-welcome") for code in codes),
            )
            for (kind, change, workspace), codes in rows.items()
        ),
        needs_word=main.select_one("#word") is not None,
    )


def _about_files(main: Tag) -> Order:
    shares = tuple(
        Share(
            str(part["data-owner"]),
            str(part["data-workspace"]),
            str(part["data-file"]),
            words(code),
            str(code["data-permission"]),
        )
        for part in main.select("[data-file]")
        for code in part.select("[data-permission]")
    )
    integration, grant = str(main["data-integration"]), str(main["data-grant"])
    number, kind, screen = str(main["data-order"]), str(main["data-kind"]), str(main["data-screen"])
    return Order(number, kind, screen, integration, grant, {}, (), "", "", None, None, shares)


def read_folder(folder: Path, numbers: Iterable[str] = ()) -> list[Order]:
    """The orders of a folder, or those with the given numbers, by number. Raises ValueError for one that is not there."""
    if not folder.is_dir():
        raise ValueError(f"there is no folder {folder}")
    found = {order.number: order for path in sorted(folder.glob("*.html")) if (order := read(path))}
    wanted = list(dict.fromkeys(numbers))
    missing = [number for number in wanted if number not in found]
    if missing:
        raise ValueError(f"{folder} has no work order {', '.join(missing)}")
    # A grant needs its user: whoever gets both orders begins with that one.
    chosen = [order for number, order in found.items() if not wanted or number in wanted]
    return sorted(chosen, key=lambda order: order.kind not in ("add_user", "change_user"))
