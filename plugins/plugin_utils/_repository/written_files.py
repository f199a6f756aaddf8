# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The files that the collection writes in a project folder, read and written as one."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    check_folder,
    lock_folder,
    make_folder,
    read_file,
    replace_file,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.changes import Snapshot

CREDENTIALS = "credentials.yml"
JOURNAL = "journal"
WORK_ORDERS = "work-orders"
NAMES = (CREDENTIALS, JOURNAL, WORK_ORDERS)
# What else lies in the folders, as a .gitkeep, is not the collection's.
_ENDINGS = {JOURNAL: (".jsonl",), WORK_ORDERS: (".html", ".md", ".sealed")}


def read(folder: str) -> Snapshot:
    """What is in a project folder now."""
    return Snapshot(
        read_file(os.path.join(folder, CREDENTIALS)),
        _folder(folder, JOURNAL),
        _folder(folder, WORK_ORDERS),
    )


def of(files: Mapping[str, bytes], below: str = "") -> Snapshot:
    """The same of files by path, as a commit has them, with the project in the folder C(below)."""
    under = {os.path.relpath(path, below or "."): content for path, content in files.items()}
    folders = {
        name: {
            os.path.basename(path): content
            for path, content in under.items()
            if os.path.dirname(path) == name and path.endswith(endings)
        }
        for name, endings in _ENDINGS.items()
    }
    return Snapshot(under.get(CREDENTIALS), folders[JOURNAL], folders[WORK_ORDERS])


def write(folder: str, wanted: Snapshot) -> None:
    """Brings the files to what is wanted. The credentials come first: the journal never says what they do not hold."""
    present = read(folder)
    if wanted.credentials is not None and wanted.credentials != present.credentials:
        with lock_folder(folder):
            replace_file(os.path.join(folder, CREDENTIALS), wanted.credentials, present.credentials)
    for name, was, files in (
        (JOURNAL, present.journals, wanted.journals),
        (WORK_ORDERS, present.pages, wanted.pages),
    ):
        place = os.path.join(folder, name)
        for file, content in files.items():
            if was.get(file) != content:
                make_folder(place, 0o700)
                with lock_folder(place):
                    replace_file(os.path.join(place, file), content, was.get(file))
        for file in was:
            if file not in files:
                os.unlink(os.path.join(place, file))


def _folder(project: str, name: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    folder = os.path.join(project, name)
    for file in sorted(os.listdir(folder)) if check_folder(folder) else ():
        content = read_file(os.path.join(folder, file)) if file.endswith(_ENDINGS[name]) else None
        if content is not None:
            found[file] = content
    return found
