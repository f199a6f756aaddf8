# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access, from the declaration to what the integration's own token can read, as its user runs the playbooks."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests._contract import judge
from tests._pairwise import choose_rows
from tests.integration._job import FULL, Job
from workiva_simulator import rules
from workiva_simulator.switches import SWITCHES

# A journey takes minutes: make test STAGES=journeys runs it.
pytestmark = pytest.mark.long

FILE = "124efa2a142f472ba1ceab34ed18915f"
OTHER = "014b90fd0631422cb94e1240c53f1d6d"
ANNA = "anna.k@example.com"
PAYROLL = "payroll-sync@example.com"
MANAGER = {
    "owner": "workiva-admins@example.com",
    "username": "workiva-automation@example.com",
    "workspace": "SEC Filing",
    "scopes": ["file:read", "file:write"],
}
FILE_SWITCHES = (
    "invisible_file",
    "permissions_listed_to",
    "permissions_changed_by",
    "permission_repeated",
    "permission_unrevoked",
    "workspace_owner_files",
    "token_form",
)


class Access(Job):
    """One integration with files in one workspace, beside the files that are not its own."""

    def __init__(self, folder: Path, *switches: str) -> None:
        super().__init__(folder, *switches)
        self.keep_only("payroll-sync")
        self.with_administrator()
        (workspace,) = self.state.all("workspace", name="SEC Filing")
        anna = self.id_of(ANNA)
        fields = {"name": "Narrative", "kind": "Document", "permissions": [("Owner", anna)]}
        with self.state.transaction():
            rules.create_file(self.state, workspace["id"], {"id": OTHER, **fields})
        self.declares(
            files={"SEC Filing": {FILE: {"about": "Support schedules", "file_owner": ANNA, "permission": "Editor"}}}
        )

    def id_of(self, username: str) -> str:
        user = self.user(username)
        assert user is not None
        return str(user["id"])

    def declares(self, **fields: Any) -> None:
        self.declare("payroll-sync", **fields)

    def change_user(self, **fields: Any) -> None:
        path = self.project / "integrations.d/payroll-sync.yml"
        item = yaml.safe_load(path.read_text())
        path.write_text(yaml.safe_dump({**item, "user": {**item["user"], **fields}}))

    def with_file_administrator(self) -> None:
        """A file administrator grant, declared, whose user owns the files."""
        path = self.project / "workiva.yml"
        settings = yaml.safe_load(path.read_text())
        settings["workiva"]["file_administrator"] = {"filing": MANAGER}
        path.write_text(yaml.safe_dump(settings))
        for identifier in (FILE, OTHER):
            self.give(identifier, "Owner", self.id_of(MANAGER["username"]))

    def give(self, file: str, permission: str, principal: str) -> None:
        with self.state.transaction():
            found = self.state.one("file", file) or {}
            kept = [item for item in found["permissions"] if item["principal"] != principal]
            item = {"permission": rules.permission_id(permission), "principal": principal}
            self.state.put("file", {**found, "permissions": [*kept, item]})

    def held(self, file: str = FILE) -> dict[str, str]:
        """Who has what on a file, by name."""
        names = {item["id"]: item["username"] for item in self.state.all("user")}
        names.update({item["id"]: item["name"] for item in self.state.all("group")})
        found = self.state.one("file", file) or {}
        return {
            names.get(item["principal"], item["principal"]): rules.PERMISSION_NAMES[item["permission"]]
            for item in found["permissions"]
        }

    def all_taken_in(self) -> None:
        self.play("onboard")
        self.people()
        self.take_in()

    def nothing_is_left_to_do(self) -> None:
        before, sent = self.content(), self.writes()
        assert self.play("onboard")["changed"] == 0, self.output
        assert self.play("onboard", "--check")["changed"] == 0, self.output
        assert self.play("verify")["changed"] == 0, self.output
        assert (self.content(), self.writes()) == (before, sent)


@contextlib.contextmanager
def access(folder: Path, *switches: str) -> Iterator[Access]:
    """At its end every exchange is judged by the contract."""
    job = Access(folder, *switches)
    try:
        yield job
    finally:
        job.simulate("stop")
    judge(job.record)


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Access]:
    with access(tmp_path) as running:
        yield running


def test_a_file_administrator_grant_gives_what_is_declared(job: Access) -> None:
    job.with_file_administrator()
    job.play("onboard")
    assert "file-administrator.filing.1" in job.orders()
    assert "Waiting for the grant filing of file-administrator, which is requested." in job.output
    assert PAYROLL not in job.held()
    job.people()
    job.take_in()
    assert (
        "file-administrator"
        in yaml.safe_load((job.project / "credentials.yml").read_text().replace("!vault ", ""))["workiva_credentials"]
    )
    sent = len(job.writes())
    assert job.play("onboard", "--check")["changed"] > 0
    assert f"      give Editor to the user '{PAYROLL}'" in job.output.splitlines()
    assert len(job.writes()) == sent
    assert job.play("onboard", "--diff", *FULL)["changed"] > 0
    assert f"      gave Editor to the user '{PAYROLL}'" in job.output.splitlines()
    assert ": readable" in job.output
    assert job.held() == {ANNA: "Owner", MANAGER["username"]: "Owner", PAYROLL: "Editor"}
    assert f"Owner of the user {ANNA}" in job.output
    assert job.orders() == []
    job.nothing_is_left_to_do()


def test_a_permission_is_changed_by_one_atomic_request(job: Access) -> None:
    job.with_file_administrator()
    job.all_taken_in()
    job.play("onboard")
    files = {FILE: {"permission": "Viewer", "groups": {"Data loaders": "Viewer"}, "users": {ANNA: "Owner"}}}
    job.declares(files={"SEC Filing": files})
    sent = len(job.writes())
    job.play("onboard")
    (line,) = job.writes()[sent:]
    assert line["path"] == f"/files/{FILE}/permissions/modification"
    assert (len(line["body"]["toAssign"]), len(line["body"]["toRevoke"])) == (2, 1)
    owner = {ANNA: "Owner", MANAGER["username"]: "Owner"}
    assert job.held() == {**owner, PAYROLL: "Viewer", "Data loaders": "Viewer"}
    job.give(FILE, "Viewer", job.id_of("olivia.admin@example.com"))
    files[FILE] = {**files[FILE], "exclusive": True, "users": {ANNA: "Owner", MANAGER["username"]: "Owner"}}
    job.declares(files={"SEC Filing": files})
    job.play("onboard")
    assert job.held() == {**owner, PAYROLL: "Viewer", "Data loaders": "Viewer"}
    job.nothing_is_left_to_do()


def test_one_bad_file_stops_no_other(job: Access) -> None:
    job.with_file_administrator()
    job.all_taken_in()
    files = {
        "nothing-of-this-id": {"permission": "Editor"},
        FILE: {"permission": "Edtor"},
        OTHER: {"permission": "Viewer"},
    }
    job.declares(files={"SEC Filing": files})
    job.play("onboard", fails=True)
    assert job.held(OTHER)[PAYROLL] == "Viewer"
    assert PAYROLL not in job.held()
    said = job.output.replace("\n", " ")
    assert "Unknown permission: 'Edtor'. Known, nearest first: 'Editor'" in said
    assert "The file does not exist, is in another workspace than the grant" in said
    assert "nothing-of-this-id" in said.split("Failed: ")[-1]


def test_without_a_file_administrator_the_owner_is_asked(job: Access) -> None:
    job.play("onboard", "--check")
    assert job.orders() == []
    job.play("onboard")
    assert "payroll-sync.file_access.1" in job.orders()
    page = (job.project / "work-orders/payroll-sync.file_access.1.html").read_text()
    assert ANNA in page
    assert f'data-file="{FILE}"' in page
    assert "Support schedules" in (job.project / "work-orders/payroll-sync.file_access.1.md").read_text()
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    assert job.content() == before
    job.people("--order", "payroll-sync.main.1")
    job.take_in()
    job.play("verify", fails=True)
    said = job.output.replace("\n", " ")
    assert "no_access. GET /files/" in said
    assert FILE in said.split("Findings:")[-1]
    job.people("--order", "payroll-sync.file_access.1")
    assert job.held()[PAYROLL] == "Editor"
    assert job.play("onboard")["changed"] > 0
    assert job.orders() == []
    journal = [json.loads(line) for line in (job.project / "journal/payroll-sync.jsonl").read_text().splitlines()]
    assert [event["event"] for event in journal if event["grant"] == "file_access"] == ["ordered", "closed"]
    job.nothing_is_left_to_do()
    # What was closed once is not asked again for want of an answer.
    job.simulate("fault", "503:count=400,path=*/files/*")
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    assert "unreachable. " in job.output
    assert "no_access. " not in job.output
    assert job.content() == before


@pytest.mark.once
def test_wrong_permission_is_reported_where_permissions_can_be_listed(job: Access) -> None:
    job.play("onboard")
    job.people("--order", "payroll-sync.main.1")
    job.take_in()
    job.give(FILE, "Viewer", job.id_of(PAYROLL))
    job.play("onboard")
    assert "payroll-sync.file_access.1" in job.orders()
    job.people()
    job.play("onboard")
    assert job.orders() == []


@pytest.mark.once
def test_a_changed_declaration_of_files_is_a_new_order(job: Access) -> None:
    job.play("onboard")
    first = (job.project / "work-orders/payroll-sync.file_access.1.html").read_bytes()
    job.declares(files={"SEC Filing": {FILE: {"file_owner": ANNA, "permission": "Viewer"}}})
    job.play("onboard")
    assert [page for page in job.orders() if "file_access" in page] == ["payroll-sync.file_access.2"]
    assert (job.project / "work-orders/payroll-sync.file_access.2.html").read_bytes() != first
    job.declares(files={})
    job.play("onboard")
    assert [page for page in job.orders() if "file_access" in page] == []


@pytest.mark.once
def test_a_grant_without_the_scope_cannot_be_asked(job: Access) -> None:
    grants = {"main": {"workspace": "SEC Filing", "scopes": ["graph:read"]}}
    job.declares(grants=grants)
    job.all_taken_in()
    job.play("verify", *FULL)
    assert ": not checked. The grant has no scope file:read" in job.output
    assert "no_access. " not in job.output


def test_verify_lists_excess_access(job: Access) -> None:
    job.declares(files={"SEC Filing": {FILE: {"file_owner": ANNA, "permission": "Viewer"}}})
    job.all_taken_in()
    job.play("onboard")
    job.people()
    job.play("onboard")
    job.play("verify")
    said = job.output.replace("\n", " ")
    assert (
        "the scope file:write of the grant main: the user's permissions on the declared files do not allow it" in said
    )
    assert "(likely)" in said
    assert "(uncertain)" not in said


@pytest.mark.once
def test_discover_lists_the_present_roles(job: Access) -> None:
    job.play("discover")
    assert "# Workiva's setup guide asks for a Creator or Manager." in job.output
    assert "#   Editor: Creator or Manager (likely; " in job.output


def test_a_renamed_user_gets_a_new_secret(job: Access) -> None:
    job.with_file_administrator()
    job.all_taken_in()
    job.play("onboard")
    identifier = job.id_of(PAYROLL)
    job.change_user(username="payroll@example.com", previous_username=PAYROLL)
    job.play("onboard", "--check")
    assert "give Editor" not in job.output
    assert job.play("onboard")["changed"] > 0
    assert "give Editor" not in job.output
    assert job.id_of("payroll@example.com") == identifier
    assert "which may end the secrets of its grants" in job.output
    assert job.orders() == ["payroll-sync.main.2"]
    page = (job.project / "work-orders/payroll-sync.main.2.md").read_text()
    assert "was renamed" in page
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    assert job.content() == before
    job.people()
    job.take_in()
    assert job.orders() == []
    job.nothing_is_left_to_do()
    job.change_user(previous_username=None)
    job.nothing_is_left_to_do()


def test_user_of_another_organization_is_added_by_its_id(job: Access) -> None:
    with job.state.transaction():
        jane = rules.create_user(
            job.state,
            {"username": PAYROLL, "email": "old@example.com", "givenName": "P", "familyName": "S", "displayName": "P"},
        )
        job.state.remove("user", jane["id"])
        job.state.put("elsewhere", {**jane, "other_organizations": True})
    job.change_user(id=jane["id"])
    job.play("onboard", "--check")
    assert "who is in another organization, to this one" in job.output.replace("\n", " ")
    job.play("onboard")
    assert job.id_of(PAYROLL) == jane["id"]
    user = job.state.one("user", jane["id"]) or {}
    assert user["email"] == PAYROLL
    before = job.writes()
    assert job.play("onboard")["changed"] == 0
    assert job.writes() == before


@pytest.mark.once
def test_a_suspended_user_is_explained(job: Access) -> None:
    job.play("onboard")
    user = job.state.one("user", job.id_of(PAYROLL)) or {}
    job.state.put("user", {**user, "status": "suspended"})
    job.play("onboard")
    assert "The user is suspended although it is in a workspace: a person" in job.output


def test_an_absent_integration_loses_its_permission_on_files(job: Access) -> None:
    job.with_file_administrator()
    job.all_taken_in()
    job.play("onboard")
    job.declares(state="absent")
    job.play("onboard")
    assert job.held() == {ANNA: "Owner", MANAGER["username"]: "Owner"}
    assert [page for page in job.orders() if "file_access" in page] == []


@pytest.mark.long
@pytest.mark.parametrize("row", choose_rows({name: SWITCHES[name].answers for name in FILE_SWITCHES}), ids=str)
def test_whatever_the_vendor_answers_the_end_is_the_same(tmp_path: Path, row: tuple[str, ...]) -> None:
    with access(tmp_path, *row) as job:
        job.all_taken_in()
        job.people()
        job.play("onboard")
        assert job.orders() == [], job.output
        job.nothing_is_left_to_do()
        job.with_file_administrator()
        job.all_taken_in()
        job.declares(files={"SEC Filing": {FILE: {"permission": "Viewer"}}})
        job.play("onboard")
        assert job.held()[PAYROLL] == "Viewer"
        job.nothing_is_left_to_do()


def test_a_secret_is_found_nowhere(job: Access) -> None:
    """The canary: the pairs of the file administrator and of the integration, at -vvvvv with --diff."""
    job.with_file_administrator()
    outputs, secrets = [], []
    job.play("onboard", "-vvvvv", "--diff")
    outputs.append(job.output)
    job.people()
    job.take_in("-vvvvv", "--diff")
    outputs.append(job.output)
    secrets += job.secrets
    for playbook in ("onboard", "verify"):
        job.play(playbook, "-vvvvv", "--diff")
        outputs.append(job.output)
    files = {FILE: {"permission": "Edtor"}, "unknown": {"permission": "Viewer"}}
    job.declares(files={"SEC Filing": files})
    job.play("onboard", "-vvvvv", "--diff", fails=True)
    outputs.append(job.output)
    everywhere = "".join(outputs).encode() + b"".join(
        path.read_bytes() for path in job.folder.rglob("*") if path.is_file()
    )
    assert len(secrets) == 2
    for secret in secrets:
        assert secret.encode() not in everywhere
        assert secret.split(":")[-1].encode() not in everywhere
