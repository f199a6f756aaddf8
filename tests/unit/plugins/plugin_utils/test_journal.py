# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal keeps every event whole, refuses secrets and damage, and its fold never forgets what is proven."""

from __future__ import annotations

import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Former
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import STAGES, Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import GrantState, fold

FIELDS = {"client_name": "SEC Filing | payroll-sync | 2026-11", "generation": "2026-11"}


def ordered(number: int = 1, kind: str = "create", **fields: Any) -> dict[str, Any]:
    return {
        "event": "ordered",
        "grant": "filing",
        "order": f"payroll-sync.filing.{number}",
        "kind": kind,
        "fields": {**FIELDS, **fields},
    }


def event(name: str, **more: Any) -> dict[str, Any]:
    return {"event": name, "grant": "filing", **more}


RECEIVED = event("received", credentials=1, client_id="c-1")
VERIFIED = event("verified", credentials=1, client_id="c-1", scopes=["file:read"], workspace="SEC Filing")
STORED = event(
    "stored",
    credentials=1,
    client_id="c-1",
    expires="2027-06-30",
    ip_allowlist=["203.0.113.7"],
    scopes=["file:read"],
    known={"expires": "declared"},
)
CLOSED = event("closed", order="payroll-sync.filing.1")


def test_the_life_of_a_grant() -> None:
    events = [ordered(), RECEIVED, VERIFIED, STORED, CLOSED]
    stages = [fold(events[:count]).get("filing", GrantState()).stage for count in range(len(events) + 1)]
    assert stages == ["declared", "requested", "received", "verified", "stored", "stored"]
    state = fold(events)["filing"]
    assert state.client_name == FIELDS["client_name"]
    assert state.generation == "2026-11"
    assert state.ip_allowlist == ("203.0.113.7",)
    assert state.known == {"scopes": "observed", "workspace": "observed", "expires": "declared"}
    assert state.open_orders == ()
    assert state.orders_written == 1


def test_a_withdrawn_order_leaves_the_grant_declared() -> None:
    state = fold([ordered(), event("withdrawn", order="payroll-sync.filing.1", reason="changed")])["filing"]
    assert (state.stage, state.client_name, state.orders_written) == ("declared", None, 1)


def test_unverified_newer_credentials_do_not_displace_the_stored_ones() -> None:
    state = fold(
        [ordered(), STORED, CLOSED, ordered(2, "regenerate"), event("received", credentials=2, client_id="c-2")]
    )["filing"]
    assert (state.stage, state.client_id) == ("stored", "c-1")
    assert not state.open_orders[0].fulfilled


def test_order_is_fulfilled_by_verified_credentials_after_it() -> None:
    assert fold([ordered(), VERIFIED])["filing"].open_orders[0].fulfilled
    assert not fold([VERIFIED, ordered(2, "regenerate")])["filing"].open_orders[0].fulfilled
    assert fold([ordered(2, "delete"), event("retired")])["filing"].open_orders[0].fulfilled


def test_order_for_a_leak_is_fulfilled_by_a_new_secret_alone() -> None:
    """The leaked secret is accepted as well, until it is regenerated."""
    leak = [STORED, ordered(2, "regenerate", leaked=True)]
    assert not fold([*leak, VERIFIED])["filing"].open_orders[0].fulfilled
    assert not fold([*leak, STORED])["filing"].open_orders[0].fulfilled
    new = {**STORED, "credentials": 2, "previous": 1}
    state = fold([*leak, {**VERIFIED, "credentials": 2}, new])["filing"]
    assert state.open_orders[0].fulfilled
    assert state.previous is not None
    assert state.previous.leaked
    # The order for a new administrator grant is answered by a new secret of the present one too, which keeps its name.
    state = fold([ordered(), STORED, CLOSED, ordered(2, "replace", leaked=True, client_name="next"), new])["filing"]
    assert (state.open_orders[0].fulfilled, state.client_name) == (True, FIELDS["client_name"])
    assert state.previous is not None
    assert state.previous.leaked


def test_rotation_that_was_given_up_is_remembered_until_the_next_one() -> None:
    withdrawn = event("withdrawn", order="payroll-sync.filing.2", reason="r")
    for kind in (ordered(2, "replace"), ordered(2, "regenerate", leaked=True)):
        events = [STORED, kind]
        assert not fold(events)["filing"].given_up
        assert fold([*events, withdrawn])["filing"].given_up
        assert not fold([*events, event("closed", order="payroll-sync.filing.2")])["filing"].given_up
        assert not fold([*events, withdrawn, ordered(3, "replace")])["filing"].given_up
    assert not fold([STORED, ordered(2, "edit"), withdrawn])["filing"].given_up
    back = {**STORED, "previous": 2, "given_up": True}
    rotated = [STORED, {**STORED, "credentials": 2, "client_id": "c-2", "previous": 1}]
    assert [fold([*rotated, *rest])["filing"].given_up for rest in ([], [back])] == [False, True]


def test_a_person_attests() -> None:
    state = fold([STORED, event("attested", expires="2028-01-31")])["filing"]
    assert (state.expires, state.known["expires"], state.ip_allowlist) == ("2028-01-31", "attested", ("203.0.113.7",))


def test_a_retired_grant_can_live_again() -> None:
    state = fold([ordered(), STORED, CLOSED, event("retired")])["filing"]
    assert (state.stage, state.retired) == ("retired", True)
    again = fold([ordered(), STORED, CLOSED, event("retired"), ordered(2)])["filing"]
    assert (again.stage, again.retired, again.client_id, again.orders_written) == ("requested", False, None, 2)


def test_events_of_version_1_number_the_credentials_by_their_order() -> None:
    """No line of version 1 says which credentials it is about."""
    first = {"v": 1, "at": "2026-11-24T10:00:00Z", "event": "stored", "grant": "filing", "client_id": "c-1"}
    second = {**first, "at": "2026-11-25T10:00:00Z", "client_id": "c-2"}
    state = fold([first, second])["filing"]
    assert (state.number, state.last_number, state.stored_on, state.client_id) == (2, 2, "2026-11-25", "c-2")
    kept = fold([first, event("received", credentials=2, client_id="c-2")])["filing"]
    assert (kept.number, kept.last_number, kept.received_number, kept.client_id) == (1, 2, 2, "c-1")


def test_previous_credentials_are_kept_until_their_number_is_retired() -> None:
    new = {**STORED, "credentials": 2, "client_id": "c-2", "previous": 1, "on": "2026-11-24"}
    verified = event("verified", credentials=2, client_id="c-2", scopes=["file:read"])
    events = [ordered(), STORED, CLOSED, ordered(2, "replace", client_name="next"), verified]
    before = fold(events)["filing"]
    assert (before.client_id, before.client_name, before.open_orders[0].fulfilled) == (
        "c-1",
        FIELDS["client_name"],
        False,
    )
    state = fold([*events, new])["filing"]
    assert state.previous == Former(1, "c-1", FIELDS["client_name"], "2027-06-30")
    assert (state.number, state.client_id, state.client_name, state.stored_on) == (2, "c-2", "next", "2026-11-24")
    assert state.open_orders[0].fulfilled
    seen = fold([*events, new, event("refused", credentials=1, client_id="c-1", run="r1")])["filing"]
    assert seen.previous is not None
    assert (seen.previous.refused, seen.refused) == ("r1", None)
    after = fold([*events, new, event("retired", credentials=1)])["filing"]
    assert (after.stage, after.retired, after.previous, after.number) == ("stored", False, None, 2)


EVENTS = st.one_of(
    st.builds(ordered, st.integers(1, 9), st.sampled_from(["create", "edit", "regenerate", "delete"])),
    st.builds(lambda n: event("closed", order=f"payroll-sync.filing.{n}"), st.integers(1, 9)),
    st.builds(lambda n: event("withdrawn", order=f"payroll-sync.filing.{n}", reason="r"), st.integers(1, 9)),
    st.sampled_from([RECEIVED, VERIFIED, STORED, event("retired"), event("attested", expires=None)]),
)


@given(st.lists(EVENTS, max_size=12))
def test_any_history_folds(events: list[dict[str, Any]]) -> None:
    state = fold(events).get("filing", GrantState())
    assert state.stage in STAGES
    assert state.retired == (state.stage == "retired")
    assert state.orders_written >= sum(item["event"] == "ordered" for item in events)


@given(st.lists(EVENTS, max_size=6), st.lists(EVENTS, max_size=6))
def test_grants_do_not_touch_each_other(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> None:
    others = [{**item, "grant": "budget"} for item in theirs]
    mixed = [item for pair in zip(ours, others) for item in pair]
    rest = ours[len(others) :] + others[len(ours) :]
    assert fold(mixed + rest).get("filing") == fold(ours).get("filing")


@given(st.lists(EVENTS, max_size=12))
def test_once_proven_a_grant_is_not_unproven(events: list[dict[str, Any]]) -> None:
    state = fold([STORED, *events])["filing"]
    if not any(item["event"] == "retired" for item in events):
        assert state.stage == "stored"


def test_what_is_appended_is_read_back(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "journal"), "payroll-sync")
    assert journal.events() == []
    journal.append(ordered(), RECEIVED)
    journal.append(VERIFIED)
    assert [item["event"] for item in journal.events()] == ["ordered", "received", "verified"]
    assert fold(journal.events())["filing"].stage == "verified"
    assert all(item["v"] == 2 and item["at"].endswith("Z") for item in journal.events())
    assert os.stat(journal.folder).st_mode & 0o777 == 0o700
    assert os.stat(journal.path).st_mode & 0o133 == 0


@given(cut=st.integers(1, 500))
def test_torn_line_is_reported_and_replaced(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    journal = Journal(str(tmp_path_factory.mktemp("journal")), "payroll-sync")
    journal.append(ordered())
    journal.append(RECEIVED)
    content = Path(journal.path).read_bytes()
    Path(journal.path).write_bytes(content[: max(0, len(content) - cut)])
    before = journal.events()
    journal.append(VERIFIED)
    assert [*before, "verified"] == [*journal.events()[:-1], journal.events()[-1]["event"]]
    assert journal.torn is None


def test_the_torn_line_is_named(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path), "payroll-sync")
    journal.append(ordered())
    with Path(journal.path).open("a", encoding="utf-8") as stream:
        stream.write('{"v":1,"event":"rec')
    assert len(journal.events()) == 1
    assert f"{journal.path} line 2" in str(journal.torn)


@pytest.mark.parametrize("line", ["{", "<<<<<<< HEAD", "[]", '{"v":1}', '{"v":1,"event":"stored","grant":"a"}'])
def test_a_damaged_line_is_refused_with_its_place(tmp_path: Path, line: str) -> None:
    journal = Journal(str(tmp_path), "payroll-sync")
    journal.append(ordered())
    with Path(journal.path).open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")
    with pytest.raises(InvalidArgument, match=r"payroll-sync\.jsonl line 2"):
        journal.events()


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    Path(tmp_path / "a.jsonl").write_text('{"v":3,"event":"sealed","grant":"a"}\n', encoding="utf-8")
    with pytest.raises(InvalidArgument, match="update the collection"):
        Journal(str(tmp_path), "a").events()


@pytest.mark.parametrize(
    "bad",
    [
        event("received", credentials=1, client_id="c", client_secret="x"),
        event("received", credentials=1, client_id="wk_secret:oa2c:abcdefghij0123456789"),
        ordered(note=["in a list: WK_SECRET:oa2c:abc"]),
        ordered(deep={"my_Secret": None}),
    ],
)
def test_a_secret_is_refused_and_not_repeated(tmp_path: Path, bad: dict[str, Any]) -> None:
    journal = Journal(str(tmp_path), "payroll-sync")
    with pytest.raises(InvalidArgument) as caught:
        journal.append(RECEIVED, bad)
    assert "oa2c" not in str(caught.value)
    assert not Path(journal.path).exists()


@pytest.mark.parametrize("bad", [{"event": "bogus", "grant": "a"}, {"event": "closed", "grant": "a"}, ordered(1, "x")])
def test_a_malformed_event_is_refused(tmp_path: Path, bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument):
        Journal(str(tmp_path), "payroll-sync").append(bad)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden"])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidArgument):
        Journal(str(tmp_path), name)


def test_a_symlink_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "payroll-sync.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileTrouble, match="symbolic"):
        Journal(str(tmp_path), "payroll-sync").append(RECEIVED)


def _appends(folder: str, who: int) -> None:
    for turn in range(20):
        Journal(folder, "payroll-sync").append(event("attested", note=f"{who}/{turn} " + "x" * 5000), RECEIVED)


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    # A fork of a process with threads may hang.
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_appends, [str(tmp_path)] * 4, range(4)))
    events = Journal(str(tmp_path), "payroll-sync").events()
    assert len(events) == 160
    notes = [item["note"].split()[0] for item in events if item["event"] == "attested"]
    assert sorted(notes) == sorted(f"{who}/{turn}" for who in range(4) for turn in range(20))
    assert [item["event"] for item in events] == ["attested", "received"] * 80


def test_unicode_stays_readable(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path), "payroll-sync")
    journal.append(ordered(workspace="Zürich, Büro\u2028\n"))
    assert "Zürich" in Path(journal.path).read_text(encoding="utf-8")
    assert json.dumps(journal.events()[0]["fields"]["workspace"]) == json.dumps("Zürich, Büro\u2028\n")
