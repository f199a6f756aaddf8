# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The commands that pages and summaries print: each runs as it is printed, in the project folder."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble, read_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.options import (
    has_vault_settings,
    options_again,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.secrets import (
    DEFAULT_ID,
    VaultKey,
    VaultKeyError,
)

_HEADER = re.compile(r"^\s*\$ANSIBLE_VAULT;(?:1\.1;AES256|1\.2;AES256;(\S+))\s*$", re.MULTILINE | re.ASCII)


@dataclass(frozen=True)
class Commands:
    """How the playbooks of a project are called. C(files) are the names of those that have a file in its folder.

    C(vault_id): with which the vault password is asked for; None where the project says where it is, and where it has none. C(again): the
    options that gave this run its vault passwords.
    """

    files: frozenset[str] = frozenset()
    vault_id: str | None = None
    again: tuple[str, ...] | None = None

    def command(self, playbook: str, *options: str) -> str:
        """A playbook's command for a page: it works for everybody who knows the vault password, whoever wrote the page."""
        return self._command(playbook, self._asking(), options)

    def next_command(self, playbook: str, *options: str) -> str:
        """A playbook's command for the person who started this run: it gets the vault passwords as this run did."""
        return self._command(playbook, self._asking() if self.again is None else self.again, options)

    def _command(self, playbook: str, vault: Iterable[str], options: Iterable[str]) -> str:
        name = f"{playbook}.yml" if playbook in self.files else f"integrations.workiva.{playbook}"
        return shlex.join(["ansible-playbook", name, *vault, *options])

    def _asking(self) -> tuple[str, ...]:
        if self.vault_id is None:
            return ()
        return ("--ask-vault-pass",) if self.vault_id == DEFAULT_ID else ("--vault-id", f"{self.vault_id}@prompt")


def commands_of(project: str, loader: Any, vault_id: str | None = None) -> Commands:
    """The commands of the project in a folder. C(vault_id): the chosen one, where the run has several.

    Where the project does not say where its vault password is, pages ask for it: with the vault id of the stored secrets where they have
    one and the same, so that pages do not depend on who runs, else with the one that this run would encrypt with.
    """
    names = [name for name in ("handover", "onboard") if os.path.isfile(os.path.join(project, f"{name}.yml"))]
    asked = None
    if not has_vault_settings(project):
        asked = _stored_id(os.path.join(project, "credentials.yml")) or _id_of_run(loader, vault_id)
    again = options_again(project)
    if again is not None and vault_id:
        again = (*again, "-e", f"workiva_vault_id={vault_id}")
    return Commands(frozenset(names), asked, again)


def _stored_id(path: str) -> str | None:
    try:
        found = {name or DEFAULT_ID for name in _HEADER.findall((read_file(path) or b"").decode("utf-8"))}
    except (FileTrouble, UnicodeDecodeError):
        return None
    return found.pop() if len(found) == 1 else None


def _id_of_run(loader: Any, vault_id: str | None) -> str | None:
    try:
        return VaultKey.of_run(loader, vault_id).vault_id
    except VaultKeyError:
        return None
