# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a person should know of a user that is not an error and that no call can change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    Observed,
    Step,
    User,
    Wanted,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text


def why_suspended(status: str | None, is_member: bool | None) -> str | None:
    """Why a user is suspended and who can change it; None for one that is not. C(is_member): of any workspace; None is unknown.

    The help pages (article 30456185507092) name no other case than the last workspace in which the platform suspends a user
    by itself: that somebody suspended a member is likely, and not known.
    """
    if status != "suspended":
        return None
    if is_member is None:
        return "The user is suspended. The reason is unknown, because not all of its workspaces could be read."
    if not is_member:
        return (
            "The user is suspended and in no workspace. According to Workiva's help pages the platform suspends such a "
            "user, and a membership activates it."
        )
    return (
        "The user is suspended although it is in a workspace: a person or a provisioning system (SCIM) probably did that. "
        "The API cannot activate it. An Org User Admin can, unless it belongs to several organizations."
    )


def notes_of(
    wanted: Wanted, observed: Observed, user: User | None, done: Sequence[Step], check_mode: bool
) -> list[str]:
    """The notes on one user after its steps were done (or, in check mode, planned). C(user): as it is then, None if gone."""
    if user is None:
        deleted = any(step.kind == "delete_user" for step in done) and not check_mode
        return (
            ["Users report that the history of documents then shows Author not found in place of its name."]
            if deleted
            else []
        )
    if wanted.present:
        joins = any(step.kind == "add_membership" for step in done)
        notes = []
        if joins and wanted.welcome_email and observed.is_member is None:
            notes.append(
                "No welcome e-mail: whether the user was a member of another workspace before could not be read. If "
                "it has no password yet, an Org User Admin can send it a link to set one."
            )
        if joins and check_mode:
            return notes
        suspended = why_suspended(user.status, True if joins else observed.is_member)
        return [*notes, suspended] if suspended else notes
    if not check_mode:
        stays = "The user is not deleted, so the history of documents still names it."
        if user.status == "active":
            return [
                "The user has no access here any more and is still active. According to Workiva's help pages "
                "a user of several organizations cannot be suspended by one of them.",
                stays,
            ]
        return [stays]
    return []


def ignored_notes(wanted: Wanted, user: User | None, ignored: Mapping[str, str]) -> list[str]:
    """The notes on declared fields that Workiva did not take, in this run (C(ignored)) or before."""
    fields = {**(wanted.owned.ignored if wanted.owned else {}), **ignored}
    return [
        f"Workiva did not accept {name} '{safe_text(value)}' and shows '{safe_text(user.fields.get(name, ''))}'. It is not sent again "
        f"while the declaration stays as it is. Remove {name} from the declaration, or declare the value that Workiva shows."
        for name, value in sorted(fields.items())
        if user is not None and wanted.fields.get(name) == value and user.fields.get(name, "") != value
    ]
