# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTPS server: the API and the console on one port of the loopback interface."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import socket
import threading
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from . import admin, faults, files, process, reports, workspaces
from .api import OPERATIONS, TOKEN_PATHS, Call, Operation, Reply, caller, end_token, token
from .authority import HOSTS, issue
from .console import routes as console_routes
from .rules import Problem
from .state import State

# Their operations have registered themselves.
MODULES = (admin, workspaces, files, reports)


class Api:
    """Answers one request of the API, and keeps a record of the exchange where that was asked for."""

    def __init__(self, state: State, record: Path | None = None) -> None:
        self._state = state
        self._record = record
        self._record_lock = threading.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.body()
        fault = await run_in_threadpool(faults.due, self._state, request.method, request.url.path)
        kind = fault["kind"] if fault else ""
        if fault and kind == "slow":
            await asyncio.sleep(float(fault["options"].get("seconds", 1)))
        if fault and kind == "cut" and "after" not in fault["options"]:
            await run_in_threadpool(self._write, request, body, None)
            await _cut(scope)
            return
        reply = await run_in_threadpool(self._reply, request, body, fault)
        if kind == "cut":
            await run_in_threadpool(self._write, request, body, None)
            await _cut(scope)
            return
        content = b"" if reply.body is None else json.dumps(reply.body).encode()
        headers = {**reply.headers, **({"content-type": "application/json"} if content else {})}
        await run_in_threadpool(self._write, request, body, reply)
        await Response(content, reply.status, headers)(scope, receive, send)

    def _reply(self, request: Request, body: bytes, fault: dict[str, Any] | None) -> Reply:
        kind = fault["kind"] if fault else ""
        try:
            if kind in ("429", "500", "503"):
                wait = fault["options"].get("retry_after", "0") if fault else "0"
                return _refused(
                    Problem(int(kind), "As asked for"), request, {"Retry-After": wait} if kind == "429" else {}
                )
            if kind == "token_dies":
                end_token(self._state, request.headers.get("authorization", ""))
            with self._state.transaction():
                return self._operate(request, body, kind)
        except Problem as problem:
            return _refused(problem, request)
        except Exception:
            # The simulator's own mistake: its log says where, and the client gets what the contract knows.
            traceback.print_exc()
            return _refused(Problem(500, "The server encountered an unexpected condition"), request)

    def _operate(self, request: Request, body: bytes, fault: str) -> Reply:
        path, method = request.url.path, request.method
        if path in TOKEN_PATHS:
            if method != "POST" or self._state.switch("token_path") not in ("both", path):
                raise Problem(404, "The requested resource could not be found")
            address = request.client.host if request.client else ""
            return token(self._state, _fields(request, body), address, request.headers.get("authorization", ""))
        found, matched = _operation(method, path)
        credential = request.headers.get("authorization", "")
        user, scopes, workspace = caller(self._state, credential, found.scope, found.roles)
        if self._state.switch("missing_version") == "400" and not request.headers.get("x-version"):
            raise Problem(400, "X-Version is missing")
        if "organization" in matched and not self._state.one("organization", matched["organization"]):
            raise Problem(404, "The requested resource could not be found", target="organizationId")
        query, base = dict(request.query_params), f"https://{request.headers.get('host', '')}"
        return found.handler(Call(self._state, matched, query, _json(body), base, path, user, scopes, fault, workspace))

    def _write(self, request: Request, body: bytes, reply: Reply | None) -> None:
        """One line an exchange, for those who judge it; credentials are replaced. A cut connection has no status."""
        if not self._record:
            return
        is_token = request.url.path in TOKEN_PATHS
        try:
            fields = {**_fields(request, body), "client_secret": "x"} if is_token else _json(body)
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


def _operation(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    for candidate in OPERATIONS:
        matched = candidate.pattern.match(path)
        if matched and candidate.method == method:
            return candidate, matched.groupdict()
    raise Problem(404, "The requested resource could not be found")


def _fields(request: Request, body: bytes) -> dict[str, str]:
    if request.headers.get("content-type", "").startswith("application/json"):
        parsed = _json(body)
        return {str(name): str(value) for name, value in parsed.items()} if isinstance(parsed, dict) else {}
    return dict(parse_qsl(body.decode(errors="replace")))


def _json(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        raise Problem(400, "The body is not JSON", "BadArgument") from None


def _refused(problem: Problem, request: Request, headers: dict[str, str] | None = None) -> Reply:
    if request.url.path in TOKEN_PATHS:
        word = {400: "invalid_request", 500: "server_error"}.get(problem.status, "temporarily_unavailable")
        return Reply(problem.status, {"error": word, "error_description": problem.message}, headers or {})
    if request.url.path.endswith("/orgReportUsers"):
        source = {"source": {"parameter": problem.target}} if problem.target else {}
        error = {"status": str(problem.status), "title": problem.code, "detail": problem.message, **source}
        return Reply(problem.status, {"errors": [error]}, headers or {})
    return Reply(problem.status, problem.body, headers or {})


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


def serve(directory: Path, port: int, region: str, record: Path | None) -> None:
    """Serves until it is told to stop; C(simulator.json) tells where, as soon as it listens."""
    state = State(str(directory / "state.sqlite"))
    with state.transaction():
        if not state.setting("token_key"):
            state.set(token_key=secrets.token_hex(32))
    ca_path, certificate, key = issue(directory)
    api = Api(state, record)
    application = Starlette(
        routes=[
            Route("/", lambda _request: RedirectResponse("/console")),
            *console_routes(state),
            Route("/{path:path}", api),
        ]
    )
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
