# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles integration_users and oauth2_grants used alone, in a play of the user's own, through a whole life."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests._playbook import Played, run_playbook
from tests.integration._users_support import AUTOMATION, SCOPES, Organization, credentials, started
from workiva_simulator import rules

# On the oldest ansible-core the playbooks run these roles.
pytestmark = pytest.mark.once

PASSWORD = "a vault password of the tests"
TODAY = "2026-11-24"
INTEGRATION: dict[str, Any] = {
    "name": "payroll-sync",
    "owner": "finance-systems@example.com",
    "user": {
        "username": "payroll-sync@example.com",
        "email": "payroll-sync@example.com",
        "given_name": "Payroll",
        "family_name": "Sync (integration)",
        "custodian": "anna.k@example.com",
        "workspaces": {"SEC Filing": {"roles": ["Professional"], "groups": ["Data loaders"]}},
    },
    "grants": {"filing": {"workspace": "SEC Filing", "scopes": ["file:read"], "expires": "2027-06-30"}},
}


class Project:
    """A project folder whose administrator grant is stored, and a play that uses one role on it."""

    def __init__(self, folder: Path, organization: Organization) -> None:
        self.folder = folder
        self.organization = organization
        self.output = ""
        connection = organization.connection
        administrator = {"username": AUTOMATION, "workspace": "SEC Filing", "scopes": SCOPES, "owner": "it@example.com"}
        names = ("region", "organization_id", "ca_path", "connect_to")
        self.workiva = {"version": 1, **{name: connection[name] for name in names}, "administrator": administrator}
        self.write("workiva.yml", {"workiva": self.workiva})
        self.declare(INTEGRATION)
        (folder / "credentials.yml").write_text(credentials(connection, PASSWORD))
        (folder / "password").write_text(PASSWORD)
        (folder / "hosts.yml").write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n")

    def write(self, name: str, content: Any) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(content, sort_keys=False))

    def declare(self, integration: dict[str, Any], **changes: Any) -> None:
        self.write(f"integrations.d/{integration['name']}.yml", {**integration, **changes})

    def run(self, role: str, *options: str, fails: bool = False, **variables: Any) -> dict[str, Any]:
        """Includes the role, and returns the fact that it leaves, with what the recap says."""
        kept = self.folder.parent / "result.json"
        copy = {"content": "{{ " + role + "_result | to_json }}", "dest": str(kept), "mode": "0600"}
        keep = {"name": "Keep the result", "ansible.builtin.copy": copy, "check_mode": False, "diff": False}
        played = self._play([use(role, variables), {**keep, "changed_when": False}], *options, fails=fails)
        if fails:
            return {}
        result: dict[str, Any] = json.loads(kept.read_text())
        return {**result, "recap": played.count("changed")}

    def fail(self, uses: dict[str, dict[str, Any]]) -> None:
        """Includes roles in one play, of which each must fail."""
        rescue = [{"name": "Go on", "ansible.builtin.debug": {"msg": "It failed."}}]
        blocks = [{"block": [use(role, variables)], "rescue": rescue} for role, variables in uses.items()]
        assert self._play(blocks).count("rescued") == len(uses), self.output

    def repeat(self, role: str, **variables: Any) -> int:
        """Includes the role twice in one play, the second time in check mode; returns what the recap says was changed."""
        check = use(role, variables)
        check["ansible.builtin.include_role"]["apply"] = {"check_mode": True}
        return self._play([use(role, variables), check]).count("changed")

    def _play(self, tasks: list[dict[str, Any]], *options: str, fails: bool = False) -> Played:
        interpreter = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        play = {"name": "A play", "hosts": "localhost", "gather_facts": False, "vars": interpreter, "tasks": tasks}
        words = ("--vault-id", f"test@{self.folder / 'password'}", *options)
        where = {"folder": self.folder.parent, "inventory": str(self.folder / "hosts.yml")}
        played = run_playbook([play], *words, fails=fails, **where)
        self.output = played.output
        assert self.organization.connection["client_secret"] not in self.output
        return played

    def writes(self) -> int:
        record = self.organization.directory / "record.jsonl"
        lines = [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []
        return sum(line["method"] != "GET" and not line["path"].endswith("/token") for line in lines)

    def content(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()}


def use(role: str, variables: dict[str, Any]) -> dict[str, Any]:
    """A task that includes the role."""
    return {
        "name": "Use the role",
        "ansible.builtin.include_role": {"name": f"integrations.workiva.{role}"},
        "vars": {f"{role}_{name}": value for name, value in {"today": TODAY, **variables}.items()},
    }


@pytest.fixture
def organization(tmp_path: Path) -> Iterator[Organization]:
    with started(tmp_path / "simulator") as running:
        running.command("clock", TODAY)
        yield running


@pytest.fixture
def project(tmp_path: Path, organization: Organization) -> Project:
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project", organization)


def unchanged(project: Project, role: str, **variables: Any) -> None:
    """A second run and its check change nothing, send no write and touch no byte."""
    before, sent = project.content(), project.writes()
    assert project.repeat(role, **variables) == 0, project.output
    assert (project.content(), project.writes()) == (before, sent)


def test_missing_and_wrong_arguments(project: Project) -> None:
    project.fail({"integration_users": {"excess_access": "all"}, "oauth2_grants": {"handover": "mail"}})
    for argument in ("integration_users_excess_access", "oauth2_grants_handover"):
        assert f"value of {argument} must be one of" in project.output
    (project.folder / "workiva.yml").unlink()
    project.fail({"integration_users": {}, "oauth2_grants": {}})
    assert project.output.count("no file workiva.yml") >= 2
    assert project.writes() == 0


def test_the_life_of_a_user(project: Project) -> None:
    """Check, create, again, update with a diff, absent, absent again."""
    role, before = "integration_users", project.content()
    predicted = project.run(role, "--check")
    assert predicted["recap"] > 0
    assert (project.writes(), project.content()) == (0, before)
    made = project.run(role)
    assert [user["steps"] for user in made["users"]] == [user["steps"] for user in predicted["users"]]
    assert project.organization.count("user", username="payroll-sync@example.com") == 1
    journal = str(project.folder / "journal/payroll-sync.jsonl")
    written = project.content()
    assert [json.loads(line)["event"] for line in written.pop(journal).splitlines()] == ["creating", "created"]
    assert written == before
    unchanged(project, role)

    access = {"SEC Filing": {"roles": ["Professional", "Task Admin"], "groups": ["Data loaders"]}}
    project.declare(INTEGRATION, user={**INTEGRATION["user"], "workspaces": access})
    predicted = project.run(role, "--check", "--diff")
    updated = project.run(role, "--diff")
    assert updated["users"][0]["steps"] == predicted["users"][0]["steps"] != []
    assert "Task Admin" in project.output
    unchanged(project, role)

    project.declare(INTEGRATION, state="absent")
    assert project.run(role)["users"][0]["status"] == "suspended"
    unchanged(project, role)


def test_one_bad_user_fails_the_role_or_is_reported(project: Project) -> None:
    address = {"username": "bad@example.com", "email": "bad@example.com"}
    bad = {**INTEGRATION["user"], **address, "workspaces": {"SEC Filing": {"roles": ["Nobody"]}}}
    project.declare({**INTEGRATION, "name": "bad", "user": bad, "grants": {}})
    result = project.run("integration_users", on_item_error="report")
    assert [bool(user["error"]) for user in result["users"]] == [True, False]
    project.run("integration_users", fails=True)
    assert "bad@example.com" in project.output


def test_one_damaged_entry_stops_no_other(project: Project) -> None:
    """A value that another password encrypted, in somebody else's entry, is no matter of the administrator grant."""
    foreign = VaultLib([("other", VaultSecret(b"another password"))]).encrypt("a foreign secret", vault_id="other")
    block = "".join(f"        {line}\n" for line in foreign.decode().splitlines())
    with (project.folder / "credentials.yml").open("a") as stream:
        stream.write(f"  payroll-sync:\n    filing:\n      client_id: x\n      client_secret: !vault |\n{block}")
    assert project.run("integration_users")["users"][0]["error"] is None
    (grant,) = project.run("oauth2_grants", handover="defer")["grants"]
    assert grant["health"] == "unchecked"
    assert grant["error"]
    (administrator,) = project.run("oauth2_grants", handover="defer", which="administrator")["grants"]
    assert administrator["health"] == "ok"


def test_the_life_of_a_grant(project: Project) -> None:
    """Check, order, again, taken in, again, update with a diff, absent, gone, gone again."""
    role = "oauth2_grants"
    project.run("integration_users")
    before = project.content()
    assert project.run(role, "--check", handover="defer")["recap"] > 0
    assert project.content() == before
    ordered = project.run(role, handover="defer")
    assert [order["kind"] for order in ordered["orders"]] == ["create"]
    unchanged(project, role, handover="defer")

    state = project.organization.state
    (workspace,) = state.all("workspace", name="SEC Filing")
    fields = {"client_name": "x", "username": "payroll-sync@example.com", "scopes": ["file:read"]}
    with state.transaction():
        grant, secret = rules.create_grant(state, {**fields, "workspace": workspace["id"], "expires": "2027-06-30"})
    pair = {"integration": "payroll-sync", "grant": "filing", "client_id": grant["client_id"], "client_secret": secret}
    given = {"handover": "vars", "handed_over": [pair]}
    before = project.content()
    predicted = project.run(role, "--check", **given)
    assert project.content() == before
    taken = project.run(role, **given)
    assert (taken["grants"][0]["stage"], taken["grants"][0]["health"], taken["orders"]) == ("stored", "ok", [])
    assert predicted["grants"][0]["steps"] == taken["grants"][0]["steps"] != []
    assert secret not in project.output
    unchanged(project, role, **given)

    wider = {"filing": {**INTEGRATION["grants"]["filing"], "scopes": ["file:read", "file:write"]}}
    project.declare(INTEGRATION, grants=wider)
    edit = project.run(role, "--diff", handover="defer")
    assert edit["grants"][0]["health"] == "drifted"
    assert [order["kind"] for order in edit["orders"]] == ["edit"]
    assert "file:write" in project.output
    unchanged(project, role, handover="defer")

    project.declare(INTEGRATION, state="absent")
    assert [order["kind"] for order in project.run(role, handover="defer")["orders"]] == ["delete"]
    unchanged(project, role, handover="defer")
    with state.transaction():
        state.remove("grant", grant["id"])
    # The first run that sees the refusal, while the administrator's credentials are accepted, writes it down.
    gone = project.run(role, handover="defer")
    assert (gone["grants"][0]["stage"], gone["grants"][0]["changed"]) == ("stored", True)
    gone = project.run(role, handover="defer")
    assert gone["grants"][0]["stage"] == "retired"
    assert "payroll-sync" not in (project.folder / "credentials.yml").read_text()
    # The role alone has read no user. One that lost its access is refused too, so that a person confirms the deletion.
    (order,) = gone["orders"]
    assert order["kind"] == "delete"
    unchanged(project, role, handover="defer")
    assert project.run(role, handover="vars", done=[order["number"]])["orders"] == []
    unchanged(project, role, handover="defer")


def test_a_grant_is_checked_on_the_machine_that_its_allowlist_lets_in(project: Project) -> None:
    """The role works on the other grants here, and returns the results of all machines as one."""
    etl01 = "etl01: {ansible_connection: local, ansible_python_interpreter: '{{ ansible_playbook_python }}'}"
    (project.folder / "hosts.yml").write_text(
        f"all: {{hosts: {{localhost: {{ansible_connection: local}}, {etl01}}}}}\n"
    )
    there = {**INTEGRATION["grants"]["filing"], "verify_from": "etl01"}
    project.declare(INTEGRATION, grants={"there": there, **INTEGRATION["grants"]})
    project.run("integration_users")
    handed_over = [
        {"integration": "payroll-sync", "grant": grant}
        | project.organization.create_grant(username="payroll-sync@example.com", scopes=["file:read"])
        for grant in ("filing", "there")
    ]
    result = project.run("oauth2_grants", handover="vars", handed_over=handed_over)
    found = [(grant["grant"], grant["stage"], grant["health"]) for grant in result["grants"]]
    assert found == [("filing", "stored", "ok"), ("there", "stored", "ok")]
    assert (result["changed"], result["orders"]) == (True, [])
    assert "[localhost -> etl01]" in project.output


def test_the_role_file_permissions_alone(project: Project) -> None:
    """Check, give, idempotence, a bad file that stops no other, and the end of the integration."""
    state = project.organization.state
    (file,) = state.all("file")
    automation = rules.user_by_name(state, AUTOMATION) or {}
    (workspace,) = state.all("workspace", name="SEC Filing")
    scopes = ["file:read", "file:write"]
    fields = {"client_name": "files", "username": AUTOMATION, "expires": "2999-12-31", "scopes": scopes}
    with state.transaction():
        owner = {"permission": rules.permission_id("Owner"), "principal": automation["id"]}
        state.put("file", {**file, "permissions": [*file["permissions"], owner]})
        grant, secret = rules.create_grant(state, {**fields, "workspace": workspace["id"]})
    filing = {"username": AUTOMATION, "workspace": "sec filing", "scopes": scopes, "owner": "it@example.com"}
    project.write("workiva.yml", {"workiva": {**project.workiva, "file_administrator": {"filing": filing}}})
    pair = {"client_id": grant["client_id"], "client_secret": secret}
    theirs = credentials(pair, PASSWORD).split("  administrator:\n    organization:\n")[1]
    path = project.folder / "credentials.yml"
    path.write_text(f"{path.read_text()}  file-administrator:\n    filing:\n{theirs}")

    def permissions() -> list[str]:
        (now,) = state.all("file")
        anna = rules.user_by_name(state, "anna.k@example.com") or {}
        ids = (anna["id"], automation["id"])
        found = [item for item in now["permissions"] if item["principal"] not in ids]
        return [rules.PERMISSION_NAMES[item["permission"]] for item in found]

    files = {"SEC Filing": {file["id"]: {"permission": "editor", "groups": {"data loaders": "Viewer"}}}}
    project.declare(INTEGRATION, files=files)
    project.run("integration_users")
    sent = project.writes()
    predicted = project.run("file_permissions", "--check")
    assert (project.writes(), predicted["recap"]) == (sent, 1)
    done = project.run("file_permissions")
    assert [item["steps"] for item in done["files"]] == [item["steps"] for item in predicted["files"]]
    assert (project.writes(), permissions()) == (sent + 1, ["Editor", "Viewer"])
    again = project.run("file_permissions")
    assert (again["changed"], again["recap"], project.writes()) == (False, 0, sent + 1)
    assert secret not in project.output
    project.declare(INTEGRATION, files={"SEC Filing": {"unknown": {"permission": "Viewer"}, **files["SEC Filing"]}})
    project.run("file_permissions", fails=True)
    reported = project.run("file_permissions", on_item_error="report")
    assert [bool(item["error"]) for item in reported["files"]] == [True, False]
    project.declare(INTEGRATION, files=files, state="absent")
    assert project.run("file_permissions")["changed"]
    assert permissions() == ["Viewer"]
    assert not project.run("file_permissions")["changed"]
    project.declare(INTEGRATION)
    nothing = project.run("file_permissions")
    assert (nothing["changed"], nothing["files"], nothing["names"], nothing["recap"]) == (False, [], {}, 0)
