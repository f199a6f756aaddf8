# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a project declares, checked, as values: each as the task takes it that works on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields


@dataclass(frozen=True)
class DeclaredAccess:
    """A workspace of a user. C(None) is left alone."""

    name: str
    roles: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    exclusive: bool | None = None

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(workspaces) of a user."""
        return plain_fields(self, given_only=True)


@dataclass(frozen=True)
class DeclaredUser:
    """The user of an integration. C(None) is left alone."""

    integration: str
    username: str
    custodian: str
    sign_in: str
    state: str
    # Whether this run may delete it: it takes the file and the run to say so.
    delete_user: bool
    workspaces: tuple[DeclaredAccess, ...] = ()
    previous_username: str | None = None
    adopt: bool | None = None
    id: str | None = None
    email: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    display_name: str | None = None
    organization_roles: tuple[str, ...] | None = None
    welcome_email: bool | None = None

    def as_result(self) -> dict[str, Any]:
        """As the task integration_users takes it."""
        return plain_fields(self, given_only=True)


# Who answers for an integration without an owner.
NO_OWNER = "the team that runs this project"


@dataclass(frozen=True)
class Responsibility:
    """Who answers for an integration, and what it is for."""

    owner: str
    purpose: str


@dataclass(frozen=True)
class AdministrationGrants:
    """Which of the administrator grants reads and which one writes, by name; empty where there is none."""

    read: str = ""
    write: str = ""

    def of_use(self, use: str) -> str:
        """The grant to C(read) or to C(write) with; empty for any other use."""
        return {"read": self.read, "write": self.write}.get(use, "")


@dataclass(frozen=True)
class AdministrationScopes:
    """The scopes that the declaration needs of these grants."""

    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeclaredCertificate:
    """A copy of a server certificate. C(hosts): who keeps it, the controller where there is none. C(reload): services."""

    name: str
    path: str
    hosts: tuple[str, ...] = ()
    reload: tuple[str, ...] = ()
    server: str | None = None
    region: str | None = None
    port: int | None = None
    state: str | None = None
    content: str | None = None
    trusted_fingerprints: tuple[str, ...] | None = None
    trusted_public_key_fingerprints: tuple[str, ...] | None = None
    upcoming: str | None = None
    warn_before: str | None = None
    mode: str | None = None
    owner: str | None = None
    group: str | None = None
    backup: bool | None = None
    ca_path: str | None = None

    def as_result(self) -> dict[str, Any]:
        """As the task server_certificate takes it, with C(name), C(hosts) and C(reload) for the role."""
        return plain_fields(self, given_only=True)


@dataclass(frozen=True)
class DeclaredNotice:
    """The request for a notice of certificate changes. It has the name of the variable that holds the password."""

    to: str
    sender: str = field(metadata={"key": "from"})
    addresses: tuple[str, ...]
    smtp_server: str
    smtp_port: int | None = None
    tls: str | None = None
    username: str | None = None
    password_variable: str | None = None
    ca_path: str | None = None

    def as_result(self) -> dict[str, Any]:
        """As the task certificate_notice takes it, but for the password."""
        return plain_fields(self, given_only=True)


@dataclass(frozen=True)
class DeclaredTarget:
    """Where the credentials of a grant are delivered to: by a C(role), or by a C(file) of tasks.

    C(tasks) is the file of the role. C(hosts): where it is delivered to, the controller where there are none.
    C(settle_days): how long the former credentials may be in use after a delivery.
    """

    integration: str
    grant: str
    name: str
    hosts: tuple[str, ...] = ()
    role: str = ""
    tasks: str = "main"
    file: str = ""
    vars: Mapping[str, object] = field(default_factory=dict)
    check_command: tuple[str, ...] = ()
    check_file: str = ""
    shows_client_id: bool = False
    settle_days: int = 1
    filters_client_id: bool = False
