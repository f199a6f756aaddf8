# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The people who carry out work orders, through the console's pages: grants that they change or delete, files that they share, and the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.simulator._people import ANNA, BOT, OLIVIA, OTTO, Simulator, order_page
from tests.simulator.administrator._orders import FIELDS, FORM, existing, go, handed_over, write
from workiva_simulator import administrator, rules


@pytest.mark.parametrize("screen", ["organization_admin", "workspace_settings"])
def test_an_edit_changes_what_is_marked_and_nothing_else(simulator: Simulator, orders: Path, screen: str) -> None:
    grant, secret = existing(simulator)
    unchanged: dict[str, Any] = {
        name: (FIELDS[name],) for name in ("client_name", "workspace", "username", "client_type")
    }
    write(
        orders,
        "payroll-sync.filing.2",
        kind="edit",
        screen=screen,
        **{**unchanged, "scopes": [("graph:read", "graph:read")], "expires": "2998-01-01", "ip_allowlist": ""},
    )
    (report,) = go(simulator, orders)
    assert report.outcome == "done"
    assert report.steps[-1] == "the screen shows now: Scopes graph:read; Expires 2998-01-01; IP Allowlist empty"
    changed = simulator.grant()
    assert (changed["scopes"], changed["expires"], changed["ip_allowlist"]) == (["graph:read"], "2998-01-01", [])
    assert changed["client_name"] == grant["client_name"]
    assert simulator.token(grant["client_id"], secret).json()["scope"] == "graph:read"
    assert handed_over(orders) == []
    (again,) = go(simulator, orders)
    assert again.outcome == "nothing"


def test_an_edit_of_the_dates_leaves_the_scopes(simulator: Simulator, orders: Path) -> None:
    existing(simulator)
    kept: dict[str, Any] = {
        name: (FIELDS[name],) for name in ("client_name", "workspace", "username", "client_type", "scopes")
    }
    write(orders, kind="edit", **kept, ip_allowlist=(FIELDS["ip_allowlist"],), expires="2998-01-01")
    go(simulator, orders)
    changed = simulator.grant()
    assert changed["expires"] == "2998-01-01"
    assert sorted(changed["scopes"]) == sorted(FORM["scopes"])
    assert changed["ip_allowlist"] == FORM["ip_allowlist"]


def test_edit_of_the_user_hands_over_new_credentials(simulator: Simulator, orders: Path) -> None:
    existing(simulator)
    kept: dict[str, Any] = {name: (value,) for name, value in FIELDS.items() if name != "username"}
    write(orders, kind="edit", **kept, username=ANNA)
    (report,) = go(simulator, orders)
    assert report.outcome == "done"
    (entry,) = handed_over(orders)
    assert simulator.token(entry["client_id"], entry["client_secret"]).status_code == 200


@pytest.mark.parametrize("by", ["client_name", "client_id"])
def test_regenerate_touches_no_other_grant(simulator: Simulator, orders: Path, by: str) -> None:
    grant, old = existing(simulator)
    other, other_secret = existing(simulator, client_name="SEC Filing | payroll-sync | 2026-10")
    named = {"client_name": None, "client_id": grant["client_id"]} if by == "client_id" else {}
    write(orders, kind="regenerate", client_type=None, scopes=None, expires=None, ip_allowlist=None, **named)
    (report,) = go(simulator, orders)
    assert report.outcome == "done"
    (entry,) = handed_over(orders)
    assert entry["client_id"] == grant["client_id"]
    assert simulator.token(grant["client_id"], old).status_code == 401
    assert simulator.token(grant["client_id"], entry["client_secret"]).status_code == 200
    assert simulator.token(other["client_id"], other_secret).status_code == 200


def test_grant_that_cannot_be_identified_is_left_alone(simulator: Simulator, orders: Path) -> None:
    existing(simulator)
    other, other_secret = existing(simulator)
    write(orders, kind="regenerate")
    write(orders, "payroll-sync.filing.2", kind="delete")
    for report in go(simulator, orders):
        assert "The list shows 2 grants" in (report.reason or "")
    assert len(simulator.state.all("grant")) == 2
    assert simulator.token(other["client_id"], other_secret).status_code == 200


@pytest.mark.parametrize("screen", ["organization_admin", "workspace_settings"])
def test_delete(simulator: Simulator, orders: Path, screen: str) -> None:
    existing(simulator)
    kept, _secret = existing(simulator, client_name="SEC Filing | payroll-sync | 2026-10")
    write(orders, kind="delete", screen=screen)
    (report,) = go(simulator, orders)
    assert report.outcome == "done"
    assert [grant["id"] for grant in simulator.state.all("grant")] == [kept["id"]]
    (again,) = go(simulator, orders)
    assert again.outcome == "nothing"


def test_the_command(simulator: Simulator, orders: Path) -> None:
    write(orders)
    write(orders, "payroll-sync.esg.1", workspace="Elsewhere")
    path = orders.parent / "handed-over.yml"
    words = ("administrator", "--orders", str(orders), "--handed-over", str(path))
    said = simulator.command(*words, "--order", "payroll-sync.filing.1")
    (entry,) = handed_over(orders)
    assert "payroll-sync.filing.1 (create): done" in said
    assert entry["client_secret"] not in said
    said = simulator.command(*words, status=1)
    assert "payroll-sync.esg.1 (create): not possible: Workspace does not offer Elsewhere" in said
    report = json.loads(simulator.command(*words, "--as", "refuse", "--json"))
    assert (report["changed"], [order["outcome"] for order in report["orders"]]) == (False, ["refused", "refused"])
    assert report["failure"] == ""
    # The role reads them as variables: no text of a page is a template there.
    reports = (simulator.directory / "reports.yml").read_text()
    assert reports.count("!unsafe 'refused'") == 2
    report = json.loads(
        simulator.command(*words, "--json", "--order", "payroll-sync.filing.1,payroll-sync.esg.1", status=1)
    )
    assert report["failure"].startswith("Not possible: payroll-sync.esg.1: Workspace does not offer Elsewhere")
    assert "no work order nothing.1" in simulator.command(*words, "--order", "nothing.1", status=2)
    assert "no folder" in simulator.command("administrator", "--orders", "/nonexistent", status=2)


def test_pages_that_are_no_orders_are_passed_over(simulator: Simulator, orders: Path) -> None:
    (orders / "index.html").write_text("<html><main>An overview</main></html>")
    assert go(simulator, orders) == []
    (orders / "broken.html").write_text('<main data-order="x.y.1"></main>')
    with pytest.raises(ValueError, match="does not tell workspace, username"):
        go(simulator, orders)
    (orders / "broken.html").write_text('<main data-order="x.user.1" data-kind="change_user"></main>')
    with pytest.raises(ValueError, match="does not tell username"):
        go(simulator, orders)


def test_command_without_a_simulator_fails_with_the_reason(tmp_path: Path, orders: Path) -> None:
    with pytest.raises(RuntimeError, match="no simulator runs"):
        administrator.carry_out(tmp_path / "none", orders)


def shares(folder: Path, file: str, owner: str, principal: str, permission: str = "Editor") -> None:
    code = f'<code data-permission="{permission}">{principal}</code>'
    part = f'<dl data-file="{file}" data-workspace="SEC Filing" data-owner="{owner}"><dd>{code}</dd></dl>'
    page = order_page("payroll-sync.file_access.1", "file_access").replace("<dl></dl>", part)
    (folder / "payroll-sync.file_access.1.html").write_text(page)


def test_an_owner_shares_a_file_and_nobody_else_can(simulator: Simulator, orders: Path) -> None:
    state = simulator.state
    (workspace,) = state.all("workspace", name="SEC Filing")
    ids = {user["username"]: user["id"] for user in state.all("user")}
    with state.transaction():
        held = [("Owner", ids[ANNA]), ("Viewer", ids[OTTO])]
        file = rules.create_file(state, workspace["id"], {"name": "10-K", "permissions": held})

    def permissions() -> dict[str, str]:
        found = state.one("file", file["id"]) or {}
        return {item["principal"]: rules.PERMISSION_NAMES[item["permission"]] for item in found["permissions"]}

    before = permissions()
    for owner, reason in (
        (OTTO, "Only an Owner of the file can share it"),
        (OLIVIA, f"no link {file['id']}"),
        ("", "Nobody is named"),
        ("nobody@example.com", "could not sign in"),
    ):
        shares(orders, file["id"], owner, BOT)
        (report,) = go(simulator, orders)
        assert report.outcome == "impossible"
        assert reason in (report.reason or "")
    assert permissions() == before
    for permission in ("Viewer", "Editor"):
        shares(orders, file["id"], ANNA, BOT, permission)
        (report,) = go(simulator, orders)
        assert (report.outcome, report.reason) == ("done", None)
        assert permissions() == {**before, ids[BOT]: permission}
    (again,) = go(simulator, orders)
    assert again.outcome == "nothing"
    shares(orders, file["id"], ANNA, "All Users", "Viewer")
    (report,) = go(simulator, orders)
    assert report.outcome == "done"
    assert len(permissions()) == 4
