# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Renders a work order: one self-contained HTML page for a person without a terminal, and Markdown for a ticket.

Both are functions of the order and the constants of this release: the same order gives the same bytes. The attributes
of C(main) and C(data-field) are read by the simulator's administrator, which plays the people.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER_KINDS
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders import steps
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.steps import Sentence
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import Surroundings

TEMPLATES = os.path.join(os.path.dirname(__file__), "_templates")
# Not the locale's: the same order gives the same bytes wherever it is rendered.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Row:
    """A field of the form: its label on the screen, and what to enter or to find there."""

    label: str
    name: str
    # (text to show, the vendor's own string where the text is a label)
    values: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    was: str | None = None
    # Only in an edit: True where the field stays as it is, False where it changes.
    unchanged: bool | None = None
    # Only of a user's access: in which workspace, and whether the values are all (exact), given (add) or taken (remove).
    workspace: str | None = None
    change: str | None = None


def pages(order: WorkOrder, around: Surroundings) -> dict[str, bytes]:
    """The files of an order: their names and their content."""
    template = "file_access" if order.kind == "file_access" else "order"
    context = {
        "order": order,
        "fields": order.fields,
        "title": steps.TITLES[order.kind],
        "about_user": order.kind in USER_KINDS,
        "values_title": _values_title(order.kind),
        "needs_word": steps.needs_word(order),
        "done_command": around.commands.command("handover", *steps.done_options(order)),
        "screen": order.fields.get("screen") or "organization_admin",
        "summary": steps.summary(order),
        "waits_for": steps.waits_for(order),
        "cards": steps.cards(order),
        "rows": _rows(order, around.scope_labels),
        "command": around.commands.command("handover"),
        "unlabelled": _unlabelled(order, around.scope_labels),
        "organization": around.organization,
        "console_url": around.console_url,
        "handover_url": around.handover_url,
        "written": _long(order.fields["written"]),
    }
    environment = _environment()
    style, script = _text("page.css"), _text("page.js")
    html = environment.get_template(f"{template}.html.j2").render(
        **context,
        style=Markup(style),  # noqa: S704 # ours, not the user's
        script=Markup(script),  # noqa: S704
        style_hash=_source_hash(style),
        script_hash=_source_hash(script),
    )
    markdown = environment.get_template(f"{template}.md.j2").render(**context)
    return {f"{order.number}.html": html.encode("utf-8"), f"{order.number}.md": markdown.encode("utf-8")}


def _rows(order: WorkOrder, labels: Mapping[str, str]) -> tuple[Row, ...]:
    if order.kind in USER_KINDS:
        return tuple(_access_rows(order))
    fields, kind = order.fields, order.kind
    changes: Mapping[str, Any] = fields["changes"] if kind == "edit" else {}
    rows: list[Row] = []

    def add(label: str, name: str, values: Iterable[tuple[str, str]], *notes: str) -> None:
        texts = tuple(values)
        change = changes.get(name)
        if not texts and change is None:
            return
        if change is not None and not texts:
            texts, notes = (("", ""),), ("Empty the field.", *notes)
        was = None if change is None else _plain(change.get("from"), labels)
        unchanged = change is None if kind == "edit" else None
        rows.append(Row(label, name, texts, tuple(note for note in notes if note), was, unchanged))

    add("Client Name", "client_name", _one(fields["client_name"]))
    add("Client ID", "client_id", _one(fields["client_id"]))
    place = "This screen has no such field: it is the workspace in which you are."
    add("Workspace", "workspace", _one(fields["workspace"]), place if _is_new_in_workspace(order) else "")
    add("Workiva Username", "username", _one(fields["username"]))
    if kind in ("regenerate", "delete", "file_access"):
        return tuple(rows)
    hint = "Only newer forms have this field." if kind == "create" else ""
    add("Client Type", "client_type", _one(fields["client_type"]), hint)
    add("Scopes", "scopes", ((labels.get(scope, scope), scope) for scope in fields["scopes"]))
    add("Expires", "expires", _one(fields["expires"]), _long(fields["expires"]) if fields["expires"] else "")
    add("IP Allowlist", "ip_allowlist", _one(",".join(fields["ip_allowlist"])))
    return tuple(rows)


def _values_title(kind: str) -> str:
    return "The grant that is meant" if kind in ("regenerate", "delete") else "The values"


_USER_LABELS = {
    "username": "Username",
    "email": "Email",
    "given_name": "First name",
    "family_name": "Last name",
    "display_name": "Display name",
}
# Of each kind of step in a workspace: the label of its row, its name for programs, and what is done with the values.
_ACCESS_LABELS = {
    "add_membership": ("add as a member", "member", "add"),
    "remove_membership": ("remove from the members", "member", "remove"),
    "set_roles": ("exactly these roles", "role", "exact"),
    "assign_roles": ("give these roles", "role", "add"),
    "revoke_roles": ("take these roles", "role", "remove"),
    "join_group": ("add to the group", "group", "add"),
    "leave_group": ("remove from the group", "group", "remove"),
    "assign_organization_roles": ("Organization roles to give", "organization_role", "add"),
    "revoke_organization_roles": ("Organization roles to take", "organization_role", "remove"),
    "delete_user": ("Delete", "deleted", "remove"),
}


def _access_rows(order: WorkOrder) -> Iterable[Row]:
    """The values of an order about a user, in the order of its steps."""
    yield Row("Username", "username", _one(order.fields["username"]))
    for step in order.fields["steps"]:
        kind = step["kind"]
        if kind == "look":
            yield from _rows_to_compare(order.fields["access"])
        for name, label in _USER_LABELS.items():
            if name in step["fields"] and name != "username":
                yield Row(label, name, _one(step["fields"][name]))
        if kind not in _ACCESS_LABELS:
            continue
        label, name, change = _ACCESS_LABELS[kind]
        if name in ("member", "deleted"):
            values = _one(step["workspace"] or order.fields["username"])
        else:
            values = tuple((value, value) for value in step["names"]) or (("", ""),)
        notes = ("None.",) if values == (("", ""),) else ()
        if step["welcome_email"]:
            notes = ("With the welcome e-mail.",)
        shown = f"{step['workspace']}: {label}" if step["workspace"] else label
        yield Row(shown, name, values, notes, workspace=step["workspace"], change=change)


def _rows_to_compare(access: Mapping[str, Any]) -> Iterable[Row]:
    for name, label in _USER_LABELS.items():
        if name != "username" and (access.get("fields") or {}).get(name) and access["state"] == "present":
            yield Row(label, name, _one(access["fields"][name]))


def _is_new_in_workspace(order: WorkOrder) -> bool:
    return order.kind == "create" and order.fields["screen"] == "workspace_settings"


def _one(value: str | None) -> tuple[tuple[str, str], ...]:
    return ((value, value),) if value else ()


def _plain(value: Any, labels: Mapping[str, str]) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(f"{labels[item]} ({item})" if item in labels else str(item) for item in value) or "empty"
    return str(value) if value else "not known"


def _unlabelled(order: WorkOrder, labels: Mapping[str, str]) -> tuple[str, ...]:
    if order.kind == "create" or "scopes" in (order.fields.get("changes") or {}):
        return tuple(scope for scope in order.fields["scopes"] if scope not in labels)
    return ()


def _long(text: str) -> str:
    """A date that nobody can read with day and month the wrong way round."""
    day = parse_date(text)
    if day is None:
        return text
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        # Markdown has filters of its own.
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(html=_html, md=_markdown, md_text=_markdown_text, md_code=_markdown_code)
    return environment


@lru_cache(maxsize=4)
def _text(name: str) -> str:
    with open(os.path.join(TEMPLATES, name), encoding="utf-8") as stream:
        return stream.read()


def _source_hash(text: str) -> str:
    """How a Content-Security-Policy names the one inline block that it allows."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _html(parts: Sentence) -> Markup:
    tags = {"text": "{}", "label": '<b class="ui">{}</b>', "value": '<code class="value">{}</code>'}
    return Markup("").join(Markup(tags[kind]).format(text) for kind, text in parts)  # noqa: S704


def _markdown(parts: Sentence) -> str:
    forms: dict[str, Callable[[str], str]] = {"text": str, "label": "**{}**".format, "value": _markdown_code}
    return "".join(forms[kind](text) for kind, text in parts)


def _markdown_text(text: object) -> str:
    """A value as plain words: neither Markdown nor the HTML inside Markdown gets a say."""
    line = " ".join(str(text).split())
    return str(escape(re.sub(r"([\\`*_{}\[\]()#+!|~])", r"\\\1", line))).replace("&#34;", '"').replace("&#39;", "'")


def _markdown_code(text: object) -> str:
    """A value as code, in a fence that is longer than any in it."""
    line = " ".join(str(text).split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    padding = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{padding}{line}{padding}{fence}"
