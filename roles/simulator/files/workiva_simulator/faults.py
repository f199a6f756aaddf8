# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on demand: C(KIND[:NAME=VALUE,...]), kept in the state until they were used up."""

from __future__ import annotations

import fnmatch
import uuid

from .api import TOKEN_PATHS
from .state import Object, State

KINDS = {
    "429": "answers 429 with Retry-After (retry_after=seconds)",
    "500": "answers 500",
    "503": "answers 503",
    "slow": "waits before it answers (seconds=)",
    "cut": "drops the connection, before (the default) or after the request was carried out",
    "token_dies": "ends the token of a request: it is refused with 401 from then on",
    "operation_fails": "accepts a role change and lets its operation fail",
    "page_shift": "splits a list and repeats the last item of a page on the next one, as a concurrent change does",
}
OPTIONS = {"429": {"retry_after"}, "slow": {"seconds"}, "cut": {"before", "after"}}


def parse(spec: str) -> Object:
    """Reads a specification. C(count) (1), C(path) and C(method) say how often and where. Raises ValueError."""
    kind, _colon, rest = spec.partition(":")
    if kind not in KINDS:
        raise ValueError(f"unknown fault {kind}; there are {', '.join(KINDS)}")
    options = dict(part.partition("=")[::2] for part in rest.split(",") if part)
    fault = {
        "id": uuid.uuid4().hex,
        "kind": kind,
        "left": int(options.pop("count", "1")),
        "path": options.pop("path", "*"),
        "method": options.pop("method", "*").upper(),
        "options": options,
    }
    known = OPTIONS.get(kind, set())
    unknown = set(options) - known
    if unknown:
        raise ValueError(
            f"unknown option {', '.join(sorted(unknown))} of the fault {kind}; there are "
            f"{', '.join(['count', 'path', 'method', *sorted(known)])}"
        )
    return fault


def _applies(fault: Object, method: str, path: str) -> bool:
    """Whether a request is one that the fault can happen to, and one that was meant."""
    if fault["method"] not in ("*", method) or not fnmatch.fnmatchcase(path, fault["path"]):
        return False
    if fault["kind"] == "token_dies":
        return path not in TOKEN_PATHS
    if fault["kind"] == "operation_fails":
        return method == "POST" and path.endswith(("/roles/assignment", "/roles/revocation"))
    return fault["kind"] != "page_shift" or method == "GET"


def due(state: State, method: str, path: str) -> Object | None:
    """The first fault that is for this request; it is used up by one."""
    with state.transaction():
        for fault in state.all("fault"):
            if _applies(fault, method, path):
                if fault["left"] > 1:
                    state.put("fault", {**fault, "left": fault["left"] - 1})
                else:
                    state.remove("fault", fault["id"])
                return fault
    return None
