# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the imports below plugins/ in layers and without circles; docs/architecture.md shows the picture."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
FILES = sorted(PLUGINS.rglob("*.py"))
COLLECTION = "ansible_collections.integrations.workiva.plugins."

# What each folder of plugins/ may import. A module runs on the target, where there is no plugin_utils.
LAYERS = {
    "modules": {"module_utils"},
    "doc_fragments": set(),
    "action": {"plugin_utils", "module_utils"},
    "lookup": {"plugin_utils", "module_utils"},
    "filter": {"plugin_utils", "module_utils"},
    "plugin_utils": {"plugin_utils", "module_utils"},
    "module_utils": {"module_utils"},
}
# Which packages a package imports. Files that lie in no package are the floor: every package of their level and above may
# import them. Add an edge here only where it makes sense, and in the picture of docs/architecture.md too.
PACKAGES = {
    "module_utils/_api": set(),
    "module_utils/_certificates": {"module_utils/_api"},
    "module_utils/_organization": {"module_utils/_api"},
    "module_utils/_files": {"module_utils/_api", "module_utils/_organization"},
    "module_utils/_grants": {"module_utils/_api", "module_utils/_files"},
    "plugin_utils/_advice": {
        "module_utils/_files",
        "module_utils/_grants",
        "module_utils/_organization",
        "plugin_utils/_project",
    },
    "plugin_utils/_notice": {"module_utils/_api"},
    "plugin_utils/_project": {
        "module_utils/_api",
        "module_utils/_certificates",
        "module_utils/_files",
        "module_utils/_grants",
        "plugin_utils/_vault",
    },
    "plugin_utils/_delivery": {
        "module_utils/_api",
        "module_utils/_grants",
        "plugin_utils/_project",
        "plugin_utils/_vault",
    },
    "plugin_utils/_vault": set(),
    "plugin_utils/_grants": {"module_utils/_api", "module_utils/_files", "module_utils/_grants", "plugin_utils/_vault"},
    "plugin_utils/_orders": {
        "module_utils/_grants",
        "module_utils/_organization",
        "plugin_utils/_grants",
        "plugin_utils/_project",
        "plugin_utils/_sealed",
        "plugin_utils/_vault",
    },
    "plugin_utils/_sealed": {"plugin_utils/_vault"},
    "plugin_utils/_rehearsal": {"module_utils/_grants", "plugin_utils/_orders", "plugin_utils/_project"},
    "plugin_utils/_repository": {"plugin_utils/_orders", "plugin_utils/_vault"},
    "plugin_utils/_run": {
        "module_utils/_grants",
        "module_utils/_organization",
        "plugin_utils/_advice",
        "plugin_utils/_delivery",
        "plugin_utils/_grants",
        "plugin_utils/_project",
        "plugin_utils/_vault",
    },
}
# The packages that a file of the floor imports: those of the level below.
FLOOR = {
    "plugin_utils/_accounts": {"module_utils/_organization"},
    "plugin_utils/_journal_state": {"module_utils/_grants"},
    "plugin_utils/_results": {"module_utils/_files", "module_utils/_grants", "module_utils/_organization"},
    "plugin_utils/_variable_table": {"module_utils/_certificates", "module_utils/_grants"},
}


@dataclass(frozen=True)
class Import:
    """One import of a file of the collection: the file that is imported and the name, C(None) for the file itself."""

    line: int
    target: str
    name: str | None


def _is_file(target: str) -> bool:
    return (PLUGINS / f"{target}.py").is_file()


def _find_imports(tree: ast.AST) -> Iterator[Import]:
    """Also those within functions and those for the type checker."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: import by the full name"
            names = [(str(node.module), alias.name) for alias in node.names]
        else:
            continue
        for module, name in names:
            if not module.startswith(COLLECTION):
                continue
            target = module.removeprefix(COLLECTION).replace(".", "/")
            if name is not None and _is_file(f"{target}/{name}"):
                target, name = f"{target}/{name}", None
            assert _is_file(target), f"line {node.lineno}: {module} is no file of the collection"
            yield Import(node.lineno, target, name)


def _find_private_uses(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The private names of another file that a file imports, or reaches as attributes of an imported file."""
    modules = {one.target.rsplit("/", 1)[1] for one in _find_imports(tree) if one.name is None}
    modules |= {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(COLLECTION.rstrip("."))
        for alias in node.names
        if alias.asname
    }
    for one in _find_imports(tree):
        if one.name is not None and one.name.startswith("_"):
            yield one.line, one.name
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in modules
            and node.attr.startswith("_")
            and not node.attr.startswith("__")
        ):
            yield node.lineno, f"{node.value.id}.{node.attr}"


def _file(path: Path) -> str:
    return str(path.relative_to(PLUGINS).with_suffix(""))


def _package(file: str) -> str:
    """The package of a file; a file of the floor and a plugin are their own."""
    return "/".join(file.split("/")[:2])


TREES = {_file(path): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
IMPORTS = {file: list(_find_imports(tree)) for file, tree in TREES.items()}


def _packages_of(imports: dict[str, list[Import]]) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = {}
    for file, found in imports.items():
        package = _package(file)
        graph.setdefault(package, set()).update({_package(one.target) for one in found} - {package})
    return graph


GRAPH = _packages_of(IMPORTS)
IN_PACKAGES = {_package(file) for file in IMPORTS if file.count("/") > 1}


@pytest.mark.once
def test_files_import_only_the_layers_below_them() -> None:
    wrong = [
        f"{file}, line {one.line}: {one.target}"
        for file, found in IMPORTS.items()
        for one in found
        if one.target.split("/")[0] not in LAYERS[file.split("/")[0]]
    ]
    assert not wrong


@pytest.mark.once
def test_packages_import_the_declared_packages() -> None:
    assert {package: GRAPH[package] & IN_PACKAGES for package in IN_PACKAGES} == PACKAGES


@pytest.mark.once
def test_floor_imports_packages_of_the_level_below_only() -> None:
    floor = {
        package: targets & IN_PACKAGES
        for package, targets in GRAPH.items()
        if package.startswith(("plugin_utils/", "module_utils/")) and package not in IN_PACKAGES
    }
    assert {package: targets for package, targets in floor.items() if targets} == FLOOR


@pytest.mark.once
def test_imports_make_no_circle() -> None:
    # prepare() raises CycleError with the circle.
    TopologicalSorter({file: {one.target for one in found} for file, found in IMPORTS.items()}).prepare()
    TopologicalSorter(GRAPH).prepare()


@pytest.mark.once
def test_files_use_no_private_name_of_another_file() -> None:
    wrong = {file: list(_find_private_uses(tree)) for file, tree in TREES.items()}
    assert not {file: uses for file, uses in wrong.items() if uses}, "give the function a public name, or move it"


@pytest.mark.once
def test_module_utils_import_of_ansible_only_what_a_target_has() -> None:
    wrong = [
        f"{file}, line {node.lineno}: {name}"
        for file, tree in TREES.items()
        if file.startswith("module_utils/")
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([one.name for one in node.names] if isinstance(node, ast.Import) else [str(node.module)])
        if name.split(".")[0] == "ansible" and not name.startswith("ansible.module_utils")
    ]
    assert not wrong


@pytest.mark.once
def test_private_names_are_found_in_each_spelling() -> None:
    source = (
        f"from {COLLECTION}module_utils._api import answers as words\n"
        f"from {COLLECTION}module_utils._api import fields\n"
        f"from {COLLECTION}module_utils._api.client import _page\n"
        "def read():\n"
        "    return words._text(fields._first, fields.read_text, read.__name__)\n"
    )
    assert list(_find_private_uses(ast.parse(source))) == [(3, "_page"), (5, "words._text"), (5, "fields._first")]
