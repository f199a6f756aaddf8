# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role simulator, run by ansible-playbook."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: integrations.workiva.simulator
        tasks_from: "{{ entry | default('main') }}"
    - ansible.builtin.copy:
        content: "{{ {'simulator': simulator | default({}), 'reports': simulator_reports | default([])} | to_json }}"
        dest: "{{ playbook_dir }}/told.json"
        mode: "0600"
      changed_when: false
      check_mode: false
"""
ORDER = """<main data-order="a.filing.1" data-kind="create" data-screen="organization_admin" data-integration="a" data-grant="filing">
<code data-field="client_name">SEC Filing | a | 2026-11</code> <code data-field="workspace">SEC Filing</code>
<code data-field="username">anna.k@example.com</code> <code data-field="scope" data-scope="file:read">file:read</code>
<code data-field="expires">2999-12-31</code></main>"""


class Role:
    """The role on a directory of its own; the environments are shared by the tests."""

    def __init__(self, folder: Path, environments: Path) -> None:
        self.folder = folder
        self.variables = {
            "simulator_directory": str(folder / "simulator"),
            "simulator_environments": str(environments),
            "simulator_orders": str(folder / "work-orders"),
            "simulator_handed_over": str(folder / "handed-over.yml"),
        }
        (folder / "play.yml").write_text(PLAY)
        (folder / "hosts").write_text(
            "localhost ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'\n"
        )

    def run(self, *options: str, status: int = 0, **variables: Any) -> int:
        """Returns how many tasks changed something; a warning is a failure."""
        ran = subprocess.run(
            [
                *(str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts", "play.yml", *options),
                *("-e", json.dumps({**self.variables, **variables})),
            ],
            cwd=self.folder,
            env={**os.environ, "ANSIBLE_NOCOLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        output = ran.stdout + ran.stderr
        assert ran.returncode == status, output
        assert "WARNING" not in output
        found = re.search(r"changed=(\d+)", output)
        assert found
        return int(found.group(1))

    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.folder / "told.json").read_text())
        return told


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("environments")


@pytest.fixture
def role(tmp_path: Path, environments: Path) -> Iterator[Role]:
    yield Role(tmp_path, environments)
    for announcement in tmp_path.glob("*/simulator.json"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(json.loads(announcement.read_text())["pid"], signal.SIGTERM)


def test_started_and_stopped_each_change_something_once(role: Role) -> None:
    assert role.run("--check") > 0
    assert role.told()["simulator"] == {}
    assert role.run() > 0
    told = role.told()["simulator"]
    assert told["directory"] == role.variables["simulator_directory"]
    assert Path(told["ca_path"]).exists()
    assert role.run() == 0
    assert role.run("--check") == 0
    assert role.told()["simulator"] == told
    assert role.run("--check", simulator_state="stopped") == 1
    assert role.run(simulator_state="stopped") == 1
    assert role.run(simulator_state="stopped") == 0


@pytest.mark.once
def test_two_at_once_and_one_that_was_killed(role: Role, tmp_path: Path) -> None:
    other = str(tmp_path / "other")
    role.run()
    first = role.told()["simulator"]
    role.run(simulator_directory=other)
    second = role.told()["simulator"]
    assert first["port"] != second["port"]
    os.kill(first["pid"], signal.SIGKILL)
    assert role.run() > 0
    assert role.told()["simulator"]["pid"] != first["pid"]
    assert role.run(simulator_directory=other) == 0


@pytest.mark.once
def test_switches_clock_and_seed(role: Role) -> None:
    seed = {
        "organization": {"name": "Other", "id": "00000000-0000-4000-8000-000000000001"},
        "workspaces": [{"name": "Alpha"}],
    }
    settings: dict[str, Any] = {
        "simulator_seed": seed,
        "simulator_switches": {"token_form": "opaque"},
        "simulator_now": "2027-01-05",
    }
    role.run(**settings)
    assert role.told()["simulator"]["organization_id"] == "00000000-0000-4000-8000-000000000001"
    assert role.run(**settings) == 0
    settings.update(simulator_switches={"token_form": "jwt"}, simulator_now="2027-02-01")
    assert role.run(**settings) == 2
    assert role.run(**settings) == 0
    role.run(simulator_switches={"token_form": "carrier pigeon"}, status=2)


def test_the_people(role: Role) -> None:
    orders = role.folder / "work-orders"
    orders.mkdir()
    (orders / "a.filing.1.html").write_text(ORDER)
    role.run()
    assert role.run(entry="administrator", simulator_as="refuse") == 0
    assert [report["outcome"] for report in role.told()["reports"]] == ["refused"]
    assert role.run(entry="administrator") == 1
    assert "wk_secret" not in str(role.told())
    assert "wk_secret" in (role.folder / "handed-over.yml").read_text()
    assert role.run(entry="administrator", simulator_order=["a.filing.1"]) == 0
    role.run(entry="administrator", simulator_administrator="nobody@example.com", status=2)
