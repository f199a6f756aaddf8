# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Typed readers for the fields of an answer.

No field of the contract's Admin objects is marked required, and most may be null. A field that is missing is unknown: what
needs it raises L(Unreachable) with its path, and what can do without it gets None.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Unreachable


def find_field(item: Any, *path: str, answer: str) -> Any:
    """The field at this path, or None where it, or an object on the way to it, is missing or null.

    C(answer) names the request for a message. Raises L(Unreachable) where something on the way is no object.
    """
    found = item
    for position in range(len(path)):
        if found is None:
            return None
        if not isinstance(found, dict):
            raise _lacks(path[:position], answer, "is not an object")
        found = found.get(path[position])
    return found


def read_text(item: Any, *path: str, answer: str, empty_ok: bool = False) -> str:
    """A text that must be there, or a whole number as its text (an id). Raises L(Unreachable)."""
    found = find_text(item, *path, answer=answer)
    if found is None or not (found or empty_ok):
        raise _lacks(path, answer)
    return found


def find_text(item: Any, *path: str, answer: str) -> str | None:
    """A text, or None where there is none. Raises L(Unreachable) for any other type."""
    found = find_field(item, *path, answer=answer)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if found is not None and not isinstance(found, str):
        raise _lacks(path, answer, "is not a text")
    return found


def find_number(item: Any, *path: str, answer: str) -> int | None:
    """A whole number, or None where there is none. Raises L(Unreachable) for any other type."""
    found = find_field(item, *path, answer=answer)
    if found is not None and (isinstance(found, bool) or not isinstance(found, int)):
        raise _lacks(path, answer, "is not a number")
    return found


def find_list(item: Any, *path: str, answer: str) -> list[Any] | None:
    """A list, or None where there is none: nobody knows what would be in it. Raises L(Unreachable) for any other type."""
    found = find_field(item, *path, answer=answer)
    if found is not None and not isinstance(found, list):
        raise _lacks(path, answer, "is not a list")
    return found


def find_texts(item: Any, *path: str, answer: str) -> tuple[str, ...] | None:
    """A list of texts, or None where there is none. Raises L(Unreachable) for any other type."""
    found = find_list(item, *path, answer=answer)
    if found is not None and not all(isinstance(text, str) for text in found):
        raise _lacks(path, answer, "is not a list of texts")
    return None if found is None else tuple(found)


def _lacks(path: tuple[str, ...], answer: str, why: str = "is missing or empty") -> Unreachable:
    field = ".".join(path) or "the item itself"
    return Unreachable(
        f"{answer} was answered in an unexpected form: {field} {why}. The answer was not used.", status=200
    )
