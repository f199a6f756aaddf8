# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Spans of time as people write them in options and project files: a number of days with its unit, C(365d)."""

from __future__ import annotations

import re

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument

SPAN = "(0|[1-9][0-9]{0,4})d"
SPAN_FROM_ONE_DAY = "[1-9][0-9]{0,4}d"


def read_days(text: object, option: str) -> int:
    """The days of a span such as C(30d). Raises L(InvalidArgument), which names the option."""
    written = str(text).strip()
    if not re.fullmatch(SPAN, written):
        raise InvalidArgument(f"{option} must be a number of days with its unit, for example 30d.")
    return int(written[:-1])
