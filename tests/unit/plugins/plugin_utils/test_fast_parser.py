# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parser of libyaml reads what the exact one reads, and the errors stay those of the exact one."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._bounds import (
    BoundedLoader,
    FastLoader,
    OutOfBounds,
    compose,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VaultFileError, VaultText

TEXTS = [
    "",
    "# nothing\n",
    "a: 1\nb: [x, 'y', \"z\\u00e9\"]\n",
    "\ufeffworkiva:\n  region: us\n  when: 2027-06-30\n",
    "a: &x {b: no, c: ~}\nd: *x\ne:\n  <<: *x\n",
    "workiva_credentials:\n  sync:\n    main:\n      client_id: c\n      client_secret: !vault |\n"
    "        $ANSIBLE_VAULT;1.2;AES256;prod\n        6162\n        6364\n      stored_at: '2026'\n# the end\n",
    "text: >-\n  folded\n  text\nkept: |+\n  line\n\n\nlast: ü\n",
]
WRONG = ["a: [1\n", "a: 1\n b: 2\n", "a: *unknown\n", "\x07", "a: 1\n---\nb: 2\n"]


def tree(node: yaml.Node | None) -> Any:
    """What matters of a node: its tag, its line and what is in it."""
    if node is None:
        return None
    inside = node.value
    if isinstance(node, yaml.MappingNode):
        inside = [(tree(key), tree(value)) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        inside = [tree(item) for item in node.value]
    return node.tag, node.start_mark.line, inside


@pytest.mark.parametrize("text", TEXTS)
def test_fast_parser_composes_the_same_values_and_lines(text: str) -> None:
    assert tree(yaml.compose(text, Loader=FastLoader)) == tree(yaml.compose(text, Loader=BoundedLoader))
    assert tree(VaultText(text, read_only=True).root) == tree(VaultText(text).root)


@pytest.mark.parametrize("text", WRONG)
def test_errors_are_those_of_the_exact_parser(text: str) -> None:
    with pytest.raises(yaml.YAMLError) as exact:
        yaml.compose(text, Loader=BoundedLoader)
    with pytest.raises(yaml.YAMLError) as fast:
        compose(text)
    assert str(fast.value) == str(exact.value)
    with pytest.raises(VaultFileError) as of_vault:
        VaultText(text)
    with pytest.raises(VaultFileError) as read_only:
        VaultText(text, read_only=True)
    assert str(read_only.value) == str(of_vault.value)


def test_fast_parser_has_the_same_bounds() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{after}: &{after} [{', '.join(['*' + before] * 10)}]\n" for before, after in zip("abcdefgh", "bcdefghi")
    )
    with pytest.raises(OutOfBounds):
        yaml.compose(bomb, Loader=FastLoader)
    with pytest.raises(OutOfBounds):
        compose(bomb)
