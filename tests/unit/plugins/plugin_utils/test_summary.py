# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary names every integration once, and everybody who is waited for."""

from __future__ import annotations

from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import summary

GRANT = {
    "integration": "payroll-sync",
    "grant": "filing",
    "stage": "requested",
    "health": "unchecked",
    "findings": [{"finding": "unchecked", "detail": "no pair was handed over yet"}],
    "next": "hand the pair over with the playbook handover",
}
ORDER = {
    "integration": "payroll-sync",
    "grant": "filing",
    "number": "payroll-sync.filing.1",
    "waits_for": "olivia@example.com",
    "page": "work-orders/payroll-sync.filing.1.html",
}
USER = {"integration": "payroll-sync", "username": "payroll-sync@example.com", "status": "active", "steps": ["created"]}


def test_one_block_per_integration() -> None:
    lines = summary("Onboard", users=[USER], grants=[GRANT], orders=[ORDER])
    assert lines.count("payroll-sync") == 1
    assert "  user   payroll-sync@example.com: active" in lines
    assert "         changed: created" in lines
    assert "  grant  filing: requested, unchecked" in lines
    assert lines[-1] == "waiting for olivia@example.com: payroll-sync.filing.1"


def test_failed_item_is_counted_and_listed() -> None:
    failed = {**USER, "error": {"msg": "the workspace is unknown"}}
    lines = summary("Onboard", users=[failed], grants=[{**GRANT, "error": "no vault"}])
    assert "         FAILED: the workspace is unknown" in lines
    assert "         FAILED: no vault" in lines
    assert lines[-1].endswith("2 FAILED")


def test_health_and_days_left() -> None:
    stored = {**GRANT, "stage": "stored", "health": "ok", "expires": "2027-06-30", "days_left": 218, "findings": []}
    lines = summary("Verify", grants=[stored])
    assert "  grant  filing: stored, ok, expires 2027-06-30 (in 218 days)" in lines
    assert lines[-1] == "1 grant (1 ok)"


def test_what_was_not_looked_at_is_not_counted_as_none() -> None:
    stored = {**GRANT, "stage": "stored", "health": "ok", "findings": []}
    assert summary("Verify", grants=[stored, stored], orders=[])[-1] == "2 grants (2 ok), no open work orders"
    assert summary("Verify", grants=[stored], orders=[ORDER])[-2] == "1 grant (1 ok), 1 open work order"
    assert summary("Check", notes=["Nothing is wrong."])[-1] == "Nothing is wrong."
    assert "user" not in summary("Verify", grants=[stored], users=None)[-1]


def test_the_command_that_answers_orders_is_printed_once() -> None:
    command = "ansible-playbook handover.yml --vault-id prod@prompt"
    two = [{**ORDER, "handover": command}, {**ORDER, "number": "payroll-sync.filing.2", "handover": command}]
    lines = summary("Onboard", grants=[GRANT], orders=[*two, {**ORDER, "handover": None}])
    assert [line for line in lines if "ansible-playbook" in line] == [
        f"When an order is done, run in the project folder: {command}"
    ]


def test_open_work_is_listed_with_the_user() -> None:
    asked = {
        "integration": "payroll-sync",
        "username": "payroll-sync@example.com",
        "state": "absent",
        "asked": ["remove from the workspace 'SEC Filing'"],
        "notes": ["The user is kept."],
        "fields": {"username": {"value": "payroll-sync@example.com", "known": "attested"}},
    }
    lines = summary("Offboard", users=[asked], orders=[{**ORDER, "grant": "user", "number": "payroll-sync.user.1"}])
    assert "  user   payroll-sync@example.com: status unknown, attested, declared absent" in lines
    assert "         for people to do: remove from the workspace 'SEC Filing'" in lines
    assert "         note: The user is kept." in lines
    assert any(
        line.startswith("         waits for olivia@example.com: work order payroll-sync.user.1") for line in lines
    )


def test_a_job_whose_folder_is_thrown_away_names_pages_from_its_project() -> None:
    order = {**ORDER, "page": "/tmp/job/project/work-orders/payroll-sync.filing.1.html"}
    lines = summary("Onboard", grants=[GRANT], orders=[order], relative_to="/tmp/job/project")
    waits = "waits for olivia@example.com: work order payroll-sync.filing.1"
    assert f"         {waits} (work-orders/payroll-sync.filing.1.html)" in lines


def test_reason_why_undeclared_access_is_unknown_is_printed_once_for_several_users() -> None:
    reported = "Only the report over all users was read."
    users = [{"username": name, "status": "active", "excess_access_unknown": reported} for name in ("a@x", "b@x")]
    other = {"username": "c@x", "status": "active", "excess_access_unknown": "The report does not name this user."}
    lines = summary("Title", users=[*users, other])
    assert [line.strip() for line in lines if "report" in line] == [
        "excess access unknown: The report does not name this user.",
        f"Undeclared access of several users is not known for sure: {reported}",
    ]
