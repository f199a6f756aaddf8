# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action work_orders, run by ansible-playbook: what it predicts is what it does, and a second run does nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ORDER = {
    "integration": "payroll-sync",
    "grant": "filing",
    "kind": "create",
    "owner": "finance-systems@example.com",
    "purpose": "Loads the payroll totals",
    "username": "payroll-sync@example.com",
    "custodian": "anna.k@example.com",
    "sign_in": "password",
    "workspace": "SEC Filing",
    "scopes": ["file:read", "data_tables|w"],
    "expires": None,
    "lifetime_days": 365,
    "ip_allowlist": ["203.0.113.7"],
    "screen": "organization_admin",
    "client_id": None,
    "reason": "no grant is known",
}
NUMBER = "payroll-sync.filing.1"


class Project:
    """A folder with a journal and work orders, and the way to run the action on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages = folder / "work-orders"
        self.journal = folder / "journal" / "payroll-sync.jsonl"
        self.output = ""

    def run(self, *options: str, orders: Any = (ORDER,), **more: Any) -> dict[str, Any]:
        told = self.folder / "told.json"
        arguments = {
            "orders": list(orders),
            "journal": str(self.folder / "journal"),
            "path": str(self.pages),
            "today": "2026-11-24",
            "scope_labels": {"data_tables|w": "Spreadsheets (Write)"},
            **more,
        }
        copy = {"content": "{{ outcome | to_json }}", "dest": str(told), "mode": "0600"}
        tasks = [
            {"integrations.workiva.work_orders": arguments, "register": "outcome", "ignore_errors": True},
            {"ansible.builtin.copy": copy, "check_mode": False, "diff": False},
        ]
        play = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
        (self.folder / "play.yml").write_text(json.dumps(play), encoding="utf-8")
        extra = {"ansible_python_interpreter": sys.executable}
        done = subprocess.run(
            [
                str(Path(sys.executable).parent / "ansible-playbook"),
                *("-i", "localhost,", "-c", "local", "-e", json.dumps(extra), *options, "play.yml"),
            ],
            cwd=self.folder,
            env={**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_DEPRECATION_WARNINGS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        self.output = done.stdout + done.stderr
        assert done.returncode == 0, self.output
        outcome: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        return outcome

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for folder in ("journal", "work-orders")
            for path in sorted((self.folder / folder).glob("*"))
        }


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_check_predicts_and_a_second_run_changes_nothing(project: Project) -> None:
    predicted = project.run("--check", "--diff")
    assert project.files() == {}
    assert not (project.folder / "journal").exists()
    assert "+ordered payroll-sync.filing.1" in project.output
    assert "# Add an API grant" in project.output
    done = project.run("--diff")
    assert predicted == done
    assert done["changed"]
    assert "[WARNING]" not in project.output
    order = done["orders"][0]
    assert order["number"] == NUMBER
    assert order["waits_for"] == "an Org Security Admin, then anna.k@example.com"
    assert order["fields"]["client_name"] == "SEC Filing | payroll-sync | 2026-11"
    assert order["fields"]["expires"] == "2027-11-24"
    assert Path(order["page"]).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    files = project.files()
    assert set(files) == {"journal/payroll-sync.jsonl", f"work-orders/{NUMBER}.html", f"work-orders/{NUMBER}.md"}
    again = project.run("--diff", today="2027-01-02")
    assert not again["changed"]
    assert again["orders"] == done["orders"]
    assert again["diff"] == []
    assert project.files() == files


def test_the_owner_of_a_file_is_asked(project: Project) -> None:
    """An order about files has no steps, no workspace and no grant of its own."""
    file = {
        "file": "124efa2a142f472ba1ceab34ed18915f",
        "workspace": "SEC Filing",
        "about": "Support schedules",
        "owner": "anna.k@example.com",
        "permissions": [{"user": "payroll-sync@example.com", "permission": "Editor"}],
    }
    order = {
        name: ORDER[name]
        for name in ("integration", "owner", "purpose", "username", "custodian", "sign_in", "workspace")
    }
    order = {**order, "grant": "file_access", "kind": "file_access", "files": [file], "reason": "it is not shared yet"}
    predicted = project.run("--check", orders=[order])
    done = project.run(orders=[order])
    assert predicted == done
    page = (project.pages / "payroll-sync.file_access.1.md").read_text(encoding="utf-8")
    for words in ("Support schedules", "Editor", "payroll-sync@example.com"):
        assert words in page
    assert not project.run(orders=[order])["changed"]


def test_an_order_about_a_user_says_its_steps(project: Project) -> None:
    order = {
        name: ORDER[name] for name in ("integration", "owner", "purpose", "username", "custodian", "sign_in", "reason")
    }
    refused = project.run(orders=[{**order, "grant": "user", "kind": "add_user"}])
    assert refused["failed"]
    assert "says no steps" in refused["msg"]
    assert project.files() == {}


def test_a_changed_declaration_withdraws_and_writes_anew(project: Project) -> None:
    project.run()
    changed = [{**ORDER, "scopes": ["file:read"]}]
    predicted = project.run("--check", orders=changed)
    done = project.run(orders=changed)
    assert predicted == done
    assert done["withdrawn"] == [NUMBER]
    assert done["orders"][0]["fields"]["client_name"] == "SEC Filing | payroll-sync | 2026-11.2"
    assert done["orders"][0]["fields"]["replaces"] == NUMBER
    assert {path.name for path in project.pages.iterdir()} == {"payroll-sync.filing.2.html", "payroll-sync.filing.2.md"}
    assert not project.run(orders=changed)["changed"]


def test_what_is_done_is_closed_and_what_is_not_considered_is_left_alone(project: Project) -> None:
    other = {**ORDER, "grant": "budget", "workspace": "Budget"}
    project.run(orders=[ORDER, other])
    stored = {"v": 1, "event": "stored", "grant": "filing", "client_id": "c-1"}
    with project.journal.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(stored) + "\n")
    considered = [{"integration": "payroll-sync", "grant": "filing", "health": "ok"}]
    predicted = project.run("--check", "--diff", orders=[], considered=considered)
    done = project.run("--diff", orders=[], considered=considered)
    assert predicted == done
    assert (done["closed"], done["withdrawn"], done["orders"]) == ([NUMBER], [], [])
    assert {path.name for path in project.pages.iterdir()} == {"payroll-sync.budget.1.html", "payroll-sync.budget.1.md"}
    assert not project.run(orders=[], considered=considered)["changed"]


def test_nothing_wanted_makes_no_folder(project: Project) -> None:
    done = project.run(orders=[], considered=[{"integration": "payroll-sync", "grant": "filing"}])
    assert not done["changed"]
    assert project.files() == {}
    assert not project.pages.exists()


def test_a_missing_page_comes_back(project: Project) -> None:
    project.run()
    files = project.files()
    (project.pages / f"{NUMBER}.html").unlink()
    (project.pages / f"{NUMBER}.md").write_text("edited by hand", encoding="utf-8")
    done = project.run()
    assert done["changed"]
    assert done["events"] == []
    assert project.files() == files


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"path": "work-orders"}, "path must be an absolute path"),
        ({"journal": "/x/ansible_collections/a/b/journal"}, "must be an absolute path outside of a collection"),
        ({"console_url": "javascript:alert(1)"}, "console_url must begin with https://"),
        ({"today": "tomorrow"}, "today must be a date"),
        ({"orders": [{**ORDER, "integration": "../x"}]}, "cannot name a file"),
        ({"orders": [{**ORDER, "kind": "replace"}]}, "kind must be one of"),
        ({"orders": [ORDER, ORDER]}, "Two orders of the kind create"),
        ({"orders": [{**ORDER, "kind": "edit"}]}, "says no changes"),
        ({"orders": [{"integration": "a"}]}, "missing required arguments"),
    ],
)
def test_what_is_wrong_is_said(project: Project, more: dict[str, Any], message: str) -> None:
    done = project.run(**more)
    assert done["failed"]
    assert message in done["msg"]
    assert project.files() == {}


def test_a_damaged_journal_stops_before_anything_is_written(project: Project) -> None:
    project.journal.parent.mkdir()
    project.journal.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    done = project.run()
    assert "payroll-sync.jsonl line 1 is damaged" in done["msg"]
    assert not project.pages.exists()
