# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names are compared in one way everywhere."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared, Known, is_renamed
from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    Named,
    find,
    fold_name,
    ids_by_name,
    is_same,
)

PLUGINS = Path(__file__).parents[4] / "plugins"
# Sorting, likeness, keys of options, mail addresses, words inside of a text: no comparison of two names.
OTHER_USES = {
    "module_utils/_names.py",
    "module_utils/_organization/information.py",
    "module_utils/_safe_text.py",
    "module_utils/_secret_parts.py",
    "plugin_utils/_notice/receipts.py",
    "plugin_utils/_orders/overview.py",
    "plugin_utils/_project/scopes.py",
}


@pytest.mark.parametrize("other", ["Müller & Söhne", "MÜLLER & SÖHNE", " müller & söhne "])
def test_composed_and_decomposed_accents_are_one_name(other: str) -> None:
    name = unicodedata.normalize("NFD", "Müller & Söhne")
    assert name != unicodedata.normalize("NFC", name)
    assert is_same(name, other)
    assert find(name, [Named("1", "Mueller"), Named("2", other)], "workspace").id == "2"


@given(st.text())
def test_folded_name_is_the_same_for_every_spelling(name: str) -> None:
    spellings = [name, f" {name} ", unicodedata.normalize("NFD", name), fold_name(name)]
    assert {fold_name(spelling) for spelling in spellings} == {fold_name(name)}


def test_user_that_was_renamed_is_recognized_whatever_the_spelling() -> None:
    before = unicodedata.normalize("NFD", "José@example.com")
    declared = Declared("a", "b", "", "new@example.com", (), previous_username="JOSÉ@example.com")
    assert is_renamed(declared, Known(username=before))


def test_names_are_compared_by_one_function() -> None:
    found = {
        str(path.relative_to(PLUGINS))
        for path in PLUGINS.rglob("*.py")
        if re.search(r"\.casefold\(\)|username\w*\.lower\(\)", path.read_text(encoding="utf-8"))
    }
    assert found == OTHER_USES


def test_a_name_that_several_have_keeps_the_ids_of_all() -> None:
    assert ids_by_name([Named("1", "a"), Named("2", "b"), Named("3", "a")]) == {"a": ["1", "3"], "b": "2"}
