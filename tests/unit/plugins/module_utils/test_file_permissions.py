# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core of file_permissions over HTTPS: what is sent, and what a lost answer or a bad item leads to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import Run
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import DeclaredFile
from ansible_collections.integrations.workiva.plugins.module_utils._files.permissions import run

from .conftest import Answer, Request, Server

NAMES = {"Viewer": "v", "Editor": "e", "Owner": "o"}


class Files:
    """Two files with an owner; C(lost) cuts that many answers after the change, C(refused) before it."""

    def __init__(self, server: Server) -> None:
        self.held = {name: [{"permission": "o", "principal": "u-owner"}] for name in ("f1", "f2")}
        self.lost = 0
        self.unreachable = 0
        self.server = server
        server.answer = self.answer

    def answer(self, request: Request) -> Answer:
        path = request.path.split("?")[0]
        if path == "/permissions":
            return Answer(200, {"data": [{"id": identifier, "name": name} for name, identifier in NAMES.items()]})
        name = path.split("/")[2]
        if name not in self.held:
            return Answer(404, {"code": "404NotFound", "message": "no"})
        if request.method == "GET":
            return Answer(200, {"data": self.held[name]})
        if self.unreachable:
            self.unreachable -= 1
            return Answer(503)
        body = json.loads(request.body)
        for item in body["toRevoke"]:
            self.held[name].remove(item)
        self.held[name] += body["toAssign"]
        if self.lost:
            self.lost -= 1
            return Answer(cut=True)
        return Answer(204)

    def writes(self) -> list[Request]:
        return [request for request in self.server.requests if request.path.endswith("/modification")]

    def run(self, *files: dict[str, Any], check: bool = False, **more: Any) -> dict[str, Any]:
        arguments = {"users": {"a@x": "u-a", "owner@x": "u-owner"}, "groups": {"W": {"G": "g-1"}}, **more}
        given = [
            {
                **{"kind": "file", "exclusive": False, "workspace": "W", "keep": []},
                **file,
                "permissions": [{"state": "present", "permission": None, **item} for item in file["permissions"]],
            }
            for file in files
        ]
        arguments = {**self.server.arguments(), "files": given, "on_item_error": "report", **arguments}
        return run(arguments, Run(check_mode=check))


@pytest.fixture
def files(server: Server, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return Files(server)


def item(file: str, permission: str, **more: Any) -> dict[str, Any]:
    return {"file": file, "permissions": [{"user": "a@x", "permission": permission}], **more}


def test_one_request_a_file_and_none_the_second_time(files: Files) -> None:
    checked = files.run(item("f1", "editor"), item("f2", "Viewer"), check=True)
    assert files.writes() == []
    done = files.run(item("f1", "editor"), item("f2", "Viewer"))
    assert [file["steps"] for file in done["files"]] == [file["steps"] for file in checked["files"]]
    assert checked["diff"] == done["diff"]
    assert len(files.writes()) == 2
    again = files.run(item("f1", "editor"), item("f2", "Viewer"))
    assert again["changed"] is False
    assert len(files.writes()) == 2
    assert again["requests_sent"] == 4  # the token, the permissions, two files


def test_a_lost_answer_is_looked_up_and_not_sent_again(files: Files) -> None:
    files.lost = 1
    done = files.run(item("f1", "Editor"))
    assert done["files"][0]["error"] is None
    assert len(files.writes()) == 1
    files.unreachable = 1
    assert files.run(item("f2", "Editor"))["files"][0]["error"] is None
    assert files.held["f2"][-1] == {"permission": "e", "principal": "u-a"}


def test_bad_files_stop_no_other(files: Files) -> None:
    bad = [
        item("unknown", "Viewer"),
        item("f1", "Viewer", permissions=[{"user": "nobody@x", "permission": "Viewer"}]),
        item("f1", "Viewer", permissions=[{"group": "Gg", "permission": "Viewer"}]),
        item("f1", "Edtor"),
    ]
    done = files.run(*bad, item("f2", "Viewer"), on_item_error="fail")
    codes = [file["error"] and file["error"]["code"] for file in done["files"]]
    assert codes == ["404NotFound", "unknown_name", "unknown_name", "unknown_name", None]
    assert done["failed"]
    assert done["msg"].startswith("4 of 5 files")
    assert files.held["f2"][-1]["permission"] == "v"


def test_a_principal_that_is_not_there_yet_is_predicted(files: Files) -> None:
    new = item("f1", "Viewer", permissions=[{"user": "new@x", "permission": "Viewer"}])
    checked = files.run(new, check=True)
    assert checked["files"][0]["steps"] == ["give Viewer to the user 'new@x'"]
    assert checked["files"][0]["permissions"][0]["id"] is None
    assert files.run(new)["files"][0]["error"]["code"] == "unknown_name"


def test_a_user_that_is_renamed_by_the_same_run_is_found_by_its_former_name(files: Files) -> None:
    renamed = {"user": "new@x", "previous_user": "A@x", "permission": "Viewer"}
    wanted = item("f1", "Viewer", permissions=[renamed])
    files.run(item("f1", "Viewer"))
    assert files.run(wanted, check=True)["changed"] is False
    assert files.run(wanted)["files"][0]["error"] is None
    assert len(files.writes()) == 1


@pytest.mark.parametrize(
    ("users", "groups", "who"),
    [
        ({"a@x": ["u-a", "u-b"]}, {}, {"user": "a@x"}),
        ({"A@x": "u-a", "a@X": "u-b"}, {}, {"user": "a@x"}),
        ({}, {"G": ["g-1", "g-2"]}, {"group": "G"}),
        # The same letter, composed in two ways.
        ({}, {"Caf\u00e9": "g-1", "Cafe\u0301": "g-2"}, {"group": "CAF\u00c9"}),
        # Renamed as declared, and somebody else has the former name, or the other way round.
        ({"a@x": "u-a", "new@x": "u-b"}, {}, {"user": "new@x", "previous_user": "a@x"}),
    ],
)
def test_two_of_one_name_are_not_confused(files: Files, users: Any, groups: Any, who: dict[str, Any]) -> None:
    wanted = item("f1", "Viewer", permissions=[{**who, "permission": "Viewer"}])
    done = files.run(wanted, item("f2", "Viewer", permissions=[]), users=users, groups={"W": groups})
    assert [file["error"] and file["error"]["code"] for file in done["files"]] == ["ambiguous_name", None]
    assert files.writes() == []


def test_user_is_not_taken_for_missing_while_another_has_no_username(files: Files) -> None:
    gone = {"user": "a@x", "permission": None, "state": "absent"}
    done = files.run(item("f1", "Viewer", permissions=[gone]), users={"": ["u-a", "u-b"]})
    assert done["files"][0]["error"]["msg"] == (
        "The list of users has 2 users without a username (id u-a): whether the user 'a@x' exists is not known. Nothing was changed for "
        "this file. Run again later."
    )


def test_exact_spelling_decides_between_names_that_differ_in_case(files: Files) -> None:
    files.run(item("f1", "Viewer"), users={"a@x": "u-a", "A@x": "u-b"})
    assert files.held["f1"][-1] == {"permission": "v", "principal": "u-a"}


def test_an_account_is_found_by_its_id_after_it_was_renamed(files: Files) -> None:
    own = {"user": "a@x", "user_id": "u-own", "permission": "Viewer"}
    users = {"renamed@x": "u-own", "other@x": "u-a"}
    assert files.run(item("f1", "Viewer", permissions=[own]), users=users)["files"][0]["error"] is None
    assert files.held["f1"][-1] == {"permission": "v", "principal": "u-own"}
    gone = {**own, "permission": None, "state": "absent"}
    files.run(item("f1", "Viewer", permissions=[gone]), users=users)
    assert files.held["f1"] == [{"permission": "o", "principal": "u-owner"}]


def test_another_account_under_the_declared_name_gets_nothing(files: Files) -> None:
    own = {"user": "a@x", "user_id": "u-own", "permission": "Viewer"}
    done = files.run(item("f1", "Viewer", permissions=[own]), users={"a@x": "u-other", "renamed@x": "u-own"})
    error = done["files"][0]["error"]
    assert error["code"] == "other_account"
    assert "(id u-other) than the one in the journal of this integration (id u-own)" in error["msg"]
    assert files.writes() == []
    # The integration's own account is gone, and somebody else has its name.
    done = files.run(item("f1", "Viewer", permissions=[own]), users={"a@x": "u-other"})
    assert "does not exist any more" in done["files"][0]["error"]["msg"]
    assert files.writes() == []


def test_exclusive_file_keeps_what_another_item_declares(files: Files) -> None:
    owner = {"user": "owner@x", "permission": "Owner"}
    exact = item("f1", "Viewer", exclusive=True, permissions=[owner])
    other = item("f1", "Editor", integration="other")
    for _round in range(2):
        files.run(exact, other)
    assert len(files.writes()) == 1
    files.run(item("f1", "Viewer", exclusive=True, permissions=[owner], keep=[{"user": "a@x"}]))
    assert len(files.writes()) == 1
    files.run(exact)
    assert files.held["f1"] == [{"permission": "o", "principal": "u-owner"}]


def test_a_part_has_permissions_of_its_own() -> None:
    assert DeclaredFile("a/b").path == "/files/a%2Fb"
    assert DeclaredFile("d", kind="document", part="s").path == "/documents/d/sections/s"
    assert DeclaredFile("d", kind="spreadsheet", part="s").path == "/spreadsheets/d/sheets/s"
    assert DeclaredFile("d", kind="spreadsheet").path == "/spreadsheets/d"


def test_what_contradicts_itself_is_refused_before_anything_is_sent(files: Files) -> None:
    both = [item("f1", "Viewer"), item("f1", "Editor", integration="other")]
    with pytest.raises(InvalidArgument, match="is declared with two permissions on the file 'f1'"):
        files.run(*both)
    with pytest.raises(InvalidArgument, match="has a part, but its kind is not document or spreadsheet"):
        files.run(item("f1", "Viewer", part="s"))
    with pytest.raises(InvalidArgument, match="the id of a file is empty"):
        files.run(item(" ", "Viewer"))
    assert files.server.requests == []
