# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The report over all users (C(orgReportUsers)): one call (a page) for what else would be a call a user and a workspace.

Every attribute of it may be null (contract), and how late it follows a change is not published. So a row shows access that
there is or was, and never proves that there is none: None is what the report does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.answers import JsonObject
from ansible_collections.integrations.workiva.plugins.module_utils._api.fields import (
    find_field,
    find_list,
    find_text,
    find_texts,
)


@dataclass(frozen=True)
class ReportedWorkspace:
    """One entry of C(workspaceMemberships); its id and name need not be those of the Admin API."""

    id: str | None
    name: str | None
    roles: tuple[str, ...] | None


@dataclass(frozen=True)
class ReportRow:
    """One user as the report shows it. C(last_login) is None both for null and for what is not there."""

    id: str | None = None
    username: str | None = None
    organization_roles: tuple[str, ...] | None = None
    workspaces: tuple[ReportedWorkspace, ...] | None = None
    licenses: tuple[str, ...] | None = None
    last_login: str | None = None
    names_last_login: bool = False


def read_row(item: JsonObject, answer: str) -> ReportRow:
    """One item of the report. Raises L(Unreachable) for a field of another type than the contract's."""
    attributes = find_field(item, "attributes", answer=answer)
    places = find_list(item, "attributes", "workspaceMemberships", answer=answer)
    return ReportRow(
        id=find_text(item, "id", answer=answer),
        username=find_text(item, "attributes", "userName", answer=answer),
        organization_roles=find_texts(item, "attributes", "organizationRoles", answer=answer),
        workspaces=None if places is None else tuple(_read_workspace(place, answer) for place in places),
        licenses=find_texts(item, "attributes", "licenses", answer=answer),
        last_login=find_text(item, "attributes", "lastLogin", answer=answer),
        names_last_login="lastLogin" in (attributes or {}),
    )


def _read_workspace(place: Any, answer: str) -> ReportedWorkspace:
    return ReportedWorkspace(
        find_text(place, "id", answer=answer),
        find_text(place, "workspaceName", answer=answer),
        find_texts(place, "workspaceRoles", answer=answer),
    )
