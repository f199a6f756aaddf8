# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Edits of a vars file keep the lines of others: an entry goes with its own comment, and with nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.plugin_utils._vault import edit as _vault_edit
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.edit import Clear, Encrypted, Leaf, rewrite
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import NEW_FILE
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import (
    HEADING,
    KeyPath,
    VaultFileError,
    VaultText,
)

VAULTTEXT = "$ANSIBLE_VAULT;1.2;AES256;prod\n3132\n3334\n"


@dataclass(frozen=True)
class Line:
    """A line that the author wrote, and the entry that it belongs to: none for a comment or a blank line."""

    text: str
    path: KeyPath = ()
    block: bool = False  # a # that is indented deeper after it would be part of a block of text


class Author:
    """Writes mappings with comments at any column, blank lines, and blocks of text in which a # is no comment."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.lines: list[Line] = []
        self.paths: list[KeyPath] = []

    def asides(self) -> None:
        for kind in self.draw(st.lists(st.sampled_from(["comment", "comment", "blank"]), max_size=3)):
            column = 0 if self.lines and self.lines[-1].block else self.draw(st.sampled_from([0, 2, 4, 6, 9]))
            block = kind == "blank" and bool(self.lines) and self.lines[-1].block
            text = f"{' ' * column}# note {len(self.lines)}" if kind == "comment" else ""
            self.lines.append(Line(text, block=block))

    def mapping(self, path: KeyPath) -> None:
        for number in range(self.draw(st.integers(1, 3))):
            self.asides()
            self.entry((*path, f"k{number}"))

    def entry(self, path: KeyPath) -> None:
        self.paths.append(path)
        pad = "  " * (len(path) - 1)
        kind = self.draw(st.sampled_from(["text", "vault", "block", "mapping", "mapping"]))
        if kind == "mapping" and len(path) < 4:
            self.lines.append(Line(f"{pad}{path[-1]}:", path))
            self.mapping(path)
        elif kind == "vault":
            block = [f"{pad}    {line}" for line in VAULTTEXT.splitlines()]
            self.lines += [Line(text, path, True) for text in (f"{pad}{path[-1]}: !vault |", *block)]
        elif kind == "block":
            block = [f"{pad}  text", f"{pad}  # text, too"]
            self.lines += [Line(text, path, True) for text in (f"{pad}{path[-1]}: |", *block)]
        else:
            self.lines.append(Line(f"{pad}{path[-1]}: one  # beside", path))


@st.composite
def files(draw: Any) -> Author:
    author = Author(draw)
    author.lines += [
        Line(text)
        for text in draw(st.sampled_from([[], ["---"], ["---", "# the file"], ["---", HEADING], ["# the file", ""]]))
    ]
    author.mapping(())
    author.asides()
    return author


def is_aside(line: Line) -> bool:
    return line.text.lstrip().startswith("#") and not line.path


def left_after(author: Author, path: KeyPath) -> list[str]:
    """The lines without an entry and its comment, worked out from who wrote which line."""
    while len(path) > 2 and not any(other[:-1] == path[:-1] and other != path for other in author.paths):
        path = path[:-1]  # an entry whose last value goes has nothing left to say
    hollow = len(path) == 2 and not any(other[:-1] == path[:-1] and other != path for other in author.paths)
    mine = [number for number, line in enumerate(author.lines) if line.path[: len(path)] == path]
    first = mine[0]
    while first > 0 and is_aside(author.lines[first - 1]):
        first -= 1
    while HEADING in [line.text for line in author.lines[first : mine[0]]]:
        first += 1  # the collection's own heading is about the file
    kept = [*author.lines[:first], *author.lines[mine[-1] + 1 :]]
    return [f"{line.text} {{}}" if hollow and line.path == path[:1] else line.text for line in kept]


def without_columns(lines: list[str]) -> list[str]:
    return [line.strip() if line.lstrip().startswith("#") else line for line in lines]


@settings(suppress_health_check=list(HealthCheck))
@given(files(), st.data())
def test_removal_takes_the_entry_with_its_comment_and_no_other_line(author: Author, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(author.paths))
    text = "\n".join(line.text for line in author.lines) + "\n"
    new = rewrite(VaultText(text), {path: None})
    assert without_columns(new.splitlines()) == without_columns(left_after(author, path))


@settings(suppress_health_check=list(HealthCheck))
@given(files(), st.data())
def test_any_edit_keeps_every_comment_of_another_entry(author: Author, data: st.DataObject) -> None:
    text = "\n".join(line.text for line in author.lines) + "\n"
    path = (*data.draw(st.sampled_from([(), *author.paths])), data.draw(st.sampled_from(["new", "k0"])))
    leaf: Leaf = data.draw(st.sampled_from([Clear("v"), Encrypted(VAULTTEXT)]))
    try:
        new = rewrite(VaultText(text), {path: leaf})
    except (VaultFileError, AttributeError):
        return  # the path leads through a value, or to a mapping
    inside = {line.text.strip() for line in author.lines if is_aside(line)}
    assert inside <= {line.strip() for line in new.splitlines()} or path in author.paths


REMOVED = {
    "a comment behind the entry, one step too deep": (
        "a:\n  b:\n    x: 1\n  # b leaves in June\n  c:\n    x: 2\n    # about d\n  d:\n    x: 3\n",
        ("a", "c"),
        "a:\n  b:\n    x: 1\n    # about d\n  d:\n    x: 3\n",
    ),
    "a parent that goes with its last value": (
        "a:\n  b:\n    x: one\n    # about c: do not rotate before June\n  c:\n    x: two\n",
        ("a", "b", "x"),
        "a:\n    # about c: do not rotate before June\n  c:\n    x: two\n",
    ),
    "a comment above, with a blank line between": ("a: 1\n# of both\n\nb: 1\n", ("b",), "a: 1\n# of both\n\n"),
    "a comment of several lines": ("a: 1\n# of b\n  # still\nb: 1\nc: 1\n", ("b",), "a: 1\nc: 1\n"),
    "a comment above the first entry": ("---\n# of a\na: 1\nb: 1\n", ("a",), "---\nb: 1\n"),
    "a comment above the first entry, without a start": ("# of a\na: 1\nb: 1\n", ("a",), "b: 1\n"),
    "a comment about the file": ("---\n# the file\n\na: 1\nb: 1\n", ("a",), "---\n# the file\n\nb: 1\n"),
    "comments about the file and the first entry": (
        "---\n# the file\n\n# of a\na: 1\nb: 1\n",
        ("a",),
        "---\n# the file\n\nb: 1\n",
    ),
    "the collection's own heading": (f"{NEW_FILE}# of a\na: 1\nb: 1\n", ("a",), f"{NEW_FILE}b: 1\n"),
    "the collection's own heading, directly above": (f"{NEW_FILE}a: 1\nb: 1\n", ("a",), f"{NEW_FILE}b: 1\n"),
    "a block of text that ends before the entry": (
        "a: |\n  text\n  # text\nb: 1\n      # of c\nc: 1\n",
        ("b",),
        "a: |\n  text\n  # text\n# of c\nc: 1\n",
    ),
}


@pytest.mark.parametrize("case", REMOVED)
def test_removal_leaves_the_comments_of_others(case: str) -> None:
    text, path, expected = REMOVED[case]
    assert rewrite(VaultText(text), {path: None}) == expected


def test_removal_keeps_a_long_commented_block() -> None:
    notes = "".join(f"    # line {number} of an old entry, kept for the audit\n" for number in range(88))
    assert rewrite(VaultText(f"a:\n  b: one\n{notes}  c: two\n"), {("a", "b"): None}) == f"a:\n{notes}  c: two\n"


def test_edit_that_would_lose_a_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard does not rely on the editor: with one that takes a line too much, nothing is returned."""
    remove = _vault_edit._Editor.remove

    def greedy(editor: Any, key: Any, value: Any) -> None:
        remove(editor, key, value)
        splice = editor.splices[-1]
        editor.splices[-1] = _vault_edit.Splice(splice.start, editor.document.after_line(splice.end), "")

    monkeypatch.setattr(_vault_edit._Editor, "remove", greedy)
    with pytest.raises(VaultFileError, match="cannot be edited at b without a change elsewhere"):
        rewrite(VaultText("a: 1\nb: 1\n# of c\nc: 1\n"), {("b",): None})
