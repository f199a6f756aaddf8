# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action integration_users in this process: an account is changed only where the journal shows whose it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from tests._organization import Organization
from tests.core._actions import Actions

PAYROLL: dict[str, Any] = {
    "integration": "payroll-sync",
    "username": "payroll-sync@example.com",
    "email": "payroll-sync@example.com",
    "given_name": "Payroll",
    "family_name": "Sync",
    "workspaces": [{"name": "SEC Filing", "roles": ["Professional"]}],
}
COLLEAGUE = "anna.k@example.com"
Bring = Callable[..., dict[str, Any]]


@pytest.fixture
def bring(organization: Organization, actions: Actions, tmp_path: Path) -> Bring:
    """Runs the task on users that differ from C(PAYROLL) as given, and returns the result of the first."""

    def run(*changes: dict[str, Any], check_mode: bool = False) -> dict[str, Any]:
        arguments = {
            **organization.connection,
            "users": [{**PAYROLL, **change} for change in changes or ({},)],
            "journal": str(tmp_path / "journal"),
            "on_item_error": "report",
        }
        result = actions("integration_users", arguments, check_mode=check_mode)
        assert not result.get("failed"), result
        first: dict[str, Any] = result["users"][0]
        return first

    return run


def events(folder: Path, integration: str = "payroll-sync") -> list[dict[str, Any]]:
    path = folder / "journal" / f"{integration}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_created_account_is_written_down_and_found_again(
    organization: Organization, bring: Bring, tmp_path: Path
) -> None:
    assert bring(check_mode=True)["changed"]
    assert events(tmp_path) == []
    created = bring()
    assert [(event["event"], event.get("id")) for event in events(tmp_path)] == [
        ("creating", None),
        ("created", created["id"]),
    ]
    assert not bring()["changed"]
    # The names may change: the journal proves the account.
    assert bring({"given_name": "Pay"})["steps"] == ["set given_name to 'Pay'"]
    assert bring({"state": "absent"})["error"] is None
    assert len(events(tmp_path)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"username": COLLEAGUE},
        {"username": COLLEAGUE, "state": "absent"},
        {"previous_username": COLLEAGUE},
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_the_account_of_a_colleague_is_left_alone(
    organization: Organization, bring: Bring, tmp_path: Path, change: dict[str, Any], check_mode: bool
) -> None:
    refused = bring(change, check_mode=check_mode)
    assert refused["error"]["code"] == "not_owned"
    assert refused["error"]["msg"].startswith("The user 'anna.k@example.com' (Anna Kowalska; active; ")
    assert (refused["changed"], refused["steps"]) == (False, [])
    assert refused["plan"]
    assert refused["plan"][0]["text"] in refused["error"]["msg"]
    assert organization.writes() == []
    assert events(tmp_path) == []


def test_an_adopted_account_is_written_down_once(organization: Organization, bring: Bring, tmp_path: Path) -> None:
    adopt = {"username": COLLEAGUE, "adopt": True}
    predicted = bring(adopt, check_mode=True)
    assert predicted["steps"][0] == "adopt the user 'anna.k@example.com'"
    assert events(tmp_path) == []
    adopted = bring(adopt)
    assert adopted["steps"] == predicted["steps"]
    assert [(event["event"], event["id"]) for event in events(tmp_path)] == [("adopted", adopted["id"])]
    assert not bring(adopt)["changed"]
    assert not bring({"username": COLLEAGUE})["changed"]
    assert bring({"username": COLLEAGUE, "state": "absent"})["error"] is None


def test_a_run_killed_after_the_request_knows_its_account_again(
    organization: Organization, bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Journal.append

    def killed(journal: Journal, *new: Any) -> None:
        if new[0]["event"] == "created":
            raise KeyboardInterrupt
        append(journal, *new)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            bring()
    assert [event["event"] for event in events(tmp_path)] == ["creating"]
    finished = bring()
    assert finished["error"] is None
    assert finished["steps"][0] == "record the user 'payroll-sync@example.com', which an interrupted run created"
    assert len(organization.state.all("user", username=PAYROLL["username"])) == 1
    assert not bring()["changed"]


def test_no_account_is_created_that_could_not_be_written_down(
    organization: Organization, bring: Bring, tmp_path: Path
) -> None:
    (tmp_path / "journal").write_text("a file in the place of the folder")
    assert bring()["error"]["kind"] in ("FileTrouble", "InvalidArgument")
    assert organization.writes() == []


def test_a_changed_username_creates_no_second_account(organization: Organization, bring: Bring, tmp_path: Path) -> None:
    bring()
    organization.record.write_text("")
    refused = bring({"username": "payroll@example.com", "email": "payroll@example.com"})
    assert refused["error"]["code"] == "renamed"
    assert "The integration's user is 'payroll-sync@example.com', which keeps its access" in refused["error"]["msg"]
    assert organization.writes() == []
    renamed = bring({"username": "payroll@example.com", "previous_username": "payroll-sync@example.com"})
    assert renamed["steps"] == [
        "rename the user 'payroll-sync@example.com' to 'payroll@example.com', which may end the secrets of its grants"
    ]
    assert not bring({"username": "payroll@example.com"})["changed"]


def test_a_username_that_is_used_again_is_another_account(
    organization: Organization, bring: Bring, tmp_path: Path
) -> None:
    created = bring()
    for membership in organization.state.all("membership", user=created["id"]):
        organization.state.remove("membership", membership["id"])
    organization.state.remove("user", created["id"])
    assert bring()["steps"][0] == "create the user 'payroll-sync@example.com'"
    assert events(tmp_path)[-1]["id"] != created["id"]


def test_journal_of_an_older_release_shows_that_the_account_is_owned(
    organization: Organization, bring: Bring, tmp_path: Path
) -> None:
    stored = {"v": 1, "event": "stored", "grant": "filing", "client_id": "c", "username": COLLEAGUE}
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "payroll-sync.jsonl").write_text(f"{json.dumps(stored)}\n", encoding="utf-8")
    done = bring({"username": COLLEAGUE})
    assert done["error"] is None
    assert done["steps"]


def test_a_damaged_journal_stops_no_other_integration(
    organization: Organization, bring: Bring, actions: Actions, tmp_path: Path
) -> None:
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal/payroll-sync.jsonl").write_text("<<<<<<< HEAD\n")
    other = {"integration": "hr-feed", "username": "hr-feed@example.com", "email": "hr-feed@example.com"}
    damaged = bring({}, other)
    assert damaged["error"]["code"] == "unreadable_record"
    assert "payroll-sync.jsonl line 1 is a conflict marker" in damaged["error"]["msg"]
    assert [event["event"] for event in events(tmp_path, "hr-feed")] == ["creating", "created"]


@pytest.mark.parametrize("is_new", [True, False])
def test_display_name_that_the_server_ignores_is_sent_once(
    organization: Organization, bring: Bring, tmp_path: Path, is_new: bool
) -> None:
    organization.switch("display_name", "always_from_names")
    declared = {"display_name": "Payroll robot"}
    if not is_new:
        bring()
        assert bring(declared, check_mode=True)["steps"] == ["set display_name to 'Payroll robot'"]
    result = bring(declared)
    assert result["ignored"] == declared
    assert result["changed"] == is_new
    note = "Workiva did not accept display_name 'Payroll robot' and shows 'Payroll Sync'. It is not sent again"
    assert any(one.startswith(note) for one in result["notes"])
    assert events(tmp_path)[-1]["fields"] == declared
    sent, written = len(organization.writes()), events(tmp_path)
    for check_mode in (True, False):
        again = bring(declared, check_mode=check_mode)
        assert (again["changed"], again["steps"], again["error"]) == (False, [], None)
        assert any(one.startswith(note) for one in again["notes"])
    assert (len(organization.writes()), events(tmp_path)) == (sent, written)
    # Another value is tried once too; a change of the names is nothing of this.
    other = {"display_name": "Robot", "given_name": "Pay"}
    assert bring(other)["ignored"] == {"display_name": "Robot"}
    assert not bring(other)["changed"]
    # Nothing is noted any more where Workiva shows what is declared.
    assert not [
        one for one in bring({"display_name": "Pay Sync", "given_name": "Pay"})["notes"] if "did not accept" in one
    ]


@pytest.mark.parametrize("answer", ["as_given", "from_names"])
def test_display_name_that_the_server_accepts_is_set(organization: Organization, bring: Bring, answer: str) -> None:
    organization.switch("display_name", answer)
    bring()
    assert bring({"display_name": "Payroll robot"})["steps"] == ["set display_name to 'Payroll robot'"]
    again = bring({"display_name": "Payroll robot"})
    assert (again["changed"], again["ignored"], again["notes"]) == (False, {}, [])
