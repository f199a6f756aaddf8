# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A controller, the variables that the playbook awx is given, and the playbooks run on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests._playbook import run_playbook
from tests.awx.serving import TOKEN, Served

SECRETS = {
    "pair": "wk_secret:oa2c:AbCdEfGhIjKlMnOpQrSt",
    "forge": "a token of the forge",
    "vault": "a password of the vault",
    "mail": "a password of the mail",
}
ORGANIZATION_ID = "d6e178fd-4dd5-47e5-9457-68dd64b03655"
GRANT = {"region": "eu", "organization_id": ORGANIZATION_ID, "client_id": "aabbcc", "client_secret": SECRETS["pair"]}
GIVEN: dict[str, Any] = {
    "awx_organization": "Finance",
    "awx_project_url": "https://git.example.com/finance/workiva.git",
    "awx_execution_environment": "registry.example.com/workiva:1",
    "awx_credentials": {
        "administrator": GRANT,
        "reader": {**GRANT, "client_id": "ddeeff"},
        "repository": {"url": "https://git.example.com/finance/workiva.git", "password": SECRETS["forge"]},
        "vault": {"vault_password": SECRETS["vault"], "vault_id": ""},
        "source": {"username": "awx", "password": SECRETS["forge"]},
    },
    "awx_custodian_teams": ["Custodians"],
    "awx_custodian_users": ["anna"],
    "awx_approver_teams": ["Approvers"],
    "awx_operator_teams": ["Operators"],
    "awx_auditor_teams": ["Auditors"],
    "awx_mail": {
        "host": "smtp.example.com",
        "username": "awx",
        "password": SECRETS["mail"],
        "use_tls": True,
        "sender": "awx@example.com",
        "recipients": ["workiva-admins@example.com"],
    },
}
# As start writes it.
HOSTS = "all: {hosts: {localhost: {ansible_connection: local, ansible_python_interpreter: '{{ ansible_playbook_python }}'}}}"
_NAMES = ("onboard", "verify", "offboard", "deliver", "discover", "handover", "rotate", "save")
PLAYBOOKS = tuple(f"{name}.yml" for name in _NAMES)


@dataclass
class Run:
    """What a run printed, changed and sent."""

    output: str
    changed: int
    sent: list[tuple[str, str, Any]]


class Platform:
    """A controller, and the playbooks run on it."""

    def __init__(self, folder: Path, there: Served) -> None:
        self.folder, self.there, self.controller = folder, there, there.controller
        organization = self.controller.make("organizations", {"name": "Finance"})["id"]
        self.teams = {
            team: self.controller.make("teams", {"name": team, "organization": organization})["id"]
            for team in ("Custodians", "Approvers", "Operators", "Auditors")
        }
        self.organization = organization
        self.controller.make("users", {"username": "anna"})
        (folder / "home").mkdir()
        (folder / "hosts.yml").write_text(HOSTS)
        # A namesake elsewhere, which must be left alone.
        other = self.controller.make("organizations", {"name": "Other"})["id"]
        self.controller.make("inventories", {"name": "Workiva", "organization": other})

    def play(
        self,
        playbook: str,
        *options: str,
        warns: bool = False,
        fails: bool = False,
        token: str = TOKEN,
        **variables: Any,
    ) -> Run:
        """Runs a playbook. A warning fails the test, and so does a secret in what is printed."""
        given = self.folder / "given.json"
        given.write_text(json.dumps(variables))
        since = len(self.controller.writes)
        played = run_playbook(
            *(f"integrations.workiva.{playbook}", "-e", f"@{given}", "-vvvvv", *options),
            folder=self.folder,
            inventory="hosts.yml",
            fails=fails,
            warns=warns,
            home=self.folder / "home",
            environment={
                **{"CONTROLLER_HOST": self.there.url, "CONTROLLER_OAUTH_TOKEN": token},
                "ANSIBLE_DEPRECATION_WARNINGS": "1",
                # Half the processes for each module. The first whole run goes without, to compare.
                "ANSIBLE_PIPELINING": str(bool(options or since)),
                "SSL_CERT_FILE": str(self.there.authority),
            },
        )
        assert not [name for name, secret in SECRETS.items() if secret in played.output]
        assert (played.count("unreachable"), played.count("failed")) == (0, int(fails)), played.output[-6000:]
        return Run(played.output, played.count("changed"), self.controller.writes[since:])
