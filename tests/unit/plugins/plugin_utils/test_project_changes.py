# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What two runs wrote into copies of one project, merged: nothing of either is lost, and nothing is there twice."""

from __future__ import annotations

import difflib
import json
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.overview import overview_pages
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.pages import pages
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.changes import (
    Changes,
    MergeConflict,
    Snapshot,
    find_changes,
    merge_changes,
)
from tests._orders import AROUND, work_order

Entry = dict[str, str]
Project = dict[tuple[str, str], Entry]
NAMES = [("payroll-sync", "main"), ("payroll-sync", "budget"), ("data-lake", "main")]


def secret(text: str, salt: str = "") -> str:
    """Stands for a ciphertext: what is behind the colon is the salt."""
    return f"$ANSIBLE_VAULT;1.1;AES256\n{text.encode().hex()}:{salt.encode().hex()}"


def same(one: str, other: str) -> bool:
    return one.split(":")[0].split() == other.split(":")[0].split()


class Vault(yaml.SafeLoader):
    pass


Vault.add_constructor("!vault", lambda loader, node: loader.construct_scalar(node))  # type: ignore[no-untyped-call]


def pair(client_id: str, text: str, salt: str = "", **more: str) -> Entry:
    return {"client_id": client_id, "client_secret": secret(text, salt), **more}


def written(project: Project, head: str = "") -> bytes:
    """A credentials file, as somebody keeps it."""
    lines = ["---", *([head] if head else []), 'workiva_credentials_version: "1"', "workiva_credentials:"]
    for integration in dict.fromkeys(name for name, _grant in project):
        lines.append(f"  {integration}:")
        for (name, grant), entry in project.items():
            if name != integration:
                continue
            lines.append(f"    {grant}:  # of {grant}")
            for key, value in entry.items():
                if value.startswith("$ANSIBLE_VAULT"):
                    lines += [f"      {key}: !vault |", *(f"        {line}" for line in value.split("\n"))]
                else:
                    lines.append(f"      {key}: {json.dumps(value)}")
    return ("\n".join(lines) + "\n").encode()


def read(content: bytes | None) -> Project:
    data: Any = yaml.load(content or b"", Vault) or {}
    return {
        (integration, grant): {key: str(value).rstrip("\n") for key, value in entry.items()}
        for integration, grants in (data.get("workiva_credentials") or {}).items()
        for grant, entry in grants.items()
    }


def event(name: str, **more: Any) -> str:
    return json.dumps({"v": 1, "at": "2026-11-24T10:00:00Z", "event": name, "grant": "main", **more})


def journal(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def ordered(number: str, **fields: Any) -> str:
    return event("ordered", order=number, kind="create", fields=fields)


def merge(base: Snapshot, ours: Snapshot, theirs: Snapshot) -> Snapshot:
    made = find_changes(base, ours)
    data = json.loads(json.dumps(made.as_data()))
    read = Changes.of_data(data)
    assert read == replace(made, pages={})
    return merge_changes(made, base, theirs, same)


def beside(prefix: str, entry: Entry) -> Entry:
    return {f"{prefix}{key}": value for key, value in entry.items()}


pairs = st.builds(pair, st.sampled_from("abc"), st.sampled_from(["one", "two", "three"]), st.sampled_from(["", "s"]))
entries = st.one_of(
    pairs,
    st.builds(lambda current, previous: {**current, **beside("previous_", previous)}, pairs, pairs),
)
projects = st.dictionaries(st.sampled_from(NAMES), entries)


@given(projects, projects)
def test_what_one_run_wrote_is_there_after_the_merge(base: Project, ours: Project) -> None:
    """Nobody else wrote: the outcome is ours. Merged once more, nothing changes."""
    was, now = Snapshot(written(base)), Snapshot(written(ours))
    merge_ = merge(was, now, was)
    assert read(merge_.credentials) == ours
    assert merge(was, now, merge_) == merge_


@given(projects, projects, projects)
def test_merge_loses_no_credentials(base: Project, ours: Project, theirs: Project) -> None:
    """Every pair that one side brought is in the outcome, or the merge is refused; what only they changed stays theirs."""
    sides = [Snapshot(written(side)) for side in (base, ours, theirs)]
    try:
        outcome = read(merge(*sides).credentials)
    except MergeConflict:
        return
    for side, other in ((ours, theirs), (theirs, ours)):
        for name, entry in side.items():
            brought = pairs_of(entry) - pairs_of(base.get(name, {}))
            held = pairs_of(outcome.get(name, {}))
            assert brought <= held, (name, entry, other.get(name), outcome.get(name))
    for name in NAMES:
        if ours.get(name) == base.get(name):
            assert outcome.get(name) == theirs.get(name)


def pairs_of(entry: Entry) -> set[tuple[str, str]]:
    found = set()
    for prefix in ("", "received_", "previous_"):
        if f"{prefix}client_secret" in entry:
            text = entry[f"{prefix}client_secret"].split(":")[0]
            found.add((entry[f"{prefix}client_id"], text))
    return found


def test_comments_and_other_peoples_entries_keep_every_byte() -> None:
    theirs = written({NAMES[0]: pair("a", "one"), NAMES[2]: pair("c", "three")}, "# ours to edit, says finance")
    base = Snapshot(written({NAMES[0]: pair("a", "one")}))
    ours = Snapshot(written({NAMES[0]: pair("a", "one"), NAMES[1]: pair("b", "two")}))
    outcome = merge(base, ours, Snapshot(theirs)).credentials
    assert outcome is not None
    diff = list(difflib.ndiff(theirs.decode().splitlines(), outcome.decode().splitlines()))
    assert [line for line in diff if line.startswith("-")] == []
    assert [line for line in diff if line.startswith("+") and "client_id" in line] == ["+       client_id: b"]


def test_same_credentials_accepted_twice_are_stored_once() -> None:
    base = Snapshot(written({}))
    ours = Snapshot(written({NAMES[0]: pair("a", "one", "salt")}))
    theirs = Snapshot(written({NAMES[0]: pair("a", "one", "pepper")}))
    assert merge(base, ours, theirs) == theirs


def test_third_credentials_are_refused_with_their_grant() -> None:
    base = Snapshot(written({}))
    ours = Snapshot(written({NAMES[0]: pair("a", "one")}))
    kept = {f"received_{key}": value for key, value in pair("c", "three").items()}
    theirs = Snapshot(written({NAMES[0]: {**pair("b", "two"), **kept}}))
    with pytest.raises(MergeConflict, match="main of payroll-sync"):
        merge(base, ours, theirs)


def test_newer_credentials_stay_where_older_ones_were_removed() -> None:
    base = Snapshot(written({NAMES[0]: pair("a", "one")}))
    theirs = Snapshot(written({NAMES[0]: pair("b", "two")}))
    assert merge(base, Snapshot(written({})), theirs) == theirs


def test_attested_date_does_not_restore_old_credentials() -> None:
    base = Snapshot(written({NAMES[0]: pair("a", "one")}))
    dated = Snapshot(written({NAMES[0]: pair("a", "one", expires="2027-06-30")}))
    newer = Snapshot(written({NAMES[0]: pair("b", "two")}))
    assert merge(base, dated, newer) == newer
    assert read(merge(base, newer, dated).credentials) == {NAMES[0]: pair("b", "two")}


def test_a_secret_in_clear_is_not_handed_on() -> None:
    """Somebody wrote it by hand; the credentials that were accepted since are reported, and added beside what is there."""
    clear = {"client_id": "a", "client_secret": "written in clear"}
    base = Snapshot(written({NAMES[0]: clear}))
    made = find_changes(base, Snapshot(written({NAMES[0]: pair("a", "one")})))
    data = json.dumps(made.as_data())
    assert "written in clear" not in data
    outcome = read(merge_changes(Changes.of_data(json.loads(data)), Snapshot(), base, same).credentials)
    assert outcome == {NAMES[0]: {**clear, **{f"received_{key}": value for key, value in pair("a", "one").items()}}}


lines = st.lists(st.integers(0, 20).map(lambda n: event("verified", client_id=str(n), scopes=[])), unique=True)


@given(lines, lines, lines)
def test_journals_keep_the_lines_of_both_sides(base: list[str], ours: list[str], theirs: list[str]) -> None:
    was, mine, other = (
        Snapshot(journals={"payroll-sync.jsonl": journal(*all_)}) for all_ in (base, base + ours, base + theirs)
    )
    outcome = merge(was, mine, other).journals["payroll-sync.jsonl"].decode().splitlines()
    assert set(outcome) == {*base, *ours, *theirs}
    assert outcome[: len(base + theirs)] == base + theirs
    assert merge(was, mine, merge(was, mine, other)) == merge(was, mine, other)


def test_an_order_that_both_wrote_goes_out_once() -> None:
    name = "payroll-sync.jsonl"
    ours = Snapshot(journals={name: journal(ordered("payroll-sync.main.1", workspace="A"))}, pages={"p.html": b"ours"})
    theirs = Snapshot(
        journals={name: journal(ordered("payroll-sync.main.1", workspace="A"))}, pages={"p.html": b"theirs"}
    )
    assert merge(Snapshot(), ours, theirs) == theirs


def with_keys(*numbers: str, salt: str = "") -> bytes:
    lines = [f"  {number}: !vault |\n    " + secret(number, salt).replace("\n", "\n    ") for number in numbers]
    return ("---\n" + ("workiva_sealing_keys:\n" + "\n".join(lines) + "\n" if lines else "")).encode()


def keys_of(snapshot: Snapshot) -> dict[str, str]:
    data: Any = yaml.load(snapshot.credentials or b"", Vault) or {}
    return {name: text.strip() for name, text in (data.get("workiva_sealing_keys") or {}).items()}


def test_keys_of_work_orders_come_and_go_as_their_orders_do() -> None:
    base = Snapshot(credentials=with_keys("a.main.1", "b.main.1"))
    ours = Snapshot(credentials=with_keys("b.main.1", "a.main.2"))
    theirs = Snapshot(credentials=with_keys("a.main.1", "b.main.1", "c.main.1"))
    assert set(keys_of(merge(base, ours, theirs))) == {"b.main.1", "a.main.2", "c.main.1"}
    # Of an order that both wrote, the key of theirs stays, as its line in the journal does.
    both = merge(
        Snapshot(),
        Snapshot(credentials=with_keys("a.main.1", salt="1")),
        Snapshot(credentials=with_keys("a.main.1", salt="2")),
    )
    assert keys_of(both)["a.main.1"] == secret("a.main.1", "2")
    closed = merge(base, Snapshot(credentials=with_keys()), base)
    assert b"workiva_sealing_keys" not in (closed.credentials or b"")


def test_index_of_two_jobs_has_the_orders_of_both() -> None:
    def wrote(*orders: WorkOrder) -> Snapshot:
        journals: dict[str, list[str]] = {}
        for order in orders:
            said = {"order": order.number, "kind": order.kind, "fields": dict(order.fields), "grant": order.grant}
            journals.setdefault(f"{order.integration}.jsonl", []).append(event("ordered", **said))
        mine = {name: content for order in orders for name, content in pages(order, AROUND).items()}
        return Snapshot(
            journals={name: journal(*lines) for name, lines in journals.items()},
            pages={**mine, **overview_pages(orders)},
        )

    first, second = work_order(), work_order(integration="audit-reader")
    assert merge(Snapshot(), wrote(first), wrote(second)) == wrote(first, second)
    # One job closes its order while the other opens one: no index is left that names a page which is gone.
    closed = wrote(first)
    gone = Snapshot(
        journals={
            name: content + journal(event("closed", order=first.number, grant="filing"))
            for name, content in closed.journals.items()
        }
    )
    outcome = merge(closed, gone, wrote(first, second))
    assert outcome.pages == wrote(second).pages
    assert merge(closed, gone, closed).pages == {}


def test_confirmation_of_a_dropped_order_is_dropped_with_it() -> None:
    name = "payroll-sync.jsonl"
    number = "payroll-sync.main.1"
    ours = Snapshot(
        journals={name: journal(ordered(number, workspace="A"), event("closed", order=number), event("left"))}
    )
    theirs = Snapshot(journals={name: journal(ordered(number, workspace="B"))})
    outcome = merge(Snapshot(), ours, theirs).journals[name].decode().splitlines()
    assert outcome == [ordered(number, workspace="B"), event("left")]


def test_a_last_line_without_an_end_is_not_run_into() -> None:
    name = "payroll-sync.jsonl"
    theirs = Snapshot(journals={name: event("left").encode()})
    ours = Snapshot(journals={name: journal(event("retired"))})
    assert merge(Snapshot(), ours, theirs).journals[name] == journal(event("left"), event("retired"))


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"version": 2, "entries": [], "journals": {}},
        {"version": 1, "entries": [{}], "journals": {}},
        {"version": 1, "entries": [], "journals": {"../x.jsonl": []}},
        {"version": 1, "entries": [], "journals": {"x.yml": []}},
        {
            "version": 1,
            "entries": [{"integration": "a", "grant": "b", "entry": {"client_secret": "clear text"}, "before": None}],
            "journals": {},
        },
        {
            "version": 1,
            "entries": [{"integration": "a", "grant": "b", "entry": {"x": {"vault": "clear text"}}, "before": None}],
            "journals": {},
        },
    ],
)
def test_what_is_no_change_is_refused_without_a_word_of_it(data: Any) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Changes.of_data(data)
    assert "clear text" not in str(caught.value)


def test_check_value_of_a_vault_id_goes_with_the_changes() -> None:
    check = (
        f"workiva_vault_check:\n  prod: !vault |\n    {secret('check').replace(chr(10), chr(10) + '    ')}\n".encode()
    )
    now = written({NAMES[0]: pair("c1", "s1")}) + check
    made = find_changes(Snapshot(), Snapshot(now))
    handed_on = Changes.of_data(json.loads(json.dumps(made.as_data())))
    assert merge_changes(handed_on, Snapshot(), Snapshot(), same).credentials is not None
    for theirs in (None, written({NAMES[1]: pair("c2", "s2")})):
        content = merge_changes(handed_on, Snapshot(), Snapshot(theirs), same).credentials
        assert list(yaml.load(content or b"", Vault)["workiva_vault_check"]) == ["prod"]
    assert merge_changes(handed_on, Snapshot(), Snapshot(now), same).credentials == now


@pytest.mark.parametrize("checks", [{"prod": "cAnArY"}, {"": "$ANSIBLE_VAULT;1.1;AES256"}, ["prod"]])
def test_check_value_that_is_not_encrypted_is_refused_without_repeating_it(checks: Any) -> None:
    data = {**Changes().as_data(), "checks": checks}
    with pytest.raises(InvalidArgument) as refused:
        Changes.of_data(data)
    assert "cAnArY" not in str(refused.value)
