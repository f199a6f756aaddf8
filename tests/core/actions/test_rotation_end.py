# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The previous grant of a rotation: it ends by its date or by a work order, and its credentials leave the vault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests._declared import ESG
from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._killed import Killed, die_at
from tests.core.actions._rotation import DUE, NAME, ROTATED, TARGET, Pair, Project

pytestmark = pytest.mark.once


@pytest.fixture
def project(organization: Organization, actions: Actions, tmp_path: Path) -> Project:
    return Project(organization, actions, tmp_path / "project")


def rotated(project: Project, expires: str = "2027-06-30") -> tuple[dict[str, Any], Pair]:
    """The rotation is open: the former credentials expire on that day. Returns both."""
    project.run(project.add(expires))
    former = project.entry()
    project.on(DUE)
    project.run(rotate=[NAME])
    pair = project.add("2028-05-31")
    project.run(pair)
    return former, pair


def previous_of(project: Project) -> list[str]:
    return [name for name in project.entry() if name.startswith("previous_")]


def run_as_predicted(project: Project) -> Any:
    """A run whose steps are those that check mode predicted."""
    predicted = project.run(check_mode=True)
    done = project.run()
    assert predicted["grant"]["steps"] == done["grant"]["steps"]
    return done


def test_previous_grant_whose_expiry_is_near_ends_by_itself(project: Project) -> None:
    _former, pair = rotated(project)
    assert project.run()["orders"] == []
    project.on("2027-07-01")
    seen = run_as_predicted(project)
    assert seen["grant"]["steps"] == [
        "Recorded in the journal that the previous credentials are refused while others are accepted."
    ]
    assert previous_of(project)
    retired = run_as_predicted(project)
    assert retired["grant"]["steps"] == [
        "The previous credentials are refused: removed them from the vault, the rotation is complete."
    ]
    assert previous_of(project) == []
    assert project.entry()["client_id"] == pair["client_id"]
    last = project.events()[-1]
    assert (last["event"], last["credentials"]) == ("retired", 1)
    before = project.files()
    again = project.run()
    assert (again["changed"], again["grant"]["stage"], project.files()) == (False, "stored", before)
    # The grant can be rotated again, with a number of its own.
    assert project.kinds(project.run(rotate=[NAME])) == ["replace"]
    project.run(project.add("2028-06-30"))
    assert (project.entry()["number"], project.entry()["previous_number"]) == ("3", "2")


def test_refusal_of_all_credentials_retires_nothing(project: Project) -> None:
    rotated(project)
    project.on("2029-01-01")
    for _run in range(3):
        project.run()
    assert len(previous_of(project)) == 4


def test_credentials_that_are_accepted_after_a_refusal_are_not_retired(project: Project) -> None:
    former, _pair = rotated(project)
    project.on("2027-07-01")
    project.run()
    project.organization.change_grant(former["client_id"], expires="2027-08-31")
    assert project.run()["grant"]["steps"] == [
        "Recorded in the journal that the previous credentials, refused before, are accepted."
    ]
    project.organization.change_grant(former["client_id"], expires="2027-06-30")
    project.run()
    assert len(previous_of(project)) == 4


def test_expiry_that_is_far_is_brought_forward_and_a_person_confirms_it(project: Project) -> None:
    former, _pair = rotated(project, "2028-01-31")
    (order,) = project.run()["orders"]
    assert (order["kind"], order["fields"]["client_id"]) == ("retire", former["client_id"])
    assert order["fields"]["changes"] == {"expires": {"from": "2028-01-31", "to": "2027-06-08"}}
    page = Path(order["page"]).read_text()
    assert "the present grant has another Client Name" in " ".join(page.split())
    before = project.files()
    assert not project.run()["changed"]
    assert project.files() == before
    done = project.run(done=[order["number"]])
    assert done["closed"] == [order["number"]]
    assert (done["orders"], project.entry()["previous_expires"]) == ([], "2027-06-08")
    project.organization.change_grant(former["client_id"], expires="2027-06-08")
    project.on("2027-06-09")
    project.run()
    project.run()
    assert previous_of(project) == []


def test_verify_says_that_onboard_will_ask_for_the_end_of_the_previous_grant(project: Project) -> None:
    """As between the last delivery and the next onboard."""
    project.run(project.add("2028-01-31"))
    project.on(DUE)
    project.run(rotate=[NAME])
    assert project.kinds(project.run(project.add("2028-05-31"), targets=[TARGET])) == []
    verified = project.run(handover="none")
    assert (verified["orders"], verified["changed"]) == ([], False)
    assert verified["grant"]["next"] == "End the previous grant as its work order says. Then confirm it in handover."
    assert project.kinds(project.run()) == ["retire"]


def test_previous_grant_that_works_past_its_date_is_to_be_deleted(project: Project) -> None:
    former, _pair = rotated(project)
    project.organization.change_grant(former["client_id"], expires="2028-06-30")
    project.on("2027-07-01")
    (order,) = project.run()["orders"]
    assert (order["kind"], order["fields"]["changes"]) == ("retire", {})
    assert "Delete" in Path(order["markdown"]).read_text()
    wrong = project.run(done=[order["number"]])
    assert wrong["grant"]["error"]["msg"].endswith(
        "but the previous credentials are still accepted. Nothing was recorded. Delete the previous grant in Workiva, and confirm "
        "the work order again."
    )
    project.organization.delete_grant(former["client_id"])
    done = project.run(done=[order["number"]])
    assert (previous_of(project), done["closed"]) == ([], [order["number"]])


def test_date_of_the_previous_grant_in_the_file_is_taken_into_account(project: Project) -> None:
    rotated(project, "2028-01-31")
    (order,) = project.run()["orders"]
    text = project.credentials.read_text()
    project.credentials.write_text(text.replace("2028-01-31", "2027-06-10"))
    found = project.run()
    assert (found["orders"], found["withdrawn"]) == ([], [order["number"]])
    assert project.events()[-2]["expires"] == "2027-06-10"


def spoil(project: Project, key: str) -> None:
    """The value of a key in the vault file cannot be decrypted any more."""
    text = project.credentials.read_text()
    head, entry = text[: text.index(f"{key}:")], text[text.index(f"{key}:") :]
    lines = entry.split("\n")
    lines[2] = lines[2][:-1] + ("1" if lines[2][-1] != "1" else "2")
    project.credentials.write_text(head + "\n".join(lines))


def test_previous_credentials_that_cannot_be_decrypted_are_reported_until_their_grant_has_ended(
    project: Project,
) -> None:
    _former, pair = rotated(project)
    spoil(project, "previous_client_secret")
    for _run in range(2):
        found = project.run()
        (finding,) = found["grant"]["findings"]
        assert (finding["finding"], found["changed"]) == ("unchecked", False)
        assert "The previous credentials in the vault cannot be decrypted" in finding["detail"]
        assert "until the previous grant has expired (2027-06-30) or its work order is confirmed" in finding["detail"]
    refused = project.run(rotate=[NAME], give_up=True)
    assert "were not accepted in this run" in refused["grant"]["error"]["msg"]
    project.on("2027-07-01")
    done = run_as_predicted(project)
    assert done["grant"]["steps"] == [
        "The previous grant has ended, and its credentials cannot be decrypted: removed them from the vault, the rotation is complete."
    ]
    assert (done["grant"]["health"], previous_of(project)) == ("ok", [])
    assert project.entry()["client_id"] == pair["client_id"]
    assert not project.run()["changed"]


def test_previous_credentials_that_cannot_be_decrypted_wait_for_a_person_where_no_date_ends_them(
    project: Project,
) -> None:
    rotated(project, "2028-01-31")
    spoil(project, "previous_client_secret")
    (order,) = project.run()["orders"]
    project.run(done=[order["number"]])
    project.on("2027-06-09")
    assert project.run()["grant"]["health"] == "ok"
    assert previous_of(project) == []


def test_absent_grant_keeps_its_entry_until_both_grants_are_gone(project: Project) -> None:
    former, pair = rotated(project)
    project.grants = [{**ROTATED, "state": "absent"}, ESG]
    esg = project.add(grant=ESG)
    assert sorted(project.kinds(project.run(esg))) == ["delete", "retire"]
    project.organization.delete_grant(pair["client_id"])
    project.run()
    project.run()
    assert project.entry()["client_id"] == pair["client_id"]
    project.organization.delete_grant(former["client_id"])
    for _run in range(4):
        project.run()
    assert project.kinds(project.run()) == []
    assert project.actions.decrypted(project.credentials)["workiva_credentials"]["payroll-sync"].keys() == {"esg"}


@pytest.mark.parametrize("step", range(1, 5))
def test_retirement_goes_on_after_a_kill_at_any_write(
    project: Project, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _former, pair = rotated(project)
    project.on("2027-07-01")
    project.run()
    with monkeypatch.context() as patch:
        killed = die_at(step, patch)
        with pytest.raises(Killed):
            project.run()
    assert killed()
    project.run()
    project.run()
    assert (previous_of(project), project.entry()["client_id"]) == ([], pair["client_id"])
    assert [event["event"] for event in project.events()].count("retired") == 1
    assert not project.run()["changed"]
