# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Printed commands have the vault id of the project, and the names of its files."""

from __future__ import annotations

import shlex
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible.parsing.vault import VaultSecret

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.commands import Commands, commands_of


def loader(*names: str) -> SimpleNamespace:
    return SimpleNamespace(_vault=SimpleNamespace(secrets=[(name, VaultSecret(b"one")) for name in names]))


@pytest.mark.parametrize(
    ("vault_id", "expected"),
    [
        (None, ""),
        ("default", " --ask-vault-pass"),
        ("prod", " --vault-id prod@prompt"),
        ("a b", " --vault-id 'a b@prompt'"),
    ],
)
def test_a_command_asks_for_the_password_of_the_project(vault_id: str | None, expected: str) -> None:
    assert (
        Commands(vault_id=vault_id).command("handover") == f"ansible-playbook integrations.workiva.handover{expected}"
    )


def test_options_are_quoted() -> None:
    words = ("-e", "workiva_done=x.y.1; rm")
    assert shlex.split(Commands().command("handover", *words))[2:] == list(words)


def test_the_vault_id_is_that_of_the_stored_secrets(tmp_path: Path) -> None:
    assert commands_of(str(tmp_path), loader("ops")).vault_id == "ops"
    assert commands_of(str(tmp_path), loader("ops", "prod")).vault_id is None
    assert commands_of(str(tmp_path), loader("ops", "prod"), "prod").vault_id == "prod"
    assert commands_of(str(tmp_path), loader()).vault_id is None
    entry = "a:\n  client_secret: !vault |\n    $ANSIBLE_VAULT;1.2;AES256;prod\n    6162\n"
    (tmp_path / "credentials.yml").write_text(entry)
    assert commands_of(str(tmp_path), loader("ops")).vault_id == "prod"
    (tmp_path / "credentials.yml").write_text(entry.replace("1.2;AES256;prod", "1.1;AES256"))
    assert commands_of(str(tmp_path), loader("ops")).vault_id == "default"
    (tmp_path / "credentials.yml").write_text(entry + entry.replace("prod", "other"))
    assert commands_of(str(tmp_path), loader("ops")).vault_id == "ops"


def test_a_playbook_is_called_by_its_file_where_the_project_has_one(tmp_path: Path) -> None:
    (tmp_path / "handover.yml").write_text("")
    assert commands_of(str(tmp_path), loader()).command("handover") == "ansible-playbook handover.yml"
    assert commands_of(str(tmp_path), loader()).command("onboard") == "ansible-playbook integrations.workiva.onboard"
