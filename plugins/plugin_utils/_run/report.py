# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the summary of a playbook shows and judges, from the results of its tasks as they are: a pure function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.least_privilege import least_privilege
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    KINDS_OF_GRANTS,
    LoadedProject,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.plan import certificate_failures, plan_of

Result = Mapping[str, Any]
# The names under which a playbook gives the results of its tasks.
RESULTS = (
    "certificates",
    "notice",
    "preflight",
    "users",
    "grants",
    "user_access",
    "file_access",
    "open_orders",
)
_WAITING = (
    "Users and access cannot be read without it. Nothing was changed in Workiva.",
    "Give the work order to the person named in it. Run this playbook or the playbook handover again when you have the "
    "credentials.",
)


def report_of(
    playbook: str, project: LoadedProject, run: Result, given: Mapping[str, Any], *, check_mode: bool
) -> dict[str, Any]:
    """The options of the task C(summary) for a run of a playbook.

    C(run) is what the task C(run_variables) returned, and C(given) has the results of the other tasks by the names in
    C(RESULTS); C(grants) has one for each of C(KINDS_OF_GRANTS). A task that was skipped, or is not part of the playbook,
    has a result without its keys, or none.
    """
    results = {name: given.get(name) or {} for name in RESULTS}
    by_kind = [results["grants"].get(kind) or {} for kind in KINDS_OF_GRANTS]
    settings = run["settings"]
    is_waiting = bool(results["preflight"].get("waiting"))
    trouble = "" if is_waiting else str(results["preflight"].get("reason") or "")
    users = results["user_access"].get("users") or results["users"].get("users")
    grants = _joined(by_kind, "grants")
    title = "Before anything else, the administrator grant is needed" if is_waiting else plan_of(playbook).title
    return {
        "title": f"{title} (check mode: nothing was changed)" if check_mode else title,
        "judge": "waiting" if is_waiting else playbook if playbook in ("verify", "handover") else "change",
        "users": None if trouble else users,
        "grants": grants,
        "files": results["file_access"].get("files"),
        "orders": _orders(playbook, results, by_kind),
        "privileges": _privileges(project, users or (), results["grants"].get("integrations") or {})
        if playbook == "verify"
        else [],
        "certificates": results["certificates"].get("certificates") or [],
        "reloads": results["certificates"].get("reloads") or [],
        "notice": _notice(results["notice"]),
        "notes": list(_WAITING) if is_waiting else _notes(playbook, project, users or (), trouble),
        "fail_on": settings.get("fail_on") or [],
        "certificate_fail_on": list(certificate_failures(playbook, settings)),
        "trouble": trouble,
        "leaves": playbook == "offboard",
        # What was handed over for other grants, or confirmed, was not read so far: it must not look accepted.
        "unaccepted": [*run.get("other_grants", ()), *settings.get("done", ())] if is_waiting else [],
        "relative_to": project.folder if run.get("saves") else None,
    }


def kept_users(project: LoadedProject, users: Iterable[Result]) -> list[str]:
    """The integrations whose user is still there, although its file says C(delete_user): the run did not confirm it."""
    there = {user.get("integration") for user in users if user.get("id")}
    kept = [name for name in project.delete_declared if name in there and name not in project.run.delete_user]
    return kept if project.administration == "writer" else []


def _notes(playbook: str, project: LoadedProject, users: Iterable[Result], trouble: str) -> list[str]:
    if trouble:
        return [f"Users and access could not be read: {trouble}"]
    kept = kept_users(project, users) if plan_of(playbook).use == "write" else []
    return [
        f"The user of {name} is not deleted without a second confirmation: offboard with -e workiva_only={name} "
        f"-e workiva_delete_user={name}"
        for name in kept
    ]


def _notice(result: Result) -> Result | None:
    """The result of the task C(certificate_notice); None where it was skipped. The playbook does not let the task fail, so that
    a result without a request, as of an error that ansible-core reports itself, is the failure that the run reports."""
    if not result or result.get("skipped") or "message" in result:
        return result if "message" in result else None
    msg = safe_text(result.get("msg") or "The task certificate_notice failed without a message.", limit=2000)
    return {"changed": False, "msg": msg, "error": result.get("error") or {"kind": "AnsibleError", "msg": msg}}


def _orders(playbook: str, results: Mapping[str, Result], by_kind: Sequence[Result]) -> list[Result]:
    """The open work orders: those that the journals have, or those that the tasks of the run kept."""
    if playbook == "verify":
        return list(results["open_orders"].get("orders") or ())
    *administration, integrations = by_kind
    return _joined([*administration, results["user_access"], integrations, results["file_access"]], "orders")


def _joined(results: Iterable[Result], key: str) -> list[Result]:
    return [item for result in results for item in result.get(key) or ()]


def _privileges(project: LoadedProject, users: Sequence[Result], grants: Result) -> list[dict[str, Any]]:
    return least_privilege(project.as_result(), users, grants.get("grants") or ())
