# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""A vars file as a person wrote it: its YAML nodes, and where in the text each of them is."""

from __future__ import annotations

import bisect
import contextlib
import re
from collections.abc import Iterator
from typing import Any, TypeGuard

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.plugin_utils._bounds import (
    Bounded,
    BoundedLoader,
    FastLoader,
    OutOfBounds,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._conflict import find_conflict

KeyPath = tuple[str, ...]
Pair = tuple[yaml.Node, yaml.Node]  # the key and the value of one entry

VAULT_TAGS = ("!vault", "!vault-encrypted")
UNSAFE_TAG = "!unsafe"
STR_TAG = "tag:yaml.org,2002:str"
NULL_TAG = "tag:yaml.org,2002:null"
MERGE_TAG = "tag:yaml.org,2002:merge"

# What YAML 1.1 takes for the end of a line; U+0085 and the two separators are spelled out for the reader's sake.
LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
# The first comment of a file that the collection has made; it is about the file, whatever entry is below it.
HEADING = "# Written by integrations.workiva. Encrypted values: `ansible-vault`; everything else may be edited by hand."
_BLANKS = " \t\r\n\x85\u2028\u2029"
_BLOCK_HEADER = re.compile(r"(?:[!&]\S*\s+)*[|>][-+0-9]*")


class VaultFileError(WorkivaError):
    """A vars file cannot be read or edited as asked; it was left as it was. The text names places, never content."""


class AliasNode(yaml.ScalarNode):
    """A place that only points to an anchor; PyYAML itself would put the anchored node here."""


class _Nodes(Bounded):
    """Composes nodes without constructing anything, so that every tag is welcome. Who reads the file expands its aliases."""

    def __init__(self) -> None:
        Bounded.__init__(self)
        self.anchored: dict[str, yaml.Node] = {}
        self.names: dict[int, str] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.get_event()
            if event.anchor not in self.anchored:
                raise yaml.composer.ComposerError(None, None, "an alias without its anchor", event.start_mark)
            self.count_alias(event)
            return AliasNode("alias", event.anchor, event.start_mark, event.end_mark)
        event = self.peek_event()
        if event.anchor is not None:
            # Noted ahead, since an anchor may be pointed to from inside of what it names.
            self.anchored[event.anchor] = yaml.ScalarNode(NULL_TAG, "", event.start_mark, event.end_mark)
        node: Any = super().compose_node(parent, index)
        if event.anchor is not None:
            self.anchored[event.anchor] = node
            self.names[id(node)] = event.anchor
        return node


class _Places(_Nodes, BoundedLoader):
    """With the exact places of all nodes."""

    def __init__(self, text: str) -> None:
        BoundedLoader.__init__(self, text)
        _Nodes.__init__(self)


class _Values(_Nodes, FastLoader):
    """With their values and lines; the place where a node ends may differ."""

    def __init__(self, text: str) -> None:
        FastLoader.__init__(self, text)
        _Nodes.__init__(self)


class VaultText:
    """The text of a vars file, with the places of its nodes. C(read_only): with their values only, in a fifth of the time."""

    def __init__(self, text: str, path: str = "the file", *, read_only: bool = False) -> None:
        self.text = text
        self.path = path
        self.is_read_only = read_only
        self.starts = [0, *(match.end() for match in LINE_BREAK.finditer(text))]
        self.root: yaml.Node | None = None
        self._compose()
        self.aliased = {node.value for node in self._nodes(self.root) if isinstance(node, AliasNode)}
        self._indexes: dict[int, dict[str, list[Pair]]] = {}
        self._previous: dict[int, Pair | None] = {}
        self._indent: int | None = None
        self._ends_open = bool(text.strip("\ufeff")) and self.starts[-1] != len(text)
        self._refuse_duplicates()

    @classmethod
    def of_bytes(cls, content: bytes, path: str, *, read_only: bool = False) -> VaultText:
        """Decodes a file, which Ansible reads as UTF-8; a byte order mark stays part of the text."""
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = None
        if text is None:
            raise VaultFileError(f"{path} is not UTF-8 text.")
        if text.lstrip("\ufeff").lstrip().startswith("$ANSIBLE_VAULT"):
            raise VaultFileError(
                f"{path} is encrypted as a whole. The collection encrypts single values, so names and dates "
                "stay readable. Nothing was changed. Decrypt it with `ansible-vault decrypt`, then encrypt its secrets one "
                "by one."
            )
        return cls(text, path, read_only=read_only)

    # Reading the tree

    def find(self, path: KeyPath) -> yaml.Node | None:
        """What is at a path of keys, aliases followed; None where nothing is."""
        node = self.root
        for depth, key in enumerate(path):
            if not isinstance(node, yaml.MappingNode):
                return None
            entry = self.entry(node, key, path[:depth])
            if entry is None:
                return None
            node = entry[1]
            while isinstance(node, AliasNode):
                node = self.anchored[node.value]
        return node

    def value(self, path: KeyPath) -> str | None:
        """The text of a value in clear, as written (a date stays what it looks like); None for anything else."""
        node = self.find(path)
        if not isinstance(node, yaml.ScalarNode) or node.tag in VAULT_TAGS or node.tag == NULL_TAG:
            return None
        return str(node.value)

    def keys_of(self, path: KeyPath) -> list[str]:
        """The keys of the mapping at a path of keys; none where there is no mapping. Raises L(VaultFileError)."""
        node = self.find(path)
        return list(self._index(node)) if isinstance(node, yaml.MappingNode) else []

    def entry(self, mapping: yaml.MappingNode, key: str, parent: KeyPath = ()) -> Pair | None:
        """The key and the value node of one entry; a string key goes before a number or a word of the same spelling."""
        index = self._index(mapping)
        found = index.get(key)
        if found:
            return min(found, key=lambda pair: bool(pair[0].tag != STR_TAG))
        if any(name.tag == MERGE_TAG for name, _value in index.get("<<", ())):
            raise VaultFileError(
                f"{self.path}: {dotted(parent) or 'the top level'} (line {self.line(mapping)}) has a merge "
                f"key (<<). Write the entry {dotted((*parent, key))} there, and run again."
            )
        return None

    def _index(self, mapping: yaml.MappingNode) -> dict[str, list[Pair]]:
        """The entries of a mapping by the spelling of their keys, made once: a file may have thousands of entries."""
        index = self._indexes.get(id(mapping))
        if index is None:
            index = self._indexes[id(mapping)] = {}
            previous: Pair | None = None
            for pair in mapping.value:
                self._previous[id(pair[0])] = previous
                previous = pair
                if is_name(pair[0]):
                    index.setdefault(pair[0].value, []).append(pair)
        return index

    def nodes(self) -> Iterator[yaml.Node]:
        """All nodes, in the order of the text."""
        return self._nodes(self.root)

    def line(self, node: yaml.Node) -> int:
        """The number of the line on which a node starts, as editors count."""
        return self.line_at(node.start_mark.index)

    def line_at(self, index: int) -> int:
        """The number of the line that a place is on."""
        return bisect.bisect_right(self.starts, index)

    def anchor(self, node: yaml.Node) -> str | None:
        """The anchor on a node, where an alias in the file uses it."""
        name = self.names.get(id(node))
        return name if name in self.aliased else None

    # Places in the text

    def after_line(self, index: int) -> int:
        """Where the line after that of a place starts, or the end of the text."""
        line = bisect.bisect_right(self.starts, index)
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def line_end(self, index: int) -> int:
        """Where the line of a place ends, before its line break."""
        match = LINE_BREAK.search(self.text, index)
        return match.start() if match else len(self.text)

    def line_break(self, near: int) -> str:
        """The kind of line break that the text has around a place."""
        line = bisect.bisect_right(self.starts, near) - 1
        for start in (*self.starts[max(line, 1) : line + 2], *self.starts[1:2]):
            if self.text[start - 1] in "\r\n":
                return "\r\n" if self.text[start - 2 : start] == "\r\n" else self.text[start - 1]
        return "\n"

    def ends_open(self) -> bool:
        """Whether the last line has no line break."""
        return self._ends_open

    def block_header_end(self, node: yaml.Node) -> int | None:
        """For a block scalar: where its indicator ends."""
        if not is_block_scalar(node):
            return None
        match = _BLOCK_HEADER.match(self.text, node.start_mark.index)
        return match.end() if match else None

    def entry_end(self, key: yaml.Node, value: yaml.Node) -> int:
        """Where the first line after an entry starts; blank lines and comments after it are not part of it."""
        node = self._last(key, value)
        end = int(node.end_mark.index)
        header = self.block_header_end(node)
        if header is None:
            return self.after_line(end)
        body = self.text[node.start_mark.index : end]
        trimmed = self.after_line(node.start_mark.index + len(body.rstrip(_BLANKS)))
        if "+" in self.text[node.start_mark.index : header] or {" ", "\t"} & set(self.text[trimmed:end]):
            return end if end in self.starts else self.after_line(end)  # here even the blank lines are content
        return min(trimmed, self.after_line(end))

    def entry_start(self, key: yaml.Node) -> int:
        """Where an entry starts: at the comment lines directly above its key, between which and it no line is blank.

        The collection's own heading of a file (L(HEADING)) belongs to no entry. The key must have been found by L(entry).
        """
        line = self.line(key) - 1
        previous = self._previous[id(key)]
        lowest = self.entry_end(*previous) if previous else 0
        first = line
        while first > 0 and self.starts[first - 1] >= lowest and self._is_own_comment(first - 1):
            first -= 1
        return self.starts[first]

    def _is_own_comment(self, line: int) -> bool:
        heading = self.text[self.starts[line] : self.line_end(self.starts[line])].strip() == HEADING
        return self.is_comment(line) and not heading

    def is_comment(self, line: int) -> bool:
        """Whether a line, counted from 0, has a comment and nothing else; a block of text must not be asked about."""
        return self.text[self.starts[line] : self.line_end(self.starts[line])].lstrip(" \t").startswith("#")

    def is_open_ended(self, key: yaml.Node, value: yaml.Node) -> bool:
        """Whether a line break at the end of the text would change the value there."""
        node = self._last(key, value)
        header = self.block_header_end(node)
        return (
            header is not None
            and node.tag not in VAULT_TAGS
            and self.ends_open()
            and self.after_line(node.end_mark.index) == len(self.text)
            and "-" not in self.text[node.start_mark.index : header].split()[-1]
        )

    def child_indent(self, mapping: yaml.MappingNode | None) -> int:
        """By how much this author indents a child: as its siblings do, else as the file does, else by two."""
        if mapping is not None and is_block_mapping(mapping):
            own = self._step(mapping)
            if own:
                return own
        if self._indent is None:
            steps = (self._step(node) for node in self._nodes(self.root) if is_block_mapping(node))
            self._indent = next((step for step in steps if step), 2)
        return self._indent

    def _step(self, mapping: yaml.MappingNode) -> int | None:
        for key, value in mapping.value:
            if is_block_mapping(value) and value.value[0][0].start_mark.column > key.start_mark.column:
                return int(value.value[0][0].start_mark.column - key.start_mark.column)
        return None

    def comment_column(self, index: int) -> int | None:
        """The column of the comment that is the next thing after a place, if it is one."""
        while index < len(self.text):
            line = self.text[index : self.line_end(index)]
            if line.strip(_BLANKS):
                return len(line) - len(line.lstrip(" ")) if line.lstrip(" ").startswith("#") else None
            index = self.after_line(index)
        return None

    # Inside

    def _last(self, key: yaml.Node, value: yaml.Node) -> yaml.Node:
        while True:
            if value.start_mark.index == value.end_mark.index:  # nothing is written there: the key is what there is
                value = key
            if not isinstance(value, yaml.CollectionNode) or value.flow_style or not value.value:
                return value
            key, value = value.value[-1] if isinstance(value, yaml.MappingNode) else (value.value[-1], value.value[-1])

    def _compose(self) -> None:
        if self.is_read_only:
            with contextlib.suppress(yaml.YAMLError):
                values = _Values(self.text)
                if values.check_node():
                    self.root = values.get_node()
                if not values.check_node():
                    self.anchored, self.names = values.anchored, values.names
                    return
            # What is wrong is said by the parser with the exact places.
            self.root = None
        place: tuple[int, int] | None = None
        several = False
        reason = "is not valid YAML"
        try:
            nodes = _Places(self.text)
            if nodes.check_node():
                self.root = nodes.get_node()
                several = nodes.check_node()
            self.anchored, self.names = nodes.anchored, nodes.names
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = f"cannot be read: {error.problem}" if isinstance(error, OutOfBounds) else reason
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        except yaml.reader.ReaderError as error:
            line = bisect.bisect_right(self.starts, error.position)
            place = (line, error.position - self.starts[line - 1] + 1)
        conflict = find_conflict(self.text) if place else None
        if conflict:
            raise VaultFileError(
                f"{self.path} line {conflict} is a conflict marker of git. The file was left as it is. Keep the entries of both "
                "sides, and remove the markers."
            )
        # The parser's own words are left out: they quote the text there.
        if place:
            raise VaultFileError(
                f"{self.path} {reason} (line {place[0]}, column {place[1]}). It was left as it is. Correct it, or "
                "restore it from version control."
            )
        if several:
            raise VaultFileError(
                f"{self.path} holds several YAML documents, and a vars file is one. It was left as it is. Keep one."
            )

    def _nodes(self, node: yaml.Node | None) -> Iterator[yaml.Node]:
        stack = [node] if node is not None else []
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, yaml.MappingNode):
                stack.extend(part for pair in reversed(node.value) for part in reversed(pair))
            elif isinstance(node, yaml.SequenceNode):
                stack.extend(reversed(node.value))

    def _refuse_duplicates(self) -> None:
        for node in self._nodes(self.root):
            if not isinstance(node, yaml.MappingNode):
                continue
            seen: dict[tuple[str, str], yaml.Node] = {}
            for key, _value in node.value:
                if not is_name(key) or key.tag == MERGE_TAG:
                    continue
                first = seen.setdefault((key.tag, key.value), key)
                if first is not key:
                    raise VaultFileError(
                        f"{self.path} has the same key twice in one mapping (lines {self.line(first)} and {self.line(key)}); "
                        "Remove one of them."
                    )


def dotted(path: KeyPath) -> str:
    """A path of keys as people write it."""
    return ".".join(path)


def is_name(node: yaml.Node) -> bool:
    """Whether a key is written out, as a single word or string."""
    return isinstance(node, yaml.ScalarNode) and not isinstance(node, AliasNode)


def is_block_mapping(node: yaml.Node | None) -> TypeGuard[yaml.MappingNode]:
    """Whether a node is a mapping written over several lines, without braces."""
    return isinstance(node, yaml.MappingNode) and not node.flow_style


def is_block_scalar(node: yaml.Node) -> bool:
    """Whether a node is a literal or folded text."""
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
