# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The copy on the machine: replaced as a whole or not at all, with its mode, owner, group and SELinux context."""

from __future__ import annotations

import contextlib
import dataclasses
import grp
import os
import pwd
import re
import stat
import tempfile
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._file_replacement import (
    describe_lost,
    narrow_mode,
    still_lost,
    sweep,
    sync_folder,
    take_over_attributes,
)

NEW_MODE = 0o644  # a certificate is public
# Not that of the project's files: who holds the lock of a project's folder removes those.
_SUFFIX = ".workiva-copy.tmp"
_OLD = 3600.0


class CopyTrouble(WorkivaError):
    """The copy cannot be read or replaced; it was left as it was."""


@dataclass(frozen=True)
class Rights:
    """Mode, user id and group id. Of a wish, None means: as it is."""

    mode: int | None = None
    uid: int | None = None
    gid: int | None = None

    @classmethod
    def wanted(cls, mode: Any, owner: str | None, group: str | None) -> Rights:
        """Reads the options of these names. Raises L(InvalidArgument)."""
        if mode is not None and not (isinstance(mode, str) and re.fullmatch("0?[0-7]{3}", mode)):
            raise InvalidArgument("mode must be three or four octal digits in quotes, for example '0644'.")
        return cls(
            int(mode, 8) if mode else None,
            _number(owner, "owner", lambda name: pwd.getpwnam(name).pw_uid),
            _number(group, "group", lambda name: grp.getgrnam(name).gr_gid),
        )

    def differences(self, present: Rights) -> list[str]:
        """What of the wish differs from what is there, in words."""
        changes = []
        if self.mode is not None and self.mode != present.mode:
            changes.append(f"mode {present.mode:04o} becomes {self.mode:04o}")
        if self.uid is not None and self.uid != present.uid:
            changes.append(f"owner {_user(present.uid)} becomes {_user(self.uid)}")
        if self.gid is not None and self.gid != present.gid:
            changes.append(f"group {_group(present.gid)} becomes {_group(self.gid)}")
        return changes

    def over(self, present: Rights | None) -> Rights:
        """The wish where there is one, else what is there, else what a new file gets."""
        below = present or Rights(NEW_MODE)
        return Rights(
            below.mode if self.mode is None else self.mode,
            below.uid if self.uid is None else self.uid,
            below.gid if self.gid is None else self.gid,
        )

    def as_lines(self) -> list[str]:
        """For a diff."""
        return [f"mode: {self.mode:04o}", f"owner: {_user(self.uid)}", f"group: {_group(self.gid)}"]


def _number(name: str | None, option: str, look_up: Any) -> int | None:
    if name is None:
        return None
    try:
        return int(name) if name.isdigit() else int(look_up(name))
    except KeyError:
        raise InvalidArgument(f"The {option} of the copy does not exist on the machine where this task runs.") from None


def _user(uid: int | None) -> str:
    try:
        return pwd.getpwuid(os.geteuid() if uid is None else uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int | None) -> str:
    try:
        return grp.getgrgid(os.getegid() if gid is None else gid).gr_name
    except KeyError:
        return str(gid)


def read(path: str) -> tuple[bytes, Rights] | None:
    """The file's content and rights, or None where there is none. Raises L(CopyTrouble)."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        if os.path.islink(path):
            raise CopyTrouble(f"{path} is a symbolic link. Name the file that it points to.", target=path) from None
        raise CopyTrouble(f"{path} cannot be read: {_why(error)}.", target=path) from None
    found = os.fstat(descriptor)
    # Before it becomes a stream: a folder cannot become one.
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise CopyTrouble(f"{path} is not a regular file.", target=path)
    with open(descriptor, "rb") as stream:
        return stream.read(), Rights(stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid)


def remove_temporaries(path: str) -> None:
    """Removes the temporary files that killed runs left of this copy and of its backups. Nobody holds a lock here, so that only
    those go which are older than any run that goes on."""
    folder, name = os.path.split(path)
    temporary = rf"{re.escape(f'.{name}')}(\.[0-9T.]+Z~)?\.[a-z0-9_]{{8}}{re.escape(_SUFFIX)}"
    sweep(folder, re.compile(temporary), older_than=_OLD)


def check_writable(path: str) -> None:
    """Fails, as a run would, where the folder is not there or cannot be written."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise CopyTrouble(
            f"The folder {folder} does not exist on the machine where this task runs. Create it first.", target=path
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CopyTrouble(f"The folder {folder} is not writable for the user of this task.", target=path)


def replace(
    path: str, content: bytes, rights: Rights, *, like: str | None = None, keep_mode: bool = False
) -> list[str]:
    """Puts new content in place by one rename; a reader sees the old file or the new one, whatever happens.

    The new file gets the access control list and the extended attributes of C(like), by default of the file that it replaces.
    What it cannot keep is returned in words; without the list it is narrower than C(rights), unless C(keep_mode): somebody
    asked for that mode. Raises L(CopyTrouble).
    """
    folder, name = os.path.split(path)
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=_SUFFIX, dir=folder)
        with open(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            lost = take_over_attributes(like or path, descriptor) if os.path.exists(like or path) else ()
            if rights.mode is not None and not keep_mode:
                rights = dataclasses.replace(rights, mode=narrow_mode(rights.mode, lost))
            _give(descriptor, rights)
            _keep_context(path, temporary, rights)
            lost = still_lost(like or path, descriptor, lost)
            os.fsync(descriptor)
        os.replace(temporary, path)
        temporary = ""
        sync_folder(folder)
    except OSError as error:
        raise CopyTrouble(f"{path} cannot be written: {_why(error)}. It was not changed.", target=path) from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
    return describe_lost(path, lost, narrowed=not keep_mode)


def set_rights(path: str, rights: Rights) -> None:
    """Changes mode, owner and group of a file whose content stays."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            _give(descriptor, rights)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise CopyTrouble(f"Mode or owner of {path} cannot be changed: {_why(error)}.", target=path) from None


def remove(path: str) -> None:
    """Removes the file. Raises L(CopyTrouble)."""
    try:
        os.unlink(path)
        sync_folder(os.path.dirname(path))
    except OSError as error:
        raise CopyTrouble(f"{path} cannot be removed: {_why(error)}.", target=path) from None


def back_up(path: str, content: bytes, rights: Rights) -> str:
    """Writes the former content beside the file, with the time in its name, and returns that path."""
    stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S.%fZ")
    backup = f"{path}.{stamp}~"
    replace(backup, content, rights, like=path)
    return backup


def _give(descriptor: int, rights: Rights) -> None:
    own = os.fstat(descriptor)
    uid = own.st_uid if rights.uid is None else rights.uid
    gid = own.st_gid if rights.gid is None else rights.gid
    if (uid, gid) != (own.st_uid, own.st_gid):
        os.fchown(descriptor, uid, gid)
    if rights.mode is not None:
        os.fchmod(descriptor, rights.mode)


def _keep_context(path: str, temporary: str, rights: Rights) -> None:
    """The SELinux context of the file that is replaced, or of a new file at that path."""
    try:
        from ansible.module_utils.compat import selinux
    except ImportError:  # no libselinux, no contexts
        return
    if selinux.is_selinux_enabled() != 1:
        return
    if os.path.exists(path):
        status, context = selinux.lgetfilecon_raw(path)
    else:
        status, context = selinux.matchpathcon(path, stat.S_IFREG | (rights.mode or NEW_MODE))
    if status >= 0:
        selinux.lsetfilecon(temporary, context)


def _why(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)
