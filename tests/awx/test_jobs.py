# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs as AWX runs them: transmitted, worked on in a copy of the project that is thrown away, and processed.

What outlives a job is what it pushed, or what it handed on as its artifact. The secret of a survey is looked for in
all that a job leaves behind.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests._contract import judge
from tests.awx.injection import inject
from tests.integration._job import Job
from tests.integration._users_support import administrator_pair

BIN = Path(sys.executable).parent
AUTHOR = {f"GIT_{role}_{what}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
STORED = "payroll-sync"
REPOSITORY = "project repository"
ORGANIZATION = "d6e178fd-4dd5-47e5-9457-68dd64b03655"


class Controller(Job):
    """The project in a bare repository, and jobs that get a copy of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.credentials: dict[str, dict[str, str]] = {}
        self.keep_only(STORED)
        self.settings(certificates=None)
        self.with_administrator()
        self.bare = folder / "origin.git"
        self.jobs = 0
        self.git("init", "--quiet", "--initial-branch", "main", cwd=self.project)
        self.git("add", "--all", cwd=self.project)
        self.git("commit", "--quiet", "--message", "Start", cwd=self.project)
        self.git("clone", "--quiet", "--bare", str(self.project), str(self.bare), cwd=folder)

    def git(self, *words: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=cwd or self.bare,
            env={**os.environ, **AUTHOR},
            text=True,
            capture_output=True,
            check=True,
        )
        return done.stdout

    def commit(self, message: str) -> None:
        """A person pushes what the project folder holds now."""
        self.git("add", "--all", cwd=self.project)
        self.git("commit", "--quiet", "--message", message, cwd=self.project)
        self.git("push", "--quiet", str(self.bare), "HEAD:main", cwd=self.project)

    def commits(self) -> int:
        return int(self.git("rev-list", "--count", "main"))

    def pull(self) -> None:
        """The project folder as the repository has it now."""
        self.git("pull", "--quiet", str(self.bare), "main", cwd=self.project)

    def launch(self, playbook: str, **variables: Any) -> Launched:
        self.jobs += 1
        # A variable of the template, where no credential of the repository gives it.
        repository = {} if REPOSITORY in self.credentials else {"workiva_repository_url": f"file://{self.bare}"}
        return Launched(self, self.jobs, playbook, {**repository, **variables})

    def pair(self) -> dict[str, str]:
        """What the custodian copied from the screen: the people did the work order."""
        self.pull()
        self.people()
        (pair,) = yaml.safe_load(self.handed_over.read_text())["workiva_handed_over"]
        return {
            "workiva_survey_integration": pair["integration"],
            "workiva_survey_client_id": pair["client_id"],
            "workiva_survey_client_secret": pair["client_secret"],
        }

    def values(self, event: str, key: str) -> list[str]:
        """What the events of one kind in the repository's journal say under a key."""
        lines = self.git("show", f"main:journal/{STORED}.jsonl").splitlines()
        return [said[key] for said in map(json.loads, lines) if said["event"] == event]

    def orders_written(self) -> list[str]:
        return self.values("ordered", "order")

    def stored(self) -> list[str]:
        return self.values("stored", "client_id")


class Launched:
    """One job: its private data directory, its worker, and what was processed of it."""

    def __init__(self, controller: Controller, number: int, playbook: str, variables: dict[str, Any]) -> None:
        self.folder = controller.folder / f"job-{number}"
        self.private = self.folder / "private"
        shutil.copytree(controller.project, self.private / "project", ignore=shutil.ignore_patterns(".git"))
        (self.private / "inventory").mkdir()
        (self.private / "inventory/hosts").write_text("localhost ansible_connection=local\n")
        environment = self.private / "env"
        worked = self.folder / "worked"
        environment.mkdir(mode=0o700)
        where = {"ansible_python_interpreter": sys.executable, "workiva_project": str(worked / "project")}
        (environment / "extravars").write_text(json.dumps({**where, **variables, "awx_job_id": number}))
        injected = [inject(name, self.private, inputs, str(worked)) for name, inputs in controller.credentials.items()]
        words = [word for one in injected for word in one.arguments]
        (environment / "cmdline").write_text(shlex.join(["--vault-id", "test@prompt", *words]))
        (environment / "passwords").write_text(
            json.dumps({r"Vault password \(test\):\s*?$": controller.password.read_text().strip()})
        )
        (environment / "envvars").write_text(
            json.dumps(
                {
                    "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
                    "AWX_PRIVATE_DATA_DIR": str(self.private),
                    "JOB_ID": str(number),
                    "HOME": str(controller.folder),
                    "LC_ALL": "C.UTF-8",
                    "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
                    "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(self.folder / "fact_cache"),
                    **{name: value for one in injected for name, value in one.env.items()},
                }
            )
        )
        self.playbook = playbook

    def run(self, *, cancelled_at: str | None = None) -> Launched:
        """All three phases; with C(cancelled_at) the worker is killed when it reports that task."""
        wire, answer = self.folder / "wire", self.folder / "answer"
        runner = str(BIN / "ansible-runner")
        # AWX stores the job and sends it on; the extra vars of a survey lie in a file of the private data directory.
        words = [runner, "transmit", str(self.private), "-p", f"{self.playbook}.yml", "-v", "--ident", "1"]
        with wire.open("wb") as stream:
            subprocess.run(words, stdout=stream, check=True)
        shutil.rmtree(self.private)
        worked = self.folder / "worked"
        with wire.open("rb") as source, answer.open("wb") as stream:
            worker = subprocess.Popen(
                [runner, "worker", "--private-data-dir", str(worked)],
                stdin=source,
                stdout=stream,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
            )
            while worker.poll() is None:
                if cancelled_at and cancelled_at.encode() in answer.read_bytes():
                    os.killpg(worker.pid, signal.SIGKILL)
                    _kill_below(worked)
                time.sleep(0.1)
        # AWX removes what a worker leaves; the extra vars and the passwords are its own, not the collection's.
        shutil.rmtree(worked / "env", ignore_errors=True)
        with answer.open("rb") as stream:
            subprocess.run(
                [runner, "process", str(self.folder / "done")], stdin=stream, stdout=subprocess.DEVNULL, check=False
            )
        return self

    @property
    def artifacts(self) -> Path:
        return next(path.parent for path in (self.folder / "done").rglob("status"))

    @property
    def status(self) -> str:
        return (self.artifacts / "status").read_text()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in (self.artifacts / "job_events").glob("*.json")]

    @property
    def output(self) -> str:
        return "".join(event["stdout"] for event in sorted(self.events, key=lambda event: event["counter"]))

    @property
    def stats(self) -> dict[str, Any]:
        (event,) = (event for event in self.events if event["event"] == "playbook_on_stats")
        data: dict[str, Any] = event["event_data"]
        return data

    def changed(self) -> int:
        return int(self.stats["changed"].get("localhost", 0))

    def leftovers(self) -> Iterator[Path]:
        return (path for path in self.folder.rglob("*") if path.is_file())


def _kill_below(worked: Path) -> None:
    """ansible-runner starts ansible-playbook in a session of its own, which a kill of its group does not reach."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(worked).encode() in path.read_bytes():
                os.kill(int(path.parent.name), signal.SIGKILL)
        except OSError:
            continue


@pytest.fixture
def controller(tmp_path: Path) -> Iterator[Controller]:
    made = Controller(tmp_path)
    try:
        yield made
    finally:
        made.simulate("stop")
    judge(made.record)


def succeeded(job: Launched) -> Launched:
    assert job.status == "successful", job.output[-6000:]
    assert "[WARNING]" not in job.output
    return job


def test_the_life_of_an_integration_in_jobs(controller: Controller) -> None:
    """Onboard, hand over by a survey, verify: what was written is in the repository, and the secret is nowhere else."""
    first = succeeded(controller.launch("onboard").run())
    assert controller.orders_written() == ["payroll-sync.main.1"]
    assert "payroll-sync.main.1: " in first.output
    assert "work-orders/payroll-sync.main.1.html" in first.output
    survey = controller.pair()
    secret = survey["workiva_survey_client_secret"]
    handed = succeeded(controller.launch("handover", **survey).run())
    assert controller.stored() == [survey["workiva_survey_client_id"]]
    before, sent = controller.commits(), len(controller.writes())
    again = succeeded(controller.launch("handover", **survey).run())
    calm = succeeded(controller.launch("onboard").run())
    controller.pull()
    verified = succeeded(controller.launch("verify").run())
    assert [job.changed() for job in (again, calm, verified)] == [0, 0, 0]
    assert (controller.commits(), len(controller.writes())) == (before, sent)
    for job in (handed, again, calm, verified):
        held = [path for path in job.leftovers() if secret.encode() in path.read_bytes()]
        assert held == [], held
    assert secret not in controller.git("log", "--patch", "main")


def test_credentials_of_the_controller_let_a_job_in(controller: Controller) -> None:
    """What AWX injects is all that a job knows of the administrator's pair and of the repository."""
    administrator = administrator_pair(controller.state)
    (controller.project / "credentials.yml").unlink()
    controller.settings(administrator=None)
    controller.commit("Leave the administrator grant to the controller")
    controller.credentials = {
        "administrator grant": {"region": "us", "organization_id": ORGANIZATION, **administrator},
        REPOSITORY: {"url": f"file://{controller.bare}", "branch": "main"},
    }
    first = succeeded(controller.launch("onboard").run())
    assert controller.orders_written() == ["payroll-sync.main.1"]
    survey = controller.pair()
    handed = succeeded(controller.launch("handover", **survey).run())
    assert controller.stored() == [survey["workiva_survey_client_id"]]
    calm = succeeded(controller.launch("onboard").run())
    assert calm.changed() == 0
    for job in (first, handed, calm):
        for secret in (administrator["client_secret"], survey["workiva_survey_client_secret"]):
            held = [path for path in job.leftovers() if secret.encode() in path.read_bytes()]
            assert held == [], held


def test_a_job_that_cannot_push_hands_on_what_it_wrote(controller: Controller) -> None:
    """The artifact holds ciphertext only; the next node of the workflow puts it into the project."""
    succeeded(controller.launch("onboard").run())
    survey = controller.pair()
    artifact = {"workiva_repository_url": "", "workiva_artifact": True}
    handed = succeeded(controller.launch("handover", **{**survey, **artifact}).run())
    changes = handed.stats["artifact_data"]["workiva_changes"]
    assert survey["workiva_survey_client_secret"] not in json.dumps(handed.stats)
    assert "$ANSIBLE_VAULT" in json.dumps(changes)
    assert controller.stored() == []
    succeeded(controller.launch("save", workiva_changes=changes).run())
    assert controller.stored() == [survey["workiva_survey_client_id"]]
    # The pages are no part of what is handed on: the next run takes the one that is done away.
    succeeded(controller.launch("onboard").run())
    assert succeeded(controller.launch("onboard").run()).changed() == 0


def test_job_that_cannot_keep_credentials_accepts_none(controller: Controller) -> None:
    """Without a repository and without an artifact it fails before it takes the pair in, and says why."""
    succeeded(controller.launch("onboard").run())
    survey = controller.pair()
    sent = len(controller.requests())
    job = controller.launch("handover", **{**survey, "workiva_repository_url": ""}).run()
    assert job.status == "failed"
    assert "temporary copy" in job.output
    tried = [line for line in controller.requests()[sent:] if line["path"].endswith("/token")]
    assert len(tried) <= 2, "the administrator's own grant is looked at, before and after; nothing else"
    assert survey["workiva_survey_client_secret"] not in job.output


# It saw the account before it would have created it, or when it read the users.
CREATED_BY_THE_OTHER = (
    "was created by another request while this task ran",
    "there is no record that it was created or adopted for this integration",
)


def test_jobs_at_once_do_nothing_twice(controller: Controller) -> None:
    """One user, one order, whatever both jobs find at the same moment; one may say that the other was faster."""
    jobs = [controller.launch("onboard") for _number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        for job in pool.map(Launched.run, jobs):
            was_slower = any(words in job.output for words in CREATED_BY_THE_OTHER)
            assert job.status == "successful" or was_slower, job.output[-6000:]
    succeeded(controller.launch("onboard").run())
    assert controller.orders_written() == ["payroll-sync.main.1"]
    assert len(controller.state.all("user", username="payroll-sync@example.com")) == 1
    assert succeeded(controller.launch("onboard").run()).changed() == 0


@pytest.mark.parametrize(
    "task",
    [
        "Check stored credentials, accept new ones, and update work orders",
        "Push what was written",
        "Report the results",
    ],
)
def test_a_cancelled_job_is_launched_again(controller: Controller, task: str) -> None:
    """Whatever it was doing: the same answers once more lead to where they would have led."""
    succeeded(controller.launch("onboard").run())
    survey = controller.pair()
    cancelled = controller.launch("handover", **survey).run(cancelled_at=task)
    # Its stream ended without a status: AWX calls such a job cancelled, or in error.
    assert not list((cancelled.folder / "done").rglob("status"))
    succeeded(controller.launch("handover", **survey).run())
    assert set(controller.stored()) == {survey["workiva_survey_client_id"]}
    assert controller.orders_written() == ["payroll-sync.main.1"]
    assert succeeded(controller.launch("onboard").run()).changed() == 0
