# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure

from ansible_collections.integrations.workiva.plugins.module_utils._certificates.apply import CORE as _CORE
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    Unreachable,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import read_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._in_process import execute_pipelined
from ansible_collections.integrations.workiva.plugins.plugin_utils._place import (
    find_job_variables,
    find_target,
    is_run_here_instead,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection import make_connection
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.twin import ProjectTwin

_BEGIN = "-----BEGIN"


class ActionModule(ProjectTwin):
    """The twin of the module of this name. It may write to any machine, and its only credential is the login of a proxy."""

    CORE = _CORE

    def given(self) -> dict[str, Any]:
        """With the text of the announced certificate instead of its path, which the target does not have."""
        given = super().given()
        return {**given, **_announced(given.get("upcoming"))}

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        given = self._task.args
        result = super().run(tmp, task_vars)
        host = find_target(self, task_vars or {})
        if not result.get("failed"):
            return {**result, "host": host}
        # What failed before the core could tell more.
        known = {"name": str(given.get("name") or given.get("server") or ""), "file": str(given.get("path") or "")}
        failure = result.get("error") or WorkivaError("").as_error()
        finding = "unreachable" if failure["kind"] == "Unreachable" else "failed"
        judged = {"health": finding, "findings": [{"finding": finding, "detail": str(result.get("msg", ""))}]}
        return {"changed": False, "differences": [], **known, **judged, **result, "error": failure, "host": host}

    def of_project(self, project: LoadedProject, use: str) -> dict[str, Any]:  # noqa: ARG002
        """How servers are reached; the other options of the connection are of the API, and a handshake needs no credentials."""
        connection = make_connection(self, project)
        return {name: connection[name] for name in ("proxy", "connect_to") if name in connection}

    def refuse(self, arguments: dict[str, Any], variables: dict[str, Any]) -> None:
        """The copy must be on the machine that is meant, and stay there."""
        host = find_target(self, variables)
        if (
            self._task.delegate_to
            and host != variables.get("inventory_hostname")
            and is_run_here_instead(self, variables)
        ):
            raise InvalidArgument(
                f"The task runs on the controller instead of {host}, whose connection is not local: remove "
                "connection: local from the play, so that the copy is written on that machine."
            )
        short_lived = find_job_variables()
        if short_lived and self._connection.transport == "local" and not arguments["ephemeral_target_ok"]:
            raise InvalidArgument(
                f"This looks like a job ({', '.join(short_lived)} is set) with a temporary environment. "
                f"The copy {arguments['path']} would be deleted with it, and was not "
                "written. Run the task on the machine that needs the copy (hosts in workiva.yml), or set ephemeral_target_ok if that path is kept "
                "after the job."
            )

    def elsewhere(self, name: str, variables: dict[str, Any]) -> dict[str, Any]:
        arguments = self.given()
        try:
            if "@" in str(arguments.get("proxy") or ""):
                # The proxy's address holds its login, which must not be in a file of the target.
                return self._pipelined(name, arguments, variables)
            result: dict[str, Any] = self._execute_module(module_name=name, module_args=arguments, task_vars=variables)
        except AnsibleConnectionFailure as error:
            if not self._task.delegate_to:
                raise
            # As Ansible has it, the host that delegates would be lost, and with it everything that it still has to do.
            raise Unreachable(
                f"The machine {find_target(self, variables)} cannot be reached: {safe_text(error)}. Its copy was not changed.",
                target=find_target(self, variables),
            ) from None
        return result

    def _pipelined(self, name: str, arguments: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        try:
            return execute_pipelined(self, name, arguments, variables)
        except AnsibleActionFail as error:
            raise InvalidArgument(safe_text(error, limit=600)) from None


def _announced(upcoming: Any) -> dict[str, str]:
    """The text of the announced certificate, which may be given as a file of the controller."""
    if upcoming is None or not str(upcoming).strip() or _BEGIN in str(upcoming):
        return {}
    path = os.path.expanduser(str(upcoming))
    if not os.path.isabs(path):
        raise InvalidArgument("upcoming must be PEM text, or the absolute path of a file with it on the controller.")
    try:
        pem = read_file(path)
        if pem is None:
            raise InvalidArgument(f"upcoming names a file that the controller does not have: {safe_text(path)}.")
        return {"upcoming": pem.decode("utf-8")}
    except UnicodeDecodeError:
        raise InvalidArgument(f"upcoming is a file that holds no text: {safe_text(path)}.") from None
