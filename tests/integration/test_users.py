# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules of users, organization and files, run by ansible-playbook against the simulator, in both forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests._declared import GONE, PAYROLL, STEPS
from tests._playbook import Played, run_tasks
from tests.integration._target import other_python as another
from tests.integration._users_support import Organization, started
from workiva_simulator import rules


@dataclass
class Runner:
    """Runs tasks of the collection in one play, as a user would, and reads their results."""

    organization: Organization
    folder: Path
    interpreter: str

    def __call__(self, *tasks: dict[str, Any], verbosity: str = "-v") -> tuple[list[dict[str, Any]], Played]:
        play = {
            "vars": {"ansible_python_interpreter": self.interpreter},
            "module_defaults": {"group/integrations.workiva.workiva": self.organization.connection},
        }
        results, played = run_tasks(tasks, verbosity, folder=self.folder, play=play)
        for secret in self.organization.secrets:
            assert secret not in played.output + repr(results)
        return results, played


def users(*users: dict[str, Any], **how: Any) -> dict[str, Any]:
    return {"integrations.workiva.integration_users": {"users": list(users)}, **how}


def info(**arguments: Any) -> dict[str, Any]:
    return {"integrations.workiva.organization_info": arguments}


@pytest.fixture(scope="module")
def other_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Another interpreter: where it is the target's, the module runs and not its twin."""
    return another(tmp_path_factory.mktemp("python"))


@pytest.fixture
def organization(tmp_path: Path) -> Iterator[Organization]:
    with started(tmp_path / "simulator") as organization:
        yield organization


@pytest.fixture(params=["in_process", "module"])
def runner(request: pytest.FixtureRequest, organization: Organization, tmp_path: Path, other_python: str) -> Runner:
    interpreter = other_python if request.param == "module" else "{{ ansible_playbook_python }}"
    return Runner(organization, tmp_path, interpreter)


def test_integration_users_predicts_applies_and_repeats_in_both_forms(runner: Runner) -> None:
    """Check, create, again, update, absent, again, delete, again."""
    update = {
        **PAYROLL,
        "display_name": "Payroll sync",
        "organization_roles": ["Org User Admin"],
        "workspaces": [{"name": "SEC Filing", "roles": ["Editor"], "groups": [], "exclusive": True}],
    }
    delete = {**GONE, "delete_user": True}
    tasks = {
        "predicted": users(PAYROLL, check_mode=True, diff=True),
        "nobody": info(users=[PAYROLL["username"]]),
        "created": users(PAYROLL, diff=True),
        "again": users(PAYROLL),
        "checked": users(PAYROLL, check_mode=True),
        "seen": info(users=[PAYROLL["username"].upper()]),
        "updated": users(update, diff=True),
        "updated again": users(update),
        "leaving": users(GONE, check_mode=True),
        "left": users(GONE),
        "left again": users(GONE),
        "seen without access": info(users=[PAYROLL["username"]]),
        "deleted": users(delete),
        "deleted again": users(delete),
        "gone": info(users=[PAYROLL["username"]]),
        "failed": users({"username": "a@example.com", "workspaces": [{"name": "SEC Filling"}]}),
    }
    results, played = runner(*tasks.values(), verbosity="-vvv")
    found = dict(zip(tasks, results))
    # The twin runs in Ansible's own process; the module is sent to the other interpreter.
    first = played.output.partition("TASK [Task 0]")[2].partition("TASK [Task 1]")[0]
    in_process = runner.interpreter == "{{ ansible_playbook_python }}"
    assert ("EXEC" in first) != in_process

    assert found["predicted"]["changed"]
    assert found["predicted"]["users"][0]["steps"] == STEPS
    assert found["predicted"]["users"][0]["id"] is None
    assert found["nobody"]["users"] == []
    [user] = found["created"]["users"]
    assert (user["steps"], user["status"], user["error"]) == (STEPS, "active", None)
    assert found["created"]["diff"] == found["predicted"]["diff"]
    assert "+  workspaces" in played.output or "Data loaders" in played.output
    assert runner.organization.mails() == [user["id"]]
    assert not found["again"]["changed"]
    assert found["again"]["users"][0]["steps"] == []
    # In Ansible's own process the token of the task before is used again.
    assert found["again"]["requests_sent"] == (11 if in_process else 12)
    assert not found["checked"]["changed"]
    [seen] = found["seen"]["users"]
    assert seen["workspaces"] == [
        {"name": "ESG Reporting", "roles": ["Viewer"], "roles_source": "read", "groups": ["All Users"]},
        {
            "name": "SEC Filing",
            "roles": ["Professional"],
            "roles_source": "read",
            "groups": ["All Users", "Data loaders"],
        },
    ]
    assert seen["looks_like_integration"]

    assert found["updated"]["users"][0]["steps"] == [
        "set display_name to 'Payroll sync'",
        "give the role 'Editor' in the workspace 'SEC Filing'",
        "remove the role 'Professional' in the workspace 'SEC Filing'",
        "remove from the group 'Data loaders' in the workspace 'SEC Filing'",
        "give the organization role 'Org User Admin'",
    ]
    assert [
        (item["kind"], item["workspace"], item["roles"]) for item in found["updated"]["users"][0]["excess_access"]
    ] == [("workspace", "ESG Reporting", ["Viewer"])]
    assert not found["updated again"]["changed"]
    assert found["left"]["users"][0]["steps"] == found["leaving"]["users"][0]["steps"]
    assert found["left"]["users"][0]["status"] == "suspended"
    assert not found["left again"]["changed"]
    assert found["seen without access"]["users"][0]["workspaces"] == []
    assert found["deleted"]["changed"]
    assert not found["deleted again"]["changed"]
    assert found["gone"]["users"] == []
    assert found["failed"]["failed"]
    assert "nearest first: 'SEC Filing'" in found["failed"]["msg"]


def test_file_permissions_predicts_applies_and_repeats_in_both_forms(runner: Runner) -> None:
    organization, state = runner.organization, runner.organization.state
    (file,) = state.all("file")
    automation = rules.user_by_name(state, "workiva-automation@example.com") or {}
    owner = {"permission": rules.permission_id("Owner"), "principal": automation["id"]}
    state.put("file", {**file, "permissions": [*file["permissions"], owner]})
    organization.connection.update(organization.create_grant(scopes=["file:read", "file:write", "organization:read"]))

    def bring(permission: str, **how: Any) -> dict[str, Any]:
        wanted = {
            "file": file["id"],
            "workspace": "sec filing",
            "permissions": [{"user": "Olivia.Admin@example.com", "permission": permission}],
        }
        return {"integrations.workiva.file_permissions": {"files": [wanted]}, **how}

    tasks = [bring("viewer", check_mode=True, diff=True), bring("viewer", diff=True), bring("viewer"), bring("Editor")]
    (predicted, done, again, changed), _played = runner(*tasks)
    assert predicted["files"][0]["steps"] == done["files"][0]["steps"]
    assert done["files"][0]["steps"] == ["give Viewer to the user 'Olivia.Admin@example.com'"]
    assert predicted["diff"] == done["diff"]
    assert not again["changed"]
    assert changed["files"][0]["steps"] == ["give Editor to the user 'Olivia.Admin@example.com' in place of Viewer"]


def test_integration_users_shows_progress_without_a_terminal(organization: Organization, tmp_path: Path) -> None:
    runner = Runner(organization, tmp_path, "{{ ansible_playbook_python }}")
    organization.fault("slow:count=2,seconds=6,method=POST,path=*/users")
    named = [{**PAYROLL, "username": f"sync-{number}@example.com", "workspaces": []} for number in range(12)]
    _results, played = runner(users(*({**user, "email": user["username"]} for user in named)))
    assert played.output.count("\nusers applied 11/12\n") == 1
