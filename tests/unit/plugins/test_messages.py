# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Walks every place of the source that catches an error of somebody else, or quotes an input, and could show it."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
FILES = sorted(PLUGINS.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
# What makes foreign text safe, and what does not pass any of it on.
SAFE = {
    "safe_text",
    "quote_input",
    "shown",
    "describe",
    "type",
    "isinstance",
    "strerror",  # the operating system's words for a number
    "describe_trouble",
    "_why",
    "_certificate_refused",
    "_never_connected",
}
# Functions that hand an error on to one of these, checked by hand: the caller's own words around L(describe).
HANDED_ON = {
    "_network_text",
    "_tls_text",
    "_certificate_text",
    "_not_verified",
    "_refused",
    "_no_handshake",
    "_explain_yaml",
}
# Parts of an error that hold no text of its own.
NUMBERS = {"errno", "status", "smtp_code", "problem_mark", "context_mark", "position", "start", "verify_code"}
# Where a name was taken out of Ansible's text by a pattern that matches a variable's name only.
BY_PATTERN = {"templates.py"}
# Also over the end of a line, or of a part of a text.
MISSPELT = re.compile(r"""\b[Cc]lient[\s"#*]+ids?\b""")


def _own_errors() -> set[str]:
    """The classes of errors whose texts are the collection's own."""
    own = {"WorkivaError", "Untemplatable", "Unfit", "OutOfBounds"}
    classes = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for _depth in range(4):
        own |= {one.name for one in classes if any(getattr(base, "id", "") in own for base in one.bases)}
    return own


OWN = _own_errors()


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _unsafe(handler: ast.ExceptHandler) -> Iterator[int]:
    """The lines of a handler on which the error is used in a way that could put its text into a message."""
    fine: set[int] = set()
    for node in ast.walk(handler):
        if isinstance(node, ast.Call) and _called(node) in SAFE | HANDED_ON:
            fine.update(id(part) for part in ast.walk(node))
        if isinstance(node, ast.Attribute) and node.attr in NUMBERS:
            fine.update(id(part) for part in ast.walk(node))
        # A refusal of the mail server goes through _refused, which makes it safe.
        if isinstance(node, ast.Attribute) and node.attr == "recipients":
            fine.update(id(part) for part in ast.walk(node))
        # Decided on by its class first: error.as_error() if isinstance(error, WorkivaError) else ...
        if isinstance(node, ast.IfExp) and isinstance(node.test, ast.Call) and _called(node.test) == "isinstance":
            fine.update(id(part) for part in ast.walk(node.body))
    for node in ast.walk(handler):
        if isinstance(node, ast.Name) and node.id == handler.name and id(node) not in fine:
            yield node.lineno


def _handlers() -> list[tuple[Path, ast.ExceptHandler]]:
    found = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and node.name and node.type is not None:
                parts = [part for part in ast.walk(node.type) if isinstance(part, (ast.Name, ast.Attribute))]
                names = {part.id if isinstance(part, ast.Name) else part.attr for part in parts}
                if path.name not in BY_PATTERN and not names <= OWN | {"StopIteration"}:
                    found.append((path, node))
    return found


@pytest.mark.parametrize(
    ("path", "handler"),
    [pytest.param(path, node, id=f"{path.name}:{node.lineno}") for path, node in _handlers()],
)
def test_caught_error_of_somebody_else_is_made_safe_before_it_is_shown(path: Path, handler: ast.ExceptHandler) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    shown = [f"{path.name}:{line}: {lines[line - 1].strip()}" for line in _unsafe(handler)]
    assert shown == [], "put safe_text or describe around the error"


def test_walk_finds_an_error_that_is_not_made_safe() -> None:
    bad = "try:\n    pass\nexcept OSError as error:\n    raise ValueError(f'no: {error}') from None\n"
    good = bad.replace("{error}", "{safe_text(error)}")
    found = [
        next(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ExceptHandler)) for text in (bad, good)
    ]
    assert [list(_unsafe(handler)) for handler in found] == [[4], []]
    assert len(_handlers()) > 20


def _classes(base: type[WorkivaError]) -> list[type[WorkivaError]]:
    """The class and all that derive from it, in the files of the collection."""
    return [base, *(one for child in base.__subclasses__() for one in _classes(child))]


for _path in FILES:
    if any(isinstance(node, ast.ClassDef) and node.name in OWN for node in ast.walk(TREES[_path])):
        _module = ".".join(_path.relative_to(PLUGINS).with_suffix("").parts)
        importlib.import_module(f"ansible_collections.integrations.workiva.plugins.{_module}")
# A name that an administrator may have given, or an option may hold: it looks like a second message and moves the cursor.
HOSTILE = "a\x1b[31m\u202eb\u200b\nEverything is ok.\r" + "x" * 5000


@pytest.mark.parametrize("kind", _classes(WorkivaError), ids=lambda kind: kind.__name__)
def test_error_of_our_own_shows_what_a_value_in_it_holds(kind: type[WorkivaError]) -> None:
    """Whatever a message quotes: every class makes its text visible, and none goes around that."""
    texts = {"lines": [HOSTILE], "problems": [HOSTILE]}
    options = inspect.signature(kind).parameters.values()
    given = {
        one.name: texts.get(one.name, f"The user '{HOSTILE}' does not exist yet.")
        for one in options
        if one.name != "status"
    }
    error = kind(**given)
    for text in (str(error), *(str(value) for value in error.as_error().values()), *getattr(error, "problems", ())):
        for line in text.split("\n"):
            assert line.isprintable()
            assert len(line) <= 4000
            assert not line.startswith("Everything")
            assert "x" * 1001 not in line
    assert "a<U+001B>[31m<U+202E>b<U+200B> Everything" in str(error)
    assert str(error).count("\n") == sum(name in texts for name in given)


def _own_values(call: ast.Call) -> Iterator[int]:
    """The lines on which a value is put into a message whose class does not make it visible, or by its repr."""
    visible = _called(call) in THROUGH_MECHANISM
    fine: set[int] = set()
    for node in ast.walk(call):
        if isinstance(node, ast.Call) and (_called(node) in SAFE | {"len", "make_visible"}):
            fine.update(id(part) for part in ast.walk(node))
    for node in ast.walk(call):
        if isinstance(node, ast.FormattedValue):
            # A constant of the source, a type's name, the text of an error of our own.
            name = node.value.id if isinstance(node.value, ast.Name) else ""
            own = name.isupper() or name == "error" or id(node.value) in fine
            if node.conversion == ord("r") or not (visible or own):
                yield node.lineno


THROUGH_MECHANISM = {kind.__name__ for kind in _classes(WorkivaError)} | {
    # Their texts end in an error or in the list of problems of one, which is tested above.
    "Untemplatable",
    "Unfit",
    "OutOfBounds",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_value_in_a_message_is_made_visible(path: Path) -> None:
    """Errors of our own do it for all that they quote. Where Ansible's are raised, or a warning is given, the place does it."""
    calls = [
        call
        for call in ast.walk(TREES[path])
        if isinstance(call, ast.Call)
        and (_called(call) in OWN | {"warn", "warning", "fail_json"} or _called(call).startswith("Ansible"))
    ]
    assert [line for call in calls for line in _own_values(call)] == []


def test_walk_finds_a_value_that_is_not_made_visible() -> None:
    bad = (
        "AnsibleError(f'{name}')",
        "warn(f'{one.detail}')",
        "InvalidArgument(f'{name!r}')",
        "AnsibleError(f'{error!r}')",
    )
    good = ("AnsibleError(f'{safe_text(name)}')", "warn(f'{make_visible(name)}')", "InvalidArgument(f'{name}')")
    for text in (*bad, *good):
        call = next(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
        assert bool(list(_own_values(call))) == (text in bad), text


@pytest.mark.parametrize("text", ["a client id", "The client ids", "client\n    id", '"a client "\n    "id"'])
def test_word_is_found_also_where_its_line_is_broken(text: str) -> None:
    assert MISSPELT.search(text)
    assert not MISSPELT.search(text.replace("id", "ID"))


def test_client_id_is_spelled_as_on_the_screens_of_workiva() -> None:
    """In messages, documentation and comments; the option is C(client_id)."""
    root = PLUGINS.parent
    folders = [root / name for name in ("plugins", "playbooks", "roles", "docs")]
    found = (path for folder in folders for path in folder.rglob("*"))
    paths = [*root.glob("*.md"), *(path for path in found if path.suffix in (".py", ".js", ".md", ".j2", ".yml"))]
    texts = ((path, path.read_text(encoding="utf-8")) for path in paths)
    assert [f"{path.name}: {found[0]!r}" for path, text in texts for found in MISSPELT.finditer(text)] == []
