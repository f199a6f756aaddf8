# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that are given a loaded project: they decrypt its stored credentials themselves, and show them nowhere."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from tests._declared import in_text, loaded_project, out_of_text
from tests._organization import AUTOMATION, Organization
from tests._tunnel import refusing_proxy
from tests.core._actions import Actions
from workiva_simulator import rules

LOGIN = "Canary%40login"


def administrator_grant(name: str) -> dict[str, Any]:
    return {
        "integration": "administrator",
        "grant": name,
        "workspace": "SEC Filing",
        "username": AUTOMATION,
        "scopes": ["organization:read", "organization:write"],
    }


def file_administrator(workspace: str, name: str = "filing") -> dict[str, Any]:
    return {**administrator_grant(name), "integration": "file-administrator", "workspace": workspace}


def project_of(organization: Organization, actions: Actions, folder: Path, **changes: Any) -> dict[str, Any]:
    """A loaded project whose vault file holds the organization's grant, as the administrator's and as a file administrator's."""
    pair = {name: organization.connection[name] for name in ("client_id", "client_secret")}
    files = organization.create_grant(scopes=["file:read", "file:write"])
    text = ["---", "workiva_credentials:"]
    for integration, grant, held in (("administrator", "organization", pair), ("file-administrator", "filing", files)):
        secret = actions.encrypt(held["client_secret"]).replace("\n", "\n        ").strip()
        text += [f"  {integration}:", f"    {grant}:", f"      client_id: {held['client_id']}"]
        text += ["      client_secret: !vault |", f"        {secret}"]
    (folder / "credentials.yml").write_text("\n".join(text) + "\n")
    connection = {
        name: value for name, value in organization.connection.items() if name not in ("client_id", "client_secret")
    }
    declared = {
        "administrator_grants": [administrator_grant("organization")],
        "integrations": ["payroll-sync"],
        "users": [],
        "files": [],
        "file_administrator_grants": [file_administrator("sec filing")],
        **changes,
    }
    return loaded_project(folder, connection, **declared)


USER = {
    "custodian": "anna.k@example.com",
    "sign_in": "sso",
    "state": "present",
    "delete_user": False,
    "integration": "payroll-sync",
    "username": "payroll-sync@example.com",
    "email": "payroll-sync@example.com",
    "given_name": "Payroll",
    "family_name": "Sync",
    "workspaces": [{"name": "SEC Filing", "roles": ["Professional"]}],
}


FILE_FIELDS = {"about": None, "file_owner": "anna.k@example.com", "asked_by": "", "purpose": "", "exclusive": False}


def test_a_task_with_a_project_uses_its_stored_credentials(
    organization: Organization, actions: Actions, tmp_path: Path
) -> None:
    project = project_of(organization, actions, tmp_path)
    found = actions("organization_info", {"project": project, "gather": ["workspaces"]})
    assert "SEC Filing" in [workspace["name"] for workspace in found["workspaces"]], found
    # An option that is given wins.
    wrong = {"client_id": "0" * 32, "client_secret": "wk_secret:oa2c:" + "x" * 24}
    refused = actions("organization_info", {"project": project, **wrong})
    assert refused["failed"]


def test_organization_is_not_read_before_the_administrator_grant_has_credentials(
    organization: Organization, actions: Actions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_of(organization, actions, tmp_path)
    (tmp_path / "credentials.yml").unlink()
    asked = {"project": project, "gather": ["workspaces"]}
    before = organization.requests()
    assert actions("organization_info", asked)["msg"] == (
        "There are no credentials of the administrator grant yet, so nothing can be read or changed. Nothing was sent. Run onboard, "
        "which opens the work order for the grant, and then handover."
    )
    assert organization.requests() == before
    # Those of the environment are used, also by halves: what is missing is said.
    monkeypatch.setenv("WORKIVA_CLIENT_ID", organization.connection["client_id"])
    assert "are required together: client_id, client_secret" in actions("organization_info", asked)["msg"]
    monkeypatch.setenv("WORKIVA_CLIENT_SECRET", organization.connection["client_secret"])
    assert actions("organization_info", asked)["workspaces"]


@pytest.mark.parametrize("task", ["integration_users", "file_permissions"])
def test_role_that_is_used_before_the_administrator_grant_has_credentials_names_the_work_order(
    organization: Organization, actions: Actions, tmp_path: Path, task: str
) -> None:
    file = {"file": "f", "workspace": "SEC Filing", "integration": "payroll-sync", "permissions": []}
    project = project_of(organization, actions, tmp_path, users=[USER], files=[{**FILE_FIELDS, **file}])
    (tmp_path / "credentials.yml").unlink()
    before = organization.requests()
    result = actions(task, {"project": project})
    assert result["msg"].startswith("There are no credentials of the administrator grant yet")
    assert "Run onboard, which opens the work order for the grant, and then handover." in result["msg"]
    assert organization.requests() == before
    # Where people make all changes nothing is read.
    assert not actions(task, {"project": {**project, "administration": "none"}}).get("failed")


def test_users_of_a_project_are_created_and_recorded(
    organization: Organization, actions: Actions, tmp_path: Path
) -> None:
    project = project_of(organization, actions, tmp_path, users=[USER])
    assert actions("integration_users", {"project": project}, check_mode=True)["changed"]
    assert organization.writes() == []
    assert actions("integration_users", {"project": project})["changed"]
    assert (tmp_path / "journal" / "payroll-sync.jsonl").exists()
    assert not actions("integration_users", {"project": project})["changed"]


@pytest.mark.parametrize(
    ("task", "use", "choices"),
    [
        ("integration_users", "none", "read or write"),
        ("organization_info", "none", "read or write"),
        ("file_permissions", "all", "read, write or none"),
    ],
)
def test_use_that_a_task_does_not_take_is_refused(
    organization: Organization, actions: Actions, tmp_path: Path, task: str, use: str, choices: str
) -> None:
    """Without a grant of the project, credentials of the environment would be used, and users changed with them."""
    project = project_of(organization, actions, tmp_path, users=[USER])
    found = actions(task, {"project": project, "use": use})
    assert (found.get("failed"), found["msg"]) == (True, f"use must be {choices}.")


@pytest.mark.parametrize("administration", ["reader", "none"])
def test_users_that_people_change_are_only_compared(
    organization: Organization, actions: Actions, tmp_path: Path, administration: str
) -> None:
    project = project_of(organization, actions, tmp_path, users=[USER], administration=administration)
    found = actions("integration_users", {"project": project})
    assert not found["changed"]
    assert bool(found["users"]) == (administration == "reader")
    assert all(user["plan"] for user in found["users"])
    assert organization.writes() == []
    assert not (tmp_path / "journal").exists()


def test_files_of_a_project_get_their_permissions(organization: Organization, actions: Actions, tmp_path: Path) -> None:
    (file, *_others) = organization.state.all("file")
    (automation,) = organization.state.all("user", username=AUTOMATION)
    owner = {"permission": rules.permission_id("Owner"), "principal": automation["id"]}
    organization.state.put("file", {**file, "permissions": [*file["permissions"], owner]})
    workspace = organization.state.one("workspace", file["workspace"])["name"]
    declared = {
        "file": file["id"],
        "workspace": workspace.upper(),
        "integration": "payroll-sync",
        "about": None,
        "file_owner": "anna.k@example.com",
        "asked_by": "",
        "purpose": "",
        "exclusive": False,
        "permissions": [{"user": "anna.k@example.com", "permission": "Viewer", "state": "present"}],
    }
    grants = [file_administrator(workspace)]
    project = project_of(organization, actions, tmp_path, files=[declared], file_administrator_grants=grants)
    found = actions("file_permissions", {"project": project}, check_mode=True, diff=True)
    assert [(one["changed"], one["error"]) for one in found["files"]] == [(True, None)], found
    assert organization.writes() == []
    assert list(found["names"]["users"]) == ["anna.k@example.com"]
    # Whoever has an undeclared permission is named too, also where it is removed.
    assert [one["name"] for one in found["files"][0]["excess_access"]] == [AUTOMATION]
    assert found["diff"]["after"] != found["diff"]["before"]
    # Without the stored credentials of its file administrator a workspace is left alone.
    grants = [file_administrator(workspace, "other")]
    other = in_text({**out_of_text(project), "file_administrator_grants": grants})
    assert actions("file_permissions", {"project": other})["files"] == []
    assert actions("file_permissions", {"project": project, "use": "none"})["names"] == {}


def test_own_user_of_an_integration_is_known_by_the_id_in_its_journal(
    organization: Organization, actions: Actions, tmp_path: Path
) -> None:
    """Somebody renamed the account in Workiva, and later another account got its former name."""
    (file, *_others) = organization.state.all("file")
    (automation,) = organization.state.all("user", username=AUTOMATION)
    (anna,) = organization.state.all("user", username="anna.k@example.com")
    owner = {"permission": rules.permission_id("Owner"), "principal": automation["id"]}
    organization.state.put("file", {**file, "permissions": [*file["permissions"], owner]})
    workspace = organization.state.one("workspace", file["workspace"])["name"]
    own = {"user": "payroll-sync@example.com", "permission": "Viewer", "state": "present"}
    declared = {
        **{
            "file": file["id"],
            "workspace": workspace,
            "integration": "payroll-sync",
            "about": None,
            "exclusive": False,
        },
        **{"file_owner": "", "asked_by": "", "purpose": "", "permissions": [own]},
    }
    grants = [file_administrator(workspace)]
    project = project_of(
        organization, actions, tmp_path, users=[USER], files=[declared], file_administrator_grants=grants
    )
    Journal(str(tmp_path / "journal"), "payroll-sync").append(
        {"grant": "user", "event": "created", "username": "payroll-sync@example.com", "id": anna["id"]}
    )
    found = actions("file_permissions", {"project": project}, check_mode=True)["files"][0]
    assert (found["error"], found["steps"]) == (
        None,
        ["give Viewer to the user 'payroll-sync@example.com' in place of Owner"],
    )
    assert anna["id"] in [one["id"] for one in found["permissions"]]
    organization.state.put("user", {**automation, "id": "another", "username": "payroll-sync@example.com"})
    found = actions("file_permissions", {"project": project})["files"][0]
    assert found["error"]["code"] == "other_account"
    assert organization.writes() == []


def test_stored_credentials_need_the_password_of_the_run(
    organization: Organization, actions: Actions, tmp_path: Path
) -> None:
    project = project_of(organization, actions, tmp_path)
    actions.vault_passwords = {"other": "another password", "third": "a third password"}
    wrong = actions("organization_info", {"project": project})
    assert wrong["failed"]
    assert "workiva_credentials.administrator.organization.client_secret (line 6)" in wrong["msg"]
    actions.vault_passwords = {}
    without = actions("organization_info", {"project": project})
    assert "no vault password, so that the stored credentials cannot be decrypted" in without["msg"]
    assert organization.requests() == []


def test_several_vault_ids_decrypt_without_a_choice(
    organization: Organization, actions: Actions, tmp_path: Path
) -> None:
    project = project_of(organization, actions, tmp_path)
    actions.vault_passwords = {"other": "another password", **actions.vault_passwords}
    assert not actions("organization_info", {"project": project, "gather": ["organization"]}).get("failed")


def test_the_login_of_a_proxy_is_used_and_not_shown(
    organization: Organization, actions: Actions, tmp_path: Path
) -> None:
    project = project_of(organization, actions, tmp_path)
    project["connection"].pop("connect_to")
    project["connection"]["retries"] = 0
    with refusing_proxy() as (port, asked):
        settings = {"workiva": {"proxy": f"http://robot:{LOGIN}@127.0.0.1:{port}"}}
        (tmp_path / "workiva.yml").write_text(yaml.safe_dump(settings))
        project["connection"]["proxy"] = "http://127.0.0.1"
        login = base64.b64encode(b"robot:Canary@login")
        actions.secrets += [LOGIN, "Canary@login", login.decode()]
        found = actions("organization_info", {"project": project})
    assert found["failed"]
    assert login in asked[0]


def test_a_project_must_be_loaded(actions: Actions) -> None:
    refused = actions("organization_info", {"project": "/somewhere"})
    assert (
        "project must be the value workiva that the task integrations.workiva.integrations returned" in refused["msg"]
    )
