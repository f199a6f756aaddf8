# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that were pasted with characters that nobody sees: they would make a second user, or match nothing."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.checks import check_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.schema import INTEGRATION
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Findings, Source

ITEM: dict[str, Any] = {
    "name": "payroll-sync",
    "purpose": "Loads the totals.\nEvery quarter.\n",
    "owner": "finance@example.com",
    "user": {
        "username": "payroll-sync@example.com",
        "email": "payroll-sync@example.com",
        "given_name": "Payroll",
        "family_name": "Sync",
        "workspaces": {"SEC Filing": {"roles": ["Professional"], "groups": ["Data loaders"]}},
    },
    "grants": {"filing": {"workspace": "SEC Filing", "scopes": ["file:read"], "ip_allowlist": ["203.0.113.7"]}},
    "files": {"SEC Filing": {"124efa2a": {"about": "Totals", "permission": "Editor", "users": {"anna": "Viewer"}}}},
}
MARKS = {
    "zero width space": "\u200b",
    "soft hyphen": "\u00ad",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "right-to-left override": "\u202e",
    "variation selector": "\ufe0f",
    "no-break space": "\u00a0",
    "line end": "\n",
    "NUL": "\0",
    "surrogate": "\ud800",
}


def problems(item: dict[str, Any]) -> list[str]:
    out = Findings()
    check_file(Source("payroll-sync.yml", item), INTEGRATION, out)
    return out.problems


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every text and every key of a user's own in a declaration."""
    if isinstance(value, dict):
        own = path[-1:] in [("workspaces",), ("grants",), ("files",), ("users",)] or path[-2:-1] == ("files",)
        keys = [(*path, key, "key") for key in value] if own else []
        return keys + [place for key, inner in value.items() for place in places(inner, (*path, key))]
    if isinstance(value, list):
        return [place for number, inner in enumerate(value) for place in places(inner, (*path, number))]
    return [path]


def changed(path: tuple[Any, ...], mark: str) -> dict[str, Any]:
    item = copy.deepcopy(ITEM)
    around: Any = item
    if path[-1] == "key":
        for key in path[:-2]:
            around = around[key]
        around[f"{path[-2]}{mark}"] = around.pop(path[-2])
        return item
    for key in path[:-1]:
        around = around[key]
    around[path[-1]] += mark
    return item


def test_declaration_without_invisible_characters_has_no_problem() -> None:
    assert problems(ITEM) == []
    assert len(places(ITEM)) > 15


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
@pytest.mark.parametrize("path", places(ITEM), ids=lambda path: ".".join(map(str, path)))
def test_invisible_character_in_a_declaration_is_a_problem(path: tuple[Any, ...], mark: str) -> None:
    found = problems(changed(path, mark))
    if mark == "\n" and path[-1] in ("purpose", "about"):
        assert found == []
        return
    assert len(found) >= 1
    assert f"holds a character that cannot be seen (U+{ord(mark):04X}): delete it, or type the text again." in found[0]
    assert mark not in "".join(found)
