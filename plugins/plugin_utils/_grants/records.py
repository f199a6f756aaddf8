# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""How something is written of a grant to the vault file and to its journal.

The vault file is always written first, in one replacement, and the journal after it, in one write: the journal never
says what the vault does not hold, and what a killed run left out of the journal the next run finds in the vault.
Both happen while no other run writes credentials, after what other runs wrote was read: of two runs with the same credentials, the
second one finds them stored.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared, Held, HeldPrevious
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import (
    TokenCheck,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import read_version
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.accepted import Accepted
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import Attested, Credentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.stored import StoredGrants
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import (
    PREVIOUS,
    RECEIVED,
    ROOT,
    VERSION_KEY,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import (
    Change,
    KeyPath,
    Secret,
    VaultEntryError,
    VaultFile,
)

Event = dict[str, Any]
EntryChange = tuple[Declared, "str | None", Change]
"""A grant, the key of its entry (None: the whole entry), and the new value (None: the key goes)."""


class Records(StoredGrants):
    """Reads and writes what is stored of all grants of a task."""

    def __init__(self, vault: VaultFile | None, journals: Journals) -> None:
        super().__init__(vault, journals)
        self.diffs: list[dict[str, str]] = []
        self.notes: list[str] = []
        """What replaced files could not keep of their permissions."""

    def store_all(self, accepted: Sequence[Accepted]) -> None:
        """Verified credentials become the stored ones, in one replacement of the vault file and one write to each journal."""
        with self._alone(item.grant.integration for item in accepted):
            self._store([item for item in accepted if not self._is_known(item)])

    def _is_known(self, accepted: Accepted) -> bool:
        """Whether another run stored the same credentials since the caller looked. The secret is decrypted only where the client ID is
        the same."""
        is_same_id = self.state(accepted.grant).client_id == accepted.credentials.client_id
        return is_same_id and self.is_stored(accepted)

    def _store(self, accepted: Sequence[Accepted]) -> None:
        damaged = [item for item in accepted if self.held(item.grant).damaged]
        if damaged:
            # An entry that cannot be opened cannot be compared; the new credentials are safe before the old ones go.
            self._edit([change for item in damaged for change in _received(item.grant, item.credentials)])
            self._edit([(item.grant, "client_secret", None) for item in damaged])
        # Shows the next run whether the journal knows these credentials, or a run was killed before it wrote them.
        now = _now()
        changes: list[EntryChange] = []
        events: dict[str, list[Event]] = {}
        for item in accepted:
            held = self._held_with(item)
            changes += [
                (item.grant, "client_id", item.credentials.client_id),
                (item.grant, "expires", item.screen.expires),
                (item.grant, "number", str(held.number)),
                (item.grant, "stored_at", now),
                *([] if self._read_only and item in damaged else [_secret(item.grant, "", item.credentials)]),
                (item.grant, f"{RECEIVED}client_id", None),
                (item.grant, f"{RECEIVED}client_secret", None),
                *self._previous_changes(item.grant, held),
            ]
            events.setdefault(item.grant.integration, []).extend(self._stored_events(item, held, now))
            self._predict(item.grant, held)
        if changes:
            self._edit(changes)
        for integration, added in events.items():
            self._write(integration, added)

    @contextlib.contextmanager
    def _alone(self, integrations: Iterable[str]) -> Iterator[None]:
        """No other run writes credentials meanwhile, and what others wrote is read."""
        with self._journals.locked():
            if not self._read_only:
                for name in dict.fromkeys(integrations):
                    self._journals.read(name)
                if self._vault and read_version(self._vault.path) != self._version:
                    self._read_vault()
            yield

    def _held_with(self, accepted: Accepted) -> Held:
        """What the vault file holds when the credentials are stored."""
        before, state = self.held(accepted.grant), self.state(accepted.grant)
        number = state.last_number + 1
        if state.received_number and before.received == accepted.credentials.client_id:
            number = state.received_number
        previous = before.previous
        # Where only the secret of a grant changed since, the older one is the one to be seen refused.
        is_kept = previous is not None and previous.client_id == before.client_id
        if accepted.keeps_previous and before.readable and before.client_id and not is_kept:
            known = state.previous if state.previous and state.previous.client_id == before.client_id else None
            which = known.number if known else before.number or state.number
            previous = HeldPrevious(before.client_id, True, which, before.expires)
        return Held(accepted.credentials.client_id, True, accepted.screen.expires, number=number, previous=previous)

    def _previous_changes(self, grant: Declared, held: Held) -> list[EntryChange]:
        """What keeps the present credentials of the grant beside those that are stored now."""
        present = self.stored(grant) if held.previous != self.held(grant).previous else None
        if held.previous is None or present is None:
            return []
        return [
            (grant, f"{PREVIOUS}client_id", present.client_id),
            _secret(grant, PREVIOUS, present),
            (grant, f"{PREVIOUS}number", str(held.previous.number)),
            (grant, f"{PREVIOUS}expires", held.previous.expires),
        ]

    def go_back(self, accepted: Accepted) -> None:
        """The previous credentials of a grant, which C(accepted) are, and the present ones change places."""
        with self._alone([accepted.grant.integration]):
            previous = self.held(accepted.grant).previous
            if previous and previous.client_id == accepted.credentials.client_id:
                self._go_back(accepted, previous)

    def _go_back(self, accepted: Accepted, previous: HeldPrevious) -> None:
        grant, held = accepted.grant, self.held(accepted.grant)
        present, now = self.stored(grant), _now()
        if present is None:
            return
        number = held.number or self.state(grant).number
        expires = accepted.screen.expires
        beside = HeldPrevious(present.client_id, True, number, held.expires)
        after = Held(previous.client_id, True, expires, number=previous.number, previous=beside, stored_at=now)
        self._edit(
            [
                (grant, "client_id", accepted.credentials.client_id),
                (grant, "expires", expires),
                (grant, "number", str(previous.number)),
                (grant, "stored_at", now),
                _secret(grant, "", accepted.credentials),
                (grant, f"{PREVIOUS}client_id", present.client_id),
                _secret(grant, PREVIOUS, present),
                (grant, f"{PREVIOUS}number", str(number)),
                (grant, f"{PREVIOUS}expires", held.expires),
            ]
        )
        self._predict(grant, after)
        self._write(grant.integration, self._stored_events(accepted, after, now))

    def record_stored(self, accepted: Accepted) -> None:
        """Writes to the journal that the credentials in the vault are verified and stored; C(accepted) needs no secret."""
        with self._alone([accepted.grant.integration]):
            held = self.held(accepted.grant)
            if self.knows(accepted.grant, held):
                return
            held = replace(held, number=held.number or self.state(accepted.grant).last_number + 1)
            stored_at = self._clear(accepted.grant, "stored_at")
            self._write(accepted.grant.integration, self._stored_events(accepted, held, stored_at))

    def _stored_events(self, accepted: Accepted, held: Held, stored_at: str | None) -> list[Event]:
        grant, state, client_id = accepted.grant, self.state(accepted.grant), accepted.credentials.client_id
        of = {"grant": grant.grant, "credentials": held.number, "client_id": client_id}
        stored = {
            **of,
            "workspace": grant.workspace,
            "username": grant.username,
            "scopes": sorted(accepted.check.scopes),
            **accepted.screen.as_event(),
            "known": {
                **accepted.screen.known,
                "scopes": "observed",
                **({"workspace": "observed"} if accepted.observed else {}),
            },
            "on": accepted.on.isoformat(),
        }
        stored.update({"stored_at": stored_at} if stored_at else {})
        if held.previous:
            stored.update(previous=held.previous.number)
            if held.previous.client_id != state.client_id:
                # The journal was lost, and the vault file alone knows which grant is the previous one.
                stored.update(previous_client_id=held.previous.client_id)
        goes_back = state.previous is not None and state.previous.number == held.number
        if goes_back:
            stored.update(given_up=True, client_name=state.previous.client_name if state.previous else None)
        return [
            *([] if goes_back or state.received_number == held.number else [{"event": "received", **of}]),
            {**self._verified(accepted.grant, client_id, accepted.check, accepted.observed), **of},
            {"event": "stored", **stored},
        ]

    def keep(self, grant: Declared, credentials: Credentials) -> None:
        """Credentials that could not be verified are kept, encrypted, beside the present ones."""
        with self._alone([grant.integration]):
            if self.state(grant).exists and self._is_kept(grant, credentials):
                return
            self._edit(_received(grant, credentials))
            self._predict(grant, replace(self.held(grant), received=credentials.client_id))
            self._append_received(grant, credentials.client_id)

    def _is_kept(self, grant: Declared, credentials: Credentials) -> bool:
        with contextlib.suppress(VaultEntryError):
            return any(one and one.is_same(credentials) for one in (self.received(grant), self.stored(grant)))
        return False

    def record_refused(self, grant: Declared, client_id: str, run: str) -> None:
        """Writes to the journal that the credentials are refused, while others are accepted from the same place."""
        self._append(grant, {**self._numbered(grant, "refused", client_id), "run": run})

    def observe_previous(self, grant: Declared, check: TokenCheck, run: str) -> None:
        """Writes to the journal that the previous credentials are refused, while the present ones are accepted, or accepted again."""
        with self._alone([grant.integration]):
            previous = self.state(grant).previous
            if previous:
                of = {"grant": grant.grant, "credentials": previous.number, "client_id": previous.client_id}
                scopes = {"event": "verified", "scopes": sorted(check.scopes)}
                self._write(
                    grant.integration, [{**of, **(scopes if check.accepted else {"event": "refused", "run": run})}]
                )

    def attest_previous(self, grant: Declared, expires: str, order: str | None = None) -> None:
        """A person said when the previous grant expires; C(order) is the work order that asked for that date."""
        with self._alone([grant.integration]):
            previous, held = self.state(grant).previous, self.held(grant)
            if previous and held.previous and held.previous.expires != expires:
                self._edit([(grant, f"{PREVIOUS}expires", expires)])
                self._predict(grant, replace(held, previous=replace(held.previous, expires=expires)))
            if order:
                self.confirm(grant, order)
            elif previous:
                self._append(grant, {"event": "attested", "credentials": previous.number, "expires": expires})

    def retire_previous(self, grant: Declared) -> None:
        """The previous credentials do not work any more. The journal first: what it says is removed from the vault is found again."""
        with self._alone([grant.integration]):
            previous = self.state(grant).previous
            if previous:
                self._append(grant, {"event": "retired", "credentials": previous.number})
            held = self.held(grant)
            if held.previous:
                names = ("client_id", "client_secret", "number", "expires")
                self._edit([(grant, f"{PREVIOUS}{name}", None) for name in names])
                self._predict(grant, replace(held, previous=None))

    def record_received(self, grant: Declared, client_id: str) -> None:
        """Writes to the journal that credentials are kept."""
        with self._alone([grant.integration]):
            if not self.state(grant).exists:
                self._append_received(grant, client_id)

    def _append_received(self, grant: Declared, client_id: str) -> None:
        number = self.state(grant).last_number + 1
        self._append(grant, {"event": "received", "credentials": number, "client_id": client_id})

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

    def confirm(self, grant: Declared, number: str) -> None:
        """A person said that a work order is done."""
        self._append(grant, {"event": "attested", "order": number})

    def retire(self, grant: Declared, *, proven: bool = True) -> None:
        """The grant is gone: its entry goes too. The journal first: an entry without a grant is found again."""
        with self._alone([grant.integration]):
            if not self.state(grant).retired:
                self._append(grant, {"event": "retired"} if proven else {"event": "retired", "unproven": True})
            if self._document and grant.grant in self._document.keys((ROOT, grant.integration)):
                self._edit([(grant, None, None)])
            self._predict(grant, Held())

    def _predict(self, grant: Declared, held: Held) -> None:
        if self._read_only:
            self._predicted[(grant.integration, grant.grant)] = held

    def _numbered(self, grant: Declared, event: str, client_id: str) -> Event:
        """An event about the stored or the kept credentials of a grant."""
        state = self.state(grant)
        kept = state.received_number if self.held(grant).received == client_id else None
        return {"event": event, "credentials": kept or state.number, "client_id": client_id}

    def _verified(self, grant: Declared, client_id: str, check: TokenCheck, observed: bool) -> Event:
        event = {**self._numbered(grant, "verified", client_id), "scopes": sorted(check.scopes)}
        return {**event, "workspace": grant.workspace} if observed else event

    def _edit(self, changes: Sequence[EntryChange]) -> None:
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
            self._read_vault()

    def _append(self, grant: Declared, *events: Event) -> None:
        self._write(grant.integration, [{"grant": grant.grant, **event} for event in events])

    def _write(self, integration: str, events: Sequence[Event]) -> None:
        self._journals.append(integration, events)


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _received(grant: Declared, credentials: Credentials) -> list[EntryChange]:
    return [
        (grant, f"{RECEIVED}client_id", credentials.client_id),
        _secret(grant, RECEIVED, credentials),
    ]


def _secret(grant: Declared, prefix: str, credentials: Credentials) -> EntryChange:
    return grant, f"{prefix}client_secret", Secret(credentials.client_secret)
