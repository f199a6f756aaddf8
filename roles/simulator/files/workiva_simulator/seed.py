# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The organization that the simulator starts with: from a YAML file, or one that is enough for a first try."""

from __future__ import annotations

from typing import Any

from . import reports, rules
from .state import State

# Role ids of the contract's examples; the other numbers are the simulator's own.
ORGANIZATION_ROLES = {
    "Org Workspace Admin": "2",
    "Org User Admin": "3",
    "Org Security Admin": "4",
    "Org Chain Security Admin": "9",
    "Data Access Admin": "11",
    rules.IMPLICIT_ROLE: "1",
}
# The first is the contract's example.
SOLUTIONS = {"60": "Connected Global Statutory Reporting (with Entity Management)", "12": "SEC Reporting"}
DEFAULT: dict[str, Any] = {
    "organization": {"name": "Example Corporation", "id": "d6e178fd-4dd5-47e5-9457-68dd64b03655"},
    "workspaces": [
        {"name": "SEC Filing", "groups": ["Data loaders"]},
        {"name": "ESG Reporting", "groups": ["Data loaders"]},
    ],
    "users": [
        {
            "username": "olivia.admin@example.com",
            "given_name": "Olivia",
            "family_name": "Admin",
            "organization_roles": ["Org Security Admin", "Org User Admin"],
            "workspaces": {
                "SEC Filing": {"roles": ["Workspace Owner"]},
                "ESG Reporting": {"roles": ["Workspace Owner"]},
            },
        },
        {
            "username": "workiva-automation@example.com",
            "given_name": "Workiva",
            "family_name": "Automation",
            "organization_roles": ["Org User Admin", "Org Workspace Admin"],
            "workspaces": {"SEC Filing": {"roles": ["Workspace Member"]}},
        },
        {
            "username": "anna.k@example.com",
            "given_name": "Anna",
            "family_name": "Kowalska",
            "workspaces": {"SEC Filing": {"roles": ["Professional"]}},
        },
    ],
    "files": [
        {
            "id": "124efa2a142f472ba1ceab34ed18915f",
            "name": "Support schedules",
            "kind": "Spreadsheet",
            "workspace": "SEC Filing",
            "permissions": {"users": {"anna.k@example.com": "Owner"}},
        },
    ],
}


def plant(state: State, seed: dict[str, Any] | None = None) -> None:
    """Writes the organization into an empty state."""
    wanted = seed or DEFAULT
    if not isinstance(wanted, dict):
        raise ValueError("the seed is not a mapping of organization, workspaces and users")
    organization = wanted.get("organization") or DEFAULT["organization"]
    with state.transaction():
        if state.all("organization"):
            return
        # Kept for a reset.
        state.set(seed=wanted, scopes=list(wanted.get("scopes") or []))
        identifier = DEFAULT["organization"]["id"]
        state.put("organization", {"id": identifier, "status": "active", "created": state.timestamp(), **organization})
        for number, name in SOLUTIONS.items():
            state.put("solution", {"id": number, "name": name})
        names = dict.fromkeys([*ORGANIZATION_ROLES, *(wanted.get("organization_roles") or [])])
        for place, name in enumerate(names):
            identifier = rules.role_id(state, name, ORGANIZATION_ROLES.get(name, str(100 + place)))
            state.put("org_role", {"id": identifier, "name": name})
        for item in wanted.get("workspaces") or []:
            name, usual = _field(item, "name", "a workspace"), item.get("usual_roles", True)
            workspace = rules.create_workspace(state, name, item.get("roles") or [], usual_roles=usual)
            for name in item.get("groups") or []:
                if not state.all("group", workspace=workspace["id"], name=name):
                    rules.create_group(state, workspace["id"], name)
        for item in wanted.get("users") or []:
            _plant_user(state, item)
        for item in wanted.get("files") or []:
            _plant_file(state, item)
        reports.remember(state)


def reset(state: State) -> None:
    """Back to the organization that was planted, with nothing done yet; switches and the clock stay as they are."""
    with state.transaction():
        seed = state.setting("seed")
        state.clear("switch.", "clock_", "token_key", "last_number", "let_loopback_in")
        plant(state, seed)


def _field(item: Any, name: str, what: str) -> str:
    """Raises ValueError where the seed lacks it."""
    if not isinstance(item, dict) or not item.get(name):
        raise ValueError(f"the seed has {what} without {name}")
    return str(item[name])


def _named(known: dict[str, str], names: list[str] | None, what: str) -> list[str]:
    """The ids of those names. Raises ValueError where the seed names one that is not there."""
    for name in names or []:
        if name not in known:
            raise ValueError(f"the seed names the {what} {name}; there are {', '.join(known)}")
    return [known[name] for name in names or []]


def _plant_user(state: State, item: dict[str, Any]) -> None:
    username = _field(item, "username", "a user")
    user = rules.create_user(
        state,
        {
            "username": username,
            "email": item.get("email") or username,
            "givenName": item.get("given_name") or "",
            "familyName": item.get("family_name") or "",
            "displayName": item.get("display_name")
            or f"{item.get('given_name') or ''} {item.get('family_name') or ''}".strip()
            or username,
        },
    )
    if item.get("id"):
        state.remove("user", user["id"])
        user["id"] = str(item["id"])
    by_name = {role["name"]: role["id"] for role in state.all("org_role")}
    user["roles"] = _named(by_name, item.get("organization_roles"), "organization role")
    user["other_organizations"] = bool(item.get("other_organizations"))
    user["licenses"] = item.get("licenses") or []
    user["last_login"] = item.get("last_login")
    if item.get("elsewhere"):
        # A user of another organization, until somebody assigns them to this one.
        state.remove("user", user["id"])
        state.put("elsewhere", {**user, "other_organizations": True})
        return
    state.put("user", user)
    workspaces = {workspace["name"]: workspace["id"] for workspace in state.all("workspace")}
    for name, access in (item.get("workspaces") or {}).items():
        (workspace,) = _named(workspaces, [name], "workspace")
        membership = rules.create_membership(state, workspace, user["id"])
        roles = {role["name"]: role["number"] for role in state.all("workspace_role", workspace=workspace)}
        membership["roles"] = _named(roles, (access or {}).get("roles"), "workspace role")
        state.put("membership", membership)
        groups = {group["name"]: group["id"] for group in state.all("group", workspace=workspace)}
        for identifier in _named(groups, (access or {}).get("groups"), "group"):
            group = state.one("group", identifier) or {}
            if user["id"] not in group["members"]:
                state.put("group", {**group, "members": [*group["members"], user["id"]]})
    if item.get("status"):
        state.put("user", {**(state.one("user", user["id"]) or {}), "status": item["status"]})


def _plant_file(state: State, item: dict[str, Any]) -> None:
    """A file with C(id), C(name), C(kind), C(workspace), C(parts), C(trashed), and C(permissions) of users and groups by name."""
    name = _field(item, "name", "a file")
    workspaces = {workspace["name"]: workspace["id"] for workspace in state.all("workspace")}
    (workspace,) = _named(workspaces, [_field(item, "workspace", f"the file {name}")], "workspace")
    given = item.get("permissions") or {}
    known = {
        "users": {user["username"]: user["id"] for user in state.all("user")},
        "groups": {group["name"]: group["id"] for group in state.all("group", workspace=workspace)},
    }
    permissions = [
        (permission, _named(known[kind], [principal], kind[:-1])[0])
        for kind in known
        for principal, permission in (given.get(kind) or {}).items()
    ]
    rules.create_file(state, workspace, {**item, "name": name, "permissions": permissions})
