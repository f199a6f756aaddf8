# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Text that an action prints beside its result."""

from __future__ import annotations

import time
from collections.abc import Callable

from ansible import constants
from ansible.utils.display import Display

from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import make_visible

display = Display()

# Callbacks of which all that is on stdout is one document or one document a line, and the one of ansible-runner and AWX.
_FOR_PROGRAMS = ("json", "jsonl")
_OF_RUNNER = "awx_display"


def print_text(text: str) -> None:
    """Prints where a person reads it, and where it spoils nothing that a program reads. Names of the organization are in it, so
    that what nobody sees is named."""
    text = "\n".join(map(make_visible, text.split("\n")))
    callback = constants.config.get_config_value("DEFAULT_STDOUT_CALLBACK").rpartition(".")[2]
    if callback in _FOR_PROGRAMS:
        display.display(text, stderr=True)
    elif callback == _OF_RUNNER:
        # Up to 2.4.0 its wrapper of Display.display writes its marks to the worker's own stdout, which ansible-core reports as a warning.
        display.verbose(text, caplevel=-1)
    else:
        display.display(text)


# Seconds.
INTERVAL = 5.0


class Progress:
    """Prints how far a task is, at most every L(INTERVAL) seconds, so that a task of that length or less prints nothing."""

    def __init__(self, show: Callable[[str], None] = print_text, clock: Callable[[], float] = time.monotonic) -> None:
        self._show = show
        self._clock = clock
        self._shown_at = clock()

    def __call__(self, what: str, done: int, total: int) -> None:
        """C(what) is what was done to each item, such as C(users applied)."""
        now = self._clock()
        if now - self._shown_at >= INTERVAL and done < total:
            self._shown_at = now
            self._show(f"{what} {done}/{total}")
