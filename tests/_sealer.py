# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seals as the page of a work order does, written after RFC 7516 and RFC 7518: what the script of the page and the collection are judged by."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sealing_of(page: str) -> dict[str, str]:
    """What a page says of its key and its order."""
    (start,) = re.findall(r'<div class="seal"[^>]*>', page)
    return dict(re.findall(r'data-(\w+)="([^"]*)"', start))


def seal(sealing: Mapping[str, str], content: Mapping[str, Any] | bytes, **header: Any) -> str:
    """A block for the key and the order of a page; C(header) replaces values of its header."""
    place = [int.from_bytes(decode(sealing[name]), "big") for name in ("x", "y")]
    theirs = ec.EllipticCurvePublicNumbers(*place, ec.SECP256R1()).public_key()
    ours = ec.generate_private_key(ec.SECP256R1())
    mine = ours.public_key().public_numbers()
    shared = ours.exchange(ec.ECDH(), theirs)
    info = (7).to_bytes(4, "big") + b"A256GCM" + bytes(8) + (256).to_bytes(4, "big")
    key = hashlib.sha256((1).to_bytes(4, "big") + shared + info).digest()
    said = {
        "alg": "ECDH-ES",
        "enc": "A256GCM",
        **{name: sealing[name] for name in ("kid", "order", "fingerprint")},
        "epk": {
            "kty": "EC",
            "crv": "P-256",
            "x": encode(mine.x.to_bytes(32, "big")),
            "y": encode(mine.y.to_bytes(32, "big")),
        },
        **header,
    }
    protected = encode(json.dumps(said, separators=(",", ":")).encode())
    nonce = os.urandom(12)
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    sealed = AESGCM(key).encrypt(nonce, plain, protected.encode())
    return ".".join([protected, "", encode(nonce), encode(sealed[:-16]), encode(sealed[-16:])])


def with_header(block: str, **values: Any) -> str:
    """The block with other values in its header, and the rest as it was."""
    protected, rest = block.split(".", 1)
    return f"{encode(json.dumps({**json.loads(decode(protected)), **values}, separators=(',', ':')).encode())}.{rest}"


def as_mail(block: str) -> str:
    """The block as a mail program quotes it: broken into lines, with marks before each and words around it."""
    lines = [block[place : place + 60] for place in range(0, len(block), 60)]
    quoted = "".join(f"> > {line}  \r\n" for line in ["workiva_sealed:", *lines])
    return f"Hello,\r\nhere it is.\r\n\r\n{quoted}\r\n-- \r\nAnna\u00a0K.\r\n"
