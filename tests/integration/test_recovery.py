# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project whose vault password is lost, as people type the commands. tests/core/actions has all cases of docs/recovery.md."""

from __future__ import annotations

import pytest

from tests.integration._job import GRANTS, Job


@pytest.mark.long
def test_all_credentials_are_replaced_by_the_work_orders_of_one_run(job: Job) -> None:
    job.onboarded()
    users = job.state.count("user")
    job.password.write_text("another password of the tests\n")
    job.play("onboard", fails=True)
    assert "If the password is lost, rename the file" in job.output
    (job.project / "credentials.yml").rename(job.project / "credentials.lost.yml")
    (job.project / "credentials.yml").write_text("")
    job.play("onboard", "--check")
    assert job.orders() == []
    job.play("onboard")
    assert len(job.orders()) == GRANTS
    assert f"the administrator grant has no credentials yet, {GRANTS} open work orders" in job.output
    assert job.play("onboard")["changed"] == 0, job.output
    job.people()
    job.take_in()
    assert job.orders() == []
    assert job.play("onboard")["changed"] == 0, job.output
    assert "Onboard: no problems, nothing to change" in job.output
    assert job.state.count("user") == users
