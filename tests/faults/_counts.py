# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The outcomes of a campaign, one JSON line each; and whether the whole campaign or a sample of it runs."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

WHOLE = "WORKIVA_FAULTS"
"""The folder in which C(make faults) collects the outcomes. Without it a sample of each campaign runs."""
# The tests run without the variables of the environment.
_FOLDER = os.environ.get(WHOLE)
One = TypeVar("One")


def is_whole() -> bool:
    """Whether everything is tried."""
    return bool(_FOLDER)


def sample(everything: Sequence[One], every: int, start: int = 0) -> Sequence[One]:
    """All, or in C(make test) one of so many, beginning at a place."""
    return everything if is_whole() else everything[start % max(1, len(everything)) :: every]


@dataclass(frozen=True)
class Counts:
    """Writes outcomes; without a folder nothing is written."""

    folder: Path | None

    @classmethod
    def of_environment(cls) -> Counts:
        """The folder that the environment names."""
        return cls(Path(_FOLDER) if _FOLDER else None)

    def add(self, campaign: str, what: str, outcome: str, **more: object) -> None:
        """Writes one outcome."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        # Each worker has a file of its own.
        path = self.folder / f"{campaign}-{os.getpid()}.jsonl"
        with path.open("a") as stream:
            stream.write(json.dumps({"campaign": campaign, "what": what, "outcome": outcome, **more}) + "\n")
