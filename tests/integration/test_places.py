# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the controller's own tasks run, whatever the inventory says of localhost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration._job import started

pytestmark = pytest.mark.once


def test_controller_tasks_never_go_by_ssh(tmp_path: Path) -> None:
    """Of the inventory C(localhost,), and of one that declares SSH for all hosts."""
    with started(tmp_path) as job:
        job.keep_only("payroll-sync")
        job.with_administrator()
        place = ("-e", f"workiva_project={job.project}")
        job.play("onboard", "--check", "-i", "localhost,", *place)
        (tmp_path / "hosts.yml").write_text("all: {hosts: {localhost: null}, vars: {ansible_connection: ssh}}\n")
        job.play("discover", "-e", "workiva_write=true", "-i", str(tmp_path / "hosts.yml"), *place)
        assert (job.project / "organization.yml").exists()
