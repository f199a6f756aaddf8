# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The declared rotation of a grant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.schedule import (
    Rotation,
    has_free_day,
    read_period,
)
from ansible_collections.integrations.workiva.plugins.module_utils._spans import read_days
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Path

Problems = list[tuple[Path, str]]


def read_rotation(declared: Mapping[str, Any], lifetime_days: int | None) -> tuple[Rotation | None, Problems]:
    """The key C(rotation) of a grant or of the defaults, and what is wrong with it: the keys below it, and a text.

    C(lifetime_days): how long the grants are valid; None where a day is declared on which they expire.
    """
    values = declared.get("rotation")
    if not values:
        return None, []
    problems: Problems = []
    spans = {name: read_days(values[name], name) for name in ("before_expiry", "every", "overlap") if name in values}
    before = spans.get("before_expiry")
    if before is not None and lifetime_days is None:
        text = (
            "rotation.before_expiry needs a lifetime instead of expires: the next grant would expire on the same day. Set "
            "lifetime."
        )
        problems.append((("before_expiry",), text))
    elif before is not None and lifetime_days is not None and before >= lifetime_days:
        text = (
            f"rotation.before_expiry ({before}d) is not less than the lifetime ({lifetime_days}d): the next grant would be due at once. "
            "Shorten it."
        )
        problems.append((("before_expiry",), text))
    periods = []
    for number, period in enumerate(values.get("not_during") or ()):
        try:
            read_period(period)
            periods.append(period)
        except InvalidArgument as error:
            problems.append((("not_during", str(number)), f"rotation.not_during {error}."))
    rotation = Rotation(**spans, not_during=tuple(periods))
    if not has_free_day(rotation):
        text = "rotation.not_during leaves no day of the year on which a rotation can start. Shorten a period, or the overlap."
        problems.append((("not_during",), text))
    return rotation, problems
