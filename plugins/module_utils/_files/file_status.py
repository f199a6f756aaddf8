# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What became of one file in a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import DeclaredFile
from ansible_collections.integrations.workiva.plugins.module_utils._files.plan import ShownPermission
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields


@dataclass(frozen=True)
class FileStatus:
    """One file after a run, or in check mode what a run would do.

    C(permissions): who holds what then. C(excess_access): those of them that are not declared.
    """

    declared: DeclaredFile
    changed: bool = False
    steps: tuple[str, ...] = ()
    permissions: tuple[ShownPermission, ...] = ()
    excess_access: tuple[ShownPermission, ...] = ()
    error: Failure | None = None

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(files) in a task's result."""
        found = plain_fields(self)
        declared = found.pop("declared")
        names = ("integration", "workspace", "file", "kind", "part", "about", "file_owner")
        return {**{name: declared[name] or None for name in names}, **found}
