# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a refusal of stored credentials proves, and what it does not: when a grant is retired."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.plugin_utils import _journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import (
    FromVariables,
)
from tests.unit.plugins.plugin_utils.grant_transaction._folder import (
    ABSENT,
    ACCEPTED,
    LOST,
    NEWER,
    REFUSED,
    SECRET,
    Folder,
    kept,
    leaving,
)


def test_kept_credentials_are_removed_when_a_later_run_sees_them_refused_again(folder: Folder) -> None:
    kept(folder)
    first = folder.settle(run="first")
    assert first["steps"] == [
        "Recorded in the journal that the kept credentials are refused while others are accepted."
    ]
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


def test_refusal_that_the_removed_access_explains_retires_nothing(folder: Folder) -> None:
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
    confirmed = FromVariables([], ["payroll.filing.1"])
    assert folder.settle(confirmed, ABSENT, **gone)["steps"] == [
        "Recorded that the work order payroll.filing.1 is done."
    ]
    assert folder.records().known(ABSENT).open_orders == {}
    assert not folder.settle(confirmed, ABSENT, **gone)["changed"]


def test_refusal_after_the_account_left_retires_nothing(folder: Folder) -> None:
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
        assert "Then confirm it in handover. The rejection of its credentials does not prove" in result["next"]
    assert folder.content() == before


def test_credentials_that_are_accepted_again_need_two_more_refusals(folder: Folder) -> None:
    leaving(folder)
    folder.settle(grant=ABSENT)
    folder.answers[SECRET] = ACCEPTED
    assert folder.settle(grant=ABSENT)["steps"] == [
        "Recorded in the journal that the credentials, refused before, are accepted."
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
