# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What is recorded of the account in Workiva that is an integration's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OWNED_OPTIONS: dict[str, Any] = {
    "id": {"type": "str"},
    "usernames": {"type": "list", "elements": "str", "default": []},
    "creating": {"type": "list", "elements": "str", "default": []},
    "left": {"type": "bool", "default": False},
    "unreadable": {"type": "str"},
    "lost": {"type": "str"},
    "ignored": {"type": "dict", "default": {}},
}


@dataclass(frozen=True)
class Owned:
    """What is recorded of the account that is an integration's own: its id, the usernames under which it was managed, and
    those under which a run started to create it.

    C(left): its access was taken away since. C(unreadable): why nothing is known of it. C(lost): its journal, which is missing although
    credentials of the integration are stored. C(ignored): fields with the values that Workiva was sent once and did not take.
    """

    id: str | None = None
    usernames: tuple[str, ...] = ()
    creating: tuple[str, ...] = ()
    left: bool = False
    unreadable: str | None = None
    lost: str | None = None
    ignored: Mapping[str, str] = field(default_factory=dict)


def owned_from(given: Mapping[str, Any] | None) -> Owned | None:
    """Reads the option C(owned) of a user; None where nobody keeps a record of accounts."""
    if given is None:
        return None
    return Owned(
        given.get("id"),
        tuple(given.get("usernames") or ()),
        tuple(given.get("creating") or ()),
        bool(given.get("left")),
        given.get("unreadable"),
        given.get("lost"),
        dict(given.get("ignored") or {}),
    )
