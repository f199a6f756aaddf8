# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions print under the callbacks of programs, run by ansible-runner and with ansible.posix.json."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

BIN = Path(sys.executable).parent
TASK = {"integrations.workiva.print_lines": {"title": "Result", "lines": ["The first line.", "The second line."]}}
LOAD = {"integrations.workiva.integrations": {"project": "{{ playbook_dir }}"}}
SETTINGS = {
    "region": "us",
    "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655",
    "administrator": {
        "owner": "workiva-admins@example.com",
        "custodian": "anna.k@example.com",
        "username": "workiva-automation@example.com",
        "workspace": "SEC Filing",
        "scopes": ["organization:read", "organization:write"],
        "ip_allowlist": ["203.0.113.0/24"],
    },
}
NOTE = "whether the vendor's IP Allowlist takes networks"
LINES = ["", "Result", "", "The first line.", "The second line."]


@pytest.fixture
def playbook(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory/hosts").write_text("localhost ansible_connection=local\n")
    path = tmp_path / "project/summary.yml"
    path.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [LOAD, TASK]}]))
    (tmp_path / "project/workiva.yml").write_text(yaml.safe_dump({"workiva": SETTINGS}))
    return path


def test_json_callback_output_is_one_document(playbook: Path) -> None:
    # Not by run_playbook, which has one stream of both: what is written to which of them is the matter here.
    done = subprocess.run(
        [str(BIN / "ansible-playbook"), "-i", str(playbook.parents[1] / "inventory"), str(playbook)],
        env={**os.environ, "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"},
        text=True,
        capture_output=True,
        check=True,
    )
    ((_load, task),) = (play["tasks"] for play in json.loads(done.stdout)["plays"])
    assert task["hosts"]["localhost"]["lines"] == LINES
    assert "The second line." in done.stderr
    assert NOTE in done.stderr


def test_runner_events_hold_the_summary_and_no_warning(playbook: Path) -> None:
    folder = playbook.parents[1]
    subprocess.run(
        [str(BIN / "ansible-runner"), "run", str(folder), "-p", playbook.name, "--ident", "1"],
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "ANSIBLE_NOCOLOR": "1"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    events = [json.loads(path.read_text()) for path in folder.glob("artifacts/1/job_events/*.json")]
    assert [event["stdout"] for event in events if event["event"] in ("warning", "error")] == []
    (shown,) = (event["stdout"] for event in events if "The first line." in event["stdout"])
    assert shown.splitlines() == LINES
    assert any(NOTE in event["stdout"] for event in events)
