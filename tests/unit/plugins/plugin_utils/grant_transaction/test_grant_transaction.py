# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One grant's transaction: killed between any two steps, the next run ends where an undisturbed one does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils import _journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import (
    FromVariables,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault import file as _vault_file
from tests.unit.plugins.plugin_utils.grant_transaction._folder import (
    ABSENT,
    ACCEPTED,
    GIVEN,
    LOST,
    NEWER,
    REFUSED,
    SECRET,
    Folder,
    kept,
    leaving,
)


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
    assert count < step, "an exception was caught that represents a killed process"
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


def test_credentials_written_into_the_file_by_hand_are_adopted(folder: Folder) -> None:
    folder.settle(folder.given())
    (folder.path / "journal" / "payroll.jsonl").unlink()
    assert folder.settle()["steps"] == ["Verified the stored credentials and recorded them in the journal."]
    assert folder.settle()["steps"] == []


def test_kept_credentials_of_another_workspace_are_removed_at_once(folder: Folder) -> None:
    kept(folder)
    folder.answers[SECRET] = replace(ACCEPTED, workspace_id="other")
    result = folder.settle(workspace_ids={"SEC": "sec"})
    assert "another workspace" in result["error"]["msg"]
    assert folder.content()["secrets"] == (None, None)


def test_newer_credentials_replace_the_older_and_keep_their_date(folder: Folder) -> None:
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


def test_confirmation_against_working_credentials_is_an_error(folder: Folder) -> None:
    leaving(folder)
    folder.answers[SECRET] = ACCEPTED
    before = folder.content()
    result = folder.settle(FromVariables([], ["payroll.filing.1"]), ABSENT)
    assert "are still accepted. Nothing was recorded. Delete the grant in Workiva" in result["error"]["msg"]
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
