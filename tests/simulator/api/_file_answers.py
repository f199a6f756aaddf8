# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each answer to an open question about files changes, as a client sees it."""

from __future__ import annotations

import httpx

from tests.simulator.api._attempt import Try
from workiva_simulator import rules


def _file_state(attempt: Try) -> str:
    shelf = Shelf(attempt)
    shelf.person("reader", "Viewer")
    attempt.state.put("file", {**shelf.file, "trashed": True})
    answer = shelf.get("reader")
    trash = attempt.simulator.call("GET", "/files/trash", shelf.tokens["reader"]).json()["data"]
    assert [file["id"] for file in trash] == [shelf.file["id"]]
    if answer.status_code == 404:
        return "not_found"
    return "shown" if answer.json().get("state") == "Trashed" else "not_shown"


class Shelf:
    """A file of the workspace, and the users who look at it by grants of their own."""

    def __init__(self, attempt: Try) -> None:
        self.simulator, self.state = attempt.simulator, attempt.state
        self.workspace = attempt.simulator.workspace["id"]
        self.file = rules.create_file(self.state, self.workspace, {"name": "10-K", "parts": ["s1"]})
        self.path = f"/files/{self.file['id']}"
        self.tokens: dict[str, str] = {}
        self.users: dict[str, str] = {}

    def person(self, name: str, permission: str | None = None, *roles: str) -> str:
        """A member who has that permission, with a grant for files; returns its user id."""
        user = rules.create_user(self.state, {"username": name, "email": name, "givenName": name, "familyName": name})
        membership = rules.create_membership(self.state, self.workspace, user["id"])
        numbers = [
            role["number"]
            for role in self.state.all("workspace_role", workspace=self.workspace)
            if role["name"] in roles
        ]
        self.state.put("membership", {**membership, "roles": numbers})
        self.users[name] = user["id"]
        if permission:
            item = {"permission": rules.permission_id(permission), "principal": user["id"]}
            self.file["permissions"].append(item)
            self.state.put("file", self.file)
        pair = self.simulator.grant(name, ["file:read", "file:write"])
        self.tokens[name] = self.simulator.token(*pair).json()["access_token"]
        return str(user["id"])

    def get(self, name: str, path: str = "") -> httpx.Response:
        return self.simulator.call("GET", self.path + path, self.tokens[name])

    def modify(self, name: str, assign: dict[str, str], revoke: dict[str, str] | None = None) -> httpx.Response:
        """Principals and permission names."""
        body = {
            key: [
                {"permission": rules.permission_id(permission), "principal": self.users[who]}
                for who, permission in wanted.items()
            ]
            for key, wanted in (("toAssign", assign), ("toRevoke", revoke or {}))
        }
        path = f"{self.path}/permissions/modification"
        return self.simulator.call("POST", path, self.tokens[name], json=body)


def _invisible_file(attempt: Try) -> str:
    shelf = Shelf(attempt)
    shelf.person("stranger")
    return str(shelf.get("stranger").status_code)


def _permissions_listed_to(attempt: Try) -> str:
    shelf = Shelf(attempt)
    shelf.person("reader", "Viewer")
    return {200: "readers", 403: "owners"}[shelf.get("reader", "/permissions").status_code]


def _permissions_changed_by(attempt: Try) -> str:
    shelf = Shelf(attempt)
    shelf.person("editor", "Editor")
    shelf.person("other")
    return {204: "editors", 403: "owners"}[shelf.modify("editor", {"other": "Viewer"}).status_code]


def _permission_repeated(attempt: Try) -> str:
    shelf = Shelf(attempt)
    shelf.person("owner", "Owner")
    shelf.person("reader", "Viewer")
    seen = [shelf.modify("owner", {"reader": "Viewer"}).status_code]
    seen.append(shelf.modify("owner", {}, {"reader": "Editor"}).status_code)
    return {(204, 204): "accepted", (409, 409): "refused"}[(seen[0], seen[1])]


def _permission_unrevoked(attempt: Try) -> str:
    shelf = Shelf(attempt)
    shelf.person("owner", "Owner")
    shelf.person("reader", "Viewer")
    assert shelf.modify("owner", {"reader": "Editor"}, {"reader": "Viewer"}).status_code == 204
    return str(shelf.modify("owner", {"reader": "Viewer"}).status_code)


def _workspace_owner_files(attempt: Try) -> str:
    shelf = Shelf(attempt)
    shelf.person("boss", None, "Workspace Owner")
    return "everything" if shelf.get("boss").status_code == 200 else "nothing"
