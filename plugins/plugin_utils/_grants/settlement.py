# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the transactions of a task share, and the one replacement of the vault file in which they store together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import (
    NO_TARGETS,
    Declared,
    Deliveries,
    is_outdated,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import HANDED_OVER
from ansible_collections.integrations.workiva.plugins.module_utils._grants.rotation import RotationRequest
from ansible_collections.integrations.workiva.plugins.module_utils._grants.status import Circumstances
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.accepted import Accepted
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import Credentials, Handover
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.records import Records
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import ADMINISTRATOR


@dataclass(frozen=True)
class UserResults:
    """What the results of the integrations' users say of their grants.

    C(without_access): the integrations whose users have no access any more, or of whose users this run does not know it, so
    that a refusal proves nothing of their grants.
    C(failed): the integrations whose users failed in this run, so that it is unknown what their grants need.

    C(suspended): the integrations whose users are suspended although they have access. C(outside): the integrations and the workspaces in
    which their users are not yet.
    """

    without_access: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    suspended: frozenset[str] = frozenset()
    outside: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(
        cls, users: Iterable[Mapping[str, Any]], *, removes: bool, absent: Iterable[str], changed: bool = False
    ) -> UserResults:
        """C(users) as the task C(integration_users) returns them. C(removes): this run removes access, or in check mode would;
        otherwise a user has none only where nothing is left to be done for it. C(absent): the integrations that are declared
        absent. An earlier run may have removed the access of their users, which a run that reads no users cannot know. C(changed): the
        steps were done."""
        mine = [user for user in users if user.get("integration")]
        read = [user for user in mine if not user.get("error")]
        gone = {user["integration"] for user in read if user["state"] == "absent" and (removes or not user.get("plan"))}
        added = {
            (user["integration"], fold_name(step["workspace"]))
            for user in read
            for step in (() if changed else user.get("plan") or ())
            if step["kind"] == "add_membership"
        }
        adds = {integration for integration, _workspace in added}
        return cls(
            frozenset(gone | (set(absent) - {user["integration"] for user in read})),
            frozenset(user["integration"] for user in mine if user.get("error")),
            frozenset(
                user["integration"]
                for user in read
                if user["state"] == "present" and user.get("status") == "suspended" and user["integration"] not in adds
            ),
            frozenset(added),
        )


class TokenChecks(Protocol):
    """The token requests of a task."""

    def check(self, grant: Declared, credentials: Credentials, *, is_fresh: bool = False) -> TokenCheck:
        """What a token request shows. C(is_fresh): of a grant that was just added, which may be refused at first.

        Raises L(InvalidArgument) for malformed credentials.
        """

    def is_controlled(self, grant: Declared) -> bool:
        """Whether other credentials than those of this grant are accepted in this run from the same place."""


class Storage(Protocol):
    """Where credentials are stored."""

    def check(self) -> None:
        """Fails before a secret is accepted that could not be stored."""


@dataclass
class Settlement:
    """What the transactions of one task share. C(writes) is false where nothing may be accepted or written."""

    records: Records
    handover: Handover
    checks: TokenChecks
    storage: Storage
    today: date
    warn_before: int = 30  # days
    workspace_ids: Mapping[str, str] = field(default_factory=dict)
    without_access: frozenset[str] = frozenset()
    """The integrations whose users have no access any more, or of whose users that is unknown."""
    users_failed: frozenset[str] = frozenset()  # the integrations whose users failed in this run
    users_suspended: frozenset[str] = frozenset()
    users_outside: frozenset[tuple[str, str]] = frozenset()
    """As L(UserResults) has them."""
    new_orders: frozenset[str] = frozenset()
    """The work orders that this run wrote, which nobody can have carried out yet."""
    first_orders: bool = True  # whether a grant for which nothing was done so far gets a work order
    writes: bool = True
    together: bool = False
    """Whether credentials wait for each other: those of a variable come in together, and typed ones one by one."""
    rotate: Mapping[tuple[str, str], RotationRequest] = field(default_factory=dict)
    """What a person asked for about the rotation of grants."""
    deliveries: Callable[[Declared, GrantState], Deliveries] = lambda _grant, _state: NO_TARGETS
    """What is known of the declared targets of a grant."""
    preflight: Callable[[Credentials], str | None] = lambda _credentials: None
    """Why a run could not work with new credentials of an administrator grant; None where it could."""
    run: str = ""  # what distinguishes this run from every other one

    _waiting: list[tuple[Accepted, Callable[[], None]]] = field(default_factory=list, init=False)
    _owners: dict[str, str] = field(default_factory=dict, init=False)  # of the client IDs that wait

    def __post_init__(self) -> None:
        self._ids = {fold_name(name): identifier for name, identifier in self.workspace_ids.items()}

    def circumstances(self, grant: Declared) -> Circumstances:
        """What the judgement of this grant depends on."""
        outside = (grant.integration, fold_name(grant.workspace)) in self.users_outside
        user = "outside" if outside else "suspended" if grant.integration in self.users_suspended else ""
        # Where nothing is written, a rotation that is due is announced.
        usual = RotationRequest(due=self.first_orders or not self.writes)
        request = self.rotate.get((grant.integration, grant.grant), usual)
        return Circumstances(
            self.today,
            self.warn_before,
            self._ids.get(fold_name(grant.workspace)),
            self.records.is_limited(grant),
            grant.integration in self.without_access or self.records.without_access(grant),
            workspaces=self.workspace_ids,
            user_failed=grant.integration in self.users_failed,
            rotation=replace(request, is_used=grant.integration == ADMINISTRATOR),
            user=user,
        )

    def owner_of(self, client_id: str, grant: Declared) -> str | None:
        """Which other grant a client ID belongs to, stored or accepted in this run."""
        waiting = self._owners.get(client_id)
        return self.records.owner_of(client_id, grant) or (waiting if waiting != grant.name else None)

    def store(self, accepted: Accepted, then: Callable[[], None]) -> None:
        """Stores credentials: now, or together with others that were handed over with them. C(then) is called after it."""
        if self.together:
            self._waiting.append((accepted, then))
            self._owners[accepted.credentials.client_id] = accepted.grant.name
            return
        self.records.store_all([accepted])
        then()

    def store_waiting(self) -> dict[str, WorkivaError]:
        """Stores what waits, in one replacement; where that fails, one by one, so that a bad one stops no other."""
        waiting, self._waiting = self._waiting, []
        failed: dict[str, WorkivaError] = {}
        if not waiting:
            return failed
        try:
            self.records.store_all([item for item, _then in waiting])
            done = waiting
        except WorkivaError:
            done = []
            for item, then in waiting:
                try:
                    # The failure may have come after some of the journals were written.
                    if not self.records.is_stored(item):
                        self.records.store_all([item])
                    done.append((item, then))
                except WorkivaError as error:
                    failed[item.grant.name] = error
        for _item, then in done:
            then()
        return failed

    def is_unrecorded(self, grant: Declared) -> bool:
        """Whether the vault holds credentials that the journal does not know, and that could not be verified now.

        While this is so, an open order that may be fulfilled by them must neither be withdrawn nor take their place.
        """
        held, known = self.records.held(grant), self.records.known(grant)
        asked = any(kind in known.open_orders for kind in HANDED_OVER)
        unknown = held.readable and not self.records.knows(grant, held) and not is_outdated(held, known)
        return grant.present and asked and unknown
