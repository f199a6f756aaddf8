# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Replaces a file as a whole or not at all, and notices when somebody else was faster."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timezone

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError

LOCK_SECONDS = 60.0


class FileTrouble(WorkivaError):
    """A file cannot be read or replaced; it was left as it was."""


class FileChangedMeanwhile(FileTrouble):
    """Somebody else replaced the file between reading and writing."""


def read_file(path: str) -> bytes | None:
    """The content of a regular file, or None where there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileTrouble(f"{path} cannot be read: {os.strerror(error.errno or 0)}.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileTrouble(f"{path} is not a regular file.")
    with open(descriptor, "rb") as stream:
        return stream.read()


@contextlib.contextmanager
def folder_lock(folder: str) -> Iterator[None]:
    """One editor at a time among the processes of this machine.

    The lock is taken on the folder itself, which leaves no lock file behind in somebody's project.
    A file system that cannot lock folders (some network ones) is covered by the comparison in L(replace_file).
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise FileTrouble(f"The folder {folder} does not exist.") from None
    except OSError as error:
        raise FileTrouble(f"The folder {folder} cannot be opened: {os.strerror(error.errno or 0)}.") from None
    try:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EINTR):
                    break
                if time.monotonic() > deadline:
                    raise FileTrouble(
                        f"Another process has been editing in {folder} for over {LOCK_SECONDS:.0f} seconds."
                    ) from None
                time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def replace_file(path: str, content: bytes, expected: bytes | None, *, new_mode: int = 0o600) -> None:
    """Puts new content in the place of the expected one: whatever happens, the file is the old one or the new one.

    A new file has C(new_mode). An existing one keeps its owner, group and mode, except that others lose the right to write.
    """
    folder = os.path.dirname(path)
    trouble = ""
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(path)}.", suffix=".tmp", dir=folder)
        with open(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            _take_over_rights(path, descriptor, new_mode)
            os.fsync(descriptor)
        if read_file(path) != expected:
            raise FileChangedMeanwhile(f"{path} was changed by somebody else meanwhile.")
        os.replace(temporary, path)
        temporary = ""
        _sync_folder(folder)
    except OSError as error:
        trouble = os.strerror(error.errno or 0)
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
    if trouble:
        raise FileTrouble(f"{path} cannot be written: {trouble}.")


def keep_backup(path: str, content: bytes) -> str:
    """Writes a copy beside the file, 0600, and returns its path; the tilde keeps vars folders from loading it."""
    stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S.%fZ")
    backup = f"{path}.{stamp}~"
    try:
        descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise FileTrouble(f"The backup {backup} cannot be written: {os.strerror(error.errno or 0)}.") from None
    return backup


def prove_folder(folder: str, *, check_mode: bool = False) -> None:
    """Fails where no file could be replaced; outside check mode by writing one for a moment."""
    if not os.path.isdir(folder):
        raise FileTrouble(f"The folder {folder} does not exist.")
    trouble = "" if os.access(folder, os.W_OK | os.X_OK) else os.strerror(errno.EACCES)
    if not trouble and not check_mode:
        try:
            descriptor, probe = tempfile.mkstemp(prefix=".writable.", suffix=".tmp", dir=folder)
            os.close(descriptor)
            os.unlink(probe)
        except OSError as error:
            trouble = os.strerror(error.errno or 0)
    if trouble:
        raise FileTrouble(f"The folder {folder} is not writable: {trouble}.")


def _take_over_rights(path: str, descriptor: int, new_mode: int) -> None:
    try:
        present = os.lstat(path)
    except FileNotFoundError:
        os.fchmod(descriptor, new_mode)
        return
    own = os.fstat(descriptor)
    if own.st_uid != present.st_uid:
        try:
            os.fchown(descriptor, present.st_uid, -1)
        except OSError:
            raise FileTrouble(
                f"{path} belongs to another user (uid {present.st_uid}); it would become yours."
            ) from None
    mode = stat.S_IMODE(present.st_mode) & ~stat.S_IWOTH
    if own.st_gid != present.st_gid:
        try:
            os.fchown(descriptor, -1, present.st_gid)
        except OSError:
            mode &= ~stat.S_IRWXG  # what one group was allowed is not given to another
    os.fchmod(descriptor, mode)


def _sync_folder(folder: str) -> None:
    """Makes the rename itself durable; a file system that cannot sync a folder has done what it can."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
