# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._rehearsal.plan import ADMINISTRATOR, plan
from tests._declared import in_text

SIMULATOR = {
    "ca_path": "/s/ca.pem",
    "connect_to": ["api.app.wdesk.com:443:127.0.0.1:9", "api.eu.wdesk.com:443:127.0.0.1:9"],
}
SETTINGS = """
workiva:
  region: eu
  organization_id: o
  proxy: http://proxy.example.com
  ca_path: corporate.pem
  defaults: {owner: !unsafe 'a {{ b }}', custodian: "{{ someone }}"}
"""


def grant(**fields: Any) -> dict[str, Any]:
    plain = {"username": "sync@example.com", "workspace": "Filing", "scopes": ["file:read"], "expires": None}
    return {"integration": "sync", "grant": "main", **plain, **fields}


USER = {"integration": "sync", "username": "sync@example.com", "custodian": "", "sign_in": "password"}
USER |= {"state": "present", "delete_user": False}


def project(**fields: Any) -> LoadedProject:
    access = {"name": "Filing", "roles": ["Editor"], "groups": ["Loaders"]}
    folder = "/srv/workiva"
    return LoadedProject.of(
        in_text(
            {
                "project": folder,
                **{name: f"{folder}/{name}" for name in ("credentials", "journal", "work_orders")},
                "administration": "writer",
                "administration_scopes": {},
                "run": {},
                "connection": {"organization_id": "o"},
                "administrator_grants": [grant(username="admin@example.com", scopes=["organization:write"])],
                "users": [{**USER, "workspaces": [access]}],
                "grants": [grant()],
                **fields,
            }
        )
    )


def settings(text: str = SETTINGS, **fields: Any) -> dict[str, Any]:
    written = plan(project(**fields), text, None, SIMULATOR).settings
    found: dict[str, Any] = yaml.safe_load(written.replace("!unsafe ", ""))["workiva"]
    return found


def test_the_settings_lead_to_the_simulator_and_keep_everything_else() -> None:
    found = settings()
    assert (found["connect_to"], found["ca_path"]) == (SIMULATOR["connect_to"], SIMULATOR["ca_path"])
    assert "proxy" not in found
    assert found["defaults"] == {"owner": "a {{ b }}", "custodian": "{{ someone }}"}
    written = plan(project(), SETTINGS, None, SIMULATOR).settings
    assert "!unsafe 'a {{ b }}'" in written
    assert "!unsafe '{{ someone" not in written


def test_copies_of_certificates_are_kept_in_the_folder_and_no_mail_is_sent() -> None:
    more = """
  certificate_notice: {to: x@example.com}
  certificates:
    api: {path: /etc/x.pem, hosts: etl, owner: root, group: root, reload: [x], upcoming: y, content: chain, mode: "0600"}
    eu: {path: /etc/y.pem, server: api.eu.wdesk.com, trusted_fingerprints: [z], ca_path: /etc/ca}
    sign_in: {path: /etc/z.pem, server: login.example.com}
    other: {path: /etc/z.pem, port: 8443}
"""
    found = settings(SETTINGS + more.lstrip("\n"))
    assert found["certificates"] == {
        "api": {"path": "certificates/api.pem", "content": "chain", "mode": "0600"},
        "eu": {"path": "certificates/eu.pem", "server": "api.eu.wdesk.com"},
    }
    assert "certificate_notice" not in found
    notes = " ".join(plan(project(), SETTINGS + more.lstrip("\n"), None, SIMULATOR).notes)
    for word in ("certificate_notice", "sign_in", "login.example.com:443", "other", "8443"):
        assert word in notes
    assert settings(SETTINGS + '  certificates: "{{ all_of_them }}"\n')["certificates"] == {}


def test_an_address_that_is_not_played_gives_way_to_a_region() -> None:
    kept = settings(SETTINGS.replace("region: eu", "api_url: https://api.eu.wdesk.com"))
    assert (kept.get("api_url"), kept.get("region")) == ("https://api.eu.wdesk.com", None)
    replaced = settings(SETTINGS.replace("region: eu", "api_url: https://gateway.example.com/workiva"))
    assert (replaced.get("api_url"), replaced.get("region")) == (None, "us")


def test_administrator_of_the_environment_is_replaced_by_an_invented_one() -> None:
    found = settings(administrator_grants=[])
    assert found["administrator"]["workspace"] == "Filing"
    seeded = {
        user["username"] for user in plan(project(administrator_grants=[]), SETTINGS, None, SIMULATOR).seed["users"]
    }
    assert found["administrator"]["username"] in seeded
    assert "administrator" not in settings(administration="none", administrator_grants=[])


@pytest.mark.parametrize(
    ("ends", "today"),
    [([None], "2026-01-15"), (["2027-06-30", None, "2026-12-31"], "2026-10-02"), (["2019-01-31"], "2018-11-02")],
)
def test_the_date_is_before_every_declared_end(ends: list[str | None], today: str) -> None:
    grants = [grant(expires=end) for end in ends]
    assert plan(project(grants=grants), SETTINGS, None, {}).today == today


def test_the_organization_has_the_names_of_discover_and_no_others() -> None:
    names = {"organization_roles": ["Org User Admin"], "workspaces": {"FILING": {"roles": ["Viewer"], "groups": None}}}
    seed = plan(project(), SETTINGS, names, {}).seed
    assert seed["workspaces"] == [{"name": "FILING", "usual_roles": False, "roles": ["Viewer"], "groups": []}]
    # The user of the integration is made by onboard; those whom the project names are there.
    assert [user["username"] for user in seed["users"]] == [ADMINISTRATOR, "admin@example.com"]
    assert seed["users"][1]["workspaces"] == {"FILING": {}}
    with pytest.raises(ValueError, match="workspaces"):
        plan(project(), SETTINGS, {"organization_roles": []}, {})


def test_organization_without_names_has_what_is_declared_and_a_note() -> None:
    planned = plan(project(grants=[grant(workspace="Other", scopes=["odd:scope"])]), SETTINGS, None, {})
    assert planned.seed["workspaces"] == [
        {"name": "Filing", "roles": ["Editor"], "groups": ["Loaders"]},
        {"name": "Other", "roles": [], "groups": []},
    ]
    assert "odd:scope" in planned.seed["scopes"]
    assert "organization.yml" in planned.notes[0]
    nothing = project(users=[], grants=[], administrator_grants=[])
    with pytest.raises(ValueError, match="workspace"):
        plan(nothing, SETTINGS, None, {})


def test_files_are_there_with_their_owners_and_a_user_from_elsewhere_with_its_id() -> None:
    permissions = [
        {"user": "sync@example.com", "permission": "Editor", "state": "present"},
        {"user": "Kim@example.com", "permission": "Viewer", "state": "present"},
    ]
    file = {"workspace": "filing", "file": "f1", "file_owner": "anna@example.com", "permissions": permissions}
    users = [{**USER, "id": "far", "given_name": "S", "workspaces": [{"name": "Filing"}]}]
    keeper = grant(username="files@example.com", workspace="Filing")
    planned = plan(project(files=[file], users=users, file_administrator_grants=[keeper]), SETTINGS, None, {})
    (seeded,) = planned.seed["files"]
    assert (seeded["id"], seeded["workspace"]) == ("f1", "Filing")
    assert seeded["permissions"] == {"users": {"anna@example.com": "Owner", "files@example.com": "Owner"}}
    people = {user["username"]: user for user in planned.seed["users"]}
    assert people["Kim@example.com"]["workspaces"] == {"Filing": {}}
    assert (people["sync@example.com"]["id"], people["sync@example.com"]["elsewhere"]) == ("far", True)
    (alone,) = plan(project(files=[{**file, "file_owner": ""}]), SETTINGS, None, {}).seed["files"]
    assert alone["permissions"] == {"users": {ADMINISTRATOR: "Owner"}}
