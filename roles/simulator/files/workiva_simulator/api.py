# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The public API: each operation of the contract that the collection uses, with its scope and the roles it needs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

from .grant_checks import refusal
from .problems import Problem
from .state import Object, State

TOKEN_PATHS = ("/oauth2/token", "/iam/v1/oauth2/token")
USER_ADMIN, WORKSPACE_ADMIN, SECURITY_ADMIN = "Org User Admin", "Org Workspace Admin", "Org Security Admin"
ANY_ADMIN = (USER_ADMIN, WORKSPACE_ADMIN, SECURITY_ADMIN)
READ, WRITE, ACTIVITY = "organization:read", "organization:write", "activity:read"
ORGANIZATION = "/organizations/{organization}"
WORKSPACE = ORGANIZATION + "/workspaces/{workspace}"
LONG_NAMES = {
    USER_ADMIN: "Organization User Admin",
    WORKSPACE_ADMIN: "Organization Workspace Admin",
    SECURITY_ADMIN: "Organization Security Admin",
}


@dataclass
class Call:
    """A request, as an operation sees it."""

    state: State
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    base: str
    raw_path: str
    user: Object = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    fault: str = ""
    # The workspace of the grant: files are seen and changed in it only.
    workspace: str = ""

    def named(self, kind: str, key: str, **match: Any) -> Object:
        """The object that the path names. Raises L(Problem) 404."""
        found = self.state.one(kind, self.path[key])
        if not found or any(found.get(name) != value for name, value in match.items()):
            raise Problem(404, NOT_FOUND, target=key)
        return found


@dataclass
class Reply:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


NO_CONTENT = Reply(204)
NOT_FOUND = "The requested resource could not be found"
Handler = Callable[[Call], Reply]


@dataclass(frozen=True)
class Operation:
    """One operation of the contract; C(body) names the schema of its request."""

    method: str
    path: str
    scope: str | None
    roles: tuple[str, ...]
    body: str | None
    handler: Handler


OPERATIONS: list[Operation] = []


def operation(
    method: str, path: str, scope: str | None, roles: tuple[str, ...] = ANY_ADMIN, body: str | None = None
) -> Callable[[Handler], Handler]:
    """Registers the handler of one operation of the contract. It is called with a body that C(body) allows."""

    def register(handler: Handler) -> Handler:
        OPERATIONS.append(Operation(method, path, scope, roles, body, handler))
        return handler

    return register


# The token endpoint.


def _basic(header: str) -> dict[str, str]:
    """The pair of an HTTP Basic header; its parts are URL-encoded (RFC 6749, 2.3.1)."""
    kind, _space, value = header.partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        name, _colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(password)}


def token(state: State, fields: dict[str, str], address: str, header: str = "") -> Reply:
    """POST /oauth2/token: the scope that is asked for does not narrow the token."""
    if fields.get("grant_type") != "client_credentials":
        return Reply(400, {"error": "invalid_request", "error_description": "grant_type must be client_credentials"})
    if state.switch("token_basic") == "accepted":
        fields = {**_basic(header), **fields}
    grant = next(iter(state.all("grant", client_id=fields.get("client_id"))), None)
    cause = refusal(state, grant, fields.get("client_secret") or "", address)
    if cause or not grant:
        return _token_refused(state, cause or "unknown_client")
    if grant.get("refusals_left"):
        state.put("grant", {**grant, "refusals_left": grant["refusals_left"] - 1})
        return _token_refused(state, "unknown_client")
    expires = state.now().timestamp() + 599
    claims = {"arid": grant["workspace"], "gid": grant["id"], "gen": grant["generation"], "exp": expires}
    return Reply(
        200,
        {
            "access_token": _sign(state, claims),
            "expires_in": 599,
            "scope": " ".join(grant["scopes"]),
            "token_type": "Bearer",
        },
    )


# How a refusal may show its cause: an error of its own, and a description.
TOKEN_CAUSES = {
    "unknown_client": ("401:invalid_client", "Unknown client"),
    "wrong_secret": ("401:invalid_client", "The client secret is wrong"),
    "user": ("400:unauthorized_client", "The user of the client is not active"),
    "expired": ("400:invalid_grant", "The client has expired"),
    "address": ("401:access_denied", "The address is not allowed"),
}


def _token_refused(state: State, cause: str) -> Reply:
    answer = state.switch("token_cause")
    error, description = TOKEN_CAUSES[cause]
    if answer == "none":
        description = "The client is not accepted"
    status, code = (error if answer == "error" else state.switch("token_error")).split(":")
    return Reply(int(status), {"error": code, "error_description": description})


def _sign(state: State, claims: Object) -> str:
    if state.switch("token_form") == "opaque":
        opaque = uuid.uuid4().hex + uuid.uuid4().hex
        state.put("token", {"id": opaque, "claims": claims})
        return opaque
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "HS256"}, claims)
    ]
    return ".".join([*parts, _signature(state, parts)])


def _signature(state: State, parts: list[str]) -> str:
    key = str(state.setting("token_key")).encode()
    return hmac.new(key, ".".join(parts).encode(), hashlib.sha256).hexdigest()


def _digest(header: str) -> str:
    return hashlib.sha256(header.partition(" ")[2].encode()).hexdigest()


def end_token(state: State, header: str) -> None:
    """From now on this token is refused, as if it had come to its end."""
    state.put("ended_token", {"id": _digest(header)})


def caller(state: State, header: str, scope: str | None, roles: tuple[str, ...]) -> tuple[Object, tuple[str, ...], str]:
    """The user behind a bearer token, its scopes and its workspace. Raises L(Problem) 401 and 403."""
    kind, _space, value = header.partition(" ")
    claims: Object | None = None
    if kind.lower() == "bearer":
        kept = state.one("token", value)
        parts = value.split(".")
        if kept:
            claims = kept["claims"]
        elif len(parts) == 3 and hmac.compare_digest(_signature(state, parts[:2]).encode(), parts[2].encode()):
            claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    if not claims or claims["exp"] < state.now().timestamp() or state.one("ended_token", _digest(header)):
        raise Problem(401, "No valid API token provided")
    grant = state.one("grant", claims["gid"])
    user = state.one("user", grant["user"]) if grant else None
    if state.switch("issued_tokens") == "die" and grant and user:
        works = user["status"] == "active" or state.switch("suspended_user") == "accepted"
        grant = grant if grant["generation"] == claims["gen"] and works else None
    if not grant or not user:
        raise Problem(401, "No valid API token provided")
    names = {role["name"] for role in state.all("org_role") if role["id"] in user["roles"]}
    if (scope and scope not in grant["scopes"]) or (roles and not names.intersection(roles)):
        raise Problem(403, "The API token does not have permissions to perform the request")
    return user, tuple(grant["scopes"]), str(grant["workspace"])


# Lists.


def _compared(item: Object, name: str) -> str:
    value: Any = item
    for part in name.split("/"):
        value = value.get(part) if isinstance(value, dict) else None
    return str("" if value is None else value)


def _chosen(call: Call, items: Sequence[Object]) -> Sequence[Object]:
    """What C($filter) (C(NAME eq VALUE)) and C($orderBy) (C(NAME desc)) leave of a list: the contract names no more."""
    answer = call.state.switch("filters")
    wanted, order = call.query.get("$filter"), call.query.get("$orderBy")
    if answer == "refused" and wanted:
        raise Problem(400, f"Filtering by '{wanted}' is not supported", "InvalidFilter", "$filter")
    if answer == "refused" and order:
        raise Problem(400, f"Ordering by '{order}' is not supported", "InvalidOrder", "$orderBy")
    if answer == "applied" and wanted:
        name, operator, value = [*wanted.split(None, 2), "", "", ""][:3]
        if operator != "eq":
            raise Problem(400, f"Filtering by '{wanted}' is not supported", "InvalidFilter", "$filter")
        items = [item for item in items if _compared(item, name) == value.strip("'")]
    if answer == "applied" and order:
        name, _space, direction = order.partition(" ")
        items = sorted(items, key=lambda item: _compared(item, name), reverse=direction == "desc")
    return items


def _place_of(call: Call) -> tuple[int, int]:
    """The size of the page that is asked for, and where it begins. A cursor is as the contract's example: base64url
    without padding of a query string."""
    size, offset, cursor = call.query.get("$maxpagesize", "1000"), "0", call.query.get("$next")
    try:
        if cursor:
            kept = dict(parse_qsl(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()))
            size, offset = kept["$limit"], kept["$offset"]
            call.query.update({name: kept[name] for name in ("$filter", "$orderBy") if name in kept})
        found = int(size), int(offset)
    except (ValueError, KeyError):
        raise Problem(400, "The page size or the cursor is not valid", "BadArgument", "$maxpagesize") from None
    if not 1 <= found[0] <= 1000:
        raise Problem(400, "$maxpagesize must be 1 to 1000", "BadArgument", "$maxpagesize")
    if found[1] < 0:
        raise Problem(400, "The cursor is not valid", "BadArgument", "$next")
    return found


def page(call: Call, items: Sequence[Object]) -> Reply:
    """One page of a list (contract: $maxpagesize of 1 to 1000, $next, @nextLink)."""
    size, offset = _place_of(call)
    items = _chosen(call, items)
    if call.fault == "page_shift" and offset + size >= len(items) and offset + 1 < len(items):
        size = (len(items) - offset + 1) // 2  # so that there is a next page to which an item can shift
    body: Object = {"data": list(items[offset : offset + size])}
    if offset + size < len(items):
        shifted = 1 if call.fault == "page_shift" and size > 1 else 0
        following: Object = {"$limit": size, "$offset": offset + size - shifted}
        following |= {name: call.query[name] for name in ("$filter", "$orderBy") if call.query.get(name)}
        cursor = base64.urlsafe_b64encode(urlencode(following).encode()).decode().rstrip("=")
        link = f"{call.raw_path}?{urlencode({'$next': cursor})}"
        body["@nextLink"] = (call.base if call.state.switch("next_link") == "address" else "") + link
    return Reply(200, body)


def accepted(call: Call, failure: str | None = None, change: Object | None = None) -> Reply:
    """202: what was asked is done, or the change of it will be, and an operation reports it when it is polled."""
    number = uuid.uuid4().hex
    status = "failed" if failure else "completed"
    details = [{"code": "Failed", "message": failure}] if failure else []
    call.state.put(
        "operation",
        {
            "id": number,
            "status": status,
            "details": details,
            "polled": 0,
            "change": change,
            "at": call.state.timestamp(),
            "user": call.user["id"],
        },
    )
    link = f"{call.base}/operations/{number}"
    body = {"operationLocation": link} if call.state.switch("accepted_body") == "operationLocation" else None
    return Reply(202, body, {"Location": link, "Retry-After": pace(call.state, 5)})


def pace(state: State, seen: int) -> str:
    """The seconds that the client is asked to wait."""
    return str(seen) if state.switch("accepted_pace") == "as_seen" else "0"


def shown_user(user: Object) -> Object:
    fields = ("id", "givenName", "familyName", "displayName", "email", "username", "status")
    return {
        **{name: user[name] for name in fields},
        "created": {"dateTime": user["created"]},
        "modified": {"dateTime": user["modified"]},
    }


def shown_workspace(state: State, workspace: Object) -> Object:
    organization = state.all("organization")[0]
    return {
        "id": workspace["id"],
        "name": workspace["name"],
        "organization": {"id": organization["id"], "name": organization["name"]},
        "solutions": [item for item in state.all("solution") if item["id"] in workspace["solutions"]],
        "created": {"dateTime": workspace["created"]},
        "modified": {"dateTime": workspace["modified"]},
    }


def shown_membership(state: State, membership: Object) -> Object:
    user = state.one("user", membership["user"]) or {"id": membership["user"], "displayName": ""}
    workspace = state.one("workspace", membership["workspace"]) or {"id": membership["workspace"], "name": ""}
    return {
        "id": membership["id"],
        "user": {"id": user["id"], "displayName": user["displayName"]},
        "workspace": {"id": workspace["id"], "name": workspace["name"]},
        "created": {"dateTime": membership["created"]},
        "modified": {"dateTime": membership["created"]},
    }


def shown_group(group: Object, with_members: bool = False) -> Object:
    shown: Object = {
        "id": group["id"],
        "name": group["name"],
        "memberCount": len(group["members"]),
        "created": {"dateTime": group["created"]},
        "modified": {"dateTime": group.get("modified") or group["created"]},
    }
    return {**shown, "members": [{"id": user} for user in group["members"]]} if with_members else shown


def patched(call: Call, item: Object, allowed: tuple[str, ...]) -> Object:
    """A JSON Patch: only C(replace) of the fields that the contract allows."""
    if not call.body:
        raise Problem(400, "A JSON Patch needs an operation", "BadArgument")
    changed = dict(item)
    for step in call.body:
        name, value = step["path"].removeprefix("/"), step.get("value")
        if step["op"] != "replace" or name not in allowed:
            raise Problem(400, f"Only replace of {', '.join(allowed)} is supported", "BadArgument", name)
        if not isinstance(value, str) or (name in ("name", "username") and not value.strip()):
            raise Problem(400, f"{name} must be a string that is not empty", "BadArgument", name)
        changed[name] = value
    return {**changed, "modified": call.state.timestamp()}
