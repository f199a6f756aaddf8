# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""A grant as its integration declares it, as the vault holds it, and as the journal knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.schedule import Rotation
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields, plain_value

# The stages in which credentials of the grant exist, and those in which they are stored as the grant's own.
EXISTING_STAGES = ("received", "verified", "stored")
STORED_STAGES = ("stored", "delivered")


@dataclass(frozen=True)
class Finding:
    """What a check found of a grant, one of C(FINDINGS) of C(_grants/status.py), with the reason in words."""

    finding: str
    detail: str

    def as_result(self) -> dict[str, str]:
        """As tasks return it."""
        return {"finding": self.finding, "detail": self.detail}


@dataclass(frozen=True)
class KnownValue:
    """A value of a grant, and how it is known: C(observed) in a token answer, C(attested) by a person, or only C(declared)."""

    value: str | tuple[str, ...] | None
    known: str

    def as_result(self) -> dict[str, Any]:
        """As tasks return it."""
        return plain_fields(self)


@dataclass(frozen=True)
class Change:
    """What a field of a grant is, and what it shall be. C(after) is None for a date that the order calculates."""

    before: str | tuple[str, ...] | None
    after: str | tuple[str, ...] | None

    def as_result(self) -> dict[str, Any]:
        """As the fields of a work order have it."""
        return {"from": plain_value(self.before), "to": plain_value(self.after)}


@dataclass(frozen=True)
class Declared:
    """A grant as its integration declares it."""

    integration: str
    grant: str
    workspace: str
    username: str
    scopes: tuple[str, ...]
    owner: str = ""
    purpose: str = ""
    custodian: str = ""
    sign_in: str = "password"
    expires: str | None = None
    lifetime_days: int | None = None
    # Whether somebody wrote that lifetime; the default limits no grant that exists.
    lifetime_declared: bool = False
    ip_allowlist: tuple[str, ...] = ()
    verify_from: str | None = None
    state: str = "present"
    screen: str = "organization_admin"
    # The ids of the declared files of its workspace, which its own token is tried on.
    files: tuple[str, ...] = ()
    # The name that its user had until now: a rename may end the secrets of its grants (not published).
    previous_username: str | None = None
    # Without it no rotation starts by itself.
    rotation: Rotation | None = None
    # File and line of its keys that a finding may be about.
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How a person calls it."""
        return f"the grant {self.grant} of {self.integration}"

    def at(self, key: str, text: str) -> str:
        """A text about a key, after the file and line in which it is declared."""
        return f"{self.places[key]}: {text}" if key in self.places else text

    @property
    def present(self) -> bool:
        """Whether it should exist."""
        return self.state != "absent"


@dataclass(frozen=True)
class HeldPrevious:
    """What the vault file holds of the credentials that a grant had before the present ones, without the secret."""

    client_id: str
    readable: bool
    number: int | None = None
    expires: str | None = None


@dataclass(frozen=True)
class Deliveries:
    """What is known of the declared targets of a grant. C(missing): one of them does not have its present credentials. C(complete): there
    are targets, and all of them have them. C(settled): the day from which none of them uses the former credentials any more."""

    missing: bool = False
    complete: bool = False
    settled: date | None = None


NO_TARGETS = Deliveries()


@dataclass(frozen=True)
class Held:
    """What the vault file holds of a grant, without the secrets."""

    client_id: str | None = None
    readable: bool = False
    expires: str | None = None
    received: str | None = None
    damaged: str | None = None
    number: int | None = None
    """Which credentials of the grant these are; None where a person wrote them into the file, or an older release did."""
    stored_at: str | None = None
    """When a run stored them, as YYYY-MM-DDTHH:MM:SS.ffffffZ; None where a person wrote them into the file."""
    previous: HeldPrevious | None = None

    @property
    def nothing(self) -> bool:
        """No credentials at all, not even damaged ones."""
        return not (self.client_id or self.readable or self.received or self.damaged)

    def is_of_previous(self, client_id: str) -> bool:
        """Whether a client ID is the one of the grant before a rotation."""
        return self.previous is not None and self.previous.client_id == client_id != self.client_id


@dataclass(frozen=True)
class Former:
    """The credentials that a grant had before the present ones, as the journal knows them."""

    number: int
    client_id: str | None = None
    client_name: str | None = None
    expires: str | None = None
    refused: str | None = None
    """The run that saw them refused while the present ones were accepted."""
    deleted: bool = False
    """A person said that their grant is deleted."""
    leaked: bool = False
    given_up: bool = False
    """They are of a new grant whose rotation was given up."""


@dataclass(frozen=True)
class Known:
    """What the journal knows of a grant."""

    stage: str = "declared"
    retired: bool = False
    client_id: str | None = None
    workspace: str | None = None
    username: str | None = None
    scopes: tuple[str, ...] | None = None
    expires: str | None = None
    ip_allowlist: tuple[str, ...] | None = None
    how: Mapping[str, str] = field(default_factory=dict)
    deleted: bool = False
    """A person said that the grant is deleted."""
    refused: tuple[str, str] | None = None
    """The client ID that the token endpoint refused while other credentials were accepted, and the run that saw it."""
    open_orders: Mapping[str, str] = field(default_factory=dict)
    """The numbers of the orders that are open and not fulfilled yet, by kind."""
    number: int = 0
    """The number of the present credentials; 0 where there are none."""
    last_number: int = 0
    """The highest number that was given to credentials of the grant."""
    stored_on: str | None = None
    """The day on which the present credentials were stored."""
    stored_at: str | None = None
    """When a run stored them, as the vault file has it."""
    previous: Former | None = None
    leaked: bool = False
    """An open order says that the present secret leaked."""
    given_up: bool = False
    """The last rotation was given up."""

    @property
    def exists(self) -> bool:
        """Whether credentials of this grant were accepted, and it was not retired since."""
        return not self.retired and self.stage in EXISTING_STAGES


def is_outdated(held: Held, known: Known) -> bool:
    """Whether the vault file holds older credentials than the journal knows, as after it was restored from an old copy.

    A number is given once, so that a smaller one is older, unless these credentials became the present ones again later. A greater
    one that the journal knows is of before the rotation was given up. Files of older releases have only the time.
    """
    if not held.readable or not known.exists:
        return False
    at, known_at = held.stored_at or "", known.stored_at or ""
    if held.number is not None:
        before_going_back = known.number < held.number <= known.last_number and "" < at < known_at
        return before_going_back or (held.number < known.number and not at > known_at > "")
    return "" < at < known_at


def find_stage(held: Held, known: Known, *, delivered: bool = False) -> str:
    """How far the grant has come, by what is stored, what was ordered, and whether every declared target has it (C(delivered))."""
    if held.readable or held.damaged:
        return "delivered" if delivered else "stored"
    if held.received:
        return "received"
    return "requested" if {"create", "regenerate"} & set(known.open_orders) else "declared"


def is_renamed(declared: Declared, known: Known) -> bool:
    """Whether the grant's user has a new name since its credentials were stored, as C(previous_username) says."""
    before, previous = fold_name(known.username or ""), fold_name(declared.previous_username or "")
    return bool(before) and before == previous and before != fold_name(declared.username)
