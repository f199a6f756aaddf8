# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The commands that pages, summaries and messages print: each runs as it is printed, in the project folder."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble, read_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.secrets import (
    DEFAULT_ID,
    VaultKey,
    VaultKeyError,
)

_HEADER = re.compile(r"^\s*\$ANSIBLE_VAULT;(?:1\.1;AES256|1\.2;AES256;(\S+))\s*$", re.MULTILINE | re.ASCII)


@dataclass(frozen=True)
class Commands:
    """How the playbooks of a project are called. C(files) are the names of those that have a file in its folder."""

    files: frozenset[str] = frozenset()
    vault_id: str | None = None

    def command(self, playbook: str, *options: str) -> str:
        """A playbook's command, which asks for the vault password first."""
        name = f"{playbook}.yml" if playbook in self.files else f"integrations.workiva.{playbook}"
        return shlex.join(["ansible-playbook", name, *self._vault(), *options])

    def _vault(self) -> list[str]:
        if self.vault_id is None:
            return []
        return ["--ask-vault-pass"] if self.vault_id == DEFAULT_ID else ["--vault-id", f"{self.vault_id}@prompt"]


def commands_of(project: str, loader: Any, vault_id: str | None = None) -> Commands:
    """The commands of the project in a folder, with its vault id: that of the stored secrets where they have one and the
    same, so that pages do not depend on who runs; else the one that this run would encrypt with, C(vault_id) where it has several."""
    names = [name for name in ("handover", "onboard") if os.path.isfile(os.path.join(project, f"{name}.yml"))]
    return Commands(
        frozenset(names), _stored_id(os.path.join(project, "credentials.yml")) or _id_of_run(loader, vault_id)
    )


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
