# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's API behind C(requests) without a network: the same code answers, in the process of the run.

A run takes a third of its time then, which makes the whole cross possible. What the network does to an answer becomes the
exception that C(requests) raises for it; the sample of C(make test) and C(tests/core) see the real ones over HTTPS.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from workiva_simulator import faults, server
from workiva_simulator.state import State

_DROPPED = http.client.RemoteDisconnected("Remote end closed connection without response")


class Wire:
    """Answers requests from the state of a simulator's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fault = threading.local()
        self.reopen()

    def reopen(self) -> None:
        """Opens the state anew: a connection to it must not be used by two processes."""
        state = State(str(self._folder / "state.sqlite"))
        self._routes = server.Api(state, self._folder / "record.jsonl").routes()

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Takes the place of the network, and of what the simulator needs of a server."""
        due = faults.due

        def noted(state: State, method: str, path: str) -> Any:
            self._fault.found = due(state, method, path)
            return self._fault.found

        async def at_once(work: Any, *arguments: Any) -> Any:
            return work(*arguments)

        async def nothing(*_arguments: Any) -> None:
            return None

        patch.setattr(faults, "due", noted)
        patch.setattr(server, "run_in_threadpool", at_once)
        patch.setattr(server, "_cut", nothing)
        patch.setattr(server.asyncio, "sleep", nothing)
        patch.setattr(
            requests.adapters.HTTPAdapter, "send", lambda _adapter, request, **options: self.send(request, **options)
        )

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        """Answers one request, or raises what C(requests) raises for its fault."""
        answer = self._answered(request)
        fault = self._fault.found or {}
        kind = fault.get("kind")
        if kind == "cut":
            raise requests.ConnectionError(ProtocolError("Connection aborted.", _DROPPED), request=request)
        if kind == "half":
            broken = http.client.IncompleteRead(bytes(answer.body)[: len(answer.body) // 2], len(answer.body) // 2)
            raise requests.exceptions.ChunkedEncodingError(ProtocolError(f"Connection broken: {broken!r}", broken))
        if kind == "slow":
            raise requests.ReadTimeout(
                ReadTimeoutError(None, None, "Read timed out. (read timeout=30)"), request=request
            )  # type: ignore[arg-type]
        found = requests.Response()
        found.status_code, found.url, found.request = answer.status_code, str(request.url), request
        found.headers.update(answer.headers)
        found._content = bytes(answer.body)
        return found

    def _answered(self, request: requests.PreparedRequest) -> Response:
        parts = urlsplit(str(request.url))
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else bytes(body)
        headers = {"host": parts.netloc, **request.headers}
        scope: dict[str, Any] = {
            "type": "http",
            "method": request.method,
            "path": parts.path,
            "query_string": parts.query.encode(),
            "headers": [(name.lower().encode(), str(value).encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "scheme": "https",
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        for route in self._routes:
            match, more = route.matches(scope)
            if match is Match.FULL:
                return _result(route.endpoint(Request({**scope, **more}, receive)))
        raise AssertionError(f"no route for {parts.path}")


def _result(work: Coroutine[Any, Any, Response]) -> Response:
    """What a coroutine returns that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as end:
        found: Response = end.value
        return found
    raise AssertionError("it waits for something")
