# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides which targets get credentials, and records what came of it; see the documentation of the module of this name."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from ansible.utils.vars import load_extra_vars

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    to_plain_types,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import (
    DeliveryStatus,
    assess,
    former_client_ids,
    hosts_of,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.due import (
    VARIABLES,
    DueDelivery,
    make_due,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.judgement import (
    Judgement,
    describe_failure,
    judge,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.recording import delivery_event
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.tasks_files import find_mistake
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, after, fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import read_credentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection import StoredCredentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._read_value import read_value, read_values
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import read_entry


class ActionModule(ControllerAction):
    """The journals and the vault file are the controller's."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "project": {"type": "raw", "required": True},
            "state": {"type": "str", "choices": ["planned", "recorded"], "default": "planned"},
            "again": {"type": "bool", "default": False},
            "target": {"type": "raw"},
            "deliveries": {"type": "list", "elements": "dict", "default": []},
        },
        "required_if": [("state", "recorded", ("target",))],
    }
    # Results of tasks with a secret: a validation would quote a value of another type.
    UNVALIDATED = ("failure", "failed_task", "shown", "read_back")

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Plans or records; the result holds no secret."""
        project = LoadedProject.of(arguments["project"])
        journals = Journals(project.journal, read_only=self.check_mode)
        if arguments["state"] == "planned":
            return self._plan(project, journals, again=arguments["again"])
        due = read_value(DueDelivery, arguments["target"], "target")
        known = read_values(DeliveryStatus, arguments["deliveries"], "deliveries")
        # Of a failure nothing is recorded, so that it waits for nobody.
        with journals.locked() if arguments["failure"] is None else contextlib.nullcontext():
            status = self._record(project, journals, due, arguments)
        deliveries = [status if status.is_of(one) else one for one in known]
        return {
            "changed": bool(journals.appended),
            "deliveries": [one.as_result() for one in deliveries],
            "due": [],
        }

    def _plan(self, project: LoadedProject, journals: Journals, *, again: bool) -> dict[str, Any]:
        stored = read_credentials(project.credentials)
        integrations = dict.fromkeys(target.integration for target in project.targets)
        states = {name: fold(journals.events(name)) for name in integrations}
        deliveries: list[DeliveryStatus] = []
        due: list[DueDelivery] = []
        for target in project.targets:
            state = states[target.integration].get(target.grant, GrantState())
            entry = read_entry(stored, target.integration, target.grant)
            for host in hosts_of(target):
                status = self._with_mistake(assess(target, host, state, entry, again=again), target)
                deliveries.append(status)
                due += [make_due(status, target, state, project)] if status.is_due else []
        if due:
            self._refuse_extra_variables()
        return {
            "changed": self.check_mode and bool(due),
            "deliveries": [one.as_result() for one in deliveries],
            # A prediction runs no tasks: whether a delivery is needed is decided by the journal.
            "due": [] if self.check_mode else [one.as_result() for one in due],
        }

    def _with_mistake(self, status: DeliveryStatus, target: DeclaredTarget) -> DeliveryStatus:
        """A target whose file of tasks Ansible cannot load is not due, so that it does not end the run."""
        for path in (target.file, target.check_file):
            wrong = find_mistake(path, self._loader) if status.is_due and path else ""
            if wrong:
                detail = f"{path} cannot be loaded: {wrong.rstrip('.')}. Correct the file."
                return replace(status, finding="not_delivered", detail=detail, is_due=False)
        return status

    def _refuse_extra_variables(self) -> None:
        """An extra variable would be delivered in the place of what is stored."""
        taken = sorted(set(load_extra_vars(self._loader)) & set(VARIABLES))
        if taken:
            raise InvalidArgument(
                f"The extra variables {', '.join(taken)} would take the place of the credentials to deliver. Nothing was "
                "delivered. Run again without them. In AWX, update the credential types with the playbook awx."
            )

    def _record(
        self, project: LoadedProject, journals: Journals, due: DueDelivery, arguments: Mapping[str, Any]
    ) -> DeliveryStatus:
        """What came of one delivery; one that passed is in the journal then."""
        target = _declared(project, due)
        state = fold(journals.events(due.integration)).get(due.grant, GrantState())
        entry = read_entry(read_credentials(project.credentials), due.integration, due.grant)
        before = assess(target, due.host, state, entry, again=True)
        status = replace(before, is_due=False)
        if not before.is_due or before.current != due.number:
            detail = before.detail or "The credentials changed while they were delivered. Run deliver again."
            return replace(status, finding="not_delivered", detail=detail)
        former = former_client_ids(journals.events(due.integration), due.grant, due.client_id)
        found = self._judge(project, former, target, due, arguments)
        if found.how is None:
            return replace(status, finding=found.finding, detail=found.detail)
        event = delivery_event(target, due.host, found.how, state, project.run.day())
        if event:
            journals.append(due.integration, [event])
            state = after(state, event)
        step = f"deliver credentials {due.number} of the grant {due.grant} ({found.how})"
        return replace(assess(target, due.host, state, entry, again=False), steps=(step,))

    def _judge(
        self,
        project: LoadedProject,
        former: Collection[str],
        target: DeclaredTarget,
        due: DueDelivery,
        arguments: Mapping[str, Any],
    ) -> Judgement:
        if arguments["failure"] is None:
            shown, read_back = to_plain_types(arguments["shown"]), to_plain_types(arguments["read_back"])
            return judge(due.client_id, former, is_shown=target.shows_client_id, shown=shown, read_back=read_back)
        try:
            StoredCredentials(self._loader, project.credentials).hide(due.integration, due.grant)
        except WorkivaError as error:
            # The words of the task are not shown, because no secret in them would be hidden.
            return Judgement(finding="not_delivered", detail=f"A task failed. {safe_text(error, limit=300)}")
        words = describe_failure(to_plain_types(arguments["failure"]), to_plain_types(arguments["failed_task"]))
        return Judgement(finding="not_delivered", detail=words)


def _declared(project: LoadedProject, due: DueDelivery) -> DeclaredTarget:
    found = (one for one in project.targets_of(due.integration) if one.name == due.target)
    target = next(found, None)
    if target is None:
        raise InvalidArgument("target must be an entry of due that this task returned for the same project.")
    return target
