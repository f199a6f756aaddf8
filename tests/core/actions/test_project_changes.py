# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action project_changes in this process: it needs no project that loads, and writes nothing under a wrong vault password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.core._actions import PASSWORD, Actions

SECRET = "wk_secret:oa2c:Canary0123456789abcd"
MISTYPED = "a vault password of the tets"


def store(actions: Actions, folder: Path, grant: str) -> None:
    """Client credentials in the vault file, as the collection stores them, with the check value."""
    path = ["workiva_credentials", "payroll-sync", grant, "client_secret"]
    secrets = [{"path": path, "value": SECRET}]
    found = actions("vault_secrets", {"path": str(folder / "credentials.yml"), "secrets": secrets})
    assert found["changed"], found


@pytest.fixture
def project(tmp_path: Path, actions: Actions) -> Path:
    actions.secrets += [PASSWORD, MISTYPED, SECRET]
    folder = tmp_path / "project"
    folder.mkdir()
    # A state that loading refuses, and that the changes may mend.
    (folder / "workiva.yml").write_text("workiva: damaged\n")
    store(actions, folder, "main")
    return folder


@pytest.fixture
def changes(tmp_path: Path, actions: Actions, project: Path) -> dict[str, Any]:
    """What another job wrote into its copy."""
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "credentials.yml").write_bytes((project / "credentials.yml").read_bytes())
    since = actions("project_changes", {"state": "recorded", "project": str(copy)})["since"]
    store(actions, copy, "filing")
    changes: dict[str, Any] = actions("project_changes", {"project": str(copy), "since": since})["changes"]
    assert [entry["grant"] for entry in changes["entries"]] == ["filing"]
    return changes


@pytest.mark.parametrize("check_mode", [True, False])
def test_changes_are_not_applied_under_a_wrong_vault_password(
    actions: Actions, project: Path, changes: dict[str, Any], check_mode: bool
) -> None:
    before = (project / "credentials.yml").read_bytes()
    actions.vault_passwords = {"default": MISTYPED}
    arguments = {"state": "applied", "project": str(project), "changes": changes}
    found = actions("project_changes", arguments, check_mode=check_mode)
    assert found.get("failed"), found
    assert "The vault password for the vault id default is wrong" in found["msg"]
    assert (project / "credentials.yml").read_bytes() == before


@pytest.mark.parametrize("passwords", [{"default": PASSWORD}, {}])
def test_changes_are_applied_to_the_folder_of_the_inventory_although_it_cannot_be_loaded(
    actions: Actions, project: Path, changes: dict[str, Any], passwords: dict[str, str]
) -> None:
    """Without a vault password nothing is decrypted, and nothing is encrypted either."""
    actions.vault_passwords = passwords
    variables = {"inventory_dir": str(project)}
    arguments = {"state": "applied", "changes": changes}
    assert actions("project_changes", arguments, variables=variables)["changed"]
    assert "filing:" in (project / "credentials.yml").read_text()
    assert not actions("project_changes", arguments, variables=variables)["changed"]


def test_changes_are_not_applied_to_a_folder_that_is_no_project(
    actions: Actions, tmp_path: Path, changes: dict[str, Any]
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    found = actions("project_changes", {"state": "applied", "project": str(folder), "changes": changes})
    assert found["failed"]
    assert f"There is no project in {folder}" in found["msg"]
    assert list(folder.iterdir()) == []
