# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What an edit of a vars file may change: the meaning that its text must have afterwards, and the lines that must stay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Union

import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import (
    NULL_TAG,
    STR_TAG,
    UNSAFE_TAG,
    VAULT_TAGS,
    AliasNode,
    VaultText,
)

TEMPLATE = re.compile(r"\{[{%#]")
_EMPTY_FLOW = re.compile(r"\{\s*\}")


@dataclass(frozen=True)
class Clear:
    """A value to write in clear."""

    value: str


@dataclass(frozen=True)
class Encrypted:
    """A value to write as vault text."""

    vaulttext: str


Leaf = Union[Clear, Encrypted, None]  # None: the entry goes
Tree = dict[str, Any]  # keys to leaves or to further trees


def is_hollow(document: VaultText, node: yaml.Node) -> bool:
    """Whether nothing is there yet: no value, null, or {}."""
    if isinstance(node, AliasNode) or document.anchor(node):
        return False
    if isinstance(node, yaml.CollectionNode) and node.value:
        return False
    written = document.text[node.start_mark.index : node.end_mark.index]
    if isinstance(node, yaml.MappingNode):
        return bool(_EMPTY_FLOW.fullmatch(written))
    return isinstance(node, yaml.ScalarNode) and node.tag == NULL_TAG and written in ("", "~", "null", "Null", "NULL")


def read_meaning(document: VaultText) -> dict[Any, Any]:
    """What a file says, comparable: tags and values, aliases by name, vault text without its line breaks."""
    return _meaning(document, document.root) or {}


def _meaning(document: VaultText, node: yaml.Node | None) -> Any:
    if node is None or (node is document.root and is_hollow(document, node)):
        return {}
    if isinstance(node, yaml.MappingNode):
        return {
            (key.tag, key.value if isinstance(key, yaml.ScalarNode) else repr(_meaning(document, key))): _meaning(
                document, value
            )
            for key, value in node.value
        }
    if isinstance(node, yaml.SequenceNode):
        return [node.tag, *(_meaning(document, item) for item in node.value)]
    return (node.tag, "".join(node.value.split()) if node.tag in VAULT_TAGS else node.value)


def apply_changes(before: Any, tree: Tree, depth: int = 0) -> dict[Any, Any]:
    """The same changes made on what a file says."""
    level = dict(before) if isinstance(before, dict) else {}
    keys = _keys(level)
    for name, change in tree.items():
        key = keys.get(name, (STR_TAG, name))
        if isinstance(change, dict):
            present = level.get(key)
            if not isinstance(present, dict) and _only_removes(change):
                continue
            inner = apply_changes(present, change, depth + 1)
            if inner or depth == 0 or present == inner:
                level[key] = inner
            else:
                del level[key]
        elif change is None:
            level.pop(key, None)
        elif isinstance(change, Encrypted):
            level[key] = ("!vault", "".join(change.vaulttext.split()))
        else:
            level[key] = (UNSAFE_TAG if TEMPLATE.search(change.value) else STR_TAG, change.value)
    return level


def keeps_lines(before: VaultText, after: VaultText, tree: Tree, wanted: dict[Any, Any]) -> bool:
    """Whether every line outside of the entries that change is there afterwards, in its order; a comment may be moved
    to another column."""
    free: set[int] = set()
    if before.root is not None and is_hollow(before, before.root):
        free.update(_lines(before, before.root.start_mark.index, before.root.end_mark.index))
    elif isinstance(before.root, yaml.MappingNode):
        _release(before, before.root, tree, wanted, free)
    present = iter(_written_lines(after))
    kept = (line for number, line in enumerate(_written_lines(before)) if number not in free)
    return all(any(line == other for other in present) for line in kept)


def _release(
    document: VaultText, mapping: yaml.MappingNode, tree: Tree, wanted: dict[Any, Any], free: set[int]
) -> None:
    """Collects the lines of the entries that are replaced or removed, which need not stay."""
    keys = _keys(wanted)
    for name, change in tree.items():
        entry = document.entry(mapping, name)
        if entry is None:
            continue
        key, value = entry
        start, end = key.start_mark.index, document.entry_end(key, value)
        left = wanted.get(keys.get(name, (STR_TAG, name)))
        if left is None:
            free.update(_lines(document, document.entry_start(key), end - 1))
        elif not isinstance(change, dict) or not isinstance(value, yaml.MappingNode) or is_hollow(document, value):
            free.update(_lines(document, start, end - 1))
        else:
            if not left:  # the key of a variable that lost its last entry gets braces
                free.update(_lines(document, start, start))
            _release(document, value, change, left, free)


def _keys(level: dict[Any, Any]) -> dict[str, Any]:
    """The keys of a level by their spelling; a string goes before a number or a word of the same spelling."""
    keys: dict[str, Any] = {}
    for key in level:
        if key[0] != "alias" and (key[1] not in keys or key[0] == STR_TAG):
            keys[key[1]] = key
    return keys


def _only_removes(tree: Tree) -> bool:
    return all(_only_removes(change) if isinstance(change, dict) else change is None for change in tree.values())


def _lines(document: VaultText, start: int, end: int) -> range:
    return range(document.line_at(start) - 1, document.line_at(end))


def _written_lines(document: VaultText) -> list[str]:
    text = document.text
    ends = [*document.starts[1:], len(text)]
    lines = [text[start:end].strip("\ufeff\r\n\x85\u2028\u2029") for start, end in zip(document.starts, ends)]
    return [line.strip() if line.lstrip().startswith("#") else line for line in lines]
