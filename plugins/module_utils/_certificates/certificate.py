# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Certificates as a person reads them, and which of them a local copy holds: pure functions, no network, no file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.verification import issuer_url
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, MissingLibrary
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._words import format_days

CONTENTS = ("leaf", "chain", "issuers")
# Worst first; the first that holds is the health.
FINDINGS = (
    "failed",
    "untrusted",
    "unreachable",
    "missing",
    "changed",
    "differs",
    "alternating",
    "overdue",
    "expiring",
    "ok",
)
# The vendor announces a change about this long ahead (its setup guide), with a certificate that may be valid already.
NOTICE = timedelta(days=30)
SMALLEST_RSA, SMALLEST_EC = 2048, 224  # bits: what OpenSSL asks for at its security level 2
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----\s.*?-----END CERTIFICATE-----", re.DOTALL)
_BEGIN = "-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True)
class Certificate:
    """One certificate. Fingerprints are SHA-256 in small hexadecimal digits; times are in UTC."""

    pem: str
    fingerprint_sha256: str
    public_key_fingerprint_sha256: str
    subject: str
    issuer: str
    subject_alt_name: tuple[str, ...]
    # Pairs of hexadecimal digits with colons, as OpenSSL prints it. A number of up to 160 bits would lose digits in many JSON readers.
    serial_number: str
    not_before: datetime
    not_after: datetime
    public_key_type: str
    weak: bool = False
    authority: bool = False
    # Where the certificate of its issuer is (AIA, caIssuers), or empty.
    issuer_url: str = ""

    def days_left(self, now: datetime) -> int:
        """Whole days until it ends; below zero where it has ended."""
        return (self.not_after - now) // timedelta(days=1)

    def as_result(self, now: datetime) -> dict[str, Any]:
        """For a result: everything that identifies it, and no PEM text."""
        return {
            "subject": self.subject,
            "issuer": self.issuer,
            "subject_alt_name": list(self.subject_alt_name),
            "serial_number": self.serial_number,
            "not_before": format_moment(self.not_before),
            "not_after": format_moment(self.not_after),
            "days_left": self.days_left(now),
            "fingerprint_sha256": self.fingerprint_sha256,
            "public_key_fingerprint_sha256": self.public_key_fingerprint_sha256,
            "public_key_type": self.public_key_type,
        }

    def as_lines(self, now: datetime) -> list[str]:
        """For a diff: as a security officer compares it."""
        return [
            f"subject: {self.subject}",
            f"  issuer: {self.issuer}",
            f"  names: {', '.join(self.subject_alt_name) or 'none'}",
            f"  serial number: {self.serial_number}",
            f"  valid: {format_moment(self.not_before)} to {format_moment(self.not_after)} ({self.days_left(now)} days left)",
            f"  SHA-256 of the certificate: {self.fingerprint_sha256}",
            f"  SHA-256 of its public key ({self.public_key_type}): {self.public_key_fingerprint_sha256}",
        ]


@dataclass(frozen=True)
class Copy:
    """What a local copy holds. C(damaged) says that a part of it cannot be read as a certificate."""

    certificates: tuple[Certificate, ...] = ()
    damaged: bool = False


@dataclass(frozen=True)
class Finding:
    """One of L(FINDINGS), and what was seen."""

    finding: str
    detail: str


@dataclass(frozen=True)
class Plan:
    """What the copy shall hold, how that differs from what it holds, and what is to be said."""

    wanted: tuple[Certificate, ...]
    differences: tuple[str, ...]
    findings: tuple[Finding, ...]
    # none, waiting (kept beside the present one), shown (by the server, so that it is the present one), over (its time is).
    announcement: str = "none"


def format_moment(when: datetime) -> str:
    """A time as text, to the second."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


# Reading.


def of_der(der: bytes) -> Certificate:
    """Reads one certificate. Raises ValueError where it is none, and L(MissingLibrary)."""
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization
    except ImportError as missing:
        raise MissingLibrary(
            f"This task needs the Python package cryptography on the machine where it runs, and could not import it ({safe_text(missing)}). "
            "Install it there, for example with the package python3-cryptography of the system."
        ) from None
    found = x509.load_der_x509_certificate(der)
    key = found.public_key()
    public = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    kind, weak = _strength(key)
    return Certificate(
        pem=found.public_bytes(serialization.Encoding.PEM).decode("ascii"),
        fingerprint_sha256=hashlib.sha256(der).hexdigest(),
        public_key_fingerprint_sha256=hashlib.sha256(public).hexdigest(),
        subject=found.subject.rfc4514_string() or "(empty)",
        issuer=found.issuer.rfc4514_string() or "(empty)",
        subject_alt_name=_subject_alt_name(found),
        serial_number=_serial_number(found),
        not_before=_utc(found, "not_valid_before"),
        not_after=_utc(found, "not_valid_after"),
        public_key_type=kind,
        weak=weak,
        authority=_authority(found),
        issuer_url=issuer_url(found),
    )


def _utc(found: Any, name: str) -> datetime:
    """Releases of cryptography before 42 know the time without its zone only."""
    aware = getattr(found, f"{name}_utc", None)
    when: datetime = aware if aware is not None else getattr(found, name).replace(tzinfo=timezone.utc)
    return when


def _subject_alt_name(found: Any) -> tuple[str, ...]:
    from cryptography import x509

    try:
        extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    hosts = extension.value.get_values_for_type(x509.DNSName)
    addresses = extension.value.get_values_for_type(x509.IPAddress)
    return tuple(sorted({*hosts, *map(str, addresses)}))


def _serial_number(found: Any) -> str:
    digits = f"{found.serial_number:X}"
    return ":".join(re.findall("..", digits.zfill(len(digits) + len(digits) % 2)))


def _authority(found: Any) -> bool:
    from cryptography import x509

    try:
        return bool(found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False


def _strength(key: Any) -> tuple[str, bool]:
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}", key.key_size < SMALLEST_RSA
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}", key.curve.key_size < SMALLEST_EC
    return type(key).__name__.strip("_").replace("PublicKey", ""), isinstance(key, dsa.DSAPublicKey)


def read_copy(content: bytes) -> Copy:
    """The certificates of a PEM file. Raises L(InvalidArgument) for what is no copy of certificates at all."""
    text = content.decode("utf-8", "replace")
    if "PRIVATE KEY-----" in text:
        raise InvalidArgument("it also holds a private key, which this module never replaces or removes")
    if text.strip() and _BEGIN not in text:
        raise InvalidArgument("it holds something other than certificates")
    found, damaged = [], text.count(_BEGIN) != len(_BLOCK.findall(text)) or not text.strip()
    for block in _BLOCK.findall(text):
        try:
            found.append(of_der(base64.b64decode("".join(block.split("\n")[1:-1]), validate=False)))
        except (ValueError, binascii.Error):
            damaged = True
    return Copy(tuple(found), damaged)


def read_announced(text: str) -> tuple[Certificate, ...]:
    """The certificates of a notice. Raises L(InvalidArgument) where there is none, or one cannot be read."""
    try:
        copy = read_copy(text.encode("utf-8"))
    except InvalidArgument as error:
        raise InvalidArgument(f"upcoming must be the announced certificate in PEM: {error}.") from None
    if copy.damaged or not copy.certificates:
        raise InvalidArgument("upcoming must be the announced certificate in PEM. This text cannot be read as one.")
    return copy.certificates


def read_allowed(entries: Iterable[str], option: str) -> frozenset[str]:
    """SHA-256 fingerprints: hexadecimal, with colons or not, or C(sha256//BASE64) as curl writes that of a public key.

    Raises L(InvalidArgument).
    """
    found = set()
    for place, entry in enumerate(entries, start=1):
        text = entry.strip()
        encoded = re.fullmatch(r"sha256/{1,2}([A-Za-z0-9+/]{43}=)", text)
        digits = re.sub(r"^sha-?256[:=/]?", "", text, flags=re.IGNORECASE).replace(":", "").strip().lower()
        if encoded:
            digits = base64.b64decode(encoded[1]).hex()
        if not re.fullmatch("[0-9a-f]{64}", digits):
            raise InvalidArgument(
                f"{option} accepts SHA-256 fingerprints (64 hexadecimal digits, with or without colons). "
                f"Entry {place} is not one. Correct it."
            )
        found.add(digits)
    return frozenset(found)


# Deciding.


def select(chain: Sequence[Certificate], content: str) -> tuple[Certificate, ...]:
    """What of a served chain (the server's own certificate first) belongs into a copy."""
    return {"leaf": tuple(chain[:1]), "chain": tuple(chain), "issuers": tuple(chain[1:])}[content]


def select_announced(announced: Sequence[Certificate], content: str) -> tuple[Certificate, ...]:
    """What of a notice belongs into a copy. Raises L(InvalidArgument) where nothing of it does."""
    if content == "chain":
        return tuple(announced)
    found = tuple(one for one in announced if one.authority == (content == "issuers"))
    if announced and not found:
        lacking = "issuer" if content == "issuers" else "server certificate"
        raise InvalidArgument(f"content is {content}, and upcoming holds no {lacking}.")
    return found


def plan(
    stored: Copy | None,
    chain: Sequence[Certificate],
    announced: Sequence[Certificate],
    content: str,
    now: datetime,
    warn_before: int,
) -> Plan:
    """Pure: the stored copy, what the server shows and what was announced become what the copy shall hold.

    An announced certificate stays beside the present one until the server shows it, or until its time is over.
    """
    present = select(chain, content)
    coming = select_announced(announced, content)
    announcement = _announcement(chain, coming, now)
    wanted = present
    if announcement == "waiting":
        wanted += tuple(one for one in coming if one not in present)
    differences = _differences(stored, wanted)
    findings = []
    if stored is None:
        findings.append(Finding("missing", "there is no copy yet"))
    elif not stored.certificates:
        findings.append(Finding("differs", "the copy cannot be read as a certificate"))
    elif present[0] not in stored.certificates:
        findings.append(Finding("changed", "the server shows another certificate than the copy holds"))
    elif differences:
        findings.append(Finding("differs", "; ".join(differences)))
    findings += _overdue(chain[0], coming, announcement, now, warn_before)
    left = min(chain, key=lambda one: one.not_after)
    if left.days_left(now) <= warn_before:
        whose = "the server's certificate" if left == chain[0] else f"the issuer {left.subject}"
        findings.append(
            Finding(
                "expiring", f"{whose} expires on {format_moment(left.not_after)}, {format_days(left.days_left(now))}"
            )
        )
    return Plan(wanted, differences, tuple(findings), announcement)


def _announcement(chain: Sequence[Certificate], coming: Sequence[Certificate], now: datetime) -> str:
    if not coming:
        return "none"
    if coming[0] in chain:
        return "shown"
    return "over" if coming[0].not_after <= now else "waiting"


def _overdue(
    present: Certificate, coming: Sequence[Certificate], announcement: str, now: datetime, warn_before: int
) -> list[Finding]:
    if announcement not in ("waiting", "over"):
        return []
    announced = coming[0]
    name = f"the announced certificate {announced.subject} ({announced.fingerprint_sha256[:16]}...)"
    if announcement == "over":
        why = f"it expired on {format_moment(announced.not_after)}, and was removed from the copy"
    elif announced.not_before + NOTICE <= now:
        why = f"it has been valid since {format_moment(announced.not_before)}, longer than the notice period"
    elif present.days_left(now) <= warn_before:
        why = f"the present one expires on {format_moment(present.not_after)}"
    else:
        return []
    return [Finding("overdue", f"the server still does not show {name}, although {why}. Ask Workiva")]


def _differences(stored: Copy | None, wanted: Sequence[Certificate]) -> tuple[str, ...]:
    """What changes in the copy, in words; nothing where it holds exactly what is wanted."""
    if stored is None:
        return tuple(f"new: {_short(one)}" for one in wanted)
    held = stored.certificates
    changes = ["a part of the copy cannot be read as a certificate"] if stored.damaged else []
    gone = [one for one in held if one not in wanted]
    new = [one for one in wanted if one not in held]
    if gone and new:
        changes += _changes(gone.pop(0), new.pop(0))
    changes += [f"added: {_short(one)}" for one in new] + [f"removed: {_short(one)}" for one in gone]
    if not changes and tuple(held) != tuple(wanted):
        changes.append("the same certificates in another order")
    return tuple(changes)


def _changes(old: Certificate, new: Certificate) -> list[str]:
    changes = [f"replaced: {_short(old)} by {_short(new)}"]
    if old.public_key_fingerprint_sha256 == new.public_key_fingerprint_sha256:
        changes.append("the public key is the same")
    else:
        before = f"{old.public_key_fingerprint_sha256} ({old.public_key_type})"
        after = f"{new.public_key_fingerprint_sha256} ({new.public_key_type})"
        changes.append(f"another public key: {before}, now {after}")
    for field in ("subject", "issuer"):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            changes.append(f"another {field}: {before}, now {after}")
    for word, names in (
        ("added", sorted(set(new.subject_alt_name) - set(old.subject_alt_name))),
        ("removed", sorted(set(old.subject_alt_name) - set(new.subject_alt_name))),
    ):
        if names:
            changes.append(f"names {word}: {', '.join(names)}")
    return changes


def _short(one: Certificate) -> str:
    return f"{one.subject} (SHA-256 {one.fingerprint_sha256}, valid until {format_moment(one.not_after)})"


def render(certificates: Iterable[Certificate]) -> bytes:
    """The PEM text of a copy."""
    return "".join(one.pem for one in certificates).encode("ascii")
