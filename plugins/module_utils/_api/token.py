# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""A bearer token: how it is asked for, and what it shows of its grant.

An answer counts only where the token endpoint itself answered (contract, POST /oauth2/token: C(BearerToken) and C(IamError),
which is the error response of RFC 6749, 5.2). The contract has no other form for this path: the C(ErrorResponse) of the
API's other paths, a page of a proxy and the JSON of a gateway say nothing of a grant, whatever their status.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.answers import (
    JsonObject,
    asked_wait,
    described,
    json_of,
    named,
    request_id_of,
)
from ansible_collections.integrations.workiva.plugins.module_utils._api.connection import (
    OTHER_TOKEN_PATH,
    TOKEN_PATH,
    Connection,
)
from ansible_collections.integrations.workiva.plugins.module_utils._api.fields import read_text
from ansible_collections.integrations.workiva.plugins.module_utils._api.session import Session
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    TokenRefused,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import describe_malformed, register_secret

# OAuth words for trouble of the server's own (contract, IamError.error), which say nothing of a grant.
TROUBLE = ("server_error", "temporarily_unavailable")
# The contract lists some values of C(error) and not those of RFC 6749, 5.2 (C(invalid_client)), so that each such word counts.
_OAUTH_ERROR = re.compile(r"[a-z]+(?:_[a-z]+)*")
# What gateways put beside an C(error) of their own (Spring: timestamp, status, error, path), and OAuth servers do not.
_GATEWAY_KEYS = frozenset({"timestamp", "status", "path", "code", "message", "trace"})
# Contract: 400 and 401; a blocked address may well be answered with 403.
REFUSALS = (400, 401, 403)


@dataclass(frozen=True)
class Token:
    """A bearer token and what it shows of its grant. C(workspace_id) is read from the claim C(arid) where there is one:
    the contract calls a token opaque, so that its absence means nothing. A token that was given shows its scopes only
    where it can be read as well."""

    value: str = field(repr=False)
    scopes: tuple[str, ...] = ()
    expires_at: float = 0.0
    workspace_id: str | None = None


def claims_of(token: str) -> JsonObject:
    """The claims in a token that happens to be a JWT, or nothing. Nothing is verified: this is no proof."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def workspace_of(token: str) -> str | None:
    """The workspace id in a token that can be read, or None."""
    found = claims_of(token).get("arid")
    return found if isinstance(found, str) else None


def read_token(value: str) -> Token:
    """A token that was given instead of credentials, with what can be read in it."""
    scopes = claims_of(value).get("scp")
    known = tuple(map(str, scopes)) if isinstance(scopes, list) else ()
    return Token(value, known, float("inf"), workspace_of(value))


def oauth_error(body: Mapping[str, Any]) -> str | None:
    """The C(error) of an answer in the form of RFC 6749, 5.2 (contract, C(IamError)), or None where it has another form.

    It is one word of small letters and underscores; an answer with a key that only gateways use is none of OAuth's.
    """
    error = body.get("error")
    if not isinstance(error, str) or not _OAUTH_ERROR.fullmatch(error) or _GATEWAY_KEYS & set(body):
        return None
    return safe_text(error)


def request_token(session: Session, connection: Connection) -> Token:
    """Asks the token endpoint. Raises L(InvalidArgument) before anything is sent, L(TokenRefused) where the endpoint
    refuses in its own form, and L(Unreachable) for every other answer and for none."""
    if not (connection.client_id and connection.client_secret):
        raise InvalidArgument("client_id and client_secret (or access_token) are required for requests to Workiva.")
    wrong = describe_malformed(connection.client_id, connection.client_secret)
    if wrong:
        raise InvalidArgument(wrong)
    answer = session.send(
        "POST",
        connection.token_endpoint,
        repeatable=True,
        data={
            "grant_type": "client_credentials",
            "client_id": connection.client_id,
            "client_secret": connection.client_secret,
        },
    )
    what = f"The token request to {connection.token_endpoint} for client ID {connection.client_id}"
    body = json_of(answer) or {}
    status = answer.status_code
    code = oauth_error(body)
    explained = body.get("error_description")
    said = safe_text(f"{code}: {explained}" if explained else code) if code else ""
    if status == 429 or status >= 500 or (status in REFUSALS and code in TROUBLE):
        raise Unreachable(
            f"{what} was answered with {status} ({said or described(answer)}). The state of the grant is unknown."
            f"{asked_wait(answer)} Run again later.",
            status=status,
            code=code,
            request_id=request_id_of(answer),
        )
    if status in REFUSALS and code:
        raise TokenRefused(
            f"{what} was refused ({status}, {said}){named(answer)}. Workiva does not publish which answer has which "
            "cause. The client credentials may be wrong, the grant may be expired or deleted, its user may be suspended, or the "
            "IP allowlist of the grant may not have the address of this machine.",
            status=status,
            code=code,
            request_id=request_id_of(answer),
        )
    value = body.get("access_token")
    if status != 200 or not isinstance(value, str) or not value:
        raise Unreachable(
            f"{what} was answered with {status} and {described(answer, 'a token')}: this is not Workiva's token "
            f"endpoint, and the state of the grant is unknown. {_where_to_look(connection, status)}",
            status=status,
        )
    register_secret(value)
    lifetime = body.get("expires_in")
    return Token(
        value,
        tuple(read_text(body, "scope", answer=what, empty_ok=True).split()),
        time.time() + (lifetime if isinstance(lifetime, (int, float)) else 0),
        workspace_of(value),
    )


def _where_to_look(connection: Connection, status: int) -> str:
    advice = (
        "Check region or api_url, and what is between this machine and Workiva (a proxy, a firewall, a sign-in page)."
    )
    if status != 404:
        return advice
    paths = [TOKEN_PATH, OTHER_TOKEN_PATH]
    other = paths[connection.token_endpoint == connection.api_url + TOKEN_PATH]
    return f"{advice} Workiva publishes another path too. To use it, set token_endpoint to {connection.api_url}{other}."
