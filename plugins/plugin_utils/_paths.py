# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Checks the paths that a task is given."""

from __future__ import annotations

import os

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text


def check_own_path(option: str, path: str) -> str:
    """The path, which is absolute and outside of every installed collection, also where it is a symbolic link.

    Raises L(InvalidArgument) for any other. A relative path in a playbook of a collection would end inside the collection.
    """
    if not os.path.isabs(path):
        raise InvalidArgument(
            f"{option} must be an absolute path. A relative path would lead to the installed collection. Nothing was done. Write the "
            f"whole path. That of the current folder is {safe_text(os.getcwd())}."
        )
    if "ansible_collections" in (os.path.normpath(path) + os.sep + os.path.realpath(path)).split(os.sep):
        raise InvalidArgument(f"{option} must be a path outside of an installed collection: {safe_text(path)}.")
    return path
