# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Dates as people and YAML write them."""

from __future__ import annotations

import re
from datetime import date


def parse_date(value: object) -> date | None:
    """The date that is written as YYYY-MM-DD, as text or as a date of YAML; None for anything else.

    C(date.fromisoformat()) alone accepts other forms since Python 3.11, such as C(20270630).
    """
    text = str(value)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
