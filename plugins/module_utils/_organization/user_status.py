# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What became of one user in a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import Step
from ansible_collections.integrations.workiva.plugins.module_utils._organization.undeclared import UndeclaredAccess
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields


@dataclass(frozen=True)
class UserStatus:
    """One user after a run, or in check mode what a run would do.

    C(steps): the sentences of what was done. C(plan): the same as data, also where it was refused. C(gone): whether an absent
    user has no access left; None where that was not asked or could not be read. C(ignored): the fields that Workiva did not take.
    """

    username: str
    state: str
    integration: str | None = None
    id: str | None = None
    status: str | None = None
    changed: bool = False
    steps: tuple[str, ...] = ()
    plan: tuple[Step, ...] = ()
    excess_access: tuple[UndeclaredAccess, ...] = ()
    excess_access_unknown: str | None = None
    notes: tuple[str, ...] = ()
    ignored: Mapping[str, str] = field(default_factory=dict)
    gone: bool | None = None
    error: Failure | None = None

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(users) in a task's result."""
        return plain_fields(self)
