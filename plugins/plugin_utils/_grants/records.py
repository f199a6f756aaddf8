# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the vault file and the journals hold of the grants, and how something is written to both.

The vault file is always written first, in one replacement, and the journal after it, in one write: the journal never
says what the vault does not hold, and what a killed run left out of the journal the next run finds in the vault.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared, Held, Known
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import (
    TokenCheck,
    describe_malformed,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._accounts import account_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import Attested, Credentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, OpenOrder, after
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import (
    ADMINISTRATOR,
    RECEIVED,
    ROOT,
    VERSION_KEY,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import (
    Change,
    KeyPath,
    Secret,
    VaultDocument,
    VaultEntryError,
    VaultFile,
)

Event = dict[str, Any]


@dataclass(frozen=True)
class ScreenValues:
    """What only the screen of a grant shows. C(known) tells of each of the two how it is known, where that is new."""

    expires: str | None = None
    ip_allowlist: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)

    def as_event(self) -> Event:
        """As a part of the event C(stored)."""
        return {"expires": self.expires, "ip_allowlist": list(self.ip_allowlist), "known": dict(self.known)}


@dataclass(frozen=True)
class Accepted:
    """Verified credentials of a grant to store. C(observed): whether the token showed the grant's workspace."""

    grant: Declared
    credentials: Credentials
    check: TokenCheck
    screen: ScreenValues
    observed: bool


class _History:
    """The events of one journal and the state of each of its grants, which grows with every event that is added."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self._folded = 0
        self.states: dict[str, GrantState] = {}
        self.stored: dict[str, Event] = {}
        """The last event C(stored) of each grant."""
        self.current: dict[str, Event] = {}
        """The last event of each grant that says which credentials it has, or that it has none."""
        self.fold()

    def fold(self) -> None:
        """Takes account of the events that were added since."""
        for event in self.events[self._folded :]:
            grant = event["grant"]
            self.states[grant] = after(self.states.get(grant, GrantState()), event)
            if event["event"] == "stored":
                self.stored[grant] = event
            if event["event"] in ("stored", "retired"):
                self.current[grant] = event
        self._folded = len(self.events)


class Records:
    """The stored side of all grants of a task. Without a vault file nothing is stored and nothing can be."""

    def __init__(self, vault: VaultFile | None, journals: Journals) -> None:
        self._vault = vault
        self._journals = journals
        self._read_only = journals.read_only
        if vault:
            vault.check_password()
        self._document: VaultDocument | None = vault.read() if vault else None
        self._owners: dict[str, list[str]] | None = None
        self._histories: dict[str, _History] = {}
        self._predicted: dict[tuple[str, str], Held] = {}
        self.diffs: list[dict[str, str]] = []
        self.notes: list[str] = []
        """What replaced files could not keep of their permissions."""

    # What is there.

    def held(self, grant: Declared) -> Held:
        """What the vault holds, entry by entry: what cannot be opened is this grant's trouble alone."""
        if (grant.integration, grant.grant) in self._predicted:
            return self._predicted[(grant.integration, grant.grant)]
        damaged: str | None = None
        credentials = received = None
        try:
            credentials = self.stored(grant)
        except VaultEntryError as error:
            damaged = str(error)
        try:
            received = self.received(grant)
        except VaultEntryError as error:
            damaged = damaged or str(error)
        client_id = self._clear(grant, "client_id")
        if not damaged and credentials is None and client_id and self._has(grant, "client_secret"):
            damaged = f"The entry of {grant.name} lacks its client id or its client secret."
        if credentials and not damaged:
            wrong = describe_malformed(credentials.client_id, credentials.client_secret)
            damaged = f"The stored credentials of {grant.name}: {wrong}" if wrong else None
        return Held(
            client_id=client_id,
            readable=bool(credentials and not damaged),
            expires=self._clear(grant, "expires"),
            received=received.client_id if received else None,
            damaged=damaged,
        )

    def stored(self, grant: Declared) -> Credentials | None:
        """The stored credentials. Raises L(VaultEntryError)."""
        return self._credentials(grant, "")

    def received(self, grant: Declared) -> Credentials | None:
        """The credentials that are kept until they can be verified. Raises L(VaultEntryError)."""
        return self._credentials(grant, RECEIVED)

    def owner_of(self, client_id: str, grant: Declared) -> str | None:
        """Which other grant a client id is stored for."""
        if self._owners is None:
            self._owners = {}
            for integration in self._document.keys((ROOT,)) if self._document else []:
                for name in self._document.keys((ROOT, integration)) if self._document else []:
                    other = Declared(integration, name, "", "", ())
                    for key in ("client_id", f"{RECEIVED}client_id"):
                        self._owners.setdefault(self._clear(other, key) or "", []).append(other.name)
        return next((name for name in self._owners.get(client_id, ()) if name != grant.name), None)

    def others(self, grant: Declared) -> Iterator[tuple[Declared, Credentials]]:
        """The stored credentials of all other grants, those of the administrators first; what cannot be opened is left out."""
        document = self._document
        integrations = document.keys((ROOT,)) if document else []
        for integration in sorted(integrations, key=lambda name: name != ADMINISTRATOR):
            for name in document.keys((ROOT, integration)) if document else []:
                other = Declared(integration, name, "", "", ())
                try:
                    credentials = (
                        self.stored(other) if (integration, name) != (grant.integration, grant.grant) else None
                    )
                except VaultEntryError:
                    continue
                if credentials:
                    yield other, credentials

    def state(self, grant: Declared) -> GrantState:
        """The fold of the grant's journal. Raises L(InvalidArgument) for a damaged one."""
        return self._history(grant.integration).states.get(grant.grant, GrantState())

    def open_orders(self, grant: Declared) -> tuple[OpenOrder, ...]:
        """The open work orders of a grant; none where its journal is damaged."""
        with contextlib.suppress(InvalidArgument):
            return self.state(grant).open_orders
        return ()

    def is_limited(self, grant: Declared) -> bool:
        """Whether an IP allowlist may be why this machine is refused; not so where C(verify_from) names the machine to check from."""
        return not grant.verify_from and bool(grant.ip_allowlist or self.state(grant).ip_allowlist)

    def known(self, grant: Declared) -> Known:
        """What the journal knows, as the judgement reads it."""
        state = self.state(grant)
        current = self._history(grant.integration).current.get(grant.grant, {})
        return Known(
            stage=state.stage,
            retired=state.retired,
            client_id=state.client_id,
            workspace=current.get("workspace"),
            username=current.get("username"),
            scopes=state.scopes,
            expires=state.expires,
            ip_allowlist=state.ip_allowlist,
            how=dict(state.known),
            deleted=state.deleted,
            refused=state.refused,
            open_orders={order.kind: order.number for order in state.open_orders if not order.fulfilled},
        )

    # What is written.

    def store_all(self, accepted: Sequence[Accepted]) -> None:
        """Verified credentials become the stored ones, in one replacement of the vault file and one write to each journal."""
        damaged = [item for item in accepted if self.held(item.grant).damaged]
        if damaged:
            # An entry that cannot be opened cannot be compared; the new credentials are safe before the old ones go.
            self._edit([change for item in damaged for change in _received(item.grant, item.credentials)])
            self._edit([(item.grant, "client_secret", None) for item in damaged])
        # Shows the next run whether the journal knows these credentials, or a run was killed before it wrote them.
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        changes: list[tuple[Declared, str | None, Change]] = []
        for item in accepted:
            changes += [
                (item.grant, "client_id", item.credentials.client_id),
                (item.grant, "expires", item.screen.expires),
                (item.grant, "stored_at", now),
                *(
                    []
                    if self._read_only and item in damaged
                    else [(item.grant, "client_secret", Secret(item.credentials.client_secret))]
                ),
                (item.grant, f"{RECEIVED}client_id", None),
                (item.grant, f"{RECEIVED}client_secret", None),
            ]
        self._edit(changes)
        events: dict[str, list[Event]] = {}
        for item in accepted:
            self._predict(item.grant, Held(item.credentials.client_id, True, item.screen.expires))
            added = self._stored_events(item.grant, item.credentials.client_id, item.check, item.screen, item.observed)
            events.setdefault(item.grant.integration, []).extend(added)
        for integration, added in events.items():
            self._write(integration, added)

    def is_stored(self, accepted: Accepted) -> bool:
        """Whether the vault file holds these credentials and the journal knows them."""
        with contextlib.suppress(VaultEntryError, InvalidArgument):
            stored = self.stored(accepted.grant)
            if stored and stored.is_same(accepted.credentials):
                return self.knows(accepted.grant, self.held(accepted.grant))
        return False

    def record_stored(
        self, grant: Declared, client_id: str, check: TokenCheck, screen: ScreenValues, observed: bool
    ) -> None:
        """Writes to the journal that the credentials in the vault are verified and stored."""
        self._write(grant.integration, self._stored_events(grant, client_id, check, screen, observed))

    def _stored_events(
        self, grant: Declared, client_id: str, check: TokenCheck, screen: ScreenValues, observed: bool
    ) -> list[Event]:
        received = [{"event": "received", "client_id": client_id}] if self.state(grant).stage != "received" else []
        stored_at = self._clear(grant, "stored_at")
        stored = {"client_id": client_id, "workspace": grant.workspace, "username": grant.username, **screen.as_event()}
        stored.update({"stored_at": stored_at} if stored_at else {})
        events = [*received, self._verified(grant, client_id, check, observed), {"event": "stored", **stored}]
        return [{"grant": grant.grant, **event} for event in events]

    def keep(self, grant: Declared, credentials: Credentials) -> None:
        """Credentials that could not be verified are kept, encrypted, beside the present ones."""
        self._edit(_received(grant, credentials))
        self._predict(grant, replace(self.held(grant), received=credentials.client_id))
        self.record_received(grant, credentials.client_id)

    def knows(self, grant: Declared, held: Held) -> bool:
        """Whether the journal knows the credentials in the vault; not so after a run was killed between the two."""
        state = self.state(grant)
        if state.retired or state.stage not in ("stored", "delivered") or state.client_id != held.client_id:
            return False
        stored_at = self._clear(grant, "stored_at")
        last = self._history(grant.integration).stored.get(grant.grant, {})
        return stored_at is None or stored_at == last.get("stored_at")

    def record_refused(self, grant: Declared, client_id: str, run: str) -> None:
        """Writes to the journal that the credentials are refused, while others are accepted from the same place."""
        self._append(grant, {"event": "refused", "client_id": client_id, "run": run})

    def record_received(self, grant: Declared, client_id: str) -> None:
        """Writes to the journal that credentials are kept."""
        self._append(grant, {"event": "received", "client_id": client_id})

    def drop_received(self, grant: Declared) -> None:
        """Removes kept credentials, which are wrong."""
        self._edit([(grant, f"{RECEIVED}{name}", None) for name in ("client_id", "client_secret")])
        self._predict(grant, replace(self.held(grant), received=None))

    def observe(self, grant: Declared, client_id: str, check: TokenCheck, observed: bool) -> None:
        """The grant shows other scopes than before."""
        self._append(grant, self._verified(grant, client_id, check, observed))

    def attest(self, grant: Declared, attested: Attested) -> None:
        """A person said what the screen shows."""
        event: Event = {"event": "attested"}
        if attested.expires:
            event["expires"] = attested.expires
            if self.held(grant).readable:
                self._edit([(grant, "expires", attested.expires)])
                self._predict(grant, replace(self.held(grant), expires=attested.expires))
        if attested.ip_allowlist is not None:
            event["ip_allowlist"] = list(attested.ip_allowlist)
        self._append(grant, event)

    def without_access(self, grant: Declared) -> bool:
        """Whether the journal says that the user of the grant has no access any more: a person confirmed it, or a run read it."""
        history = self._history(grant.integration)
        user = history.states.get(USER, GrantState())
        return (user.access or {}).get("state") in ("absent", "deleted") or account_of(history.events).left

    def confirm(self, grant: Declared, number: str) -> None:
        """A person said that a work order is done."""
        self._append(grant, {"event": "attested", "order": number})

    def retire(self, grant: Declared, *, proven: bool = True) -> None:
        """The grant is gone: its entry goes too. The journal first: an entry without a grant is found again."""
        if not self.state(grant).retired:
            self._append(grant, {"event": "retired"} if proven else {"event": "retired", "unproven": True})
        if self._document and grant.grant in self._document.keys((ROOT, grant.integration)):
            self._edit([(grant, None, None)])
        self._predict(grant, Held())

    def _predict(self, grant: Declared, held: Held) -> None:
        if self._read_only:
            self._predicted[(grant.integration, grant.grant)] = held

    def _verified(self, grant: Declared, client_id: str, check: TokenCheck, observed: bool) -> Event:
        event: Event = {"event": "verified", "client_id": client_id, "scopes": sorted(check.scopes)}
        return {**event, "workspace": grant.workspace} if observed else event

    def _edit(self, changes: Sequence[tuple[Declared, str | None, Change]]) -> None:
        """Changes values of grants, each named by its key (None: the whole entry), in one replacement of the file."""
        if self._vault is None:
            raise AssertionError("the vault is proved before anything is stored")
        writes = any(change is not None for _grant, _name, change in changes)
        paths: dict[KeyPath, Change] = {VERSION_KEY: "1"} if writes else {}
        for grant, name, change in changes:
            paths[(ROOT, grant.integration, grant.grant, *([] if name is None else [name]))] = change
        result = self._vault.edit(paths, check_mode=self._read_only)
        if result.changed:
            self.diffs.append(result.diff)
        self.notes += result.notes
        if not self._read_only:
            self._document = self._vault.read()
            self._owners = None

    def _append(self, grant: Declared, *events: Event) -> None:
        self._write(grant.integration, [{"grant": grant.grant, **event} for event in events])

    def _write(self, integration: str, events: Sequence[Event]) -> None:
        self._journals.append(integration, events)

    def _history(self, integration: str) -> _History:
        events = self._journals.events(integration)
        history = self._histories.get(integration)
        if history is None or history.events is not events:
            history = self._histories[integration] = _History(events)
        history.fold()
        return history

    def _credentials(self, grant: Declared, prefix: str) -> Credentials | None:
        if self._document is None:
            return None
        secret = self._document.secret((ROOT, grant.integration, grant.grant, f"{prefix}client_secret"))
        client_id = self._clear(grant, f"{prefix}client_id")
        return Credentials(client_id, secret) if secret is not None and client_id else None

    def _clear(self, grant: Declared, name: str) -> str | None:
        return self._document.value((ROOT, grant.integration, grant.grant, name)) if self._document else None

    def _has(self, grant: Declared, name: str) -> bool:
        return bool(self._document and name in self._document.keys((ROOT, grant.integration, grant.grant)))


def _received(grant: Declared, credentials: Credentials) -> list[tuple[Declared, str | None, Change]]:
    return [
        (grant, f"{RECEIVED}client_id", credentials.client_id),
        (grant, f"{RECEIVED}client_secret", Secret(credentials.client_secret)),
    ]
