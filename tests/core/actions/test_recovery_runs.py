# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each case of docs/recovery.md with whole playbooks, from stored grants to the run that changes nothing again: what is printed, which
work orders are opened, and what a person does. test_recovery.py has the combinations of the answers to open questions."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.core._actions import connected
from tests.core.actions._recovery import CASES, USERNAME, Site
from tests.faults._stage import PAYROLL, Stage, opened
from workiva_simulator import rules

pytestmark = pytest.mark.once

Start = Callable[..., Site]
REGENERATE = [("payroll-sync.filing", "regenerate")]


@pytest.fixture(scope="module")
def opened_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with opened(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture
def start(opened_stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Start:
    """Starts from stored grants, under answers to open questions."""
    connected(monkeypatch, opened_stage.actions, tmp_path)
    opened_stage.wire.install(monkeypatch)

    def site(*answers: str) -> Site:
        made = Site(opened_stage, answers)
        made.open()
        return made

    return site


@pytest.mark.parametrize("answer", ["renamed_user=ends_secrets", "renamed_user=keeps_secrets"])
def test_renamed_user_is_declared_under_its_new_name(start: Start, answer: str) -> None:
    site = start(answer)
    state = site.organization.state
    with state.transaction():
        rules.change_user(state, site.user(), {"username": "payroll-new@example.com"})
    for playbook in ("verify", "onboard"):
        site.assert_quoted("user renamed", site.play(playbook))
        assert (site.run.changed, site.orders()) == (False, [])
    user = {**PAYROLL["user"], "username": "payroll-new@example.com", "previous_username": USERNAME}
    site.declare({**PAYROLL, "user": user})
    site.play("onboard")
    if answer == "renamed_user=ends_secrets":
        assert site.orders() == [("payroll-sync.esg", "regenerate"), *REGENERATE]
        site.play("handover", handed_over=[site.regenerate("esg"), site.regenerate()])
    site.assert_recovered()


@pytest.mark.parametrize("answer", ["suspended_user=refused", "suspended_user=accepted"])
def test_suspended_user_is_activated_by_an_administrator(start: Start, answer: str) -> None:
    site = start(answer)
    state = site.organization.state
    state.put("user", {**site.user(), "status": "suspended"})
    for playbook in ("verify", "onboard"):
        text = site.play(playbook)
        assert (site.run.changed, site.orders()) == (False, [])
        assert f"{USERNAME}: The user is suspended although it is in a workspace" in text
        if answer == "suspended_user=refused":
            site.assert_quoted("user suspended", text)
    state.put("user", {**site.user(), "status": "active"})
    site.assert_recovered()


def test_user_that_was_removed_from_its_workspaces_is_added_again(start: Start) -> None:
    site = start()
    state = site.organization.state
    with state.transaction():
        for membership in state.all("membership", user=site.user()["id"]):
            rules.delete_membership(state, membership)
    site.assert_quoted("user out of the workspace", site.play("verify"))
    assert site.orders() == []
    site.play("onboard")
    assert (site.run.failure, site.orders(), site.grant()["health"]) == ("", [], "ok")
    site.assert_recovered()


def test_deleted_grant_is_added_again(start: Start) -> None:
    site = start()
    site.organization.delete_grant(site.stored_client_id())
    site.play("verify")
    assert site.run.failure.startswith("Findings: payroll-sync.")
    for changed in (True, False):
        site.assert_quoted("grant deleted", site.play("onboard"))
        assert (site.run.changed, site.orders()) == (changed, REGENERATE)
    site.play("handover", handed_over=[site.add()])
    assert (site.run.failure, site.orders()) == ("", [])
    site.assert_recovered()


def test_grant_of_another_workspace_is_replaced_by_one_of_another_name(start: Start) -> None:
    site = start()
    (space,) = site.organization.state.all("workspace", name="ESG Reporting")
    site.change(workspace=space["id"])
    for playbook in ("verify", "onboard"):
        site.assert_quoted("other workspace", site.play(playbook))
        assert site.orders() == []
    grants = PAYROLL["grants"]
    declared = {
        **PAYROLL,
        "grants": {**grants, "filing": {**grants["filing"], "state": "absent"}, "next": grants["filing"]},
    }
    site.declare(declared)
    site.play("onboard")
    assert site.orders() == [("payroll-sync.filing", "delete"), ("payroll-sync.next", "create")]
    wrong = {**site.add("next", **grants["esg"]), "grant": "next"}
    site.assert_quoted("other workspace, handed over", site.play("onboard", handed_over=[wrong]))
    site.organization.delete_grant(site.stored_client_id())
    site.play("handover", handed_over=[site.add("next")])
    site.play("onboard")
    assert site.grant()["stage"] == "retired"
    site.assert_recovered()


def test_machine_that_an_allowlist_blocks_asks_for_no_new_secret(start: Start) -> None:
    site = start()
    grants = PAYROLL["grants"]
    filing = {**grants["filing"], "ip_allowlist": ["127.0.0.1"]}
    site.declare({**PAYROLL, "grants": {**grants, "filing": filing}})
    site.play("onboard")
    assert site.orders() == [("payroll-sync.filing", "edit")]
    site.change(ip_allowlist=["127.0.0.1"])
    attested = {"integration": "payroll-sync", "grant": "filing", "ip_allowlist": ["127.0.0.1"]}
    site.play("handover", handed_over=[attested])
    site.change(ip_allowlist=["203.0.113.9"])
    for playbook in ("verify", "onboard"):
        site.assert_quoted("address blocked", site.play(playbook))
        assert (site.run.changed, site.orders()) == (False, [])
    site.change(ip_allowlist=["127.0.0.1"])
    site.assert_recovered()


@pytest.mark.parametrize(
    ("case", "scopes"),
    [("scopes missing", ["file:read"]), ("scopes not declared", ["file:read", "file:write", "graph:read"])],
)
def test_other_scopes_are_changed_by_an_administrator(start: Start, case: str, scopes: list[str]) -> None:
    site = start()
    site.change(scopes=scopes)
    site.assert_quoted(case, site.play("verify"))
    for changed in (True, False):
        site.assert_quoted(case, site.play("onboard"))
        assert (site.run.changed, site.orders()) == (changed, [("payroll-sync.filing", "edit")])
    site.change(scopes=["file:read", "file:write"])
    site.assert_recovered()


def test_rejected_administrator_grant_is_regenerated_before_anything_else(start: Start) -> None:
    site = start()
    grant = site.there("organization", "administrator")
    site.organization.change_grant(grant["client_id"], secrets=[])
    sent = site.organization.writes()
    for changed in (True, False):
        site.assert_quoted("administrator grant rejected", site.play("onboard"))
        assert (site.run.changed, site.orders()) == (changed, [("administrator.organization", "regenerate")])
    assert site.organization.writes() == sent
    site.play("handover", handed_over=[site.regenerate("organization", "administrator")])
    site.assert_recovered()


def test_lost_vault_password_asks_for_all_credentials_in_one_list(start: Start) -> None:
    site = start()
    lost = site.credentials.read_bytes()
    everything = [
        (site.there(name, integration), name, integration)
        for integration, name in (
            ("administrator", "organization"),
            ("file-administrator", "filing"),
            ("ledger-load", "main"),
            ("payroll-sync", "esg"),
            ("payroll-sync", "filing"),
        )
    ]
    site.stage.actions.vault_passwords = {"default": "a new vault password of the tests"}
    for playbook in ("onboard", "handover", "verify"):
        site.assert_quoted("vault password lost", site.play(playbook))
        assert site.credentials.read_bytes() == lost
    site.credentials.rename(site.project / "credentials.lost.yml")
    site.assert_quoted("credentials.yml missing", site.play("onboard"))
    assert not site.run.changed

    site.credentials.write_text("")
    for changed in (True, False):
        text = site.play("onboard")
        assert site.run.changed == changed
        assert site.orders() == [(f"{integration}.{name}", "regenerate") for _grant, name, integration in everything]
        assert "Onboard: the administrator grant has no credentials yet, 5 open work orders" in text
        waiting = text.partition("Waiting for people")[2].partition("Notes")[0]
        assert waiting.count("and regenerate the secret of the grant") == 5
    text = site.play("handover", handed_over=[site.regenerated(*one) for one in everything])
    assert not site.run.failure, text
    site.assert_recovered()
    assert (site.project / "credentials.lost.yml").read_bytes() == lost
    text = site.play("verify")
    assert "Verify: no problems, nothing to change" in text


@pytest.mark.parametrize("way", ["restored", "regenerated"])
def test_old_copy_of_the_credentials_file_is_replaced_by_the_newest_one_or_by_new_credentials(
    start: Start, way: str
) -> None:
    site = start("regenerate=keeps_old")
    old = site.credentials.read_bytes()
    site.play("handover", handed_over=[site.regenerate()])
    newest = site.credentials.read_bytes()
    site.credentials.write_bytes(old)
    site.assert_quoted("old credentials.yml", site.play("verify"))
    assert site.run.failure.startswith("Findings: payroll-sync, payroll-sync.app.")
    for changed in (True, False):
        site.assert_quoted("old credentials.yml", site.play("onboard"))
        assert (site.run.changed, site.orders()) == (changed, REGENERATE)
    assert site.credentials.read_bytes() == old
    if way == "restored":
        site.credentials.write_bytes(newest)
    else:
        site.play("handover", handed_over=[site.regenerate()])
    site.assert_recovered()


def test_entry_that_is_missing_in_the_credentials_file_fails_verify_and_opens_a_work_order(start: Start) -> None:
    site = start()
    before = site.credentials.read_bytes()
    grant = site.there()
    text = site.credentials.read_text("utf-8")
    site.credentials.write_text(re.sub(r"(\n  payroll-sync:)\n    filing:\n(      .*\n)+", r"\1\n", text))
    site.assert_quoted("entry missing in credentials.yml", site.play("verify"))
    assert site.run.failure.startswith("Findings: payroll-sync, payroll-sync.app.")
    for changed in (True, False):
        text = site.play("onboard")
        assert (site.run.changed, site.orders(), "outdated" in text) == (changed, REGENERATE, False)
    lost = site.credentials.read_bytes()
    site.credentials.write_bytes(before)
    site.assert_recovered()
    site.credentials.write_bytes(lost)
    site.play("handover", handed_over=[site.regenerated(grant)])
    assert site.entry()["number"] == "2"
    site.assert_recovered()


@pytest.mark.parametrize("lost", ["journal", "journal/payroll-sync.jsonl"])
def test_lost_journal_is_written_again_from_the_credentials_that_are_accepted(start: Start, lost: str) -> None:
    site = start()
    stored, users = site.credentials.read_bytes(), site.organization.state.all("user")
    path = site.project / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    site.assert_quoted("journal lost", site.play("verify"))
    assert not path.exists()
    site.assert_quoted("journal lost", site.play("onboard"))
    assert (site.run.changed, site.orders(), site.grant()["health"]) == (True, [], "ok")
    site.assert_recovered()
    assert (site.credentials.read_bytes(), site.organization.state.all("user")) == (stored, users)


def test_lost_journal_opens_work_orders_again_and_removes_their_former_pages(start: Start) -> None:
    site = start()
    site.change(scopes=["file:read"])
    site.play("onboard")
    assert site.orders() == [("payroll-sync.filing", "edit")]
    (site.project / "journal/payroll-sync.jsonl").unlink()
    for _run in range(2):
        site.play("onboard")
    pages = sorted(path.name for path in (site.project / "work-orders").glob("payroll-sync.filing.*.html"))
    assert (site.orders(), pages) == ([("payroll-sync.filing", "edit")], ["payroll-sync.filing.1.html"])
    site.change(scopes=["file:read", "file:write"])
    site.assert_recovered()


def test_each_case_of_the_page_is_played_here() -> None:
    text = Path(__file__).read_text("utf-8")
    assert [case for case in CASES if f'"{case}"' not in text] == []
    assert len(CASES) > 10
