# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Edits of vars files as persons write them: what is not named by an edit keeps every byte."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.edit import (
    Clear,
    Encrypted,
    is_hollow,
    locate,
    rewrite,
    scalar,
    scalar_key,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import (
    VAULT_TAGS,
    VaultFileError,
    VaultText,
)

VAULTTEXT = "$ANSIBLE_VAULT;1.2;AES256;prod\n61626364\n65666768\n"
OTHER = "$ANSIBLE_VAULT;1.1;AES256\n3132333435363738\n"

# --- An independent reader: constructs Python values, follows aliases and merges, keeps foreign tags.


class Reader(yaml.SafeLoader):
    pass


def _foreign(loader: yaml.SafeLoader, tag: str, node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return (tag, loader.construct_mapping(node, deep=True))
    if isinstance(node, yaml.SequenceNode):
        return (tag, loader.construct_sequence(node, deep=True))
    text = loader.construct_scalar(node)
    return (tag, "\n".join(text.split()) if tag == "vault" else text)


Reader.add_multi_constructor("!", _foreign)


def read(text: str) -> Any:
    return yaml.load(text, Loader=Reader) or {}


def without(value: Any, path: tuple[str, ...]) -> Any:
    """The same without what is at a path, and without the mappings that hold nothing else."""
    if not isinstance(value, dict):
        return value
    left = dict(value)
    if len(path) == 1:
        left.pop(path[0], None)
    elif path[0] in left:
        inner = without(left[path[0]], path[1:])
        if inner in ({}, None):
            del left[path[0]]
        else:
            left[path[0]] = inner
    return left


def at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


# --- A writer of YAML as persons write it.

COMMENTS = st.sampled_from(["#", "# note", "# key: value", "#\ttabs\tin it", "# ünï ✓", "#!vault |", "# {{ x }} [] {}"])
KEYS = st.sampled_from(
    ["alpha", "beta", "client id", "gamma-1", "delta_2", "Größe", "on it", "x" * 30, "2026-11", "a.b", "#odd", "yes"]
)
WORDS = st.sampled_from(
    ["word", "two words", "42", "2027-06-30", "true", "null", "a: b", "- x", "#no", "ünï ✓ 😀", "it's", 'say "x"', ""]
)


def _key(key: str, style: int) -> str:
    if style == 1:
        return "'" + key.replace("'", "''") + "'"
    if style == 2:
        return '"' + key + '"'
    return scalar_key(key)


class Author:
    """Writes one document, deciding everything by drawing."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.anchors: list[str] = []

    def chance(self, one_in: int) -> bool:
        return bool(self.draw(st.integers(1, one_in)) == 1)

    def aside(self, indent: int) -> None:
        for _number in range(self.draw(st.sampled_from([0, 0, 0, 0, 1, 2]))):
            column = self.draw(st.sampled_from([0, indent, indent, indent + 1, indent + 4, indent + 12]))
            self.lines.append(self.draw(st.sampled_from(["", "", " " * column + self.draw(COMMENTS)])))

    def mapping(self, indent: int, depth: int) -> None:
        for key in self.draw(st.lists(KEYS, min_size=1, max_size=4, unique=True)):
            self.aside(indent)
            self.entry(
                " " * indent + _key(key, self.draw(st.integers(0, 2))) + self.draw(st.sampled_from([":", ":", " :"])),
                indent,
                depth,
            )

    def entry(self, head: str, indent: int, depth: int) -> None:
        kinds = ["plain", "plain", "quoted", "null", "block", "list", "flow", "vault", "tagged", "anchor", "long"]
        kind = self.draw(st.sampled_from(kinds + (["mapping"] * 8 if depth < 3 else [])))
        gap = self.draw(st.sampled_from([" ", " ", "   "]))
        tail = gap + self.draw(COMMENTS) if self.chance(4) else ""
        step = self.draw(st.sampled_from([2, 2, 4, 1]))
        pad = " " * (indent + step)
        if kind == "plain":
            self.lines.append(f"{head}{gap}{scalar(self.draw(WORDS))}{tail}")
        elif kind == "quoted":
            self.lines.append(f"{head}{gap}'{self.draw(WORDS).replace(chr(39), chr(39) * 2)}'{tail}")
        elif kind == "null":
            self.lines.append(f"{head}{self.draw(st.sampled_from(['', ' ~', ' null', ' {}', ' { }']))}{tail}")
        elif kind == "block":
            mark = self.draw(st.sampled_from(["|", ">", "|-", ">-", "|+", ">+"]))
            self.lines.append(f"{head}{gap}{mark}{tail}")
            for line in self.draw(
                st.lists(st.sampled_from(["text", "# no comment", "  deeper", "", "k: v"]), max_size=4)
            ):
                self.lines.append(pad + line if line else self.draw(st.sampled_from(["", pad])))
            while self.lines and self.lines[-1].startswith(pad + "  ") and self.lines[-2].startswith(head):
                self.lines[-1] = pad + "text"  # the first line sets the indent
        elif kind == "list":
            self.lines.append(f"{head}{tail}")
            self.lines += [f"{self.draw(st.sampled_from([' ' * indent, pad]))[: len(pad)]}- one"] * 1
            if self.chance(2):
                inner = self.lines[-1].split("-")[0]
                self.lines += [f"{inner}- k: v{tail}", f"{inner}  l: w"]
        elif kind == "flow":
            self.lines.append(f"{head}{gap}{self.draw(st.sampled_from(['[1, two]', '{a: 1, b: {c: d}}', '[]']))}{tail}")
        elif kind == "vault":
            self.lines += [f"{head}{gap}!vault |{tail}", *(" " * (indent + 10) + line for line in OTHER.splitlines())]
        elif kind == "tagged":
            self.lines.append(f"{head}{gap}{self.draw(st.sampled_from(['!unsafe', '!mine', '!!str']))} text{tail}")
        elif kind == "long":
            self.lines += [f'{head}{gap}"first', f"{pad}second # still text", f'{pad}last"{tail}']
        elif kind == "anchor" and self.anchors and self.chance(2):
            self.lines.append(f"{head}{gap}*{self.draw(st.sampled_from(self.anchors))}{tail}")
        elif kind == "anchor":
            self.anchors.append(f"a{len(self.anchors)}")
            self.lines.append(f"{head}{gap}&{self.anchors[-1]} text{tail}")
        else:
            self.lines.append(f"{head}{tail}")
            self.mapping(indent + step, depth + 1)

    def document(self) -> str:
        for _number in range(self.draw(st.integers(0, 1))):
            self.lines += self.draw(
                st.sampled_from([["---"], ["# a file", "---"], ["---", "# ours", ""], ["# only a comment"]])
            )
        self.mapping(0, 0)
        self.aside(0)
        line_break = self.draw(st.sampled_from(["\n", "\n", "\r\n"]))
        text = line_break.join(self.lines) + (line_break if self.draw(st.sampled_from([True, True, False])) else "")
        return f"\ufeff{text}" if self.chance(8) else str(text)


@st.composite
def documents(draw: Any) -> str:
    return Author(draw).document()


def paths_of(value: Any, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(value, dict):
        return []
    return [
        path
        for key, inner in value.items()
        if isinstance(key, str)
        for path in ((*prefix, key), *paths_of(inner, (*prefix, key)))
    ]


@st.composite
def edits(draw: Any) -> tuple[str, tuple[str, ...]]:
    """A document, and a path that is in it or could be."""
    text = draw(documents())
    try:
        known = paths_of(read(text))
    except (yaml.YAMLError, TypeError):  # the author may write an impossible document, as persons do
        assume(False)
        raise
    path = draw(st.sampled_from([(), *known]))
    if not path or draw(st.booleans()):
        path = (
            *path,
            *draw(st.lists(st.sampled_from(["new", "neu ü", "no", "client_secret", "beta"]), min_size=1, max_size=3)),
        )
    return text, path


def same_ends(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts have in common at the start, and behind that at the end."""

    def common(one: str, other: str) -> int:
        return next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))

    start = common(old, new)
    return start, common(old[start:][::-1], new[start:][::-1])


def nearest(document: VaultText, path: tuple[str, ...]) -> yaml.Node | None:
    """The innermost of what is there on the way to a path."""
    found = [document.find(path[:depth]) for depth in range(len(path), 0, -1)]
    return next((node for node in found if node is not None), None)


def parsed(text: str) -> VaultText:
    try:
        return VaultText(text)
    except VaultFileError:
        assume(False)
        raise


SETTINGS = settings(suppress_health_check=list(HealthCheck))


@SETTINGS
@given(
    edits(), st.sampled_from([Encrypted(VAULTTEXT), Clear("some-id"), Clear("2027-06-30"), Clear("{{ x }} ü\x85'\"")])
)
def test_an_edit_changes_its_entry_and_nothing_else(edit: tuple[str, tuple[str, ...]], leaf: Any) -> None:
    text, path = edit
    document = parsed(text)
    try:
        present = locate(document, path)
        assume(present is None or isinstance(present, yaml.ScalarNode))
    except VaultFileError as error:
        event(f"refused: {str(error).rsplit(') ', 1)[-1][:30]}")
        return
    new = rewrite(document, {path: leaf})

    event("replaced" if present is not None else "added")
    before, after = read(text), read(new)
    assert at(after, path) == (("vault", VAULTTEXT.strip()) if isinstance(leaf, Encrypted) else at(after, path))
    if isinstance(leaf, Clear):
        assert at(after, path) == (("unsafe", leaf.value) if "{{" in leaf.value else leaf.value)
    assert without(after, path) == without(before, path)

    node = present or nearest(document, path)
    if present is None and not (node is not None and is_hollow(document, node)):
        assert sum(same_ends(text, new)) >= len(text)  # the old text, and something between
    elif node is not None and new != text:
        end = (
            document.entry_end(node, node)
            if node.start_mark.index != node.end_mark.index
            else document.after_line(node.start_mark.index)
        )
        assert new.startswith(text[: node.start_mark.index].rstrip(" \r\n"))
        assert new.endswith(text[end:])
        header = document.block_header_end(node)
        comment = text[node.end_mark.index if header is None else header : end].splitlines()[:1]
        assert "".join(comment).strip() in new[node.start_mark.index - 1 : len(new) - len(text[end:])]
    assert ("\r\n" in text) == ("\r\n" in new) or "\n" not in text
    # Whether there is a line break at the end is the author's business.
    if text.rstrip("\r\n") == text and text.strip("\ufeff"):
        assert not new.endswith("\n") or isinstance(present, yaml.ScalarNode)


@SETTINGS
@given(edits())
def test_removing_what_was_added_restores_the_meaning(edit: tuple[str, tuple[str, ...]]) -> None:
    text, path = edit
    document = parsed(text)
    try:
        assume(locate(document, path) is None)
    except VaultFileError:
        assume(False)
    added = rewrite(document, {path: Encrypted(VAULTTEXT)})
    try:
        removed = rewrite(VaultText(added), {path: None})
    except VaultFileError:  # blank lines behind it would become part of a block of text (|+) before it
        assume("|+" not in text and ">+" not in text)
        raise
    before, after = read(text), read(removed)
    assert without(after, path) == without(before, path)


@SETTINGS
@given(edits())
def test_a_removal_takes_its_entry_or_is_refused(edit: tuple[str, tuple[str, ...]]) -> None:
    text, path = edit
    document = parsed(text)
    try:
        new = rewrite(document, {path: None})
    except VaultFileError:
        event("refused")
        return
    before, after = read(text), read(new)
    assert without(after, path) == without(before, path)
    start, end = same_ends(text, new)
    assert start + end >= min(len(text), len(new)) or len(path) > 1


@SETTINGS
@given(
    edits(),
    st.lists(
        st.sampled_from([("new", "one"), ("new", "two"), ("alpha", "new"), ("beta", "x", "y"), ("top",)]), unique=True
    ),
)
def test_many_entries_at_once_are_the_same_as_one_by_one(
    edit: tuple[str, tuple[str, ...]], more: list[tuple[str, ...]]
) -> None:
    text, path = edit
    document = parsed(text)
    paths = [path, *(other for other in more if other[: len(path)] != path and path[: len(other)] != other)]
    try:
        for one in paths:
            assume(not isinstance(locate(document, one), yaml.CollectionNode))
        together = rewrite(document, {one: Clear("v") for one in paths})
    except VaultFileError as error:
        refusal = str(error)
    else:
        refusal = ""
    assert "without a change elsewhere" not in refusal
    assume(not refusal)
    single = text
    for one in paths:
        single = rewrite(VaultText(single), {one: Clear("v")})
    assert read(together) == read(single)


@given(st.text())
def test_any_string_is_written_as_itself(value: str) -> None:
    assume(not any("\ud800" <= character <= "\udfff" for character in value))
    found = read(f"key: {scalar(value)} # c\n{scalar_key(value)}: x\n")
    assert found["key"] in (value, ("unsafe", value))
    assert found.get(value) == "x" or value == "key"


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    refusal = "/x.yml"
    try:
        VaultText.of_bytes(content, "/x.yml")
    except VaultFileError as error:
        refusal = str(error)
    assert refusal.startswith("/x.yml")


REFUSED = {
    "flow mapping": ("a: {b: SECRETVALUE}\n", ("a", "c")),
    "flow mapping (": ("{a: SECRETVALUE}\n", ("a",)),
    "alias": ("x: &p\n  s: 1\na: *p\n", ("a", "s")),
    "anchor that is used": ("a: &p\n  s: 1\nx: *p\n", ("a", "s")),
    "has an anchor": ("a: &p SECRETVALUE\nx: *p\n", ("a",)),
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
    "a new entry stands behind its siblings": (
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
