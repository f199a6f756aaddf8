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
import re
import stat
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timezone

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._file_replacement import (
    describe_lost,
    narrow_mode,
    still_lost,
    sweep,
    sync_folder,
    take_over_attributes,
)

LOCK_SECONDS = 60.0
_SUFFIX = ".workiva.tmp"
_TEMPORARY = re.compile(r"\..+\.[a-z0-9_]{8}" + re.escape(_SUFFIX))
_PROBE = ".writable."
_PROBES = re.compile(re.escape(_PROBE) + r"[a-z0-9_]{8}" + re.escape(_SUFFIX))


class FileTrouble(WorkivaError):
    """A file cannot be read or replaced; it was left as it was."""


class FileChangedMeanwhile(FileTrouble):
    """Somebody else replaced the file between reading and writing."""


def describe_trouble(path: str, action: str, error: OSError) -> FileTrouble:
    """An operating system error as a message that names the file: C(action) is "read" or "written"."""
    code = error.errno or 0
    if code == errno.ELOOP:
        return FileTrouble(
            f"{path} is a symbolic link, and only regular files are read. Put the file itself in its place."
        )
    advice = ""
    if code in (errno.ENOSPC, errno.EDQUOT):
        advice = " The file was not changed. Free some space, then run again."
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        let = "read it" if action == "read" else "write it"
        advice = f" Nothing was changed. Let the user of this run {let}, then run again."
    return FileTrouble(f"{path} cannot be {action}: {os.strerror(code)}.{advice}")


def open_regular(path: str, flags: int, mode: int = 0o600) -> int:
    """Opens a regular file, never through a symbolic link, and without waiting for the other end of a named pipe.

    Raises C(FileNotFoundError) where there is none and nothing creates it, and L(FileTrouble) otherwise.
    """
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, mode)
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise FileTrouble(f"{path} is not a regular file.") from None
        raise describe_trouble(path, "read" if flags & os.O_ACCMODE == os.O_RDONLY else "written", error) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileTrouble(f"{path} is not a regular file.")
    return descriptor


def read_file(path: str) -> bytes | None:
    """The content of a regular file, or None where there is none."""
    try:
        descriptor = open_regular(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    with open(descriptor, "rb") as stream:
        return stream.read()


def read_version(path: str) -> tuple[int, ...]:
    """What differs as soon as a file was replaced."""
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def check_folder(path: str) -> bool:
    """Whether a folder of the project is there. Raises L(FileTrouble) for a symbolic link or anything else in its place."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return False
    except OSError as error:
        raise describe_trouble(path, "read", error) from None
    if not stat.S_ISDIR(mode):
        what = "a symbolic link" if stat.S_ISLNK(mode) else "not a folder"
        raise FileTrouble(f"{path} is {what}; The collection needs a folder there. Nothing was read or written.")
    return True


def make_folder(path: str, mode: int = 0o777) -> None:
    """Creates a folder of the project where it is missing. Raises L(FileTrouble)."""
    if not check_folder(path):
        try:
            os.makedirs(path, mode=mode, exist_ok=True)
        except OSError as error:
            raise describe_trouble(path, "written", error) from None


@contextlib.contextmanager
def lock_folder(folder: str) -> Iterator[None]:
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
                # The lock is held, so that no other run is writing one.
                sweep(folder, _TEMPORARY)
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


def replace_file(path: str, content: bytes, expected: bytes | None, *, new_mode: int = 0o600) -> list[str]:
    """Puts new content in the place of the expected one: whatever happens, the file is the old one or the new one.

    A new file has C(new_mode). An existing one keeps its owner, group, mode, access control list and extended attributes,
    except that others lose the right to write. What cannot be kept makes the file narrower, never wider; it is returned
    in words.
    """
    folder = os.path.dirname(path)
    trouble: FileTrouble | None = None
    temporary = ""
    lost: list[str] = []
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(path)}.", suffix=_SUFFIX, dir=folder)
        with open(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            lost = _take_over_rights(path, descriptor, new_mode)
            os.fsync(descriptor)
        if read_file(path) != expected:
            raise FileChangedMeanwhile(f"{path} was changed by someone else meanwhile. It was not replaced. Run again.")
        os.replace(temporary, path)
        temporary = ""
        sync_folder(folder)
    except OSError as error:
        trouble = describe_trouble(path, "written", error)
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
    if trouble:
        raise trouble
    return lost


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
        with contextlib.suppress(OSError):
            os.unlink(backup)
        raise FileTrouble(f"The backup {backup} cannot be written: {os.strerror(error.errno or 0)}.") from None
    return backup


def check_folder_is_writable(folder: str, *, check_mode: bool = False) -> None:
    """Fails where no file could be replaced; outside check mode by writing one for a moment."""
    if not os.path.isdir(folder):
        raise FileTrouble(f"The folder {folder} does not exist.")
    code = 0 if os.access(folder, os.W_OK | os.X_OK) else errno.EACCES
    if not code and not check_mode:
        # Those of killed runs: nothing else removes them where nothing is to be written.
        sweep(folder, _PROBES)
        try:
            descriptor, probe = tempfile.mkstemp(prefix=_PROBE, suffix=_SUFFIX, dir=folder)
            os.close(descriptor)
            with contextlib.suppress(FileNotFoundError):  # another run may have swept it
                os.unlink(probe)
        except OSError as error:
            code = error.errno or 0
    if code:
        advice = "Free some space" if code in (errno.ENOSPC, errno.EDQUOT) else "Let the user of this run write in it"
        raise FileTrouble(
            f"The folder {folder} is not writable: {os.strerror(code)}. Nothing was written. {advice}, then run again."
        )


def _take_over_rights(path: str, descriptor: int, new_mode: int) -> list[str]:
    """Gives the new file what the present one has; returns in words what could not be kept."""
    try:
        present = os.lstat(path)
    except FileNotFoundError:
        os.fchmod(descriptor, new_mode)
        return []
    lost: list[str] = []
    own = os.fstat(descriptor)
    if own.st_uid != present.st_uid:
        try:
            os.fchown(descriptor, present.st_uid, -1)
        except OSError:
            raise FileTrouble(
                f"{path} belongs to another user (uid {present.st_uid}); it would then belong to you. Nothing was written."
            ) from None
    mode = stat.S_IMODE(present.st_mode) & ~stat.S_IWOTH
    if own.st_gid != present.st_gid:
        try:
            os.fchown(descriptor, -1, present.st_gid)
        except OSError:
            mode &= ~stat.S_IRWXG  # what one group was allowed is not given to another
            lost.append(
                f"{path} was replaced and could not keep the group (gid {present.st_gid}), so no group has access to it now. Set its permissions again."
            )
    attributes = take_over_attributes(path, descriptor)
    os.fchmod(descriptor, narrow_mode(mode, attributes))
    return [*lost, *describe_lost(path, still_lost(path, descriptor, attributes))]
