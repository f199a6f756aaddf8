# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which results make a run fail, and what its last message says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.file_access import FileStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import (
    CopyResult,
    GrantResult,
    NoticeResult,
    OrderResult,
    ReloadResult,
    UserResult,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.outcome import find_failure, published_orders
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import Report

FAIL_ON = ("expired", "drifted", "rejected", "blocked_here", "no_access")
CERTIFICATES = ("failed", "untrusted", "unreachable")
ERROR = Failure("It broke.", "Grant")


def user(**more: Any) -> UserResult:
    return UserResult("u@example.com", integration="payroll", **more)


def grant(integration: str = "payroll", name: str = "filing", **more: Any) -> GrantResult:
    return GrantResult(integration, name, **{"stage": "stored", "health": "ok", **more})


def file(**more: Any) -> FileStatus:
    declared = ("payroll", "SEC Filing", "f1", None, "", (), None, True)
    return FileStatus(*declared, **{"finding": "ok", "detail": "", **more})


def copy(health: str = "ok") -> CopyResult:
    return CopyResult("api", "localhost", health)


def reload(*, failed: bool = False) -> ReloadResult:
    return ReloadResult("localhost", "nginx", failed)


def failure(playbook: str, **found: Any) -> str | None:
    given = {"certificate_fail_on": CERTIFICATES, "fail_on": FAIL_ON, **found}
    return find_failure(Report(playbook, "/srv/workiva", **given))


def test_a_run_without_a_failure_succeeds() -> None:
    fine = {"users": (user(),), "grants": (grant(),), "files": (file(),), "copies": (copy(),), "reloads": (reload(),)}
    for playbook in ("onboard", "offboard", "verify", "handover"):
        assert failure(playbook, **fine) is None


@pytest.mark.parametrize(
    ("found", "name"),
    [
        ({"users": (user(error=ERROR),)}, "u@example.com"),
        ({"grants": (grant(error=ERROR),)}, "payroll"),
        ({"files": (file(error=ERROR),)}, "f1"),
        ({"copies": (copy("untrusted"),)}, "api"),
        ({"reloads": (reload(failed=True),)}, "nginx"),
        ({"notice": NoticeResult(failure="The server is away.")}, "certificate_notice"),
    ],
)
def test_a_failed_item_fails_the_run_by_its_name(found: dict[str, Any], name: str) -> None:
    for playbook in ("onboard", "offboard"):
        assert failure(playbook, **found) == f"Failed: {name}. See the summary above for the reason."
    assert f"Findings: {name}." in str(failure("verify", **found))


def test_failed_items_are_named_as_people_sort() -> None:
    failed = tuple(grant(f"sync-{number}", error=ERROR) for number in (33, 4, 10))
    assert str(failure("onboard", grants=failed)).startswith("Failed: sync-4, sync-10, sync-33.")


def test_an_item_is_named_once() -> None:
    twice = (grant(error=ERROR), grant(name="other", error=ERROR))
    assert failure("onboard", grants=twice) == "Failed: payroll. See the summary above for the reason."


def test_verify_accepts_refused_credentials_of_an_absent_integration() -> None:
    refused = GrantResult("payroll", "main", "stored", "rejected")
    others = GrantResult("loader", "main", "stored", "ok")
    leaver = UserResult(integration="payroll", username="p@x", state="absent")
    stays = UserResult(integration="payroll", username="p@x")
    assert failure("verify", grants=(refused, others), users=(leaver,)) is None
    assert "Findings: payroll." in str(failure("verify", grants=(refused, others), users=(stays,)))


def test_handover_fails_for_what_it_did_not_accept_only() -> None:
    assert failure("handover", users=(user(error=ERROR),)) is None
    assert failure("handover", users=(user(error=ERROR),), grants=(grant(error=ERROR),)) == (
        "Not accepted: payroll. What was stored before is unchanged. See the summary above for the reason."
    )


def test_verify_fails_on_the_chosen_findings_only() -> None:
    drifted = (grant(health="drifted"), grant("other", health="expiring"))
    assert failure("verify", grants=drifted) == "Findings: payroll. See the summary above for the reason."
    assert failure("verify", grants=drifted, fail_on=("expiring",)) == (
        "Findings: other. See the summary above for the reason."
    )
    assert failure("verify", files=(file(finding="no_access"),)) is not None
    assert failure("verify", copies=(copy("overdue"),)) is None


@pytest.mark.parametrize("more", [{"steps": ("remove it",)}, {"asked": ("remove it",)}])
def test_verify_counts_access_of_an_absent_integration_as_drift(more: dict[str, Any]) -> None:
    left = (user(state="absent", **more),)
    assert "Findings: payroll." in str(failure("verify", users=left))
    assert failure("verify", users=left, fail_on=("expired",)) is None


def test_verify_fails_where_users_could_not_be_read() -> None:
    assert "Users and access could not be read." in str(failure("verify", trouble="no grant yet."))


def test_verify_fails_where_no_stored_grant_could_be_checked() -> None:
    away = grant(health="unreachable")
    assert "No grant could be checked." in str(failure("verify", grants=(away,)))
    assert failure("verify", grants=(away, grant())) is None
    assert failure("verify", grants=(grant(stage="requested", health="unchecked"),)) is None


def test_a_waiting_run_fails_for_what_it_could_not_do() -> None:
    assert failure("onboard", is_waiting=True) is None
    assert failure("onboard", is_waiting=True, copies=(copy("untrusted"),)) == (
        "Certificates: api. See the summary above for the reason."
    )
    assert "No access was removed" in str(failure("offboard", is_waiting=True))
    assert "Not accepted: payroll.filing." in str(failure("onboard", is_waiting=True, unaccepted=("payroll.filing",)))


def test_published_orders_have_the_text_of_their_pages_or_their_summary(tmp_path: Path) -> None:
    page = tmp_path / "payroll.filing.1.md"
    page.write_text("# Create the grant\n")
    orders = [
        OrderResult("payroll.filing.1", "payroll", "filing", "an administrator", "short", markdown=str(page)),
        OrderResult("payroll.filing.2", "payroll", "filing", "a@example.com", "short", markdown=f"{page}.gone"),
    ]
    assert published_orders(orders) == [
        {"number": "payroll.filing.1", "waits_for": "an administrator", "text": "# Create the grant"},
        {"number": "payroll.filing.2", "waits_for": "a@example.com", "text": "short"},
    ]
