# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A running simulator, as its client and the person who started it use it."""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import ssl
from pathlib import Path
from typing import Any

import httpx

from workiva_simulator import rules, seed
from workiva_simulator.__main__ import main
from workiva_simulator.state import State
from workiva_simulator.switches import DEFAULTS

SCOPES = ["organization:read", "organization:write", "activity:read", "file:read"]
AUTOMATION = "workiva-automation@example.com"


class Simulator:
    """A running simulator, with a grant for its automation user."""

    def __init__(self, directory: Path, *more: str) -> None:
        self.directory = directory
        self.record = directory / "record.jsonl"
        self.facts = self.command("start", "--record", str(self.record), *more)
        self.state = State(str(directory / "state.sqlite"))
        self.base = f"/organizations/{self.facts['organization_id']}"
        address = f"https://localhost:{self.facts['port']}"
        self.http = httpx.Client(
            base_url=address, verify=ssl.create_default_context(cafile=self.facts["ca_path"]), trust_env=False
        )
        self.renew()

    def renew(self, *answers: str) -> None:
        """The organization of the start, with the default answers but for those given as NAME=ANSWER."""
        wanted = {**DEFAULTS, **dict(item.split("=") for item in answers)}
        with self.state.transaction():
            self.state.set(**{f"switch.{name}": answer for name, answer in wanted.items()})
            self.state.set_clock(None)
            seed.reset(self.state)
            (self.workspace,) = self.state.all("workspace", name="SEC Filing")
            self.client_id, self.secret = self.grant(AUTOMATION, SCOPES)

    def command(self, *words: str) -> dict[str, Any]:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            assert main([*words, "--directory", str(self.directory)]) == 0
        return dict(json.loads(printed.getvalue()))

    def grant(self, username: str, scopes: list[str], **more: Any) -> tuple[str, str]:
        fields = {"client_name": "test", "workspace": self.workspace["id"], "username": username, "scopes": scopes}
        one_year = self.state.switch("expires_rule") == "one_year_at_most"
        last = (self.state.now() + datetime.timedelta(days=360)).date().isoformat() if one_year else "2099-01-01"
        grant, secret = rules.create_grant(self.state, {**fields, "expires": last, **more})
        return grant["client_id"], secret

    def token(self, client_id: str | None = None, secret: str | None = None) -> httpx.Response:
        pair = {"client_id": client_id or self.client_id, "client_secret": secret or self.secret}
        path = self.state.switch("token_path")
        path = "/iam/v1/oauth2/token" if path == "both" else path
        return self.http.post(path, data={"grant_type": "client_credentials", **pair})

    def call(self, method: str, path: str, token: str | None = None, **request: Any) -> httpx.Response:
        bearer = token or self.token().json()["access_token"]
        headers = {"Authorization": f"Bearer {bearer}", "X-Version": "2026-01-01"}
        return self.http.request(method, path, headers=headers, **request)

    def stop(self) -> None:
        self.http.close()
        self.command("stop")
        assert "Traceback" not in (self.directory / "simulator.log").read_text()
