# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks awx and awx_credentials, run with the real modules of awx.awx against a stand-in for the controller's API, over HTTPS."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.integrations.workiva.plugins.plugin_utils._variable_table import VARIABLES
from tests._playbook import run_playbook
from tests.awx.controller import TOKEN, Controller, Served, User, render, served

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "pair": "wk_secret:oa2c:AbCdEfGhIjKlMnOpQrSt",
    "forge": "a token of the forge",
    "vault": "a password of the vault",
    "mail": "a password of the mail",
}
ORGANIZATION_ID = "d6e178fd-4dd5-47e5-9457-68dd64b03655"
GRANT = {"region": "eu", "organization_id": ORGANIZATION_ID, "client_id": "aabbcc", "client_secret": SECRETS["pair"]}
GIVEN: dict[str, Any] = {
    "awx_organization": "Finance",
    "awx_project_url": "https://git.example.com/finance/workiva.git",
    "awx_execution_environment": "registry.example.com/workiva:1",
    "awx_credentials": {
        "administrator": GRANT,
        "reader": {**GRANT, "client_id": "ddeeff"},
        "repository": {"url": "https://git.example.com/finance/workiva.git", "password": SECRETS["forge"]},
        "vault": {"vault_password": SECRETS["vault"], "vault_id": ""},
        "source": {"username": "awx", "password": SECRETS["forge"]},
    },
    "awx_custodian_teams": ["Custodians"],
    "awx_custodian_users": ["anna"],
    "awx_approver_teams": ["Approvers"],
    "awx_operator_teams": ["Operators"],
    "awx_auditor_teams": ["Auditors"],
    "awx_mail": {
        "host": "smtp.example.com",
        "username": "awx",
        "password": SECRETS["mail"],
        "use_tls": True,
        "sender": "awx@example.com",
        "recipients": ["workiva-admins@example.com"],
    },
}
CHANGED = {**GIVEN, "awx_project_branch": "live"}
# As start writes it.
HOSTS = "all: {hosts: {localhost: {ansible_connection: local, ansible_python_interpreter: '{{ ansible_playbook_python }}'}}}"
PLAYBOOKS = ("onboard.yml", "verify.yml", "offboard.yml", "discover.yml", "handover.yml", "save.yml")


@dataclass
class Run:
    """What a run printed, changed and sent."""

    output: str
    changed: int
    sent: list[tuple[str, str, Any]]


class Platform:
    """A controller, and the playbooks run on it."""

    def __init__(self, folder: Path, there: Served) -> None:
        self.folder, self.there, self.controller = folder, there, there.controller
        organization = self.controller.make("organizations", {"name": "Finance"})["id"]
        self.teams = {
            team: self.controller.make("teams", {"name": team, "organization": organization})["id"]
            for team in ("Custodians", "Approvers", "Operators", "Auditors")
        }
        self.organization = organization
        self.controller.make("users", {"username": "anna"})
        (folder / "home").mkdir()
        (folder / "hosts.yml").write_text(HOSTS)
        # A namesake elsewhere, which must be left alone.
        other = self.controller.make("organizations", {"name": "Other"})["id"]
        self.controller.make("inventories", {"name": "Workiva", "organization": other})

    def play(
        self,
        playbook: str,
        *options: str,
        warns: bool = False,
        fails: bool = False,
        token: str = TOKEN,
        **variables: Any,
    ) -> Run:
        """Runs a playbook. A warning fails the test, and so does a secret in what is printed."""
        given = self.folder / "given.json"
        given.write_text(json.dumps(variables))
        since = len(self.controller.writes)
        played = run_playbook(
            *(f"integrations.workiva.{playbook}", "-e", f"@{given}", "-vvvvv", *options),
            folder=self.folder,
            inventory="hosts.yml",
            fails=fails,
            warns=warns,
            home=self.folder / "home",
            environment={
                **{"CONTROLLER_HOST": self.there.url, "CONTROLLER_OAUTH_TOKEN": token},
                "ANSIBLE_DEPRECATION_WARNINGS": "1",
                # Half the processes for each module. The first whole run goes without, to compare.
                "ANSIBLE_PIPELINING": str(bool(options or since)),
                "SSL_CERT_FILE": str(self.there.authority),
            },
        )
        assert not [name for name, secret in SECRETS.items() if secret in played.output]
        assert (played.count("unreachable"), played.count("failed")) == (0, int(fails)), played.output[-6000:]
        return Run(played.output, played.count("changed"), self.controller.writes[since:])


@pytest.fixture(scope="module", autouse=True)
def no_other_controller() -> Iterator[None]:
    """What the machine's environment says of a controller does not reach the modules."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(("CONTROLLER", "TOWER")):
                patch.delenv(name)
        yield


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("platform")
    with served(Controller(*PLAYBOOKS), folder) as there:
        yield Platform(folder, there)


@pytest.fixture(scope="module")
def runs(platform: Platform) -> dict[str, Run]:
    """One after the other: a look at an empty controller, the run, and the same again."""
    return {
        "looked": platform.play("awx", "--check", **GIVEN),
        "made": platform.play("awx", **GIVEN),
        "again": platform.play("awx", **GIVEN),
    }


def test_check_mode_sends_nothing(runs: dict[str, Run]) -> None:
    assert runs["looked"].sent == []
    assert runs["looked"].changed > 0
    assert "cannot be looked at before it is there" in runs["looked"].output


def test_a_second_run_sends_nothing(runs: dict[str, Run]) -> None:
    assert runs["made"].changed > 0
    assert (runs["again"].changed, runs["again"].sent) == (0, [])


def test_everything_is_made(platform: Platform, runs: dict[str, Run]) -> None:
    there = platform.controller
    assert there.names("credential_types") == [
        *("Machine", "Source Control", "Vault"),
        *(
            "Workiva administrator grant",
            "Workiva integration grant",
            "Workiva project repository",
            "Workiva reader grant",
        ),
    ]
    assert there.names("credentials") == [
        *("Workiva administrator", "Workiva reader", "Workiva repository", "Workiva source", "Workiva vault")
    ]
    assert there.names("job_templates") == [
        *(
            "Workiva discover",
            "Workiva hand over",
            "Workiva offboard",
            "Workiva onboard",
            "Workiva save",
            "Workiva verify",
        )
    ]
    assert there.names("workflow_job_templates") == [
        "Workiva offboard after approval",
        "Workiva onboard after approval",
    ]
    finance = there.one("organizations", name="Finance")["id"]
    for resource in ("projects", "execution_environments", "job_templates", "credentials", "notification_templates"):
        assert {item["organization"] for item in there.items[resource].values()} == {finance}
    assert len(there.items["inventories"]) == 2
    source = there.one("inventory_sources", name="Workiva hosts")
    assert (source["source"], source["source_path"]) == ("scm", "hosts.yml")
    onboard = there.one("job_templates", name="Workiva onboard")
    assert json.loads(onboard["extra_vars"]) == {"workiva_project": "/runner/project", "workiva_artifact_orders": True}
    assert onboard["execution_environment"] == there.one("execution_environments", name="Workiva")["id"]
    attached = {
        name: set(there.names_attached("job_templates", f"Workiva {name}", "credentials"))
        for name in ("onboard", "verify")
    }
    assert attached == {
        "onboard": {"Workiva administrator", "Workiva repository", "Workiva vault"},
        "verify": {"Workiva reader", "Workiva vault"},
    }
    schedule = there.one("schedules", name="Workiva verify")
    assert schedule["unified_job_template"] == there.one("job_templates", name="Workiva verify")["id"]


def test_the_survey_of_the_hand_over_asks_what_the_playbook_reads(platform: Platform, runs: dict[str, Run]) -> None:
    template = platform.controller.one("job_templates", name="Workiva hand over")
    questions = {one["variable"]: one for one in platform.controller.surveys[template["id"]]["spec"]}
    assert template["survey_enabled"]
    assert set(questions) == {variable.name for variable in VARIABLES if variable.name.startswith("workiva_survey_")}
    assert {variable.playbooks for variable in VARIABLES if variable.name in questions} == {("handover",)}
    assert {name for name, one in questions.items() if one["type"] == "password"} == {"workiva_survey_client_secret"}
    assert {name for name, one in questions.items() if one["required"]} == {"workiva_survey_integration"}
    assert (
        f"handover_url: {platform.there.url}/#/templates/job_template/{template['id']}/details" in runs["made"].output
    )


def test_each_team_has_only_its_roles(platform: Platform, runs: dict[str, Run]) -> None:
    there = platform.controller
    direct, approved = ("Workiva discover", "Workiva save", "Workiva verify"), ("Workiva offboard", "Workiva onboard")
    for name in there.names("job_templates"):
        execute = ["Custodians"] if name == "Workiva hand over" else ["Operators"] if name in direct else []
        read = ["Approvers", "Operators", "Auditors"] if name in approved else ["Auditors"]
        assert there.holders("job_templates", name, "execute_role", "teams") == execute
        assert there.holders("job_templates", name, "read_role", "teams") == read
        users = ["anna"] if name == "Workiva hand over" else []
        assert there.holders("job_templates", name, "execute_role", "users") == users
    for name in there.names("workflow_job_templates"):
        holders = {
            role: there.holders("workflow_job_templates", name, f"{role}_role", "teams")
            for role in ("approval", "execute", "read")
        }
        assert holders == {"approval": ["Approvers"], "execute": ["Operators"], "read": ["Auditors"]}


def test_an_approver_sees_the_job_to_approve_and_no_other(platform: Platform, runs: dict[str, Run]) -> None:
    there = platform.controller
    there.users["carl"] = User(there.make("users", {"username": "carl"})["id"], (platform.teams["Approvers"],))
    status = {}
    for name in ("Workiva onboard", "Workiva hand over"):
        template = there.one("job_templates", name=name)["id"]
        job = there.make("jobs", {"name": name, "job_template": template, "stdout": "what would be changed"})["id"]
        for path in (f"jobs/{job}/", f"jobs/{job}/stdout/"):
            answer = requests.get(
                f"{platform.there.url}/api/v2/{path}",
                headers={"Authorization": "Bearer carl"},
                verify=str(platform.there.authority),
                timeout=30,
            )
            status.setdefault(name, []).append(answer.status_code)
    assert status == {"Workiva onboard": [200, 200], "Workiva hand over": [404, 404]}


def test_what_was_set_by_hand_is_put_right_and_a_strange_step_reported(
    platform: Platform, runs: dict[str, Run]
) -> None:
    there = platform.controller
    template = there.one("job_templates", name="Workiva onboard")
    right = dict(template)
    by_hand = {"limit": "nobody", "job_tags": "a", "skip_tags": "b", "job_slice_count": 4, "allow_simultaneous": True}
    template.update({**by_hand, "ask_limit_on_launch": True, "verbosity": 3})
    workflow = there.one("workflow_job_templates", name="Workiva onboard after approval")
    workflow["allow_simultaneous"] = True
    node = {"identifier": "a1b2", "workflow_job_template": workflow["id"], "unified_job_template": template["id"]}
    stray = there.make("workflow_job_template_nodes", node)["id"]
    run = platform.play("awx", **GIVEN)
    assert sorted(path.split("/")[3] for _method, path, _sent in run.sent) == [
        "job_templates",
        "workflow_job_templates",
    ]
    assert template == {**right, "verbosity": 3}
    assert not workflow["allow_simultaneous"]
    assert "did not create Workiva onboard after approval, step a1b2. It was left alone" in run.output
    del there.items["workflow_job_template_nodes"][stray]


def test_missing_names_are_reported_at_once_and_nothing_is_changed(platform: Platform) -> None:
    given = {
        **{"awx_more_credentials": ["Corporate vault"], "awx_instance_groups": ["far"], "awx_custodian_users": ["ana"]},
        **{
            "awx_approver_teams": ["Approvers", "Aprovers"],
            "awx_create_credential_types": False,
            "awx_types_prefix": "Platform",
        },
    }
    run = platform.play("awx", fails=True, **{**GIVEN, **given})
    assert run.sent == []
    types = ("administrator grant", "project repository", "reader grant")
    missing = ["team Aprovers", "user ana", "credential Corporate vault", "instance group far"]
    missing += [f"credential type Platform {name}" for name in types]
    assert f"Not found on the controller: {', '.join(missing)}. Nothing was changed." in run.output
    run = platform.play("awx", fails=True, **{**GIVEN, "awx_organization": "Finanz"})
    assert "Not found on the controller: organization Finanz, team " in run.output


def test_a_first_fetch_that_failed_is_made_up_for(tmp_path: Path) -> None:
    """Also shows that the token of an organization's administrator is enough where another team creates the credential types."""
    controller = Controller(*PLAYBOOKS)
    controller.fetches = ["failed", "failed"]
    with served(controller, tmp_path) as there:
        platform = Platform(tmp_path, there)
        controller.users["otto"] = User(controller.make("users", {"username": "otto"})["id"], (), platform.organization)
        given = {"awx_organization": "Finance", "awx_project_url": "https://git.example.com/finance/workiva.git"}
        given |= {"awx_create_credential_types": False}
        failed = platform.play("awx", token="otto", fails=True, **given)
        assert (
            "The controller has no playbook discover.yml, handover.yml, offboard.yml, onboard.yml, save.yml, verify.yml in its project Workiva."
            in failed.output
        )
        assert "branch main, ended as failed" in failed.output
        assert controller.names("job_templates") == []
        platform.play("awx", token="otto", **given)
        assert len(controller.names("job_templates")) == 6
        assert controller.names("credential_types") == ["Machine", "Source Control", "Vault"]


@pytest.mark.parametrize("name", ["onboard", "offboard"])
def test_an_approval_stands_before_the_run(name: str, platform: Platform, runs: dict[str, Run]) -> None:
    there = platform.controller
    workflow = there.one("workflow_job_templates", name=f"Workiva {name} after approval")["id"]
    nodes = {
        node["identifier"]: node
        for node in there.items["workflow_job_template_nodes"].values()
        if node["workflow_job_template"] == workflow
    }
    template = there.one("job_templates", name=f"Workiva {name}")["id"]

    def after(identifier: str) -> list[str]:
        key = ("workflow_job_template_nodes", nodes[identifier]["id"], "success_nodes")
        return [there.items[key[0]][one]["identifier"] for one in there.attached.get(key, [])]

    assert (after("look"), after("approve"), after("run")) == (["approve"], ["run"], [])
    assert (nodes["look"]["unified_job_template"], nodes["look"]["job_type"]) == (template, "check")
    assert (nodes["run"]["unified_job_template"], nodes["run"]["job_type"]) == (template, None)
    assert nodes["approve"]["unified_job_template"] in there.items["workflow_approval_templates"]
    assert (workflow in there.surveys) == (name == "offboard")


def test_mails_show_the_work_orders_of_the_job(platform: Platform, runs: dict[str, Run]) -> None:
    there = platform.controller
    for name in there.names("job_templates"):
        mailed = name in ("Workiva onboard", "Workiva offboard", "Workiva hand over")
        assert bool(there.names_attached("job_templates", name, "notification_templates_success")) == mailed
        assert there.names_attached("job_templates", name, "notification_templates_error") == ["Workiva mail"]
    messages = there.one("notification_templates", name="Workiva mail")["messages"]
    order = {"number": "payroll-sync.main.1", "waits_for": "anna.k@example.com", "text": "# Add a grant"}
    job = {"id": 7, "name": "Workiva onboard", "status": "successful", "job_type": "check"}
    for artifacts in ({"artifacts": {"workiva_work_orders": [order]}}, {"artifacts": {}}, {}):
        body = render(messages["success"]["body"], job={**job, **artifacts}, url="https://controller/jobs/7")
        assert ("payroll-sync.main.1 waits for anna.k@example.com\n\n# Add a grant" in body) == bool(
            artifacts.get("artifacts")
        )
    assert (
        render(messages["success"]["message"], job=job) == "Workiva onboard #7 (check, nothing was changed): successful"
    )


def test_what_is_secret_goes_to_its_module_through_a_pipe(runs: dict[str, Run]) -> None:
    tasks = {
        part.partition("]")[0]: part
        for part in runs["made"].output.split("TASK [integrations.workiva.awx : ")
        if " EXEC " in part
    }
    through_files = {name for name, printed in tasks.items() if " PUT " in printed}
    assert "Inventory" in through_files
    assert {"Credentials", "Mail"} <= set(tasks) - through_files


def test_what_changed_is_one_request(platform: Platform, runs: dict[str, Run]) -> None:
    assert platform.play("awx", "--check", **CHANGED).sent == []
    run = platform.play("awx", **CHANGED)
    project = platform.controller.one("projects", name="Workiva")["id"]
    assert [(method, path) for method, path, _sent in run.sent] == [("PATCH", f"/api/v2/projects/{project}/")]
    assert run.changed == 1


def test_secrets_are_sent_only_where_they_are_asked_for(platform: Platform, runs: dict[str, Run]) -> None:
    """The modules warn then that they cannot compare."""
    sent = platform.play("awx", warns=True, **CHANGED, awx_update_secrets=True).sent
    assert {path.split("/")[3] for _method, path, _sent in sent} - {"projects"} == {
        "credentials",
        "notification_templates",
    }
    administrator = platform.controller.one("credentials", name="Workiva administrator")
    assert administrator["inputs"]["client_secret"] == SECRETS["pair"]


def test_what_is_not_given_is_left_out(tmp_path: Path) -> None:
    with served(Controller(*PLAYBOOKS), tmp_path) as there:
        platform = Platform(tmp_path, there)
        given = {"awx_organization": "Finance", "awx_project_url": "https://git.example.com/finance/workiva.git"}
        platform.play("awx", **given, awx_prefix="Subsidiary")
        controller = platform.controller
        left_out = ("credentials", "execution_environments", "notification_templates")
        assert [name for name in left_out if controller.names(name)] == []
        assert "Subsidiary onboard after approval" in controller.names("workflow_job_templates")
        assert "Workiva reader grant" in controller.names("credential_types")


def test_what_jobs_hand_on_is_kept_by_the_last_step(tmp_path: Path) -> None:
    """With artifacts only the template save may push, and it follows each run, whether that failed or not."""
    with served(Controller(*PLAYBOOKS), tmp_path) as there:
        platform = Platform(tmp_path, there)
        controller = platform.controller
        given = {**GIVEN, "awx_artifact": True}
        assert platform.play("awx", "--check", **given).sent == []
        # Where it is switched on later, the look ahead is as long as it can be.
        platform.play("awx", **GIVEN)
        assert platform.play("awx", "--check", **given).sent == []
        made = platform.play("awx", **given)
        assert platform.play("awx", **given).sent == []
        assert platform.play("awx", "--check", **given).changed == 0

        save = controller.one("job_templates", name="Workiva save")["id"]
        for name in ("onboard after approval", "offboard after approval", "hand over and save"):
            workflow = controller.one("workflow_job_templates", name=f"Workiva {name}")["id"]
            nodes = {
                node["identifier"]: node
                for node in controller.items["workflow_job_template_nodes"].values()
                if node["workflow_job_template"] == workflow
            }
            assert sorted(nodes) == (["run", "save"] if "hand" in name else ["approve", "look", "run", "save"])
            followed = controller.attached["workflow_job_template_nodes", nodes["run"]["id"], "always_nodes"]
            assert list(followed) == [nodes["save"]["id"]]
            assert nodes["save"]["unified_job_template"] == save
        repository = controller.one("credentials", name="Workiva repository")["id"]
        for template in controller.items["job_templates"].values():
            held = controller.attached.get(("job_templates", template["id"], "credentials"), [])
            assert (repository in held) == (template["name"] == "Workiva save"), template["name"]
            hands_on = json.loads(template["extra_vars"]).get("workiva_artifact", False)
            assert hands_on == (template["name"].partition(" ")[2] in ("onboard", "offboard", "hand over"))
            assert template["ask_variables_on_launch"] == (template["name"] == "Workiva save")

        handover = controller.one("workflow_job_templates", name="Workiva hand over and save")["id"]
        assert controller.holders("workflow_job_templates", "Workiva hand over and save", "execute_role", "teams") == [
            "Custodians"
        ]
        assert handover in controller.surveys
        assert f"/#/templates/workflow_job_template/{handover}/details" in made.output


def project(folder: Path, *pairs: str) -> None:
    """A project folder with these integrations; a pair is "name client_id stored_at"."""
    (folder / "integrations.d").mkdir(parents=True, exist_ok=True)
    settings = {"version": 1, "region": "eu", "organization_id": ORGANIZATION_ID, "administration": "work_order"}
    settings["defaults"] = {"owner": "finance@example.com"}
    (folder / "workiva.yml").write_text(yaml.safe_dump({"workiva": settings}))
    lines = ["workiva_credentials_version: 1", "workiva_credentials:"]
    vault = VaultLib([("test", VaultSecret(SECRETS["vault"].encode()))])
    for pair in pairs:
        name, client_id, stored_at = pair.split()
        user = {
            "username": f"{name}@example.com",
            "email": f"{name}@example.com",
            "given_name": "A",
            "family_name": "B",
        }
        grant = {"workspace": "Plan", "scopes": ["file:read"], "expires": "2999-12-31"}
        integration = {
            "name": name,
            "user": {**user, "workspaces": {"Plan": {"roles": ["Standard"]}}},
            "grants": {"main": grant},
        }
        (folder / f"integrations.d/{name}.yml").write_text(yaml.safe_dump(integration))
        if client_id == "none":
            continue
        secret = vault.encrypt(f"{SECRETS['pair']}{client_id}", vault_id="test").decode().splitlines()
        lines += [f"  {name}:", "    main:", f"      client_id: {client_id}", f"      stored_at: '{stored_at}'"]
        lines += ["      client_secret: !vault |", *(f"        {line}" for line in secret)]
    (folder / "credentials.yml").write_text("\n".join(lines) + "\n")


def test_stored_pairs_become_credentials(tmp_path: Path) -> None:
    with served(Controller(*PLAYBOOKS), tmp_path) as there:
        platform = Platform(tmp_path, there)
        folder = tmp_path / "project"
        (tmp_path / "password").write_text(SECRETS["vault"])
        project(folder, "payroll 11aa 2026-11-01T00:00:00Z", "hr 22bb 2026-11-02T00:00:00Z", "later none none")
        given = {"awx_organization": "Finance", "workiva_project": str(folder)}
        vault = ("--vault-id", f"test@{tmp_path / 'password'}")

        assert platform.play("awx_credentials", "--check", *vault, **given).sent == []
        made = platform.play("awx_credentials", *vault, **given)
        credentials = platform.controller.items["credentials"].values()
        assert {one["name"]: one["inputs"] for one in credentials} == {
            f"Workiva {name} main": {
                "region": "eu",
                "organization_id": ORGANIZATION_ID,
                "client_id": client_id,
                "client_secret": f"{SECRETS['pair']}{client_id}",
                "stored_at": stored_at,
            }
            for name, client_id, stored_at in (
                *(("payroll", "11aa", "2026-11-01T00:00:00Z"), ("hr", "22bb", "2026-11-02T00:00:00Z")),
            )
        }
        assert "Sent: Workiva payroll main" in made.output

        again = platform.play("awx_credentials", *vault, **given)
        assert (again.changed, again.sent) == (0, [])

        project(folder, "payroll 11aa 2026-11-01T00:00:00Z", "hr 33cc 2026-11-03T00:00:00Z")
        ((method, path, sent),) = platform.play("awx_credentials", *vault, **given).sent
        assert (method, path.split("/")[3]) == ("PATCH", "credentials")
        assert sent["inputs"]["client_secret"] == f"{SECRETS['pair']}33cc"
