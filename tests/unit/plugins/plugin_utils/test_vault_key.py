# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of a run's vault passwords encrypts, and whether two encrypted values are one secret."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.secrets import (
    VaultEntryError,
    VaultKey,
    VaultKeyError,
    make_secret_comparison,
    vault_id_of,
)

ONE, TWO = ("one", VaultSecret(b"first password")), ("two", VaultSecret(b"second password"))
CANARY = "wk_secret:oa2c:Canary0123456789abcd"


def loader(*secrets: tuple[str, Any]) -> Any:
    """What Ansible hands to an action, as far as the vault is concerned."""
    return SimpleNamespace(_vault=SimpleNamespace(secrets=list(secrets)))


def encrypted(text: bytes | str, secret: tuple[str, Any]) -> str:
    return str(VaultLib([secret]).encrypt(text, vault_id=secret[0]).decode())


@pytest.mark.parametrize(
    ("secrets", "vault_id", "reason"),
    [
        ([], None, "This run has no vault password"),
        ([ONE, TWO], None, r"Several vault ids are loaded \(one, two\) and none is chosen"),
        ([ONE, TWO], "three", "not among those of this run: one, two"),
    ],
)
def test_vault_key_is_never_chosen_by_chance(secrets: list[Any], vault_id: str | None, reason: str) -> None:
    with pytest.raises(VaultKeyError, match=reason):
        VaultKey.of_run(loader(*secrets), vault_id)
    assert VaultKey.of_run(loader(ONE)).vault_id == "one"
    assert VaultKey.of_run(loader(ONE, TWO), "two").vault_id == "two"


def test_vault_key_shows_its_id_only() -> None:
    assert repr(VaultKey.of_run(loader(ONE))) == "VaultKey(vault_id='one')"


def test_encrypted_value_that_is_not_text_is_reported_without_it() -> None:
    with pytest.raises(VaultEntryError, match="The encrypted entry is not text") as caught:
        VaultKey.of_run(loader(ONE)).decrypt(encrypted(b"\xff\xfe canary", ONE))
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


def test_same_secret_compares_what_is_inside_where_the_run_has_the_password() -> None:
    same = make_secret_comparison(loader(ONE), "one")
    first, again, other = encrypted(CANARY, ONE), encrypted(CANARY, ONE), encrypted("another secret", ONE)
    assert first != again
    assert same(first, again)
    assert not same(first, other)


def test_same_secret_compares_the_texts_where_the_run_lacks_the_password() -> None:
    first, again = encrypted(CANARY, TWO), encrypted(CANARY, TWO)
    for secrets in ((), (ONE,)):
        same = make_secret_comparison(loader(*secrets))
        assert same(first, first.replace("\n", "\n   "))
        assert not same(first, again)


def test_vault_id_of_an_entry_without_one_is_the_default() -> None:
    assert vault_id_of(encrypted(CANARY, TWO)) == "two"
    assert vault_id_of("$ANSIBLE_VAULT;1.1;AES256\n3132\n") == "default"
    assert vault_id_of("") == "default"
