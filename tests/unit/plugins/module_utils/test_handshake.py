# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One handshake with real servers on the loopback interface: what it brings, and what is said where it fails."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from ansible_collections.integrations.workiva.plugins.module_utils._api.session import places
from ansible_collections.integrations.workiva.plugins.module_utils._certificates import handshake as _handshake
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.handshake import (
    Server,
    fetch_chain,
    refuse_weak_keys,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    TLSFailure,
    Unreachable,
)
from tests.tls import HOST, Pair, authority, bundle, issued, serving


@pytest.fixture(scope="module")
def root() -> Pair:
    return authority()


def asked(folder: Path, server: Any, *trusted: Pair, host: str = HOST, **more: Any) -> Server:
    elsewhere = places([server.connect_to(host)])
    return Server(host, ca_path=bundle(folder, *trusted), elsewhere=elsewhere, **{"timeout": 5.0, **more})


def test_the_verified_chain_and_nothing_sent(tmp_path: Path, root: Pair) -> None:
    between = root.issue("An issuer between", authority=True)
    own = between.issue()
    with serving(own) as server:
        chain = fetch_chain(asked(tmp_path, server, root))
        # Before Python 3.10 there is no way to the chain, which the module says where it is asked for.
        whole = [own.fingerprint_sha256, between.fingerprint_sha256, root.fingerprint_sha256]
        assert [one.fingerprint_sha256 for one in chain] == (whole if sys.version_info >= (3, 10) else whole[:1])
        assert chain[0].subject_alt_name == (HOST,)
        assert chain[0].public_key_fingerprint_sha256 == own.public_key_fingerprint_sha256
        assert (server.connections, server.received) == (1, b"")


def test_an_address_and_a_trusted_leaf(tmp_path: Path) -> None:
    own = issued("127.0.0.1", names=("127.0.0.1",))
    with serving(own) as server:
        chain = fetch_chain(Server("127.0.0.1", server.port, ca_path=bundle(tmp_path, own), timeout=5))
    assert [one.fingerprint_sha256 for one in chain] == [own.fingerprint_sha256]


@pytest.mark.parametrize(
    ("show", "code", "said"),
    [
        (
            lambda root: authority("Corp TLS Inspection CA").issue(),
            "unknown_issuer",
            ["issued by CN=Corp TLS Inspection CA", "A proxy that inspects TLS causes this", "ca_path"],
        ),
        (
            lambda root: root.issue(start=-100, end=-3),
            "expired",
            ["expired on", "(3 days ago", "CN=A public authority"],
        ),
        (lambda root: root.issue(start=5), "not_yet_valid", ["is only valid from", "the clock of this machine shows"]),
        (lambda root: issued(), "self_signed", ["is signed by itself", "no authority"]),
        (lambda root: root.issue("www.example.com"), "wrong_name", ["is for www.example.com and not for " + HOST]),
        (lambda root: root.issue(bits=1024), "weak_key", ["too weak to trust", "RSA 1024"]),
    ],
)
def test_certificates_that_do_not_verify(
    tmp_path: Path, root: Pair, show: Callable[[Pair], Pair], code: str, said: list[str]
) -> None:
    pair = show(root)
    with serving(pair) as server:
        with pytest.raises(TLSFailure) as failure:
            fetch_chain(asked(tmp_path, server, root))
        assert server.received == b""
    assert failure.value.code == code
    assert failure.value.target == f"{HOST}:443"
    for words in said:
        assert words in str(failure.value)


def test_a_weak_key_is_refused_even_where_the_bundle_has_it(
    tmp_path: Path, root: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = issued(bits=1024)
    with serving(weak) as server:
        with pytest.raises(TLSFailure, match="RSA 1024") as failure:
            fetch_chain(asked(tmp_path, server, weak))
        assert failure.value.code == "weak_key"
        # A system whose OpenSSL takes everything.
        real = ssl.create_default_context

        def lax(**options: Any) -> ssl.SSLContext:
            context = real(**options)
            context.set_ciphers("DEFAULT@SECLEVEL=0")
            return context

        monkeypatch.setattr(_handshake.ssl, "create_default_context", lax)
        where = asked(tmp_path, server, weak)
        chain = fetch_chain(where)
        with pytest.raises(TLSFailure, match="RSA 1024"):
            refuse_weak_keys(where, chain)


def test_an_issuer_above_has_expired(tmp_path: Path) -> None:
    old = authority("An old authority", end=-1)
    with (
        serving(old.issue(end=100)) as server,
        pytest.raises(TLSFailure, match="A certificate above that of") as failure,
    ):
        fetch_chain(asked(tmp_path, server, old))
    assert failure.value.code == "expired"


@pytest.mark.parametrize(
    ("behaviour", "code", "said"),
    [
        ("hang", "timeout", "accepted the connection and sent nothing for 0.5 seconds"),
        ("plain", "no_tls", "does not speak TLS"),
        ("reset", "cut", "closed the connection during the TLS handshake"),
    ],
)
def test_servers_that_show_no_certificate(tmp_path: Path, root: Pair, behaviour: str, code: str, said: str) -> None:
    with serving(behaviour=behaviour) as server, pytest.raises(Unreachable, match=said) as failure:
        fetch_chain(asked(tmp_path, server, root, timeout=0.5))
    assert failure.value.code == code
    assert not isinstance(failure.value, TLSFailure)


def test_nobody_listens_and_nobody_is_known(tmp_path: Path, root: Pair) -> None:
    with serving(root.issue()) as server:
        port = server.port
    with pytest.raises(Unreachable, match="could not be reached: Connection refused") as failure:
        fetch_chain(Server("127.0.0.1", port, timeout=2))
    assert failure.value.code == "no_connection"
    with pytest.raises(Unreachable, match=r"no\.such\.host\.invalid of the server"):
        fetch_chain(Server("no.such.host.invalid", timeout=2))


@pytest.mark.parametrize("pair", ["", "someone:a-secret-of-the-proxy@"])
def test_through_a_proxy(tmp_path: Path, root: Pair, pair: str) -> None:
    own = root.issue()
    asks: list[bytes] = []
    with serving(own) as server, socket.create_server(("127.0.0.1", 0)) as listening:

        def relay() -> None:
            inside, _address = listening.accept()
            asks.append(inside.recv(4096))
            outside = socket.create_connection(("127.0.0.1", server.port))
            inside.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            for source, sink in ((inside, outside), (outside, inside)):
                threading.Thread(target=pump, args=(source, sink), daemon=True).start()

        def pump(source: socket.socket, sink: socket.socket) -> None:
            while True:
                try:
                    part = source.recv(4096)
                    sink.sendall(part)
                except OSError:
                    return
                if not part:
                    return

        threading.Thread(target=relay, daemon=True).start()
        proxy = f"http://{pair}127.0.0.1:{listening.getsockname()[1]}"
        chain = fetch_chain(Server(HOST, ca_path=bundle(tmp_path, root), proxy=proxy, timeout=5))
        assert chain[0].fingerprint_sha256 == own.fingerprint_sha256
    assert asks[0].startswith(f"CONNECT {HOST}:443 ".encode())
    assert (b"Proxy-Authorization: Basic" in asks[0]) == bool(pair)
    refused = Server(HOST, proxy="http://user:a-secret-of-the-proxy@127.0.0.1:1", timeout=2)
    with pytest.raises(Unreachable) as failure:
        fetch_chain(refused)
    assert "a-secret-of-the-proxy" not in str(failure.value) + repr(refused)


class HttpProxy:
    """A proxy that connects to one server; over TLS with a certificate, and with C(answer) instead where that is given."""

    def __init__(self, server: Any, pair: Pair | None = None, answer: bytes = b"") -> None:
        self.asked: list[bytes] = []
        self.raw: list[bytes] = []
        self._server, self._answer = server, answer
        self._context = context_of(pair) if pair else None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        inside, _address = self._listening.accept()
        self._listening.close()
        self.raw.append(inside.recv(8, socket.MSG_PEEK))
        with contextlib.suppress(OSError):
            if self._context:
                inside = self._context.wrap_socket(inside, server_side=True)
            self.asked.append(inside.recv(4096))
            if self._answer:
                inside.sendall(self._answer)
                inside.close()
                return
            outside = socket.create_connection(("127.0.0.1", self._server.port))
            inside.sendall(b"HTTP/1.1 200 Connection established\r\nX-A: b\r\n\r\n")
            inside.settimeout(0.05)
            outside.settimeout(0.05)
            for _turn in range(60):
                for source, sink in ((inside, outside), (outside, inside)):
                    with contextlib.suppress(TimeoutError, ssl.SSLWantReadError):
                        sink.sendall(source.recv(65536))


def context_of(pair: Pair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    key = pair.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(pair.chain + key.decode())
        file.flush()
        context.load_cert_chain(file.name)
    return context


LOGIN = "robot:p%40ss-of-the-proxy"


def test_https_proxy_gets_its_login_over_verified_tls(tmp_path: Path, root: Pair) -> None:
    own = root.issue()
    with serving(own) as server:
        proxy = HttpProxy(server, root.issue("127.0.0.1", names=("127.0.0.1",)))
        address = f"https://{LOGIN}@127.0.0.1:{proxy.port}"
        chain = fetch_chain(Server(HOST, ca_path=bundle(tmp_path, root), proxy=address, timeout=5))
        assert chain[0].fingerprint_sha256 == own.fingerprint_sha256
    assert proxy.raw[0][:1] == b"\x16"  # a TLS record
    expected = f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\nProxy-Authorization: Basic "
    assert proxy.asked[0].decode().startswith(expected)
    assert base64.b64decode(proxy.asked[0].split()[-1]) == b"robot:p@ss-of-the-proxy"


def test_https_proxy_that_is_not_verified_gets_no_login(tmp_path: Path, root: Pair) -> None:
    with serving(root.issue()) as server:
        proxy = HttpProxy(server, authority("Somebody else").issue("127.0.0.1", names=("127.0.0.1",)))
        address = f"https://{LOGIN}@127.0.0.1:{proxy.port}"
        with pytest.raises(TLSFailure, match="No user and password were sent to it") as failure:
            fetch_chain(Server(HOST, ca_path=bundle(tmp_path, root), proxy=address, timeout=5))
    assert failure.value.code == "proxy_not_verified"
    assert proxy.asked == []
    assert "ss-of-the-proxy" not in str(failure.value)


def test_https_proxy_that_speaks_no_tls_gets_nothing(root: Pair) -> None:
    with serving(root.issue()) as server:
        proxy = HttpProxy(server, answer=b"HTTP/1.1 400 Bad Request\r\n\r\n")
        with pytest.raises(Unreachable):
            fetch_chain(Server(HOST, proxy=f"https://{LOGIN}@127.0.0.1:{proxy.port}", timeout=5))
    assert b"CONNECT" not in proxy.asked[0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            r"407: it asks for a user and a password, check those in proxy",
        ),
        (b"HTTP/1.1 403 Canary\r\nX: Canary\r\n\r\n", r"the proxy refused to connect \(403\)"),
        (b"SSH-2.0-Canary\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 ", "the answer is not HTTP"),
    ],
)
def test_proxy_that_refuses_is_described(root: Pair, answer: bytes, said: str) -> None:
    with serving(root.issue()) as server:
        proxy = HttpProxy(server, answer=answer)
        with pytest.raises(Unreachable, match=said) as failure:
            fetch_chain(Server(HOST, proxy=f"http://{LOGIN}@127.0.0.1:{proxy.port}", timeout=5))
    assert f"through the proxy 127.0.0.1:{proxy.port}" in str(failure.value)
    assert "Canary" not in str(failure.value)
    assert "ss-of-the-proxy" not in str(failure.value)


def test_ipv6_literal_is_bracketed_for_a_proxy(root: Pair) -> None:
    with serving(root.issue()) as server:
        proxy = HttpProxy(server, answer=b"HTTP/1.1 502 X\r\n\r\n")
        with pytest.raises(Unreachable):
            fetch_chain(Server("2001:db8::1", proxy=f"http://127.0.0.1:{proxy.port}", timeout=5))
    assert proxy.asked[0] == b"CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n"


def test_name_of_a_proxy_that_is_unknown_is_not_blamed_on_the_server() -> None:
    with pytest.raises(Unreachable, match=r"The name no\.such\.proxy\.invalid of the proxy could not be resolved"):
        fetch_chain(Server(HOST, proxy="http://no.such.proxy.invalid:3128", timeout=2))


def test_proxy_of_the_environment_that_is_not_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}@127.0.0.1:1")
    with pytest.raises(Unreachable, match="HTTPS_PROXY is not used for this: set the option proxy") as failure:
        fetch_chain(Server("127.0.0.1", 1, timeout=2))
    assert "robot" not in str(failure.value)


@pytest.mark.skipif(sys.version_info < (3, 10), reason="the chain that was sent is not known there")
def test_incomplete_chain_is_distinguished_from_an_inspecting_proxy(tmp_path: Path, root: Pair) -> None:
    between = root.issue("An issuer between", authority=True)
    own = between.issue(issuer_url="http://ca.example.com/between.crt")
    own.above = ()
    with serving(own) as server, pytest.raises(TLSFailure, match="without the certificate of its issuer") as failure:
        fetch_chain(asked(tmp_path, server, root))
    assert failure.value.code == "incomplete_chain"
    assert "http://ca.example.com/between.crt" in str(failure.value)
    other = between.issue()
    other.above = ()
    with (
        serving(other) as server,
        pytest.raises(TLSFailure, match="A proxy that inspects TLS causes this") as failure,
    ):
        fetch_chain(asked(tmp_path, server, root))
    assert failure.value.code == "unknown_issuer"


def test_strict_rules_have_advice_of_their_own(tmp_path: Path, root: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    real = _handshake._verifying

    def strict(ca_path: str | None) -> ssl.SSLContext:
        context = real(ca_path)
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does
        return context

    monkeypatch.setattr(_handshake, "_verifying", strict)
    with serving(root.issue(key_ids=False)) as server:
        with pytest.raises(
            TLSFailure, match=r"a rule of RFC 5280 that Python 3\.13 and newer enforces: Missing Authority"
        ) as failure:
            fetch_chain(asked(tmp_path, server, root))
    assert failure.value.code == "not_strict"


def test_ca_path(tmp_path: Path, root: Pair) -> None:
    with pytest.raises(InvalidArgument, match="ca_path names no file of certificates"):
        fetch_chain(Server(HOST, ca_path=str(tmp_path / "none")))
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(InvalidArgument, match="ca_path must be a file of certificates"):
        fetch_chain(Server(HOST, ca_path=str(tmp_path / "empty.pem")))
