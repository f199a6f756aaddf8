# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in for the controller, served over HTTPS on the loopback interface."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from tests.awx.controller import Controller
from tests.awx.rules import Refused

TOKEN = "the token of the tests"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are sent in two parts: without this the second waits for a delayed acknowledgement.
    disable_nagle_algorithm = True
    controller: Controller

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        sent = json.loads(body) if body else None
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        user = self.controller.users.get(token)
        if token != TOKEN and not user:
            self._tell(401, {"detail": "Authentication credentials were not provided."})
            return
        if self.command == "GET":
            self.controller.reads.append(self.path)
        else:
            self.controller.writes.append((self.command, self.path, sent))
        try:
            self._tell(*self.controller.answer(self.command, self.path, sent, user))
        except Refused as error:
            self._tell(400, {"detail": str(error), "error": str(error)})

    do_GET = do_POST = do_PATCH = do_DELETE = _serve

    def _tell(self, status: int, content: Any) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Says nothing."""


@dataclass
class Served:
    """Where the controller is, and which authority vouches for it."""

    controller: Controller
    url: str
    authority: Path


@contextlib.contextmanager
def served(controller: Controller, folder: Path) -> Iterator[Served]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    handler = type("Handler", (_Handler,), {"controller": controller})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(controller, f"https://localhost:{server.server_address[1]}", folder / "authority.pem")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
