# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action work_orders, run by ansible-playbook: predicted, written once, and its files."""

from __future__ import annotations

from pathlib import Path

from tests._declared import NUMBER, ORDER
from tests._playbook import run_tasks


def test_work_orders_are_predicted_written_and_repeated(tmp_path: Path) -> None:
    arguments = {
        "orders": [ORDER],
        "journal": str(tmp_path / "journal"),
        "path": str(tmp_path / "work-orders"),
        "today": "2026-11-24",
        "scope_labels": {"data_tables|w": "Spreadsheets (Write)"},
    }
    task = {"integrations.workiva.work_orders": arguments}
    damaged = {"integrations.workiva.work_orders": {**arguments, "orders": [{"integration": "a"}]}}
    (predicted, done, again, failed), played = run_tasks(
        [{**task, "check_mode": True}, task, task, damaged], "--diff", folder=tmp_path
    )
    assert predicted == done
    assert done["changed"]
    assert played.output.count("+ordered payroll-sync.filing.1") == 2
    assert "# Add an API grant" in played.output
    assert not again["changed"]
    assert again["diff"] == []
    assert failed["failed"]
    assert "missing required arguments" in failed["msg"]
    files = {
        str(path.relative_to(tmp_path)) for name in ("journal", "work-orders") for path in (tmp_path / name).glob("*")
    }
    assert files == {"journal/payroll-sync.jsonl", f"work-orders/{NUMBER}.html", f"work-orders/{NUMBER}.md"}
