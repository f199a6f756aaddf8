# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role simulator, run by ansible-playbook."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests._playbook import run_playbook

# One process, so that the environments of the simulator are made once.
pytestmark = pytest.mark.xdist_group("simulator")
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
        (folder / "hosts").write_text(
            "localhost ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'\n"
        )

    def run(self, *uses: dict[str, Any], check: bool = False, fails: bool = False) -> int:
        """Includes the role once for each use, in one play; returns how many tasks changed something. C(entry) of a use is its
        entry point, the others are variables of the role."""
        tasks: list[dict[str, Any]] = []
        for number, given in enumerate(uses or ({},)):
            values = {**self.variables, **given}
            use = {"name": "integrations.workiva.simulator", "tasks_from": values.pop("entry", "main")}
            content = (
                "{{ {'simulator': simulator | default({}), 'reports': simulator_reports | default([])} | to_json }}"
            )
            copy = {"content": content, "dest": str(self.folder / f"result-{number}.json"), "mode": "0600"}
            keep = {"name": "Keep the result", "ansible.builtin.copy": copy, "check_mode": False}
            tasks += [
                {"name": "Use the role", "ansible.builtin.include_role": use, "vars": values},
                {**keep, "changed_when": False},
            ]
        play = {"name": "A play", "hosts": "localhost", "gather_facts": False, "tasks": tasks}
        # Pip keeps what it downloaded in the home directory.
        how = {"inventory": "hosts", "fails": fails, "home": Path.home()}
        return run_playbook([play], *(["--check"] if check else []), folder=self.folder, **how).count("changed")

    def result(self, number: int = 0) -> dict[str, Any]:
        """What there was after that use of the last run."""
        result: dict[str, Any] = json.loads((self.folder / f"result-{number}.json").read_text())
        return result


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
    assert role.run(check=True) > 0
    assert role.result()["simulator"] == {}
    assert role.run() > 0
    facts = role.result()["simulator"]
    assert facts["directory"] == role.variables["simulator_directory"]
    assert Path(facts["ca_path"]).exists()
    assert role.run(check=True) == 0
    stopped = {"simulator_state": "stopped"}
    assert role.run(stopped, check=True) == 1
    # Nothing, the end, nothing.
    assert role.run({}, stopped, stopped) == 1
    assert role.result()["simulator"] == facts


@pytest.mark.long
def test_two_at_once_and_one_that_was_killed(role: Role, tmp_path: Path) -> None:
    other = {"simulator_directory": str(tmp_path / "other")}
    role.run({}, other)
    first, second = (role.result(number)["simulator"] for number in range(2))
    assert first["port"] != second["port"]
    os.kill(first["pid"], signal.SIGKILL)
    assert role.run({}, other) > 0
    assert role.result()["simulator"]["pid"] != first["pid"]
    assert role.result(1)["simulator"] == second


@pytest.mark.long
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
    role.run(settings)
    assert role.result()["simulator"]["organization_id"] == "00000000-0000-4000-8000-000000000001"
    changed = {**settings, "simulator_switches": {"token_form": "jwt"}, "simulator_now": "2027-02-01"}
    # Nothing, the switch and the clock, nothing.
    assert role.run(settings, changed, changed) == 2
    role.run({"simulator_switches": {"token_form": "carrier pigeon"}}, fails=True)


def test_the_people(role: Role) -> None:
    orders = role.folder / "work-orders"
    orders.mkdir()
    (orders / "a.filing.1.html").write_text(ORDER)
    role.run()
    people = {"entry": "administrator"}
    assert role.run({**people, "simulator_as": "refuse"}) == 0
    assert [report["outcome"] for report in role.result()["reports"]] == ["refused"]
    assert role.run(people, {**people, "simulator_order": ["a.filing.1"]}) == 1
    assert "wk_secret" not in str(role.result()) + str(role.result(1))
    assert "wk_secret" in (role.folder / "handed-over.yml").read_text()
    role.run({**people, "simulator_administrator": "nobody@example.com"}, fails=True)
