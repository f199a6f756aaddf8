# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A grant is replaced by a new one while both work: from the day on which it is due until the new credentials are stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._vault import file as _vault_file
from tests._declared import ESG, FILING
from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._killed import Killed, die_at
from tests.core.actions._rotation import DUE, NAME, ROTATED, ROTATION, Project

pytestmark = pytest.mark.once


@pytest.fixture
def project(organization: Organization, actions: Actions, tmp_path: Path) -> Project:
    return Project(organization, actions, tmp_path / "project")


@pytest.fixture
def stored(project: Project) -> Project:
    """A project whose grant is stored, and expires on 2027-06-30."""
    project.run(project.add())
    return project


def test_rotation_starts_when_it_is_due_and_asks_for_the_next_grant(stored: Project) -> None:
    stored.on("2027-05-30")
    assert stored.run()["orders"] == []
    stored.on(DUE)
    predicted = stored.run(check_mode=True)
    (order,) = stored.run()["orders"]
    assert predicted["opened"] == [order["number"]]
    fields = order["fields"]
    assert (order["kind"], fields["expires"], fields["client_id"]) == ("replace", "2028-05-31", None)
    assert fields["client_name"] == "SEC Filing | payroll-sync | 2027-06"
    assert [other["client_id"] for other in fields["leave_alone"]] == [stored.entry()["client_id"]]
    page = Path(order["page"]).read_text()
    assert "30 June 2027, when the present grant expires" in page
    assert "Leave that one unchanged" in page
    before = stored.files()
    again = stored.run()
    assert not again["changed"]
    assert stored.files() == before


def test_verify_says_that_onboard_will_ask_for_the_next_grant(stored: Project) -> None:
    stored.on(DUE)
    before = stored.files()
    verified = stored.run(handover="none", orders="none")
    assert verified["grant"]["next"].startswith("Add the next grant as its work order says")
    assert (verified["orders"], verified["changed"], stored.files()) == ([], False, before)
    assert stored.kinds(stored.run()) == ["replace"]


def test_rotation_without_a_declaration_starts_only_where_it_is_requested(stored: Project) -> None:
    stored.grants = [{**ROTATED, "rotation": None}]
    stored.on(DUE)
    found = stored.run()
    assert found["orders"] == []
    assert "Or declare rotation" in found["grant"]["next"]
    assert stored.kinds(stored.run(rotate=[NAME])) == ["replace"]
    # Once it is open it stays open.
    assert stored.kinds(stored.run()) == ["replace"]


def test_rotation_does_not_start_while_handover_keeps_open_orders_only(stored: Project) -> None:
    stored.on(DUE)
    assert stored.run(orders="open")["orders"] == []


def test_rotation_waits_for_present_credentials_that_work(stored: Project) -> None:
    pair = stored.entry()
    stored.organization.change_grant(pair["client_id"], secrets=[])
    found = stored.run(rotate=[NAME])
    assert stored.kinds(found) == ["regenerate"]
    assert found["grant"]["error"]["msg"] == (
        "The rotation was not started. The present credentials were not accepted in this run."
    )


def test_new_credentials_are_stored_and_the_former_ones_are_kept_in_one_replacement(
    stored: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = stored.entry()
    stored.on(DUE)
    stored.run()
    pair = stored.add("2028-05-31")
    predicted = stored.run(pair, check_mode=True)
    assert stored.entry() == former
    replaced: list[str] = []
    replace_file = _vault_file.replace_file
    monkeypatch.setattr(
        _vault_file,
        "replace_file",
        lambda path, *rest, **more: (replaced.append(path), replace_file(path, *rest, **more)),
    )
    done = stored.run(pair)
    assert replaced == [str(stored.credentials)]
    assert (predicted["grant"]["steps"], predicted["closed"]) == (done["grant"]["steps"], done["closed"])
    assert done["closed"] == ["payroll-sync.filing.2"]
    entry = stored.entry()
    assert (entry["client_id"], entry["client_secret"], entry["expires"], entry["number"]) == (
        pair["client_id"],
        pair["client_secret"],
        "2028-05-31",
        "2",
    )
    assert (entry["previous_client_id"], entry["previous_client_secret"]) == (
        former["client_id"],
        former["client_secret"],
    )
    assert (entry["previous_number"], entry["previous_expires"]) == ("1", "2027-06-30")
    (event,) = [event for event in stored.events() if event["event"] == "stored" and event.get("previous")]
    assert (event["credentials"], event["previous"]) == (2, 1)
    assert former["client_secret"].encode() not in stored.credentials.read_bytes()
    before = stored.files()
    again = stored.run()
    assert (again["changed"], again["orders"]) == (False, [])
    assert stored.files() == before
    # One rotation at a time.
    refused = stored.run(rotate=[NAME])
    assert refused["orders"] == []
    assert "An earlier rotation is open" in refused["grant"]["error"]["msg"]


@pytest.mark.parametrize("wrong", ["present", "scopes", "secret"])
def test_wrong_credentials_of_a_rotation_change_nothing(stored: Project, wrong: str) -> None:
    stored.on(DUE)
    stored.run()
    before, present = stored.files(), stored.entry()
    pair = stored.add("2028-05-31", scopes=["file:read"] if wrong == "scopes" else FILING["scopes"])
    if wrong == "present":
        pair.update({name: present[name] for name in ("client_id", "client_secret")})
        del pair["expires"]
    if wrong == "secret":
        pair["client_secret"] = pair["client_secret"][:-4] + "wxyz"
    found = stored.run(pair)
    assert stored.files() == before
    expected = {"present": "present grant", "scopes": "does not have file:write", "secret": "Nothing was stored"}
    assert expected[wrong] in found["grant"]["error"]["msg"]
    assert stored.kinds(found) == ["replace"]


def test_previous_credentials_are_not_stored_again_in_place_of_the_new_ones(stored: Project) -> None:
    former = stored.entry()
    stored.on(DUE)
    stored.run()
    stored.run(stored.add("2028-05-31"))
    before = stored.files()
    again = {name: former[name] for name in ("client_id", "client_secret")}
    found = stored.run({"integration": "payroll-sync", "grant": "filing", **again})
    assert "These are the previous credentials of the grant" in found["grant"]["error"]["msg"]
    assert (found["changed"], stored.files()) == (False, before)
    # Somebody pressed Regenerate on the wrong one of the two grants.
    secret = stored.organization.regenerate(former["client_id"])
    found = stored.run({"integration": "payroll-sync", "grant": "filing", **secret})
    assert "The client ID is the one of the previous grant. Nothing was stored" in found["grant"]["error"]["msg"]
    assert stored.files()[str(stored.credentials)] == before[str(stored.credentials)]


def test_date_beside_rejected_credentials_is_not_the_date_of_the_present_grant(stored: Project) -> None:
    pair = {**stored.add("2029-01-01"), "client_secret": "wk_secret:oa2c:" + "w" * 30}
    before = stored.files()
    found = stored.run(pair)
    assert found["grant"]["error"]
    assert (stored.entry()["expires"], stored.files()) == ("2027-06-30", before)


def test_fresh_grant_that_is_refused_at_first_is_asked_about_again(stored: Project) -> None:
    stored.on(DUE)
    stored.run()
    stored.organization.switch("fresh_grant", "refused_at_first")
    pair = stored.add("2028-05-31")
    found = stored.run(pair)
    assert (found["grant"]["error"], stored.entry()["client_id"]) == (None, pair["client_id"])


def test_secret_that_was_regenerated_instead_is_stored_and_the_rotation_stays_open(stored: Project) -> None:
    stored.on(DUE)
    stored.run()
    present = stored.entry()
    pair = {**stored.add(), **stored.organization.regenerate(present["client_id"])}
    del pair["expires"]
    found = stored.run(pair)
    assert stored.entry()["client_secret"] == pair["client_secret"]
    assert "previous_client_id" not in stored.entry()
    assert stored.kinds(found) == ["replace"]


def test_declared_change_replaces_the_order_of_a_rotation(stored: Project) -> None:
    stored.on(DUE)
    stored.run()
    stored.grants = [{**ROTATED, "scopes": [*FILING["scopes"], "journal:read"]}]
    changed = stored.run()
    (order,) = changed["orders"]
    assert (order["kind"], changed["withdrawn"]) == ("replace", ["payroll-sync.filing.2"])
    assert order["fields"]["scopes"] == [*FILING["scopes"], "journal:read"]
    assert order["fields"]["client_name"] == "SEC Filing | payroll-sync | 2027-06.2"


def test_orders_of_several_rotations_are_on_one_page(project: Project) -> None:
    esg = {**ESG, "expires": None, "lifetime_days": 365, "rotation": ROTATION}
    project.grants = [ROTATED, esg]
    project.run(project.add(), project.add(grant=ESG))
    project.on(DUE)
    assert project.kinds(project.run()) == ["replace", "replace"]
    text = (project.folder / "work-orders/add-next-grants.organization_admin.html").read_text()
    assert "Add 2 API grants beside the present ones" in text
    assert "needed before" in text.lower()


@pytest.mark.parametrize("step", range(1, 7))
def test_rotation_goes_on_after_a_kill_at_any_write(
    stored: Project, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = stored.entry()
    stored.on(DUE)
    stored.run()
    pair = stored.add("2028-05-31")
    with monkeypatch.context() as patch:
        killed = die_at(step, patch)
        with pytest.raises(Killed):
            stored.run(pair)
    assert killed()
    assert stored.works()
    stored.run(pair)
    entry = stored.entry()
    assert (entry["client_id"], entry["previous_client_id"]) == (pair["client_id"], former["client_id"])
    assert stored.run()["orders"] == []
    events = [event for event in stored.events() if event["event"] == "stored"]
    assert [(event["credentials"], event.get("previous")) for event in events] == [(1, None), (2, 1)]
    assert not stored.run()["changed"]
