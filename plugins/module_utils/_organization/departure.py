# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Whether a user that should have no access has none: decided by exact reads of every workspace, and by nothing else.

The report over all users proves nothing here: it may be null, late, or name workspaces differently.
"""

from __future__ import annotations

from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    OperationFailed,
    Unreachable,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_ORGANIZATION_ROLES,
    Named,
    exclude,
    list_names,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import Observed


def is_gone(observed: Observed) -> bool | None:
    """Whether the user has no access any more; None where not all of it could be read."""
    if _kept_workspaces(observed) or _kept_roles(observed):
        return False
    return None if observed.unread else True


def why_not_gone(observed: Observed, *, removed: bool) -> WorkivaError | None:
    """The failure for a user that still has access after it was C(removed), or of which that is not known."""
    kept = [f"a member of the workspace '{workspace.name}'" for workspace in _kept_workspaces(observed)]
    roles = _kept_roles(observed)
    if roles:
        kept.append(f"assigned the organization roles {list_names(roles)}")
    if kept and removed:
        return OperationFailed(
            f"The user is still {' and '.join(kept)}, although Workiva confirmed its removal. The departure is not "
            "recorded. Run again. If it stays, an Org User Admin can remove it in Organization Admin.",
            code="still_there",
        )
    if observed.unread:
        workspace, why = observed.unread[0]
        others = f" and {len(observed.unread) - 1} more" if len(observed.unread) > 1 else ""
        return Unreachable(
            f"Whether the user is still a member of the workspace '{workspace.name}'{others} is unknown: {why} The departure is "
            "not recorded. Run again when the memberships can be read.",
            code="not_known",
        )
    return None


def _kept_workspaces(observed: Observed) -> list[Named]:
    return [place.workspace for place in observed.places if place.member]


def _kept_roles(observed: Observed) -> tuple[Named, ...]:
    return exclude(observed.held_organization_roles or (), (), IMPLICIT_ORGANIZATION_ROLES)
