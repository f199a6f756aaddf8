# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a run reports, from its project and the results of its tasks: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._words import natural_order
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.file_access import FileStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.least_privilege import (
    Advice,
    least_privilege,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import DeliveryStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    KINDS_OF_GRANTS,
    LoadedProject,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._read_value import read_value, read_values
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import (
    CopyResult,
    GrantResult,
    NoticeResult,
    OrderResult,
    PreflightResult,
    ReloadResult,
    UserResult,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.plan import (
    RunFacts,
    certificate_failures,
    plan_of,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.rotation import describe_rotations

# The names under which a playbook gives the results of its tasks.
RESULTS = (
    "certificates",
    "notice",
    "preflight",
    "users",
    "grants",
    "file_access",
    "deliveries",
    "open_orders",
)
# So many integrations are named in one note.
_LISTED = 10
_WAITING = (
    "Users and access cannot be read before the administrator grant has credentials. Nothing was changed in Workiva.",
    "Run this playbook again after the handover.",
)


@dataclass(frozen=True)
class Results:
    """The results of the tasks of a run, as far as it got: of a task that was skipped or did not run, there is nothing.

    C(users): those of the last task for users that ran, user_access or integration_users; None where neither ran.
    C(orders): those that the tasks opened or left open; C(listed): those that the task open_orders found. C(opened) and C(withdrawn) are
    numbers of orders.
    """

    copies: tuple[CopyResult, ...] = ()
    reloads: tuple[ReloadResult, ...] = ()
    notice: NoticeResult | None = None
    preflight: PreflightResult = field(default_factory=PreflightResult)
    users: tuple[UserResult, ...] | None = None
    grants: Mapping[str, tuple[GrantResult, ...]] = field(default_factory=dict)
    files: tuple[FileStatus, ...] = ()
    deliveries: tuple[DeliveryStatus, ...] = ()
    orders: tuple[OrderResult, ...] = ()
    listed: tuple[OrderResult, ...] = ()
    opened: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: object) -> Results:
        """Reads the option C(results) of the task summary. Raises L(InvalidArgument)."""
        if not isinstance(given, Mapping) or any(name not in RESULTS for name in given):
            raise InvalidArgument(
                f"results must be a mapping with results of tasks by these names: {', '.join(RESULTS)}."
            )
        results = {name: _mapping(given.get(name)) for name in RESULTS}
        by_kind = {kind: _mapping(results["grants"].get(kind)) for kind in KINDS_OF_GRANTS}
        certificates, users = results["certificates"], results["users"].get("users")
        keeping = (
            *(by_kind[kind] for kind in ("administrator", "file_administrator")),
            results["users"],
            by_kind["integrations"],
            results["file_access"],
        )
        return cls(
            copies=read_values(CopyResult, certificates.get("certificates"), "certificates"),
            reloads=read_values(ReloadResult, certificates.get("reloads"), "reloads"),
            notice=_read_notice(results["notice"]),
            preflight=read_value(PreflightResult, results["preflight"], "preflight"),
            users=None if users is None else read_values(UserResult, users, "users"),
            grants={
                kind: read_values(GrantResult, found.get("grants"), f"grants of {kind}")
                for kind, found in by_kind.items()
            },
            files=read_values(FileStatus, results["file_access"].get("files"), "files"),
            deliveries=read_values(DeliveryStatus, results["deliveries"].get("deliveries"), "deliveries"),
            orders=tuple(
                order for found in keeping for order in read_values(OrderResult, found.get("orders"), "orders")
            ),
            listed=read_values(OrderResult, results["open_orders"].get("orders"), "open_orders"),
            opened=tuple(str(number) for found in keeping for number in found.get("opened") or ()),
            withdrawn=tuple(str(number) for found in keeping for number in found.get("withdrawn") or ()),
        )


@dataclass(frozen=True)
class Report:
    """What a run reports. C(users) is None where users were not read. C(would): what would change, since nothing was changed.
    C(orders) are open; C(to_open) are those that check mode did not write.

    C(trouble): why users and access could not be read. C(is_waiting): the run ended because the administrator grant has no
    credentials; C(unaccepted) is then what was handed over for other grants, or confirmed, and not read. C(is_limited): the run
    is about some integrations only.
    """

    playbook: str
    folder: str
    check_mode: bool = False
    is_waiting: bool = False
    users: tuple[UserResult, ...] | None = None
    grants: tuple[GrantResult, ...] = ()
    files: tuple[FileStatus, ...] = ()
    deliveries: tuple[DeliveryStatus, ...] = ()
    orders: tuple[OrderResult, ...] = ()
    to_open: tuple[OrderResult, ...] = ()
    withdrawn: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    copies: tuple[CopyResult, ...] = ()
    reloads: tuple[ReloadResult, ...] = ()
    notice: NoticeResult | None = None
    notes: tuple[str, ...] = ()
    trouble: str = ""
    unaccepted: tuple[str, ...] = ()
    fail_on: tuple[str, ...] = ()
    certificate_fail_on: tuple[str, ...] = ()
    is_full: bool = False
    is_limited: bool = False

    def is_ended(self, grant: GrantResult) -> bool:
        """Whether the credentials of a grant are refused as they should be, since its integration is marked absent."""
        absent = (user.owner == grant.integration and user.state == "absent" for user in self.users or ())
        return grant.health == "rejected" and any(absent)

    @property
    def would(self) -> bool:
        """Whether steps are those that another run would carry out."""
        return self.check_mode or self.playbook == "verify"


def report_of(facts: RunFacts, project: LoadedProject, results: Results, *, check_mode: bool) -> Report:
    """The report of a run. C(facts) is what the task run_variables returned."""
    playbook = facts.playbook
    is_waiting = results.preflight.waiting
    trouble = "" if is_waiting else results.preflight.reason
    users = None if trouble else results.users
    grants = [grant for kind in KINDS_OF_GRANTS for grant in results.grants.get(kind, ())]
    integrations = results.grants.get("integrations", ())
    orders = results.listed if playbook == "verify" else results.orders
    to_open = tuple(order for order in orders if check_mode and order.number in results.opened)
    return Report(
        playbook=playbook,
        folder=project.folder,
        check_mode=check_mode,
        is_waiting=is_waiting,
        users=users,
        grants=tuple(grants),
        files=results.files,
        deliveries=results.deliveries,
        orders=tuple(order for order in orders if order not in to_open),
        to_open=to_open,
        withdrawn=results.withdrawn,
        advice=least_privilege(project, users or (), integrations) if playbook == "verify" else (),
        copies=results.copies,
        reloads=results.reloads,
        notice=results.notice,
        notes=_WAITING
        if is_waiting
        else (
            *describe_rotations(facts.rotate, orders, results.opened, check_mode=check_mode),
            *_departed(playbook, users or (), check_mode=check_mode),
            *_notes(playbook, project, users or ()),
            *_nothing_to_deliver(playbook, project),
            *_undeclared_targets(project, integrations),
        ),
        trouble=trouble,
        # It was not read so far, and must not look accepted.
        unaccepted=(*facts.other_grants, *facts.texts("done")) if is_waiting else (),
        fail_on=facts.texts("fail_on"),
        certificate_fail_on=certificate_failures(playbook, facts.texts("certificate_fail_on")),
        is_full=facts.settings.get("summary") == "full",
        is_limited=bool(project.run.only),
    )


def kept_users(project: LoadedProject, users: Iterable[UserResult]) -> list[str]:
    """The integrations whose user still exists, although its file says C(delete_user): the run did not confirm it."""
    there = {user.integration for user in users if user.id}
    kept = [name for name in project.delete_declared if name in there and name not in project.run.delete_user]
    return kept if project.administration == "writer" else []


def _notes(playbook: str, project: LoadedProject, users: Sequence[UserResult]) -> tuple[str, ...]:
    kept = kept_users(project, users) if plan_of(playbook).use == "write" else []
    return tuple(
        f"The user of {name} was kept: its deletion needs a second confirmation. Run offboard with -e workiva_only={name} "
        f"-e workiva_delete_user={name}."
        for name in kept
    )


def _departed(playbook: str, users: Iterable[UserResult], *, check_mode: bool) -> tuple[str, ...]:
    """The integrations that have left: each is noted by the run that sees it first, and by each offboard after it."""
    left = {user.owner for user in users if user.left and (not check_mode if user.changed else playbook == "offboard")}
    return tuple(
        f"{name} has left: it has no access and no grant any more, and no work order is open. You can keep or remove its file."
        for name in sorted(left, key=natural_order)
    )


def _nothing_to_deliver(playbook: str, project: LoadedProject) -> tuple[str, ...]:
    if playbook != "deliver" or project.targets:
        return ()
    return (
        "No integration of this run declares deliver, so there is nothing to deliver (docs/delivery.md of the collection).",
    )


def _undeclared_targets(project: LoadedProject, grants: Iterable[GrantResult]) -> tuple[str, ...]:
    """Which integrations got credentials in this run and declare nowhere to deliver them. It is noted once: when they are stored."""
    targets = {(target.integration, target.grant) for target in project.targets}
    new = [grant for grant in grants if grant.accepted and (grant.integration, grant.grant) not in targets]
    names = sorted({grant.integration for grant in new}, key=natural_order)
    listed = ", ".join(names[:_LISTED]) + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")
    note = (
        f"New credentials without a declared target: {listed}. Pass them on to the systems that use them, or declare deliver "
        "(docs/delivery.md of the collection)."
    )
    return (note,) if names else ()


def _read_notice(result: Mapping[str, Any]) -> NoticeResult | None:
    """The result of the task certificate_notice; None where it was skipped. The playbook does not let the task fail, so that a
    result without a request, as of an error that ansible-core reports itself, is the failure that the run reports."""
    if not result or result.get("skipped"):
        return None
    if "message" in result and not result.get("error"):
        return read_value(NoticeResult, result, "notice")
    msg = result.get("msg") or "The task certificate_notice failed without a message."
    return NoticeResult(failure=safe_text(msg, limit=2000))


def _mapping(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}
