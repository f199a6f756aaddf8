# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The console's pages on which people keep users, their organization roles, and the members of a workspace.

What these pages can do is documented, and for whom; in which menu they stand is not, and each page says so.
"""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import BaseRoute

from . import rules
from .problems import Problem
from .state import Object
from .visits import HOME, OWNER, USER_ADMIN, WORKSPACE_ADMIN, Console, Visit, text

PEOPLE = HOME + "/admin/people"
MEMBERS = HOME + "/workspace/{workspace}/settings/members"
FIELDS = {
    "username": "Username",
    "email": "Email",
    "givenName": "First name",
    "familyName": "Last name",
    "displayName": "Display name",
}


# Organization Admin: users and their organization roles.


def _user_admin(visit: Visit) -> None:
    if not visit.is_user_admin():
        raise Problem(403, f"Users are for an {USER_ADMIN} who is a member of a workspace.")


def _user(visit: Visit) -> Object:
    user = visit.state.one("user", visit.path["user"])
    if not user:
        raise Problem(404, "There is no such user here.")
    return user


def _given_roles(visit: Visit) -> list[Object]:
    """The organization roles that can be given: one is everybody's."""
    return [role for role in visit.state.all("org_role") if role["name"] != rules.IMPLICIT_ROLE]


def people(visit: Visit) -> Response:
    _user_admin(visit)
    names = {role["id"]: role["name"] for role in visit.state.all("org_role")}
    users = [
        {**user, "role_names": [names[role] for role in user["roles"] if role in names]}
        for user in visit.state.all("user")
    ]
    return visit.render("people.html", users=users, base=PEOPLE)


def _filled(form: FormData) -> Object:
    return {
        **{name: text(form, name) for name in FIELDS},
        "roles": [str(role) for role in form.getlist("roles")],
    }


def _form(visit: Visit, fields: Object, user: Object | None, problem: Problem | None) -> Response:
    return visit.render(
        "person.html",
        problem.status if problem else 200,
        base=PEOPLE,
        labels=FIELDS,
        fields=fields,
        person=user,
        problem=problem,
        roles=_given_roles(visit),
    )


def _check_roles(visit: Visit, fields: Object) -> None:
    known = {role["id"] for role in _given_roles(visit)}
    if set(fields["roles"]) - known:
        raise Problem(400, "Organization roles has no such role", target="Organization roles")


def add_user(visit: Visit) -> Response:
    _user_admin(visit)
    if not visit.posted:
        return _form(visit, {**dict.fromkeys(FIELDS, ""), "roles": []}, None, None)
    fields = _filled(visit.form)
    try:
        _check_roles(visit, fields)
        if not fields["email"]:
            raise Problem(400, "Email must not be empty", target="Email")
        user = rules.create_user(visit.state, fields)
    except Problem as problem:
        return _form(visit, fields, None, problem)
    visit.state.put("user", {**user, "roles": fields["roles"]})
    rules.welcome_new_user(visit.state, user)
    rules.record(visit.state, "user_create", visit.user, user)
    return visit.go(PEOPLE, f"The user {user['username']} was added.")


def edit_user(visit: Visit) -> Response:
    _user_admin(visit)
    user = _user(visit)
    if not visit.posted:
        return _form(visit, user, user, None)
    fields = _filled(visit.form)
    try:
        _check_roles(visit, fields)
        changed = rules.change_user(visit.state, user, fields)
    except Problem as problem:
        return _form(visit, fields, user, problem)
    rules.record(visit.state, "user_update", visit.user, changed)
    return visit.go(PEOPLE, f"The user {changed['username']} was changed.")


def delete_user(visit: Visit) -> Response:
    _user_admin(visit)
    user = _user(visit)
    if not visit.posted:
        return visit.render(
            "remove.html", base=PEOPLE, title="Delete this user?", button="Delete", person=user, place=""
        )
    rules.delete_user(visit.state, user)
    rules.record(visit.state, "user_delete", visit.user, user)
    return visit.go(PEOPLE, f"The user {user['username']} was deleted.")


# Workspace Settings: members, their roles and groups.


def may_keep_members(visit: Visit, workspace: Object) -> bool:
    """Whether the person may change the members there: an Org Workspace Admin may everywhere, an owner in the own one."""
    owner = {role["number"] for role in visit.state.all("workspace_role", workspace=workspace["id"], name=OWNER)}
    mine = visit.state.all("membership", user=visit.user["id"], workspace=workspace["id"])
    return WORKSPACE_ADMIN in visit.roles() or any(owner & set(membership["roles"]) for membership in mine)


def _place(visit: Visit) -> tuple[Object, str]:
    workspace = visit.state.one("workspace", visit.path["workspace"])
    if not workspace or not may_keep_members(visit, workspace):
        raise Problem(403, f"Members are for the {OWNER} and an {WORKSPACE_ADMIN}.")
    return workspace, MEMBERS.replace("{workspace}", workspace["id"])


def _groups(visit: Visit, workspace: Object) -> list[Object]:
    """The groups that can be joined: one is everybody's."""
    return [group for group in visit.state.all("group", workspace=workspace["id"]) if group["name"] != "All Users"]


def members(visit: Visit) -> Response:
    workspace, base = _place(visit)
    names = {role["number"]: role["name"] for role in visit.state.all("workspace_role", workspace=workspace["id"])}
    found = []
    for membership in visit.state.all("membership", workspace=workspace["id"]):
        user = visit.state.one("user", membership["user"]) or {"username": "(deleted user)"}
        groups = [group["name"] for group in _groups(visit, workspace) if membership["user"] in group["members"]]
        roles = [names[role] for role in membership["roles"] if role in names]
        found.append({**membership, "username": user["username"], "role_names": roles, "group_names": groups})
    return visit.render("members.html", workspace=workspace, members=found, base=base)


def _member_form(
    visit: Visit, workspace: Object, base: str, fields: Object, person: Object | None, problem: Problem | None
) -> Response:
    return visit.render(
        "member.html",
        problem.status if problem else 200,
        workspace=workspace,
        base=base,
        fields=fields,
        person=person,
        problem=problem,
        roles=visit.state.all("workspace_role", workspace=workspace["id"]),
        groups=_groups(visit, workspace),
    )


def _keep_groups(visit: Visit, workspace: Object, user: str, wanted: list[str]) -> None:
    for group in _groups(visit, workspace):
        others = [member for member in group["members"] if member != user]
        visit.state.put("group", {**group, "members": [*others, user] if group["id"] in wanted else others})


def _keep(visit: Visit, workspace: Object, membership: Object) -> None:
    known = {role["number"] for role in visit.state.all("workspace_role", workspace=workspace["id"])}
    roles = [str(role) for role in visit.form.getlist("roles") if role in known]
    visit.state.put("membership", {**membership, "roles": roles})
    _keep_groups(visit, workspace, membership["user"], [str(group) for group in visit.form.getlist("groups")])


def add_member(visit: Visit) -> Response:
    workspace, base = _place(visit)
    if not visit.posted:
        return _member_form(visit, workspace, base, {"username": "", "roles": [], "groups": []}, None, None)
    username = text(visit.form, "username")
    user = rules.user_by_name(visit.state, username)
    try:
        if not user:
            raise Problem(400, f"There is no user {username}", target="Username")
        membership = rules.create_membership(visit.state, workspace["id"], user["id"])
    except Problem as problem:
        return _member_form(visit, workspace, base, {"username": username, "roles": [], "groups": []}, None, problem)
    _keep(visit, workspace, membership)
    if text(visit.form, "welcome"):
        rules.send_welcome(visit.state, membership["id"], user["id"])
    rules.record(visit.state, "workspace_membership_create", visit.user, membership)
    return visit.go(base, f"{username} was added.")


def _membership(visit: Visit, workspace: Object) -> tuple[Object, Object]:
    membership = visit.state.one("membership", visit.path["membership"])
    if not membership or membership["workspace"] != workspace["id"]:
        raise Problem(404, "There is no such member here.")
    return membership, visit.state.one("user", membership["user"]) or {"username": "(deleted user)"}


def edit_member(visit: Visit) -> Response:
    workspace, base = _place(visit)
    membership, user = _membership(visit, workspace)
    if not visit.posted:
        groups = [group["id"] for group in _groups(visit, workspace) if membership["user"] in group["members"]]
        fields = {"username": user["username"], "roles": membership["roles"], "groups": groups}
        return _member_form(visit, workspace, base, fields, user, None)
    _keep(visit, workspace, membership)
    rules.record(visit.state, "workspace_membership_update", visit.user, membership)
    return visit.go(base, f"{user['username']} was changed.")


def remove_member(visit: Visit) -> Response:
    workspace, base = _place(visit)
    membership, user = _membership(visit, workspace)
    if not visit.posted:
        title = "Remove this member?"
        return visit.render(
            "remove.html", base=base, title=title, button="Remove", person=user, place=workspace["name"]
        )
    rules.delete_membership(visit.state, membership)
    rules.record(visit.state, "workspace_membership_delete", visit.user, membership)
    return visit.go(base, f"{user['username']} was removed.")


def routes(console: Console) -> list[BaseRoute]:
    """The pages about people; each checks who comes."""
    both = ("GET", "POST")
    return [
        console.route(PEOPLE, people),
        console.route(PEOPLE + "/add", add_user, *both),
        console.route(PEOPLE + "/{user}/edit", edit_user, *both),
        console.route(PEOPLE + "/{user}/delete", delete_user, *both),
        console.route(MEMBERS, members),
        console.route(MEMBERS + "/add", add_member, *both),
        console.route(MEMBERS + "/{membership}/edit", edit_member, *both),
        console.route(MEMBERS + "/{membership}/remove", remove_member, *both),
    ]
