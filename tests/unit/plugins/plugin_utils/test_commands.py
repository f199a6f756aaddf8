# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Printed commands have the vault id of the project or the options of the run, and the names of the project's files."""

from __future__ import annotations

import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible import constants as C
from ansible import context
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.vault import VaultSecret

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.commands import Commands, commands_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.options import password_source


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


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in whose folder the run was started, with a file that holds its vault password."""
    monkeypatch.delenv("ANSIBLE_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "handover.yml").write_text("")
    (tmp_path / "vault password").write_text("one")
    return tmp_path


def start(monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any] | None = None, **options: Any) -> None:
    """Lets this process be a run with these options, and these settings of Ansible."""
    monkeypatch.setattr(context, "CLIARGS", ImmutableDict(options))
    for name, value in {"IDENTITY_LIST": [], "PASSWORD_FILE": None, **(settings or {})}.items():
        monkeypatch.setattr(C, f"DEFAULT_VAULT_{name}", value, raising=False)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"vault_ids": ["prod@prompt"]}, "--vault-id prod@prompt"),
        ({"vault_ids": ["prompt"]}, "--vault-id prompt"),
        ({"vault_ids": ["prod@vault password"]}, "--vault-id 'prod@vault password'"),
        ({"vault_ids": ["prod@../pw"]}, "--vault-id prod@../pw"),
        ({"vault_ids": ["prod@FOLDER/vault password"]}, "--vault-id 'prod@vault password'"),
        (
            {"vault_ids": ["vault password", "prod@/srv/ask.sh"]},
            "--vault-id 'vault password' --vault-id prod@/srv/ask.sh",
        ),
        ({"vault_password_files": ["FOLDER/vault password"]}, "--vault-password-file 'vault password'"),
        ({"vault_password_files": ["/srv/pw"]}, "--vault-password-file /srv/pw"),
        ({"ask_vault_pass": True}, "--ask-vault-pass"),
        # What a shell opens for one command: --vault-id prod@<(pass show vault).
        ({"vault_ids": ["prod@/dev/fd/63"]}, "--vault-id prod@prompt"),
        ({"vault_password_files": ["/proc/self/fd/11"]}, "--vault-id default@prompt"),
    ],
)
def test_the_next_command_gets_the_vault_password_as_the_run_did(
    project: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], expected: str
) -> None:
    found = {
        name: [one.replace("FOLDER", str(project)) for one in value] if isinstance(value, list) else value
        for name, value in options.items()
    }
    start(monkeypatch, **found)
    commands = commands_of(str(project), loader("prod"))
    assert commands.next_command("handover") == f"ansible-playbook handover.yml {expected}"
    # A page is for everybody, on any machine.
    assert commands.command("handover") == "ansible-playbook handover.yml --vault-id prod@prompt"


@pytest.mark.parametrize("settings", [{"IDENTITY_LIST": ["prod@pw"]}, {"PASSWORD_FILE": "/srv/pw"}])
def test_the_next_command_has_no_option_where_the_settings_of_ansible_have_the_password(
    project: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> None:
    start(monkeypatch, settings)
    assert commands_of(str(project), loader("prod")).next_command("handover") == "ansible-playbook handover.yml"


def test_the_next_command_names_what_only_the_settings_of_another_folder_have(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "ansible.cfg").write_text("[defaults]\nvault_identity_list = prod@pw\n")
    monkeypatch.chdir(elsewhere)
    start(monkeypatch, {"IDENTITY_LIST": ["prod@pw"], "PASSWORD_FILE": "/srv/pw"})
    assert commands_of(str(project), loader("prod")).next_command("handover") == (
        "ansible-playbook handover.yml --vault-id prod@elsewhere/pw --vault-id default@/srv/pw"
    )
    monkeypatch.setenv("ANSIBLE_CONFIG", str(elsewhere / "ansible.cfg"))
    assert commands_of(str(project), loader("prod")).next_command("handover") == "ansible-playbook handover.yml"


def test_the_next_command_chooses_the_same_vault_id(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(monkeypatch, vault_ids=["prod@pw", "test@pw"])
    assert commands_of(str(project), loader("prod", "test"), "prod").next_command("handover") == (
        "ansible-playbook handover.yml --vault-id prod@pw --vault-id test@pw -e workiva_vault_id=prod"
    )


@pytest.mark.parametrize("setting", ["vault_identity_list = prod@pw", "vault_password_file=pw"])
def test_pages_need_no_option_where_the_project_says_where_its_password_is(
    project: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    start(monkeypatch, vault_ids=["prod@prompt"])
    (project / "ansible.cfg").write_text(f"[defaults]\ninventory = hosts.yml\n{setting}\n")
    assert commands_of(str(project), loader("prod")).command("handover") == "ansible-playbook handover.yml"
    (project / "ansible.cfg").write_text("[defaults]\nvault_password_file =\n")
    assert commands_of(str(project), loader("prod")).command("handover").endswith(" --vault-id prod@prompt")
    (project / "ansible.cfg").write_text("this is no file of settings")
    assert commands_of(str(project), loader("prod")).command("handover").endswith(" --vault-id prod@prompt")


@pytest.mark.parametrize(
    ("settings", "options", "expected"),
    [
        ({}, {"vault_ids": ["test@pw"]}, "pw"),
        ({}, {"vault_password_files": ["/srv/pw"]}, "/srv/pw"),
        ({"PASSWORD_FILE": "/srv/pw"}, {}, "/srv/pw"),
        ({}, {"vault_ids": ["test@prompt"]}, "prompt"),
        ({}, {"ask_vault_pass": True}, "prompt"),
        ({}, {"vault_ids": ["test@pw", "prod@other"]}, "prompt"),
        ({}, {}, "prompt"),
    ],
)
def test_the_source_of_the_only_password_can_be_named_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], options: dict[str, Any], expected: str
) -> None:
    start(monkeypatch, settings, **options)
    assert password_source() == expected
