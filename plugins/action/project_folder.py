# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes a new project folder; see the documentation of the module of this name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    FileTrouble,
    lock_folder,
    read_file,
    replace_file,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._paths import check_own_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.new_project import list_new_files

_FOLDER_MODE = 0o750
_FILE_MODE = 0o640


class ActionModule(ControllerAction):
    """The project folder is the controller's."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {"argument_spec": {"path": {"type": "str"}}}

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Writes what is missing."""
        folder = check_own_path(
            "path (workiva_project of the playbook start)", arguments["path"] or os.path.join(os.getcwd(), "workiva")
        )
        written = []
        diff = []
        for file in list_new_files():
            path = os.path.join(folder, file.path)
            if file.users and os.path.lexists(path):
                continue
            present = read_file(path)
            if present == file.content:
                continue
            if not self.check_mode:
                _make_folder(os.path.dirname(path))
                with lock_folder(os.path.dirname(path)):
                    replace_file(path, file.content, present, new_mode=_FILE_MODE)
            written.append(file.path)
            diff.append(
                {
                    "before_header": path,
                    "after_header": path,
                    "before": (present or b"").decode(),
                    "after": file.content.decode(),
                }
            )
        return {"changed": bool(written), "path": folder, "written": written, "diff": diff}


def _make_folder(folder: str) -> None:
    """One that is there keeps its mode."""
    trouble = ""
    try:
        # The mode of those above is the umask's; the folder of the project itself is made for its first file.
        os.makedirs(folder, mode=_FOLDER_MODE, exist_ok=True)
    except OSError as error:
        trouble = os.strerror(error.errno or 0)
    if trouble:
        raise FileTrouble(
            f"The folder {folder} cannot be created: {trouble}. Nothing was written. Choose another folder with "
            "workiva_project, or create it and let the user of this run write in it."
        )
