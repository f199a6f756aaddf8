# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a replaced file becomes, and what happens where no file can be written. Whoever runs the tests may be root."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils import _atomic_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    FileTrouble,
    check_folder_is_writable,
    keep_backup,
    replace_file,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "credentials.yml"
    path.write_bytes(b"old")
    path.chmod(0o660)
    return path


def belongs_to(monkeypatch: pytest.MonkeyPatch, path: Path, **other: int) -> None:
    """Lets the file belong to another user or group, which the user of this run cannot give a file to."""
    real = os.lstat

    def lstat(asked: Any, **how: Any) -> Any:
        found = real(asked, **how)
        if str(asked) != str(path):
            return found
        fields = list(found)
        fields[stat.ST_UID] = other.get("uid", found.st_uid)
        fields[stat.ST_GID] = other.get("gid", found.st_gid)
        return os.stat_result(fields)

    def refused(*_arguments: Any) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(_atomic_file.os, "lstat", lstat)
    monkeypatch.setattr(_atomic_file.os, "fchown", refused)


def test_file_of_another_user_is_not_replaced(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    belongs_to(monkeypatch, file, uid=4321)
    with pytest.raises(FileTrouble, match=r"belongs to another user \(uid 4321\); it would then belong to you"):
        replace_file(str(file), b"new", b"old")
    assert file.read_bytes() == b"old"
    assert os.listdir(file.parent) == ["credentials.yml"]


def test_group_that_cannot_be_kept_loses_its_access_and_is_reported(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    belongs_to(monkeypatch, file, gid=4321)
    (lost,) = replace_file(str(file), b"new", b"old")
    assert "could not keep the group (gid 4321)" in lost
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_backup_that_cannot_be_written_is_reported_and_leaves_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Path(keep_backup(str(file), b"old")).stat().st_mode & 0o777 == 0o600
    before = sorted(os.listdir(file.parent))

    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_atomic_file.os, "fsync", full)
    with pytest.raises(FileTrouble, match=r"The backup .*~ cannot be written: No space left on device"):
        keep_backup(str(file), b"old")
    assert sorted(os.listdir(file.parent)) == before


@pytest.mark.parametrize("check_mode", [True, False])
def test_folder_that_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check_mode: bool
) -> None:
    check_folder_is_writable(str(tmp_path), check_mode=check_mode)
    with pytest.raises(FileTrouble, match=r"missing does not exist"):
        check_folder_is_writable(str(tmp_path / "missing"), check_mode=check_mode)
    monkeypatch.setattr(_atomic_file.os, "access", lambda *_arguments: False)
    with pytest.raises(FileTrouble, match="is not writable: Permission denied"):
        check_folder_is_writable(str(tmp_path), check_mode=check_mode)
    assert os.listdir(tmp_path) == []


def test_folder_of_a_full_disk_is_refused_outside_of_check_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_how: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_atomic_file.tempfile, "mkstemp", full)
    check_folder_is_writable(str(tmp_path), check_mode=True)
    with pytest.raises(FileTrouble, match="is not writable: No space left on device"):
        check_folder_is_writable(str(tmp_path))
