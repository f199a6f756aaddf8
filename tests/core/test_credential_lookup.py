# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup C(credential): it returns what is stored for one grant, and its errors show no secret."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.integrations.workiva.plugins.lookup.credential import DOCUMENTATION, LookupModule
from ansible_collections.integrations.workiva.plugins.module_utils import _secrets
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text

SECRET = "wk_secret:oa2c:Canary0123456789abcd"
OTHER = "wk_secret:oa2c:Canary9876543210dcba"
PASSWORD = "a vault password of the tests"
ID = "0d8f0c3e1d2a4b6c9e59000000000001"


def encrypt(text: str, password: str = PASSWORD) -> str:
    return str(VaultLib([("default", VaultSecret(password.encode()))]).encrypt(text).decode()).strip()


def entry(name: str, grant: str, vaulttext: str, **dates: str) -> list[str]:
    return [
        *(f"  {name}:", f"    {grant}:", f"      client_id: {ID}"),
        *(f"      {key}: '{value}'" for key, value in dates.items()),
        *("      client_secret: !vault |", *(f"        {line}" for line in vaulttext.splitlines())),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = ["---", "workiva_credentials:"]
    lines += entry("payroll-sync", "filing", encrypt(SECRET), stored_at="2026-11-01T00:00:00Z", expires="2027-05-01")
    # Nobody in this run can open these two.
    lines += entry("hr", "main", encrypt(OTHER, "a password of somebody else"))
    lines += ["  in-clear:", "    main:", f"      client_id: {ID}", f"      client_secret: {OTHER}"]
    (tmp_path / "credentials.yml").write_text("\n".join(lines) + "\n")
    return tmp_path


def credential(*terms: str, passwords: tuple[str, ...] = (PASSWORD,), variables: Any = None, **options: Any) -> Any:
    loader = DataLoader()
    loader.set_vault_secrets([("default", VaultSecret(text.encode())) for text in passwords])
    plugin = LookupModule(loader=loader)
    # As Ansible's loader of plugins does it.
    plugin._load_name = "integrations.workiva.credential"
    documented = yaml.safe_load(DOCUMENTATION)["options"]
    C.config.initialize_plugin_configuration_definitions("lookup", plugin._load_name, documented)
    return plugin.run(list(terms), variables or {}, **options)


def test_credential_returns_what_is_stored_for_the_grant(folder: Path) -> None:
    expected = {
        "client_id": ID,
        "client_secret": SECRET,
        "stored_at": "2026-11-01T00:00:00Z",
        "expires": "2027-05-01",
    }
    assert credential("payroll-sync.filing", project=str(folder)) == [expected]
    beside = {"inventory_dir": str(folder)}
    assert credential("payroll-sync.filing", variables=beside) == [expected]


def test_credential_registers_the_secret_for_masking(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registered: list[str] = []
    monkeypatch.setattr(_secrets, "_masking", SimpleNamespace(register_secret=registered.append))
    # Another grant fails afterwards: the secret that was decrypted before it is hidden by then.
    with pytest.raises(AnsibleError):
        credential("payroll-sync.filing", "payroll-sync.other", project=str(folder))
    assert SECRET in registered
    assert SECRET not in safe_text(f"the server said {SECRET}")


def test_credential_that_was_replaced_is_read_again(folder: Path) -> None:
    assert credential("new.main", project=str(folder), allow_missing=True) == []
    with (folder / "credentials.yml").open("a") as stream:
        stream.write("\n".join(entry("new", "main", encrypt(SECRET))) + "\n")
    (found,) = credential("new.main", project=str(folder), allow_missing=True)
    assert (found["client_secret"], found["stored_at"], found["expires"]) == (SECRET, "", "")


def test_credential_that_is_missing_is_an_error_or_left_out(folder: Path, tmp_path: Path) -> None:
    for name in ("payroll-sync.other", "nobody.main"):
        assert credential(name, project=str(folder), allow_missing=True) == []
        with pytest.raises(AnsibleError, match=r"No client credentials of .* are stored in .*credentials\.yml\. Run"):
            credential(name, project=str(folder))
    nowhere = tmp_path / "nowhere"
    assert credential("a.b", project=str(nowhere), allow_missing=True, passwords=()) == []


@pytest.mark.parametrize(
    ("terms", "passwords", "message"),
    [
        (("hr.main",), (PASSWORD,), r"workiva_credentials\.hr\.main\.client_secret \(line \d+\)"),
        (("in-clear.main",), (PASSWORD,), "is not encrypted"),
        (("payroll-sync.filing",), (), "This run has no vault password"),
        (("payroll-sync",), (PASSWORD,), "must be integration.grant"),
        ((), (PASSWORD,), "Name a grant as integration.grant"),
    ],
)
def test_credential_that_cannot_be_read_is_an_error_without_a_secret(
    folder: Path, terms: tuple[str, ...], passwords: tuple[str, ...], message: str
) -> None:
    with pytest.raises(AnsibleError, match=message) as caught:
        credential(*terms, project=str(folder), passwords=passwords)
    assert "Canary" not in str(caught.value)


def test_credential_refuses_a_relative_project() -> None:
    with pytest.raises(AnsibleError, match="project must be an absolute path"):
        credential("payroll-sync.filing", project="project")
