# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An independent reader of YAML, and a writer of YAML as persons write it."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import assume
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.edit import (
    scalar,
    scalar_key,
)

VAULTTEXT = "$ANSIBLE_VAULT;1.2;AES256;prod\n61626364\n65666768\n"
OTHER = "$ANSIBLE_VAULT;1.1;AES256\n3132333435363738\n"


class Reader(yaml.SafeLoader):
    pass


def _foreign(loader: yaml.SafeLoader, tag: str, node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return (tag, loader.construct_mapping(node, deep=True))
    if isinstance(node, yaml.SequenceNode):
        return (tag, loader.construct_sequence(node, deep=True))
    text = loader.construct_scalar(node)
    return (tag, "\n".join(text.split()) if tag == "vault" else text)


def read(text: str) -> Any:
    return yaml.load(text, Loader=Reader) or {}


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
