# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action integrations, run by ansible-playbook on project folders as people have them. It talks to nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ANSIBLE = str(Path(sys.executable).parent / "ansible-playbook")
SECRET = "wk_secret:oa2c:AbCdEfGhIjKlMnOpQrSt"
SETTINGS = """\
workiva:
  version: 1
  region: "{{ where }}"
  organization_id: d6e178fd-4dd5-47e5-9457-68dd64b03655
  ca_path: ca.pem
  retries: "{{ 2 + 1 }}"
  timeout: "{{ omit }}"
  administrator:
    username: automation@example.com
    custodian: admins@example.com
    workspace: Plan
    scopes: [organization:read, organization:write]
  defaults: {owner: finance@example.com}
"""
# Three ways to write one date: as YAML's date, as text, and by a variable that holds YAML's date.
HR = """\
name: hr
user:
  username: hr@example.com
  email: "{{ mail }}"
  given_name: H
  family_name: R
  welcome_email: "{{ welcome }}"
  workspaces: {Plan: {roles: "{{ wanted }}"}}
grants:
  one: &grant {workspace: plan, scopes: [file:read, "Spreadsheets (Read)"], expires: 2027-06-30}
  two: {<<: *grant, expires: "2027-06-30"}
  three: {<<: *grant, expires: "{{ day }}"}
  four: {workspace: Plan, scopes: [custom:scope], lifetime: 30d, ip_allowlist: [203.0.113.0/24]}
"""
VARIABLES = """\
where: eu
mail: hr@example.com
welcome: true
wanted: [Standard]
day: 2027-06-30
given:
  - name: listed
    state: absent
    user: {username: listed@example.com, email: "{{ mail }}", given_name: L, family_name: D}
    grants: {one: {workspace: Plan, scopes: [file:read], expires: 2027-06-30}}
"""


class Folder:
    """A project folder, and the action run on it."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self.project = where / "project"
        (self.project / "integrations.d").mkdir(parents=True)
        self.write("workiva.yml", SETTINGS)
        self.write("integrations.d/hr.yml", HR)
        (where / "vars.yml").write_text(VARIABLES)
        self.output = ""

    def write(self, name: str, text: str) -> None:
        (self.project / name).write_text(text)

    def load(self, *options: str, cwd: Path | None = None, fails: bool = False, **arguments: Any) -> dict[str, Any]:
        tasks = [
            {"name": "Load", "integrations.workiva.integrations": arguments, "register": "loaded"},
            {
                "name": "Keep",
                "ansible.builtin.copy": {"content": "{{ loaded | to_json }}", "dest": str(self.where / "result.json")},
                "check_mode": False,
            },
        ]
        play = {
            "name": "Load",
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "tasks": tasks,
        }
        (self.where / "play.yml").write_text(yaml.safe_dump([play], sort_keys=False))
        done = subprocess.run(
            [ANSIBLE, str(self.where / "play.yml"), "-e", f"@{self.where}/vars.yml", *options],
            cwd=cwd or self.where,
            env={**os.environ, "HOME": str(self.where), "ANSIBLE_NOCOLOR": "1"},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.output = done.stdout
        assert (done.returncode != 0) == fails, done.stdout
        assert "WARNING" not in done.stdout, done.stdout
        loaded: dict[str, Any] = {} if fails else json.loads((self.where / "result.json").read_text())
        return loaded


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_what_the_tasks_take(folder: Folder) -> None:
    here = str(folder.project)
    result = folder.load("-i", "localhost,", project=here, integrations="{{ given }}", today="2026-11-24")
    assert result["changed"] is False
    loaded = result["workiva"]
    assert loaded["connection"] == {
        "region": "eu",
        "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655",
        "ca_path": f"{here}/ca.pem",
        "retries": 3,
    }
    assert [loaded[name] for name in ("project", "credentials", "journal", "work_orders")] == [
        here,
        f"{here}/credentials.yml",
        f"{here}/journal",
        f"{here}/work-orders",
    ]
    assert (loaded["administration"], loaded["credentials_exist"]) == ("writer", False)
    assert loaded["integrations"] == ["hr", "listed"]
    assert loaded["users"][0] == {
        "username": "hr@example.com",
        "email": "hr@example.com",
        "given_name": "H",
        "family_name": "R",
        "welcome_email": True,
        "integration": "hr",
        "custodian": "",
        "sign_in": "password",
        "state": "present",
        "delete": False,
        "workspaces": [{"name": "Plan", "roles": ["Standard"]}],
    }
    assert (loaded["users"][1]["state"], loaded["grants"][-1]["state"]) == ("absent", "absent")
    assert [grant["expires"] for grant in loaded["grants"]] == [*["2027-06-30"] * 3, None, "2027-06-30"]
    assert [grant["lifetime_days"] for grant in loaded["grants"]] == [None, None, None, 30, None]
    assert loaded["grants"][0]["scopes"] == ["file:read", "data_tables|r"]
    assert loaded["administrator_grants"][0]["integration"] == "administrator"
    assert loaded["scope_labels"]["data_tables|w"] == "Spreadsheets (Write)"
    assert len(loaded["warnings"]) == 2
    assert folder.output.count("note: ") == 2


def test_all_problems_at_once_and_no_secret(folder: Folder) -> None:
    folder.write("integrations.d/broken.yml", "name: [\n")
    folder.write("integrations.d/odd.yaml", "name: odd\n")
    folder.write("integrations.d/fine.yml.sample", "name: [\n")
    folder.write(
        "integrations.d/other.yml",
        f"name: hr\nuser: {{usernme: x, password: {SECRET}}}\ngrants:\n  filing:\n    scopes: [{SECRET}]\n"
        f"    ip_allowlist: [{SECRET[-20:]}]\n    workspace: '{{{{ gone }}}}'\n    expires: 2026-11-24\n",
    )
    given = [{"name": "listed", "user": SECRET, "grants": {SECRET: {}}}, SECRET]
    (folder.where / "vars.yml").write_text(f"{VARIABLES}more: {json.dumps(given)}\n")
    for check in ("--diff", "--check"):
        folder.load(
            *("-i", "localhost,", "-vvvvv", check),
            fails=True,
            project=str(folder.project),
            integrations="{{ more }}",
            only=["hrr"],
            today="2026-11-24",
        )
        for said in (
            "integrations.d/broken.yml:2: this is not valid YAML",
            "integrations.d/odd.yaml: it would not be read",
            "integrations.d/other.yml:1: the name hr is taken already, in integrations.d/hr.yml:1",
            "integrations.d/other.yml:1: the file of the integration hr must be called hr.yml",
            "integrations.d/other.yml:2: the key usernme is unknown. Did you mean username?",
            "integrations.d/other.yml:2: this key looks like a secret",
            "integrations.d/other.yml:5: grants.filing.scopes holds what looks like a secret",
            "integrations.d/other.yml:6: this is no IP address",
            "integrations.d/other.yml:7: the variable gone is undefined",
            "integrations.d/other.yml:8: grants.filing would have to be made with a date in the past",
            "integrations[0]: user holds what looks like a secret",
            "integrations[1]: it must be a mapping of keys",
            "only: there is no integration hrr. Did you mean hr?",
        ):
            assert said in folder.output, said
        # The variable itself was given in clear; what the files hold shows nowhere.
        shown = [line for line in folder.output.splitlines() if SECRET[-20:] in line and "more" not in line]
        assert shown == []


def test_a_date_in_the_past_is_fine_where_the_grant_is_stored(folder: Folder) -> None:
    options = ("-i", "localhost,")
    folder.load(*options, fails=True, project=str(folder.project), today="2027-07-01")
    assert "hr.yml:10: grants.one would have to be made with a date in the past" in folder.output
    stored = {"hr": {name: {"client_id": "x"} for name in ("one", "two", "three")}}
    folder.write("credentials.yml", yaml.safe_dump({"workiva_credentials": stored}))
    assert folder.load(*options, project=str(folder.project), today="2027-07-01")["workiva"]["credentials_exist"]


def test_only(folder: Folder) -> None:
    loaded = folder.load(
        *("-i", "localhost,"),
        project=str(folder.project),
        integrations="{{ given }}",
        only=["listed"],
        today="2026-11-24",
    )["workiva"]
    assert loaded["integrations"] == ["listed"]
    assert [user["integration"] for user in loaded["users"]] == ["listed"]
    assert [grant["integration"] for grant in loaded["grants"]] == ["listed"]
    assert len(loaded["administrator_grants"]) == 1


@pytest.mark.parametrize("inventory", ["beside", "folder", "none"])
def test_where_the_project_is(folder: Folder, inventory: str) -> None:
    (folder.project / "hosts.yml").write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n")
    options = {
        "beside": ("-i", str(folder.project / "hosts.yml")),
        "folder": ("-i", str(folder.project / "hosts.yml") + ",localhost,"),
        "none": ("-i", "localhost,"),
    }[inventory]
    if inventory == "folder":
        options = ("-i", str(folder.project / "hosts.yml"), "-i", "localhost,")
    cwd = folder.project if inventory == "none" else folder.where
    assert folder.load(*options, cwd=cwd, today="2026-11-24")["workiva"]["project"] == str(folder.project)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"project": "workiva"}, "project must be an absolute path"),
        ({"project": "/x/ansible_collections/integrations/workiva/playbooks"}, "lies inside an installed collection"),
        (
            {"project": "/nowhere/at/all"},
            "No project was found: /nowhere/at/all is the project that was given.",
        ),
        ({"today": "soon"}, "today must be written as YYYY-MM-DD"),
        ({"integrations": "wrong"}, "integrations: must be a list"),
        ({"integrations": {"name": "x"}}, "integrations: must be a list"),
        ({"projct": "/x"}, "projct"),
    ],
)
def test_wrong_arguments(folder: Folder, arguments: dict[str, Any], said: str) -> None:
    folder.load("-i", "localhost,", fails=True, **arguments)
    assert said in folder.output, folder.output


@pytest.mark.parametrize("role", ["integration_users", "oauth2_grants"])
def test_a_list_with_dates_passes_the_roles(folder: Folder, role: str) -> None:
    """Before core 2.19 a templated list that holds a date is text; the roles hand it on and the action reads it."""
    named = {"name": f"integrations.workiva.{role}"}
    values = {f"{role}_project": str(folder.project), f"{role}_integrations": "{{ given }}", f"{role}_only": ["nobody"]}
    task = {"name": "Role", "ansible.builtin.include_role": named, "vars": values}
    play = {"name": "Role", "hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}
    (folder.where / "role.yml").write_text(yaml.safe_dump([play], sort_keys=False))
    done = subprocess.run(
        [ANSIBLE, "-i", "localhost,", str(folder.where / "role.yml"), "-e", f"@{folder.where}/vars.yml"],
        env={**os.environ, "HOME": str(folder.where), "ANSIBLE_NOCOLOR": "1"},
        text=True,
        capture_output=True,
        check=False,
    )
    assert "only: there is no integration nobody. Declared: hr, listed." in done.stdout + done.stderr
