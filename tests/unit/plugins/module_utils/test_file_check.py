# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files a token reads: refused, or could not be asked."""

from __future__ import annotations

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Connection
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import check

from .conftest import SECRET, Answer, Request, Server, token_answer


def seen(server: Server, monkeypatch: pytest.MonkeyPatch, scope: str, *files: str) -> list[tuple[str, str]]:
    def reply(request: Request) -> Answer:
        path = request.path.split("?")[0]
        if path.endswith("/token"):
            return token_answer("t", scope)
        if path == "/permissions":
            return Answer(200, {"data": [{"id": "e", "name": "Editor"}]})
        if path == "/files/good/permissions":
            return Answer(200, {"data": [{"permission": "e", "principal": "u"}]})
        if path == "/files/page":
            return Answer(403, raw=b"<html><title>Blocked</title></html>", headers={"Content-Type": "text/html"})
        if path.endswith("/permissions"):
            return Answer(403)
        status = {"good": 200, "silent": 200, "forbidden": 403, "unknown": 404, "broken": 503, "odd": 400}[
            path.split("/")[2]
        ]
        return Answer(
            status, {"id": "x", "name": "Schedules"} if status == 200 else {"code": f"{status}No", "message": "no"}
        )

    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr(server, "reply", reply)
    connection = Connection.from_arguments({**server.arguments(), "retries": 0})
    found = check(connection, files=files)
    result = found.as_result()["files"]
    assert SECRET not in str(result)
    assert [item["file"] for item in result] == list(files)
    return [(item["access"], item["finding"]) for item in result]


def test_file_check_distinguishes_refused_from_unreachable(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    files = ("broken", "good", "silent", "forbidden", "unknown", "odd", "page")
    assert seen(server, monkeypatch, "file:read file:write", *files) == [
        (None, "unreachable"),
        (True, "ok"),
        (True, "ok"),
        (False, "no_access"),
        (False, "no_access"),
        (None, "unchecked"),
        (None, "unreachable"),
    ]


def test_without_the_scope_nothing_is_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    assert seen(server, monkeypatch, "file:write graph:read", "good") == [(None, "unchecked")]
    assert not [request for request in server.requests if "/files" in request.path]


def test_rejected_credentials_leave_files_unchecked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "reply", lambda _request: Answer(401, {"error": "invalid_client"}))
    found = check(Connection.from_arguments(server.arguments()), files=["good"])
    assert [(check.access, check.finding) for check in found.files] == [(None, "unchecked")]
