# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Steps of replacing a file: its extended attributes are kept, the rename is made durable, and the temporary files of killed runs
are removed."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
from collections.abc import Iterable, Mapping, Sequence

_ACCESS_LIST = "system.posix_acl_access"
# Hashes of the content and of the other attributes, which the kernel keeps (IMA, EVM).
_OF_CONTENT = ("security.ima", "security.evm")


def take_over_attributes(path: str, descriptor: int) -> tuple[str, ...]:
    """Gives a new file the extended attributes and the access control list of the present one, and takes away a list that it
    has from its folder. Returns the names of those that are not the same afterwards. To be done before the mode is set.
    """
    if not hasattr(os, "listxattr"):  # not Linux
        return ()
    present = _attributes(path)
    inherited = _attributes(descriptor)
    for name, value in present.items():
        if inherited.get(name) != value:
            with contextlib.suppress(OSError):
                os.setxattr(descriptor, name, value)
    if _ACCESS_LIST in inherited and _ACCESS_LIST not in present:  # wider than the file was
        with contextlib.suppress(OSError):
            os.removexattr(descriptor, _ACCESS_LIST)
    return _different({*present, _ACCESS_LIST}, present, descriptor)


def still_lost(path: str, descriptor: int, lost: Sequence[str]) -> tuple[str, ...]:
    """Of these, the attributes that differ still after the mode was set: on NFS (version 4) the list follows from the mode."""
    return _different(lost, _attributes(path), descriptor) if lost else ()


def _different(names: Iterable[str], present: Mapping[str, bytes], descriptor: int) -> tuple[str, ...]:
    now = _attributes(descriptor)
    return tuple(sorted(name for name in names if now.get(name) != present.get(name)))


def narrow_mode(mode: int, lost: Sequence[str]) -> int:
    """The mode of a file that lost these attributes. With an access control list the group bits are the widest right of
    anybody in it, and without it they would be those of the group."""
    return mode & ~stat.S_IRWXG if _ACCESS_LIST in lost else mode


def describe_lost(path: str, lost: Sequence[str], *, narrowed: bool = True) -> list[str]:
    """A sentence for each attribute that the replaced file could not keep. C(narrowed): L(narrow_mode) was applied."""
    found = []
    for name in lost:
        if name == _ACCESS_LIST:
            so = ", so that only its owner and others have the access that they had" if narrowed else ""
            found.append(
                f"{path} was replaced and could not keep its access control list{so}. Set its permissions again."
            )
        else:
            found.append(f"{path} was replaced and could not keep its extended attribute '{name}'. Set it again.")
    return found


def sync_folder(folder: str) -> None:
    """Makes new and renamed files of a folder durable; a file system that cannot sync a folder has done what it can."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: str, temporary: re.Pattern[str], *, older_than: float = 0.0) -> None:
    """Removes temporary files that a killed run left: regular files of this user whose whole name matches, and which were last
    written more than C(older_than) seconds ago."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if temporary.fullmatch(entry.name) is None:
                continue
            found = entry.stat(follow_symlinks=False)
            own = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()
            if own and time.time() - found.st_mtime >= older_than:
                os.unlink(entry.path)


def _attributes(file: str | int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with contextlib.suppress(OSError):
        for name in os.listxattr(file):
            with contextlib.suppress(OSError):
                found[name] = os.getxattr(file, name)
    return {name: value for name, value in found.items() if name not in _OF_CONTENT}
