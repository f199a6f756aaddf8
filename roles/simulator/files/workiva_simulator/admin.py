# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Admin operations of the organization, its users and their roles, and the operations that role changes become."""

from __future__ import annotations

from . import rules
from .api import (
    NO_CONTENT,
    NOT_FOUND,
    ORGANIZATION,
    READ,
    USER_ADMIN,
    WORKSPACE_ADMIN,
    WRITE,
    Call,
    Reply,
    accepted,
    operation,
    pace,
    page,
    patched,
    shown_user,
)
from .problems import Problem
from .state import Object, Shown

USERS = (USER_ADMIN,)
WORKSPACES = (WORKSPACE_ADMIN,)


def organization_of(call: Call) -> Object:
    return call.named("organization", "organization")


@operation("GET", "/organizations", READ)
def list_organizations(_call: Call) -> Reply:
    # Only for applications of managed service providers (contract): no grant made in the console is one.
    raise Problem(403, "This operation is only available to Managed Service Provider Applications")


@operation("GET", ORGANIZATION, READ)
def get_organization(call: Call) -> Reply:
    found = organization_of(call)
    created, modified = found["created"], found.get("modified") or found["created"]
    shown = {"id": found["id"], "name": found["name"], "status": found["status"]}
    return Reply(200, {**shown, "created": {"dateTime": created}, "modified": {"dateTime": modified}})


@operation("PATCH", ORGANIZATION, WRITE, WORKSPACES, "JSONPatchDocument")
def patch_organization(call: Call) -> Reply:
    changed = call.state.put("organization", patched(call, organization_of(call), ("name",)))
    rules.record(call.state, "organization_update", call.user, changed)
    return get_organization(call)


@operation("GET", ORGANIZATION + "/roles", READ)
def list_roles(call: Call) -> Reply:
    return page(call, [{"id": role["id"], "name": role["name"]} for role in call.state.all("org_role")])


@operation("GET", ORGANIZATION + "/solutions", READ)
def list_solutions(call: Call) -> Reply:
    return page(call, call.state.all("solution"))


@operation("GET", ORGANIZATION + "/users", READ)
def list_users(call: Call) -> Reply:
    return page(call, Shown(call.state, "user", shown_user))


@operation("POST", ORGANIZATION + "/users", WRITE, USERS, "OrganizationUser")
def create_user(call: Call) -> Reply:
    user = rules.create_user(call.state, call.body)
    rules.welcome_new_user(call.state, user)
    rules.record(call.state, "user_create", call.user, user)
    return Reply(201, shown_user(user))


@operation("POST", ORGANIZATION + "/users/assignment", WRITE, USERS, "OrganizationUserAssignment")
def assign_user(call: Call) -> Reply:
    identifier = call.body.get("user", "")
    user, elsewhere = call.state.one("user", identifier), call.state.one("elsewhere", identifier)
    if elsewhere:
        rules.check_username(call.state, elsewhere["username"])
        user = call.state.put("user", elsewhere)
        call.state.remove("elsewhere", identifier)
        rules.record(call.state, "user_assign", call.user, user)
    if not user:
        raise Problem(404, NOT_FOUND, target="user")
    return Reply(200, shown_user(user))


@operation("GET", ORGANIZATION + "/users/{user}", READ)
def get_user(call: Call) -> Reply:
    return Reply(200, shown_user(call.named("user", "user")))


@operation("PATCH", ORGANIZATION + "/users/{user}", WRITE, USERS, "JSONPatchDocument")
def patch_user(call: Call) -> Reply:
    user = call.named("user", "user")
    fields = patched(call, user, ("givenName", "familyName", "displayName", "username", "email"))
    changed = rules.change_user(call.state, user, fields)
    rules.record(call.state, "user_update", call.user, changed)
    return Reply(200, shown_user(changed))


@operation("DELETE", ORGANIZATION + "/users/{user}", WRITE, USERS)
def delete_user(call: Call) -> Reply:
    user = call.named("user", "user")
    rules.delete_user(call.state, user)
    rules.record(call.state, "user_delete", call.user, user)
    return NO_CONTENT


@operation("GET", ORGANIZATION + "/users/{user}/roles", READ)
def list_user_roles(call: Call) -> Reply:
    user = call.named("user", "user")
    shows_implicit = call.state.switch("implicit_roles") == "shown"
    roles = [role for role in call.state.all("org_role") if has_role(user, role, shows_implicit=shows_implicit)]
    return page(call, [{"id": role["id"], "name": role["name"]} for role in roles])


def has_role(user: Object, role: Object, *, shows_implicit: bool) -> bool:
    return (shows_implicit and role["name"] == rules.IMPLICIT_ROLE) or role["id"] in user["roles"]


def modify_roles(call: Call, item: Object, kind: str, known: set[str], assign: bool) -> Reply:
    """All or nothing (contract): one role that cannot be assigned fails all."""
    wanted = call.body
    unknown = [role for role in wanted if role not in known]
    if unknown:
        raise Problem(400, f"Unknown role {unknown[0]}", "BadArgument", "roles")
    failure = "The operation failed as asked for" if call.fault == "operation_fails" else None
    change = {"kind": kind, "id": item["id"], "roles": wanted, "assign": assign, "user": call.user["id"]}
    if failure:
        return accepted(call, failure)
    if call.state.switch("role_change") == "when_completed":
        return accepted(call, change=change)
    change_roles(call, change)
    return accepted(call)


def change_roles(call: Call, change: Object) -> None:
    item = call.state.one(change["kind"], change["id"])
    if not item:
        return
    kept = [role for role in item["roles"] if role not in change["roles"]]
    call.state.put(change["kind"], {**item, "roles": kept + (change["roles"] if change["assign"] else [])})
    performer = call.state.one("user", change["user"])
    rules.record(call.state, f"{change['kind']}_role_{'assign' if change['assign'] else 'revoke'}", performer, item)


@operation("POST", ORGANIZATION + "/users/{user}/roles/assignment", WRITE, USERS, "OrganizationRolesModification")
def assign_roles(call: Call) -> Reply:
    return modify_roles(call, call.named("user", "user"), "user", {r["id"] for r in call.state.all("org_role")}, True)


@operation("POST", ORGANIZATION + "/users/{user}/roles/revocation", WRITE, USERS, "OrganizationRolesModification")
def revoke_roles(call: Call) -> Reply:
    return modify_roles(call, call.named("user", "user"), "user", {r["id"] for r in call.state.all("org_role")}, False)


@operation("GET", "/operations/{operation}", None, ())
def get_operation(call: Call) -> Reply:
    found = call.named("operation", "operation")
    # The first look finds it under way.
    status = found["status"] if found["polled"] else "started"
    wait = pace(call.state, 1)
    if call.fault == "operation_lasts":
        status, wait = "started", "30"
    if status == "completed" and found["change"]:
        change_roles(call, found["change"])
        found["change"] = None
    call.state.put("operation", {**found, "polled": found["polled"] + 1})
    when = {"dateTime": found["at"]}
    body = {
        "id": found["id"],
        "status": status,
        "created": when,
        "updated": when,
        "originalRequest": _uuid(found["id"]),
    }
    if status == "failed":
        body["details"] = found["details"]
    return Reply(200, body, {"Retry-After": wait})


def _uuid(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:32]}"
