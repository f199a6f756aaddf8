# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What each playbook does with users, grants and work orders, and what it refuses to do: pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject


@dataclass(frozen=True)
class Plan:
    """C(use): which administrator grant is used, C(read) or C(write). C(orders): which work orders are kept, C(all),
    C(open) (of those that exist) or C(none). C(writes): whether the project folder is written."""

    title: str
    use: str = "read"
    orders: str = "none"
    writes: bool = False


_PLANS = {
    "onboard": Plan("Onboard", "write", "all", writes=True),
    "offboard": Plan("Offboard", "write", "all", writes=True),
    "handover": Plan("Handover", "read", "open", writes=True),
    "save": Plan("Save", writes=True),
    "verify": Plan("Verify (steps are what onboard would do)"),
}
# Findings of copies of certificates that make a run fail which changes them; verify has a variable for them.
_CERTIFICATE_FAILURES = ("failed", "untrusted", "unreachable")


def plan_of(playbook: str) -> Plan:
    """The plan of a playbook; one that is not in the table only reads."""
    return _PLANS.get(playbook, Plan(playbook.capitalize()))


def run_facts(playbook: str, settings: Mapping[str, Any], given: Collection[str], *, is_local: bool) -> dict[str, Any]:
    """What the tasks of a playbook are given, or are skipped by.

    C(saves): what the run writes is pushed or published before the job ends. C(publishes): its open work orders are an
    artifact of the job, and C(finishes): one of both. C(prepares): something is to be done before
    the project is loaded. C(is_local): whether the tasks of the play run on this machine as they are.
    """
    plan = plan_of(playbook)
    clones = plan.writes and "repository_url" in given
    applies = plan.writes and "changes" in given
    saves = clones or (plan.writes and bool(settings.get("artifact")))
    publishes = plan.writes and bool(settings.get("artifact_orders"))
    return {
        "title": plan.title,
        "use": plan.use,
        "writes": plan.writes,
        # Its first order is opened in any case: nothing else has to be there before.
        "orders": {
            "administrator": "all" if plan.writes else "none",
            "file_administrator": plan.orders,
            "integrations": plan.orders,
            "users": "all" if plan.writes else "none",
        },
        "handover": settings.get("handover") if plan.writes else "none",
        "asks": playbook == "handover" and settings.get("handover") == "prompt",
        "saves": saves,
        "publishes": publishes,
        "finishes": saves or publishes,
        "clones": clones,
        "applies": applies,
        "prepares": saves or applies or not is_local,
    }


def project_facts(project: LoadedProject) -> dict[str, bool]:
    """What of a project the run looks at. Certificates are none of a run that is limited to some integrations."""
    return {
        "certificates": bool(project.certificates) and not project.run.only,
        "notice": project.certificate_notice is not None and not project.run.only,
        "file_administrators": bool(project.file_administrator_grants),
        "by_people": project.administration == "none",
    }


def certificate_failures(playbook: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The findings of copies of certificates that make a run of the playbook fail."""
    return tuple(settings.get("certificate_fail_on") or ()) if playbook == "verify" else _CERTIFICATE_FAILURES


def refusal(playbook: str, settings: Mapping[str, Any], given: Collection[str]) -> str | None:
    """Why a run cannot start with what it was given, before the project is loaded; None where it can."""
    if playbook == "offboard" and not settings.get("only"):
        return (
            "No integration is named. Nothing was changed. Name the one that leaves: -e workiva_only=NAME (or a list)."
        )
    if playbook == "save" and "changes" not in given:
        return (
            "Nothing was handed on: workiva_changes, the artifact of an earlier job, is not there. Nothing was changed."
        )
    return None


def project_refusal(playbook: str, project: LoadedProject) -> str | None:
    """Why a run cannot work on this project; None where it can."""
    present = [name for name in project.integrations if name not in project.absent]
    if playbook != "offboard" or (project.integrations and not present):
        return None
    names = ", ".join(present) or "no integration was named"
    files = ", ".join(f"integrations.d/{name}.yml" for name in present) or "its file"
    return (
        f"Not declared absent: {names}. Write state: absent into {files}; otherwise the next onboard would bring it back. "
        "Nothing was changed."
    )
