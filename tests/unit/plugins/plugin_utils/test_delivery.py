# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be delivered, what came of a delivery, and until when former credentials are in use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Deliveries
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import register_secret
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import (
    DeliveryStatus,
    assess,
    deliveries_of,
    fingerprint,
    former_client_ids,
    undelivered,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.judgement import (
    Judgement,
    describe_failure,
    judge,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.recording import delivery_event
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.settling import latest_settle, settles_on
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import Delivered, GrantState, fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import Entry

APP = DeclaredTarget("payroll-sync", "filing", "app", role="acme.app", vars={"path": "/etc/app.env"})
OLD, NEW = "0d8f0c3e-1d2a-4b6c-9e59-000000000001", "0d8f0c3e-1d2a-4b6c-9e59-000000000002"


def stored(number: int = 1, client_id: str = OLD, **more: Any) -> dict[str, Any]:
    return {
        **{"event": "stored", "grant": "filing", "credentials": number, "client_id": client_id},
        **{"at": f"2026-11-0{number}T00:00:00Z", **more},
    }


def delivered(number: int = 1, client_id: str = OLD, **more: Any) -> dict[str, Any]:
    return {
        **{"event": "delivered", "grant": "filing", "credentials": number, "client_id": client_id},
        **{"target": "app", "host": "localhost", "how": "claimed", "on": "2026-11-05"},
        **{"declaration": fingerprint(APP), **more},
    }


def status(events: list[dict[str, Any]], entry: Entry, again: bool = False) -> DeliveryStatus:
    return assess(APP, "localhost", fold(events).get("filing", GrantState()), entry, again=again)


def test_target_without_stored_credentials_waits() -> None:
    found = status([], Entry())
    assert (found.finding, found.is_due) == ("waiting", False)
    retired = status([stored(), {"event": "retired", "grant": "filing"}], Entry())
    assert (retired.finding, retired.is_due) == ("waiting", False)


def test_target_that_never_got_credentials_is_due() -> None:
    found = status([stored()], Entry(OLD, 1))
    assert (found.finding, found.is_due, found.current, found.number) == ("not_delivered", True, 1, 0)
    assert found.detail == "Credentials 1 (stored on 2026-11-01) were not delivered yet."


def test_delivered_target_is_due_only_where_it_is_asked_for() -> None:
    events = [stored(), delivered()]
    found = status(events, Entry(OLD, 1))
    assert (found.finding, found.is_due, found.how, found.on) == ("ok", False, "claimed", "2026-11-05")
    assert status(events, Entry(OLD, 1), again=True).is_due


def test_newer_credentials_make_a_target_due_also_where_the_client_id_is_the_same() -> None:
    found = status([stored(), delivered(), stored(2)], Entry(OLD, 2))
    assert (found.finding, found.is_due, found.number, found.current) == ("behind", True, 1, 2)
    assert found.detail == "It has credentials 1; the current ones are 2 (stored on 2026-11-02)."


@pytest.mark.parametrize("entry", [Entry(OLD, 1), Entry(NEW, 1), Entry(OLD), Entry()])
def test_older_credentials_of_the_vault_file_are_never_delivered(entry: Entry) -> None:
    """The file was restored from an old backup, for example."""
    found = status([stored(), delivered(), stored(2, NEW)], entry, again=True)
    assert (found.finding, found.is_due) == ("not_delivered", False)
    assert "Nothing was delivered." in found.detail


def test_entry_that_an_older_release_wrote_has_no_number_and_is_delivered() -> None:
    assert status([stored()], Entry(OLD)).is_due


def test_target_that_is_declared_otherwise_is_due() -> None:
    events = [stored(), delivered(declaration=fingerprint(replace(APP, vars={"path": "/etc/other.env"})))]
    found = status(events, Entry(OLD, 1))
    assert (found.finding, found.is_due) == ("not_delivered", True)


def test_fingerprint_ignores_what_changes_no_delivery() -> None:
    same = replace(APP, settle_days=3, check_command=("a",), hosts=("app01",), filters_client_id=True)
    assert fingerprint(same) == fingerprint(APP)
    assert fingerprint(replace(APP, role="acme.other")) != fingerprint(APP)


def test_former_grant_that_ends_before_a_target_settles_is_a_finding() -> None:
    events = [stored(expires="2026-11-05"), stored(2, NEW, previous=1), delivered(2, NEW)]
    found = status(events, Entry(NEW, 2))
    assert found.finding == "ends_early"
    assert "expires on 2026-11-05, and the target may use its credentials until 2026-11-06" in found.detail
    events[0]["expires"] = "2026-11-06"
    assert status(events, Entry(NEW, 2)).finding == "ok"


def test_grant_is_delivered_when_every_target_that_is_declared_now_has_the_credentials() -> None:
    two, other = replace(APP, name="two"), replace(APP, name="other", grant="loading")

    def delivers(targets: list[DeclaredTarget], *events: dict[str, Any]) -> bool:
        return deliveries_of(targets, "filing", fold([stored(), *events])["filing"]).complete

    assert not delivers([APP])
    assert delivers([APP, other], delivered())
    assert not delivers([other], delivered())
    # Journals of older releases say that it was the last target then.
    assert not delivers([APP, two], delivered(everywhere=True))
    assert delivers([APP], delivered(everywhere=True))
    assert not delivers([APP], delivered(), stored(2))
    # A line of an older delivery that another run pushed later.
    assert not delivers([APP], stored(2), delivered(everywhere=True))


def test_undelivered_targets_of_a_grant_are_listed_by_host() -> None:
    two = replace(APP, name="two", hosts=("app01", "app02"))
    other = replace(APP, name="other", grant="loading")
    events = [stored(), delivered(), delivered(target="two", host="app01", declaration=fingerprint(two))]
    state = fold(events)["filing"]
    assert undelivered([APP, two, other], "filing", state) == [("two", "app02")]
    assert undelivered([APP, other], "filing", state) == []


def test_targets_settle_on_the_day_of_the_slowest_one_that_has_the_credentials() -> None:
    slow = replace(APP, name="slow", settle_days=7)
    former = delivered(1, target="slow", on="2026-11-20")
    new = [stored(2, NEW, previous=1), delivered(2, NEW)]
    state = fold([stored(), former, *new])["filing"]
    assert deliveries_of([APP, slow], "filing", state) == Deliveries(True, False, date(2026, 11, 6))
    state = fold([stored(), *new, delivered(2, NEW, target="slow", declaration=fingerprint(slow))])["filing"]
    assert deliveries_of([APP, slow], "filing", state) == Deliveries(False, True, date(2026, 11, 12))
    assert deliveries_of([], "filing", state) == Deliveries()


def test_target_has_other_credentials_although_two_jobs_gave_them_one_number() -> None:
    events = [stored(), delivered(), stored(2, OLD), delivered(2, OLD), stored(2, NEW, previous=1)]
    found = status(events, Entry(NEW, 2))
    assert (found.finding, found.is_due) == ("behind", True)
    assert found.detail.startswith(f"It has the client ID {OLD}; the current one is {NEW}")
    state = fold(events)["filing"]
    assert deliveries_of([APP], "filing", state).missing
    event = delivery_event(APP, "localhost", "shown", state, date(2026, 11, 6))
    assert event is not None
    assert event["client_id"] == NEW


def test_former_client_ids_are_those_of_the_grant_without_the_current_one() -> None:
    events = [stored(), {**stored(), "grant": "loading", "client_id": "x"}, stored(2, NEW), delivered()]
    assert former_client_ids(events, "filing", NEW) == {OLD}
    assert former_client_ids(events, "filing", OLD) == {NEW}


def test_latest_settle_is_the_day_of_the_slowest_target() -> None:
    slow = replace(APP, settle_days=7)
    first, second = Delivered(1, OLD, "shown", "2026-11-05"), Delivered(1, OLD, "shown", "2026-11-08")
    assert latest_settle([(APP, second), (slow, first)]) == date(2026, 11, 12)
    assert latest_settle([]) is None
    assert settles_on(APP, Delivered(1, OLD, "shown")) is None


@pytest.mark.parametrize(
    ("is_shown", "shown", "read_back", "expected"),
    [
        (False, "", "", Judgement("claimed")),
        (False, f"uses {OLD}", "", Judgement("claimed")),
        (False, "", NEW, Judgement("read_back")),
        (True, f"client: {NEW}\n", "", Judgement("shown")),
        (True, {"client": NEW}, OLD, Judgement("shown")),
        (True, "", NEW, Judgement(finding="not_delivered")),
        (True, f"{NEW}0", "", Judgement(finding="not_delivered")),
        (True, f"client: {OLD}", NEW, Judgement(finding="behind")),
        (False, "", OLD, Judgement(finding="behind")),
        (False, "", "wk_secret:oa2c:Canary", Judgement(finding="not_delivered")),
    ],
)
def test_judgement_proves_only_what_was_seen(is_shown: bool, shown: Any, read_back: Any, expected: Judgement) -> None:
    found = judge(NEW, {OLD}, is_shown=is_shown, shown=shown, read_back=read_back)
    assert replace(found, detail="") == expected
    assert "Canary" not in found.detail
    assert (OLD in found.detail) == (expected.finding == "behind")


def test_other_credentials_of_the_grant_are_not_called_older_ones() -> None:
    """After a rotation was given up they are newer."""
    found = judge(OLD, {NEW}, is_shown=False, shown="", read_back=NEW)
    assert found.detail == f"The target holds the client ID {NEW}, another one of this grant than {OLD}."


def test_words_of_a_failed_task_name_it_and_hide_secrets() -> None:
    secret = "wk_secret:oa2c:FailedCanary0123456789"
    register_secret(secret)
    result = {
        "msg": f"refused {secret}",
        "stderr": f"first\nlast line {secret[5:]}",
        "invocation": {"module_args": {"body": secret}},
    }
    words = describe_failure(result, "Write the file")
    assert words.startswith("Write the file: ")
    assert "Canary" not in words


def test_words_of_a_failed_loop_are_those_of_its_first_failed_item() -> None:
    result = {"msg": "One or more items failed", "results": [{"msg": "fine"}, {"msg": "disk full", "failed": True}]}
    assert describe_failure(result, "Write") == "Write: disk full"


@pytest.mark.parametrize("result", [{}, None, "", {"msg": ""}])
def test_failure_without_a_result_has_words_too(result: Any) -> None:
    assert "could not be loaded" in describe_failure(result, "An older task")
