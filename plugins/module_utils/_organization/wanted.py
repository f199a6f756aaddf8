# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The users that a task is given, as values: the options of one user, and what they must not contradict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._organization.account import (
    OWNED_OPTIONS,
    owned_from,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.reconcile import (
    USER_FIELDS,
    Wanted,
    WantedPlace,
)

WORKSPACE_OPTIONS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "roles": {"type": "list", "elements": "str"},
    "groups": {"type": "list", "elements": "str"},
    "exclusive": {"type": "bool", "default": False},
}
USER_OPTIONS: dict[str, Any] = {
    "username": {"type": "str", "required": True},
    "previous_username": {"type": "str"},
    "id": {"type": "str"},
    "email": {"type": "str"},
    "given_name": {"type": "str"},
    "family_name": {"type": "str"},
    "display_name": {"type": "str"},
    "sign_in": {"type": "str", "choices": ["password", "sso", "sso_exception"]},
    "custodian": {"type": "str"},
    "integration": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "delete_user": {"type": "bool", "default": False},
    "welcome_email": {"type": "bool"},
    "organization_roles": {"type": "list", "elements": "str"},
    "workspaces": {"type": "list", "elements": "dict", "default": [], "options": WORKSPACE_OPTIONS},
    "adopt": {"type": "bool", "default": False},
    "owned": {"type": "dict", "options": OWNED_OPTIONS},
}


def wanted_users(users: Sequence[Mapping[str, Any]]) -> list[Wanted]:
    """The declaration as the plan takes it. Raises L(InvalidArgument) with every problem, before anything is sent."""
    problems = []
    claimed: dict[str, str] = {}
    for user in users:
        name = user["username"].strip()
        if not name:
            problems.append("a username is empty")
        for username in sorted({fold_name(name), fold_name(user.get("previous_username") or name)}):
            if username in claimed:
                problems.append(f"the username '{username}' is declared twice (case does not matter)")
            claimed[username] = name
        if user["delete_user"] and user["state"] != "absent":
            problems.append(f"'{name}' has delete_user: true without state: absent")
        places = [fold_name(place["name"]) for place in user["workspaces"] or []]
        for place in sorted({place for place in places if places.count(place) > 1}):
            problems.append(f"'{name}' has the workspace '{place}' twice (case does not matter)")
    if problems:
        raise InvalidArgument("The declaration has problems, and nothing was sent: " + "; ".join(problems) + ".")
    return [_wanted(user) for user in users]


def _wanted(user: Mapping[str, Any]) -> Wanted:
    welcome = user.get("welcome_email")
    return Wanted(
        username=user["username"].strip(),
        fields={name: user[name] for name in USER_FIELDS if name != "username" and user.get(name) is not None},
        previous_username=user.get("previous_username"),
        id=user.get("id"),
        integration=user.get("integration") or "",
        present=user["state"] == "present",
        delete=user["delete_user"],
        # Only somebody who signs in with a password needs the mail, which is where the password is set.
        welcome_email=user.get("sign_in") == "password" if welcome is None else welcome,
        organization_roles=_tuple(user.get("organization_roles")),
        adopt=bool(user.get("adopt")),
        owned=owned_from(user.get("owned")),
        places=tuple(
            WantedPlace(place["name"], _tuple(place["roles"]), _tuple(place["groups"]), bool(place["exclusive"]))
            for place in user["workspaces"] or []
        ),
    )


def _tuple(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
