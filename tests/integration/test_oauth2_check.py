# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""oauth2_check and the lookup access_token, run by ansible-playbook against the simulator, in both forms."""

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

from tests.integration._target import other_python
from tests.integration._users_support import REPOSITORY, SCOPES, Organization, started

OPTIONS = ("region", "client_id", "client_secret", "ca_path", "connect_to")


@dataclass
class Play:
    """One task in a play of its own, as a user would run it, at the highest verbosity."""

    organization: Organization
    folder: Path
    interpreter: str
    environment: dict[str, str] = field(default_factory=dict)
    output: str = ""

    @property
    def grant(self) -> dict[str, Any]:
        return {name: self.organization.connection[name] for name in OPTIONS}

    def task(self, task: dict[str, Any], *words: str) -> dict[str, Any]:
        play = {
            "name": "One task",
            "hosts": "target",
            "gather_facts": False,
            "tasks": [
                {"name": "The task", "register": "outcome", "ignore_errors": True, **task},
                {
                    "name": "Its result",
                    "ansible.builtin.debug": {"msg": "RESULT:{{ outcome | to_json | b64encode }}:"},
                },
            ],
        }
        (self.folder / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
        host = {"ansible_connection": "local", "ansible_python_interpreter": self.interpreter}
        (self.folder / "hosts.json").write_text(json.dumps({"all": {"hosts": {"target": host}}}), encoding="utf-8")
        ran = subprocess.run(
            [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts.json", "play.yml", "-vvvv", *words],
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

    def check(self, *words: str, **more: Any) -> dict[str, Any]:
        return self.task({"integrations.workiva.oauth2_check": {**self.grant, **more}}, *words)


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organization]:
    with started(tmp_path_factory.mktemp("simulator")) as organization:
        yield organization


@pytest.fixture
def controller(organization: Organization, tmp_path: Path) -> Play:
    root = tmp_path / "ansible_collections" / "integrations"
    root.mkdir(parents=True)
    (root / "workiva").symlink_to(REPOSITORY)
    environment = {
        "ANSIBLE_COLLECTIONS_PATH": str(tmp_path),
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ANSIBLE_NOCOLOR": "true",
    }
    return Play(organization, tmp_path, "{{ ansible_playbook_python }}", environment)


@pytest.fixture
def target(controller: Play) -> Play:
    """Another interpreter: where it is the target's, the module runs and not its twin."""
    controller.interpreter = other_python(controller.folder / "python")
    return controller


@pytest.fixture(params=["controller", "target"])
def play(request: pytest.FixtureRequest) -> Play:
    found: Play = request.getfixturevalue(request.param)
    return found


def test_what_a_token_shows(play: Play) -> None:
    found = play.check(scopes=SCOPES)
    assert not found.get("failed"), play.output
    assert (found["finding"], found["accepted"], found["changed"]) == ("ok", True, False)
    assert sorted(found["scopes"]) == sorted(SCOPES)
    assert found["workspace"] == "observed"
    assert found["expires_in"] in (598, 599)
    task = play.output.split("TASK [The task]")[1].split("TASK [Its result]")[0]
    # The module is sent to the other interpreter, and never by way of a file.
    assert ("EXEC" in task) == (play.interpreter != "{{ ansible_playbook_python }}")
    assert " PUT " not in task

    drifted = play.check("--check", scopes=["file:read"])
    assert drifted["finding"] == "drifted"
    assert drifted["missing_scopes"] == ["file:read"]
    assert sorted(drifted["surplus_scopes"]) == sorted(SCOPES)


def test_a_refused_pair_is_a_finding(play: Play) -> None:
    wrong = "wk_secret:oa2c:AAAAAAAAAAAAAAAAAAAA"
    found = play.check(client_secret=wrong)
    assert not found.get("failed")
    assert found["finding"] == "rejected"
    assert wrong not in play.output
    failed = play.check(client_secret=wrong, fail_on=["rejected"])
    assert failed["failed"]
    assert failed["error"]["status"] == 401
    unreachable = play.check(connect_to=["api.app.wdesk.com:443:127.0.0.1:1"], retries=0)
    assert unreachable["finding"] == "unreachable"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"client_secret": "e"}, "fewer than 12"),
        ({"client_id": "wk_secret:oa2c:BBBBBBBBBBBBBBBBBBBB"}, "swapped"),
        ({"region": "wk_secret:oa2c:CCCCCCCCCCCCCCCCCCCC"}, "region"),
        ({"timeout": "wk_secret:oa2c:DDDDDDDDDDDDDDDDDDDD"}, "timeout"),
        ({"region": None}, "region"),
        ({"nonsense": True}, "nonsense"),
    ],
)
def test_wrong_arguments_are_told_without_their_values(target: Play, more: dict[str, Any], said: str) -> None:
    found = target.check(**more)
    assert found["failed"]
    assert said in found["msg"]
    assert "wk_secret" not in found["msg"]
    assert "$REDACTED$d" not in target.output


def test_the_environment_of_a_task_is_heeded(controller: Play) -> None:
    options = {name: value for name, value in controller.grant.items() if name != "region"}
    task = {"integrations.workiva.oauth2_check": options, "environment": {"WORKIVA_REGION": "us"}}
    assert controller.task(task)["finding"] == "ok"
    controller.environment["WORKIVA_REGION"] = "us"
    assert controller.task({"integrations.workiva.oauth2_check": options})["finding"] == "ok"


def test_a_secret_goes_by_pipelining_or_not_at_all(target: Play) -> None:
    target.environment["ANSIBLE_KEEP_REMOTE_FILES"] = "true"
    found = target.check()
    assert found["failed"]
    assert "pipelining" in found["msg"]
    assert not list(target.folder.rglob("AnsiballZ_*"))


def test_async_is_refused(controller: Play) -> None:
    found = controller.task({"integrations.workiva.oauth2_check": controller.grant, "async": 10, "poll": 1})
    assert found["failed"]
    assert "async" in found["msg"]


def test_a_token_for_one_s_own_tasks(controller: Play) -> None:
    arguments = ", ".join(f"{name}={value!r}" for name, value in controller.grant.items() if name != "client_secret")
    controller.environment["WORKIVA_CLIENT_SECRET"] = controller.grant["client_secret"]
    token = f"lookup('integrations.workiva.access_token', {arguments}, retries=0)"
    found = controller.task(
        {"ansible.builtin.set_fact": {"both": "{{ [" + token + "] + [" + token + "] }}"}, "no_log": True}
    )
    first, second = found["ansible_facts"]["both"]
    # The tasks of a run share one token.
    assert first == second
    assert first.startswith("ey")
    del controller.environment["WORKIVA_CLIENT_SECRET"]
    for secret, said in (("short", "fewer than 12"), ("wk_secret:oa2c:AAAAAAAAAAAAAAAAAAAA", "refused")):
        lookup = f"lookup('integrations.workiva.access_token', {arguments}, client_secret='{secret}')"
        failed = controller.task({"ansible.builtin.debug": {"msg": "{{ " + lookup + " }}"}, "no_log": True})
        assert failed["failed"]
        assert said in failed["msg"]
