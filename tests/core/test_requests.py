# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests the core of integration_users sends for many users, by kind: the growth is what counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._organization.users import CORE
from tests._organization import AUTOMATION, Organization

USERS = 12
SEED: dict[str, Any] = {
    "workspaces": [{"name": f"Workspace {number}", "groups": ["Loaders", "Filers"]} for number in range(3)]
    + [{"name": "SEC Filing"}, {"name": "Empty"}],
    "users": [
        {
            "username": AUTOMATION,
            "organization_roles": ["Org User Admin", "Org Workspace Admin"],
            "workspaces": {"SEC Filing": {"roles": ["Workspace Member"]}},
        }
    ],
}


def user(number: int, *, groups: tuple[str, ...] = ("Loaders", "Filers"), roles: tuple[str, ...] = ("Viewer",)) -> Any:
    name = f"sync-{number}@example.com"
    access = {"name": f"Workspace {number % 3}", "roles": list(roles), "groups": list(groups)}
    return {"username": name, "email": name, "given_name": "Sync", "family_name": str(number), "workspaces": [access]}


def kinds(organization: Organization, since: int = 0) -> Counter[str]:
    """The requests by method and path without ids."""
    found: Counter[str] = Counter()
    for line in organization.requests()[since:]:
        path = re.sub(r"^.*?/organizations/[^/]+", "", line["path"])
        path = re.sub(r"/(workspaces|memberships|groups|users)/(?!membershipCreation)[^/]+", r"/\1/*", path)
        found[f"{line['method']} {'token' if path.endswith('/token') else path or '/'}"] += 1
    return found


@pytest.fixture
def many(organization: Organization) -> Organization:
    organization.reset(SEED)
    return organization


def test_an_unchanged_run_reads_each_list_once_and_the_roles_of_each_declared_membership(
    many: Organization, run_core: Callable[..., dict[str, Any]]
) -> None:
    users = [user(number) for number in range(USERS)]
    assert run_core(CORE, {"users": users})["changed"]
    since = len(many.requests())
    assert not run_core(CORE, {"users": users})["changed"]
    assert kinds(many, since) == {
        "GET /users": 1,
        "GET /workspaces": 1,
        "GET /orgReportUsers": 1,
        "GET /workspaces/*/roles": 3,
        "GET /workspaces/*/groups": 3,
        "GET /workspaces/*/memberships": 3,
        "GET /workspaces/*/groups/*/members": 6,
        "GET /workspaces/*/memberships/*/roles": USERS,
    }


def test_access_of_recorded_users_is_read_while_the_list_of_users_is(
    many: Organization, run_core: Callable[..., dict[str, Any]]
) -> None:
    """The same requests as without records; a recorded user that is gone costs none."""
    users = [user(number) for number in range(USERS)]
    created = run_core(CORE, {"users": users})["users"]
    owned = [{**one, "owned": {"id": made["id"], "usernames": [made["username"]]}} for one, made in zip(users, created)]
    owned[0]["owned"]["id"] = "V0ZVc2VyHzA"
    many.fault("slow:count=1,seconds=2,method=GET,path=*/users")
    since = len(many.requests())
    result = run_core(CORE, {"users": owned})
    assert [one["error"] is None for one in result["users"]] == [False, *[True] * (USERS - 1)]
    sent = kinds(many, since)
    assert sent["GET /workspaces/*/memberships/*/roles"] == USERS
    assert sent["GET /workspaces/*/memberships"] == 3
    assert sent["GET /workspaces/*/groups/*/members"] == 6
    paths = [line["path"] for line in many.requests()[since:]]
    (listed,) = [place for place, path in enumerate(paths) if re.fullmatch(r".*/organizations/[^/]+/users", path)]
    read = [place for place, path in enumerate(paths) if re.fullmatch(r".*/memberships/[^/]+/roles", path)]
    assert sum(place < listed for place in read) == USERS - 1


def test_a_full_search_reads_the_roles_of_a_membership_once(
    many: Organization, run_core: Callable[..., dict[str, Any]]
) -> None:
    users = [user(number) for number in range(USERS)]
    run_core(CORE, {"users": users})
    since = len(many.requests())
    run_core(CORE, {"users": users, "excess_access": "full"})
    found = kinds(many, since)
    assert found["GET /workspaces/*/memberships/*/roles"] == USERS
    assert found["GET /workspaces/*/memberships"] == len(SEED["workspaces"])
    assert found["GET /users/*/roles"] == USERS


def test_members_of_a_group_are_added_in_one_request(
    many: Organization, run_core: Callable[..., dict[str, Any]]
) -> None:
    run_core(CORE, {"users": [user(number) for number in range(USERS)]})
    assert kinds(many)["POST /workspaces/*/groups/*/members/modification"] == 6
    for group in many.state.all("group", name="Loaders"):
        assert len(group["members"]) == USERS // 3


def test_members_of_every_workspace_are_read_twice_whoever_leaves(
    many: Organization, run_core: Callable[..., dict[str, Any]]
) -> None:
    """Once before the removals, and once after all of them."""
    users = [user(number) for number in range(USERS)]
    ids = {one["username"]: one["id"] for one in run_core(CORE, {"users": users})["users"]}
    leavers = [{"username": name, "state": "absent", "adopt": True, "id": ids[name]} for name in ids]
    since = len(many.requests())
    found = run_core(CORE, {"users": leavers})
    assert [(one["gone"], one["error"]) for one in found["users"]] == [(True, None)] * USERS
    sent = kinds(many, since)
    assert sent["DELETE /workspaces/*/memberships/*"] == USERS
    assert sent["GET /workspaces/*/memberships"] == 2 * len(SEED["workspaces"])
    # Of each user, before and after.
    assert sent["GET /users/*/roles"] == 2 * USERS
    assert sent["GET /users/*"] == USERS


def test_requests_of_many_users_are_on_their_way_at_once(
    many: Organization, run_core: Callable[..., dict[str, Any]]
) -> None:
    """Two creations are slow: the others are answered before either of them."""
    many.fault("slow:count=2,seconds=1,method=POST,path=*/users")
    users = [user(number, groups=()) for number in range(USERS)]
    assert [one["error"] for one in run_core(CORE, {"users": users})["users"]] == [None] * USERS
    created = [line["body"]["username"] for line in many.requests() if line["path"].endswith("/users") and line["body"]]
    assert len(created) == USERS
    assert set(created[-2:]) <= {one["username"] for one in users[:8]}


def test_a_refused_bulk_request_is_each_member_s_own_error_and_the_next_run_converges(
    many: Organization, run_core: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the users loses its membership behind the run's back, before the group is changed."""
    users = [user(number, groups=("Loaders",)) for number in range(USERS)]
    run_core(CORE, {"users": [{**one, "workspaces": [{**one["workspaces"][0], "groups": []}]} for one in users]})
    lost = "sync-4@example.com"
    (account,) = many.state.all("user", username=lost)
    since = len(many.requests())

    from ansible_collections.integrations.workiva.plugins.module_utils._organization.changes import Changes

    group_change = Changes._group_change

    def leave_first(self: Changes, step: Any, of: Any) -> Any:
        for membership in many.state.all("membership", user=account["id"]):
            many.state.remove("membership", membership["id"])
        return group_change(self, step, of)

    monkeypatch.setattr(Changes, "_group_change", leave_first)
    result = run_core(CORE, {"users": users, "on_item_error": "report"})
    failed = {one["username"]: one["error"]["msg"] for one in result["users"] if one["error"]}
    assert list(failed) == [lost]
    assert "not a member" in failed[lost]
    assert all(one["steps"] == [] for one in result["users"] if one["username"] == lost)
    # One request for each group, and one for each member of the group that was refused.
    assert kinds(many, since)["POST /workspaces/*/groups/*/members/modification"] == 3 + USERS // 3
    monkeypatch.undo()
    again = run_core(CORE, {"users": users})
    assert [one["username"] for one in again["users"] if one["changed"]] == [lost]
    assert not run_core(CORE, {"users": users})["changed"]
