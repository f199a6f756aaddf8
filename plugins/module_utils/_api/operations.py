# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the platform carries out after it answered: role changes are asked for, and polled to their end (contract, /operations)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.answers import json_of
from ansible_collections.integrations.workiva.plugins.module_utils._api.fields import find_list
from ansible_collections.integrations.workiva.plugins.module_utils._api.session import retry_after
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    OperationFailed,
    Refused,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text

LONGEST_OPERATION = 15 * 60
LONGEST_PAUSE = 30.0
# Contract, Operation.status.
GOING_ON = ("acknowledged", "queued", "started")
# How many answers in a row may be unreadable before the operation is given up.
MOST_UNREADABLE = 5


class Operation:
    """One change that was accepted with a 202 (C(what) names the request), asked for at the pace that the server names."""

    def __init__(self, what: str, accepted: Any, ask: Callable[[], Any]) -> None:
        self._what = what
        self._ask = ask
        self._deadline = time.monotonic() + LONGEST_OPERATION
        # A server that asks for no pause is believed for a moment only.
        self._least = 0.05
        self._unreadable = 0
        self.due = self._next(accepted)

    def ended(self) -> bool:
        """Asks once. Raises L(OperationFailed), with the server's details, where it did not come to a good end."""
        try:
            answer = self._ask()
        except Refused as error:
            raise OperationFailed(
                f"{self._what} was accepted, but the status of its operation cannot be read: {error}",
                status=error.status,
                code=error.code,
                request_id=error.request_id,
            ) from None
        except Unreachable as error:
            if error.status is None or error.status >= 500:
                raise
            return self._not_read(str(error))
        operation = json_of(answer) or {}
        status = operation.get("status")
        if status == "completed":
            return True
        if status in ("failed", "cancelled"):
            details = "; ".join(
                safe_text(str(item.get("message") or item.get("code")))
                for item in find_list(operation, "details", answer=self._what) or []
                if isinstance(item, dict)
            )
            original = operation.get("originalRequest")
            raise OperationFailed(
                f"{self._what} was accepted and then {status}{': ' + details if details else ''}. "
                "Read the message, correct the declaration and run again.",
                code=status,
                request_id=safe_text(original) if isinstance(original, str) else None,
            )
        if status not in GOING_ON:
            return self._not_read("The answer has no known status.")
        self._unreadable = 0
        if time.monotonic() > self._deadline:
            raise OperationFailed(
                f"{self._what} was accepted, but was not finished after 15 minutes (status {status}). Run again: the next run checks it first."
            )
        self.due = self._next(answer)
        return False

    def _not_read(self, why: str) -> bool:
        """An answer that says nothing of the operation: asked again a few times, and then given up."""
        self._unreadable += 1
        if self._unreadable >= MOST_UNREADABLE:
            raise OperationFailed(
                f"{self._what} was accepted, but {MOST_UNREADABLE} answers about its operation could not be read. Whether "
                f"it was carried out is unknown. The last one: {why} Run again: the next run checks that first."
            )
        self.due = self._next(None)
        return False

    def _next(self, answer: Any) -> float:
        """When it may be asked for again."""
        asked = None if answer is None else retry_after(answer.headers.get("Retry-After"))
        pause = 1.0 if asked is None else max(asked, self._least)
        self._least = min(2 * self._least, 1.0)
        return time.monotonic() + min(pause, LONGEST_PAUSE)
