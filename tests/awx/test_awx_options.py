# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook awx on controllers of their own: a failed fetch, few variables, and artifacts."""

from __future__ import annotations

import json
from pathlib import Path

from tests.awx._platform import GIVEN, PLAYBOOKS, Platform
from tests.awx.controller import Controller, User
from tests.awx.serving import served


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
        missing = ", ".join(sorted(PLAYBOOKS))
        assert f"The controller has no playbook {missing} in its project Workiva." in failed.output
        assert "branch main, ended as failed" in failed.output
        assert controller.names("job_templates") == []
        platform.play("awx", token="otto", **given)
        assert len(controller.names("job_templates")) == 8
        assert controller.names("credential_types") == ["Machine", "Source Control", "Vault"]


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
        for name in (
            "onboard after approval",
            "offboard after approval",
            "rotate after approval",
            "deliver after approval",
            "hand over and save",
        ):
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
            assert hands_on == (
                template["name"].partition(" ")[2] in ("onboard", "offboard", "rotate", "deliver", "hand over")
            )
            assert template["ask_variables_on_launch"] == (template["name"] == "Workiva save")

        handover = controller.one("workflow_job_templates", name="Workiva hand over and save")["id"]
        assert controller.holders("workflow_job_templates", "Workiva hand over and save", "execute_role", "teams") == [
            "Custodians"
        ]
        assert handover in controller.surveys
        assert f"/#/templates/workflow_job_template/{handover}/details" in made.output
