# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action vault_secrets in this process: what it refuses, and that no message repeats a value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible import constants as C

from tests.core._actions import Actions

CANARY = "canary-of-the-tests-1234567890"


def entry(*path: str, **more: Any) -> dict[str, Any]:
    return {"path": list(path), "value": CANARY, **more}


def test_vault_secrets_predicts_writes_and_repeats_without_a_change(actions: Actions, tmp_path: Path) -> None:
    actions.secrets.append(CANARY)
    path = tmp_path / "credentials.yml"
    arguments = {"path": str(path), "secrets": [entry("payroll", "client_secret")]}
    predicted = actions("vault_secrets", arguments, check_mode=True, diff=True)
    assert not path.exists()
    written = actions("vault_secrets", arguments, diff=True)
    assert written == predicted
    assert written["added"] == ["payroll.client_secret", "workiva_vault_check.default"]
    assert actions.decrypted(path)["payroll"] == {"client_secret": CANARY}
    before = path.read_bytes()
    assert not actions("vault_secrets", arguments)["changed"]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"secrets": [{"path": ["a"], "value": [CANARY]}]}, "value must be a string"),
        ({"secrets": [entry("a", state=CANARY)]}, "state must be present or absent"),
        ({"secrets": CANARY}, "secrets must be a list of entries"),
        ({"secrets": [entry("a")], "backup": CANARY}, "backup must be true or false"),
        ({"secrets": [entry("a"), entry("a")]}, "Entry 2 of secrets has the path of an entry before it."),
    ],
)
def test_a_refused_argument_of_vault_secrets_is_named_and_its_value_not_shown(
    actions: Actions, tmp_path: Path, arguments: dict[str, Any], message: str
) -> None:
    actions.secrets.append(CANARY)
    path = tmp_path / "credentials.yml"
    result = actions("vault_secrets", {"path": str(path), **arguments})
    assert result["failed"]
    assert message in result["msg"]
    assert not path.exists()


ENTRY = ("workiva_credentials", "payroll-sync", "filing")
PAIR: dict[str, Any] = {
    "values": [{"path": [*ENTRY, "client_id"], "value": "id-1"}, {"path": [*ENTRY, "expires"], "value": "2027-06-30"}],
    "secrets": [entry(*ENTRY, "client_secret")],
}


@pytest.mark.parametrize("check_mode", [False, True])
def test_vault_secrets_without_entries_checks_the_vault_password_and_the_file(
    actions: Actions, tmp_path: Path, check_mode: bool
) -> None:
    path = tmp_path / "credentials.yml"
    actions.vault_passwords = {"prod": "prod password"}
    result = actions("vault_secrets", {"path": str(path)}, check_mode=check_mode)
    assert (result["changed"], result["vault_id"], result["path"]) == (False, "prod", str(path))
    assert not path.exists()
    path.write_text("a: [\n")
    assert actions("vault_secrets", {"path": str(path)}, check_mode=check_mode)["failed"] is True


def test_vault_secrets_without_a_vault_password_writes_nothing(actions: Actions, tmp_path: Path) -> None:
    actions.vault_passwords = {}
    result = actions("vault_secrets", {"path": str(tmp_path / "credentials.yml"), **PAIR})
    assert result["failed"] is True
    assert "no vault password" in result["msg"]
    assert not (tmp_path / "credentials.yml").exists()


def test_vault_secrets_encrypts_with_the_chosen_of_several_vault_ids(
    actions: Actions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "credentials.yml"
    arguments = {"path": str(path), **PAIR}
    secret = ".".join([*ENTRY, "client_secret"])
    actions.vault_passwords = {"prod": "prod password", "dev": "dev password"}
    unclear = actions("vault_secrets", arguments)
    assert unclear["failed"] is True
    assert "prod, dev" in unclear["msg"]
    assert unclear["error"]["kind"] == "VaultKeyError"
    assert actions("vault_secrets", {**arguments, "vault_id": "dev"})["vault_id"] == "dev"
    assert ";dev\n" in path.read_text()
    monkeypatch.setattr(C, "DEFAULT_VAULT_ENCRYPT_IDENTITY", "prod")
    assert actions("vault_secrets", arguments)["changed_keys"] == [secret]
    assert ";dev\n" not in path.read_text().split("workiva_vault_check:")[0]
    assert actions("vault_secrets", arguments)["changed"] is False
    before = path.read_bytes()
    actions.vault_passwords = {"dev": "dev password"}
    foreign = actions("vault_secrets", {**arguments, "vault_id": "dev"})
    assert foreign["failed"] is True
    assert "cannot be decrypted" in foreign["msg"]
    assert path.read_bytes() == before
