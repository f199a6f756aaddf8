# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the vault file and the journals hold of the grants, and how something is written to both.

The vault file is always written first, in one replacement, and the journal after it, in one write: the journal never
says what the vault does not hold, and what a killed run left out of the journal the next run finds in the vault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grant import Declared, Held, Known
from ansible_collections.integrations.workiva.plugins.module_utils._token_check import TokenCheck, malformed_pair
from ansible_collections.integrations.workiva.plugins.plugin_utils._handover import Pair
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER, GrantState, Journal, fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault_file import (
    Change,
    KeyPath,
    Secret,
    VaultDocument,
    VaultEntryError,
    VaultFile,
)

ROOT = "workiva_credentials"
# Before the keys of a pair that is kept until it can be verified.
RECEIVED = "received_"
VERSION_KEY = ("workiva_credentials_version",)
Event = dict[str, Any]


class Records:
    """The stored side of all grants of a task. Without a vault file nothing is stored and nothing can be."""

    def __init__(self, vault: VaultFile | None, journals: str, *, read_only: bool = False) -> None:
        self._vault = vault
        self._journals = journals
        self._read_only = read_only
        self._document: VaultDocument | None = vault.read() if vault else None
        self._events: dict[str, list[Event]] = {}
        self._predicted: dict[tuple[str, str], Held] = {}
        self.diffs: list[dict[str, str]] = []

    # What is there.

    def held(self, grant: Declared) -> Held:
        """What the vault holds, entry by entry: what cannot be opened is this grant's trouble alone."""
        if (grant.integration, grant.grant) in self._predicted:
            return self._predicted[(grant.integration, grant.grant)]
        damaged: str | None = None
        pair = received = None
        try:
            pair = self.stored(grant)
        except VaultEntryError as error:
            damaged = str(error)
        try:
            received = self.received(grant)
        except VaultEntryError as error:
            damaged = damaged or str(error)
        client_id = self._clear(grant, "client_id")
        if not damaged and pair is None and client_id and self._has(grant, "client_secret"):
            damaged = f"The entry of {grant.name} is not a whole pair."
        if pair and not damaged:
            wrong = malformed_pair(pair.client_id, pair.client_secret)
            damaged = f"The stored pair of {grant.name}: {wrong}" if wrong else None
        return Held(
            client_id=client_id,
            readable=bool(pair and not damaged),
            expires=self._clear(grant, "expires"),
            received=received.client_id if received else None,
            damaged=damaged,
        )

    def stored(self, grant: Declared) -> Pair | None:
        """The stored pair. Raises L(VaultEntryError)."""
        return self._pair(grant, "")

    def received(self, grant: Declared) -> Pair | None:
        """The pair that is kept until it can be verified. Raises L(VaultEntryError)."""
        return self._pair(grant, RECEIVED)

    def owner_of(self, client_id: str, grant: Declared) -> str | None:
        """Which other grant a client id is stored for."""
        for integration in self._document.keys((ROOT,)) if self._document else []:
            for name in self._document.keys((ROOT, integration)) if self._document else []:
                other = Declared(integration, name, "", "", ())
                same = (integration, name) == (grant.integration, grant.grant)
                if not same and client_id in (
                    self._clear(other, "client_id"),
                    self._clear(other, f"{RECEIVED}client_id"),
                ):
                    return other.name
        return None

    def state(self, grant: Declared) -> GrantState:
        """The fold of the grant's journal. Raises L(InvalidArgument) for a damaged one."""
        return fold(self._journal(grant.integration)).get(grant.grant, GrantState())

    def known(self, grant: Declared) -> Known:
        """What the journal knows, as the judgement reads it."""
        state = self.state(grant)
        workspace = username = None
        for event in self._journal(grant.integration):
            if event["grant"] == grant.grant and event["event"] in ("stored", "retired"):
                workspace, username = event.get("workspace"), event.get("username")
        return Known(
            stage=state.stage,
            retired=state.retired,
            client_id=state.client_id,
            workspace=workspace,
            username=username,
            scopes=state.scopes,
            expires=state.expires,
            ip_allowlist=state.ip_allowlist,
            how=dict(state.known),
            deleted=state.deleted,
            open_orders={order.kind: order.number for order in state.open_orders if not order.fulfilled},
        )

    # What is written.

    def store(self, grant: Declared, pair: Pair, check: TokenCheck, said: Mapping[str, Any], observed: bool) -> None:
        """A verified pair becomes the stored one; C(said) are expires and ip_allowlist with how they are known."""
        if self.held(grant).damaged:
            # An entry that cannot be opened cannot be compared; the new pair is safe before the old one goes.
            self.keep(grant, pair, journal=False)
            self._edit(grant, {"client_secret": None})
        changes: dict[str | None, Change] = {
            "client_id": pair.client_id,
            "expires": said.get("expires"),
            # Tells the next run whether the journal knows this pair, or was cut off before it.
            "stored_at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "client_secret": Secret(pair.client_secret),
            f"{RECEIVED}client_id": None,
            f"{RECEIVED}client_secret": None,
        }
        if self._read_only and self.held(grant).damaged:
            changes.pop("client_secret")
        self._edit(grant, changes)
        self._predict(grant, Held(pair.client_id, True, said.get("expires")))
        self.record_stored(grant, pair.client_id, check, said, observed)

    def record_stored(
        self, grant: Declared, client_id: str, check: TokenCheck, said: Mapping[str, Any], observed: bool
    ) -> None:
        """Writes to the journal that the pair in the vault is verified and stored."""
        known = self.state(grant)
        received = [{"event": "received", "client_id": client_id}] if known.stage != "received" else []
        stored_at = self._clear(grant, "stored_at")
        told = {**said, "stored_at": stored_at} if stored_at else said
        self._append(
            grant,
            *received,
            self._verified(grant, client_id, check, observed),
            {
                "event": "stored",
                "client_id": client_id,
                "workspace": grant.workspace,
                "username": grant.username,
                **told,
            },
        )

    def keep(self, grant: Declared, pair: Pair, *, journal: bool = True) -> None:
        """A pair that could not be verified is kept, encrypted, beside the present one."""
        self._edit(
            grant, {f"{RECEIVED}client_id": pair.client_id, f"{RECEIVED}client_secret": Secret(pair.client_secret)}
        )
        if journal:
            self._predict(grant, replace(self.held(grant), received=pair.client_id))
            self.record_received(grant, pair.client_id)

    def knows(self, grant: Declared, held: Held) -> bool:
        """Whether the journal knows the pair in the vault; not so after a run was killed between the two."""
        state = self.state(grant)
        if state.retired or state.stage not in ("stored", "delivered") or state.client_id != held.client_id:
            return False
        stored_at = self._clear(grant, "stored_at")
        mine = (event for event in reversed(self._journal(grant.integration)) if event["grant"] == grant.grant)
        last = next((event for event in mine if event["event"] == "stored"), {})
        return stored_at is None or stored_at == last.get("stored_at")

    def record_received(self, grant: Declared, client_id: str) -> None:
        """Writes to the journal that a pair is kept."""
        self._append(grant, {"event": "received", "client_id": client_id})

    def drop_received(self, grant: Declared) -> None:
        """A kept pair turned out to be wrong."""
        self._edit(grant, {f"{RECEIVED}client_id": None, f"{RECEIVED}client_secret": None})
        self._predict(grant, replace(self.held(grant), received=None))

    def observe(self, grant: Declared, client_id: str, check: TokenCheck, observed: bool) -> None:
        """The grant shows other scopes than before."""
        self._append(grant, self._verified(grant, client_id, check, observed))

    def attest(self, grant: Declared, said: Mapping[str, Any]) -> None:
        """A person said what the screen shows."""
        if said.get("expires") and self.held(grant).readable:
            self._edit(grant, {"expires": said["expires"]})
            self._predict(grant, replace(self.held(grant), expires=said["expires"]))
        self._append(grant, {"event": "attested", **said})

    def without_access(self, grant: Declared) -> bool:
        """Whether a person said that the user of the grant has no access any more."""
        user = fold(self._journal(grant.integration)).get(USER, GrantState())
        return (user.access or {}).get("state") in ("absent", "deleted")

    def confirm(self, grant: Declared, number: str) -> None:
        """A person said that a work order is done."""
        self._append(grant, {"event": "attested", "order": number})

    def retire(self, grant: Declared, *, proven: bool = True) -> None:
        """The grant is gone: its entry goes too. The journal first: an entry without a grant is found again."""
        if not self.state(grant).retired:
            self._append(grant, {"event": "retired"} if proven else {"event": "retired", "unproven": True})
        if self._document and grant.grant in self._document.keys((ROOT, grant.integration)):
            self._edit(grant, {None: None})
        self._predict(grant, Held())

    def _predict(self, grant: Declared, held: Held) -> None:
        if self._read_only:
            self._predicted[(grant.integration, grant.grant)] = held

    def _verified(self, grant: Declared, client_id: str, check: TokenCheck, observed: bool) -> Event:
        event: Event = {"event": "verified", "client_id": client_id, "scopes": sorted(check.scopes)}
        return {**event, "workspace": grant.workspace} if observed else event

    def _edit(self, grant: Declared, changes: Mapping[str | None, Change]) -> None:
        if self._vault is None:
            raise AssertionError("the vault is proved before anything is stored")
        base = (ROOT, grant.integration, grant.grant)
        paths: dict[KeyPath, Change] = {
            base if name is None else (*base, name): change for name, change in changes.items()
        }
        if any(change is not None for change in changes.values()):
            paths[VERSION_KEY] = "1"
        result = self._vault.edit(paths, check_mode=self._read_only)
        if result.changed:
            self.diffs.append(result.diff)
        if not self._read_only:
            self._document = self._vault.read()

    def _append(self, grant: Declared, *events: Event) -> None:
        named = [{"grant": grant.grant, **event} for event in events]
        if not self._read_only:
            Journal(self._journals, grant.integration).append(*named)
        self._events[grant.integration] = [*self._journal(grant.integration), *named]

    def _journal(self, integration: str) -> list[Event]:
        if integration not in self._events:
            self._events[integration] = Journal(self._journals, integration).events()
        return self._events[integration]

    def _pair(self, grant: Declared, prefix: str) -> Pair | None:
        if self._document is None:
            return None
        secret = self._document.secret((ROOT, grant.integration, grant.grant, f"{prefix}client_secret"))
        client_id = self._clear(grant, f"{prefix}client_id")
        return Pair(client_id, secret) if secret is not None and client_id else None

    def _clear(self, grant: Declared, name: str) -> str | None:
        return self._document.value((ROOT, grant.integration, grant.grant, name)) if self._document else None

    def _has(self, grant: Declared, name: str) -> bool:
        return bool(self._document and name in self._document.keys((ROOT, grant.integration, grant.grant)))
