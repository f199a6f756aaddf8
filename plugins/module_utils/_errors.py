# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What can go wrong, as types: the core raises these; a module's main() or an action makes a failed task of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import hide_secrets, make_visible


class WorkivaError(Exception):
    """A failure in two forms: C(str(error)) for a person, C(as_error()) for a program.

    The text says what was tried, on what, what the server said and what to do next.
    It never holds a secret, a header or a request body: who quotes foreign text makes it safe (_safe_text), and a
    registered secret that got by is replaced here. C(msg) is one line, and C(lines) are what is below it: a line end that a
    name brought along becomes a blank, and a character that nobody sees is named, so that no input looks like our words.
    C(declared) is the declared value that the error is about, by which its file and line are found. It may be anything, so that no message
    and no result of a task has it.
    """

    def __init__(
        self,
        msg: str,
        *,
        lines: Sequence[str] = (),
        status: int | None = None,
        code: str | None = None,
        target: str | None = None,
        request_id: str | None = None,
        declared: str | None = None,
    ) -> None:
        super().__init__("\n".join(_own_line(line) for line in (msg, *lines)))
        self.status = status
        self.code = _own_line(code) if code else code
        self.target = _own_line(target) if target else target
        self.request_id = _own_line(request_id) if request_id else request_id
        self.declared = declared

    def as_error(self) -> dict[str, Any]:
        """The same failure for a program: the HTTP status, the server's own code and target, and its request id."""
        return {
            "kind": type(self).__name__,
            "status": self.status,
            "code": self.code,
            "target": self.target,
            "request_id": self.request_id,
        }


def _own_line(text: str) -> str:
    # Once more, since what was taken out may have split a secret.
    return hide_secrets(make_visible(hide_secrets(text)))


@dataclass(frozen=True)
class Failure:
    """Why one item of a task failed while the others went on, for a person and for a program. C(declared) goes no further than to the
    action, which finds the place of it."""

    msg: str
    kind: str
    status: int | None = None
    code: str | None = None
    target: str | None = None
    request_id: str | None = None
    declared: str | None = None

    @classmethod
    def of(cls, error: WorkivaError) -> Failure:
        """What an exception says."""
        return cls(
            str(error), type(error).__name__, error.status, error.code, error.target, error.request_id, error.declared
        )

    def as_result(self) -> dict[str, Any]:
        """As C(error) of an item in a result."""
        return {name: value for name, value in asdict(self).items() if name != "declared" or value}


class InvalidArgument(WorkivaError):
    """The input is wrong; nothing was sent."""


class MissingLibrary(WorkivaError):
    """A Python package is not there where the task runs; the message names it."""


class Unreachable(WorkivaError):
    """Network, TLS, rate limit or server trouble that outlasted the retries: nothing is known of what was asked."""


class TLSFailure(Unreachable):
    """The server's certificate could not be verified, so nothing was sent."""


class TokenRefused(WorkivaError):
    """The token endpoint answered, and said no; C(code) is its own word for the reason."""


class Refused(WorkivaError):
    """The API answered a request with a client error (4xx)."""


class NotFound(Refused):
    """The API knows no such object (404)."""


class OperationFailed(WorkivaError):
    """A long-running operation was accepted (202) and did not complete."""


class AnswerLost(Unreachable):
    """A request that must not be repeated blindly was sent, and its answer never came: look before trying again."""
