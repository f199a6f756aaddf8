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
from tests.core.actions._killed import Killed, die_at
from tests.core.actions._rotation import DUE, NAME, ROTATED, TARGET, Pair, Project
from tests.core.actions.test_rotation_end import previous_of, rotated

pytestmark = pytest.mark.once

UP = {"rotate": [NAME], "give_up": True}
LEAKED = {"rotate": [NAME], "leaked": True}


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
    again = project.run(**UP)
    assert (again["changed"], again["grant"]["error"], project.files()) == (False, None, before)
    project.organization.delete_grant(pair["client_id"])
    project.run()
    project.run()
    assert (previous_of(project), project.entry()["client_id"]) == ([], former["client_id"])
    # It was due again, which is given up as well.
    assert project.run(**UP)["withdrawn"] == ["payroll-sync.filing.4"]
    again = project.run(**UP)
    assert (again["changed"], again["grant"]["error"]) == (False, None)
    # The next rotation has a number of its own.
    project.run(rotate=[NAME])
    project.run(project.add("2028-05-31"))
    assert (project.entry()["number"], project.entry()["previous_number"]) == ("3", "1")


def test_rotation_is_given_up_before_its_grant_is_added(project: Project) -> None:
    project.run(project.add())
    project.run(rotate=[NAME])
    found = project.run(**UP)
    assert (found["orders"], found["withdrawn"]) == ([], ["payroll-sync.filing.2"])
    before = project.files()
    again = project.run(**UP)
    assert (again["changed"], again["grant"]["error"], project.files()) == (False, None, before)


def test_grant_without_a_rotation_has_nothing_to_give_up(project: Project) -> None:
    project.run(project.add())
    assert "No rotation of this grant is open" in project.run(**UP)["grant"]["error"]["msg"]
    rotated_, _pair = rotated(project)
    project.organization.delete_grant(rotated_["client_id"])
    project.run()
    project.run()
    assert "No rotation of this grant is open" in project.run(**UP)["grant"]["error"]["msg"]


def test_report_of_a_leak_is_given_up_once(project: Project) -> None:
    project.run(project.add())
    (order,) = project.run(**LEAKED)["orders"]
    assert project.run(**UP)["withdrawn"] == [order["number"]]
    again = project.run(**UP)
    assert (again["changed"], again["orders"], again["grant"]["error"]) == (False, [], None)


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
    first = project.add()
    project.run(first)
    leaked = project.entry()
    predicted = project.run(**LEAKED, check_mode=True)
    (order,) = project.run(**LEAKED)["orders"]
    assert predicted["opened"] == [order["number"]]
    assert order["kind"] == "regenerate"
    page = Path(order["markdown"]).read_text()
    assert "The secret of this grant leaked. Regenerate it now" in page
    assert "may work for ten more minutes" in page
    again = project.run(**LEAKED)
    assert (again["changed"], again["grant"]["error"], again["orders"][0]["number"]) == (False, None, order["number"])
    refused = project.run(first)
    assert refused["grant"]["error"]["msg"].startswith("These are the credentials with the secret that leaked")
    assert (refused["changed"], refused["orders"][0]["number"]) == (False, order["number"])
    pair: Pair = {**project.add(), **project.organization.regenerate(leaked["client_id"])}
    del pair["expires"]
    assert project.run(pair)["closed"] == [order["number"]]
    entry = project.entry()
    assert (entry["client_secret"], entry["previous_client_secret"]) == (pair["client_secret"], leaked["client_secret"])
    assert project.run(pair, check_mode=True)["grant"]["error"] is None
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
    assert found["grant"]["findings"][0]["detail"] == (
        "The leaked secret still works. It ends when the grant was replaced by a new one and deleted."
    )
    refused = project.run(**UP)
    assert "The previous secret leaked" in refused["grant"]["error"]["msg"]
    assert (refused["changed"], refused["orders"][0]["number"]) == (False, found["orders"][0]["number"])
    project.run(project.add("2028-05-31"))
    found = project.run()
    assert (found["grant"]["health"], project.kinds(found)) == ("leaked", ["retire"])
    assert found["orders"][0]["fields"]["client_id"] == leaked["client_id"]
    assert project.entry()["previous_client_secret"] == leaked["client_secret"]
    again = project.run(**LEAKED)
    assert (again["changed"], again["grant"]["error"], project.kinds(again)) == (False, None, ["retire"])
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


def test_order_about_the_former_grant_is_closed_when_its_rotation_is_given_up(project: Project) -> None:
    _former, pair = rotated(project, "2028-01-31")
    (order,) = project.run()["orders"]
    found = project.run(**UP, targets=[TARGET])
    assert (found["orders"], found["closed"]) == ([], [order["number"]])
    (order,) = project.run()["orders"]
    assert (order["fields"]["client_id"], order["fields"]["changes"]) == (pair["client_id"], {})


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


def test_scopes_that_are_observed_do_not_answer_the_order_for_a_leak(project: Project) -> None:
    project.run(project.add())
    (order,) = project.run(**LEAKED)["orders"]
    project.organization.change_grant(project.entry()["client_id"], scopes=["file:read"])
    found = project.run()
    assert "Recorded in the journal the scopes that were observed." in found["grant"]["steps"]
    assert (found["closed"], order["number"] in [one["number"] for one in found["orders"]]) == ([], True)


class Administration:
    """Runs on the administrator grant of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.grant: dict[str, Any] = {
            **ROTATED,
            "integration": "administrator",
            "grant": "organization",
            "username": AUTOMATION,
            "scopes": SCOPES,
        }
        self._connection = {"organization_id": project.organization.connection["organization_id"]}

    def add(self, expires: str = "2027-06-30", **fields: Any) -> Pair:
        return self.project.add(expires, grant={**self.grant, **fields})

    def run(self, *handed_over: Pair, **more: Any) -> dict[str, Any]:
        given = {"which": "administrator", "connection": self._connection, "administrator_grants": [self.grant]}
        return self.project.run(*handed_over, **given, **more)

    def entry(self) -> dict[str, Any]:
        found = self.project.actions.decrypted(self.project.credentials)["workiva_credentials"]
        entry: dict[str, Any] = found["administrator"]["organization"]
        return entry


@pytest.fixture
def administration(project: Project) -> Administration:
    return Administration(project)


def test_new_administrator_grant_must_read_the_organization(administration: Administration) -> None:
    administration.run(administration.add())
    administration.project.on(DUE)
    assert administration.project.kinds(administration.run()) == ["replace"]
    refused = administration.run(administration.add("2028-05-31", username=FILING["username"]))
    assert "the organization cannot be read with them" in refused["grant"]["error"]["msg"]
    pair = administration.add("2028-05-31")
    assert administration.run(pair)["grant"]["error"] is None
    assert (administration.entry()["client_id"], administration.entry()["number"]) == (pair["client_id"], "2")


def test_administrator_grant_whose_secret_leaked_is_replaced_and_then_deleted(administration: Administration) -> None:
    administration.run(administration.add("2028-05-31"))
    leaked = administration.entry()
    named = {"rotate": ["administrator.organization"]}
    (order,) = administration.run(**named, leaked=True)["orders"]
    assert (order["kind"], order["fields"]["leaked"]) == ("replace", True)
    page = " ".join(Path(order["markdown"]).read_text().split())
    assert "The secret of this grant leaked. Add the next grant now" in page
    assert "Needed before" not in page
    again = administration.run(**named, leaked=True)
    assert (again["changed"], again["grant"]["error"]) == (False, None)
    # Given up, and reported again.
    assert administration.run(**named, give_up=True)["withdrawn"] == [order["number"]]
    (order,) = administration.run(**named, leaked=True)["orders"]
    pair = administration.add("2028-06-30")
    assert administration.run(pair)["closed"] == [order["number"]]
    found = administration.run()
    assert (found["grant"]["health"], administration.project.kinds(found)) == ("leaked", ["retire"])
    fields = found["orders"][0]["fields"]
    assert (fields["client_id"], fields["changes"]) == (leaked["client_id"], {})
    administration.project.organization.delete_grant(leaked["client_id"])
    administration.run()
    done = administration.run()
    assert (done["orders"], done["grant"]["health"], administration.entry()["client_id"]) == (
        [],
        "ok",
        pair["client_id"],
    )
    assert "previous_client_id" not in administration.entry()


def test_leaked_secret_of_an_administrator_grant_that_was_just_rotated_is_answered_by_giving_up(
    administration: Administration,
) -> None:
    administration.run(administration.add())
    former = administration.entry()
    administration.project.on(DUE)
    administration.run()
    pair = administration.add("2028-05-31")
    administration.run(pair)
    named = {"rotate": ["administrator.organization"]}
    refused = administration.run(**named, leaked=True)
    assert "Give it up with workiva_give_up" in refused["grant"]["error"]["msg"]
    (order,) = administration.run(**named, give_up=True)["orders"]
    assert (order["kind"], order["fields"]["client_id"]) == ("retire", pair["client_id"])
    assert administration.entry()["client_id"] == former["client_id"]


def test_secret_of_an_administrator_grant_that_was_regenerated_after_a_leak_answers_its_order(
    administration: Administration,
) -> None:
    administration.run(administration.add("2028-05-31"))
    client_id = administration.entry()["client_id"]
    (order,) = administration.run(rotate=["administrator.organization"], leaked=True)["orders"]
    secret = administration.project.organization.regenerate(client_id)
    done = administration.run({"integration": "administrator", "grant": "organization", **secret})
    assert (done["closed"], done["orders"]) == ([order["number"]], [])
    administration.run()
    administration.run()
    assert "previous_client_id" not in administration.entry()
    assert not administration.run()["changed"]
