# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that are killed between two writes, credentials written by hand, and a lost file: what is known stays known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, fold
from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._filing import FILING, arguments_of
from tests.core.actions._killed import Killed, die_at

pytestmark = pytest.mark.once

NUMBER = "payroll-sync.filing.1"


class Project:
    """A project folder, and runs of the action on its grant."""

    def __init__(self, organization: Organization, actions: Actions, folder: Path) -> None:
        self.organization = organization
        self.actions = actions
        self.folder = folder
        self.credentials = folder / "credentials.yml"
        folder.mkdir()

    def run(self, *pairs: dict[str, str], check_mode: bool = False, **more: Any) -> dict[str, Any]:
        """Checks, opens the orders, accepts what is handed over, closes the orders."""
        grant = {**FILING, **more.pop("grant", {})}
        given = [{"integration": "payroll-sync", "grant": "filing", **pair} for pair in pairs]
        arguments = arguments_of(self.organization, self.folder, grants=[grant], **more)
        result = self.actions(
            "oauth2_grants", {**arguments, "handover": "vars", "handed_over": given}, check_mode=check_mode
        )
        assert "failed" not in result, result
        return {**result, "grant": result["grants"][0]}

    def pair(self) -> dict[str, str]:
        """The client credentials of a grant that an administrator created as ordered."""
        created = self.organization.create_grant(
            username=FILING["username"], scopes=FILING["scopes"], expires=FILING["expires"]
        )
        return {name: created[name] for name in ("client_id", "client_secret")}

    def events(self) -> list[dict[str, Any]]:
        path = self.folder / "journal" / "payroll-sync.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def names(self) -> list[str]:
        return [event["event"] for event in self.events()]

    def state(self) -> GrantState:
        return fold(Journal(str(self.folder / "journal"), "payroll-sync").events()).get("filing", GrantState())


@pytest.fixture
def project(organization: Organization, actions: Actions, tmp_path: Path) -> Project:
    return Project(organization, actions, tmp_path / "project")


def kill_after_the_vault(project: Project, pair: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        die_at(2, patch)
        with pytest.raises(Killed):
            project.run(pair)


def unreachable(project: Project) -> dict[str, Any]:
    """Options with which nothing of Workiva is reached."""
    entries = [entry.rpartition(":")[0] + ":9" for entry in project.organization.connection["connect_to"]]
    return {"connection": {"connect_to": entries}}


def assert_create_order_is_closed(project: Project) -> None:
    """The order is closed once and never withdrawn, and the order to delete the grant shows its Client Name."""
    ordered = next(event for event in project.events() if event["event"] == "ordered")
    ended = [event["event"] for event in project.events() if event.get("order") == NUMBER]
    assert ended == ["ordered", "closed"]
    assert project.state().client_name == ordered["fields"]["client_name"]
    assert not list((project.folder / "work-orders").glob(f"{NUMBER}.*"))
    (delete,) = project.run(grant={"state": "absent"})["orders"]
    assert (delete["kind"], delete["fields"]["client_name"]) == ("delete", ordered["fields"]["client_name"])


def assert_killed_handover_is_completed(
    project: Project, monkeypatch: pytest.MonkeyPatch, step: int, *, writes: int
) -> None:
    """Hands credentials over in a run that is killed at a step, of which it has no more than C(writes), and runs again."""
    pair = project.pair()
    with monkeypatch.context() as patch:
        was_killed = die_at(step, patch)
        try:
            project.run(pair)
        except Killed:
            pass
        else:
            assert not was_killed()
            assert step > writes
    # What reached the vault is not handed over again.
    result = project.run(*([] if project.credentials.exists() else [pair]))
    assert (result["grant"]["stage"], result["grant"]["health"], result["orders"]) == ("stored", "ok", [])
    assert project.names() == ["ordered", "received", "verified", "stored", "closed"]
    assert_create_order_is_closed(project)


@pytest.mark.parametrize("step", range(1, 9))
def test_killed_handover_closes_its_order_in_the_next_run(
    project: Project, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    assert project.run()["orders"][0]["number"] == NUMBER
    assert_killed_handover_is_completed(project, monkeypatch, step, writes=4)


@pytest.mark.parametrize("step", range(1, 15))
def test_killed_first_run_with_credentials_ends_like_an_undisturbed_one(
    project: Project, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    assert_killed_handover_is_completed(project, monkeypatch, step, writes=12)


@pytest.mark.parametrize("step", range(1, 9))
def test_run_killed_while_it_writes_an_order_is_completed(
    project: Project, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    with monkeypatch.context() as patch:
        die_at(step, patch)
        with pytest.raises(Killed):
            project.run()
    assert project.run()["orders"][0]["number"] == NUMBER
    assert project.names() == ["ordered"]
    pages = sorted(path.name for path in (project.folder / "work-orders").iterdir())
    assert pages == ["index.html", "index.md", f"{NUMBER}.html", f"{NUMBER}.md"]


def test_killed_handover_keeps_its_order_while_the_credentials_cannot_be_checked(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run()
    pair = project.pair()
    kill_after_the_vault(project, pair, monkeypatch)
    before = project.events()
    assert project.run(**unreachable(project))["grant"]["health"] == "unreachable"
    assert project.events() == before
    assert project.run()["closed"] == [NUMBER]
    assert_create_order_is_closed(project)


def test_killed_handover_of_a_grant_that_became_absent_keeps_the_client_name(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run()
    name = project.state().client_name
    pair = project.pair()
    kill_after_the_vault(project, pair, monkeypatch)
    (delete,) = project.run(grant={"state": "absent"})["orders"]
    assert (delete["kind"], delete["fields"]["client_name"]) == ("delete", name)


def test_credentials_written_by_hand_close_the_order_and_keep_the_client_name(project: Project) -> None:
    project.run()
    pair = project.pair()
    secret = project.actions.encrypt(pair["client_secret"]).rstrip().replace("\n", "\n        ")
    project.credentials.write_text(
        "workiva_credentials:\n  payroll-sync:\n    filing:\n"
        f"      client_id: {pair['client_id']}\n      client_secret: !vault |\n        {secret}\n"
    )
    predicted = project.run(check_mode=True)
    assert (predicted["closed"], project.names()) == ([NUMBER], ["ordered"])
    assert project.run()["closed"] == [NUMBER]
    assert_create_order_is_closed(project)


def test_wrong_credentials_written_by_hand_leave_the_order_open(project: Project) -> None:
    project.run()
    secret = project.actions.encrypt("wk_secret_" + "x" * 30).rstrip().replace("\n", "\n        ")
    project.credentials.write_text(
        "workiva_credentials:\n  payroll-sync:\n    filing:\n"
        f"      client_id: {'0' * 32}\n      client_secret: !vault |\n        {secret}\n"
    )
    project.run()
    assert project.names() == ["ordered"]
    assert project.run(project.pair())["closed"] == [NUMBER]
    assert_create_order_is_closed(project)


def test_missing_credentials_file_is_reported_and_no_order_is_written(project: Project) -> None:
    project.run()
    project.run(project.pair())
    content = project.credentials.read_bytes()
    project.credentials.unlink()
    before = project.events()
    for handover in ("none", "defer", "vars"):
        result = project.actions("oauth2_grants", arguments_of(project.organization, project.folder, handover=handover))
        assert result["failed"]
        assert (
            "credentials.yml is missing, but the journal says that it holds the credentials of 1 grant" in result["msg"]
        )
        assert "filing of payroll-sync. Nothing was asked for" in result["msg"]
        assert "Restore the file from version control" in result["msg"]
    assert project.events() == before
    project.credentials.write_bytes(b"")
    assert [order["kind"] for order in project.run()["orders"]] == ["regenerate"]
    project.credentials.write_bytes(content)
    assert project.run()["orders"] == []
