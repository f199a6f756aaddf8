# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keeper of work orders: which orders are open, their pages and their journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.keeper import Keeper, Kept
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.open_orders import were_ordered
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import (
    Surroundings,
    organization_of,
)

ORDER = Order(
    integration="payroll-sync",
    grant="filing",
    kind="create",
    owner="finance-systems@example.com",
    username="payroll-sync@example.com",
    custodian="anna.k@example.com",
    workspace="SEC Filing",
    scopes=("file:read", "data_tables|w"),
    lifetime_days=365,
    ip_allowlist=("203.0.113.7",),
    reason="No credentials of this grant are known.",
)
NUMBER = "payroll-sync.filing.1"
AROUND = Surroundings({"data_tables|w": "Spreadsheets (Write)"})
FILING = ("payroll-sync", "filing")


class Project:
    """A folder with journals and work orders, and the keeper of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages = folder / "work-orders"
        self.journal = folder / "journal" / "payroll-sync.jsonl"

    def keep(
        self,
        *orders: Order,
        considered: Sequence[tuple[str, str]] = (),
        check_mode: bool = False,
        today: date = date(2026, 11, 24),
        around: Surroundings = AROUND,
    ) -> Kept:
        journals = Journals(str(self.folder / "journal"), read_only=check_mode)
        return Keeper(journals, str(self.pages), around, today).keep(orders, considered)

    def orders(self) -> set[str]:
        """The pages of single orders."""
        return {path.name for path in self.pages.glob("*.*.[0-9]*.*")}

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for folder in ("journal", "work-orders")
            for path in sorted((self.folder / folder).glob("*"))
        }


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_work_orders_are_predicted_written_and_then_left_alone(project: Project) -> None:
    predicted = project.keep(ORDER, check_mode=True)
    assert project.files() == {}
    assert not (project.folder / "journal").exists()
    shown = json.dumps(predicted.diffs)
    assert "ordered payroll-sync.filing.1" in shown
    assert "# Add an API grant" in shown
    done = project.keep(ORDER)
    assert predicted == done
    assert done.changed
    (order,) = done.orders
    assert order.number == NUMBER
    assert order.fields["client_name"] == "SEC Filing | payroll-sync | 2026-11"
    assert order.fields["expires"] == "2027-11-24"
    files = project.files()
    pages = {f"work-orders/{name}.{suffix}" for name in (NUMBER, "index") for suffix in ("html", "md")}
    assert set(files) == {"journal/payroll-sync.jsonl", *pages}
    assert files[f"work-orders/{NUMBER}.html"].startswith(b"<!DOCTYPE html>")
    again = project.keep(ORDER, today=date(2027, 1, 2))
    assert not again.changed
    assert again.orders == done.orders
    assert again.diffs == ()
    assert project.files() == files


def test_an_order_about_files_names_the_owner_and_the_permission(project: Project) -> None:
    file = {
        "file": "124efa2a142f472ba1ceab34ed18915f",
        "workspace": "SEC Filing",
        "about": "Support schedules",
        "owner": "anna.k@example.com",
        "permissions": [{"user": "payroll-sync@example.com", "permission": "Editor"}],
    }
    order = replace(ORDER, grant="file_access", kind="file_access", files=(file,), reason="It is not shared yet.")
    predicted = project.keep(order, check_mode=True)
    assert predicted == project.keep(order)
    page = (project.pages / "payroll-sync.file_access.1.md").read_text(encoding="utf-8")
    for words in ("Support schedules", "Editor", "payroll-sync@example.com"):
        assert words in page
    assert not project.keep(order).changed


def test_a_changed_declaration_withdraws_the_order_and_writes_a_new_one(project: Project) -> None:
    project.keep(ORDER)
    changed = replace(ORDER, scopes=("file:read",))
    predicted = project.keep(changed, check_mode=True)
    done = project.keep(changed)
    assert predicted == done
    assert done.numbers("withdrawn") == [NUMBER]
    assert done.orders[0].fields["client_name"] == "SEC Filing | payroll-sync | 2026-11.2"
    assert done.orders[0].fields["replaces"] == NUMBER
    assert project.orders() == {"payroll-sync.filing.2.html", "payroll-sync.filing.2.md"}
    assert not project.keep(changed).changed


def test_a_fulfilled_order_is_closed_and_other_orders_are_left_alone(project: Project) -> None:
    project.keep(ORDER, replace(ORDER, grant="budget", workspace="Budget"))
    stored = {"v": 1, "event": "stored", "grant": "filing", "client_id": "c-1"}
    with project.journal.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(stored) + "\n")
    predicted = project.keep(considered=[FILING], check_mode=True)
    done = project.keep(considered=[FILING])
    assert predicted == done
    assert (done.numbers("closed"), done.numbers("withdrawn"), done.orders) == ([NUMBER], [], ())
    assert project.orders() == {"payroll-sync.budget.1.html", "payroll-sync.budget.1.md"}
    assert not project.keep(considered=[FILING]).changed


def test_a_run_without_orders_creates_no_folder(project: Project) -> None:
    assert not project.keep(considered=[FILING]).changed
    assert project.files() == {}
    assert not project.pages.exists()


def test_a_missing_page_is_written_again(project: Project) -> None:
    project.keep(ORDER)
    files = project.files()
    (project.pages / f"{NUMBER}.html").unlink()
    (project.pages / f"{NUMBER}.md").write_text("edited by hand", encoding="utf-8")
    done = project.keep(ORDER)
    assert done.changed
    assert done.events == ()
    assert project.files() == files


def test_the_index_lists_the_orders_of_all_integrations_and_goes_with_the_last(project: Project) -> None:
    project.keep(ORDER)
    other = replace(ORDER, integration="audit-reader", username="audit-reader@example.com")
    assert project.keep(other, check_mode=True) == project.keep(other)
    index = (project.pages / "index.md").read_text("utf-8")
    assert index.count(": Add the grant, about") == 2
    assert (project.pages / "add-grants.organization_admin.html").exists()
    assert not project.keep(other).changed
    for integration in ("audit-reader", "payroll-sync"):
        considered = [(integration, "filing")]
        predicted = project.keep(considered=considered, check_mode=True)
        done = project.keep(considered=considered)
        assert predicted == done
        assert done.numbers("withdrawn") == [f"{integration}.filing.1"]
    assert list(project.pages.iterdir()) == []


def test_an_index_that_was_lost_or_is_old_is_written_again(project: Project) -> None:
    project.keep(ORDER)
    files = project.files()
    (project.pages / "index.html").write_text("edited by hand", encoding="utf-8")
    (project.pages / "index.md").unlink()
    (project.pages / "add-grants.organization_admin.md").write_text("of an older run", encoding="utf-8")
    done = project.keep(ORDER)
    assert done.changed
    assert {Path(path).name for path in done.pages} == {
        "index.html",
        "index.md",
        "add-grants.organization_admin.md",
    }
    assert project.files() == files


def test_a_damaged_journal_of_another_integration_is_named_in_the_index(project: Project) -> None:
    project.journal.parent.mkdir()
    (project.journal.parent / "other.jsonl").write_text("<<<<<<< HEAD\n", encoding="utf-8")
    project.keep(ORDER)
    assert "the journal of `other` cannot be read" in (project.pages / "index.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        ([replace(ORDER, integration="../x")], "cannot name a file"),
        ([ORDER, ORDER], "Two orders of the kind create"),
        ([replace(ORDER, kind="edit")], "says no changes"),
    ],
)
def test_orders_that_cannot_be_written_are_refused(project: Project, orders: list[Order], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        project.keep(*orders)
    assert project.files() == {}


def test_a_damaged_journal_stops_before_anything_is_written(project: Project) -> None:
    project.journal.parent.mkdir()
    project.journal.write_text("{damaged\n", encoding="utf-8")
    with pytest.raises(InvalidArgument, match=r"payroll-sync\.jsonl line 1 is damaged"):
        project.keep(ORDER)
    assert not project.pages.exists()


def test_another_address_of_the_api_is_shown_and_is_another_order(project: Project) -> None:
    for number, address in ((1, "https://api.a.example.com"), (2, "https://api.b.example.com")):
        around = replace(AROUND, organization=organization_of({"id": "o-1", "api_url": address}))
        done = project.keep(ORDER, around=around)
        assert [order.number for order in done.orders] == [f"payroll-sync.filing.{number}"]
        for suffix in ("md", "html"):
            assert address in (project.pages / f"payroll-sync.filing.{number}.{suffix}").read_text("utf-8")


def test_an_order_that_was_ever_written_is_known_also_where_a_journal_is_damaged(project: Project) -> None:
    journals, names = str(project.folder / "journal"), ["ledger-load", "payroll-sync"]
    assert not were_ordered(journals, names, "filing")
    project.keep(ORDER)
    project.keep(considered=[FILING])
    assert were_ordered(journals, names, "filing")
    assert not were_ordered(journals, names, "file_access")
    assert not were_ordered(journals, ["ledger-load"], "filing")
    project.journal.write_text("no event\n")
    assert were_ordered(journals, names, "file_access")
