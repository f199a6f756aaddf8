# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An answer counts only in the contract's form: what a proxy or a portal answers decides nothing, whatever its status."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api import operations as _operations
from ansible_collections.integrations.workiva.plugins.module_utils._api import session as _session
from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._api.operations import Operation
from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import side_by_side
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    AnswerLost,
    InvalidArgument,
    OperationFailed,
    Refused,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import check

from .conftest import SECRET, Answer, Request, Server, token_answer

PAGE = b"<html><head><title>Access &amp; denied\x1b[31m</title></head><body>Blocked</body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}
WORK: dict[str, Callable[[Client], Any]] = {
    "GET": lambda client: client.get("/x"),
    "GET list": lambda client: list(client.pages("/x")),
    "POST create": lambda client: client.create("/x", {}),
    "POST modification": lambda client: client.modify("/x/modification", {}, repeatable=True),
    "POST assignment": lambda client: client.submit("/x/assignment", ["r"]),
    "PATCH": lambda client: client.patch("/x", []),
    "DELETE": lambda client: client.delete("/x"),
}
FOREIGN = {
    f"{status} {name}": Answer(status, raw=raw, headers=headers)
    for status in (200, 202, 400, 401, 403, 404)
    for name, raw, headers in (
        ("page", PAGE, HTML),
        ("page that says it is JSON", PAGE, JSON),
        ("empty", b"", {}),
        ("list", b"[]", JSON),
        ("gateway", b'{"message": "Forbidden"}', JSON),
    )
}


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_session, "_backoff", lambda attempt: 0.0)


def client(server: Server) -> Client:
    return Client(Connection.from_arguments(server.arguments(retries=0)))


@pytest.mark.parametrize("kind", WORK)
def test_an_answer_that_is_not_the_api_s_decides_nothing(server: Server, kind: str) -> None:
    for name, answer in FOREIGN.items():
        if (kind, name) == ("GET", "200 gateway"):
            continue  # an object is what was asked for; its fields are read one by one
        server.answer = lambda request, answer=answer: answer  # type: ignore[misc]
        expected = Unreachable if kind.startswith("GET") else AnswerLost
        if name in ("202 empty", "202 gateway") and kind == "POST assignment":
            expected = OperationFailed  # type: ignore[assignment]
        with client(server) as asked, pytest.raises(expected) as caught:
            WORK[kind](asked)
        assert kind == "GET list" or caught.type is expected, name
        if "page" in name:
            assert "Access & denied<U+001B>[31m" in str(caught.value)
            assert "a proxy" in str(caught.value)


def test_the_errors_of_the_report_count_for_the_report_only(server: Server) -> None:
    server.answer = lambda request: Answer(404, {"errors": [{"message": "no route"}]})
    with client(server) as asked:
        with pytest.raises(AnswerLost, match="may have been carried out"):
            asked.delete("/organizations/o/users/u")
        with pytest.raises(Unreachable, match="not Workiva's API"):
            asked.get("/organizations/o/users")
    server.answer = lambda request: Answer(403, {"errors": [{"code": "forbidden", "detail": "no administrator"}]})
    with client(server) as asked, pytest.raises(Refused, match="forbidden: no administrator"):
        list(asked.pages("/organizations/o/orgReportUsers"))


@pytest.mark.parametrize("kind", WORK)
@pytest.mark.parametrize("body", [{"raw": PAGE, "headers": HTML}, {"body": {"message": "Too Many Requests"}}])
def test_429_of_another_server_is_no_proof_that_nothing_was_done(
    server: Server, monkeypatch: pytest.MonkeyPatch, kind: str, body: dict[str, Any]
) -> None:
    monkeypatch.setattr(_session, "LONGEST_TOTAL_WAIT", 0.0)
    monkeypatch.setattr(_session, "_backoff", lambda attempt: 1.0)
    server.answer = lambda request: Answer(429, **body)
    with client(server) as asked, pytest.raises(Unreachable) as caught:
        WORK[kind](asked)
    lost = not kind.startswith("GET")
    assert isinstance(caught.value, AnswerLost) == lost
    assert ("The change may have been carried out" in str(caught.value)) == lost
    assert ("Nothing was done." in str(caught.value)) == (not lost)
    server.answer = lambda request: Answer(429, {"code": "429TooManyRequests", "message": "slow down"})
    with client(server) as asked, pytest.raises(Unreachable, match="Nothing was done") as caught:
        WORK[kind](asked)
    assert not isinstance(caught.value, AnswerLost)


def test_a_page_with_429_sends_a_create_once_only(server: Server) -> None:
    server.answer = lambda request: Answer(429, raw=PAGE, headers=HTML)
    with client(server) as asked, pytest.raises(AnswerLost):
        asked.create("/x", {})
    assert len(server.sent("/x")) == 1


def test_the_api_s_own_answers_count(server: Server) -> None:
    server.answer = lambda request: Answer(204)
    with client(server) as asked:
        asked.delete("/x")
        asked.modify("/x", {}, repeatable=False)
        assert asked.submit("/x", ["r"]) is None
    server.answer = lambda request: Answer(404, {"code": "404NotFound"})
    with client(server) as asked:
        asked.delete("/x")
    server.answer = lambda request: Answer(201, {"id": "1"})
    with client(server) as asked:
        assert asked.create("/x", {}) == {"id": "1"}


@pytest.mark.parametrize("body", [{}, {"id": None}, {"id": ""}, {"id": ["1"]}])
def test_a_create_answered_without_an_id_may_have_been_carried_out(server: Server, body: dict[str, Any]) -> None:
    server.answer = lambda request: Answer(201, body)
    with client(server) as asked, pytest.raises(AnswerLost, match="the id of what was created or changed"):
        asked.create("/x", {})


@pytest.mark.parametrize("body", [{"data": None}, {"data": {}}, {"data": ["x"]}, {"data": [], "@nextLink": 7}])
def test_a_list_in_another_form_is_no_empty_list(server: Server, body: dict[str, Any]) -> None:
    server.answer = lambda request: Answer(200, body)
    with client(server) as asked, pytest.raises(Unreachable, match=r"(was|were) not used"):
        list(asked.pages("/x"))


@pytest.mark.parametrize(
    "unreadable",
    [
        Answer(200, raw=PAGE, headers=HTML),
        Answer(404, raw=PAGE, headers=HTML),
        Answer(200, {}),
        Answer(200, {"status": 7}),
    ],
)
def test_an_operation_whose_answer_cannot_be_read_is_given_up(
    server: Server, monkeypatch: pytest.MonkeyPatch, unreadable: Answer
) -> None:
    monkeypatch.setattr(_operations.Operation, "_next", lambda self, answer: 0.0)
    accepted = Answer(202, None, {"Location": "https://api.app.wdesk.com/operations/7"})
    server.answer = lambda request: accepted if request.method == "POST" else unreadable

    def work(asked: Client) -> Generator[Operation, None, None]:
        operation = asked.submit("/roles/assignment", ["3"])
        assert operation is not None
        yield operation

    with client(server) as asked, pytest.raises(OperationFailed, match="Whether it was carried out is unknown"):
        side_by_side([work(asked)])
    assert len(server.sent("/operations/7")) == _operations.MOST_UNREADABLE


# The token endpoint.


@pytest.mark.parametrize("name", [name for name in FOREIGN if not name.startswith("202")])
def test_credentials_are_rejected_by_the_token_endpoint_only(
    server: Server, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(server, "reply", lambda request: FOREIGN[name])
    found = check(Connection.from_arguments(server.arguments()))
    assert found.finding == "unreachable"
    assert "this is not Workiva's token endpoint" in found.detail
    assert "the state of the grant is unknown" in found.detail
    if "page" in name:
        assert "title 'Access & denied<U+001B>[31m'" in found.detail
    assert ("set token_endpoint to https://api.app.wdesk.com/oauth2/token" in found.detail) == name.startswith("404")


def test_a_token_without_its_scopes_decides_nothing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = token_answer("t")
    del answer.body["scope"]
    monkeypatch.setattr(server, "reply", lambda request: answer)
    found = check(Connection.from_arguments(server.arguments()), ["file:read"])
    assert found.finding == "unreachable"
    assert "scope is missing" in found.detail


def test_the_token_endpoint_can_be_set(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def reply(request: Request) -> Answer:
        return token_answer("t") if request.path == "/oauth2/token" else Answer(404, {"code": "404NotFound"})

    monkeypatch.setattr(server, "reply", reply)
    first = check(Connection.from_arguments(server.arguments()))
    assert first.finding == "unreachable"
    assert "set token_endpoint to https://api.app.wdesk.com/oauth2/token" in first.detail
    there = "https://api.app.wdesk.com/oauth2/token"
    assert check(Connection.from_arguments(server.arguments(token_endpoint=there))).accepted
    wrong = check(Connection.from_arguments(server.arguments(token_endpoint=f"{there}/x")))
    assert "set token_endpoint to https://api.app.wdesk.com/iam/v1/oauth2/token" in wrong.detail


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://api.app.wdesk.com/oauth2/token",
        "https://user:intruder@api.app.wdesk.com/t",
        "/oauth2/token",
        "https://h/t?q",
    ],
)
def test_a_token_endpoint_without_https_is_refused(server: Server, endpoint: str) -> None:
    with pytest.raises(InvalidArgument, match="token_endpoint must") as caught:
        Connection.from_arguments(server.arguments(token_endpoint=endpoint))
    assert "intruder" not in str(caught.value)
    assert server.requests == []


def test_a_page_that_repeats_the_request_shows_no_secret(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def reply(request: Request) -> Answer:
        return Answer(403, raw=f"<title>{request.body}</title>".encode(), headers={"Content-Type": request.body})

    monkeypatch.setattr(server, "reply", reply)
    found = check(Connection.from_arguments(server.arguments()))
    assert found.finding == "unreachable"
    assert SECRET not in str(found.as_result())
    assert "Canary0123456789" not in str(found.as_result())
