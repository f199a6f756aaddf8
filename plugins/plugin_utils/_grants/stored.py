# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the vault file and the journals hold of the grants of a task."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import (
    Declared,
    Held,
    HeldPrevious,
    Known,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import (
    describe_malformed,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._accounts import account_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import read_version
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.accepted import Accepted
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import Credentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.history import History
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, OpenOrder
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import (
    ADMINISTRATOR,
    PREVIOUS,
    RECEIVED,
    ROOT,
    Entry,
    read_entry,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import (
    VaultDocument,
    VaultEntryError,
    VaultFile,
)

Event = dict[str, Any]


class StoredGrants:
    """What is stored of all grants of a task. Without a vault file nothing is."""

    def __init__(self, vault: VaultFile | None, journals: Journals) -> None:
        self._vault = vault
        self._journals = journals
        self._read_only = journals.read_only
        if vault:
            vault.check_password()
        self._read_vault()
        self._histories: dict[str, History] = {}
        self._predicted: dict[tuple[str, str], Held] = {}
        # What was read of each grant, and of which content of the file: every step of a transaction asks for it.
        self._read: dict[tuple[str, str], tuple[VaultDocument | None, Held]] = {}

    def _read_vault(self) -> None:
        self._version = read_version(self._vault.path) if self._vault else ()
        self._document: VaultDocument | None = self._vault.read() if self._vault else None
        self._owners: dict[str, list[str]] | None = None

    def held(self, grant: Declared) -> Held:
        """What the vault holds, entry by entry: what cannot be opened is this grant's trouble alone."""
        key = (grant.integration, grant.grant)
        if key in self._predicted:
            return self._predicted[key]
        document, held = self._read.get(key, (None, None))
        if held is None or document is not self._document:
            held = self._read_held(grant)
            self._read[key] = (self._document, held)
        return held

    def _read_held(self, grant: Declared) -> Held:
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
        entry = self._entry(grant)
        if not damaged and credentials is None and entry.client_id and self._has(grant, "client_secret"):
            damaged = f"The entry of {grant.name} has no client ID or no client secret."
        if credentials and not damaged:
            wrong = describe_malformed(credentials.client_id, credentials.client_secret)
            damaged = f"The stored credentials of {grant.name}: {wrong}" if wrong else None
        return Held(
            client_id=entry.client_id,
            readable=bool(credentials and not damaged),
            expires=self._clear(grant, "expires"),
            received=received.client_id if received else None,
            damaged=damaged,
            number=entry.number,
            stored_at=self._clear(grant, "stored_at"),
            previous=self._held_previous(grant),
        )

    def _held_previous(self, grant: Declared) -> HeldPrevious | None:
        entry = self._entry(grant, PREVIOUS)
        if entry.client_id is None:
            return None
        previous = None
        with contextlib.suppress(VaultEntryError):
            previous = self.previous(grant)
        return HeldPrevious(
            entry.client_id, previous is not None, entry.number, self._clear(grant, f"{PREVIOUS}expires")
        )

    def stored(self, grant: Declared) -> Credentials | None:
        """The stored credentials. Raises L(VaultEntryError)."""
        return self._credentials(grant, "")

    def received(self, grant: Declared) -> Credentials | None:
        """The credentials that are kept until they can be verified. Raises L(VaultEntryError)."""
        return self._credentials(grant, RECEIVED)

    def previous(self, grant: Declared) -> Credentials | None:
        """The credentials before the present ones, while both work. Raises L(VaultEntryError)."""
        return self._credentials(grant, PREVIOUS)

    def find_place(self, grant: Declared, credentials: Credentials) -> str | None:
        """Where the entry of the grant holds these credentials: C(stored), C(previous) or C(received); None where it does not."""
        for place, read in (("stored", self.stored), ("previous", self.previous), ("received", self.received)):
            with contextlib.suppress(VaultEntryError):
                present = read(grant)
                if present and present.is_same(credentials):
                    return place
        return None

    def owner_of(self, client_id: str, grant: Declared) -> str | None:
        """Which other grant a client ID is stored for."""
        if self._owners is None:
            self._owners = {}
            for integration in self._document.keys((ROOT,)) if self._document else []:
                for name in self._document.keys((ROOT, integration)) if self._document else []:
                    other = Declared(integration, name, "", "", ())
                    for key in ("client_id", f"{RECEIVED}client_id", f"{PREVIOUS}client_id"):
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
            number=state.number,
            last_number=state.last_number,
            stored_on=state.stored_on,
            stored_at=self._history(grant.integration).stored.get(grant.grant, {}).get("stored_at"),
            previous=state.previous,
            leaked=any(order.leaked and not order.fulfilled for order in state.open_orders),
            given_up=state.given_up,
        )

    def knows(self, grant: Declared, held: Held) -> bool:
        """Whether the journal knows the credentials in the vault; not so after a run was killed between the two."""
        state = self.state(grant)
        if state.retired or state.stage != "stored" or state.client_id != held.client_id:
            return False
        stored_at = self._clear(grant, "stored_at")
        last = self._history(grant.integration).stored.get(grant.grant, {})
        return stored_at is None or stored_at == last.get("stored_at")

    def without_access(self, grant: Declared) -> bool:
        """Whether the journal says that the user of the grant has no access any more: a person confirmed it, or a run read it."""
        history = self._history(grant.integration)
        user = history.states.get(USER, GrantState())
        return (user.access or {}).get("state") in ("absent", "deleted") or account_of(history.events).left

    def is_stored(self, accepted: Accepted) -> bool:
        """Whether the vault file holds these credentials and the journal knows them."""
        with contextlib.suppress(VaultEntryError, InvalidArgument):
            stored = self.stored(accepted.grant)
            if stored and stored.is_same(accepted.credentials):
                return self.knows(accepted.grant, self.held(accepted.grant))
        return False

    def _history(self, integration: str) -> History:
        events = self._journals.events(integration)
        history = self._histories.get(integration)
        if history is None or history.events is not events:
            history = self._histories[integration] = History(events)
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

    def _entry(self, grant: Declared, prefix: str = "") -> Entry:
        return read_entry(self._document, grant.integration, grant.grant, prefix)

    def _has(self, grant: Declared, name: str) -> bool:
        return bool(self._document and name in self._document.keys((ROOT, grant.integration, grant.grant)))
