# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that are killed between two writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils import _journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders import keeper
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault import file as _vault_file


class Killed(BaseException):
    """The end of the process, as far as a process can play its own."""


def die_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """The n-th boundary of a write, before or after it, kills the run; returns whether it came to that."""
    count = 0

    def dying(write: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            for after in (False, True):
                outcome = write(*arguments, **options) if after else None
                count += 1
                if count == step:
                    raise Killed
            return outcome

        return wrapped

    monkeypatch.setattr(_vault_file, "replace_file", dying(_vault_file.replace_file))
    monkeypatch.setattr(keeper, "replace_file", dying(keeper.replace_file))
    monkeypatch.setattr(_journal.Journal, "append", dying(_journal.Journal.append))
    return lambda: count >= step
