# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The status of a grant: a pure function from what is declared, held, known and observed to findings and needed orders.

The vendor has no API for grants, so that every field carries how it is known: observed, attested or declared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from ansible_collections.integrations.workiva.plugins.module_utils._grants.advice import (
    ADMINISTRATOR,
    NOTHING_LEFT,
    Elsewhere,
    advise,
    find_elsewhere,
    find_obstacle,
    has_finding,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.dates import days_until, drifted_date
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import (
    NO_TARGETS,
    Change,
    Declared,
    Deliveries,
    Finding,
    Held,
    Known,
    KnownValue,
    find_stage,
    is_outdated,
    is_renamed,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import HANDED_OVER, Order, order_for
from ansible_collections.integrations.workiva.plugins.module_utils._grants.outdated import (
    REASON,
    describe_outdated,
    find_missing,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.rotation import (
    RotationRequest,
    find_orders,
    find_retirement,
    judge_previous,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.validity import find_validity
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name

if TYPE_CHECKING:
    from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck

_DELETE_AND_CONFIRM = "Delete the grant as the work order says. Then confirm it in handover."
_OUTDATED = "The credentials file holds older credentials than the journal knows."
# The worst first: the first one found is the grant's health.
FINDINGS = (
    "leaked",
    "expired",
    "outdated",
    "rejected",
    "drifted",
    "blocked_here",
    "date_unconfirmed",
    "unreachable",
    "unchecked",
    "expiring",
    "ok",
)


@dataclass(frozen=True)
class Circumstances:
    """What a judgement depends on beside the grant. C(doubtful): an allowlist may be why this machine is refused.
    C(without_access): the grant's user has no access any more, or may have none, which alone explains a refusal.
    C(controlled): other credentials are accepted in this run from the same place, so that a refusal is about the grant."""

    today: date
    warn_before: int = 30  # days
    workspace_id: str | None = None
    doubtful: bool = False
    without_access: bool = False
    controlled: bool = False
    workspaces: Mapping[str, str] = field(default_factory=dict)  # the organization's ids by name; empty: not read
    user_failed: bool = False  # of the integration, in this run, so that it is unknown what its grants need
    previous: TokenCheck | None = None  # what the token request with the previous credentials showed
    deliveries: Deliveries = NO_TARGETS
    rotation: RotationRequest = field(default_factory=RotationRequest)
    user: str = ""  # what alone explains a rejection: the user is C(suspended), or C(outside) the grant's workspace


@dataclass(frozen=True)
class Assessment:
    """The status of a grant. C(attest) names the fields for which a person must say what the screen shows."""

    stage: str
    findings: tuple[Finding, ...]
    fields: Mapping[str, KnownValue]
    expires: str | None
    days_left: int | None
    orders: tuple[Order, ...]
    attest: tuple[str, ...]
    waits_for: str | None
    next: str
    error: str | None = None

    @property
    def health(self) -> str:
        """The worst finding."""
        return min((found.finding for found in self.findings), key=FINDINGS.index)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the orders that are needed."""
        return tuple(order.kind for order in self.orders)

    @property
    def needs_credentials(self) -> bool:
        """Whether credentials are needed."""
        return any(kind in HANDED_OVER for kind in self.kinds)


def is_elsewhere(check: TokenCheck | None, workspace_id: str | None) -> bool:
    """Whether the token shows that the grant acts in another workspace than the one that is meant."""
    return bool(check and check.workspace_id and workspace_id and check.workspace_id != workspace_id)


def is_there(check: TokenCheck, workspace_id: str | None) -> bool:
    """Whether the token shows that the grant acts in the workspace that is meant."""
    return bool(check.workspace_id and check.workspace_id == workspace_id)


def assess(
    declared: Declared, held: Held, known: Known, check: TokenCheck | None, circumstances: Circumstances
) -> Assessment:
    """Judges one grant. C(check) is what the token request with the stored credentials showed, or with those that are kept
    until they can be verified; None where none was made.

    Where the integration's user failed, the findings hold and nothing is asked of anybody.
    """
    judge = _present if declared.present else _absent
    judged = judge(declared, held, known, check, circumstances)
    if not circumstances.user_failed:
        return judged
    following = (
        f"Correct what failed for the user of {declared.integration}, then run again. Until then no work order of this grant "
        "is written, changed or closed."
    )
    return replace(judged, orders=(), attest=(), waits_for=declared.owner or None, next=following)


def _present(
    declared: Declared, held: Held, known: Known, check: TokenCheck | None, circumstances: Circumstances
) -> Assessment:
    if is_outdated(held, known):
        return _outdated(declared, held, known, check, circumstances)
    exists = held.readable or bool(held.damaged) or (known.exists and not (held.received and known.stage == "received"))
    expires = held.expires or (known.expires if exists else None)
    days_left = days_until(expires, circumstances.today)
    warn_before, doubtful = circumstances.warn_before, circumstances.doubtful
    obstacle = find_obstacle(declared, circumstances.user)
    explained = obstacle.detail if obstacle else ""
    findings = find_missing(held, known) or find_validity(
        held, check, expires, days_left, warn_before=warn_before, doubtful=doubtful, explained=explained
    )
    changes: dict[str, Change] = {}
    elsewhere: Elsewhere | None = None
    if exists:
        drift, changes, elsewhere = _drift(declared, known, check, expires, days_left, circumstances)
        findings += [Finding("drifted", detail) for detail in drift]
    orders, error = _orders(declared, held, known, findings, changes, exists, bool(elsewhere), circumstances)
    before, today, request = circumstances.previous, circumstances.today, circumstances.rotation
    rotation = find_orders(declared, held, known, check, before, today, request, circumstances.deliveries)
    if exists and not elsewhere:
        # The new grant has the declared values: nothing of the present one is changed for them.
        needs = any(order.kind in HANDED_OVER for order in rotation)
        orders = rotation if needs else [*orders, *rotation]
        findings += judge_previous(held, known, circumstances.previous)
    kinds = [order.kind for order in orders]
    attest = [name for name in ("expires", "ip_allowlist") if name in changes and "edit" in kinds]
    if held.readable and "expires" not in attest and (not expires or has_finding(findings, "date_unconfirmed")):
        attest.insert(0, "expires")
    wanted_days = days_until(declared.expires, circumstances.today)
    over = wanted_days is not None and wanted_days <= 0
    waits_for, following = advise(declared, held, kinds, findings, changes, elsewhere, attest, over)
    if obstacle and has_finding(findings, "rejected") and not kinds:
        waits_for, following = obstacle.person, obstacle.advice
    return Assessment(
        stage=find_stage(held, known, delivered=circumstances.deliveries.complete),
        findings=tuple(findings) or (Finding("ok", "The token endpoint accepts the credentials."),),
        fields=_fields(declared, known, check, expires, circumstances),
        expires=expires,
        days_left=days_left,
        orders=tuple(orders),
        attest=tuple(attest),
        waits_for=waits_for,
        next=following,
        error=error or held.damaged,
    )


def _outdated(
    declared: Declared, held: Held, known: Known, check: TokenCheck | None, circumstances: Circumstances
) -> Assessment:
    """The vault file was restored from an old copy. Its date and scopes are those of credentials that were replaced since."""
    answered = find_validity(held, check, None, None, warn_before=0, doubtful=circumstances.doubtful)
    accepted = check is not None and check.accepted
    return Assessment(
        stage=find_stage(held, known, delivered=circumstances.deliveries.complete),
        findings=(describe_outdated(held, known, accepted=accepted), *answered),
        fields=_fields(declared, known, None, known.expires, circumstances),
        expires=known.expires,
        days_left=days_until(known.expires, circumstances.today),
        orders=(order_for(declared, "regenerate", REASON, known.client_id),),
        attest=(),
        waits_for=declared.custodian or declared.owner or None,
        next=f"If the newest version is lost, sign in as {declared.username}, regenerate the secret and hand over the credentials.",
    )


def _absent(
    declared: Declared, held: Held, known: Known, check: TokenCheck | None, circumstances: Circumstances
) -> Assessment:
    expires = held.expires or known.expires
    leftover = not held.nothing or known.exists
    refused = check is not None and check.finding == "rejected" and not circumstances.doubtful
    proves = circumstances.controlled and not circumstances.without_access and not is_outdated(held, known)
    gone = known.deleted or (refused and proves)
    waits_for, following, error = None, NOTHING_LEFT, None
    findings = [Finding("ok", "The grant is not declared, and nothing is stored for it.")]
    orders: list[Order] = []
    if leftover:
        findings = [Finding("unchecked", held.damaged or "The credentials were not checked.")]
        if check is not None and check.finding == "unreachable":
            findings = [Finding("unreachable", check.detail)]
        elif check is not None and check.accepted:
            findings = [Finding("drifted", "The grant is marked absent and still works.")]
        elif check is not None:
            findings = [Finding("rejected" if refused else "blocked_here", check.detail)]
        error = held.damaged
        following = "Run again: when the credentials are refused a second time, their entry is removed from the vault."
    # An order that is out stays out until the grant is retired, which closes it, or somebody says that it is done.
    if (leftover and not gone) or "delete" in known.open_orders:
        orders.append(
            order_for(declared, "delete", "The grant is not needed any more.", held.client_id or known.client_id)
        )
        waits_for = ADMINISTRATOR
        following = (
            "Delete the grant as the work order says. When two runs see its credentials refused while others are "
            "accepted, their entry is removed from the vault."
        )
        if refused and not circumstances.controlled:
            following = (
                f"{_DELETE_AND_CONFIRM} The rejection of its credentials does not prove that it is deleted, because no other "
                "credentials were accepted from here in this run."
            )
        if not leftover:
            following = f"{_DELETE_AND_CONFIRM} The collection cannot see that it is deleted, because it has no credentials of it."
        if is_outdated(held, known):
            following = (
                f"{_DELETE_AND_CONFIRM} {_OUTDATED} So their rejection does not prove that the grant is deleted."
            )
        if circumstances.without_access:
            following = f"{_DELETE_AND_CONFIRM} The collection cannot see that the grant is deleted, because its user may have lost access."
    retirement = find_retirement(declared, known, circumstances.previous, circumstances.today, circumstances.deliveries)
    orders += [retirement] if retirement else []
    findings += judge_previous(held, known, circumstances.previous)
    return Assessment(
        stage="retired"
        if known.retired and held.nothing
        else find_stage(held, known, delivered=circumstances.deliveries.complete),
        findings=tuple(findings),
        fields=_fields(declared, known, check, expires if leftover else None, circumstances),
        expires=expires if leftover else None,
        days_left=days_until(expires, circumstances.today) if leftover else None,
        orders=tuple(orders),
        attest=(),
        waits_for=waits_for,
        next=following,
        error=error,
    )


def _drift(
    declared: Declared,
    known: Known,
    check: TokenCheck | None,
    expires: str | None,
    days_left: int | None,
    circumstances: Circumstances,
) -> tuple[list[str], dict[str, Change], Elsewhere | None]:
    """What differs in words, as the changes of an edit order, and why the grant is in the wrong workspace, if it is."""
    details: list[str] = []
    changes: dict[str, Change] = {}
    seen = check.workspace_id if check is not None and check.accepted else None
    elsewhere = find_elsewhere(declared, known.workspace, seen, circumstances.workspaces)
    if elsewhere:
        details.append(elsewhere.detail)
    scopes = check.scopes if check is not None and check.accepted else known.scopes
    if scopes is not None and set(scopes) != set(declared.scopes):
        changes["scopes"] = Change(tuple(sorted(scopes)), declared.scopes)
        missing = [scope for scope in declared.scopes if scope not in scopes]
        excess = sorted(set(scopes) - set(declared.scopes))
        parts = [f"does not have {', '.join(missing)}"] if missing else []
        parts += [f"has {', '.join(excess)}, which is not declared"] if excess else []
        details.append(f"The grant {' and '.join(parts)}.")
    if is_renamed(declared, known):
        if not (check and check.accepted):
            details.append(f"Its user {known.username} was renamed, which may have ended the secrets of its grants.")
    elif known.username and fold_name(known.username) != fold_name(declared.username):
        changes["username"] = Change(known.username, declared.username)
        details.append(f"The grant was created for {known.username}, but {declared.username} is declared.")
    drift, change = drifted_date(declared, expires, days_left, circumstances.today)
    details += drift
    changes.update({"expires": change} if change else {})
    if known.ip_allowlist is not None and set(known.ip_allowlist) != set(declared.ip_allowlist):
        changes["ip_allowlist"] = Change(tuple(sorted(known.ip_allowlist)), declared.ip_allowlist)
        details.append(
            f"The IP allowlist is {', '.join(sorted(known.ip_allowlist)) or 'empty'}; "
            f"the declared one is {', '.join(declared.ip_allowlist) or 'none'}."
        )
    return details, changes, elsewhere


def _orders(
    declared: Declared,
    held: Held,
    known: Known,
    findings: Sequence[Finding],
    changes: Mapping[str, Change],
    exists: bool,
    elsewhere: bool,
    circumstances: Circumstances,
) -> tuple[list[Order], str | None]:
    if elsewhere:
        return [], None
    if not exists:
        wanted_days = days_until(declared.expires, circumstances.today)
        if wanted_days is not None and wanted_days <= 0 and not held.received:
            return [], f"{declared.name} cannot be created, because expires ({declared.expires}) is not in the future."
        # Credentials that could not be verified yet close the order later; before that nobody is asked again.
        if held.received and "create" not in known.open_orders:
            return [], None
        return [order_for(declared, "create", "No credentials of this grant are known.", None)], None
    orders: list[Order] = []
    client_id = held.client_id or known.client_id
    reason = ""
    if not held.readable and not held.damaged and not held.received:
        reason = "The grant was created, but its secret is not in the vault."
    elif is_renamed(declared, known) and (has_finding(findings, "rejected") or has_finding(findings, "blocked_here")):
        reason = f"The user {known.username} was renamed, and its credentials have not been accepted since."
    elif has_finding(findings, "rejected"):
        # A new secret does not help a user that is suspended.
        reason = "" if circumstances.user else "The token endpoint rejects the stored credentials."
    elif "username" in changes:
        reason = "Changing the user of a grant ends its secret."
    elif "regenerate" in known.open_orders and not _answered(findings):
        reason = "The credentials were rejected before, and could not be checked again."
    if reason:
        orders.append(order_for(declared, "regenerate", reason, client_id))
    if changes:
        what = ", ".join(name.replace("_", " ") for name in changes)
        orders.append(
            order_for(declared, "edit", f"The grant differs from what is needed: {what}.", client_id, changes)
        )
    return orders, None


def _answered(findings: Sequence[Finding]) -> bool:
    """Whether the token endpoint answered in a way that shows something of the credentials."""
    return not any(has_finding(findings, finding) for finding in ("unreachable", "unchecked", "blocked_here"))


def _fields(
    declared: Declared, known: Known, check: TokenCheck | None, expires: str | None, circumstances: Circumstances
) -> Mapping[str, KnownValue]:
    observed = check is not None and check.accepted
    seen = check.workspace_id if check is not None else None
    scopes = check.scopes if check is not None and observed else known.scopes
    allowlist = declared.ip_allowlist if known.ip_allowlist is None else known.ip_allowlist
    matched = seen and seen == circumstances.workspace_id
    workspace = declared.workspace if matched or not seen else seen
    workspace_known = "observed" if seen else "not_checkable" if observed else known.how.get("workspace", "declared")
    return {
        "scopes": KnownValue(
            tuple(sorted(declared.scopes if scopes is None else scopes)),
            "observed" if observed else known.how.get("scopes", "declared"),
        ),
        "workspace": KnownValue(workspace, workspace_known),
        "expires": KnownValue(expires, known.how.get("expires", "declared")),
        "ip_allowlist": KnownValue(tuple(sorted(allowlist)), known.how.get("ip_allowlist", "declared")),
    }
