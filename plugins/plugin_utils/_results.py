# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The results of tasks as values, as far as later tasks of a run read them; C(read_value()) makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.module_utils._files.access_check import FileCheck
from ansible_collections.integrations.workiva.plugins.module_utils._files.plan import ShownPermission
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import STORED_STAGES
from ansible_collections.integrations.workiva.plugins.module_utils._names import Named, fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import Step
from ansible_collections.integrations.workiva.plugins.module_utils._organization.undeclared import UndeclaredAccess
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields


@dataclass(frozen=True)
class FindingResult:
    """What a check found, with the reason in words."""

    finding: str
    detail: str = ""


@dataclass(frozen=True)
class FieldResult:
    """A declared value, and how it is known: C(observed), C(attested) or C(declared)."""

    value: object
    known: str


@dataclass(frozen=True)
class ScopesResult:
    """The scopes of a grant, and how they are known."""

    known: str
    value: tuple[str, ...] | None = None


@dataclass(frozen=True)
class GrantFields:
    """The fields of a grant that later tasks read."""

    scopes: ScopesResult | None = None


@dataclass(frozen=True)
class GrantResult:
    """An entry of C(grants) of the task oauth2_grants."""

    integration: str
    grant: str
    stage: str = "declared"
    health: str = "unchecked"
    findings: tuple[FindingResult, ...] = ()
    fields: GrantFields = field(default_factory=GrantFields)
    expires: str | None = None
    days_left: int | None = None
    steps: tuple[str, ...] = ()
    accepted: bool = False
    files: tuple[FileCheck, ...] = ()
    waits_for: str | None = None
    next: str | None = None
    error: Failure | None = None

    @property
    def is_stored(self) -> bool:
        """Whether its credentials are in the vault file."""
        return self.stage in STORED_STAGES

    def scopes(self) -> tuple[str, ...]:
        """The scopes that are known of it; none where none are."""
        return (self.fields.scopes.value if self.fields.scopes else None) or ()

    def observed_scopes(self) -> tuple[str, ...] | None:
        """The scopes that a token showed; None where no token was given."""
        scopes = self.fields.scopes
        return scopes.value if scopes and scopes.known == "observed" else None

    def details(self, findings: Iterable[str]) -> str:
        """The reasons of those of its findings that are among the given ones."""
        wanted = tuple(findings)
        return " ".join(one.detail or one.finding for one in self.findings if one.finding in wanted)


@dataclass(frozen=True)
class StepResult:
    """A step of the plan of a user."""

    kind: str
    text: str
    workspace: str | None = None
    names: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    welcome_email: bool = False

    def as_step(self) -> Step:
        """The step with names in place of ids."""
        return Step(
            self.kind,
            self.text,
            Named(fold_name(self.workspace), self.workspace) if self.workspace else None,
            tuple(Named(fold_name(name), name) for name in self.names),
            tuple(self.fields.items()),
            self.welcome_email,
        )


@dataclass(frozen=True)
class UserResult:
    """An entry of C(users) of the tasks integration_users and user_access; only the second one sets C(asked), C(fields) and C(left)."""

    username: str
    state: str = "present"
    integration: str | None = None
    id: str | None = None
    status: str | None = None
    changed: bool = False
    steps: tuple[str, ...] = ()
    plan: tuple[StepResult, ...] = ()
    excess_access: tuple[UndeclaredAccess, ...] = ()
    excess_access_unknown: str | None = None
    notes: tuple[str, ...] = ()
    ignored: Mapping[str, str] = field(default_factory=dict)
    gone: bool | None = None
    error: Failure | None = None
    asked: tuple[str, ...] = ()
    fields: Mapping[str, FieldResult] = field(default_factory=dict)
    left: bool = False

    @property
    def owner(self) -> str:
        """The integration, or the user where it belongs to none."""
        return self.integration or self.username

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(users) in a task's result."""
        return plain_fields(self)


@dataclass(frozen=True)
class FileResult:
    """An entry of C(files) of the task file_permissions."""

    file: str
    integration: str | None = None
    workspace: str | None = None
    changed: bool = False
    steps: tuple[str, ...] = ()
    excess_access: tuple[ShownPermission, ...] = ()
    error: Failure | None = None


@dataclass(frozen=True)
class PrincipalIds:
    """The ids of users by name, and those of groups by workspace and name; a list where several have the name."""

    users: Mapping[str, object] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True)
class OrderResult:
    """An open work order, as an entry of C(orders) of several tasks. C(handover) is the command that answers it."""

    number: str
    integration: str
    grant: str
    waits_for: str
    summary: str = ""
    page: str = ""
    markdown: str | None = None
    handover: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class CertificateResult:
    """The certificate that a server showed."""

    not_after: str
    days_left: int


@dataclass(frozen=True)
class CopyError:
    """Why a copy failed; the finding C(failed) has the reason in words."""

    kind: str


@dataclass(frozen=True)
class CopyResult:
    """An entry of C(certificates) of the role server_certificates."""

    name: str
    host: str
    health: str
    file: str = ""
    state: str = "present"
    server: str | None = None
    findings: tuple[FindingResult, ...] = ()
    differences: tuple[str, ...] = ()
    certificate: CertificateResult | None = None
    announcement: str = "none"
    error: CopyError | None = None

    @property
    def label(self) -> str:
        """The copy with its machine."""
        return f"{self.name} on {self.host}"


@dataclass(frozen=True)
class ReloadResult:
    """An entry of C(reloads) of the role server_certificates."""

    host: str
    service: str
    failed: bool = False
    msg: str = ""


@dataclass(frozen=True)
class NoticeResult:
    """The request for a notice of certificate changes: C(failure) is why it could not be sent."""

    to: str = ""
    addresses: tuple[str, ...] = ()
    changed: bool = False
    accepted_at: str | None = None
    failure: str | None = None


@dataclass(frozen=True)
class PreflightResult:
    """What the task preflight returned. C(reason): why users and access cannot be read."""

    waiting: bool = False
    reason: str = ""
