# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which results make a run fail, and what its last message says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._run.outcome import (
    Results,
    change_failure,
    handover_failure,
    published_orders,
    verify_failure,
    waiting_failure,
)

FAIL_ON = ["expired", "drifted", "rejected", "blocked_here", "no_access"]
CERTIFICATES = ["failed", "untrusted", "unreachable"]
ERROR = {"msg": "It broke."}


def user(**more: Any) -> dict[str, Any]:
    return {"username": "u@example.com", "integration": "payroll", "state": "present", "steps": [], **more}


def grant(**more: Any) -> dict[str, Any]:
    return {"integration": "payroll", "grant": "filing", "stage": "stored", "health": "ok", "error": None, **more}


def file(**more: Any) -> dict[str, Any]:
    return {"integration": "payroll", "file": "f1", "finding": "ok", "error": None, **more}


def copy(health: str = "ok") -> dict[str, Any]:
    return {"name": "api", "health": health}


def test_a_run_without_a_failure_succeeds() -> None:
    fine = Results([user()], [grant()], [file()], [copy()], [{"service": "nginx", "failed": False}])
    assert change_failure(fine, CERTIFICATES) is None
    assert verify_failure(fine, FAIL_ON, CERTIFICATES) is None
    assert handover_failure(fine) is None


@pytest.mark.parametrize(
    ("results", "name"),
    [
        (Results(users=[user(error=ERROR)]), "u@example.com"),
        (Results(grants=[grant(error=ERROR)]), "payroll"),
        (Results(files=[file(error=ERROR)]), "f1"),
        (Results(certificates=[copy("untrusted")]), "api"),
        (Results(reloads=[{"service": "nginx", "failed": True}]), "nginx"),
        (Results(notice={"error": {"kind": "Unreachable"}}), "certificate_notice"),
    ],
)
def test_a_failed_item_fails_the_run_by_its_name(results: Results, name: str) -> None:
    assert change_failure(results, CERTIFICATES) == f"Failed: {name}. See the summary above for the reason."
    assert f"Findings: {name}." in str(verify_failure(results, FAIL_ON, CERTIFICATES))


def test_an_item_is_named_once() -> None:
    twice = Results(grants=[grant(error=ERROR), grant(grant="other", error=ERROR)])
    assert change_failure(twice, []) == "Failed: payroll. See the summary above for the reason."


def test_handover_fails_for_rejected_credentials_only() -> None:
    assert handover_failure(Results(users=[user(error=ERROR)], grants=[grant(error=ERROR)])) == (
        "Credentials rejected: payroll. See the summary above for the reason. What was stored before is unchanged."
    )


def test_verify_fails_on_the_chosen_findings_only() -> None:
    drifted = Results(grants=[grant(health="drifted"), grant(integration="other", health="expiring")])
    assert verify_failure(drifted, FAIL_ON, []) == "Findings: payroll. See the summary above for the reason."
    assert verify_failure(drifted, ["expiring"], []) == "Findings: other. See the summary above for the reason."
    assert verify_failure(Results(files=[file(finding="no_access")]), FAIL_ON, []) is not None
    assert verify_failure(Results(certificates=[copy("overdue")]), FAIL_ON, CERTIFICATES) is None


@pytest.mark.parametrize("more", [{"steps": ["remove it"]}, {"asked": ["remove it"]}])
def test_verify_counts_access_of_an_absent_integration_as_drift(more: dict[str, Any]) -> None:
    left = Results(users=[user(state="absent", **more)])
    assert "Findings: payroll." in str(verify_failure(left, FAIL_ON, []))
    assert verify_failure(left, ["expired"], []) is None


def test_verify_fails_where_users_could_not_be_read() -> None:
    assert "could not be read: no grant yet." in str(verify_failure(Results(trouble="no grant yet."), [], []))


def test_verify_fails_where_no_stored_grant_could_be_checked() -> None:
    away = grant(health="unreachable")
    assert "No grant could be checked." in str(verify_failure(Results(grants=[away]), [], []))
    assert verify_failure(Results(grants=[away, grant()]), [], []) is None
    assert verify_failure(Results(grants=[grant(stage="requested", health="unchecked")]), [], []) is None


def test_a_waiting_run_fails_for_what_it_could_not_do() -> None:
    nothing: dict[str, Any] = {"leaves": False, "unaccepted": []}
    assert waiting_failure(Results(), CERTIFICATES, **nothing) is None
    assert waiting_failure(Results(certificates=[copy("untrusted")]), CERTIFICATES, **nothing) == (
        "Certificates: api. See the summary above for the reason."
    )
    assert "No access was removed" in str(waiting_failure(Results(), [], leaves=True, unaccepted=[]))
    assert "Not accepted: payroll.filing." in str(
        waiting_failure(Results(), [], leaves=False, unaccepted=["payroll.filing"])
    )


def test_published_orders_have_the_text_of_their_pages_or_their_summary(tmp_path: Path) -> None:
    page = tmp_path / "payroll.filing.1.md"
    page.write_text("# Create the grant\n")
    orders = [
        {"number": "payroll.filing.1", "waits_for": "an administrator", "markdown": str(page), "summary": "short"},
        {"number": "payroll.filing.2", "waits_for": "a@example.com", "markdown": f"{page}.gone", "summary": "short"},
    ]
    assert published_orders(orders) == [
        {"number": "payroll.filing.1", "waits_for": "an administrator", "text": "# Create the grant"},
        {"number": "payroll.filing.2", "waits_for": "a@example.com", "text": "short"},
    ]
