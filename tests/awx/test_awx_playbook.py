# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook awx, run with the real modules of awx.awx against a stand-in for the controller's API, over HTTPS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from ansible_collections.integrations.workiva.plugins.plugin_utils._run.settings import read_run
from ansible_collections.integrations.workiva.plugins.plugin_utils._variable_table import VARIABLES
from tests.awx._platform import GIVEN, PLAYBOOKS, SECRETS, Platform, Run
from tests.awx.controller import Controller, User
from tests.awx.rules import render
from tests.awx.serving import served

ROOT = Path(__file__).resolve().parents[2]
CHANGED = {**GIVEN, "awx_project_branch": "live"}


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
    assert "cannot be compared before they exist" in runs["looked"].output


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
            "Workiva deliver",
            "Workiva discover",
            "Workiva hand over",
            "Workiva offboard",
            "Workiva onboard",
            "Workiva rotate",
            "Workiva save",
            "Workiva verify",
        )
    ]
    assert there.names("workflow_job_templates") == [
        "Workiva deliver after approval",
        "Workiva offboard after approval",
        "Workiva onboard after approval",
        "Workiva rotate after approval",
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


def test_the_surveys_of_the_workflows_ask_what_their_playbooks_read(platform: Platform, runs: dict[str, Run]) -> None:
    there = platform.controller
    asked = {}
    for name in ("rotate", "deliver", "offboard"):
        workflow = there.one("workflow_job_templates", name=f"Workiva {name} after approval")
        questions = there.surveys[workflow["id"]]["spec"]
        assert questions == there.surveys[there.one("job_templates", name=f"Workiva {name}")["id"]]["spec"]
        asked[name] = [one["variable"] for one in questions]
        # Each answer that can be chosen is a value of the variable, and so is no answer.
        for one in questions:
            for answer in (*one.get("choices", ()), ""):
                given = {one["variable"]: answer}
                assert read_run(name, given, given.__getitem__).problems == ()
    assert asked == {
        "rotate": ["workiva_grants", "workiva_leaked", "workiva_give_up"],
        "deliver": ["workiva_only"],
        "offboard": ["workiva_only"],
    }
    given = {"workiva_grants": "payroll-sync.filing", "workiva_leaked": "yes", "workiva_give_up": "no"}
    settings = read_run("rotate", given, given.__getitem__).settings
    assert (settings["leaked"], settings["give_up"]) == (True, False)


def test_each_team_has_only_its_roles(platform: Platform, runs: dict[str, Run]) -> None:
    there = platform.controller
    direct, approved = (
        ("Workiva discover", "Workiva save", "Workiva verify"),
        ("Workiva deliver", "Workiva offboard", "Workiva onboard", "Workiva rotate"),
    )
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


@pytest.mark.parametrize("name", ["onboard", "offboard", "rotate", "deliver"])
def test_workflow_asks_for_an_approval_before_the_run(name: str, platform: Platform, runs: dict[str, Run]) -> None:
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
    assert (workflow in there.surveys) == (name != "onboard")


def test_mails_show_the_work_orders_of_the_job(platform: Platform, runs: dict[str, Run]) -> None:
    there = platform.controller
    for name in there.names("job_templates"):
        mailed = name in tuple(f"Workiva {one}" for one in ("onboard", "offboard", "rotate", "deliver", "hand over"))
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
    assert "Create and update the inventory" in through_files
    assert {"Create and update credentials", "Create and update the notification template"} <= set(
        tasks
    ) - through_files


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
