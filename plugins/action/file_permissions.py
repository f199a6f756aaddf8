# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action twin of the module of this name, and the permissions of a whole project; see the module's documentation."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import CONNECTION, Core
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._files.permissions import CORE as _CORE
from ansible_collections.integrations.workiva.plugins.module_utils._files.permissions import failure
from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    Named,
    fold_name,
    ids_by_name,
    ids_of,
    is_same,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.information import CORE as _INFORMATION
from ansible_collections.integrations.workiva.plugins.plugin_utils._accounts import account_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import validate_options
from ansible_collections.integrations.workiva.plugins.plugin_utils._in_process import (
    execute_pipelined,
    is_on_controller,
    run_core,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection import (
    StoredCredentials,
    assert_has_grant,
    choose_administrator_grant,
    make_connection,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.places import add_places
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.twin import ProjectTwin
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import (
    ADMINISTRATOR,
    FILE_ADMINISTRATOR,
)

_NAME = "integrations.workiva."
_CREDENTIALS = ("client_id", "access_token")
Names = dict[str, Any]
Result = dict[str, Any]


class ActionModule(ProjectTwin):
    """Runs the core in this process where the target is the controller."""

    CORE = _CORE
    USES = ("read", "write", "none")

    def act(self, arguments: dict[str, Any]) -> Result:
        """With a project, each workspace by the stored credentials of its file administrator."""
        if self.project is None:
            return add_places(super().act(arguments), "files", {})
        if not arguments["files"] or self.project.administration == "none" or arguments["use"] == "none":
            return {"changed": False, "files": [], "names": {}, "requests_sent": 0}
        found = self._apply(self.project, self.given(), arguments["on_item_error"])
        return add_places(found, "files", self.project.places)

    def refuse(self, arguments: dict[str, Any], variables: dict[str, Any]) -> None:
        """Nothing before the stored credentials are read, of several grants."""

    def of_project(self, project: LoadedProject, use: str) -> dict[str, Any]:
        """The files of the project, and its connection without credentials, since there are several."""
        return {**make_connection(self, project), "files": identified(project), "use": use}

    def _apply(self, project: LoadedProject, given: Mapping[str, Any], on_item_error: str) -> Result:
        connection = {name: given[name] for name in CONNECTION if name in given}
        stored = StoredCredentials(self._loader, project.credentials)
        files = given["files"]
        grant = choose_administrator_grant(project, given["use"])
        administrator = {**connection, **stored.of_grant(ADMINISTRATOR, grant)}
        is_here = is_on_controller(self, self.variables)
        if (
            is_here
            and not any(administrator.get(name) for name in _CREDENTIALS)
            and not os.environ.get("WORKIVA_CLIENT_ID")
        ):
            assert_has_grant(project, given["use"])
        names, requests_sent = self._names(administrator, files)
        results: list[Result] = []
        for held in project.file_administrator_grants:
            here = [file for file in files if fold_name(file["workspace"]) == fold_name(held.workspace)]
            pair = stored.of_grant(FILE_ADMINISTRATOR, held.grant)
            if here and pair:
                options = {**connection, **pair, **names, "files": here, "on_item_error": "report"}
                results.append(self._call(_CORE, f"{_NAME}file_permissions", options))
        found = [file for result in results for file in result["files"]]
        diffs = [result["diff"] for result in results if result.get("diff")]
        return {
            "changed": any(result["changed"] for result in results),
            "files": found,
            "names": {**names, "users": named_users(names["users"], files)},
            "requests_sent": requests_sent + sum(result["requests_sent"] for result in results),
            "diff": {
                side: {name: held for diff in diffs for name, held in diff[side].items()}
                for side in ("before", "after")
            },
            **(failure(found) if on_item_error == "fail" else {}),
        }

    def _names(self, administrator: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> tuple[Names, int]:
        """What the names of users and groups mean, by the administrator's grant; and how many requests that took.

        All users: a file lists who has an undeclared permission by id, which says nothing to a person.
        """
        name = f"{_NAME}organization_info"
        spaces = self._call(_INFORMATION, name, {**administrator, "gather": ["workspaces"]})
        meant = {fold_name(file["workspace"]) for file in files}
        known = [space["name"] for space in spaces["workspaces"] if fold_name(space["name"]) in meant]
        chosen = {"gather": ["users", "groups"], "workspaces": known}
        read = self._call(_INFORMATION, name, {**administrator, **chosen})
        names = {
            "users": ids_by_name(Named(user["id"], user["username"]) for user in read["users"]),
            "groups": {
                space["name"]: ids_by_name(Named(group["id"], group["name"]) for group in space["groups"])
                for space in read["workspaces"]
            },
        }
        return names, spaces["requests_sent"] + read["requests_sent"]

    def _call(self, core: Core, name: str, options: Mapping[str, Any]) -> Result:
        """Runs a core here, or its module where the task's target is. Raises L(WorkivaError) where it cannot."""
        if is_on_controller(self, self.variables):
            return run_core(self, core, validate_options(core.specification, dict(options)))
        # The target's system log would get the usernames of the whole organization.
        variables = {**self.variables, "ansible_no_target_syslog": True}
        result = execute_pipelined(self, name, dict(options), variables)
        if result.get("failed"):
            raise WorkivaError(str(result.get("msg") or "The module failed."))
        return result


def identified(project: LoadedProject) -> list[Result]:
    """The files of a project; the own user of an integration has the id that its journal has for the account."""
    own = {user.integration: user for user in project.users}
    ids: dict[str, str | None] = {}
    files = []
    for file in project.files:
        given = file.as_result()
        user = own.get(file.integration)
        if user and file.integration not in ids:
            # A damaged journal is reported by the task that manages the user.
            with contextlib.suppress(InvalidArgument):
                ids[file.integration] = account_of(Journal(project.journal, file.integration).events()).id
        known = ids.get(file.integration)
        if user and known:
            given["permissions"] = [
                {**item, "user_id": known} if is_same(item.get("user") or "", user.username) else item
                for item in given["permissions"]
            ]
        files.append(given)
    return files


def named_users(users: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Those of the users whom the permissions of the files name, by name or by what is known of them beside it."""
    items = [item for file in files for item in (*file["permissions"], *(file.get("keep") or ()))]
    names = {fold_name(item[key]) for item in items for key in ("user", "previous_user") if item.get(key)}
    ids = {item["user_id"] for item in items if item.get("user_id")}
    return {
        name: given for name, given in users.items() if fold_name(name) in names or not ids.isdisjoint(ids_of(given))
    }
