# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Who is who in a project: the users of integrations, and the people who answer for them, must not be the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import NO_OWNER
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Path, Source

Problem = Callable[[Source, Path, str], None]
# The keys that name a person or a team.
ANSWERS = ("owner", "custodian")


class People:
    """Reads one file after the other; L(check) then reports what only all of them together show."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        # By the name in lower case: where it was declared first.
        self._usernames: dict[str, str] = {}
        self._emails: dict[str, str] = {}
        # Usernames of the integrations' own users, and whoever is named to answer for something, each with its place.
        self._integrations: dict[str, str] = {}
        self._answers: list[tuple[Source, Path, str]] = []
        self.without_owner: list[str] = []
        """The integrations that nobody is named for, neither in their file nor in the defaults."""

    def add_username(self, source: Source, path: Path, username: str | None) -> None:
        """A username may be declared once in a project."""
        if not username:
            return
        taken = self._usernames.get(fold_name(username))
        if taken:
            text = f"this username is used already, in {taken}. Give each integration a user of its own."
            self._problem(source, path, text)
        self._usernames.setdefault(fold_name(username), source.at(*path))

    def add_user(self, source: Source, user: Mapping[str, Any], *, present: bool) -> None:
        """The user of an integration: its username, the one before a rename, and its e-mail address.

        A successor may take over the mailbox of an integration that is marked absent.
        """
        username, previous, email = (user.get(name) or "" for name in ("username", "previous_username", "email"))
        self.add_username(source, ("user", "username"), username)
        if fold_name(previous) != fold_name(username):
            self.add_username(source, ("user", "previous_username"), previous)
        for name, key in ((username, "username"), (previous, "previous_username")):
            if name:
                self._integrations.setdefault(fold_name(name), source.at("user", key))
        if email and present:
            path = ("user", "email")
            taken = self._emails.setdefault(fold_name(email), source.at(*path))
            if taken != source.at(*path):
                text = (
                    f"this e-mail address belongs to another user already, in {taken}. "
                    "Use a mailbox for each user: codes and password mails of both would arrive in one."
                )
                self._problem(source, path, text)

    def add_answers(self, source: Source, path: Path, values: Mapping[str, Any]) -> None:
        """Whoever is named as owner or custodian in these values."""
        self._answers += [(source, (*path, name), values[name]) for name in ANSWERS if values.get(name)]

    def note_missing_owners(self) -> list[str]:
        """One note about all integrations without an owner."""
        if not self.without_owner:
            return []
        return [
            f"No owner is declared for {', '.join(self.without_owner)}. Work orders name {NO_OWNER} instead. Add owner to the file of the "
            "integration, or to workiva.defaults in workiva.yml."
        ]

    def check(self) -> None:
        """A person answers for an integration, and no integration does."""
        for source, path, name in self._answers:
            taken = self._integrations.get(fold_name(name))
            if taken:
                text = (
                    f"{path[-1]} is the user of an integration ({taken}). "
                    "Name a person, or the mailbox of a team that can sign in as that user."
                )
                self._problem(source, path, text)
