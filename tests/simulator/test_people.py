# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The console's pages of users and members: who may open them, and what they change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.simulator._people import ANNA, BOT, OLIVIA, OTTO, Simulator, running
from workiva_simulator import administrator
from workiva_simulator.browser import Browser, NotPossible, words

NEW = "new-feed@example.com"
PAGE = """<!DOCTYPE html><html><body><main data-order="new-feed.user.{number}" data-kind="{kind}"
data-screen="organization_admin" data-integration="new-feed" data-grant="user"><dl>
<dd><code data-field="username">new-feed@example.com</code></dd>{rows}</dl>
<h2 id="word">Say that it is done</h2></main></body></html>"""


def row(kind: str, change: str, text: str, workspace: str = "", more: str = "") -> str:
    where = f' data-workspace="{workspace}"' if workspace else ""
    return f'<dd><code data-field="{kind}" data-change="{change}"{where}{more}>{text}</code></dd>'


@pytest.fixture(scope="module")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running(tmp_path_factory.mktemp("people")) as simulator:
        yield simulator


@pytest.fixture
def simulator(_simulator: Simulator) -> Simulator:
    _simulator.clear()
    state = _simulator.state
    roles = {role["name"]: role["id"] for role in state.all("org_role")}
    (olivia,) = state.all("user", username=OLIVIA)
    given = [roles[name] for name in ("Org Security Admin", "Org User Admin", "Org Workspace Admin")]
    state.put("user", {**olivia, "roles": given})
    return _simulator


def open_people(browser: Browser) -> None:
    browser.follow("Organization Admin")
    browser.follow("People")


@pytest.mark.parametrize("who", [ANNA, OTTO, BOT])
def test_users_are_for_a_user_administrator(simulator: Simulator, who: str) -> None:
    with simulator.signed_in(who) as browser:
        assert not browser.has_link("Organization Admin")
        for path in ("/console/admin/people", "/console/admin/people/add"):
            with pytest.raises(NotPossible, match="Org User Admin"):
                browser.open(path)


def test_members_are_for_the_owner_of_the_workspace(simulator: Simulator) -> None:
    with simulator.signed_in(OTTO) as browser:
        for text in ("SEC Filing", "Workspace Settings", "Members"):
            browser.follow(text)
        assert "not" in words(browser.page.select("p.hint")[0])
        rows = {words(cells["Username"]): words(cells["Roles"]) for cells, _row in browser.rows()}
        assert rows[OTTO] == "Workspace Owner"
        path = browser.address
    with simulator.signed_in(ANNA) as browser, pytest.raises(NotPossible, match="Workspace Owner"):
        browser.open(path)


def test_wrong_form_shows_the_error(simulator: Simulator) -> None:
    with simulator.signed_in(OLIVIA) as browser:
        open_people(browser)
        browser.follow("Add User")
        form = browser.form("Add User")
        form.enter("Username", ANNA)
        form.enter("Email", ANNA)
        with pytest.raises(NotPossible, match="A user with this username exists"):
            browser.press(form, "Add User")


def test_orders_about_a_user_are_carried_out_on_the_pages(simulator: Simulator, tmp_path: Path) -> None:
    """Added, changed, taken away and deleted; and whoever comes twice finds nothing to do."""
    orders, handed_over = tmp_path / "orders", tmp_path / "handed-over.yml"
    orders.mkdir()
    steps = [
        (
            "add_user",
            '<dd><code data-field="email">new-feed@example.com</code></dd>'
            + row("organization_role", "add", "Org User Admin")
            + row("member", "add", "ESG Reporting", "ESG Reporting", " data-welcome")
            + row("role", "exact", "Viewer", "ESG Reporting"),
        ),
        (
            "change_user",
            row("role", "add", "Editor", "ESG Reporting") + row("role", "remove", "Viewer", "ESG Reporting"),
        ),
        (
            "remove_user",
            row("organization_role", "remove", "Org User Admin")
            + row("member", "remove", "ESG Reporting", "ESG Reporting"),
        ),
        ("remove_user", row("deleted", "remove", NEW)),
    ]
    seen = []
    for number, (kind, rows) in enumerate(steps, start=1):
        for path in orders.iterdir():
            path.unlink()
        (orders / f"new-feed.user.{number}.html").write_text(PAGE.format(number=number, kind=kind, rows=rows))
        for outcome in ("done", "nothing"):
            (report,) = administrator.carry_out(simulator.directory, orders, handed_over=handed_over)
            assert (report.outcome, report.reason) == (outcome, None)
        found = simulator.state.all("user", username=NEW)
        roles = [
            (simulator.state.one("workspace_role", f"{item['workspace']}/{role}") or {})["name"]
            for item in simulator.state.all("membership", user=found[0]["id"] if found else "")
            for role in item["roles"]
        ]
        seen.append((found[0]["status"], len(found[0]["roles"]), roles) if found else None)
    assert seen == [("active", 1, ["Viewer"]), ("active", 1, ["Editor"]), ("suspended", 0, []), None]
    assert [mail["kind"] for mail in simulator.state.all("mail")] == ["welcome"]
    assert yaml.safe_load(handed_over.read_text())["workiva_done"] == [
        f"new-feed.user.{number}" for number in range(1, 5)
    ]
