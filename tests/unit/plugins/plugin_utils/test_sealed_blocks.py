# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sealed blocks: opened whatever a mail did to them, and refused with words for everything else."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.jwe import (
    PublicKey,
    UnsealError,
    create_key,
    find_blocks,
    open_block,
    public_key,
)
from tests._sealer import as_mail, encode, seal, with_header

CONTENT = {"client_id": "c-1", "client_secret": "wk_secret:oa2c:canary0123456789canary", "expires": "2027-06-30"}
PRIVATE, PUBLIC = create_key()
SEALING = {**PUBLIC.as_fields(), "order": "payroll-sync.filing.1", "fingerprint": "ab" * 32}


def opened(text: str, private: str = PRIVATE) -> dict[str, Any]:
    (block,) = find_blocks(text)
    return open_block(block, private)


def test_block_is_opened_with_its_key_alone() -> None:
    block = seal(SEALING, CONTENT)
    assert opened(block) == CONTENT
    with pytest.raises(UnsealError, match="sealed to another key") as caught:
        opened(block, create_key()[0])
    assert "canary" not in str(caught.value)


def test_block_names_its_order() -> None:
    (block,) = find_blocks(seal(SEALING, CONTENT))
    assert (block.order, block.fingerprint, block.kid) == ("payroll-sync.filing.1", "ab" * 32, PUBLIC.kid)
    assert block.ciphertext.hex() not in repr(block)


@pytest.mark.parametrize(
    "change",
    [
        as_mail,
        lambda block: f"workiva_sealed: {block}\n",
        "  \n".join,
        lambda block: block.replace(".", " .\n\u200b"),
        lambda block: f"{block}\n-- \nAnna",
        lambda block: f"\ufeff>{block}",
    ],
)
def test_what_a_mail_does_to_a_block_is_forgiven(change: Any) -> None:
    assert opened(change(seal(SEALING, CONTENT))) == CONTENT


def test_several_blocks_of_one_text_are_found() -> None:
    other = {**SEALING, "order": "payroll-sync.budget.1"}
    text = as_mail(seal(SEALING, CONTENT)) + as_mail(seal(other, CONTENT))
    assert [block.order for block in find_blocks(text)] == ["payroll-sync.filing.1", "payroll-sync.budget.1"]


@pytest.mark.parametrize(
    "values", [{"order": "payroll-sync.filing.2"}, {"fingerprint": "cd" * 32}, {"kid": "other"}, {"more": 1}]
)
def test_altered_header_is_noticed(values: dict[str, Any]) -> None:
    with pytest.raises(UnsealError, match="altered or damaged"):
        opened(with_header(seal(SEALING, CONTENT), **values))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "dir"},
        {"enc": "A128GCM"},
        {"epk": {"kty": "EC", "crv": "P-256", "x": encode(b"1" * 32), "y": encode(b"2" * 32)}},
        {"epk": {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}},
        {"epk": None},
        {"order": "../../etc/passwd"},
        {"order": 1},
        {"fingerprint": None},
    ],
)
def test_header_that_no_page_writes_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(UnsealError):
        opened(seal(SEALING, CONTENT, **header))


@pytest.mark.parametrize(
    "content",
    [
        b"no json",
        b"[]",
        {"client_id": "c-1"},
        {"client_id": "c-1", "client_secret": ""},
        {**CONTENT, "more": "x"},
        {**CONTENT, "client_secret": ["canary"]},
    ],
)
def test_other_content_is_refused_and_not_repeated(content: Any) -> None:
    with pytest.raises(UnsealError, match="does not hold a client ID and a client secret") as caught:
        opened(seal(SEALING, content))
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=63))
def test_any_other_character_is_noticed(place: int, by: int) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    block = seal(SEALING, CONTENT)
    at = place % len(block)
    if block[at] == ".":
        return
    # The last letter of each part has bits that no byte uses.
    if at + 1 == len(block) or block[at + 1] == ".":
        return
    changed = block[:at] + letters[(letters.index(block[at]) + by) % 64] + block[at + 1 :]
    with pytest.raises(UnsealError):
        opened(changed)


@given(st.text(max_size=200))
def test_any_text_is_read_without_another_error(text: str) -> None:
    for given_text in (text, seal(SEALING, CONTENT)[: len(text) * 3] + text):
        with contextlib.suppress(UnsealError):
            opened(given_text)


def test_thumbprint_is_that_of_rfc_7638_and_its_beginning_is_compared() -> None:
    # Of the example key of RFC 7517, A.1; computed by the rule of RFC 7638.
    key = PublicKey("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")
    assert key.kid == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"
    assert key.fingerprint == "727f 88fd 634c 0a57 a189 5a79 d62f f456"


def test_private_key_gives_its_public_key() -> None:
    assert public_key(PRIVATE) == PUBLIC
    assert "{" not in PRIVATE
    assert json.dumps(PUBLIC.as_fields()).count(PRIVATE) == 0
