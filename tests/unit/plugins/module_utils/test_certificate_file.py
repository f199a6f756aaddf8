# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of a certificate copy: its rights in words, and what cannot be read, changed or removed."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._certificates import file as copies
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.file import CopyTrouble, Rights
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument

# No machine has an account of this number.
NOBODY = 3_999_999_998


def test_rights_name_every_difference() -> None:
    me, mine = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
    present = Rights(0o644, NOBODY, NOBODY)
    assert Rights(0o600, os.geteuid(), os.getegid()).differences(present) == [
        "mode 0644 becomes 0600",
        f"owner {NOBODY} becomes {me}",
        f"group {NOBODY} becomes {mine}",
    ]
    assert Rights().differences(present) == []
    assert Rights(uid=NOBODY).over(present) == present
    assert Rights().over(None).mode == copies.NEW_MODE


@pytest.mark.parametrize("option", ["owner", "group"])
def test_unknown_account_is_named_with_its_option(option: str) -> None:
    given = {"mode": None, "owner": None, "group": None, option: "no-such-account"}
    with pytest.raises(
        InvalidArgument, match=f"The {option} of the copy does not exist on the machine where this task runs"
    ):
        Rights.wanted(**given)
    assert Rights.wanted(**{**given, option: str(NOBODY)}) in (Rights(uid=NOBODY), Rights(gid=NOBODY))


def test_rights_of_a_file_are_changed_and_its_content_is_not(tmp_path: Path) -> None:
    path = tmp_path / "copy.pem"
    path.write_bytes(b"a copy")
    copies.set_rights(str(path), Rights(0o600))
    assert copies.read(str(path)) == (b"a copy", Rights(0o600, os.geteuid(), path.stat().st_gid))


def test_owner_and_group_that_differ_are_both_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "fchown", lambda _descriptor, uid, gid: given.append((uid, gid)))
    path = tmp_path / "copy.pem"
    path.write_bytes(b"a copy")
    copies.set_rights(str(path), Rights(None, NOBODY, None))
    copies.set_rights(str(path), Rights(None, os.geteuid(), path.stat().st_gid))
    assert given == [(NOBODY, path.stat().st_gid)]


def test_rights_that_cannot_be_changed_are_reported_with_the_path(tmp_path: Path) -> None:
    path = tmp_path / "missing.pem"
    with pytest.raises(CopyTrouble, match=f"Mode or owner of {path} cannot be changed: No such file or directory"):
        copies.set_rights(str(path), Rights(0o600))


def test_copy_that_cannot_be_removed_is_reported_with_the_path(tmp_path: Path) -> None:
    path = tmp_path / "missing.pem"
    with pytest.raises(CopyTrouble, match=f"{path} cannot be removed: No such file or directory"):
        copies.remove(str(path))


def test_folder_in_place_of_a_copy_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(CopyTrouble, match="is not a regular file"):
        copies.read(str(tmp_path))


def test_folder_that_is_missing_or_read_only_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CopyTrouble, match=r"does not exist on the machine where this task runs\. Create it first"):
        copies.check_writable(str(tmp_path / "missing/copy.pem"))
    # Nothing is closed to root.
    monkeypatch.setattr(os, "access", lambda *_arguments: False)
    with pytest.raises(CopyTrouble, match="is not writable for the user of this task"):
        copies.check_writable(str(tmp_path / "copy.pem"))


def test_backup_has_the_content_and_the_rights_of_before(tmp_path: Path) -> None:
    path = tmp_path / "copy.pem"
    path.write_bytes(b"of now")
    backup = Path(copies.back_up(str(path), b"of before", Rights(0o640)))
    assert (backup.parent, backup.read_bytes()) == (tmp_path, b"of before")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o640
    assert path.read_bytes() == b"of now"
