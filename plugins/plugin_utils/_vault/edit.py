# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Edits a vars file as text: only the places that a change names are touched, and the outcome is parsed before it counts."""

from __future__ import annotations

import bisect
import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.outcome import (
    TEMPLATE,
    Clear,
    Encrypted,
    Leaf,
    Tree,
    apply_changes,
    is_hollow,
    keeps_lines,
    read_meaning,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import (
    STR_TAG,
    UNSAFE_TAG,
    AliasNode,
    KeyPath,
    VaultFileError,
    VaultText,
    dotted,
    is_block_mapping,
    is_block_scalar,
)

__all__ = [
    "TEMPLATE",
    "Clear",
    "Encrypted",
    "Leaf",
    "is_hollow",
    "locate",
    "rewrite",
    "rewrite_text",
    "scalar",
    "scalar_key",
]

_PLAIN = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_.@/+ -]*[A-Za-z0-9_.@/+-])?")
_BOOLEAN_ELSEWHERE = ("y", "n")  # booleans in YAML 1.1, though PyYAML takes them for words
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_COLON = re.compile(r"[ \t]*:")


@dataclass(frozen=True)
class Splice:
    """One replaced stretch of the text."""

    start: int
    end: int
    new: str


def locate(document: VaultText, path: KeyPath) -> yaml.Node | None:
    """The value to edit at a path; None where nothing is there yet. Refuses places that text cannot be edited at."""
    node = document.root
    for depth in range(len(path) + 1):
        name = dotted(path[:depth]) or "the top level"
        if node is None or is_hollow(document, node):
            return None
        place = f"{document.path}: {name} (line {document.line(node)})"
        if isinstance(node, AliasNode):
            raise VaultFileError(f"{place} is a YAML alias. Replace it with its value, and run again.")
        if document.anchor(node):
            raise VaultFileError(
                f"{place} has a YAML anchor that is used elsewhere, so an edit would change other entries too. Edit it by hand."
            )
        if depth == len(path):
            return node
        if isinstance(node, yaml.MappingNode) and node.flow_style:
            raise VaultFileError(
                f"{place} is a flow mapping ({{...}}); Write it over several lines, one key on each, and run again."
            )
        if not isinstance(node, yaml.MappingNode):
            raise VaultFileError(f"{place} is not a mapping, so {dotted(path)} cannot be in it.")
        entry = document.entry(node, path[depth], path[:depth])
        if entry is None:
            return None
        node = entry[1]
    return None


def rewrite(document: VaultText, leaves: Mapping[KeyPath, Leaf]) -> str:
    """The text with all leaves in place; raises rather than return a text that says anything else than asked."""
    return rewrite_text(document, leaves).text


def rewrite_text(document: VaultText, leaves: Mapping[KeyPath, Leaf]) -> VaultText:
    """The same as a document, which was parsed to be compared: with what was asked for, and line by line with before."""
    tree: Tree = {}
    for path, leaf in leaves.items():
        branch = tree
        for key in path[:-1]:
            branch = branch.setdefault(key, {})
            if not isinstance(branch, dict):
                raise InvalidArgument(f"{dotted(path)} lies inside another entry of the same task.")
        if not path or path[-1] in branch:
            raise InvalidArgument(
                f"{dotted(path) or 'An empty path'} cannot be edited along with the other entries of the same task."
            )
        branch[path[-1]] = leaf
        locate(document, path)
    wanted = apply_changes(read_meaning(document), tree)
    for text in dict.fromkeys(_Editor(document, aligned=aligned).edit(tree) for aligned in (False, True)):
        with contextlib.suppress(VaultFileError):
            outcome = VaultText(text, document.path)
            if read_meaning(outcome) == wanted and keeps_lines(document, outcome, tree, wanted):
                return outcome
    names = sorted(dotted(path) for path in leaves)
    listing = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    raise VaultFileError(
        f"{document.path} cannot be edited at {listing} without a change elsewhere "
        "(an anchor used elsewhere, a comment or a block of text that would run into the entry); edit these lines by hand."
    )


def scalar(value: str) -> str:
    """A string as YAML, quoted where it could be taken for anything else."""
    plain = _PLAIN.fullmatch(value) and value.lower() not in _BOOLEAN_ELSEWHERE
    resolver: Any = yaml.SafeLoader("")
    if plain and resolver.resolve(yaml.ScalarNode, value, (True, False)) == STR_TAG:
        return value
    quoted = _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))
    # A template in a vars file is run when it is read; what came from outside must stay a string.
    return f"{UNSAFE_TAG} {quoted}" if TEMPLATE.search(value) else quoted


class _Editor:
    """Collects the splices of one edit over one parsed text."""

    def __init__(self, document: VaultText, *, aligned: bool) -> None:
        self.document = document
        self.aligned = aligned
        self.text = document.text
        self.splices: list[Splice] = []

    def edit(self, tree: Tree) -> str:
        root = self.document.root
        if is_block_mapping(root):
            self.mapping(root, tree, 0)
        else:
            self.fill_root(root, _without_removals(tree))
        # Where several meet, a removal is of the text behind an insertion, and what was collected later (the outer
        # mapping) is behind what was collected earlier (the inner one).
        order = sorted(range(len(self.splices)), key=lambda i: (self.splices[i].start, self.splices[i].end, i))
        parts: list[str] = []
        place = 0
        for splice in (self.splices[i] for i in order):
            if splice.start >= place:  # what is inside of a removal goes with it
                parts += [self.text[place : splice.start], splice.new]
                place = splice.end
        return "".join([*parts, self.text[place:]])

    def mapping(self, mapping: yaml.MappingNode, tree: Tree, depth: int) -> bool:
        """Edits the entries of a mapping; true where it lost its last one."""
        new: Tree = {}
        left = len(mapping.value)
        for key, change in tree.items():
            entry = self.document.entry(mapping, key)
            if entry is None:
                if isinstance(change, dict):
                    change = _without_removals(change)
                if change not in (None, {}):
                    new[key] = change
            elif change is None:
                self.remove(*entry)
                left -= 1
            elif not isinstance(change, dict):
                self.replace(mapping, *entry, change)
            elif is_hollow(self.document, entry[1]):
                if _without_removals(change):
                    self.fill(mapping, *entry, _without_removals(change))
            elif is_block_mapping(entry[1]):  # all else was refused when the path was located
                before = len(self.splices)
                if self.mapping(entry[1], change, depth + 1):
                    if depth == 0:
                        self.hollow_out(*entry)
                    else:  # a grant without values, an integration without grants: the name alone says nothing
                        del self.splices[before:]
                        self.remove(*entry)
                        left -= 1
        if new:
            self.add(mapping, new)
        return not left and not new

    def add(self, mapping: yaml.MappingNode, new: Tree) -> None:
        column = mapping.value[0][0].start_mark.column
        for key, value in reversed(mapping.value):
            if not self.document.is_open_ended(key, value):
                place = self.document.entry_end(key, value)
                break
        else:
            place = self.line_of_key(mapping.value[0][0])
        self.insert(place, self.lines(new, column, self.document.child_indent(mapping), place))

    def fill(self, mapping: yaml.MappingNode, key: yaml.Node, value: yaml.Node, new: Tree) -> None:
        """Gives children to a key that has none."""
        start, end = value.start_mark.index, value.end_mark.index
        colon = self.after_colon(key)
        if start != end:
            self.splices.append(Splice(colon if self.text[colon:start].strip(" \t") == "" else start, end, ""))
        step = self.document.child_indent(mapping)
        place = self.document.after_line(max(end, colon) if start != end else colon)
        self.insert(place, self.lines(new, key.start_mark.column + step, step, place))

    def fill_root(self, root: yaml.Node | None, new: Tree) -> None:
        place = len(self.text)
        if root is not None and root.start_mark.index != root.end_mark.index:
            start, end = root.start_mark.index, root.end_mark.index
            place = self.document.after_line(end)
            whole = (
                self.text[:start].rstrip(" ")[-1:] in ("", "\n", "\r", "\ufeff") and not self.text[end:place].strip()
            )
            self.splices.append(Splice(start, place if whole else end, ""))
            if whole and start and place == len(self.text):
                lines = self.lines(new, 0, self.document.child_indent(None), place)
                line_break = self.document.line_break(place)
                self.splices.append(Splice(place, place, "".join(line + line_break for line in lines)))
                return
        self.insert(place, self.lines(new, 0, self.document.child_indent(None), place))

    def replace(self, mapping: yaml.MappingNode, key: yaml.Node, value: yaml.Node, leaf: Clear | Encrypted) -> None:
        """Puts a value in the place of another; a comment beside it stays."""
        start, end = value.start_mark.index, value.end_mark.index
        if start == end:
            start = end = self.after_colon(key)
        header = self.document.block_header_end(value)
        if is_block_scalar(value) and header is None:
            raise VaultFileError(
                f"{self.document.path}: line {self.document.line(value)} has a form that cannot be edited. Edit it by hand."
            )
        head_end = end if header is None else header
        body = self.document.after_line(head_end)
        body_end = body if header is None else max(body, self.document.entry_end(key, value))
        step = self.document.child_indent(mapping)
        head, lines = self.written(leaf, key.start_mark.column, step, body_end)
        gap = " " if self.text[start - 1 : start] == ":" else ""
        self.splices.append(Splice(start, head_end, gap + head))
        self.insert(body, lines, body_end)

    def remove(self, key: yaml.Node, value: yaml.Node) -> None:
        """Takes an entry away with the comment directly above it; whatever follows it stays."""
        self.line_of_key(key)
        end = self.document.entry_end(key, value)
        self.splices.append(Splice(self.document.entry_start(key), end, ""))
        # A comment that is indented deeper would become part of a block of text that ends before the entry.
        line = bisect.bisect_right(self.document.starts, end) - 1
        while self.aligned and line < len(self.document.starts):
            start, stop = self.document.starts[line], self.document.line_end(self.document.starts[line])
            if self.document.is_comment(line):
                column = stop - start - len(self.text[start:stop].lstrip(" "))
                if column > key.start_mark.column:
                    self.splices.append(Splice(start + key.start_mark.column, start + column, ""))
            elif self.text[start:stop].strip():
                break
            line += 1

    def hollow_out(self, key: yaml.Node, mapping: yaml.Node) -> None:
        """Keeps a top-level variable whose last entry went, since templates name it."""
        place = self.after_colon(key)
        if self.text[mapping.start_mark.index : mapping.start_mark.index + 1] in ("!", "&"):
            raise VaultFileError(
                f"{self.document.path}: line {self.document.line(mapping)} has a tag or an anchor. Edit it by hand."
            )
        self.splices.append(Splice(place, place, " {}"))

    def insert(self, place: int, lines: list[str], end: int | None = None) -> None:
        """Puts whole lines in the place of others, and keeps the end of a text that has no line break there."""
        end = place if end is None else end
        line_break = self.document.line_break(place)
        new = "".join(line + line_break for line in lines)
        if lines and end == len(self.text) and self.document.ends_open():
            new = new[: -len(line_break)]
            if place == len(self.text):
                new = line_break + new
        if new or place != end:
            self.splices.append(Splice(place, end, new))

    def lines(self, new: Tree, column: int, step: int, place: int) -> list[str]:
        written: list[str] = []
        for key, change in new.items():
            name = f"{' ' * column}{scalar_key(key)}:"
            if isinstance(change, dict):
                written += [name, *self.lines(change, column + step, step, place)]
            else:
                head, body = self.written(change, column, step, place)
                written += [f"{name} {head}", *body]
        return written

    def written(self, leaf: Clear | Encrypted, column: int, step: int, place: int) -> tuple[str, list[str]]:
        if isinstance(leaf, Clear):
            return scalar(leaf.value), []
        # Deeper than a comment that follows, which would otherwise become part of the block.
        comment = self.document.comment_column(place)
        indent = max(column + step, comment + step if comment is not None and comment >= column + step else 0)
        return "!vault |", [" " * indent + line for line in leaf.vaulttext.splitlines()]

    def line_of_key(self, key: yaml.Node) -> int:
        start = key.start_mark.index - key.start_mark.column
        if self.text[start : key.start_mark.index].strip(" "):
            raise VaultFileError(
                f"{self.document.path}: line {self.document.line(key)} does not start with its key. Edit it by hand."
            )
        return int(start)

    def after_colon(self, key: yaml.Node) -> int:
        match = _COLON.match(self.text, key.end_mark.index)
        if not match:
            raise VaultFileError(
                f"{self.document.path}: line {self.document.line(key)} has no colon after its key. Edit it by hand."
            )
        return match.end()


def scalar_key(key: str) -> str:
    """A key as YAML; a key is never a template."""
    written = scalar(key)
    return written[len(UNSAFE_TAG) + 1 :] if written.startswith(UNSAFE_TAG) else written


def _without_removals(tree: Tree) -> Tree:
    kept = {key: _without_removals(change) if isinstance(change, dict) else change for key, change in tree.items()}
    return {key: change for key, change in kept.items() if change is not None and change != {}}
