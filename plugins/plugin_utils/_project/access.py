# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The files that integrations declare, checked over all of them, as typed values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import (
    DeclaredFile,
    DeclaredPermission,
    DeclaredPrincipal,
)
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Path, Source

Problem = Callable[[Source, Path, str], None]


class FilesOf:
    """Reads one integration after the other, and remembers what must not differ between them."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._workspaces: dict[str, tuple[str, str]] = {}
        self._permissions: dict[tuple[str, str, str], tuple[str, str]] = {}

    def of_workspace(self, item: Mapping[str, Any], workspace: str) -> Iterator[str]:
        """The ids of the files which the integration's own token in that workspace must be able to read."""
        for name, files in (item.get("files") or {}).items():
            if fold_name(name) == fold_name(workspace):
                yield from (file for file, declared in files.items() if declared.get("permission") != "None")

    def read(self, source: Source, item: Mapping[str, Any], defaults: Mapping[str, Any]) -> Iterator[DeclaredFile]:
        """The files of an integration. Of one that is absent, what its own user holds is taken away."""
        user = item.get("user") or {}
        for workspace, files in (item.get("files") or {}).items():
            self._check_membership(source, item, user, workspace)
            for file, declared in files.items():
                path = ("files", workspace, file)
                self._check_workspace(source, path, workspace, file)
                permissions = list(self._permissions_of(source, path, item, user, declared))
                doubtful = any(source.has_problem(*path, key) for key in ("permission", "users", "groups"))
                if not permissions and not doubtful:
                    self._problem(source, path, "the file needs permission, users or groups. Add one.")
                yield DeclaredFile(
                    integration=item.get("name", ""),
                    workspace=workspace,
                    file=file,
                    about=declared.get("about"),
                    file_owner=declared.get("file_owner") or "",
                    asked_by=item.get("owner") or defaults.get("owner") or "",
                    purpose=item.get("purpose") or "",
                    exclusive=bool(declared.get("exclusive")) and _present(item),
                    permissions=tuple(permissions),
                )

    def _permissions_of(
        self, source: Source, path: Path, item: Mapping[str, Any], user: Mapping[str, Any], declared: Mapping[str, Any]
    ) -> Iterator[DeclaredPermission]:
        username = user.get("username") or ""
        own = declared.get("permission")
        if not _present(item):
            # Only what is the integration's alone: groups and other users have it from elsewhere too.
            before = user["previous_username"] if _is_renamed(user, username) else None
            yield DeclaredPermission("absent", user=username, previous_user=before)
            return
        wanted = [("user", username, own, (*path, "permission"))] if own and username else []
        for kind in ("users", "groups"):
            for name, permission in (declared.get(kind) or {}).items():
                wanted.append((kind[:-1], name, permission, (*path, kind, name)))
        for kind, name, permission, place in wanted:
            self._check_permission(source, place, path[-1], kind, name, permission)
            before = user["previous_username"] if kind == "user" and _is_renamed(user, name) else None
            who = {kind: name}
            yield DeclaredPermission("present", **who, previous_user=before, permission=permission)

    def _check_membership(
        self, source: Source, item: Mapping[str, Any], user: Mapping[str, Any], workspace: str
    ) -> None:
        member = fold_name(workspace) in {fold_name(name) for name in user.get("workspaces") or {}}
        if not member and _present(item) and not source.has_problem("user", "workspaces"):
            quoted = quote_wrong(workspace, user.get("workspaces") or {}) or "this workspace"
            text = f"{quoted} is not among user.workspaces, and only members work with its files. Add it there, or correct the name."
            self._problem(source, ("files", workspace), text)

    def _check_workspace(self, source: Source, path: Path, workspace: str, file: str) -> None:
        known, place = self._workspaces.setdefault(file, (workspace, source.at(*path)))
        if fold_name(known) != fold_name(workspace):
            self._problem(
                source,
                path,
                f"this file is declared in another workspace already, in {place}. Keep the one of its workspace.",
            )

    def _check_permission(self, source: Source, place: Path, file: str, kind: str, name: str, permission: str) -> None:
        key = (file, kind, fold_name(name))
        known, where = self._permissions.setdefault(key, (permission, source.at(*place)))
        if fold_name(known) != fold_name(permission):
            text = f"this {kind} is to have another permission on this file already, in {where}. Keep one."
            self._problem(source, place, text)


def keep_declared(files: Sequence[DeclaredFile]) -> list[DeclaredFile]:
    """What any integration declares of a file is declared, also where a run is limited to another integration."""
    return [replace(item, keep=tuple(_declared_by_others(item, files))) if item.exclusive else item for item in files]


def _declared_by_others(item: DeclaredFile, files: Sequence[DeclaredFile]) -> Iterator[DeclaredPrincipal]:
    for other in files:
        if other is not item and other.file == item.file:
            for permission in other.permissions:
                if permission.state == "present":
                    yield DeclaredPrincipal(user=permission.user, group=permission.group)


def _is_renamed(user: Mapping[str, Any], name: str) -> bool:
    return bool(user.get("previous_username")) and name == user.get("username")


def _present(item: Mapping[str, Any]) -> bool:
    return item.get("state") != "absent"
