# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real HTTPS server in a thread, that answers as its test says."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

SECRET = "wk_secret:oa2c:Canary0123456789abcd"
TOKEN_PATH = "/iam/v1/oauth2/token"


@dataclass
class Answer:
    """One answer; C(cut) closes the connection instead, C(raw) is sent as it is."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    raw: bytes | None = None


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Server:
    """What a test sees of the server: where it is, what it was asked, and how it answers."""

    port: int
    ca_path: str
    requests: list[Request] = field(default_factory=list)
    answer: Callable[[Request], Answer] = lambda request: Answer(404)
    tokens: int = 0

    def reply(self, request: Request) -> Answer:
        if request.path == TOKEN_PATH:
            self.tokens += 1
            return token_answer(f"t{self.tokens}")
        return self.answer(request)

    def arguments(self, **more: Any) -> dict[str, Any]:
        """Connection arguments that dial this server for the real host."""
        return {
            "region": "us",
            "organization_id": "o",
            "client_id": "c",
            "client_secret": SECRET,
            "ca_path": self.ca_path,
            "connect_to": [f"api.app.wdesk.com:443:127.0.0.1:{self.port}"],
            "retries": 2,
            **more,
        }

    def sent(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path.split("?")[0] == path]


def token_answer(name: str, scope: str = "organization:read") -> Answer:
    claims = base64.urlsafe_b64encode(json.dumps({"arid": "WORKSPACE"}).encode()).decode().rstrip("=")
    body = {"access_token": f"ey.{claims}.{name}", "expires_in": 599, "scope": scope, "token_type": "Bearer"}
    return Answer(200, body)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("api.app.wdesk.com", "localhost").configure_cert(context)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body are sent in two parts: without this the second waits for a delayed acknowledgement.
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            request = Request(self.command, self.path, dict(self.headers), body)
            known.requests.append(request)
            answer = known.reply(request)
            if answer.cut:
                self.close_connection = True
                self.connection.shutdown(2)
                return
            content = b"" if answer.body is None else json.dumps(answer.body).encode()
            if answer.raw is not None:
                content = answer.raw
            self.send_response(answer.status)
            kind = {"Content-Type": "application/json"} if answer.body is not None else {}
            for name, value in {**kind, **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _serve

        def log_message(self, *_arguments: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    known = Server(listening.server_address[1], str(tmp_path / "ca.pem"))
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield known
    listening.shutdown()
    listening.server_close()
