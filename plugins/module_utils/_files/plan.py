# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Who may do what on a file: pure functions from what is declared and what is held to the changes of one request.

The contract's facts: a modification is atomic, and a permission is changed by revoking the present one in the same
request (POST /files/{fileId}/permissions/modification).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._names import Named, find, is_same

# The name in the contract's list of permissions. Who holds it can share the file: a file must keep one.
OWNER = "Owner"
# How the id of a principal begins that is not there yet, which only a check can meet.
NEW = "new:"


@dataclass(frozen=True)
class Principal:
    """A user or a group; L(NEW) begins the id of one that is not there yet."""

    kind: str
    name: str
    id: str

    def __str__(self) -> str:
        return f"the {self.kind} '{self.name}'"


@dataclass(frozen=True)
class Held:
    """One permission of one principal, by their ids."""

    permission: str
    principal: str
    kind: str = "user"


@dataclass(frozen=True)
class WantedPermission:
    """What one principal shall have, by name; None is nothing at all."""

    principal: Principal
    permission: str | None


@dataclass(frozen=True)
class WantedFile:
    """What is declared of one file. C(exact) takes away what others hold, but not from those of C(kept) (ids)."""

    permissions: tuple[WantedPermission, ...]
    exact: bool = False
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """What changes for one principal. C(text) says it for a person, in the same words before and after."""

    text: str
    principal: Principal
    assign: Held | None = None
    revoke: tuple[Held, ...] = ()


@dataclass(frozen=True)
class ShownPermission:
    """Who holds what, by names. C(name) is None where it is not known, C(id) where the principal is not there yet."""

    kind: str
    name: str | None
    id: str | None
    permission: str


def plan(
    wanted: WantedFile, held: Sequence[Held], permissions: Sequence[Named], names: Mapping[str, str]
) -> list[Change]:
    """The changes, which are one request. C(names) are those of the principals that are known, by id.

    Raises L(InvalidArgument) for a permission that is not known, and where a file would lose its last Owner.
    """
    changes = []
    declared: set[str] = set()
    for item in wanted.permissions:
        declared.add(item.principal.id)
        present = tuple(one for one in held if one.principal == item.principal.id)
        if item.permission is None:
            if present:
                changes.append(_removed(item.principal, present, permissions))
            continue
        permission = find(item.permission, permissions, "permission")
        meant = Held(permission.id, item.principal.id, item.principal.kind)
        others = tuple(one for one in present if one.permission != permission.id)
        missing = not any(one.permission == permission.id for one in present)
        if missing or others:
            was = _listed(others, permissions)
            text = f"give {permission.name} to {item.principal}" + (f" in place of {was}" if others else "")
            if not missing:
                text = f"remove {was} from {item.principal}, which has {permission.name}"
            changes.append(Change(text, item.principal, meant if missing else None, others))
    if wanted.exact:
        for principal in dict.fromkeys(one.principal for one in held):
            if principal not in declared and principal not in wanted.kept:
                present = tuple(one for one in held if one.principal == principal)
                who = Principal(present[0].kind, names.get(principal, principal), principal)
                changes.append(_removed(who, present, permissions))
    if _owners(held, permissions) and not _owners(apply_plan(held, changes), permissions):
        raise InvalidArgument(
            f"Nobody would be {OWNER} of the file any more, so nothing was changed. Declare an Owner.", code="no_owner"
        )
    return changes


def _removed(principal: Principal, present: tuple[Held, ...], permissions: Sequence[Named]) -> Change:
    return Change(f"remove {_listed(present, permissions)} from {principal}", principal, None, present)


def _owners(held: Iterable[Held], permissions: Sequence[Named]) -> set[str]:
    ids = {permission.id for permission in permissions if is_same(permission.name, OWNER)}
    return {one.principal for one in held if one.permission in ids}


def find_name(permission: str, permissions: Sequence[Named]) -> str:
    """The permission's name, or its id where the list of permissions does not have it."""
    return next((known.name for known in permissions if known.id == permission), permission)


def _listed(held: Iterable[Held], permissions: Sequence[Named]) -> str:
    return ", ".join(sorted(find_name(one.permission, permissions) for one in held))


def apply_plan(held: Iterable[Held], changes: Iterable[Change]) -> tuple[Held, ...]:
    """What is held after the changes, on a server that does just what it is asked."""
    after = list(held)
    for change in changes:
        after = [one for one in after if one not in change.revoke]
        if change.assign:
            after.append(change.assign)
    return tuple(after)


def make_request_body(changes: Iterable[Change]) -> dict[str, list[dict[str, str]]]:
    """All changes as the contract's ResourcePermissionsModification."""
    changes = tuple(changes)
    revoked = [one for change in changes for one in change.revoke]
    assigned = [change.assign for change in changes if change.assign]
    return {
        "toAssign": [{"permission": one.permission, "principal": one.principal} for one in assigned],
        "toRevoke": [{"permission": one.permission, "principal": one.principal} for one in revoked],
    }


def show_permissions(
    held: Iterable[Held], permissions: Sequence[Named], names: Mapping[str, str]
) -> list[ShownPermission]:
    """Who holds what, for people and programs, in an order that never differs between two runs."""
    found = [
        ShownPermission(
            kind=one.kind,
            name=names.get(one.principal),
            id=None if one.principal.startswith(NEW) else one.principal,
            permission=find_name(one.permission, permissions),
        )
        for one in held
    ]
    return sorted(found, key=lambda item: (item.kind, item.name or "", str(item.id)))


def show_file(held: Iterable[Held], changes: Sequence[Change], permissions: Sequence[Named]) -> dict[str, str]:
    """What those hold whom the changes touch, for a diff."""
    touched = {change.principal.id: change.principal for change in changes}
    shown: dict[str, list[str]] = {}
    for one in held:
        if one.principal in touched:
            shown.setdefault(str(touched[one.principal]), []).append(find_name(one.permission, permissions))
    return {who: ", ".join(sorted(shown[who])) for who in sorted(shown)}
