# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The vault secrets of the present run: which of them encrypts, and how an entry is encrypted and decrypted."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.parsing.vault import PromptVaultSecret, VaultLib, parse_vaulttext, parse_vaulttext_envelope

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_input, quote_wrong
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VaultFileError

DEFAULT_ID = "default"  # what Ansible calls a vault password that came without an id; its header names no id
# What the header of an entry can hold: it is one line of ASCII, whose fields are separated by semicolons and stripped.
_FITS_HEADER = re.compile(r"[!-:<-~]+")


class VaultEntryError(VaultFileError):
    """One encrypted entry cannot be read; the others of its file can."""


class VaultKeyError(WorkivaError):
    """The run has no vault secret to encrypt with, or it is not clear which."""


def vault_id_of(vaulttext: str) -> str:
    """The vault id that the header of an encrypted entry names."""
    parts = vaulttext.strip().splitlines()[0].split(";") if vaulttext.strip() else []
    return parts[3].strip() if len(parts) > 3 else DEFAULT_ID


def _secrets_of_run(loader: Any) -> list[tuple[str, Any]]:
    try:
        from ansible.parsing.vault import VaultSecretsContext  # public since ansible-core 2.19
    except ImportError:
        context = None
    else:
        context = VaultSecretsContext.current(optional=True)
    if context is not None and context.secrets:
        return list(context.secrets)
    return list(getattr(getattr(loader, "_vault", None), "secrets", None) or [])


def has_vault_password(loader: Any) -> bool:
    """Whether this run has a vault password."""
    return bool(_secrets_of_run(loader))


def _how_to_load(ids: Sequence[str]) -> str:
    """How to start a run with the vault passwords of a file. C(default) is what Ansible calls a password without an id."""
    if not ids:
        return "Start it with --vault-id <id>@prompt, --vault-password-file or vault_identity_list in ansible.cfg."
    options = ("--ask-vault-pass" if name == DEFAULT_ID else f"--vault-id {quote_input(name)}@prompt" for name in ids)
    return f"Start it with {' '.join(options)}."


class VaultKey:
    """How this run encrypts and decrypts: all its vault secrets open entries, the chosen one locks them."""

    def __init__(self, secrets: list[tuple[str, Any]], vault_id: str) -> None:
        self._vault = VaultLib(secrets)
        self.vault_id = vault_id
        self._loaded: dict[str, list[Any]] = {}
        for known, secret in secrets:
            self._loaded.setdefault(str(known), []).append(secret)
        self._opened: dict[str, tuple[str, bytes]] = {}

    def __repr__(self) -> str:
        return f"VaultKey(vault_id={self.vault_id!r})"

    @classmethod
    def of_run(
        cls, loader: Any, vault_id: str | None = None, known_ids: Callable[[], Sequence[str]] = tuple
    ) -> VaultKey:
        """Chooses as C(ansible-vault) does, and never falls back to the first of several, nor to no encryption.

        C(known_ids): the vault ids of the file that is to be opened, for the message of a run without a password.
        """
        secrets = _secrets_of_run(loader)
        known = list(dict.fromkeys(str(name) for name, _secret in secrets))
        if not known:
            raise VaultKeyError(
                "This run has no vault password, so that secrets can be neither read nor stored. Nothing was asked for or written. "
                f"{_how_to_load(known_ids())}"
            )
        chosen = vault_id or C.DEFAULT_VAULT_ENCRYPT_IDENTITY
        if not chosen:
            if len(known) > 1:
                raise VaultKeyError(
                    f"Several vault ids are loaded ({', '.join(known)}) and none is chosen to encrypt with. Nothing was asked for or written. "
                    "Set workiva_vault_id (vault_id in a task of your own), or vault_encrypt_identity in ansible.cfg."
                )
            chosen = known[0]
        if chosen not in known:
            quoted = quote_wrong(chosen, known)
            raise VaultKeyError(
                f"{f'The vault id {quoted}' if quoted else 'The vault id'} to encrypt with is not among those of this run: {', '.join(known)}. Nothing was "
                "asked for or written. Load it with --vault-id, or choose another one with workiva_vault_id (vault_id in a task of your own)."
            )
        if not _FITS_HEADER.fullmatch(str(chosen)):
            raise VaultKeyError(
                f"The vault id {quote_input(chosen)} cannot be used. Ansible writes the id into the first "
                "line of every encrypted entry. It must not be empty, and must not "
                "contain blanks, semicolons or letters outside of ASCII. Nothing was asked for or "
                "written. Choose an id of letters, digits, '.', '_' and '-', and run again."
            )
        return cls(secrets, str(chosen))

    @classmethod
    def to_decrypt(cls, loader: Any, known_ids: Callable[[], Sequence[str]] = tuple) -> VaultKey:
        """For reading only: no vault id has to be chosen. Raises L(VaultKeyError) in a run without a vault password."""
        secrets = _secrets_of_run(loader)
        if not secrets:
            raise VaultKeyError(
                "This run has no vault password, so that the stored credentials cannot be decrypted. Nothing was sent. "
                f"{_how_to_load(known_ids())}"
            )
        return cls(secrets, str(secrets[0][0]))

    @property
    def ids(self) -> list[str]:
        """The vault ids of this run."""
        return list(self._loaded)

    @property
    def was_typed(self) -> bool:
        """Whether a person typed the password of the chosen id at a prompt of Ansible, which asks once."""
        return all(isinstance(secret, PromptVaultSecret) for secret in self._loaded[self.vault_id])

    def is_typed_again(self, answer: bytes) -> bool:
        """Whether an answer is the password of the chosen id; blanks around it do not count, as for Ansible."""
        return secrets.compare_digest(answer.strip(), self._secret().bytes)

    def encrypt(self, plaintext: str) -> str:
        """Returns vaulttext as C(ansible-vault) writes it.

        The salt is random and given explicitly: with a pinned VAULT_ENCRYPT_SALT two entries would share one keystream.
        """
        if plaintext.startswith("$ANSIBLE_VAULT"):
            raise InvalidArgument("The value is already encrypted by Ansible Vault. Give the value itself.")
        secret = self._secret()
        encrypted = self._vault.encrypt(plaintext, secret=secret, vault_id=self.vault_id, salt=os.urandom(32))
        return str(encrypted.decode("ascii"))

    def decrypt(self, vaulttext: str) -> str:
        """Opens an entry with whichever of the run's secrets fits."""
        return self._open(vaulttext)[0]

    def is_own(self, vaulttext: str) -> bool:
        """Whether an entry is locked with the chosen secret, under the chosen id."""
        return vault_id_of(vaulttext) == self.vault_id and self.opens(vaulttext, self.vault_id)

    def opens(self, vaulttext: str, vault_id: str) -> bool:
        """Whether a password that was loaded under this very id opens an entry. Raises L(VaultEntryError) if none does."""
        return self._open(vaulttext)[1] in [secret.bytes for secret in self._loaded.get(vault_id, [])]

    def check(self) -> None:
        """Encrypts and decrypts a value before anything depends on it."""
        try:
            encrypted = self.encrypt("integrations.workiva")
            fine = self.decrypt(encrypted) == "integrations.workiva" and self.is_own(encrypted)
        except (AnsibleError, VaultEntryError):
            fine = False
        if not fine:
            raise VaultKeyError(
                f"A value encrypted with the vault id {quote_input(self.vault_id)} cannot be decrypted again."
            )

    def _secret(self) -> Any:
        """The secret that locks. Raises L(VaultKeyError) for two different passwords under the chosen id."""
        loaded = self._loaded[self.vault_id]
        if len({secret.bytes for secret in loaded}) > 1:
            raise VaultKeyError(
                f"Two different passwords are loaded under the vault id {self.vault_id}, so it is unclear "
                "which one to encrypt with. Nothing was encrypted or written. Give the password that only "
                "reads an id of its own, for example "
                f"--vault-id {self.vault_id}-old@prompt. Look in ansible.cfg and in the ANSIBLE_VAULT variables too."
            )
        return loaded[0]

    def _open(self, vaulttext: str) -> tuple[str, bytes]:
        """The plaintext, and the password that opened it. An entry is opened once, however often it is asked for."""
        if vaulttext not in self._opened:
            self._opened[vaulttext] = self._decrypted(vaulttext)
        return self._opened[vaulttext]

    def _decrypted(self, vaulttext: str) -> tuple[str, bytes]:
        trouble, remedy = "", ", or load the password that it was written with"
        plain: bytes = b""
        opened: Any = None
        try:
            # Checked beforehand, since a malformed entry makes older cores print a warning of their own.
            parse_vaulttext(parse_vaulttext_envelope(vaulttext.encode("utf-8"))[0])
        except Exception:  # the parser lets any exception of a malformed entry through
            trouble, remedy = "is damaged: it is not a complete vault text", ""
        else:
            try:
                plain, _opened_by, opened = self._vault.decrypt_and_get_vault_id(vaulttext)
            except Exception:
                trouble = f"(vault id {vault_id_of(vaulttext)}) cannot be decrypted with any vault password of this run"
        if not trouble:
            try:
                return str(bytes(plain).decode("utf-8")), bytes(opened.bytes)
            except UnicodeDecodeError:
                trouble, remedy = "is not text", ""
        # Raised outside of the handlers: no exception of the libraries, whose text may hold content, hangs on to it.
        raise VaultEntryError(
            f"The encrypted entry {trouble}. It was left as it is. Restore it from version control{remedy}."
        )


def make_secret_comparison(loader: Any, vault_id: str | None = None) -> Callable[[str, str], bool]:
    """Tells whether two vault texts hold one secret; without the password for both, only whether they are one text."""

    def same(one: str, other: str) -> bool:
        try:
            key = VaultKey.of_run(loader, vault_id)
            return secrets.compare_digest(key.decrypt(one).encode(), key.decrypt(other).encode())
        except (VaultKeyError, VaultEntryError):
            return one.split() == other.split()

    return same
