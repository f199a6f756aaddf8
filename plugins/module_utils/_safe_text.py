# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Text that a library, a server, a URL or an input wrote, made safe for a message."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable

from ansible_collections.integrations.workiva.plugins.module_utils._secret_parts import HEAD, SecretParts, in_base64
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import SHORTEST_SECRET, known_secrets

HIDDEN = "(not shown)"
_REPEATS = "(not shown, because it repeats a secret)"
# Longer texts are cut before they are searched; what a cut leaves of a secret is found by its parts.
_LONGEST = 20000
# Of a message of our own.
_LONGEST_LINE = 4000
_LONGEST_WORD = 1000
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
# A secret that is longer than HEAD is hidden up to the next character that ends a word.
_WORD = r"[^\s\"'&<>,;(){}\[\]]"
_INDEX = SecretParts()
_ENTITIES = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}

# A number, a date or an address, short enough to be no secret.
_DIGITS = re.compile(r"-?[0-9]{1,5}(?:[.,:/-][0-9]{1,4}){0,4}")

# What is secret by its shape or by the name before it, whether or not this process knows it.
_SHAPES = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*-----|$)", re.DOTALL), HIDDEN),
    (re.compile(rf"wk_secret(?::|%(?:25)*3A|\\+u003a|\\+x3a){_WORD}+", re.IGNORECASE), HIDDEN),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*"), HIDDEN),
    (re.compile(r"\b(Bearer|Basic)(\s+)[A-Za-z0-9._~+/=%-]{16,}", re.IGNORECASE), rf"\1\2{HIDDEN}"),
    (
        re.compile(
            r"\b((?:client_secret|client_assertion|access_token|refresh_token)[\\\"']*\s*(?:[=:]|%(?:25)*3D)\s*[\\\"']*"
            rf"|password=)(?!\(not shown\)){_WORD}+",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
)
# A user and a password before a host; a password that is not percent-encoded may hold any of / ? # and @.
_USERINFO = (
    (re.compile(r"(?<=//)[^\s\"'<>]*@"), ""),
    (re.compile(r"(?<![\w/:@.-])(?!mailto:)[^\s:/@\"'<>()]+:[^\s@\"'<>()]+@(?=[\w\[])"), ""),
)


def safe_text(value: object, *, limit: int = 300) -> str:
    """Returns C(str(value)) (bytes as UTF-8) in one line of at most C(limit) characters that holds no secret.

    Replaced are secrets that this process has registered (_secrets), as they are and in percent, JSON, repr, HTML and
    base64 spelling; what is a secret by its shape; and the userinfo of URLs. A control, formatting or bidirectional
    character becomes C(<U+202E>), and a line end or another blank one space. Text in which a part of a secret is left
    is not shown at all.
    """
    text = value.decode("utf-8", "backslashreplace") if isinstance(value, (bytes, bytearray)) else str(value)
    text = _visible(_hide(text[:_LONGEST]))
    # Line ends and blanks may have split what is one word now.
    text = _hide(text)
    if _known().has_part(text):
        text = _REPEATS
    return text if len(text) <= limit else text[: max(limit - 3, 0)] + "..."[:limit]


def hide_secrets(text: str) -> str:
    """Returns a text of our own without what is secret by its shape and without the registered secrets that are long enough
    to be no word of it."""
    for secret in _known().find(text):
        if len(secret) >= SHORTEST_SECRET:
            text = _pattern(secret).sub(HIDDEN, text)
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


def holds_secret(text: str) -> bool:
    """Returns whether a text holds a registered secret, what is one by its shape, or the userinfo of an address."""
    return hide_secrets(text) != text or any(shape.search(text) for shape, _instead in _USERINFO)


def make_visible(text: str) -> str:
    """Returns a text of our own in one line in which every character is visible, whatever a name in it has brought along.

    A control, formatting or bidirectional character becomes C(<U+202E>), a line end or another unusual blank a space. A word of
    more than 1000 characters and a line of more than 4000 are cut.
    """
    seen = "".join(
        one if one.isprintable() else " " if one.isspace() else f"<U+{ord(one):04X}>"
        for one in text[: 2 * _LONGEST_LINE]
    )
    seen = _LONG_WORD.sub(lambda found: f"{found[0][: _LONGEST_WORD - 3]}...", seen)
    return seen if len(seen) <= _LONGEST_LINE else f"{seen[: _LONGEST_LINE - 3]}..."


def quote_input(value: object) -> str:
    """Returns an input as a message may quote it: not where it may be a secret that was pasted into the wrong place."""
    word = str(value)
    hidden = len(word) > 80 or not word.isprintable() or "$ANSIBLE_VAULT;" in word
    # A short secret may be a part of many words, so that only the whole one is compared.
    hidden = hidden or word.strip() in known_secrets() or holds_secret(word)
    for run in re.findall("[A-Za-z0-9]{12,}", word):
        digits = any(letter.isdigit() for letter in run)
        mixed = run.lower() != run and run.upper() != run
        hidden = hidden or (digits and not run.isdigit()) or (mixed and len(run) >= 16)
    return HIDDEN if hidden else word


def quote_wrong(value: object, known: Iterable[str] = ()) -> str | None:
    """Returns a wrong value as a message may quote it, or None: a short password in the wrong place has no form that shows it.

    Quoted is a number, a date or an address of digits, a word for true or false, and a misspelt one of the known values: whatever
    it has that the known value does not have is a letter.
    """
    text, names = str(value), list(known)
    if quote_input(text) == HIDDEN:
        return None
    if text in names or _DIGITS.fullmatch(text) or text.lower() in ("true", "false"):
        return text
    near = difflib.get_close_matches(text.casefold(), {name.casefold() for name in names}, n=1)
    is_slip = near and all(letter.isalpha() or letter in near[0] for letter in text)
    return text if is_slip else None


def find_invisible(text: str, allowed: str = "") -> str | None:
    """Returns the first character that nobody sees, such as C(U+200B), or None. Text that is pasted may hold one.

    C(allowed) are control characters that the text may hold.
    """
    for one in text:
        is_selector = 0xFE00 <= ord(one) <= 0xFE0F or 0xE0100 <= ord(one) <= 0xE01EF
        if (is_selector or not one.isprintable()) and one not in allowed:
            return f"U+{ord(one):04X}"
    return None


def _known() -> SecretParts:
    """The index of the secrets that this process has registered until now."""
    _INDEX.update(known_secrets())
    return _INDEX


def _hide(text: str) -> str:
    # Userinfo first: what takes the place of a secret holds a blank, which would end it.
    for shape, instead in _USERINFO:
        text = shape.sub(instead, text)
    for secret in _known().find(text):
        text = _pattern(secret).sub(HIDDEN, text)
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


def _visible(text: str) -> str:
    return " ".join(
        "".join(one if one.isprintable() or one.isspace() else f"<U+{ord(one):04X}>" for one in text).split()
    )


@functools.lru_cache(maxsize=512)
def _pattern(secret: str) -> re.Pattern[str]:
    """Finds a secret in every spelling. Case is ignored, since a host name, for one, comes back in lower case."""
    forms = [secret, *in_base64(secret)]
    spelled = []
    for form in forms:
        spelling = "".join(_spelling(one) for one in form[:HEAD])
        spelled.append(spelling + (f"{_WORD}*" if len(form) > HEAD else ""))
    return re.compile("|".join(spelled), re.IGNORECASE)


def _spelling(character: str) -> str:
    """One character as it is, percent-encoded (also twice), escaped as in JSON or repr, or as an HTML entity."""
    code = ord(character)
    raw = character.encode("utf-8", "surrogatepass")
    percent = "".join(f"%(?:25)*{byte:02x}" for byte in raw)
    escaped = "".join(rf"\\+x{byte:02x}" for byte in raw)
    ways = [
        rf"\\*{re.escape(character)}",
        percent,
        rf"\\+u{code:04x}",
        rf"\\+U{code:08x}",
        escaped,
        f"&#0*{code};",
        f"&#x0*{code:x};",
    ]
    if character in "+/":
        ways.append(re.escape({"+": "-", "/": "_"}[character]))
    if character.isspace():
        ways += [r"\s+", r"\+", r"\\+[nrt]"]
    if code > 0xFFFF:
        high, low = 0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF)
        ways.append(rf"\\+u{high:04x}\\+u{low:04x}")
    if character in _ENTITIES:
        ways.append(f"&{_ENTITIES[character]};")
    return f"(?:{'|'.join(ways)})"
