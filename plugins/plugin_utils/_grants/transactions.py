# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The transactions of all grants of a task, one after the other: none of them stops another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.status import Assessment
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.grant_status import GrantStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.transaction import Transaction

Outcome = tuple[GrantStatus, Assessment]


def settle(
    shared: Settlement, grants: Iterable[Declared], fatal: tuple[type[WorkivaError], ...]
) -> Iterator[tuple[Declared, Outcome | WorkivaError]]:
    """For each grant its outcome, or the error that ended its own transaction and no other.

    C(fatal) are the errors that end the task.
    Credentials that came in together are stored together, before any outcome is given; a typed one at once.
    """
    begun: list[tuple[Declared, Transaction | WorkivaError]] = []
    try:
        begun = [(grant, _accept(shared, grant, fatal)) for grant in grants]
    finally:
        failed = shared.store_waiting()
    for grant, transaction in begun:
        if isinstance(transaction, WorkivaError):
            yield grant, transaction
            continue
        if grant.name in failed:
            yield grant, failed[grant.name]
            continue
        try:
            yield grant, transaction.result()
        except WorkivaError as error:
            if isinstance(error, fatal):
                raise
            yield grant, error


def _accept(shared: Settlement, grant: Declared, fatal: tuple[type[WorkivaError], ...]) -> Transaction | WorkivaError:
    try:
        transaction = Transaction(shared, grant)
        transaction.accept()
    except WorkivaError as error:
        if isinstance(error, fatal):
            raise
        return error
    return transaction
