# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a job hands on for notifications: the open work orders, where it asks for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration._job import Job, started

ASKED = ("-e", "workiva_artifact_orders=true")


def handed_on(job: Job) -> Any:
    """The artifact of a run, as it is printed at its end; none where nothing was handed on."""
    _before, found, after = job.output.partition("CUSTOM STATS: ")
    return yaml.safe_load(after.partition("RUN:")[2])["workiva_work_orders"] if found else None


@pytest.mark.long
def test_open_work_orders_are_handed_on_where_a_job_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_SHOW_CUSTOM_STATS", "1")
    # As YAML, which the project's ansible.cfg sets, they are printed without line breaks and cannot be read.
    monkeypatch.setenv("ANSIBLE_CALLBACK_RESULT_FORMAT", "json")
    with started(tmp_path) as job:
        job.keep_only("payroll-sync")
        job.play("onboard", "--check", *ASKED)
        (planned,) = handed_on(job)
        assert planned["number"] == "administrator.organization.1"
        assert "\n" not in planned["text"]
        assert "would write the work order administrator.organization.1" in job.output
        assert "Waiting for people" not in job.output

        job.play("onboard")
        assert handed_on(job) is None
        job.play("onboard", *ASKED)
        (order,) = handed_on(job)
        page = (job.project / "work-orders/administrator.organization.1.md").read_text()
        assert (order["number"], order["text"].strip()) == ("administrator.organization.1", page.strip())
        assert order["waits_for"]

        job.people()
        job.take_in(*ASKED)
        assert handed_on(job) == []
        job.play("onboard", "--check")
        assert "would write the work order payroll-sync.main.1" in job.output
        assert "Waiting for people" not in job.output
        job.play("onboard", *ASKED)
        assert [one["number"] for one in handed_on(job)] == ["payroll-sync.main.1"]
        assert not [secret for secret in job.secrets if secret in job.output]
