# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the simulated API: what it lists, refuses and changes, judged by the contract."""

from __future__ import annotations

import uuid

from tests.simulator.api._attempt import Try
from tests.simulator.api._file_answers import Shelf
from tests.simulator.api._running import AUTOMATION, SCOPES, Simulator
from workiva_simulator import rules


def test_pages_are_whole_addresses_and_complete(simulator: Simulator) -> None:
    for number in range(7):
        rules.create_user(simulator.state, {"username": f"user{number}@example.com"})
    seen: list[str] = []
    page = simulator.call("GET", f"{simulator.base}/users", params={"$maxpagesize": 3}).json()
    while True:
        seen += [user["username"] for user in page["data"]]
        if not page.get("@nextLink"):
            break
        assert page["@nextLink"].startswith("https://")
        page = simulator.call("GET", page["@nextLink"]).json()
    assert len(seen) == len(set(seen)) == len(simulator.state.all("user"))
    assert simulator.call("GET", f"{simulator.base}/users", params={"$maxpagesize": 0}).status_code == 400


def test_scopes_and_roles_are_enforced(simulator: Simulator) -> None:
    reader = simulator.token(*simulator.grant(AUTOMATION, ["organization:read"])).json()["access_token"]
    stranger = simulator.token(*simulator.grant("anna.k@example.com", SCOPES)).json()["access_token"]
    user = {"username": "x@example.com"}
    assert simulator.call("GET", f"{simulator.base}/users", reader).status_code == 200
    assert simulator.call("POST", f"{simulator.base}/users", reader, json=user).status_code == 403
    assert simulator.call("GET", f"{simulator.base}/users", stranger).status_code == 403
    assert simulator.call("GET", f"{simulator.base}/users", "nonsense").status_code == 401
    assert simulator.call("GET", f"{simulator.base}/orgReportUsers").json()["data"][0]["type"] == "orgReportUser"


def test_a_grant_ends_when_it_should(simulator: Simulator) -> None:
    assert simulator.token().status_code == 200
    assert simulator.token(secret="wk_secret:oa2c:other").status_code == 401
    assert simulator.token(*simulator.grant(AUTOMATION, SCOPES, ip_allowlist=["203.0.113.7"])).status_code == 401
    assert simulator.token(*simulator.grant(AUTOMATION, SCOPES, ip_allowlist=["127.0.0.1"])).status_code == 200
    soon = simulator.grant(AUTOMATION, SCOPES, expires="2098-01-01")
    simulator.command("clock", "2098-01-01")
    assert simulator.token(*soon).status_code == 401
    simulator.command("clock", "now")
    user = rules.user_by_name(simulator.state, AUTOMATION)
    assert user is not None
    (membership,) = simulator.state.all("membership", user=user["id"])
    rules.delete_membership(simulator.state, membership)
    assert simulator.token().status_code == 401


def test_a_requested_scope_does_not_narrow(simulator: Simulator) -> None:
    pair = {"client_id": simulator.client_id, "client_secret": simulator.secret}
    fields = {"grant_type": "client_credentials", "scope": "file:read", **pair}
    for answer in (
        simulator.http.post("/oauth2/token", data=fields),
        simulator.http.post("/oauth2/token", json=fields),
    ):
        assert answer.json()["scope"].split() == SCOPES


def test_there_is_no_grant_api(simulator: Simulator) -> None:
    for path in ("grants", "apiGrants", "oauth2/grants", "clients"):
        assert simulator.call("GET", f"{simulator.base}/{path}").status_code == 404
        assert simulator.call("GET", f"/{path}").status_code == 404


def test_a_modification_of_permissions_is_all_or_nothing(simulator: Simulator) -> None:
    shelf = Shelf(Try(simulator))
    shelf.person("owner", "Owner")
    shelf.person("reader", "Viewer")
    shelf.users["nobody"] = "no such principal"
    before = shelf.get("owner", "/permissions").json()
    assert shelf.modify("owner", {"nobody": "Viewer"}, {"reader": "Viewer"}).status_code == 400
    assert shelf.modify("owner", {"reader": "Editor"}).status_code == 409
    path = f"{shelf.path}/permissions/modification"
    for body in ({"toAssign": "x"}, {"toAssign": [{"permission": "x", "principal": "y"}]}, []):
        assert simulator.call("POST", path, shelf.tokens["owner"], json=body).status_code == 400
    assert shelf.get("owner", "/permissions").json() == before


def test_files_are_seen_by_scope_workspace_and_permission(simulator: Simulator) -> None:
    shelf = Shelf(Try(simulator))
    owner = shelf.person("owner", "Owner")
    group = rules.create_group(simulator.state, shelf.workspace, "Readers")
    member = shelf.person("member")
    assert shelf.get("member").status_code == 404
    simulator.state.put("group", {**group, "members": [member]})
    item = {"permission": rules.permission_id("Viewer"), "principal": group["id"]}
    simulator.state.put("file", {**shelf.file, "permissions": [*shelf.file["permissions"], item]})
    assert shelf.get("member").status_code == 200
    kinds = {entry["principal"]: entry["principalType"] for entry in shelf.get("owner", "/permissions").json()["data"]}
    assert kinds == {owner: "user", group["id"]: "group"}
    unscoped = simulator.token(*simulator.grant("owner", ["file:write"])).json()["access_token"]
    assert simulator.call("GET", shelf.path, unscoped).status_code == 403
    reader = simulator.token(*simulator.grant("owner", ["file:read"])).json()["access_token"]
    path = f"{shelf.path}/permissions/modification"
    assert simulator.call("POST", path, reader, json={}).status_code == 403
    (elsewhere,) = simulator.state.all("workspace", name="ESG Reporting")
    rules.create_membership(simulator.state, elsewhere["id"], owner)
    other = simulator.token(*simulator.grant("owner", ["file:read"], workspace=elsewhere["id"])).json()["access_token"]
    assert simulator.call("GET", shelf.path, other).status_code == 404
    assert simulator.call("GET", "/files", other).json()["data"] == []


def test_malformed_request_is_refused_as_in_the_contract(simulator: Simulator) -> None:
    users, token = f"{simulator.base}/users", simulator.token().json()["access_token"]
    where = f"{simulator.base}/workspaces/{simulator.workspace['id']}"
    anna = rules.user_by_name(simulator.state, "anna.k@example.com")
    assert anna is not None
    (role,) = [role["id"] for role in simulator.state.all("org_role") if role["name"] == "Org User Admin"]
    refused = [
        ("POST", users, {"username": 1}, 400),
        ("POST", users, [], 400),
        ("POST", users, {"username": "ANNA.K@example.com"}, 409),
        ("PATCH", f"{users}/{anna['id']}", ["x"], 400),
        ("PATCH", f"{users}/{anna['id']}", [{"op": "replace", "path": "/status", "value": "suspended"}], 400),
        ("PATCH", f"{users}/{anna['id']}", [{"op": "add", "path": "/email", "value": "x@example.com"}], 400),
        ("PATCH", f"{users}/{anna['id']}", [{"op": "replace", "path": "/username", "value": ""}], 400),
        ("POST", f"{users}/{anna['id']}/roles/assignment", {"roles": [role]}, 400),
        ("POST", f"{users}/{anna['id']}/roles/assignment", [role, "no such role"], 400),
        ("POST", f"{where}/memberships", {"user": {"username": "x"}}, 404),
        ("POST", f"{where}/memberships", {"user": "x"}, 400),
        ("POST", f"{where}/memberships/membershipCreation", {"user": anna["id"]}, 409),
        ("POST", f"{where}/memberships/membershipCreation", {"user": anna["id"], "options": "x"}, 400),
        ("POST", f"{where}/groups", {"name": "Data loaders"}, 409),
        ("POST", f"{simulator.base}/workspaces", {"name": "New", "solutions": [{"id": "none"}]}, 400),
        ("GET", f"/organizations/{uuid.uuid4()}/users", None, 404),
        ("GET", f"/organizations/{uuid.uuid4()}/users/{anna['id']}", None, 404),
    ]
    for method, path, body, status in refused:
        answer = simulator.call(method, path, token, json=body)
        assert (answer.status_code, "message" in answer.json()) == (status, True), (method, path, body)
    assert simulator.call("POST", users, token, content=b"{").status_code == 400
    broken = simulator.http.post("/oauth2/token", content=b"{", headers={"content-type": "application/json"})
    assert (broken.status_code, broken.json()["error"]) == (400, "invalid_request")
    assert (simulator.state.one("user", anna["id"]) or {})["roles"] == []


def test_change_of_a_group_applies_to_valid_members_and_lists_the_others(simulator: Simulator) -> None:
    anna = rules.user_by_name(simulator.state, "anna.k@example.com")
    (group,) = simulator.state.all("group", workspace=simulator.workspace["id"], name="Data loaders")
    assert anna is not None
    path = f"{simulator.base}/workspaces/{simulator.workspace['id']}/groups/{group['id']}/members"
    answer = simulator.call("POST", f"{path}/modification", json={"toAdd": [anna["id"], "stranger"]})
    assert answer.status_code == 400
    assert [detail["target"] for detail in answer.json()["details"]] == ["stranger"]
    assert simulator.call("GET", path).json()["data"] == [{"id": anna["id"]}]


def test_a_suspended_user_is_active_again_with_a_membership(simulator: Simulator) -> None:
    users, token = f"{simulator.base}/users", simulator.token().json()["access_token"]
    where = f"{simulator.base}/workspaces/{simulator.workspace['id']}/memberships"
    user = simulator.call("POST", users, token, json={"username": "new@example.com"}).json()
    seen = [user["status"]]
    for elsewhere in (False, True):
        simulator.state.put(
            "user", {**(simulator.state.one("user", user["id"]) or {}), "other_organizations": elsewhere}
        )
        membership = simulator.call("POST", where, token, json={"user": {"username": user["username"]}}).json()
        seen.append(simulator.call("GET", f"{users}/{user['id']}", token).json()["status"])
        assert simulator.call("DELETE", f"{where}/{membership['id']}", token).status_code == 204
        seen.append(simulator.call("GET", f"{users}/{user['id']}", token).json()["status"])
    assert seen == ["suspended", "active", "suspended", "active", "active"]
