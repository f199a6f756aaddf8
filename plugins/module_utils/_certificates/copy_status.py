# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What became of the copy of one server certificate in a task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._certificates.certificate import (
    FINDINGS,
    Certificate,
    Finding,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_value


@dataclass(frozen=True)
class CopyDifference:
    """Both sides of a diff, as lines."""

    file: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def as_result(self) -> dict[str, str]:
        """As the key C(diff) of a task's result."""
        return {
            "before_header": f"{self.file} (stored)",
            "after_header": f"{self.file} (to be)",
            "before": "".join(f"{line}\n" for line in self.before),
            "after": "".join(f"{line}\n" for line in self.after),
        }


@dataclass(frozen=True)
class CopyStatus:
    """The copy after a run, or in check mode what a run would do. C(seen_at): when the server was asked.

    C(chain) is what the server shows, its own certificate first. C(upcoming): the announced one. C(findings) are in any order.
    """

    name: str
    server: str | None
    file: str
    state: str
    seen_at: datetime
    changed: bool = False
    findings: tuple[Finding, ...] = ()
    differences: tuple[str, ...] = ()
    chain: tuple[Certificate, ...] = ()
    upcoming: Certificate | None = None
    announcement: str = "none"
    backup_file: str | None = None
    diff: CopyDifference | None = None
    error: WorkivaError | None = None

    def as_result(self) -> dict[str, Any]:
        """The result of the task. A key called path would make a module, and not its twin, add the file's attributes."""
        findings = sorted(self.findings, key=lambda one: FINDINGS.index(one.finding))
        chain = [one.as_result(self.seen_at) for one in self.chain]
        return {
            "changed": self.changed,
            "name": self.name,
            "server": self.server,
            "file": self.file,
            "state": self.state,
            "health": findings[0].finding if findings else "ok",
            "findings": plain_value(findings),
            "differences": list(self.differences),
            "certificate": chain[0] if chain else None,
            "chain": chain,
            "upcoming": self.upcoming.as_result(self.seen_at) if self.upcoming else None,
            "announcement": self.announcement,
            "backup_file": self.backup_file,
            "error": self.error.as_error() if self.error else None,
            **({"diff": self.diff.as_result()} if self.diff else {}),
            # The finding of a failure has its message.
            **({"failed": True, "msg": findings[0].detail} if self.error else {}),
        }
