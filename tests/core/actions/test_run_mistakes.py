# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes that a run finds while it works: vault passwords, files, credentials, the way to Workiva, and names in Workiva."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests._organization import Organization
from tests.core._actions import PASSWORD, Actions
from tests.core.actions.test_project_mistakes import ENDPOINT, PAYROLL, write

MAIN = {"integration": "payroll-sync", "grant": "main"}


class Run:
    """A project folder of an organization that has the user of payroll-sync, and the tasks of the playbooks on it."""

    def __init__(self, actions: Actions, organization: Organization, folder: Path) -> None:
        self.actions = actions
        self.organization = organization
        self.folder = write(folder)
        (self.folder / "integrations.d/ledger-load.yml").unlink()
        self.credentials = self.folder / "credentials.yml"
        self.replace("workiva.yml", "/nowhere/ca.pem", organization.connection["ca_path"])
        self.endpoint = organization.connection["connect_to"][0].split(":", 2)[2]
        self.replace("workiva.yml", ENDPOINT, self.endpoint)
        assert self.users()["users"][0]["changed"]

    def replace(self, path: str, before: str, after: str) -> None:
        text = (self.folder / path).read_text()
        assert before in text
        (self.folder / path).write_text(text.replace(before, after))

    def load(self) -> Any:
        loaded = self.actions("integrations", {"project": str(self.folder)})
        assert not loaded.get("failed"), loaded
        return loaded["workiva"]

    def users(self) -> dict[str, Any]:
        """Applies the users with the credentials of the administrator."""
        stored = {name: self.organization.connection[name] for name in ("client_id", "client_secret")}
        return self.actions("integration_users", {"project": self.load(), "on_item_error": "report", **stored})

    def create(self, **fields: Any) -> dict[str, str]:
        """A grant that an administrator creates on the screen; by default the declared one."""
        usual = {"username": "payroll-sync@example.com", "scopes": ["file:read", "file:write"]}
        return self.organization.create_grant(**{**usual, "expires": "2027-10-01", **fields})

    def check(self, **options: Any) -> str:
        """Checks the grant, and accepts what is handed over. Returns the message of the task, or of the grant."""
        result = self.actions("oauth2_grants", {"project": self.load(), "which": "integrations", **options})
        if result.get("failed"):
            return str(result["msg"])
        (grant,) = result["grants"]
        if grant["error"]:
            return f"payroll-sync.main: {grant['error']['msg']}"
        return f"payroll-sync.main {grant['health']}: {grant['findings'][0]['detail']} {grant['next']}"

    def hand_over(self, client_id: str, client_secret: str) -> str:
        entry = {**MAIN, "client_id": client_id, "client_secret": client_secret}
        return self.check(handover="vars", handed_over=[entry])

    def store(self) -> None:
        """The grant works, and its credentials are stored."""
        message = self.hand_over(**self.create())
        assert message.startswith("payroll-sync.main ok"), message


@pytest.fixture
def run(actions: Actions, organization: Organization, tmp_path: Path) -> Run:
    organization.clock("2026-11-24")
    return Run(actions, organization, tmp_path)


def swapped(run: Run) -> str:
    created = run.create()
    return run.hand_over(created["client_secret"], created["client_id"])


def cut(run: Run) -> str:
    created = run.create()
    return run.hand_over(created["client_id"], created["client_secret"][:-15])


def quoted(run: Run) -> str:
    created = run.create()
    return run.hand_over(created["client_id"], f'"{created["client_secret"]}"')


def mistyped(run: Run) -> str:
    created = run.create()
    return run.hand_over(created["client_id"], f"{created['client_secret'][:-1]}#")


def of_fewer_scopes(run: Run) -> str:
    return run.hand_over(**run.create(scopes=["file:read"]))


def another_vault_password(run: Run) -> str:
    run.store()
    run.actions.vault_passwords = {"default": "another password of a vault"}
    return run.check()


def no_vault_password(run: Run) -> str:
    run.store()
    run.actions.vault_passwords = {}
    return run.check()


def another_vault_id(run: Run) -> str:
    run.store()
    return str(run.actions("vault_secrets", {"path": str(run.credentials), "vault_id": "prodd"})["msg"])


def two_vault_ids(run: Run) -> str:
    run.store()
    run.actions.vault_passwords = {"prod": PASSWORD, "test": PASSWORD}
    return str(run.actions("vault_secrets", {"path": str(run.credentials)})["msg"])


def missing_credentials(run: Run) -> str:
    run.store()
    run.credentials.unlink()
    return run.check()


def damaged_secret(run: Run) -> str:
    run.store()
    head, secret, rest = run.credentials.read_text().partition("client_secret:")
    run.credentials.write_text(
        head + secret + re.sub(r"\n( +)[0-9a-f]{80}\n", r"\n\g<1>" + 80 * "3" + "\n", rest, count=1)
    )
    return run.check()


def damaged_file(run: Run) -> str:
    run.store()
    run.replace("credentials.yml", "    main:", "    main")
    return run.check()


def wholly_encrypted(run: Run) -> str:
    run.store()
    run.credentials.write_text(run.actions.encrypt(run.credentials.read_text()))
    return run.check()


def unreachable(run: Run) -> str:
    run.store()
    run.replace("workiva.yml", run.endpoint, ENDPOINT)
    return run.check()


def refusing_proxy(run: Run) -> str:
    run.store()
    run.replace("workiva.yml", f'  connect_to: ["api.app.wdesk.com:443:{run.endpoint}"]', f"  proxy: http://{ENDPOINT}")
    return run.check()


def other_authorities(run: Run) -> str:
    run.store()
    run.replace("workiva.yml", run.organization.connection["ca_path"], "/etc/ssl/certs/ca-certificates.crt")
    return run.check()


def no_authorities(run: Run) -> str:
    run.store()
    run.replace("workiva.yml", run.organization.connection["ca_path"], "/nowhere.pem")
    return run.check()


def misspelt(before: str, after: str) -> Callable[[Run], str]:
    def change(run: Run) -> str:
        run.replace(PAYROLL, before, after)
        return str(run.users()["users"][0]["error"]["msg"])

    return change


@dataclass(frozen=True)
class Mistake:
    """What somebody did, and the whole message, as a regular expression."""

    name: str
    make: Callable[[Run], str]
    message: str


MISTAKES = (
    Mistake("swapped credentials", swapped, "X"),
    Mistake("cut secret", cut, "X"),
    Mistake("quoted secret", quoted, "X"),
    Mistake("mistyped secret", mistyped, "X"),
    Mistake("fewer scopes", of_fewer_scopes, "X"),
    Mistake("wrong vault password", another_vault_password, "X"),
    Mistake("no vault password", no_vault_password, "X"),
    Mistake("wrong vault id", another_vault_id, "X"),
    Mistake("two vault ids", two_vault_ids, "X"),
    Mistake("missing credentials", missing_credentials, "X"),
    Mistake("damaged secret", damaged_secret, "X"),
    Mistake("damaged file", damaged_file, "X"),
    Mistake("wholly encrypted file", wholly_encrypted, "X"),
    Mistake("unreachable server", unreachable, "X"),
    Mistake("refusing proxy", refusing_proxy, "X"),
    Mistake("other authorities", other_authorities, "X"),
    Mistake("no authorities", no_authorities, "X"),
    Mistake("role", misspelt("Professional", "Professionel"), "X"),
    Mistake("workspace", misspelt("SEC Filing", "SEC Filling"), "X"),
    Mistake("group", misspelt("Data loaders", "Data loader"), "X"),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name.replace(" ", "_"))
def test_mistake_of_a_run_is_answered_with_what_to_do(run: Run, mistake: Mistake) -> None:
    message = mistake.make(run)
    print("=====", mistake.name, "\n", message)
    assert re.fullmatch(mistake.message.replace("FOLDER", re.escape(str(run.folder))), message), message
