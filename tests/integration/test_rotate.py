# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook rotate: a grant is replaced by a new one while both work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

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
    assert "bring forward the expiry of the previous grant" in words(job)
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


@pytest.mark.long
def test_rotation_is_given_up_a_leak_is_answered_and_the_administrator_grant_is_rotated(job: Job) -> None:
    job.onboarded()
    canaries = list(job.secrets)

    def play(playbook: str, *options: str) -> int:
        changed = job.play(playbook, *options, "-vvvvv")["changed"]
        assert not [secret for secret in {*canaries, *job.secrets} if secret in job.output]
        return changed

    both = ("-e", "workiva_grants=payroll-sync.main,administrator.organization")
    assert job.play("rotate", *both)["changed"] > 0
    assert job.orders() == ["administrator.organization.2", "payroll-sync.main.2"]
    job.people()
    job.take_in()
    # The new administrator grant passed the preflight, and the next runs use it.
    for name in ("administrator", "payroll-sync"):
        stored = [event for event in job.events(name) if event["event"] == "stored"]
        assert [(event["credentials"], event.get("previous")) for event in stored] == [(1, None), (2, 1)]

    given_up = (*NAMED, "-e", "workiva_give_up=true")
    assert play("rotate", *given_up) > 0
    assert "delete the previous grant" in words(job)
    before = job.content()
    assert job.play("rotate", *given_up)["changed"] == 0
    leaked = ("-e", "workiva_grants=data-lake.main", "-e", "workiva_leaked=true")
    assert job.content() == before
    assert play("rotate", *leaked) > 0
    assert "regenerate the secret of the grant" in words(job)
    before = job.content()
    assert job.play("rotate", *leaked)["changed"] == 0
    assert job.content() == before
    # The leaked secret is regenerated, and the grant that is not used is deleted.
    job.people()
    new = job.take_in("-vvvvv")
    assert new["changed"] > 0
    assert not [secret for secret in {*canaries, *job.secrets} if secret in job.output]
    assert "data-lake.main.2" not in job.orders()
