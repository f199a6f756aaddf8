# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Where a project names what is in Workiva, so that an error from Workiva has the file and the line of the declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._names import UNKNOWN_NAME, fold_name
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Path, Source

# By the name of a role, group, workspace or user, in the form in which names are compared: each file and line that has it.
Places = Mapping[str, tuple[str, ...]]


def find_places(source: Source, item: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The places of all names in the file of an integration."""
    found: dict[str, tuple[str, ...]] = {}
    for path, name in _names(item):
        place = source.at(*path)
        known = found.setdefault(fold_name(name), ())
        if place not in known:
            found[fold_name(name)] = (*known, place)
    return found


def _names(item: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    user = item.get("user") or {}
    yield from _entries(("user", "organization_roles"), user.get("organization_roles"))
    for workspace, access in (user.get("workspaces") or {}).items():
        path = ("user", "workspaces", workspace)
        yield path, workspace
        for kind in ("roles", "groups"):
            yield from _entries((*path, kind), (access or {}).get(kind))
    for workspace, files in (item.get("files") or {}).items():
        yield ("files", workspace), workspace
        for file, declared in files.items():
            for kind in ("groups", "users"):
                for name in declared.get(kind) or {}:
                    yield ("files", workspace, file, kind, name), name


def _entries(path: Path, names: list[str] | None) -> Iterator[tuple[Path, str]]:
    for number, name in enumerate(names or ()):
        yield (*path, str(number)), name


def add_places(result: dict[str, Any], kind: str, places: Mapping[str, Places]) -> dict[str, Any]:
    """The result of a task, where an error about a name that Workiva does not know begins with the places of the declaration, and
    does not have the name as it was declared.

    C(kind) is the key of the items: C(users) or C(files).
    """
    message = result.get("msg")
    items = []
    for item in result.get(kind) or ():
        error = item.get("error")
        if error and error.get("code") == UNKNOWN_NAME:
            name = str(error.get("declared") or "")
            declared = places.get(item.get("integration") or "", {}).get(fold_name(name), ())
            text = f"{', '.join(declared)}: {error['msg']}" if declared else error["msg"]
            message = message.replace(error["msg"], text) if message else message
            # The name itself may be a secret in the wrong place.
            item = {**item, "error": {**{key: value for key, value in error.items() if key != "declared"}, "msg": text}}
        items.append(item)
    return {**result, **({"msg": message} if message else {}), **({kind: items} if kind in result else {})}
