# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on demand: C(KIND[:NAME=VALUE,...]), kept in the state until they were used up."""

from __future__ import annotations

import fnmatch
import json
import re
import uuid

from .api import TOKEN_PATHS
from .state import Object, State

ELSEWHERE = "https://elsewhere.example"
KINDS = {
    "401": "answers 401",
    "403": "answers 403",
    "404": "answers 404",
    "409": "answers 409",
    "429": "answers 429 with Retry-After (retry_after=seconds, a date or anything else; 'none' leaves the header out)",
    "500": "answers 500",
    "502": "answers 502 with a page of a proxy, which repeats the credentials of the request",
    "503": "answers 503",
    "redirect": f"redirects to {ELSEWHERE}",
    "slow": "waits before it answers (seconds=)",
    "cut": "drops the connection, before (the default) or after the request was carried out",
    "half": "carries the request out and drops the connection in the middle of the answer",
    "content_type": "carries the request out and calls the answer text/plain",
    "empty": "carries the request out and leaves the body of the answer out",
    "invalid_json": "carries the request out and answers with JSON that ends too early",
    "null_fields": "carries the request out and answers with null in place of every value",
    "token_dies": "ends the token of a request: it is refused with 401 from then on",
    "operation_fails": "accepts a role change and lets its operation fail",
    "operation_lasts": "reports an operation as started, however often it is asked about",
    "page_shift": "splits a list and repeats the last item of a page on the next one, as a concurrent change does",
    "foreign_link": f"answers a list with a next page at {ELSEWHERE}",
}
STATUSES = ("401", "403", "404", "409", "429", "500", "503")
# What is done to the answer after the request was carried out.
DAMAGES = ("half", "content_type", "empty", "invalid_json", "null_fields", "foreign_link")
OPTIONS = {"429": {"retry_after"}, "slow": {"seconds"}, "cut": {"before", "after"}}


def parse(spec: str) -> Object:
    """Reads a specification. C(count) (1), C(skip) (0), C(path) and C(method) say how often, after how many requests and where.

    In C(path) * matches any characters; a path with a part in braces, as the contract writes it, matches any one part there.
    Raises ValueError.
    """
    kind, _colon, rest = spec.partition(":")
    if kind not in KINDS:
        raise ValueError(f"unknown fault {kind}; there are {', '.join(KINDS)}")
    options = dict(part.partition("=")[::2] for part in rest.split(",") if part)
    fault = {
        "id": uuid.uuid4().hex,
        "kind": kind,
        "left": int(options.pop("count", "1")),
        "skip": int(options.pop("skip", "0")),
        "path": options.pop("path", "*"),
        "method": options.pop("method", "*").upper(),
        "options": options,
    }
    known = OPTIONS.get(kind, set())
    unknown = set(options) - known
    if unknown:
        raise ValueError(
            f"unknown option {', '.join(sorted(unknown))} of the fault {kind}; there are "
            f"{', '.join(['count', 'skip', 'path', 'method', *sorted(known)])}"
        )
    return fault


def _matches(pattern: str, path: str) -> bool:
    if "{" not in pattern:
        return fnmatch.fnmatchcase(path, pattern)
    parts = (re.escape(part) for part in re.split(r"\{[^}]*\}", pattern))
    return re.fullmatch("[^/]+".join(parts), path) is not None


def _applies(fault: Object, method: str, path: str) -> bool:
    """Whether a request is one that the fault can happen to, and one that was meant."""
    if fault["method"] not in ("*", method) or not _matches(fault["path"], path):
        return False
    if fault["kind"] == "token_dies":
        return path not in TOKEN_PATHS
    if fault["kind"] == "operation_fails":
        return method == "POST" and path.endswith(("/roles/assignment", "/roles/revocation"))
    if fault["kind"] == "operation_lasts":
        return method == "GET" and path.startswith("/operations/")
    return fault["kind"] not in ("page_shift", "foreign_link") or method == "GET"


def due(state: State, method: str, path: str) -> Object | None:
    """The first fault that is for this request; it is used up by one."""
    if not state.all("fault"):
        return None
    with state.transaction():
        for fault in state.all("fault"):
            if not _applies(fault, method, path):
                continue
            if fault.get("skip"):
                state.put("fault", {**fault, "skip": fault["skip"] - 1})
                continue
            if fault["left"] > 1:
                state.put("fault", {**fault, "left": fault["left"] - 1})
            else:
                state.remove("fault", fault["id"])
            return fault
    return None


def bad_gateway(request_holds: str) -> bytes:
    """The page of a proxy that shows what it was sent, as debug pages do."""
    title = f"502 Bad Gateway {request_holds}"
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>".encode()


def damaged(kind: str, status: int, content: bytes) -> tuple[int, bytes, str]:
    """Status, body and Content-Type of an answer that a fault of C(DAMAGES) changes. An answer without a body gets one."""
    if not content:
        status, content = 200, b'{"data": [{"id": "1"}]}'
    media = "text/plain" if kind == "content_type" else "application/json"
    if kind == "empty":
        content = b""
    elif kind == "invalid_json":
        content = content[: len(content) * 2 // 3]
    elif kind == "null_fields":
        content = json.dumps(_nulls(json.loads(content))).encode()
    elif kind == "foreign_link":
        body = json.loads(content)
        content = json.dumps({**body, "@nextLink": f"{ELSEWHERE}/next"} if "data" in body else body).encode()
    return status, content, media


def _nulls(value: object) -> object:
    """The same lists and objects, with null in place of each value; an object of objects keeps its outer names."""
    if isinstance(value, dict):
        return {name: _nulls(item) if isinstance(item, list) else None for name, item in value.items()}
    return [_nulls(item) for item in value] if isinstance(value, list) else None
