# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose an account is: what a record proves, and that nothing else lets a run change an account that exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._names import is_same
from ansible_collections.integrations.workiva.plugins.module_utils._organization.account import Owned
from ansible_collections.integrations.workiva.plugins.module_utils._organization.ownership import Directory, check_owner
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    Observed,
    Step,
    User,
    Wanted,
)

NAMES = {"email": "payroll@example.com", "given_name": "Payroll", "family_name": "Sync"}
WANTED = Wanted("payroll@example.com", dict(NAMES), owned=Owned())
OURS = User("u1", "active", {"username": "payroll@example.com", **NAMES})
OTHER = replace(OURS, fields={**OURS.fields, "given_name": "Ines", "family_name": "Example"})
FORMER = User("u0", "active", {"username": "old@example.com", **NAMES})
STEPS = (Step("change_user", "set given_name to 'Payroll'"),)


def checked(wanted: Wanted, user: User | None, *others: User, steps: Sequence[Step] = STEPS) -> list[str]:
    """The kinds of the steps."""
    users = [user for user in (user, *others) if user is not None]

    def by_username(name: str) -> User | None:
        return next((user for user in users if is_same(user.username, name)), None)

    directory = Directory({user.id: user for user in users}, by_username)
    return [step.kind for step in check_owner(wanted, Observed(user=user), steps, directory)]


def refused(wanted: Wanted, user: User | None, *others: User, steps: Sequence[Step] = STEPS) -> tuple[str | None, str]:
    with pytest.raises(InvalidArgument) as error:
        checked(wanted, user, *others, steps=steps)
    return error.value.code, str(error.value)


@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize("steps", [STEPS, ()])
@pytest.mark.parametrize("user", [OURS, OTHER])
def test_an_account_without_a_record_is_refused(present: bool, steps: Sequence[Step], user: User) -> None:
    code, message = refused(replace(WANTED, present=present), user, steps=steps)
    assert code == "not_owned"
    assert "there is no record that it was created or adopted for this integration. Nothing was changed." in message
    assert ("It would: set given_name to 'Payroll'." in message) is bool(steps)
    assert "set adopt: true for this user" in message


@pytest.mark.parametrize(
    ("owned", "kinds"),
    [
        (Owned(id="u1"), ["change_user"]),
        (Owned(usernames=("Payroll@example.com",)), ["change_user"]),
        (Owned(creating=("payroll@example.com",)), ["adopt_user", "change_user"]),
    ],
)
def test_record_shows_an_owned_account(owned: Owned, kinds: list[str]) -> None:
    assert checked(replace(WANTED, owned=owned), OURS) == kinds


@pytest.mark.parametrize(
    ("owned", "user"),
    [
        # The username was used again, after the account of the record was deleted.
        (Owned(id="gone", usernames=("payroll@example.com",), creating=("payroll@example.com",)), OURS),
        # A creation was started, and somebody else has the name.
        (Owned(creating=("payroll@example.com",)), OTHER),
        (Owned(creating=("else@example.com",)), OURS),
    ],
)
def test_another_account_of_the_username_is_refused(owned: Owned, user: User) -> None:
    assert refused(replace(WANTED, owned=owned), user)[0] == "not_owned"


def test_an_adoption_is_a_step_of_its_own_and_is_recorded_once() -> None:
    assert checked(replace(WANTED, adopt=True), OTHER) == ["adopt_user", "change_user"]
    assert checked(replace(WANTED, adopt=True), OURS, steps=[]) == ["adopt_user"]
    assert checked(replace(WANTED, adopt=True, owned=Owned(id="u1")), OURS, steps=[]) == []
    assert checked(replace(WANTED, id="u1"), OTHER) == ["adopt_user", "change_user"]


def test_a_previous_username_is_no_second_way_to_an_account() -> None:
    wanted = replace(WANTED, previous_username="old@example.com")
    assert refused(wanted, FORMER)[0] == "not_owned"
    assert checked(replace(wanted, owned=Owned(usernames=("old@example.com",))), FORMER) == ["change_user"]
    # A run renamed it and was killed; later runs find the new name only.
    assert checked(replace(wanted, owned=Owned(usernames=("old@example.com",))), OURS) == ["change_user"]
    assert refused(replace(wanted, owned=Owned(usernames=("old@example.com",))), OURS, FORMER)[0] == "not_owned"


@pytest.mark.parametrize("owned", [Owned(id="u0"), Owned(usernames=("old@example.com",))])
@pytest.mark.parametrize("user", [None, OURS])
@pytest.mark.parametrize("present", [True, False])
def test_a_changed_username_names_the_account_that_keeps_its_access(
    owned: Owned, user: User | None, present: bool
) -> None:
    wanted = replace(WANTED, owned=owned, present=present)
    code, message = refused(wanted, user, FORMER)
    assert code == "renamed"
    assert message.startswith("The integration's user is 'old@example.com', which keeps its access;")
    assert "add previous_username: old@example.com" in message


def test_a_changed_username_needs_no_word_when_the_former_account_is_gone_or_without_access() -> None:
    create = [Step("create_user", "create the user")]
    assert checked(replace(WANTED, owned=Owned(id="u0")), None, steps=create) == ["create_user"]
    left = Owned(usernames=("old@example.com",), left=True)
    assert checked(replace(WANTED, owned=left), None, FORMER, steps=create) == ["create_user"]


def test_declared_names_show_an_owned_account_where_there_is_no_record() -> None:
    alone = replace(WANTED, owned=None)
    assert checked(alone, OURS) == ["change_user"]
    assert refused(alone, OTHER)[0] == "not_owned"
    assert checked(alone, OTHER, steps=[]) == []
    assert refused(replace(alone, fields={"email": "payroll@example.com"}), OURS)[0] == "not_owned"
    assert checked(replace(alone, adopt=True), OTHER) == ["change_user"]


def test_a_record_that_cannot_be_read_changes_nothing() -> None:
    wanted = replace(WANTED, owned=Owned(unreadable="journal/payroll.jsonl line 3 is damaged."))
    code, message = refused(wanted, OURS)
    assert code == "unreadable_record"
    assert message.startswith("journal/payroll.jsonl line 3 is damaged. Nothing was changed")
