# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a run says of rotations: which grants are due, where it names none, and which rotations it started."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ansible_collections.integrations.workiva.plugins.module_utils._grants.rotation import describe_due
from ansible_collections.integrations.workiva.plugins.module_utils._words import natural_order
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.stored import StoredGrants
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    KINDS_OF_GRANTS,
    LoadedProject,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import OrderResult


def refuse_unnamed(project: LoadedProject) -> str:
    """Why a run that names no grant ends, with the grants that are due. Raises L(InvalidArgument) for a damaged journal."""
    journals = StoredGrants(None, Journals(project.journal, read_only=True))
    due = [
        f"{grant.integration}.{grant.grant} ({since})"
        for kind in KINDS_OF_GRANTS
        for grant in project.grants_of(kind)
        if (since := describe_due(grant, journals.known(grant), project.run.day()))
    ]
    return (
        "No grant is named. Nothing was changed. Name the grants to rotate: -e workiva_grants=INTEGRATION.GRANT, or all grants of an "
        f"integration: -e workiva_only=INTEGRATION. Due now: {', '.join(due) or 'none'}."
    )


def describe_rotations(
    named: Collection[str], orders: Iterable[OrderResult], opened: Collection[str], *, check_mode: bool
) -> list[str]:
    """The rotations that a run started, and those of the grants that it C(named) that were started before."""
    replacing = [order for order in orders if order.kind == "replace"]
    new = [f"{order.integration}.{order.grant}" for order in replacing if order.number in opened]
    before = [name for one in replacing if (name := f"{one.integration}.{one.grant}") in named and name not in new]
    return [
        *_started("Rotation would start" if check_mode else "Rotation started", new),
        *_started("Rotation was started before", before),
    ]


def _started(verb: str, names: Iterable[str]) -> list[str]:
    found = sorted(set(names), key=natural_order)
    if not found:
        return []
    stay = "present grant stays" if len(found) == 1 else "present grants stay"
    return [f"{verb}: {', '.join(found)}. The {stay} in use until the new credentials are handed over."]
