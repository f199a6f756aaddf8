# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a playbook does, refuses and reports, from its variables, its project and the results of its tasks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import (
    DeclaredCertificate,
    DeclaredNotice,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    RunSettings,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.plan import (
    certificate_failures,
    project_facts,
    project_refusal,
    refusal,
    run_facts,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import kept_users, report_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import summary
from tests._declared import LOADED

ROOT = Path(__file__).resolve().parents[4]
PROJECT = replace(
    LOADED,
    integrations=("payroll-sync", "ledger-load"),
    absent=("payroll-sync",),
    delete_declared=("payroll-sync",),
)
RUN: dict[str, Any] = {"settings": {"done": ["payroll-sync.main.1"]}, "other_grants": ["payroll-sync.main"]}
USER = {"integration": "payroll-sync", "username": "payroll-sync@example.com", "id": "V0ZVc2Vy"}


def order(number: str) -> dict[str, str]:
    return {"number": number, "integration": "i", "grant": "g", "waits_for": "anna@example.com"}


def kind(name: str) -> dict[str, Any]:
    return {"grants": [{"integration": name, "grant": "main"}], "orders": [order(name)]}


GRANTS = {name: kind(name) for name in ("integrations", "file_administrator", "administrator")}


def facts(playbook: str, *given: str, is_local: bool = True, **settings: Any) -> dict[str, Any]:
    return run_facts(playbook, {"handover": "defer", **settings}, given, is_local=is_local)


@pytest.mark.parametrize("playbook", ["onboard", "offboard"])
def test_run_facts_of_a_run_that_changes(playbook: str) -> None:
    found = facts(playbook)
    assert (found["use"], found["writes"], found["handover"]) == ("write", True, "defer")
    assert set(found["orders"].values()) == {"all"}
    assert not any(found[name] for name in ("asks", "saves", "clones", "applies", "prepares"))


def test_run_facts_of_verify_write_nothing_whatever_is_given() -> None:
    found = facts("verify", "repository_url", "changes", artifact=True)
    assert (found["use"], found["writes"], found["handover"]) == ("read", False, "none")
    assert set(found["orders"].values()) == {"none"}
    assert not any(found[name] for name in ("saves", "clones", "applies", "prepares"))


def test_run_facts_of_handover_open_only_the_first_order_of_the_administrator() -> None:
    found = facts("handover", handover="prompt")
    assert found["asks"]
    assert found["orders"] == {
        **{"administrator": "all", "file_administrator": "open", "integrations": "open"},
        "users": "all",
    }
    assert not facts("handover", handover="vars")["asks"]


def test_run_facts_save_what_a_job_would_lose() -> None:
    clone = facts("onboard", "repository_url")
    assert (clone["clones"], clone["saves"], clone["prepares"]) == (True, True, True)
    artifact = facts("onboard", artifact=True)
    assert (artifact["clones"], artifact["saves"], artifact["prepares"]) == (False, True, True)
    changes = facts("save", "changes")
    assert (changes["applies"], changes["saves"], changes["prepares"]) == (True, False, True)
    assert facts("onboard", is_local=False)["prepares"]


def test_project_facts_leave_certificates_alone_in_a_limited_run() -> None:
    notice = DeclaredNotice("vendor@example.com", "us@example.com", ("ops@example.com",), "mail.example.com")
    whole = replace(PROJECT, certificates=(DeclaredCertificate("api", "/srv/api.pem"),), certificate_notice=notice)
    assert (project_facts(whole)["certificates"], project_facts(whole)["notice"]) == (True, True)
    limited = project_facts(replace(whole, run=RunSettings(only=("payroll-sync",))))
    assert (limited["certificates"], limited["notice"]) == (False, False)
    assert not any(project_facts(PROJECT).values())


def test_certificate_failures_are_chosen_in_verify_only() -> None:
    settings = {"certificate_fail_on": ["changed"]}
    assert certificate_failures("verify", settings) == ("changed",)
    assert certificate_failures("verify", {"certificate_fail_on": []}) == ()
    assert certificate_failures("onboard", settings) == ("failed", "untrusted", "unreachable")


def test_offboard_needs_a_name_and_an_absent_integration() -> None:
    assert "No integration is named. Nothing was changed." in (refusal("offboard", {"only": []}, ()) or "")
    assert refusal("offboard", {"only": ["payroll-sync"]}, ()) is None
    assert refusal("onboard", {"only": []}, ()) is None
    assert project_refusal("offboard", PROJECT) == (
        "Not declared absent: ledger-load. Write state: absent into integrations.d/ledger-load.yml; otherwise the next "
        "onboard would bring it back. Nothing was changed."
    )
    assert project_refusal("offboard", replace(PROJECT, integrations=("payroll-sync",))) is None
    assert "no integration was named" in (project_refusal("offboard", replace(PROJECT, integrations=())) or "")
    assert project_refusal("onboard", PROJECT) is None


def test_save_needs_changes() -> None:
    assert "workiva_changes, the artifact of an earlier job, is not there" in (refusal("save", {}, ()) or "")
    assert refusal("save", {}, ("changes",)) is None


def test_report_joins_the_grants_and_orders_of_all_kinds() -> None:
    results = {
        "grants": GRANTS,
        "users": {"users": [{**USER, "id": None}]},
        "user_access": {"users": [USER], "orders": [order("user")]},
        "file_access": {"files": [{"file": "f"}], "orders": [order("file")]},
    }
    report = report_of("onboard", PROJECT, RUN, results, check_mode=False)
    assert [grant["integration"] for grant in report["grants"]] == [
        "administrator",
        "file_administrator",
        "integrations",
    ]
    assert [one["number"] for one in report["orders"]] == [
        *("administrator", "file_administrator", "user", "integrations", "file")
    ]
    assert (report["title"], report["judge"], report["users"]) == ("Onboard", "change", [USER])
    assert report["files"] == [{"file": "f"}]
    assert report["unaccepted"] == []


def test_report_of_check_mode_is_marked() -> None:
    title = report_of("offboard", PROJECT, RUN, {"grants": GRANTS}, check_mode=True)["title"]
    assert title == "Offboard (check mode: nothing was changed)"


def test_report_of_a_waiting_run_names_what_was_not_accepted() -> None:
    results = {
        "grants": {"administrator": kind("administrator")},
        "preflight": {"waiting": True, "reason": "None yet."},
    }
    report = report_of("offboard", PROJECT, RUN, results, check_mode=False)
    assert (report["judge"], report["leaves"], report["trouble"]) == ("waiting", True, "")
    assert report["title"] == "Before anything else, the administrator grant is needed"
    assert report["unaccepted"] == ["payroll-sync.main", "payroll-sync.main.1"]
    assert report["notes"][0].endswith("Nothing was changed in Workiva.")
    assert report["users"] is None


def test_report_of_verify_lists_the_orders_of_the_journals() -> None:
    results = {
        "grants": GRANTS,
        "preflight": {"waiting": False, "reason": ""},
        "users": {"skipped": True},
        "open_orders": {"orders": [order("x")], "chosen": []},
    }
    report = report_of("verify", PROJECT, {"settings": {"fail_on": ["expired"]}}, results, check_mode=False)
    assert [one["number"] for one in report["orders"]] == ["x"]
    assert (report["judge"], report["fail_on"], report["users"]) == ("verify", ["expired"], None)


def test_report_of_verify_shows_no_users_where_they_could_not_be_read() -> None:
    results = {"grants": GRANTS, "preflight": {"waiting": False, "reason": "The grant was refused."}}
    report = report_of("verify", PROJECT, {"settings": {}}, results, check_mode=False)
    assert report["users"] is None
    assert report["notes"] == ["Users and access could not be read: The grant was refused."]
    assert report["trouble"] == "The grant was refused."


def test_a_user_that_the_run_did_not_confirm_to_delete_is_noted() -> None:
    note = report_of("onboard", PROJECT, RUN, {"grants": GRANTS, "users": {"users": [USER]}}, check_mode=False)["notes"]
    assert note == [
        "The user of payroll-sync is not deleted without a second confirmation: offboard with "
        "-e workiva_only=payroll-sync -e workiva_delete_user=payroll-sync"
    ]
    assert kept_users(PROJECT, [{**USER, "id": None}]) == []
    assert kept_users(replace(PROJECT, run=RunSettings(delete_user=("payroll-sync",))), [USER]) == []
    assert kept_users(replace(PROJECT, administration="reader"), [USER]) == []


def test_run_facts_publish_the_open_orders_of_a_run_that_writes() -> None:
    found = facts("onboard", artifact_orders=True)
    assert (found["publishes"], found["finishes"], found["saves"]) == (True, True, False)
    assert not facts("verify", artifact_orders=True)["finishes"]


def test_report_shortens_paths_in_a_job() -> None:
    report = report_of("onboard", PROJECT, {"settings": {}, "saves": True}, {"grants": GRANTS}, check_mode=False)
    assert report["relative_to"] == "/srv/workiva"


def test_the_notice_is_reported_where_it_was_asked_for() -> None:
    for notice, expected in (({"skipped": True}, None), ({}, None), ({"message": "m", "error": None}, True)):
        found = report_of("onboard", PROJECT, RUN, {"grants": GRANTS, "notice": notice}, check_mode=False)["notice"]
        assert bool(found) is bool(expected)


@pytest.mark.parametrize("failure", [{"msg": "The template failed."}, {"exception": "Traceback", "msg": ""}])
def test_a_notice_that_ansible_core_failed_is_reported_and_fails_the_run(failure: dict[str, Any]) -> None:
    results = {"grants": GRANTS, "notice": {"failed": False, "changed": False, **failure}}
    notice = report_of("onboard", PROJECT, RUN, results, check_mode=False)["notice"]
    assert notice["msg"] == failure["msg"] or notice["msg"].endswith("failed without a message.")
    assert any("notice FAILED: " + notice["msg"] in line for line in summary("Onboard", notice=notice))
    assert isinstance(notice["error"], dict)


def test_the_notice_is_requested_in_a_job_that_keeps_the_receipt() -> None:
    """Without the option, certificate_notice refuses every job, also one that pushes or publishes what it writes."""
    tasks = yaml.safe_load((ROOT / "playbooks/tasks/certificates.yml").read_text(encoding="utf-8"))
    (task,) = [task for task in tasks if "integrations.workiva.certificate_notice" in task]
    given = task["integrations.workiva.certificate_notice"]["ephemeral_project_ok"]
    assert given == "{{ __workiva_variables.saves }}"


def test_a_grant_of_the_project_is_seen_by_the_run() -> None:
    grant = DeclaredGrant("file-administrator", "filing", "SEC Filing", "robot@example.com", ("file:read",))
    assert project_facts(replace(PROJECT, file_administrator_grants=(grant,)))["file_administrators"]
