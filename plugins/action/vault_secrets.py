# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps secrets, encrypted with the run's own vault secrets, in a vars file; see the documentation of the module of this name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    to_plain_types,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import (
    Change,
    EditResult,
    KeyPath,
    Secret,
    VaultFile,
    VaultKey,
    read_vault_ids,
)


def _entries(**value: Any) -> dict[str, Any]:
    return {
        "type": "list",
        "elements": "dict",
        "default": [],
        "no_log": False,
        "required_if": [("state", "present", ["value"])],
        "options": {
            "path": {"type": "list", "elements": "str", "required": True, "no_log": False},
            "value": {"type": "str", **value},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
    }


_SPECIFICATION: dict[str, Any] = {
    "path": {"type": "str", "required": True},
    "secrets": _entries(no_log=True),
    "values": _entries(no_log=False),
    "vault_id": {"type": "str"},
    "backup": {"type": "bool", "default": False},
    "follow": {"type": "bool", "default": False},
}


class ActionModule(ControllerAction):
    """Runs on the controller, where the vault secrets are."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {"argument_spec": _SPECIFICATION}

    def given(self) -> dict[str, Any]:
        """The options, of which each entry was checked. On ansible-core 2.22 the general validation registers secrets for
        masking, so that a short one would blacken all output from then on."""
        given = {name: value for name, value in to_plain_types(super().given()).items() if value is not None}
        _check(given)
        return given

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Edits the file; the result carries the names of the entries and none of their values."""
        edit = self._edit(arguments)
        return {
            **({"warnings": edit.notes} if edit.notes else {}),
            "changed": edit.changed,
            "path": edit.path,
            "vault_id": edit.vault_id,
            "added": edit.added,
            "changed_keys": edit.changed_keys,
            "unchanged": edit.unchanged,
            "removed": edit.removed,
            "backup_file": edit.backup_file,
            "diff": edit.diff,
        }

    def _edit(self, arguments: dict[str, Any]) -> EditResult:
        changes: dict[KeyPath, Change] = {}
        for option in ("values", "secrets"):  # in the order in which a person reads them
            for place, entry in enumerate(arguments[option], start=1):
                path = tuple(entry["path"])
                if path in changes:
                    raise InvalidArgument(f"Entry {place} of {option} has the path of an entry before it. Keep one.")
                value = None if entry["state"] == "absent" else entry["value"]
                changes[path] = Secret(value) if option == "secrets" and value is not None else value
        key = VaultKey.of_run(self._loader, arguments["vault_id"], lambda: read_vault_ids(str(arguments["path"])))
        file = VaultFile(arguments["path"], key, follow_symlinks=arguments["follow"])
        if not changes:
            key.check()
            file.check_writable(check_mode=self.check_mode)
            return EditResult(file.path, key.vault_id)
        return file.edit(changes, check_mode=self.check_mode, backup=arguments["backup"])


def _check(given: Mapping[str, Any]) -> None:
    """Raises L(InvalidArgument), which names an entry by its path and quotes no value: it may be a secret in the wrong place."""
    for name in ("path", "vault_id"):
        if not isinstance(given.get(name, ""), str):
            raise InvalidArgument(f"{name} must be a string.")
    for name in ("backup", "follow"):
        if not _is_boolean(given.get(name, False)):
            raise InvalidArgument(f"{name} must be true or false.")
    for option in ("secrets", "values"):
        entries = given.get(option, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise InvalidArgument(f"{option} must be a list of entries, each with path and value.")
        for index, entry in enumerate(entries):
            _check_entry(f"{option}[{index}]", entry, option == "secrets")


def _check_entry(place: str, entry: dict[str, Any], secret: bool) -> None:
    path = entry.get("path")
    if not isinstance(path, list) or not path or not all(isinstance(key, str) and key for key in path):
        raise InvalidArgument(f"{place}: path must be a list of one or more keys.")
    place = f"{place} ({'.'.join(path)})"
    if entry.get("state", "present") not in ("present", "absent"):
        raise InvalidArgument(f"{place}: state must be present or absent.")
    value = entry.get("value")
    if value is None:
        return
    if not isinstance(value, str):
        raise InvalidArgument(f"{place}: value must be a string. Put it in quotes.")
    if secret:
        try:
            Secret(value)
        except InvalidArgument as error:
            raise InvalidArgument(f"{place}: {error}") from None


def _is_boolean(value: Any) -> bool:
    try:
        boolean(value, strict=True)
    except TypeError:
        return False
    return True
