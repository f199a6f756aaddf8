# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The project of a benchmark, and one measured run of a playbook in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from organization import GROUPS, LIMITED, ROLE, Organization, workspace_name

# Where a collection has the files that its playbook start writes.
NEW_PROJECT = Path("ansible_collections/integrations/workiva/plugins/plugin_utils/_project/_new_project")
GRANT_SCOPES = ["file:read", "file:write"]


@dataclass(frozen=True)
class Cost:
    """What one run took. C(cpu) and C(peak) are of all its processes; C(peak) is the largest of them, in MB."""

    wall: float
    cpu: float
    peak: float
    requests: Counter[str] = field(default_factory=Counter)
    stopped: bool = False
    """Whether it was ended before it was done, so that it takes longer than this."""

    @property
    def tokens(self) -> int:
        return self.requests["token"]

    @property
    def limited(self) -> int:
        """How many requests were refused because the vendor allows no more in a second."""
        return self.requests[LIMITED]

    def as_json(self) -> dict[str, object]:
        numbers = {"wall": round(self.wall, 2), "cpu": round(self.cpu, 2), "peak_mb": round(self.peak)}
        found = {
            **numbers,
            "requests": self.requests.total(),
            "tokens": self.tokens,
            "limited": self.limited,
            "kinds": dict(self.requests),
        }
        return {**found, "stopped": True} if self.stopped else found


def measure(
    command: list[str],
    folder: Path,
    environment: Mapping[str, str],
    organization: Organization,
    log: str = "output.log",
    limit: float | None = None,
) -> Cost:
    """Runs a command that must succeed. Raises SystemExit with the end of its output where it does not.

    C(limit): after so many seconds it is ended.
    """
    before = organization.lines()
    start = time.monotonic()
    with (folder / log).open("w") as output:
        running = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        stop = threading.Timer(limit or threading.TIMEOUT_MAX, os.killpg, (running.pid, signal.SIGTERM))
        stop.start()
        _pid, status, used = os.wait4(running.pid, 0)
        stop.cancel()
    wall = time.monotonic() - start
    running.returncode = os.waitstatus_to_exitcode(status)
    stopped = limit is not None and wall > limit
    if running.returncode and not stopped:
        raise SystemExit(f"{' '.join(command)}\n{(folder / log).read_text()[-4000:]}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, organization.requests(before), stopped)


class Project:
    """A project of C(count) integrations in C(folder), whose playbooks are those of the collection in C(collections)."""

    def __init__(
        self, folder: Path, ansible: Path, collections: Path, organization: Organization, count: int, prefix: str
    ) -> None:
        self.folder = folder
        self.count = count
        self.ansible = ansible
        self._organization = organization
        self._prefix = prefix
        self._administrator: dict[str, str] = {}
        self._entries: list[dict[str, str]] = []
        folder.mkdir(parents=True)
        (folder / "integrations.d").mkdir()
        self._password = folder.with_name(f"{folder.name}.password")
        self._password.write_text("a password of the benchmark\n")
        (folder / "hosts.yml").write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n")
        written = collections / NEW_PROJECT / "ansible.cfg"
        (folder / "ansible.cfg").write_text(
            written.read_text() if written.exists() else "[defaults]\ninventory = hosts.yml\n"
        )
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "WORKIVA_"))},
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_HOME": str(folder.parent / "ansible-home"),
        }
        self._write()

    def name(self, number: int) -> str:
        return f"{self._prefix}-{number:04d}"

    def username(self, number: int) -> str:
        return f"{self.name(number)}@example.com"

    def workspace(self, number: int) -> str:
        return workspace_name(number % self.workspaces)

    @property
    def workspaces(self) -> int:
        """How many workspaces the integrations are in."""
        return min(self._organization.size.workspaces, max(2, self.count // 10))

    def declaration(self, number: int, roles: tuple[str, ...] = (ROLE,)) -> dict[str, object]:
        """The content of the file of one integration."""
        groups = list(GROUPS[: 1 + number % 2])
        user = {"username": self.username(number), "email": self.username(number), "given_name": "Integration"}
        user |= {"family_name": str(number), "custodian": "anna.k@example.com"}
        access = {"workspaces": {self.workspace(number): {"roles": list(roles), "groups": groups}}}
        grant = {"workspace": self.workspace(number), "scopes": GRANT_SCOPES, "lifetime": "365d"}
        about = {"name": self.name(number), "owner": "finance-systems@example.com", "purpose": "Loads totals"}
        return {**about, "user": {**user, **access}, "grants": {"main": grant}}

    def declare(self, number: int, *roles: str) -> None:
        """Writes the file of one integration; C(roles): other ones than the usual."""
        path = self.folder / f"integrations.d/{self.name(number)}.yml"
        path.write_text(yaml.safe_dump(self.declaration(number, roles or (ROLE,)), sort_keys=False))

    def _write(self) -> None:
        administrator = {"owner": "workiva-admins@example.com", "custodian": "workiva-admins@example.com"}
        administrator |= {"username": "workiva-automation@example.com", "workspace": workspace_name(0)}
        settings = {
            "version": 1,
            "region": "us",
            "organization_id": self._organization.facts["organization_id"],
            "ca_path": self._organization.facts["ca_path"],
            "connect_to": [self._organization.facts["connect_to"][0]],
            "administrator": {
                **administrator,
                "scopes": ["organization:read", "organization:write"],
                "lifetime": "365d",
            },
            "defaults": {"sign_in": "password"},
        }
        (self.folder / "workiva.yml").write_text(yaml.safe_dump({"workiva": settings}, sort_keys=False))
        for number in range(self.count):
            self.declare(number)

    def play(self, playbook: str, *options: str) -> Cost:
        """Runs a playbook of the collection once."""
        return measure(self._command(playbook, *options), self.folder, self.environment, self._organization)

    def play_slices(self, playbook: str, count: int) -> list[Cost]:
        """Runs a playbook several times at once, each time for its part of the integrations. Their requests are counted
        together: each cost has those of all."""
        parts = [[self.name(number) for number in range(part, self.count, count)] for part in range(count)]
        with ThreadPoolExecutor(count) as threads:
            runs = [
                threads.submit(
                    measure,
                    self._command(playbook, "-e", json.dumps({"workiva_only": part})),
                    self.folder,
                    self.environment,
                    self._organization,
                    f"output-{number}.log",
                )
                for number, part in enumerate(parts)
            ]
            return [run.result() for run in runs]

    def _command(self, playbook: str, *options: str) -> list[str]:
        command = [str(self.ansible / "bin/ansible-playbook"), f"integrations.workiva.{playbook}"]
        return [*command, "--vault-id", f"bench@{self._password}", *options]

    def hand_over_administrator(self) -> Cost:
        """Stores the administrator grant."""
        self._administrator = self._organization.administrator()
        return self._hand_over([{"integration": "administrator", "grant": "organization", **self._administrator}])

    def hand_over_all(self) -> Cost:
        """Creates every integration's grant, and hands all credentials over in one run."""
        names = {self.name(number): number for number in range(self.count)}
        wanted = {name: (self.username(of), self.workspace(of), GRANT_SCOPES) for name, of in names.items()}
        grants = self._organization.grants(wanted)
        self._entries = [{"integration": name, "grant": "main", **pair} for name, pair in grants.items()]
        return self._hand_over(self._entries)

    def by_hand(self) -> Path:
        """Writes the variables of the playbooks that do the same job without the playbooks of the collection."""
        facts = self._organization.facts
        users = []
        for number in range(self.count):
            user: Any = self.declaration(number)["user"]
            (access,) = user["workspaces"].items()
            place = {"name": access[0], "roles": access[1]["roles"], "groups": access[1]["groups"]}
            names = {name: user[name] for name in ("username", "email", "given_name", "family_name")}
            users.append({**names, "workspaces": [place]})
        path = self.folder.with_name(f"{self.folder.name}.by-hand.json")
        given = {
            "api": str(facts["console_url"]).rstrip("/"),
            "organization_id": facts["organization_id"],
            "ca_path": facts["ca_path"],
            "connect_to": [facts["connect_to"][0]],
            "administrator": self._administrator,
            "users": users,
            "joins": [
                {"username": user["username"], "workspace": place["name"], "group": group}
                for user in users
                for place in user["workspaces"]
                for group in place["groups"]
            ],
            "handed_over": [{**entry, "scopes": GRANT_SCOPES} for entry in self._entries],
            "password": "a password of the benchmark",
            "vault_file": str(self.folder.with_name(f"{self.folder.name}.by-hand.vault.json")),
        }
        path.write_text(json.dumps(given))
        return path

    def _hand_over(self, entries: list[dict[str, str]]) -> Cost:
        path = self.folder.with_name(f"{self.folder.name}.handed-over.json")
        path.write_text(json.dumps({"workiva_handed_over": entries}))
        try:
            return self.play("handover", "-e", f"@{path}")
        finally:
            path.unlink()
