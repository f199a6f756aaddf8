# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated API, driven by a client that was generated from the contract."""

from __future__ import annotations

import importlib
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.api._attempt import Try
from tests.simulator.api._file_answers import Shelf
from tests.simulator.api._running import Simulator
from workiva_simulator import rules


def generated_client() -> Any:
    """The independent client. It takes seconds to import, and two tests need it."""
    return importlib.import_module("openapi_client")


def configured(simulator: Simulator, token: str) -> Any:
    facts = simulator.facts
    configuration = generated_client().Configuration(
        host=f"https://localhost:{facts['port']}", ssl_ca_cert=facts["ca_path"]
    )
    configuration.access_token = token
    return generated_client().ApiClient(configuration)


@pytest.fixture
def admin(simulator: Simulator) -> Iterator[tuple[Simulator, Any]]:
    with configured(simulator, simulator.token().json()["access_token"]) as client:
        yield simulator, client


def test_the_generated_client_goes_through_the_admin_surface(admin: tuple[Simulator, Any]) -> None:
    simulator, client = admin
    openapi_client = generated_client()
    organization = uuid.UUID(simulator.facts["organization_id"])
    # Every field is optional in the contract, hence in the generated types: what is there, the asserts say.
    api: Any = openapi_client.AdminApi(client)
    activity_api: Any = openapi_client.ActivitiesApi(client)
    reports: Any = openapi_client.ReportsApi(client)
    assert api.get_organization_by_id(organization).name == "Example Corporation"
    renamed = openapi_client.JSONPatchOperation(op="replace", path="/name", value="Renamed")
    assert api.partially_update_organization_by_id(organization, [renamed]).name == "Renamed"
    roles = {role.name: role.id for role in api.get_organization_roles(organization).data}
    workspace = api.create_workspace(organization, openapi_client.Workspace(name="New Workspace"))
    assert workspace.id in [item.id for item in api.get_workspaces(organization).data]
    solution = api.get_organization_solutions(organization).data[0]
    solved = api.create_workspace(organization, openapi_client.Workspace(name="Solved", solutions=[solution]))
    assert [item.id for item in api.get_workspace_solutions(organization, solved.id).data] == [solution.id]
    assert api.get_workspace_solutions_by_id(organization, solved.id, solution.id).name == solution.name
    assert api.get_organization_workspace_roles(organization, solved.id).data
    assert api.get_workspace_by_id(organization, workspace.id).name == "New Workspace"
    assert api.partially_update_workspace_by_id(organization, workspace.id, [renamed]).name == "Renamed"
    where = simulator.workspace["id"]
    user = api.create_organization_user(
        organization, openapi_client.OrganizationUser(username="bob@example.com", email="bob@example.com")
    )
    assert user.status == "suspended"
    patch = openapi_client.JSONPatchOperation(op="replace", path="/displayName", value="Bob")
    assert api.partially_update_organization_user_by_id(organization, user.id, [patch]).display_name == "Bob"
    assert api.get_organization_user_by_id(organization, user.id).username == "bob@example.com"
    api.assign_organization_user_roles(organization, user.id, [roles["Org User Admin"]])
    held = api.get_organization_user_role_list(organization, user.id).data
    assert [role.name for role in held] == ["Org User Admin"]
    api.revoke_organization_user_roles(organization, user.id, [roles["Org User Admin"]])
    assert api.get_organization_user_role_list(organization, user.id).data == []
    membership = api.workspace_membership_creation_with_options(
        organization, where, openapi_client.WorkspaceMembershipCreation(user=user.id)
    )
    assert api.get_organization_user_by_id(organization, user.id).status == "active"
    assert api.get_workspace_membership_by_id(organization, where, membership.id).user.id == user.id
    workspace_roles = {role.name: role.id for role in api.get_organization_workspace_roles(organization, where).data}
    wanted = [workspace_roles["Professional"]]
    api.assign_workspace_membership_roles(organization, where, membership.id, wanted)
    held = api.get_organization_workspace_membership_roles(organization, where, membership.id).data
    assert [role.name for role in held] == ["Professional"]
    api.revoke_workspace_membership_roles(organization, where, membership.id, wanted)
    group = api.create_workspace_group(organization, where, openapi_client.WorkspaceGroup(name="Loaders"))
    change = openapi_client.BulkWorkspaceGroupMembersModification(toAdd=[user.id], toRemove=[])
    api.modify_workspace_group_members(organization, where, group.id, change)
    assert [item.id for item in api.get_workspace_group_members(organization, where, group.id).data] == [user.id]
    assert [item.id for item in api.get_workspace_group_by_id(organization, where, group.id, expand="x").members] == [
        user.id
    ]
    assert group.id in [item.id for item in api.get_workspace_groups(organization, where).data]
    api.partially_update_workspace_group_by_id(organization, where, group.id, [renamed])
    assert api.get_workspace_group_by_id(organization, where, group.id).member_count == 1
    api.delete_workspace_group_by_id(organization, where, group.id)
    assert user.id in [item.user.id for item in api.get_workspace_memberships(organization, where).data]
    api.delete_workspace_membership_by_id(organization, where, membership.id)
    assert api.get_organization_user_by_id(organization, user.id).status == "suspended"
    api.delete_organization_user_by_id(organization, user.id)
    assert user.id not in [item.id for item in api.get_organization_users(organization).data]
    activities = activity_api.get_organization_activities(organization).data
    assert "workspace_membership_create" in [activity.action.alias for activity in activities]
    activity = activity_api.get_organization_workspace_activities(organization, where).data[0]
    assert activity_api.get_activity_by_id(activity.id).id == activity.id
    action = activity_api.get_activity_actions().data[0]
    assert activity_api.get_activity_action_by_id(action.id).alias == action.alias
    with pytest.raises(openapi_client.ApiException, match="Managed Service Provider"):
        api.get_organizations(wk_service_provider="sp_x")
    jane = rules.create_user(simulator.state, {"username": "jane@elsewhere.example"})
    simulator.state.remove("user", jane["id"])
    simulator.state.put("elsewhere", jane)
    api.assign_user_to_organization(organization, openapi_client.OrganizationUserAssignment(user=jane["id"]))
    assert "jane@elsewhere.example" in [
        item.attributes.user_name for item in reports.get_org_report_users(organization).data
    ]
    accepted = simulator.call("POST", f"{simulator.base}/users/{jane['id']}/roles/assignment", json=[]).headers
    operation = accepted["Location"].rpartition("/")[2]
    assert openapi_client.OperationsApi(client).get_operation_by_id(operation).status == "started"
    assert openapi_client.OperationsApi(client).get_operation_by_id(operation).status == "completed"
    token = openapi_client.IAMApi(client).token_request(
        client_id=simulator.client_id, client_secret=simulator.secret, grant_type="client_credentials"
    )
    assert token.expires_in == 599


def test_the_generated_client_reads_files_and_changes_their_permissions(simulator: Simulator) -> None:
    shelf = Shelf(Try(simulator))
    shelf.person("owner", "Owner")
    reader = shelf.person("reader")
    openapi_client = generated_client()
    with configured(simulator, shelf.tokens["owner"]) as client:
        files: Any = openapi_client.FilesApi(client)
        permissions: Any = openapi_client.PermissionsApi(client)
        identifier = shelf.file["id"]
        assert files.get_file_by_id(identifier).name == "10-K"
        assert [file.id for file in files.get_files().data] == [identifier]
        names = {item.name: item.id for item in permissions.get_permissions().data}
        assert permissions.get_permission_by_id(names["Editor"]).name == "Editor"
        viewer = openapi_client.ResourcePermission(permission=names["Viewer"], principal=reader)
        editor = openapi_client.ResourcePermission(permission=names["Editor"], principal=reader)
        change = openapi_client.ResourcePermissionsModification
        files.file_permissions_modification(identifier, change(toAssign=[viewer]))
        files.file_permissions_modification(identifier, change(toAssign=[editor], toRevoke=[viewer]))
        held = {item.principal: item.permission for item in files.get_file_permissions(identifier).data}
        assert held[reader] == names["Editor"]
        documents: Any = openapi_client.DocumentsApi(client)
        assert len(documents.get_document_permissions(identifier).data) == 2
        documents.section_permissions_modification(identifier, "s1", change(toAssign=[viewer]))
        parts = documents.get_section_permissions(identifier, "s1").data
        assert {item.principal for item in parts} == {shelf.users["owner"], reader}
        with pytest.raises(openapi_client.ApiException, match="404"):
            openapi_client.SpreadsheetsApi(client).get_spreadsheet_permissions(identifier)
    assert shelf.get("reader").status_code == 200
    aliases = [activity["alias"] for activity in simulator.state.all("activity")]
    assert aliases.count("file_permissions_modify") == 3
