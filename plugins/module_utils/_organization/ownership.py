# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Whose an account is: pure functions from what is declared, known and observed to a verdict, before anything is changed.

A username that matches proves nothing: it may be a colleague's, or be used again after the first account was deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._names import is_same
from ansible_collections.integrations.workiva.plugins.module_utils._organization.account import Owned
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    CASELESS_FIELDS,
    Observed,
    Step,
    User,
    Wanted,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text

# The declared fields that an account without a better proof must show, all of them.
_NAMES = ("username", "email", "given_name", "family_name")


@dataclass(frozen=True)
class Directory:
    """The users of the organization: by id, and by username whatever its case."""

    by_id: Mapping[str, User]
    by_username: Callable[[str], User | None]


def check_owner(wanted: Wanted, observed: Observed, steps: Sequence[Step], directory: Directory) -> list[Step]:
    """The steps with the adoption of the account before them, where it is new to the record.

    Raises L(InvalidArgument) with the code C(renamed) where the integration's account has another username than the declared
    ones, and with the code C(not_owned) where the account that was found is not known to be the integration's. Without a
    record of accounts (C(owned) is None) the declared names prove it, all of them, and an account that needs no change is no error.
    """
    user, owned = observed.user, wanted.owned
    if owned is not None and owned.unreadable:
        raise InvalidArgument(
            f"{owned.unreadable} Nothing was changed, because it is unknown whether the account is the integration's own.",
            code="unreadable_record",
            target=wanted.username,
        )
    if owned is not None:
        _refuse_renamed(wanted, owned, user, directory)
    if user is None or (steps and steps[0].kind == "assign_user"):
        return list(steps)
    if owned is None:
        if steps and not (wanted.adopt or wanted.id == user.id or _has_declared_names(wanted, user)):
            raise _not_owned(wanted, observed, steps)
        return list(steps)
    if _is_proven(wanted, owned, user, directory):
        return list(steps)
    started = not owned.id and any(is_same(user.username, name) for name in owned.creating)
    if started and _has_declared_names(wanted, user):
        text = f"record the user '{wanted.username}', which an interrupted run created"
        return [Step("adopt_user", text), *steps]
    if not (wanted.adopt or wanted.id == user.id):
        raise _not_owned(wanted, observed, steps)
    return [Step("adopt_user", f"adopt the user '{wanted.username}'"), *steps]


def _is_proven(wanted: Wanted, owned: Owned, user: User, directory: Directory) -> bool:
    """Whether the record shows that the account is the integration's. An id outweighs every username."""
    if owned.id:
        return owned.id == user.id
    if any(is_same(user.username, name) for name in owned.usernames):
        return True
    # Renamed by a run that did not come to write it down: the former name is recorded, declared, and gone.
    former = wanted.previous_username
    return bool(
        former and any(is_same(former, name) for name in owned.usernames) and directory.by_username(former) is None
    )


def _has_declared_names(wanted: Wanted, user: User) -> bool:
    """Whether the account shows the declared username, e-mail address and names, all of them."""
    # The same default as of a creation.
    fields = {"email": wanted.username, **wanted.fields, "username": wanted.username}
    return all(
        name in fields
        and (
            is_same(user.fields.get(name, ""), fields[name])
            if name in CASELESS_FIELDS
            else user.fields.get(name) == fields[name]
        )
        for name in _NAMES
    )


def _refuse_renamed(wanted: Wanted, owned: Owned, user: User | None, directory: Directory) -> None:
    if owned.left:
        return  # its former account has no access any more
    if owned.id:
        former = directory.by_id.get(owned.id)
        if former is None or any(
            name and is_same(former.username, name) for name in (wanted.username, wanted.previous_username)
        ):
            return
    else:
        if any(
            is_same(name, wanted.username) or is_same(name, wanted.previous_username or "") for name in owned.usernames
        ):
            return
        found = (directory.by_username(name) for name in reversed(owned.usernames))
        former = next((account for account in found if account is not None), None)
    if former is None or (user is not None and former.id == user.id):
        return
    name = safe_text(former.username)
    raise InvalidArgument(
        f"The integration's user is '{name}', which keeps its access; declared is '{wanted.username}'. Nothing was changed. "
        f"To rename the user, add previous_username: {name}. To replace it, declare '{name}' again, mark the integration "
        "state: absent, run offboard, and declare the new username then.",
        code="renamed",
        target=wanted.username,
    )


def _not_owned(wanted: Wanted, observed: Observed, steps: Sequence[Step]) -> InvalidArgument:
    would = f" It would: {'; '.join(step.text for step in steps)}." if steps else ""
    lost = wanted.owned.lost if wanted.owned else None
    if lost:
        return InvalidArgument(
            f"{_described(observed)} exists, and the journal {lost}, which shows whose it is, is missing or empty, although credentials "
            f"of the integration are stored. Nothing was changed.{would} Restore the journal from version control. If it is lost, run "
            "onboard, which writes a new one for the credentials that are accepted, and then run onboard again. If this message "
            "remains, set adopt: true for this user.",
            code="not_owned",
            target=wanted.username,
        )
    return InvalidArgument(
        f"{_described(observed)} exists, and there is no record that it was created or adopted for this integration. "
        f"Nothing was changed.{would} If the account is the integration's own, set adopt: true for this user. Otherwise "
        "correct the username.",
        code="not_owned",
        target=wanted.username,
    )


def _described(observed: Observed) -> str:
    """The account as a person recognizes it."""
    user = observed.user
    if user is None:
        raise AssertionError("an account that was found is described")
    name = user.fields.get("display_name") or " ".join(
        user.fields.get(part, "") for part in ("given_name", "family_name")
    )
    about = [text for text in (name.strip(), user.status) if text]
    held = [role.name for role in observed.held_organization_roles or ()]
    roles = held or list((observed.reported.organization_roles if observed.reported else None) or ())
    about += [f"organization roles {', '.join(roles)}"] if roles else []
    places = [place.workspace.name for place in observed.places if place.member]
    about += [f"member of {', '.join(places)}"] if places else []
    return f"The user '{safe_text(user.username)}' ({safe_text('; '.join(about))})"
