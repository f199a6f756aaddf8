# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms of YAML that a project file may have, and those that are a problem with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import (
    Findings,
    Verbatim,
    read_source,
    template_source,
)

VAULTED = "!vault |\n  $ANSIBLE_VAULT;1.2;AES256;prod\n  3132\n"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("a: 1\n? [b, c]\n: 2\n", "a.yml:1: a key must be a word (line 2). Write it as text."),
        ("a: 1\na: 2\n", "a.yml:2: the key a is here twice. Keep one."),
        (
            "base: &base [1]\nb:\n  <<: *base\n  c: 1\n",
            "a.yml:2: what << merges must be a mapping. Name an anchor of a mapping.",
        ),
        (
            f"a: {VAULTED}",
            "a.yml:1: an encrypted value has no place in this file. Remove it: credentials are stored by the playbook handover.",
        ),
        ("a: !lambda x\n", "a.yml:1: this YAML tag is unknown."),
        ("a: 'open\n", "a.yml:1: the quotation mark in this line is not closed. Close it."),
        (b"a: \xff\n", "a.yml:1: this line is not UTF-8 text. Save the file in UTF-8."),
    ],
)
def test_problem_of_a_file_has_its_line(tmp_path: Path, content: str | bytes, problem: str) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = Findings()
    read_source(str(path), "a.yml", out)
    assert [found for found in out.problems if problem in found], out.problems


def test_merged_values_give_way_to_those_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text(
        "one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\nboth:\n  <<: [*one, *two]\n  a: own\nword: !unsafe '{{ x }}'\nyes_or_no: yes\n"
    )
    out = Findings()
    source = read_source(str(path), "a.yml", out)
    assert out.problems == []
    assert source is not None
    assert source.values["both"]["a"] == "own"
    assert set(source.values["both"]) == {"a", "b", "c"}
    assert source.values["yes_or_no"] is True

    # What is marked as unsafe is never rendered.
    rendered: list[str] = []
    template_source(source, rendered.append, out)
    assert rendered == []
    assert source.values["word"] == Verbatim("{{ x }}")
