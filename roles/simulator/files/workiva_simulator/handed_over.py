# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vars file in which the custodians hand the pairs over: C(workiva_handed_over), readable by its owner only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import yaml

VARIABLE = "workiva_handed_over"
DONE = "workiva_done"


class HandedOver:
    """The pairs of a file, each written as soon as it is there, so that a fault later loses none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._others: dict[str, Any] = {}
        self._entries: list[dict[str, Any]] = []
        self._done: list[str] = []
        if path is not None and path.exists():
            self._read(path)

    def has(self, integration: str, grant: str, client_id: str) -> bool:
        wanted = (integration, grant, client_id)
        return any((entry["integration"], entry["grant"], entry.get("client_id")) == wanted for entry in self._entries)

    def keep(self, entry: dict[str, Any]) -> None:
        """Takes a pair in the place of an older one of the same grant. Without a file nobody takes it."""
        place = (entry["integration"], entry["grant"])
        self._entries = [old for old in self._entries if (old["integration"], old["grant"]) != place] + [entry]
        if self._path is not None:
            self._write(self._path)

    def say_done(self, number: str) -> None:
        """Somebody says that a work order is done."""
        if number not in self._done:
            self._done.append(number)
            if self._path is not None:
                self._write(self._path)

    def _read(self, path: Path) -> None:
        # The file's own text must not show in a message: it holds secrets.
        problem = f"{path} is not a vars file with a list {VARIABLE}; it was left as it is"
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except (yaml.YAMLError, UnicodeDecodeError):
            raise ValueError(problem) from None
        if not isinstance(content, dict):
            raise ValueError(problem)
        entries = content.get(VARIABLE) or []
        if not isinstance(entries, list) or not all(
            isinstance(entry, dict) and "integration" in entry and "grant" in entry for entry in entries
        ):
            raise ValueError(problem)
        self._entries = entries
        self._done = [str(number) for number in content.get(DONE) or []]
        self._others = {name: value for name, value in content.items() if name not in (VARIABLE, DONE)}

    def _write(self, path: Path) -> None:
        said = {DONE: self._done} if self._done else {}
        content = yaml.safe_dump({**self._others, VARIABLE: self._entries, **said}, sort_keys=False, allow_unicode=True)
        # Made with mode 0600, beside the file that it replaces.
        number, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(number, "w", encoding="utf-8") as stream:
                stream.write(f"---\n{content}")
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
