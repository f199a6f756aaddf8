# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTPS server: the API and the console on one port of the loopback interface."""

from __future__ import annotations

import asyncio
import functools
import json
import secrets
import signal
import socket
import threading
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from . import admin, bodies, faults, files, process, reports, workspaces
from .api import NOT_FOUND, OPERATIONS, TOKEN_PATHS, Call, Operation, Reply, caller, end_token, token
from .authority import HOSTS, issue
from .console import routes as console_routes
from .problems import Problem
from .rate_limit import RateLimit
from .state import State

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# What answers a request, given its body and the fault that it is to have. Raises L(Problem).
Work = Callable[[Request, bytes, str], Reply]
# Their operations have registered themselves.
MODULES = (admin, workspaces, files, reports)


class Api:
    """Answers one request of the API, and keeps a record of the exchange where that was asked for."""

    def __init__(
        self, state: State, record: Path | None = None, latency: float = 0.0, most_in_a_second: int = 0
    ) -> None:
        self._state = state
        self._record = record
        self._latency = latency
        self._limit = RateLimit(most_in_a_second)
        self._record_lock = threading.Lock()

    def routes(self) -> list[Route]:
        """The operations of the contract that there are; all else is not found."""
        found = [Route(path, self._endpoint(self._token), methods=["POST"]) for path in TOKEN_PATHS]
        for known in OPERATIONS:
            work = functools.partial(self._operate, known)
            found.append(Route(known.path, self._endpoint(work), methods=[known.method]))
        return [*found, Route("/{path:path}", self._endpoint(_unknown), methods=METHODS)]

    def _endpoint(self, work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            chosen = work if self._limit.admits(time.monotonic()) else _refuse_for_limit
            body = await request.body()
            if self._latency:
                await asyncio.sleep(self._latency)
            fault = await run_in_threadpool(faults.due, self._state, request.method, request.url.path)
            kind = fault["kind"] if fault else ""
            if fault and kind == "slow":
                await asyncio.sleep(float(fault["options"].get("seconds", 1)))
            reply: Reply | None = None
            if kind != "cut" or (fault and "after" in fault["options"]):
                reply = await run_in_threadpool(self._reply, chosen, request, body, fault)
            if kind == "cut" or reply is None:
                await run_in_threadpool(self._write, request, body, None)
                await _cut(request.scope)
                return Response()  # which nobody receives
            await run_in_threadpool(self._write, request, body, reply)
            content = b"" if reply.body is None else json.dumps(reply.body).encode()
            status, media = reply.status, "application/json"
            if kind == "502":
                content, media = faults.bad_gateway(_credentials(request, body)), "text/html"
            if kind in faults.DAMAGES and status < 400:
                status, content, media = faults.damaged(kind, status, content)
            headers = {**reply.headers, **({"content-type": media} if content or kind == "empty" else {})}
            return (_Half if kind == "half" else Response)(content, status, headers)

        return answer

    def _reply(self, work: Work, request: Request, body: bytes, fault: dict[str, Any] | None) -> Reply:
        kind = fault["kind"] if fault else ""
        try:
            if kind in faults.STATUSES:
                wait = fault["options"].get("retry_after", "0") if fault else "0"
                asks = kind == "429" and wait != "none"
                return _refused(Problem(int(kind), "As asked for"), request, {"Retry-After": wait} if asks else {})
            if kind == "502":
                return Reply(502)
            if kind == "redirect":
                return Reply(302, None, {"Location": f"{faults.ELSEWHERE}{request.url.path}"})
            if kind == "token_dies":
                end_token(self._state, request.headers.get("authorization", ""))
            with self._state.transaction():
                return work(request, body, kind)
        except Problem as problem:
            return _refused(problem, request, {"Retry-After": "1"} if problem.status == 429 else {})
        except Exception:
            # The simulator's own mistake: its log says where, and the client gets what the contract knows.
            traceback.print_exc()
            return _refused(Problem(500, "The server encountered an unexpected condition"), request)

    def _token(self, request: Request, body: bytes, _fault: str) -> Reply:
        if self._state.switch("token_path") not in ("both", request.url.path):
            return _unknown(request, body, _fault)
        address = request.client.host if request.client else ""
        return token(self._state, _fields(request, body), address, request.headers.get("authorization", ""))

    def _operate(self, operation: Operation, request: Request, body: bytes, fault: str) -> Reply:
        matched, query = dict(request.path_params), dict(request.query_params)
        credential = request.headers.get("authorization", "")
        user, scopes, workspace = caller(self._state, credential, operation.scope, operation.roles)
        if self._state.switch("missing_version") == "400" and not request.headers.get("x-version"):
            raise Problem(400, "X-Version is missing")
        if "organization" in matched and not self._state.one("organization", matched["organization"]):
            raise Problem(404, NOT_FOUND, target="organizationId")
        content = bodies.parsed(body)
        if operation.body:
            bodies.check(operation.body, content)
        base, path = f"https://{request.headers.get('host', '')}", request.url.path
        return operation.handler(Call(self._state, matched, query, content, base, path, user, scopes, fault, workspace))

    def _write(self, request: Request, body: bytes, reply: Reply | None) -> None:
        """One line an exchange, for those who judge it; credentials are replaced. A cut connection has no status."""
        if not self._record:
            return
        is_token = request.url.path in TOKEN_PATHS
        try:
            fields = {**_fields(request, body), "client_secret": "x"} if is_token else bodies.parsed(body)
        except Problem:
            fields = None if is_token else body.decode(errors="replace")
        answer = reply.body if reply else None
        if is_token and reply and reply.status == 200:
            answer = {**reply.body, "access_token": "x"}
        line = {
            "method": request.method,
            "path": request.url.path,
            "query": request.url.query,
            "version": request.headers.get("x-version"),
            "content_type": request.headers.get("content-type"),
            "request_headers": {
                name: value for name, value in request.headers.items() if name not in ("authorization", "cookie")
            },
            "body": fields,
            "status": reply.status if reply else None,
            "headers": reply.headers if reply else {},
            "answer": answer,
        }
        with self._record_lock, self._record.open("a") as stream:
            stream.write(json.dumps(line) + "\n")


def _credentials(request: Request, body: bytes) -> str:
    """What a request carries to show who sends it."""
    if request.url.path in TOKEN_PATHS:
        return _fields(request, body).get("client_secret", "")
    return request.headers.get("authorization", "")


def _refuse_for_limit(_request: Request, _body: bytes, _fault: str) -> Reply:
    raise Problem(429, "Too many requests in a second")


def _unknown(_request: Request, _body: bytes, _fault: str) -> Reply:
    raise Problem(404, NOT_FOUND)


def _fields(request: Request, body: bytes) -> dict[str, str]:
    """The fields of a token request, as a form or as JSON. Raises L(Problem) 400."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return dict(parse_qsl(body.decode(errors="replace")))
    fields = bodies.parsed(body)
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        raise Problem(400, "The body must be an object of strings", "BadArgument")
    return fields


def _refused(problem: Problem, request: Request, headers: dict[str, str] | None = None) -> Reply:
    if request.url.path in TOKEN_PATHS:
        words = {400: "invalid_request", 401: "invalid_client", 403: "access_denied", 500: "server_error"}
        word = words.get(problem.status, "temporarily_unavailable")
        return Reply(problem.status, {"error": word, "error_description": problem.message}, headers or {})
    if request.url.path.endswith("/orgReportUsers"):
        source = {"source": {"parameter": problem.target}} if problem.target else {}
        error = {"status": str(problem.status), "title": problem.code, "detail": problem.message, **source}
        return Reply(problem.status, {"errors": [error]}, headers or {})
    return Reply(problem.status, problem.body, headers or {})


class _Half(Response):
    """An answer whose connection is dropped in the middle of its body."""

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = bytes(self.body)
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await _cut(scope)


class _Reachable:
    """Keeps the server's own send, which knows the connection, in the scope: the framework wraps it."""

    def __init__(self, application: Starlette) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["send"] = send
        await self._application(scope, receive, send)


async def _cut(scope: Any) -> None:
    """Drops the connection as a broken network does."""
    scope["send"].__self__.transport.abort()
    await asyncio.sleep(0.05)


def make_application(
    state: State, record: Path | None = None, latency: float = 0.0, most_in_a_second: int = 0
) -> Starlette:
    """The console and the API, without a server. C(latency): the seconds that each request of the API takes longer.
    C(most_in_a_second): how many requests of the API are carried out in any second, 0 for no limit."""
    front = Route("/", lambda _request: RedirectResponse("/console"))
    return Starlette(routes=[front, *console_routes(state), *Api(state, record, latency, most_in_a_second).routes()])


def listen(port: int) -> socket.socket:
    """A listening socket on the loopback interface; port 0 takes a free one.

    asyncio sets TCP_NODELAY on accepted connections only where their protocol number is TCP. Without the option an answer
    that is sent in two parts waits for the client's delayed acknowledgement, 40 ms on Linux.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(128)
    return listening


def serve(
    directory: Path, port: int, region: str, record: Path | None, latency: float = 0.0, most_in_a_second: int = 0
) -> None:
    """Serves until SIGTERM; C(simulator.json) has its address as soon as it listens."""
    state = State(str(directory / "state.sqlite"))
    with state.transaction():
        if not state.setting("token_key"):
            state.set(token_key=secrets.token_hex(32))
    ca_path, certificate, key = issue(directory)
    application = make_application(state, record, latency, most_in_a_second)
    # It listens before it is announced: whoever reads the announcement connects at once.
    listening = listen(port)
    port = listening.getsockname()[1]
    settings = uvicorn.Config(
        _Reachable(application),
        ssl_certfile=str(certificate),
        ssl_keyfile=str(key),
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        http="h11",
        ws="none",
        lifespan="off",
        # Connections that clients keep open do not hold it up.
        timeout_graceful_shutdown=1,
    )
    process.announce(
        directory,
        {
            "port": port,
            "region": region,
            "ca_path": str(ca_path),
            "console_url": f"https://localhost:{port}/",
            "organization_id": state.all("organization")[0]["id"],
            "connect_to": [f"{host}:443:127.0.0.1:{port}" for host in HOSTS],
        },
    )
    settings.load()
    shown = settings.ssl
    signal.signal(signal.SIGHUP, lambda *_signal: shown.load_cert_chain(certificate, key) if shown else None)
    uvicorn.Server(settings).run(sockets=[listening])
