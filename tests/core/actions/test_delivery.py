# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task delivery: what is due, what is recorded, and that neither has a secret."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from ansible import context
from ansible.module_utils.common.collections import ImmutableDict

from ansible_collections.integrations.workiva.plugins.action import delivery
from ansible_collections.integrations.workiva.plugins.plugin_utils import _journal_state
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import fingerprint
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.judgement import Judgement, judge
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VaultText
from tests._declared import FILING, loaded_project
from tests._deliveries import GRANT, IDS, NAME, PASSWORD, SECRETS, Deliveries
from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._killed import Killed
from tests.core.actions._rotation import Project

TARGET = {"integration": NAME, "grant": GRANT, "name": "app", "role": "acme.app", "vars": {"path": "/etc/app.env"}}


class Stage:
    """A project with stored credentials, and the task."""

    def __init__(self, folder: Path, actions: Actions) -> None:
        self.actions = actions
        actions.vault_passwords = {"test": PASSWORD}
        actions.secrets = list(SECRETS.values())
        self.files = Deliveries(folder)
        self.files.declare()
        self.targets: list[dict[str, Any]] = [TARGET]

    def project(self) -> dict[str, Any]:
        grant = {**FILING, "integration": NAME, "grant": GRANT}
        return loaded_project(self.files.folder, {"region": "eu"}, grants=[grant], targets=self.targets)

    def plan(self, **options: Any) -> dict[str, Any]:
        check_mode = options.pop("check_mode", False)
        return self.actions("delivery", {"project": self.project(), **options}, check_mode=check_mode)

    def record(self, planned: dict[str, Any], number: int = 0, **outcome: Any) -> dict[str, Any]:
        options = {
            "state": "recorded",
            "target": planned["due"][number],
            "deliveries": planned["deliveries"],
            **outcome,
        }
        return self.actions("delivery", {"project": self.project(), **options})


@pytest.fixture
def stage(tmp_path: Path, actions: Actions) -> Stage:
    return Stage(tmp_path, actions)


def test_due_target_has_what_its_tasks_need_and_no_secret(stage: Stage) -> None:
    planned = stage.plan()
    assert planned["changed"] is False
    (due,) = planned["due"]
    assert {name: due[name] for name in ("client_id", "credential", "number", "token_endpoint", "vars")} == {
        "client_id": IDS[1],
        "credential": f"{NAME}.{GRANT}",
        "number": 1,
        "token_endpoint": "https://api.eu.wdesk.com/iam/v1/oauth2/token",
        "vars": {"path": "/etc/app.env"},
    }
    assert due["scopes"] == ["file:read", "file:write"]


def test_passed_delivery_is_recorded_once(stage: Stage) -> None:
    planned = stage.plan()
    result = stage.record(planned)
    (status,) = result["deliveries"]
    assert (result["changed"], status["finding"], status["how"], status["number"]) == (True, "ok", "claimed", 1)
    assert status["steps"] == [f"deliver credentials 1 of the grant {GRANT} (claimed)"]
    assert stage.plan()["due"] == []
    again = stage.plan(again=True)
    assert len(again["due"]) == 1
    assert stage.record(again)["changed"] is False
    # It is known better now.
    assert stage.record(again, read_back=IDS[1])["changed"] is True
    assert [how for *_rest, how in stage.files.delivered()] == ["claimed", "read_back"]


def test_two_runs_at_once_record_a_delivery_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other run begins when this one has read the journal, and has the time to end before this one writes."""
    planned = stage.plan()
    others: list[threading.Thread] = []

    def judge_slowly(*given: Any, **options: Any) -> Judgement:
        if not others:
            others.append(threading.Thread(target=stage.record, args=(planned,)))
            others[0].start()
            others[0].join(timeout=1)
        return judge(*given, **options)

    monkeypatch.setattr(delivery, "judge", judge_slowly)
    stage.record(planned)
    others[0].join(timeout=60)
    assert len(stage.files.delivered()) == 1


def test_check_mode_predicts_without_anything_to_run(stage: Stage) -> None:
    before = stage.files.content()
    predicted = stage.plan(check_mode=True)
    assert (predicted["changed"], predicted["due"], predicted["deliveries"][0]["is_due"]) == (True, [], True)
    assert stage.files.content() == before
    stage.record(stage.plan())
    assert stage.plan(check_mode=True)["changed"] is False


def test_failure_is_a_finding_with_the_words_of_the_task_and_without_the_secret(stage: Stage) -> None:
    secret = SECRETS[1]
    failure = {
        "msg": f"the server refused {secret}",
        "stderr": json.dumps({"sent": secret}),
        "invocation": {"module_args": {"body": secret}},
    }
    planned = stage.plan()
    result = stage.record(planned, failure=failure, failed_task="Send it")
    (status,) = result["deliveries"]
    assert (result["changed"], status["finding"], status["is_due"]) == (False, "not_delivered", False)
    assert status["detail"].startswith("Send it: ")
    assert stage.files.delivered() == []
    assert len(stage.plan()["due"]) == 1


@pytest.mark.parametrize("password", ["another password", ""])
def test_words_of_a_failed_task_are_not_shown_where_the_secret_cannot_be_hidden(stage: Stage, password: str) -> None:
    planned = stage.plan()
    stage.actions.vault_passwords = {"test": password} if password else {}
    (status,) = stage.record(planned, failure={"msg": f"refused {SECRETS[1]}"}, failed_task="Send it")["deliveries"]
    assert status["finding"] == "not_delivered"
    assert status["detail"].startswith("A task failed. ")
    assert "refused" not in status["detail"]


@pytest.mark.parametrize("key", ["previous_client_secret", "received_client_secret"])
def test_words_of_a_failed_task_hide_the_other_secrets_of_the_grant(stage: Stage, key: str) -> None:
    stage.files.add(key, 7)
    failure = {"msg": f"the target has {SECRETS[7]}"}
    (status,) = stage.record(stage.plan(), failure=failure, failed_task="Send it")["deliveries"]
    assert status["detail"].startswith("Send it: the target has ")
    assert SECRETS[7] not in status["detail"]


def test_each_host_is_recorded_for_itself(stage: Stage) -> None:
    stage.targets = [{**TARGET, "hosts": ["app01", "app02"]}]
    planned = stage.plan()
    stage.record(planned, 1)
    assert [due["host"] for due in stage.plan()["due"]] == ["app01"]
    stage.record(stage.plan())
    assert [host for _target, host, *_rest in stage.files.delivered()] == ["app02", "app01"]


@pytest.mark.parametrize("release", [{}, {"everywhere": True}], ids=["this one", "an older one"])
def test_stage_of_a_grant_follows_the_targets_that_are_declared_now(
    organization: Organization, actions: Actions, tmp_path: Path, release: dict[str, bool]
) -> None:
    project = Project(organization, actions, tmp_path / "project")
    project.run(project.add())
    app, later = ({**TARGET, "grant": "filing", "name": name} for name in ("app", "later"))
    event = {
        **{"event": "delivered", "grant": "filing", "credentials": 1, "client_id": project.entry()["client_id"]},
        **{"target": "app", "host": "localhost", "how": "claimed", "declaration": fingerprint(DeclaredTarget(**app))},
    }
    Journal(str(project.folder / "journal"), NAME).append({**event, **release})

    def stage_with(*targets: dict[str, Any]) -> str:
        return str(project.run(targets=list(targets))["grant"]["stage"])

    assert [stage_with(app), stage_with(app, later), stage_with(app), stage_with(later), stage_with()] == [
        *("delivered", "stored", "delivered", "stored", "stored"),
    ]


def test_task_reads_the_vault_file_and_the_journal_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.targets = [{**TARGET, "name": name} for name in ("one", "two", "three")]
    counts = dict.fromkeys(("parsed", "folded"), 0)
    parse, after = VaultText.__init__, _journal_state.after

    def counting(name: str, call: Any) -> Any:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            counts[name] += 1
            return call(*arguments, **options)

        return wrapped

    events = len((stage.files.folder / f"journal/{NAME}.jsonl").read_text().splitlines())
    project = stage.project()
    monkeypatch.setattr(VaultText, "__init__", counting("parsed", parse))
    monkeypatch.setattr(_journal_state, "after", counting("folded", after))
    planned = stage.actions("delivery", {"project": project})
    assert counts == {"parsed": 1, "folded": events}
    target = {"target": planned["due"][0], "deliveries": planned["deliveries"]}
    stage.actions("delivery", {"project": project, "state": "recorded", **target})
    assert counts == {"parsed": 2, "folded": 2 * events}


def test_target_that_shows_an_older_client_id_is_behind(stage: Stage) -> None:
    stage.record(stage.plan())
    stage.files.store()
    stage.targets = [{**TARGET, "shows_client_id": True, "check_command": ["app", "status"]}]
    (status,) = stage.record(stage.plan(), shown={"stdout": f"client {IDS[1]}", "cmd": [IDS[2]]})["deliveries"]
    assert (status["finding"], status["number"]) == ("behind", 1)
    (status,) = stage.record(stage.plan(), shown={"stdout": f"client {IDS[2]}"})["deliveries"]
    assert (status["finding"], status["how"], status["number"]) == ("ok", "shown", 2)


def test_restored_vault_file_is_never_delivered_from(stage: Stage) -> None:
    stage.record(stage.plan())
    stage.files.store()
    stage.files.restore(1)
    result = stage.plan(again=True)
    assert result["due"] == []
    assert result["deliveries"][0]["finding"] == "not_delivered"


@pytest.mark.parametrize("moment", ["before", "half", "after"])
def test_run_that_is_killed_while_it_records_is_completed_by_the_next_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    stage.targets = [{**TARGET, "name": name} for name in ("one", "two", "three")]
    planned = stage.plan()
    stage.record(planned, 0)
    write = os.write

    def killed(descriptor: int, data: bytes) -> int:
        if moment != "before":
            write(descriptor, data[: len(data) // 2] if moment == "half" else data)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", killed)
        with pytest.raises(Killed):
            stage.record(planned, 1)
    left = ["three"] if moment == "after" else ["two", "three"]
    planned = stage.plan()
    assert [due["target"] for due in planned["due"]] == left
    for number in range(len(left)):
        stage.record(planned, number)
    assert [target for target, *_rest in stage.files.delivered()] == ["one", "two", "three"]
    assert stage.plan()["due"] == []


def test_credentials_that_change_during_a_delivery_are_not_recorded(stage: Stage) -> None:
    planned = stage.plan()
    stage.files.store()
    (status,) = stage.record(planned)["deliveries"]
    assert status["finding"] == "not_delivered"
    assert stage.files.delivered() == []


def test_extra_variable_with_the_name_of_a_credential_stops_the_task(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "CLIARGS", ImmutableDict(extra_vars=("workiva_client_secret=x",)))
    monkeypatch.setattr("ansible.utils.vars.load_extra_vars.extra_vars", None, raising=False)
    result = stage.plan()
    assert result["failed"] is True
    assert "workiva_client_secret" in result["msg"]


def test_file_of_tasks_that_cannot_be_loaded_is_a_finding_and_not_due(stage: Stage) -> None:
    path = stage.files.folder / "deliver/app.yml"
    stage.targets = [{**TARGET, "role": "", "file": str(path)}]
    for text in ("---\n- ansible.builtin.command: [a]\n", "---\n- a: {b: 1}\n  c: {}\n", "a: 1\n", "- 'x\n"):
        path.write_text(text)
        result = stage.plan()
        assert (result["due"], result["deliveries"][0]["finding"]) == ([], "not_delivered"), text
        assert "cannot be loaded" in result["deliveries"][0]["detail"]
    path.write_text("---\n- name: Import\n  ansible.builtin.import_tasks: other.yml\n")
    assert len(stage.plan()["due"]) == 1
