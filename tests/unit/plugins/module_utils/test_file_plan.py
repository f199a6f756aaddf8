# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan for the permissions on a file: its laws, whatever is declared and held."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._files.plan import (
    Held,
    Principal,
    WantedFile,
    WantedPermission,
    apply_plan,
    make_request_body,
    plan,
    show_file,
    show_permissions,
)
from ansible_collections.integrations.workiva.plugins.module_utils._names import Named

PERMISSIONS = [Named("v", "Viewer"), Named("e", "Editor"), Named("o", "Owner"), Named("n", "None")]
USERS = [Principal("user", f"user{number}", f"u{number}") for number in range(4)]
NAMES = {user.id: user.name for user in USERS}
helds = st.lists(
    st.builds(Held, st.sampled_from("veon"), st.sampled_from([user.id for user in USERS])), max_size=6, unique=True
)
wanteds = st.builds(
    WantedFile,
    st.lists(
        st.builds(
            WantedPermission, st.sampled_from(USERS), st.sampled_from(["viewer", "EDITOR", "Owner", "None", None])
        ),
        max_size=4,
        unique_by=lambda item: item.principal,
    ).map(tuple),
    st.booleans(),
    st.frozensets(st.sampled_from([user.id for user in USERS]), max_size=2),
)


def holders(held: tuple[Held, ...], permission: str) -> set[str]:
    return {one.principal for one in held if one.permission == permission}


@given(wanteds, helds)
def test_plan_applies_the_declaration_and_a_second_one_is_empty(wanted: WantedFile, held: list[Held]) -> None:
    try:
        changes = plan(wanted, held, PERMISSIONS, NAMES)
    except InvalidArgument as error:
        assume(error.code != "no_owner")
        raise
    after = apply_plan(held, changes)
    assert plan(wanted, after, PERMISSIONS, NAMES) == []
    for item in wanted.permissions:
        mine = [one.permission for one in after if one.principal == item.principal.id]
        meant = [known.id for known in PERMISSIONS if known.name.casefold() == (item.permission or "").casefold()]
        assert mine == meant
    declared = {item.principal.id for item in wanted.permissions}
    others = [one for one in held if one.principal not in declared]
    left = [one for one in after if one.principal not in declared]
    assert left == ([one for one in others if one.principal in wanted.kept] if wanted.exact else others)
    assert bool(holders(tuple(held), "o")) == bool(holders(after, "o")) or not holders(tuple(held), "o")


@given(wanteds, helds)
def test_a_request_revokes_only_what_is_held_and_assigns_only_what_is_not(wanted: WantedFile, held: list[Held]) -> None:
    try:
        body = make_request_body(plan(wanted, held, PERMISSIONS, NAMES))
    except InvalidArgument:
        assume(False)
    there = [{"permission": one.permission, "principal": one.principal} for one in held]
    assert all(item in there for item in body["toRevoke"])
    assert not [item for item in body["toAssign"] if item in there]
    kept = [item for item in there if item not in body["toRevoke"]]
    assigned = {item["principal"] for item in body["toAssign"]}
    # The contract takes a second permission of a principal only where the first is revoked in the same request.
    assert not assigned & {item["principal"] for item in kept}


def test_the_words_of_a_change_and_its_picture() -> None:
    held = [Held("v", "u0"), Held("o", "u1"), Held("e", "u2")]
    wanted = WantedFile((WantedPermission(USERS[0], "Editor"), WantedPermission(USERS[2], None)), False)
    changes = plan(wanted, held, PERMISSIONS, NAMES)
    assert [change.text for change in changes] == [
        "give Editor to the user 'user0' in place of Viewer",
        "remove Editor from the user 'user2'",
    ]
    assert show_file(held, changes, PERMISSIONS) == {"the user 'user0'": "Viewer", "the user 'user2'": "Editor"}
    assert show_file(apply_plan(held, changes), changes, PERMISSIONS) == {"the user 'user0'": "Editor"}
    assert [item.name for item in show_permissions(held, PERMISSIONS, {"u0": "user0"})] == [None, None, "user0"]


def test_a_file_keeps_an_owner() -> None:
    held = [Held("o", "u0")]
    for wanted in (WantedFile((WantedPermission(USERS[0], "Viewer"),)), WantedFile((), True)):
        with pytest.raises(InvalidArgument, match="Nobody would be Owner"):
            plan(wanted, held, PERMISSIONS, NAMES)
    handed_on = (WantedPermission(USERS[1], "owner"), WantedPermission(USERS[0], None))
    assert holders(apply_plan(held, plan(WantedFile(handed_on), held, PERMISSIONS, NAMES)), "o") == {"u1"}


def test_an_unknown_permission_names_the_known_ones() -> None:
    with pytest.raises(InvalidArgument, match=r"Unknown permission: 'Edtor'\. Known, nearest first: 'Editor'"):
        plan(WantedFile((WantedPermission(USERS[0], "Edtor"),)), [], PERMISSIONS, NAMES)
