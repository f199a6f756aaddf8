# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Edits of vars files, case by case: what is refused and why, and the exact text after an edit."""

from __future__ import annotations

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.edit import (
    Clear,
    Encrypted,
    rewrite,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import (
    VAULT_TAGS,
    VaultFileError,
    VaultText,
)
from tests.unit.plugins.plugin_utils.vault._author import VAULTTEXT

REFUSED = {
    "flow mapping": ("a: {b: SECRETVALUE}\n", ("a", "c")),
    "flow mapping (": ("{a: SECRETVALUE}\n", ("a",)),
    "alias": ("x: &p\n  s: 1\na: *p\n", ("a", "s")),
    "anchor that is used": ("a: &p\n  s: 1\nx: *p\n", ("a", "s")),
    "has a YAML anchor": ("a: &p SECRETVALUE\nx: *p\n", ("a",)),
    "merge key": ("x: &p\n  s: SECRETVALUE\na:\n  <<: *p\n", ("a", "s")),
    "not a mapping": ("a: SECRETVALUE\n", ("a", "b")),
    "the top level": ("- SECRETVALUE\n", ("a",)),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_places_that_cannot_be_edited_are_refused_with_the_reason(reason: str) -> None:
    text, path = REFUSED[reason]
    with pytest.raises(VaultFileError) as caught:
        rewrite(VaultText(text, "/f.yml"), {path: Encrypted(VAULTTEXT)})
    assert reason in str(caught.value)
    assert "SECRETVALUE" not in str(caught.value)


UNREADABLE = {
    "not valid YAML (line 3, column 1)": b"a: 1\nb: 'SECRETVALUE\n",
    "not valid YAML (line 2, column 1)": b"SECRETVALUE: &a [\n",
    "not valid YAML (line 3, column 1": b"a: 1\nb:\n\t- SECRETVALUE\n",
    "not valid YAML (line 1, column 4)": b"a: *SECRETVALUE\n",
    "same key twice": b"a:\n  SECRETVALUE: 1\n  SECRETVALUE: 2\n",
    "several YAML documents": b"a: 1\n---\nb: 2\n",
    "encrypted as a whole": b"$ANSIBLE_VAULT;1.1;AES256\n3132\n",
    "UTF-8": "a: SECRETVALUE\n".encode("utf-16"),
    "(line 2, column 4)": b"a: 1\nb: \x07SECRETVALUE\n",
}


@pytest.mark.parametrize("reason", UNREADABLE)
def test_files_that_cannot_be_read_are_refused_without_quoting_them(reason: str) -> None:
    with pytest.raises(VaultFileError) as caught:
        VaultText.of_bytes(UNREADABLE[reason], "/f.yml")
    error: BaseException | None = caught.value
    assert reason in str(error)
    while error is not None:  # what hangs on to an error is printed with it
        assert "SECRETVALUE" not in str(error)
        error = error.__cause__ or error.__context__


EXACT: dict[str, tuple[str, tuple[str, ...], Clear | Encrypted | None, str]] = {
    "comments stay beside what they are about": (
        "# top\na:\n    s: old  # rotated in May\n    # last word\n\n# end\n",
        ("a", "s"),
        Encrypted("$ANSIBLE_VAULT;1.1;AES256\n31\n"),
        "# top\na:\n    s: !vault |  # rotated in May\n        $ANSIBLE_VAULT;1.1;AES256\n        31\n    # last word\n\n# end\n",
    ),
    "a block keeps the comment on its first line": (
        "s: !vault | # mine\n          $ANSIBLE_VAULT;1.1;AES256\n          31\n\nb: 1\n",
        ("s",),
        Encrypted("$ANSIBLE_VAULT;1.1;AES256\n32\n"),
        "s: !vault | # mine\n  $ANSIBLE_VAULT;1.1;AES256\n  32\n\nb: 1\n",
    ),
    "a new entry is written behind its siblings": (
        "a:\n   b:\n      c: 1\n\n\n# next\nd: 1\n",
        ("a", "e", "m"),
        Clear("v"),
        "a:\n   b:\n      c: 1\n   e:\n      m: v\n\n\n# next\nd: 1\n",
    ),
    "a comment that is indented deeper does not run into the block": (
        "a: x\n      # odd\nb: 1\n",
        ("a",),
        Encrypted("$ANSIBLE_VAULT;1.1;AES256\n31\n"),
        "a: !vault |\n        $ANSIBLE_VAULT;1.1;AES256\n        31\n      # odd\nb: 1\n",
    ),
    "no line break at the end": ("a: 1", ("b",), Clear("x"), "a: 1\nb: x"),
    "an open block at the end keeps its value": ("a: 1\nb: |\n  text", ("c",), Clear("x"), "a: 1\nc: x\nb: |\n  text"),
    "Windows line ends": ("a:\r\n  b: 1\r\n", ("a", "c"), Clear("x"), "a:\r\n  b: 1\r\n  c: x\r\n"),
    "a byte order mark": ("\ufeffa: 1\n", ("b",), Clear("x"), "\ufeffa: 1\nb: x\n"),
    "an empty mapping in braces": (
        "a: {}  # none yet\nb: 1\n",
        ("a", "c"),
        Clear("x"),
        "a:  # none yet\n  c: x\nb: 1\n",
    ),
    "a key without value": ("a:\n# c\nb: 1\n", ("a", "c"), Clear("x"), "a:\n  c: x\n# c\nb: 1\n"),
    "nothing but a marker": ("---\n# empty\n", ("a",), Clear("x"), "---\n# empty\na: x\n"),
    "braces only": ("--- {}\n", ("a",), Clear("x"), "--- \na: x\n"),
    "the last entry of a variable": (
        "v:  # ours\n  a:\n    s: 1\nw: 1\n",
        ("v", "a", "s"),
        None,
        "v: {}  # ours\nw: 1\n",
    ),
    "an integration goes with its last grant": (
        "v:\n  a:\n    s: 1\n  b:\n    s: 2\n",
        ("v", "a", "s"),
        None,
        "v:\n  b:\n    s: 2\n",
    ),
    "a key that looks like a boolean": ("a: 1\n", ("no",), Clear("yes"), 'a: 1\n"no": "yes"\n'),
    "a template from outside stays a string": ("a: 1\n", ("b",), Clear("{{ x }}"), 'a: 1\nb: !unsafe "{{ x }}"\n'),
}


@pytest.mark.parametrize("case", EXACT)
def test_the_text_after_an_edit(case: str) -> None:
    text, path, leaf, expected = EXACT[case]
    assert rewrite(VaultText(text), {path: leaf}) == expected


def test_entries_inside_one_another_are_refused() -> None:
    with pytest.raises(InvalidArgument):
        rewrite(VaultText("a: 1\n"), {("b",): Clear("x"), ("b", "c"): Clear("x")})
    with pytest.raises(InvalidArgument):
        rewrite(VaultText("a: 1\n"), {("b", "c"): Clear("x"), ("b",): Clear("x")})


def test_a_key_is_found_whatever_its_spelling() -> None:
    text = "2026: a\n'2026': b\n\"quoted\": c\n"
    assert (
        rewrite(VaultText(text), {("2026",): Clear("x"), ("quoted",): Clear("z")})
        == "2026: a\n'2026': x\n\"quoted\": z\n"
    )


def test_the_vault_tags_are_those_of_ansible() -> None:
    assert VAULT_TAGS == ("!vault", "!vault-encrypted")
