# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The form of a work order's words: cards for people, with steps, which have a sentence and the values that it needs.

A sentence is written with [[label]] for a label of Workiva's screen and {name} for a value of the order. Values
are kept apart from the words until a page escapes them, so that no name can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.values import Row

Sentence = tuple[tuple[str, str], ...]

_PARTS = re.compile(r"\[\[(.+?)\]\]|\{(\w+)\}")


@dataclass(frozen=True)
class Step:
    """What to do, and the values for it, which a page shows directly below."""

    words: Sentence
    rows: tuple[Row, ...] = ()
    # Of an order about files: the files that the step is about.
    files: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Card:
    """What one person does, step by step, and about how long it takes."""

    title: str
    person: str
    steps: tuple[Step, ...]
    shows_handover: bool = False
    minutes: int = 5


def sentence(words: str, values: Mapping[str, Any]) -> Sentence:
    """Splits words into (kind, text) parts, kind being C(text), C(label) or C(value)."""
    parts: list[tuple[str, str]] = []
    end = 0
    for found in _PARTS.finditer(words):
        if found.start() > end:
            parts.append(("text", words[end : found.start()]))
        label, name = found.groups()
        parts.append(("label", label) if label else ("value", str(values[name])))
        end = found.end()
    return (*parts, ("text", words[end:])) if end < len(words) else tuple(parts)
