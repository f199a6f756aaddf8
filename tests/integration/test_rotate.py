# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook rotate: a grant is replaced by a new one while both work."""

from __future__ import annotations

from datetime import date, timedelta

from tests.integration._job import Job

GRANT = {"workspace": "SEC Filing", "scopes": ["file:read", "file:write"], "lifetime": "365d"}
ONLY = ("-e", "workiva_only=payroll-sync")
NAMED = ("-e", "workiva_grants=payroll-sync.main")


def words(job: Job) -> str:
    return " ".join(job.output.split())


def test_grant_is_rotated_from_due_to_retired(job: Job) -> None:
    job.onboarded()
    stored = next(event for event in job.events("payroll-sync") if event["event"] == "stored")
    due = date.fromisoformat(stored["on"]) + timedelta(days=335)
    job.declare("payroll-sync", grants={"main": {**GRANT, "rotation": {"every": "335d"}}})
    job.simulate("clock", due.isoformat())
    today = ("-e", f"workiva_today={due}")

    job.play("rotate", *today, fails=True)
    assert f"Due now: payroll-sync.main (since {due})." in words(job)
    before = job.content()
    assert job.play("rotate", *NAMED, *today, "--check")["changed"] > 0
    assert job.content() == before
    assert job.play("rotate", *NAMED, *today)["changed"] > 0
    assert job.orders() == ["payroll-sync.main.2"]
    assert "add the grant SEC Filing | payroll-sync" in words(job)
    before = job.content()
    assert job.play("rotate", *NAMED, *today)["changed"] == 0
    assert job.play("onboard", *ONLY, *today)["changed"] == 0
    assert job.content() == before

    job.people()
    assert job.take_in(*ONLY, *today)["changed"] > 0
    text = (job.project / "credentials.yml").read_text()
    assert stored["client_id"] in next(line for line in text.splitlines() if "previous_client_id" in line)
    (secret,) = job.secrets
    assert secret not in text + job.output
    # The former grant expires a month later, so that it is brought forward; then it ends by itself.
    assert job.orders() == ["payroll-sync.main.3"]
    assert "bring the expiry forward of the previous grant" in words(job)
    job.people()
    assert job.play("handover", "-e", f"@{job.handed_over}", *ONLY, *today)["changed"] > 0
    assert job.orders() == []
    assert job.play("onboard", *ONLY, *today)["changed"] == 0
    over = due + timedelta(days=8)
    job.simulate("clock", over.isoformat())
    today = ("-e", f"workiva_today={over}")
    assert job.play("onboard", *ONLY, *today)["changed"] > 0
    before = job.content()
    assert job.play("onboard", *ONLY, *today, "--check")["changed"] > 0
    assert job.content() == before
    assert job.play("onboard", *ONLY, *today)["changed"] > 0
    assert "previous_" not in (job.project / "credentials.yml").read_text()
    assert job.play("onboard", *ONLY, *today)["changed"] == 0
    assert job.play("verify", *ONLY, *today)["changed"] == 0
