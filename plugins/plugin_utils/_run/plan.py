# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What each playbook does with users, grants and work orders, and what it refuses to do: pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._values import plain_fields
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject


@dataclass(frozen=True)
class Plan:
    """C(use): which administrator grant is used, C(read) or C(write). C(orders): which work orders are kept, C(all),
    C(open) (of those that exist) or C(none). C(writes): whether the project folder is written. C(delivers): whether credentials
    are delivered to their targets."""

    title: str
    use: str = "read"
    orders: str = "none"
    writes: bool = False
    delivers: bool = False


_PLANS = {
    "onboard": Plan("Onboard", "write", "all", writes=True, delivers=True),
    "offboard": Plan("Offboard", "write", "all", writes=True),
    "handover": Plan("Handover", "read", "open", writes=True, delivers=True),
    "deliver": Plan("Deliver", writes=True, delivers=True),
    "rotate": Plan("Rotate", "read", "open", writes=True),
    "save": Plan("Save", writes=True),
    "verify": Plan("Verify"),
}
# Findings of copies of certificates that make a run fail which changes them; verify has a variable for them.
_CERTIFICATE_FAILURES = ("failed", "untrusted", "unreachable")


# What the tasks do that several playbooks share: in a run that changes things, and in one that only compares.
_TASKS = {
    "certificates": ("Update the copies of server certificates", "Compare the copies of server certificates"),
    "users": ("Create users and change their access", "Compare users and their access"),
    "people": ("Compare what people did for users, and update work orders", "Compare what people did for users"),
    "files": ("Give and remove permissions on files", "Compare permissions on files"),
    "file_access": ("Check the access to files, and update work orders", "Check the access to files"),
    "grants": ("Check stored credentials, accept new ones, and update work orders", "Check stored credentials"),
}


def plan_of(playbook: str) -> Plan:
    """The plan of a playbook; one that is not in the table only reads."""
    return _PLANS.get(playbook, Plan(playbook.capitalize()))


@dataclass(frozen=True)
class RunFacts:
    """What the tasks of a playbook are given, or are skipped by: the result of the task run_variables.

    C(settings) has the variables by their names without C(workiva_), and C(given) the names of those that were given.
    C(orders): which work orders are kept, by the kind of what they are for. C(asks): which open orders to answer is asked for.
    C(saves): what the run writes is pushed or published before the job ends. C(publishes): its open work orders are an artifact
    of the job, and C(finishes): one of both. C(clones), C(applies): a repository is cloned, changes of an earlier job are
    applied. C(prepares): something is to be done before the project is loaded. C(task_names): what the tasks do that several
    playbooks share.

    Known with the project: whether the run keeps C(certificates) and asks for a C(notice), whether there are
    C(file_administrators), whether C(file_access) is compared, since files are declared or once were, whether people make all
    changes to users (C(by_people)), and whether there are targets of credentials (C(targets)) that this run delivers to
    (C(delivers)), also what they have (C(delivers_again)); the grants of integrations that something was handed over for
    (C(other_grants)), and the grant that the answers of a survey are for (C(survey_grant)); the grants whose rotation the run
    starts (C(rotate)).
    """

    playbook: str
    title: str
    use: str
    writes: bool
    orders: Mapping[str, str]
    handover: str
    asks: bool
    saves: bool
    publishes: bool
    finishes: bool
    clones: bool
    applies: bool
    prepares: bool
    settings: Mapping[str, object]
    given: tuple[str, ...]
    task_names: Mapping[str, str] = field(default_factory=dict)
    certificates: bool = False
    notice: bool = False
    file_administrators: bool = False
    file_access: bool = False
    by_people: bool = False
    targets: bool = False
    delivers: bool = False
    delivers_again: bool = False
    other_grants: tuple[str, ...] = ()
    survey_grant: str = ""
    rotate: tuple[str, ...] = ()

    def texts(self, name: str) -> tuple[str, ...]:
        """A setting that is a list of texts; none where it was not given and has no default."""
        value = self.settings.get(name)
        return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()

    def as_result(self) -> dict[str, Any]:
        """As the task returns it."""
        return plain_fields(self)


def run_facts(playbook: str, settings: Mapping[str, object], given: Collection[str], *, is_local: bool) -> RunFacts:
    """The facts of a run before its project is known. C(is_local): whether the play's tasks run on this machine as they are."""
    plan = plan_of(playbook)
    clones = plan.writes and "repository_url" in given
    applies = plan.writes and "changes" in given
    saves = clones or (plan.writes and bool(settings.get("artifact")))
    publishes = plan.writes and bool(settings.get("artifact_orders"))
    return RunFacts(
        playbook=playbook,
        title=plan.title,
        use=plan.use,
        writes=plan.writes,
        orders={
            # Its first order is opened in any case: nothing else has to be there before.
            "administrator": "all" if plan.writes else "none",
            "file_administrator": plan.orders,
            "integrations": plan.orders,
            "users": "all" if plan.writes else "none",
        },
        handover=str(settings.get("handover")) if plan.writes else "none",
        asks=playbook == "handover" and settings.get("handover") == "prompt",
        saves=saves,
        publishes=publishes,
        finishes=saves or publishes,
        clones=clones,
        applies=applies,
        prepares=saves or applies or not is_local,
        settings=settings,
        given=tuple(sorted(given)),
        task_names={name: words[not plan.writes] for name, words in _TASKS.items()},
    )


def with_project(facts: RunFacts, project: LoadedProject) -> RunFacts:
    """The facts with what a project adds. Certificates are not part of a run that is limited to some integrations."""
    changes_users = plan_of(facts.playbook).use == "write" and project.administration == "writer"
    return replace(
        facts,
        task_names={**facts.task_names, "users": _TASKS["users"][not changes_users]},
        certificates=bool(project.certificates) and not project.run.only,
        notice=project.certificate_notice is not None and not project.run.only,
        file_administrators=bool(project.file_administrator_grants),
        by_people=project.administration == "none",
        targets=bool(project.targets),
        delivers=bool(project.targets) and plan_of(facts.playbook).delivers,
        delivers_again=facts.playbook == "deliver" or bool(facts.settings.get("deliver")),
    )


def certificate_failures(playbook: str, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """The findings of copies of certificates that make a run of the playbook fail; C(chosen) are those of C(verify)."""
    return chosen if playbook == "verify" else _CERTIFICATE_FAILURES


def refusal(playbook: str, settings: Mapping[str, object], given: Collection[str]) -> str | None:
    """Why a run cannot start with what it was given, before the project is loaded; None where it can."""
    if playbook == "offboard" and not settings.get("only"):
        return (
            "No integration is named. Nothing was changed. Name the one that leaves: -e workiva_only=NAME (or a list)."
        )
    if playbook == "save" and "changes" not in given:
        return (
            "There is nothing to save: workiva_changes, the artifact of an earlier job, was not given. Nothing was changed. Give it with "
            "-e @FILE, or let the workflow pass the artifact on."
        )
    return None


def project_refusal(playbook: str, project: LoadedProject) -> str | None:
    """Why a run cannot work on this project; None where it can."""
    present = [name for name in project.integrations if name not in project.absent]
    if playbook != "offboard" or (project.integrations and not present):
        return None
    if not present:
        return (
            "No integration was named. Nothing was changed. Name the one that leaves: -e workiva_only=NAME (or a list)."
        )
    files = ", ".join(f"integrations.d/{name}.yml" for name in present)
    return (
        f"Not marked state: absent: {', '.join(present)}. Nothing was changed. Write state: absent into {files}, and run again. Without it, the next "
        "onboard would give the access back."
    )
