# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The organization of a running simulator: what a test calls it with, and what it reads and changes behind the collection's back."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests._contract import judge
from workiva_simulator import faults, grant_checks, rules, switches
from workiva_simulator.process import running
from workiva_simulator.seed import plant
from workiva_simulator.state import State

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "roles" / "simulator" / "files"
AUTOMATION = "workiva-automation@example.com"
SCOPES = ["organization:read", "organization:write"]


@dataclass
class Organization:
    """A running simulator. C(state) is its file, which the simulator and the test share; C(connection) holds the options of
    a task, with a grant of the automation user; C(secrets) holds every secret that was created here."""

    directory: Path
    state: State
    connection: dict[str, Any]
    secrets: list[str] = field(default_factory=list)

    def command(self, *words: str) -> str:
        """Runs a command of the simulator and returns its output."""
        return simulate(self.directory, *words)

    def reset(self, seed: dict[str, Any] | None = None) -> None:
        """Makes the organization anew, from a seed as the simulator's C(--seed): no switch, fault, record or clock is left."""
        with self.state.transaction():
            self.state.clear("token_key", "last_number")
            plant(self.state, seed)
        self.record.write_text("")
        self.secrets.clear()
        self.connection.update(administrator_credentials(self.state))
        self.secrets.append(self.connection["client_secret"])

    # What the simulator shall do from now on.

    def switch(self, name: str, answer: str) -> None:
        """Gives another answer to an open question; C(workiva_simulator.switches) lists them."""
        self.state.set(**{f"switch.{name}": switches.checked(name, answer)})

    def fault(self, *specifications: str) -> None:
        """Asks for faults, C(KIND[:NAME=VALUE,...]); C(workiva_simulator.faults) lists them."""
        for specification in specifications:
            self.state.put("fault", faults.parse(specification))

    def clock(self, day: str) -> None:
        """Sets the simulator's date, YYYY-MM-DD."""
        self.state.set_clock(datetime.datetime.fromisoformat(day).replace(hour=12, tzinfo=datetime.timezone.utc))

    def create_grant(self, **fields: Any) -> dict[str, str]:
        """Creates a grant as an administrator does on the screen; returns C(client_id) and C(client_secret).

        C(workspace) is a name; C(username), C(scopes), C(expires), C(ip_allowlist) and C(client_name) are as on the screen.
        """
        (workspace,) = self.state.all("workspace", name=fields.pop("workspace", "SEC Filing"))
        usual = {"client_name": "tests", "username": AUTOMATION, "expires": "2999-12-31", "scopes": SCOPES}
        with self.state.transaction():
            grant, secret = rules.add_grant(self.state, {**usual, "workspace": workspace["id"], **fields})
        self.secrets.append(secret)
        return {"client_id": grant["client_id"], "client_secret": secret}

    def change_grant(self, client_id: str, **fields: Any) -> None:
        """Changes a grant behind the collection's back."""
        with self.state.transaction():
            (grant,) = self.state.all("grant", client_id=client_id)
            self.state.put("grant", {**grant, **fields})

    def regenerate(self, client_id: str) -> dict[str, str]:
        """Makes a new secret of a grant as its user does on the screen; returns both parts of its credentials."""
        with self.state.transaction():
            (grant,) = self.state.all("grant", client_id=client_id)
            secret = rules.regenerate(self.state, grant)
        self.secrets.append(secret)
        return {"client_id": client_id, "client_secret": secret}

    def accepts(self, client_id: str, client_secret: str) -> bool:
        """Whether the token endpoint accepts credentials now."""
        grant = next(iter(self.state.all("grant", client_id=client_id)), None)
        return grant_checks.refusal(self.state, grant, client_secret, "127.0.0.1") is None

    def delete_grant(self, client_id: str) -> None:
        """Deletes a grant as an administrator does on the screen."""
        with self.state.transaction():
            (grant,) = self.state.all("grant", client_id=client_id)
            self.state.remove("grant", grant["id"])

    def belongs_elsewhere(self, username: str) -> None:
        """Makes a user one of several organizations."""
        (user,) = self.state.all("user", username=username)
        self.state.put("user", {**user, "other_organizations": True})

    # What happened there.

    @property
    def record(self) -> Path:
        """Every exchange, one JSON object a line."""
        return self.directory / "record.jsonl"

    def requests(self) -> list[dict[str, Any]]:
        """Every exchange since the start or the last reset."""
        return [json.loads(line) for line in self.record.read_text().splitlines()] if self.record.exists() else []

    def writes(self) -> list[tuple[str, str]]:
        """Method and path of every request that can change something."""
        return [
            (line["method"], line["path"])
            for line in self.requests()
            if line["method"] != "GET" and not line["path"].endswith("/token")
        ]

    def mails(self) -> list[str]:
        """The ids of the users who got a welcome mail."""
        return [mail["to"] for mail in self.state.all("mail")]

    def count(self, kind: str, **match: Any) -> int:
        """The number of objects of a kind whose fields are these."""
        return len(self.state.all(kind, **match))


def simulate(directory: Path, *words: str) -> str:
    """Runs a command of the simulator in that directory and returns its output."""
    ran = subprocess.run(
        [sys.executable, "-m", "workiva_simulator", *words, "--directory", str(directory)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


@contextlib.contextmanager
def started(directory: Path, *options: str) -> Iterator[Organization]:
    """Starts a simulator in a folder and stops it at the end; whoever uses it has its exchanges judged."""
    simulate(directory, "start", "--record", str(directory / "record.jsonl"), *options)
    try:
        facts = running(directory) or {}
        state = State(str(directory / "state.sqlite"))
        credentials = administrator_credentials(state)
        connection = {
            "region": "us",
            "organization_id": facts["organization_id"],
            **credentials,
            "ca_path": facts["ca_path"],
            "connect_to": facts["connect_to"],
        }
        yield Organization(directory, state, connection, [credentials["client_secret"]])
    finally:
        simulate(directory, "stop")


def administrator_credentials(state: State) -> dict[str, str]:
    """A grant of the automation user, made before any rule about dates that the simulator may have now."""
    (workspace,) = state.all("workspace", name="SEC Filing")
    soon = (state.now() + datetime.timedelta(days=30)).date().isoformat()
    fields = {"client_name": "tests", "username": AUTOMATION, "expires": soon}
    with state.transaction():
        grant, secret = rules.create_grant(state, {**fields, "workspace": workspace["id"], "scopes": SCOPES})
        state.put("grant", {**grant, "expires": "2999-12-31"})
    return {"client_id": grant["client_id"], "client_secret": secret}


def judged(organization: Organization) -> None:
    """Fails where an exchange is not one of the vendor's contract."""
    judge(organization.record)
