# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action work_orders in this process: which orders are open, their pages and their journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests._declared import NUMBER, ORDER, loaded_project
from tests.core._actions import Actions


class Project:
    """A folder with a journal and work orders, and the way to run the action on it."""

    def __init__(self, folder: Path, actions: Actions) -> None:
        self.folder = folder
        self.pages = folder / "work-orders"
        self.journal = folder / "journal" / "payroll-sync.jsonl"
        self.actions = actions

    def run(
        self, *, check_mode: bool = False, diff: bool = False, orders: Any = (ORDER,), **more: Any
    ) -> dict[str, Any]:
        arguments = {
            "orders": list(orders),
            "journal": str(self.folder / "journal"),
            "path": str(self.pages),
            "today": "2026-11-24",
            "scope_labels": {"data_tables|w": "Spreadsheets (Write)"},
            **more,
        }
        return self.actions("work_orders", arguments, check_mode=check_mode, diff=diff)

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for folder in ("journal", "work-orders")
            for path in sorted((self.folder / folder).glob("*"))
        }


@pytest.fixture
def project(tmp_path: Path, actions: Actions) -> Project:
    return Project(tmp_path, actions)


def test_work_orders_are_predicted_written_and_then_left_alone(project: Project) -> None:
    predicted = project.run(check_mode=True, diff=True)
    assert project.files() == {}
    assert not (project.folder / "journal").exists()
    shown = json.dumps(predicted["diff"])
    assert "ordered payroll-sync.filing.1" in shown
    assert "# Add an API grant" in shown
    done = project.run(diff=True)
    assert predicted == done
    assert done["changed"]
    order = done["orders"][0]
    assert order["number"] == NUMBER
    assert order["waits_for"] == "an Org Security Admin, then anna.k@example.com"
    assert order["fields"]["client_name"] == "SEC Filing | payroll-sync | 2026-11"
    assert order["fields"]["expires"] == "2027-11-24"
    assert Path(order["page"]).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    files = project.files()
    assert set(files) == {"journal/payroll-sync.jsonl", f"work-orders/{NUMBER}.html", f"work-orders/{NUMBER}.md"}
    again = project.run(diff=True, today="2027-01-02")
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
    predicted = project.run(check_mode=True, orders=[order])
    done = project.run(orders=[order])
    assert predicted == done
    page = (project.pages / "payroll-sync.file_access.1.md").read_text(encoding="utf-8")
    for words in ("Support schedules", "Editor", "payroll-sync@example.com"):
        assert words in page
    assert not project.run(orders=[order])["changed"]


def test_an_order_about_a_user_needs_steps(project: Project) -> None:
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
    predicted = project.run(check_mode=True, orders=changed)
    done = project.run(orders=changed)
    assert predicted == done
    assert done["withdrawn"] == [NUMBER]
    assert done["orders"][0]["fields"]["client_name"] == "SEC Filing | payroll-sync | 2026-11.2"
    assert done["orders"][0]["fields"]["replaces"] == NUMBER
    assert {path.name for path in project.pages.iterdir()} == {"payroll-sync.filing.2.html", "payroll-sync.filing.2.md"}
    assert not project.run(orders=changed)["changed"]


def test_a_fulfilled_order_is_closed_and_others_are_left_alone(project: Project) -> None:
    other = {**ORDER, "grant": "budget", "workspace": "Budget"}
    project.run(orders=[ORDER, other])
    stored = {"v": 1, "event": "stored", "grant": "filing", "client_id": "c-1"}
    with project.journal.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(stored) + "\n")
    considered = [{"integration": "payroll-sync", "grant": "filing", "health": "ok"}]
    predicted = project.run(check_mode=True, diff=True, orders=[], considered=considered)
    done = project.run(diff=True, orders=[], considered=considered)
    assert predicted == done
    assert (done["closed"], done["withdrawn"], done["orders"]) == ([NUMBER], [], [])
    assert {path.name for path in project.pages.iterdir()} == {"payroll-sync.budget.1.html", "payroll-sync.budget.1.md"}
    assert not project.run(orders=[], considered=considered)["changed"]


def test_no_order_creates_no_folder(project: Project) -> None:
    done = project.run(orders=[], considered=[{"integration": "payroll-sync", "grant": "filing"}])
    assert not done["changed"]
    assert project.files() == {}
    assert not project.pages.exists()


def test_a_missing_page_is_written_again(project: Project) -> None:
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
        ({"today": "tomorrow"}, "today must be written as YYYY-MM-DD"),
        ({"orders": [{**ORDER, "integration": "../x"}]}, "cannot name a file"),
        ({"orders": [{**ORDER, "kind": "replace"}]}, "kind must be one of"),
        ({"orders": [ORDER, ORDER]}, "Two orders of the kind create"),
        ({"orders": [{**ORDER, "kind": "edit"}]}, "says no changes"),
        ({"orders": [{"integration": "a"}]}, "missing required arguments"),
    ],
)
def test_work_orders_refuses_wrong_arguments(project: Project, more: dict[str, Any], message: str) -> None:
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


def test_printed_commands_have_the_vault_id_of_the_run(project: Project, actions: Actions) -> None:
    actions.vault_passwords = {"prod": "one", "dev": "two"}
    expected = "ansible-playbook integrations.workiva.handover --vault-id prod@prompt"
    (order,) = project.run(vault_id="prod")["orders"]
    assert order["handover"] == expected
    assert expected in (project.pages / f"{NUMBER}.md").read_text("utf-8")
    loaded = loaded_project(project.folder, {}, run={"vault_id": "prod"}, integrations=["payroll-sync"])
    (order,) = actions("open_orders", {"project": loaded})["orders"]
    assert order["handover"] == expected


def test_another_address_of_the_api_is_shown_and_is_another_order(project: Project) -> None:
    for number, address in ((1, "https://api.a.example.com"), (2, "https://api.b.example.com")):
        done = project.run(organization={"id": "o-1", "api_url": address})
        assert [order["number"] for order in done["orders"]] == [f"payroll-sync.filing.{number}"]
        for suffix in ("md", "html"):
            assert address in (project.pages / f"payroll-sync.filing.{number}.{suffix}").read_text("utf-8")
