# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Why credentials that were handed over cannot be those of a grant: a pure function."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.module_utils._grants.dates import days_until
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared, Known
from ansible_collections.integrations.workiva.plugins.module_utils._grants.status import Circumstances, is_elsewhere
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck


def refuse(grant: Declared, check: TokenCheck, circumstances: Circumstances, *, replaces: bool) -> Failure | None:
    """Why the credentials are rejected; None where they are not, or that cannot be known now.

    C(replaces): they are of a new grant that takes the place of one that works, so that it must be able to do as much.
    """
    if is_elsewhere(check, circumstances.workspace_id):
        return Failure(
            f"The credentials are accepted, but they belong to a grant of another workspace than {grant.workspace}. "
            "Nothing was stored. Enter the client ID and secret of this grant.",
            "InvalidArgument",
        )
    if check.finding == "rejected" and not circumstances.doubtful:
        msg = (
            f"{check.detail} Nothing was stored. Copy the client ID and the secret again from the screen of the grant."
        )
        return replace(check.error, msg=msg) if check.error else Failure(msg, "TokenRefused")
    if replaces and check.accepted and check.missing_scopes:
        return Failure(
            f"The credentials are accepted, but their grant does not have {', '.join(check.missing_scopes)}. Nothing was stored: "
            "the present credentials stay in use. Add the scopes to the new grant, and hand its credentials over again.",
            "InvalidArgument",
        )
    return None


def refuse_past(check: TokenCheck | None, expires: str | None, today: date) -> Failure | None:
    """The answer to a date that has passed although the credentials are accepted: a person probably mistyped it."""
    days = days_until(expires, today)
    if check is None or not check.accepted or days is None or days >= 0:
        return None
    return Failure(
        f"The credentials are accepted, but the date that was handed over for Expires, {expires}, has passed. Nothing was stored. Look "
        "up Expires on the screen of the grant, correct the date, and hand over again.",
        "InvalidArgument",
    )


def refuse_stored(known: Known, new_orders: Collection[str]) -> Failure | None:
    """The answer to the credentials that are stored already: none, unless a work order of an earlier run asks for others."""
    asked = {kind: number for kind, number in known.open_orders.items() if number not in new_orders}
    if "replace" in asked:
        what = (
            f"the credentials of the present grant, and the work order {asked['replace']} asks for those of a new grant. "
            "Nothing was stored. Copy the client ID and the secret from the screen of the new grant."
        )
    elif known.leaked and "regenerate" in asked:
        what = (
            f"the credentials with the secret that leaked, and the work order {asked['regenerate']} asks for a new secret. "
            "Nothing was stored. Press Regenerate, and hand over the secret that is shown then."
        )
    else:
        return None
    return Failure(f"These are {what}", "InvalidArgument")


def refuse_previous(*, is_kept: bool) -> Failure:
    """The answer to the credentials before the present ones, or to a new secret of their grant: they would take the place of the newer
    ones. C(is_kept): the vault has them."""
    what = (
        "These are the previous credentials of the grant, which are kept already."
        if is_kept
        else "The client ID is the one of the previous grant."
    )
    return Failure(
        f"{what} Nothing was stored: the present credentials stay in "
        "use. To go back to the previous ones, give the rotation up with the playbook rotate and workiva_give_up.",
        "InvalidArgument",
    )


def refuse_unusable(problem: str) -> Failure:
    """The answer to new credentials of an administrator grant with which no run could work."""
    return Failure(
        f"The credentials are accepted, but the organization cannot be read with them: {problem} Nothing was stored: the present "
        "credentials stay in use. Correct the new grant or its user, and hand its credentials over again.",
        "InvalidArgument",
    )
