# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Which grants are due for a rotation, where a run does not name any."""

from __future__ import annotations

from ansible_collections.integrations.workiva.plugins.module_utils._grants.rotation import describe_due
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.stored import StoredGrants
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    KINDS_OF_GRANTS,
    LoadedProject,
)


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
