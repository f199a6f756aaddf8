# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client against a real HTTPS server: what is retried, what is followed, what is reported and what never is."""

from __future__ import annotations

import email.utils
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from ansible_collections.integrations.workiva.plugins.module_utils._api import connection as _connection
from ansible_collections.integrations.workiva.plugins.module_utils._api import session as _session
from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    AnswerLost,
    InvalidArgument,
    NotFound,
    Refused,
    TLSFailure,
    Unreachable,
    WorkivaError,
)

from ..conftest import SECRET, TOKEN_PATH, Answer, Server, token_answer

if TYPE_CHECKING:
    pass
from tests.unit.plugins.module_utils.client._requests import MISSING, client, sequence


def test_the_real_name_is_kept_where_another_address_is_dialled(server: Server) -> None:
    server.answer = lambda request: Answer(200, {"name": "Acme"})
    with client(server) as asked:
        assert asked.get(asked.organization_path) == {"name": "Acme"}
    token, request = server.requests
    assert request.headers["Host"] == "api.app.wdesk.com"
    assert request.headers["X-Version"] == "2026-01-01"
    assert request.headers["Authorization"].startswith("Bearer ey.")
    assert request.headers["User-Agent"].startswith("integrations.workiva/")
    assert "Authorization" not in token.headers
    assert "grant_type=client_credentials" in token.body


def test_netrc_and_the_environment_replace_nothing(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login intruder password intruder\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    server.answer = lambda request: Answer(200, {})
    # Without connect_to, so that the session reads its environment; the name is the certificate's no longer.
    with pytest.raises(TLSFailure) as caught:
        client(server, api_url=f"https://127.0.0.1:{server.port}", connect_to=[]).token()
    assert "nowhere" not in str(caught.value)
    with client(server) as asked:
        asked.get("/x")
    assert all("Basic" not in request.headers.get("Authorization", "") for request in server.requests)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_429_is_retried_after_the_time_of_the_answer(server: Server, form: str) -> None:
    when = "0" if form == "seconds" else email.utils.formatdate(time.time() - 1, usegmt=True)
    server.answer = sequence(Answer(429, {}, {"Retry-After": when}), Answer(201, {"id": "1"}))
    with client(server) as asked:
        assert asked.create("/things", {"a": 1}) == {"id": "1"}
    assert len(server.sent("/things")) == 2


def test_a_create_is_not_sent_again_after_a_lost_answer(server: Server) -> None:
    server.answer = lambda request: Answer(cut=True)
    with client(server) as asked, pytest.raises(AnswerLost):
        asked.create("/things", {"a": 1})
    assert len(server.sent("/things")) == 1


def test_a_read_is_sent_again_after_a_lost_answer(server: Server) -> None:
    server.answer = sequence(Answer(cut=True), Answer(503, {}), Answer(200, {"id": "1"}))
    with client(server) as asked:
        assert asked.get("/things") == {"id": "1"}


def test_server_error_on_a_create_is_reported_and_not_retried(server: Server) -> None:
    server.answer = lambda request: Answer(503, {"code": "503ServiceUnavailable", "message": "maintenance"})
    with client(server) as asked, pytest.raises(AnswerLost, match="maintenance"):
        asked.create("/things", {"a": 1})
    assert len(server.sent("/things")) == 1


def test_unreachable_is_not_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "reply", lambda request: Answer(429, {}), raising=False)
    with client(server, retries=0) as asked, pytest.raises(Unreachable):
        asked.token()
    with client(server, connect_to=["api.app.wdesk.com:443:127.0.0.1:1"], retries=0) as asked:
        with pytest.raises(Unreachable, match="got no answer"):
            asked.token()


def test_an_unknown_authority_names_the_way_out(server: Server) -> None:
    with client(server, ca_path=None) as asked, pytest.raises(TLSFailure, match="ca_path"):
        asked.token()
    assert server.requests == []


def test_redirects_are_not_followed(server: Server) -> None:
    server.answer = lambda request: Answer(302, {}, {"Location": "https://elsewhere.example.com/"})
    with client(server) as asked, pytest.raises(Unreachable, match=r"redirect to elsewhere\.example\.com"):
        asked.get("/things")


def test_errors_name_the_next_step(server: Server) -> None:
    server.answer = lambda request: Answer(403, {"code": "403Forbidden", "message": "no", "version": "2022-01-01"})
    with client(server) as asked, pytest.raises(Refused) as caught:
        asked.get(asked.organization_path + "/users")
    text = str(caught.value)
    assert "Org User Admin" in text
    assert "Org Security Admin" in text
    assert "2022-01-01" in text
    server.answer = lambda request: Answer(404, MISSING)
    with client(server) as asked:
        with pytest.raises(NotFound):
            asked.get("/x")
        asked.delete("/x")


def test_429_does_not_count_as_a_retry_and_ends_all_the_same(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer = sequence(*[Answer(429, {}) for _time in range(6)], Answer(200, {"id": "1"}))
    with client(server, retries=0) as asked:
        assert asked.get("/things") == {"id": "1"}
    server.answer = lambda request: Answer(429, {"message": "slow down"}, {"Retry-After": "86400"})
    with client(server) as asked, pytest.raises(Unreachable, match="wait 86400 seconds"):
        asked.create("/others", {})
    assert len(server.sent("/others")) == 1


@pytest.mark.parametrize("content", [b"", b"<html>portal</html>", b'{"data": [{"id"', b"[]"])
def test_what_cannot_be_read_is_not_an_empty_list(server: Server, content: bytes) -> None:
    server.answer = lambda request: Answer(200, raw=content)
    with client(server) as asked, pytest.raises(Unreachable):
        list(asked.pages("/things"))
    server.answer = lambda request: Answer(200, {})
    with client(server) as asked, pytest.raises(Unreachable, match="without a list"):
        list(asked.pages("/things"))


def test_a_create_whose_answer_was_cut_is_lost(server: Server) -> None:
    server.answer = lambda request: Answer(201, raw=b'{"id": "1')
    with client(server) as asked, pytest.raises(AnswerLost):
        asked.create("/things", {"a": 1})
    with client(server) as asked, pytest.raises(AnswerLost):
        asked.modify("/things", {"a": 1}, repeatable=True)


def test_the_environment_s_bundle_does_not_beat_ca_path(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "other.pem"))
    netrc = tmp_path / "netrc"
    netrc.write_text("default login intruder password intruder\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.answer = lambda request: Answer(200, {})
    # Without connect_to, so that the session reads its environment.
    with client(server, api_url=f"https://localhost:{server.port}", connect_to=[]) as asked:
        asked.get("/x")
    token, request = server.requests
    assert "Authorization" not in token.headers
    assert request.headers["Authorization"].startswith("Bearer ")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_unusable_ca_path_is_reported(server: Server, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "own.pem"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(WorkivaError, match="ca_path"):
        client(server, ca_path=str(path), retries=0).token()
    assert server.requests == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"api_url": "https://host:port"},
        {"region": "us", "retries": -1},
        {"region": "us", "proxy": "user:intruder@proxy"},
        {"region": "us", "proxy": "http://user:intruder@[proxy"},
        {"api_url": "http://api.app.wdesk.com"},
        {"api_url": "https://user:intruder@api.app.wdesk.com"},
        {},
        {"region": "us", "connect_to": ["nonsense"]},
        {"region": "us", "connect_to": ["a:1:b:2"], "proxy": "http://proxy:3128"},
    ],
)
def test_bad_input_sends_nothing(arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Client(Connection.from_arguments(arguments))
    assert "intruder" not in str(caught.value)


def test_ipv6_address_is_accepted_in_brackets() -> None:
    assert _session.places(["Host:443:[::1]:8443"]) == {("host", 443): ("::1", 8443)}


def test_nothing_prints_a_secret(server: Server) -> None:
    connection = Connection.from_arguments(server.arguments(access_token="ey.canary"))
    assert SECRET not in repr(connection)
    assert "ey.canary" not in repr(connection)
    assert issubclass(AnswerLost, WorkivaError)
    assert TOKEN_PATH == _connection.TOKEN_PATH
    assert token_answer("x").status == 200
