# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module integration_users and organization_info, run by ansible-playbook against the simulator, in both forms."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.integration._target import other_python as another
from tests.integration._users_support import REPOSITORY, Organization, started

PAYROLL: dict[str, Any] = {
    "username": "payroll-sync@example.com",
    "email": "payroll-sync@example.com",
    "given_name": "Payroll",
    "family_name": "Sync (integration)",
    "sign_in": "password",
    "workspaces": [
        {"name": "sec filing", "roles": ["PROFESSIONAL"], "groups": ["data LOADERS"]},
        {"name": "ESG Reporting", "roles": ["Viewer"]},
    ],
}
STEPS = [
    "create the user 'payroll-sync@example.com'",
    "add to the workspace 'SEC Filing', with a welcome e-mail",
    "set the roles in the workspace 'SEC Filing' to exactly 'Professional'",
    "add to the group 'Data loaders' in the workspace 'SEC Filing'",
    "add to the workspace 'ESG Reporting'",
    "set the roles in the workspace 'ESG Reporting' to exactly 'Viewer'",
]
GONE = {"username": PAYROLL["username"], "state": "absent"}


@dataclass
class Runner:
    """Runs one task of the collection in a play of its own, as a user would, and reads its result."""

    organization: Organization
    folder: Path
    interpreter: str | None = None
    output: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def task(self, module: str, check: bool = False, diff: bool = False, **arguments: Any) -> dict[str, Any]:
        play = {
            "name": "One task",
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": {"group/integrations.workiva.workiva": self.organization.connection},
            "tasks": [
                {
                    "name": "The task",
                    f"integrations.workiva.{module}": arguments,
                    "register": "outcome",
                    "ignore_errors": True,
                },
                {
                    "name": "Its result",
                    "ansible.builtin.debug": {"msg": "RESULT:{{ outcome | to_json | b64encode }}:"},
                },
            ],
        }
        playbook = self.folder / "play.yml"
        playbook.write_text(json.dumps([play]), encoding="utf-8")
        inventory = self.folder / "hosts.json"
        interpreter = self.interpreter or "{{ ansible_playbook_python }}"
        host = {"ansible_connection": "local", "ansible_python_interpreter": interpreter}
        inventory.write_text(json.dumps({"all": {"hosts": {"localhost": host}}}), encoding="utf-8")
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), str(playbook)]
        ran = subprocess.run(
            command + ["--check"] * check + ["--diff"] * diff,
            env={**os.environ, **self.environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        self.output = ran.stdout + ran.stderr
        assert ran.returncode == 0, self.output
        assert "[WARNING]" not in self.output, self.output
        assert "[DEPRECATION" not in self.output, self.output
        result = base64.b64decode(self.output.split("RESULT:")[1].split(":")[0]).decode()
        assert self.organization.connection["client_secret"] not in self.output + result
        outcome: dict[str, Any] = json.loads(result)
        return outcome

    def users(self, *users: dict[str, Any], **rest: Any) -> dict[str, Any]:
        return self.task("integration_users", users=list(users), **rest)

    def info(self, **rest: Any) -> dict[str, Any]:
        return self.task("organization_info", **rest)


@pytest.fixture(scope="module")
def other_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Another interpreter: where it is the target's, the module runs and not its twin."""
    return another(tmp_path_factory.mktemp("python"))


@pytest.fixture
def organization(tmp_path: Path) -> Iterator[Organization]:
    with started(tmp_path / "simulator") as organization:
        yield organization


@pytest.fixture(params=["in_process", "module"])
def runner(request: pytest.FixtureRequest, organization: Organization, tmp_path: Path, other_python: str) -> Runner:
    root = tmp_path / "ansible_collections" / "integrations"
    root.mkdir(parents=True)
    (root / "workiva").symlink_to(REPOSITORY)
    environment = {
        "ANSIBLE_COLLECTIONS_PATH": str(tmp_path),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ANSIBLE_NOCOLOR": "true",
    }
    interpreter = other_python if request.param == "module" else None
    return Runner(organization, tmp_path, interpreter, environment=environment)


def test_the_life_of_a_user(runner: Runner) -> None:
    """Check, create, idempotence, update, diff, absent, absent again, delete, delete again."""
    predicted = runner.users(PAYROLL, check=True)
    assert predicted["changed"]
    assert predicted["users"][0]["steps"] == STEPS
    assert predicted["users"][0]["id"] is None
    assert runner.info(users=[PAYROLL["username"]])["users"] == []

    created = runner.users(PAYROLL, diff=True)
    [user] = created["users"]
    assert user["steps"] == STEPS
    assert user["status"] == "active"
    assert user["error"] is None
    assert created["diff"] == predicted["diff"]
    assert "+  workspaces" in runner.output or "Data loaders" in runner.output
    assert runner.organization.mails() == [user["id"]]

    again = runner.users(PAYROLL)
    assert not again["changed"]
    assert again["users"][0]["steps"] == []
    assert again["requests_sent"] == 12

    assert not runner.users(PAYROLL, check=True)["changed"]

    [seen] = runner.info(users=[PAYROLL["username"].upper()])["users"]
    assert seen["workspaces"] == [
        {"name": "ESG Reporting", "roles": ["Viewer"], "groups": ["All Users"]},
        {"name": "SEC Filing", "roles": ["Professional"], "groups": ["All Users", "Data loaders"]},
    ]
    assert seen["looks_like_integration"]

    update = {
        **PAYROLL,
        "display_name": "Payroll sync",
        "organization_roles": ["Org User Admin"],
        "workspaces": [{"name": "SEC Filing", "roles": ["Editor"], "groups": [], "groups_mode": "exact"}],
    }
    updated = runner.users(update, diff=True)
    assert updated["users"][0]["steps"] == [
        "set display_name to 'Payroll sync'",
        "give the role 'Editor' in the workspace 'SEC Filing'",
        "take the role 'Professional' in the workspace 'SEC Filing'",
        "remove from the group 'Data loaders' in the workspace 'SEC Filing'",
        "give the organization role 'Org User Admin'",
    ]
    assert [(item["kind"], item["workspace"], item["roles"]) for item in updated["users"][0]["surplus"]] == [
        ("workspace", "ESG Reporting", ["Viewer"])
    ]
    assert not runner.users(update)["changed"]

    leaving = runner.users(GONE, check=True)
    left = runner.users(GONE)
    assert left["users"][0]["steps"] == leaving["users"][0]["steps"]
    assert left["users"][0]["status"] == "suspended"
    assert not runner.users(GONE)["changed"]
    [seen] = runner.info(users=[PAYROLL["username"]])["users"]
    assert seen["workspaces"] == []

    delete = {**GONE, "delete": True}
    assert runner.users(delete)["changed"]
    assert not runner.users(delete)["changed"]
    assert runner.info(users=[PAYROLL["username"]])["users"] == []


def test_missing_and_wrong_arguments(runner: Runner) -> None:
    assert "users" in runner.task("integration_users")["msg"]
    twice = runner.users({"username": "a@example.com"}, {"username": "A@example.com"})
    assert twice["failed"]
    assert "declared twice" in twice["msg"]
    assert twice["error"]["kind"] == "InvalidArgument"
    unknown = runner.info(workspaces=["SEC Filling"])
    assert "nearest first: 'SEC Filing'" in unknown["msg"]


def test_one_bad_user_stops_no_other(runner: Runner) -> None:
    bad = {"username": "bad@example.com", "workspaces": [{"name": "SEC Filing", "roles": ["Proffesional"]}]}
    reported = runner.users(bad, PAYROLL, on_item_error="report")
    assert not reported.get("failed")
    assert reported["users"][0]["error"]["code"] == "unknown_name"
    assert "nearest first: 'Professional'" in reported["users"][0]["error"]["msg"]
    assert reported["users"][0]["steps"] == []
    assert reported["users"][1]["steps"] == STEPS
    failed = runner.users(bad, PAYROLL)
    assert failed["failed"]
    assert failed["msg"].startswith("1 of 2 users")
    assert "bad@example.com" in failed["msg"]
    assert [user["username"] for user in runner.info(gather=["users"])["users"]].count("bad@example.com") == 0


def test_a_user_of_several_organizations_stays_active(runner: Runner) -> None:
    runner.users(PAYROLL)
    runner.organization.belongs_elsewhere(PAYROLL["username"])
    [user] = runner.users(GONE)["users"]
    assert user["status"] == "active"
    assert "several organizations" in user["notes"][0]


@pytest.mark.once
@pytest.mark.parametrize("runner", ["in_process"], indirect=True)
@pytest.mark.parametrize(
    ("switch", "answer"),
    [
        ("default_roles", "Viewer"),
        ("new_user_status", "active"),
        ("next_link", "path"),
        ("accepted_body", "operationLocation"),
        ("report_role_names", "short"),
        ("deleted_user", "keeps"),
        ("user_fields", "all"),
        ("token_form", "opaque"),
    ],
)
def test_whatever_the_platform_does_where_it_is_not_known(
    organization: Organization, runner: Runner, switch: str, answer: str
) -> None:
    organization.switch(switch, answer)
    predicted = runner.users(PAYROLL, check=True)
    done = runner.users(PAYROLL)
    assert predicted["users"][0]["steps"] == done["users"][0]["steps"] == STEPS
    assert not runner.users(PAYROLL)["changed"]
    if switch in ("new_user_status", "deleted_user"):
        runner.users({**GONE, "delete": True})
        assert not runner.users({**GONE, "delete": True})["changed"]
        assert organization.count("membership", user=done["users"][0]["id"]) == 0


WRITES = [
    "503:method=POST,path=*/users",
    "cut:after=yes,method=POST,path=*/users",
    "cut:before=yes,method=POST,path=*/users",
    "cut:after=yes,method=POST,path=*/membershipCreation",
    "cut:before=yes,method=POST,path=*/membershipCreation",
    "cut:after=yes,method=POST,path=*/assignment",
    "cut:after=yes,method=POST,path=*/modification",
    "429:count=2",
    "500:method=GET,count=2",
    "token_dies:method=POST,path=*/users",
    "page_shift:method=GET,path=*/users",
]


@pytest.mark.once
@pytest.mark.parametrize("runner", ["in_process"], indirect=True)
@pytest.mark.parametrize("fault", WRITES)
def test_no_fault_makes_a_second_user(organization: Organization, runner: Runner, fault: str) -> None:
    organization.fault(fault)
    done = runner.users(PAYROLL)
    assert done["users"][0]["error"] is None
    assert organization.count("user", username=PAYROLL["username"]) == 1
    (user,) = organization.state.all("user", username=PAYROLL["username"])
    assert organization.count("membership", user=user["id"]) == 2
    assert organization.mails() == [user["id"]]
    assert not runner.users(PAYROLL)["changed"]


@pytest.mark.parametrize("runner", ["in_process"], indirect=True)
def test_a_failed_operation_fails_the_user_and_the_next_run_finishes_it(
    organization: Organization, runner: Runner
) -> None:
    organization.fault("operation_fails:method=POST,path=*/roles/assignment")
    failed = runner.users(PAYROLL)
    assert failed["failed"]
    assert failed["changed"]
    [user] = failed["users"]
    assert user["error"]["kind"] == "OperationFailed"
    assert user["steps"] == STEPS[:2]
    finished = runner.users(PAYROLL)
    assert finished["users"][0]["error"] is None
    assert not runner.users(PAYROLL)["changed"]


def test_the_form_is_the_one_that_the_interpreter_says(runner: Runner) -> None:
    """The action twin runs in Ansible's own process; the module is sent to the other interpreter."""
    runner.environment["ANSIBLE_VERBOSITY"] = "3"
    runner.info(gather=["organization"])
    task = runner.output.partition("TASK [The task]")[2].partition("TASK [Its result]")[0]
    assert ("EXEC" in task) == (runner.interpreter is not None)


def test_the_permissions_of_a_file(runner: Runner) -> None:
    """Check, give, idempotence, change, exact, take away, take away again; by a grant for files, and by one that finds names."""
    from workiva_simulator import rules

    organization, state = runner.organization, runner.organization.state
    (file,) = state.all("file")
    automation = rules.user_by_name(state, "workiva-automation@example.com") or {}
    owner = {"permission": rules.permission_id("Owner"), "principal": automation["id"]}
    (workspace,) = state.all("workspace", name="SEC Filing")
    fields = {"client_name": "files", "username": automation["username"], "expires": "2999-12-31"}
    scopes = ["file:read", "file:write", "organization:read"]
    with state.transaction():
        state.put("file", {**file, "permissions": [*file["permissions"], owner]})
        grant, secret = rules.create_grant(state, {**fields, "workspace": workspace["id"], "scopes": scopes})
    organization.connection.update(client_id=grant["client_id"], client_secret=secret)

    def bring(permission: str | None = "viewer", mode: str = "add", **how: Any) -> dict[str, Any]:
        state = "present" if permission else "absent"
        olivia = {"user": "Olivia.Admin@example.com", "permission": permission, "state": state}
        loaders = {"group": "data loaders", "permission": "Viewer"}
        people = [{"user": name, "permission": "Owner"} for name in (automation["username"], "anna.k@example.com")]
        wanted = {
            "file": file["id"],
            "workspace": "sec filing",
            "permissions": [olivia, loaders, *people],
            "mode": mode,
        }
        return runner.task("file_permissions", files=[wanted], **how)

    def held() -> list[tuple[str, str]]:
        [found] = state.all("file")
        names = {
            **{user["id"]: user["username"] for user in state.all("user")},
            **{g["id"]: g["name"] for g in state.all("group")},
        }
        pairs = [
            (names[item["principal"]], rules.PERMISSION_NAMES[item["permission"]]) for item in found["permissions"]
        ]
        return sorted(pair for pair in pairs if pair[1] != "Owner")

    predicted = bring(check=True)
    assert held() == []
    done = bring(diff=True)
    steps = ["give Viewer to the user 'Olivia.Admin@example.com'", "give Viewer to the group 'data loaders'"]
    assert predicted["files"][0]["steps"] == done["files"][0]["steps"] == steps
    assert predicted["diff"] == done["diff"]
    assert held() == [("Data loaders", "Viewer"), ("olivia.admin@example.com", "Viewer")]
    assert not bring()["changed"]
    assert not bring(check=True)["changed"]
    changed = bring("Editor")
    assert changed["files"][0]["steps"] == [
        "give Editor to the user 'Olivia.Admin@example.com' in place of Viewer",
    ]
    assert changed["files"][0]["surplus"] == []
    (all_users,) = state.all("group", workspace=workspace["id"], name="All Users")
    [now] = state.all("file")
    extra = {"permission": rules.permission_id("Viewer"), "principal": all_users["id"]}
    state.put("file", {**now, "permissions": [*now["permissions"], extra]})
    assert bring("Editor")["files"][0]["surplus"] != []
    assert bring("Editor", mode="exact")["changed"]
    assert ("All Users", "Viewer") not in held()
    assert bring(None)["changed"]
    assert held() == [("Data loaders", "Viewer")]
    assert not bring(None)["changed"]
    refused = runner.task("file_permissions", files=[{"file": file["id"], "permissions": [{"permission": "Viewer"}]}])
    assert refused["failed"]
    assert "one of the following is required: user, group" in refused["msg"]
