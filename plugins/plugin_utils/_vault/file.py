# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""One vars file with inline vault values: read entry by entry, edited in one atomic step."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Union

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import SHORTEST_SECRET, register_secret
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    FileChangedMeanwhile,
    FileTrouble,
    check_folder_is_writable,
    keep_backup,
    lock_folder,
    read_file,
    replace_file,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._paths import check_own_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.check import (
    PLAINTEXT,
    check_known_id,
    check_password,
    check_path,
    check_vault_ids,
    confirm_password,
    find_vault_ids,
    has_check,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.edit import (
    TEMPLATE,
    Clear,
    Encrypted,
    Leaf,
    locate,
    rewrite_text,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.secrets import (
    VaultEntryError,
    VaultKey,
    VaultKeyError,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import (
    HEADING,
    NULL_TAG,
    VAULT_TAGS,
    KeyPath,
    VaultFileError,
    VaultText,
    dotted,
)

__all__ = [
    "Change",
    "EditResult",
    "KeyPath",
    "Secret",
    "VaultDocument",
    "VaultEntryError",
    "VaultFile",
    "VaultFileError",
    "VaultKey",
    "VaultKeyError",
]

NEW_FILE = f"---\n{HEADING}\n"
_ATTEMPTS = 10


@dataclass(frozen=True)
class Secret:
    """A value to encrypt; neither its repr nor an error about it shows it."""

    value: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.value) < SHORTEST_SECRET:
            # Masking replaces every occurrence of a secret in all output: a short one would take the output with it.
            raise InvalidArgument(f"A secret of fewer than {SHORTEST_SECRET} characters is refused.")
        if TEMPLATE.search(self.value):
            raise InvalidArgument(
                "A secret with {{, {% or {# is refused: Ansible would run it as a template when it reads the file."
            )
        if any("\ud800" <= character <= "\udfff" for character in self.value):
            raise InvalidArgument("A secret must be text in UTF-8.")
        register_secret(self.value)


Change = Union[Secret, str, None]


@dataclass
class EditResult:
    """What an edit did or, in check mode, would do: the dotted names of the entries, never their values."""

    path: str
    vault_id: str
    added: list[str] = field(default_factory=list)
    changed_keys: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    backup_file: str | None = None
    notes: list[str] = field(default_factory=list)
    """What the replaced file could not keep of its permissions."""

    @property
    def changed(self) -> bool:
        """Whether the file differs from before."""
        return bool(self.added or self.changed_keys or self.removed)

    @property
    def diff(self) -> dict[str, str]:
        """Before and after, by name."""
        before = {**dict.fromkeys(self.changed_keys, "stored"), **dict.fromkeys(self.removed, "stored")}
        after = {**dict.fromkeys(self.changed_keys, "stored (changed)"), **dict.fromkeys(self.added, "stored (added)")}
        return {
            "before_header": self.path,
            "after_header": self.path,
            "before": "".join(f"{name}: {state}\n" for name, state in sorted(before.items())),
            "after": "".join(f"{name}: {state}\n" for name, state in sorted(after.items())),
        }


class VaultDocument:
    """What a vars file holds; each encrypted entry is opened on its own, so that a damaged one stops no other."""

    def __init__(self, text: VaultText, key: VaultKey) -> None:
        self._text = text
        self._key = key

    def value(self, path: KeyPath) -> str | None:
        """As L(VaultText.value)."""
        return self._text.value(path)

    def secret(self, path: KeyPath) -> str | None:
        """A decrypted value; None where there is none."""
        node = self._text.find(path)
        if node is None or node.tag == NULL_TAG:
            return None
        if node.tag not in VAULT_TAGS or not isinstance(node, yaml.ScalarNode):
            raise VaultEntryError(f"{self._text.path}: {dotted(path)} (line {self._text.line(node)}) is not encrypted.")
        plaintext = decrypt_value(self._key, self._text, path, node)
        register_secret(plaintext)
        return plaintext

    def keys(self, path: KeyPath = ()) -> list[str]:
        """The names below a path, in the order of the file."""
        node = self._text.find(path)
        return (
            [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
            if isinstance(node, yaml.MappingNode)
            else []
        )


def read_vault_ids(path: str) -> list[str]:
    """The vault ids of the encrypted entries of a vars file; none where it is not there or cannot be read."""
    with contextlib.suppress(VaultFileError, FileTrouble):
        content = read_file(path)
        return find_vault_ids(VaultText.of_bytes(content, path, read_only=True)) if content else []
    return []


class VaultFile:
    """A vars file at an absolute path of the controller; it need not exist before the first edit, its folder must."""

    def __init__(self, path: str, key: VaultKey, *, follow_symlinks: bool = False) -> None:
        check_own_path("path", path)
        if os.path.islink(path):
            if not follow_symlinks:
                raise VaultFileError(f"{path} is a symbolic link. Set follow to true, or name the file itself.")
            path = os.path.realpath(path)
        self.path = os.path.normpath(path)
        self.key = key
        self._parsed: tuple[bytes, VaultText] | None = None

    def read(self) -> VaultDocument:
        """The present content; a missing file is an empty one."""
        return VaultDocument(self._parse(read_file(self.path), read_only=True), self.key)

    def check_password(self) -> None:
        """Raises L(VaultKeyError) where the vault password is not the one that the file was written with."""
        check_password(self._parse(read_file(self.path), read_only=True), self.key)

    def check_known_id(self) -> None:
        """Raises L(VaultKeyError) where the file has secrets under other vault ids only than the one to encrypt with."""
        check_known_id(self._parse(read_file(self.path), read_only=True), self.key)

    def confirm_password(self, ask: Callable[[str], bytes] | None) -> None:
        """Asks a person again, without echo, for a typed password that the file cannot confirm. Without C(ask) it is refused.

        Raises L(VaultKeyError).
        """
        confirm_password(self._parse(read_file(self.path), read_only=True), self.key, ask)

    def edit(
        self,
        changes: Mapping[KeyPath, Change],
        *,
        check_mode: bool = False,
        backup: bool = False,
    ) -> EditResult:
        """Brings all entries to what is wanted, in one replacement of the file, or leaves the file as it was.

        A C(Secret) is stored encrypted, a C(str) in clear, C(None) removes the entry or whatever is below its path.
        With the first secret of a vault id comes its check value. Raises L(VaultKeyError) where the vault password is not the
        one that the secrets of the vault id were encrypted with. However many entries change, the file is parsed at most
        twice: as it is, and as it will be.
        """
        if check_mode:
            document = self._parse(read_file(self.path))
            result, leaves, _exposed = self._plan(document, changes)
            rewrite_text(document, leaves)
            return result
        with lock_folder(os.path.dirname(self.path)):
            for attempt in range(1, _ATTEMPTS + 1):
                present = read_file(self.path)
                document = self._parse(present)
                result, leaves, exposed = self._plan(document, changes)
                if not leaves:
                    return result
                outcome = rewrite_text(document, leaves)
                content = outcome.text.encode("utf-8")
                if backup and present is not None:
                    # What stood in clear where a secret belongs is encrypted in the copy too: lost to nobody, shown to nobody.
                    kept = rewrite_text(document, exposed).text.encode("utf-8") if exposed else present
                    result.backup_file = keep_backup(self.path, kept)
                try:
                    result.notes = replace_file(self.path, content, present)
                except Exception as error:
                    if result.backup_file:
                        with contextlib.suppress(OSError):
                            os.unlink(result.backup_file)
                    if not isinstance(error, FileChangedMeanwhile) or attempt == _ATTEMPTS:
                        raise
                else:
                    self._parsed = content, outcome
                    return result
        raise AssertionError("unreachable")

    def check_writable(self, *, check_mode: bool = False) -> None:
        """Fails where a later edit could not be stored, and where the run can read nothing of the file; changes nothing."""
        check_folder_is_writable(os.path.dirname(self.path), check_mode=check_mode)
        check_vault_ids(self._parse(read_file(self.path), read_only=True), self.key)
        self.check_password()

    def _parse(self, content: bytes | None, *, read_only: bool = False) -> VaultText:
        """The document; a content that was parsed last is not parsed again, since a file may hold thousands of entries."""
        if not content:
            return VaultText(NEW_FILE, self.path)
        if self._parsed is None or self._parsed[0] != content or (self._parsed[1].is_read_only and not read_only):
            self._parsed = content, VaultText.of_bytes(content, self.path, read_only=read_only)
        return self._parsed[1]

    def _plan(
        self, document: VaultText, changes: Mapping[KeyPath, Change]
    ) -> tuple[EditResult, dict[KeyPath, Leaf], dict[KeyPath, Leaf]]:
        """What is to be written, and which plaintext is where a secret belongs."""
        check_password(document, self.key, by_entries=any(isinstance(change, Secret) for change in changes.values()))
        result = EditResult(self.path, self.key.vault_id)
        leaves: dict[KeyPath, Leaf] = {}
        exposed: dict[KeyPath, Leaf] = {}
        for path, change in changes.items():
            if not path or not all(isinstance(key, str) and key for key in path):
                raise InvalidArgument("The path of an entry must be a list of one or more keys. No key may be empty.")
            present = locate(document, path)
            if change is None:
                fate = result.unchanged if present is None else result.removed
            elif present is None:
                fate = result.added
            elif not isinstance(present, yaml.ScalarNode):
                raise VaultFileError(
                    f"{document.path}: {dotted(path)} (line {document.line(present)}) holds further entries, not a value."
                )
            elif present.tag in VAULT_TAGS:
                same = isinstance(change, Secret) and decrypt_value(self.key, document, path, present) == change.value
                fate = result.unchanged if same and self.key.is_own(present.value) else result.changed_keys
            elif isinstance(change, Secret):
                fate = result.changed_keys
                exposed[path] = Encrypted(self.key.encrypt(present.value))
            else:
                fate = result.unchanged if present.value == change else result.changed_keys
            fate.append(dotted(path))
            if fate is not result.unchanged:
                leaves[path] = (
                    None
                    if change is None
                    else Encrypted(self.key.encrypt(change.value))
                    if isinstance(change, Secret)
                    else Clear(change)
                )
        check = check_path(self.key.vault_id)
        is_first = any(isinstance(leaf, Encrypted) for leaf in leaves.values()) and not has_check(document, check[-1])
        if is_first and check not in leaves:
            result.added.append(dotted(check))
            leaves[check] = Encrypted(self.key.encrypt(PLAINTEXT))
        return result, leaves, exposed


def decrypt_value(key: VaultKey, document: VaultText, path: KeyPath, node: Any) -> str:
    """The plaintext of one entry; an error says which one it is."""
    trouble = ""
    try:
        return key.decrypt(node.value)
    except VaultEntryError as error:
        trouble = str(error)
    raise VaultEntryError(f"{document.path}: {dotted(path)} (line {document.line(node)}): {trouble}")
