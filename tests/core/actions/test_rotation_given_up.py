# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rotation that is given up, a secret that leaked, and the grants of administrators."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests._declared import FILING
from tests._organization import AUTOMATION, SCOPES, Organization
from tests.core._actions import Actions
from tests.core.actions._rotation import DUE, NAME, ROTATED, Killed, Pair, Project, die_at
from tests.core.actions.test_rotation_end import previous_of, rotated

UP = {"rotate": [NAME], "give_up": True}
LEAKED = {"rotate": [NAME], "leaked": True}
TARGET = {
    "integration": "payroll-sync",
    "grant": "filing",
    "name": "loader",
    "tasks": "loader.yml",
}


@pytest.fixture
def project(organization: Organization, actions: Actions, tmp_path: Path) -> Project:
    return Project(organization, actions, tmp_path / "project")


def test_rotation_that_is_given_up_goes_back_to_the_former_credentials(project: Project) -> None:
    former, pair = rotated(project)
    predicted = project.run(**UP, check_mode=True)
    done = project.run(**UP)
    assert predicted["grant"]["steps"] == done["grant"]["steps"]
    assert done["grant"]["steps"] == ["Gave the rotation up: the previous credentials are the present ones again."]
    entry = project.entry()
    assert (entry["client_id"], entry["client_secret"], entry["number"], entry["expires"]) == (
        former["client_id"],
        former["client_secret"],
        "1",
        "2027-06-30",
    )
    assert (entry["previous_client_id"], entry["previous_number"]) == (pair["client_id"], "2")
    (order,) = done["orders"]
    assert (order["kind"], order["fields"]["client_id"], order["fields"]["changes"]) == (
        "retire",
        pair["client_id"],
        {},
    )
    assert "The rotation was given up" in Path(order["markdown"]).read_text()
    before = project.files()
    again = project.run()
    assert (again["changed"], again["grant"]["health"], project.files()) == (False, "expiring", before)
    assert "already" in project.run(**UP)["grant"]["error"]["msg"]
    project.organization.delete_grant(pair["client_id"])
    project.run()
    project.run()
    assert (previous_of(project), project.entry()["client_id"]) == ([], former["client_id"])
    # The next rotation has a number of its own.
    project.run(rotate=[NAME])
    project.run(project.add("2028-05-31"))
    assert (project.entry()["number"], project.entry()["previous_number"]) == ("3", "1")


def test_rotation_is_given_up_before_its_grant_is_added(project: Project) -> None:
    project.run(project.add())
    project.run(rotate=[NAME])
    found = project.run(**UP)
    assert (found["orders"], found["withdrawn"]) == ([], ["payroll-sync.filing.2"])
    assert "No rotation of this grant is open" in project.run(**UP)["grant"]["error"]["msg"]


def test_former_credentials_that_do_not_work_are_not_gone_back_to(project: Project) -> None:
    former, pair = rotated(project)
    project.organization.delete_grant(former["client_id"])
    assert "were not accepted in this run" in project.run(**UP)["grant"]["error"]["msg"]
    assert project.entry()["client_id"] == pair["client_id"]


@pytest.mark.parametrize("step", range(1, 5))
def test_going_back_goes_on_after_a_kill_at_any_write(
    project: Project, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, pair = rotated(project)
    with monkeypatch.context() as patch:
        killed = die_at(step, patch)
        with pytest.raises(Killed):
            project.run(**UP)
    assert killed()
    assert project.works()
    if step == 1:
        project.run(**UP)
    found = project.run()
    assert (project.entry()["client_id"], project.entry()["previous_client_id"]) == (
        former["client_id"],
        pair["client_id"],
    )
    assert [order["fields"]["client_id"] for order in found["orders"]] == [pair["client_id"]]
    assert not project.run()["changed"]


def test_secret_that_leaked_is_regenerated_and_checked_until_it_is_rejected(project: Project) -> None:
    project.run(project.add())
    leaked = project.entry()
    predicted = project.run(**LEAKED, check_mode=True)
    (order,) = project.run(**LEAKED)["orders"]
    assert predicted["opened"] == [order["number"]]
    assert order["kind"] == "regenerate"
    page = Path(order["markdown"]).read_text()
    assert "The secret of this grant leaked. Regenerate it now" in page
    assert "may work for ten more minutes" in page
    assert project.run()["orders"][0]["number"] == order["number"]
    pair: Pair = {**project.add(), **project.organization.regenerate(leaked["client_id"])}
    del pair["expires"]
    assert project.run(pair)["closed"] == [order["number"]]
    entry = project.entry()
    assert (entry["client_secret"], entry["previous_client_secret"]) == (pair["client_secret"], leaked["client_secret"])
    again = project.run({**pair, "client_secret": leaked["client_secret"]}, check_mode=True)
    assert "These are the previous credentials of the grant" in again["grant"]["error"]["msg"]
    assert project.entry()["client_secret"] == pair["client_secret"]
    seen = project.run()
    assert re.search("are of no use after [0-9]{2}:[0-9]{2} UTC", seen["grant"]["steps"][0])
    assert seen["orders"] == []
    project.run()
    assert previous_of(project) == []
    assert not project.run()["changed"]


def test_leaked_secret_that_still_works_asks_for_a_new_grant_and_the_deletion_of_the_old_one(project: Project) -> None:
    project.run(project.add())
    leaked = project.entry()
    project.organization.switch("regenerate", "keeps_old")
    project.run(**LEAKED)
    pair: Pair = {**project.add(), **project.organization.regenerate(leaked["client_id"])}
    del pair["expires"]
    project.run(pair)
    found = project.run()
    assert (found["grant"]["health"], project.kinds(found)) == ("leaked", ["replace"])
    assert found["grant"]["findings"][0]["detail"] == "The leaked secret still works: delete the grant."
    project.run(project.add("2028-05-31"))
    found = project.run()
    assert (found["grant"]["health"], project.kinds(found)) == ("leaked", ["retire"])
    assert found["orders"][0]["fields"]["client_id"] == leaked["client_id"]
    assert project.entry()["previous_client_secret"] == leaked["client_secret"]
    project.organization.delete_grant(leaked["client_id"])
    project.run()
    done = project.run()
    assert (previous_of(project), done["orders"], done["grant"]["health"]) == ([], [], "ok")


@pytest.mark.parametrize("is_rotated", [True, False], ids=["rotation open", "leak alone"])
def test_leak_is_remembered_when_a_new_grant_replaces_the_one_that_leaked(project: Project, is_rotated: bool) -> None:
    project.run(project.add())
    leaked = project.entry()
    if is_rotated:
        project.run(rotate=[NAME])
    project.run(**LEAKED)
    project.run(project.add("2028-05-31"))
    assert project.entry()["previous_client_secret"] == leaked["client_secret"]
    found = project.run()
    assert (found["grant"]["health"], project.kinds(found)) == ("leaked", ["retire"])
    assert found["orders"][0]["fields"]["client_id"] == leaked["client_id"]
    assert "The previous secret leaked" in project.run(**UP)["grant"]["error"]["msg"]


def test_new_grant_of_a_rotation_that_was_given_up_stays_while_a_system_needs_it(project: Project) -> None:
    rotated(project)
    assert project.run(**UP, targets=[TARGET])["orders"] == []
    assert project.run(targets=[TARGET])["orders"] == []
    assert project.kinds(project.run()) == ["retire"]


def test_retirement_waits_for_a_declared_delivery(project: Project) -> None:
    former, _pair = rotated(project, "2028-01-31")
    assert project.kinds(project.run()) == ["retire"]
    found = project.run(targets=[TARGET])
    assert project.kinds(found) == ["retire"]
    project.organization.delete_grant(former["client_id"])
    for _run in range(3):
        project.run(targets=[TARGET])
    assert len(previous_of(project)) == 4
    project.run()
    assert previous_of(project) == []


def test_new_administrator_grant_must_read_the_organization(project: Project) -> None:
    grant: dict[str, Any] = {
        **ROTATED,
        "integration": "administrator",
        "grant": "organization",
        "username": AUTOMATION,
        "scopes": SCOPES,
    }
    organization_id = project.organization.connection["organization_id"]

    def run(*handed_over: Pair, **more: Any) -> dict[str, Any]:
        connection = {"organization_id": organization_id}
        given = {"which": "administrator", "connection": connection, "administrator_grants": [grant]}
        return project.run(*handed_over, **given, **more)

    run(project.add(grant=grant))
    project.on(DUE)
    assert project.kinds(run()) == ["replace"]
    other = project.add("2028-05-31", grant={**grant, "username": FILING["username"]})
    refused = run(other)
    assert "the organization cannot be read with them" in refused["grant"]["error"]["msg"]
    pair = project.add("2028-05-31", grant=grant)
    assert run(pair)["grant"]["error"] is None
    entry = project.actions.decrypted(project.credentials)["workiva_credentials"]["administrator"]["organization"]
    assert (entry["client_id"], entry["number"]) == (pair["client_id"], "2")
