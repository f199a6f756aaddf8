# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The words of a work order: who does what on which screen, said once for the HTML page and the Markdown file.

A sentence is written with [[label]] for what stands on Workiva's screen and {name} for a value of the order. Values
are kept apart from the words until a page escapes them, so that no name can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER_KINDS
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder

Sentence = tuple[tuple[str, str], ...]

_PARTS = re.compile(r"\[\[(.+?)\]\]|\{(\w+)\}")

TITLES = {
    "create": "Add an API grant",
    "edit": "Change an API grant",
    "regenerate": "Regenerate the secret of an API grant",
    "delete": "Delete an API grant",
    "file_access": "Share files with an integration",
    "add_user": "Add an integration user",
    "change_user": "Change the access of an integration user",
    "remove_user": "Remove the access of an integration user",
}
USER_ADMIN = "an Org User Admin"
WORKSPACE_ADMIN = "an Org Workspace Admin or the Workspace Owner"
# Steps that the first of them does; the others are done in a workspace.
OF_USER_ADMIN = frozenset(
    {"create_user", "change_user", "look", "assign_organization_roles", "revoke_organization_roles", "delete_user"}
)
PEOPLE = (
    "Click the user icon at the top right, then [[Admin]] > [[Organization Admin]], and open the list of users. In older "
    "accounts it is [[Account Admin]] > [[People]]; in which menu newer ones have it is not published."
)
MEMBERS = (
    "Open the members of the workspace {workspace}: in [[Workspace Settings]], or in [[Organization Admin]] among the "
    "workspaces. The documentation does not say where the member list is."
)
ROLES = {
    "organization_admin": "an Org Security Admin",
    "workspace_settings": "a Workspace Owner, Org Workspace Admin or Org Security Admin",
    "account_admin": "an account administrator",
}
MENU_MOVED = (
    "Newer help articles show a menu [[Identity & access management]] > [[Authentication]] on the left: if "
    "[[Security]] > [[Provisioning]] is not there, look in it. The menu may have moved since this was written."
)
PATHS: dict[str, Sequence[str]] = {
    "organization_admin": (
        "Click the user icon at the top right, then [[Admin]] > [[Organization Admin]].",
        "Open [[Security]] and there the tab [[Provisioning]]. " + MENU_MOVED,
    ),
    "workspace_settings": (
        "Open the workspace {workspace}. A grant always belongs to the workspace in which it was created.",
        "Open [[Workspace Settings]] > [[Security]]. The menu may have moved since this was written.",
    ),
    "account_admin": (
        "Open [[Account Admin]] > [[People]] > [[OAuth2 Grants]]. This is the screen of older accounts; where it is "
        "gone, use [[Organization Admin]] > [[Security]] > [[Provisioning]] instead.",
    ),
}
FORMS = {
    "organization_admin": "Click [[Add Identity or API]] (in the section [[Create Identity Provider or API Grant]]) "
    "and choose [[API Grant]].",
    "workspace_settings": "Click [[Create API Grant]].",
    "account_admin": "Add a new grant.",
}
SIGN_IN = {
    "password": "Sign in to Workiva as {username}, with its password and the 6-digit code that arrives in its "
    "mailbox (valid for 10 minutes). Use a private window, so that your own session does not get in the way.",
    "sso": "Sign in to Workiva as {username} through your company's single sign-on. Use a private window, so that "
    "your own session does not get in the way.",
    "sso_exception": "Sign in to Workiva as {username}, with its password: the user must be on the list of single "
    "sign-on exceptions. A 6-digit code arrives in its mailbox (valid for 10 minutes). Use a private window, so that "
    "your own session does not get in the way.",
}


@dataclass(frozen=True)
class Card:
    """What one person does, step by step."""

    title: str
    person: str
    steps: tuple[Sentence, ...]
    shows_fields: bool = False
    shows_handover: bool = False


def sentence(words: str, values: Mapping[str, Any]) -> Sentence:
    """Splits words into (kind, text) parts, kind being C(text), C(label) or C(value)."""
    parts: list[tuple[str, str]] = []
    end = 0
    for found in _PARTS.finditer(words):
        if found.start() > end:
            parts.append(("text", words[end : found.start()]))
        label, name = found.groups()
        parts.append(("label", label) if label else ("value", str(values[name])))
        end = found.end()
    return (*parts, ("text", words[end:])) if end < len(words) else tuple(parts)


def waits_for(order: WorkOrder) -> str:
    """Whose turn it is, for the summary of a run."""
    if order.kind in USER_KINDS:
        return ", then ".join(card.person for card in _access_cards(order))
    custodian, screen = order.fields["custodian"], order.fields["screen"]
    if order.kind == "file_access":
        return ", ".join(owners(order))
    if order.kind == "regenerate":
        return str(custodian)
    return f"{ROLES[screen]}, then {custodian}" if order.kind == "create" else ROLES[screen]


def summary(order: WorkOrder) -> str:
    """The order in one line."""
    fields = order.fields
    if order.kind == "file_access":
        count = len(fields["files"])
        return f"share {count} file{'s' if count > 1 else ''} in the workspace {fields['workspace']}"
    if order.kind in USER_KINDS:
        asked = "; ".join(str(step["text"]) for step in fields["steps"])
        return f"{TITLES[order.kind].lower()}: {asked}"
    name = fields["client_name"] or fields["client_id"] or f"of {fields['username']}"
    if order.kind == "create":
        return f"add the grant {name} for {fields['username']} in the workspace {fields['workspace']}"
    if order.kind == "edit":
        changes = ", ".join(key.replace("_", " ") for key in fields["changes"])
        return f"change the grant {name} in the workspace {fields['workspace']}: {changes}"
    if order.kind == "regenerate":
        return f"sign in as {fields['username']} and regenerate the secret of the grant {name}"
    return f"delete the grant {name} in the workspace {fields['workspace']}"


def owners(order: WorkOrder) -> tuple[str, ...]:
    """Whom an order about files asks; of a file whose owner is not declared, whoever that is."""
    named = (file["owner"] or "whoever is Owner of the file" for file in order.fields["files"])
    return tuple(dict.fromkeys(named))


def done_options(order: WorkOrder) -> tuple[str, str]:
    """The options of the playbook handover that confirm that an order is done, where no program can see it."""
    return "-e", f"workiva_done={order.number}"


def is_answered(order: WorkOrder) -> bool:
    """Whether the playbook handover takes an answer to the order: credentials, what a screen shows, or a confirmation."""
    return order.kind in ("create", "regenerate", "edit") or needs_word(order)


def needs_word(order: WorkOrder) -> bool:
    """Whether somebody has to say that the order is done."""
    return order.kind == "delete" or order.fields.get("closes") == "attested"


def cards(order: WorkOrder) -> tuple[Card, ...]:
    """The people and their steps."""
    if order.kind in USER_KINDS:
        return _access_cards(order)
    if order.kind == "create":
        return (_adds(order), _regenerates(order, second=True))
    if order.kind == "regenerate":
        return (_regenerates(order, second=False),)
    if order.kind == "file_access":
        return tuple(_shares(order, owner) for owner in owners(order))
    return (_edits(order) if order.kind == "edit" else _deletes(order),)


def _say(order: WorkOrder, *words: str) -> tuple[Sentence, ...]:
    return tuple(sentence(text, order.fields) for text in words)


def _named(order: WorkOrder) -> str:
    if order.fields["client_name"]:
        return "{client_name}"
    return "with the Client ID {client_id}" if order.fields["client_id"] else "of {username}"


def _start(order: WorkOrder) -> tuple[str, ...]:
    return ("Sign in to Workiva with your own account, as you always do.", *PATHS[order.fields["screen"]])


def _adds(order: WorkOrder) -> Card:
    screen = order.fields["screen"]
    last = {
        "organization_admin": "You are done, and you have nothing to hand back. The custodian generates the secret (next card). If the "
        "screen shows a secret nevertheless, do not copy it. The custodian generates a new one, and only that one is used.",
        "workspace_settings": "If the screen shows a [[Client ID]] and a [[Client Secret]] now, copy it now: it is shown only this once. Hand "
        "it over at once, as described under Hand over the credentials; the custodian's card is then not needed. If no "
        "secret is shown (descriptions of this screen differ), you are done: the custodian continues with the next card.",
        "account_admin": "Open the new grant's [[Edit]]. If it shows a [[Client ID]] and a [[Client Secret]], copy it now and hand it over "
        "at once, as described under Hand over the credentials; the custodian's card is then not needed. If no secret is "
        "shown, you are done: the custodian continues with the next card.",
    }[screen]
    return Card(
        "Add the grant",
        ROLES[screen],
        _say(
            order,
            *_start(order),
            FORMS[screen],
            "Fill in the values below, each exactly as shown. Choose these scopes and no others.",
            "If the form does not accept {username}, the user does not exist yet or is no member of {workspace}: stop. Another "
            "work order, or the next run, has to change that first.",
            "Check the [[Workiva Username]] once more: whoever is named there is the only one who can see the secret.",
            "Click [[Add Grant]].",
            last,
        ),
        shows_fields=True,
        shows_handover=screen != "organization_admin",
    )


def _regenerates(order: WorkOrder, *, second: bool) -> Card:
    alternative = second and order.fields["screen"] != "organization_admin"
    first = "Only if the secret was not shown when the grant was added. " if alternative else ""
    return Card(
        "Generate the secret and hand it over" if second else "Generate a new secret and hand it over",
        order.fields["custodian"],
        _say(
            order,
            first + SIGN_IN[order.fields["sign_in"]],
            "Open [[My profile]] > [[Security]].",
            f"Find the grant {_named(order)}. Change no other one.",
            "Start the handover now (below), so that it is waiting when you have the secret.",
            "Click [[Actions]] > [[Regenerate]]. The secret is shown once."
            + (
                ""
                if second
                else " Expect the old secret to stop working now: whether the two overlap is not published."
            ),
            "Copy the [[Client ID]] and the secret straight into the handover. It reports at once whether they work.",
            "Close the window and empty the clipboard. If you lost the secret before that, regenerate again.",
        ),
        shows_fields=not second,
        shows_handover=True,
    )


def _edits(order: WorkOrder) -> Card:
    username = (
        "The [[Workiva Username]] changes. Saving that ends the present secret at once, and the connected system stops "
        "working until a new one is handed over: agree on the time with {owner} and {custodian}."
        if "username" in order.fields["changes"]
        else "Leave the [[Workiva Username]] as it is: changing it ends the secret, and the connected system stops working."
    )
    return Card(
        "Change the grant",
        ROLES[order.fields["screen"]],
        _say(
            order,
            *_start(order),
            f"Find the grant {_named(order)} and choose [[Actions]] > [[Edit]].",
            "Change the values that are marked below, and nothing else.",
            username,
            "Save, open the grant once more and compare it with the values below.",
        ),
        shows_fields=True,
    )


def _deletes(order: WorkOrder) -> Card:
    return Card(
        "Delete the grant",
        ROLES[order.fields["screen"]],
        _say(
            order,
            *_start(order),
            f"Find the grant {_named(order)}. Compare its name, letter by letter, with the values below.",
            "Choose [[Actions]] > [[Delete]]. This cannot be undone: a system that still uses the grant stops working.",
        ),
        shows_fields=True,
    )


def _shares(order: WorkOrder, owner: str) -> Card:
    """The labels of this screen are not published, so that the steps name none of them as certain."""
    return Card(
        "Share the files",
        owner,
        _say(
            order,
            "Sign in to Workiva with your own account, as you always do. You need to be [[Owner]] of the files; who else may "
            "share them is not published.",
            "Open each file below, by its name or by its id, which is in the file's address.",
            "Open the file's permissions (where the menu has them is not published; look for [[Share]] or [[Permissions]]).",
            "Give each user and group exactly the permission shown below. If one has another permission already, change it.",
            "Leave all other permissions as they are.",
        ),
        shows_fields=True,
    )


def _access_cards(order: WorkOrder) -> tuple[Card, ...]:
    """Who does which of the steps: the user and its powers, and then the access in each workspace; the other way round
    where access is taken away, since the last membership gone suspends the user."""
    steps: list[Mapping[str, Any]] = list(order.fields["steps"])
    users = [step for step in steps if step["kind"] in OF_USER_ADMIN]
    places = [step for step in steps if step["kind"] not in OF_USER_ADMIN]
    start = "Sign in to Workiva with your own account, as you always do."
    found = []
    if users:
        words = [sentence(start, {}), sentence(PEOPLE, {}), *_user_steps(order, users)]
        title = {"add_user": "Add the user", "change_user": "Change the user"}.get(
            order.kind, "Remove its organization roles"
        )
        if order.kind == "remove_user" and users[-1]["kind"] == "delete_user":
            title = "Remove its organization roles, and delete it"
        found.append(Card(title, USER_ADMIN, tuple(words), shows_fields=True))
    if places:
        words = [sentence(start, {})]
        for name in dict.fromkeys(str(step["workspace"]) for step in places):
            words += [sentence(MEMBERS, {"workspace": name})]
            words += [_place_step(order.fields["username"], step) for step in places if step["workspace"] == name]
        if order.kind == "remove_user":
            words.append(
                sentence(
                    "Check whether {username} is a member of any other workspace, and remove it there too.",
                    order.fields,
                )
            )
        title = "Remove it from its workspaces" if order.kind == "remove_user" else "Give it its access"
        found.append(Card(title, WORKSPACE_ADMIN, tuple(words), shows_fields=not users))
    return tuple(found)


def _user_steps(order: WorkOrder, steps: Iterable[Mapping[str, Any]]) -> list[Sentence]:
    username = order.fields["username"]
    words = {
        "create_user": "Add a user with the values below, each exactly as shown: {username}. It is a dedicated user of an "
        "integration; do not use a person's account.",
        "change_user": "Change these values of the user {username}, and nothing else: {values}.",
        "look": "Compare the user {username} with the values below. If something differs, change it.",
        "assign_organization_roles": "Give the user {username} the organization roles {names}.",
        "revoke_organization_roles": "Remove the organization roles {names} from the user {username}.",
        "delete_user": "Delete the user {username}, after it was removed from its workspaces (next card). This cannot be "
        "undone. Users report that the history of documents then shows Author not found in place of its name.",
    }
    if order.kind == "remove_user":
        words["look"] = "Check whether the user {username} has organization roles, and remove all of them."
    return [
        sentence(
            words[str(step["kind"])],
            {
                "username": username,
                "names": ", ".join(step["names"]),
                "values": ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in step["fields"].items()),
            },
        )
        for step in steps
    ]


def _place_step(username: str, step: Mapping[str, Any]) -> Sentence:
    words = {
        "add_membership": "Add {username} as a member. If it is a member already, leave it.",
        "remove_membership": "Remove {username} from the members.",
        "set_roles": "Give it exactly these roles there: {names}. Remove all others.",
        "assign_roles": "Give it these roles there: {names}.",
        "revoke_roles": "Remove these roles from it there: {names}.",
        "join_group": "Add it to the group {names}.",
        "leave_group": "Remove it from the group {names}.",
    }[str(step["kind"])]
    if step["kind"] == "add_membership" and step["welcome_email"]:
        words += " Let Workiva send it the welcome e-mail, in which its custodian sets a password."
    return sentence(words, {"username": username, "names": ", ".join(step["names"]) or "none"})
