# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Bounds for what is read: aliases of YAML can make a few hundred bytes expand to millions of values.

What is written out costs time and memory in proportion to its length, and has no bound here. What aliases repeat, and how
deep values are nested, has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument

# So many values may be repeated by aliases in one document, and so deep may one be nested.
MOST_REPEATED = 10_000
DEEPEST = 50
_REPEATED = f"aliases (*) repeat more than {MOST_REPEATED} values; write the values out"
_NESTED = f"values are nested more than {DEEPEST} levels deep"


class OutOfBounds(yaml.MarkedYAMLError):
    """A document repeats too much, or is nested too deep. C(problem) says which, C(problem_mark) where."""

    problem: str
    problem_mark: yaml.Mark


class Bounded(yaml.composer.Composer):
    """The part of a loader that composes nodes out of events, and raises L(OutOfBounds) before anything is expanded."""

    # Of the parser.
    check_event: Any
    peek_event: Any
    get_event: Any

    def __init__(self) -> None:
        yaml.composer.Composer.__init__(self)
        self._count = 0
        self._repeated = 0
        self._depth = 0
        # How many values there are at an anchor, everything expanded; None inside of what it names.
        self._sizes: dict[str, int | None] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Composes one node, and counts it with what is in it."""
        event: Any = self.peek_event()
        if self.check_event(yaml.AliasEvent):
            if self._sizes.get(event.anchor, 0) is None:
                raise OutOfBounds(None, None, "an alias is inside of the value that it points to", event.start_mark)
            self.count_alias(event)
            return super().compose_node(parent, index)
        self._depth += 1
        if self._depth > DEEPEST:
            raise OutOfBounds(None, None, _NESTED, event.start_mark)
        before = self._count
        self._count += 1
        if event.anchor is not None:
            self._sizes[event.anchor] = None
        node: Any = super().compose_node(parent, index)
        if event.anchor is not None:
            self._sizes[event.anchor] = self._count - before
        self._depth -= 1
        return node

    def count_alias(self, event: Any) -> None:
        """Counts what an alias repeats."""
        size = self._sizes.get(event.anchor) or 1
        self._count += size
        self._repeated += size
        if self._repeated > MOST_REPEATED:
            raise OutOfBounds(None, None, _REPEATED, event.start_mark)


class BoundedLoader(Bounded, yaml.SafeLoader):
    """A loader with bounds whose errors are PyYAML's own."""

    def __init__(self, stream: Any) -> None:
        yaml.SafeLoader.__init__(self, stream)
        Bounded.__init__(self)


if yaml.__with_libyaml__:

    class FastLoader(Bounded, yaml.CSafeLoader):
        """The same with the events of libyaml, which takes a fifth of the time. Its errors have other words and no text beside
        them, and the place where a node ends may differ: whoever needs those reads again with L(BoundedLoader)."""

        def __init__(self, stream: Any) -> None:
            yaml.CSafeLoader.__init__(self, stream)
            Bounded.__init__(self)

        def dispose(self) -> None:
            """Ends the parser."""

else:
    FastLoader = BoundedLoader  # type: ignore[misc, assignment]


def compose(text: str) -> yaml.Node | None:
    """The node of a document, with its lines. Raises L(OutOfBounds) and the errors of PyYAML."""
    try:
        return _compose(text, FastLoader)
    except yaml.YAMLError:
        return _compose(text, BoundedLoader)


def _compose(text: str, loader: Any) -> yaml.Node | None:
    found: yaml.Node | None = yaml.compose(text, Loader=loader)
    return found


def check_bounds(value: Any, name: str) -> None:
    """Refuses a value of a variable or an option which repeats too much, is nested too deep, or holds itself.

    A loader of YAML keeps one object for all aliases of a value, which is why a small one can be too large to be written out.
    Raises L(InvalidArgument), which begins with C(name) and quotes nothing.
    """
    _Bounds(name).size(value, 0)


class _Bounds:
    def __init__(self, name: str) -> None:
        self._name = name
        # By the identity of a collection: how many values it has, everything expanded. The collections are alive as long as the whole is.
        self._sizes: dict[int, int] = {}
        self._repeated = 0

    def size(self, value: Any, depth: int) -> int:
        if not isinstance(value, (Mapping, list, tuple)):
            return 1
        known = self._sizes.get(id(value))
        if known is not None:
            # An empty collection repeats nothing, and Python itself keeps one object for all empty tuples.
            self._repeated += known if known > 1 else 0
            if self._repeated > MOST_REPEATED:
                raise InvalidArgument(f"{self._name}: {_REPEATED}.")
            return known
        if depth >= DEEPEST:
            raise InvalidArgument(f"{self._name}: {_NESTED}.")
        items = value.values() if isinstance(value, Mapping) else value
        found = self._sizes[id(value)] = 1 + sum(self.size(item, depth + 1) for item in items)
        return found
