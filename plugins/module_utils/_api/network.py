# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The address of a proxy, checked, and why the network failed, in words of our own: a library's words may quote a request."""

from __future__ import annotations

import errno
import os
import re
import ssl
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import register_password_of

_USERINFO = r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
_PROXY = re.compile(
    rf"(?:(?P<scheme>[a-z0-9]+)://)?(?:{_USERINFO}(?::{_USERINFO})?@)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{{1,5}}))?/?",
    re.IGNORECASE,
)
# As requests has it.
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Proxy:
    """Where a proxy is. C(login) is C(user:password), or empty."""

    secure: bool
    host: str
    port: int
    login: str = field(repr=False)

    @classmethod
    def of(cls, address: str) -> Proxy:
        """Reads an address that L(check_proxy) let pass."""
        parts = urlsplit(address)
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
        return cls(parts.scheme == "https", parts.hostname or "", parts.port or _PORTS[parts.scheme], login)

    def __str__(self) -> str:
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def check_proxy(address: str, name: str = "proxy", schemes: tuple[str, ...] = ("http", "https")) -> str:
    """Returns the address of a proxy. C(name) is the option or the variable of the environment that it comes from.

    Raises L(InvalidArgument), which quotes nothing of it, for one that a library could read in another way: the part
    that it took for the host would be shown or resolved, and it may be a password.
    """
    register_password_of(address)
    found = _PROXY.fullmatch(address)
    scheme = (found["scheme"] or "").lower() if found else ""
    if not found or scheme not in schemes or not 0 < int(found["port"] or 1) < 65536:
        raise InvalidArgument(
            f"{name} must be an address such as http://proxy.example.com:3128 ({' or '.join(filter(None, schemes))}). "
            "In a user and a password, percent-encode \\ / # ? @ : [ ] % and blanks (@ is %40). Nothing was sent."
        )
    return address


def without_login(address: str) -> str:
    """The address of a proxy without its user and password."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else address.rpartition("@")[2]


def _chain(error: BaseException) -> list[BaseException]:
    """An exception and all that it wraps, the outermost first."""
    found: list[BaseException] = [error]
    for one in found:
        inner = [getattr(one, "reason", None), *one.args, one.__cause__, one.__context__]
        found += [part for part in inner if isinstance(part, BaseException) and part not in found]
    return found


# What a class of requests, urllib3, http.client or the standard library means. The first that is found in the chain counts.
_WORDS = (
    (
        "InvalidHeader UnicodeEncodeError",
        "a header would contain a character that is not allowed, so nothing was sent",
    ),
    ("InvalidURL InvalidProxyURL LocationParseError MissingSchema", "an address is malformed"),
    ("InvalidSchema", "no library is installed for this kind of proxy or address"),
    ("RemoteDisconnected SMTPServerDisconnected", "the connection was closed without an answer"),
    ("BadStatusLine LineTooLong UnknownProtocol HeaderParsingError", "the answer is not HTTP"),
    ("InvalidChunkLength IncompleteRead", "the answer broke off"),
    ("DecodeError ContentDecodingError", "the answer is compressed in a way that cannot be read"),
    ("ConnectTimeoutError ConnectTimeout", "no connection within the time of timeout"),
    ("ReadTimeoutError ReadTimeout", "no answer within the time of timeout"),
    ("timeout TimeoutError", "nothing came within the time of timeout"),
)

_NO_WAY = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH)


def describe(error: BaseException) -> str:
    """Why the network failed. Nothing of an exception's own text is passed on but the words of the operating system and of
    OpenSSL, and the status of a proxy; an exception that is not known here is named by its class."""
    chain = _chain(error)
    for one in chain:
        status = re.search(r"Tunnel connection failed: ([0-9]{3})", str(one)) if isinstance(one, OSError) else None
        if status:
            advice = ": it asks for a user and a password, check those in proxy" if status[1] == "407" else ""
            return f"the proxy refused to connect ({status[1]}{advice})"
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError):
            return safe_text(one.verify_message).rstrip(".")
        if isinstance(one, ssl.SSLError) and one.reason:
            return safe_text(one.reason.lower().replace("_", " "))
        if type(one).__name__ == "gaierror":
            return f"a name could not be resolved ({safe_text(getattr(one, 'strerror', ''))})"
    for one in chain:
        # First, since urllib3 up to 1.26 makes a kind of timeout of a refused connection.
        if isinstance(one, OSError) and one.errno in _NO_WAY:
            return os.strerror(one.errno)
    names = {name for one in chain for kind in type(one).__mro__ for name in [kind.__name__]}
    for known, words in _WORDS:
        if names & set(known.split()):
            return words
    for one in chain:
        if isinstance(one, OSError) and one.errno:
            return os.strerror(one.errno)
    return f"the connection failed ({type(chain[-1]).__name__})"
