# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages and operations of the client against a real HTTPS server: which addresses are followed, and how an end is recognized."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client
from ansible_collections.integrations.workiva.plugins.module_utils._api.operations import Operation
from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import side_by_side
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    OperationFailed,
    Unreachable,
)

from ..conftest import Answer, Server

if TYPE_CHECKING:
    pass
from tests.unit.plugins.module_utils.client._requests import MISSING, client, sequence


def test_pages(server: Server) -> None:
    base = "https://api.app.wdesk.com"
    server.answer = sequence(
        Answer(200, {"data": [{"id": 1}], "@nextLink": f"{base}/things?$next=abc"}),
        Answer(200, {"data": [{"id": 2}], "@nextLink": None}),
    )
    with client(server) as asked:
        assert [item["id"] for item in asked.pages("/things", {"$maxpagesize": 1})] == [1, 2]
    assert [request.path for request in server.sent("/things")][1] == "/things?%24next=abc"


def test_pages_elsewhere_or_in_a_circle_are_refused(server: Server) -> None:
    server.answer = lambda request: Answer(200, {"data": [], "@nextLink": "https://evil.example.com/things?$next=1"})
    with client(server) as asked, pytest.raises(Unreachable, match=r"evil\.example\.com"):
        list(asked.pages("/things"))
    server.answer = lambda request: Answer(200, {"data": [], "@nextLink": "/things?$next=1"})
    with client(server) as asked, pytest.raises(Unreachable, match="circle"):
        list(asked.pages("/things"))


def submitted(asked: Client) -> None:
    """A role is assigned, and waited for."""

    def work() -> Generator[Operation, None, None]:
        operation = asked.submit("/roles/assignment", ["3"])
        if operation:
            yield operation

    side_by_side([work()])


def test_an_operation_is_polled_to_its_end(server: Server) -> None:
    location = {"Location": "https://api.app.wdesk.com/operations/7", "Retry-After": "0"}
    server.answer = sequence(
        Answer(202, None, location),
        Answer(200, {"id": "7", "status": "started"}, {"Retry-After": "0"}),
        Answer(200, {"id": "7", "status": "completed"}),
    )
    with client(server) as asked:
        submitted(asked)
    failed = {"id": "7", "status": "failed", "details": [{"message": "licence missing"}], "originalRequest": "r1"}
    server.answer = sequence(Answer(202, None, location), Answer(200, failed))
    with client(server) as asked, pytest.raises(OperationFailed, match="licence missing") as caught:
        submitted(asked)
    assert caught.value.request_id == "r1"


def test_the_report_of_users_names_an_older_host(server: Server) -> None:
    following = "https://api.wdesk.com/admin/v1/organizations/o/orgReportUsers?page%5Bafter%5D=abc"
    server.answer = sequence(
        Answer(200, {"data": [{"id": 1}], "links": {"next": following}}), Answer(200, {"data": [{"id": 2}]})
    )
    with client(server) as asked:
        assert len(list(asked.pages("/organizations/o/orgReportUsers", {"page[size]": 1}))) == 2
    assert server.requests[-1].path == "/organizations/o/orgReportUsers?page%5Bafter%5D=abc"


@pytest.mark.parametrize(
    "location",
    ["https://evil.example.com/operations/7", "//evil.example.com/operations/7", "http://api.app.wdesk.com/7"],
)
def test_an_operation_elsewhere_is_not_asked_for(server: Server, location: str) -> None:
    server.answer = lambda request: Answer(202, None, {"Location": location})
    with client(server) as asked, pytest.raises(OperationFailed, match="another host"):
        submitted(asked)


def test_an_operation_may_be_named_by_its_path_or_in_the_body(server: Server) -> None:
    done = Answer(200, {"id": "7", "status": "completed"})
    server.answer = sequence(Answer(202, None, {"Location": "/operations/7", "Retry-After": "0"}), done)
    with client(server) as asked:
        submitted(asked)
    server.answer = sequence(Answer(202, {"operationLocation": "https://api.app.wdesk.com/operations/8"}), done)
    with client(server) as asked:
        submitted(asked)
    assert [request.path for request in server.requests if request.method == "GET"] == [
        "/operations/7",
        "/operations/8",
    ]
    server.answer = lambda request: Answer(204)
    with client(server) as asked:
        submitted(asked)


def test_an_operation_that_is_gone_is_not_an_object_that_is_gone(server: Server) -> None:
    server.answer = sequence(Answer(202, None, {"Location": "/operations/7"}), Answer(404, MISSING))
    with client(server) as asked, pytest.raises(OperationFailed, match="the status of its operation cannot be read"):
        submitted(asked)
