# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The words of an order about the user of an integration: who adds, changes or removes it, and its access."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.sentences import Card, Step, sentence
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.values import step_rows, user_row

USER_ADMIN = "an Org User Admin"
WORKSPACE_ADMIN = "an Org Workspace Admin or the Workspace Owner"
# Steps that the first of them does; the others are done in a workspace.
OF_USER_ADMIN = frozenset(
    {"create_user", "change_user", "look", "assign_organization_roles", "revoke_organization_roles", "delete_user"}
)
START = "Sign in to Workiva with your own account, as you always do."
PEOPLE = (
    "Click the user icon at the top right, then [[Admin]] > [[Organization Admin]], and open the list of users. In older "
    "accounts it is [[Account Admin]] > [[People]]; in which menu newer ones have it is not published."
)
MEMBERS = (
    "Open the members of the workspace {workspace}: in [[Workspace Settings]], or in [[Organization Admin]] among the "
    "workspaces. The documentation does not say where the member list is."
)


def access_cards(order: WorkOrder) -> tuple[Card, ...]:
    """Who does which of the steps: the user and its powers, and then the access in each workspace; the other way round
    where access is taken away, since the last membership gone suspends the user."""
    steps: list[Mapping[str, Any]] = list(order.fields["steps"])
    users = [step for step in steps if step["kind"] in OF_USER_ADMIN]
    places = [step for step in steps if step["kind"] not in OF_USER_ADMIN]
    found = []
    if users:
        title = {"add_user": "Add the user", "change_user": "Change the user"}.get(
            order.kind, "Remove its organization roles"
        )
        if order.kind == "remove_user" and users[-1]["kind"] == "delete_user":
            title = "Remove its organization roles, and delete it"
        shown = [
            Step(sentence(START, {})),
            Step(sentence(PEOPLE, {})),
            *_user_steps(order, users, later=" (part 2)" if places else ""),
        ]
        found.append(Card(title, USER_ADMIN, tuple(shown)))
    if places:
        shown = [Step(sentence(START, {}))]
        for name in dict.fromkeys(str(step["workspace"]) for step in places):
            shown.append(Step(sentence(MEMBERS, {"workspace": name})))
            here = (step for step in places if step["workspace"] == name)
            shown += [_place_step(order, step, is_first=step is places[0]) for step in here]
        if order.kind == "remove_user":
            words = "Check whether {username} is a member of any other workspace, and remove it there too."
            shown.append(Step(sentence(words, order.fields)))
        title = {"remove_user": "Remove it from its workspaces", "change_user": "Change its access"}.get(
            order.kind, "Give it its access"
        )
        found.append(Card(title, WORKSPACE_ADMIN, tuple(shown)))
    return tuple(found)


def _user_steps(order: WorkOrder, steps: Iterable[Mapping[str, Any]], later: str) -> list[Step]:
    """C(later): which part of the order removes the user from its workspaces, where one does."""
    words = {
        "create_user": "Add a user with these values, each exactly as shown. It is a dedicated user of an integration: do not "
        "use a person's account.",
        "change_user": "Open the user {username}. Change these values, and nothing else.",
        "look": "Open the user {username} and compare it with these values. If something differs, change it.",
        "assign_organization_roles": "Give the user {username} these organization roles.",
        "revoke_organization_roles": "Remove these organization roles from the user {username}.",
        "delete_user": f"Delete the user {{username}}, after it was removed from its workspaces{later}. This cannot be "
        "undone. Users report that the history of documents then shows Author not found in place of its name.",
    }
    if order.kind == "remove_user":
        words["look"] = "Check whether the user {username} has organization roles, and remove all of them."
    found = []
    for place, step in enumerate(steps):
        # Each card names the user once as a value to copy; its other steps name it in the sentence.
        rows = (*((user_row(order),) if place == 0 else ()), *step_rows(order, step))
        found.append(Step(sentence(words[str(step["kind"])], order.fields), rows))
    return found


def _place_step(order: WorkOrder, step: Mapping[str, Any], *, is_first: bool) -> Step:
    words = {
        "add_membership": "Add {username} as a member. If it is a member already, leave it.",
        "remove_membership": "Remove {username} from the members.",
        "set_roles": "Give {username} exactly these roles there. Remove all others.",
        "assign_roles": "Give {username} these roles there.",
        "revoke_roles": "Remove these roles from {username} there.",
        "join_group": "Add {username} to this group.",
        "leave_group": "Remove {username} from this group.",
    }[str(step["kind"])]
    rows = step_rows(order, step)
    # The first step of a card shows the user as a value to copy, also where only roles or groups change.
    if is_first or step["kind"] in ("add_membership", "remove_membership"):
        rows = (user_row(order), *rows)
    if step["kind"] == "add_membership" and step["welcome_email"]:
        words += " Let Workiva send it the welcome e-mail, in which its custodian sets a password."
    return Step(sentence(words, order.fields), rows)
