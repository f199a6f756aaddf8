# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Creates that no lost answer carries out twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import Send, Work
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    AnswerLost,
    Refused,
    Unreachable,
    WorkivaError,
)

# How often a create is tried whose answer was lost: each time only after a look whether it was carried out.
CREATE_TRIES = 3

Made = TypeVar("Made")


def make_once(
    create: Callable[[], Made],
    look: Callable[[], Made | None],
    what: str,
    explain: Callable[[Refused], WorkivaError] | None = None,
) -> Work[Made]:
    """Creates, and where the answer was lost looks first whether it was carried out, so that no fault makes two.

    A conflict after a lost answer is the first try that arrived late. C(explain) makes the error of a refusal.
    C(create) is sent by another thread; C(look) and C(explain) are called in this one.
    """
    lost: WorkivaError | None = None
    for attempt in range(CREATE_TRIES):
        time.sleep(attempt)
        try:
            made: Made = yield Send(create)
            return made
        except AnswerLost as error:
            lost = error
        except Unreachable as error:
            if (error.status or 0) < 500:
                raise
            lost = error
        except Refused as error:
            explained = explain(error) if explain else error
            if lost is None or explained.status != 409:
                raise explained from None
        found = look()
        if found is not None:
            return found
    raise Unreachable(
        f"After {CREATE_TRIES} tries it is unknown whether {what} was carried out: {lost} Run again later.",
        status=lost.status if lost else None,
    )
