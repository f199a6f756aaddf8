# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Scopes as people write them: the vendor's own string, or the label of the administration page where it is known."""

from __future__ import annotations

import difflib
import functools
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong

# What the vendor's strings look like that are known: file:read, data_tables|w.
SHAPE = re.compile(r"[a-z][a-z_]{0,30}(?::[a-z][a-z_]{0,20}|\|[rw])")
# So many letters may be wrong, missing, too many or swapped, and a scope is still taken for a misspelt one.
SLIPS = 2


@dataclass(frozen=True)
class Scope:
    """One scope as it was written. C(scope) is the vendor's string; C(problem) and C(note) are sentences for a person."""

    scope: str
    problem: str | None = None
    note: str | None = None


@functools.cache
def _facts() -> Mapping[str, Mapping[str, Any]]:
    with open(os.path.join(os.path.dirname(__file__), "scopes.yml"), encoding="utf-8") as stream:
        listed: Mapping[str, Mapping[str, Any]] = yaml.safe_load(stream)
    return listed


def known() -> Mapping[str, str | None]:
    """The publicly known scopes, each with its label or None, from the file scopes.yml beside this one."""
    return {scope: facts.get("label") for scope, facts in _facts().items()}


def labels(own: Mapping[str, str]) -> dict[str, str]:
    """The label of each scope that has one; those of a project come last and win."""
    return {**{scope: label for scope, label in known().items() if label}, **own}


def read_scope(written: str, labelled: Mapping[str, str]) -> Scope:
    """The vendor's string of a scope or of its label.

    C(labelled) is what L(labels) returns: a scope that a project lists there is taken as it is written. A scope
    that resembles a known one is a problem; any other unknown scope is a note, since the vendor's full list is not public.
    """
    by_label = {label: scope for scope, label in labelled.items()}
    if written in by_label:
        return Scope(by_label[written])
    if written in labelled or written in known():
        return Scope(written)
    names = [part for part in re.split(r"[\s,]+", written) if part]
    if len(names) > 1 and all(SHAPE.fullmatch(name.casefold()) for name in names):
        return Scope(written, problem=f"this entry holds {len(names)} scopes. Write each scope as an entry of its own.")
    if re.search(r"[\s()]", written):
        near = difflib.get_close_matches(written, by_label, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known labels: {', '.join(by_label)}."
        quoted = quote_wrong(written, by_label)
        text = f"no scope is known for {f'the label {quoted}' if quoted else 'this label'}. {hint} Or write the vendor's string."
        return Scope(written, problem=text)
    if "*" in written:
        family = written.partition("*")[0].casefold()
        meant = [scope for scope in known() if scope.startswith(family)] or list(known())
        return Scope(written, problem=f"a scope has no wildcards. Name each scope: {', '.join(meant)}.")
    near_scope = _misspelt(written, {**known(), **labelled})
    if near_scope:
        # A misspelt scope is a box that no administrator finds on the screen.
        quoted = quote_wrong(written, [near_scope])
        keep = f"If Workiva shows exactly {quoted or 'this'}, list it under workiva.scope_labels in workiva.yml."
        return Scope(
            written, problem=f"there is no scope {quoted or 'of this name'}. Did you mean {near_scope}? {keep}"
        )
    # What is not of the known shape may be anything, and is not quoted.
    word = f" {written}" if SHAPE.fullmatch(written) else ""
    return Scope(
        written,
        note=f"this scope{word} is not among those publicly known; work orders ask for it exactly as it is written.",
    )


def unmet_need(scope: str, organization_roles: Iterable[str], workspace_roles: Iterable[str]) -> str | None:
    """What the user of a grant with this scope needs and is not declared to have; None where nothing is missing.

    Sources: the contract's text on activities; the vendor's help on Chains, whose user must sign in to Chain Builder once.
    """
    if re.match(r"chains?\b", scope):
        return f"before {scope} works, its user must sign in to Chain Builder once."
    needs = _facts().get(scope, {}).get("needs")
    if not needs:
        return None
    for held, sufficient in ((organization_roles, "organization_roles"), (workspace_roles, "workspace_roles")):
        if {fold_name(name) for name in held} & {fold_name(name) for name in needs[sufficient]}:
            return None
    return (
        f"{scope} is answered only for a user with one of the organization roles {', '.join(needs['organization_roles'])}, "
        f"or, for one workspace, with the role {' or '.join(needs['workspace_roles'])} in it."
    )


def _misspelt(written: str, scopes: Iterable[str]) -> str | None:
    """The known scope that was probably meant. A known verb of a known family is no slip: file:write is not file:read."""
    lower = written.casefold()
    listed = list(scopes)
    parts = [re.split(r"(?<=[:|])", scope.casefold(), maxsplit=1) for scope in listed]
    families, verbs = {part[0] for part in parts}, {part[-1] for part in parts}
    mine = re.split(r"(?<=[:|])", lower, maxsplit=1)
    distances = sorted((_slips(lower, scope.casefold()), scope) for scope in listed)
    if not distances or (mine[0] in families and mine[-1] in verbs and distances[0][0]):
        return None
    return distances[0][1] if distances[0][0] <= SLIPS else None


def _slips(one: str, other: str) -> int:
    """How many letters must be changed, added, left out or swapped with the next to turn one text into the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        last, row = row, [number]
        for place, meant in enumerate(other, start=1):
            cost = min(last[place] + 1, row[place - 1] + 1, last[place - 1] + (letter != meant))
            if number > 1 and place > 1 and letter == other[place - 2] and one[number - 2] == meant:
                cost = min(cost, before[place - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]
