# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mail server on the loopback interface."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography.hazmat.primitives import serialization

from tests.tls import Pair

PASSWORD = "a-canary-of-a-mail-password"


class MailBox:
    """A mail server on the loopback interface, and what it took."""

    def __init__(
        self, folder: Path, pair: Pair, *, tls: str = "starttls", login: bool = False, drop: bool = False
    ) -> None:
        self.mails: list[tuple[Any, bytes]] = []
        self.logins: list[str] = []
        self.drop = drop
        self.refuse = ""
        key = pair.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "mail.pem").write_text(pair.chain + key.decode())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "mail.pem")
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0}
        if login:
            options.update(authenticator=self._authenticate, auth_required=True, auth_require_tls=tls == "starttls")
        if tls == "starttls":
            options.update(tls_context=context, require_starttls=True)
        if tls == "implicit":
            options.update(ssl_context=context)
        self._controller = Controller(self, **options)
        # It connects to itself to see whether it is up, and would take the port that it was asked for.
        self._controller._trigger_server = lambda: socket.create_connection(("127.0.0.1", self.port)).close()
        self._controller.start()

    @property
    def port(self) -> int:
        port: int = self._controller.server.sockets[0].getsockname()[1]
        return port

    def stop(self) -> None:
        self._controller.stop()

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.logins.append(data.login.decode())
        sound = data.password.decode() == PASSWORD and not self.refuse
        return AuthResult(success=sound, handled=sound, message=None if sound else self.refuse or None)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append((envelope, envelope.content))
        if self.drop:
            _server.transport.abort()
        return "250 taken"
