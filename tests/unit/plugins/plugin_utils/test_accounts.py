# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the journal of an integration proves of its account, also one that an older release wrote."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._organization.account import Owned
from ansible_collections.integrations.workiva.plugins.plugin_utils._accounts import account_of, written_accounts

NAME = "payroll@example.com"


def user(event: str, **more: Any) -> dict[str, Any]:
    return {"event": event, "grant": "user", **more}


def ordered(grant: str, kind: str, number: int = 1, username: str = NAME, **fields: Any) -> dict[str, Any]:
    fields = {"username": username, **fields}
    return {"event": "ordered", "grant": grant, "kind": kind, "order": f"payroll.{grant}.{number}", "fields": fields}


STORED = {"event": "stored", "grant": "filing", "client_id": "c", "username": NAME}


@pytest.mark.parametrize(
    ("events", "proof"),
    [
        ([], Owned()),
        ([user("creating", username=NAME)], Owned(creating=(NAME,))),
        ([user("creating", username=NAME), user("created", username=NAME, id="u1")], Owned("u1", (NAME,), (NAME,))),
        ([user("adopted", username=NAME, id="u1"), user("left")], Owned("u1", (NAME,), (), left=True)),
        (
            [user("created", username=NAME, id="u1"), user("ignored", fields={"display_name": "x"})],
            Owned("u1", (NAME,), (), ignored={"display_name": "x"}),
        ),
        # Another account may take what this one did not.
        (
            [user("ignored", fields={"display_name": "x"}), user("adopted", username=NAME, id="u2")],
            Owned("u2", (NAME,)),
        ),
        # Journals of older releases.
        ([ordered("filing", "create")], Owned(creating=(NAME,))),
        ([ordered("filing", "create"), STORED], Owned(None, (NAME,), (NAME,))),
        ([STORED, {**STORED, "username": "new@example.com"}], Owned(None, (NAME, "new@example.com"))),
        ([ordered("user", "add_user", closes="observed")], Owned(None, (NAME,))),
        ([ordered("user", "add_user", closes="attested")], Owned()),
        (
            [ordered("user", "add_user", closes="attested"), user("attested", order="payroll.user.1")],
            Owned(None, (NAME,)),
        ),
        ([ordered("user", "change_user"), user("observed", order="payroll.user.1")], Owned(None, (NAME,))),
        ([ordered("user", "change_user")], Owned()),
        ([STORED, user("left"), ordered("filing", "create", 2)], Owned(None, (NAME,), (NAME,))),
        # An order to delete what is left of a grant brings nobody back.
        ([STORED, user("left"), ordered("filing", "delete", 2)], Owned(None, (NAME,), (NAME,), left=True)),
    ],
)
def test_events_show_an_owned_account(events: list[dict[str, Any]], proof: Owned) -> None:
    assert account_of(events) == proof


@pytest.mark.parametrize(
    ("kinds", "event"),
    [
        (["create_user", "set_roles"], "created"),
        (["adopt_user"], "adopted"),
        (["assign_user"], "adopted"),
        (["set_roles"], None),
    ],
)
def test_what_a_module_did_elsewhere_is_written_down(kinds: list[str], event: str | None) -> None:
    result = {"username": NAME, "id": "u1", "steps": kinds, "plan": [{"kind": kind} for kind in kinds]}
    expected = [{"event": event, "username": NAME, "id": "u1"}] if event else []
    assert [event.as_result() for event in written_accounts(result)] == expected
    # What was only planned, of an account that is refused, is no step.
    assert written_accounts({**result, "steps": []}) == []
