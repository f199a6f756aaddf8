# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The files of a project as values with places: each value knows its line, and is never quoted where it may be a secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import HIDDEN, safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble, read_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._bounds import OutOfBounds, compose
from ansible_collections.integrations.workiva.plugins.plugin_utils._conflict import find_conflict

SECRET_VALUE = re.compile(r"wk_secret:|\$ANSIBLE_VAULT;")
_STANDARD = "tag:yaml.org,2002:"
_SCALARS = {f"{_STANDARD}{name}" for name in ("str", "int", "float", "timestamp", "value", "merge")}

Path = tuple[str, ...]
# Keys of the schema, places in a list, and plain names. Any other key may be a password in the wrong place.
_PLAIN_KEY = re.compile("[a-z][a-z0-9_-]*|[A-Za-z _-]+|[0-9]{1,5}")


def join_path(path: Path) -> str:
    """The dotted name of a place in a message."""
    return ".".join(key if _PLAIN_KEY.fullmatch(key) else HIDDEN for key in path)


class Verbatim(str):
    """A value marked !unsafe: it is never taken for a template."""


class Untemplatable(Exception):
    """A template that yields nothing; the text says why without quoting a value."""


@dataclass
class Findings:
    """Everything that is wrong with the files or with names in the variables of the run, and everything that may be."""

    problems: list[str] = field(default_factory=list)
    of_variables: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class Source:
    """One file, or one item of a list given as a variable: its values, and the line of each path of keys."""

    place: str
    values: Any
    lines: dict[Path, int] = field(default_factory=dict)
    # Where a problem was found already, so that what follows from it is not a second one.
    doubtful: set[Path] = field(default_factory=set)

    def at(self, *path: str) -> str:
        """File and line of a value, or of the nearest one around it."""
        for depth in range(len(path), -1, -1):
            if path[:depth] in self.lines:
                return f"{self.place}:{self.lines[path[:depth]]}"
        return self.place

    def has_problem(self, *path: str) -> bool:
        """Whether this value, or one around it, had a problem."""
        return any(path[:depth] in self.doubtful for depth in range(len(path) + 1))


def read_source(path: str, place: str, out: Findings) -> Source | None:
    """Reads one YAML file of the project; what is wrong with its form is a problem that quotes nothing of it.

    It must be a regular file: a symbolic link may lead out of the project, and a named pipe would never end.
    """
    try:
        content = read_file(path)
        if content is None:
            out.problems.append(f"{place}: there is no such file. Add it again.")
            return None
        text = content.decode("utf-8")
        conflict = find_conflict(text)
        if conflict:
            out.problems.append(
                f"{place}:{conflict}: this is a conflict marker of git. Resolve the conflict in this file."
            )
            return None
        node = compose(text)
    except FileTrouble as error:
        out.problems.append(f"{place}: {str(error).replace(path, 'the file', 1)}")
    except OutOfBounds as error:
        out.problems.append(f"{place}:{error.problem_mark.line + 1}: {error.problem}.")
    except yaml.MarkedYAMLError as error:
        line, reason = _explain_yaml(error)
        out.problems.append(f"{place}:{line}: {reason}")
    except UnicodeDecodeError as error:
        line = (content or b"").count(b"\n", 0, error.start) + 1
        out.problems.append(f"{place}:{line}: this line is not UTF-8 text. Save the file in UTF-8.")
    except yaml.reader.ReaderError as error:
        line = _line_of(text, error.position)
        out.problems.append(
            f"{place}:{line}: this line holds a control character, which YAML does not allow. Delete it."
        )
    else:
        source = Source(place, None)
        source.values = _Reader(source, out).value(node, ())
        return source
    return None


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _explain_yaml(error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """The line of a mistake in YAML, and what to do about it; nothing of the file is quoted."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    if "'\\t'" in problem:
        return line, "a tab indents this line. Use blanks."
    if "quoted scalar" in context and error.context_mark:
        return error.context_mark.line + 1, "the quotation mark in this line is not closed. Close it."
    if "mapping values are not allowed" in problem:
        return line, "a colon and a blank in a value, or a wrong indentation. Put the value in quotation marks."
    reason = safe_text(re.sub("'[^']{2,}'", "...", problem or context))
    return line, f"this is not valid YAML ({reason}). Look at the indentation of this line and of the one above."


class _Reader:
    """Nodes as plain values: dates and numbers stay the text that they are, quoted or not, on every core."""

    def __init__(self, source: Source, out: Findings) -> None:
        self._source = source
        self._out = out

    def value(self, node: yaml.Node | None, path: Path) -> Any:
        if node is None or node.tag == f"{_STANDARD}null":
            return None
        self._source.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        return [self.value(item, (*path, str(number))) for number, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: list[yaml.Node] = []
        for key, value in node.value:
            if key.tag == f"{_STANDARD}merge":
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
                continue
            if not isinstance(key, yaml.ScalarNode):
                self._source.lines.setdefault(path, node.start_mark.line + 1)
                self._problem(path, f"a key must be a word (line {key.start_mark.line + 1}). Write it as text.")
                continue
            name = str(key.value)
            self._source.lines[(*path, name)] = key.start_mark.line + 1
            if name in found:
                self._problem((*path, name), f"the key {join_path((name,))} is here twice. Keep one.")
            found[name] = self.value(value, (*path, name))
        for part in merged:
            # What is merged in (<<) gives way to what is written here.
            values = self.value(part, path)
            if not isinstance(values, dict):
                self._problem(path, "what << merges must be a mapping. Name an anchor of a mapping.")
                continue
            found = {**values, **found}
        return found

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        if node.tag == f"{_STANDARD}bool":
            return node.value.lower() in ("yes", "true", "on")
        if node.tag in _SCALARS:
            return str(node.value)
        if node.tag == "!unsafe":
            return Verbatim(node.value)
        if node.tag in ("!vault", "!vault-encrypted"):
            return self._problem(
                path,
                "an encrypted value has no place in this file. Remove it: credentials are stored by the playbook handover.",
            )
        return self._problem(path, "this YAML tag is unknown. Remove it.")

    def _problem(self, path: Path, text: str) -> None:
        self._out.problems.append(f"{self._source.at(*path)}: {text}")
        self._source.doubtful.add(path)


def template_source(source: Source, template: Callable[[str], Any] | None, out: Findings) -> None:
    """Templates every string by itself: on older cores a list that holds a date would become text.

    Without C(template) nothing is rendered, and a value that holds a template is noted as not checked.
    """

    def templated(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            return {name: templated(item, (*path, name)) for name, item in value.items()}
        if isinstance(value, list):
            return [templated(item, (*path, str(number))) for number, item in enumerate(value)]
        if not isinstance(value, str) or isinstance(value, Verbatim) or not re.search(r"\{[{%#]", value):
            return value
        if template is None:
            out.warnings.append(f"{source.at(*path)}: not checked, since templates are not rendered in this run.")
            source.doubtful.add(path)
            return None
        try:
            return template(value)
        except Untemplatable as error:
            out.problems.append(f"{source.at(*path)}: {error}")
            source.doubtful.add(path)
            return None

    source.values = templated(source.values, ())
