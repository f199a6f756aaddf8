# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run wrote into a project, as data for the next job; see the documentation of the module of this name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible import constants as C

from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._paths import check_own_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loading import (
    assert_project,
    find_folder,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository import written_files as written
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.changes import (
    Changes,
    Snapshot,
    find_changes,
    merge_changes,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.check import check_password
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.secrets import (
    VaultKey,
    has_vault_password,
    make_secret_comparison,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VaultText


class ActionModule(ControllerAction):
    """The project folder is the controller's."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "state": {"type": "str", "choices": ["recorded", "collected", "applied"], "default": "collected"},
            "project": {"type": "str"},
            "since": {"type": "str"},
            "changes": {"type": "dict"},
            "vault_id": {"type": "str"},
        },
        "required_if": [("state", "collected", ["since"]), ("state", "applied", ["changes"])],
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Remembers, returns or applies changes."""
        if arguments["since"] is not None:
            check_own_path("since", arguments["since"])
        # Not loaded: changes of an earlier job may mend what loading would refuse.
        project = find_folder(arguments["project"], self.variables)
        if arguments["state"] == "applied":
            assert_project(project, is_named=bool(arguments["project"]))
        present = written.read(project)
        if arguments["state"] == "recorded":
            since = tempfile.mkdtemp(prefix="workiva-before-", dir=C.DEFAULT_LOCAL_TMP)
            written.write(since, present)
            return {"since": since}
        if arguments["state"] == "collected":
            return {"changes": find_changes(written.read(arguments["since"]), present).as_data()}
        same = make_secret_comparison(self._loader, arguments["vault_id"])
        wanted = merge_changes(Changes.of_data(arguments["changes"]), Snapshot(), present, same)
        changed = wanted != present
        if changed:
            self._check_vault_password(project, present)
        if changed and not self.check_mode:
            written.write(project, wanted)
        return {"changed": changed}

    def _check_vault_password(self, project: str, present: Snapshot) -> None:
        """Where a vault password is loaded, before anything is written. Raises L(VaultKeyError) for a wrong one."""
        if present.credentials and has_vault_password(self._loader):
            path = os.path.join(project, written.CREDENTIALS)
            check_password(VaultText.of_bytes(present.credentials, path), VaultKey.to_decrypt(self._loader))
