# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The client of the Workiva API: a token, requests, pages, long-running operations, errors that tell what to do.

Its facts come from the vendor's contract of 2026-01-01 (C(paths), C(components.responses)).
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from ansible_collections.integrations.workiva.plugins.module_utils._answers import (
    API_VERSION,
    asked_wait,
    body_of,
    named,
    refusal,
    request_id_of,
    text_of,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    AnswerLost,
    InvalidArgument,
    NotFound,
    OperationFailed,
    TokenRefused,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._operations import Operation
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import (
    malformed_pair,
    register_password_of,
    register_secret,
)
from ansible_collections.integrations.workiva.plugins.module_utils._session import Session, places
from ansible_collections.integrations.workiva.plugins.module_utils._token_cache import TokenCache

AGENT = "integrations.workiva/0.1.0"
# Contract, servers.
API_URLS = {
    "us": "https://api.app.wdesk.com",
    "eu": "https://api.eu.wdesk.com",
    "apac": "https://api.apac.wdesk.com",
}
# Contract, components.securitySchemes: tokenUrl. It answers without a version header too.
TOKEN_PATH = "/iam/v1/oauth2/token"  # noqa: S105 - a path
# A token lives 599 seconds; one with less than this left is not used for a new request.
TOKEN_MARGIN = 90.0
# OAuth words for trouble of the server's own (contract, IamError.error), which say nothing of a grant.
TROUBLE = ("server_error", "temporarily_unavailable")
MOST_PAGES = 10000


@dataclass(frozen=True)
class Connection:
    """Where the organization is and who asks. Raises L(InvalidArgument) before anything is sent."""

    api_url: str
    organization_id: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    ca_path: str | None = None
    proxy: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    retries: int = 5
    connect_to: tuple[str, ...] = ()
    token_cache: str | None = None

    def __post_init__(self) -> None:
        register_secret(self.client_secret)
        register_secret(self.access_token)
        register_password_of(self.proxy)

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any], token_cache: str | None = None) -> Connection:
        """Reads the connection options that every task of the collection shares."""
        url = arguments.get("api_url") or API_URLS.get(arguments.get("region") or "")
        if not url:
            raise InvalidArgument(
                "Either region (us, eu, apac) or api_url is needed to know where the organization is."
            )
        parts = _address(url)
        if parts and (parts.username or parts.password):
            raise InvalidArgument("api_url must not hold a user or a password.")
        if parts is None or parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
            raise InvalidArgument(f"api_url must be an https:// address, since every call carries a credential: {url}")
        proxy = _address(arguments.get("proxy") or "http://none")
        if proxy is None or not (proxy.scheme and proxy.hostname):
            raise InvalidArgument("proxy must be an address such as http://proxy.example.com:3128.")
        return cls(
            api_url=f"https://{parts.netloc}{parts.path.rstrip('/')}",
            organization_id=arguments.get("organization_id"),
            client_id=arguments.get("client_id"),
            client_secret=arguments.get("client_secret"),
            access_token=arguments.get("access_token"),
            ca_path=arguments.get("ca_path"),
            proxy=arguments.get("proxy") or None,
            timeout=arguments.get("timeout") or cls.timeout,
            retries=cls.retries if arguments.get("retries") is None else arguments["retries"],
            connect_to=tuple(arguments.get("connect_to") or ()),
            token_cache=token_cache,
        )


def _address(url: str) -> SplitResult | None:
    """The parts of an address, or None where its host or port is malformed."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return None
    return parts


@dataclass(frozen=True)
class Token:
    """A bearer token and what it shows of its grant. C(workspace_id) is read from the claim C(arid) where there is one:
    the contract calls a token opaque, so that its absence means nothing. A token that was given shows its scopes only
    where it can be read as well."""

    value: str = field(repr=False)
    scopes: tuple[str, ...] = ()
    expires_at: float = 0.0
    workspace_id: str | None = None


def claims_of(token: str) -> dict[str, Any]:
    """The claims in a token that happens to be a JWT, or nothing. Nothing is verified: this is no proof."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def workspace_of(token: str) -> str | None:
    """The workspace id in a token that can be read, or None."""
    found = claims_of(token).get("arid")
    return found if isinstance(found, str) else None


def _given(value: str) -> Token:
    scopes = claims_of(value).get("scp")
    known = tuple(map(str, scopes)) if isinstance(scopes, list) else ()
    return Token(value, known, float("inf"), workspace_of(value))


class Client:
    """Talks to one organization with one credential; a context manager that closes its connections."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session = Session(
            ca_path=connection.ca_path,
            proxy=connection.proxy,
            timeout=connection.timeout,
            retries=connection.retries,
            elsewhere=places(list(connection.connect_to)),
            headers={"User-Agent": AGENT, "X-Version": API_VERSION},
        )
        self._token: Token | None = None
        self._renew_at = float("inf")
        self._cache: TokenCache | None = None
        if connection.access_token:
            self._token = _given(connection.access_token)
        elif connection.token_cache and connection.client_id and connection.client_secret:
            self._cache = TokenCache(
                connection.token_cache, connection.api_url, connection.client_id, connection.client_secret
            )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._session.close()

    @property
    def requests_sent(self) -> int:
        """How many requests went out, the token's included."""
        return self._session.requests_sent

    @property
    def organization_path(self) -> str:
        """C(/organizations/ID) of the organization that was named. Raises L(InvalidArgument) where none was."""
        if not self._connection.organization_id:
            raise InvalidArgument(
                "organization_id is needed (it stands after /o/ in the address of the Organization Admin page)."
            )
        return f"/organizations/{self._connection.organization_id}"

    # The token.

    def token(self) -> Token:
        """The token in use, or a new one. Raises L(TokenRefused) where the endpoint says no, and L(Unreachable)."""
        if self._token is None and self._cache:
            kept = self._cache.read()
            if kept:
                register_secret(kept["value"])
                self._token = Token(kept["value"], tuple(kept["scopes"]), kept["expires_at"], kept["workspace_id"])
                self._renew_at = self._token.expires_at - TOKEN_MARGIN
            if self._token and self._token.expires_at - time.time() < TOKEN_MARGIN:
                self._token = None
        if self._token is None or time.time() > self._renew_at:
            self._token = self._new_token()
            # A token with a short life is used for most of it all the same.
            life = self._token.expires_at - time.time()
            self._renew_at = self._token.expires_at - min(TOKEN_MARGIN, life / 4) if life > 0 else float("inf")
            if self._cache:
                self._cache.write(
                    {
                        "value": self._token.value,
                        "scopes": self._token.scopes,
                        "expires_at": self._token.expires_at,
                        "workspace_id": self._token.workspace_id,
                    }
                )
        return self._token

    def _new_token(self) -> Token:
        connection = self._connection
        if not (connection.client_id and connection.client_secret):
            raise InvalidArgument("client_id and client_secret (or access_token) are needed to talk to Workiva.")
        wrong = malformed_pair(connection.client_id, connection.client_secret)
        if wrong:
            raise InvalidArgument(wrong)
        answer = self._session.send(
            "POST",
            connection.api_url + TOKEN_PATH,
            repeatable=True,
            data={
                "grant_type": "client_credentials",
                "client_id": connection.client_id,
                "client_secret": connection.client_secret,
            },
        )
        what = f"The token request to {connection.api_url}{TOKEN_PATH} for client id {connection.client_id}"
        body = body_of(answer) or {}
        status = answer.status_code
        said = ": ".join(str(body[key]) for key in ("error", "error_description") if body.get(key))
        said = said.replace(connection.client_secret, "(the secret)")
        if status == 429 or status >= 500 or body.get("error") in TROUBLE:
            raise Unreachable(
                f"{what} was answered with {status}{' (' + said + ')' if said else ''}: nothing is known of the grant."
                f"{asked_wait(answer)} Try again later.",
                status=status,
                code=text_of(body.get("error")),
                request_id=request_id_of(answer),
            )
        if status in (400, 401, 403):
            raise TokenRefused(
                f"{what} was refused ({status}{', ' + said if said else ''}){named(answer)}. The vendor does not "
                "publish which answer means what: the pair may be wrong, the grant expired or deleted, its user "
                "suspended, or this machine's address not in the grant's IP allowlist.",
                status=status,
                code=text_of(body.get("error")),
                request_id=request_id_of(answer),
            )
        value = body.get("access_token")
        if status != 200 or not isinstance(value, str) or not value:
            raise Unreachable(
                f"{what} was answered with {status} and without a token: this is not Workiva's token endpoint. "
                "Check region or api_url, and what stands between this machine and Workiva.",
                status=status,
            )
        register_secret(value)
        lifetime = body.get("expires_in")
        return Token(
            value,
            tuple(str(body.get("scope") or "").split()),
            time.time() + (lifetime if isinstance(lifetime, (int, float)) else 0),
            workspace_of(value),
        )

    # Requests.

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One object or one page. Raises L(NotFound), L(Refused), L(TokenRefused) and L(Unreachable)."""
        found = body_of(self._answer("GET", path, params=params))
        if found is None:
            raise Unreachable(
                f"GET {path} was answered with something else than a JSON object: a cut answer, or a proxy's page."
            )
        return found

    def post(self, path: str, body: Any = None, *, repeatable: bool = False) -> dict[str, Any]:
        """Raises L(AnswerLost) where the request may have been carried out and is not C(repeatable)."""
        answer = self._answer("POST", path, json=body, repeatable=repeatable)
        found = body_of(answer)
        if found is None and answer.content:
            kind = Unreachable if repeatable else AnswerLost
            raise kind(f"POST {path} was answered with {answer.status_code} and a body that cannot be read.")
        return found or {}

    def patch(self, path: str, body: Any) -> dict[str, Any]:
        """A JSON Patch of C(replace) operations only, so that it may be repeated."""
        return body_of(self._answer("PATCH", path, json=body, repeatable=True)) or {}

    def delete(self, path: str) -> None:
        """Deletes; what a repeat finds gone is what was asked for. Raises L(Refused)."""
        try:
            self._answer("DELETE", path, repeatable=True)
        except NotFound:
            return

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Every item of a list, page after page, on the API's own host only.

        C(@nextLink) is a whole address (contract, every list); C(links.next) of C(orgReportUsers) names an older host
        and path in the contract's example, so that only its query is used.
        """
        seen: set[str] = set()
        query = dict(params or {})
        for _page in range(MOST_PAGES):
            page = self.get(path, query)
            if "data" not in page:
                raise Unreachable(f"GET {path} was answered without a list: nothing was decided on it.")
            yield from page["data"] or []
            following = page.get("@nextLink") or (page.get("links") or {}).get("next")
            if not following:
                return
            if following in seen:
                break
            seen.add(following)
            link = self._link(path, following)
            if page.get("@nextLink") and not self._here(link):
                raise Unreachable(
                    f"GET {path} points for its next page to another host ({link.hostname}): not followed."
                )
            query = dict(parse_qsl(link.query, keep_blank_values=True))
        raise Unreachable(f"GET {path} leads from page to page in a circle; nothing was decided on it.")

    def submit(self, path: str, body: Any) -> Operation | None:
        """A POST that the platform may carry out later: the operation to wait for, or None where it is done already.

        Only role assignments and revocations are such (contract); repeating one changes nothing.
        Raises L(OperationFailed) where nothing tells how it ends.
        """
        answer = self._answer("POST", path, json=body, repeatable=True)
        if answer.status_code != 202:
            return None
        location = answer.headers.get("Location") or (body_of(answer) or {}).get("operationLocation")
        if not location:
            raise OperationFailed(f"POST {path} was accepted, but the answer names no operation: its end is not known.")
        link = self._link(path, location)
        if not self._here(link):
            raise OperationFailed(
                f"POST {path} points for its operation to another host ({link.hostname}): not followed."
            )
        operation_path = link.path[len(urlsplit(self._connection.api_url).path) :]
        return Operation(f"POST {path}", answer, lambda: self._answer("GET", operation_path))

    def _link(self, path: str, address: str) -> SplitResult:
        link = _address(urljoin(self._connection.api_url + path, address))
        if link is None:
            raise Unreachable(f"{path} was answered with a link that is no address: not followed.")
        return link

    def _here(self, link: SplitResult) -> bool:
        """Whether an address that the server gave is the API's own."""
        own = urlsplit(self._connection.api_url)
        return (
            link.scheme == "https"
            and link.hostname == own.hostname
            and (link.port or 443) == (own.port or 443)
            and link.path.startswith(own.path)
        )

    def _answer(self, method: str, path: str, *, repeatable: bool | None = None, **request: Any) -> Any:
        """Sends with the token; a 401 in mid-run costs one new token and one more try."""
        url = self._connection.api_url + path
        given = bool(self._connection.access_token)
        for renewed in (False, True):
            token = self.token()
            answer = self._session.send(method, url, token=token.value, repeatable=repeatable, **request)
            if answer.status_code != 401 or renewed or given:
                break
            self._token = None
            if self._cache:
                self._cache.drop()
        if answer.status_code < 400:
            return answer
        may_repeat = method != "POST" if repeatable is None else repeatable
        raise refusal(method, path, answer, may_repeat, given)
