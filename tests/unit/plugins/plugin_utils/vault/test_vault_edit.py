# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Edits of vars files as persons write them: what is not named by an edit keeps every byte."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

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
    VaultFileError,
    VaultText,
)
from tests.unit.plugins.plugin_utils.vault._author import VAULTTEXT, Reader, _foreign, edits, read

Reader.add_multi_constructor("!", _foreign)


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
