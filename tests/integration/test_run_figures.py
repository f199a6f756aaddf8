# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much a run does and prints where there is nothing to do, and how much of it is decided in templates."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration._job import GRANTS, ROOT, Job, started

CALLBACKS = Path(__file__).with_name("_callbacks")
FLOW = sorted(
    path
    for pattern in ("playbooks/*.yml", "playbooks/tasks/*.yml", "roles/*/tasks/*.yml")
    for path in ROOT.glob(pattern)
    # Those of the role awx use modules of another collection, and those of the role deliver are examples for users.
    if path.parts[-3] not in ("awx", "deliver")
)


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    with started(tmp_path) as made:
        yield made


def test_an_idle_onboard_executes_few_tasks_and_prints_little(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    job.onboarded()
    counted = job.folder / "tasks.jsonl"
    for name, value in (
        ("ANSIBLE_CALLBACK_PLUGINS", str(CALLBACKS)),
        ("ANSIBLE_CALLBACKS_ENABLED", "task_counter"),
        ("TASK_COUNTER", str(counted)),
    ):
        monkeypatch.setenv(name, value)
    asked = len(job.requests())
    # As the ansible.cfg of a new project shows it.
    assert job.play("onboard")["changed"] == 0
    assert len(job.output.splitlines()) <= 60, job.output
    tasks = [json.loads(line) for line in counted.read_text().splitlines()]
    # Not counted: what only includes others.
    does = [task for task in tasks if not task["action"].endswith("include_tasks")]
    executed = [task for task in does if task["outcome"] != "skipped"]
    actions = Counter(task["action"].rpartition(".")[2] for task in executed)
    listing = "\n".join(f"{task['outcome']:9} {task['action']:45} {task['name']}" for task in tasks)
    print(listing)
    print(job.output)
    assert len(executed) <= 16, listing
    assert actions["integrations"] == 1, listing
    # One for each stored grant, the administrator's included.
    assert sum(line["path"].endswith("/token") for line in job.requests()[asked:]) == GRANTS
    # As Ansible shows it by itself.
    for name in ("ANSIBLE_DISPLAY_OK_HOSTS", "ANSIBLE_DISPLAY_SKIPPED_HOSTS"):
        monkeypatch.setenv(name, "true")
    job.play("onboard")
    assert job.output.count("TASK [") > len(executed)
    assert len(job.output.splitlines()) <= 120, job.output


def _text(path: Path) -> str:
    """A file of tasks without its comments."""
    return "\n".join(line for line in path.read_text().splitlines() if not line.lstrip().startswith("#"))


@pytest.mark.parametrize("path", FLOW, ids=lambda path: str(path.relative_to(ROOT)))
def test_tasks_decide_nothing_in_templates(path: Path) -> None:
    found = re.findall(r"selectattr|rejectattr|\bmap\(|namespace\(", _text(path))
    assert not found, f"{path.relative_to(ROOT)}: compute this in plugins/plugin_utils, and return it as a field"


def test_tasks_set_few_facts_and_private_variables() -> None:
    facts = [path.name for path in FLOW for _found in re.findall(r"\bset_fact:", _text(path))]
    assert len(facts) <= 4, facts
    playbooks = [path for path in FLOW if "playbooks" in path.parts]
    variables = {name for path in playbooks for name in re.findall(r"__workiva_\w+", _text(path))}
    assert len(variables) <= 20, sorted(variables)
