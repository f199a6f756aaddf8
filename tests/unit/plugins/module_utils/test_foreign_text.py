# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server, a gateway or a library repeats of a request never shows a secret, and what cannot be sent never is."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from cryptography.hazmat.primitives import serialization

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    Unreachable,
    WorkivaError,
)
from tests.tls import HOST, authority, bundle

SECRET = "wk_secret:oa2c:Canary/+é 0123456789abcd".replace(" ", "-").replace("é", "e")
CLIENT_ID = "11111111-2222-4333-8444-555555555555"
TOKEN = "header.Canary-payload.signature-of-a-token"


class Listener:
    """Answers each connection with the bytes that its test makes of the request; over TLS unless C(plain)."""

    def __init__(self, folder: Path, answer: Callable[[bytes], bytes], *, plain: bool = False) -> None:
        self.requests: list[bytes] = []
        self._answer = answer
        self._context: ssl.SSLContext | None = None
        if not plain:
            top = authority()
            self.ca_path = bundle(folder, top)
            pair = top.issue()
            key = pair.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            (folder / "server.pem").write_text(pair.chain + key.decode())
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(folder / "server.pem")
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def arguments(self, **more: Any) -> dict[str, Any]:
        return {
            "region": "us",
            "organization_id": "o",
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "ca_path": self.ca_path,
            "connect_to": [f"{HOST}:443:127.0.0.1:{self.port}"],
            "timeout": 5.0,
            "retries": 0,
            **more,
        }

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), contextlib.closing(connection):
                taken = self._context.wrap_socket(connection, server_side=True) if self._context else connection
                taken.settimeout(5)
                with taken:
                    self._one(taken)

    def _one(self, connection: socket.socket) -> None:
        head, body = b"", b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(65536)
            if not part:
                break
            head += part
        head, _end, body = head.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
        while len(body) < length:
            body += connection.recv(65536)
        self.requests.append(head + b"\r\n\r\n" + body)
        connection.sendall(self._answer(self.requests[-1]))


@contextlib.contextmanager
def listening(folder: Path, answer: Callable[[bytes], bytes], *, plain: bool = False) -> Iterator[Listener]:
    listener = Listener(folder, answer, plain=plain)
    try:
        yield listener
    finally:
        listener.close()


def http(status: str, body: bytes, *headers: str, kind: str = "application/json") -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def body_of(request: bytes) -> str:
    return request.partition(b"\r\n\r\n")[2].decode()


def oauth(text: str, status: str = "401 Unauthorized") -> bytes:
    return http(status, json.dumps({"error": "invalid_client", "error_description": text}).encode())


def basic(prefix: str = "") -> str:
    return base64.b64encode(f"{prefix}{CLIENT_ID}:{SECRET}".encode()).decode()


# How a token endpoint, or a gateway before it, repeats what it was sent.
REPEATS: dict[str, Callable[[bytes], bytes]] = {
    "the body as it was sent": lambda request: oauth(body_of(request)),
    "the body, encoded once more": lambda request: oauth(quote(body_of(request))),
    "the body, encoded twice more": lambda request: oauth(quote(quote(body_of(request)))),
    "the body in lower case": lambda request: oauth(body_of(request).lower()),
    "the body in upper case": lambda request: oauth(body_of(request).upper()),
    "the body as JSON": lambda request: oauth(json.dumps({"client_id": CLIENT_ID, "client_secret": SECRET})),
    "the body as JSON in JSON": lambda request: oauth(json.dumps(json.dumps({"client_secret": SECRET}))),
    "JSON with escaped slashes": lambda request: oauth(json.dumps(SECRET).replace("/", "\\/")),
    "JSON with \\u escapes": lambda request: oauth("".join(f"\\u{ord(one):04x}" for one in SECRET)),
    "repr of a dict": lambda request: oauth(repr({"client_secret": [SECRET]})),
    "repr of bytes": lambda request: oauth(repr(request)),
    "the secret alone": lambda request: oauth(SECRET),
    "the secret, percent-encoded": lambda request: oauth(quote(SECRET, safe="")),
    "the secret, quoted with +": lambda request: oauth(quote_plus(SECRET)),
    "the secret, each byte encoded": lambda request: oauth("".join(f"%{one:02x}" for one in SECRET.encode())),
    "base64 of the secret": lambda request: oauth(base64.b64encode(SECRET.encode()).decode()),
    "base64 of a login": lambda request: oauth(f"Authorization: Basic {basic()}"),
    "base64 of a login, moved by one": lambda request: oauth(basic("x")),
    "base64 of a login, moved by two": lambda request: oauth(basic("xx")),
    "URL-safe base64 of a login": lambda request: oauth(base64.urlsafe_b64encode(f"a:{SECRET}".encode()).decode()),
    "in the error code": lambda request: http("400 Bad Request", json.dumps({"error": SECRET}).encode()),
    "in the request id": lambda request: http("401 X", b'{"error": "x"}', f"X-Request-Id: {quote(SECRET)}"),
    "in a redirect": lambda request: http("302 Found", b"", f"Location: https://{quote(SECRET)}.example.com/?{SECRET}"),
    "no status line, in one line": lambda request: b"bad request: " + request.replace(b"\r\n", b" ") + b"\r\n\r\n",
    "no status line, as it was sent": lambda request: request,
    "in a chunk's length": lambda request: (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + SECRET.encode() + b"\r\n"
    ),
    "in the reason phrase": lambda request: b"HTTP/1.1 503 " + SECRET.encode() + b"\r\nContent-Length: 0\r\n\r\n",
    "cut in the middle": lambda request: oauth(f"{body_of(request)[: body_of(request).index('Canary') + 20]}..."),
    "in a page": lambda request: http("403 X", b"<title>" + SECRET.encode() + b"</title>", kind="text/html"),
}
PIECES = ("Canary", "0123456789", *(base64.b64encode((" " * at + SECRET).encode()).decode()[8:24] for at in range(3)))


@pytest.mark.parametrize("how", REPEATS)
def test_token_request_repeated_by_the_endpoint_shows_no_secret(tmp_path: Path, how: str) -> None:
    with listening(tmp_path, REPEATS[how]) as server:
        with pytest.raises(WorkivaError) as caught:
            Client(Connection.from_arguments(server.arguments())).token()
    said = f"{caught.value} {caught.value.as_error()} {caught.value!r}"
    assert CLIENT_ID in said or "got no answer" in said or "redirect" in said
    for piece in (SECRET, quote(SECRET), quote_plus(SECRET), *PIECES):
        assert piece.casefold() not in said.casefold()
    assert "\\u0043\\u0061" not in said
    assert "%43%61" not in said
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: b"bad request: " + request.replace(b"\r\n", b" | ") + b"\r\n\r\n",
        lambda request: b"HTTP/1.1 200 OK\r\nAuthorization " + request.split(b"Authorization")[-1] + b"\r\n\r\n{}",
        lambda request: b"HTTP/1.1 500 " + TOKEN.encode() + b"\r\nContent-Length: 0\r\n\r\n",
        lambda request: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + TOKEN.encode() + b"\r\n",
        lambda request: http("302 Found", b"", f"Location: https://{TOKEN}.example.com/"),
        lambda request: http("302 Found", b"", f"Location: https://[{TOKEN}/"),
        lambda request: http("400 X", json.dumps({"code": TOKEN, "message": TOKEN, "target": TOKEN}).encode()),
        lambda request: http("400 X", b'{"code": "x"}', f"X-Request-Id: {TOKEN}"),
        lambda request: http("400 X", json.dumps({"code": "x", "details": [{"message": f"a {TOKEN}"}]}).encode()),
        lambda request: http("200 OK", b"{" + TOKEN.encode()),
        lambda request: http("200 OK", json.dumps({"data": [], "@nextLink": f"https://{TOKEN}.example.com/"}).encode()),
    ],
)
def test_call_repeated_by_the_server_shows_no_token(tmp_path: Path, answer: Callable[[bytes], bytes]) -> None:
    with listening(tmp_path, answer) as server:
        client = Client(Connection.from_arguments(server.arguments(access_token=TOKEN)))
        with pytest.raises(WorkivaError) as caught:
            list(client.pages("/organizations/o/users"))
    assert TOKEN.casefold() not in f"{caught.value} {caught.value.as_error()}".casefold()


@pytest.mark.parametrize(
    "token",
    [
        f"{TOKEN}\n",
        f"{TOKEN}\r\n",
        f"head\n{TOKEN}",
        f" {TOKEN}",
        f"Bearer {TOKEN}",
        f"{TOKEN}\u20ac",
        f"{TOKEN}\u200b",
        f"{TOKEN}\0",
    ],
)
def test_access_token_that_cannot_be_a_header_is_refused_before_anything_is_sent(tmp_path: Path, token: str) -> None:
    with listening(tmp_path, lambda request: b"") as server:
        client = Client(Connection.from_arguments(server.arguments(access_token=token)))
        with pytest.raises(InvalidArgument, match="Copy it again, without the word Bearer") as caught:
            client.get("/organizations/o")
        assert server.requests == []
    assert TOKEN not in str(caught.value)


def test_token_of_the_server_with_a_line_end_is_not_shown(tmp_path: Path) -> None:
    answer = json.dumps({"access_token": f"{TOKEN}\n", "expires_in": 599}).encode()
    with listening(tmp_path, lambda request: http("200 OK", answer)) as server:
        with pytest.raises(WorkivaError) as caught:
            Client(Connection.from_arguments(server.arguments())).get("/organizations/o")
    assert TOKEN not in str(caught.value)


PASSWORD = "Canary-pw"
BAD_PROXIES = [
    *(f"http://robot:{PASSWORD}{one}x@127.0.0.1:9" for one in "\\/#?[]@ %\n\u00e4\u200b"),
    rf"http://EXAMPLE\robot:{PASSWORD}@127.0.0.1:9",
    f"http://robot:{PASSWORD}@127.0.0.1:9x",
    f"http://robot:{PASSWORD}@127.0.0.1:99999",
    f"http://robot:{PASSWORD}@exa mple:9",
    f"127.0.0.1:9@robot:{PASSWORD}",
    f"htp://robot:{PASSWORD}@127.0.0.1:9",
]


@pytest.mark.parametrize("proxy", BAD_PROXIES)
@pytest.mark.parametrize("variable", [None, "HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_proxy_address_that_needs_percent_encoding_is_refused_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, proxy: str, variable: str | None
) -> None:
    given = {"region": "us", "client_id": CLIENT_ID, "client_secret": SECRET, "retries": 0, "timeout": 1.0}
    if variable:
        monkeypatch.setenv(variable, proxy)
    else:
        given["proxy"] = proxy
    with pytest.raises(InvalidArgument) as caught:
        Client(Connection.from_arguments(given)).token()
    assert str(caught.value).startswith(
        f"{variable} (in the environment) must be" if variable else "proxy must be an address such as http://proxy"
    )
    assert PASSWORD not in str(caught.value)
    assert "EXAMPLE" not in str(caught.value)


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "NO_PROXY"])
def test_option_proxy_beats_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    refusal = http("502 Bad Gateway", b"")
    with (
        listening(tmp_path, lambda request: refusal, plain=True) as wanted,
        listening(tmp_path, lambda request: refusal, plain=True) as other,
    ):
        value = "api.app.wdesk.com" if variable == "NO_PROXY" else f"http://127.0.0.1:{other.port}"
        monkeypatch.setenv(variable, value)
        given = {"region": "us", "client_id": CLIENT_ID, "client_secret": SECRET, "retries": 0, "timeout": 5.0}
        with pytest.raises(Unreachable, match=r"the proxy refused to connect \(502\)"):
            Client(Connection.from_arguments({**given, "proxy": f"http://127.0.0.1:{wanted.port}"})).token()
        assert len(wanted.requests) == 1
        assert other.requests == []


def test_proxy_of_the_environment_is_used_where_there_is_no_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = http("407 Proxy Authentication Required", b"")
    with listening(tmp_path, lambda request: denied, plain=True) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://robot:{PASSWORD}@127.0.0.1:{proxy.port}")
        given = {"region": "us", "client_id": CLIENT_ID, "client_secret": SECRET, "retries": 0, "timeout": 5.0}
        with pytest.raises(Unreachable, match="407: it asks for a user and a password, check those in proxy") as caught:
            Client(Connection.from_arguments(given)).token()
        assert len(proxy.requests) == 1
    assert PASSWORD not in str(caught.value)
