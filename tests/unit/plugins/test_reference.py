# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the generated pages of docs/ as their sources are, and the names in docs/architecture.md as the code has them."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.schema import schema_files
from ansible_collections.integrations.workiva.plugins.plugin_utils._variable_table import VARIABLES

ROOT = Path(__file__).resolve().parents[3]
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text("utf-8")
PLUGINS = ROOT / "plugins"
SOURCES = sorted(PLUGINS.rglob("*.py"))


def test_generated_pages_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools/reference.py")
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    pages = tool.documents(VARIABLES, schema_files(), tool.read_specs())
    outdated = [name for name, text in pages.items() if (ROOT / name).read_text("utf-8") != text]
    assert not outdated, "run python3 tools/reference.py"


def test_variable_read_by_a_playbook_has_an_example() -> None:
    assert [variable.name for variable in VARIABLES if variable.playbooks and not variable.example] == []


def test_architecture_names_functions_that_exist() -> None:
    defined = {
        node.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    named = set(re.findall(r"`(?:\w+\.)?(\w+)\(\)`", ARCHITECTURE))
    assert len(named) > 20
    assert not named - defined


def test_architecture_names_files_that_exist() -> None:
    named = set(re.findall(r"`((?:\w+/)*\w+\.py)`", ARCHITECTURE))
    places = (ROOT, PLUGINS, PLUGINS / "module_utils", PLUGINS / "plugin_utils", ROOT / "tests")
    assert len(named) > 20
    assert not [name for name in sorted(named) if not any((place / name).is_file() for place in places)]


def test_architecture_shows_every_utility_file() -> None:
    picture = ARCHITECTURE.split("```")[1]
    for level in ("module_utils", "plugin_utils"):
        part = picture.split(f"  {level}/")[1].split("  plugin_utils/")[0].split("\ndocs/")[0]
        shown = {
            f"{package}/{name}.py"
            for package, names in re.findall(r"^    (_\w+)/ +([\w ]+)$", part, re.MULTILINE)
            for name in names.split()
        }
        shown |= set(re.findall(r"^    (_\w+\.py)", part, re.MULTILINE))
        there = {str(path.relative_to(PLUGINS / level)) for path in (PLUGINS / level).rglob("*.py")}
        assert shown == there


def test_readme_lists_every_playbook_role_and_plugin() -> None:
    listed = re.findall(r"^\| `(\w+)`(?: \(\w+\))? \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    names = [path.stem for path in (ROOT / "playbooks").glob("*.yml")]
    names += [path.name for path in (ROOT / "roles").iterdir()]
    names += [path.stem for kind in ("modules", "lookup", "filter") for path in (PLUGINS / kind).glob("*.py")]
    assert sorted(listed) == sorted(names)
