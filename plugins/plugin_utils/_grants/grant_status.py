# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The status of a grant after a run: what was found, what was done, and what is next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._files.access_check import FileCheck
from ansible_collections.integrations.workiva.plugins.module_utils._grants.advice import NOTHING_LEFT
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared, Finding, KnownValue


@dataclass(frozen=True)
class GrantStatus:
    """C(fields) holds the scopes, the workspace, the expiry and the IP allowlist, each with how it is known. C(steps) is
    what was, or in check mode would be, done. C(accepted): this run stored credentials of the grant. C(error) is what failed or
    was rejected."""

    integration: str
    grant: str
    stage: str
    health: str
    findings: tuple[Finding, ...]
    waits_for: str | None
    next: str
    fields: Mapping[str, KnownValue] = field(default_factory=dict)
    client_id: str | None = None
    expires: str | None = None
    days_left: int | None = None
    steps: tuple[str, ...] = ()
    accepted: bool = False
    files: tuple[FileCheck, ...] = ()
    error: Failure | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was written for the grant."""
        return bool(self.steps)

    @classmethod
    def unknown(cls, grant: Declared, error: WorkivaError) -> GrantStatus:
        """The status of a grant whose transaction an error ended."""
        return cls(
            integration=grant.integration,
            grant=grant.grant,
            stage="declared",
            health="unchecked",
            findings=(Finding("unchecked", str(error)),),
            waits_for=grant.owner or None,
            next="Correct what the error says and run again.",
            error=Failure.of(error),
        )

    def as_result(self) -> dict[str, Any]:
        """As tasks return it; no secret is in it."""
        return {
            "integration": self.integration,
            "grant": self.grant,
            "stage": self.stage,
            "health": self.health,
            "findings": [finding.as_result() for finding in self.findings],
            "fields": {name: value.as_result() for name, value in self.fields.items()},
            "client_id": self.client_id,
            "expires": self.expires,
            "days_left": self.days_left,
            "changed": self.changed,
            "steps": list(self.steps),
            "accepted": self.accepted,
            "files": [check.as_result() for check in self.files],
            "waits_for": self.waits_for,
            "next": self.next,
            "error": self.error.as_result() if self.error else None,
        }


def follow_up(following: str, error: Failure | None) -> str:
    """The next step: after credentials or a confirmation were rejected something is left to do, whatever is stored."""
    if error and following == NOTHING_LEFT:
        return "What was stored before still works. Correct what the error says, and run handover again."
    return following
