# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The course of a rehearsal: who acts, whether something went unnoticed, and what is reported. Pure functions.

What is wrong is returned as a sentence; None means that nothing is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._words import format_count
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject

# How people carry out a work order: as it asks, or with a mistake (workiva_mistakes).
FULFIL = "fulfil"
WRONG_SCOPE = "wrong_scope"
REFUSE = "refuse"
# Only grants have scopes, so that only these orders can be carried out with a wrong one.
_WITH_SCOPES = ("create", "replace", "edit")
# The first section of a summary, and the message of a failed task in the two forms in which Ansible prints its result.
_PROBLEMS = re.compile(r"^Problems\n((?:  .*\n)+)", re.MULTILINE)
_IN_JSON = re.compile(r'"msg": ("(?:[^"\\\n]|\\.)+")')
_IN_YAML = re.compile(r"^ +msg: (?:[|>][-+]?\n +)?(.+)$", re.MULTILINE)
_RECAP = re.compile(r"\bchanged=([0-9]+)\b")


@dataclass(frozen=True)
class Report:
    """What somebody did with one work order. C(way) is how people acted; C(outcome) is C(done), C(refused) or C(impossible)."""

    way: str
    order: str
    kind: str
    outcome: str
    reason: str = ""

    @classmethod
    def of(cls, way: str, entry: Mapping[str, Any]) -> Report:
        """Reads an entry of what the role simulator reports."""
        return cls(way, *(str(entry.get(name) or "") for name in ("order", "kind", "outcome", "reason")))

    def as_result(self) -> dict[str, str]:
        """As it is kept between two tasks."""
        return asdict(self)


def choose_ways(orders: Sequence[str], mistakes: Iterable[str]) -> list[str]:
    """How people act in a round, one way after the other; nobody acts where no work order is open."""
    return [*mistakes, FULFIL] if orders else []


def find_unnoticed(way: str, reports: Iterable[Report], orders: Sequence[str]) -> str | None:
    """Whether people acted otherwise than asked, and no work order is open any more."""
    done = [report for report in reports if report.outcome == "done" and report.kind in _WITH_SCOPES]
    if orders or not (way == REFUSE or (way == WRONG_SCOPE and done)):
        return None
    return f"The people made a mistake ({way}), and no run reported it."


def find_unfinished(orders: Sequence[str], last: Iterable[Report]) -> str | None:
    """Whether a work order is open after all people did theirs. C(last) are the reports of the last round."""
    if not orders:
        return None
    reasons = [f" {report.order}: {report.reason}" for report in last if report.outcome == "impossible"]
    one = len(orders) == 1
    return (
        f"{'A work order is' if one else 'Work orders are'} still open, although all people carried out their work orders: {', '.join(orders)}."
        + "".join(reasons)
    )


def find_changes(output: str, writes: int) -> str | None:
    """Whether an onboard changed something where nothing was left to do. C(writes): its requests that change something."""
    recaps = [int(count) for count in _RECAP.findall(output)]
    if recaps and not any(recaps) and not writes:
        return None
    return f"A second onboard changed something, although there was nothing to do (it sent {format_count(writes, 'write')}).\n{output}"


def find_cause(output: str) -> str | None:
    """Why a run failed, in one line of what it printed: the first problem of its summary, or the message of the task that failed."""
    problems = _PROBLEMS.search(output)
    if problems:
        owner, *lines = problems[1].splitlines()
        subjects = [line.strip() for line in lines if re.match(r" {4}\S", line)]
        more = f" And {format_count(len(subjects) - 1, 'more problem')}." if len(subjects) > 1 else ""
        return f"{owner.strip()}, {subjects[0]}{more}" if subjects else None
    shown = _IN_JSON.search(output)
    if shown:
        return str(json.loads(shown[1])).splitlines()[0]
    shown = _IN_YAML.search(output)
    return shown[1].strip("'\"") if shown else None


def describe(
    project: LoadedProject, today: str, mistakes: Sequence[str], played: Sequence[Report], notes: Sequence[str]
) -> list[str]:
    """What was rehearsed. C(played) are all reports."""
    grants = len([*project.administrator_grants, *project.file_administrator_grants, *project.grants])
    users, files = len(project.users), len(project.files)
    fulfilled = sum(report.way == FULFIL and report.outcome == "done" for report in played)
    otherwise = sum(report.way != FULFIL and report.outcome in ("done", "refused") for report in played)
    return [
        f"{format_count(users, 'user')}, {format_count(grants, 'grant')}, {format_count(files, 'file')}; the date was {today}.",
        f"The people carried out {format_count(fulfilled, 'work order')}. Before that they made "
        f"{format_count(otherwise, 'mistake')} ({', '.join(mistakes) or 'none'}). A second onboard changed nothing.",
        *notes,
    ]
