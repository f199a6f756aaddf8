# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the vault file holds of the credentials of a grant, in clear: nothing is decrypted."""

from __future__ import annotations

import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import Entry
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import read_credentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import ROOT
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VaultText


class Entries:
    """The entries of a vault file, as it is now. A file that cannot be read has none."""

    def __init__(self, credentials: str) -> None:
        self._document: VaultText | None = read_credentials(credentials)

    def of(self, integration: str, grant: str) -> Entry:
        """The entry of a grant; empty where there is none."""
        number = self._value(integration, grant, "number") or ""
        return Entry(self._value(integration, grant, "client_id"), int(number) if number.isdecimal() else None)

    def _value(self, integration: str, grant: str, key: str) -> str | None:
        node = self._document.find((ROOT, integration, grant, key)) if self._document else None
        return str(node.value) if isinstance(node, yaml.ScalarNode) else None
