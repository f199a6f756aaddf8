# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator with a grant for the collection, and what a test may want to see and do behind its back."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.parsing.vault import VaultLib, VaultSecret

from tests._contract import judge
from workiva_simulator import rules
from workiva_simulator.process import running
from workiva_simulator.state import State

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "roles" / "simulator" / "files"
AUTOMATION = "workiva-automation@example.com"
SCOPES = ["organization:read", "organization:write"]


@dataclass
class Organization:
    """A running simulator. C(state) is its file, which it shares with whoever opens it."""

    directory: Path
    state: Any
    connection: dict[str, Any]

    def command(self, *words: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "workiva_simulator", *words, "--directory", str(self.directory)],
            env={**os.environ, "PYTHONPATH": str(PACKAGE)},
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout

    def switch(self, name: str, answer: str) -> None:
        self.command("switch", f"{name}={answer}")

    def fault(self, *faults: str) -> None:
        self.command("fault", *faults)

    def mails(self) -> list[str]:
        """The ids of the users who got a welcome mail."""
        return [mail["to"] for mail in self.state.all("mail")]

    def count(self, kind: str, **match: Any) -> int:
        return len(self.state.all(kind, **match))

    def belongs_elsewhere(self, username: str) -> None:
        (user,) = self.state.all("user", username=username)
        self.state.put("user", {**user, "other_organizations": True})


@contextlib.contextmanager
def started(directory: Path) -> Iterator[Organization]:
    """Starts a simulator in a folder, with a grant of its automation user, and stops it at the end."""
    organization = Organization(directory, None, {})
    record = directory / "record.jsonl"
    organization.command("start", "--record", str(record))
    try:
        facts = running(directory) or {}
        organization.state = state = State(str(directory / "state.sqlite"))
        organization.connection = {
            "region": "us",
            "organization_id": facts["organization_id"],
            **administrator_pair(state),
            "ca_path": facts["ca_path"],
            "connect_to": facts["connect_to"],
        }
        yield organization
    finally:
        organization.command("stop")
    judge(record)


def administrator_pair(state: State) -> dict[str, str]:
    """A grant of the automation user, as people make it on the screen."""
    (workspace,) = state.all("workspace", name="SEC Filing")
    fields = {"client_name": "tests", "username": AUTOMATION, "expires": "2999-12-31"}
    with state.transaction():
        grant, secret = rules.create_grant(state, {**fields, "workspace": workspace["id"], "scopes": SCOPES})
    return {"client_id": grant["client_id"], "client_secret": secret}


def credentials(pair: dict[str, str], password: str) -> str:
    """A credentials.yml that holds the administrator grant, as its user could have written it by hand."""
    secret = VaultLib([("test", VaultSecret(password.encode()))]).encrypt(pair["client_secret"], vault_id="test")
    block = "".join(f"        {line}\n" for line in secret.decode().splitlines())
    return (
        "workiva_credentials_version: 1\nworkiva_credentials:\n  administrator:\n    organization:\n"
        f"      client_id: {pair['client_id']}\n      expires: '2999-12-31'\n      client_secret: !vault |\n{block}"
    )
