# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The check of one file against its description: valid values are returned, and everything else is a problem."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import find_invisible, quote_wrong
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.schema import RENAMED, Field
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import (
    SECRET_VALUE,
    Findings,
    Path,
    Source,
    join_path,
)

_SECRET_KEY = re.compile(r"secret|passw|token", re.IGNORECASE)
# What may have several lines.
_FREE_TEXT = ("purpose", "about")
_WORDS = {True: ("true", "yes", "on"), False: ("false", "no", "off")}


def check_file(source: Source, fields: Mapping[str, Field], out: Findings) -> dict[str, Any]:
    """The valid values of a whole file; everything else is a problem with its place."""
    return _Check(source, out).mapping(fields, source.values, ())


class _Name:
    """The dotted name of a place in a message. It is made when a message is: a project has tens of thousands of places."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __str__(self) -> str:
        return join_path(self._path)


class _Check:
    def __init__(self, source: Source, out: Findings) -> None:
        self._source = source
        self._out = out

    def _problem(self, path: Path, text: str) -> None:
        self._out.problems.append(f"{self._source.at(*path)}: {text}")
        self._source.doubtful.add(path)

    def _wrong(self, path: Path, name: object, text: str, needs: str, known: Iterable[str] = ()) -> None:
        """A problem of a value with few possible values. The value is quoted, unless it may be a secret in the wrong place."""
        quoted = quote_wrong(text, known)
        self._problem(path, f"{name} is {quoted}, and {needs}" if quoted else f"{name} {needs}")

    def mapping(self, fields: Mapping[str, Field], values: Any, path: Path) -> dict[str, Any]:
        """Unknown and missing keys, and the check of each value."""
        if not isinstance(values, dict):
            if not self._source.has_problem(*path):
                self._problem(path, _expected_mapping(path, values))
            return {}
        accepted: dict[str, Any] = {}
        for name, value in values.items():
            if name not in fields:
                self._unknown(fields, name, path)
            elif value is not None:
                found = self._value(fields[name], value, (*path, name))
                if found is not None:
                    accepted[name] = found
        for name, item in fields.items():
            if item.required and accepted.get(name) in (None, "", [], {}) and not self._source.has_problem(*path, name):
                self._out.problems.append(f"{self._source.at(*path, name)}: {_named(path)} needs {name}. Add it.")
                self._source.doubtful.add((*path, name))
        return accepted

    def _unknown(self, fields: Mapping[str, Field], name: str, path: Path) -> None:
        if _SECRET_KEY.search(name) or SECRET_VALUE.search(name):
            text = (
                "this key looks like a secret, which has no place in this file. Remove it: credentials are stored by "
                "the playbook handover. If a secret was committed with it, regenerate the secret in Workiva."
            )
            self._problem((*path, name), text)
            return
        renamed, how = RENAMED.get(name, ("", ""))
        if renamed in fields:
            near, hint = [renamed], f"It is now called {renamed}. {how}".strip()
        else:
            near = difflib.get_close_matches(name, fields, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(fields)}."
        quoted = name if name in RENAMED else quote_wrong(name, fields)
        self._problem((*path, name), f"{f'the key {quoted}' if quoted else 'this key'} is unknown. {hint}")
        # The key that was meant is not missing as well.
        self._source.doubtful.update((*path, meant) for meant in near)

    def _value(self, item: Field, value: Any, path: Path) -> Any:
        name = _Name(path)
        if isinstance(value, str) and SECRET_VALUE.search(value):
            text = f"{name} holds what looks like a secret. Remove it: credentials are stored by the playbook handover."
            return self._problem(path, text)
        if item.type == "mapping":
            return self.mapping(item.fields, value, path)
        if item.type == "map":
            return self._map(item, value, path)
        if item.type == "list" and item.fields:
            return self._mappings(item, value, path)
        if item.type == "list":
            return self._list(value, path)
        if item.type == "any":
            return self._any(value, path, name)
        return self._scalar(item, value, path, name)

    def _map(self, item: Field, value: Any, path: Path) -> dict[str, Any] | None:
        name = _Name(path)
        if not isinstance(value, dict):
            self._problem(path, f"{name} must be a mapping: each name is a key, with a colon after it.")
            return None
        accepted: dict[str, Any] = {}
        folded: set[str] = set()
        for key, inner in value.items():
            place = (*path, key)
            if self._holds_invisible(key, place, f"a name in {name}"):
                continue
            if SECRET_VALUE.search(key):
                self._problem(
                    place,
                    f"{name} holds what looks like a secret. Remove it: credentials are stored by the playbook handover.",
                )
            elif item.pattern and not re.fullmatch(item.pattern, key):
                self._problem(place, f"a name in {name} takes {item.pattern_in_words}. Rename it.")
            elif fold_name(key) in folded:
                self._problem(place, f"a name is in {name} twice. Keep one.")
            elif item.fields:
                accepted[key] = self.mapping(item.fields, {} if inner is None else inner, place)
            elif inner is None:
                if not self._source.has_problem(*place):
                    self._problem(place, f"a name in {name} needs a value. Add it.")
                # What needs one of these values is not a second problem.
                self._source.doubtful.add(path)
            else:
                found = self._value(item.of or Field("str"), inner, place)
                if found is not None:
                    accepted[key] = found
            folded.add(fold_name(key))
        return accepted

    def _mappings(self, item: Field, value: Any, path: Path) -> list[dict[str, Any]] | None:
        if not isinstance(value, list):
            self._problem(path, f"{_Name(path)} must be a list: each entry begins with a hyphen.")
            return None
        return [self.mapping(item.fields, entry, (*path, str(number))) for number, entry in enumerate(value)]

    def _any(self, value: Any, path: Path, name: object) -> Any:
        """A value that other tasks read. It is kept as it is, unless it looks like a secret."""
        if isinstance(value, dict):
            return {key: self._value(Field("any"), inner, (*path, str(key))) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._value(Field("any"), inner, (*path, str(place))) for place, inner in enumerate(value)]
        if isinstance(value, bool) or value is None:
            return value
        return None if self._holds_invisible(str(value), path, name, "\n\t") else value

    def _list(self, value: Any, path: Path) -> list[str] | None:
        name = _Name(path)
        if not isinstance(value, list):
            self._problem(path, f"{name} must be a list. Put brackets around a single value: [...].")
            return None
        found = []
        for number, entry in enumerate(value):
            place = (*path, str(number))
            if isinstance(entry, (dict, list, bool)) or entry is None or not str(entry).strip():
                if not self._source.has_problem(*place):
                    self._problem(place, f"entry {number + 1} of {name} must be a word or a line of text. Correct it.")
            elif SECRET_VALUE.search(str(entry)):
                text = f"{name} holds what looks like a secret. Remove it: credentials are stored by the playbook handover."
                self._problem(place, text)
            elif not self._holds_invisible(str(entry), place, f"entry {number + 1} of {name}"):
                found.append(str(entry))
        if len(found) < len(value):
            self._source.doubtful.add(path)
        return found

    def _holds_invisible(self, text: str, path: Path, name: object, allowed: str = "") -> bool:
        """Whether a text that was pasted holds a character that nobody sees: it would make a second name or user."""
        hidden = find_invisible(text, "\n\t" if path[-1] in _FREE_TEXT else allowed)
        if hidden:
            self._problem(
                path, f"{name} holds a character that cannot be seen ({hidden}): delete it, or type the text again."
            )
        return hidden is not None

    def _scalar(self, item: Field, value: Any, path: Path, name: object) -> Any:
        if isinstance(value, (dict, list)) or (isinstance(value, bool) and item.type != "bool"):
            return self._problem(path, f"{name} must be a word or a line of text. Correct it.")
        text = str(value)
        if self._holds_invisible(text, path, name):
            return None
        if item.type == "bool":
            # A template yields text on the older cores.
            truths = [truth for truth, words in _WORDS.items() if text.lower() in words]
            known = [word for words in _WORDS.values() for word in words]
            needs = "must be true or false. Write one of them."
            return truths[0] if truths else self._wrong(path, name, text, needs, known)
        if item.type == "int":
            in_range = re.fullmatch("[0-9]{1,6}", text) and int(text) >= item.least
            return (
                int(text)
                if in_range
                else self._wrong(path, name, text, f"must be a whole number, {item.least} or more. Correct it.")
            )
        if item.type == "date":
            day = parse_date(text)
            return (
                day.isoformat()
                if day
                else self._wrong(path, name, text, "must be a date. Write it as YYYY-MM-DD, such as 2027-06-30.")
            )
        if item.type == "span" and not re.fullmatch(item.pattern, text):
            return self._wrong(path, name, text, "must be a number of days. Write it with its unit, such as 365d.")
        if item.choices and text not in item.choices:
            near = difflib.get_close_matches(text.lower(), item.choices, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            return self._wrong(path, name, text, f"must be {_either(item.choices)}.{hint}", item.choices)
        if item.pattern and text and not re.fullmatch(item.pattern, text):
            why = f" {item.explain(text)}" if item.explain else ""
            return self._problem(path, f"{name} takes {item.pattern_in_words}.{why} Correct it.")
        return text


def _either(choices: Sequence[str]) -> str:
    return " or ".join(part for part in (", ".join(choices[:-1]), choices[-1]) if part)


def _expected_mapping(path: Path, values: Any) -> str:
    if not path and values is None:
        return "the file is empty. Declare something in it, or delete it."
    return f"{_named(path)} must be a mapping: keys, each with a colon after it."


def _named(path: Path) -> str:
    return join_path(path) or "the file"
