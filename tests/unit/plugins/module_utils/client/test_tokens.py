# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tokens of the client against a real HTTPS server: how many are asked for, and what is shown of them."""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api import token as _token
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    Refused,
    TokenRefused,
)

from ..conftest import SECRET, TOKEN_PATH, Answer, Request, Server

if TYPE_CHECKING:
    pass
from tests.unit.plugins.module_utils.client._requests import UNAUTHORIZED, client, sequence


def test_401_costs_one_new_token(server: Server) -> None:
    server.answer = sequence(Answer(401, UNAUTHORIZED), Answer(200, {"id": "1"}))
    with client(server) as asked:
        assert asked.get("/things") == {"id": "1"}
    assert server.tokens == 2
    server.answer = lambda request: Answer(401, UNAUTHORIZED)
    with client(server) as asked, pytest.raises(Refused, match="verify"):
        asked.get("/things")
    assert len(server.sent("/things")) == 4


def test_rejected_credentials_are_reported_and_not_shown(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Answer(401, {"error": "invalid_client", "error_description": "no such client"})
    monkeypatch.setattr(server, "reply", lambda request: refused, raising=False)
    with client(server) as asked, pytest.raises(TokenRefused) as caught:
        asked.token()
    assert caught.value.status == 401
    assert caught.value.code == "invalid_client"
    assert SECRET not in f"{caught.value!r} {caught.value} {caught.value.as_error()}"


def test_one_token_for_the_tasks_of_a_run(server: Server, tmp_path: Path) -> None:
    server.answer = lambda request: Answer(200, {})
    for _task in range(3):
        with client(server, token_cache=str(tmp_path)) as asked:
            asked.get("/x")
            assert asked.token().workspace_id == "WORKSPACE"
    assert server.tokens == 1
    (cache,) = tmp_path.glob("workiva-token-*")
    assert stat.S_IMODE(os.stat(cache).st_mode) == 0o600
    assert b"ey." not in cache.read_bytes()
    with client(server, token_cache=str(tmp_path), client_secret=SECRET + "other") as asked:
        asked.token()
    assert server.tokens == 2
    cache.write_bytes(b"damaged")
    with client(server, token_cache=str(tmp_path)) as asked:
        asked.token()
    assert server.tokens == 3


def test_a_token_that_dies_early_is_dropped_from_the_cache(server: Server, tmp_path: Path) -> None:
    server.answer = sequence(Answer(200, {}), Answer(401, UNAUTHORIZED), Answer(200, {}), Answer(200, {}))
    for _task in range(3):
        with client(server, token_cache=str(tmp_path)) as asked:
            asked.get("/x")
    assert server.tokens == 2


def test_a_given_token_is_used_as_it_is(server: Server) -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"arid": "W", "scp": ["file:read"]}).encode()).decode().rstrip("=")
    server.answer = lambda request: Answer(401, UNAUTHORIZED)
    with client(server, access_token=f"ey.{claims}.canary") as asked:
        token = asked.token()
        assert (token.scopes, token.workspace_id) == (("file:read",), "W")
        with pytest.raises(Refused, match="access_token") as caught:
            asked.get("/x")
    assert server.tokens == 0
    assert "canary" not in f"{token!r} {caught.value!r}"
    with client(server, access_token="opaque-token-value") as asked:
        assert asked.token().scopes == ()


def test_a_short_lived_token_serves_more_than_one_request(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    reply = server.reply

    def short(request: Request) -> Answer:
        answer = reply(request)
        if request.path == TOKEN_PATH:
            answer.body["expires_in"] = 60
        return answer

    monkeypatch.setattr(server, "reply", short, raising=False)
    server.answer = lambda request: Answer(200, {})
    with client(server) as asked:
        asked.get("/x")
        asked.get("/x")
    assert server.tokens == 1


def test_swapped_credentials_are_neither_sent_nor_shown(server: Server) -> None:
    with client(server, client_id=SECRET, client_secret="3f0a4a6e-6a83-4c11-9d6b-0c8c3c3a5f2e") as asked:
        with pytest.raises(InvalidArgument) as caught:
            asked.get("/x")
    assert SECRET not in str(caught.value)
    assert server.requests == []


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "ey.e30.x", ""])
def test_an_opaque_token_shows_no_workspace(token: str) -> None:
    assert _token.workspace_of(token) is None
