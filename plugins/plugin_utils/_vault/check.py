# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The check value of a vault id: an encrypted entry of the credentials file that only the right vault password opens.

It is written with the first secret of the vault id. From then on a run with another password stops before it asks for
anything or writes anything, since a secret that is shown once must not be encrypted with a mistyped password.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import TypeGuard

import yaml
from ansible.errors import AnsiblePromptInterrupt, AnsiblePromptNoninteractive

from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_input
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.options import password_source
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.secrets import (
    VaultEntryError,
    VaultKey,
    VaultKeyError,
    vault_id_of,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VAULT_TAGS, KeyPath, VaultText

ROOT = "workiva_vault_check"
# No secret, so that it is not registered as one. It is long and printed nowhere: ansible-core 2.22 masks what it decrypts itself.
PLAINTEXT = (
    "The vault password that opens this check value is the one with which the entries of this file are encrypted."
)


def check_path(vault_id: str) -> KeyPath:
    """Where the check value of a vault id is."""
    return (ROOT, vault_id)


def has_check(document: VaultText, vault_id: str) -> bool:
    """Whether the file has a check value for a vault id."""
    return document.find(check_path(vault_id)) is not None


def check_password(document: VaultText, key: VaultKey, *, by_entries: bool = True) -> None:
    """Raises L(VaultKeyError) where a vault password of the run is not the one that the file was written with.

    C(by_entries): where there is no check value, at least one entry of the vault id must open instead.
    """
    for vault_id in key.ids:
        node = document.find(check_path(vault_id))
        if node is not None and not (_is_encrypted(node) and _opens(key, str(node.value), vault_id)):
            raise VaultKeyError(
                f"The vault password for the vault id {vault_id} is wrong: it does not open the check value in "
                f"{document.path} (line {document.line(node)}). Nothing was asked for or written. Run again with the password "
                f"that the file was written with. If the password has changed on purpose, remove {ROOT}.{vault_id} from the "
                "file, and load the old password under another vault id. If the password is lost, rename the file, create an empty one "
                "of its name and run onboard: work orders then ask for new credentials of all grants."
            )
    if not by_entries or has_check(document, key.vault_id):
        return
    entries = _entries(document, key.vault_id)
    if entries and not any(_opens(key, str(node.value)) for node in entries):
        raise VaultKeyError(
            f"The vault password for the vault id {key.vault_id} is wrong: it does not open {_which(len(entries))} encrypted "
            f"under this id in {document.path}. Nothing was asked for or written. Run again with the password that the file was "
            f"written with. If it is lost, remove {'this entry' if len(entries) == 1 else 'these entries'}, and run again."
        )


def find_vault_ids(document: VaultText) -> list[str]:
    """The vault ids of the encrypted entries of a file. A damaged text names none."""
    return list(dict.fromkeys(map(vault_id_of, _texts(document))))


def check_known_id(document: VaultText, key: VaultKey) -> None:
    """Raises L(VaultKeyError) where the file has secrets, and none under the vault id to encrypt with, which nobody has chosen: whoever
    has the password of the others could not read what is stored under it."""
    ids = find_vault_ids(document)
    if ids and key.vault_id not in ids:
        named = ", ".join(map(quote_input, ids))
        option = shlex.join(["--vault-id", f"{quote_input(ids[0])}@{password_source()}"])
        raise VaultKeyError(
            f"{document.path} has secrets under the vault id{'s' if len(ids) > 1 else ''} {named}, and none under {quote_input(key.vault_id)}, "
            f"which this run would encrypt with. Nothing was asked for or written. Start it with {option}. "
            f"To use a second vault id on purpose, set workiva_vault_id={quote_input(key.vault_id)} as well."
        )


def check_vault_ids(document: VaultText, key: VaultKey) -> None:
    """Raises L(VaultKeyError) where the run has no vault id of the file, and no password that opens one of its entries."""
    texts, ids = _texts(document), find_vault_ids(document)
    if not ids or set(ids) & set(key.ids) or any(_opens(key, text) for text in texts):
        return
    named = [quote_input(vault_id) for vault_id in ids]
    raise VaultKeyError(
        f"{document.path} is encrypted under the vault id{'s' if len(ids) > 1 else ''} {', '.join(named)}, and this run has only "
        f"{', '.join(map(quote_input, key.ids))}. Nothing was sent or written. Start it with "
        f"{' '.join(f'--vault-id {name}@prompt' for name in named)}."
    )


def confirm_password(document: VaultText, key: VaultKey, ask: Callable[[str], bytes] | None) -> None:
    """Asks a second time for a password that was typed and that nothing in the file can confirm, as C(ansible-vault) does.

    C(ask) asks a person, without echo; with None, in a run that asks nothing, such a password is refused. Where nobody can answer,
    the check value shows a mistyped password in the next run. Raises L(VaultKeyError).
    """
    if not key.was_typed or has_check(document, key.vault_id) or _entries(document, key.vault_id):
        return
    if ask is None:
        raise VaultKeyError(
            f"The vault password for the vault id {key.vault_id} was typed once, and {document.path} has no secret that confirms it: "
            "nothing that is encrypted with a mistyped password can be read again. No credentials were accepted; keep the file with "
            "the credentials. Run the playbook handover at a terminal and without credentials in variables. It asks for the password a "
            f"second time, and then for the credentials. Or read the password from a file: --vault-id {key.vault_id}@FILE."
        )
    try:
        answer = ask(
            f"{document.path} has no secret under the vault id {key.vault_id} yet.\nConfirm vault password ({key.vault_id}): "
        )
    except AnsiblePromptNoninteractive:
        return
    except AnsiblePromptInterrupt:
        raise VaultKeyError("Interrupted at the confirmation of the vault password. Nothing was written.") from None
    if not key.is_typed_again(answer):
        raise VaultKeyError(
            f"The two vault passwords for the vault id {key.vault_id} differ. Nothing was written. Run again, and type the same password twice."
        )


def _texts(document: VaultText) -> list[str]:
    """The encrypted texts of a file that are whole enough to name a vault id."""
    texts = (str(node.value) for node in document.nodes() if _is_encrypted(node))
    return [text for text in texts if text.lstrip().startswith("$ANSIBLE_VAULT;")]


def _entries(document: VaultText, vault_id: str) -> list[yaml.ScalarNode]:
    return [node for node in document.nodes() if _is_encrypted(node) and vault_id_of(str(node.value)) == vault_id]


def _which(entries: int) -> str:
    return "the one entry that is" if entries == 1 else f"any of the {entries} entries that are"


def _is_encrypted(node: yaml.Node) -> TypeGuard[yaml.ScalarNode]:
    return isinstance(node, yaml.ScalarNode) and node.tag in VAULT_TAGS


def _opens(key: VaultKey, vaulttext: str, vault_id: str | None = None) -> bool:
    """Whether a password of the run opens an entry; with a vault id, one that was loaded under it."""
    try:
        key.decrypt(vaulttext)
        return vault_id is None or key.opens(vaulttext, vault_id)
    except VaultEntryError:
        return False
