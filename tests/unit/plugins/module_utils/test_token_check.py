# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One grant's token request: what each answer means, and what is never sent or shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._api import session as _session
from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Connection
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import Run
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import (
    CORE,
    check,
    describe_malformed,
)

from .conftest import SECRET, Answer, Server, token_answer

UUID = "3f0a4a6e-6a83-4c11-9d6b-0c8c3c3a5f2e"


def asked(server: Server, **more: Any) -> Connection:
    return Connection.from_arguments(server.arguments(retries=0, **more))


def answering(monkeypatch: pytest.MonkeyPatch, server: Server, answer: Answer) -> None:
    monkeypatch.setattr(server, "reply", lambda request: answer, raising=False)


@pytest.mark.parametrize(
    ("scope", "wanted", "finding", "missing", "excess"),
    [
        ("file:read file:write", ["file:write", "file:read"], "ok", (), ()),
        ("file:read", ["file:read", "data_tables|w"], "drifted", ("data_tables|w",), ()),
        ("file:read file:write", ["file:read"], "drifted", (), ("file:write",)),
        ("file:read", [], "drifted", (), ("file:read",)),
        ("file:read", None, "ok", (), ()),
    ],
)
def test_the_scopes_in_the_answer_are_compared(
    monkeypatch: pytest.MonkeyPatch,
    server: Server,
    scope: str,
    wanted: list[str] | None,
    finding: str,
    missing: tuple[str, ...],
    excess: tuple[str, ...],
) -> None:
    answering(monkeypatch, server, token_answer("t", scope))
    found = check(asked(server), wanted)
    assert (found.finding, found.accepted) == (finding, True)
    assert (found.missing_scopes, found.excess_scopes) == (missing, excess)
    assert found.expires_in in (598, 599)
    assert "ey." not in repr(found)


def test_the_workspace_is_compared_where_it_can_be_seen(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    assert check(asked(server), None, "WORKSPACE").finding == "ok"
    other = check(asked(server), None, "OTHER")
    assert other.finding == "drifted"
    assert "WORKSPACE" in other.detail
    opaque = Answer(200, {"access_token": "opaque-token-value", "expires_in": 599, "scope": "", "token_type": "Bearer"})
    answering(monkeypatch, server, opaque)
    unseen = check(asked(server), None, "OTHER")
    assert unseen.finding == "ok"
    assert unseen.as_result()["workspace_check"] == "not_checkable"


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (Answer(400, {"error": "invalid_grant"}), "rejected"),
        (Answer(401, {"error": "anything", "error_description": SECRET}), "rejected"),
        (Answer(403, {"error": "access_denied"}), "rejected"),
        (Answer(401, {"error": "invalid_client", "error_description": "no", "error_uri": "https://x"}), "rejected"),
        (Answer(401, {"error": "invalid_client", "status_code": 401}), "rejected"),
        (Answer(401, {"code": "401Unauthorized", "message": "no"}), "unreachable"),
        (Answer(403, {"code": "AccessDenied"}), "unreachable"),
        (Answer(403, {"timestamp": 1, "status": 403, "error": "Forbidden", "path": "/x"}), "unreachable"),
        (Answer(403, {"timestamp": 1, "status": 403, "error": "forbidden", "path": "/x"}), "unreachable"),
        (Answer(403, {"error": "Access is denied by the policy."}), "unreachable"),
        (Answer(401, {"error": {"code": "invalid_client"}}), "unreachable"),
        (Answer(403, None), "unreachable"),
        (Answer(400, {"error": "temporarily_unavailable"}), "unreachable"),
        (Answer(404, None), "unreachable"),
        (Answer(429, None, {"Retry-After": "9999"}), "unreachable"),
        (Answer(500, None), "unreachable"),
        (Answer(200, {"hello": "captive portal"}), "unreachable"),
        (Answer(302, None, {"Location": "https://login.example.com/?next=x"}), "unreachable"),
        (Answer(cut=True), "unreachable"),
    ],
)
def test_token_check_distinguishes_rejected_from_unknown(
    monkeypatch: pytest.MonkeyPatch, server: Server, answer: Answer, finding: str
) -> None:
    monkeypatch.setattr(_session, "_backoff", lambda attempt: 0.0)
    answering(monkeypatch, server, answer)
    found = check(asked(server))
    assert found.finding == finding
    assert not found.accepted
    assert found.error
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("client_id", "secret", "said"),
    [
        ("", SECRET, "empty"),
        (UUID, "", "empty"),
        (SECRET, UUID, "swapped"),
        (SECRET, "x" * 20, "swapped"),
        (SECRET, SECRET, "has the form of a client secret"),
        (UUID, UUID, "has the form of a client ID"),
        (UUID, SECRET[:-1], "was cut short: it has 19 characters after its last colon"),
        (f'"{UUID}"', SECRET, "begins or ends with a quotation mark"),
        (UUID, f"{SECRET}\u201d", "begins or ends with a quotation mark"),
        (f"{UUID[:8]}\u2011{UUID[9:]}", SECRET, "The client ID holds a character that is not ASCII"),
        (UUID, "tooshort", "fewer than 12"),
        (UUID, SECRET[:20] + "\n" + SECRET[20:], "blank"),
    ],
)
def test_a_describe_malformed_is_not_sent(server: Server, client_id: str, secret: str, said: str) -> None:
    with pytest.raises(InvalidArgument, match=said) as caught:
        check(asked(server, client_id=client_id, client_secret=secret))
    assert SECRET not in str(caught.value)
    assert server.requests == []


def test_valid_credentials_are_not_malformed() -> None:
    assert describe_malformed(UUID, SECRET) is None
    assert describe_malformed(UUID, "another-form-of-a-secret") is None


UNSEEN = st.characters(categories=["Cc", "Cf", "Cs", "Co", "Mn", "Zs", "Zl", "Zp"])


@given(UNSEEN, st.integers(min_value=1, max_value=30), st.booleans())
def test_an_unseen_character_within_is_reported(mark: str, place: int, in_secret: bool) -> None:
    client_id, secret = UUID, SECRET
    if in_secret:
        secret = secret[:place] + mark + secret[place:]
    else:
        client_id = client_id[:place] + mark + client_id[place:]
    said = describe_malformed(client_id, secret)
    assert said
    assert said.startswith("The client secret" if in_secret else "The client ID")
    assert SECRET[:place] not in said or place < 5


def test_a_finding_fails_only_where_it_is_asked_to(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    answering(monkeypatch, server, Answer(401, {"error": "invalid_client"}))
    arguments = {**server.arguments(), "scopes": None, "workspace_id": None, "files": []}
    result = CORE.run({**arguments, "fail_on": []}, Run())
    assert result["finding"] == "rejected"
    assert "failed" not in result
    failed = CORE.run({**arguments, "fail_on": ["rejected"]}, Run())
    assert failed["failed"]
    assert failed["error"]["code"] == "invalid_client"
    assert failed["changed"] is False
