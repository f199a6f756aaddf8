# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Which of the administrator grants of a project reads, and which one writes: the one place that chooses."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import read_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import AdministrationGrants
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import ADMINISTRATOR, ROOT
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VaultText

# Whether a grant (integration, grant) has a client ID in the vars file.
Stored = Callable[[str, str], bool]


def choose_grants(names: Collection[str], mode: str, stored: Stored) -> AdministrationGrants:
    """The names of the grants for C(read) and C(write), empty where there is none.

    C(names) are those of the declared administrator grants, and C(mode) is how users are managed (C(writer), C(reader) or
    C(none)). A stored grant reads rather than one without credentials, and the reader rather than the administrator's.
    """
    declared = [name for name in ("reader", "organization") if name in names]
    reads = next(iter([*(name for name in declared if stored(ADMINISTRATOR, name)), *declared]), "")
    writes = "organization" if mode == "writer" and "organization" in names else ""
    return AdministrationGrants(read=reads, write=writes or reads)


def stored_grants(credentials: str) -> Stored:
    """Which grants have a client ID in the vars file, as it is now; nothing is decrypted for that."""
    return stored_in(read_credentials(credentials))


def read_credentials(path: str) -> VaultText | None:
    """The vars file, of which nothing is decrypted; None where it cannot be read."""
    try:
        return VaultText.of_bytes(read_file(path) or b"", path, read_only=True)
    except WorkivaError:
        return None


def stored_in(document: VaultText | None) -> Stored:
    """Which grants have a client ID in this document."""
    return lambda integration, grant: (
        document is not None and document.find((ROOT, integration, grant, "client_id")) is not None
    )


def entries_in(document: VaultText | None) -> list[tuple[str, str]]:
    """The integrations and grants that have an entry in this document."""
    with contextlib.suppress(WorkivaError):  # reported where an entry is used
        if document is not None:
            integrations = document.keys_of((ROOT,))
            return [(name, grant) for name in integrations for grant in document.keys_of((ROOT, name))]
    return []
