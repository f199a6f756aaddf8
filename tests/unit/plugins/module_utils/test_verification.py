# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a call of the API says of a certificate that does not verify: real TLS servers, and nothing of ours is sent to them."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api import verification as _verification
from ansible_collections.integrations.workiva.plugins.module_utils._api.session import Session, places
from ansible_collections.integrations.workiva.plugins.module_utils._certificates import handshake as _handshake
from ansible_collections.integrations.workiva.plugins.module_utils._errors import TLSFailure
from tests._tunnel import Tunnel
from tests.tls import HOST, Pair, Server, authority, bundle, issued, serving

TOKEN = "ey.Canary0123456789.abcdefgh"
URL = f"https://{HOST}/users"
sent_is_known = pytest.mark.skipif(sys.version_info < (3, 10), reason="the chain that was sent is not known there")


@pytest.fixture(scope="module")
def root() -> Pair:
    return authority()


def refused(folder: Path, server: Server, *trusted: Pair, **more: Any) -> TLSFailure:
    options = {"elsewhere": places([server.connect_to()]), "proxy": None, **more}
    session = Session(ca_path=bundle(folder, *trusted), timeout=5.0, retries=0, headers={}, **options)
    with pytest.raises(TLSFailure) as failure:
        session.send("GET", URL, token=TOKEN)
    session.close()
    assert server.received == b""
    assert TOKEN not in str(failure.value)
    return failure.value


def alone(pair: Pair) -> Pair:
    pair.above = ()
    return pair


@sent_is_known
def test_an_incomplete_chain_has_advice_of_its_own(tmp_path: Path, root: Pair) -> None:
    between = root.issue("An issuer between", authority=True)
    with serving(alone(between.issue(issuer_url="http://ca.example.com/between.crt"))) as server:
        error = refused(tmp_path, server, root)
    assert error.code == "incomplete_chain"
    assert str(error).startswith(
        f"GET {URL} was not sent. The certificate of {HOST} could not be verified, because the server sent it alone"
    )
    for words in (
        "CN=An issuer between",
        "http://ca.example.com/between.crt",
        "add the issuer's certificate to ca_path",
    ):
        assert words in str(error)
    assert "inspects TLS causes this" not in str(error)


@pytest.mark.parametrize("chain", ["alone", "whole"])
def test_a_python_that_shows_no_chain_leaves_open_whether_it_is_incomplete(
    tmp_path: Path, root: Pair, monkeypatch: pytest.MonkeyPatch, chain: str
) -> None:
    monkeypatch.setattr(_verification, "SEES_CHAINS", False)
    between = authority("Another authority").issue("An issuer between", authority=True)
    shown = between.issue(issuer_url="http://ca.example.com/between.crt")
    with serving(shown if chain == "whole" else alone(shown)) as server:
        error = refused(tmp_path, server, root)
        asked = _handshake.Server(
            HOST, ca_path=bundle(tmp_path, root), elsewhere=places([server.connect_to()]), timeout=5
        )
        with pytest.raises(TLSFailure) as failure:
            _handshake.fetch_chain(asked)
    for one in (error, failure.value):
        assert one.code == "unknown_issuer"
        assert "does not show whether the server also sent the certificate of its issuer" in str(one)
        assert "sent it alone" not in str(one)


@pytest.mark.parametrize("chain", ["alone", "whole"])
def test_an_inspecting_proxy_is_recognized(tmp_path: Path, root: Pair, chain: str) -> None:
    inspecting = authority("Corp TLS Inspection CA").issue("Between", authority=True)
    shown = inspecting.issue() if chain == "whole" else alone(inspecting.issue())
    with serving(shown) as server:
        error = refused(tmp_path, server, root)
    assert error.code == "unknown_issuer"
    assert "A proxy that inspects TLS causes this" in str(error)


def test_a_rule_of_newer_pythons_has_advice_of_its_own(
    tmp_path: Path, root: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ssl.SSLContext.load_verify_locations

    def strict(context: ssl.SSLContext, *arguments: Any, **options: Any) -> None:
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does
        real(context, *arguments, **options)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", strict)
    with serving(root.issue(key_ids=False)) as server:
        error = refused(tmp_path, server, root)
    assert error.code == "not_strict"
    for words in (
        "breaks a rule of RFC 5280 that Python 3.13 and newer enforces: Missing Authority",
        "It was issued by CN=A public authority.",
        "run this task with Python 3.12 or older",
    ):
        assert words in str(error)


@pytest.mark.parametrize(
    ("show", "code"),
    [
        (lambda root: root.issue(start=-100, end=-3), "expired"),
        (lambda root: root.issue("www.example.com"), "wrong_name"),
        (lambda root: issued(), "self_signed"),
    ],
)
def test_other_reasons_have_their_code(tmp_path: Path, root: Pair, show: Any, code: str) -> None:
    with serving(show(root)) as server:
        assert refused(tmp_path, server, root).code == code


@pytest.fixture
def chain_without_issuer(root: Pair) -> Iterator[Server]:
    between = root.issue("An issuer between", authority=True)
    with serving(alone(between.issue(issuer_url="http://ca.example.com/between.crt"))) as server:
        yield server


@sent_is_known
@pytest.mark.parametrize("where", ["option", "environment"])
def test_the_look_goes_through_the_proxy_of_the_call(
    tmp_path: Path, root: Pair, chain_without_issuer: Server, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    tunnel = Tunnel(chain_without_issuer.port)
    address = f"http://user:Canary-0123456789@127.0.0.1:{tunnel.port}"
    proxy = address if where == "option" else None
    if where == "environment":
        monkeypatch.setenv("HTTPS_PROXY", address)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
    error = refused(tmp_path, chain_without_issuer, root, proxy=proxy, elsewhere={})
    tunnel.close()
    assert error.code == "incomplete_chain"
    assert "Canary" not in str(error)
    assert [head.split()[1] for head in tunnel.asked] == [b"api.app.wdesk.com:443"] * 2
    assert all(b"Proxy-Authorization: Basic " in head for head in tunnel.asked)
