# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The lines that a run prints at its end: problems, changes, what waits for people, and what is fine. Pure functions."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from ansible_collections.integrations.workiva.plugins.module_utils._words import format_count, natural_order
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.changes import find_changes
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.details import describe_all
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.findings import (
    CERTIFICATES,
    Entry,
    Waiting,
    find_notes,
    find_problems,
    find_undeclared,
    find_waiting,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.plan import plan_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import Report
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import (
    ADMINISTRATOR,
    FILE_ADMINISTRATOR,
)

# In a short summary, up to so many integrations, and work orders of one person, are listed one by one.
_LISTED = 10
_ADMINISTRATORS = {ADMINISTRATOR: "administrator grant", FILE_ADMINISTRATOR: "file administrator grant"}


def summarize(report: Report) -> list[str]:
    """The summary of a run, as lines. Problems come first; of what is fine only the number is printed, but in a full summary."""
    problems, changes, waiting = find_problems(report), find_changes(report), find_waiting(report)
    undeclared, notes = find_undeclared(report), find_notes(report)
    lines = ["", _headline(report, problems, changes)]
    lines += _section("Problems", _entries(_joined(problems), _subject_first))
    lines += _section(_changes_title(report), _changes(changes, report))
    lines += _section("Waiting for people", _waiting(waiting, report))
    lines += _section("Undeclared or unneeded access", _entries(undeclared, _subject_first))
    lines += _section("Notes", notes)
    if report.is_full:
        lines += _section("Everything", _by_owner(describe_all(report, problems)))
    unwell = {entry.owner for entry in problems} | {one.owner for one in waiting}
    unwell |= {user.owner for user in report.users or () if user.left}
    # What is still to be changed is not as it should be.
    unwell |= {entry.owner for entry in changes} if report.would else set()
    fine = _fine(report, unwell)
    return [*lines, "", fine] if fine else lines


def titled(title: str, lines: Iterable[str]) -> list[str]:
    """Lines below a title, for what is printed and is no summary of a run."""
    return ["", title, "", *lines]


def _headline(report: Report, problems: Sequence[Entry], changes: Sequence[Entry]) -> str:
    title = plan_of(report.playbook).title
    title += " (check mode: nothing was changed)" if report.check_mode else ""
    parts = ["the administrator grant has no credentials yet"] if report.is_waiting else []
    parts += [format_count(len(problems), "problem")] if problems else []
    if changes:
        parts.append(f"{format_count(len(changes), 'change')}{' to make' if report.would else ''}")
    if report.orders:
        parts.append(format_count(len(report.orders), "open work order"))
    if report.withdrawn:
        count = format_count(len(set(report.withdrawn)), "work order")
        parts.append(f"{count} to withdraw" if report.would else f"{count} withdrawn")
    return f"{title}: {', '.join(parts) or 'no problems, nothing to change'}"


def _changes_title(report: Report) -> str:
    if report.playbook == "verify":
        return "Changes that onboard would make"
    return "Changes that a run would make" if report.check_mode else "Changes"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def _owner_order(owner: str) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    """What all integrations need comes first, and certificates last."""
    rank = 0 if owner in _ADMINISTRATORS else 2 if owner == CERTIFICATES else 1
    return rank, natural_order(owner)


def _by_owner(found: Iterable[tuple[str, str]]) -> list[str]:
    blocks: dict[str, list[str]] = {}
    for owner, line in found:
        blocks.setdefault(owner, []).append(line)
    return [
        line
        for owner in sorted(blocks, key=_owner_order)
        for line in (owner, *(f"  {below}" for below in blocks[owner]))
    ]


def _subject_first(entry: Entry) -> str:
    return f"{entry.subject}: {entry.text}"


def _verb_first(entry: Entry) -> str:
    return f"{entry.text} {entry.subject}"


def _entries(entries: Iterable[Entry], heading: Callable[[Entry], str]) -> list[str]:
    return _by_owner(
        (entry.owner, line) for entry in entries for line in (heading(entry), *(f"  {one}" for one in entry.details))
    )


def _joined(entries: Sequence[Entry]) -> list[Entry]:
    """The entries, of which those that say the same of more than two integrations are one: a cause that they share."""
    owners: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        owners.setdefault((entry.subject, entry.text), []).append(entry.owner)
    joined: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        same = sorted(set(owners[(entry.subject, entry.text)]), key=natural_order)
        if len(same) > 2:
            entry = Entry(f"{len(same)} integrations: {_names(same)}", entry.subject, entry.text, entry.details)
        joined.setdefault((entry.owner, entry.subject + entry.text), entry)
    return list(joined.values())


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _changes(changes: Sequence[Entry], report: Report) -> list[str]:
    """The changes; of many integrations, how many things were changed in which way."""
    owners = {entry.owner for entry in changes}
    if report.is_full or len(owners) <= _LISTED:
        return _entries(changes, _verb_first)
    kinds = Counter((entry.text, entry.subject.split()[0]) for entry in changes)
    return [
        *(f"{verb} {format_count(count, noun)}" for (verb, noun), count in kinds.items()),
        "-e workiva_summary=full lists them.",
    ]


def _waiting(waiting: Sequence[Waiting], report: Report) -> list[str]:
    """What waits, by person, and the command that answers work orders."""
    people: dict[str, list[Waiting]] = {}
    for one in sorted(waiting, key=lambda one: natural_order(one.subject)):
        people.setdefault(one.person, []).append(one)
    lines = []
    for person in sorted(people, key=natural_order):
        mine = people[person]
        shown = mine if report.is_full else mine[:_LISTED]
        lines.append(person)
        for one in shown:
            lines.append(f"  {one.subject}: {one.text}" if one.text else f"  {one.subject}")
            lines += [f"    {os.path.relpath(one.page, report.folder)}"] if one.page else []
        if len(mine) > len(shown):
            lines.append(f"  and {len(mine) - len(shown)} more; -e workiva_summary=full lists them.")
    commands = dict.fromkeys(order.handover for order in report.orders if order.handover)
    return [*lines, *(f"When a work order is done, run in the project folder: {command}" for command in commands)]


def _fine(report: Report, unwell: set[str]) -> str:
    """What was looked at and needs nothing, in one line."""
    named = [*(grant.integration for grant in report.grants), *(file.integration for file in report.files)]
    named += [delivery.integration for delivery in report.deliveries if delivery.finding == "ok"]
    names = set(named) | {user.owner for user in report.users or ()}
    integrations = [name for name in names - unwell if name not in _ADMINISTRATORS]
    parts = [f"{format_count(len(integrations), 'integration')}: ok"] if integrations else []
    for name, noun in _ADMINISTRATORS.items():
        grants = sum(grant.integration == name for grant in report.grants)
        if grants and name not in unwell:
            parts.append(f"{format_count(grants, noun)}: ok")
    copies = sum(copy.health == "ok" and not (report.would and copy.differences) for copy in report.copies)
    if copies:
        parts.append(f"{format_count(copies, 'certificate copy', 'certificate copies')}: ok")
    looks_at_orders = report.playbook == "verify" or plan_of(report.playbook).orders != "none"
    if looks_at_orders and not (report.orders or report.to_open or report.is_waiting):
        whose = " of the named integrations" if report.is_limited else ""
        parts.append(f"{'no' if parts else 'No'} open work orders{whose}")
    return f"{', '.join(parts)}." if parts else ""
