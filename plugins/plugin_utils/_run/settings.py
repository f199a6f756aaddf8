# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a run was given: each variable checked and converted, and each name in it matched with what is declared.

Nothing that was given is dropped: what cannot be used, or names nothing, is a problem that stops the run. No value is
quoted in a problem, since a secret may be in the wrong place; a declared name that was probably meant is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import holds_secret, quote_wrong
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import describe_malformed
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handed_over import Problem, read_entries
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import read_order_numbers
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._variable_table import AS_IS, VARIABLES, Variable
from ansible_collections.integrations.workiva.plugins.plugin_utils._variables import (
    PREFIX,
    Unfit,
    converted,
    is_given,
    near,
    unknown_names,
)

_CREDENTIALS = ("workiva_survey_client_id", "workiva_survey_client_secret")
_HANDED_OVER = (*_CREDENTIALS, "workiva_survey_expires")
_SEALED = ("workiva_sealed", "workiva_survey_sealed")
_NAMES = ("workiva_survey_integration", "workiva_survey_grant")
_SSH_USER = re.compile(r"^ssh://[\w.-]+@")


@dataclass(frozen=True)
class Survey:
    """The integration and the grant that the answers of a survey name; the grant may be left to the project.

    C(hands_over): credentials or an expiry are among the answers, and not only the numbers of work orders that are done.
    C(malformed): what is wrong with the form of the credentials.
    """

    integration: str
    grant: str
    hands_over: bool
    malformed: str | None = None


@dataclass(frozen=True)
class Run:
    """The variables of one run. C(settings) has the converted values by their names without C(workiva_), with defaults;
    secrets, and what a task reads as it is, are not in it. C(given) has the names of all that were given."""

    playbook: str
    settings: Mapping[str, Any]
    given: frozenset[str]
    problems: tuple[str, ...]
    survey: Survey | None = None

    @property
    def hands_over(self) -> bool:
        """Whether credentials were given, in whatever way."""
        return bool({"handed_over", "sealed", "survey_sealed"} & self.given) or any(
            name[len(PREFIX) :] in self.given for name in _CREDENTIALS
        )


def read_run(playbook: str, names: Iterable[str], value: Callable[[str], Any]) -> Run:
    """Checks the variables of a run, before anything is read or written.

    C(names) are those of all variables, and C(value) gives the value of one, or raises L(Unfit) where it has none.
    """
    names = list(names)
    problems = unknown_names(names)
    settings: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for variable in VARIABLES:
        found = None
        try:
            # What no playbook reads may hold anything; it is not looked at.
            raw = value(variable.name) if variable.name in names and variable.playbooks else None
            if is_given(raw, variable):
                found = converted(variable, raw, playbook)
        except Unfit as error:
            problems.append(f"{variable.name}: {error}")
        if is_given(found, variable):
            values[variable.name] = found
            # The answers of a workflow reach each of its jobs, and save is one that must not be stopped.
            if variable.must_be_read and playbook not in (*variable.playbooks, "save"):
                problems.append(
                    f"{variable.name}: {playbook} does not read it. It is for {', '.join(variable.playbooks)}."
                )
        if _is_returned(variable):
            default = variable.default_of(playbook)
            settings[variable.name[len(PREFIX) :]] = default if found is None else found
    survey, trouble = _survey(values) if playbook == "handover" else (None, [])
    problems += trouble
    settings["done"], wrong = _done([*(settings["done"] or ()), *values.get("workiva_survey_done", ())])
    problems += [*wrong, *_take_out_secrets(settings)]
    settings["handover"], trouble = _handover(
        playbook, values, settings["handover"], bool(survey and survey.hands_over)
    )
    given = frozenset(name[len(PREFIX) :] for name in values)
    return Run(playbook, settings, given, (*problems, *trouble), survey)


def _take_out_secrets(settings: dict[str, Any]) -> list[str]:
    """Empties the settings that must not be in a result, and says which. The name in C(ssh://git@HOST) is a user's and no secret."""
    problems = []
    for name, value in settings.items():
        parts = value if isinstance(value, list) else [value]
        if any(holds_secret(_SSH_USER.sub("ssh://", part)) for part in parts if isinstance(part, str)):
            settings[name] = None
            problems.append(
                f"{PREFIX}{name}: holds a password, a token or another secret. Give it in the variable that is meant for it."
            )
    return problems


def _is_returned(variable: Variable) -> bool:
    """Whether a result may hold the value. In a survey people mistake one field for another: its answers stay out."""
    survey = variable.name.startswith(f"{PREFIX}survey_")
    return bool(variable.playbooks) and not variable.secret and not survey and variable.kind != AS_IS


def _done(numbers: Sequence[str]) -> tuple[list[str], list[str]]:
    """The work orders that are confirmed, and what is wrong with the form of their numbers."""
    try:
        read_order_numbers(numbers, "workiva_done")
    except InvalidArgument as error:
        return [], [str(error)]
    return list(dict.fromkeys(numbers)), []


def _survey(values: Mapping[str, Any]) -> tuple[Survey | None, list[str]]:
    """For which grant the answers of a survey are, and what is missing among them."""
    hands_over = any(name in values for name in _HANDED_OVER)
    if not hands_over and not any(name in values for name in _NAMES):
        return None, []
    problems = []
    missing = [name for name in _CREDENTIALS if name not in values]
    if len(missing) == 1:
        problems.append(f"{missing[0]}: it has no answer. The client ID and the client secret are both needed.")
    has_both = all(name in values for name in _CREDENTIALS)
    malformed = describe_malformed(*(values[name] for name in _CREDENTIALS)) if has_both else None
    if not hands_over and not any(name in values for name in (*_SEALED, "workiva_survey_done", "workiva_done")):
        problems.append(
            "The survey names an integration or a grant, and nothing is handed over for it: it needs a client ID and a client "
            "secret, an expiry, a sealed text, or the numbers of work orders that are done."
        )
    if "workiva_survey_integration" not in values:
        problems.append("workiva_survey_integration: the survey must name the integration. The work order names it.")
    if "workiva_survey_sealed" in values and hands_over:
        problems.append(
            "workiva_survey_sealed: give the sealed text, or the client ID, the client secret and the expiry, not both. The "
            "sealed text has all three."
        )
    if "workiva_handed_over" in values and hands_over:
        problems.append("workiva_handed_over: give credentials in it or in the answers of the survey, not in both.")
    integration, grant = (values.get(name, "") for name in _NAMES)
    return Survey(integration, grant, hands_over, malformed), problems


def _handover(playbook: str, values: Mapping[str, Any], chosen: str, surveyed: bool) -> tuple[str, list[str]]:
    """How credentials come in, and what would not be read in that way."""
    names = ("workiva_handed_over", *_SEALED, "workiva_done", "workiva_survey_done")
    unread = [name for name in names if name in values]
    unread += ["the answers of the survey"] if surveyed else []
    if not unread or playbook not in ("onboard", "handover", "offboard"):
        return chosen, []
    if "workiva_handover" not in values:
        return "vars", []
    if chosen == "vars":
        return chosen, []
    return chosen, [
        f"workiva_handover: with {chosen}, {', '.join(unread)} would not be read. Leave it out, or use vars."
    ]


@dataclass(frozen=True)
class DeclaredNames:
    """What names in the variables of a run can match. C(grants) has the state of each grant that the run looks at, by
    integration and grant; C(integrations) all that are declared; C(scope) those that C(workiva_only) leaves."""

    grants: Mapping[tuple[str, str], str]
    integrations: Sequence[str]
    scope: Sequence[str]

    @classmethod
    def of(cls, project: LoadedProject) -> DeclaredNames:
        """Those of a loaded project."""
        administrators = (*project.administrator_grants, *project.file_administrator_grants)
        named = [grant.integration for grant in administrators]
        return cls(
            {(grant.integration, grant.grant): grant.state for grant in (*project.grants, *administrators)},
            list(dict.fromkeys([*project.about, *named])),
            list(dict.fromkeys([*project.integrations, *named])),
        )

    def of_integration(self, integration: str) -> list[str]:
        """The grants of one integration."""
        return [grant for name, grant in self.grants if name == integration]


@dataclass(frozen=True)
class Match:
    """What the names in a run's variables are: the grants that something was handed over for, the survey's grant, and the
    grants whose rotation the run starts."""

    grants: tuple[tuple[str, str], ...] = ()
    survey_grant: str = ""
    rotate: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def match(run: Run, handed_over: Any, declared: DeclaredNames, order_needs_word: Mapping[str, bool]) -> Match:
    """Matches what was handed over, and the orders that are confirmed, with what is declared and was ordered.

    C(handed_over) is the variable as it is; C(order_needs_word) has, for each order of the journals, whether a person must
    confirm it.
    """
    problems: list[str] = []
    grants: list[tuple[str, str]] = []
    survey_grant = ""
    if "handed_over" in run.given:
        grants, problems = _handed_over(handed_over, declared)
    if run.survey:
        grant, wrong = _surveyed(run.survey, declared)
        problems += [f"The survey: {text}" for text in (wrong, run.survey.malformed) if text]
        if run.survey.hands_over:
            survey_grant = grant
            grants = [] if wrong else [(run.survey.integration, grant)]
    problems += _unknown_orders(run.settings["done"], order_needs_word, declared)
    rotate, wrong_names = _rotated(run, declared) if run.playbook == "rotate" else ([], [])
    problems += wrong_names
    notes = [
        f"Work order {number} needs no confirmation, and nothing was recorded. It is closed when a run sees its result. If it asks for "
        "credentials, hand them over."
        for number in run.settings["done"]
        if order_needs_word.get(number) is False
    ]
    return Match(tuple(grants), survey_grant, tuple(rotate), tuple(problems), tuple(notes))


def _rotated(run: Run, declared: DeclaredNames) -> tuple[list[tuple[str, str]], list[str]]:
    """The grants whose rotation starts, and what is wrong with their names."""
    if "grants" not in run.given:
        only = run.settings["only"] or ()
        return [name for name, state in declared.grants.items() if name[0] in only and state != "absent"], []
    names, problems = [], []
    for place, text in enumerate(run.settings["grants"], start=1):
        integration, dot, grant = text.partition(".")
        wrong = _unmatched(integration, grant, declared) if dot else "name a grant as INTEGRATION.GRANT."
        problems += [f"workiva_grants, entry {place}: {wrong}"] if wrong else []
        names.append((integration, grant))
    return list(dict.fromkeys(names)), problems


def _handed_over(value: Any, declared: DeclaredNames) -> tuple[list[tuple[str, str]], list[str]]:
    """The grants that entries are for, and what is wrong with the entries."""
    try:
        entries, found = read_entries(value)
    except InvalidArgument as error:
        return [], [f"workiva_handed_over: {error}"]
    for place, entry in entries.items():
        wrong = entry.malformed()
        found += [Problem(place, wrong, entry.integration, entry.grant)] if wrong else []
    problems = [(problem.place, problem.integration, problem.grant, problem.text) for problem in found]
    named = {(place, entry.integration, entry.grant) for place, entry in entries.items()}
    named |= {(problem.place, problem.integration, problem.grant) for problem in found if problem.integration}
    for place, integration, grant in named:
        wrong = _unmatched(integration, grant, declared)
        problems += [(place, "", "", wrong)] if wrong else []
    return [(entry.integration, entry.grant) for entry in entries.values()], [
        f"workiva_handed_over, entry {place}{_named(integration, grant, declared)}: {text}"
        for place, integration, grant, text in sorted(problems)
    ]


def _named(integration: str, grant: str, declared: DeclaredNames) -> str:
    """The grant of an entry in brackets, only where it is declared: anything else may be a secret."""
    return f" ({integration}.{grant})" if (integration, grant) in declared.grants else ""


def _surveyed(survey: Survey, declared: DeclaredNames) -> tuple[str, str | None]:
    """The grant that a survey is for, and why it cannot be."""
    integration, grant = survey.integration, survey.grant
    known = declared.of_integration(integration)
    if survey.hands_over:
        grant = grant or (known[0] if len(known) == 1 else "")
        return grant, _unmatched(integration, grant, declared)
    # Only confirmed: it needs no grant, and an order may ask for the deletion of one that is marked absent.
    if integration in declared.scope and (not grant or grant in known):
        return grant, None
    return grant, _unmatched(integration, grant, declared)


def _unmatched(integration: str, grant: str, declared: DeclaredNames) -> str | None:
    """Why a grant cannot be one that something is handed over for."""
    if integration not in declared.scope:
        return _no_integration(integration, declared)
    known = declared.of_integration(integration)
    if grant not in known:
        meant = near(grant, known)
        quoted = f"no grant {quote_wrong(grant, known) or 'of this name'}"
        hint = f"Did you mean {meant}? " if meant else ""
        return f"{integration} has {quoted}. {hint}Declared: {', '.join(known) or 'none'}."
    if declared.grants[(integration, grant)] == "absent":
        return f"the grant {grant} of {integration} is marked state: absent, so that nothing is accepted for it."
    return None


def _no_integration(integration: str, declared: DeclaredNames) -> str:
    if integration in declared.integrations:
        return f"workiva_only limits this run to other integrations than {integration}."
    meant = near(integration, declared.integrations)
    if meant:
        quoted = quote_wrong(integration, declared.integrations) or "of this name"
        return f"there is no integration {quoted}. Did you mean {meant}?"
    return f"there is no integration of this name. Declared: {', '.join(declared.integrations) or 'none'}."


def _unknown_orders(given: Sequence[str], known: Mapping[str, bool], declared: DeclaredNames) -> list[str]:
    """What is wrong with the numbers that name no work order of this run."""
    problems = []
    for place, number in enumerate(given, start=1):
        if number in known:
            continue
        integration, meant = number.partition(".")[0], near(number, known)
        if integration not in declared.scope:
            wrong = _no_integration(integration, declared)
        elif meant:
            subjects = [one.rpartition(".")[0] for one in known]
            quoted = number if quote_wrong(number.rpartition(".")[0], subjects) else "of this number"
            wrong = f"there is no work order {quoted}. Did you mean {meant}?"
        else:
            wrong = "there is no work order of this number. Take the number from the work order."
        problems.append(f"workiva_done, entry {place}: {wrong}")
    return problems
