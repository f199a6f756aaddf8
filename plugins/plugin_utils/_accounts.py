# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The account of an integration's user, as the integration's journal proves it: a pure function of the events.

Journals of older releases have no events of accounts. In them these prove that an account is the integration's: the
credentials that were stored for its username, and work orders for the user that were done. An order that was only
written proves that a creation was started.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import AccountEvent
from ansible_collections.integrations.workiva.plugins.module_utils._organization.account import Owned
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import GRANT_KINDS, USER_KINDS

Event = Mapping[str, Any]


def account_of(events: Iterable[Event]) -> Owned:
    """What the events of one journal, oldest first, prove."""
    identifier: str | None = None
    usernames: dict[str, None] = {}
    creating: dict[str, None] = {}
    asked: dict[str, str] = {}
    ignored: dict[str, str] = {}
    left = False
    for event in events:
        name, username = event["event"], event.get("username")
        if name == "ordered":
            fields = event["fields"]
            username = fields.get("username")
            if event["kind"] in USER_KINDS:
                asked[event["order"]] = username or ""
                # With a grant that reads, the order says that there was no such user when it was written.
                if event["kind"] == "add_user" and fields.get("closes") == "observed":
                    usernames[username] = None
            elif event["kind"] in GRANT_KINDS and username:
                creating[username] = None
        elif name in ("attested", "observed") and asked.get(event.get("order", "")):
            usernames[asked[event["order"]]] = None
        elif name == "creating":
            creating[event["username"]] = None
        elif name in ("created", "adopted"):
            identifier = event["id"]
            usernames = {event["username"]: None}
            ignored = {}
        elif name == "ignored":
            ignored.update(event["fields"])
        elif name == "stored" and username:
            usernames.pop(username, None)
            usernames[username] = None
        left = name == "left" or (left and not _begins_again(event))
    return Owned(identifier, tuple(usernames), tuple(creating), left, ignored=ignored)


def _begins_again(event: Event) -> bool:
    """Whether an account that left is needed again; an order to delete a grant or to remove a user does not need it."""
    if event["event"] == "ordered":
        return event["kind"] not in ("delete", "remove_user")
    return event["event"] in ("stored", "creating", "created", "adopted")


def written_accounts(result: Mapping[str, Any]) -> list[AccountEvent]:
    """The events of a user's result whose account was created or adopted where nobody could write it down at once."""
    done = {step["kind"] for step in result.get("plan") or ()} if result.get("steps") else set()
    name = "created" if "create_user" in done else "adopted"
    ignored = [AccountEvent("ignored", fields=result["ignored"])] if result.get("ignored") else []
    if not result.get("id") or not done & {"create_user", "assign_user", "adopt_user"}:
        return ignored
    return [AccountEvent(name, result["username"], result["id"]), *ignored]
