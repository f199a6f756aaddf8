# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""A work order that is needed, before it has a number: what a person is asked to do, and what its pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Change, Declared

# The kinds of orders that ask for a new grant, and those that credentials are handed over for.
ADDING = ("create", "replace")
HANDED_OVER = (*ADDING, "regenerate")


@dataclass(frozen=True)
class Order:
    """An order for a grant, for the user of an integration, or for the owners of files."""

    integration: str
    grant: str
    """The name of the grant; C(user) or C(file_access) for an order that belongs to no grant."""
    kind: str
    owner: str
    username: str
    custodian: str
    purpose: str = ""
    sign_in: str = "password"
    workspace: str | None = None
    scopes: tuple[str, ...] = ()
    expires: str | None = None
    lifetime_days: int | None = None
    """Without C(expires): the days from the day on which the order is first written."""
    ip_allowlist: tuple[str, ...] = ()
    screen: str = "organization_admin"
    client_id: str | None = None
    reason: str = ""
    changes: Mapping[str, Change] = field(default_factory=dict)
    """For the kinds C(edit) and C(retire), by field."""
    leaked: bool = False
    """For the kind C(regenerate): the present secret leaked."""
    files: tuple[Mapping[str, Any], ...] = ()
    certain: bool = True
    """For files, whether it was seen that the access is missing."""
    steps: tuple[Mapping[str, Any], ...] = ()
    """For a user, what is to be done; C(access) is what the user has after it."""
    access: Mapping[str, Any] = field(default_factory=dict)
    closes: str | None = None
    """For a user: C(observed), where a run sees that it is done, or C(attested), where a person must say so."""


def order_for(
    declared: Declared,
    kind: str,
    reason: str,
    client_id: str | None = None,
    changes: Mapping[str, Change] | None = None,
) -> Order:
    """An order for a declared grant."""
    return Order(
        integration=declared.integration,
        grant=declared.grant,
        kind=kind,
        owner=declared.owner,
        username=declared.username,
        custodian=declared.custodian,
        purpose=declared.purpose,
        sign_in=declared.sign_in,
        workspace=declared.workspace,
        scopes=declared.scopes,
        expires=declared.expires,
        lifetime_days=declared.lifetime_days,
        ip_allowlist=declared.ip_allowlist,
        screen=declared.screen,
        client_id=client_id,
        reason=reason,
        changes=changes or {},
    )
