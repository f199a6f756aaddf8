# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Keeps the set of open work orders correct: in the journals first, and then as pages, which are made from them."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    check_folder,
    lock_folder,
    make_folder,
    read_file,
    replace_file,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.open_orders import (
    OrderStatus,
    all_open_orders,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder, plan
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.overview import (
    overview_names,
    overview_pages,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.pages import pages
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import (
    Surroundings,
    surroundings_of,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.keys import SealingKeys

Subject = tuple[str, str]
"""An integration and its grant, C(user) or C(file_access)."""


@dataclass(frozen=True)
class Page:
    """A page before and after; None where it is not there."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True)
class Kept:
    """What was done, or in check mode would be: the open orders of what was considered, and the changes."""

    orders: tuple[WorkOrder, ...] = ()
    events: tuple[Mapping[str, Any], ...] = ()
    pages: tuple[str, ...] = ()
    """The paths of the pages that were written, changed or removed."""
    diffs: tuple[dict[str, str], ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.events or self.pages)

    def numbers(self, event: str) -> list[str]:
        """The orders that were C(ordered), C(closed) or C(withdrawn)."""
        return [str(one["order"]) for one in self.events if one["event"] == event]


class Keeper:
    """Keeps the work orders of a project: C(folder) is that of the pages. Nothing is written where the journals are read only."""

    def __init__(
        self, journals: Journals, folder: str, around: Surroundings, today: date, keys: SealingKeys | None = None
    ) -> None:
        self._journals = journals
        self._folder = folder
        self._keys = keys
        self._around = replace(around, key_of=keys.key_of) if keys and keys.creates else around
        self._today = today
        self._predicted: dict[str, bytes | None] = {}
        """In check mode, the pages as they would be now."""

    def keep(self, orders: Sequence[Order], considered: Iterable[Subject], done: Collection[Subject] = ()) -> Kept:
        """Compares the needed orders with the open ones of what is considered, and opens, closes, rewords and withdraws.

        C(done): that of which it was seen that nothing is left to ask for, as a journal cannot know of files.
        Raises L(InvalidArgument) for a damaged journal, and for orders that contradict each other.
        """
        subjects = list(dict.fromkeys([*considered, *((order.integration, order.grant) for order in orders)]))
        _check_names(subjects)
        with self._journals.locked(writes=bool(orders)):
            past = {integration: self._journals.read(integration) for integration, _grant in subjects}
            wanted = plan(orders, subjects, past, self._today, done, self._around)
            if self._keys:
                self._keys.save()
            # The journal first: pages are made from it, and a run killed in between is completed by the next.
            for integration, events in wanted.events.items():
                self._journals.append(integration, events)
            written, diffs = self._apply(self._changes(wanted.orders, subjects))
            # The index has the orders of all integrations, also those that another process wrote meanwhile.
            open_now, unread = all_open_orders(self._journals)
            # It repeats what the orders' own pages say, so that its diff would show nothing new.
            overview, _repeated = self._apply(self._overview_changes(open_now, unread)) if subjects else ([], [])
            if self._keys:
                self._keys.remove_closed({order.number for order in open_now}, unread)
        events_written = tuple(event for events in wanted.events.values() for event in events)
        diffs = [*self._event_diffs(wanted.events), *diffs]
        return Kept(wanted.orders, events_written, (*written, *overview), tuple(diffs))

    def statuses(self, kept: Kept) -> list[OrderStatus]:
        """The open orders, with their pages and the commands that answer them."""
        return [OrderStatus.of(order, self._folder, self._around.commands) for order in kept.orders]

    def _changes(self, orders: Iterable[WorkOrder], subjects: Sequence[Subject]) -> Iterator[Page]:
        wanted: set[str] = set()
        for order in orders:
            for name, content in pages(order, self._around).items():
                wanted.add(name)
                before = self._page(name)
                if before != content:
                    yield Page(os.path.join(self._folder, name), before, content)
        if not subjects:
            return
        names = {os.path.basename(path) for path in self._predicted}
        names.update(os.listdir(self._folder) if check_folder(self._folder) else ())
        grants = "|".join(re.escape(f"{integration}.{grant}") for integration, grant in subjects)
        ours = re.compile(rf"({grants})\.[0-9]+\.(html|md)")
        for name in sorted(names - wanted):
            before = self._page(name) if ours.fullmatch(name) else None
            if before is not None:
                yield Page(os.path.join(self._folder, name), before, None)

    def _overview_changes(self, orders: Iterable[WorkOrder], unread: Sequence[str]) -> Iterator[Page]:
        wanted = overview_pages(orders, unread)
        for name in overview_names():
            before, after = self._page(name), wanted.get(name)
            if before != after:
                yield Page(os.path.join(self._folder, name), before, after)

    def _page(self, name: str) -> bytes | None:
        path = os.path.join(self._folder, name)
        return self._predicted[path] if path in self._predicted else read_file(path)

    def _apply(self, changes: Iterable[Page]) -> tuple[list[str], list[dict[str, str]]]:
        """Writes each page before it renders the next one, so that not all are in memory at once. In check mode all are kept, for the
        next call. Returns the paths and the diffs."""
        paths: list[str] = []
        diffs: list[dict[str, str]] = []
        with contextlib.ExitStack() as lock:
            for change in changes:
                if self._journals.read_only:
                    self._predicted[change.path] = change.after
                else:
                    if not paths:  # the first one
                        make_folder(self._folder)
                        lock.enter_context(lock_folder(self._folder))
                    _write(change)
                paths.append(change.path)
                diffs.append(_page_diff(change))
        return paths, diffs

    def _event_diffs(self, events: Mapping[str, Iterable[Mapping[str, Any]]]) -> Iterator[dict[str, str]]:
        for integration, mine in events.items():
            path = self._journals.path(integration)
            lines = "".join(f"{event['event']} {event['order']}\n" for event in mine)
            yield {"before_header": path, "after_header": path, "before": "", "after": lines}


def keep_for(
    project: LoadedProject,
    loader: Any,
    journals: Journals,
    orders: Sequence[Order],
    considered: Iterable[Subject],
    done: Collection[Subject] = (),
) -> dict[str, Any]:
    """Keeps the work orders of a project once; returns the keys of a task's result. C(loader) has the run's vault passwords."""
    keeper = Keeper(journals, project.work_orders, surroundings_of(project, loader), project.run.day())
    kept = keeper.keep(orders, considered, done)
    return {
        "changed": kept.changed,
        "orders": [status.as_result() for status in keeper.statuses(kept)],
        **more_results([kept], journals),
    }


def more_results(kept: Sequence[Kept], journals: Journals) -> dict[str, Any]:
    """What a task returns of its calls of L(Keeper.keep) beside the open orders."""
    names = {"opened": "ordered", "closed": "closed", "withdrawn": "withdrawn"}
    found: dict[str, Any] = {
        name: [number for one in kept for number in one.numbers(event)] for name, event in names.items()
    }
    found["diff"] = [diff for one in kept for diff in one.diffs]
    return {**found, "warnings": list(journals.torn.values())} if journals.torn else found


def _check_names(subjects: Iterable[Subject]) -> None:
    """They name files."""
    for subject in subjects:
        for key, name in zip(("integration", "grant"), subject):
            if not isinstance(name, str) or not re.fullmatch(r"[^\W_][\w.-]*", name):
                raise InvalidArgument(f"The name of the {key} cannot name a file: use letters, digits, '-' and '_'.")


def _write(change: Page) -> None:
    if change.after is None:
        os.unlink(change.path)
    else:  # for people to read: there is no secret in it
        replace_file(change.path, change.after, change.before, new_mode=0o644)


def _page_diff(change: Page) -> dict[str, str]:
    """Shows the Markdown text; of an HTML page, which has the same words, only that it is written, changed or removed."""
    before, after = (
        None if content is None else content.decode("utf-8", "replace") for content in (change.before, change.after)
    )
    if change.path.endswith(".html"):
        before, after = (None if text is None else f"{len(text.splitlines())} lines\n" for text in (before, after))
        if before == after:
            before, after = "before\n", "the wording changed\n"
    return {
        "before_header": change.path,
        "after_header": change.path,
        "before": before or "",
        "after": after or "",
    }
