# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The loaded project: one value that every task of a run works on, with the settings of the run that loaded it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import DeclaredFile
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields
from ansible_collections.integrations.workiva.plugins.module_utils._words import format_count
from ansible_collections.integrations.workiva.plugins.plugin_utils._paths import check_own_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import (
    AdministrationScopes,
    DeclaredCertificate,
    DeclaredNotice,
    DeclaredTarget,
    DeclaredUser,
    Responsibility,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.places import Places
from ansible_collections.integrations.workiva.plugins.plugin_utils._read_value import read_value

# In the order in which a run checks them.
KINDS_OF_GRANTS = ("administrator", "file_administrator", "integrations")
_NO_INTEGRATION = "Note: integrations.d has no integration yet. Copy example.yml.sample to NAME.yml."
_PATHS = ("project", "credentials", "journal", "work_orders")
# What grows with the number of integrations is one JSON text in a result. Ansible copies and templates each value of a mapping for each
# task that gets it, and a text is one value.
DECLARED_FIELDS = (
    "integrations",
    "users",
    "grants",
    "administrator_grants",
    "file_administrator_grants",
    "files",
    "targets",
    "about",
    "places",
    "absent",
    "delete_declared",
    "scope_labels",
)


@dataclass(frozen=True)
class RunSettings:
    """How a run works on the project, as the variables of the run or the options of the task C(integrations) said."""

    # The integrations that the run is limited to; none for all.
    only: tuple[str, ...] = ()
    # The date to reckon with instead of the day of the run.
    today: date | None = None
    # The integrations whose users the run may delete.
    delete_user: tuple[str, ...] = ()
    # The vault id to encrypt with, where the run has several.
    vault_id: str | None = None
    # Whether templates in the project's files were rendered.
    templates: bool = True

    def as_result(self) -> dict[str, Any]:
        """As the key C(run) of a loaded project."""
        return plain_fields(self)

    def day(self) -> date:
        """The date to reckon with."""
        return self.today or date.today()


@dataclass(frozen=True)
class ConnectionSettings:
    """Where the organization is, and how it is reached: the connection options of a task, without a credential.

    The proxy has no login; whoever connects reads it from the project again.
    """

    organization_id: str
    region: str | None = None
    api_url: str | None = None
    token_endpoint: str | None = None
    ca_path: str | None = None
    proxy: str | None = None
    timeout: int | None = None
    retries: int | None = None
    connect_to: tuple[str, ...] | None = None

    def as_result(self) -> dict[str, Any]:
        """The options that are given."""
        return plain_fields(self, given_only=True)


@dataclass(frozen=True)
class LoadedProject:
    """A project without a problem; with C(run.only), the users, grants and files of these integrations.

    It holds no secret. L(as_result) is what the task C(integrations) returns as C(workiva), and L(of) reads it.
    """

    folder: str = field(metadata={"key": "project"})
    connection: ConnectionSettings
    # How users are managed: writer (by a grant), reader (a grant reads, people change), none (people do all of it).
    administration: str
    # The vars file of the credentials, and the folders of the journals and of the work orders.
    credentials: str
    journal: str
    work_orders: str
    administration_scopes: AdministrationScopes
    run: RunSettings
    # The names of the integrations.
    integrations: tuple[str, ...] = ()
    users: tuple[DeclaredUser, ...] = ()
    grants: tuple[DeclaredGrant, ...] = ()
    administrator_grants: tuple[DeclaredGrant, ...] = ()
    file_administrator_grants: tuple[DeclaredGrant, ...] = ()
    files: tuple[DeclaredFile, ...] = ()
    # Where credentials are delivered to, in this order.
    targets: tuple[DeclaredTarget, ...] = ()
    # By the name of every integration, also of those that the run is not limited to.
    about: Mapping[str, Responsibility] = field(default_factory=dict)
    # By the name of an integration: file and line of each name of something in Workiva.
    places: Mapping[str, Places] = field(default_factory=dict)
    # The integrations that are marked state: absent, and those whose files say delete_user: true.
    absent: tuple[str, ...] = ()
    delete_declared: tuple[str, ...] = ()
    certificates: tuple[DeclaredCertificate, ...] = ()
    certificate_notice: DeclaredNotice | None = None
    handover_url: str | None = None
    # Whether the pages of work orders can seal credentials, so that the journal keeps a key for each of them.
    sealed_handover: bool = False
    # The labels of scopes, by the vendor's string.
    scope_labels: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Any) -> LoadedProject:
        """Reads the option C(project) of a task: the C(workiva) that the task C(integrations) returned.

        Raises L(InvalidArgument) for anything else, and for a path that is relative or inside of a collection.
        """
        try:
            project = read_value(cls, _with_declared(given))
        except InvalidArgument as error:
            raise InvalidArgument(
                f"project must be the value workiva that the task integrations.workiva.integrations returned: {error}"
            ) from None
        for name in _PATHS:
            check_own_path(f"{name} of project", given[name])
        return project

    def as_result(self) -> dict[str, Any]:
        """As the task C(integrations) returns it, with the machines that grants are checked from, by kind of grants."""
        machines = {
            which: list(dict.fromkeys(grant.verify_from for grant in self.grants_of(which) if grant.verify_from))
            for which in KINDS_OF_GRANTS
        }
        plain = plain_fields(self)
        declared = {name: plain.pop(name) for name in DECLARED_FIELDS}
        return {**plain, "verify_from": machines, "declared": json.dumps(declared, separators=(",", ":"))}

    def grants_of(self, which: str) -> tuple[DeclaredGrant, ...]:
        """The grants of one of L(KINDS_OF_GRANTS)."""
        return {
            "integrations": self.grants,
            "administrator": self.administrator_grants,
            "file_administrator": self.file_administrator_grants,
        }[which]

    def targets_of(self, integration: str) -> list[DeclaredTarget]:
        """Where the credentials of an integration are delivered to."""
        return [target for target in self.targets if target.integration == integration]

    def describe_contents(self) -> str:
        """How much is declared, in words, with a note where there is no integration yet."""
        counts = (
            ("integration", self.integrations),
            ("grant", self.grants),
            ("file", self.files),
            ("certificate", self.certificates),
            ("administrator grant", (*self.administrator_grants, *self.file_administrator_grants)),
        )
        contents = ", ".join(format_count(len(found), name) for name, found in counts if found)
        return contents if self.integrations else f"{contents or 'Nothing is declared'}. {_NO_INTEGRATION}"


def _with_declared(given: Any) -> Any:
    """The option with what its text C(declared) holds. Raises L(InvalidArgument), which quotes no value."""
    if not isinstance(given, Mapping):
        return given
    text = given.get("declared")
    try:
        declared = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        declared = None
    if not isinstance(declared, dict):
        raise InvalidArgument("declared must be the JSON text of a mapping.")
    return {**given, **declared}
