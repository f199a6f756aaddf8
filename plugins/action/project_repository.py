# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clones a project for one run, and pushes what the run wrote; see the documentation of the module of this name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible import constants as C

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import register_secret
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    make_failure,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._paths import check_own_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.changes import Changes
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.git import Clone, Remote
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.shared_branch import SharedBranch
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.written_files import CREDENTIALS, JOURNAL
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.secrets import make_secret_comparison


class ActionModule(ControllerAction):
    """The clone is the controller's, and so are the vault secrets that tell whether two entries hold the same pair."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "state": {"type": "str", "choices": ["cloned", "pushed"], "default": "pushed"},
            "url": {"type": "str", "required": True},
            "branch": {"type": "str", "default": "main"},
            "path": {"type": "str"},
            "folder": {"type": "str", "default": "."},
            "username": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "key_file": {"type": "str", "no_log": False},
            "known_hosts": {"type": "str"},
            "ca_path": {"type": "str"},
            "author_name": {"type": "str", "default": "integrations.workiva"},
            "author_email": {"type": "str", "default": "integrations.workiva@localhost"},
            "message": {"type": "str", "default": "Keep what a run wrote"},
            "vault_id": {"type": "str"},
        }
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Clones or pushes; what could not be pushed is in the failed result, since it would be lost otherwise."""
        made = Changes()
        try:
            clone = _clone(arguments)
            if arguments["state"] == "cloned":
                clone.clone()
            branch = SharedBranch(
                clone, arguments["folder"], make_secret_comparison(self._loader, arguments["vault_id"])
            )
            where = {"path": clone.path, "project": branch.project}
            if arguments["state"] == "cloned":
                _check_push(clone, branch, arguments)
                return {"commit": clone.head, **where}
            made = branch.made
            push = bool(made) and not self.check_mode
            return {
                "changed": bool(made),
                "commit": branch.push(arguments["message"]) if push else clone.head,
                **where,
            }
        except WorkivaError as error:
            return make_failure(error, **({"changes": made.as_data()} if made else {}))


def _clone(arguments: dict[str, Any]) -> Clone:
    password = arguments["password"] or None
    register_secret(password)
    path = arguments["path"]
    if path is None and arguments["state"] == "cloned":
        path = tempfile.mkdtemp(prefix="workiva-project-", dir=C.DEFAULT_LOCAL_TMP)
    if path is None:
        raise InvalidArgument("path must be given: the path that state=cloned returned.")
    check_own_path("path", path)
    names = ("username", "key_file", "known_hosts", "ca_path")
    given = {name: arguments[name] or None for name in names}
    remote = Remote(arguments["url"], arguments["branch"], password=password, **given)
    return Clone(remote, path, (arguments["author_name"], arguments["author_email"]))


def _check_push(clone: Clone, branch: SharedBranch, arguments: dict[str, Any]) -> None:
    """Before a run takes any secret in: what it will write can be pushed."""
    if not os.path.isdir(branch.project):
        raise InvalidArgument(
            f"The repository {safe_text(arguments['url'])} has no folder of the name that folder gives. Correct it."
        )
    for name in (CREDENTIALS, JOURNAL):
        if clone.ignores(os.path.join(branch.project, name)):
            raise InvalidArgument(
                f"{name} is excluded from the repository by a .gitignore, so it cannot be pushed. Remove that line. Secrets in the "
                "file are encrypted."
            )
    clone.check_push()
