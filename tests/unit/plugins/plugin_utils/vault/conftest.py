# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A vars file on a disk, and the key that encrypts its entries."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import (
    VaultFile,
    VaultKey,
)
from tests.unit.plugins.plugin_utils.vault._files import PASSWORDS


@pytest.fixture
def key() -> VaultKey:
    return VaultKey(PASSWORDS, "prod")


@pytest.fixture
def file(tmp_path: Path, key: VaultKey) -> VaultFile:
    return VaultFile(str(tmp_path / "credentials.yml"), key)
