# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions user_access and file_access: what people have to do, as work orders, predicted and then closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests._declared import loaded_project
from tests.core._actions import Actions

USER: dict[str, Any] = {
    "integration": "payroll-sync",
    "username": "payroll-sync@example.com",
    "custodian": "anna.k@example.com",
    "sign_in": "password",
    "state": "present",
    "delete_user": False,
    "email": "payroll-sync@example.com",
    "workspaces": [{"name": "SEC Filing", "roles": ["Professional"]}],
}
FILE: dict[str, Any] = {
    "integration": "payroll-sync",
    "workspace": "SEC Filing",
    "file": "124efa2a142f472ba1ceab34ed18915f",
    "about": "Schedules",
    "file_owner": "anna.k@example.com",
    "asked_by": "finance@example.com",
    "purpose": "Loads the payroll totals",
    "exclusive": False,
    "permissions": [{"user": "payroll-sync@example.com", "permission": "Editor", "state": "present"}],
}
SUBJECTS = ("user", "file_access")


class Project:
    """A project whose users and files people manage."""

    def __init__(self, folder: Path, actions: Actions) -> None:
        self.folder = folder
        self.actions = actions
        self.user = USER

    def run(
        self, subject: str, *, check_mode: bool = False, done: bool = False, number: int = 1, **more: Any
    ) -> dict[str, Any]:
        """One of the two actions. C(done): a person did what the order of this number asks."""
        about = {"payroll-sync": {"owner": "finance@example.com", "purpose": "Loads the payroll totals"}}
        project = loaded_project(
            self.folder,
            {"region": "us"},
            **{"administration": "none", "users": [self.user], "about": about, "files": [FILE]},
            integrations=["payroll-sync"],
        )
        if subject == "user":
            given = {"handover": "vars", "done": [f"payroll-sync.user.{number}"] if done else []}
        else:
            seen = {"file": FILE["file"], "access": done, "finding": "x", "detail": "d", "name": "S"}
            given = {"grants": [{"integration": "payroll-sync", "grant": "main", "files": [seen]}]}
        name = "user_access" if subject == "user" else "file_access"
        return self.actions(name, {"project": project, **given, **more}, check_mode=check_mode, diff=True)

    def files(self) -> dict[str, bytes]:
        paths = [path for path in self.folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in paths}


@pytest.fixture
def project(tmp_path: Path, actions: Actions) -> Project:
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project", actions)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_orders_are_predicted_opened_and_closed(project: Project, subject: str) -> None:
    number = f"payroll-sync.{subject}.1"
    for done, change in ((False, "opened"), (True, "closed")):
        before = project.files()
        predicted = project.run(subject, done=done, check_mode=True)
        assert project.files() == before
        result = project.run(subject, done=done)
        assert predicted == result
        assert (result["changed"], result[change], result["withdrawn"]) == (True, [number], [])
        assert [order["number"] for order in result["orders"]] == ([] if done else [number])
        after = project.files()
        assert not project.run(subject, done=done)["changed"]
        assert project.files() == after
    assert set(project.files()) == {"journal/payroll-sync.jsonl"}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_orders_none_changes_no_work_order(project: Project, subject: str) -> None:
    result = project.run(subject, orders="none")
    assert (result["changed"], result["orders"]) == (False, [])
    assert project.files() == {}


def test_an_integration_that_left_is_reported_as_such_in_each_later_run(project: Project) -> None:
    project.run("user")
    project.run("user", done=True)
    project.user = {**USER, "state": "absent"}
    (user,) = project.run("user")["users"]
    assert (user["left"], user["asked"] != []) == (False, True)
    (user,) = project.run("user", done=True, number=2)["users"]
    assert (user["left"], user["changed"]) == (True, True)
    before = project.files()
    for options in ({}, {"check_mode": True}, {"handover": "none"}):
        result = project.run("user", **options)
        assert (result["users"][0]["left"], result["users"][0]["changed"], result["changed"]) == (True, False, False)
    assert project.files() == before
    # It is needed again.
    project.user = USER
    assert project.run("user")["users"][0]["left"] is False


def test_handover_none_writes_nothing_for_users(project: Project) -> None:
    result = project.run("user", handover="none")
    assert result["users"][0]["asked"]
    assert (result["changed"], result["orders"], project.files()) == (False, [], {})


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_path_in_place_of_the_project_is_refused(project: Project, subject: str) -> None:
    result = project.run(subject, project="/srv/workiva")
    assert result["failed"]
    assert "project must be the value workiva that the task integrations.workiva.integrations returned" in result["msg"]
