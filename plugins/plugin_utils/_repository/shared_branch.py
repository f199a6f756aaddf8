# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What one run wrote, pushed to a branch that other runs and people push to as well."""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from datetime import datetime, timezone

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository import written_files as written
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.changes import (
    MergeConflict,
    SameSecret,
    Snapshot,
    find_changes,
    merge_changes,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.git import (
    Clone,
    PushRefused,
    RepositoryTrouble,
)

_ATTEMPTS = 8
_LONGEST_PAUSE = 2.0


class SharedBranch:
    """A clone, what its run wrote since it was made or last pushed, and the way back to the server."""

    def __init__(self, clone: Clone, folder: str, same: SameSecret) -> None:
        self._clone = clone
        self._folder = "" if os.path.normpath(folder) == "." else os.path.normpath(folder)
        self._same = same
        self.project = os.path.join(clone.path, self._folder) if self._folder else clone.path
        self._base = clone.head
        self._before = self._at(self._base)
        self.made = find_changes(self._before, written.read(self.project))

    def push(self, message: str) -> str:
        """Commits and pushes; where others were faster, on top of theirs. Returns the commit.

        Where the server refuses, or two pairs stand against each other, the commit goes to a branch of its own,
        and the error names it: nothing that was taken in is lost.
        """
        ours = self._clone.commit(message, *self._paths())
        try:
            return self._pushed(ours or self._base, message)
        except (PushRefused, MergeConflict) as error:
            raise self._rescued(ours or self._base, error) from None

    def _pushed(self, ours: str, message: str) -> str:
        below, standing = self._base, ours
        for attempt in range(_ATTEMPTS):
            try:
                self._clone.push()
                return standing
            except PushRefused:
                theirs = self._clone.fetch()
                if theirs == below or attempt == _ATTEMPTS - 1:
                    raise  # nobody was faster: the server does not want it
            merge = merge_changes(self.made, self._before, self._at(theirs), self._same)
            below = theirs
            self._clone.check_out(theirs)
            written.write(self.project, merge)
            standing = self._clone.commit(message, *self._paths()) or theirs
            if standing == theirs:
                return theirs
            time.sleep(random.uniform(0, _LONGEST_PAUSE * attempt / _ATTEMPTS))  # noqa: S311
        raise AssertionError("unreachable")

    def _rescued(self, ours: str, error: WorkivaError) -> RepositoryTrouble:
        stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        branch = f"workiva-unmerged/{stamp}-{ours[:10]}"
        self._clone.check_out(ours)
        try:
            self._clone.push(branch)
        except RepositoryTrouble:
            kept = (
                "No other branch could be pushed either. The changes of this run are in the result of this task (changes), "
                f"with secrets encrypted{self._written()}."
            )
        else:
            kept = f"The changes of this run are in the branch {branch}, with secrets encrypted. Merge it by hand."
        return RepositoryTrouble(f"{error} {kept}", target=branch)

    def _written(self) -> str:
        """Writes a file that outlives the run, as the clone may not, and reports its place."""
        try:
            handle, path = tempfile.mkstemp(prefix="workiva-changes-", suffix=".json")
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump({"workiva_changes": self.made.as_data()}, stream)
        except OSError:
            return ""
        return f", and in {path}: save it to the project with ansible-playbook save.yml -e @{path}"

    def _at(self, commit: str) -> Snapshot:
        return written.of(self._clone.files(commit, *self._names()), self._folder)

    def _names(self) -> list[str]:
        return [os.path.join(self._folder, name) for name in written.NAMES]

    def _paths(self) -> list[str]:
        """What to commit: what is there or was there, without what a .gitignore keeps out."""
        return [
            name
            for name in self._names()
            if (os.path.exists(os.path.join(self._clone.path, name)) or self._clone.names("HEAD", name))
            and not self._clone.ignores(name)
        ]
