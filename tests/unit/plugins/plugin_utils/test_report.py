# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a playbook does, refuses and reports, from its variables, its project and the results of its tasks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import (
    DeclaredCertificate,
    DeclaredNotice,
    DeclaredTarget,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    LoadedProject,
    RunSettings,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._read_value import read_value
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import NoticeResult, UserResult
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.plan import (
    RunFacts,
    certificate_failures,
    project_refusal,
    refusal,
    run_facts,
    with_project,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import (
    Report,
    Results,
    kept_users,
    report_of,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import summarize
from tests._declared import LOADED

ROOT = Path(__file__).resolve().parents[4]
PROJECT = replace(
    LOADED,
    integrations=("payroll-sync", "ledger-load"),
    absent=("payroll-sync",),
    delete_declared=("payroll-sync",),
)
USER = {"integration": "payroll-sync", "username": "payroll-sync@example.com", "id": "V0ZVc2Vy"}


def order(number: str) -> dict[str, str]:
    return {"number": number, "integration": "i", "grant": "g", "waits_for": "anna@example.com"}


def kind(name: str) -> dict[str, Any]:
    return {"grants": [{"integration": name, "grant": "main"}], "orders": [order(name)]}


GRANTS = {name: kind(name) for name in ("integrations", "file_administrator", "administrator")}


def facts(playbook: str, *given: str, is_local: bool = True, **settings: Any) -> RunFacts:
    return run_facts(playbook, {"handover": "defer", **settings}, given, is_local=is_local)


def report(
    playbook: str, results: dict[str, Any], project: LoadedProject = PROJECT, *, check_mode: bool = False, **more: Any
) -> Report:
    how = replace(facts(playbook, done=["payroll-sync.main.1"]), other_grants=("payroll-sync.main",), **more)
    return report_of(how, project, Results.of({"grants": GRANTS, **results}), check_mode=check_mode)


@pytest.mark.parametrize("playbook", ["onboard", "offboard"])
def test_run_facts_of_a_run_that_changes(playbook: str) -> None:
    found = facts(playbook)
    assert (found.use, found.writes, found.handover) == ("write", True, "defer")
    assert set(found.orders.values()) == {"all"}
    assert not any(getattr(found, name) for name in ("asks", "saves", "clones", "applies", "prepares"))


def test_run_facts_of_verify_write_nothing_whatever_is_given() -> None:
    found = facts("verify", "repository_url", "changes", artifact=True)
    assert (found.use, found.writes, found.handover) == ("read", False, "none")
    assert set(found.orders.values()) == {"none"}
    assert not any(getattr(found, name) for name in ("saves", "clones", "applies", "prepares"))


def test_run_facts_of_handover_open_only_the_first_order_of_the_administrator() -> None:
    found = facts("handover", handover="prompt")
    assert found.asks
    assert found.orders == {
        **{"administrator": "all", "file_administrator": "open", "integrations": "open"},
        "users": "all",
    }
    assert not facts("handover", handover="vars").asks


def test_run_facts_save_what_a_job_would_lose() -> None:
    clone = facts("onboard", "repository_url")
    assert (clone.clones, clone.saves, clone.prepares) == (True, True, True)
    artifact = facts("onboard", artifact=True)
    assert (artifact.clones, artifact.saves, artifact.prepares) == (False, True, True)
    changes = facts("save", "changes")
    assert (changes.applies, changes.saves, changes.prepares) == (True, False, True)
    assert facts("onboard", is_local=False).prepares


def test_run_facts_leave_certificates_alone_in_a_limited_run() -> None:
    notice = DeclaredNotice("vendor@example.com", "us@example.com", ("ops@example.com",), "mail.example.com")
    whole = replace(PROJECT, certificates=(DeclaredCertificate("api", "/srv/api.pem"),), certificate_notice=notice)
    found = with_project(facts("onboard"), whole)
    assert (found.certificates, found.notice) == (True, True)
    limited = with_project(facts("onboard"), replace(whole, run=RunSettings(only=("payroll-sync",))))
    assert (limited.certificates, limited.notice) == (False, False)
    bare = with_project(facts("onboard"), PROJECT)
    assert not any((bare.certificates, bare.notice, bare.file_administrators, bare.by_people))


def test_tasks_are_named_for_what_they_do_in_a_run() -> None:
    assert with_project(facts("onboard"), PROJECT).task_names["users"] == "Create users and change their access"
    assert with_project(facts("verify"), PROJECT).task_names["users"] == "Compare users and their access"
    by_people = replace(PROJECT, administration="reader")
    assert with_project(facts("onboard"), by_people).task_names["users"] == "Compare users and their access"
    assert facts("verify").task_names["files"] == "Compare permissions on files"
    assert facts("handover").task_names["grants"].startswith("Check stored credentials, accept new ones")


def test_run_facts_are_read_from_their_result_as_they_were() -> None:
    found = with_project(facts("verify", "only", fail_on=["expired"]), PROJECT)
    assert read_value(RunFacts, json.loads(json.dumps(found.as_result()))) == found
    assert (found.texts("fail_on"), found.texts("certificate_fail_on")) == (("expired",), ())


def test_certificate_failures_are_chosen_in_verify_only() -> None:
    assert certificate_failures("verify", ("changed",)) == ("changed",)
    assert certificate_failures("verify", ()) == ()
    assert certificate_failures("onboard", ("changed",)) == ("failed", "untrusted", "unreachable")


def test_offboard_needs_a_name_and_an_absent_integration() -> None:
    assert "No integration is named. Nothing was changed." in (refusal("offboard", {"only": []}, ()) or "")
    assert refusal("offboard", {"only": ["payroll-sync"]}, ()) is None
    assert refusal("onboard", {"only": []}, ()) is None
    assert project_refusal("offboard", PROJECT) == (
        "Not marked state: absent: ledger-load. Nothing was changed. Write state: absent into integrations.d/ledger-load.yml, and run "
        "again. Without it, the next onboard would give the access back."
    )
    assert project_refusal("offboard", replace(PROJECT, integrations=("payroll-sync",))) is None
    assert "No integration was named. Nothing was changed." in (
        project_refusal("offboard", replace(PROJECT, integrations=())) or ""
    )
    assert project_refusal("onboard", PROJECT) is None


def test_save_needs_changes() -> None:
    assert "workiva_changes, the artifact of an earlier job, was not given" in (refusal("save", {}, ()) or "")
    assert refusal("save", {}, ("changes",)) is None


def test_report_joins_the_grants_and_orders_of_all_kinds() -> None:
    file = {
        **{
            "integration": "payroll-sync",
            "workspace": "W",
            "file": "f",
            "about": None,
            "file_owner": "",
            "permissions": [],
        },
        **{"grant": None, "access": True, "finding": "ok", "detail": ""},
    }
    found = report(
        "onboard",
        {
            "users": {"users": [USER], "orders": [order("user")]},
            "file_access": {"files": [file], "orders": [order("file")]},
        },
    )
    assert [grant.integration for grant in found.grants] == ["administrator", "file_administrator", "integrations"]
    assert [one.number for one in found.orders] == [
        *("administrator", "file_administrator", "user", "integrations", "file")
    ]
    assert found.users == (UserResult(**USER),)
    assert [one.file for one in found.files] == ["f"]
    assert (found.would, found.unaccepted) == (False, ())


def test_report_of_check_mode_and_of_verify_is_about_what_would_be_done() -> None:
    assert report("offboard", {}, check_mode=True).would
    assert report("verify", {}).would
    assert not report("offboard", {}).would


def test_report_of_a_waiting_run_names_what_was_not_accepted() -> None:
    results = {
        "grants": {"administrator": kind("administrator")},
        "preflight": {"waiting": True, "reason": "None yet."},
    }
    found = report("offboard", results)
    assert (found.is_waiting, found.trouble, found.users) == (True, "", None)
    assert found.unaccepted == ("payroll-sync.main", "payroll-sync.main.1")
    assert found.notes[0].endswith("Nothing was changed in Workiva.")
    assert found.notes[1:] == ("Run this playbook again after the handover.",)


def test_report_of_verify_lists_the_orders_of_the_journals() -> None:
    results = {
        "preflight": {"waiting": False, "reason": ""},
        "users": {"skipped": True},
        "open_orders": {"orders": [order("x")], "chosen": []},
    }
    found = report("verify", results, settings={"fail_on": ["expired"]})
    assert [one.number for one in found.orders] == ["x"]
    assert (found.fail_on, found.users) == (("expired",), None)


def test_report_of_verify_shows_no_users_where_they_could_not_be_read() -> None:
    results = {"preflight": {"reason": "The grant was refused."}, "users": {"users": [USER]}}
    found = report("verify", results)
    assert (found.users, found.trouble) == (None, "The grant was refused.")


def test_a_user_that_the_run_did_not_confirm_to_delete_is_noted() -> None:
    assert report("onboard", {"users": {"users": [USER]}}).notes == (
        "The user of payroll-sync was kept: its deletion needs a second confirmation. Run offboard with "
        "-e workiva_only=payroll-sync -e workiva_delete_user=payroll-sync.",
    )
    user = UserResult(**USER)
    assert kept_users(PROJECT, [replace(user, id=None)]) == []
    assert kept_users(replace(PROJECT, run=RunSettings(delete_user=("payroll-sync",))), [user]) == []
    assert kept_users(replace(PROJECT, administration="reader"), [user]) == []


def departed(*, changed: bool, left: bool = True) -> dict[str, Any]:
    return {"users": {"users": [{**USER, "id": None, "state": "absent", "changed": changed, "left": left}]}}


@pytest.mark.parametrize(
    ("playbook", "check_mode", "results", "is_noted"),
    [
        ("offboard", False, departed(changed=True), True),
        ("offboard", False, departed(changed=False), True),
        ("offboard", True, departed(changed=False), True),
        ("offboard", True, departed(changed=True), False),
        ("offboard", False, departed(changed=False, left=False), False),
        ("onboard", False, departed(changed=True), True),
        ("onboard", False, departed(changed=False), False),
    ],
)
def test_an_integration_that_left_is_noted_by_the_run_that_sees_it_and_by_each_offboard(
    playbook: str, check_mode: bool, results: dict[str, Any], is_noted: bool
) -> None:
    left = (
        "payroll-sync has left: it has no access and no grant any more, and no work order is open. You can keep or remove its file.",
    )
    assert report(playbook, results, check_mode=check_mode).notes == (left if is_noted else ())


def test_deliver_without_a_target_says_why_it_did_nothing_and_nothing_of_work_orders() -> None:
    found = report("deliver", {"grants": {}})
    assert found.notes == (
        "No integration of this run declares deliver, so there is nothing to deliver (docs/delivery.md of the collection).",
    )
    assert "work order" not in " ".join(summarize(found))
    target = DeclaredTarget("payroll-sync", "filing", "app")
    assert report("deliver", {"grants": {}}, replace(PROJECT, targets=(target,))).notes == ()


def replacing(grant: str) -> dict[str, str]:
    return {**order(f"i.{grant}.2"), "grant": grant, "kind": "replace"}


@pytest.mark.parametrize(
    ("opened", "check_mode", "notes"),
    [
        (
            ["i.a.2", "i.b.2"],
            False,
            ["Rotation started: i.a, i.b. The present grants stay in use until the new credentials are handed over."],
        ),
        (
            ["i.a.2"],
            True,
            [
                "Rotation would start: i.a. The present grant stays in use until the new credentials are handed over.",
                "Rotation was started before: i.b. The present grant stays in use until the new credentials are handed over.",
            ],
        ),
    ],
)
def test_rotations_that_a_run_started_are_noted(opened: list[str], check_mode: bool, notes: list[str]) -> None:
    orders = [replacing("a"), replacing("b"), replacing("c"), order("i.d.1")]
    grants = {"integrations": {"grants": [], "orders": orders, "opened": opened}}
    named = ("i.a", "i.b", "i.d")
    assert list(report("rotate", {"grants": grants}, check_mode=check_mode, rotate=named).notes) == notes


@pytest.mark.parametrize("given", ["grants", ["grants"], {"gramts": {}}])
def test_results_of_unknown_names_are_refused(given: Any) -> None:
    with pytest.raises(InvalidArgument, match="results must be a mapping"):
        Results.of(given)


def test_results_of_another_form_are_refused_by_their_place() -> None:
    with pytest.raises(InvalidArgument, match=r"users\[0\]\.username is missing"):
        Results.of({"users": {"users": [{"id": "x"}]}})


def test_run_facts_publish_the_open_orders_of_a_run_that_writes() -> None:
    found = facts("onboard", artifact_orders=True)
    assert (found.publishes, found.finishes, found.saves) == (True, True, False)
    assert not facts("verify", artifact_orders=True).finishes


def test_the_notice_is_reported_where_it_was_asked_for() -> None:
    for notice in ({"skipped": True}, {}):
        assert report("onboard", {"notice": notice}).notice is None
    sent = {"message": "m", "to": "v@example.com", "addresses": ["o@example.com"], "changed": True, "error": None}
    assert report("onboard", {"notice": sent}).notice == NoticeResult("v@example.com", ("o@example.com",), changed=True)


@pytest.mark.parametrize("failure", [{"msg": "The template failed."}, {"exception": "Traceback", "msg": ""}])
def test_a_notice_that_ansible_core_failed_is_reported(failure: dict[str, Any]) -> None:
    notice = report("onboard", {"notice": {"failed": False, "changed": False, **failure}}).notice
    assert notice is not None
    assert notice.failure == (failure["msg"] or "The task certificate_notice failed without a message.")


def test_the_notice_is_requested_in_a_job_that_keeps_the_receipt() -> None:
    """Without the option, certificate_notice refuses every job, also one that pushes or publishes what it writes."""
    tasks = yaml.safe_load((ROOT / "playbooks/tasks/certificates.yml").read_text(encoding="utf-8"))
    (task,) = [task for task in tasks if "integrations.workiva.certificate_notice" in task]
    given = task["integrations.workiva.certificate_notice"]["ephemeral_project_ok"]
    assert given == "{{ __workiva_variables.saves }}"


def test_run_facts_know_the_grants_of_file_administrators() -> None:
    grant = DeclaredGrant("file-administrator", "filing", "SEC Filing", "robot@example.com", ("file:read",))
    assert with_project(facts("onboard"), replace(PROJECT, file_administrator_grants=(grant,))).file_administrators
