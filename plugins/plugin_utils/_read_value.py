# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Typed values read from the result of a task, where a playbook hands them to another task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_input

Value = TypeVar("Value")
_WORDS = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}


def read_value(kind: type[Value], given: Any, place: str = "") -> Value:
    """A frozen dataclass from what its C(as_result) returned, also after a way through JSON.

    C(place) names the value in a message. Keys that the class does not have are ignored.
    Raises L(InvalidArgument) for a field that is missing or of another type; it quotes no value.
    """
    if not isinstance(given, Mapping):
        raise InvalidArgument(f"{place or 'it'} must be a mapping.")
    found: dict[str, Any] = {}
    for field in _fields_of(cast(Any, kind)):
        where = f"{place}.{field.key}" if place else field.key
        if field.key in given:
            found[field.name] = _read(field.hint, given[field.key], where)
        elif field.required:
            raise InvalidArgument(f"{where} is missing.")
    return kind(**found)


def read_values(kind: type[Value], given: Any, place: str) -> tuple[Value, ...]:
    """A list of such values; none where there is no list. Raises L(InvalidArgument)."""
    if given is None:
        return ()
    if not isinstance(given, (list, tuple)):
        raise InvalidArgument(f"{place} must be a list.")
    return tuple(read_value(kind, item, f"{place}[{number}]") for number, item in enumerate(given))


@dataclass(frozen=True)
class _Field:
    name: str
    key: str
    hint: Any
    required: bool


@cache
def _fields_of(kind: Any) -> tuple[_Field, ...]:
    hints = get_type_hints(kind)
    return tuple(
        _Field(
            item.name,
            item.metadata.get("key", item.name),
            hints[item.name],
            item.default is MISSING and item.default_factory is MISSING,
        )
        for item in fields(kind)
    )


@cache
def _parts_of(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(hint), get_args(hint)


def _read(hint: Any, value: Any, place: str) -> Any:
    if hint is object or value.__class__ is hint:  # as most values are: a project has tens of thousands
        return value
    origin, inside = _parts_of(hint)
    if origin in (Union, UnionType):
        kinds = [kind for kind in inside if kind is not NoneType]
        return None if value is None else _read(kinds[0], value, place)
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise InvalidArgument(f"{place} must be a list.")
        return tuple(_read(inside[0], item, f"{place}[{number}]") for number, item in enumerate(value))
    if origin is not None:
        if not isinstance(value, Mapping):
            raise InvalidArgument(f"{place} must be a mapping.")
        return {str(name): _read(inside[1], item, f"{place}.{quote_input(str(name))}") for name, item in value.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        return read_value(hint, value, place)
    if hint is date:
        return _read_date(value, place)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise InvalidArgument(f"{place} must be {_WORDS[hint]}.")
    return value


def _read_date(value: Any, place: str) -> date:
    found = parse_date(value)
    if found is None:
        raise InvalidArgument(f"{place} must be a date like 2027-06-30.")
    return found
