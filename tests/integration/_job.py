# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project folder and a simulator for it, and the commands that people type there."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests._contract import judge
from tests._playbook import run_playbook
from tests.integration._users_support import administrator_pair, credentials
from workiva_simulator.state import State

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
GRANTS = 8
# A summary that lists what is fine as well.
FULL = ("-e", "workiva_summary=full")


class Job:
    """A project folder with the demo's integrations, and a simulator for it."""

    def __init__(self, folder: Path, *switches: str) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.record = folder / "requests.jsonl"
        self.password = folder / "password"
        self.password.write_text("a password of the tests\n")
        self.handed_over = folder / "handed-over.yml"
        self.secrets: list[str] = []
        self.output = ""
        (folder / "loader").mkdir(exist_ok=True)
        self._start(*switches)
        shutil.copytree(_new_project(), self.project)
        text = (ROOT / "tools/demo/workiva.yml").read_text().replace("@CA_PATH@", self.facts["ca_path"])
        (self.project / "workiva.yml").write_text(text.replace("@CONNECT_TO@", self.facts["connect_to"][0]))
        for source in (ROOT / "tools/demo/integrations.d").glob("*.yml"):
            shutil.copy(source, self.project / "integrations.d")
        self._first = None if switches else self.content()

    def _start(self, *switches: str) -> None:
        answers = [word for switch in switches for word in ("--switch", switch)]
        self.facts: dict[str, Any] = json.loads(self.simulate("start", "--record", str(self.record), *answers))

    def simulate(self, *words: str) -> str:
        path = str(ROOT / "roles/simulator/files")
        command = [sys.executable, "-m", "workiva_simulator", *words, "--directory", str(self.folder / "simulator")]
        environment = {**os.environ, "PYTHONPATH": path}
        done = subprocess.run(command, env=environment, text=True, capture_output=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    def play(self, playbook: str, *options: str, fails: bool = False, cwd: Path | None = None) -> dict[str, int]:
        """Runs a playbook by its full name; returns its recap. A warning fails the test."""
        played = run_playbook(
            f"integrations.workiva.{playbook}",
            *("--vault-id", f"test@{self.password}", *options),
            folder=cwd or self.project,
            inventory=None,
            fails=fails,
            home=self.folder,
        )
        self.output = played.output
        assert played.count("unreachable") == 0, played.output
        return {"changed": played.count("changed"), "failed": played.count("failed")}

    def people(self, *options: str) -> None:
        """The people fulfil what waits for them, and what they hand over is encrypted."""
        self.handed_over.unlink(missing_ok=True)
        orders = str(self.project / "work-orders")
        self.simulate("administrator", "--orders", orders, "--handed-over", str(self.handed_over), *options)

    def take_in(self, *options: str, playbook: str = "handover", fails: bool = False) -> dict[str, int]:
        pairs = yaml.safe_load(self.handed_over.read_text())["workiva_handed_over"]
        self.secrets = [pair["client_secret"] for pair in pairs]
        command = [str(BIN / "ansible-vault"), "encrypt", "--vault-id", f"test@{self.password}", str(self.handed_over)]
        subprocess.run(command, check=True, capture_output=True)
        return self.play(playbook, "-e", f"@{self.handed_over}", *options, fails=fails)

    def with_administrator(self) -> None:
        """The administrator grant is there and stored, as somebody may have done by hand."""
        pair = administrator_pair(self.state)
        (self.project / "credentials.yml").write_text(credentials(pair, self.password.read_text().strip()))

    def writes(self, since: int = 0) -> list[dict[str, Any]]:
        """What was sent to change something, from that request on."""
        return [
            line for line in self.requests()[since:] if line["method"] != "GET" and not line["path"].endswith("/token")
        ]

    def requests(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.record.read_text().splitlines()] if self.record.exists() else []

    def content(self) -> dict[str, bytes]:
        """Every byte of the project."""
        return {str(path): path.read_bytes() for path in sorted(self.project.rglob("*")) if path.is_file()}

    def onboarded(self) -> None:
        """The state after the people did all that they were asked for; a new project is a copy of one made before."""
        if self.requests() or self.content() != self._first:
            self.onboard()
            return
        self.simulate("stop")
        template = _onboarded_project()
        for name in ("project", "simulator", "loader"):
            shutil.rmtree(self.folder / name)
            shutil.copytree(template.folder / name, self.folder / name)
        shutil.copy(template.record, self.record)
        self.secrets = list(template.secrets)
        self.__dict__.pop("state", None)
        self._start()
        path = self.project / "workiva.yml"
        text = path.read_text().replace(template.facts["ca_path"], self.facts["ca_path"])
        path.write_text(text.replace(template.facts["connect_to"][0], self.facts["connect_to"][0]))

    def onboard(self) -> None:
        """Runs the playbooks and plays the people, until nobody is waited for."""
        self.play("onboard")
        self.people()
        self.take_in()
        self.play("onboard")
        self.people()
        self.take_in()

    # What the tests of the modes of administration change and look at.

    def settings(self, **changes: Any) -> None:
        """Changes workiva.yml; None takes a key out."""
        path = self.project / "workiva.yml"
        content = yaml.safe_load(path.read_text())
        content["workiva"] = {
            name: value for name, value in {**content["workiva"], **changes}.items() if value is not None
        }
        path.write_text(yaml.safe_dump(content, sort_keys=False))

    def declare(self, name: str, **changes: Any) -> None:
        """Changes the file of one integration; None takes a key out."""
        path = self.project / f"integrations.d/{name}.yml"
        content = {**yaml.safe_load(path.read_text()), **changes}
        path.write_text(
            yaml.safe_dump({key: value for key, value in content.items() if value is not None}, sort_keys=False)
        )

    def keep_only(self, *names: str) -> None:
        """Fewer integrations, for tests that need no more."""
        for path in (self.project / "integrations.d").glob("*.yml"):
            if path.stem not in names:
                path.unlink()

    def orders(self) -> list[str]:
        """The numbers of the work orders that are out."""
        return sorted(path.stem for path in (self.project / "work-orders").glob("*.*.[0-9]*.html"))

    def events(self, name: str) -> list[dict[str, Any]]:
        path = self.project / f"journal/{name}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @functools.cached_property
    def state(self) -> State:
        """The simulator's own state, behind everybody's back."""
        return State(str(self.folder / "simulator/state.sqlite"))

    def user(self, username: str) -> dict[str, Any] | None:
        found: list[dict[str, Any]] = self.state.all("user", username=username)
        return found[0] if found else None

    def access(self, username: str) -> dict[str, tuple[list[str], list[str]]]:
        """By workspace, the roles and groups that a user has."""
        state = self.state
        user = self.user(username)
        found = {}
        for membership in state.all("membership", user=user["id"]) if user else []:
            workspace = state.one("workspace", membership["workspace"])
            roles = [
                role["name"]
                for role in state.all("workspace_role", workspace=workspace["id"])
                if role["number"] in membership["roles"]
            ]
            groups = [
                group["name"]
                for group in state.all("group", workspace=workspace["id"])
                if user["id"] in group["members"]
            ]
            found[workspace["name"]] = (roles, [name for name in groups if name != "All Users"])
        return found


# One of each a process: a test gets a copy.


def _temporary() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="workiva-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def _new_project() -> Path:
    """A project as the playbook start writes it."""
    folder = _temporary()
    run_playbook("integrations.workiva.start", "-e", f"workiva_project={folder / 'project'}", folder=folder)
    return folder / "project"


@functools.cache
def _onboarded_project() -> Job:
    job = Job(_temporary())
    try:
        job.onboard()
    finally:
        job.simulate("stop")
    return job


@contextlib.contextmanager
def started(folder: Path, *switches: str) -> Iterator[Job]:
    """A job whose simulator gives these answers to open questions; at its end every exchange is judged."""
    job = Job(folder, *switches)
    try:
        yield job
    finally:
        job.simulate("stop")
    judge(job.record)
