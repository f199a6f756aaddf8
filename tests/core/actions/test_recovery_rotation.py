# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a project are lost while a rotation is open: two grants work, and the vault file held the credentials of both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._rotation import DUE, Project

pytestmark = pytest.mark.once

OLD = "credentials before the rotation"


@pytest.fixture
def rotated(organization: Organization, actions: Actions, tmp_path: Path) -> Project:
    """A project whose grant has new credentials, and whose previous grant expires on 2027-06-30."""
    project = Project(organization, actions, tmp_path / "project")
    project.run(project.add())
    (tmp_path / OLD).write_bytes(project.credentials.read_bytes())
    project.on(DUE)
    project.run()
    project.run(project.add("2028-05-31"))
    assert project.entry()["previous_number"] == "1"
    assert project.run()["orders"] == []
    return project


def assert_complete(project: Project) -> None:
    """After the date of the previous grant the rotation is complete, and the next one can start."""
    for day in ("2027-07-02", "2027-07-03", "2027-07-04"):
        project.on(day)
        found = project.run()
    assert (found["orders"], found["changed"], found["grant"]["health"]) == ([], False, "ok")
    assert "previous_client_id" not in project.entry()
    assert project.kinds(project.run(rotate=["payroll-sync.filing"])) == ["replace"]


def test_copy_from_before_the_rotation_is_outdated_and_its_newest_version_brings_all_back(rotated: Project) -> None:
    newest = rotated.files()[str(rotated.credentials)]
    rotated.credentials.write_bytes((rotated.folder.parent / OLD).read_bytes())
    found = rotated.run()
    assert [one["finding"] for one in found["grant"]["findings"]] == ["outdated"]
    assert "They are still accepted." in found["grant"]["findings"][0]["detail"]
    assert rotated.kinds(found) == ["regenerate"]
    # The order is for the new grant: the older one ends by itself.
    assert found["orders"][0]["fields"]["client_id"] != rotated.entry()["client_id"]
    rotated.credentials.write_bytes(newest)
    assert rotated.run()["orders"] == []
    assert_complete(rotated)


def test_copy_from_before_a_rotation_was_given_up_is_outdated(rotated: Project) -> None:
    before = rotated.files()[str(rotated.credentials)]
    rotated.run(rotate=["payroll-sync.filing"], give_up=True)
    newest, events = rotated.files()[str(rotated.credentials)], rotated.events()
    rotated.credentials.write_bytes(before)
    assert [one["finding"] for one in rotated.run()["grant"]["findings"]] == ["outdated"]
    assert not [event for event in rotated.events()[len(events) :] if event["event"] == "stored"]
    rotated.credentials.write_bytes(newest)
    assert rotated.kinds(rotated.run()) == ["retire"]
    assert rotated.entry()["number"] == "1"


@pytest.mark.parametrize("lost", ["old", "empty"])
def test_new_credentials_after_a_loss_leave_no_rotation_open_for_ever(rotated: Project, lost: str) -> None:
    client_id = rotated.entry()["client_id"]
    rotated.credentials.write_bytes((rotated.folder.parent / OLD).read_bytes() if lost == "old" else b"")
    assert rotated.kinds(rotated.run()) == ["regenerate"]
    secret = rotated.organization.regenerate(client_id)
    pair = {"integration": "payroll-sync", "grant": "filing", **secret}
    found = rotated.run(pair)
    assert (found["grant"]["error"], rotated.entry()["number"]) == (None, "3")
    # What an old copy held is of the previous grant.
    assert rotated.entry().get("previous_number") == ("1" if lost == "old" else None)
    assert_complete(rotated)


def test_order_after_a_lost_journal_is_about_the_previous_grant_and_not_about_the_present_one(rotated: Project) -> None:
    entry = rotated.entry()
    rotated.organization.change_grant(entry["previous_client_id"], expires="2028-06-30")
    (rotated.folder / "journal" / "payroll-sync.jsonl").unlink()
    rotated.credentials.write_text(rotated.credentials.read_text().replace(entry["previous_expires"], "2028-06-30"))
    rotated.run()
    (order,) = rotated.run()["orders"]
    assert (order["kind"], order["fields"]["client_id"]) == ("retire", entry["previous_client_id"])
    assert entry["client_id"] not in [order["fields"]["client_id"], order["fields"]["client_name"]]


def test_lost_journal_knows_both_credentials_again(rotated: Project) -> None:
    (rotated.folder / "journal" / "payroll-sync.jsonl").unlink()
    found = rotated.run()
    assert (found["orders"], found["grant"]["health"]) == ([], "ok")
    assert (rotated.entry()["number"], rotated.entry()["previous_number"]) == ("2", "1")
    assert not rotated.run()["changed"]
    assert_complete(rotated)
