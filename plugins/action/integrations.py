# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Loads and checks the project folder; see the documentation of the module of this name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ansible import constants as C

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    make_failure,
    read_date_option,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._output import print_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.certificates import Inventory
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject, RunSettings
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loading import (
    ProjectProblems,
    find_folder,
    load_project,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.templates import make_renderer
from ansible_collections.integrations.workiva.plugins.plugin_utils._variables import KEEP_FILE, hands_over


class ActionModule(ControllerAction):
    """See the documentation of the module of this name."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "project": {"type": "raw"},
            "templates": {"type": "bool", "default": True},
            "only": {"type": "list", "elements": "str", "default": []},
            "delete": {"type": "list", "elements": "str", "default": []},
            "today": {"type": "str"},
            "vault_id": {"type": "str"},
        }
    }
    # It may hold dates, and whatever a person wrote.
    UNVALIDATED = ("integrations",)

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Loads, templates and checks; all problems are returned at once."""
        given = arguments["project"]
        run = RunSettings(
            only=tuple(arguments["only"]),
            today=read_date_option("today", arguments["today"]) if arguments["today"] else None,
            delete_user=tuple(arguments["delete"]),
            vault_id=arguments["vault_id"] or None,
            templates=arguments["templates"],
        )
        if isinstance(given, dict):
            project = LoadedProject.of(given)
            _assert_as_loaded(project.run, run, arguments["integrations"])
            return {"workiva": project.as_result(), "contents": project.describe_contents()}
        if not isinstance(given, (str, type(None))):
            raise InvalidArgument(
                "project must be the path of the project folder, or a project that this module returned."
            )
        try:
            project = load_project(
                find_folder(given, self.variables),
                arguments["integrations"],
                run,
                render=make_renderer(self._templar, self.variables) if run.templates else None,
                # Without templates, nothing is known of the inventory either: its groups may be made of them.
                inventory=Inventory.of(self.variables) if run.templates else None,
                is_named=bool(given),
            )
        except ProjectProblems as error:
            result = make_failure(error, problems=error.problems)
            if hands_over(self.variables):
                result["msg"] += f"\n{KEEP_FILE}"
            return result
        for note in _first_said(project.warnings, C.DEFAULT_LOCAL_TMP):
            print_text(f"note: {note}")
        return {"workiva": project.as_result(), "contents": project.describe_contents()}


def _assert_as_loaded(loaded: RunSettings, given: RunSettings, integrations: Any) -> None:
    """Raises L(InvalidArgument) for an option beside a loaded project that the project was not loaded with: the tasks that
    follow would work on more integrations, or by another date, than was asked for. What is not given is fine."""
    differs = {
        "integrations": bool(integrations),
        "only": bool(given.only) and set(given.only) != set(loaded.only),
        "delete": bool(given.delete_user) and set(given.delete_user) != set(loaded.delete_user),
        "today": given.today is not None and given.today != loaded.today,
        "vault_id": given.vault_id is not None and given.vault_id != loaded.vault_id,
        "templates": not given.templates and loaded.templates,
    }
    names = [name for name, is_other in differs.items() if is_other]
    if names:
        raise InvalidArgument(
            f"project is a loaded project, which was loaded with another value of {', '.join(names)}: it is not loaded again, so "
            "that the value given here would be ignored. Nothing was done. Give it to the task that loads the project, or give "
            "the path of the project folder here."
        )


def _first_said(notes: Sequence[str], run_folder: str) -> list[str]:
    """The notes that this run has not printed yet. The playbooks load a project once; roles used one by one load it each, in a
    process of its own. The run's temporary folder remembers the notes."""
    path = os.path.join(run_folder, "workiva_notes")
    with open(path, "a+", encoding="utf-8") as stream:
        stream.seek(0)
        said = set(stream.read().split("\0"))
        new = [note for note in notes if note not in said]
        stream.write("".join(f"{note}\0" for note in new))
    return new
