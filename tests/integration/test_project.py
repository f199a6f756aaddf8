# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action integrations, run by ansible-playbook on project folders as people have them. It talks to nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests._declared import out_of_text
from tests._playbook import run_playbook, run_tasks
from tests._project_files import VARIABLES, write_project

SECRET = "wk_secret:oa2c:AbCdEfGhIjKlMnOpQrSt"


class Folder:
    """A project folder, and the action run on it."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self.project = where / "project"
        write_project(self.project)
        (where / "vars.yml").write_text(VARIABLES)
        self.output = ""

    def write(self, name: str, text: str) -> None:
        (self.project / name).write_text(text)

    def load(self, *options: str, cwd: Path | None = None, fails: bool = False, **arguments: Any) -> dict[str, Any]:
        task = {"integrations.workiva.integrations": arguments}
        words = ("-e", f"@{self.where}/vars.yml", *options)
        (result,), played = run_tasks([task], *words, folder=cwd or self.where, inventory=None, home=self.where)
        self.output = played.output
        assert bool(result.get("failed")) == fails, self.output
        return result


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_what_the_tasks_take(folder: Folder) -> None:
    here = str(folder.project)
    result = folder.load("-i", "localhost,", project=here, integrations="{{ given }}", today="2026-11-24")
    assert result["changed"] is False
    loaded = out_of_text(result["workiva"])
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
    assert loaded["administration"] == "writer"
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
        "delete_user": False,
        "workspaces": [{"name": "Plan", "roles": ["Standard"]}],
    }
    assert (loaded["users"][1]["state"], loaded["grants"][-1]["state"]) == ("absent", "absent")
    assert [grant["expires"] for grant in loaded["grants"]] == [*["2027-06-30"] * 3, None, "2027-06-30"]
    assert [grant["lifetime_days"] for grant in loaded["grants"]] == [None, None, None, 30, None]
    assert loaded["grants"][0]["scopes"] == ["file:read", "data_tables|r"]
    assert loaded["administrator_grants"][0]["integration"] == "administrator"
    assert loaded["scope_labels"]["data_tables|w"] == "Spreadsheets (Write)"
    assert len(loaded["warnings"]) == 3
    assert folder.output.count("note: ") == 3


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
    folder.load(
        *("-i", "localhost,", "-vvvvv", "--diff", "--check"),
        fails=True,
        project=str(folder.project),
        integrations="{{ more }}",
        only=["hrr"],
        today="2026-11-24",
    )
    for said in (
        "integrations.d/broken.yml:2: ",
        "integrations.d/odd.yaml: the files of integrations end in .yml",
        "integrations.d/other.yml:1: this name is used already, in integrations.d/hr.yml:1",
        "integrations.d/other.yml:1: the name must be the one of its file, other.",
        "integrations.d/other.yml:2: the key usernme is unknown. Did you mean username?",
        "integrations.d/other.yml:2: this key looks like a secret",
        "integrations.d/other.yml:5: grants.filing.scopes holds what looks like a secret",
        "integrations.d/other.yml:6: this is no IP address",
        "integrations.d/other.yml:7: the variable gone is undefined",
        "integrations.d/other.yml:8: grants.filing.expires (",
        "integrations[0]: user holds what looks like a secret",
        "integrations[1]: the file must be a mapping",
        "workiva_only: there is no integration hrr. Did you mean hr?",
    ):
        assert said in folder.output, said
    # The variable itself was given in clear; what the files hold shows nowhere.
    shown = [line for line in folder.output.splitlines() if SECRET[-20:] in line and "more" not in line]
    assert shown == []


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


def test_a_list_with_dates_passes_the_roles(folder: Folder) -> None:
    """Before core 2.19 a templated list that holds a date is text; the roles hand it on and the action reads it."""
    tasks: list[dict[str, Any]] = []
    for role in ("integration_users", "oauth2_grants"):
        use = {"ansible.builtin.include_role": {"name": f"integrations.workiva.{role}"}}
        values = {"project": str(folder.project), "integrations": "{{ given }}", "only": ["nobody"]}
        use["vars"] = {f"{role}_{name}": value for name, value in values.items()}
        tasks.append({"block": [use], "rescue": [{"name": "Go on", "ansible.builtin.debug": {"msg": "It failed."}}]})
    play = {"name": "Roles", "hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    played = run_playbook([play], "-e", f"@{folder.where}/vars.yml", folder=folder.where)
    assert played.count("rescued") == 2
    assert played.output.count("workiva_only: there is no integration of this name. Declared: hr, listed.") >= 2
