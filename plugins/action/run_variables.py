# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the variables of a run before anything is read or written; see the documentation of the module of this name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from ansible.errors import AnsibleError

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import make_visible
from ansible_collections.integrations.workiva.plugins.plugin_utils._bounds import check_bounds
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import FILE_ACCESS
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.open_orders import (
    orders_ever_written,
    were_ordered,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._output import print_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.plan import (
    project_refusal,
    refusal,
    run_facts,
    with_project,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.requirements import check_collection
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.rotation import refuse_unnamed
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.settings import (
    DeclaredNames,
    Match,
    Run,
    match,
    read_run,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._variable_table import PLAYBOOKS
from ansible_collections.integrations.workiva.plugins.plugin_utils._variables import KEEP_FILE, Unfit, describe_problems
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import ADMINISTRATOR


class ActionModule(ControllerAction):
    """The values are read from the task's variables: as options they would be validated, and repeated, by Ansible."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "playbook": {"type": "str", "choices": list(PLAYBOOKS), "required": True},
            "project": {"type": "raw"},
        }
    }

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Checks, and matches where there is a project; the result holds no credential."""
        playbook = arguments["playbook"]
        check_collection(playbook)
        run = read_run(playbook, [str(name) for name in self.variables], self._value)
        project = LoadedProject.of(arguments["project"]) if arguments["project"] else None
        found = self._match(run, project) if project and not run.problems else Match()
        problems = [make_visible(problem) for problem in (*run.problems, *found.problems)]
        if problems:
            return {"failed": True, "msg": _message(run, problems), "problems": problems}
        refused = project_refusal(playbook, project) if project else refusal(playbook, run.settings, run.given)
        if project and playbook == "rotate" and not found.rotate:
            refused = refuse_unnamed(project)
        if refused:
            raise InvalidArgument(refused)
        for note in found.notes:
            print_text(f"note: {note}")
        facts = run_facts(playbook, run.settings, run.given, is_local=self._connection.transport == "local")
        if project:
            others = [f"{integration}.{grant}" for integration, grant in found.grants if integration != ADMINISTRATOR]
            facts = replace(
                with_project(facts, project),
                file_access=bool(project.files) or were_ordered(project.journal, project.integrations, FILE_ACCESS),
                other_grants=tuple(others),
                survey_grant=found.survey_grant,
                rotate=tuple(f"{integration}.{grant}" for integration, grant in found.rotate),
            )
        return facts.as_result()

    def _match(self, run: Run, project: LoadedProject) -> Match:
        declared = DeclaredNames.of(project)
        orders = orders_ever_written(project.journal, declared.scope) if run.settings["done"] else {}
        handed_over = self._value("workiva_handed_over") if "handed_over" in run.given else None
        return match(run, handed_over, declared, orders)

    def _value(self, name: str) -> Any:
        """One variable's value. Raises L(Unfit) without the text of the error, which may quote a value."""
        try:
            # Before Ansible writes out what aliases repeat.
            check_bounds(self.variables[name], "its value is refused")
        except InvalidArgument as error:
            raise Unfit(str(error)) from None
        try:
            return self._templar.template(self.variables[name])
        except (AnsibleError, TypeError, ValueError):
            raise Unfit(
                "its value cannot be read: a template in it fails, or no vault password of this run decrypts it."
            ) from None


def _message(run: Run, problems: list[str]) -> str:
    headline = describe_problems("The variables of this run have", problems)
    kept = f" {KEEP_FILE}" if run.hands_over else ""
    return "\n".join((f"{headline}{kept}", *(f"  {problem}" for problem in problems)))
