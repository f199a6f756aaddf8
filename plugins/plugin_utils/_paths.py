# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Checks the paths that a task is given."""

from __future__ import annotations

import os

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text


def own_path(option: str, path: str) -> str:
    """An absolute path outside of every collection: a relative one in a collection's playbook would end inside it.

    Raises L(InvalidArgument).
    """
    if not os.path.isabs(path) or "ansible_collections" in os.path.normpath(path).split(os.sep):
        raise InvalidArgument(f"{option} must be an absolute path outside of a collection: {safe_text(path)}")
    return path
