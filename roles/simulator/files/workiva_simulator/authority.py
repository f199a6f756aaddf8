# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's own certificate authority, and its certificate for the real host names."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

REGIONS = {"us": "app", "eu": "eu", "apac": "apac"}
HOSTS = [f"{prefix}{place}.wdesk.com" for place in REGIONS.values() for prefix in ("api.", "", "h.")]


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


ISSUER = _name("Workiva simulator CA (not Workiva)")
# How many days a server certificate lives.
LIFETIME = 390


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def issue(directory: Path) -> tuple[Path, Path, Path]:
    """The files of the authority's certificate, the server's certificate and its key; made once per directory."""
    ca_path, certificate_path, key_path = directory / "ca.pem", directory / "server.pem", directory / "server.key"
    if ca_path.exists() and certificate_path.exists() and key_path.exists():
        return ca_path, certificate_path, key_path
    start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    ca_key = ec.generate_private_key(ec.SECP256R1())
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    authority = (
        x509.CertificateBuilder()
        .subject_name(ISSUER)
        .issuer_name(ISSUER)
        .public_key(ca_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    _write_key(directory / "ca.key", ca_key)
    _write_server(directory, "server", LIFETIME)
    ca_path.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    return ca_path, certificate_path, key_path


def announce(directory: Path, lifetime: int = LIFETIME) -> Path:
    """Issues the next certificate, as the vendor does before its notice goes out; it lives so many days.

    The server goes on to show the present one. Returns the file that the notice would carry.
    """
    return _write_server(directory, "next", lifetime)


def change_over(directory: Path) -> None:
    """Makes the announced certificate the server's own, or one that nobody announced; a running server must be told."""
    if not (directory / "next.pem").exists():
        announce(directory)
    for kind in ("key", "pem"):
        (directory / f"next.{kind}").replace(directory / f"server.{kind}")


def _write_server(directory: Path, name: str, lifetime: int) -> Path:
    """A certificate for the real host names and its key, as NAME.pem and NAME.key."""
    key_of_authority = directory / "ca.key"
    if not key_of_authority.exists():
        raise RuntimeError(f"the authority of {directory} has no key to sign with; use a new directory")
    ca_key = serialization.load_pem_private_key(key_of_authority.read_bytes(), None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in [*HOSTS, "localhost"]]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name("api.app.wdesk.com"))
        .issuer_name(ISSUER)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=lifetime))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([*names, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    _write_key(directory / f"{name}.key", key)
    path = directory / f"{name}.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path
