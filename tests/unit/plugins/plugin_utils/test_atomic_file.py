# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of a project: what else is in their place is refused, their rights survive, and killed runs leave nothing."""

from __future__ import annotations

import errno
import os
import re
import stat
import struct
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultSecret

from ansible_collections.integrations.workiva.plugins.plugin_utils import _atomic_file, _journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    FileTrouble,
    check_folder,
    check_folder_is_writable,
    lock_folder,
    make_folder,
    read_file,
    replace_file,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders import commands as _commands
from ansible_collections.integrations.workiva.plugins.plugin_utils._project import certificates as _certificates
from ansible_collections.integrations.workiva.plugins.plugin_utils._project import loading as _loading
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import stored_grants
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Findings, Source, read_source
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository import written_files as _written_files
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.changes import Snapshot
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import VaultFile, VaultKey

EVENT = {"grant": "filing", "event": "received", "credentials": 1, "client_id": "c1"}
ACCESS = "system.posix_acl_access"
# Owner rw, the user 1234 r, the group nothing, mask r, others nothing.
READERS = struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", *entry)
    for entry in ((1, 6, 0xFFFFFFFF), (2, 4, 1234), (4, 0, 0xFFFFFFFF), (16, 4, 0xFFFFFFFF), (32, 0, 0xFFFFFFFF))
)


def has_readers(path: Path) -> bool:
    """Gives a file an access control list, where the file system has them."""
    try:
        os.setxattr(path, ACCESS, READERS)
    except OSError:
        return False
    return True


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "credentials.yml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    return path


def test_replacement_keeps_the_extended_attributes(file: Path) -> None:
    try:
        os.setxattr(file, "user.owner", b"finance")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    assert replace_file(str(file), b"new", b"old") == []
    assert os.getxattr(file, "user.owner") == b"finance"


def test_replacement_keeps_the_access_control_list(file: Path) -> None:
    if not has_readers(file):
        pytest.skip("this file system has no access control lists")
    assert replace_file(str(file), b"new", b"old") == []
    assert os.getxattr(file, ACCESS) == READERS
    assert file.read_bytes() == b"new"


def test_replacement_does_not_inherit_the_readers_of_the_folder(file: Path) -> None:
    try:
        os.setxattr(file.parent, "system.posix_acl_default", READERS)
    except OSError:
        pytest.skip("this file system has no access control lists")
    assert replace_file(str(file), b"new", b"old") == []
    assert ACCESS not in os.listxattr(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_access_control_list_that_cannot_be_kept_narrows_the_file_and_is_reported(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group bits of such a file are those of its list: without it they would be the group's."""
    lists: dict[Any, bytes] = {str(file): READERS}
    monkeypatch.setattr(os, "listxattr", lambda path: [ACCESS] if path in lists else [])
    monkeypatch.setattr(os, "getxattr", lambda path, _name: lists[path])

    def refuse(*_arguments: Any) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    monkeypatch.setattr(os, "setxattr", refuse)
    (note,) = replace_file(str(file), b"new", b"old")
    assert note.startswith(f"{file} was replaced and could not keep its access control list")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_extended_attribute_that_cannot_be_kept_is_reported_by_name(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = {"user.owner": b"finance", "user.class": b"2"}
    monkeypatch.setattr(os, "listxattr", lambda path: list(marks) if path == str(file) else [])
    monkeypatch.setattr(os, "getxattr", lambda _path, name: marks[name])
    monkeypatch.setattr(os, "setxattr", lambda *_arguments: None)
    assert replace_file(str(file), b"new", b"old") == [
        f"{file} was replaced and could not keep its extended attribute '{name}'. Set it again."
        for name in sorted(marks)
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_attribute_that_follows_from_the_mode_is_not_reported_as_lost(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As system.nfs4_acl does: it cannot be set there, and is the same once the mode is."""
    name = "system.nfs4_acl"
    monkeypatch.setattr(os, "listxattr", lambda _path: [name])
    monkeypatch.setattr(os, "getxattr", lambda path, _name: b"%o" % stat.S_IMODE(os.stat(path).st_mode))

    def refuse(*_arguments: Any) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    monkeypatch.setattr(os, "setxattr", refuse)
    assert replace_file(str(file), b"new", b"old") == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_hash_that_the_kernel_keeps_of_the_content_is_not_copied(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "listxattr", lambda path: ["security.ima"] if path == str(file) else [])
    monkeypatch.setattr(os, "getxattr", lambda _path, _name: b"hash of the old content")
    written: list[Any] = []
    monkeypatch.setattr(os, "setxattr", lambda *arguments: written.append(arguments))
    assert replace_file(str(file), b"new", b"old") == []
    assert written == []


def test_full_disk_names_the_file_and_leaves_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_atomic_file.os, "fsync", full)
    with pytest.raises(FileTrouble, match=r"credentials\.yml cannot be written: No space left on device\..*Free some"):
        replace_file(str(file), b"new", b"old")
    assert file.read_bytes() == b"old"
    assert os.listdir(file.parent) == ["credentials.yml"]


def test_full_disk_names_the_journal_and_leaves_no_half_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(str(tmp_path / "journal"), "payroll")
    journal.append(EVENT)
    before = Path(journal.path).read_bytes()
    write = os.write

    def half(descriptor: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[:-19])

    monkeypatch.setattr(_journal.os, "write", half)
    with pytest.raises(FileTrouble, match=r"payroll\.jsonl cannot be written: No space left"):
        journal.append(EVENT)
    monkeypatch.undo()
    assert Path(journal.path).read_bytes() == before


def test_temporaries_of_killed_runs_are_swept_with_the_next_edit(file: Path) -> None:
    ours = file.parent / ".credentials.yml.abcd1234.workiva.tmp"
    others = [file.parent / name for name in (".credentials.yml.swp", "notes.tmp", ".x.tmp")]
    for path in (ours, *others):
        path.write_text("left over")
    with lock_folder(str(file.parent)):
        assert not ours.exists()
    assert all(path.exists() for path in others)


def in_place_of(path: Path, kind: str) -> None:
    path.parent.mkdir(exist_ok=True)
    if kind == "named pipe":
        os.mkfifo(path)
    elif kind == "link to nothing":
        path.symlink_to("nothing")
    else:
        elsewhere = path.parent.parent / "elsewhere"
        elsewhere.mkdir() if kind == "link to a folder" else elsewhere.write_text("")
        path.symlink_to(elsewhere)


@pytest.mark.parametrize("kind", ["named pipe", "link to nothing", "link to a file"])
def test_anything_in_place_of_a_file_is_refused_without_waiting(tmp_path: Path, kind: str) -> None:
    journal = Journal(str(tmp_path / "journal"), "payroll")
    in_place_of(Path(journal.path), kind)
    with pytest.raises(FileTrouble, match=r"payroll\.jsonl is (not a regular file|a symbolic link)"):
        journal.events()
    with pytest.raises(FileTrouble, match=r"payroll\.jsonl is (not a regular file|a symbolic link)"):
        journal.append(EVENT)
    with pytest.raises(FileTrouble):
        read_file(journal.path)


@pytest.mark.parametrize("kind", ["named pipe", "link to nothing", "link to a folder"])
def test_anything_in_place_of_a_folder_is_refused(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "project" / "journal"
    in_place_of(place, kind)
    for use in (
        lambda: check_folder(str(place)),
        lambda: make_folder(str(place)),
        lambda: Journal(str(place), "payroll").events(),
        lambda: Journal(str(place), "payroll").append(EVENT),
        lambda: _written_files.read(str(place.parent)),
        lambda: _written_files.write(str(place.parent), Snapshot(journals={"payroll.jsonl": b"{}\n"})),
    ):
        with pytest.raises(FileTrouble, match=r"journal is (a symbolic link|not a folder)"):
            use()
    assert not (tmp_path / "elsewhere" / "payroll.jsonl").exists()


def test_named_pipe_in_place_of_the_credentials_is_never_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "credentials.yml"
    os.mkfifo(path)
    assert not stored_grants(str(path))("payroll-sync", "filing")
    assert _commands._stored_id(str(path)) is None
    with pytest.raises(FileTrouble, match=r"credentials\.yml is not a regular file"):
        VaultFile(str(path), VaultKey([("prod", VaultSecret(b"one"))], "prod")).check_password()


@pytest.mark.parametrize("kind", ["named pipe", "link to nothing", "link to a file"])
@pytest.mark.parametrize("name", ["workiva.yml", "integrations.d/payroll-sync.yml"])
def test_file_of_a_project_that_is_not_a_regular_file_is_a_problem(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / "project" / name
    path.parent.mkdir(parents=True)
    in_place_of(path, kind)
    out = Findings()
    assert read_source(str(path), name, out) is None
    (problem,) = out.problems
    assert re.fullmatch(
        re.escape(name)
        + r": the file is (not a regular file\.|a symbolic link, and only regular files are read\. Put the file itself in its place\.)",
        problem,
    )


@pytest.mark.parametrize("kind", ["named pipe", "link to nothing", "link to a folder"])
def test_anything_in_place_of_the_folder_of_integrations_is_a_problem(tmp_path: Path, kind: str) -> None:
    project = tmp_path / "project"
    in_place_of(project / "integrations.d", kind)
    if kind == "link to a folder":
        (tmp_path / "elsewhere" / "foreign.yml").write_text("name: foreign\n")
    out = Findings()
    assert _loading._files(str(project), out) == []
    (problem,) = out.problems
    assert problem.startswith("integrations.d: it is ")
    assert "Nothing was read" in problem


@pytest.mark.parametrize("kind", ["named pipe", "link to nothing", "link to a file"])
def test_upcoming_certificate_that_is_not_a_regular_file_is_a_problem(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "project"
    in_place_of(folder / "next.pem", kind)
    out = Findings()
    settings = Source("workiva.yml", None)
    declared = {"certificates": {"api": {"server": "h", "path": "/etc/h.pem", "upcoming": "next.pem"}}}
    _certificates.build_certificates(settings, declared, str(folder), None, out)
    (problem,) = out.problems
    assert re.search(r"the file that it names is (not a regular file|a symbolic link)", problem)


def test_probe_of_a_killed_run_is_removed_and_other_temporary_files_are_not(tmp_path: Path) -> None:
    # Without the lock on the folder, a temporary file of another kind may be one that a run is about to put in its place.
    for name in (".writable.abcd1234.workiva.tmp", ".credentials.yml.abcd1234.workiva.tmp", ".writable.mine"):
        (tmp_path / name).touch()
    check_folder_is_writable(str(tmp_path), check_mode=True)
    assert len(list(tmp_path.iterdir())) == 3
    check_folder_is_writable(str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {".credentials.yml.abcd1234.workiva.tmp", ".writable.mine"}
