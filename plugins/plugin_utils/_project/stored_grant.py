# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The stored client credentials of a grant that a lookup names as C(integration.grant)."""

from __future__ import annotations

import difflib
import os
from functools import lru_cache
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import read_version
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import (
    entries_in,
    read_credentials,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection import StoredCredentials


def stored_entry(loader: Any, folder: str, term: str) -> dict[str, str]:
    """C(client_id), C(client_secret), C(stored_at) and C(expires) of a grant in a project folder; empty where none is stored.

    Raises L(InvalidArgument) for a name of another form, and what L(StoredCredentials.entry) raises.
    """
    integration, grant = _split(term)
    path = _path(folder)
    return _stored(loader, path, read_version(path)).entry(integration, grant)


def describe_missing(term: str, folder: str) -> str:
    """The message for a grant without stored credentials, and how to store them."""
    integration, grant = _split(term)
    stored = entries_in(read_credentials(_path(folder)))
    grants = [name for owner, name in stored if owner == integration]
    # One of both names is misspelt, not the whole term.
    near = difflib.get_close_matches(grant, grants, n=1) or difflib.get_close_matches(
        integration, [owner for owner, name in stored if name == grant], n=1
    )
    meant = f"{integration}.{near[0]}" if near and near[0] in grants else f"{near[0]}.{grant}" if near else ""
    hint = f"Did you mean {meant}?" if meant else "Run the playbook handover to store them."
    return f"No client credentials of {integration} {grant} are stored in {_path(folder)}. {hint}"


def _split(term: str) -> tuple[str, str]:
    integration, _dot, grant = term.partition(".")
    if not integration or not grant:
        raise InvalidArgument("A term must be integration.grant, such as payroll-sync.filing.")
    return integration, grant


def _path(folder: str) -> str:
    return os.path.join(folder, "credentials.yml")


@lru_cache(maxsize=1)
def _stored(loader: Any, path: str, _found: tuple[int, ...]) -> StoredCredentials:
    """A template asks for an entry several times, and a loop for many: the file is parsed once for all of them."""
    return StoredCredentials(loader, path)
