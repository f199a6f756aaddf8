# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans as properties: walked to the end they leave nothing to do, and they touch nothing that is not declared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._names import Named, find, find_nearest, is_same
from ansible_collections.integrations.workiva.plugins.module_utils._organization.difference import applied, pictures
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    Observed,
    Place,
    Reported,
    User,
    Wanted,
    WantedPlace,
    plan,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.undeclared import find_excess_access

ROLES = tuple(Named(f"r{number}", name) for number, name in enumerate(("Professional", "Standard", "Viewer", "XBRL")))
GROUPS = tuple(Named(f"g{number}", name) for number, name in enumerate(("All Users", "Data loaders", "Editors")))
ORGANIZATION_ROLES = tuple(
    Named(f"o{number}", name)
    for number, name in enumerate(("Organization Member", "Org User Admin", "Org Security Admin"))
)
WORKSPACES = tuple(Named(f"w{number}", name) for number, name in enumerate(("SEC Filing", "ESG", "Board")))
USERNAME = "sync@example.com"


def some(items: tuple[Named, ...]) -> st.SearchStrategy[tuple[Named, ...]]:
    return st.lists(st.sampled_from(items), unique=True).map(tuple)


def names(items: tuple[Named, ...]) -> st.SearchStrategy[tuple[str, ...] | None]:
    spelt = st.sampled_from(
        [spelling for item in items for spelling in (item.name, item.name.upper(), item.name.lower())]
    )
    return st.none() | st.lists(spelt, max_size=4).map(tuple)


texts = st.sampled_from(["", "A", "a", "b c", "ä"])
fields = st.fixed_dictionaries(
    {}, optional={"email": texts, "given_name": texts, "family_name": texts, "display_name": texts}
)


@st.composite
def wanted_users(draw: st.DrawFn) -> Wanted:
    present = draw(st.booleans())
    places = draw(st.lists(st.sampled_from(WORKSPACES), unique=True))
    return Wanted(
        username=draw(st.sampled_from([USERNAME, USERNAME.upper(), "renamed@example.com"])),
        fields=draw(fields),
        previous_username=draw(st.none() | st.just(USERNAME)),
        present=present,
        delete=not present and draw(st.booleans()),
        welcome_email=draw(st.booleans()),
        organization_roles=draw(names(ORGANIZATION_ROLES)),
        places=tuple(
            WantedPlace(place.name.upper(), draw(names(ROLES)), draw(names(GROUPS)), draw(st.booleans()))
            for place in places
        ),
    )


@st.composite
def observed_users(draw: st.DrawFn) -> Observed:
    if draw(st.booleans()):
        return Observed(
            organization_roles=ORGANIZATION_ROLES,
            places=tuple(Place(workspace, roles=ROLES, groups=GROUPS) for workspace in WORKSPACES),
        )
    places = []
    for workspace in WORKSPACES:
        member = draw(st.booleans())
        places.append(
            Place(
                workspace,
                member,
                ROLES,
                GROUPS,
                draw(some(ROLES)) if member else (),
                draw(some(GROUPS)) if member else (),
            )
        )
    return Observed(
        user=User("u1", "active", {"username": USERNAME, "email": USERNAME, **draw(fields)}),
        is_member=any(place.member for place in places),
        organization_roles=ORGANIZATION_ROLES,
        held_organization_roles=draw(some(ORGANIZATION_ROLES)),
        places=tuple(places),
    )


@given(wanted_users(), observed_users())
def test_a_plan_that_was_walked_leaves_an_empty_plan(wanted: Wanted, observed: Observed) -> None:
    assert plan(wanted, applied(observed, plan(wanted, observed))) == []


@given(wanted_users(), observed_users(), st.integers(0, 20))
def test_a_run_cut_short_is_finished_by_the_next(wanted: Wanted, observed: Observed, reached: int) -> None:
    halfway = applied(observed, plan(wanted, observed)[:reached])
    assert plan(wanted, applied(halfway, plan(wanted, halfway))) == []


@given(wanted_users(), observed_users())
def test_what_is_not_declared_is_left_alone(wanted: Wanted, observed: Observed) -> None:
    after = applied(observed, plan(wanted, observed))
    if not wanted.present or observed.user is None or after.user is None:
        return
    for name, value in observed.user.fields.items():
        if name not in wanted.fields and name != "username":
            assert after.user.fields[name] == value
    if wanted.organization_roles is None:
        assert after.held_organization_roles == observed.held_organization_roles
    assert (ORGANIZATION_ROLES[0] in (after.held_organization_roles or ())) == (
        ORGANIZATION_ROLES[0] in (observed.held_organization_roles or ())
    )
    declared = {place.name.casefold(): place for place in wanted.places}
    assert len(after.places) == len(observed.places)
    for place, place_after in zip(observed.places, after.places):
        wanted_place = declared.get(place.workspace.name.casefold())
        if wanted_place is None:
            assert place_after == place
            continue
        if place.member and wanted_place.roles is None:
            assert place_after.held_roles == place.held_roles
        assert (GROUPS[0] in place_after.held_groups) == (GROUPS[0] in place.held_groups)
        if wanted_place.groups is None or not wanted_place.groups_exact:
            assert set(place.held_groups) <= set(place_after.held_groups)


@given(wanted_users(), observed_users())
def test_missing_access_is_given_before_any_is_removed(wanted: Wanted, observed: Observed) -> None:
    kinds = [(step.workspace, step.kind) for step in plan(wanted, observed)]
    for given_kind, taken in (
        ("assign_roles", "revoke_roles"),
        ("join_group", "leave_group"),
        ("assign_organization_roles", "revoke_organization_roles"),
    ):
        for workspace in (None, *WORKSPACES):
            if (workspace, given_kind) in kinds and (workspace, taken) in kinds:
                assert kinds.index((workspace, given_kind)) < kinds.index((workspace, taken))


@given(wanted_users(), observed_users())
def test_the_diff_shows_a_difference_exactly_where_there_are_steps(wanted: Wanted, observed: Observed) -> None:
    steps = plan(wanted, observed)
    before, after = pictures(observed, steps)
    assert bool(steps) == (before != after)


@given(wanted_users(), observed_users())
def test_one_welcome_mail_at_most_and_only_with_the_first_membership(wanted: Wanted, observed: Observed) -> None:
    steps = plan(wanted, observed)
    mails = [step for step in steps if step.welcome_email]
    joins = [step for step in steps if step.kind == "add_membership"]
    assert len(mails) <= 1
    assert mails == [step for step in joins[:1] if wanted.welcome_email and observed.is_member is False]


@given(wanted_users(), observed_users())
def test_declared_access_is_never_excess(wanted: Wanted, observed: Observed) -> None:
    wanted = replace(wanted, organization_roles=wanted.organization_roles or (), present=True)
    after = applied(observed, plan(wanted, observed))
    for item in find_excess_access(wanted, after):
        assert item.kind == "group"
        assert item.name
        assert not is_same(item.name, "All Users")
        place = next(place for place in wanted.places if is_same(place.name, item.workspace or ""))
        assert not any(is_same(item.name, group) for group in place.groups or ())


def test_excess_access_names_what_the_report_shows_of_other_workspaces() -> None:
    observed = Observed(
        user=User("u1", "active", {"username": USERNAME}),
        places=(Place(WORKSPACES[0], True, ROLES, GROUPS, (), (GROUPS[0], GROUPS[2])),),
        reported=Reported(
            ("Organization Member", "Org User Admin"), ((WORKSPACES[1], ("Viewer",)), (WORKSPACES[0], ("XBRL",)))
        ),
    )
    found = find_excess_access(Wanted(USERNAME, places=(WantedPlace("sec filing"),)), observed)
    assert [item.as_result() for item in found] == [
        {"kind": "group", "workspace": "SEC Filing", "name": "Editors", "roles": []},
        {"kind": "organization_role", "workspace": None, "name": "Org User Admin", "roles": []},
        {"kind": "role", "workspace": "SEC Filing", "name": "XBRL", "roles": []},
        {"kind": "workspace", "workspace": "ESG", "name": None, "roles": ["Viewer"]},
    ]


def test_an_unknown_name_names_the_known_ones_nearest_first() -> None:
    with pytest.raises(InvalidArgument) as raised:
        find("Proffesional", ROLES, "role in the workspace 'ESG'")
    assert str(raised.value).startswith(
        "Unknown role in the workspace 'ESG': 'Proffesional'. Known, nearest first: 'Professional', "
    )
    assert raised.value.code == "unknown_name"
    assert find_nearest("viewer", ["XBRL", "Viewer"])[0] == "Viewer"


def test_an_exact_spelling_beats_another_case_and_two_alike_are_ambiguous() -> None:
    twins = (Named("1", "ESG"), Named("2", "Esg"))
    assert find("Esg", twins, "workspace").id == "2"
    with pytest.raises(InvalidArgument, match="unclear which one"):
        find("esg", twins, "workspace")


def test_a_new_user_needs_an_address() -> None:
    with pytest.raises(InvalidArgument, match="Declare an 'email'"):
        plan(Wanted("sync"), Observed())
    [step] = plan(Wanted("sync@example.com"), Observed())
    assert dict(step.fields) == {"username": "sync@example.com", "email": "sync@example.com"}


def test_the_sentences_of_a_new_user() -> None:
    observed = Observed(
        places=(Place(WORKSPACES[0], roles=ROLES, groups=GROUPS),), organization_roles=ORGANIZATION_ROLES
    )
    wanted = Wanted(
        USERNAME,
        welcome_email=True,
        organization_roles=("org user admin",),
        places=(WantedPlace("sec filing", ("viewer", "XBRL"), ("data loaders",)),),
    )
    assert [step.text for step in plan(wanted, observed)] == [
        "create the user 'sync@example.com'",
        "add to the workspace 'SEC Filing', with a welcome e-mail",
        "set the roles in the workspace 'SEC Filing' to exactly 'Viewer', 'XBRL'",
        "add to the group 'Data loaders' in the workspace 'SEC Filing'",
        "give the organization role 'Org User Admin'",
    ]
