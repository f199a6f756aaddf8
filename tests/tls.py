# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real certificates and real servers on the loopback interface, among them such as no good server should be."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

HOST = "api.app.wdesk.com"


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def days(count: float) -> datetime.datetime:
    """So many days from now; below zero before it."""
    return now() + datetime.timedelta(days=count)


@dataclass
class Pair:
    """A certificate with its key, and those above it that a server sends along."""

    certificate: x509.Certificate
    key: Any
    above: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def chain(self) -> str:
        return self.pem + "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in self.above)

    @property
    def fingerprint_sha256(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def public_key_fingerprint_sha256(self) -> str:
        public = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        digest = hashes.Hash(hashes.SHA256())
        digest.update(public)
        return digest.finalize().hex()

    def issue(self, name: str = HOST, **more: Any) -> Pair:
        """A certificate of this authority."""
        return issued(name, by=self, **more)


def issued(
    name: str = HOST,
    *,
    by: Pair | None = None,
    authority: bool = False,
    names: tuple[str, ...] | None = None,
    start: float = -10,
    end: float = 300,
    key: Any = None,
    bits: int = 0,
    issuer_url: str = "",
    key_ids: bool = True,
) -> Pair:
    """A certificate that starts and ends so many days from now; without C(by) it is signed by itself."""
    key = key or (rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1()))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = by.key if by else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(days(start))
        .not_valid_after(days(end))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if key_ids:
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        ).add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    if issuer_url:
        place = x509.UniformResourceIdentifier(issuer_url)
        issuers = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
        builder = builder.add_extension(x509.AuthorityInformationAccess([issuers]), critical=False)
    if authority:
        usage = dict.fromkeys(
            (
                *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
                *("encipher_only", "decipher_only"),
            ),
            False,
        )
        builder = builder.add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage), critical=True
        )
    else:
        found = [*(names if names is not None else (name,))]
        entries: list[x509.GeneralName] = []
        for one in found:
            try:
                entries.append(x509.IPAddress(ipaddress.ip_address(one)))
            except ValueError:
                entries.append(x509.DNSName(one))
        builder = builder.add_extension(x509.SubjectAlternativeName(entries), critical=False)
    certificate = builder.sign(signer, hashes.SHA256())
    above = (by.certificate, *by.above) if by and by.certificate.issuer != by.certificate.subject else ()
    return Pair(certificate, key, above)


def authority(name: str = "A public authority", **more: Any) -> Pair:
    return issued(name, authority=True, **{"start": -1000, "end": 3000, **more})


class Server:
    """Listens on the loopback interface and remembers what was sent to it after the handshake."""

    def __init__(self, pair: Pair | None = None, behaviour: str = "tls") -> None:
        self.behaviour = behaviour
        self.received = b""
        self.connections = 0
        self._held: list[socket.socket] = []
        self._context: ssl.SSLContext | None = None
        if pair:
            self.show(pair)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def show(self, pair: Pair) -> None:
        """Another certificate, from the next connection on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT@SECLEVEL=0")  # so that a weak key can be shown at all
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            private = pair.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            file.write(pair.chain + private.decode())
            file.flush()
            context.load_cert_chain(file.name)
        self._context = context

    def connect_to(self, host: str = HOST, port: int = 443) -> str:
        return f"{host}:{port}:127.0.0.1:{self.port}"

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)  # else a waiting accept takes one more
        self._socket.close()
        for one in self._held:
            one.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self.behaviour == "hang":
                self._held.append(connection)
            elif self.behaviour == "plain":
                connection.recv(10)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                connection.close()
            elif self.behaviour == "reset":
                connection.recv(1)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()
            elif self._context:
                with self._context.wrap_socket(connection, server_side=True) as secured:
                    self.received += secured.recv(1000)


@contextlib.contextmanager
def serving(pair: Pair | None = None, behaviour: str = "tls") -> Iterator[Server]:
    server = Server(pair, behaviour)
    try:
        yield server
    finally:
        server.close()


def bundle(folder: Path, *pairs: Pair) -> str:
    """A file of authorities to trust."""
    path = folder / "authorities.pem"
    path.write_text("".join(pair.pem for pair in pairs))
    return str(path)
