# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The people who carry out work orders, through the console's pages."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.simulator._people import ANNA, BOT, OLIVIA, OTTO, Simulator, order_page, running
from workiva_simulator import administrator, rules
from workiva_simulator.administrator import Report
from workiva_simulator.state import Object

FIELDS: dict[str, Any] = {
    "client_name": "SEC Filing | payroll-sync | 2026-11",
    "workspace": "SEC Filing",
    "username": BOT,
    "client_type": "OAuth2 Client Credentials",
    "scopes": [("file:read", "file:read"), ("Spreadsheets (Write)", "data_tables|w")],
    "expires": "2999-12-31",
    "ip_allowlist": "127.0.0.1,203.0.113.7",
}
FORM = {**FIELDS, "scopes": ["file:read", "data_tables|w"], "ip_allowlist": ["127.0.0.1", "203.0.113.7"]}


@pytest.fixture(scope="module")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running(tmp_path_factory.mktemp("people")) as simulator:
        yield simulator


@pytest.fixture
def simulator(_simulator: Simulator) -> Iterator[Simulator]:
    yield _simulator
    state = _simulator.state
    with state.transaction():
        for grant in state.all("grant"):
            state.remove("grant", grant["id"])
        for setting in state.all("setting"):
            if setting["id"].startswith("switch.") or setting["id"] == "clock_offset":
                state.remove("setting", setting["id"])


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    folder = tmp_path / "work-orders"
    folder.mkdir()
    return folder


def write(folder: Path, number: str = "payroll-sync.filing.1", kind: str = "create", **fields: Any) -> None:
    screen = fields.pop("screen", "organization_admin")
    chosen = {name: value for name, value in {**FIELDS, **fields}.items() if value is not None}
    (folder / f"{number}.html").write_text(order_page(number, kind, screen, **chosen))


def existing(simulator: Simulator, **others: Any) -> tuple[Object, str]:
    """A grant that was made long ago."""
    fields = {**FORM, **others}
    (workspace,) = simulator.state.all("workspace", name=fields["workspace"])
    with simulator.state.transaction():
        return rules.create_grant(simulator.state, {**fields, "workspace": workspace["id"]})


def go(simulator: Simulator, folder: Path, **options: Any) -> list[Report]:
    options.setdefault("handed_over", folder.parent / "handed-over.yml")
    return administrator.carry_out(simulator.directory, folder, **options)


def handed_over(folder: Path) -> list[dict[str, Any]]:
    path = folder.parent / "handed-over.yml"
    if not path.exists():
        return []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return list(yaml.safe_load(path.read_text())["workiva_handed_over"])


@pytest.mark.parametrize("screen", ["organization_admin", "workspace_settings", "account_admin"])
@pytest.mark.parametrize("shown", ["by_screen", "regenerate_only", "after_add"])
def test_a_pair_is_handed_over_that_works(simulator: Simulator, orders: Path, screen: str, shown: str) -> None:
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


def test_a_lost_pair_is_regenerated_without_a_second_grant(simulator: Simulator, orders: Path) -> None:
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
def test_what_a_person_could_not_do_is_told(
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


def test_an_edit_of_the_user_brings_a_new_pair(simulator: Simulator, orders: Path) -> None:
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


def test_a_grant_that_cannot_be_told_from_another_is_not_touched(simulator: Simulator, orders: Path) -> None:
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
    told = json.loads(simulator.command(*words, "--as", "refuse", "--json"))
    assert (told["changed"], [order["outcome"] for order in told["orders"]]) == (False, ["refused", "refused"])
    assert told["failure"] == ""
    # The role reads them as variables: no text of a page is a template there.
    reports = (simulator.directory / "reports.yml").read_text()
    assert reports.count("!unsafe 'refused'") == 2
    told = json.loads(
        simulator.command(*words, "--json", "--order", "payroll-sync.filing.1,payroll-sync.esg.1", status=1)
    )
    assert told["failure"].startswith("Not possible: payroll-sync.esg.1: Workspace does not offer Elsewhere")
    assert "no work order nothing.1" in simulator.command(*words, "--order", "nothing.1", status=2)
    assert "no folder" in simulator.command("administrator", "--orders", "/nonexistent", status=2)


def test_pages_that_are_no_orders_are_passed_over(simulator: Simulator, orders: Path) -> None:
    (orders / "index.html").write_text("<html><main>An overview</main></html>")
    assert go(simulator, orders) == []
    (orders / "broken.html").write_text('<main data-order="x.y.1"></main>')
    with pytest.raises(ValueError, match="does not tell workspace, username"):
        go(simulator, orders)


def test_no_simulator_is_told(tmp_path: Path, orders: Path) -> None:
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
