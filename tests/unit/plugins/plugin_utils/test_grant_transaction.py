# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One grant's transaction: killed between any two steps, the next run ends where an undisturbed one does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultSecret

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.plugin_utils import _journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import (
    Deferred,
    FromVariables,
    Handover,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.records import Records
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.transactions import Transactions
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault import file as _vault_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import VaultFile, VaultKey

SECRET = "wk_secret:oa2c:Canary0123456789abcd"
NEWER = "wk_secret:oa2c:Newest0123456789abcd"
GRANT = Declared("payroll", "filing", "SEC", "u@example.com", ("file:read",), expires="2027-06-30")
GIVEN = {"integration": "payroll", "grant": "filing", "client_id": "c1", "client_secret": SECRET}
ABSENT = Declared("payroll", "filing", "SEC", "u@example.com", ("file:read",), state="absent")
ACCEPTED = TokenCheck("ok", "", accepted=True, scopes=("file:read",))
LOST = TokenCheck("unreachable", "No answer.")
REFUSED = TokenCheck("rejected", "Refused.")


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / "credentials.yml"
        self.key = VaultKey([("default", VaultSecret(b"password"))], "default")
        self.answers: dict[str, TokenCheck] = {SECRET: ACCEPTED, NEWER: ACCEPTED}
        self.controlled = True
        self.runs = 0

    def records(self) -> Records:
        return Records(VaultFile(str(self.file), self.key), Journals(str(self.path / "journal")))

    def settle(self, handover: Handover | None = None, grant: Declared = GRANT, **more: Any) -> dict[str, Any]:
        self.runs += 1
        more = {"run": f"run {self.runs}", **more}
        settlement = Settlement(
            records=self.records(),
            handover=handover or Deferred(),
            try_pair=lambda _grant, pair: self.answers[pair.client_secret],
            prove=lambda: None,
            doubtful=lambda _grant: False,
            today=date(2026, 11, 24),
            controlled=lambda _grant: self.controlled,
            together=isinstance(handover, FromVariables),
            **more,
        )
        transactions = Transactions(settlement, [grant])
        transactions.look()
        transactions.accept()
        (status,) = transactions.statuses()
        return status.as_result()

    def given(self, **more: Any) -> FromVariables:
        return FromVariables([{**GIVEN, **more}])

    def events(self) -> list[dict[str, Any]]:
        path = self.path / "journal" / "payroll.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [{**json.loads(line), "at": ""} for line in lines]

    def content(self) -> dict[str, Any]:
        records = self.records()
        held = records.held(GRANT)
        pair, kept = records.stored(GRANT), records.received(GRANT)
        return {
            "held": held,
            "secrets": (pair and pair.client_secret, kept and kept.client_secret),
            "known": records.known(GRANT),
            "events": self.events(),
        }


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


class Killed(BaseException):
    """What follows a killed process: nothing that it would have written."""


def killed(step: int, run: Callable[[], Any]) -> bool:
    """Runs until the n-th write, and ends before or after it as a killed process does; whether it was killed."""
    count = 0

    def dying(write: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count >= step:
                raise Killed
            outcome = write(*arguments, **options)
            count += 1
            if count >= step:
                raise Killed
            return outcome

        return wrapped

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_vault_file, "replace_file", dying(_vault_file.replace_file))
        patch.setattr(_journal.Journal, "append", dying(_journal.Journal.append))
        try:
            run()
        except Killed:
            return True
    assert count < step, "an exception was caught that stands for a killed process"
    return False


SCENES: dict[str, Callable[[Folder], Callable[[], Any]]] = {
    "store": lambda folder: lambda: folder.settle(folder.given(expires="2027-05-31")),
    "store, then nobody": lambda folder: lambda: folder.settle(folder.given()),
    "keep": lambda folder: (
        folder.answers.update({SECRET: LOST}) or (lambda: folder.settle(folder.given()))  # type: ignore[func-returns-value]
    ),
    "promote": lambda folder: (
        folder.answers.update({SECRET: LOST}),  # type: ignore[func-returns-value]
        folder.settle(folder.given()),
        folder.answers.update({SECRET: ACCEPTED}),  # type: ignore[func-returns-value]
        folder.settle,
    )[-1],
    "replace": lambda folder: (
        folder.settle(folder.given()),
        lambda: folder.settle(folder.given(client_secret=NEWER)),
    )[-1],
    "replace a damaged one": lambda folder: (
        folder.settle(folder.given()),
        folder.file.write_text(folder.file.read_text().replace("AES256\n", "AES256\n          00", 1)),
        lambda: folder.settle(folder.given(client_secret=NEWER)),
    )[-1],
    "retire": lambda folder: (
        folder.settle(folder.given()),
        folder.answers.update({SECRET: REFUSED}),  # type: ignore[func-returns-value]
        folder.settle(grant=ABSENT),
        lambda: folder.settle(grant=ABSENT),
    )[-1],
}


@pytest.mark.parametrize("scene", SCENES)
def test_killed_anywhere_it_converges(scene: str, tmp_path: Path) -> None:
    (tmp_path / "calm").mkdir()
    calm = Folder(tmp_path / "calm")
    SCENES[scene](calm)()
    expected = calm.content()
    for step in range(1, 20):
        place = tmp_path / str(step)
        place.mkdir()
        folder = Folder(place)
        run = SCENES[scene](folder)
        was_killed = killed(step, run)
        run()
        found = folder.content()
        assert found["held"] == expected["held"]
        assert found["secrets"] == expected["secrets"]
        assert found["known"] == expected["known"]
        names = [event["event"] for event in found["events"]]
        assert names == [event["event"] for event in expected["events"]]
        if not was_killed:
            assert step > 2
            return
    raise AssertionError("it was killed more often than it writes")


def test_killed_after_storing_nobody_hands_it_over_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert killed(2, lambda: folder.settle(folder.given(expires="2027-05-31")))
    assert folder.events() == []
    result = folder.settle()
    assert (result["stage"], result["expires"], result["error"]) == ("stored", "2027-05-31", None)
    assert result["fields"]["expires"]["known"] == "attested"
    assert [event["event"] for event in folder.events()] == ["received", "verified", "stored"]
    assert not folder.settle()["changed"]


def test_a_pair_written_into_the_file_by_hand_is_adopted(folder: Folder) -> None:
    folder.settle(folder.given())
    (folder.path / "journal" / "payroll.jsonl").unlink()
    assert folder.settle()["steps"] == ["Verified the stored credentials and wrote them to the journal."]
    assert folder.settle()["steps"] == []


def kept(folder: Folder) -> None:
    """Credentials that could not be verified when they came in, and are refused now."""
    folder.answers[SECRET] = LOST
    assert folder.settle(folder.given())["stage"] == "received"
    folder.answers[SECRET] = REFUSED


def test_kept_credentials_are_removed_when_a_later_run_sees_them_refused_again(folder: Folder) -> None:
    kept(folder)
    first = folder.settle(run="first")
    assert first["steps"] == ["Wrote to the journal that the kept credentials are refused while others are accepted."]
    assert first["error"]["msg"].startswith(
        "Refused. The credentials were kept until now without being verified, and are still kept"
    )
    # The tasks of the same run are no second look.
    before = folder.content()
    assert before["secrets"] == (None, SECRET)
    assert not folder.settle(run="first")["changed"]
    assert folder.content() == before
    second = folder.settle(run="second")
    assert second["steps"] == ["Removed the kept credentials: two runs saw them refused while others were accepted."]
    assert second["error"]["msg"] == "Refused. The kept credentials were removed."
    assert folder.content()["secrets"] == (None, None)
    assert folder.settle(folder.given(client_secret=NEWER))["stage"] == "stored"


def test_kept_credentials_stay_while_no_others_are_accepted(folder: Folder) -> None:
    kept(folder)
    folder.controlled = False
    before = folder.content()
    for _run in range(3):
        result = folder.settle()
        assert not result["changed"]
        assert "hand over the right ones" in result["error"]["msg"]
    assert folder.content() == before
    assert folder.settle(folder.given(client_secret=NEWER))["stage"] == "stored"
    assert folder.content()["secrets"] == (NEWER, None)


def test_refusal_of_kept_credentials_does_not_count_for_newer_ones_of_the_same_client_id(folder: Folder) -> None:
    kept(folder)
    assert folder.settle()["changed"]
    folder.answers[NEWER] = LOST
    folder.settle(folder.given(client_secret=NEWER))
    assert folder.content()["secrets"] == (None, NEWER)
    folder.answers[NEWER] = REFUSED
    assert folder.settle()["changed"]
    assert folder.content()["secrets"] == (None, NEWER)


def test_kept_credentials_of_another_workspace_are_removed_at_once(folder: Folder) -> None:
    kept(folder)
    folder.answers[SECRET] = replace(ACCEPTED, workspace_id="other")
    result = folder.settle(workspace_ids={"SEC": "sec"})
    assert "another workspace" in result["error"]["msg"]
    assert folder.content()["secrets"] == (None, None)


def test_the_newer_pair_replaces_the_older_and_keeps_its_date(folder: Folder) -> None:
    folder.settle(folder.given(expires="2027-05-31"))
    result = folder.settle(folder.given(client_secret=NEWER))
    assert (result["expires"], result["fields"]["expires"]["known"]) == ("2027-05-31", "attested")
    assert folder.content()["secrets"] == (NEWER, None)


def test_a_list_that_an_old_core_made_text_of_is_read(folder: Folder) -> None:
    given = FromVariables(
        "[{'integration': 'payroll', 'grant': 'filing', 'client_id': 'c1', "
        f"'client_secret': '{SECRET}', 'expires': datetime.date(2027, 5, 31)}}]"
    )
    assert folder.settle(given)["expires"] == "2027-05-31"


@pytest.mark.parametrize("entries", [SECRET, [SECRET], [{"grant": SECRET}], [{**GIVEN, SECRET: 1}], [GIVEN, GIVEN]])
def test_what_is_handed_over_wrongly_is_refused_without_repeating_it(entries: Any) -> None:
    with pytest.raises(Exception, match="handed_over") as refused:
        FromVariables(entries)
    assert SECRET not in str(refused.value)


def leaving(folder: Folder, *, stores: bool = True) -> None:
    """A stored pair that is refused, and the order to delete its grant."""
    if stores:
        folder.settle(folder.given())
    folder.answers[SECRET] = REFUSED
    fields = {"client_name": None, "workspace": "SEC", "username": "u@example.com"}
    ordered = {"event": "ordered", "grant": "filing", "order": "payroll.filing.1", "kind": "delete", "fields": fields}
    _journal.Journal(str(folder.path / "journal"), "payroll").append(ordered)


def test_a_refusal_that_the_lost_access_explains_proves_nothing(folder: Folder) -> None:
    leaving(folder)
    gone = {"without_access": frozenset({"payroll"})}
    before = folder.content()
    kept = folder.settle(grant=ABSENT, new_orders=frozenset({"payroll.filing.1"}), **gone)
    assert not kept["changed"]
    assert folder.content() == before
    assert folder.settle(grant=ABSENT, **gone)["changed"]
    assert folder.content()["secrets"] == (SECRET, None)
    assert folder.settle(grant=ABSENT, **gone)["changed"]
    assert folder.content()["secrets"] == (None, None)
    assert folder.events()[-1]["unproven"]
    known = folder.records().known(ABSENT)
    assert known.open_orders == {"delete": "payroll.filing.1"}
    assert not folder.settle(grant=ABSENT, **gone)["changed"]
    told = FromVariables([], ["payroll.filing.1"])
    assert folder.settle(told, ABSENT, **gone)["steps"] == ["Wrote down that the work order payroll.filing.1 is done."]
    assert folder.records().known(ABSENT).open_orders == {}
    assert not folder.settle(told, ABSENT, **gone)["changed"]


def test_a_refusal_after_the_account_left_proves_nothing(folder: Folder) -> None:
    folder.settle(folder.given())
    folder.answers[SECRET] = REFUSED
    journal = _journal.Journal(str(folder.path / "journal"), "payroll")
    journal.append({"event": "left", "grant": "user"})
    leaving(folder, stores=False)
    for _run in range(3):
        folder.settle(grant=ABSENT)
    assert folder.events()[-1] | {"event": "retired", "unproven": True} == folder.events()[-1]
    assert folder.records().known(ABSENT).open_orders == {"delete": "payroll.filing.1"}


def test_a_refusal_retires_a_grant_when_a_later_run_sees_it_again(folder: Folder) -> None:
    leaving(folder)
    assert folder.settle(grant=ABSENT, run="first")["changed"]
    assert folder.events()[-1]["event"] == "refused"
    # The tasks of the same run are no second look.
    before = folder.content()
    assert not folder.settle(grant=ABSENT, run="first")["changed"]
    assert folder.content() == before
    assert folder.settle(grant=ABSENT, run="second")["stage"] == "retired"
    assert folder.content()["secrets"] == (None, None)
    assert folder.records().known(ABSENT).open_orders == {}
    assert "unproven" not in folder.events()[-1]


def test_a_refusal_without_other_credentials_that_are_accepted_retires_nothing(folder: Folder) -> None:
    leaving(folder)
    folder.controlled = False
    before = folder.content()
    for _run in range(3):
        result = folder.settle(grant=ABSENT)
        assert not result["changed"]
        assert "confirm the order as done" in result["next"]
    assert folder.content() == before


def test_credentials_that_are_accepted_again_need_two_more_refusals(folder: Folder) -> None:
    leaving(folder)
    folder.settle(grant=ABSENT)
    folder.answers[SECRET] = ACCEPTED
    assert folder.settle(grant=ABSENT)["steps"] == [
        "Wrote to the journal that the credentials, refused before, are accepted."
    ]
    folder.answers[SECRET] = REFUSED
    assert folder.settle(grant=ABSENT)["stage"] == "stored"
    assert folder.settle(grant=ABSENT)["stage"] == "retired"


@pytest.mark.parametrize("found", [LOST, replace(REFUSED, finding="unreachable")])
def test_an_answer_that_is_not_the_token_endpoint_s_retires_nothing(folder: Folder, found: TokenCheck) -> None:
    leaving(folder)
    folder.answers[SECRET] = found
    before = folder.content()
    for _run in range(2):
        assert not folder.settle(grant=ABSENT)["changed"]
    assert folder.content() == before


def test_a_word_against_a_working_pair_is_an_error(folder: Folder) -> None:
    leaving(folder)
    folder.answers[SECRET] = ACCEPTED
    before = folder.content()
    result = folder.settle(FromVariables([], ["payroll.filing.1"]), ABSENT)
    assert "still works" in result["error"]["msg"]
    assert folder.content() == before


@pytest.mark.parametrize("done", [SECRET, [SECRET], {"a": SECRET}, [["payroll.filing.1"]], 7, ["payroll"]])
def test_what_is_no_number_of_an_order_is_refused_and_not_repeated(done: Any) -> None:
    with pytest.raises(InvalidArgument) as refused:
        FromVariables([], done)
    assert "number" in str(refused.value)
    assert SECRET.rsplit(":", maxsplit=1)[-1] not in str(refused.value)


def test_after_rejected_credentials_something_is_left_to_do(folder: Folder) -> None:
    folder.settle(folder.given())
    folder.answers[NEWER] = REFUSED
    result = folder.settle(folder.given(client_secret=NEWER))
    assert (result["stage"], result["health"]) == ("stored", "ok")
    assert result["next"] == (
        "What was stored before still works. Correct what the error says, and run handover again."
    )
