# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runs of the campaigns call the same actions, with the same options, as the playbooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults._campaign import PLAYBOOKS, Campaign

ROOT = Path(__file__).resolve().parents[2]
ACTION = "integrations.workiva."
# What happens in jobs only, at the end of a run that waits, after a failure, and in a role that is given no loaded project.
NOT_CALLED = ("prepare.yml", "waiting.yml", "save_changes.yml", "finish.yml", "load.yml")
# Tasks with a condition that is not met: users are not managed by people alone, and offboard delivers nothing.
NOT_NEEDED = {("user_access", "handover"), ("delivery", "offboard")}
# The project asks for no notice of certificates.
NOT_DECLARED = ("certificate_notice",)
# Options that the actions of the tests fill in by their defaults.
LEFT_OUT = {"oauth2_grants": {"vault_id", "warn_before", "today"}}


def calls(tasks: list[dict[str, Any]], folder: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """The actions that the tasks of a file call, in order, with the names of their options."""
    for task in tasks:
        for name in ("block", "always"):
            yield from calls(task.get(name) or [], folder)
        imported = task.get("ansible.builtin.import_tasks") or task.get("ansible.builtin.include_tasks")
        # The files that a target names call no action of the collection.
        if isinstance(imported, str) and Path(imported).name not in NOT_CALLED:
            beside = folder / imported
            path = beside if beside.exists() else folder / "tasks" / imported
            yield from calls(yaml.safe_load(path.read_text()), path.parent)
        role = task.get("ansible.builtin.import_role")
        if role:
            path = (
                ROOT / "roles" / role["name"].removeprefix(ACTION) / "tasks" / f"{role.get('tasks_from', 'main')}.yml"
            )
            found = calls(yaml.safe_load(path.read_text()), path.parent)
            yield from ((action, options) for action, options in found if action != "integrations")
        for name, options in task.items():
            action = name.removeprefix(ACTION)
            if action != name and action not in NOT_DECLARED:
                yield action, frozenset(options) - LEFT_OUT.get(action, set())


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_run_calls_the_actions_of_the_playbook(campaign: Campaign, playbook: str) -> None:
    base = campaign.stage.base(playbook)
    campaign.stage.restore(base)
    run = campaign.stage.play(playbook, **base.variables)
    called = [(call.action, call.options) for call in run.calls]
    (play,) = yaml.safe_load((ROOT / "playbooks" / f"{playbook}.yml").read_text())
    wanted = calls(play["tasks"], ROOT / "playbooks")
    assert called == [(action, options) for action, options in wanted if (action, playbook) not in NOT_NEEDED]
