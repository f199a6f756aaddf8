# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the contract allows in the bodies of requests, as JSON Schema under the contract's own names.

The tests compare each with the contract. A field that is read-only there is refused, as the contract has it.
"""

from __future__ import annotations

import json
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from .problems import Problem

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
READ_ONLY: Schema = {"not": {}}


def _one_of(*words: str | None) -> Schema:
    return {"enum": list(words)}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _array(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _object(properties: Schema, *, required: tuple[str, ...] = (), read_only: tuple[str, ...] = ()) -> Schema:
    known = {**properties, **dict.fromkeys(read_only, READ_ONLY)}
    return {"type": "object", "properties": known, "required": list(required)}


DATED = ("id", "created", "modified")
USER = _object(
    {
        **dict.fromkeys(("givenName", "familyName", "displayName", "email", "username"), TEXT),
        "status": _one_of("active", "suspended", None),
    },
    read_only=DATED,
)
SOLUTION = _object({"id": TEXT, "name": _or_null(TEXT)})
WORKSPACE = _object(
    {"name": TEXT, "solutions": _or_null(_array(SOLUTION, maxItems=1))}, read_only=(*DATED, "organization")
)
OPTIONS = _object({"notifyNewMember": {"type": "boolean"}, "sendWelcomeEmail": {"type": "boolean"}})
PERMISSION = _object(
    {"permission": TEXT, "principal": TEXT},
    required=("permission", "principal"),
    read_only=("principalType", "resource"),
)
PATCH = _object(
    {
        "from": TEXT,
        "op": _one_of("add", "remove", "replace", "move", "copy", "test"),
        "path": TEXT,
        "value": {},
    },
    required=("path", "op"),
)
BODIES: dict[str, Schema] = {
    "BulkWorkspaceGroupMembersModification": _object(
        {"toAdd": _or_null(_array(TEXT)), "toRemove": _or_null(_array(TEXT))}
    ),
    "JSONPatchDocument": _array(PATCH),
    # The contract's items are UUIDs, and its examples small numbers: an id of either form that is unknown is refused.
    "OrganizationRolesModification": _array(TEXT),
    "OrganizationUser": USER,
    "OrganizationUserAssignment": _object({"user": TEXT}),
    "ResourcePermissionsModification": _object(
        {"toAssign": _or_null(_array(PERMISSION)), "toRevoke": _or_null(_array(PERMISSION))}
    ),
    "Workspace": WORKSPACE,
    "WorkspaceGroup": _object({"name": TEXT}, read_only=(*DATED, "memberCount", "members")),
    "WorkspaceMembership": _object({"user": USER, "workspace": WORKSPACE}, read_only=DATED),
    "WorkspaceMembershipCreation": _object({"user": TEXT, "options": _or_null(OPTIONS)}),
    "WorkspaceRolesModification": _array(TEXT),
}


def parsed(content: bytes) -> Any:
    """The value of a JSON body, None of an empty one. Raises L(Problem) 400."""
    if not content:
        return None
    try:
        value = json.loads(content, parse_constant=_refuse_constant)
        # A lone surrogate is JSON, and no text that can be stored.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Problem(400, "The body is not JSON", "BadArgument") from None
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def check(name: str, body: Any) -> None:
    """Raises L(Problem) 400 with every fault of a body, each under its place."""
    faults = sorted(Draft202012Validator(BODIES[name]).iter_errors(body), key=lambda fault: list(map(str, fault.path)))
    if not faults:
        return
    details = [{"code": "BadArgument", "target": _place(fault), "message": _words(fault)} for fault in faults]
    raise Problem(400, details[0]["message"], "BadArgument", details[0]["target"], details)


def _place(fault: ValidationError) -> str:
    return "/".join(map(str, fault.absolute_path)) or "body"


def _words(fault: ValidationError) -> str:
    """Names the place and the rule, and repeats nothing of the value."""
    place, rule = _place(fault), cast(Any, fault.validator_value)
    if fault.validator == "required":
        return f"{place} needs {' and '.join(rule)}"
    if fault.validator == "not":
        return f"{place} is read-only"
    if fault.validator == "enum":
        return f"{place} must be one of {', '.join(str(word) for word in rule if word)}"
    if fault.validator == "maxItems":
        return f"{place} takes {rule} at most"
    return f"{place} must be of the type {rule if isinstance(rule, str) else ' or '.join(rule)}"
