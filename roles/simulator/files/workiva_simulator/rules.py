# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the platform does when something happens, whoever asked for it: the API or a person in the console."""

from __future__ import annotations

import secrets
import string
import uuid
from collections.abc import Sequence

from .grant_checks import check_address, check_expires, hash_secret
from .problems import Problem
from .state import Object, State

# Role ids of the contract's examples; the other numbers are the simulator's own.
WORKSPACE_ROLES = {
    "Workspace Owner": "2",
    "Workspace Member": "3",
    "Viewer": "21",
    "Editor": "22",
    "Professional": "23",
    "Standard": "24",
    "Starter": "25",
    "Content Manager": "26",
    "Data Sharing Manager": "27",
    "Task Admin": "28",
    "XBRL": "504",
}
IMPLICIT_ROLE = "Organization Member"
# The permissions of the contract's example, and what each lets its holder do: the vendor's words for it are not public.
PERMISSION_NAMES = {
    "85aa87ee-beb9-4417-8fa0-420e9de63534": "Editor",
    "228d55c7-10d0-4ac3-85a3-1ac30ae97ac1": "Viewer",
    "598e8fa3-3e7c-4fb7-b662-f44522216e2b": "Owner",
    "23692e42-0e0d-463d-b1fb-f28096b7bc96": "None",
}
PERMISSION_MAY: dict[str, frozenset[str]] = {
    "None": frozenset(),
    "Viewer": frozenset({"read"}),
    "Editor": frozenset({"read", "write"}),
    "Owner": frozenset({"read", "write", "share"}),
}


def record(state: State, alias: str, performer: Object | None, *targets: Object, summary: str = "") -> None:
    """Writes an activity: what was done, by whom, to what."""
    number = state.count("activity") + 1
    state.put(
        "activity",
        {
            "id": f"activity-{number}",
            "alias": alias,
            "at": state.timestamp(),
            "performer": performer["id"] if performer else None,
            "targets": [
                {"id": target["id"], "name": target.get("name") or target.get("username") or target["id"]}
                for target in targets
            ],
            "workspace": next((target.get("workspace") for target in targets if target.get("workspace")), None),
            "summary": summary or alias.replace("_", " "),
        },
    )


# Users.


def user_by_name(state: State, username: str) -> Object | None:
    wanted = username.strip().lower()
    return next((user for user in state.all("user") if user["username"].lower() == wanted), None)


def check_username(state: State, username: str, whose: str | None = None) -> None:
    """Raises L(Problem) where somebody else has it, in whatever case."""
    other = user_by_name(state, username)
    if other and other["id"] != whose:
        raise Problem(int(state.switch("duplicate_user")), "A user with this username exists", target="username")


NEEDED_FIELDS = {
    "username": ("username",),
    "username_and_email": ("username", "email"),
    "all": ("username", "email", "givenName", "familyName"),
}


def display_name(state: State, fields: Object) -> str:
    """What the platform shows of a user with these names."""
    given, answer = str(fields.get("displayName") or ""), state.switch("display_name")
    if answer == "as_given" or (answer == "from_names" and given):
        return given
    return f"{fields.get('givenName') or ''} {fields.get('familyName') or ''}".strip()


def create_user(state: State, fields: Object) -> Object:
    for name in NEEDED_FIELDS[state.switch("user_fields")]:
        if not fields.get(name):
            raise Problem(400, f"{name} must not be empty", "BadArgument", name)
    check_username(state, fields["username"])
    status = fields.get("status") if state.switch("status_on_create") == "accepted" else None
    return state.put(
        "user",
        {
            "id": state.new_id("WFUser"),
            **{name: fields.get(name) or "" for name in ("username", "email", "givenName", "familyName")},
            "displayName": display_name(state, fields),
            "status": status or state.switch("new_user_status"),
            "roles": [],
            "other_organizations": False,
            "licenses": [],
            "last_login": None,
            "created": state.timestamp(),
            "modified": state.timestamp(),
        },
    )


def change_user(state: State, user: Object, fields: Object) -> Object:
    """The user with other fields. Raises L(Problem) where another user has the username."""
    check_username(state, fields["username"], user["id"])
    changed = {**user, **fields, "modified": state.timestamp()}
    if changed["username"] != user["username"] and state.switch("renamed_user") == "ends_secrets":
        end_secrets(state, user)
    return state.put("user", {**changed, "displayName": display_name(state, changed)})


def welcome_new_user(state: State, user: Object) -> None:
    """The mail that creating a user sends, where it does."""
    if state.switch("new_user_mail") == "welcome":
        send_welcome(state, user["id"], user["id"])


def send_welcome(state: State, reason: str, user_id: str) -> None:
    state.put("mail", {"id": f"welcome-{reason}", "to": user_id, "kind": "welcome"})


def delete_user(state: State, user: Object) -> None:
    if state.switch("deleted_user") == "removes":
        for membership in state.all("membership", user=user["id"]):
            state.remove("membership", membership["id"])
    for group in state.all("group"):
        if user["id"] in group["members"]:
            group["members"].remove(user["id"])
            state.put("group", group)
    state.remove("user", user["id"])


# Workspaces, memberships, groups.


def role_id(state: State, name: str, number: str) -> str:
    return number if state.switch("role_ids") == "number" else str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def check_name(state: State, kind: str, name: str, whose: str | None = None, **among: str) -> None:
    """Raises L(Problem) where the name is empty or another one's."""
    if not name:
        raise Problem(400, "name must not be empty", "BadArgument", "name")
    if any(item["id"] != whose for item in state.all(kind, name=name, **among)):
        raise Problem(409, f"A {kind} with this name exists", target="name")


def create_workspace(
    state: State, name: str, roles: Sequence[str] = (), solutions: Sequence[str] = (), *, usual_roles: bool = True
) -> Object:
    """A workspace with the roles that are named, and with the usual ones unless it is said to have no others."""
    check_name(state, "workspace", name)
    workspace: Object = {"id": state.new_id("Account"), "name": name, "solutions": list(solutions)}
    workspace |= {"created": state.timestamp(), "modified": state.timestamp()}
    state.put("workspace", workspace)
    for number, role in enumerate(dict.fromkeys([*(WORKSPACE_ROLES if usual_roles else ()), *roles])):
        identifier = role_id(state, role, WORKSPACE_ROLES.get(role, str(600 + number)))
        item = {"id": f"{workspace['id']}/{identifier}", "workspace": workspace["id"], "name": role}
        state.put("workspace_role", {**item, "number": identifier})
    create_group(state, workspace["id"], "All Users")
    return workspace


def create_membership(state: State, workspace: str, user_id: str) -> Object:
    user = state.one("user", user_id)
    if not user:
        raise Problem(404, "The user is not in this organization", target="user")
    if state.all("membership", workspace=workspace, user=user_id):
        raise Problem(409, "The user is a member of this workspace already", target="user")
    roles = []
    if state.switch("default_roles") != "none":
        named = state.all("workspace_role", workspace=workspace, name=state.switch("default_roles"))
        roles = [role["number"] for role in named]
    membership = {
        "id": state.new_id("Membership"),
        "workspace": workspace,
        "user": user_id,
        "roles": roles,
        "created": state.timestamp(),
    }
    state.put("membership", membership)
    # A user who is added to a workspace is active again (help article on suspension).
    state.put("user", {**user, "status": "active", "modified": state.timestamp()})
    for group in state.all("group", workspace=workspace, name="All Users"):
        state.put("group", {**group, "members": [*group["members"], user_id]})
    return membership


def delete_membership(state: State, membership: Object) -> None:
    """The last membership gone suspends a user, but not one who belongs to other organizations too."""
    state.remove("membership", membership["id"])
    for group in state.all("group", workspace=membership["workspace"]):
        if membership["user"] in group["members"]:
            state.put("group", {**group, "members": [who for who in group["members"] if who != membership["user"]]})
    user = state.one("user", membership["user"])
    if user and not state.all("membership", user=user["id"]) and not user["other_organizations"]:
        state.put("user", {**user, "status": "suspended", "modified": state.timestamp()})


def create_group(state: State, workspace: str, name: str) -> Object:
    check_name(state, "group", name, workspace=workspace)
    group = {"id": state.new_id("WFGroup"), "workspace": workspace, "name": name, "members": []}
    return state.put("group", {**group, "created": state.timestamp()})


# Files.


def permission_id(name: str) -> str:
    """Raises L(Problem) where there is no such permission."""
    for identifier, known in PERMISSION_NAMES.items():
        if known == name:
            return identifier
    raise Problem(400, f"Unknown permission {name}; there are {', '.join(PERMISSION_NAMES.values())}", "BadArgument")


def create_file(state: State, workspace: str, fields: Object) -> Object:
    """A file of a workspace, with the permissions that it is to have: (name, principal id) each."""
    identifier = fields.get("id") or uuid.uuid4().hex
    if state.one("file", identifier):
        raise Problem(409, "A file with this id exists", target="id")
    file: Object = {"id": identifier, "workspace": workspace, "name": fields["name"]}
    file |= {"kind": fields.get("kind") or "Document", "created": state.timestamp()}
    file["trashed"] = bool(fields.get("trashed"))
    held = [
        {"permission": permission_id(name), "principal": principal}
        for name, principal in fields.get("permissions") or []
    ]
    return state.put("file", {**file, "permissions": held, "parts": dict.fromkeys(fields.get("parts") or [], held)})


def end_secrets(state: State, user: Object) -> None:
    """What a rename of its user does to grants."""
    for grant in state.all("grant", user=user["id"]):
        state.put("grant", {**grant, "secrets": [], "generation": grant["generation"] + 1})


# Grants: made by people in the console, since there is no API for them.


def _secret() -> str:
    letters = string.ascii_letters + string.digits
    return "wk_secret:oa2c:" + "".join(secrets.choice(letters) for _letter in range(24))


def checked_grant(state: State, fields: Object) -> Object:
    """The fields of the form, checked as the console does. Raises L(Problem)."""
    if not fields.get("client_name"):
        raise Problem(400, "Client Name must not be empty", target="Client Name")
    user = user_by_name(state, fields.get("username") or "")
    if not user or not state.all("membership", workspace=fields["workspace"], user=user["id"]):
        raise Problem(400, "Workiva Username must be a user of the workspace", target="Workiva Username")
    if not fields.get("scopes"):
        raise Problem(400, "Scopes must not be empty", target="Scopes")
    check_expires(state, str(fields.get("expires") or ""))
    for entry in fields.get("ip_allowlist") or []:
        check_address(state, entry)
    return {
        "client_name": fields["client_name"],
        "user": user["id"],
        "scopes": list(fields["scopes"]),
        "expires": fields["expires"],
        "ip_allowlist": list(fields.get("ip_allowlist") or []),
    }


def create_grant(state: State, fields: Object) -> tuple[Object, str]:
    """A new grant, and its secret for the one who may see it now."""
    checked = checked_grant(state, fields)
    secret = _secret()
    grant = {
        "id": state.new_id("Grant"),
        "client_id": str(uuid.uuid4()),
        "workspace": fields["workspace"],
        "secrets": [hash_secret(secret)],
        "generation": 1,
        "created": state.timestamp(),
        **checked,
    }
    state.put("grant", grant)
    return grant, secret


def add_grant(state: State, fields: Object) -> tuple[Object, str]:
    """The same by a person on the screen; where it may be refused at first, it is."""
    grant, secret = create_grant(state, fields)
    refusals = 2 if state.switch("fresh_grant") == "refused_at_first" else 0
    return state.put("grant", {**grant, "refusals_left": refusals}), secret


def update_grant(state: State, grant: Object, fields: Object) -> Object:
    """All but the workspace can be changed; another user makes the secret invalid."""
    checked = checked_grant(state, {**fields, "workspace": grant["workspace"]})
    if checked["user"] != grant["user"]:
        grant = {**grant, "secrets": []}
    return state.put("grant", {**grant, **checked, "generation": grant["generation"] + 1})


def regenerate(state: State, grant: Object) -> str:
    """A new secret for the named user."""
    secret = _secret()
    kept = grant["secrets"] if state.switch("regenerate") == "keeps_old" else []
    state.put("grant", {**grant, "secrets": [*kept, hash_secret(secret)], "generation": grant["generation"] + 1})
    return secret
