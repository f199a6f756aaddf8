# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What passes between the packages below plugins/ are frozen values; docs/architecture.md says where a dictionary is right."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
PACKAGES = (
    *("module_utils/_api", "module_utils/_organization", "module_utils/_files", "module_utils/_certificates"),
    *("module_utils/_grants", "plugin_utils/_grants", "plugin_utils/_orders"),
    *("plugin_utils/_project", "plugin_utils/_rehearsal", "plugin_utils/_run", "plugin_utils/_advice"),
    "plugin_utils/_delivery",
)
DICTIONARY = "dict[str, Any]"
# Functions that hand dictionaries on, by file; in every file a function that makes a result, and the core of a task (L(Core)).
EVERYWHERE = {"as_result", "run", "_run"}
EDGES = {
    # What a task's result is extended with, keyword arguments of requests, options of a task.
    "module_utils/_files/permissions": {"failure"},
    "module_utils/_api/session": {"_once"},
    "plugin_utils/_project/connection": {"make_connection", "make_administrator_connection", "read_connection"},
    "plugin_utils/_project/twin": {"given", "of_project", "refuse"},
    # The result of a task, whose errors get the places of the declaration.
    "plugin_utils/_project/places": {"add_places"},
    # The fields of a work order, as its journal has them, and the access of a user in them.
    "plugin_utils/_orders/order": {"_following", "_user_fields", "_fields", "_others", "_sealed"},
    "plugin_utils/_orders/surroundings": {"shown"},
    # What a task's result is made of.
    "plugin_utils/_orders/keeper": {"keep_for", "more_results"},
    # Results of Ansible's loops, and the result of a role.
    "plugin_utils/_run/certificates": {"summarize", "_summarize_copy"},
    # The values of variables by their names, before and after they are checked.
    "plugin_utils/_run/settings": {"_take_out_secrets"},
    # The content of a file of the project, and its JSON Schema.
    "plugin_utils/_project/checks": {"check_file", "mapping", "_map", "_mappings"},
    "plugin_utils/_project/sources": {"_mapping"},
    "plugin_utils/_project/json_schema": {"json_schema", "_object", "_property"},
}


def _file(path: Path) -> str:
    return str(path.relative_to(PLUGINS).with_suffix(""))


TREES = {_file(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PLUGINS.rglob("*.py"))}


def _functions_with_dictionaries(tree: ast.AST) -> Iterator[str]:
    """The functions that take or return a dictionary of anything."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            annotations = [node.returns, *(argument.annotation for argument in arguments)]
            if any(annotation and DICTIONARY in ast.unparse(annotation) for annotation in annotations):
                yield node.name


@pytest.mark.once
def test_functions_of_the_typed_packages_take_and_return_values() -> None:
    found = {
        file: set(_functions_with_dictionaries(tree)) - EVERYWHERE
        for file, tree in TREES.items()
        if file.startswith(tuple(f"{package}/" for package in PACKAGES))
    }
    assert {file: names for file, names in found.items() if names} == EDGES


@pytest.mark.once
def test_classes_that_make_a_result_are_frozen() -> None:
    classes = {
        f"{file}: {node.name}": [ast.unparse(decorator) for decorator in node.decorator_list]
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(item, ast.FunctionDef) and item.name == "as_result" for item in node.body)
    }
    assert classes
    assert not [name for name, decorators in classes.items() if "dataclass(frozen=True)" not in decorators]


@pytest.mark.once
def test_dictionaries_are_found_in_parameters_and_results() -> None:
    source = (
        "def one(given: dict[str, Any]) -> None: ...\n"
        "def two(*, given: int) -> list[dict[str, Any]]: ...\n"
        "def three(given: dict[str, str]) -> None: ...\n"
    )
    assert list(_functions_with_dictionaries(ast.parse(source))) == ["one", "two"]
