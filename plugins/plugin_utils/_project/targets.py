# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Where an integration declares that its credentials are delivered to, checked, as typed values."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.schedule import Rotation
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong
from ansible_collections.integrations.workiva.plugins.module_utils._spans import read_days
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.certificates import Inventory
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Path, Source, join_path

ROLE = "integrations.workiva.deliver"
# The files of tasks of that role.
ROLE_TASKS = ("file", "awx_credential", "hashi_vault_kv2", "aws_secret")
SETTLE = "1d"
_SECRET_KEY = re.compile(r"secret|passw|token|private_key", re.IGNORECASE)
# A key with one of these ends names where a secret is, and is none.
_NAMES_SECRET = re.compile(r"_(name|variable|key|path|file|id|field)$", re.IGNORECASE)
Problem = Callable[[Source, Path, str], None]


@dataclass(frozen=True)
class Controller:
    """What a declaration may name on this machine: files below the project folder, and hosts of the inventory, if it is known."""

    folder: str
    inventory: Inventory | None = None


class TargetsOf:
    """Reads the targets of one integration after the other."""

    def __init__(self, problem: Problem, controller: Controller) -> None:
        self._problem = problem
        self._controller = controller

    def read(
        self, source: Source, item: Mapping[str, Any], rotations: Mapping[str, Rotation | None]
    ) -> Iterator[DeclaredTarget]:
        """The targets of an integration; none of an integration or a grant that is absent, whose credentials go. C(rotations): those of
        its grants."""
        names: dict[str, int] = {}
        for place, values in enumerate(item.get("deliver") or []):
            path = ("deliver", str(place))
            name = values.get("name") or ""
            if name in names:
                text = f"deliver has two targets {join_path((name,))}. Give each target of an integration a name of its own."
                self._problem(source, (*path, "name"), text)
            names.setdefault(name, place)
            target = self._target(source, path, item, values)
            grant = (item.get("grants") or {}).get(target.grant) or {}
            if "absent" not in (item.get("state"), grant.get("state")):
                self._check_settle(source, path, target, rotations.get(target.grant))
                yield target

    def _target(self, source: Source, path: Path, item: Mapping[str, Any], values: Mapping[str, Any]) -> DeclaredTarget:
        role, tasks, file = self._how(source, path, values)
        check = values.get("check") or {}
        if values.get("check") is not None and not source.has_problem(*path, "check"):
            self._check_one_of(source, (*path, "check"), check, "command", "tasks")
        self._check_vars(source, (*path, "vars"), values.get("vars") or {})
        return DeclaredTarget(
            integration=item.get("name", ""),
            grant=self._grant(source, path, item, values.get("grant")),
            name=values.get("name") or "",
            hosts=tuple(self._hosts(source, (*path, "hosts"), values.get("hosts"))),
            role=role,
            tasks=tasks,
            file=file,
            vars=values.get("vars") or {},
            check_command=tuple(check.get("command") or ()),
            check_file=self._file(source, (*path, "check", "tasks"), check.get("tasks")),
            shows_client_id=bool(check.get("shows")),
            settle_days=read_days(values.get("settle") or SETTLE, "settle"),
            filters_client_id=bool(values.get("filters_client_id")),
        )

    def _check_settle(self, source: Source, path: Path, target: DeclaredTarget, rotation: Rotation | None) -> None:
        """The former grant lives as long as its credentials may be in use: at least a day, as its date has no time."""
        if rotation and target.settle_days > max(1, rotation.overlap):
            text = (
                f"settle ({target.settle_days}d) is longer than rotation.overlap of the grant ({rotation.overlap}d): the former grant would "
                "end while the target may still use it. Set a longer overlap, or a shorter settle."
            )
            self._problem(source, (*path, "settle"), text)

    def _how(self, source: Source, path: Path, values: Mapping[str, Any]) -> tuple[str, str, str]:
        """The role and its file of tasks, or the path of a file of tasks."""
        if not source.has_problem(*path):
            self._check_one_of(source, path, values, "role", "tasks")
        tasks = values.get("tasks") or ""
        if tasks in ROLE_TASKS:
            return ROLE, tasks, ""
        if tasks and not tasks.endswith((".yml", ".yaml")):
            near = difflib.get_close_matches(tasks, ROLE_TASKS, n=1)
            hint = (
                f"Did you mean {near[0]}?"
                if near
                else f"Write {', '.join(ROLE_TASKS)}, or a file such as deliver/app.yml."
            )
            self._problem(
                source, (*path, "tasks"), f"tasks {quote_wrong(tasks, ROLE_TASKS) or 'of this name'} is unknown. {hint}"
            )
            return "", "main", ""
        return values.get("role") or "", "main", self._file(source, (*path, "tasks"), tasks)

    def _check_one_of(self, source: Source, path: Path, values: Mapping[str, Any], one: str, other: str) -> None:
        given = [key for key in (one, other) if key in values]
        if len(given) == 1 or any(source.has_problem(*path, key) for key in (one, other)):
            return
        what = "check" if path[-1] == "check" else "a target"
        do = "Keep one." if given else "Add one."
        self._problem(source, (*path, *given[1:]), f"{what} needs either {one} or {other}. {do}")

    def _file(self, source: Source, path: Path, written: str | None) -> str:
        """The absolute path of a file of tasks, which belongs to the project: it is run with a secret."""
        if not written:
            return ""
        folder = self._controller.folder
        found = os.path.normpath(os.path.join(folder, written))
        if os.path.isabs(written) or not found.startswith(os.path.join(folder, "")):
            self._problem(source, path, "this must be a file below the project folder. Move it there.")
        elif not os.path.isfile(found):
            self._problem(source, path, "there is no such file in the project folder. Add it.")
        return found

    def _grant(self, source: Source, path: Path, item: Mapping[str, Any], written: str | None) -> str:
        grants = [str(name) for name in item.get("grants") or {}]
        if written is None and len(grants) == 1:
            return grants[0]
        if source.has_problem("grants") or source.has_problem(*path, "grant"):
            return written or ""
        declared = f"Declared: {', '.join(grants) or 'none'}."
        if written is None:
            self._problem(source, path, f"a target needs grant, unless the integration has one grant only. {declared}")
        elif written not in grants:
            near = difflib.get_close_matches(written, grants, n=1)
            hint = f"Did you mean {near[0]}?" if near else declared
            self._problem(
                source,
                (*path, "grant"),
                f"the integration has no grant {quote_wrong(written, grants) or 'of this name'}. {hint}",
            )
        return written or ""

    def _hosts(self, source: Source, path: Path, pattern: str | None) -> Sequence[str]:
        """The hosts to deliver to; none where it is the controller. Without an inventory the name is not checked."""
        inventory = self._controller.inventory
        if not pattern or inventory is None:
            return [pattern] if pattern else []
        if pattern not in inventory.groups:
            quoted = quote_wrong(pattern, inventory.groups) or "of this name"
            text = f"the inventory has no group or host {quoted}. {inventory.advise(pattern)}"
            self._problem(source, path, text)
        elif not inventory.groups[pattern]:
            text = f"the group {pattern} of the inventory has no host. Add one to it, or correct hosts."
            self._problem(source, path, text)
        return inventory.groups.get(pattern, ())

    def _check_vars(self, source: Source, path: Path, values: Mapping[str, Any]) -> None:
        for key, value in values.items():
            for number, inner in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(inner, Mapping):
                    place = (*path, key, str(number)) if isinstance(value, list) else (*path, key)
                    self._check_vars(source, place, inner)
            if isinstance(value, str) and _SECRET_KEY.search(key) and not _NAMES_SECRET.search(key):
                text = (
                    f"{join_path((key,))} looks like a secret, and vars are shown in the output. Keep the secret in a vaulted variable, "
                    f"and write the name of that variable: {join_path((key,))}_variable."
                )
                self._problem(source, (*path, key), text)
