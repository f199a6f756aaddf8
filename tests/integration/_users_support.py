# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator with a grant for the collection, and what a test may want to see and do behind its back."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from pathlib import Path

from ansible.parsing.vault import VaultLib, VaultSecret

from tests._contract import judge
from tests._organization import AUTOMATION, REPOSITORY, SCOPES, Organization
from tests._organization import administrator_credentials as administrator_pair
from tests._organization import started as _started

__all__ = ["AUTOMATION", "REPOSITORY", "SCOPES", "Organization", "administrator_pair", "credentials", "started"]


@contextlib.contextmanager
def started(directory: Path) -> Iterator[Organization]:
    """Starts a simulator in a folder, with a grant of its automation user; at its end every exchange is judged."""
    with _started(directory) as organization:
        try:
            yield organization
        finally:
            judge(organization.record)


def credentials(pair: dict[str, str], password: str, grant: tuple[str, str] = ("administrator", "organization")) -> str:
    """A credentials.yml that holds one grant, by default the administrator's, as its user could have written it by hand.

    The grant expires within the 365 days that the demo declares for it; a later date would be a drift.
    """
    expires = datetime.date.today() + datetime.timedelta(days=300)
    secret = VaultLib([("test", VaultSecret(password.encode()))]).encrypt(pair["client_secret"], vault_id="test")
    block = "".join(f"        {line}\n" for line in secret.decode().splitlines())
    return (
        f"workiva_credentials_version: 1\nworkiva_credentials:\n  {grant[0]}:\n    {grant[1]}:\n"
        f"      client_id: {pair['client_id']}\n      expires: '{expires}'\n      client_secret: !vault |\n{block}"
    )
