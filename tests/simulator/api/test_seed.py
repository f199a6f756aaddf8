# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The organization that the simulator starts with: a seed of its own, its files and its users."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests._contract import judge
from tests.simulator.api._running import AUTOMATION, SCOPES, Simulator
from workiva_simulator import rules, seed
from workiva_simulator.__main__ import main
from workiva_simulator.state import State


def test_a_seed_plants_files(simulator: Simulator) -> None:
    (file,) = simulator.state.all("file")
    assert simulator.call("GET", "/files").json()["data"] == []
    anna = rules.user_by_name(simulator.state, "anna.k@example.com")
    assert anna is not None
    assert file["name"] == "Support schedules"
    assert file["permissions"] == [{"permission": rules.permission_id("Owner"), "principal": anna["id"]}]


def test_a_seed_can_name_all_roles_and_a_users_id(tmp_path: Path) -> None:
    text = """
        workspaces: [{name: W, usual_roles: false, roles: [Reporter]}, {name: V}]
        users: [{username: far@example.com, id: far-away, elsewhere: true}]
    """
    state = State(str(tmp_path / "state.sqlite"))
    seed.plant(state, yaml.safe_load(text))
    roles = {
        space["name"]: [role["name"] for role in state.all("workspace_role", workspace=space["id"])]
        for space in state.all("workspace")
    }
    assert roles["W"] == ["Reporter"]
    assert "Viewer" in roles["V"]
    assert [user["id"] for user in state.all("elsewhere")] == ["far-away"]


def test_an_allowlist_can_let_this_machine_in(tmp_path: Path) -> None:
    """For projects that name the addresses of real machines; another secret is refused all the same."""
    running = Simulator(tmp_path, "--let-loopback-in")
    try:
        grant = running.grant(AUTOMATION, SCOPES, ip_allowlist=["203.0.113.7"])
        assert running.token(*grant).status_code == 200
        assert running.token(grant[0], "wk_secret:oa2c:other").status_code == 401
    finally:
        running.stop()
    assert running.record.exists()
    judge(running.record)


def test_a_reset_is_the_organization_of_the_start(simulator: Simulator) -> None:
    before = [user["username"] for user in simulator.state.all("user")]
    simulator.call("POST", f"{simulator.base}/users", json={"username": "new@example.com"})
    simulator.command("fault", "503:count=99")
    simulator.command("switch", "default_roles=Viewer")
    simulator.command("reset")
    assert [user["username"] for user in simulator.state.all("user")] == before
    assert simulator.token().status_code == 401
    assert simulator.state.switch("default_roles") == "Viewer"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("users: [{email: x@example.com}]", "a user without username"),
        ("users: [{username: x, organization_roles: [Org Usr Admin]}]", "organization role Org Usr Admin; there are"),
        ("users: [{username: x, workspaces: {Nowhere: {}}}]", "workspace Nowhere"),
        ("users: [{username: x}, {username: X}]", "A user with this username exists"),
        ("[]: [", "parsing a flow"),
        ("- x", "not a mapping"),
        ("files: [{name: x}]", "the file x without workspace"),
        ("{workspaces: [{name: W}], files: [{name: x, workspace: W, permissions: {users: {y: Owner}}}]}", "the user y"),
        (
            "{workspaces: [{name: W}], files: [{name: x, workspace: W, permissions: {groups: {All Users: Boss}}}]}",
            "Unknown permission Boss",
        ),
    ],
)
def test_wrong_seed_is_refused_with_the_reason(
    tmp_path: Path, text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "seed.yml").write_text(text)
    assert main(["serve", "--directory", str(tmp_path / "state"), "--seed", str(tmp_path / "seed.yml")]) == 2
    assert message in capsys.readouterr().err
