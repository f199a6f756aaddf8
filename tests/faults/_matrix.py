# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cross of requests and faults: each fault at each request of a playbook that it can happen to."""

from __future__ import annotations

import datetime
import email.utils
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workiva_simulator import faults
from workiva_simulator.api import TOKEN_PATHS

ALWAYS = 10**6
_DATE = email.utils.format_datetime(datetime.datetime(2099, 1, 1, tzinfo=datetime.timezone.utc), usegmt=True)


@dataclass(frozen=True)
class Fault:
    """A fault by name. C(count): how many requests in a row it happens to, from the chosen one on."""

    name: str
    kind: str
    count: int = ALWAYS
    options: Mapping[str, str] = field(default_factory=dict)

    def can_happen_to(self, target: Target) -> bool:
        """Whether a request is one that this fault is for."""
        if self.kind == "token_dies":
            return target.path not in TOKEN_PATHS
        if self.kind == "operation_fails":
            return target.method == "POST" and target.path.endswith(("/roles/assignment", "/roles/revocation"))
        if self.kind == "operation_lasts":
            return target.path.startswith("/operations/")
        if self.kind in ("page_shift", "foreign_link"):
            return target.method == "GET" and target.is_list
        return True

    def at(self, target: Target) -> dict[str, Any]:
        """The fault as the simulator keeps it."""
        found = faults.parse(f"{self.kind}:count={self.count},skip={target.number},method={target.method}")
        return {**found, "path": target.path, "options": dict(self.options)}


@dataclass(frozen=True)
class Target:
    """The C(number)-th request (from 0) with a method and a path template."""

    method: str
    path: str
    number: int

    @property
    def is_list(self) -> bool:
        """Whether the request is answered with a list, which can have pages."""
        return self.method == "GET" and not self.path.endswith("}")


FAULTS = (
    Fault("401 once", "401", 1),
    Fault("401", "401"),
    Fault("403", "403"),
    Fault("404", "404"),
    Fault("409", "409"),
    Fault("429 once", "429", 1, {"retry_after": "none"}),
    Fault("429 without Retry-After", "429", ALWAYS, {"retry_after": "none"}),
    Fault("429 with seconds", "429", 2, {"retry_after": "7"}),
    Fault("429 with a date", "429", 2, {"retry_after": _DATE}),
    Fault("429 with an absurd wait", "429", ALWAYS, {"retry_after": "99999999999"}),
    Fault("429 with nonsense", "429", 2, {"retry_after": "-1e999; soon"}),
    Fault("500 once", "500", 1),
    Fault("500", "500"),
    Fault("502 with HTML", "502"),
    Fault("503", "503"),
    Fault("cut before, once", "cut", 1),
    Fault("cut before", "cut"),
    Fault("cut after, once", "cut", 1, {"after": ""}),
    Fault("cut after", "cut", ALWAYS, {"after": ""}),
    Fault("too slow", "slow", 1, {"seconds": "1.5"}),
    Fault("half an answer", "half"),
    Fault("half an answer, once", "half", 1),
    Fault("wrong content type", "content_type"),
    Fault("empty body", "empty"),
    Fault("invalid JSON", "invalid_json"),
    Fault("null fields", "null_fields"),
    Fault("token dies early", "token_dies", 1),
    Fault("operation fails", "operation_fails", 1),
    Fault("operation never ends", "operation_lasts"),
    Fault("page shifts", "page_shift", 1),
    Fault("next link to another host", "foreign_link"),
    Fault("redirect to another host", "redirect"),
)


def targets_of(requests: Iterable[tuple[str, str]]) -> list[Target]:
    """Of each method and path template the first request, one in the middle and the last."""
    counts = Counter(requests)
    return [
        Target(method, path, number)
        for (method, path), count in counts.items()
        for number in sorted({0, count // 2, count - 1})
    ]
