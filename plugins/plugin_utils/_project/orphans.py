# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the collection wrote for integrations and grants that no file declares any more: noted, and left as it is."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._accounts import account_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import FILE_ACCESS, USER, Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import (
    ADMINISTRATOR,
    FILE_ADMINISTRATOR,
)

# The names under which the grants of workiva.yml are stored.
ADMINISTRATION = (ADMINISTRATOR, FILE_ADMINISTRATOR)
Event = Mapping[str, Any]


def read_orphans(folder: str, names: Iterable[str]) -> dict[str, list[str]]:
    """What the journals in C(folder) still hold of integrations that are none of C(names), by the name of the integration."""
    known = {fold_name(name) for name in (*names, *ADMINISTRATION)}
    found = {}
    for file in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        name = file.removesuffix(".jsonl")
        # An underscore is in no name of an integration: that is the journal of something else.
        if name == file or name.startswith(".") or "_" in name or fold_name(name) in known:
            continue
        try:
            left = find_left(Journal(folder, name).events())
        except (WorkivaError, OSError):
            left = ["a journal that cannot be read"]
        if left:
            found[name] = left
    return found


def find_left(events: Iterable[Event]) -> list[str]:
    """What an integration still has, as far as its journal shows, in words; empty after it was removed."""
    events = list(events)
    states = fold(events)
    grants = [name for name, state in states.items() if name not in (USER, FILE_ACCESS) and state.exists]
    account = account_of(events)
    left = [f"credentials ({', '.join(grants)})"] if grants else []
    left += ["an account in Workiva"] if not account.left and (account.id or account.usernames) else []
    orders = [order.number for state in states.values() for order in state.open_orders if not order.fulfilled]
    return left + ([f"open work orders ({', '.join(orders)})"] if orders else [])


def describe_orphans(
    declared: Collection[tuple[str, str]],
    names: Iterable[str],
    stored: Iterable[tuple[str, str]],
    left: Mapping[str, list[str]],
) -> list[str]:
    """Notes with what to do. C(declared) are the declared grants, C(names) the declared integrations, C(stored) the entries of the
    credentials file, and C(left) is from L(read_orphans)."""
    known = {(fold_name(integration), fold_name(grant)) for integration, grant in declared}
    integrations = {fold_name(name) for name in (*names, *ADMINISTRATION)}
    entries: dict[str, list[str]] = {}
    for integration, grant in stored:
        if (fold_name(integration), fold_name(grant)) not in known:
            entries.setdefault(integration, []).append(grant)
    notes = []
    for name in dict.fromkeys([*left, *entries]):
        grants = ", ".join(safe_text(grant) for grant in entries.get(name, ()))
        if fold_name(name) in integrations:
            administers = fold_name(name) in ADMINISTRATION
            leave = (
                "delete it in Workiva and remove its entry"
                if administers
                else "declare it with state: absent and run onboard"
            )
            notes.append(
                f"credentials.yml: {'workiva.yml' if administers else safe_text(name)} declares no grant {grants}"
                f"{f' of {safe_text(name)}' if administers else ''}, whose credentials are stored. If the grant was renamed, declare it "
                f"under its former name. If it is no longer needed, {leave}. Nothing of it was changed."
            )
            continue
        place = f"journal/{safe_text(name)}.jsonl" if name in left else "credentials.yml"
        has = "; ".join(left[name]) if name in left else f"credentials ({grants})"
        notes.append(
            f"{place}: no file declares the integration {safe_text(name)}, which still has {has}. If it was renamed, declare it "
            "under its former name. If it is no longer needed, declare it with state: absent and run offboard. Nothing of it was "
            "changed."
        )
    return notes
