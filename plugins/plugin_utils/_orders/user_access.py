# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What is known of a user whom nobody may change by the API, and the work order that it needs: pure functions.

An access is what a user has, in the names of the declaration: C(state) (present, absent, deleted), C(fields),
C(organization_roles) and, by the name of the workspace, C(roles) and C(groups); what nobody knows is not in it.
Where the API can be read, the plan of C(integration_users) says what differs. Where it cannot, the access that people
attested takes the place of what would be observed, and the same plan is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    IMPLICIT_GROUPS,
    IMPLICIT_ORGANIZATION_ROLES,
    Named,
    fold_name,
    is_same,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    USER_FIELDS,
    Observed,
    Place,
    Reported,
    Step,
    User,
    Wanted,
    plan,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.undeclared import (
    UndeclaredAccess,
    find_excess_access,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import (
    NO_OWNER,
    DeclaredUser,
    Responsibility,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import FieldResult

Access = Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """What this run and the journal know. C(steps): what the API shows to be missing, None where it was not read.
    C(accepted): a token was given for a grant of the user now; C(existed): one was, at some time."""

    steps: Sequence[Step] | None = None
    accepted: bool = False
    existed: bool = False


@dataclass(frozen=True)
class Judged:
    """The order that is needed (None: none is), what is to be asked of people in words, and how it is known."""

    kind: str | None
    steps: tuple[Step, ...]
    access: Access
    known: str
    excess_access: tuple[UndeclaredAccess, ...] = ()

    @property
    def asked(self) -> list[str]:
        """What people are asked to do."""
        return [step.text for step in self.steps]


def judge(wanted: Wanted, state: GrantState, evidence: Evidence) -> Judged:
    """Whether people are needed for this user. C(state) is the fold of the user's part of the journal."""
    if evidence.steps is not None:
        steps = tuple(evidence.steps)
        return Judged(_kind(wanted, steps), steps, after(_known_access(wanted, state), wanted), "observed")
    base = _assumed(wanted, state, evidence)
    if base is None and not wanted.present:
        gone = state.access if state.access and state.access["state"] != "present" else None
        return Judged(
            None, (), gone or {"state": "absent"}, state.known.get("access", "declared") if gone else "declared"
        )
    attested = _known_access(wanted, state)
    observed = observed_from(base or {}, wanted)
    if base is None:
        observed = replace(observed, user=None)
    # A welcome e-mail is for a user that is made; one of which only a token is known has its password.
    if base is not None and not attested:
        observed = replace(observed, is_member=None)
    steps = tuple(_without_user_fields(plan(wanted, observed), base))
    known = "attested" if attested is not None else "declared"
    nobody_said = known == "declared" if wanted.present else "organization_roles" not in (base or {})
    if base is not None and nobody_said and not (steps and wanted.present):
        # It is there, and nobody has said yet that it is as declared.
        steps = (_look(wanted), *steps)
    found = tuple(find_excess_access(wanted, observed)) if known == "attested" else ()
    return Judged(_kind(wanted, steps), steps, after(base, wanted), known, found)


def _kind(wanted: Wanted, steps: Sequence[Step]) -> str | None:
    if not steps:
        return None
    if not wanted.present:
        return "remove_user"
    return "add_user" if steps[0].kind == "create_user" else "change_user"


def _known_access(wanted: Wanted, state: GrantState) -> Access | None:
    access = state.access
    return access if access and is_same(_username(access), wanted.username) else None


def _assumed(wanted: Wanted, state: GrantState, evidence: Evidence) -> Access | None:
    """The access to plan from: as attested; to leave, also what people may have given without a word yet."""
    attested = _known_access(wanted, state)
    if attested is not None and attested["state"] == "deleted":
        attested = None
    if not wanted.present:
        if state.access and state.access["state"] != "present":
            return state.access if state.access["state"] == "absent" and wanted.delete else None
        if attested is None and not (evidence.accepted or evidence.existed or state.open_orders):
            return None
        return after(attested, replace(wanted, present=True))
    if attested is None and (evidence.accepted or evidence.existed):
        # Tokens prove the user, and nothing of its access.
        return {"state": "present", "fields": {"username": wanted.username}, "workspaces": {}}
    return attested


def _without_user_fields(steps: Iterable[Step], base: Access | None) -> list[Step]:
    """Of fields that nobody knows none is asked to be changed."""
    known = (base or {}).get("fields") or {}
    kept = []
    for step in steps:
        if step.kind == "change_user":
            fields = tuple((name, value) for name, value in step.fields if name in known)
            if not fields:
                continue
            text = "set " + ", ".join(f"{name} to '{value}'" for name, value in fields)
            step = replace(step, fields=fields, text=text)
        kept.append(step)
    return kept


def _look(wanted: Wanted) -> Step:
    what = "is as it is declared" if wanted.present else "holds no organization role"
    return Step("look", f"see that the user '{wanted.username}' {what}")


def after(before: Access | None, wanted: Wanted) -> Access:
    """The access when what is declared is done; what is not declared stays as it was."""
    past: Access = before or {}
    fields = {**(past.get("fields") or {}), "username": wanted.username, **wanted.fields}
    if not wanted.present:
        state = "deleted" if wanted.delete else "absent"
        return {"state": state, "fields": fields, "organization_roles": [], "workspaces": {}}
    places: dict[str, Any] = {name: dict(place) for name, place in (past.get("workspaces") or {}).items()}
    for place in wanted.places:
        name = next((known for known in places if is_same(known, place.name)), place.name)
        now = places.setdefault(name, {})
        if place.roles is not None:
            now["roles"] = sorted(set(place.roles), key=str.casefold)
        if place.groups is not None:
            kept = () if place.groups_exact else now.get("groups") or ()
            now["groups"] = sorted({*place.groups, *kept}, key=str.casefold)
    access: dict[str, Any] = {"state": "present", "fields": fields, "workspaces": places}
    roles = past.get("organization_roles") if wanted.organization_roles is None else wanted.organization_roles
    return access if roles is None else {**access, "organization_roles": sorted(set(roles), key=str.casefold)}


def observed_from(access: Access, wanted: Wanted) -> Observed:
    """The access as if the API had shown it; names stand in for ids, and every declared name is taken for known."""
    fields = {name: str((access.get("fields") or {}).get(name, "")) for name in USER_FIELDS}
    held: Mapping[str, Any] = access.get("workspaces") or {}
    roles = access.get("organization_roles")
    places = []
    for name in [place.name for place in wanted.places] if wanted.present else held:
        known = next((other for other in held if is_same(other, name)), None)
        mine: Mapping[str, Any] = held[known] if known is not None else {}
        declared = next((place for place in wanted.places if is_same(place.name, name)), None)
        places.append(
            Place(
                workspace=_named(known or name),
                member=known is not None,
                roles=_all((declared.roles if declared else None) or (), mine.get("roles") or ()),
                groups=_all((declared.groups if declared else None) or (), mine.get("groups") or ()),
                held_roles=None if known is not None and "roles" not in mine else _all(mine.get("roles") or ()),
                held_groups=_all(mine.get("groups") or ()),
            )
        )
    return Observed(
        user=User("", None, fields),
        is_member=bool(held),
        organization_roles=_all(wanted.organization_roles or (), roles or ()),
        held_organization_roles=None if roles is None else _all(roles),
        places=tuple(places),
        reported=Reported(
            None if roles is None else tuple(roles),
            tuple((_named(name), tuple(place["roles"]) if "roles" in place else None) for name, place in held.items()),
        ),
    )


def fields_of(wanted: Wanted, judged: Judged, evidence: Evidence) -> dict[str, FieldResult]:
    """What is declared of the user, and how it is known. A token observes the user, and nothing of its access."""
    exists = "observed" if evidence.accepted or judged.known == "observed" else judged.known
    known = judged.known if not judged.steps or judged.known == "observed" else "declared"
    found = {"username": FieldResult(wanted.username, exists)}
    if not wanted.present:
        return {**found, "access": FieldResult("none", known)}
    if wanted.organization_roles is not None:
        value = [name for name in wanted.organization_roles if fold_name(name) not in IMPLICIT_ORGANIZATION_ROLES]
        found["organization_roles"] = FieldResult(sorted(value), known)
    for place in wanted.places:
        if place.roles is not None:
            found[f"{place.name}: roles"] = FieldResult(sorted(place.roles), known)
        if place.groups is not None:
            groups = [name for name in place.groups if fold_name(name) not in IMPLICIT_GROUPS]
            found[f"{place.name}: groups"] = FieldResult(sorted(groups), known)
        if place.roles is None and place.groups is None:
            found[f"{place.name}: member"] = FieldResult(True, known)
    return found


def order(user: DeclaredUser, judged: Judged, about: Responsibility | None, closes: str) -> Order:
    """The work order that is needed. C(about): who answers for the integration. C(closes): observed or attested."""
    reasons = {
        "add_user": "The user does not exist.",
        "change_user": "Nobody has confirmed that the user has the access that it needs.",
        "remove_user": "The integration is not needed any more.",
    }
    if judged.known == "observed":
        reasons["change_user"] = "The user's access differs from what it needs."
    owner = (about.owner if about else "") or NO_OWNER
    return Order(
        integration=user.integration,
        grant=USER,
        kind=str(judged.kind),
        owner=owner,
        username=user.username,
        custodian=user.custodian or owner,
        purpose=about.purpose if about else "",
        sign_in=user.sign_in,
        steps=tuple(step.as_result() for step in judged.steps),
        access=judged.access,
        closes=closes,
        reason=reasons[str(judged.kind)],
    )


def _username(access: Access) -> str:
    return str((access.get("fields") or {}).get("username", ""))


def _named(name: str) -> Named:
    return Named(fold_name(name), name)


def _all(*lists: Iterable[str]) -> tuple[Named, ...]:
    found: dict[str, Named] = {}
    for names in lists:
        for name in names:
            found.setdefault(fold_name(name), _named(name))
    return tuple(found.values())
