# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The client of the Workiva API: requests with a token, pages, long-running operations.

Its facts come from the vendor's contract of 2026-01-01 (C(paths), C(components.responses)). An answer counts only in the
contract's form; every other one, whatever its status, raises L(Unreachable) or L(AnswerLost).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from ansible_collections.integrations.workiva.plugins.module_utils._api.answers import (
    API_VERSION,
    JsonObject,
    foreign,
    is_empty_success,
    json_of,
    refusal,
)
from ansible_collections.integrations.workiva.plugins.module_utils._api.connection import Connection, split_address
from ansible_collections.integrations.workiva.plugins.module_utils._api.fields import find_list, find_text
from ansible_collections.integrations.workiva.plugins.module_utils._api.operations import Operation
from ansible_collections.integrations.workiva.plugins.module_utils._api.session import Session, places
from ansible_collections.integrations.workiva.plugins.module_utils._api.token import Token, read_token, request_token
from ansible_collections.integrations.workiva.plugins.module_utils._api.token_cache import TokenCache
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    NotFound,
    OperationFailed,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import register_secret

__all__ = ["Client", "Connection"]

AGENT = "integrations.workiva/0.1.0"
# A token lives 599 seconds; one with less than this left is not used for a new request.
TOKEN_MARGIN = 90.0
MOST_PAGES = 10000


def open_session(connection: Connection) -> Session:
    """The connections to an address, for one client or for several. Raises L(InvalidArgument)."""
    return Session(
        ca_path=connection.ca_path,
        proxy=connection.proxy,
        timeout=connection.timeout,
        retries=connection.retries,
        elsewhere=places(list(connection.connect_to)),
        headers={"User-Agent": AGENT, "X-Version": API_VERSION},
    )


class Client:
    """Talks to one organization with one credential, for several threads at once; a context manager that closes its connections.

    C(session): the connections of other clients to the same address, which stay open. They carry no credential of their own.
    """

    def __init__(self, connection: Connection, session: Session | None = None) -> None:
        self._connection = connection
        self._owns_session = session is None
        self._session = session or open_session(connection)
        self._turn = threading.RLock()
        self._token: Token | None = None
        self._renew_at = float("inf")
        self._cache: TokenCache | None = None
        if connection.access_token:
            self._token = read_token(connection.access_token)
        elif connection.token_cache and connection.client_id and connection.client_secret:
            self._cache = TokenCache(
                connection.token_cache, connection.api_url, connection.client_id, connection.client_secret
            )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._owns_session:
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
                "organization_id is required. It follows /o/ in the address of the Organization Admin page."
            )
        return f"/organizations/{self._connection.organization_id}"

    # The token.

    def token(self) -> Token:
        """The token in use, or a new one, which one thread requests for all.

        Raises L(TokenRefused) where the endpoint says no, and L(Unreachable).
        """
        with self._turn:
            if self._token is None and self._cache:
                self._token = self._cache.read()
                if self._token:
                    register_secret(self._token.value)
                    self._renew_at = self._token.expires_at - TOKEN_MARGIN
                if self._token and self._token.expires_at - time.time() < TOKEN_MARGIN:
                    self._token = None
            if self._token is None or time.time() > self._renew_at:
                return self.request_token()
            return self._token

    def request_token(self) -> Token:
        """A new token in any case, which the other tasks of the run use as well. Raises as C(token) does."""
        self._token = request_token(self._session, self._connection)
        # A token with a short life is used for most of it all the same.
        life = self._token.expires_at - time.time()
        self._renew_at = self._token.expires_at - min(TOKEN_MARGIN, life / 4) if life > 0 else float("inf")
        if self._cache:
            self._cache.write(self._token)
        return self._token

    def _drop(self, token: Token) -> None:
        """Forgets a token that was refused, unless another thread has replaced it already."""
        with self._turn:
            if self._token is token:
                self._token = None
                if self._cache:
                    self._cache.drop()

    # Requests.

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> JsonObject:
        """One object or one page. Raises L(NotFound), L(Refused), L(TokenRefused) and L(Unreachable)."""
        return self._object("GET", path, self._answer("GET", path, params=params), (200,))

    def create(self, path: str, body: Any) -> JsonObject:
        """Creates one object. Raises L(AnswerLost) where it may have been created all the same, and L(Refused)."""
        answer = self._answer("POST", path, json=body, repeatable=False)
        return self._identified("POST", path, answer, (200, 201))

    def modify(self, path: str, body: Any, *, repeatable: bool) -> None:
        """A POST to a C(modification), which the contract answers with an empty 204. Raises L(AnswerLost), L(Refused)."""
        answer = self._answer("POST", path, json=body, repeatable=repeatable)
        if not is_empty_success(answer):
            raise foreign("POST", path, answer)

    def patch(self, path: str, body: Any) -> JsonObject:
        """A JSON Patch of C(replace) operations only, so that it may be repeated. Raises L(AnswerLost), L(Refused)."""
        return self._identified("PATCH", path, self._answer("PATCH", path, json=body, repeatable=True), (200,))

    def delete(self, path: str) -> None:
        """Deletes; what the API itself says is not there is what was asked for. Raises L(AnswerLost), L(Refused)."""
        try:
            answer = self._answer("DELETE", path, repeatable=True)
        except NotFound:
            return
        if not is_empty_success(answer):
            raise foreign("DELETE", path, answer)

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[JsonObject]:
        """Every item of a list, page after page, on the API's own host only.

        C(@nextLink) is a whole address (contract, every list); C(links.next) of C(orgReportUsers) names an older host
        and path in the contract's example, so that only its query is used.
        """
        seen: set[str] = set()
        query = dict(params or {})
        for _page in range(MOST_PAGES):
            page = self.get(path, query)
            items = find_list(page, "data", answer=f"GET {path}")
            if items is None or not all(isinstance(item, dict) for item in items):
                raise Unreachable(
                    f"GET {path} was answered without a list of objects in data. The answer was not used.", status=200
                )
            yield from items
            next_link = find_text(page, "@nextLink", answer=f"GET {path}")
            following = next_link or find_text(page, "links", "next", answer=f"GET {path}")
            if not following:
                return
            if following in seen:
                break
            seen.add(following)
            link = self._link(path, following)
            if next_link and not self._here(link):
                raise Unreachable(
                    f"GET {path} has its next page on another host ({link.hostname}). That link was not followed."
                )
            query = dict(parse_qsl(link.query, keep_blank_values=True))
        raise Unreachable(f"GET {path} leads from page to page in a circle. The answers were not used.")

    def submit(self, path: str, body: Any) -> Operation | None:
        """A POST that the platform may carry out later: the operation to wait for, or None where it is done already.

        Only role assignments and revocations are such (contract); repeating one changes nothing.
        Raises L(OperationFailed) where nothing shows how it ends, and L(AnswerLost).
        """
        answer = self._answer("POST", path, json=body, repeatable=True)
        if is_empty_success(answer):
            return None
        accepted = json_of(answer)
        if answer.status_code != 202 or (accepted is None and answer.content.strip()):
            raise foreign("POST", path, answer)
        location = answer.headers.get("Location") or find_text(accepted, "operationLocation", answer=f"POST {path}")
        if not location:
            raise OperationFailed(
                f"POST {path} was accepted, but the answer names no operation. Whether it was carried out is unknown."
            )
        link = self._link(path, location)
        if not self._here(link):
            raise OperationFailed(
                f"POST {path} has its operation on another host ({link.hostname}). That link was not followed."
            )
        operation_path = link.path[len(urlsplit(self._connection.api_url).path) :]
        return Operation(f"POST {path}", answer, lambda: self._answer("GET", operation_path))

    def _link(self, path: str, address: str) -> SplitResult:
        link = split_address(urljoin(self._connection.api_url + path, address))
        if link is None:
            raise Unreachable(f"{path} was answered with a link that is not an address. It was not followed.")
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

    def _object(self, method: str, path: str, answer: Any, statuses: tuple[int, ...]) -> JsonObject:
        """The JSON object of a success. Raises L(Unreachable) or L(AnswerLost) where the answer is none of the API's."""
        found = json_of(answer)
        if found is None or answer.status_code not in statuses:
            raise foreign(method, path, answer)
        return found

    def _identified(self, method: str, path: str, answer: Any, statuses: tuple[int, ...]) -> JsonObject:
        """The same of what was created or changed. Without its id it was perhaps carried out, and only a look shows that."""
        found = self._object(method, path, answer, statuses)
        identifier = found.get("id")
        if not isinstance(identifier, str) or not identifier:
            raise foreign(method, path, answer, "the id of what was created or changed")
        return found

    def _answer(self, method: str, path: str, *, repeatable: bool | None = None, **request: Any) -> Any:
        """Sends with the token; a 401 in mid-run costs one new token and one more try."""
        url = self._connection.api_url + path
        given = bool(self._connection.access_token)
        for renewed in (False, True):
            token = self.token()
            answer = self._session.send(method, url, token=token.value, repeatable=repeatable, **request)
            if answer.status_code != 401 or renewed or given:
                break
            self._drop(token)
        if answer.status_code < 400:
            return answer
        may_repeat = method != "POST" if repeatable is None else repeatable
        raise refusal(method, path, answer, may_repeat, given)
