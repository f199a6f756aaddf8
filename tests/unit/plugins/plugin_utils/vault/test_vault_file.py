# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Vars files on a disk: real encryption, several vault ids, modes, links and backups."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible import constants as C
from ansible.parsing.vault import VaultSecret

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault import secrets as _vault_secrets
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import (
    Change,
    KeyPath,
    Secret,
    VaultEntryError,
    VaultFile,
    VaultFileError,
    VaultKey,
    VaultKeyError,
)
from tests.unit.plugins.plugin_utils.vault._files import CANARY, PASSWORDS, PATH, names


def test_new_file_names_its_author_and_is_private(file: VaultFile, tmp_path: Path) -> None:
    result = file.edit({PATH: Secret(CANARY), (*PATH[:-1], "expires"): "2027-06-30"})
    assert result.changed
    assert result.added == [
        ".".join(PATH),
        "workiva_credentials.payroll-sync.filing.expires",
        "workiva_vault_check.prod",
    ]
    content = Path(file.path).read_text()
    assert content.startswith("---\n# Written by integrations.workiva.")
    assert CANARY not in content
    assert stat.S_IMODE(os.stat(file.path).st_mode) == 0o600
    assert names(tmp_path) == ["credentials.yml"]
    document = file.read()
    assert document.secret(PATH) == CANARY
    assert document.value(PATH) is None
    assert document.value((*PATH[:-1], "expires")) == "2027-06-30"
    assert document.keys(PATH[:-1]) == ["client_secret", "expires"]
    assert document.secret(("nothing", "here")) is None


def test_a_second_edit_changes_no_byte(file: VaultFile) -> None:
    changes: dict[KeyPath, Change] = {PATH: Secret(CANARY), ("plain",): "x"}
    file.edit(changes)
    before = (Path(file.path).read_bytes(), os.stat(file.path).st_ino)
    result = file.edit(changes, backup=True)
    assert (result.changed, result.unchanged, result.backup_file) == (False, [".".join(PATH), "plain"], None)
    assert (Path(file.path).read_bytes(), os.stat(file.path).st_ino) == before


def test_check_mode_predicts_and_writes_nothing(file: VaultFile, tmp_path: Path) -> None:
    changes: dict[KeyPath, Change] = {PATH: Secret(CANARY), ("plain",): "x", ("missing",): None}
    predicted = file.edit(changes, check_mode=True, backup=True)
    assert names(tmp_path) == []
    assert predicted == file.edit(changes)
    before = Path(file.path).read_bytes()
    predicted = file.edit({PATH: Secret(CANARY + "2"), ("plain",): None}, check_mode=True)
    assert (predicted.changed_keys, predicted.removed) == ([".".join(PATH)], ["plain"])
    assert Path(file.path).read_bytes() == before


def test_a_removal_of_nothing_makes_no_file(file: VaultFile, tmp_path: Path) -> None:
    assert not file.edit({PATH: None}).changed
    assert names(tmp_path) == []


def test_another_vault_id_or_password_encrypts_anew(file: VaultFile) -> None:
    file.edit({PATH: Secret(CANARY)})
    other = VaultFile(file.path, VaultKey(PASSWORDS, "dev"))
    assert other.edit({PATH: Secret(CANARY)}).changed_keys == [".".join(PATH)]
    assert ";dev\n" in Path(file.path).read_text()
    assert not other.edit({PATH: Secret(CANARY)}).changed
    rekeyed = VaultFile(file.path, VaultKey([("dev", VaultSecret(b"three")), ("old", VaultSecret(b"two"))], "dev"))
    with pytest.raises(VaultKeyError, match=r"remove workiva_vault_check\.dev from the file"):
        rekeyed.edit({PATH: Secret(CANARY)})
    other.edit({("workiva_vault_check", "dev"): None})
    assert rekeyed.edit({PATH: Secret(CANARY)}).changed_keys == [".".join(PATH)]
    assert VaultFile(file.path, VaultKey([("dev", VaultSecret(b"three"))], "dev")).read().secret(PATH) == CANARY


def test_the_default_id_is_not_named_in_the_header() -> None:
    key = VaultKey([("default", VaultSecret(b"x"))], "default")
    text = key.encrypt(CANARY)
    assert text.startswith("$ANSIBLE_VAULT;1.1;AES256\n")
    assert key.is_own(text)


def test_a_pinned_salt_has_no_effect(key: VaultKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_VAULT_ENCRYPT_SALT", "always-the-same-salt-0123456789ab")
    assert key.encrypt(CANARY) != key.encrypt(CANARY)


def test_one_damaged_entry_stops_no_other(file: VaultFile) -> None:
    other = (*PATH[:-2], "other", "client_secret")
    file.edit({PATH: Secret(CANARY), other: Secret(CANARY + "-b")})
    lines = Path(file.path).read_text().splitlines()
    place = next(number for number, line in enumerate(lines) if "$ANSIBLE" in line)
    lines[place + 2] = lines[place + 2].replace("3", "4")
    Path(file.path).write_text("\n".join(lines))
    document = file.read()
    with pytest.raises(VaultEntryError, match=r"payroll-sync\.filing\.client_secret \(line"):
        document.secret(PATH)
    assert document.secret(other) == CANARY + "-b"
    before = Path(file.path).read_bytes()
    with pytest.raises(VaultEntryError):
        file.edit({PATH: Secret(CANARY), other: None})
    assert Path(file.path).read_bytes() == before
    file.edit({PATH: None})
    file.edit({PATH: Secret(CANARY)})
    assert file.read().secret(PATH) == CANARY


@pytest.mark.parametrize(
    "content",
    [
        "a: !vault x\n",
        "a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  zz\n",
        "a: !vault |\n  $ANSIBLE_VAULT\n",
        "a: !vault\n",
    ],
)
def test_malformed_entries_are_errors_of_their_own(file: VaultFile, content: str) -> None:
    Path(file.path).write_text(content)
    with pytest.raises(VaultEntryError, match="line 1"):
        file.read().secret(("a",))


def test_a_foreign_entry_is_not_overwritten(file: VaultFile) -> None:
    VaultFile(file.path, VaultKey([("theirs", VaultSecret(b"x"))], "theirs")).edit({PATH: Secret(CANARY)})
    before = Path(file.path).read_bytes()
    with pytest.raises(VaultEntryError, match="vault id theirs"):
        file.edit({PATH: Secret(CANARY)})
    assert Path(file.path).read_bytes() == before
    file.edit({("mine",): "x"})
    assert before in Path(file.path).read_bytes()


def test_a_plaintext_secret_is_encrypted_and_the_backup_does_not_keep_it(file: VaultFile, key: VaultKey) -> None:
    Path(file.path).write_text(f"a: {CANARY}  # oops\nb: &x 1\n")
    with pytest.raises(VaultEntryError):
        file.read().secret(("a",))
    result = file.edit({("a",): Secret("another-secret-value")}, backup=True)
    assert result.changed_keys == ["a"]
    assert result.backup_file
    kept = Path(result.backup_file).read_text()
    assert CANARY not in kept
    assert VaultFile(result.backup_file, key).read().secret(("a",)) == CANARY
    assert CANARY not in Path(file.path).read_text()
    assert stat.S_IMODE(os.stat(result.backup_file).st_mode) == 0o600


def test_a_backup_is_a_copy_of_every_byte(file: VaultFile) -> None:
    content = b"\xef\xbb\xbf# Gr\xc3\xb6\xc3\x9fe\r\na: 1\r\n"
    Path(file.path).write_bytes(content)
    result = file.edit({PATH: Secret(CANARY)}, backup=True)
    assert result.backup_file
    assert Path(result.backup_file).read_bytes() == content
    assert Path(file.path).read_bytes().startswith(content)
    assert b"\n" not in Path(file.path).read_bytes().replace(b"\r\n", b"")


@pytest.mark.parametrize(("before", "after"), [(0o600, 0o600), (0o644, 0o644), (0o400, 0o400), (0o666, 0o664)])
def test_the_mode_of_an_existing_file_is_kept(file: VaultFile, before: int, after: int) -> None:
    Path(file.path).write_text("a: 1\n")
    os.chmod(file.path, before)
    file.edit({("b",): "x"})
    assert stat.S_IMODE(os.stat(file.path).st_mode) == after


def test_symbolic_links_are_followed_on_request_only(tmp_path: Path, key: VaultKey) -> None:
    (tmp_path / "real.yml").write_text("a: 1\n")
    (tmp_path / "link.yml").symlink_to("real.yml")
    with pytest.raises(VaultFileError, match="symbolic link"):
        VaultFile(str(tmp_path / "link.yml"), key)
    VaultFile(str(tmp_path / "link.yml"), key, follow_symlinks=True).edit({("b",): "x"})
    assert (tmp_path / "link.yml").is_symlink()
    assert (tmp_path / "real.yml").read_text() == "a: 1\nb: x\n"


def test_a_link_put_in_place_later_is_not_followed(tmp_path: Path, key: VaultKey) -> None:
    file = VaultFile(str(tmp_path / "c.yml"), key)
    (tmp_path / "real.yml").write_text("a: 1\n")
    (tmp_path / "c.yml").symlink_to("real.yml")
    with pytest.raises(FileTrouble):
        file.edit({("b",): "x"})
    assert (tmp_path / "real.yml").read_text() == "a: 1\n"


def test_paths_that_are_not_of_a_project_are_refused(tmp_path: Path, key: VaultKey) -> None:
    for path in ("credentials.yml", "/x/ansible_collections/a/b/playbooks/c.yml", "/x/../ansible_collections/c.yml"):
        with pytest.raises(InvalidArgument):
            VaultFile(path, key)
    (tmp_path / "ansible_collections").mkdir()
    (tmp_path / "project").symlink_to("ansible_collections")
    with pytest.raises(InvalidArgument):
        VaultFile(str(tmp_path / "project" / "c.yml"), key)


def test_places_that_cannot_be_written(tmp_path: Path, key: VaultKey) -> None:
    with pytest.raises(FileTrouble, match="does not exist"):
        VaultFile(str(tmp_path / "no" / "c.yml"), key).check_writable()
    with pytest.raises(FileTrouble):
        VaultFile(str(tmp_path / "no" / "c.yml"), key).edit({PATH: Secret(CANARY)})
    with pytest.raises(FileTrouble):
        VaultFile(str(tmp_path), key).edit({PATH: Secret(CANARY)})
    os.mkfifo(tmp_path / "pipe.yml")
    with pytest.raises(FileTrouble, match="not a regular file"):
        VaultFile(str(tmp_path / "pipe.yml"), key).edit({PATH: Secret(CANARY)})
    (tmp_path / "broken.yml").write_text("a: [\n")
    with pytest.raises(VaultFileError):
        VaultFile(str(tmp_path / "broken.yml"), key).check_writable()
    VaultFile(str(tmp_path / "c.yml"), key).check_writable()
    assert names(tmp_path) == ["broken.yml", "pipe.yml"]


def loader(*secrets: tuple[str, bytes]) -> Any:
    return SimpleNamespace(
        _vault=SimpleNamespace(secrets=[(name, VaultSecret(password)) for name, password in secrets])
    )


def test_the_key_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(VaultKeyError, match="no vault password"):
        VaultKey.of_run(loader(), None)
    with pytest.raises(VaultKeyError, match="no vault password"):
        VaultKey.of_run(SimpleNamespace(), None)
    assert VaultKey.of_run(loader(("prod", b"x")), None).vault_id == "prod"
    both = loader(("prod", b"x"), ("dev", b"y"))
    with pytest.raises(VaultKeyError, match="prod, dev"):
        VaultKey.of_run(both, None)
    assert VaultKey.of_run(both, "dev").vault_id == "dev"
    with pytest.raises(VaultKeyError, match="not among"):
        VaultKey.of_run(both, "test")
    assert VaultKey.of_run(loader(("prod", b"x"), ("prod", b"x")), None).vault_id == "prod"
    monkeypatch.setattr(C, "DEFAULT_VAULT_ENCRYPT_IDENTITY", "dev")
    assert VaultKey.of_run(both, None).vault_id == "dev"
    assert VaultKey.of_run(both, "prod").vault_id == "prod"


def test_a_key_that_does_not_open_what_it_locked_is_found_out(key: VaultKey, monkeypatch: pytest.MonkeyPatch) -> None:
    key.check()
    monkeypatch.setattr(key, "encrypt", lambda _plaintext: "$ANSIBLE_VAULT;1.1;AES256\n3132\n")
    with pytest.raises(VaultKeyError):
        key.check()


@pytest.mark.parametrize(
    "value",
    ["", "short-value", "a{{ lookup('pipe', 'id') }}", "{% raw %}aaaaaaaa", "x{#aaaaaaaaaaaaa", "\ud800aaaaaaaaaaaa"],
)
def test_secrets_that_could_do_harm_are_refused(value: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Secret(value)
    assert not value or value not in str(caught.value)


def test_vault_text_is_not_encrypted_twice(key: VaultKey) -> None:
    with pytest.raises(InvalidArgument):
        key.encrypt(key.encrypt(CANARY))


def test_nothing_shows_a_secret(key: VaultKey, file: VaultFile) -> None:
    file.edit({PATH: Secret(CANARY)})
    result = file.edit({PATH: Secret(CANARY + "-2"), ("x",): CANARY + "-clear"})
    assert CANARY not in f"{result!r} {result.diff} {key!r} {Secret(CANARY)!r} {vars(_vault_secrets)}"
