# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The people who carry out work orders, through the console's pages: grants that they add, and mistakes that they make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.simulator._people import ANNA, BOT, OLIVIA, OTTO, Simulator
from tests.simulator.administrator._orders import existing, go, handed_over, write


@pytest.mark.parametrize("screen", ["organization_admin", "workspace_settings", "account_admin"])
@pytest.mark.parametrize("shown", ["by_screen", "regenerate_only", "after_add"])
def test_create_order_hands_over_working_credentials(
    simulator: Simulator, orders: Path, screen: str, shown: str
) -> None:
    simulator.command("switch", f"secret_shown={shown}")
    write(orders, screen=screen)
    (report,) = go(simulator, orders)
    assert (report.outcome, report.reason) == ("done", None)
    (entry,) = handed_over(orders)
    secret = entry.pop("client_secret")
    assert entry == {
        "integration": "payroll-sync",
        "grant": "filing",
        "client_id": simulator.grant()["client_id"],
        "expires": "2999-12-31",
        "ip_allowlist": ["127.0.0.1", "203.0.113.7"],
    }
    answer = simulator.token(entry["client_id"], secret)
    assert answer.json()["scope"].split() == ["file:read", "data_tables|w"]
    assert secret not in str(report)
    # In Organization Admin the administrator leaves the secret where it is, even if it is shown.
    by_custodian = screen == "organization_admin" or shown == "regenerate_only"
    assert any("Regenerate" in step for step in report.steps) is by_custodian


def test_an_order_that_was_carried_out_is_left_alone(simulator: Simulator, orders: Path) -> None:
    write(orders)
    go(simulator, orders)
    before = (orders.parent / "handed-over.yml").read_bytes()
    (report,) = go(simulator, orders)
    assert report.outcome == "nothing"
    assert (orders.parent / "handed-over.yml").read_bytes() == before
    assert simulator.grant()


def test_lost_credentials_are_regenerated_without_a_second_grant(simulator: Simulator, orders: Path) -> None:
    write(orders)
    go(simulator, orders, handed_over=None)
    (report,) = go(simulator, orders)
    assert report.outcome == "done"
    (entry,) = handed_over(orders)
    assert simulator.token(entry["client_id"], entry["client_secret"]).status_code == 200
    assert simulator.grant()


def test_what_was_handed_over_before_is_kept(simulator: Simulator, orders: Path) -> None:
    path = orders.parent / "handed-over.yml"
    old = {"integration": "other", "grant": "filing", "client_id": "x", "client_secret": "y" * 20}
    stale = {"integration": "payroll-sync", "grant": "filing", "client_id": "x", "client_secret": "z" * 20}
    path.write_text(yaml.safe_dump({"colour": "blue", "workiva_handed_over": [stale, old]}))
    write(orders)
    write(orders, "payroll-sync.esg.1", workspace="ESG Reporting")
    reports = go(simulator, orders)
    assert [report.order for report in reports] == ["payroll-sync.esg.1", "payroll-sync.filing.1"]
    entries = handed_over(orders)
    assert {(entry["integration"], entry["grant"]) for entry in entries} == {
        ("other", "filing"),
        ("payroll-sync", "filing"),
        ("payroll-sync", "esg"),
    }
    assert old in entries
    assert stale not in entries
    assert yaml.safe_load(path.read_text())["colour"] == "blue"


@pytest.mark.parametrize(
    "content", ["[a, b]", "a: [b", "workiva_handed_over: 3", "workiva_handed_over: [SECRETLY]", "\xff: {"]
)
def test_a_foreign_file_is_left_as_it_is(simulator: Simulator, orders: Path, content: str) -> None:
    path = orders.parent / "handed-over.yml"
    path.write_text(content, encoding="latin-1")
    write(orders)
    with pytest.raises(ValueError, match="left as it is") as error:
        go(simulator, orders)
    assert "SECRETLY" not in str(error.value)
    assert path.read_text(encoding="latin-1") == content
    assert simulator.state.all("grant") == []


def test_refusing_does_nothing(simulator: Simulator, orders: Path) -> None:
    write(orders)
    (report,) = go(simulator, orders, played_as="refuse")
    assert (report.outcome, report.steps) == ("refused", [])
    assert simulator.state.all("grant") == []
    assert handed_over(orders) == []


@pytest.mark.parametrize("screen", ["organization_admin", "workspace_settings"])
def test_a_wrong_scope(simulator: Simulator, orders: Path, screen: str) -> None:
    write(orders, screen=screen)
    (report,) = go(simulator, orders, played_as="wrong_scope")
    assert report.outcome == "done"
    wrong = simulator.grant()["scopes"]
    assert len(wrong) == 2
    assert "file:read" in wrong
    assert "data_tables|w" not in wrong
    assert len(handed_over(orders)) == 1


def test_a_wrong_scope_is_put_right_by_who_does_the_order_again(simulator: Simulator, orders: Path) -> None:
    write(orders)
    go(simulator, orders, played_as="wrong_scope")
    (report,) = go(simulator, orders)
    assert report.outcome == "done"
    assert sorted(simulator.grant()["scopes"]) == ["data_tables|w", "file:read"]
    (entry,) = handed_over(orders)
    assert len(simulator.token(entry["client_id"], entry["client_secret"]).json()["scope"].split()) == 2
    (again,) = go(simulator, orders)
    assert again.outcome == "nothing"


def test_another_workspace(simulator: Simulator, orders: Path) -> None:
    write(orders)
    (report,) = go(simulator, orders, played_as="other_workspace")
    assert report.outcome == "done"
    assert simulator.workspace_of(simulator.grant()) == "ESG Reporting"
    assert len(handed_over(orders)) == 1


def test_another_workspace_in_its_settings(simulator: Simulator, orders: Path) -> None:
    (membership,) = [
        item
        for item in simulator.state.all("membership")
        if (simulator.state.one("user", item["user"]) or {})["username"] == OLIVIA
        and (simulator.state.one("workspace", item["workspace"]) or {})["name"] == "ESG Reporting"
    ]
    assert membership
    write(orders, screen="workspace_settings")
    (report,) = go(simulator, orders, played_as="other_workspace")
    assert report.outcome == "done"
    assert simulator.workspace_of(simulator.grant()) == "ESG Reporting"


def test_another_workspace_where_none_takes_the_user(simulator: Simulator, orders: Path) -> None:
    write(orders, username=ANNA)
    (report,) = go(simulator, orders, played_as="other_workspace")
    assert report.outcome == "impossible"
    assert "Workiva Username must be a user of the workspace" in (report.reason or "")
    assert simulator.state.all("grant") == []


def test_coming_late_is_a_matter_of_the_simulators_clock(simulator: Simulator, orders: Path) -> None:
    write(orders)
    before = simulator.state.now()
    (report,) = go(simulator, orders, played_as="late", days=40)
    assert report.outcome == "done"
    assert (simulator.state.now() - before).days == 40
    write(orders, "payroll-sync.filing.2", client_name="later", expires=f"{before:%Y-%m-%d}")
    (late,) = go(simulator, orders, played_as="late", numbers=["payroll-sync.filing.2"])
    assert (late.outcome, late.reason) == ("impossible", "Expires must be a date in the future")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"username": "nobody@example.com"}, "Workiva Username must be a user of the workspace"),
        ({"username": OTTO, "workspace": "ESG Reporting"}, "Workiva Username must be a user of the workspace"),
        ({"workspace": "Elsewhere"}, "Workspace does not offer Elsewhere, but: SEC Filing, ESG Reporting"),
        ({"workspace": "Elsewhere", "screen": "workspace_settings"}, "has no link Elsewhere"),
        ({"expires": "2020-01-01"}, "Expires must be a date in the future"),
        ({"ip_allowlist": "203.0.113.0/24"}, "IP Allowlist takes addresses, not 203.0.113.0/24"),
        ({"scopes": [("Everything", "every|w")]}, "Scopes does not offer Everything"),
        ({"kind": "frame"}, "Nobody knows"),
    ],
)
def test_order_that_a_person_cannot_carry_out_is_reported_with_the_reason(
    simulator: Simulator, orders: Path, fields: dict[str, Any], reason: str
) -> None:
    write(orders, **fields)
    write(orders, "another.filing.1", client_name="SEC Filing | another | 2026-11")
    other, report = go(simulator, orders)
    assert other.outcome == "done"
    assert report.outcome == "impossible"
    assert reason in (report.reason or "")
    assert simulator.grant(client_name="SEC Filing | another | 2026-11")
    assert len(simulator.state.all("grant")) == 1


def test_a_label_that_the_screen_does_not_know_is_found_by_the_vendors_string(
    simulator: Simulator, orders: Path
) -> None:
    write(orders, scopes=[("Files (Read)", "file:read")])
    (report,) = go(simulator, orders)
    assert report.outcome == "done"
    assert simulator.grant()["scopes"] == ["file:read"]


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (ANNA, "no link Organization Admin"),
        ("nobody@example.com", "nobody@example.com could not sign in: There is no user"),
    ],
)
def test_somebody_who_may_not(simulator: Simulator, orders: Path, who: str, reason: str) -> None:
    write(orders)
    (report,) = go(simulator, orders, administrator=who)
    assert report.outcome == "impossible"
    assert reason in (report.reason or "")


def test_a_workspace_owner_does_for_workspace_settings(simulator: Simulator, orders: Path) -> None:
    write(orders, screen="workspace_settings")
    (report,) = go(simulator, orders, administrator=OTTO)
    assert report.outcome == "done"


def test_a_custodian_whose_user_is_suspended(simulator: Simulator, orders: Path) -> None:
    existing(simulator)
    write(orders, kind="regenerate")
    (user,) = simulator.state.all("user", username=BOT)
    simulator.state.put("user", {**user, "status": "suspended"})
    try:
        (report,) = go(simulator, orders)
    finally:
        simulator.state.put("user", user)
    assert report.reason == f"{BOT} could not sign in: The user {BOT} is suspended."
