# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook check, as a commit hook runs it: without a vault password, and without anybody who answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests._playbook import Played, run_playbook
from tests.integration._job import ROOT

# What a project may have encrypted with a password that is not here.
VAULTED = "!vault |\n          $ANSIBLE_VAULT;1.2;AES256;prod\n          3330\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "integrations.d").mkdir(parents=True)
    text = (ROOT / "tools/demo/workiva.yml").read_text().replace("@CA_PATH@", "/nowhere/ca.pem")
    # Nobody listens there.
    (folder / "workiva.yml").write_text(text.replace("@CONNECT_TO@", "api.app.wdesk.com:443:127.0.0.1:1"))
    for source in (ROOT / "tools/demo/integrations.d").glob("*.yml"):
        shutil.copy(source, folder / "integrations.d")
    (folder / "credentials.yml").write_text(
        f"---\nworkiva_credentials:\n  payroll-sync:\n    main:\n      client_id: x\n      client_secret: {VAULTED}"
    )
    (folder / "group_vars").mkdir()
    (folder / "group_vars/all.yml").write_text(f"---\nsmtp_password: {VAULTED}")
    (folder / "hosts.yml").write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n")
    return folder


def check(project: Path, fails: bool = False) -> Played:
    return run_playbook(
        "integrations.workiva.check",
        folder=project,
        inventory="hosts.yml",
        fails=fails,
        home=project.parent,
        environment={"COLUMNS": "400"},
    )


def test_check_of_a_valid_project_lists_what_was_checked(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    played = check(project)
    output = played.output
    assert played.count("changed") == 0
    assert f"Nothing is wrong with {project}" in output
    assert "6 integrations, 7 grants, 1 certificate, " in output
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_a_note_is_printed_once(project: Path) -> None:
    settings = project / "workiva.yml"
    settings.write_text(
        settings.read_text().replace("  administrator:\n", "  administrator:\n    ip_allowlist: [203.0.113.0/24]\n")
    )
    assert check(project).output.count("whether the vendor's IP Allowlist takes networks") == 1


def test_check_reports_all_mistakes_at_once(project: Path) -> None:
    for name, before, after in (
        ("data-lake", "workspace: ESG", "workspce: ESG"),
        ("ledger-load", "Spreadsheets (Read)", "Spreadsheet (Read)"),
        ("payroll-sync", "username: payroll-sync", "username: audit-reader"),
    ):
        path = project / f"integrations.d/{name}.yml"
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))
    output = check(project, fails=True).output
    for name in ("data-lake.yml:", "ledger-load.yml:", "payroll-sync.yml:"):
        assert f"integrations.d/{name}" in output
    assert "Did you mean workspace?" in output
    assert "Nothing is wrong" not in output
