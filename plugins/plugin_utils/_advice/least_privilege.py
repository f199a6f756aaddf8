# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Access that an integration does not need: a pure function from the declaration and the results of other tasks to advice.

A grant does what its scopes and its user's rights both allow, so that what only one of the two allows is of no use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import DeclaredFile
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._organization.undeclared import UndeclaredAccess
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice import access_facts as facts
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredUser
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import GrantResult, UserResult

IMPLICIT_ROLES = ("organization member",)
# What an organization role is for (help article Organization roles): without such a scope no grant uses it.
ORGANIZATION_SCOPES = ("organization:", "activity:")
# The scopes of each grant of an integration, by the grant's name.
Scopes = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Advice:
    """Access of an integration that it does not need: what it is, why it is not needed, and what to do.

    C(certainty) is C(certain), C(likely) or C(uncertain), the last for what depends on the vendor's licence model.
    """

    kind: str
    what: str
    because: str
    do: str
    certainty: str = "certain"
    integration: str = ""


def least_privilege(
    project: LoadedProject, users: Sequence[UserResult], grants: Sequence[GrantResult]
) -> tuple[Advice, ...]:
    """Advice, by integration in the order of their declaration."""
    advice: list[Advice] = []
    for user in project.users:
        if user.state == "absent":
            continue
        name = user.integration
        mine = [grant for grant in project.grants if grant.integration == name and grant.present]
        observed = {grant.grant: grant.observed_scopes() for grant in grants if grant.integration == name}
        scopes = {grant.grant: _first(observed.get(grant.grant), grant.scopes) for grant in mine}
        files = [file for file in project.files if file.integration == name]
        result = next((one for one in users if one.integration == name), None)
        found = [
            *_scopes_against_permissions(user, mine, scopes, files),
            *_permissions_against_scopes(mine, scopes, files),
            *_organization_roles(user, scopes),
            *_memberships(user, mine, files),
            *_roles(user, mine, scopes),
            *(_describe_undeclared(item) for item in (result.excess_access if result else ())),
        ]
        advice += [replace(item, integration=name) for item in found]
    return tuple(advice)


def _first(observed: tuple[str, ...] | None, declared: tuple[str, ...]) -> tuple[str, ...]:
    return declared if observed is None else observed


def _same(left: str, right: str) -> bool:
    return fold_name(left) == fold_name(right)


def _may(user: DeclaredUser, file: DeclaredFile) -> frozenset[str] | None:
    """What the declaration lets the integration's user do on a file; None where a permission is not known."""
    groups = {
        fold_name(group)
        for place in user.workspaces
        if _same(place.name, file.workspace)
        for group in place.groups or ()
    }
    may: frozenset[str] = frozenset()
    for item in file.permissions:
        own = item.user and _same(item.user, user.username)
        if item.state == "present" and (own or fold_name(item.group or "") in groups):
            known = facts.permission_may(item.permission or "")
            if known is None:
                return None
            may |= known
    return may


def _scopes_against_permissions(
    user: DeclaredUser, grants: Iterable[DeclaredGrant], scopes: Scopes, files: Sequence[DeclaredFile]
) -> Iterator[Advice]:
    for grant in grants:
        here = [file for file in files if _same(file.workspace, grant.workspace)]
        allowed = [_may(user, file) for file in here]
        if not here or None in allowed:
            continue  # without declared files it is not known what the scopes are for
        may = frozenset().union(*(one for one in allowed if one is not None))
        for scope in scopes[grant.grant]:
            able = facts.scope_may(scope)
            if able and not able & may:
                yield Advice(
                    "scope",
                    f"the scope {scope} of the grant {grant.grant}",
                    f"the user's permissions on the declared files do not allow it in {grant.workspace}",
                    f"remove {scope} from the scopes, or declare a permission that needs it",
                    "likely",
                )


def _permissions_against_scopes(
    grants: Sequence[DeclaredGrant], scopes: Scopes, files: Iterable[DeclaredFile]
) -> Iterator[Advice]:
    for file in files:
        own = next((item for item in file.permissions if item.user and item.state == "present"), None)
        if own is None:
            continue
        here = [grant for grant in grants if _same(grant.workspace, file.workspace)]
        what = f"the permission {own.permission} of {own.user} on {file.about or file.file}"
        if not here:
            yield Advice(
                "permission",
                what,
                f"the integration has no grant in {file.workspace}",
                "remove the file, or declare a grant there",
            )
            continue
        able = frozenset().union(*(facts.scope_may(scope) for grant in here for scope in scopes[grant.grant]))
        may = facts.permission_may(own.permission or "")
        if may and "write" in may and "write" not in able:
            yield Advice(
                "permission",
                what,
                f"no grant in {file.workspace} has a scope that changes files",
                "declare Viewer, or add the scope file:write",
                "likely",
            )


def _organization_roles(user: DeclaredUser, scopes: Scopes) -> Iterator[Advice]:
    roles = user.organization_roles
    used = [scope for held in scopes.values() for scope in held if scope.startswith(ORGANIZATION_SCOPES)]
    for role in roles or ():
        if not used and fold_name(role) not in IMPLICIT_ROLES:
            yield Advice(
                "organization_role",
                f"the organization role {role}",
                "no grant of the integration has a scope that uses it (organization:*, activity:read)",
                "remove it from organization_roles",
            )
    if roles is None or any(fold_name(role) not in IMPLICIT_ROLES for role in roles):
        return
    for grant, held in scopes.items():
        for scope in held:
            if scope.startswith("organization:"):
                yield Advice(
                    "scope",
                    f"the scope {scope} of the grant {grant}",
                    "the user has no organization role, so the scope allows nothing",
                    f"remove {scope} from the scopes, or declare the role that needs it",
                    "likely",
                )


def _memberships(
    user: DeclaredUser, grants: Iterable[DeclaredGrant], files: Iterable[DeclaredFile]
) -> Iterator[Advice]:
    used = {fold_name(grant.workspace) for grant in grants} | {fold_name(file.workspace) for file in files}
    for place in user.workspaces:
        if fold_name(place.name) not in used:
            yield Advice(
                "membership",
                f"the membership in {place.name}",
                "the integration has no grant and no file there",
                "remove the workspace from the declaration, and the membership in Workiva",
            )


def _roles(user: DeclaredUser, grants: Sequence[DeclaredGrant], scopes: Scopes) -> Iterator[Advice]:
    for place in user.workspaces:
        here = [grant.grant for grant in grants if _same(grant.workspace, place.name)]
        held = [scope for grant in here for scope in scopes[grant]]
        reads_only = bool(held) and all(
            "write" not in facts.scope_may(scope) for scope in held if facts.scope_may(scope)
        )
        for role in place.roles or ():
            known = facts.role(role)
            what = f"the role {role} in {place.name}"
            if known is None or known["may"] == "unknown":
                continue
            if known["may"] == "administer":
                yield Advice(
                    "role",
                    what,
                    "it lets the user administer the workspace, and no scope of a grant needs that for files",
                    "declare a role that is only for documents",
                    "likely",
                )
            elif known["may"] == "write" and reads_only and any(facts.scope_may(scope) for scope in held):
                yield Advice(
                    "role",
                    what,
                    "it is a role for changing documents, and the scopes only read them",
                    "ask whether a role such as Viewer is enough; that depends on your licence model",
                    "uncertain" if known["licence"] else "likely",
                )
            elif known["may"] == "read" and any("write" in facts.scope_may(scope) for scope in held):
                yield Advice(
                    "scope",
                    f"a scope that writes, with {what}",
                    "it is a role for reading, so the scope may be useless",
                    "try one change, then remove the scope or declare another role; that depends on your licence model",
                    "uncertain" if known["licence"] else "likely",
                )


def _describe_undeclared(item: UndeclaredAccess) -> Advice:
    """What the user has and nobody declared."""
    where = f" in {item.workspace}" if item.workspace else ""
    if item.kind == "workspace":
        roles = f" with {', '.join(item.roles)}" if item.roles else ""
        what, do = f"the membership in {item.workspace}{roles}", "remove the user from the workspace"
    elif item.kind == "group":
        what = f"the group {item.name}{where}"
        do = "declare exclusive: true, or remove the user from the group"
    else:
        word = "organization role" if item.kind == "organization_role" else "role"
        what, do = f"the {word} {item.name}{where}", "declare the roles, which are then exact"
    return Advice(item.kind, what, "it is not declared", f"declare it if it is needed; else {do}")
