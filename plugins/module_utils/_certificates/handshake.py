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
import re
import socket
import ssl
import sys
from dataclasses import dataclass, field
from datetime import datetime, timezone

from ansible_collections.integrations.workiva.plugins.module_utils._api.network import Proxy, describe
from ansible_collections.integrations.workiva.plugins.module_utils._api.session import Places
from ansible_collections.integrations.workiva.plugins.module_utils._api.verification import (
    SEES_CHAINS,
    Sent,
    accept_anything,
    count_sent,
    describe_incomplete,
    describe_not_strict,
    describe_unseen,
    read_chain,
    refusal_code,
)
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.certificate import (
    Certificate,
    format_moment,
    of_der,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    TLSFailure,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._words import format_days


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
    """Fails where this Python does not show the chain."""
    if not SEES_CHAINS:
        raise InvalidArgument(
            f"content: chain and issuers need Python 3.10 or newer on the machine where the task runs. This is {sys.version.split()[0]}, "
            "which shows the server's own certificate only. Use content: leaf, or another ansible_python_interpreter."
        )


def fetch_chain(server: Server) -> tuple[Certificate, ...]:
    """The chain that the server shows, as it was verified, its own certificate first; below Python 3.10 that one only.

    Nothing is sent beyond the handshake. Raises L(InvalidArgument), L(TLSFailure) for a certificate that does not
    verify, with a C(code) of its own for each reason, and L(Unreachable) where no certificate was seen.
    """
    context = _verifying(server.ca_path)
    plain = _connected(server)
    try:
        return tuple(of_der(der) for der in read_chain(_handshake(context, plain, server.host), verified=True))
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
        raise InvalidArgument(
            f"ca_path names no file of certificates on the machine where this task runs: {safe_text(ca_path)}. Nothing was sent. "
            "Correct ca_path."
        )
    try:
        context = ssl.create_default_context(
            cafile=ca_path if ca_path and os.path.isfile(ca_path) else None,
            capath=ca_path if ca_path and os.path.isdir(ca_path) else None,
        )
    except (OSError, ValueError):
        raise InvalidArgument(
            f"ca_path must be a file of certificates in PEM. This is not one: {safe_text(ca_path)}"
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _connected(server: Server) -> socket.socket:
    place = (server.host, server.port)
    host, port = server.elsewhere.get((server.host.lower(), server.port), place)
    proxy = Proxy.of(server.proxy) if server.proxy and (host, port) == place else None
    whom = f"The proxy {proxy}" if proxy else str(server)
    try:
        if proxy:
            return _through_proxy(server, proxy)
        return socket.create_connection((host, port), timeout=server.timeout)
    except socket.gaierror as error:
        raise Unreachable(
            f"The name {proxy.host if proxy else host} of {'the proxy' if proxy else f'the server {server}'} could not be "
            f"resolved ({safe_text(error.strerror)}). Check {'proxy' if proxy else 'server or region'}, and the DNS of the "
            f"machine where this task runs.{_unused_proxy(server)}",
            code="unknown_host",
            target=str(server),
        ) from None
    except ssl.SSLCertVerificationError as error:
        trusted = f"ca_path ({safe_text(server.ca_path)})" if server.ca_path else "the system's store of authorities"
        raise TLSFailure(
            f"The certificate of the proxy {proxy} could not be verified with {trusted}: {describe(error)}. No user and "
            "password were sent to it. Check proxy, and add the authority of the proxy to ca_path.",
            code="proxy_not_verified",
            target=str(server),
        ) from None
    except socket.timeout:
        raise Unreachable(
            f"{whom} did not accept the connection within {server.timeout:g} seconds. {_NETWORK}{_unused_proxy(server)}",
            code="timeout",
            target=str(server),
        ) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unreachable(
            f"{server} could not be reached{f' through the proxy {proxy}' if proxy else ''}: {describe(error)}. "
            f"{_NETWORK}{_unused_proxy(server)}",
            code="no_connection",
            target=str(server),
        ) from None


def _unused_proxy(server: Server) -> str:
    """The proxies of the environment are not used here, unlike for calls of the API."""
    found = next(
        (name for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy") if os.environ.get(name)), ""
    )
    return f" {found} is not used for this: set the option proxy." if found and not server.proxy else ""


def _through_proxy(server: Server, proxy: Proxy) -> socket.socket:
    """A connection that the proxy has made. Its user and password go out over TLS where its address is https://."""
    plain = socket.create_connection((proxy.host, proxy.port), timeout=server.timeout)
    try:
        if proxy.secure:
            plain = _verifying(server.ca_path).wrap_socket(plain, server_hostname=proxy.host)
        there = f"[{server.host}]:{server.port}" if ":" in server.host else str(server)
        login = base64.b64encode(proxy.login.encode("utf-8")).decode("ascii") if proxy.login else ""
        lines = [f"CONNECT {there} HTTP/1.1", f"Host: {there}"]
        lines += [f"Proxy-Authorization: Basic {login}"] if login else []
        plain.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        answer = b""
        # Byte by byte, so that nothing of what follows is taken.
        while not answer.endswith(b"\r\n\r\n") and len(answer) < _LONGEST_HEAD:
            byte = plain.recv(1)
            if not byte:
                break
            answer += byte
        status = re.match(rb"HTTP/1\.[01] ([0-9]{3})\b", answer)
        if not status:
            raise http.client.BadStatusLine("")
        if not status[1].startswith(b"2"):
            raise OSError(f"Tunnel connection failed: {status[1].decode()}")
    except BaseException:
        plain.close()
        raise
    return plain


def _handshake(context: ssl.SSLContext, plain: socket.socket, host: str) -> ssl.SSLObject:
    """One TLS handshake over a connection, which may be TLS with a proxy itself. Nothing else is sent over it."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    secured = context.wrap_bio(incoming, outgoing, server_hostname=host)
    while True:
        try:
            secured.do_handshake()
        except ssl.SSLWantReadError:
            plain.sendall(outgoing.read())
        except ssl.SSLError:
            # The server gets the reason (an alert), as far as it still listens.
            with contextlib.suppress(OSError):
                plain.sendall(outgoing.read())
            raise
        else:
            plain.sendall(outgoing.read())
            return secured
        received = plain.recv(65536)
        if received:
            incoming.write(received)
        else:
            incoming.write_eof()


_LONGEST_HEAD = 65536
_NETWORK = "Check the network between the machine where this task runs and the server, its firewall and its proxy."


def _seen(server: Server) -> tuple[Certificate, ...]:
    """What a server shows that does not verify. It serves the message only: nothing is trusted, nothing is sent."""
    with contextlib.suppress(OSError, ValueError, Unreachable), contextlib.closing(_connected(server)) as plain:
        secured = _handshake(accept_anything(), plain, server.host)
        return tuple(of_der(der) for der in read_chain(secured, verified=False))
    return ()


def _refused(server: Server, error: ssl.SSLCertVerificationError) -> TLSFailure:
    seen = _seen(server)
    sent = Sent(count_sent(seen), seen[0].issuer, seen[0].issuer_url) if seen else None
    code = refusal_code(error, sent)
    reason = safe_text(error.verify_message).rstrip(".")
    words = {
        "expired": _expired,
        "not_yet_valid": _not_yet_valid,
        "self_signed": _self_signed,
        "wrong_name": _wrong_name,
        "weak_key": _weak_text,
    }
    if not seen:
        text = f"The certificate of {server} could not be verified: {reason}. A second connection, to find out why, failed."
    elif code in words:
        text = words[code](server, seen[0])
    elif code == "not_strict":
        text = describe_not_strict(str(server), error, seen[0].issuer)
    elif code == "incomplete_chain" and sent:
        text = describe_incomplete(str(server), sent)
    else:
        text = _unknown_issuer(server, seen[0], reason) + describe_unseen(code, sent)
    return TLSFailure(text, code=code, target=str(server))


def _expired(server: Server, seen: Certificate) -> str:
    now = datetime.now(timezone.utc)
    if seen.not_after > now:
        return (
            f"A certificate above that of {server} has expired (its own, issued by {seen.issuer}, has not). "
            "Update ca_path, or the system's store of authorities."
        )
    return (
        f"The certificate of {server} expired on {format_moment(seen.not_after)} ({format_days(-(now - seen.not_after).days)} by the clock "
        f"of this machine, {format_moment(now)}). It was issued by {seen.issuer}. Check the clock. If it is right, inform the server's owner."
    )


def _not_yet_valid(server: Server, seen: Certificate) -> str:
    return (
        f"The certificate of {server} is only valid from {format_moment(seen.not_before)}, and the clock of this machine shows "
        f"{format_moment(datetime.now(timezone.utc))}. It was issued by {seen.issuer}. Check the clock. If it is right, inform the server's owner."
    )


def _self_signed(server: Server, seen: Certificate) -> str:
    return (
        f"The certificate of {server} is signed by itself ({seen.subject}, SHA-256 {seen.fingerprint_sha256}) and by no authority. "
        "Those of Workiva are signed by a public authority, so this is another server, or a device on the network path."
    )


def _wrong_name(server: Server, seen: Certificate) -> str:
    return (
        f"The certificate of {server} is for {', '.join(seen.subject_alt_name) or seen.subject} and not for {server.host}. It was "
        f"issued by {seen.issuer}. It is the certificate of another machine. Check server, connect_to and the DNS."
    )


def _weak_text(server: Server, seen: Certificate) -> str:
    return (
        f"The certificate of {server} has a key, or a signature, that is too weak to trust (its own key: {seen.public_key_type}), "
        f"whoever signed it. It was issued by {seen.issuer}. At least RSA 2048, EC 224 and SHA-2 are required."
    )


def _unknown_issuer(server: Server, seen: Certificate, reason: str) -> str:
    trusted = f"ca_path ({server.ca_path})" if server.ca_path else "the system's store of authorities"
    return (
        f"The certificate of {server} could not be verified with {trusted}: {reason}. It was issued by {seen.issuer}. "
        "A proxy that inspects TLS causes this: it shows its own certificate instead of Workiva's. Exclude this server from "
        "inspection, or run the task on a machine without such a proxy. If that issuer is right, add it to ca_path."
    )


def _no_handshake(server: Server, error: Exception) -> Unreachable:
    """Why no certificate was seen, although somebody took the connection."""
    reason = describe(error)
    if isinstance(error, socket.timeout):
        text, code = f"accepted the connection and sent nothing for {server.timeout:g} seconds. {_NETWORK}", "timeout"
    elif isinstance(error, ssl.SSLError) and error.reason in _NO_TLS:
        text = f"does not speak TLS ({reason}). Check server and port, and connect_to if it is set."
        code = "no_tls"
    elif isinstance(error, (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        text = f"closed the connection during the TLS handshake ({reason}). {_NETWORK}"
        code = "cut"
    else:
        text = f"did not finish the TLS handshake: {reason}. At least TLS 1.2 is required. {_NETWORK}"
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
