# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What has to be delivered: each declared target on each of its hosts, compared with the current credentials. Pure functions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Deliveries
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields, plain_value
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.settling import latest_settle, settles_on
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import Delivered, GrantState
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import Entry

# From the worst to the best.
FINDINGS = ("behind", "not_delivered", "ends_early", "waiting", "ok")
CONTROLLER = "localhost"


@dataclass(frozen=True)
class DeliveryStatus:
    """One target on one host. C(number): its credentials after the last delivery that passed, and C(current) those of the grant;
    0 where there are none. C(is_due): a run that delivers does so here. C(steps): what this run did, or would do, here."""

    integration: str
    grant: str
    target: str
    host: str
    finding: str = "ok"
    detail: str = ""
    current: int = 0
    number: int = 0
    how: str | None = None
    on: str | None = None
    is_due: bool = False
    steps: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The target, with its host where it is another machine."""
        return self.target if self.host == CONTROLLER else f"{self.target} on {self.host}"

    def is_of(self, other: DeliveryStatus) -> bool:
        """Whether both are about the same place."""
        return (self.integration, self.target, self.host) == (other.integration, other.target, other.host)

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(deliveries) in a task's result."""
        return plain_fields(self)


def hosts_of(target: DeclaredTarget) -> tuple[str, ...]:
    """The hosts that a target is delivered to."""
    return target.hosts or (CONTROLLER,)


def fingerprint(target: DeclaredTarget) -> str:
    """What decides what a delivery writes, and where: a target that is declared otherwise is delivered to again."""
    declared = [target.grant, target.role, target.tasks, target.file, plain_value(target.vars)]
    return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()[:12]


def assess(target: DeclaredTarget, host: str, state: GrantState, entry: Entry, *, again: bool) -> DeliveryStatus:
    """The status of a target on a host. C(again): deliver also what was delivered before."""
    found = state.delivered.get((target.name, host))
    status = DeliveryStatus(target.integration, target.grant, target.name, host, current=state.number)
    if found:
        status = replace(status, number=found.number, how=found.how, on=found.on)
    if not state.exists or state.stage != "stored":
        return replace(status, finding="waiting", detail="No credentials are stored yet.")
    wrong = _compare(entry, state)
    if wrong:
        return replace(status, finding="not_delivered", detail=wrong)
    if found is None:
        detail = f"Credentials {state.number}{_since(state.stored_on)} were not delivered yet."
        return replace(status, finding="not_delivered", detail=detail, is_due=True)
    if found.number != state.number:
        detail = f"It has credentials {found.number}; the current ones are {state.number}{_since(state.stored_on)}."
        return replace(status, finding="behind", detail=detail, is_due=True)
    if found.client_id != state.client_id:
        # Two jobs gave one number to the credentials that each of them stored.
        detail = (
            f"It has the client ID {found.client_id}; the current one is {state.client_id}{_since(state.stored_on)}."
        )
        return replace(status, finding="behind", detail=detail, is_due=True)
    if found.declaration != fingerprint(target):
        detail = f"The declaration of the target changed after credentials {state.number} were delivered."
        return replace(status, finding="not_delivered", detail=detail, is_due=True)
    early = _find_early_end(target, found, state)
    return replace(status, finding="ends_early" if early else "ok", detail=early, is_due=again)


def _compare(entry: Entry, state: GrantState) -> str:
    """Why the vault file cannot be delivered from; empty where it has the current credentials."""
    if entry.client_id is None:
        return "The vault file has no credentials of the grant, but the journal does. Nothing was delivered. Restore credentials.yml."
    is_same = entry.client_id == state.client_id and entry.number in (None, state.number)
    if is_same:
        return ""
    which = f"credentials {entry.number}" if entry.number else "other credentials"
    return (
        f"The vault file has {which}, and the journal knows credentials {state.number} as the current ones. "
        "Nothing was delivered. Run onboard, or restore credentials.yml."
    )


def _since(day: str | None) -> str:
    return f" (stored on {day})" if day else ""


def _find_early_end(target: DeclaredTarget, found: Delivered, state: GrantState) -> str:
    """Why the former grant ends while this target may still use it; empty where it does not."""
    end = state.previous.expires if state.previous else None
    settled = settles_on(target, found)
    if not end or settled is None or end >= settled.isoformat():
        return ""
    return (
        f"The former grant expires on {end}, and the target may use its credentials until {settled.isoformat()}. "
        "Set a later date in Workiva."
    )


def undelivered(targets: Iterable[DeclaredTarget], grant: str, state: GrantState) -> list[tuple[str, str]]:
    """The targets of a grant, each with a host, that do not have its current credentials."""
    return [
        (target.name, host)
        for target in targets
        if target.grant == grant
        for host in hosts_of(target)
        if not _has_current(state.delivered.get((target.name, host)), target, state)
    ]


def deliveries_of(targets: Iterable[DeclaredTarget], grant: str, state: GrantState) -> Deliveries:
    """What is known of the targets of a grant."""
    declared = [target for target in targets if target.grant == grant]
    missing = bool(undelivered(declared, grant, state))
    delivered = [
        (target, found)
        for target in declared
        for host in hosts_of(target)
        if (found := state.delivered.get((target.name, host))) and _is_current(found, state)
    ]
    return Deliveries(missing, bool(declared) and not missing, latest_settle(delivered))


def _is_current(found: Delivered, state: GrantState) -> bool:
    return (found.number, found.client_id) == (state.number, state.client_id)


def _has_current(found: Delivered | None, target: DeclaredTarget, state: GrantState) -> bool:
    return found is not None and _is_current(found, state) and found.declaration == fingerprint(target)


def former_client_ids(events: Iterable[Mapping[str, Any]], grant: str, current: str | None) -> frozenset[str]:
    """The client IDs that a grant had before the current one, as its journal knows them."""
    ids = {str(event["client_id"]) for event in events if event["event"] == "stored" and event["grant"] == grant}
    return frozenset(ids - {current})
