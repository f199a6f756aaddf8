# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vault password of a run is compared with what is there, before anything is asked for or written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._secrets import known_secrets
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.check import PLAINTEXT
from tests._organization import Organization
from tests.core._actions import PASSWORD, Actions
from tests.core.actions._filing import FILING, arguments_of

MISTYPED = "a vault password of the tets"
CHECK = "workiva_vault_check"


@pytest.fixture
def pair(organization: Organization) -> dict[str, str]:
    created = organization.create_grant(username=FILING["username"], scopes=FILING["scopes"], expires=FILING["expires"])
    return {name: created[name] for name in ("client_id", "client_secret")}


@pytest.fixture
def file(tmp_path: Path, actions: Actions) -> Path:
    actions.secrets += [PASSWORD, MISTYPED]
    return tmp_path / "credentials.yml"


def typed(
    actions: Actions, organization: Organization, pair: dict[str, str], *first: str, **more: Any
) -> dict[str, Any]:
    actions.answers = [*first, "all", pair["client_id"], pair["client_secret"], ""]
    return actions("oauth2_grants", arguments_of(organization, actions.folder, handover="prompt", **more))


def test_first_secret_is_stored_with_a_check_value(
    organization: Organization, actions: Actions, pair: dict[str, str], file: Path
) -> None:
    assert typed(actions, organization, pair)["grants"][0]["stage"] == "stored"
    content = actions.decrypted(file)
    assert list(content) == ["workiva_credentials_version", "workiva_credentials", CHECK]
    assert list(content[CHECK]) == ["default"]
    assert "password" not in file.read_text()
    before = file.read_bytes()
    assert not typed(actions, organization, pair)["changed"]
    assert file.read_bytes() == before
    assert PLAINTEXT not in known_secrets()  # words of it are in many messages, which would be hidden


def test_wrong_password_stops_before_a_prompt_or_a_write(
    organization: Organization, actions: Actions, pair: dict[str, str], file: Path
) -> None:
    typed(actions, organization, pair)
    before, actions.questions[:] = file.read_bytes(), []
    actions.vault_passwords = {"default": MISTYPED}
    other = {"grant": "budget", "integration": "payroll-sync"}
    for handover in ("prompt", "none", "defer"):
        result = actions(
            "oauth2_grants",
            arguments_of(organization, actions.folder, handover=handover, grants=[{**FILING, **other}]),
        )
        assert (
            "The vault password for the vault id default is wrong: it does not open the check value in" in result["msg"]
        )
        assert "Nothing was asked for or written. Run again with the password" in result["msg"]
    for options in ({}, {"values": [{"path": ["x"], "value": "y"}]}):  # the proof, and an edit
        result = actions("vault_secrets", {"path": str(file), **options})
        assert "The vault password for the vault id default is wrong" in result["msg"]
    assert (file.read_bytes(), actions.questions) == (before, [])


def test_wrong_password_is_found_in_a_file_without_a_check_value(
    organization: Organization, actions: Actions, pair: dict[str, str], file: Path
) -> None:
    typed(actions, organization, pair)
    file.write_text(file.read_text().split(CHECK)[0])
    before = file.read_bytes()
    actions.vault_passwords = {"default": MISTYPED}
    result = typed(actions, organization, pair)
    assert "is wrong: it does not open the one entry that is encrypted under this id in" in result["msg"]
    assert file.read_bytes() == before
    actions.vault_passwords = {"default": PASSWORD}
    other = organization.create_grant(username=FILING["username"], scopes=FILING["scopes"], expires=FILING["expires"])
    typed(actions, organization, other, grants=[{**FILING, "grant": "budget"}])
    assert list(actions.decrypted(file)[CHECK]) == ["default"]


def test_typed_password_is_confirmed_once_before_the_first_secret(
    organization: Organization, actions: Actions, pair: dict[str, str], file: Path
) -> None:
    actions.typed = True
    result = typed(actions, organization, pair, MISTYPED)
    assert (
        result["msg"]
        == "The two vault passwords for the vault id default differ. Nothing was written. Run again, and type the same password twice."
    )
    assert not file.exists()
    assert len(actions.questions) == 1
    assert typed(actions, organization, pair, PASSWORD)["grants"][0]["stage"] == "stored"
    assert sum("Confirm vault password (default)" in question for question in actions.questions) == 2
    other = organization.create_grant(username=FILING["username"], scopes=FILING["scopes"], expires=FILING["expires"])
    typed(actions, organization, other, grants=[{**FILING, "grant": "budget"}])
    assert sum("Confirm vault password (default)" in question for question in actions.questions) == 2


@pytest.mark.parametrize("check_mode", [True, False])
def test_typed_first_password_is_refused_where_the_run_does_not_ask(
    organization: Organization, actions: Actions, pair: dict[str, str], file: Path, check_mode: bool
) -> None:
    actions.typed = True
    actions.answers = [PASSWORD]
    handed_over = [{"integration": "payroll-sync", "grant": "filing", **pair}]
    arguments = arguments_of(organization, actions.folder, handover="vars", handed_over=handed_over)
    sent = len(organization.writes())
    result = actions("oauth2_grants", arguments, check_mode=check_mode)
    assert result["msg"].startswith("The vault password for the vault id default was typed once, and ")
    assert (
        "No credentials were accepted; keep the file with the credentials. Run the playbook handover" in result["msg"]
    )
    assert (actions.questions, file.exists(), len(organization.writes())) == ([], False, sent)
    # What is stored confirms the password, and so does a file that it was read from.
    assert typed(actions, organization, pair, PASSWORD)["grants"][0]["stage"] == "stored"
    actions.questions.clear()
    assert "failed" not in actions("oauth2_grants", arguments, check_mode=check_mode)
    file.unlink()
    (actions.folder / "journal/payroll-sync.jsonl").unlink()
    actions.typed = False
    assert "failed" not in actions("oauth2_grants", arguments, check_mode=check_mode)
    assert actions.questions == []


def test_job_without_a_terminal_accepts_credentials_with_a_password_that_was_entered_for_it(
    organization: Organization, actions: Actions, pair: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOB_ID", "7")  # of AWX, which enters the password of its credential at the prompt of Ansible
    actions.typed = True
    given = {"handover": "vars", "handed_over": [{"integration": "payroll-sync", "grant": "filing", **pair}]}
    result = actions("oauth2_grants", arguments_of(organization, actions.folder, ephemeral_project_ok=True, **given))
    assert (result["grants"][0]["stage"], actions.questions) == ("stored", [])


def secret(name: str) -> dict[str, Any]:
    return {"secrets": [{"path": ["app", name], "value": f"{name}-canary-of-the-tests"}]}


def test_vault_secrets_stores_its_first_secret_with_a_check_value(actions: Actions, file: Path) -> None:
    result = actions("vault_secrets", {"path": str(file), **secret("first")})
    assert result["added"] == ["app.first", "workiva_vault_check.default"]
    before = file.read_bytes()
    assert not actions("vault_secrets", {"path": str(file), **secret("first")})["changed"]
    actions.vault_passwords = {"default": MISTYPED}
    result = actions("vault_secrets", {"path": str(file), **secret("second")})
    assert "The vault password for the vault id default is wrong: it does not open the check value in" in result["msg"]
    assert file.read_bytes() == before


def test_vault_secrets_stores_no_second_password_beside_entries_without_a_check_value(
    actions: Actions, file: Path
) -> None:
    actions("vault_secrets", {"path": str(file), **secret("first")})
    file.write_text(file.read_text().split(CHECK)[0])
    before = file.read_bytes()
    actions.vault_passwords = {"default": MISTYPED}
    for check_mode in (True, False):
        result = actions("vault_secrets", {"path": str(file), **secret("second")}, check_mode=check_mode)
        assert "is wrong: it does not open the one entry that is encrypted under this id in" in result["msg"]
    assert file.read_bytes() == before
    actions.vault_passwords = {"default": PASSWORD}
    assert actions("vault_secrets", {"path": str(file), **secret("second")})["added"] == [
        "app.second",
        f"{CHECK}.default",
    ]


def test_run_without_a_vault_id_of_the_file_is_stopped_once(actions: Actions, file: Path) -> None:
    actions.vault_passwords = {"demo": PASSWORD}
    actions("vault_secrets", {"path": str(file), **secret("first")})
    before = file.read_bytes()
    actions.vault_passwords = {"prod": MISTYPED}
    for check_mode in (True, False):
        result = actions("vault_secrets", {"path": str(file)}, check_mode=check_mode)
        assert result["msg"] == (
            f"{file} is encrypted under the vault id demo, and this run has only prod. Nothing was sent or written. "
            "Start it with --vault-id demo@prompt."
        )
    actions.vault_passwords = {"dev": MISTYPED, "prod": MISTYPED}
    assert (
        "and this run has only dev, prod. " in actions("vault_secrets", {"path": str(file), "vault_id": "dev"})["msg"]
    )
    assert file.read_bytes() == before
    # The password opens the entries, whatever its id.
    actions.vault_passwords = {"prod": PASSWORD}
    assert "failed" not in actions("vault_secrets", {"path": str(file)})


@pytest.mark.parametrize("text", ["3132", "$ANSIBLE_VAULT;1.2;AES256;demo\n3132"])
def test_one_entry_that_cannot_be_read_stops_no_run(actions: Actions, file: Path, text: str) -> None:
    actions.vault_passwords = {"prod": PASSWORD}
    actions("vault_secrets", {"path": str(file), **secret("first")})
    lines = text.replace("\n", "\n    ")
    file.write_text(f"{file.read_text()}other:\n  secret: !vault |\n    {lines}\n")
    assert "failed" not in actions("vault_secrets", {"path": str(file)})
    # Nothing of a damaged text names a vault id, also where the file has no other.
    file.write_text("---\nother:\n  secret: !vault |\n    3132\n")
    assert "failed" not in actions("vault_secrets", {"path": str(file)})


def test_vault_secrets_writes_no_check_value_beside_values_in_clear(actions: Actions, file: Path) -> None:
    actions("vault_secrets", {"path": str(file), "values": [{"path": ["plain"], "value": "x"}]})
    assert CHECK not in file.read_text()


def test_each_vault_id_has_its_own_check_value(
    organization: Organization, actions: Actions, pair: dict[str, str], file: Path
) -> None:
    actions.vault_passwords = {"prod": "one", "dev": "two"}
    typed(actions, organization, pair, vault_id="prod")
    other = organization.create_grant(username=FILING["username"], scopes=FILING["scopes"], expires=FILING["expires"])
    typed(actions, organization, other, vault_id="dev", grants=[{**FILING, "grant": "budget"}])
    assert sorted(actions.decrypted(file)[CHECK]) == ["dev", "prod"]
    actions.vault_passwords = {"prod": "two", "dev": "one"}  # swapped: each opens the entries of the other
    result = typed(actions, organization, pair, vault_id="prod")
    assert "The vault password for the vault id prod is wrong" in result["msg"]


def test_printed_command_has_the_vault_id_of_the_run(organization: Organization, actions: Actions) -> None:
    actions.vault_passwords = {"prod": "one", "dev": "two"}
    (order,) = actions("oauth2_grants", arguments_of(organization, actions.folder, handover="defer", vault_id="dev"))[
        "orders"
    ]
    assert order["handover"] == "ansible-playbook integrations.workiva.handover --vault-id dev@prompt"
