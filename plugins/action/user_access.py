# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges the access of users that people change, and keeps its work orders; see the documentation of the module of this name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import Wanted
from ansible_collections.integrations.workiva.plugins.module_utils._organization.wanted import (
    USER_OPTIONS,
    wanted_users,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    to_plain_types,
    validate_options,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import (
    FromVariables,
    Handover,
    chosen,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER, USER_KINDS
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, OpenOrder, fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.keeper import keep_for
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.user_access import (
    Evidence,
    Judged,
    after,
    fields_of,
    judge,
    order,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import Responsibility
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject

Event = dict[str, Any]

_USERS = {"users": {"type": "list", "elements": "dict", "options": USER_OPTIONS}}
_SPECIFICATION: dict[str, Any] = {
    "project": {"type": "raw", "required": True},
    "observed": {"type": "list", "elements": "dict", "default": []},
    "grants": {"type": "list", "elements": "dict", "default": []},
    "orders": {"type": "str", "choices": ["all", "none"], "default": "all"},
    "handover": {"type": "str", "choices": ["prompt", "vars", "defer", "none"], "default": "prompt"},
    "ask_for": {"type": "list", "elements": "str"},
}
# Findings with which a stored pair was not accepted.
_NOT_ACCEPTED = {"expired", "rejected", "blocked_here", "unreachable", "unchecked"}
_WHAT = {
    "add_user": "add the user {} and its access",
    "change_user": "change the access of the user {}",
    "remove_user": "remove the access of the user {}",
}


@dataclass(frozen=True)
class _Task:
    """What all users of a task share."""

    administration: str
    about: Mapping[str, Responsibility]
    observed: Mapping[str, Mapping[str, Any]]
    grants: Mapping[str, list[Mapping[str, Any]]]
    journals: Journals
    handover: Handover
    writes: bool


class ActionModule(ControllerAction):
    """The journals, the pages and the prompts are the controller's."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {"argument_spec": _SPECIFICATION}
    UNVALIDATED = ("done",)

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Judges each user and keeps its work orders; nothing that it writes or returns holds a secret."""
        project = LoadedProject.of(arguments["project"])
        done = arguments["done"] or []
        grants: dict[str, list[Mapping[str, Any]]] = {}
        for grant in arguments["grants"]:
            grants.setdefault(grant["integration"], []).append(grant)
        journals = Journals(project.journal, read_only=self.check_mode)
        task = _Task(
            administration=project.administration,
            about=project.about,
            observed={fold_name(result["username"]): result for result in arguments["observed"]},
            grants=grants,
            journals=journals,
            handover=chosen(arguments["handover"], [], done, check_mode=self.check_mode, orders=arguments["ask_for"]),
            writes=arguments["handover"] != "none",
        )
        declared = [user.as_result() for user in project.users]
        users = validate_options({"argument_spec": _USERS}, {"users": declared})["users"]
        outcomes = [_User(task, wanted, user).judged() for wanted, user in zip(wanted_users(users), users)]
        attested = bool(journals.appended)
        kept: dict[str, Any] = {"changed": False, "orders": []}
        if task.writes and arguments["orders"] == "all":
            considered = [(result["integration"], USER) for result, _order in outcomes if result["fields"]]
            orders = [wanted for _result, wanted in outcomes if wanted]
            kept = keep_for(project, self._loader, journals, orders, considered)
        return {**kept, "changed": attested or kept["changed"], "users": [result for result, _order in outcomes]}


class _User:
    """One user: what people say is written down first, and then it is judged."""

    def __init__(self, task: _Task, wanted: Wanted, declared: Mapping[str, Any]) -> None:
        self._task = task
        self._wanted = wanted
        self._declared = declared
        self._integration = str(declared.get("integration") or "")
        self._seen = task.observed.get(fold_name(wanted.username))
        self._new: list[Event] = []

    def judged(self) -> tuple[dict[str, Any], Order | None]:
        """The user's result, and the order that it needs. What people say is in its journal then."""
        result = self._result()
        unseen = self._seen is None and self._task.administration != "none"
        if result["error"] or not self._integration or unseen:
            return result, None
        try:
            return self._judged(result)
        except (WorkivaError, OSError) as error:
            told = error.as_error() if isinstance(error, WorkivaError) else {"kind": type(error).__name__}
            result["error"] = {"msg": safe_text(error, limit=1000), **told}
            return result, None

    def _judged(self, result: dict[str, Any]) -> tuple[dict[str, Any], Order | None]:
        past = list(self._task.journals.events(self._integration))
        evidence = self._evidence(fold(past))
        if self._task.writes:
            self._adopt(result)
            self._close(fold(past).get(USER, GrantState()), evidence)
        events = [*past, *self._new]
        state = fold(events).get(USER, GrantState())
        judged = judge(self._wanted, state, evidence)
        if self._task.writes and not judged.kind and self._has_left(events, result):
            self._new.append({"event": "left", "grant": USER})
        if self._new:
            self._task.journals.append(self._integration, self._new)
        result["fields"] = fields_of(self._wanted, judged, evidence)
        result["notes"] = [*result["notes"], *self._notes(judged, events)]
        result["changed"] = result["changed"] or bool(self._new)
        closes = "attested" if self._task.administration == "none" else "observed"
        about = self._task.about.get(self._integration)
        wanted = None
        if self._task.administration != "writer":
            result["asked"] = judged.asked
            if self._task.administration == "none":
                result["excess_access"] = [dict(item) for item in judged.excess_access]
            wanted = order(self._declared, judged, about, closes) if judged.kind else None
        return result, wanted

    def _result(self) -> dict[str, Any]:
        """As integration_users tells it; where people do the steps, none of them was done here."""
        base: dict[str, Any] = {
            "username": self._wanted.username,
            "id": None,
            "status": None,
            "state": self._declared["state"],
            "integration": self._integration or None,
            "changed": False,
            "steps": [],
            "plan": [],
            "excess_access": [],
            "excess_access_unknown": None,
            "notes": [],
            "gone": None,
            "error": None,
        }
        result = {**base, **(self._seen or {}), "asked": [], "fields": {}}
        if self._task.administration != "writer":
            result.update(changed=False, steps=[], plan=[])
        return result

    def _evidence(self, states: Mapping[str, GrantState]) -> Evidence:
        grants = self._task.grants.get(self._integration, [])
        accepted = any(
            grant.get("stage") in ("stored", "delivered")
            and not _NOT_ACCEPTED & {finding["finding"] for finding in grant.get("findings") or ()}
            for grant in grants
        )
        existed = any(state.known.get("scopes") == "observed" for name, state in states.items() if name != USER)
        return Evidence(self._remaining(), accepted, existed)

    def _remaining(self) -> list[Mapping[str, Any]] | None:
        """What the API shows to be missing still; None where it was not read."""
        if self._seen is None or self._task.administration == "none":
            return None
        done = self._task.administration == "writer" and self._task.writes
        # Whose the account is nobody has to be asked: that is written down here.
        return [] if done else [step for step in self._seen.get("plan") or () if step["kind"] != "adopt_user"]

    def _adopt(self, result: Mapping[str, Any]) -> None:
        """Where people change users, nothing but the journal changes for an account that is adopted."""
        adopts = any(step["kind"] == "adopt_user" for step in (self._seen or {}).get("plan") or ())
        if self._task.administration == "reader" and adopts:
            name = self._wanted.username
            self._new.append({"event": "adopted", "grant": USER, "username": name, "id": result["id"]})

    def _close(self, state: GrantState, evidence: Evidence) -> None:
        """The orders that are done: somebody says so or, where the API can be read, it is seen."""
        for out in state.open_orders:
            if out.fulfilled or out.kind not in USER_KINDS:
                continue
            if evidence.steps is not None:
                if not evidence.steps and self._is_meant(out, state):
                    self._new.append({"event": "observed", "grant": USER, "order": out.number})
            elif self._task.handover.is_done(out.number, _WHAT[out.kind].format(self._wanted.username)):
                self._new.append({"event": "attested", "grant": USER, "order": out.number})

    def _is_meant(self, out: OpenOrder, state: GrantState) -> bool:
        """Whether the order asks for what is declared now."""
        return bool(out.fields.get("access") == to_plain_types(after(state.access, self._wanted)))

    def _has_left(self, events: Iterable[Event], result: Mapping[str, Any]) -> bool:
        """An absent integration of which nothing is left to do, for the first time since anything happened."""
        if self._wanted.present or not self._is_known_gone(result):
            return False
        past = [event for event in events if event["event"] != "closed"]
        if (past and past[-1]["event"] == "left") or not (past or result["id"]):
            return False
        return all(
            (state.retired or state.stage == "declared") and not [out for out in state.open_orders if not out.fulfilled]
            for state in fold(events).values()
        )

    def _is_known_gone(self, result: Mapping[str, Any]) -> bool:
        """Whether exact reads show that the user has no access; where the API is not read, people say so by closing the order."""
        if self._task.administration == "none":
            return True
        # What a check would remove is looked at after the removal.
        predicted = self._task.journals.read_only and self._task.administration == "writer" and bool(result["plan"])
        return result["gone"] is True or predicted

    def _notes(self, judged: Judged, events: Iterable[Event]) -> list[str]:
        notes = []
        gone = not self._wanted.present and not judged.kind and judged.known == "attested"
        if gone and judged.access["state"] == "absent":
            notes.append("A person confirmed that its access was removed. The history of documents still names it.")
        if isinstance(self._task.handover, FromVariables):
            withdrawn = {event["order"] for event in events if event["event"] == "withdrawn"}
            notes += [
                f"Work order {number} was confirmed as done, but it is withdrawn, because the declaration changed meanwhile. Compare the user "
                "with the new work order."
                for number in sorted(self._task.handover.numbers & withdrawn)
                if number.startswith(f"{self._integration}.{USER}.")
            ]
        return notes
