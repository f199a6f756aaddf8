# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages on which people share files. No document describes the platform's own: only what is done on them is true."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from . import rules
from .files import may
from .problems import Problem
from .state import Object
from .visits import HOME, Console, Visit, text

FILES = HOME + "/workspace/{workspace}/files"


def _workspace(visit: Visit) -> Object:
    for workspace in visit.workspaces():
        if workspace["id"] == visit.path["workspace"]:
            return workspace
    raise Problem(403, "You are not a member of this workspace.")


def files(visit: Visit) -> Response:
    """Those that the person may read."""
    workspace = _workspace(visit)
    mine = [
        file
        for file in visit.state.all("file", workspace=workspace["id"])
        if "read" in may(visit.state, visit.user, file)
    ]
    return visit.render("files.html", workspace=workspace, files=mine)


def file(visit: Visit) -> Response:
    """A file's permissions, and the form to give one in place of what the principal has."""
    workspace = _workspace(visit)
    found = visit.state.one("file", visit.path["file"])
    if not found or found["workspace"] != workspace["id"] or "read" not in may(visit.state, visit.user, found):
        raise Problem(404, "There is no such file here.")
    principals = _principals(visit, workspace)
    if visit.posted:
        if "share" not in may(visit.state, visit.user, found):
            raise Problem(403, "Only an Owner of the file can share it.")
        principal, permission = text(visit.form, "principal"), text(visit.form, "permission")
        if principal not in principals:
            raise Problem(400, "The user or group is not in this workspace.")
        kept = [item for item in found["permissions"] if item["principal"] != principal]
        given = {"permission": rules.permission_id(permission), "principal": principal}
        visit.state.put("file", {**found, "permissions": [*kept, given]})
        rules.record(visit.state, "file_permissions_modify", visit.user, found)
        place = f"{HOME}/workspace/{workspace['id']}/files/{found['id']}"
        return visit.go(place, f"{principals[principal]} is {permission} of {found['name']} now.")
    held = [
        (principals.get(item["principal"], item["principal"]), rules.PERMISSION_NAMES[item["permission"]])
        for item in found["permissions"]
    ]
    names = [*rules.PERMISSION_NAMES.values()]
    return visit.render(
        "file.html", workspace=workspace, file=found, held=held, principals=principals, permissions=names
    )


def _principals(visit: Visit, workspace: Object) -> dict[str, str]:
    """The names of the members and groups of a workspace, by id."""
    members = [
        visit.state.one("user", item["user"]) for item in visit.state.all("membership", workspace=workspace["id"])
    ]
    users = {str(user["id"]): str(user["username"]) for user in members if user}
    groups = {str(group["id"]): str(group["name"]) for group in visit.state.all("group", workspace=workspace["id"])}
    return {**users, **groups}


def routes(console: Console) -> list[BaseRoute]:
    return [console.route(FILES, files), console.route(FILES + "/{file}", file, "GET", "POST")]
