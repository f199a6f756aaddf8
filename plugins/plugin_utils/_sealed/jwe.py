# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Sealed blocks: what the page of a work order encrypts in the browser, as a compact JWE (RFC 7516) with the algorithms
C(ECDH-ES) on the curve P-256 and C(A256GCM) (RFC 7518, sections 4.6 and 5.3).

The protected header binds a block to the number and the fingerprint of its work order. No text of an exception quotes a block or
its content.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError

# How every header begins that a page writes: blocks in one text are separated by it.
_BEGIN = base64.urlsafe_b64encode(b'{"alg":"ECDH-ES","enc":"A256GCM",').rstrip(b"=").decode("ascii")
_BLOCK = re.compile(r"([\w-]+)\.\.([\w-]{16})\.([\w-]{1,8000})\.([\w-]{22})", re.ASCII)
# Quoted mail, line wraps, and what word processors put between letters.
_QUOTES = re.compile(r"^[ \t>|]+", re.MULTILINE)
_BLANKS = re.compile("[\\s\u00ad\u200b-\u200d\u2060\ufeff]+")
_ORDER = re.compile(r"[^\W_][\w-]*\.[^\W_][\w-]*\.[0-9]{1,9}")
_KEYS = ("client_id", "client_secret", "expires", "ip_allowlist")


class UnsealError(WorkivaError):
    """A sealed block cannot be opened. The text says why, and never quotes it."""


@dataclass(frozen=True)
class PublicKey:
    """The key of a work order, as a JSON Web Key has it."""

    x: str
    y: str

    @property
    def kid(self) -> str:
        """Its thumbprint (RFC 7638), by which a block names the key that it is sealed to."""
        canonical = f'{{"crv":"P-256","kty":"EC","x":"{self.x}","y":"{self.y}"}}'
        return _encode(hashlib.sha256(canonical.encode("ascii")).digest())

    @property
    def fingerprint(self) -> str:
        """The first 128 bits of the thumbprint, as two people compare them by telephone."""
        text = _decode(self.kid)[:16].hex()
        return " ".join(text[place : place + 4] for place in range(0, 32, 4))

    def as_fields(self) -> dict[str, str]:
        """As a work order keeps it in the journal: nothing of it is secret."""
        return {"x": self.x, "y": self.y, "kid": self.kid, "fingerprint": self.fingerprint}


@dataclass(frozen=True)
class Block:
    """A block that was found in a text, and what its header says, of which nothing is proven before it is opened."""

    protected: str = field(repr=False)
    nonce: bytes = field(repr=False)
    ciphertext: bytes = field(repr=False)
    kid: str
    order: str
    fingerprint: str
    sender_key: Mapping[str, Any] = field(repr=False)


def create_key() -> tuple[str, PublicKey]:
    """A new private key as text, and its public key."""
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    scalar = key.private_numbers().private_value.to_bytes(32, "big")
    return _encode(scalar), public_key(_encode(scalar))


def public_key(private: str) -> PublicKey:
    """The public key of a private one."""
    numbers = _private(private).public_key().public_numbers()
    return PublicKey(_encode(numbers.x.to_bytes(32, "big")), _encode(numbers.y.to_bytes(32, "big")))


def find_blocks(text: str) -> list[Block]:
    """The blocks in a text, such as a mail: quotation marks of mails, line wraps and what is around them do not matter.

    Raises L(UnsealError) where there is none, and for one whose header a page of the collection cannot have written.
    """
    packed = _BLANKS.sub("", _QUOTES.sub("", text))
    places = [found.start() for found in re.finditer(re.escape(_BEGIN), packed)]
    if not places:
        raise UnsealError("It holds no sealed text. Save all of the text that the page shows after sealing.")
    parts = [packed[start:end] for start, end in zip(places, [*places[1:], len(packed)])]
    return [_parse(part) for part in parts]


def open_block(block: Block, private: str) -> dict[str, Any]:
    """The client ID and secret in a block, and what a person said of the grant: keys of an entry of C(workiva_handed_over).

    Raises L(UnsealError) for a block that was altered or that was sealed to another key.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash

    altered = UnsealError("It was altered or damaged on its way, or it was sealed to another key.")
    try:
        x, y = (int.from_bytes(_decode(str(block.sender_key[name])), "big") for name in ("x", "y"))
        # Refuses a point that is not on the curve.
        sender = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        shared = _private(private).exchange(ec.ECDH(), sender)
        key = ConcatKDFHash(hashes.SHA256(), 32, _other_info()).derive(shared)
        plaintext = AESGCM(key).decrypt(block.nonce, block.ciphertext, block.protected.encode("ascii"))
    except (InvalidTag, KeyError, ValueError, binascii.Error):
        raise altered from None
    return _content(plaintext)


def _content(plaintext: bytes) -> dict[str, Any]:
    wrong = UnsealError("It was opened, and does not hold a client ID and a client secret.")
    try:
        content = json.loads(plaintext)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(content, dict) or not set(content) <= set(_KEYS):
        raise wrong
    if not all(isinstance(value, str) for value in content.values()):
        raise wrong
    if not content.get("client_id") or not content.get("client_secret"):
        raise wrong
    return {name: value for name, value in content.items() if value}


def _parse(text: str) -> Block:
    found = _BLOCK.match(text)
    if not found:
        raise UnsealError("The sealed text is not complete. Save all of the text that the page shows after sealing.")
    protected, nonce, ciphertext, tag = found.groups()
    wrong = UnsealError("The header of the sealed text was altered or damaged.")
    try:
        header = json.loads(_decode(protected))
        parts = _decode(nonce), _decode(ciphertext) + _decode(tag)
    except (ValueError, RecursionError, binascii.Error):
        raise wrong from None
    if not isinstance(header, dict) or not isinstance(header.get("epk"), dict):
        raise wrong
    kid, order, fingerprint = (header.get(name) for name in ("kid", "order", "fingerprint"))
    if not (isinstance(kid, str) and isinstance(order, str) and isinstance(fingerprint, str)):
        raise wrong
    if (header.get("alg"), header.get("enc")) != ("ECDH-ES", "A256GCM") or not _ORDER.fullmatch(order):
        raise wrong
    if header["epk"].get("kty") != "EC" or header["epk"].get("crv") != "P-256":
        raise wrong
    return Block(protected, *parts, kid=kid, order=order, fingerprint=fingerprint, sender_key=header["epk"])


def _other_info() -> bytes:
    """What the key derivation is bound to (RFC 7518, section 4.6.2): the algorithm, two parties without a name, 256 bits."""
    name = b"A256GCM"
    return len(name).to_bytes(4, "big") + name + bytes(8) + (256).to_bytes(4, "big")


def _private(private: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(int.from_bytes(_decode(private), "big"), ec.SECP256R1())


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
