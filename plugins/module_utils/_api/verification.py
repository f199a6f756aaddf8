# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Why a server's certificate was refused, and what helps: the same for calls of the API and for copies of certificates."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import ssl
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.network import Proxy
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text

# By the numbers of OpenSSL's X509_V_ERR_* (x509_vfy.h).
_CODES = {
    9: "not_yet_valid",
    10: "expired",
    2: "unknown_issuer",
    18: "self_signed",
    19: "unknown_issuer",
    20: "unknown_issuer",
    21: "unknown_issuer",
    62: "wrong_name",
    64: "wrong_name",
    66: "weak_key",
    67: "weak_key",
    68: "weak_key",
    # What VERIFY_X509_STRICT asks for, which Python 3.13 and newer set.
    **dict.fromkeys(range(79, 95), "not_strict"),
}
# Codes of a chain that does not lead to an authority that is trusted, and does not end in one that is not.
_ENDS_TOO_SOON = (2, 20, 21)
_DER = 2  # _ssl.ENCODING_DER
# Python 3.10 has a private call for the chain of a handshake, 3.13 a public one; below, only the server's own certificate is seen.
SEES_CHAINS = sys.version_info >= (3, 10)


@dataclass(frozen=True)
class Sent:
    """What a server sent of its certificate. C(count) is the number of certificates, None where this Python does not see it;
    C(issuer_url) is where its issuer's certificate is (AIA, caIssuers), or empty."""

    count: int | None
    issuer: str
    issuer_url: str


def find_refusal(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """The refusal of a certificate in an exception and all that it wraps."""
    seen: list[Any] = [error]
    for one in seen:
        if isinstance(one, ssl.SSLCertVerificationError):
            return one
        inner = [getattr(one, "reason", None), one.__cause__, one.__context__, *one.args]
        seen += [part for part in inner if isinstance(part, BaseException) and part not in seen]
    return None


def refusal_code(error: ssl.SSLCertVerificationError, sent: Sent | None) -> str:
    """A word for the reason. C(sent) is what the server sent, C(None) where it was not looked at.

    C(incomplete_chain) differs from C(unknown_issuer) in what was sent: one certificate alone, which names the place of its
    issuer's. Certificates of public authorities do so, and those of a proxy that inspects TLS do not. Below Python 3.10
    nobody sees whether it was sent alone, so that it is C(unknown_issuer) there.
    """
    if error.verify_code in _ENDS_TOO_SOON and sent is not None and sent.count == 1 and sent.issuer_url:
        return "incomplete_chain"
    return _CODES.get(error.verify_code, "not_verified")


def describe_unseen(code: str, sent: Sent | None) -> str:
    """What to add to the message of a code where an incomplete chain is another possible reason, or an empty text."""
    if code != "unknown_issuer" or sent is None or sent.count is not None or not sent.issuer_url:
        return ""
    return (
        f" Python {sys.version.split()[0]} does not show whether the server also sent the certificate of its issuer. Run this "
        "task with Python 3.10 or newer (ansible_python_interpreter) to see that."
    )


def describe_incomplete(server: str, sent: Sent) -> str:
    """For the code C(incomplete_chain): what is wrong, and what to do."""
    return (
        f"The certificate of {server} could not be verified, because the server sent it alone, without the certificate of "
        f"its issuer {sent.issuer}. It names the address of that certificate ({safe_text(sent.issuer_url)}), as certificates of public "
        "authorities do and those of a proxy that inspects TLS do not. Ask the server's owner to send the whole chain. "
        "Until then, add the issuer's certificate to ca_path."
    )


def describe_not_strict(server: str, error: ssl.SSLCertVerificationError, issuer: str | None) -> str:
    """For the code C(not_strict): what is wrong, and what to do."""
    issued = f" It was issued by {issuer}." if issuer else ""
    return (
        f"The certificate of {server}, or one above it, breaks a rule of RFC 5280 that Python 3.13 and newer enforces: "
        f"{safe_text(error.verify_message).rstrip('.')}.{issued} Certificates of public authorities keep these rules, so this is a "
        "private authority, or a proxy that inspects TLS. Ask its owner for certificates that keep them. Until then, run this "
        "task with Python 3.12 or older (ansible_python_interpreter)."
    )


def read_chain(secured: Any, *, verified: bool) -> list[bytes]:
    """The chain of a finished handshake that was verified, or the one that was sent, in DER, the server's own certificate first.

    Below Python 3.10 that one only.
    """
    which = "verified" if verified else "unverified"
    if not SEES_CHAINS:
        return [secured.getpeercert(True) or b""]
    if sys.version_info >= (3, 13):
        return list(getattr(secured, f"get_{which}_chain")())
    return [one.public_bytes(_DER) for one in getattr(secured._sslobj, f"get_{which}_chain")() or []]


def count_sent(chain: Sequence[object]) -> int | None:
    """How many certificates the server sent, of what L(read_chain) returned. None where this Python does not see that."""
    return len(chain) if SEES_CHAINS else None


def accept_anything() -> ssl.SSLContext:
    """For a look at what does not verify, which serves a message only: nothing is trusted, and nothing is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(ssl.SSLError):
        context.set_ciphers("DEFAULT@SECLEVEL=0")
    return context


def look(host: str, address: tuple[str, int], proxy: Proxy | None, timeout: float) -> Sent | None:
    """A handshake with a server whose certificate was refused, to see what it sent. C(address) is where it is dialled.

    None where nothing could be seen, and behind a proxy that is itself reached over TLS.
    """
    if proxy and proxy.secure:
        return None
    with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
        with contextlib.closing(_connected(address, proxy, timeout)) as plain:
            with accept_anything().wrap_socket(plain, server_hostname=host) as secured:
                return read_sent(read_chain(secured, verified=False))
    return None


def _connected(address: tuple[str, int], proxy: Proxy | None, timeout: float) -> socket.socket:
    if proxy is None:
        return socket.create_connection(address, timeout=timeout)
    tunnel = http.client.HTTPConnection(proxy.host, proxy.port, timeout=timeout)
    login = base64.b64encode(proxy.login.encode("utf-8")).decode("ascii")
    tunnel.set_tunnel(*address, headers={"Proxy-Authorization": f"Basic {login}"} if login else {})
    tunnel.connect()
    connected: socket.socket = tunnel.sock
    return connected


def read_sent(chain: list[bytes]) -> Sent | None:
    """What is to be known of a chain that was sent. Raises ValueError for what is no certificate."""
    try:
        from cryptography import x509
    except ImportError:
        return None
    if not chain:
        return None
    own = x509.load_der_x509_certificate(chain[0])
    return Sent(count_sent(chain), safe_text(own.issuer.rfc4514_string()) or "(empty)", issuer_url(own))


def issuer_url(certificate: Any) -> str:
    """Where the certificate of the issuer is (AIA, caIssuers), or an empty text."""
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID

    try:
        described = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return ""
    issuers = [one for one in described if one.access_method == AuthorityInformationAccessOID.CA_ISSUERS]
    return str(issuers[0].access_location.value) if issuers else ""
