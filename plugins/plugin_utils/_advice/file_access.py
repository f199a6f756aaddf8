# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The access to the declared files: a pure function from the declaration and the results of other tasks to a status and work orders.

Where the workspace of a file has a file administrator grant, that grant gives the permissions. In any other workspace a work
order asks the file's owner, and the integration's own token shows whether the owner did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.module_utils._files.access_check import (
    FileCheck,
    PrincipalPermission,
    not_checkable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import (
    DeclaredFile,
    DeclaredPermission,
)
from ansible_collections.integrations.workiva.plugins.module_utils._files.plan import ShownPermission
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import FILE_ACCESS
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredUser
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import (
    FileResult,
    GrantResult,
    PrincipalIds,
)

GRANT = FILE_ACCESS  # in place of a grant's name: it has an underscore, which no grant's can have
_NOT_TRIED = "The integration has no grant in the workspace."
# Where several grants of an integration tried a file, the first of these answers that one of them got is reported.
_BEST = (True, False, None)


@dataclass(frozen=True)
class FileStatus:
    """One declared file: what is declared, what was done, and whether the integration's own token reads it.

    C(access) and C(given): whether the token reads it, and whether the declared permissions are there; None if that is unknown.
    C(grant): the file administrator grant that gives them; None where the owner is asked. C(listed): who holds
    what, None where the token may not list it. C(next): what is to be done, by whom.
    """

    integration: str
    workspace: str
    file: str
    about: str | None
    file_owner: str
    permissions: tuple[DeclaredPermission, ...]
    grant: str | None
    access: bool | None
    finding: str
    detail: str
    name: str | None = None
    listed: tuple[PrincipalPermission, ...] | None = None
    changed: bool = False
    steps: tuple[str, ...] = ()
    excess_access: tuple[ShownPermission, ...] = ()
    error: Failure | None = None
    given: bool | None = None
    next: str | None = None

    @property
    def label(self) -> str:
        """How a person calls the file."""
        return self.about or self.name or self.file

    @property
    def is_unwanted(self) -> bool:
        """Whether only things that shall not be there are declared: the integration is absent."""
        return all(item.state == "absent" for item in self.permissions)

    def as_result(self) -> dict[str, Any]:
        """As an entry of C(files) in the task's result."""
        return plain_fields(self)


@dataclass(frozen=True)
class FileAccess:
    """C(files) are the declared files. C(considered) are the integrations whose orders were looked at, and C(done) those of
    which nothing is left to ask for."""

    files: tuple[FileStatus, ...]
    orders: tuple[Order, ...]
    considered: tuple[str, ...]
    done: tuple[str, ...]


def file_access(
    project: LoadedProject,
    results: Sequence[FileResult],
    grants: Sequence[GrantResult],
    ids: PrincipalIds,
    granting: Sequence[GrantResult],
) -> FileAccess:
    """The access to the declared files, and the work orders that are needed.

    C(results) are the C(files) of the task file_permissions and C(ids) its C(names); C(grants) those of oauth2_grants for the
    integrations, and C(granting) those for the file administrators.
    """
    by_file = {(item.integration, item.workspace, item.file): item for item in results}
    administrators = {fold_name(grant.workspace): grant.grant for grant in project.file_administrator_grants}
    if project.administration == "none":
        # The ids of users and groups cannot be read there, so that no grant can give them permissions.
        administrators = {}
    stages = {item.grant: item.stage for item in granting}
    people = {user.integration: user for user in project.users}
    found = []
    for file in project.files:
        grant = administrators.get(fold_name(file.workspace))
        result = by_file.get((file.integration, file.workspace, file.file))
        found.append(_status(file, grant, result, grants, ids, stages))
    orders, done = [], []
    for integration in dict.fromkeys(status.integration for status in found):
        mine = [
            (status, file)
            for status, file in zip(found, project.files)
            if status.integration == integration and status.grant is None
        ]
        order = _order(mine, people[integration])
        if order:
            orders.append(order)
        else:
            done.append(integration)
    return FileAccess(tuple(found), tuple(orders), project.integrations, tuple(done))


def _status(
    file: DeclaredFile,
    grant: str | None,
    result: FileResult | None,
    grants: Iterable[GrantResult],
    ids: PrincipalIds,
    stages: Mapping[str, str],
) -> FileStatus:
    check = _best_check(file, grants) or not_checkable(file.file, "unchecked", _NOT_TRIED)
    status = FileStatus(
        integration=file.integration,
        workspace=file.workspace,
        file=file.file,
        about=file.about,
        file_owner=file.file_owner,
        permissions=file.permissions,
        grant=grant,
        access=check.access,
        finding=check.finding,
        detail=check.detail,
        name=check.name,
        listed=check.permissions,
        changed=bool(result and result.changed),
        steps=result.steps if result else (),
        excess_access=result.excess_access if result else (),
        error=result.error if result else None,
    )
    status = replace(status, given=_given(file, status, result, ids))
    return replace(status, next=_next(status, stages))


def _best_check(file: DeclaredFile, grants: Iterable[GrantResult]) -> FileCheck | None:
    """What the integration's own grants found of a file; where it has two in the workspace, they have one user."""
    checks = [
        check
        for grant in grants
        if grant.integration == file.integration
        for check in grant.files
        if check.file == file.file
    ]
    return min(checks, key=lambda check: _BEST.index(check.access), default=None)


def _given(file: DeclaredFile, status: FileStatus, result: FileResult | None, ids: PrincipalIds) -> bool | None:
    """Whether what is declared is there; None if that is unknown."""
    if result and not result.error:
        return True
    if status.listed is not None:
        held = {(item.principal, fold_name(item.permission)) for item in status.listed}
        wanted = [(_id(item, file, ids), fold_name(item.permission or "")) for item in _wanted(file)]
        if all(identifier for identifier, _permission in wanted):
            return held.issuperset(wanted)
    # What can be read is there; which permission that is by, and those of others, the token may not list.
    return status.access


def _wanted(file: DeclaredFile) -> list[DeclaredPermission]:
    return [item for item in file.permissions if item.state == "present"]


def _id(item: DeclaredPermission, file: DeclaredFile, ids: PrincipalIds) -> object:
    if item.group:
        groups = _named(ids.groups, file.workspace)
        return _named(groups, item.group) if isinstance(groups, Mapping) else None
    return _named(ids.users, item.user or "")


def _named(known: Mapping[str, object], name: str) -> object:
    """The value of a name; None where it is the name of several, or of nothing."""
    matches = {other: value for other, value in known.items() if fold_name(other) == fold_name(name)}
    found = [matches[name]] if name in matches else list(matches.values())
    return found[0] if len(found) == 1 and not isinstance(found[0], (list, tuple)) else None


def _order(files: Sequence[tuple[FileStatus, DeclaredFile]], user: DeclaredUser) -> Order | None:
    """One order for all files of an integration that no grant gives permissions on, while something of it is missing."""
    asked = [(status, file) for status, file in files if _wanted(file)]
    missing = [status for status, _file in asked if not status.given]
    if not missing:
        return None
    first = asked[0][1]
    return Order(
        integration=first.integration,
        grant=GRANT,
        kind=GRANT,
        owner=first.asked_by or user.custodian or first.integration,
        username=user.username,
        custodian=user.custodian or first.asked_by or first.integration,
        purpose=first.purpose,
        sign_in=user.sign_in,
        workspace=", ".join(dict.fromkeys(file.workspace for _status, file in asked)),
        reason="No file administrator grant is declared for the workspace.",
        certain=any(status.given is False for status in missing),
        files=tuple(
            {
                "file": file.file,
                "workspace": file.workspace,
                "about": file.about or "",
                # The key in the journals of open work orders.
                "owner": file.file_owner,
                "permissions": [
                    {
                        key: value
                        for key, value in (("user", item.user), ("group", item.group), ("permission", item.permission))
                        if value
                    }
                    for item in _wanted(file)
                ],
            }
            for _status, file in asked
        ),
    )


def _next(status: FileStatus, stages: Mapping[str, str]) -> str | None:
    """What is to be done by whom, or None."""
    if status.error:
        return "Correct what the error says and run again."
    stage = stages.get(status.grant or "", "declared")
    if status.grant and stage != "stored":
        return f"Waiting for the grant {status.grant} of file-administrator, which is {stage}."
    if status.is_unwanted or status.finding == "ok":
        return None
    if status.finding == "drifted":
        return "Ask the file's owner to restore it from the trash, or remove it from the declaration."
    if status.finding == "no_access" and status.grant and not status.steps:
        return (
            "The permission exists, but the grant cannot read the file. Check the user's membership, and the "
            "workspace of its grant."
        )
    if status.finding == "no_access" and not status.grant:
        return "The work order asks the file's owner to share it."
    if status.finding == "unreachable":
        return "The state of the file is unknown. Check the network, then run again."
    return None
