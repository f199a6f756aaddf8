# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The HTTPS session: where a host is dialled, what is verified, what is retried and how long is waited."""

from __future__ import annotations

import email.utils
import math
import os
import random
import threading
import time
from typing import Any
from urllib.parse import urljoin, urlsplit

from ansible_collections.integrations.workiva.plugins.module_utils._api.limiter import LIMITER
from ansible_collections.integrations.workiva.plugins.module_utils._api.network import Proxy, check_proxy, describe
from ansible_collections.integrations.workiva.plugins.module_utils._api.verification import (
    describe_incomplete,
    describe_not_strict,
    describe_unseen,
    find_refusal,
    look,
    refusal_code,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    AnswerLost,
    InvalidArgument,
    MissingLibrary,
    TLSFailure,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong, safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import malformed_token

try:
    import requests
    import requests.adapters
    import requests.utils
    from urllib3 import HTTPSConnectionPool
    from urllib3.connection import HTTPSConnection

    LIBRARY: str | None = None
except ImportError as missing:
    LIBRARY = safe_text(missing)

LONGEST_WAIT = 60.0
# A 429 is not an attempt: the server did nothing. It is waited for until this much time went by in one request.
LONGEST_TOTAL_WAIT = 300.0
MOST_LIMITED = 30
RETRIED_STATUSES = (500, 502, 503, 504)
SAFE_METHODS = ("GET", "HEAD")
# requests takes an address without a scheme, and SOCKS where its library is installed.
_OF_ENVIRONMENT = ("", "http", "https", "socks4", "socks4a", "socks5", "socks5h")

Places = dict[tuple[str, int], tuple[str, int]]


def require_library() -> None:
    """Fails with the name of the package where requests is not installed."""
    if LIBRARY:
        raise MissingLibrary(
            f"This task needs the Python package requests on the machine where it runs, and could not import it ({LIBRARY}). "
            "Install it there, for example with the package python3-requests of the system."
        )


def places(connect_to: list[str]) -> Places:
    """Reads entries like curl's --connect-to (HOST:PORT:ADDRESS:PORT, an IPv6 address in brackets)."""
    found: Places = {}
    for place, entry in enumerate(connect_to, start=1):
        parts = _split(entry)
        if len(parts) != 4 or not all(parts) or not parts[1].isdigit() or not parts[3].isdigit():
            raise InvalidArgument(
                f"connect_to accepts entries HOST:PORT:ADDRESS:PORT, as curl does. Entry {place} is not one. Correct it."
            )
        found[(parts[0].lower(), int(parts[1]))] = (parts[2], int(parts[3]))
    return found


def _split(entry: str) -> list[str]:
    parts = [""]
    inside = False
    for character in entry:
        if character in "[]":
            inside = character == "["
        elif character == ":" and not inside:
            parts.append("")
        else:
            parts[-1] += character
    return parts


if not LIBRARY:

    class _ElsewhereAdapter(requests.adapters.HTTPAdapter):
        """Dials another address for a host; the server name, the Host header and the verification keep the real one."""

        def __init__(self, elsewhere: Places) -> None:
            self._elsewhere = elsewhere
            super().__init__(max_retries=0)

        def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
            super().init_poolmanager(*arguments, **options)
            elsewhere = self._elsewhere

            class Connection(HTTPSConnection):
                def _new_conn(self) -> Any:
                    real = self._dns_host, self.port
                    self._dns_host, self.port = elsewhere.get((real[0].lower(), real[1] or 443), real)
                    try:
                        return super()._new_conn()
                    finally:
                        self._dns_host, self.port = real

            class Pool(HTTPSConnectionPool):
                ConnectionCls = Connection

            self.poolmanager.pool_classes_by_scheme = {**self.poolmanager.pool_classes_by_scheme, "https": Pool}


class Session:
    """Keep-alive HTTPS connections that threads share. A request either brings an answer (of any status) or raises
    L(Unreachable).

    A C(requests.Session) is not used, because threads cannot share one: it keeps cookies and looks up the environment for
    each request. The adapter below it hands each request a connection of its own out of a pool that is safe for threads.
    """

    def __init__(
        self,
        *,
        ca_path: str | None,
        proxy: str | None,
        timeout: float,
        retries: int,
        elsewhere: Places,
        headers: dict[str, str],
    ) -> None:
        require_library()
        if proxy and elsewhere:
            raise InvalidArgument(
                "connect_to and proxy cannot be used together, because a proxy connects to the host itself."
            )
        if ca_path and not os.path.exists(ca_path):
            raise InvalidArgument(
                f"ca_path names no file of certificates on the machine where this task runs: {safe_text(ca_path)}. Nothing was sent. "
                "Correct ca_path."
            )
        if retries < 0 or timeout <= 0:
            raise InvalidArgument("retries must be 0 or more, and timeout more than 0 seconds.")
        self._adapter = _ElsewhereAdapter(elsewhere) if elsewhere else requests.adapters.HTTPAdapter()
        # A proxy of the environment would dial the host itself.
        self._trust_environment = not elsewhere
        bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
        self._verify: str | bool = ca_path or (bundle if self._trust_environment and bundle else True)
        self._headers = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate", **headers}
        self._elsewhere = elsewhere
        self._proxy = check_proxy(proxy) if proxy else None
        self._proxies: dict[str, dict[str, str]] = {}
        self._timeout = timeout
        self._retries = retries
        self._lock = threading.Lock()
        self._sent = 0

    @property
    def requests_sent(self) -> int:
        """How many requests went out."""
        return self._sent

    def close(self) -> None:
        """Ends the session's connections."""
        self._adapter.close()

    def send(
        self, method: str, url: str, *, token: str | None = None, repeatable: bool | None = None, **request: Any
    ) -> Any:
        """Sends until there is an answer, as often as may be, and returns it.

        A 429 is sent again, since the server did nothing; one in another form than the API's (a page of a proxy) only where
        a repeat is safe. A server error and a lost connection are sent again
        only where a repeat is safe: for a safe method, or where the caller says C(repeatable).
        Raises L(AnswerLost) where it is not, L(TLSFailure) and L(Unreachable), and L(InvalidArgument) for a token or a
        proxy that cannot be one, before anything is sent.
        """
        wrong = malformed_token(token) if token is not None else None
        if wrong:
            raise InvalidArgument(wrong)
        safe = method in SAFE_METHODS if repeatable is None else repeatable
        what = f"{method} {url.split('?')[0]}"
        attempt = 0
        limited = 0
        waited = 0.0
        while True:
            last = attempt == self._retries
            try:
                answer = self._once(method, url, token, request)
            except requests.exceptions.SSLError as error:
                if _certificate_refused(error):
                    raise self._not_verified(what, url, error) from None
                # Not the certificate: the connection broke, perhaps after the request went out.
                if not safe:
                    raise AnswerLost(f"{_tls_text(what, error)} {_PERHAPS}") from None
                if last:
                    raise TLSFailure(_tls_text(what, error)) from None
            except (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError) as error:
                # Nothing was sent yet, so that any method may be tried again.
                if last:
                    raise Unreachable(self._network_text(what, url, error)) from None
            except (
                requests.exceptions.ConnectionError,
                requests.exceptions.Timeout,
                requests.exceptions.ChunkedEncodingError,
                requests.exceptions.ContentDecodingError,
            ) as error:
                if not (safe or _never_connected(error)):
                    raise AnswerLost(f"{self._network_text(what, url, error)} {_PERHAPS}") from None
                if last:
                    raise Unreachable(self._network_text(what, url, error)) from None
            except (requests.exceptions.RequestException, OSError, ValueError) as error:
                raise Unreachable(self._network_text(what, url, error)) from None
            else:
                if 300 <= answer.status_code < 400:
                    raise Unreachable(_redirect_text(what, url, answer), status=answer.status_code)
                asked = retry_after(answer.headers.get("Retry-After"))
                if answer.status_code == 429 and (safe or is_json(answer)):
                    wait = max(asked or 0.0, _backoff(limited))
                    limited += 1
                    if waited + wait > LONGEST_TOTAL_WAIT or limited > MOST_LIMITED:
                        return answer
                    wait = min(wait, LONGEST_WAIT)
                    waited += wait
                    LIMITER.hold(wait)
                    continue
                if answer.status_code not in RETRIED_STATUSES or not safe or last:
                    return answer
                time.sleep(min(max(asked or 0.0, _backoff(attempt)), LONGEST_WAIT))
                attempt += 1
                continue
            time.sleep(_backoff(attempt))
            attempt += 1

    def _network_text(self, what: str, url: str, error: Exception) -> str:
        """Why there was no answer, and what to check: with C(connect_to), neither the region nor a proxy is involved."""
        there = self._elsewhere.get(((urlsplit(url).hostname or "").lower(), urlsplit(url).port or 443))
        through = f" from {quote_wrong(there[0]) or 'the address'}:{there[1]}, which connect_to names" if there else ""
        checked = "the network and connect_to" if there else "the network, the proxy and the region"
        return f"{what} got no answer{through}: {describe(error)}. The state of the credentials is unknown. Check {checked}."

    def _once(self, method: str, url: str, token: str | None, request: dict[str, Any]) -> Any:
        # Only a requests.Session reads ~/.netrc, whose login would replace this header.
        credential = {"Authorization": f"Bearer {token}"} if token else {}
        prepared = requests.Request(method, url, headers={**self._headers, **credential}, **request).prepare()
        proxies = {"https": self._proxy} if self._proxy else self._of_environment(url)
        LIMITER.wait()
        with self._lock:
            self._sent += 1
        answer = self._adapter.send(prepared, timeout=self._timeout, verify=self._verify, proxies=proxies)
        answer.content  # noqa: B018 - reads the body here, where a broken connection is handled
        return answer

    def _not_verified(self, what: str, url: str, error: Exception) -> TLSFailure:
        """Why the certificate was refused, with what helps for this reason."""
        refusal = find_refusal(error)
        if refusal is None:
            return TLSFailure(_certificate_text(what, error))
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        sent = None
        proxy = self._proxy or self._of_environment(url).get("https")
        # A proxy of another kind, of the environment, is not gone around.
        if not proxy or proxy.startswith(("http://", "https://")):
            address = self._elsewhere.get((host, port), (host, port))
            sent = look(host, address, Proxy.of(proxy) if proxy else None, self._timeout)
        code = refusal_code(refusal, sent)
        texts = {
            "incomplete_chain": lambda: describe_incomplete(host, sent) if sent else "",
            "not_strict": lambda: describe_not_strict(host, refusal, sent.issuer if sent else None),
        }
        text = f"{what} was not sent. {texts[code]()}" if code in texts else _certificate_text(what, error)
        return TLSFailure(text + describe_unseen(code, sent), code=code)

    def _of_environment(self, url: str) -> dict[str, str]:
        """The proxy that the environment names for an address, checked as the option is."""
        if not self._trust_environment:
            return {}
        host = urlsplit(url).netloc
        if host not in self._proxies:
            self._proxies[host] = _environment_proxy(url)
        return self._proxies[host]


def _environment_proxy(url: str) -> dict[str, str]:
    named = requests.utils.get_environ_proxies(url)
    address = requests.utils.select_proxy(url, named)
    if not address:
        return {}
    scheme = "https" if named.get("https") == address else "all"
    name = next((name for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper()) if name in os.environ), "A proxy")
    return {"https": check_proxy(address, f"{name} (in the environment)", _OF_ENVIRONMENT)}


def _never_connected(error: Exception) -> bool:
    """Whether the connection was never made, so that nothing can have been carried out."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError")


def _backoff(attempt: int) -> float:
    return random.uniform(0, min(0.5 * 2**attempt, LONGEST_WAIT))  # noqa: S311 - jitter, no cryptography


def is_json(answer: Any) -> bool:
    """Whether an answer says by its Content-Type that it is JSON."""
    media = str(answer.headers.get("Content-Type") or "").split(";", maxsplit=1)[0].strip().lower()
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))


def retry_after(header: str | None) -> float | None:
    """The seconds that a Retry-After header asks for (a number, or a date), or None where it says nothing usable."""
    if not header:
        return None
    try:
        seconds = float(header)
        return max(0.0, seconds) if math.isfinite(seconds) else None
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


_PERHAPS = "It may have been carried out. Check that before it is sent again."


def _certificate_refused(error: BaseException) -> bool:
    """Whether it was the certificate that ended the handshake, so that nothing of ours was sent."""
    seen: list[Any] = [error]
    for one in seen:
        if type(one).__name__ in ("SSLCertVerificationError", "CertificateError"):
            return True
        inner = [getattr(one, "reason", None), one.__cause__, one.__context__, *one.args]
        seen += [part for part in inner if isinstance(part, BaseException) and part not in seen]
    return False


def _certificate_text(what: str, error: Exception) -> str:
    return (
        f"{what} was not sent, because the server's certificate could not be verified: {describe(error)}. "
        "A proxy that inspects TLS causes this too. Ask the network team for its CA, and name that file in ca_path "
        "(WORKIVA_CA_PATH). Verification cannot be turned off, because every request carries a credential."
    )


def _tls_text(what: str, error: Exception) -> str:
    return (
        f"{what} got no answer, because TLS failed: {describe(error)}. The state of the credentials is unknown. "
        "Check region or api_url, ca_path (a file of PEM certificates), and what is between this machine and Workiva."
    )


def _redirect_text(what: str, url: str, answer: Any) -> str:
    """Only the host of the target is shown: its query may hold anything."""
    try:
        where = urlsplit(urljoin(url, answer.headers.get("Location") or "")).hostname
    except ValueError:
        where = None
    return (
        f"{what} was answered with a redirect to {safe_text(where or 'an unknown host', limit=100)} ({answer.status_code}), which is not followed, because "
        "the request carries a credential. Check region or api_url."
    )
