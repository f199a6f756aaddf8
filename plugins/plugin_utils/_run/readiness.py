# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Whether the administrator grant lets a run read or change users and access: a pure function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import GrantResult, OrderResult

# The name of a grant of the administrator, and its entry in workiva.yml.
_ENTRIES = {"organization": "administrator", "reader": "reader"}
# Findings of the grant with which no token is given.
_REFUSED = ("expired", "rejected", "blocked_here")


@dataclass(frozen=True)
class Readiness:
    """C(state) is ready, C(waiting) (there are no credentials yet), C(blocked) or C(unreachable).

    C(reason) is a sentence for a person; it is empty where the state is ready.
    """

    state: str
    reason: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether users and access can be read or changed as the run needs it."""
        return self.state == "ready"


def assess(
    project: LoadedProject,
    name: str,
    use: str,
    grants: Sequence[GrantResult],
    orders: Sequence[OrderResult],
) -> Readiness:
    """Judges the administrator grant C(name) that this run reads (C(use=read)) or changes (C(use=write)) users with.

    C(grants) and C(orders) are what the task
    C(oauth2_grants) returned for the administrator's grants. Without such a grant the credentials of the environment are
    used, or people do everything: nothing speaks against the run then.
    """
    grant = next((grant for grant in grants if grant.grant == name), None)
    if grant is None:
        return Readiness("ready")
    unreachable = grant.details(("unreachable",))
    if unreachable:
        return Readiness(
            "unreachable",
            f"Workiva could not be reached with the administrator grant, so that the state of every grant is unknown: {unreachable} "
            "Run again when this machine reaches Workiva.",
        )
    if grant.stage != "stored":
        return Readiness("waiting", "There are no credentials of the administrator grant yet.")
    refused = grant.details(_REFUSED)
    if refused:
        return Readiness("blocked", _sentences("The administrator grant was refused:", refused, grant.next))
    unread = grant.details(("unchecked",))
    if unread:
        text = _sentences("The credentials of the administrator grant could not be read:", unread, grant.next)
        return Readiness("blocked", text)
    missing = _missing(getattr(project.administration_scopes, use), grant)
    if missing:
        return Readiness("blocked", _lacking(missing, name, project, orders))
    return Readiness("ready")


def _missing(needed: Iterable[str], grant: GrantResult) -> list[str]:
    return [scope for scope in needed if scope not in grant.scopes()]


def _lacking(missing: Sequence[str], name: str, project: LoadedProject, orders: Sequence[OrderResult]) -> str:
    scopes = "scope" if len(missing) == 1 else "scopes"
    text = f"The administrator grant lacks the {scopes} {', '.join(missing)}, which the declaration needs."
    declared = [scope for grant in project.administrator_grants if grant.grant == name for scope in grant.scopes]
    if any(scope not in declared for scope in missing):
        entry = _ENTRIES.get(name, name)
        return (
            f"{text} Add {'it' if len(missing) == 1 else 'them'} to scopes of workiva.{entry} in workiva.yml, and run "
            "onboard: it opens a work order for an Org Security Admin."
        )
    numbers = [order.number for order in orders if order.grant == name]
    how = (
        f", as the work order {', '.join(numbers)} describes"
        if numbers
        else ": run onboard, which opens the work order"
    )
    return f"{text} An Org Security Admin can add {'it' if len(missing) == 1 else 'them'}{how}."


def _sentences(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)
