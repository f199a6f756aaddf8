# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Which of many secrets a text may hold, and whether it holds a part of one: a look takes as long for one secret as for thousands.

Compared are letters and digits only, in lower case, of the text as it is and of the text with its escapes resolved. What is found is
searched exactly by L(_safe_text).
"""

from __future__ import annotations

import base64
import html
import re
from urllib.parse import unquote_plus

# So many letters and digits of a secret in a row are taken for a part of it.
_PART = 12
_SHORTEST_PART = 8
# A longer secret is searched by its beginning.
HEAD = 48
# What a text beside a secret may do to the way in which escapes are resolved does not reach all parts of a longer one.
_LONG_ENOUGH = 16
_ESCAPE = re.compile(r"\\+(?:u(?:0000)?|x)(?:00)?([0-9A-Fa-f]{2})", re.IGNORECASE)
_INVISIBLE = re.compile(r"<U\+[0-9A-F]{4,6}>")
_MOST_ESCAPES = 10


class SecretParts:
    """An index of secrets. Each secret is added once."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._short: set[str] = set()
        # By the last letters of the beginning of a secret: their beginnings are the same, by the vendor's form.
        self._ends: dict[str, set[str]] = {}
        # The hashes of all parts, by their length.
        self._parts: dict[int, set[int]] = {}

    def update(self, secrets: frozenset[str]) -> None:
        """Adds what is new. Secrets that are not known any more empty the index first."""
        if not self._known <= secrets:
            self._known.clear()
            self._short.clear()
            self._ends.clear()
            self._parts.clear()
        for secret in secrets - self._known:
            self._add(secret)

    def _add(self, secret: str) -> None:
        self._known.add(secret)
        forms = [secret, *in_base64(secret)]
        for form in forms:
            letters = letters_of(form)
            size = min(_PART, len(letters))
            if size >= _SHORTEST_PART:
                parts = self._parts.setdefault(size, set())
                parts.update(hash(letters[start : start + size]) for start in range(len(letters) - size + 1))
        heads = [letters_of(form[:HEAD]) for form in forms]
        is_plain = secret.isascii() and not re.search(r"\s", secret)
        if not is_plain or min(map(len, heads)) < _LONG_ENOUGH:
            self._short.add(secret)
            return
        for head in heads:
            self._ends.setdefault(head[-_PART:], set()).add(secret)

    def find(self, text: str) -> list[str]:
        """The secrets that the text may hold whole, the longest first; short ones are always among them."""
        found = set(self._short)
        if self._ends:
            for letters in _readings(text):
                for start in range(len(letters) - _PART + 1):
                    found |= self._ends.get(letters[start : start + _PART], set())
        return sorted(found, key=len, reverse=True)

    def has_part(self, text: str) -> bool:
        """Whether the text holds a part of a secret, for example because a library has cut it."""
        return any(
            hash(letters[start : start + size]) in parts
            for letters in _readings(_INVISIBLE.sub("", text))
            for size, parts in self._parts.items()
            for start in range(len(letters) - size + 1)
        )


def _readings(text: str) -> set[str]:
    """The letters and digits of a text as it is, and with its escapes resolved."""
    return {letters_of(text), letters_of(_resolve(text))}


def _resolve(text: str) -> str:
    for _time in range(_MOST_ESCAPES):
        plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), html.unescape(unquote_plus(text)))
        if plain == text:
            break
        text = plain
    return text


def letters_of(text: str) -> str:
    """The letters and digits of a text in lower case."""
    return "".join(filter(str.isalnum, text.casefold()))


def in_base64(secret: str) -> list[str]:
    """The characters that only the secret decides, at each of the three places where it may begin in what is encoded.

    A login is encoded as C(user:secret), so that the secret may begin anywhere.
    """
    found = []
    raw = secret.encode("utf-8", "surrogatepass")
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw).decode("ascii").rstrip("=")
        whole = (before + len(raw)) * 8 // 6
        part = encoded[-(-before * 8 // 6) : whole]
        if len(part) >= 6:
            found.append(part)
    return found
