# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares users that people change with their declaration, and keeps their work orders; see the documentation of the module of this name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import (
    FromVariables,
    Handover,
    chosen,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.keeper import keep_for
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.user_status import (
    Administration,
    Conclusion,
    Subject,
    conclude,
    confirmed,
    failed_status,
    find_adoption,
    find_observed,
    find_unconfirmed,
    gather_evidence,
    initial_status,
    is_judged,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._read_value import read_values
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import GrantResult, UserResult


class ActionModule(ControllerAction):
    """The journals, the pages and the prompts are the controller's."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "project": {"type": "raw", "required": True},
            "observed": {"type": "list", "elements": "dict", "default": []},
            "grants": {"type": "list", "elements": "dict", "default": []},
            "orders": {"type": "str", "choices": ["all", "none"], "default": "all"},
            "handover": {"type": "str", "choices": ["prompt", "vars", "defer", "none"], "default": "prompt"},
            "ask_for": {"type": "list", "elements": "str"},
        }
    }
    UNVALIDATED = ("done",)

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Compares each user and keeps its work orders; nothing that it writes or returns holds a secret."""
        project = LoadedProject.of(arguments["project"])
        handover = chosen(
            arguments["handover"],
            [],
            arguments["done"] or [],
            check_mode=self.check_mode,
            orders=arguments["ask_for"],
        )
        how = Administration(project.administration, arguments["handover"] != "none", self.check_mode)
        journals = Journals(project.journal, read_only=self.check_mode)
        subjects = _subjects(
            project,
            read_values(UserResult, arguments["observed"], "observed"),
            read_values(GrantResult, arguments["grants"], "grants"),
        )
        found = [_judge(subject, how, journals, handover) for subject in subjects]
        attested = bool(journals.appended)
        kept: dict[str, Any] = {"changed": False, "orders": []}
        if how.writes and arguments["orders"] == "all":
            considered = [(str(one.status.integration), USER) for one in found if one.status.fields]
            orders = [one.order for one in found if one.order]
            kept = keep_for(project, self._loader, journals, orders, considered)
        users = [one.status.as_result() for one in found]
        return {**kept, "changed": attested or kept["changed"], "users": users}


def _subjects(
    project: LoadedProject, observed: tuple[UserResult, ...], grants: tuple[GrantResult, ...]
) -> list[Subject]:
    seen = {fold_name(result.username): result for result in observed}
    return [
        Subject(
            user,
            seen.get(fold_name(user.username.strip())),
            tuple(grant for grant in grants if grant.integration == user.integration),
            project.about.get(user.integration),
        )
        for user in project.users
    ]


def _judge(subject: Subject, how: Administration, journals: Journals, handover: Handover) -> Conclusion:
    """One user: what people confirm is in its journal when the user is judged. One bad user never stops the others."""
    status = initial_status(subject, how)
    if not is_judged(subject, how):
        return Conclusion(status)
    integration = subject.declared.integration
    try:
        past = list(journals.events(integration))
        evidence = gather_evidence(subject, how, past)
        new: list[Mapping[str, Any]] = []
        if how.writes:
            state = fold(past).get(USER, GrantState())
            unconfirmed = find_unconfirmed(subject, state, evidence)
            done = [number for number, what in unconfirmed.items() if handover.is_done(number, what)]
            new = [*find_adoption(subject, how), *find_observed(subject, state, evidence), *confirmed(done)]
        numbers = handover.numbers if isinstance(handover, FromVariables) else ()
        concluded = conclude(subject, how, past, new, evidence, numbers)
        if concluded.events:
            journals.append(integration, list(concluded.events))
        return concluded
    except WorkivaError as error:
        return Conclusion(failed_status(status, Failure.of(error)))
    except OSError as error:
        return Conclusion(failed_status(status, Failure(safe_text(error, limit=1000), type(error).__name__)))
