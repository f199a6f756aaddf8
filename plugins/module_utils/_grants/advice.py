# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What to do next about a grant, and who: advice is given only where all that it rests on is known."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import (
    Change,
    Declared,
    Finding,
    Held,
)
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name

ADMINISTRATOR = "a Workiva administrator"
NOTHING_LEFT = "Nothing is left to do."


@dataclass(frozen=True)
class Elsewhere:
    """The grant acts in another workspace than the declared one: why that is believed, and what to do."""

    detail: str
    advice: str


def find_elsewhere(
    declared: Declared, recorded: str | None, observed_id: str | None, workspaces: Mapping[str, str]
) -> Elsewhere | None:
    """Whether a grant acts in another workspace than the declared one.

    C(recorded) is the workspace in the journal, C(observed_id) the one in the token (None: not readable), C(workspaces) the
    ids of the organization's workspaces by name (empty: they were not read). Deleting the grant is advised only where the
    declared workspace is known to exist and the token shows another one, or the recorded one is known to exist beside it: neither
    a misspelt name nor a workspace that was renamed is a reason to delete anything.
    """
    names = {fold_name(name): (name, key) for name, key in workspaces.items()}
    meant = names.get(fold_name(declared.workspace))
    if observed_id and meant:
        if observed_id == meant[1]:
            return None  # also where the journal has the workspace's former name
        seen = next((name for name, key in names.values() if key == observed_id), "another workspace")
        detail = f"The token is for {seen}, but the grant is declared for {declared.workspace}."
    elif recorded and fold_name(recorded) != fold_name(declared.workspace):
        if meant and fold_name(recorded) not in names:
            return None  # the workspace was renamed, and the declaration follows
        detail = f"The grant was created in the workspace {recorded}, but {declared.workspace} is declared."
    else:
        return None
    if meant:
        return Elsewhere(
            declared.at("workspace", f"{detail} The workspace of a grant cannot be changed."),
            "Mark this grant state: absent, which opens the work order to delete it, and declare a new one under another name.",
        )
    if not workspaces:
        return Elsewhere(
            detail,
            f"Compare the name {declared.workspace} with the declaration's history: whether the organization has such a "
            "workspace is unknown, since its workspaces were not read. Until then, nothing else is advised.",
        )
    near = difflib.get_close_matches(declared.workspace, [name for name, _key in names.values()], n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return Elsewhere(
        declared.at("workspace", f"{detail} The organization has no workspace {declared.workspace}."),
        f"Correct the name of the workspace in the declaration.{hint} The grant itself needs no change.",
    )


@dataclass(frozen=True)
class Obstacle:
    """Why the credentials of a grant may be rejected although they are right: what was seen of its user, and what to do first."""

    detail: str
    person: str | None
    advice: str


def find_obstacle(declared: Declared, user: str) -> Obstacle | None:
    """What a run read of the grant's user that alone explains a rejection. C(user) is C(suspended), C(outside) or empty."""
    again = "Then run again. Only if its credentials are still rejected, a work order asks to regenerate the secret."
    if user == "suspended":
        return Obstacle(
            f"Its user {declared.username} is suspended, which may be the only reason.",
            "an Org User Admin",
            f"Activate the user {declared.username} in Workiva. {again}",
        )
    if user == "outside":
        return Obstacle(
            f"Its user {declared.username} is not a member of {declared.workspace}, which may be the only reason.",
            declared.owner or None,
            f"Let onboard, or the work order for the user, add {declared.username} to {declared.workspace}. {again}",
        )
    return None


def has_finding(findings: Sequence[Finding], wanted: str) -> bool:
    """Whether one of the findings is the wanted one."""
    return any(found.finding == wanted for found in findings)


def advise(
    declared: Declared,
    held: Held,
    kinds: Sequence[str],
    findings: Sequence[Finding],
    changes: Mapping[str, Change],
    elsewhere: Elsewhere | None,
    attest: Sequence[str],
    over: bool,
) -> tuple[str | None, str]:
    """Who has to act, and the one next thing to do. C(over): the declared date has passed."""
    custodian = declared.custodian or declared.owner or None
    if elsewhere:
        return declared.owner or None, elsewhere.advice
    if held.damaged and not held.received:
        return declared.owner or None, (
            "If that is not possible, hand over new credentials, or remove the client_id and the client_secret of the entry and run "
            "again."
        )
    if held.received:
        place = declared.verify_from or "a machine that the IP allowlist lets in"
        return None, f"The credentials are stored, encrypted. Run again from where they can be verified ({place})."
    if "replace" in kinds and "regenerate" not in kinds:
        following = "Add the next grant as its work order says, and hand over its credentials. The present ones are used until then."
        return ADMINISTRATOR, following
    if "create" in kinds:
        return custodian, "Create the grant as its work order says, and hand over its credentials."
    if "regenerate" in kinds and "edit" not in kinds:
        return custodian, f"Sign in as {declared.username}, regenerate the secret and hand over the credentials."
    if "edit" in kinds:
        handed = f" Then hand over what the screen shows for {' and '.join(attest)}." if attest else ""
        more = " Then the custodian regenerates the secret and hands it over." if "regenerate" in kinds else ""
        what = ", ".join(name.replace("_", " ") for name in changes)
        return ADMINISTRATOR, f"Change {what} of the grant as its work order says.{more}{handed}".replace("_", " ")
    if attest:
        return custodian, "Look up Expires on the screen of the grant and hand the date over."
    if "retire" in kinds:
        return ADMINISTRATOR, "End the previous grant as its work order says. Then confirm it in handover."
    if has_finding(findings, "blocked_here"):
        return None, "Name in verify_from a machine that the IP allowlist lets in, or correct the allowlist."
    if has_finding(findings, "unreachable"):
        return None, "Run again when this machine reaches Workiva."
    if has_finding(findings, "expired") or has_finding(findings, "expiring"):
        following = "Declare a later expires and run again: a work order asks to extend the grant."
        if not declared.rotation:
            following += " Or declare rotation: a work order asks to add the next grant before this one expires."
        return declared.owner or None, following
    if over and has_finding(findings, "drifted") and not kinds:
        return declared.owner or None, (
            "Set expires to a date in the future, or mark the integration state: absent if the grant is no longer needed."
        )
    if not kinds and has_finding(findings, "unchecked") and not held.readable:
        return declared.owner or None, "Declare an expires in the future."
    return None, NOTHING_LEFT
