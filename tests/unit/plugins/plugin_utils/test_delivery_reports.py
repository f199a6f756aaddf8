# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people read of deliveries: the summary of a run, its failure, and the work order of a new client ID."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import DeliveryStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.pages import pages
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import Surroundings
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import GrantResult
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.outcome import find_failure
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.plan import run_facts
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import Report, Results, report_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import summarize
from tests._declared import LOADED
from tests.unit.plugins.plugin_utils._work_order_history import History, want

STATUS = DeliveryStatus("payroll-sync", "filing", "app", "app01", current=2, number=2, how="shown", on="2026-11-27")
FAILED = replace(STATUS, finding="not_delivered", detail="Write the file: Permission denied", number=1)


def report(*deliveries: DeliveryStatus, playbook: str = "onboard", **more: Any) -> Report:
    return Report(playbook, "/srv/p", deliveries=deliveries, **more)


def test_passed_delivery_is_a_change_with_how_it_was_checked() -> None:
    lines = summarize(report(replace(STATUS, steps=("deliver credentials 2 of the grant filing (shown)",))))
    assert "    delivered credentials 2 of the grant filing to app on app01" in lines
    assert "      the target shows the client ID in use" in lines
    assert "Problems" not in lines


def test_delivered_target_is_not_worth_a_line() -> None:
    assert summarize(report(STATUS)) == summarize(report(STATUS, replace(STATUS, host="app02")))
    assert "app01" not in "\n".join(summarize(report(STATUS)))
    full = "\n".join(summarize(report(STATUS, is_full=True)))
    assert "target app on app01: credentials 2 of the grant filing, delivered on 2026-11-27, shown" in full


def test_failed_delivery_is_a_problem_that_fails_the_run() -> None:
    lines = summarize(report(FAILED))
    assert "    target app on app01: not_delivered. Write the file: Permission denied." in lines
    assert find_failure(report(FAILED)) == "Failed: payroll-sync.app. See the summary above for the reason."
    words = "Not delivered: payroll-sync.app. See the summary above for the reason."
    assert find_failure(report(FAILED, playbook="handover")) == words
    assert find_failure(report(STATUS)) is None


def test_due_delivery_is_a_prediction_in_check_mode_and_a_problem_in_verify() -> None:
    due = replace(STATUS, finding="behind", detail="It has credentials 1.", is_due=True, number=1)
    predicted = summarize(report(due, check_mode=True))
    assert "    would deliver credentials 2 of the grant filing to app on app01" in predicted
    assert "Problems" not in predicted
    assert find_failure(report(due, check_mode=True)) is None
    verified = report(due, playbook="verify", fail_on=("behind",))
    assert "    target app on app01: behind. It has credentials 1." in summarize(verified)
    assert find_failure(verified) == "Findings: payroll-sync.app. See the summary above for the reason."
    assert find_failure(replace(verified, fail_on=())) is None


def test_check_mode_predicts_the_delivery_of_credentials_that_a_run_would_store_first() -> None:
    steps = ("verify and store the credentials, and keep the former ones",)
    grant = GrantResult("payroll-sync", "filing", stage="stored", steps=steps, accepted=True)
    line = "    would deliver the new credentials of the grant filing to app on app01"
    behind = replace(STATUS, finding="behind", detail="It has credentials 1.", is_due=True, number=1)
    for target in (STATUS, replace(STATUS, finding="waiting", current=0, number=0), behind):
        predicted = summarize(report(target, playbook="handover", grants=(grant,), check_mode=True))
        assert predicted.count(line) == 1
        assert sum("would deliver" in one for one in predicted) == 1
        assert any("2 changes to make" in one for one in predicted)
    # A file of tasks that cannot be loaded, another grant, and a run that stored them.
    assert line not in summarize(report(FAILED, playbook="handover", grants=(grant,), check_mode=True))
    other = replace(STATUS, grant="esg")
    assert "deliver" not in "\n".join(summarize(report(other, playbook="handover", grants=(grant,), check_mode=True)))
    assert line.replace("would deliver", "delivered") not in summarize(report(STATUS, grants=(grant,)))


def test_full_summary_of_verify_notes_that_no_check_of_a_target_ran() -> None:
    note = "verify runs no checks of targets"

    def summary(playbook: str, is_full: bool, *deliveries: DeliveryStatus) -> str:
        return "\n".join(summarize(report(*deliveries, playbook=playbook, is_full=is_full)))

    assert summary("verify", True, STATUS, replace(STATUS, host="app02")).count(note) == 1
    assert note not in summary("verify", True)
    # A run that has nothing to report says nothing about what is fine.
    assert note not in summary("verify", False, STATUS)
    assert note not in summary("onboard", True, STATUS)


def test_new_credentials_without_a_target_are_noted_in_the_run_that_stores_them() -> None:
    def notes(accepted: bool, *targets: DeclaredTarget) -> tuple[str, ...]:
        grant = {"integration": "payroll-sync", "grant": "filing", "stage": "stored", "accepted": accepted}
        results = Results.of({"grants": {"integrations": {"grants": [grant]}}})
        facts = run_facts("handover", {}, (), is_local=True)
        return report_of(facts, replace(LOADED, targets=targets), results, check_mode=False).notes

    (note,) = notes(True)
    assert note.startswith("New credentials without a declared target: payroll-sync. ")
    assert notes(False) == ()
    assert notes(True, DeclaredTarget("payroll-sync", "filing", "app")) == ()


def test_work_order_of_a_new_client_id_names_the_targets_that_filter_by_it() -> None:
    around = Surroundings(client_id_filters={("payroll-sync", "filing"): ["firewall", "logs"]})
    words = "These systems let client IDs in one by one: firewall, logs."

    def text(kind: str, around: Surroundings) -> str:
        (order,) = History().apply(want(kind=kind), around=around).orders
        found = pages(order, around)
        return found[f"{order.number}.md"].decode().replace("`", "").replace("*", "")

    for kind in ("create", "replace"):
        assert words in text(kind, around)
        assert "one by one" not in text(kind, Surroundings())
    assert "one by one" not in text("regenerate", around)
