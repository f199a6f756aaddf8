# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users whom another organization has too, against a model of the API in memory."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    NotFound,
    Refused,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization import (
    information as _organization_info,
)
from tests.unit.plugins.module_utils.users._model import PAYROLL, Api, ask, bring


def test_user_of_several_organizations_stays_active_with_a_note(api: Api) -> None:
    bring(PAYROLL)
    api.several_organizations = set(api.users)
    [user] = bring({"username": "payroll@example.com", "state": "absent", "adopt": True})["users"]
    assert user["status"] == "active"
    assert "several organizations" in user["notes"][0]


def test_user_of_another_organization_is_added_by_its_id_and_gets_the_declared_access(api: Api) -> None:
    jane = {"id": "u-jane", "username": "jane@example.com", "givenName": "Jane", "status": "active"}
    elsewhere = {"u-jane": jane}
    create = api._create

    def assign(parts: list[str], body: Any) -> dict[str, Any]:
        if parts != ["users", "assignment"]:
            return create(parts, body)
        api.writes.append("POST users/assignment")
        if body["user"] not in elsewhere:
            raise NotFound("no such user", status=404)
        api.users["u-jane"] = elsewhere.pop("u-jane")
        return dict(api.users["u-jane"])

    api._create = assign  # type: ignore[method-assign]
    declared = {**PAYROLL, "username": "jane@example.com", "id": "u-jane"}
    [checked] = bring(declared, check_mode=True)["users"]
    first = "add the user 'jane@example.com' (id u-jane), who is in another organization, to this one"
    assert checked["steps"][0] == first
    assert api.writes == []
    api.faults = ["after"]
    [done] = bring(declared)["users"]
    assert done["error"] is None
    assert done["id"] == "u-jane"
    # What its fields are can only be read afterwards.
    assert done["steps"] == [first, "set family_name to 'Roll', given_name to 'Payroll'", *checked["steps"][1:]]
    assert api.writes.count("POST users/assignment") == 1
    written = list(api.writes)
    assert not bring(declared)["changed"]
    assert api.writes == written
    [other] = bring({**declared, "username": "other@example.com"})["users"]
    assert other["error"]["code"] == "other_username"
    [wrong] = bring({**declared, "id": "u-nobody"})["users"]
    assert wrong["error"]["code"] == "other_id"
    assert api.writes == written


def test_a_username_that_another_organization_has_leads_to_the_id(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(parts: list[str], body: Any) -> dict[str, Any]:
        raise Refused("A user with this username exists", status=409)

    monkeypatch.setattr(api, "_create", taken)
    [result] = bring(PAYROLL)["users"]
    assert "declare its id" in result["error"]["msg"]


def test_a_suspended_user_is_explained_by_where_it_is_a_member(api: Api) -> None:
    bring(PAYROLL)
    [user] = api.users
    api.users[user]["status"] = "suspended"
    [result] = bring(PAYROLL)["users"]
    assert "although it is in a workspace: a person" in result["notes"][0]
    [found] = [found for found in ask(_organization_info.CORE)["users"] if found["id"] != "u0"]
    assert found["suspended_because"] == result["notes"][0]
    api.memberships.clear()
    [result] = bring({"username": PAYROLL["username"]})["users"]
    assert "suspended and in no workspace" in result["notes"][0]
    [found] = [found for found in ask(_organization_info.CORE)["users"] if found["id"] != "u0"]
    assert found["suspended_because"] == result["notes"][0]
    api.users[user]["status"] = "active"
    [found] = [found for found in ask(_organization_info.CORE)["users"] if found["id"] != "u0"]
    assert found["suspended_because"] is None
