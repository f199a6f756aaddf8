# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can only be read: the report on users, and the activities."""

from __future__ import annotations

from urllib.parse import urlencode

from .admin import has_role
from .api import (
    ACTIVITY,
    ANY_ADMIN,
    LONG_NAMES,
    NOT_FOUND,
    ORGANIZATION,
    READ,
    WORKSPACE,
    Call,
    Reply,
    operation,
    page,
)
from .problems import Problem
from .state import Object, State

# What the report shows of a user's access.
ACCESS = ("organizationRoles", "workspaceMemberships", "licenses")
# The field by whose text its rows are sorted.
ORDER = "displayName"


@operation("GET", ORGANIZATION + "/orgReportUsers", READ)
def report_users(call: Call) -> Reply:
    try:
        size, offset = int(call.query.get("page[size]", "100")), int(call.query.get("page[after]", "0"))
    except ValueError:
        raise Problem(400, "page[size] must be a positive integer", "Invalid Page Size", "page[size]") from None
    if not 1 <= size <= 1000:
        raise Problem(400, "page[size] must be a positive integer", "Invalid Page Size", "page[size]")
    rows, total = _rows(call.state, offset, size)
    body: Object = {"data": rows, "links": {}}
    if offset + size < total:
        query = urlencode({"page[size]": size, "page[after]": offset + size})
        old = f"https://api.wdesk.com/admin/v1/organizations/{call.path['organization']}/orgReportUsers"
        same = call.state.switch("report_next_link") == "same_host"
        body["links"] = {"next": f"{call.base + call.raw_path if same else old}?{query}"}
    return Reply(200, body)


def remember(state: State) -> None:
    """Keeps the report as it is now, for the answer that it is late: it is made anew once a day."""
    state.set(report={"date": state.now().date().isoformat(), "rows": _current(state)})


def _rows(state: State, offset: int, size: int) -> tuple[list[Object], int]:
    """The rows of one page, and how many rows there are in all."""
    answer = state.switch("report_rows")
    if answer == "late":
        kept = state.setting("report") or {}
        if kept.get("date") != state.now().date().isoformat():
            remember(state)
            kept = state.setting("report")
        return list(kept["rows"][offset : offset + size]), len(kept["rows"])
    total = state.count("user")
    if answer == "missing":
        users = [user for user in state.part("user", 0, total, by=ORDER) if user["last_login"]]
        users, total = users[offset : offset + size], len(users)
    else:
        users = state.part("user", offset, size, by=ORDER)
    known = _Known(state)
    rows = [_reported(state, user, known) for user in users]
    if answer in ("null", "null_access"):
        for row in rows:
            row["attributes"] |= dict.fromkeys(row["attributes"] if answer == "null" else ACCESS)
    return rows, total


def _current(state: State) -> list[Object]:
    known = _Known(state)
    return [_reported(state, user, known) for user in state.part("user", 0, state.count("user"), by=ORDER)]


class _Known:
    """What many rows of the report have in common, read once for a page."""

    def __init__(self, state: State) -> None:
        self.long = state.switch("report_role_names") == "long"
        self.organization_roles = state.all("org_role")
        self.shows_implicit = state.switch("implicit_roles") == "shown"
        self.workspaces = {workspace["id"]: workspace["name"] for workspace in state.all("workspace")}
        self.roles: dict[str, list[Object]] = {}
        for role in state.all("workspace_role"):
            self.roles.setdefault(role["workspace"], []).append(role)


def _reported(state: State, user: Object, known: _Known) -> Object:
    long = known.long
    names = [
        role["name"] for role in known.organization_roles if has_role(user, role, shows_implicit=known.shows_implicit)
    ]
    memberships = []
    for membership in state.all("membership", user=user["id"]):
        workspace = membership["workspace"]
        roles = known.roles.get(workspace, [])
        shown = [role["name"] for role in roles if role["number"] in membership["roles"]]
        memberships.append({"id": workspace, "workspaceName": known.workspaces.get(workspace), "workspaceRoles": shown})
    return {
        "type": "orgReportUser",
        "id": user["id"],
        "attributes": {
            "active": user["status"] == "active",
            "displayName": user["displayName"],
            "email": user["email"],
            "firstName": user["givenName"],
            "lastName": user["familyName"],
            "userName": user["username"],
            "samlId": None,
            "lastLogin": user["last_login"],
            "licenses": user["licenses"],
            "organizationRoles": [LONG_NAMES.get(name, name) if long else name for name in names],
            "workspaceMemberships": memberships,
        },
    }


def _activity(call: Call, activity: Object) -> Object:
    performer = call.state.one("user", activity["performer"] or "") or {"id": "system", "displayName": "system"}
    shown: Object = {
        "id": activity["id"],
        "action": {"id": f"com.workiva.administration.{activity['alias']}", "alias": activity["alias"]},
        "summary": activity["summary"],
        "performer": {
            "id": performer["id"],
            "type": "com.workiva.iam.principal.user",
            "displayName": performer["displayName"],
        },
        "targets": [
            {"id": item["id"], "type": "com.workiva", "displayName": item["name"]} for item in activity["targets"]
        ],
        "activityDateTime": activity["at"],
        "outcome": "success",
    }
    if activity["workspace"]:
        shown["workspace"] = {"id": activity["workspace"]}
    return shown


@operation("GET", ORGANIZATION + "/activities", ACTIVITY, ANY_ADMIN)
def list_activities(call: Call) -> Reply:
    return page(call, [_activity(call, activity) for activity in call.state.all("activity")])


@operation("GET", WORKSPACE + "/activities", ACTIVITY, ())
def list_workspace_activities(call: Call) -> Reply:
    workspace = call.named("workspace", "workspace")["id"]
    names = {role["name"] for role in call.state.all("org_role") if role["id"] in call.user["roles"]}
    owner = [role["number"] for role in call.state.all("workspace_role", workspace=workspace, name="Workspace Owner")]
    held = [
        role for own in call.state.all("membership", workspace=workspace, user=call.user["id"]) for role in own["roles"]
    ]
    if not names.intersection(ANY_ADMIN) and not set(owner).intersection(held):
        raise Problem(403, "The API token does not have permissions to perform the request")
    found = call.state.all("activity", workspace=workspace)
    return page(call, [_activity(call, activity) for activity in found])


@operation("GET", "/activities/{activity}", ACTIVITY, ())
def get_activity(call: Call) -> Reply:
    return Reply(200, _activity(call, call.named("activity", "activity")))


def _actions(call: Call) -> list[Object]:
    aliases = dict.fromkeys(["workspace_membership_create", *(item["alias"] for item in call.state.all("activity"))])
    return [{"id": f"com.workiva.administration.{alias}", "alias": alias, "name": alias} for alias in aliases]


@operation("GET", "/activityActions", ACTIVITY, ())
def list_activity_actions(call: Call) -> Reply:
    return page(call, _actions(call))


@operation("GET", "/activityActions/{action}", ACTIVITY, ())
def get_activity_action(call: Call) -> Reply:
    for action in _actions(call):
        if action["id"] == call.path["action"]:
            return Reply(200, action)
    raise Problem(404, NOT_FOUND, target="action")
