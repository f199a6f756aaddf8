# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the API and the console refuse."""

from __future__ import annotations

from .state import Object

_WORDS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}


class Problem(Exception):
    """A refusal, as the contract's ErrorResponse words it."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        target: str | None = None,
        details: list[Object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code or f"{status}{_WORDS.get(status, 'Error')}"
        self.target = target
        self.details = details or []

    @property
    def body(self) -> Object:
        """The contract's ErrorResponse."""
        known = {"target": self.target, "details": self.details}
        shown = {name: value for name, value in known.items() if value}
        return {"code": self.code, "message": self.message, "version": "2026-01-01", **shown}
