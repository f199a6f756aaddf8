# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes that a run finds while it works: credentials, the way to Workiva, and names in Workiva."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions.test_project_mistakes import ENDPOINT, PAYROLL, write

pytestmark = pytest.mark.once

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

    def hand_over(self, client_id: str, client_secret: str, workspaces: Any = (), **more: str) -> str:
        entry = {**MAIN, "client_id": client_id, "client_secret": client_secret, "expires": "2027-10-01", **more}
        return self.check(handover="vars", handed_over=[entry], workspaces=list(workspaces))

    def shorten(self, message: str) -> str:
        """A message as the tables have it: FOLDER is the project folder, and UUID any."""
        return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", message.replace(str(self.folder), "FOLDER"))

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


def password_in_place_of(name: str) -> Callable[[Run], str]:
    def change(run: Run) -> str:
        run.replace(PAYROLL, name, "Kx7!mQ2z")
        found = run.users()
        assert "Kx7!mQ2z" not in json.dumps(found)
        return str(found["users"][0]["error"]["msg"])

    return change


@dataclass(frozen=True)
class Mistake:
    """What somebody did, and the whole message; FOLDER is the project folder, and UUID any."""

    name: str
    make: Callable[[Run], str]
    message: str


MISTAKES = (
    Mistake(
        "swapped credentials",
        swapped,
        "payroll-sync.main: The client ID and the client secret look swapped. Nothing was stored. Enter each in the place of the "
        "other.",
    ),
    Mistake(
        "cut secret",
        cut,
        "payroll-sync.main: The client secret was cut short: it has 9 characters after its last colon, and a whole one has at "
        "least 20. Nothing was stored. Copy it again.",
    ),
    Mistake(
        "quoted secret",
        quoted,
        "payroll-sync.main: The client secret begins or ends with a quotation mark. Enter it without quotation marks. Nothing was"
        " stored.",
    ),
    Mistake(
        "mistyped secret",
        mistyped,
        "payroll-sync.main: The token request to https://api.app.wdesk.com/iam/v1/oauth2/token for client ID UUID was refused "
        "(401, invalid_client: The client is not accepted). Workiva does not publish which answer has which cause. The client "
        "credentials may be wrong, the grant may be expired or deleted, its user may be suspended, or the IP allowlist of the "
        "grant may not have the address of this machine. Nothing was stored. Copy the client ID and the secret again from the screen of the grant.",
    ),
    Mistake(
        "fewer scopes",
        of_fewer_scopes,
        "payroll-sync.main drifted: The grant does not have file:write. Change scopes of the grant as its work order says.",
    ),
    Mistake(
        "unreachable server",
        unreachable,
        "payroll-sync.main unreachable: POST https://api.app.wdesk.com/iam/v1/oauth2/token got no answer from 127.0.0.1:1, which "
        "connect_to names: Connection refused. The state of the credentials is unknown. Check the network and connect_to. Run again "
        "when this machine reaches Workiva.",
    ),
    Mistake(
        "refusing proxy",
        refusing_proxy,
        "payroll-sync.main unreachable: POST https://api.app.wdesk.com/iam/v1/oauth2/token got no answer: Connection refused. "
        "The state of the credentials is unknown. Check the network, the proxy and the region. Run again when this machine "
        "reaches Workiva.",
    ),
    Mistake(
        "other authorities",
        other_authorities,
        "payroll-sync.main unreachable: POST https://api.app.wdesk.com/iam/v1/oauth2/token was not sent, because the server's "
        "certificate could not be verified: unable to get local issuer certificate. A proxy that inspects TLS causes this too. "
        "Ask the network team for its CA, and name that file in ca_path (WORKIVA_CA_PATH). Verification cannot be turned off, "
        "because every request carries a credential. Run again when this machine reaches Workiva.",
    ),
    Mistake(
        "no authorities",
        no_authorities,
        "ca_path names no file of certificates on the machine where this task runs: /nowhere.pem. Nothing was sent. Correct "
        "ca_path.",
    ),
    Mistake(
        "role",
        misspelt("Professional", "Professionel"),
        "integrations.d/payroll-sync.yml:13: Unknown role in the workspace 'SEC Filing': 'Professionel'. Known, nearest first: "
        "'Professional', 'Workspace Owner', 'Task Admin', 'XBRL', 'Content Manager', 'Starter', 'Workspace Member', 'Data Sharing"
        " Manager', 'Editor', 'Viewer', 'Standard'. Nothing was changed for the user or file that names it. Correct the name, or create it in Workiva.",
    ),
    Mistake(
        "workspace",
        misspelt("SEC Filing", "SEC Filling"),
        "integrations.d/payroll-sync.yml:12: Unknown workspace: 'SEC Filling'. Known, nearest first: 'SEC Filing', 'ESG "
        "Reporting'. Nothing was changed for the user or file that names it. Correct the name, or create it in Workiva.",
    ),
    Mistake(
        "group",
        misspelt("Data loaders", "Data loader"),
        "integrations.d/payroll-sync.yml:14: Unknown group in the workspace 'SEC Filing': 'Data loader'. Known, nearest first: "
        "'Data loaders'. Nothing was changed for the user or file that names it. Correct the name, or create it in Workiva.",
    ),
    Mistake(
        "password in place of a workspace",
        password_in_place_of("SEC Filing"),
        "integrations.d/payroll-sync.yml:12: Unknown workspace. Known, nearest first: 'ESG Reporting', 'SEC Filing'. Nothing was "
        "changed for the user or file that names it. Correct the name, or create it in Workiva.",
    ),
    Mistake(
        "password in place of a group",
        password_in_place_of("Data loaders"),
        "integrations.d/payroll-sync.yml:14: Unknown group in the workspace 'SEC Filing'. Known, nearest first: "
        "'Data loaders'. Nothing was changed for the user or file that names it. Correct the name, or create it in Workiva.",
    ),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name.replace(" ", "_"))
def test_mistake_of_a_run_is_answered_with_what_to_do(run: Run, mistake: Mistake) -> None:
    assert run.shorten(mistake.make(run)) == mistake.message
