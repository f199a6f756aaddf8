# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run wrote into a project, as data for the next job; see the documentation of the module of this name."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from ansible import constants as C
from ansible.plugins.action import ActionBase

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.plugin_utils import _written_files as written
from ansible_collections.integrations.workiva.plugins.plugin_utils._in_process import native
from ansible_collections.integrations.workiva.plugins.plugin_utils._project_changes import (
    Changes,
    Snapshot,
    changes,
    merged,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault_secrets import same_secret

_SPECIFICATION: dict[str, Any] = {
    "state": {"type": "str", "choices": ["remembered", "told", "applied"], "default": "told"},
    "project": {"type": "str", "required": True},
    "since": {"type": "str"},
    "changes": {"type": "dict"},
    "vault_id": {"type": "str"},
}


class ActionModule(ActionBase):
    """The project folder is the controller's."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(
            argument_spec=_SPECIFICATION,
            required_if=[("state", "told", ["since"]), ("state", "applied", ["changes"])],
        )
        arguments = native(given)
        try:
            for name in ("project", "since"):
                if arguments[name] is not None and not os.path.isabs(arguments[name]):
                    raise InvalidArgument(f"{name} must be an absolute path.")
            return {"changed": False, **self._done(arguments)}
        except WorkivaError as error:
            return {"failed": True, "msg": str(error), "error": error.as_error(), "changed": False}

    def _done(self, arguments: dict[str, Any]) -> dict[str, Any]:
        present = written.read(arguments["project"])
        if arguments["state"] == "remembered":
            since = tempfile.mkdtemp(prefix="workiva-before-", dir=C.DEFAULT_LOCAL_TMP)
            written.write(since, present)
            return {"since": since}
        if arguments["state"] == "told":
            return {"changes": changes(written.read(arguments["since"]), present).as_data()}
        same = same_secret(self._loader, arguments["vault_id"])
        wanted = merged(Changes.of_data(arguments["changes"]), Snapshot(), present, same)
        changed = wanted != present
        if changed and not self._task.check_mode:
            written.write(arguments["project"], wanted)
        return {"changed": changed}
