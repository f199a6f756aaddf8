# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""oauth2_check and the lookup access_token, run by ansible-playbook against the simulator, in both forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests._playbook import run_tasks
from tests.integration._target import other_python
from tests.integration._users_support import SCOPES, Organization, started

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

    def tasks(self, *tasks: dict[str, Any]) -> list[dict[str, Any]]:
        play = {"vars": {"ansible_python_interpreter": self.interpreter}}
        results, played = run_tasks(tasks, "-vvvv", folder=self.folder, play=play, environment=self.environment)
        self.output = played.output
        assert self.organization.connection["client_secret"] not in self.output + repr(results)
        return results

    def task(self, task: dict[str, Any]) -> dict[str, Any]:
        (result,) = self.tasks(task)
        return result

    def checks(self, *calls: dict[str, Any]) -> list[dict[str, Any]]:
        """One check a call, with these options changed, in one play."""
        return self.tasks(*({"integrations.workiva.oauth2_check": {**self.grant, **more}} for more in calls))


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organization]:
    with started(tmp_path_factory.mktemp("simulator")) as organization:
        yield organization


@pytest.fixture
def controller(organization: Organization, tmp_path: Path) -> Play:
    return Play(organization, tmp_path, "{{ ansible_playbook_python }}")


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
    check = "integrations.workiva.oauth2_check"
    found, drifted = play.tasks(
        {check: {**play.grant, "scopes": SCOPES}},
        {check: {**play.grant, "scopes": ["file:read"]}, "check_mode": True},
    )
    assert not found.get("failed"), play.output
    assert (found["finding"], found["accepted"], found["changed"]) == ("ok", True, False)
    assert sorted(found["scopes"]) == sorted(SCOPES)
    assert found["workspace_check"] == "observed"
    assert found["expires_in"] in (598, 599)
    task = play.output.split("TASK [Task 0]")[1].split("TASK [Task 1]")[0]
    # The module is sent to the other interpreter, and never by way of a file.
    assert ("EXEC" in task) == (play.interpreter != "{{ ansible_playbook_python }}")
    assert " PUT " not in task

    assert drifted["finding"] == "drifted"
    assert drifted["missing_scopes"] == ["file:read"]
    assert sorted(drifted["excess_scopes"]) == sorted(SCOPES)


def test_rejected_credentials_are_a_finding(play: Play) -> None:
    wrong = "wk_secret:oa2c:AAAAAAAAAAAAAAAAAAAA"
    found, failed, unreachable = play.checks(
        {"client_secret": wrong},
        {"client_secret": wrong, "fail_on": ["rejected"]},
        {"connect_to": ["api.app.wdesk.com:443:127.0.0.1:1"], "retries": 0},
    )
    assert not found.get("failed")
    assert found["finding"] == "rejected"
    assert wrong not in play.output
    assert failed["failed"]
    assert failed["error"]["status"] == 401
    assert unreachable["finding"] == "unreachable"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"client_secret": "e"}, "fewer than 12"),
    ({"client_id": "wk_secret:oa2c:BBBBBBBBBBBBBBBBBBBB"}, "form of a client secret"),
    ({"region": "wk_secret:oa2c:CCCCCCCCCCCCCCCCCCCC"}, "region"),
    ({"timeout": "wk_secret:oa2c:DDDDDDDDDDDDDDDDDDDD"}, "timeout"),
    ({"region": None}, "region"),
    ({"nonsense": True}, "nonsense"),
]


def test_oauth2_check_names_wrong_arguments_without_their_values(target: Play) -> None:
    for found, (_more, said) in zip(target.checks(*(more for more, _said in WRONG)), WRONG):
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
    (found,) = target.checks({})
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
    cases = (("short", "fewer than 12"), ("wk_secret:oa2c:AAAAAAAAAAAAAAAAAAAA", "refused"))
    lookups = [
        f"lookup('integrations.workiva.access_token', {arguments}, client_secret='{secret}')" for secret, _said in cases
    ]
    shown = [{"ansible.builtin.debug": {"msg": "{{ " + lookup + " }}"}, "no_log": True} for lookup in lookups]
    for failed, (_secret, said) in zip(controller.tasks(*shown), cases):
        assert failed["failed"]
        assert said in failed["msg"]
