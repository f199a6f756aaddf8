# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Lines that git writes into a file where two versions of it could not be merged."""

from __future__ import annotations

import re

_MARKER = re.compile(r"^(?:<{7}|>{7}|\|{7}) |^={7}\r?$", re.MULTILINE)


def find_conflict(text: str) -> int | None:
    """The number of the first line that is a conflict marker of git, or None."""
    found = _MARKER.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None
