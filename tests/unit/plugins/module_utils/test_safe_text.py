# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text of a library, a server or an input, made safe for a message."""

from __future__ import annotations

import base64
import html
import json
import random
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils import _safe_text, _secret_parts, _secrets
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import (
    HIDDEN,
    make_visible,
    quote_input,
    safe_text,
)
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import register_secret

SECRET = "Canary:pa ss/w+r=d&\"'\\<é€😀>?#@%0123"
TOKEN = "header.payload-of_a~token." + "0123456789abcdefghijklmnopqrstuv" * 8


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    secrets: set[str] = set()
    monkeypatch.setattr(_secrets, "_KNOWN", secrets)
    return secrets


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "quote": lambda secret: quote(secret, safe=""),
    "quote with slashes": quote,
    "quote_plus": quote_plus,
    "quote in lower case": lambda secret: quote(secret, safe="").lower(),
    "quote twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "urlencode": lambda secret: urlencode({"grant_type": "x", "client_secret": secret}),
    "JSON": json.dumps,
    "JSON in UTF-8": lambda secret: json.dumps(secret, ensure_ascii=False),
    "JSON within JSON": lambda secret: json.dumps(json.dumps({"body": secret})),
    "JSON with escaped slashes": lambda secret: json.dumps(secret).replace("/", "\\/"),
    "repr": repr,
    "repr of bytes": lambda secret: repr(secret.encode()),
    "repr of a dict": lambda secret: repr({"Authorization": f"Bearer {secret}"}),
    "HTML": html.escape,
    "HTML, numeric": lambda secret: "".join(f"&#{ord(one)};" for one in secret),
    "HTML, hexadecimal": lambda secret: "".join(f"&#x{ord(one):X};" for one in secret),
    "base64": _b64,
    "base64, URL-safe": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    "base64 of a login": lambda secret: _b64(f"robot:{secret}"),
    "base64 of a longer login": lambda secret: _b64(f"robot1:{secret}"),
    "base64 of the longest login": lambda secret: _b64(f"robot12:{secret}"),
    "base64 of SASL PLAIN": lambda secret: _b64(f"\0robot\0{secret}"),
    "base64 of a login, URL-safe": lambda secret: base64.urlsafe_b64encode(f"robot:{secret}".encode()).decode(),
}


@pytest.mark.parametrize("secret", [SECRET, TOKEN, "wk_secret:oa2c:0123456789abcdef", "Invented-pw", "Kurz1!"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_safe_text_hides_a_registered_secret_in_each_spelling(secret: str, spelling: str) -> None:
    register_secret(secret)
    spelled = SPELLINGS[spelling](secret)
    found = safe_text(f"bad request: {spelled} (line 1)", limit=5000)
    for form in (secret, spelled, quote_plus(secret), _b64(secret)[:-4]):
        assert form.casefold() not in found.casefold()
    assert "bad request" in found or "repeats a secret" in found


@pytest.mark.parametrize("cut", range(20, len(TOKEN), 37))
def test_safe_text_hides_what_a_library_cut_out_of_a_secret(cut: int) -> None:
    register_secret(TOKEN)
    for part in (TOKEN[:cut], TOKEN[cut:], TOKEN[cut - 20 : cut + 20], quote(TOKEN[cut - 20 : cut])):
        found = safe_text(f"invalid chunk length '{part}'")
        if len(part) >= 20:
            assert part not in found
            assert part[:16] not in found


def test_safe_text_hides_a_secret_that_invisible_characters_split() -> None:
    register_secret("Invented-password")
    for mark in ("\u200b", "\0", "\u202e", "\n", "\r\n ", "\u00ad"):
        found = safe_text(mark.join("Invented-password"))
        assert "vented" not in found
        found = safe_text(f"Invented{mark}-password")
        assert not ("Invented" in found and "password" in found), found


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Authorization: Bearer 0123456789abcdefgh.x", "0123456789abcdefgh"),
        ("Proxy-Authorization: Basic cm9ib3Q6SW52ZW50ZWQtcHc=", "cm9ib3Q6"),
        ("client_id=1&client_secret=wk_secret%3Aoa2c%3Aabc&x=1", "oa2c"),
        ('{"client_secret": "anything"}', "anything"),
        ('{\\"access_token\\":\\"anything\\"}', "anything"),
        ("b'client_secret%3Danything'", "anything"),
        ("token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJz"),
        ("it says wk_secret:oa2c:abc.", "oa2c"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----", "MIIEow"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEow", "MIIEow"),
        ("http://robot:pw@proxy.example.com:3128 failed", "pw"),
        ("http://robot:pw/x?y#z@proxy.example.com failed", "pw"),
        ("Failed to parse: //robot:pw@@proxy.example.com", "pw"),
        ("not a valid host: robot:pw@proxy.example.com", "pw"),
        ("https::http://u:pw@example.com/x", "pw"),
    ],
)
def test_safe_text_hides_what_is_secret_by_its_shape(text: str, hidden: str) -> None:
    assert hidden not in safe_text(text)


def test_safe_text_keeps_what_a_reader_needs() -> None:
    for text in (
        "Connection refused",
        "after wk_secret: it has 16 characters",
        "[Errno -2] Name or service not known",
        "invalid_client: Basic authentication is required",
        "https://api.app.wdesk.com/iam/v1/oauth2/token was not found",
        "the mailbox mailto:anna@example.com is full",
        "User anna.k@example.com is not a member",
        "git@github.com: Permission denied (publickey)",
        "größe, naïve, 日本",
    ):
        assert safe_text(text) == text
    assert safe_text("http://robot:pw@proxy.example.com:3128/x") == "http://proxy.example.com:3128/x"


def test_safe_text_shows_control_and_bidirectional_characters() -> None:
    assert safe_text("a\u202eb\x1b[31mc\0\r\n\td\u00a0e\ud800") == "a<U+202E>b<U+001B>[31mc<U+0000> d e<U+D800>"


def test_safe_text_takes_bytes_and_errors() -> None:
    assert safe_text(b"caf\xc3\xa9 \xff") == "café \\xff"
    assert safe_text(ValueError("no number")) == "no number"


def test_safe_text_cuts_after_it_has_hidden() -> None:
    register_secret(TOKEN)
    for limit in (10, 40, 300):
        found = safe_text(f"said {TOKEN} {'x' * 400}", limit=limit)
        assert len(found) == limit
        assert found.endswith("...")
        assert "header" not in found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=60),
    before=st.text(max_size=30),
    spelling=st.sampled_from(sorted(SPELLINGS)),
)
def test_safe_text_never_shows_a_secret_whatever_it_holds(
    known: set[str], secret: str, before: str, spelling: str
) -> None:
    known.clear()
    register_secret(secret)
    found = safe_text(before + SPELLINGS[spelling](secret), limit=5000)
    assert secret not in found
    assert all(one.isprintable() for one in found)


@given(text=st.text(max_size=400), limit=st.integers(3, 400))
def test_safe_text_is_one_printable_line_within_its_limit(text: str, limit: int) -> None:
    found = safe_text(text, limit=limit)
    assert len(found) <= limit
    assert all(one.isprintable() for one in found)
    found.encode("utf-8")


def test_thousand_secrets_in_thousand_messages_cost_a_look_for_each_secret_and_each_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoded, compiled, looks = [], [], []
    in_base64, pattern, readings = _secret_parts.in_base64, _safe_text._pattern.__wrapped__, _secret_parts._readings
    monkeypatch.setattr(_secret_parts, "in_base64", lambda secret: encoded.append(secret) or in_base64(secret))
    monkeypatch.setattr(_safe_text, "_pattern", lambda secret: compiled.append(secret) or pattern(secret))
    monkeypatch.setattr(_secret_parts, "_readings", lambda text: looks.append(text) or readings(text))
    number = random.Random(15)
    secrets = [f"wk_secret:oa2c:{number.randbytes(24).hex()}" for _secret in range(1000)]
    repeated = secrets[::50]  # a pattern takes long to compile
    for secret in secrets:
        register_secret(secret)
        word = secret if secret in repeated else "nothing"
        shown = HIDDEN if secret in repeated else "nothing"
        assert safe_text(f"the server answered {word} and no more") == f"the server answered {shown} and no more"
        safe_text("Connection refused")
    assert sorted(encoded) == sorted(secrets)
    assert 0 < len(set(compiled)) <= len(repeated)
    assert len(looks) == 2 * 3 * len(secrets)


def test_secret_is_hidden_among_others_and_after_it_is_known_no_more(known: set[str]) -> None:
    others = {f"another-secret-of-the-process-{number}" for number in range(20)}
    known |= {SECRET, TOKEN, "Kurz1!", *others}
    for secret in (SECRET, TOKEN, "Kurz1!", "another-secret-of-the-process-7"):
        assert secret not in safe_text(f"before {quote(secret)} {secret} after", limit=5000)
    known.clear()
    assert safe_text("another-secret-of-the-process-7") == "another-secret-of-the-process-7"


def test_quote_input_hides_what_may_be_a_pasted_secret() -> None:
    register_secret("Invented-pw")
    for value in (
        "wk_secret:oa2c:1",
        "Invented-pw",
        "x" * 81,
        "a\u200bb",
        "ab12cd34ef56gh78",
        "line\nend",
        "http://u:p@h",
    ):
        assert quote_input(value) == HIDDEN
    for value in ("payroll-sync", "SEC Filing", "anna@example.com", "365", "2027-06-30"):
        assert quote_input(value) == value


def test_register_secret_leaves_out_what_is_too_short_to_hide() -> None:
    register_secret("abc")
    register_secret(" ab ")
    register_secret(None)
    assert safe_text("abc ab") == "abc ab"


def test_text_of_our_own_becomes_visible_and_keeps_its_blanks() -> None:
    assert make_visible("  two  blanks, a tab\tand a\u00a0blank") == "  two  blanks, a tab and a blank"
    assert make_visible("a\x1b[31m\u202eb\nc") == "a<U+001B>[31m<U+202E>b c"
    assert make_visible("x" * 1001) == "x" * 997 + "..."
    assert len(make_visible("x " * 5000)) == 4000


def test_secret_that_comes_about_when_a_message_is_made_visible_is_hidden() -> None:
    register_secret(SECRET)
    assert "pa ss" not in str(InvalidArgument(f"The user '{SECRET.replace(' ', chr(0xA0))}' does not exist yet."))
