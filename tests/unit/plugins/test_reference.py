# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the generated pages of docs/ as their sources are, and the names in docs/architecture.md as the code has them."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.json_schema import schema_files
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.schema import INTEGRATION, WORKIVA_FILE
from ansible_collections.integrations.workiva.plugins.plugin_utils._variable_table import VARIABLES

ROOT = Path(__file__).resolve().parents[3]
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text("utf-8")
PLUGINS = ROOT / "plugins"
SOURCES = sorted(PLUGINS.rglob("*.py"))
# For people who change the collection: not among the guides for users.
GUIDES_ELSEWHERE = {"docs/docsite/rst/guides.rst": ["architecture"]}


def test_generated_pages_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools/reference.py")
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    files = {"workiva.yml": WORKIVA_FILE, "integrations.d/NAME.yml": INTEGRATION}
    pages = tool.documents(VARIABLES, schema_files(), tool.read_specs(), files)
    outdated = [name for name, text in pages.items() if (ROOT / name).read_text("utf-8") != text]
    assert not outdated, "run python3 tools/reference.py"


def test_every_guide_is_listed_where_readers_look() -> None:
    guides = {path.stem for path in (ROOT / "docs").glob("*.md")}
    for place in ("README.md", "tools/docs/index.md", "docs/docsite/rst/guides.rst"):
        text = (ROOT / place).read_text("utf-8")
        assert sorted(name for name in guides if f"docs/{name}" not in text) == GUIDES_ELSEWHERE.get(place, []), place


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


def names_of(path: Path) -> set[str]:
    """The functions, classes and constants that a file defines, at any level."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return found


def test_architecture_names_each_function_with_its_file() -> None:
    text = " ".join(ARCHITECTURE.split())
    # `one()` and `Two` (`_package/file.py`), also with "in" or "of" instead of the bracket.
    places = re.findall(r"((?:`[\w.]+(?:\(\))?`(?:, | and )?)+)(?: \(| in | of )`((?:\w+/)*\w+\.py)`", text)
    named = [(name, path) for names, path in places for name in re.findall(r"`(?:\w+\.)?(\w+)(?:\(\))?`", names)]
    folders = (ROOT, PLUGINS, PLUGINS / "module_utils", PLUGINS / "plugin_utils")
    # In these two folders the names are those of options.
    checked = [(name, path) for name, path in named if not path.startswith(("plugins/modules/", "plugins/action/"))]
    assert len(checked) > 50
    assert [
        (name, path)
        for name, path in checked
        if not any(name in names_of(folder / path) for folder in folders if (folder / path).is_file())
    ] == []


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


@pytest.mark.parametrize("role", sorted(path.name for path in (ROOT / "roles").iterdir()))
def test_documentation_of_a_role_leads_to_its_variables(role: str) -> None:
    specs = yaml.safe_load((ROOT / f"roles/{role}/meta/argument_specs.yml").read_text("utf-8"))["argument_specs"]
    assert "/docs/roles.md)" in specs["main"]["description"][-1]
    assert f"(../../docs/roles.md#{role})" in (ROOT / f"roles/{role}/README.md").read_text("utf-8")


def anchors_of(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_links_of_a_guide_lead_to_a_heading(page: str) -> None:
    links = re.findall(r"\]\((\w*\.?m?d?)#([\w-]+)\)", (ROOT / "docs" / page).read_text("utf-8"))
    assert [
        (target, anchor)
        for target, anchor in links
        if anchor not in anchors_of((ROOT / "docs" / (target or page)).read_text("utf-8"))
    ] == []
