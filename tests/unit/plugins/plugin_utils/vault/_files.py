# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entry, the passwords and the secret that the tests of vars files share."""

from __future__ import annotations

import os
from pathlib import Path

from ansible.parsing.vault import VaultSecret

CANARY = "cAnArY-secret-0042"
PATH = ("workiva_credentials", "payroll-sync", "filing", "client_secret")
PASSWORDS = [("prod", VaultSecret(b"one")), ("dev", VaultSecret(b"two"))]


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))
