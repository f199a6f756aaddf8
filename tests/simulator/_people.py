# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator of one test, as its people and its API see it, and the work orders that people get."""

from __future__ import annotations

import contextlib
import html
import io
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from workiva_simulator import process
from workiva_simulator.__main__ import main
from workiva_simulator.browser import Browser
from workiva_simulator.seed import plant
from workiva_simulator.state import Object, State

OLIVIA, ANNA, OTTO, BOT = (f"{name}@example.com" for name in ("olivia.admin", "anna.k", "otto.owner", "payroll-sync"))
SEED = """
organization: {name: Example Corporation, id: d6e178fd-4dd5-47e5-9457-68dd64b03655}
workspaces:
  - name: SEC Filing
  - name: ESG Reporting
users:
  - username: olivia.admin@example.com
    organization_roles: [Org Security Admin]
    workspaces: {SEC Filing: {roles: [Workspace Member]}, ESG Reporting: {roles: [Workspace Member]}}
  - username: lonely.admin@example.com
    organization_roles: [Org Security Admin]
    workspaces: {}
  - username: otto.owner@example.com
    workspaces: {SEC Filing: {roles: [Workspace Owner]}}
  - username: anna.k@example.com
    workspaces: {SEC Filing: {roles: [Professional]}}
  - username: payroll-sync@example.com
    workspaces: {SEC Filing: {roles: [Professional]}, ESG Reporting: {roles: [Professional]}}
"""


@dataclass
class Simulator:
    directory: Path
    url: str
    ca_path: str
    state: State

    def forget(self) -> None:
        """Removes the grants and the answers of a test, and sets the clock right."""
        with self.state.transaction():
            for grant in self.state.all("grant"):
                self.state.remove("grant", grant["id"])
            for setting in self.state.all("setting"):
                if setting["id"].startswith("switch.") or setting["id"] == "clock_offset":
                    self.state.remove("setting", setting["id"])

    def command(self, *words: str, status: int = 0) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            done = main([*words, "--directory", str(self.directory)])
        assert done == status, printed.getvalue()
        return printed.getvalue()

    def clear(self) -> None:
        """Back to the organization of the start, with the default answers and the machine's date."""
        with self.state.transaction():
            self.state.clear("token_key", "last_number", "seed")
            plant(self.state, yaml.safe_load(SEED))

    def client(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=self.ca_path)
        return httpx.Client(base_url=self.url, verify=context, trust_env=False)

    @contextlib.contextmanager
    def signed_in(self, username: str) -> Iterator[Browser]:
        with Browser(self.ca_path) as browser:
            browser.open(self.url)
            form = browser.form("Sign in")
            form.enter("Username", username)
            browser.press(form, "Sign in")
            yield browser

    def token(self, client_id: str, secret: str) -> httpx.Response:
        fields = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        with self.client() as client:
            return client.post("/iam/v1/oauth2/token", data=fields)

    def grant(self, **match: Any) -> Object:
        (found,) = self.state.all("grant", **match)
        return found

    def workspace_of(self, grant: Object) -> str:
        return str((self.state.one("workspace", grant["workspace"]) or {})["name"])


@contextlib.contextmanager
def running(directory: Path) -> Iterator[Simulator]:
    seed = directory / "seed.yml"
    seed.write_text(SEED)
    simulator = Simulator(directory, "", "", State(str(directory / "state.sqlite")))
    simulator.command("start", "--seed", str(seed))
    try:
        facts = process.running(directory)
        assert facts
        simulator.url, simulator.ca_path = facts["console_url"], facts["ca_path"]
        yield simulator
    finally:
        simulator.command("stop")
    assert "Traceback" not in (directory / "simulator.log").read_text()


def order_page(number: str, kind: str = "create", screen: str = "organization_admin", **fields: Any) -> str:
    """A work order's page, with the attributes by which it is read; a field whose value is a tuple is left as it is."""
    integration, grant, _count = number.rsplit(".", 2)
    rows = []
    for name, value in fields.items():
        kept, value = (" data-unchanged", value[0]) if isinstance(value, tuple) else ("", value)
        if name == "scopes":
            rows += [
                f'<dd><code data-field="scope" data-scope="{vendor}"{kept}>{text}</code></dd>' for text, vendor in value
            ]
        else:
            rows.append(f'<dt>x</dt><dd><code data-field="{name}"{kept}>{html.escape(value)}</code></dd>')
    return (
        f'<!DOCTYPE html><html><body><main data-order="{number}" data-kind="{kind}" data-screen="{screen}" '
        f'data-integration="{integration}" data-grant="{grant}"><dl>{"".join(rows)}</dl></main></body></html>'
    )
