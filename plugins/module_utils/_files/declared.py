# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The files that a task is given, as values: the options of one file, and what they must not contradict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields

# The contract's paths: a whole file, whatever it is, and the parts that have permissions of their own.
KINDS = {"file": "/files/{file}", "document": "/documents/{file}", "spreadsheet": "/spreadsheets/{file}"}
PARTS = {"document": "/sections/{part}", "spreadsheet": "/sheets/{part}"}

_PRINCIPAL: dict[str, Any] = {"user": {"type": "str"}, "group": {"type": "str"}}
_ONE_OF: dict[str, Any] = {"mutually_exclusive": [["user", "group"]], "required_one_of": [["user", "group"]]}
FILE_OPTIONS: dict[str, Any] = {
    "file": {"type": "str", "required": True},
    "kind": {"type": "str", "choices": list(KINDS), "default": "file"},
    "part": {"type": "str"},
    "permissions": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            **_PRINCIPAL,
            "previous_user": {"type": "str"},
            "user_id": {"type": "str"},
            "permission": {"type": "str"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        "required_if": [["state", "present", ["permission"]]],
        **_ONE_OF,
    },
    "exclusive": {"type": "bool", "default": False},
    "keep": {"type": "list", "elements": "dict", "default": [], "options": _PRINCIPAL, **_ONE_OF},
    "workspace": {"type": "str"},
    "integration": {"type": "str"},
    "about": {"type": "str"},
    "file_owner": {"type": "str"},
    "asked_by": {"type": "str"},
    "purpose": {"type": "str"},
}


@dataclass(frozen=True)
class DeclaredPrincipal:
    """A user or a group, by name."""

    user: str | None = None
    group: str | None = None

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(keep) of a file."""
        return plain_fields(self, given_only=True)


@dataclass(frozen=True)
class DeclaredPermission:
    """What a user or a group may do on a file; nothing with C(state) absent. C(user_id): of a user whose account is known."""

    state: str
    user: str | None = None
    group: str | None = None
    previous_user: str | None = None
    user_id: str | None = None
    permission: str | None = None

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(permissions) of a file."""
        return plain_fields(self, given_only=True)


@dataclass(frozen=True)
class DeclaredFile:
    """A file, or a C(part) of it. C(keep): whom other integrations declare on it."""

    file: str
    permissions: tuple[DeclaredPermission, ...] = ()
    keep: tuple[DeclaredPrincipal, ...] = ()
    exclusive: bool = False
    kind: str = "file"
    part: str | None = None
    workspace: str = ""
    integration: str = ""
    about: str | None = None
    file_owner: str = ""
    asked_by: str = ""
    purpose: str = ""

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> DeclaredFile:
        """Reads an entry of the option C(files), which Ansible validated."""
        given = {name: options[name] for name in cls.__dataclass_fields__ if options.get(name) is not None}
        permissions = tuple(DeclaredPermission(**item) for item in given.pop("permissions", ()))
        keep = tuple(DeclaredPrincipal(**item) for item in given.pop("keep", ()))
        return cls(permissions=permissions, keep=keep, **given)

    def as_result(self) -> dict[str, Any]:
        """As an entry of the option C(files)."""
        return plain_fields(self)

    @property
    def path(self) -> str:
        """The contract's path of the file, or of the part of it that is meant."""
        path = KINDS[self.kind] + (PARTS[self.kind] if self.part else "")
        return path.format(file=quote(self.file, safe=""), part=quote(self.part or "", safe=""))


def principal_of(item: DeclaredPermission | DeclaredPrincipal) -> tuple[str, str]:
    """Whether a user or a group is meant, and its name."""
    return ("group", item.group) if item.group else ("user", item.user or "")


def check_files(files: Sequence[DeclaredFile]) -> None:
    """Raises L(InvalidArgument) with every problem, before anything is sent."""
    problems = []
    meant: dict[tuple[str, str, str], str | None] = {}
    for file in files:
        if not file.file.strip():
            problems.append("the id of a file is empty")
        if file.part and file.kind not in PARTS:
            problems.append(
                f"the file '{safe_text(file.file)}' has a part, but its kind is not document or spreadsheet"
            )
            continue
        for item in file.permissions:
            kind, name = principal_of(item)
            wanted = fold_name(item.permission or "") if item.state == "present" else None
            if meant.setdefault((file.path, kind, fold_name(name)), wanted) != wanted:
                problems.append(
                    f"the {kind} '{safe_text(name)}' is declared with two permissions on the file '{safe_text(file.file)}'"
                )
    if problems:
        raise InvalidArgument("The declaration has problems, and nothing was sent: " + "; ".join(problems) + ".")
