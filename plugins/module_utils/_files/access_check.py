# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a grant's own token sees of the declared files: whether it was refused, or could not be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client
from ansible_collections.integrations.workiva.plugins.module_utils._api.fields import find_text, read_text
from ansible_collections.integrations.workiva.plugins.module_utils._errors import Refused, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields

# The scope that the contract demands for every look at a file.
SCOPE = "file:read"


@dataclass(frozen=True)
class PrincipalPermission:
    """Who holds what on a file: the id of a principal, and the permission by its name where that is known."""

    principal: str
    permission: str


@dataclass(frozen=True)
class FileCheck:
    """One file. C(access): whether the token reads it, None if that is unknown. C(finding) is C(ok), C(drifted) for a file in the
    trash, C(no_access), C(unreachable) or C(unchecked). C(permissions) is who holds what (ids), where the token may list it."""

    file: str
    access: bool | None
    finding: str
    detail: str
    name: str | None = None
    permissions: tuple[PrincipalPermission, ...] | None = None

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(files) of a grant in a task's result."""
        return plain_fields(self)


def not_checkable(file: str, finding: str, detail: str) -> FileCheck:
    """A file of which nothing is known."""
    return FileCheck(file, None, finding, detail)


def check_files(client: Client, scopes: Sequence[str], files: Sequence[str]) -> tuple[FileCheck, ...]:
    """Looks at each file with the client's token, which has these scopes. One bad file never stops the others."""
    if files and SCOPE not in scopes:
        detail = f"The grant has no scope {SCOPE}, so its files cannot be checked."
        return tuple(not_checkable(file, "unchecked", detail) for file in files)
    names = _permission_names(client) if files else {}
    return tuple(_check_file(client, file, names) for file in files)


def _check_file(client: Client, file: str, names: dict[str, str]) -> FileCheck:
    path = f"/files/{quote(file, safe='')}"
    try:
        found = client.get(path)
    except Refused as error:
        if error.status in (403, 404):
            return FileCheck(file, False, "no_access", str(error))
        return not_checkable(file, "unchecked", str(error))
    except WorkivaError as error:
        return not_checkable(file, "unreachable", str(error))
    try:
        name = find_text(found, "name", answer=f"GET {path}") or None
        # The contract's File has a state of Active or Trashed, which may be missing.
        is_trashed = find_text(found, "state", answer=f"GET {path}") == "Trashed"
    except WorkivaError as error:
        return not_checkable(file, "unreachable", str(error))
    permissions = _permissions(client, path, names)
    if is_trashed:
        return FileCheck(
            file,
            True,
            "drifted",
            "The file is in the trash. Restore it in Workiva, or remove it from the declaration.",
            name,
            permissions,
        )
    return FileCheck(file, True, "ok", "The grant's own token reads the file.", name, permissions)


def _permission_names(client: Client) -> dict[str, str]:
    answer = "GET /permissions"
    try:
        return {
            read_text(item, "id", answer=answer): read_text(item, "name", answer=answer)
            for item in client.pages("/permissions")
        }
    except WorkivaError:
        return {}


def _permissions(client: Client, path: str, names: dict[str, str]) -> tuple[PrincipalPermission, ...] | None:
    """Whoever can read a file may or may not list who else can: that is not published."""
    path = f"{path}/permissions"
    try:
        held = [
            (read_text(item, "principal", answer=f"GET {path}"), read_text(item, "permission", answer=f"GET {path}"))
            for item in client.pages(path)
        ]
    except WorkivaError:
        return None
    return tuple(PrincipalPermission(principal, names.get(permission, permission)) for principal, permission in held)
