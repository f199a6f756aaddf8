# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What was done, or would be done, in words: the steps of tasks are imperatives, or sentences in the past tense."""

from __future__ import annotations

import re

from ansible_collections.integrations.workiva.plugins.module_utils._words import format_days

# The verbs with which the steps for users and files begin.
_PAST = {
    "add": "added",
    "adopt": "adopted",
    "create": "created",
    "delete": "deleted",
    "give": "gave",
    "remove": "removed",
    "rename": "renamed",
    "set": "set",
}
# The verbs of the steps for grants.
_PRESENT = {
    "gave": "give",
    "kept": "keep",
    "recorded": "record",
    "removed": "remove",
    "stored": "store",
    "verified": "verify",
}
_IMPERATIVE = re.compile(rf"^({'|'.join(_PAST)})\b")
_SENTENCE = re.compile(rf"(?:^|(?<= and ))({'|'.join(_PRESENT)})\b", re.IGNORECASE)


def in_past(step: str) -> str:
    """An imperative in the past tense: C(create the user X) becomes C(created the user X)."""
    return _IMPERATIVE.sub(lambda found: _PAST[found[1]], step, count=1)


def in_present(step: str) -> str:
    """A sentence in the past tense as an imperative: C(Recorded it in the journal.) becomes C(record it in the journal.)."""
    return _SENTENCE.sub(lambda found: _PRESENT[found[1].lower()], step)


def with_distance(text: str, day: str | None, days: int | None) -> str:
    """The text with how far a date in it is from today, C(on 2026-11-01 (25 days ago)); as it is where it says that itself."""
    if not day or days is None or day not in text or re.search(r"\bdays?\b|\btoday\b", text):
        return text
    return text.replace(day, f"{day} ({format_days(days)})", 1)
