# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a playbook needs to deliver to one target on one host. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.connection import Connection
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import (
    CONTROLLER,
    DeliveryStatus,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject

# The variables that the tasks of a target get; an extra variable of one of these names would take its place.
VARIABLES = (
    "workiva_client_id",
    "workiva_client_secret",
    "workiva_token_endpoint",
    "workiva_api_url",
    "workiva_organization_id",
    "workiva_workspace",
    "workiva_scopes",
    "workiva_expires",
    "workiva_number",
    "workiva_integration",
    "workiva_grant",
    "workiva_target",
    "workiva_vars",
)


@dataclass(frozen=True)
class DueDelivery:
    """Holds no secret: C(credential) is what the lookup of this name decrypts for the tasks of the target."""

    label: str
    integration: str
    grant: str
    target: str
    host: str
    number: int
    client_id: str
    credential: str
    token_endpoint: str
    api_url: str
    organization_id: str
    workspace: str
    scopes: tuple[str, ...]
    expires: str
    role: str
    tasks: str
    file: str
    check_command: tuple[str, ...]
    check_file: str
    is_local: bool
    vars: Mapping[str, object] = field(default_factory=dict)

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(due) in a task's result."""
        return plain_fields(self)


def make_due(status: DeliveryStatus, target: DeclaredTarget, state: GrantState, project: LoadedProject) -> DueDelivery:
    """What is delivered where C(status) is due."""
    grant = next(one for one in project.grants if (one.integration, one.grant) == (target.integration, target.grant))
    connection = _connection(project)
    return DueDelivery(
        label=f"{status.integration}: {status.label}",
        integration=status.integration,
        grant=status.grant,
        target=status.target,
        host=status.host,
        number=state.number,
        client_id=state.client_id or "",
        credential=f"{status.integration}.{status.grant}",
        token_endpoint=connection.token_endpoint if connection else "",
        api_url=connection.api_url if connection else "",
        organization_id=project.connection.organization_id,
        workspace=grant.workspace,
        scopes=state.scopes or grant.scopes,
        expires=state.expires or "",
        role=target.role,
        tasks=target.tasks,
        file=target.file,
        check_command=target.check_command,
        check_file=target.check_file,
        is_local=status.host == CONTROLLER,
        vars=target.vars,
    )


def _connection(project: LoadedProject) -> Connection | None:
    """Where Workiva is; None where the project leaves that to the environment of its tasks."""
    known = project.connection.as_result()
    try:
        return Connection.from_arguments({name: known.get(name) for name in ("region", "api_url", "token_endpoint")})
    except InvalidArgument:
        return None
