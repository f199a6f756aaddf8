# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The last line of a summary: what is fine. Nothing is that a run would change, and nothing that has left."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.integrations.workiva.plugins.plugin_utils._results import FindingResult
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import Report
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import summarize
from tests.unit.plugins.plugin_utils.test_summary import copy, file, grant, order, user

CHANGED = Report(
    "onboard",
    "/srv/p",
    users=(user(steps=("add to the group 'Data loaders'",)), user("ledger-load")),
    grants=(grant(), grant("ledger-load")),
    copies=(copy(), copy(differences=("new: CN=api",))),
)


def test_what_a_run_would_change_is_not_fine_yet() -> None:
    assert summarize(CHANGED)[-1] == "2 integrations: ok, 2 certificate copies: ok, no open work orders."
    fine = "1 integration: ok, 1 certificate copy: ok"
    assert summarize(replace(CHANGED, check_mode=True))[-1] == f"{fine}, no open work orders."
    assert summarize(replace(CHANGED, playbook="verify"))[-1] == f"{fine}, no open work orders."
    predicted = replace(CHANGED, check_mode=True, to_open=(order(),))
    assert summarize(predicted)[-1] == f"{fine}."


def test_a_limited_run_says_nothing_of_the_work_orders_of_others() -> None:
    report = Report("verify", "/srv/p", is_limited=True, users=(user(),))
    assert summarize(report)[-1] == "1 integration: ok, no open work orders of the named integrations."
    assert summarize(replace(report, users=()))[-1] == "No open work orders of the named integrations."


def test_a_problem_names_the_work_order_that_check_mode_would_open() -> None:
    drifted = grant(health="drifted", findings=(FindingResult("drifted", "It still works."),), next="Do it.")
    report = Report("offboard", "/srv/p", check_mode=True, grants=(drifted,), to_open=(order(),))
    assert summarize(report)[3:7] == [
        "Problems",
        "  payroll-sync",
        "    grant main: drifted. It still works.",
        "      Work order: payroll-sync.main.1",
    ]


def test_a_run_that_withdraws_an_order_does_not_say_that_nothing_changed() -> None:
    report = Report("onboard", "/srv/p", withdrawn=("sync.main.1", "sync.main.1", "sync.main.2"))
    assert summarize(report)[1] == "Onboard: 2 work orders withdrawn"
    assert summarize(replace(report, check_mode=True))[1].endswith("): 2 work orders to withdraw")


def test_an_integration_that_left_is_a_change_once_and_never_fine() -> None:
    report = Report("offboard", "/srv/p", users=(user(state="absent", left=True, changed=True),))
    assert summarize(report) == [
        "",
        "Offboard: 1 change",
        "",
        "Changes",
        "  payroll-sync",
        "    recorded in the journal that it has left",
        "",
        "No open work orders.",
    ]
    again = replace(report, users=(user(state="absent", left=True),))
    assert summarize(again) == ["", "Offboard: no problems, nothing to change", "", "No open work orders."]


def test_a_full_summary_gives_the_reason_why_a_file_was_not_checked_once() -> None:
    unchecked = file(access=None, finding="unchecked", detail="The grant has no scope file:read.")
    report = Report("verify", "/srv/p", is_full=True, files=(unchecked,))
    line = "    file Schedules in SEC Filing: not checked"
    assert f"{line}. The grant has no scope file:read." in summarize(report)
    known = summarize(replace(report, grants=(grant(),)))
    assert line in known
    assert "\n".join(known).count("The grant has no scope file:read.") == 1
