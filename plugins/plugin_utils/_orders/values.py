# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The values of a work order: what a person types, ticks or compares, by the labels of Workiva's screens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder

# Not the locale's: the same order gives the same bytes wherever it is rendered.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
TICK, UNTICK, LEAVE_TICKED = "Tick", "Untick", "Leave ticked"
# The fields of the form of a grant that an edit can change.
_CHANGEABLE = ("username", "scopes", "expires", "ip_allowlist")


@dataclass(frozen=True)
class Value:
    """One value: the text to show, the vendor's own string where the text is a label, and in an edit what to do with it."""

    text: str
    string: str
    action: str = ""


@dataclass(frozen=True)
class Row:
    """A field of the form: its label on the screen, and what to enter or to find there."""

    label: str
    name: str
    values: tuple[Value, ...]
    notes: tuple[str, ...] = ()
    was: str | None = None
    # Only in an edit: True where the field stays as it is, False where it changes.
    unchanged: bool | None = None
    # Only of a user's access: in which workspace, and whether the values are all (exact), given (add) or removed (remove).
    workspace: str | None = None
    change: str | None = None


def long_date(text: str) -> str:
    """A date that nobody can read with day and month the wrong way round; other text as it is."""
    day = parse_date(text)
    if day is None:
        return text
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def form_rows(order: WorkOrder, labels: Mapping[str, str]) -> tuple[Row, ...]:
    """What to fill in where a grant is added."""
    fields = order.fields
    place = "This screen has no such field: it is the workspace in which you are."
    rows = (
        Row("Client Name", "client_name", _one(fields["client_name"])),
        Row(
            "Workspace",
            "workspace",
            _one(fields["workspace"]),
            (place,) if fields["screen"] == "workspace_settings" else (),
        ),
        Row("Workiva Username", "username", _one(fields["username"])),
        Row("Client Type", "client_type", _one(fields["client_type"]), ("Only newer forms have this field.",)),
        Row("Scopes", "scopes", tuple(_scope(scope, labels) for scope in fields["scopes"])),
        _expires(fields["expires"]),
        Row("IP Allowlist", "ip_allowlist", _one(",".join(fields["ip_allowlist"]))),
    )
    return _filled(rows)


def grant_rows(order: WorkOrder, *names: str) -> tuple[Row, ...]:
    """How to recognize a grant that exists: all that is known of it, or the fields C(names)."""
    fields = order.fields
    unchanged = True if fields.get("changes") else None
    rows = (
        Row("Client Name", "client_name", _one(fields["client_name"]), unchanged=unchanged),
        Row("Client ID", "client_id", _one(fields["client_id"]), unchanged=unchanged),
        Row("Workspace", "workspace", _one(fields["workspace"]), unchanged=unchanged),
        Row("Workiva Username", "username", _one(fields["username"]), unchanged=unchanged),
    )
    changes = fields.get("changes") or {}
    return _filled(row for row in rows if row.name not in changes and (not names or row.name in names))


def changed_rows(order: WorkOrder, labels: Mapping[str, str]) -> tuple[Row, ...]:
    """What an edit changes."""
    return tuple(_changed(name, order.fields, labels) for name in _CHANGEABLE if name in order.fields["changes"])


def unchanged_rows(order: WorkOrder, labels: Mapping[str, str]) -> tuple[Row, ...]:
    """What an edit leaves as it is, beside what names the grant."""
    fields = order.fields
    rows = (
        Row("Client Type", "client_type", _one(fields["client_type"]), unchanged=True),
        Row("Scopes", "scopes", tuple(_scope(scope, labels) for scope in fields["scopes"]), unchanged=True),
        _expires(fields["expires"], unchanged=True),
        Row("IP Allowlist", "ip_allowlist", _one(",".join(fields["ip_allowlist"])), unchanged=True),
    )
    return _filled(row for row in rows if row.name not in fields["changes"])


def _changed(name: str, fields: Mapping[str, Any], labels: Mapping[str, str]) -> Row:
    before, after = fields["changes"][name].get("from"), fields["changes"][name].get("to")
    if name == "scopes":
        return Row("Scopes", "scopes", _ticks(before, after or (), labels), unchanged=False)
    was = _plain(before)
    if name == "username":
        return Row("Workiva Username", "username", _one(after), was=was, unchanged=False)
    if name == "expires":
        return _expires(after, was=long_date(was), unchanged=False)
    text = ",".join(after or ())
    notes = () if text else ("Empty the field.",)
    return Row("IP Allowlist", name, (Value(text, text),), notes, was, unchanged=False)


def _ticks(before: Iterable[str] | None, after: Iterable[str], labels: Mapping[str, str]) -> tuple[Value, ...]:
    """What to do with the box of each scope: what stays, what is new, what goes."""
    was, wanted = tuple(before or ()), tuple(after)
    return (
        *(_scope(scope, labels, LEAVE_TICKED if scope in was else TICK) for scope in wanted),
        *(_scope(scope, labels, UNTICK) for scope in was if scope not in wanted),
    )


def _expires(value: str | None, was: str | None = None, unchanged: bool | None = None) -> Row:
    notes = (long_date(value),) if value else ("Empty the field.",) if unchanged is False else ()
    values = _one(value) or ((Value("", ""),) if unchanged is False else ())
    return Row("Expires", "expires", values, notes, was, unchanged)


def _scope(scope: str, labels: Mapping[str, str], action: str = "") -> Value:
    return Value(labels.get(scope, scope), scope, action)


def _filled(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.values)


def _one(value: str | None) -> tuple[Value, ...]:
    return (Value(value, value),) if value else ()


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "empty"
    return str(value) if value else "not known"


_USER_LABELS = {
    "username": "Username",
    "email": "Email",
    "given_name": "First name",
    "family_name": "Last name",
    "display_name": "Display name",
}
# Of each kind of step: the label of its row, its name for programs, and what is done with the values.
_ACCESS_LABELS = {
    "add_membership": ("Workspace", "member", "add"),
    "remove_membership": ("Workspace", "member", "remove"),
    "set_roles": ("Roles, exactly these", "role", "exact"),
    "assign_roles": ("Roles to give", "role", "add"),
    "revoke_roles": ("Roles to remove", "role", "remove"),
    "join_group": ("Group", "group", "add"),
    "leave_group": ("Group", "group", "remove"),
    "assign_organization_roles": ("Organization roles to give", "organization_role", "add"),
    "revoke_organization_roles": ("Organization roles to remove", "organization_role", "remove"),
    "delete_user": ("User to delete", "deleted", "remove"),
}


def user_row(order: WorkOrder) -> Row:
    """The user that an order is about."""
    return Row("Username", "username", _one(order.fields["username"]))


def step_rows(order: WorkOrder, step: Mapping[str, Any]) -> tuple[Row, ...]:
    """The values of one step of an order about a user."""
    fields = dict(step["fields"])
    access = order.fields["access"]
    if step["kind"] == "look" and access["state"] == "present":
        fields.update(access.get("fields") or {})
    rows = [Row(label, name, _one(fields.get(name))) for name, label in _USER_LABELS.items() if name != "username"]
    if step["kind"] in _ACCESS_LABELS:
        label, name, change = _ACCESS_LABELS[step["kind"]]
        if name in ("member", "deleted"):
            values = _one(step["workspace"] or order.fields["username"])
        else:
            values = tuple(Value(value, value) for value in step["names"]) or (Value("", ""),)
        notes = ("None.",) if values == (Value("", ""),) else ()
        if step["welcome_email"]:
            notes = ("With the welcome e-mail.",)
        rows.append(Row(label, name, values, notes, workspace=step["workspace"], change=change))
    return _filled(rows)
