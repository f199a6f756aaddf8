# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The transactions of all grants of a task: none of them stops another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.module_utils._grants.status import Assessment
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.grant_status import GrantStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.transaction import Transaction

LEFT_TO_ONBOARD = "Run onboard. It creates the user and writes the work order."


class Transactions:
    """Each step is done for all grants before the next one. An error ends the transaction of its grant and no other;
    C(fatal) are the errors that end the task."""

    def __init__(
        self, shared: Settlement, grants: Iterable[Declared], fatal: tuple[type[WorkivaError], ...] = ()
    ) -> None:
        self._shared = shared
        self._fatal = fatal
        self._grants = {grant.name: grant for grant in grants}
        self._begun: dict[str, Transaction] = {}
        self._failed: dict[str, WorkivaError] = {}

    def look(self) -> None:
        """Checks what is stored, and completes what earlier runs did not finish."""

        def begin(grant: Declared) -> None:
            self._begun[grant.name] = Transaction(self._shared, grant)
            self._begun[grant.name].look()

        self._each(begin)

    def accept(self) -> None:
        """Accepts what is handed over. Credentials that came in together are stored together, also where an error ends
        the task; a typed one was stored at once."""
        try:
            self._each(lambda grant: self._begun[grant.name].accept())
        finally:
            self._failed.update(self._shared.store_waiting())
        self._each(lambda grant: self._begun[grant.name].attest())

    def needed(self) -> tuple[list[Order], list[tuple[str, str]]]:
        """The work orders that are needed now, and the grants of which that could be judged: the open orders of all others
        stay as they are."""
        orders: list[Order] = []
        considered: list[tuple[str, str]] = []

        def add(grant: Declared) -> None:
            judged = self._begun[grant.name].judged()
            if grant.integration in self._shared.users_failed or self._is_left_to_onboard(judged):
                return
            if not self._shared.is_unrecorded(grant):
                orders.extend(judged.orders)
                considered.append((grant.integration, grant.grant))

        self._each(add)
        return orders, considered

    def statuses(self) -> list[GrantStatus]:
        """The status of each grant, in the order in which the grants were given."""
        found: dict[str, GrantStatus] = {}

        def add(grant: Declared) -> None:
            judged = self._begun[grant.name].judged()
            status = self._begun[grant.name].status(judged)
            if self._is_left_to_onboard(judged) and grant.integration not in self._shared.users_failed:
                status = replace(status, waits_for=None, next=LEFT_TO_ONBOARD)
            found[grant.name] = status

        self._each(add)
        return [
            found[name] if name in found else GrantStatus.unknown(grant, self._failed[name])
            for name, grant in self._grants.items()
        ]

    def _is_left_to_onboard(self, judged: Assessment) -> bool:
        return not self._shared.first_orders and judged.stage == "declared" and "create" in judged.kinds

    def _each(self, step: Callable[[Declared], None]) -> None:
        for name, grant in self._grants.items():
            if name in self._failed:
                continue
            try:
                step(grant)
            except WorkivaError as error:
                if isinstance(error, self._fatal):
                    raise
                self._failed[name] = error
