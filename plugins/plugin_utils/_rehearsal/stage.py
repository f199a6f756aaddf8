# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The folder of a rehearsal: a copy of the project with a vault password of its own, and the runs in it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.overview import is_order_page
from ansible_collections.integrations.workiva.plugins.plugin_utils._rehearsal.course import Report

_PASSWORD, _GIVEN, _MEMORY, _RECORD = "vault-password", "given.json", "reports.jsonl", "requests.jsonl"
_SETTLED = "settled"
# No vault password and no credential that only the real job has, and an output that can be read.
_ENVIRONMENT = {
    "ANSIBLE_ASK_VAULT_PASS": "false",
    "ANSIBLE_VAULT_ENCRYPT_IDENTITY": "rehearsal",
    "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
    "ANSIBLE_NOCOLOR": "1",
    "ANSIBLE_FORCE_COLOR": "0",
    "ANSIBLE_NOCOWS": "1",
    "ANSIBLE_DISPLAY_OK_HOSTS": "false",
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    **dict.fromkeys(
        (
            *("WORKIVA_REGION", "WORKIVA_API_URL", "WORKIVA_TOKEN_ENDPOINT", "WORKIVA_ORGANIZATION_ID"),
            *("WORKIVA_CA_PATH", "WORKIVA_CLIENT_ID", "WORKIVA_CLIENT_SECRET", "WORKIVA_CLIENT_SECRET_FILE"),
            "WORKIVA_ACCESS_TOKEN",
        ),
        "",
    ),
}


@dataclass(frozen=True)
class Run:
    """How a run of a playbook ended, and what it printed."""

    succeeded: bool
    output: str


class Stage:
    """The folder of one rehearsal. Raises OSError where something in it cannot be read or written."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.copy = os.path.join(path, "project")
        self.handed_over = os.path.join(path, "handed-over.yml")

    def prepare(self, source: str, settings: str, today: str) -> None:
        """Copies the declarations of the project in C(source), and writes what the runs are given."""
        os.makedirs(os.path.join(self.copy, "certificates"), mode=0o700)
        shutil.copytree(os.path.join(source, "integrations.d"), os.path.join(self.copy, "integrations.d"))
        _write(os.path.join(self.copy, "workiva.yml"), settings)
        _write(self._inside(_PASSWORD), f"{secrets.token_urlsafe(24)}\n")
        given = {
            "workiva_project": self.copy,
            "workiva_today": today,
            "workiva_vault_id": "rehearsal",
            "workiva_handover": "vars",
            # All machines are this one, whatever the inventory says of them.
            "ansible_connection": "local",
            "ansible_become": False,
            "ansible_python_interpreter": sys.executable,
        }
        _write(self._inside(_GIVEN), json.dumps(given, indent=2) + "\n")

    def run(
        self, playbook: str, source: str, inventories: Iterable[str], collections: Sequence[str], *options: str
    ) -> Run:
        """Runs a playbook as a person would start it, with the Ansible settings of the project in C(source)."""
        command = [sys.executable, "-m", "ansible", "playbook", f"integrations.workiva.{playbook}"]
        command += [f"--inventory={one}" for one in inventories]
        command += ["-e", f"@{self._inside(_GIVEN)}", *options]
        settings = os.path.join(source, "ansible.cfg")
        environment = {
            **os.environ,
            **({"ANSIBLE_CONFIG": settings} if os.path.isfile(settings) else {}),
            **_ENVIRONMENT,
            "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(collections),
            "ANSIBLE_VAULT_PASSWORD_FILE": self._inside(_PASSWORD),
            "ANSIBLE_VAULT_IDENTITY_LIST": f"rehearsal@{self._inside(_PASSWORD)}",
        }
        done = subprocess.run(  # noqa: S603 - our own interpreter, no shell
            command,
            cwd=self.copy,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        return Run(done.returncode == 0, done.stdout)

    def orders(self) -> list[str]:
        """The pages of the open work orders."""
        folder = os.path.join(self.copy, "work-orders")
        names = os.listdir(folder) if os.path.isdir(folder) else []
        return sorted(name for name in names if name.endswith(".html") and is_order_page(name))

    def count_writes(self) -> int:
        """How many requests were sent that change something."""
        return sum(
            line["method"] != "GET" and not line["path"].endswith("/token") for line in _lines(self._inside(_RECORD))
        )

    def is_settled(self) -> bool:
        """Whether an onboard left no work order open."""
        return os.path.exists(self._inside(_SETTLED))

    def settle(self) -> None:
        """Remembers that for later tasks."""
        _write(self._inside(_SETTLED), "")

    def remember(self, reports: Iterable[Report]) -> None:
        """Keeps reports for later tasks, after those of before, as one round."""
        with open(self._inside(_MEMORY), "a", encoding="utf-8") as stream:
            stream.write(json.dumps([report.as_result() for report in reports]) + "\n")

    def rounds(self) -> list[list[Report]]:
        """All reports, round by round."""
        return [[Report(**entry) for entry in line] for line in _lines(self._inside(_MEMORY))]

    def _inside(self, name: str) -> str:
        return os.path.join(self._path, name)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)


def _lines(path: str) -> list[Any]:
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def read_inventories(variables: Mapping[str, Any]) -> list[str]:
    """The inventories of this run, from a task's variables."""
    return [str(one) for one in variables.get("ansible_inventory_sources") or [] if one]
