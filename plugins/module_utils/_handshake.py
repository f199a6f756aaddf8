# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""One TLS handshake with a server that verifies it, and what is said where it does not."""

from __future__ import annotations

import base64
import contextlib
import http.client
import os
import socket
import ssl
import sys
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any
from urllib.parse import unquote, urlsplit

from ansible_collections.integrations.workiva.plugins.module_utils._certificates import Certificate, moment, of_der
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    TLSFailure,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._session import Places

# By the numbers of OpenSSL's X509_V_ERR_* (x509_vfy.h).
_CODES = {
    9: "not_yet_valid",
    10: "expired",
    18: "self_signed",
    19: "unknown_issuer",
    20: "unknown_issuer",
    21: "unknown_issuer",
    62: "wrong_name",
    64: "wrong_name",
    66: "weak_key",
    67: "weak_key",
    68: "weak_key",
}


@dataclass(frozen=True)
class Server:
    """Which server, and how it is reached. C(timeout) is in seconds, for the connection and for the handshake each."""

    host: str
    port: int = 443
    ca_path: str | None = None
    proxy: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    elsewhere: Places = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def require_chain() -> None:
    """Fails where this Python does not tell the chain. Python 3.10 has a private call for it, 3.13 a public one."""
    if sys.version_info < (3, 10):
        raise InvalidArgument(
            f"content chain and issuers need Python 3.10 or newer where the task runs; this is {sys.version.split()[0]}, "
            "which tells the server's own certificate only. Use content: leaf, or another ansible_python_interpreter."
        )


def fetch_chain(server: Server) -> tuple[Certificate, ...]:
    """The chain that the server shows, as it was verified, its own certificate first; below Python 3.10 that one only.

    Nothing is sent beyond the handshake. Raises L(InvalidArgument), L(TLSFailure) for a certificate that does not
    verify, with a C(code) of its own for each reason, and L(Unreachable) where no certificate was seen.
    """
    context = _verifying(server.ca_path)
    plain = _connected(server)
    try:
        with context.wrap_socket(plain, server_hostname=server.host) as secured:
            return tuple(of_der(der) for der in _chain(secured))
    except ssl.SSLCertVerificationError as error:
        raise _refused(server, error) from None
    except (OSError, ValueError) as error:
        raise _no_handshake(server, error) from None
    finally:
        plain.close()


def refuse_weak_keys(server: Server, chain: tuple[Certificate, ...]) -> None:
    """OpenSSL refuses them at its security level 2 already; some systems have set a lower one."""
    for one in chain:
        if one.weak:
            raise TLSFailure(_weak_text(server, one), code="weak_key", target=str(server))


def _verifying(ca_path: str | None) -> ssl.SSLContext:
    if ca_path and not os.path.exists(ca_path):
        raise InvalidArgument(f"There is no file of certificates at ca_path where this task runs: {ca_path}")
    try:
        context = ssl.create_default_context(
            cafile=ca_path if ca_path and os.path.isfile(ca_path) else None,
            capath=ca_path if ca_path and os.path.isdir(ca_path) else None,
        )
    except (OSError, ValueError):
        raise InvalidArgument(f"ca_path must be a file of certificates in PEM; this is none: {ca_path}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _connected(server: Server) -> socket.socket:
    host, port = server.elsewhere.get((server.host.lower(), server.port), (server.host, server.port))
    try:
        if server.proxy and (host, port) == (server.host, server.port):
            return _through_proxy(server)
        return socket.create_connection((host, port), timeout=server.timeout)
    except socket.gaierror as error:
        raise Unreachable(
            f"The name {host} of the server {server} could not be resolved ({error.strerror}). Check server or region, "
            "and the DNS of the machine where this task runs.",
            code="unknown_host",
            target=str(server),
        ) from None
    except socket.timeout:
        raise Unreachable(
            f"{server} did not take the connection within {server.timeout:g} seconds. {_NETWORK}",
            code="timeout",
            target=str(server),
        ) from None
    except (OSError, ValueError) as error:
        raise Unreachable(
            f"{server} could not be reached: {_reason(error)}. {_NETWORK}", code="no_connection", target=str(server)
        ) from None


def _through_proxy(server: Server) -> socket.socket:
    parts = urlsplit(server.proxy or "")
    headers = {}
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    tunnel = http.client.HTTPConnection(parts.hostname or "", parts.port or 3128, timeout=server.timeout)
    tunnel.set_tunnel(server.host, server.port, headers)
    tunnel.connect()
    return tunnel.sock


def _chain(secured: ssl.SSLSocket) -> list[bytes]:
    if sys.version_info >= (3, 13):
        return list(secured.get_verified_chain())
    if sys.version_info >= (3, 10):
        private: Any = secured
        return [one.public_bytes(_DER) for one in private._sslobj.get_verified_chain()]
    return [secured.getpeercert(True) or b""]


_DER = 2  # _ssl.ENCODING_DER
_NETWORK = "Check the network between the machine where this task runs and the server, its firewall and its proxy."


def _seen(server: Server) -> Certificate | None:
    """What a server shows that does not verify. It serves the message only: nothing is trusted, nothing is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError, ValueError, Unreachable):
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        with contextlib.closing(_connected(server)) as plain:
            with context.wrap_socket(plain, server_hostname=server.host) as secured:
                return of_der(secured.getpeercert(True) or b"")
    return None


def _refused(server: Server, error: ssl.SSLCertVerificationError) -> TLSFailure:
    code = _CODES.get(error.verify_code, "not_verified")
    seen = _seen(server)
    said = str(error.verify_message).rstrip(".")
    words = {
        "expired": _expired,
        "not_yet_valid": _not_yet_valid,
        "self_signed": _self_signed,
        "wrong_name": _wrong_name,
        "weak_key": _weak_text,
    }
    if seen is None:
        text = f"The certificate of {server} could not be verified: {said}. It could not be looked at a second time."
    elif code in words:
        text = words[code](server, seen)
    else:
        text = _unknown_issuer(server, seen, said)
    return TLSFailure(text, code=code, target=str(server))


def _expired(server: Server, seen: Certificate) -> str:
    now = datetime.now(timezone.utc)
    if seen.not_after > now:
        return (
            f"A certificate above that of {server} has expired (its own, issued by {seen.issuer}, has not). "
            "Bring ca_path, or the system's store of authorities, up to date."
        )
    return (
        f"The certificate of {server} expired on {moment(seen.not_after)} ({(now - seen.not_after).days} days ago by the clock "
        f"of this machine, {moment(now)}). It was issued by {seen.issuer}. Check the clock; else tell the server's owner."
    )


def _not_yet_valid(server: Server, seen: Certificate) -> str:
    return (
        f"The certificate of {server} is valid from {moment(seen.not_before)} only, and the clock of this machine says "
        f"{moment(datetime.now(timezone.utc))}. It was issued by {seen.issuer}. Check the clock; else tell the server's owner."
    )


def _self_signed(server: Server, seen: Certificate) -> str:
    return (
        f"The certificate of {server} is signed by itself ({seen.subject}, SHA-256 {seen.sha256}) and by no authority. "
        "Workiva's are signed by a public authority: this is another server, or a device on the way."
    )


def _wrong_name(server: Server, seen: Certificate) -> str:
    return (
        f"The certificate of {server} is for {', '.join(seen.names) or seen.subject} and not for {server.host}. It was "
        f"issued by {seen.issuer}. Check server, connect_to and the DNS: this is another machine's certificate."
    )


def _weak_text(server: Server, seen: Certificate) -> str:
    return (
        f"The certificate of {server} has a key, or a signature, that is too weak to trust (its own key: {seen.key}), "
        f"whoever signed it. It was issued by {seen.issuer}; the least that is taken is RSA 2048, EC 224 and SHA-2."
    )


def _unknown_issuer(server: Server, seen: Certificate, said: str) -> str:
    trusted = f"ca_path ({server.ca_path})" if server.ca_path else "the system's store of authorities"
    return (
        f"The certificate of {server} could not be verified with {trusted}: {said}. It was issued by {seen.issuer}. "
        "A proxy that inspects TLS looks like this: what it shows is its own certificate and not Workiva's. Have the "
        "proxy leave this server alone, or run the task where it does; if that issuer is right, add it to ca_path."
    )


def _no_handshake(server: Server, error: Exception) -> Unreachable:
    """Why no certificate was seen, although somebody took the connection."""
    reason = _reason(error)
    if isinstance(error, socket.timeout):
        text, code = f"took the connection and said nothing for {server.timeout:g} seconds. {_NETWORK}", "timeout"
    elif isinstance(error, ssl.SSLError) and error.reason in _NO_TLS:
        text = f"does not speak TLS ({reason}). Check server and port, and connect_to where it is set."
        code = "no_tls"
    elif isinstance(error, (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        text = f"cut the connection in the middle of the TLS handshake ({reason}). {_NETWORK}"
        code = "cut"
    else:
        text = f"did not finish the TLS handshake: {reason}. TLS 1.2 is the least that is spoken here. {_NETWORK}"
        code = "tls"
    return Unreachable(f"{server} {text}", code=code, target=str(server))


# OpenSSL's words for bytes that are no TLS record, by release.
_NO_TLS = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
    "UNEXPECTED_MESSAGE",
)


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)[:300]
