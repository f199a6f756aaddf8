# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files, and who may do what on them: a grant sees those of its own workspace that its user has a permission on."""

from __future__ import annotations

from collections.abc import Callable

from . import rules
from .api import NO_CONTENT, NOT_FOUND, Call, Reply, operation, page
from .problems import Problem
from .state import Object, State

READ, WRITE = "file:read", "file:write"
BODY = "ResourcePermissionsModification"
# Whole files by any of these paths, and the parts that have permissions of their own (contract).
KINDS = {"files": None, "documents": "Document", "spreadsheets": "Spreadsheet"}
PARTS = {"sections": "documents", "sheets": "spreadsheets"}


def may(state: State, user: Object, file: Object) -> set[str]:
    """What a user may do on a file: by a permission of its own, of a group, and as an owner of the workspace."""
    groups = {
        group["id"] for group in state.all("group", workspace=file["workspace"]) if user["id"] in group["members"]
    }
    held = [item for item in file["permissions"] if item["principal"] == user["id"] or item["principal"] in groups]
    names = {rules.PERMISSION_NAMES.get(item["permission"], "") for item in held}
    if state.switch("workspace_owner_files") == "everything" and _owns_workspace(state, user, file):
        names.add("Owner")
    return set().union(*(rules.PERMISSION_MAY[name] for name in names if name in rules.PERMISSION_MAY))


def _owns_workspace(state: State, user: Object, file: Object) -> bool:
    owners = {
        role["number"] for role in state.all("workspace_role", workspace=file["workspace"], name="Workspace Owner")
    }
    memberships = state.all("membership", workspace=file["workspace"], user=user["id"])
    return any(owners.intersection(membership["roles"]) for membership in memberships)


def visible(call: Call, file: Object) -> bool:
    member = call.state.all("membership", workspace=file["workspace"], user=call.user["id"])
    return bool(file["workspace"] == call.workspace and member and "read" in may(call.state, call.user, file))


def shown_file(state: State, file: Object) -> Object:
    created = {"dateTime": file["created"]}
    shown = {"container": "", "type": file["kind"], "template": False, "created": created, "modified": created}
    if state.switch("file_state") != "not_shown":
        shown["state"] = "Trashed" if file["trashed"] else "Active"
    return {**shown, "id": file["id"], "name": file["name"], "kind": file["kind"]}


def _file(call: Call, kind: str | None = None) -> Object:
    """The file that the path names, where the grant can see it. Raises L(Problem)."""
    found = call.state.one("file", call.path["file"])
    gone = found and found["trashed"] and call.state.switch("file_state") == "not_found"
    if not found or gone or (kind and found["kind"] != kind):
        raise Problem(404, NOT_FOUND, target="fileId")
    if not visible(call, found):
        if call.state.switch("invisible_file") == "403":
            raise Problem(403, "The API token does not have permissions to perform the request")
        raise Problem(404, NOT_FOUND, target="fileId")
    return found


@operation("GET", "/files", READ, ())
def list_files(call: Call) -> Reply:
    return _listed(call, trashed=False)


@operation("GET", "/files/trash", READ, ())
def list_trashed_files(call: Call) -> Reply:
    return _listed(call, trashed=True)


def _listed(call: Call, *, trashed: bool) -> Reply:
    found = [file for file in call.state.all("file", trashed=trashed) if visible(call, file)]
    return page(call, [shown_file(call.state, file) for file in found])


@operation("GET", "/files/{file}", READ, ())
def get_file(call: Call) -> Reply:
    return Reply(200, shown_file(call.state, _file(call)))


def _target(call: Call, path: str) -> tuple[Object, str, list[Object]]:
    """The file, the key of the part whose permissions are meant, and these: those of a part are its own."""
    file = _file(call, KINDS[path])
    part = call.path.get("part")
    if part is None:
        return file, "", file["permissions"]
    if part not in file["parts"]:
        raise Problem(404, NOT_FOUND, target="part")
    return file, part, file["parts"][part]


def _list_permissions(path: str) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        file, part, held = _target(call, path)
        if call.state.switch("permissions_listed_to") == "owners" and "share" not in may(call.state, call.user, file):
            raise Problem(403, "The API token does not have permissions to perform the request")
        groups = {group["id"] for group in call.state.all("group")}
        shown = [
            {
                **item,
                "resource": part or file["id"],
                "principalType": "group" if item["principal"] in groups else "user",
            }
            for item in held
        ]
        return page(call, shown)

    return handler


def _modify_permissions(path: str) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        file, part, held = _target(call, path)
        needed = "write" if call.state.switch("permissions_changed_by") == "editors" else "share"
        if needed not in may(call.state, call.user, file):
            raise Problem(403, "The API token does not have permissions to perform the request")
        after = _modified(call, file, held)
        changed = {**file, "parts": {**file["parts"], part: after}} if part else {**file, "permissions": after}
        call.state.put("file", changed)
        rules.record(call.state, "file_permissions_modify", call.user, file)
        return NO_CONTENT

    return handler


def _modified(call: Call, file: Object, held: list[Object]) -> list[Object]:
    """All or nothing (contract): one modification that fails fails all. What is revoked goes first."""
    revoked, assigned = _modifications(call.body, "toRevoke"), _modifications(call.body, "toAssign")
    repeated = call.state.switch("permission_repeated") == "refused"
    after = list(held)
    for item in revoked:
        if item in after:
            after.remove(item)
        elif repeated:
            raise Problem(409, "The permission is not assigned", target="toRevoke")
    for item in assigned:
        if not _known_principal(call, file, item["principal"]):
            raise Problem(400, "The principal is not in the workspace", "BadArgument", "principal")
        if item in after:
            if repeated:
                raise Problem(409, "The permission is assigned already", target="toAssign")
            continue
        if any(other["principal"] == item["principal"] for other in after):
            # The present one must be revoked first (contract).
            status = int(call.state.switch("permission_unrevoked"))
            raise Problem(status, "The principal has a permission already, which must be revoked", target="toAssign")
        after.append(item)
    return after


def _modifications(fields: Object, name: str) -> list[Object]:
    wanted: list[Object] = fields.get(name) or []
    if any(item["permission"] not in rules.PERMISSION_NAMES for item in wanted):
        raise Problem(400, f"{name} needs a known permission", "BadArgument", name)
    return [{"permission": item["permission"], "principal": item["principal"]} for item in wanted]


def _known_principal(call: Call, file: Object, principal: str) -> bool:
    group = call.state.one("group", principal)
    if group:
        return bool(group["workspace"] == file["workspace"])
    return bool(call.state.all("membership", workspace=file["workspace"], user=principal))


def _register() -> None:
    for path in KINDS:
        operation("GET", f"/{path}/{{file}}/permissions", READ, ())(_list_permissions(path))
        operation("POST", f"/{path}/{{file}}/permissions/modification", WRITE, (), BODY)(_modify_permissions(path))
    for part, path in PARTS.items():
        base = f"/{path}/{{file}}/{part}/{{part}}/permissions"
        operation("GET", base, READ, ())(_list_permissions(path))
        operation("POST", f"{base}/modification", WRITE, (), BODY)(_modify_permissions(path))


_register()


@operation("GET", "/permissions", READ, ())
def list_permissions(call: Call) -> Reply:
    return page(call, [{"id": identifier, "name": name} for identifier, name in rules.PERMISSION_NAMES.items()])


@operation("GET", "/permissions/{permission}", READ, ())
def get_permission(call: Call) -> Reply:
    name = rules.PERMISSION_NAMES.get(call.path["permission"])
    if name is None:
        raise Problem(404, NOT_FOUND, target="permissionId")
    return Reply(200, {"id": call.path["permission"], "name": name})
