# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A model of the API in memory, and the two cores that are run against it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import Core, Run
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    AnswerLost,
    NotFound,
    Refused,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization import users as _integration_users

ORGANIZATION = "/organizations/o"
Call = TypeVar("Call", bound=Callable[..., Any])


def one_at_a_time(call: Call) -> Call:
    """Requests come from several threads."""

    @functools.wraps(call)
    def locked(api: Api, *arguments: Any, **named: Any) -> Any:
        with api.turn:
            return call(api, *arguments, **named)

    return cast("Call", locked)


class Api:
    """Two workspaces, an administrator, and every write counted. It takes the place of the client."""

    organization_path = ORGANIZATION

    def __init__(self) -> None:
        self.turn = threading.RLock()
        self.users: dict[str, dict[str, Any]] = {}
        self.organization_roles = {"1": "Organization Member", "3": "Org User Admin", "4": "Org Security Admin"}
        self.held_organization: dict[str, set[str]] = {}
        self.workspaces = {"w1": "SEC Filing", "w2": "ESG"}
        self.roles = {"2": "Workspace Owner", "7": "Professional", "8": "Viewer"}
        self.groups = {"g0": "All Users", "g1": "Data loaders", "g2": "Editors"}
        self.members: dict[tuple[str, str], set[str]] = {(w, g): set() for w in self.workspaces for g in self.groups}
        self.memberships: dict[str, tuple[str, str]] = {}
        self.held: dict[str, set[str]] = {}
        self.default_roles: set[str] = set()
        self.writes: list[str] = []
        self.mails: list[str] = []
        self.requests_sent = 0
        self.report_allowed = True
        self.several_organizations: set[str] = set()
        # One entry a create: "before" loses the request, "after" the answer, "503" is a server error after the fact.
        self.faults: list[str] = []

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_exception: object) -> None:
        return

    @one_at_a_time
    def _parts(self, path: str) -> list[str]:
        self.requests_sent += 1
        assert path.startswith(ORGANIZATION)
        return path[len(ORGANIZATION) :].strip("/").split("/")

    @one_at_a_time
    def get(self, path: str, params: Any = None) -> dict[str, Any]:
        parts = self._parts(path)
        if parts == [""]:
            return {"id": "o", "name": "Example", "status": "active"}
        if parts[1] not in self.users:
            raise NotFound("no such user", status=404)
        return dict(self.users[parts[1]])

    def pages(self, path: str, params: Any = None) -> Iterator[dict[str, Any]]:
        yield from list(self._list(self._parts(path)))

    def _list(self, parts: list[str]) -> Iterator[dict[str, Any]]:
        def named(items: dict[str, str], ids: Any = None) -> Iterator[dict[str, Any]]:
            return ({"id": key, "name": items[key]} for key in (items if ids is None else sorted(ids)))

        if parts == ["users"]:
            # The user of the grant that asks.
            yield {"id": "u0", "username": "admin@example.com", "email": "admin@example.com", "status": "active"}
            yield from (dict(user) for user in self.users.values())
        elif parts == ["roles"]:
            yield from named(self.organization_roles)
        elif parts == ["workspaces"]:
            yield from named(self.workspaces)
        elif parts == ["orgReportUsers"]:
            if not self.report_allowed:
                raise Refused("orgReportUsers was answered with 403", status=403)
            yield from (self._row(user) for user in self.users.values())
        elif parts[0] == "users":
            yield from named(self.organization_roles, self.held_organization.get(parts[1], set()) | {"1"})
        elif parts[2:] == ["roles"]:
            yield from named(self.roles)
        elif parts[2:] == ["groups"]:
            for group, name in self.groups.items():
                yield {"id": group, "name": name, "memberCount": len(self.members[parts[1], group])}
        elif parts[2:] == ["memberships"]:
            for membership, (workspace, user) in self.memberships.items():
                if workspace == parts[1]:
                    yield {"id": membership, "user": {"id": user}}
        elif parts[2] == "memberships":
            yield from named(self.roles, self.held[parts[3]])
        else:
            yield from ({"id": user} for user in self.members[parts[1], parts[3]])

    def _row(self, user: dict[str, Any]) -> dict[str, Any]:
        places = [
            {
                "id": workspace,
                "workspaceName": self.workspaces[workspace],
                "workspaceRoles": sorted(self.roles[role] for role in self.held[membership]),
            }
            for membership, (workspace, member) in self.memberships.items()
            if member == user["id"]
        ]
        roles = self.held_organization.get(user["id"], set())
        return {
            "id": user["id"],
            "attributes": {
                "userName": user["username"],
                "lastLogin": None,
                "licenses": [],
                "organizationRoles": sorted(
                    self.organization_roles[role].replace("Org ", "Organization ") for role in roles
                ),
                "workspaceMemberships": places,
            },
        }

    @one_at_a_time
    def modify(self, path: str, body: Any, *, repeatable: bool) -> None:
        parts = self._parts(path)
        self.writes.append("POST " + "/".join(parts))
        self.members[parts[1], parts[3]] |= set(body.get("toAdd", []))
        self.members[parts[1], parts[3]] -= set(body.get("toRemove", []))

    @one_at_a_time
    def create(self, path: str, body: Any) -> dict[str, Any]:
        parts = self._parts(path)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "before":
            raise AnswerLost("the connection was cut")
        answer = self._create(parts, body)
        if fault == "after":
            raise AnswerLost("the connection was cut")
        if fault == "503":
            raise Unreachable("503", status=503)
        return answer

    def _create(self, parts: list[str], body: Any) -> dict[str, Any]:
        self.writes.append("POST " + "/".join(parts))
        if parts == ["users"]:
            if any(user["username"].lower() == body["username"].lower() for user in self.users.values()):
                raise Refused("there is such a user", status=409)
            user = {"id": f"u{len(self.writes)}", "status": "suspended", **body}
            self.users[user["id"]] = user
            return dict(user)
        if (parts[1], body["user"]) in self.memberships.values():
            raise Refused("there is such a membership", status=409)
        membership = f"m{len(self.writes)}"
        self.memberships[membership] = (parts[1], body["user"])
        self.members[parts[1], "g0"].add(body["user"])
        self.held[membership] = set(self.default_roles)
        self.users[body["user"]]["status"] = "active"
        if body["options"]["sendWelcomeEmail"]:
            self.mails.append(body["user"])
        return {"id": membership}

    @one_at_a_time
    def submit(self, path: str, body: list[str]) -> None:
        parts = self._parts(path)
        self.writes.append("POST " + "/".join(parts))
        assert body, "nobody asks for nothing"
        held = self.held_organization.setdefault(parts[1], set()) if parts[0] == "users" else self.held[parts[3]]
        if parts[-1] == "assignment":
            held |= set(body)
        else:
            assert set(body) <= held
            held -= set(body)

    @one_at_a_time
    def patch(self, path: str, body: Any) -> dict[str, Any]:
        parts = self._parts(path)
        self.writes.append("PATCH " + "/".join(parts))
        for change in body:
            assert change["op"] == "replace"
            self.users[parts[1]][change["path"].strip("/")] = change["value"]
        return dict(self.users[parts[1]])

    @one_at_a_time
    def delete(self, path: str) -> None:
        parts = self._parts(path)
        self.writes.append("DELETE " + "/".join(parts))
        if parts[0] == "users":
            del self.users[parts[1]]
            return
        workspace, user = self.memberships.pop(parts[3])
        for members in (members for (place, _group), members in self.members.items() if place == workspace):
            members.discard(user)
        left = any(member == user for _workspace, member in self.memberships.values())
        if not left and user not in self.several_organizations:
            self.users[user]["status"] = "suspended"


def ask(core: Core, check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    validation = ArgumentSpecValidator(core.specification["argument_spec"]).validate({"region": "us", **arguments})
    assert validation.error_messages == []
    return core.run(validation.validated_parameters, Run(check_mode=check_mode))


def bring(*users: dict[str, Any], check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    return ask(_integration_users.CORE, check_mode, users=list(users), **arguments)


PAYROLL: dict[str, Any] = {
    "username": "payroll@example.com",
    "given_name": "Payroll",
    "family_name": "Roll",
    "sign_in": "password",
    "organization_roles": ["org user admin"],
    "workspaces": [
        {"name": "sec filing", "roles": ["PROFESSIONAL"], "groups": ["data LOADERS", "All Users"]},
        {"name": "ESG", "roles": ["Viewer"]},
    ],
}
