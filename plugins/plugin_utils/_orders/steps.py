# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The words of a work order: who does what on which screen, once for the HTML page and the Markdown file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import ADDING, HANDED_OVER
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER_KINDS
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.access_steps import START, access_cards
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.sentences import Card, Step, sentence
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.values import (
    Row,
    changed_rows,
    form_rows,
    grant_rows,
    unchanged_rows,
)

TITLES = {
    "create": "Add an API grant",
    "replace": "Add an API grant beside the present one",
    "edit": "Change an API grant",
    "regenerate": "Regenerate the secret of an API grant",
    "retire": "End the previous API grant",
    "delete": "Delete an API grant",
    "file_access": "Share files with an integration",
    "add_user": "Add an integration user",
    "change_user": "Change the access of an integration user",
    "remove_user": "Remove the access of an integration user",
}
UNKNOWN_OWNER = "whoever is Owner of the file"
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


# Of a user who may be new.
NEW_USER = (
    "If {username} has no password yet, set one first: with the link in Workiva's welcome e-mail in its mailbox, or by a "
    "password reset on the sign-in page."
)


def waits_for(order: WorkOrder) -> str:
    """Whose turn it is, for the summary of a run."""
    if order.kind in USER_KINDS:
        return ", then ".join(card.person for card in access_cards(order))
    custodian, screen = order.fields["custodian"], order.fields["screen"]
    if order.kind == "file_access":
        return ", ".join(owners(order))
    if order.kind == "regenerate":
        return str(custodian)
    return f"{ROLES[screen]}, then {custodian}" if order.kind in ADDING else ROLES[screen]


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
    if order.kind in ADDING:
        return f"add the grant {name} for {fields['username']} in the workspace {fields['workspace']}"
    if order.kind == "edit":
        changes = ", ".join(key.replace("_", " ") for key in fields["changes"])
        return f"change the grant {name} in the workspace {fields['workspace']}: {changes}"
    if order.kind == "regenerate":
        return f"sign in as {fields['username']} and regenerate the secret of the grant {name}"
    if order.kind == "retire":
        what = "bring forward the expiry of" if fields["changes"] else "delete"
        return f"{what} the previous grant {name} in the workspace {fields['workspace']}"
    return f"delete the grant {name} in the workspace {fields['workspace']}"


def owners(order: WorkOrder) -> tuple[str, ...]:
    """Whom an order about files asks; of a file whose owner is not declared, whoever that is."""
    named = (file["owner"] or UNKNOWN_OWNER for file in order.fields["files"])
    return tuple(dict.fromkeys(named))


def done_options(order: WorkOrder) -> tuple[str, str]:
    """The options of the playbook handover that confirm that an order is done, where no program can see it."""
    return "-e", f"workiva_done={order.number}"


def is_answered(order: WorkOrder) -> bool:
    """Whether the playbook handover takes an answer to the order: credentials, what a screen shows, or a confirmation."""
    return order.kind in (*HANDED_OVER, "edit") or needs_word(order)


def needed_before(order: WorkOrder) -> str | None:
    """The day on which the grant ends without what an order asks for, as YYYY-MM-DD; none after a leak, which has no time."""
    if order.fields.get("leaked"):
        return None
    change = (order.fields.get("changes") or {}).get("expires") or {}
    day = parse_date((order.fields.get("present") or {}).get("expires") or change.get("from"))
    return day.isoformat() if day else None


def needs_word(order: WorkOrder) -> bool:
    """Whether somebody has to say that the order is done."""
    return order.kind in ("delete", "retire") or order.fields.get("closes") == "attested"


def cards(order: WorkOrder, labels: Mapping[str, str] | None = None) -> tuple[Card, ...]:
    """The people and their steps. C(labels): what the screen calls a scope, as far as that is known."""
    if order.kind in USER_KINDS:
        return access_cards(order)
    if order.kind in ADDING:
        return (_adds(order, labels or {}), _regenerates(order, second=True))
    if order.kind == "regenerate":
        return (_regenerates(order, second=False),)
    if order.kind == "file_access":
        return tuple(_shares(order, owner) for owner in owners(order))
    if order.kind == "edit":
        return (_edits(order, labels or {}),)
    return (_ends(order, labels or {}) if order.fields["changes"] else _deletes(order),)


def time_needed(people: Sequence[Card]) -> str:
    """About how long an order takes, for those who do it."""
    longest = max(card.minutes for card in people)
    return f"about {longest} minutes" + (" for each person" if len(people) > 1 else "")


def start_steps(order: WorkOrder) -> tuple[Step, ...]:
    """How an administrator gets to the list of grants."""
    return tuple(_step(order, words) for words in (START, *PATHS[order.fields["screen"]]))


def _step(order: WorkOrder, words: str, *rows: Row) -> Step:
    return Step(sentence(words, order.fields), rows)


def _adds(order: WorkOrder, labels: Mapping[str, str]) -> Card:
    screen = order.fields["screen"]
    last = {
        "organization_admin": "You are done, and you have nothing to hand back. {custodian} generates the secret in part 2. If the "
        "screen shows a secret nevertheless, do not copy it: {custodian} generates a new one, and only that one is used.",
        "workspace_settings": "If the screen shows a [[Client ID]] and a [[Client Secret]] now, copy it now: it is shown only this once. Hand "
        "it over at once, as described under Hand over the credentials; part 2 is then not needed. If no "
        "secret is shown (descriptions of this screen differ), you are done: {custodian} continues with part 2.",
        "account_admin": "Open the new grant's [[Edit]]. If it shows a [[Client ID]] and a [[Client Secret]], copy it now and hand it over "
        "at once, as described under Hand over the credentials; part 2 is then not needed. If no secret is "
        "shown, you are done: {custodian} continues with part 2.",
    }[screen]
    return Card(
        "Add the grant",
        ROLES[screen],
        (
            *start_steps(order),
            *_leaves_present(order),
            _step(order, FORMS[screen]),
            _step(
                order,
                "Fill in the values, each exactly as shown. Tick these scopes and no others.",
                *form_rows(order, labels),
            ),
            _step(
                order,
                "If the form does not accept {username}, the user does not exist yet or is no member of {workspace}: stop, and tell "
                "{owner}. That has to be changed first.",
            ),
            _step(
                order,
                "Check the [[Workiva Username]] once more: whoever is named there is the only one who can see the secret.",
            ),
            _step(order, "Click [[Add Grant]]."),
            _step(order, last),
        ),
        shows_handover=screen != "organization_admin",
    )


def _leaves_present(order: WorkOrder) -> tuple[Step, ...]:
    if order.kind != "replace":
        return ()
    return (
        _step(
            order,
            "The list has a grant of this integration already, which it uses. Leave that one unchanged: do not edit, regenerate or "
            "delete it. It works beside the new one until the connected system uses the new one.",
        ),
    )


def _regenerates(order: WorkOrder, *, second: bool) -> Card:
    alternative = second and order.fields["screen"] != "organization_admin"
    first = "Only if the secret was not shown when the grant was added. " if alternative else ""
    shown_once = "Click [[Actions]] > [[Regenerate]]. The secret is shown once."
    if not second:
        shown_once += " Expect the old secret to stop working now: whether the two overlap is not published."
    names = ("client_name", "workspace") if second else ()
    scopes = {**order.fields, "scopes": ", ".join(order.fields["scopes"]), "role": ROLES[order.fields["screen"]]}
    deleted = Step(
        sentence(
            "If this grant is not in the list, it was deleted. Ask {role} to add it again for {username} in the workspace {workspace}, with the "
            "scopes {scopes}. Then use the new one here.",
            scopes,
        )
    )
    return Card(
        "Generate the secret and hand it over" if second else "Generate a new secret and hand it over",
        order.fields["custodian"],
        (
            *([_step(order, NEW_USER)] if second and order.fields["sign_in"] != "sso" else []),
            _step(order, first + SIGN_IN[order.fields["sign_in"]]),
            _step(order, "Open [[My profile]] > [[Security]]."),
            _step(order, "Find this grant, and leave all other grants unchanged.", *grant_rows(order, *names)),
            *(() if second else (deleted,)),
            _step(
                order,
                "Start what is described under Hand over the credentials (below), so that it is waiting when you have the secret.",
            ),
            _step(order, shown_once),
            _step(
                order,
                "Copy the [[Client ID]] and the secret straight to where they are asked for. You learn at once whether they work.",
            ),
            _step(
                order, "Close the window and empty the clipboard. If you lost the secret before that, regenerate again."
            ),
            *(_names_filters(order) if second else ()),
        ),
        shows_handover=True,
    )


def _names_filters(order: WorkOrder) -> tuple[Step, ...]:
    """Who has to know the new client ID before it is used."""
    filters = order.fields.get("client_id_filters")
    if not filters:
        return ()
    words = (
        "These systems let client IDs in one by one: {filters}. Send the new [[Client ID]], and never the secret, to {owner}, "
        "who has it added there."
    )
    return (Step(sentence(words, {**order.fields, "filters": ", ".join(filters)})),)


def _edits(order: WorkOrder, labels: Mapping[str, str]) -> Card:
    username = (
        "The [[Workiva Username]] changes. Saving that ends the present secret at once, and the connected system stops "
        "working until a new one is handed over: agree on the time with {owner} and {custodian}."
        if "username" in order.fields["changes"]
        else "Leave the [[Workiva Username]] as it is: changing it ends the secret, and the connected system stops working."
    )
    return Card(
        "Change the grant",
        ROLES[order.fields["screen"]],
        (
            *start_steps(order),
            _step(order, "Find this grant and choose [[Actions]] > [[Edit]].", *grant_rows(order)),
            _step(order, "Make these changes and no others.", *changed_rows(order, labels)),
            _step(order, username),
            _step(order, "Save."),
            _step(
                order,
                "Open the grant once more. Check the changes, and that these values are as they were.",
                *unchanged_rows(order, labels),
            ),
        ),
    )


def _ends(order: WorkOrder, labels: Mapping[str, str]) -> Card:
    return Card(
        "Bring the expiry of the grant forward",
        ROLES[order.fields["screen"]],
        (
            *start_steps(order),
            _step(
                order,
                "Find this grant and choose [[Actions]] > [[Edit]]. Compare its name, letter by letter: the present grant has another "
                "Client Name and stays unchanged.",
                *grant_rows(order),
            ),
            _step(order, "Make this change and no other.", *changed_rows(order, labels)),
            _step(
                order,
                "If that day is today or over, enter tomorrow's date: whether the form takes a date that is over is not documented.",
            ),
            _step(
                order,
                "Save. If a system still uses this grant and stops working on that day, set a later date again: that takes a minute, and "
                "nothing is lost.",
            ),
        ),
    )


def _deletes(order: WorkOrder) -> Card:
    return Card(
        "Delete the grant",
        ROLES[order.fields["screen"]],
        (
            *start_steps(order),
            _step(order, "Find this grant. Compare its name, letter by letter.", *grant_rows(order)),
            _step(
                order,
                "Choose [[Actions]] > [[Delete]]. This cannot be undone: a system that still uses the grant stops working.",
            ),
        ),
    )


def _shares(order: WorkOrder, owner: str) -> Card:
    """The labels of this screen are not published, so that the steps name none of them as certain."""
    files = tuple(file for file in order.fields["files"] if (file["owner"] or UNKNOWN_OWNER) == owner)
    return Card(
        "Share the files",
        owner,
        (
            _step(
                order,
                START + " You need to be [[Owner]] of the files; who else may share them is not published.",
            ),
            _step(
                order,
                "Open each file below, by its name or by its id, which is in the file's address. Open its permissions (where the "
                "menu has them is not published; look for [[Share]] or [[Permissions]]).",
            ),
            Step(
                sentence(
                    "Give each user and group exactly the permission shown. If one has another permission already, change it.",
                    {},
                ),
                files=files,
            ),
            _step(order, "Leave all other permissions as they are."),
        ),
        minutes=max(5, 2 * len(files)),
    )
