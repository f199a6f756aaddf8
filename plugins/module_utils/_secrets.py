# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What must never be shown: registering it here and with ansible-core's masking, and describing malformed credentials."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

# ansible-core 2.22 masks a registered secret wherever it shows: a short one would wreck all output.
SHORTEST_SECRET = 12
# Foreign text is short and passes by safe_text once, so that shorter ones are hidden there.
SHORTEST_HIDDEN = 4
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SECRET = re.compile(r"wk_secret:")
# How many letters and digits follow the prefix of a whole secret.
SHORTEST_END = 20
_CUT_SHORT = re.compile(rf"(wk_secret:oa2c:)(\w{{0,{SHORTEST_END - 1}}})", re.ASCII)
_QUOTES = "\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"

try:
    from ansible.module_utils import secrets as _masking
except ImportError:
    # Older cores mask options with no_log only; this collection returns no secret on any of them.
    _masking = None


_KNOWN: set[str] = set()


def known_secrets() -> frozenset[str]:
    """Every secret that this process has registered, without the blanks around it."""
    return frozenset(_KNOWN)


def register_secret(value: str | None) -> None:
    """From here on safe_text hides the value, and ansible-core (2.22 and newer) masks it in all that it shows, be it of
    a task that is not ours."""
    if value and len(value.strip()) >= SHORTEST_HIDDEN:
        _KNOWN.add(value.strip())
    if _masking is not None and value and len(value.strip()) >= SHORTEST_SECRET:
        _masking.register_secret(value)


def register_password_of(address: str | None) -> None:
    """The password in an address such as C(http://user:password@proxy:3128), as it is written and as it is meant."""
    login, _at, _host = (address or "").rpartition("@")
    password = login.partition("://")[2].partition(":")[2]
    register_secret(password)
    register_secret(unquote(password))


def register_credentials(client_id: str, client_secret: str) -> None:
    """Registers the secret of credentials before they are checked: a client ID that was swapped with it is a secret as well."""
    register_secret(client_secret)
    if _SECRET.match(client_id):
        register_secret(client_id)


def looks_like_secret(value: str) -> bool:
    """Whether a value has the form of a client secret; that of a client ID is a UUID."""
    return bool(_SECRET.match(value))


def describe_malformed(client_id: str, client_secret: str) -> str | None:
    """What is wrong with client credentials before they are sent anywhere, or None. The text quotes neither of the two.

    A client ID looks like a UUID, and a client secret like C(wk_secret:oa2c:) and 20 letters and digits: known from
    published examples only, so that no other form is refused, but what is clearly something else is.
    """
    if not client_id or not client_secret:
        return "The client ID or the client secret is empty. Nothing was stored. Enter both."
    for name, value in (("client ID", client_id), ("client secret", client_secret)):
        wrong = _foreign_characters(value)
        if wrong:
            return f"The {name} {wrong} Nothing was stored."
    if looks_like_secret(client_id) and looks_like_secret(client_secret):
        return "The client ID has the form of a client secret. Nothing was stored. Copy the client ID again."
    if looks_like_secret(client_id) or (_UUID.fullmatch(client_secret) and not _UUID.fullmatch(client_id)):
        return "The client ID and the client secret look swapped. Nothing was stored. Enter each in the place of the other."
    if _UUID.fullmatch(client_secret):
        return "The client secret has the form of a client ID. Nothing was stored. Copy the client secret again."
    if len(client_secret) < SHORTEST_SECRET:
        return (
            f"The client secret has fewer than {SHORTEST_SECRET} characters, so it is not complete. Nothing was stored. "
            "Copy it again."
        )
    cut = _CUT_SHORT.fullmatch(client_secret)
    if cut:
        return (
            f"The client secret was cut short: it has {len(cut[2])} characters after its last colon, and a whole one has "
            f"at least {SHORTEST_END}. Nothing was stored. Copy it again."
        )
    return None


def _foreign_characters(value: str) -> str | None:
    """What was copied along with a value, or in place of a part of it."""
    if value[0] in _QUOTES or value[-1] in _QUOTES:
        return "begins or ends with a quotation mark. Enter it without quotation marks."
    if re.search(r"\s", value):
        return "holds a blank or a line break. Copy it again."
    for character in value:
        if not character.isascii() or not character.isprintable():
            # A character that nobody sees is named by its code; a visible one could be a part of the secret.
            unseen = not character.isprintable() or unicodedata.category(character)[0] in "CMZ"
            which = f"that cannot be seen (U+{ord(character):04X})" if unseen else "that is not ASCII"
            return f"holds a character {which}. Copy it again."
    return None


def malformed_token(token: str) -> str | None:
    """What is wrong with an access token before it becomes a header, or None. The text holds nothing of it."""
    if re.fullmatch(r"[\x21-\x7e]+", token):
        return None
    return (
        "The access token (access_token) holds a blank, a line break or another character that no token has. "
        "Copy it again, without the word Bearer. Nothing was sent."
    )
