# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project with one stored grant and its targets, without an organization: what delivers needs none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from tests._playbook import Played, run_playbook

NAME, GRANT = "payroll-sync", "main"
PASSWORD = "a password of the tests"
IDS = {number: f"0d8f0c3e-1d2a-4b6c-9e59-00000000000{number}" for number in range(1, 9)}
SECRETS = {number: f"wk_secret:oa2c:DeliveredCanary{number}000111222333" for number in range(1, 9)}
_LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
_GONE = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 9}
_HOSTS = {
    "localhost": _LOCAL,
    "app01": _LOCAL,
    "app02": _LOCAL,
    "gone": _GONE,
    # It is gone while the file exists.
    "unsteady": {
        **{**_LOCAL, **_GONE},
        "ansible_connection": "{{ 'ssh' if (inventory_dir ~ '/../unsteady') is exists else 'local' }}",
    },
}
_INTEGRATION = {
    "name": NAME,
    "owner": "finance@example.com",
    "user": {
        **{"username": "payroll@example.com", "email": "payroll@example.com"},
        **{"given_name": "Payroll", "family_name": "Sync", "workspaces": {"SEC Filing": {"roles": ["Professional"]}}},
    },
    "grants": {GRANT: {"workspace": "SEC Filing", "scopes": ["file:read", "file:write"]}},
}


@dataclass
class Deliveries:
    """The project is in C(folder); C(store) stores the next credentials, as a handover does."""

    home: Path
    number: int = 0
    played: Played | None = None
    variables: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.home / "project"

    @property
    def file(self) -> Path:
        """What the target of L(to_file) writes."""
        return self.home / "app.env"

    def to_file(self, **more: Any) -> dict[str, Any]:
        return {"name": "app", "tasks": "file", "vars": {"path": str(self.file)}, **more}

    def declare(self, *targets: dict[str, Any], **files: str) -> None:
        """Writes the project with these targets, and files of tasks by their names; the first credentials are stored."""
        (self.folder / "integrations.d").mkdir(parents=True, exist_ok=True)
        (self.folder / "deliver").mkdir(exist_ok=True)
        workiva = {
            **{"region": "us", "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655"},
            "administration": "work_order",
        }
        hosts = {"hosts": _HOSTS, "children": {"app": {"hosts": {"app01": {}, "app02": {}}}}, "vars": self.variables}
        for name, content in (
            ("workiva.yml", {"workiva": workiva}),
            ("hosts.yml", {"all": hosts}),
            (f"integrations.d/{NAME}.yml", {**_INTEGRATION, "deliver": list(targets)}),
        ):
            (self.folder / name).write_text(yaml.safe_dump(content, sort_keys=False))
        for name, text in files.items():
            (self.folder / f"deliver/{name}").write_text(text)
        (self.home / "password").write_text(f"{PASSWORD}\n")
        if not self.number:
            self.store()

    def store(self, *, client_id: str | None = None) -> None:
        """The next credentials, in the vault file and in the journal."""
        self.number += 1
        self.restore(self.number, client_id=client_id)
        of = {"grant": GRANT, "credentials": self.number, "client_id": client_id or IDS[self.number]}
        events = [
            {"event": "received", **of},
            {"event": "verified", **of, "scopes": ["file:read", "file:write"]},
            {"event": "stored", **of, "scopes": ["file:read", "file:write"], "on": "2026-11-20"},
        ]
        Journal(str(self.folder / "journal"), NAME).append(*events)

    def restore(self, number: int, *, client_id: str | None = None) -> None:
        """The vault file has these credentials, whatever the journal knows."""
        (self.folder / "credentials.yml").write_text(
            f"workiva_credentials_version: 1\nworkiva_credentials:\n  {NAME}:\n    {GRANT}:\n"
            f"      client_id: {client_id or IDS[number]}\n      number: '{number}'\n      client_secret: !vault |\n{_encrypt(number)}"
        )

    def add(self, key: str, number: int) -> None:
        """The entry of the vault file has one more secret."""
        with (self.folder / "credentials.yml").open("a") as file:
            file.write(f"      {key}: !vault |\n{_encrypt(number)}")

    def play(self, *options: str, fails: bool = False, **environment: str) -> Played:
        """Runs the playbook deliver. A secret in the output fails the test, and so does one in clear in the project."""
        self.played = run_playbook(
            "integrations.workiva.deliver",
            *("--vault-id", f"test@{self.home / 'password'}", *options),
            folder=self.folder,
            inventory="hosts.yml",
            fails=fails,
            home=self.home,
            environment=environment,
        )
        texts = [self.played.output, *(content.decode("utf-8", "replace") for content in self.content().values())]
        for secret in SECRETS.values():
            assert not [text for text in texts if secret in text], self.played.output
        return self.played

    @property
    def output(self) -> str:
        assert self.played
        return self.played.output

    def content(self) -> dict[str, bytes]:
        """Every byte of the project."""
        return {str(path): path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()}

    def events(self) -> list[dict[str, Any]]:
        """The deliveries that the journal knows."""
        lines = (self.folder / f"journal/{NAME}.jsonl").read_text().splitlines()
        return [event for event in map(json.loads, lines) if event["event"] == "delivered"]

    def delivered(self) -> list[tuple[str, str, int, str]]:
        """The same, as target, host, number and how it was checked."""
        return [(event["target"], event["host"], event["credentials"], event["how"]) for event in self.events()]


def _encrypt(number: int) -> str:
    secret = VaultLib([("test", VaultSecret(PASSWORD.encode()))]).encrypt(SECRETS[number], vault_id="test")
    return "".join(f"        {line}\n" for line in secret.decode().splitlines())
