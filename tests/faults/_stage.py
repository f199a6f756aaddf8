# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The project and the organization that each run of the campaign starts from, made once and copied for each run."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._api import limiter, session
from tests._organization import AUTOMATION, Organization
from tests._organization import started as started_simulator
from tests.core._actions import PASSWORD
from tests.faults._run import Quiet, Run, play
from tests.faults._wire import Wire
from workiva_simulator import rules
from workiva_simulator.api import OPERATIONS, TOKEN_PATHS
from workiva_simulator.server import MODULES

FILE = "124efa2a142f472ba1ceab34ed18915f"
EXPIRES = "2027-06-30"
ADMINISTRATOR = {
    "owner": "workiva-admins@example.com",
    "custodian": "workiva-admins@example.com",
    "username": AUTOMATION,
    "workspace": "SEC Filing",
    "expires": EXPIRES,
}
LEDGER: dict[str, Any] = {
    "name": "ledger-load",
    "owner": "finance-systems@example.com",
    "purpose": "Loads the trial balance every night",
    "user": {
        "username": "ledger-load@example.com",
        "email": "ledger-load@example.com",
        "given_name": "Ledger",
        "family_name": "(integration)",
        "sign_in": "password",
        "custodian": "anna.k@example.com",
        "workspaces": {"SEC Filing": {"roles": ["Viewer"], "groups": ["Data loaders"]}},
    },
    "grants": {"main": {"workspace": "SEC Filing", "scopes": ["file:read"], "expires": EXPIRES}},
}
# The tasks of the targets leave no secret in a file. They are imported, because the plugins of ansible.builtin are found in a run of
# Ansible only, and not in this process, where the action would refuse a file that cannot be loaded.
TASKS = {
    "show.yml": "---\n- name: Show the client ID\n  ansible.builtin.import_tasks: shown.yml\n",
    "shown.yml": """\
---
- name: Show the client ID
  ansible.builtin.set_fact:
    deliver_read_back: "{{ workiva_client_id }}"
""",
}
# The same with another name, another role and without its group; its credentials are delivered.
CHANGED_LEDGER = {
    **LEDGER,
    "deliver": [{"name": "loader", "tasks": "deliver/show.yml"}],
    "user": {
        **LEDGER["user"],
        "family_name": "Load (integration)",
        "workspaces": {"SEC Filing": {"roles": ["Professional"], "groups": [], "exclusive": True}},
    },
}
PAYROLL: dict[str, Any] = {
    "name": "payroll-sync",
    "owner": "finance-systems@example.com",
    "purpose": "Loads the payroll totals into the 10-K support schedule",
    "user": {
        "username": "payroll-sync@example.com",
        "email": "payroll-sync@example.com",
        "given_name": "Payroll",
        "family_name": "(integration)",
        "sign_in": "password",
        "custodian": "anna.k@example.com",
        "organization_roles": ["Data Access Admin"],
        "workspaces": {
            "SEC Filing": {"roles": ["Professional"], "groups": ["Data loaders"]},
            "ESG Reporting": {"roles": ["Viewer"]},
        },
    },
    "grants": {
        "filing": {"workspace": "SEC Filing", "scopes": ["file:read", "file:write"], "expires": EXPIRES},
        "esg": {"workspace": "ESG Reporting", "scopes": ["file:read"], "expires": EXPIRES},
    },
    "deliver": [{"name": "app", "grant": "filing", "tasks": "deliver/show.yml"}],
    "files": {
        "SEC Filing": {FILE: {"about": "Support schedules", "file_owner": "anna.k@example.com", "permission": "Editor"}}
    },
}
Rows = list[tuple[str, str, str]]
assert MODULES  # which register their operations
_TEMPLATES = [
    (re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", one.path)))), one.path) for one in OPERATIONS
]


def template_of(path: str) -> str:
    """A path as the contract writes it."""
    if path in TOKEN_PATHS:
        return path
    return next(template for pattern, template in _TEMPLATES if pattern.fullmatch(path))


@dataclass(frozen=True)
class Base:
    """Where runs of one playbook start: a project folder, the rows of an organization, and the variables of the run."""

    playbook: str
    folder: Path
    rows: Rows
    secrets: tuple[str, ...]
    variables: Mapping[str, Any]


@dataclass
class Stage:
    """A simulator with a folder, in which one run after the other takes place."""

    organization: Organization
    root: Path
    actions: Quiet
    wire: Wire
    bases: dict[str, Base] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def project(self) -> Path:
        """The project folder of the present run."""
        return self.root / "project"

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that a run writes to."""
        return str(self.project), str(self.copy.parent)

    @property
    def copy(self) -> Path:
        """The copy of the server's certificate."""
        return self.root / "loader" / "workiva.pem"

    def base(self, playbook: str) -> Base:
        """The base of a playbook; all are made at the first call."""
        if not self.bases:
            self._make()
        return self.bases[playbook]

    def restore(self, base: Base) -> None:
        """Puts project, organization and canaries back to a base; no fault is left."""
        shutil.rmtree(self.root / "runs", ignore_errors=True)
        for name in ("project", "loader"):
            shutil.rmtree(self.root / name, ignore_errors=True)
            shutil.copytree(base.folder / name, self.root / name)
        with contextlib.closing(self._database()) as database:
            with database:
                database.execute("DELETE FROM object")
                database.executemany("INSERT INTO object (kind, id, body) VALUES (?, ?, ?)", base.rows)
        self.organization.record.write_text("")
        self.organization.secrets[:] = base.secrets

    def restore_settings(self, base: Base) -> None:
        """Puts C(workiva.yml) back."""
        shutil.copy(base.folder / "project" / "workiva.yml", self.project)

    def play(self, playbook: str, name: str = "", **variables: Any) -> Run:
        """Runs a playbook on the project. C(name) is that of the run's temporary folder, if it is not the next number."""
        cache = self.root / "runs" / (name or str(next(self.numbers)))
        # Of a run's own, as each process has one: where waits take no time, that of thousands of runs is far ahead of the clock.
        session.LIMITER = limiter.Limiter()
        return play(self.actions, playbook, self.project, cache, **variables)

    def end_faults(self) -> None:
        """No fault happens from now on."""
        for one in self.organization.state.all("fault"):
            self.organization.state.remove("fault", one["id"])

    def requests(self) -> list[tuple[str, str]]:
        """Method and path template of each request since the organization was restored."""
        return [(line["method"], template_of(line["path"])) for line in self.organization.requests()]

    # How the bases are made.

    def _make(self) -> None:
        organization = self.organization
        organization.reset()
        organization.clock("2026-11-24")
        (self.root / "loader").mkdir(exist_ok=True)
        for name in ("integrations.d", "deliver"):
            (self.project / name).mkdir(parents=True, exist_ok=True)
        for name, text in TASKS.items():
            (self.project / "deliver" / name).write_text(text)
        self._own_file()
        self._settings()
        scopes = {
            "administrator": ["organization:read", "organization:write"],
            "file_administrator": ["file:read", "file:write"],
        }
        first = [
            self._grant("administrator", "organization", AUTOMATION, "SEC Filing", scopes["administrator"]),
            self._grant("file-administrator", "filing", AUTOMATION, "SEC Filing", scopes["file_administrator"]),
        ]
        self._declare(LEDGER)
        self._succeed("onboard", handed_over=first)
        self._succeed("handover", handed_over=self._grants_of(LEDGER))
        self._declare(CHANGED_LEDGER, PAYROLL)
        self._keep("onboard", today="2026-11-24")
        self._succeed("onboard")
        pairs = self._grants_of(PAYROLL)
        self._keep("handover", handed_over=pairs)
        self._succeed("handover", handed_over=pairs)
        self._keep("verify")
        self._keep("rotate", grants=["payroll-sync.filing"])
        self._declare({**PAYROLL, "state": "absent"})
        self._keep("offboard", only=["payroll-sync"])

    def _own_file(self) -> None:
        state = self.organization.state
        with state.transaction():
            found = state.one("file", FILE)
            (owner,) = state.all("user", username=AUTOMATION)
            assert found
            given = {"permission": rules.permission_id("Owner"), "principal": owner["id"]}
            state.put("file", {**found, "permissions": [*found["permissions"], given]})

    def _settings(self) -> None:
        connection = self.organization.connection
        settings = {
            "version": 1,
            "region": "us",
            "organization_id": connection["organization_id"],
            "ca_path": connection["ca_path"],
            "connect_to": [next(entry for entry in connection["connect_to"] if entry.startswith("api.app"))],
            "retries": 1,
            "administrator": {**ADMINISTRATOR, "scopes": ["organization:read", "organization:write"]},
            "file_administrator": {"filing": {**ADMINISTRATOR, "scopes": ["file:read", "file:write"]}},
            "certificates": {"api": {"path": "../loader/workiva.pem"}},
        }
        (self.project / "workiva.yml").write_text(yaml.safe_dump({"workiva": settings}, sort_keys=False))

    def _declare(self, *integrations: Mapping[str, Any]) -> None:
        for one in integrations:
            path = self.project / "integrations.d" / f"{one['name']}.yml"
            path.write_text(yaml.safe_dump(dict(one), sort_keys=False))

    def _grant(self, integration: str, grant: str, username: str, workspace: str, scopes: list[str]) -> dict[str, str]:
        fields = {"username": username, "workspace": workspace, "scopes": scopes, "expires": EXPIRES}
        return {"integration": integration, "grant": grant, **self.organization.create_grant(**fields)}

    def _grants_of(self, integration: Mapping[str, Any]) -> list[dict[str, str]]:
        username = integration["user"]["username"]
        return [
            self._grant(integration["name"], name, username, grant["workspace"], grant["scopes"])
            for name, grant in integration["grants"].items()
        ]

    def _succeed(self, playbook: str, **variables: Any) -> None:
        run = self.play(playbook, **variables)
        assert not run.failure, (run.failure, run.shown)

    def _keep(self, playbook: str, **variables: Any) -> None:
        folder = self.root / "bases" / playbook
        for name in ("project", "loader"):
            shutil.copytree(self.root / name, folder / name)
        with contextlib.closing(self._database()) as database:
            rows = database.execute("SELECT kind, id, body FROM object ORDER BY number").fetchall()
        self.bases[playbook] = Base(playbook, folder, rows, tuple(self.organization.secrets), variables)

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.organization.directory / "state.sqlite", timeout=30)


@contextlib.contextmanager
def opened(root: Path) -> Iterator[Stage]:
    """Starts a simulator in a folder, and stops it at the end."""
    with started_simulator(root / "simulator") as organization:
        actions = Quiet(root, organization, secrets=[PASSWORD])
        yield Stage(organization, root, actions, Wire(organization.directory))


def content_of(folder: Path) -> dict[str, bytes]:
    """Every byte of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def events_of(project: Path) -> list[dict[str, Any]]:
    """The events of all journals, each with the name of its journal; a torn last line is none."""
    found = []
    for path in sorted((project / "journal").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            with contextlib.suppress(ValueError):
                found.append({"journal": path.stem, **json.loads(line)})
    return found
