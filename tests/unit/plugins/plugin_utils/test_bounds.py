# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small files and values that expand to large ones are refused before they are expanded. Without the bounds these tests hang."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils import _bounds
from ansible_collections.integrations.workiva.plugins.plugin_utils._bounds import (
    BoundedLoader,
    OutOfBounds,
    check_bounds,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import to_plain_types
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Findings, read_source
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VaultFileError, VaultText

LEVELS = "abcdefghij"


def bomb(collection: str) -> str:
    """Ten levels, each of which repeats the one before nine times."""
    lines = ["a: &a " + collection.format("x, " * 8 + "x")]
    for before, level in zip(LEVELS, LEVELS[1:], strict=False):
        lines.append(f"{level}: &{level} " + collection.format(", ".join([f"*{before}"] * 9)))
    return "\n".join(lines) + "\n"


LISTS = bomb("[{}]")
MERGES = "a: &a {k: v, l: v, m: v}\n" + "".join(
    f"{level}: &{level} {{" + ", ".join(f"{key}: {{<<: *{before}}}" for key in "klmnopqrs") + "}\n"
    for before, level in zip(LEVELS, LEVELS[1:], strict=False)
)


def problem_of(tmp_path: Path, text: str) -> str:
    path = tmp_path / "payroll.yml"
    path.write_text(text)
    out = Findings()
    assert read_source(str(path), "integrations.d/payroll.yml", out) is None
    (problem,) = out.problems
    return problem


@pytest.mark.parametrize("text", [LISTS, MERGES])
def test_project_file_whose_aliases_repeat_too_much_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    assert problem_of(tmp_path, text) == (
        "integrations.d/payroll.yml:5: aliases (*) repeat more than 10000 values; write the values out."
    )


@pytest.mark.parametrize(
    ("text", "line"), [("a: " + "[" * 3000, 1), ("".join(" " * n + "a:\n" for n in range(300)), 50)]
)
def test_project_file_that_is_nested_too_deep_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    assert problem_of(tmp_path, text) == (
        f"integrations.d/payroll.yml:{line}: values are nested more than 50 levels deep."
    )


def test_project_file_with_an_alias_inside_of_its_value_is_refused_with_its_line(tmp_path: Path) -> None:
    assert problem_of(tmp_path, "name: x\nuser: &u\n  email: *u\n") == (
        "integrations.d/payroll.yml:3: an alias is inside of the value that it points to."
    )


def test_project_file_may_use_aliases(tmp_path: Path) -> None:
    path = tmp_path / "payroll.yml"
    path.write_text("a: &a {roles: [x]}\nb: *a\nc: {<<: *a, more: y}\n")
    source = read_source(str(path), "payroll.yml", Findings())
    assert source
    assert source.values == {"a": {"roles": ["x"]}, "b": {"roles": ["x"]}, "c": {"roles": ["x"], "more": "y"}}


def test_credentials_file_whose_aliases_repeat_too_much_is_refused_with_its_line() -> None:
    with pytest.raises(VaultFileError) as caught:
        VaultText(LISTS, "/srv/workiva/credentials.yml")
    assert str(caught.value) == (
        "/srv/workiva/credentials.yml cannot be read: aliases (*) repeat more than 10000 values; write the values out "
        "(line 5, column 8). It was left as it is. Correct it, or restore it from version control."
    )


def test_credentials_file_that_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(VaultFileError, match="values are nested more than 50 levels deep"):
        VaultText("a: " + "[" * 3000)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(0, 300))
def test_document_is_refused_exactly_where_its_aliases_repeat_more_than_the_bound(
    repeats: list[int], bound: int
) -> None:
    names = [f"n{number}" for number in range(len(repeats) + 1)]
    lines = [f"{names[0]}: &{names[0]} [x, y]"]
    sizes, repeated = [3], 0
    for count, before, level in zip(repeats, names, names[1:], strict=False):
        lines.append(f"{level}: &{level} [{', '.join([f'*{before}'] * count)}]")
        repeated += count * sizes[-1]
        sizes.append(1 + count * sizes[-1])
    text = "\n".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_bounds, "MOST_REPEATED", bound)
        if repeated > bound:
            with pytest.raises(OutOfBounds):
                yaml.compose(text, Loader=BoundedLoader)
        else:
            assert yaml.load(text, Loader=BoundedLoader) == yaml.safe_load(text)  # a SafeLoader


def test_variable_whose_aliases_repeat_too_much_is_refused_before_it_is_written_out() -> None:
    loaded = yaml.safe_load(LISTS)
    with pytest.raises(InvalidArgument) as caught:
        to_plain_types({"handed_over": loaded})
    assert str(caught.value) == (
        "A value given to this task is refused: aliases (*) repeat more than 10000 values; write the values out."
    )


def nested(depth: int) -> Any:
    value: Any = []
    for _level in range(depth):
        value = [value]
    return value


def test_variable_that_is_nested_too_deep_is_refused() -> None:
    itself: list[Any] = []
    itself.append(itself)
    check_bounds(nested(49), "x")
    for value in (nested(50), nested(100_000), itself):
        with pytest.raises(InvalidArgument, match=r"^x: values are nested more than 50 levels deep\.$"):
            check_bounds(value, "x")


def test_many_empty_and_equal_values_are_no_repetition() -> None:
    check_bounds([((), [], {"name": "x"}) for _number in range(20_000)], "x")
