# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Where the client credentials are in a project's vault file: by integration and grant, below one name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

ROOT = "workiva_credentials"
# The integrations under which the grants of administrators are stored.
ADMINISTRATOR = "administrator"
FILE_ADMINISTRATOR = "file-administrator"
# Before the keys of credentials that are kept until they can be verified.
RECEIVED = "received_"
# Before the keys of the credentials that a grant had before the present ones, while both work.
PREVIOUS = "previous_"
VERSION_KEY = ("workiva_credentials_version",)
# The keys to which credentials are sealed in a browser, by the number of the work order.
SEALING_KEYS = "workiva_sealing_keys"


class Values(Protocol):
    """A vault file, as far as its values are in clear."""

    def value(self, path: tuple[str, ...]) -> str | None:
        """The text at a path of keys; None where there is none in clear."""


@dataclass(frozen=True)
class Entry:
    """Which credentials of a grant the vault file has, without the secret. C(number) is None in a file of an older release."""

    client_id: str | None = None
    number: int | None = None


def read_entry(file: Values | None, integration: str, grant: str, prefix: str = "") -> Entry:
    """The entry of a grant, with the keys that begin with C(prefix); empty where there is none. Nothing is decrypted."""
    if file is None:
        return Entry()
    place = (ROOT, integration, grant)
    number = file.value((*place, f"{prefix}number")) or ""
    return Entry(file.value((*place, f"{prefix}client_id")), int(number) if number.isdecimal() else None)
