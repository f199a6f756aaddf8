# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people are asked to do for users: carrying it out leaves nothing to ask, and asking twice asks the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._names import Named
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    Step,
    Wanted,
    WantedPlace,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder, plan
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.pages import pages
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.steps import summary, waits_for
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import Surroundings
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.user_access import (
    Evidence,
    fields_of,
    judge,
    order,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredUser, Responsibility

TODAY = date(2026, 11, 24)
NOTHING = Evidence()
NAME = "payroll-sync"
DECLARED = DeclaredUser(NAME, "p@example.com", "anna@example.com", "password", "present", delete_user=False)
HOSTILE = "</code><script>alert(1)</script>`**\"'&amp;| [x](javascript:1)"
WANTED = Wanted(
    "p@example.com",
    fields={"email": "p@example.com", "given_name": "P", "family_name": "S"},
    welcome_email=True,
    organization_roles=("Org User Admin",),
    places=(WantedPlace("SEC Filing", ("Professional",), ("Data loaders",)),),
)
NAMES = st.sampled_from(["Alpha", "Beta", "Gamma", "Delta"])
PLACES = st.lists(
    st.builds(
        WantedPlace,
        NAMES,
        st.none() | st.lists(NAMES, unique=True).map(tuple),
        st.none() | st.lists(NAMES, unique=True).map(tuple),
        st.booleans(),
    ),
    unique_by=lambda place: place.name,
).map(tuple)
DECLARATIONS = st.builds(
    Wanted,
    st.just("p@example.com"),
    fields=st.fixed_dictionaries({"email": st.just("p@example.com"), "given_name": NAMES}),
    present=st.booleans(),
    welcome_email=st.booleans(),
    organization_roles=st.none() | st.lists(NAMES, unique=True).map(tuple),
    places=PLACES,
)


class People:
    """A journal in memory, the orders that are out, and somebody who says that they are done."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    @property
    def state(self) -> GrantState:
        return fold(self.events).get(USER, GrantState())

    def run(self, wanted: Wanted, evidence: Evidence = NOTHING) -> list[WorkOrder]:
        judged = judge(wanted, self.state, evidence)
        orders = [order(DECLARED, judged, Responsibility("o@example.com", ""), "attested")] if judged.kind else []
        done = plan(orders, [(NAME, USER)], {NAME: self.events}, TODAY)
        self.events += json.loads(json.dumps(done.events.get(NAME, ())))
        return list(done.orders)

    def say_done(self) -> None:
        self.events += [{"event": "attested", "grant": USER, "order": out.number} for out in self.state.open_orders]


@given(st.lists(DECLARATIONS, min_size=1, max_size=5), st.data())
def test_what_is_done_is_not_asked_again_and_what_is_asked_is_stable(past: list[Wanted], data: st.DataObject) -> None:
    people = People()
    for wanted in past:
        people.run(wanted)
        before = list(people.events)
        people.run(wanted)
        assert people.events == before
        if data.draw(st.booleans()):
            people.say_done()
            assert people.run(wanted) == []
            before = list(people.events)
            assert people.run(wanted) == []
            assert people.events == before


def test_a_new_user_and_its_access_by_two_people() -> None:
    people = People()
    (out,) = people.run(WANTED)
    assert (out.number, out.kind) == ("payroll-sync.user.1", "add_user")
    assert waits_for(out) == "an Org User Admin, then an Org Workspace Admin or the Workspace Owner"
    assert summary(out).startswith("add an integration user: create the user 'p@example.com'; add to the workspace")
    texts = {name: content.decode() for name, content in pages(out, Surroundings({}, {})).items()}
    page = texts["payroll-sync.user.1.html"]
    for attributes in (
        'data-field="username">p@example.com',
        'data-field="member" data-change="add" data-workspace="SEC Filing" data-welcome>SEC Filing',
        'data-field="role" data-change="exact" data-workspace="SEC Filing">Professional',
        'data-field="group" data-change="add" data-workspace="SEC Filing">Data loaders',
        'data-field="organization_role" data-change="add">Org User Admin',
    ):
        assert attributes in page
    for text in texts.values():
        assert "not published" in text
        assert "payroll-sync.user.1" in text
        assert "Regenerate" not in text
        assert "secret" not in text.lower().replace("may end the secrets", "").replace("no secret", "").replace(
            "a secret", ""
        )
    assert texts == {name: content.decode() for name, content in pages(out, Surroundings({}, {})).items()}


def test_token_shows_the_user_and_nothing_of_its_access() -> None:
    people = People()
    (out,) = people.run(WANTED, Evidence(accepted=True))
    assert out.kind == "change_user"
    assert not any(step["welcome_email"] for step in out.fields["steps"])
    judged = judge(WANTED, people.state, Evidence(accepted=True))
    fields = fields_of(WANTED, judged, Evidence(accepted=True))
    assert fields["username"].known == "observed"
    assert fields["SEC Filing: roles"].known == "declared"
    people.say_done()
    judged = judge(WANTED, people.state, Evidence())
    fields = fields_of(WANTED, judged, Evidence())
    assert {name: field.known for name, field in fields.items()} == dict.fromkeys(fields, "attested")


def test_a_user_of_which_nothing_is_declared_is_looked_at() -> None:
    bare = replace(WANTED, organization_roles=None, places=())
    people = People()
    (out,) = people.run(bare, Evidence(existed=True))
    assert [step["kind"] for step in out.fields["steps"]] == ["look"]
    people.say_done()
    assert people.run(bare, Evidence(existed=True)) == []


def test_access_that_was_attested_and_is_declared_no_more_is_excess() -> None:
    people = People()
    people.run(WANTED)
    people.say_done()
    judged = judge(replace(WANTED, places=()), people.state, Evidence())
    assert judged.kind is None
    assert [(item.kind, item.workspace) for item in judged.excess_access] == [("workspace", "SEC Filing")]


def test_leaving_takes_what_was_given_and_what_may_have_been() -> None:
    gone = replace(WANTED, present=False)
    assert People().run(gone) == []
    people = People()
    people.run(WANTED)
    (out,) = people.run(gone)
    assert out.kind == "remove_user"
    assert "remove from the workspace 'SEC Filing'" in [step["text"] for step in out.fields["steps"]]
    people.say_done()
    assert people.run(gone) == []
    (out,) = people.run(replace(gone, delete=True))
    assert [step["kind"] for step in out.fields["steps"]] == ["delete_user"]
    people.say_done()
    assert people.run(replace(gone, delete=True)) == []
    (out,) = people.run(WANTED)
    assert out.kind == "add_user"


def test_deletion_refers_to_the_part_about_workspaces_only_where_the_order_has_one() -> None:
    people = People()
    people.run(WANTED)
    people.say_done()
    deleted = replace(WANTED, present=False, delete=True)
    (out,) = people.run(deleted)
    page = pages(out, Surroundings())[f"{out.number}.md"].decode()
    assert "after it was removed from its workspaces (part 2). This cannot be undone." in page
    assert "## 2. Remove it from its workspaces" in page
    people = People()
    people.run(WANTED)
    people.say_done()
    people.run(replace(deleted, delete=False))
    people.say_done()
    (out,) = people.run(deleted)
    page = pages(out, Surroundings())[f"{out.number}.md"].decode()
    assert "after it was removed from its workspaces. This cannot be undone." in page


def test_departure_looks_for_undeclared_permissions() -> None:
    people = People()
    (out,) = people.run(replace(WANTED, organization_roles=None, present=False), Evidence(existed=True))
    assert [step["kind"] for step in out.fields["steps"]] == ["look", "revoke_roles", "remove_membership"]
    assert waits_for(out).startswith("an Org User Admin, then")


def test_what_the_api_shows_decides_where_it_is_read() -> None:
    people = People()
    people.run(WANTED)
    people.say_done()
    filing, role = (Named(name.casefold(), name) for name in ("SEC Filing", "Professional"))
    step = Step("assign_roles", "give the role 'Professional' in the workspace 'SEC Filing'", filing, (role,))
    (out,) = people.run(WANTED, Evidence(steps=[step]))
    assert (out.kind, len(out.fields["steps"])) == ("change_user", 1)
    judged = judge(WANTED, people.state, Evidence(steps=[]))
    assert fields_of(WANTED, judged, Evidence(steps=[]))["SEC Filing: groups"].known == "observed"


@pytest.mark.parametrize("kind", ["set_roles", "assign_roles", "revoke_roles", "join_group", "leave_group"])
def test_order_that_only_changes_roles_or_groups_names_the_user(kind: str) -> None:
    people = People()
    people.run(WANTED)
    people.say_done()
    step = Step(kind, "change the access", Named("filing", "SEC Filing"), (Named("x", "Data loaders"),))
    (out,) = people.run(WANTED, Evidence(steps=[step]))
    page = pages(out, Surroundings())[f"{out.number}.html"].decode()
    assert len(re.findall(rf'data-field="username"[^>]*>{WANTED.username}<', page)) == 1
    assert page.count('data-field="username"') == 1
    assert re.search(rf"<span>(Give|Add|Remove) (?=[^\n]*(roles|group))[^\n]*{WANTED.username}", page)


@pytest.mark.parametrize("present", [True, False])
def test_names_cannot_become_markup(present: bool) -> None:
    hostile = replace(
        WANTED,
        fields={"email": HOSTILE, "given_name": HOSTILE, "family_name": HOSTILE},
        organization_roles=(HOSTILE,),
        places=(WantedPlace(HOSTILE, (HOSTILE,), (HOSTILE,)),),
    )
    people = People()
    (out,) = people.run(hostile)
    if not present:
        people.say_done()
        (out,) = people.run(replace(hostile, present=False))
    for name, content in pages(out, Surroundings({}, {})).items():
        if name.endswith(".html"):
            assert b"<script>alert" not in content
            assert content.count(b"<script>") == 1
