# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Typed values as results: frozen dataclasses in the plain types in which a task returns them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any


def plain_fields(value: Any, *, given_only: bool = False) -> dict[str, Any]:
    """The fields of a dataclass by their names, or by C(key) of a field's metadata where a result calls it otherwise.

    C(given_only) leaves out what is None: an option that is not given is left alone.
    """
    found = {item.metadata.get("key", item.name): plain_value(getattr(value, item.name)) for item in fields(value)}
    return {name: item for name, item in found.items() if item is not None} if given_only else found


def plain_value(value: Any) -> Any:
    """The same in dictionaries, lists, texts, numbers, booleans and None. A value with an C(as_result) decides for itself."""
    if hasattr(type(value), "as_result"):
        return value.as_result()
    if is_dataclass(value):
        return plain_fields(value)
    if isinstance(value, Mapping):
        return {str(name): plain_value(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
