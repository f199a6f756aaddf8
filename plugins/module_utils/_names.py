# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Things of an organization by their names: what a person wrote down, found among what the API lists."""

from __future__ import annotations

import difflib
import functools
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong, safe_text

# What the platform gives to everybody by itself: it cannot be given or taken, so it is neither planned nor reported as excess.
IMPLICIT_ORGANIZATION_ROLES = frozenset({"organization member"})
IMPLICIT_GROUPS = frozenset({"all users"})
# The code of an error about a name that Workiva does not know, and what to do about it.
UNKNOWN_NAME = "unknown_name"
CORRECT_NAME = "Nothing was changed for the user or file that names it. Correct the name, or create it in Workiva."


@dataclass(frozen=True)
class Named:
    """A thing of the organization: its id for the API, its name for people."""

    id: str
    name: str


@functools.lru_cache(maxsize=65536)
def fold_name(name: str) -> str:
    """A name for comparisons: of a project's part, a user, a workspace, a group or a role.

    Blanks around it, its case and the way in which accents are composed do not count: "é" is one character on one keyboard
    and two on another. Names are shown and sent as they were written.
    """
    # Once more after the case was folded, since that may take a composed character apart.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.strip()).casefold())


def is_same(left: str, right: str) -> bool:
    """Whether two names are the same to a person: whatever their case, the blanks around them and composed accents."""
    return fold_name(left) == fold_name(right)


def find(name: str, known: Sequence[Named], what: str) -> Named:
    """The thing of that name. An exact spelling beats one that differs in case; no match names what there is, nearest first."""
    matches = [item for item in known if is_same(item.name, name)]
    exact = [item for item in matches if item.name == name]
    if len(exact or matches) == 1:
        return (exact or matches)[0]
    if matches:
        raise InvalidArgument(
            f"{len(matches)} objects have the name '{safe_text(name)}' ({what}), so it is unclear which one is declared. "
            "Rename one of them in Workiva.",
            code="ambiguous_name",
            target=name,
        )
    raise unknown_name(name, [item.name for item in known], what)


def unknown_name(name: str, known: Iterable[str], what: str) -> InvalidArgument:
    """The error of a name that Workiva does not know. It is quoted only where it is a slip of a known one: anything else may be a
    secret in the wrong place, which its file and line name."""
    names = find_nearest(name, known)
    quoted = quote_wrong(name, names)
    listing = ", ".join(f"'{safe_text(item)}'" for item in names[:20]) + (
        f" and {len(names) - 20} more" if len(names) > 20 else ""
    )
    shown = f": '{safe_text(quoted)}'" if quoted else ""
    return unknown(f"Unknown {what}{shown}. Known, nearest first: {listing or 'none'}.", name, quoted)


def unknown(text: str, name: str, quoted: str | None) -> InvalidArgument:
    """The error with this text about a name that Workiva does not know. C(quoted): the name, where it may be shown."""
    return InvalidArgument(f"{text} {CORRECT_NAME}", code=UNKNOWN_NAME, target=quoted, declared=name)


def ids_by_name(items: Iterable[Named]) -> dict[str, Any]:
    """The id of each name, or the list of ids of a name that several have."""
    found: dict[str, list[str]] = {}
    for item in items:
        found.setdefault(item.name, []).append(item.id)
    return {name: ids[0] if len(ids) == 1 else ids for name, ids in found.items()}


def ids_of(given: Any) -> list[Any]:
    """The ids of a name in a result of L(ids_by_name): one, several where it is the name of several, or none."""
    return list(given) if isinstance(given, (list, tuple)) else [given] if given else []


def find_nearest(name: str, names: Iterable[str]) -> list[str]:
    """The names, those that look most like the given one first."""

    def distance(other: str) -> tuple[float, str]:
        return (-difflib.SequenceMatcher(None, name.casefold(), other.casefold()).ratio(), other.casefold())

    return sorted(set(names), key=distance)


def is_implicit(item: Named, names: frozenset[str]) -> bool:
    """Whether the platform gives the thing to everybody by itself."""
    return fold_name(item.name) in names


def find_all(names: Iterable[str], known: Sequence[Named], what: str, ignored: frozenset[str]) -> tuple[Named, ...]:
    """The things of those names, each once, without the implicit ones."""
    choices = [item for item in known if not is_implicit(item, ignored)]
    found = {}
    for name in names:
        if fold_name(name) not in ignored:
            item = find(name, choices, what)
            found[item.id] = item
    return tuple(found.values())


def exclude(left: Iterable[Named], right: Iterable[Named], ignored: frozenset[str] = frozenset()) -> tuple[Named, ...]:
    """Those of the left that are not on the right, by id, without the implicit ones."""
    ids = {item.id for item in right}
    return tuple(item for item in left if item.id not in ids and not is_implicit(item, ignored))


def list_names(items: Iterable[Named]) -> str:
    return ", ".join(f"'{item.name}'" for item in sorted(items, key=lambda item: item.name.casefold()))
