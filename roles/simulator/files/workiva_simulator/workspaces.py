# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Admin operations of workspaces: their roles, memberships and groups."""

from __future__ import annotations

from . import rules
from .admin import modify_roles
from .api import (
    NO_CONTENT,
    NOT_FOUND,
    ORGANIZATION,
    READ,
    WORKSPACE,
    WORKSPACE_ADMIN,
    WRITE,
    Call,
    Reply,
    operation,
    page,
    patched,
    shown_group,
    shown_membership,
    shown_workspace,
)
from .problems import Problem

WORKSPACES = (WORKSPACE_ADMIN,)


@operation("GET", ORGANIZATION + "/workspaces", READ)
def list_workspaces(call: Call) -> Reply:
    return page(call, [shown_workspace(call.state, workspace) for workspace in call.state.all("workspace")])


@operation("POST", ORGANIZATION + "/workspaces", WRITE, WORKSPACES, "Workspace")
def create_workspace(call: Call) -> Reply:
    chosen = [item.get("id", "") for item in call.body.get("solutions") or []]
    if any(not call.state.one("solution", identifier) for identifier in chosen):
        raise Problem(400, "solutions takes one solution of the organization", "BadArgument", "solutions")
    workspace = rules.create_workspace(call.state, call.body.get("name", ""), solutions=chosen)
    rules.record(call.state, "workspace_create", call.user, workspace)
    return Reply(201, shown_workspace(call.state, workspace))


@operation("GET", WORKSPACE, READ)
def get_workspace(call: Call) -> Reply:
    return Reply(200, shown_workspace(call.state, call.named("workspace", "workspace")))


@operation("PATCH", WORKSPACE, WRITE, WORKSPACES, "JSONPatchDocument")
def patch_workspace(call: Call) -> Reply:
    changed = patched(call, call.named("workspace", "workspace"), ("name",))
    rules.check_name(call.state, "workspace", changed["name"], changed["id"])
    call.state.put("workspace", changed)
    rules.record(call.state, "workspace_update", call.user, changed)
    return Reply(200, shown_workspace(call.state, changed))


@operation("GET", WORKSPACE + "/roles", READ)
def list_workspace_roles(call: Call) -> Reply:
    workspace = call.named("workspace", "workspace")
    roles = call.state.all("workspace_role", workspace=workspace["id"])
    return page(call, [{"id": role["number"], "name": role["name"]} for role in roles])


@operation("GET", WORKSPACE + "/solutions", READ)
def list_workspace_solutions(call: Call) -> Reply:
    held = call.named("workspace", "workspace")["solutions"]
    return page(call, [item for item in call.state.all("solution") if item["id"] in held])


@operation("GET", WORKSPACE + "/solutions/{solution}", READ)
def get_workspace_solution(call: Call) -> Reply:
    found = call.named("solution", "solution")
    if found["id"] not in call.named("workspace", "workspace")["solutions"]:
        raise Problem(404, NOT_FOUND, target="solution")
    return Reply(200, found)


@operation("GET", WORKSPACE + "/memberships", READ)
def list_memberships(call: Call) -> Reply:
    workspace = call.named("workspace", "workspace")
    found = call.state.all("membership", workspace=workspace["id"])
    return page(call, [shown_membership(call.state, membership) for membership in found])


def _new_membership(call: Call, user_id: str) -> Reply:
    workspace = call.named("workspace", "workspace")
    membership = rules.create_membership(call.state, workspace["id"], user_id)
    rules.record(call.state, "workspace_membership_create", call.user, {**membership, "workspace": workspace["id"]})
    return Reply(201, shown_membership(call.state, membership))


@operation("POST", WORKSPACE + "/memberships", WRITE, WORKSPACES, "WorkspaceMembership")
def create_membership(call: Call) -> Reply:
    # In the contract's request the user's id is read-only, which leaves the username to tell who is meant.
    named = rules.user_by_name(call.state, call.body.get("user", {}).get("username", ""))
    return _new_membership(call, named["id"] if named else "")


@operation("POST", WORKSPACE + "/memberships/membershipCreation", WRITE, WORKSPACES, "WorkspaceMembershipCreation")
def create_membership_with_options(call: Call) -> Reply:
    reply = _new_membership(call, call.body.get("user", ""))
    if (call.body.get("options") or {}).get("sendWelcomeEmail"):
        rules.send_welcome(call.state, reply.body["id"], reply.body["user"]["id"])
    return reply


@operation("GET", WORKSPACE + "/memberships/{membership}", READ)
def get_membership(call: Call) -> Reply:
    membership = call.named("membership", "membership", workspace=call.path["workspace"])
    return Reply(200, shown_membership(call.state, membership))


@operation("DELETE", WORKSPACE + "/memberships/{membership}", WRITE, WORKSPACES)
def delete_membership(call: Call) -> Reply:
    membership = call.named("membership", "membership", workspace=call.path["workspace"])
    rules.delete_membership(call.state, membership)
    rules.record(call.state, "workspace_membership_delete", call.user, membership)
    return NO_CONTENT


@operation("GET", WORKSPACE + "/memberships/{membership}/roles", READ)
def list_membership_roles(call: Call) -> Reply:
    membership = call.named("membership", "membership", workspace=call.path["workspace"])
    roles = call.state.all("workspace_role", workspace=membership["workspace"])
    shown = [{"id": role["number"], "name": role["name"]} for role in roles if role["number"] in membership["roles"]]
    return page(call, shown)


def _membership_roles(call: Call, assign: bool) -> Reply:
    membership = call.named("membership", "membership", workspace=call.path["workspace"])
    known = {role["number"] for role in call.state.all("workspace_role", workspace=membership["workspace"])}
    return modify_roles(call, membership, "membership", known, assign)


@operation(
    "POST", WORKSPACE + "/memberships/{membership}/roles/assignment", WRITE, WORKSPACES, "WorkspaceRolesModification"
)
def assign_membership_roles(call: Call) -> Reply:
    return _membership_roles(call, True)


# The contract asks for organization:read here, which is very likely a slip: hence the switch.
@operation(
    "POST", WORKSPACE + "/memberships/{membership}/roles/revocation", READ, WORKSPACES, "WorkspaceRolesModification"
)
def revoke_membership_roles(call: Call) -> Reply:
    if call.state.switch("revocation_scope") == "write" and WRITE not in call.scopes:
        raise Problem(403, "The API token does not have permissions to perform the request")
    return _membership_roles(call, False)


@operation("GET", WORKSPACE + "/groups", READ)
def list_groups(call: Call) -> Reply:
    workspace = call.named("workspace", "workspace")
    return page(call, [shown_group(group) for group in call.state.all("group", workspace=workspace["id"])])


@operation("POST", WORKSPACE + "/groups", WRITE, WORKSPACES, "WorkspaceGroup")
def create_group(call: Call) -> Reply:
    workspace = call.named("workspace", "workspace")
    group = rules.create_group(call.state, workspace["id"], call.body.get("name", ""))
    rules.record(call.state, "workspace_group_create", call.user, group)
    return Reply(201, shown_group(group))


@operation("GET", WORKSPACE + "/groups/{group}", READ)
def get_group(call: Call) -> Reply:
    group = call.named("group", "group", workspace=call.path["workspace"])
    return Reply(200, shown_group(group, with_members=bool(call.query.get("$expand"))))


@operation("PATCH", WORKSPACE + "/groups/{group}", WRITE, WORKSPACES, "JSONPatchDocument")
def patch_group(call: Call) -> Reply:
    changed = patched(call, call.named("group", "group", workspace=call.path["workspace"]), ("name",))
    rules.check_name(call.state, "group", changed["name"], changed["id"], workspace=changed["workspace"])
    call.state.put("group", changed)
    rules.record(call.state, "workspace_group_update", call.user, changed)
    return Reply(200, shown_group(changed))


@operation("DELETE", WORKSPACE + "/groups/{group}", WRITE, WORKSPACES)
def delete_group(call: Call) -> Reply:
    group = call.named("group", "group", workspace=call.path["workspace"])
    call.state.remove("group", group["id"])
    rules.record(call.state, "workspace_group_delete", call.user, group)
    return NO_CONTENT


@operation("GET", WORKSPACE + "/groups/{group}/members", READ)
def list_group_members(call: Call) -> Reply:
    group = call.named("group", "group", workspace=call.path["workspace"])
    return page(call, [{"id": user} for user in group["members"]])


@operation(
    "POST",
    WORKSPACE + "/groups/{group}/members/modification",
    WRITE,
    WORKSPACES,
    "BulkWorkspaceGroupMembersModification",
)
def modify_group_members(call: Call) -> Reply:
    group = call.named("group", "group", workspace=call.path["workspace"])
    to_add, to_remove = call.body.get("toAdd") or [], call.body.get("toRemove") or []
    members = [user for user in group["members"] if user not in to_remove]
    here = {membership["user"] for membership in call.state.all("membership", workspace=group["workspace"])}
    # Not atomic (contract): those that can be added are, and each of the others gets its error.
    members += [user for user in dict.fromkeys(to_add) if user in here and user not in members]
    call.state.put("group", {**group, "members": members})
    rules.record(call.state, "workspace_group_update", call.user, group)
    refused = [user for user in to_add if user not in here]
    if not refused:
        return NO_CONTENT
    message = "The user is not a member of the workspace"
    details = [{"code": "BadArgument", "message": message, "target": user} for user in refused]
    problem = Problem(400, f"{len(refused)} of the users could not be added", "BadArgument", "toAdd", details)
    return Reply(400, problem.body)
