# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project whose grants are all stored, and the runs and people with which it is recovered after something broke."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests._organization import Organization, judged
from tests.core._actions import PASSWORD
from tests.faults._run import Run
from tests.faults._stage import PAYROLL, Stage, content_of
from workiva_simulator import rules

TODAY = "2026-11-24"
USERNAME = str(PAYROLL["user"]["username"])
Object = dict[str, Any]


def _read_cases() -> dict[str, list[str]]:
    """The messages that docs/recovery.md quotes, by case; … stands for any text."""
    text = (Path(__file__).resolve().parents[3] / "docs" / "recovery.md").read_text("utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ") and line.count(" | ") == 3]
    return {row[0][2:]: re.findall(r"`([^`]+)`", row[1]) for row in rows if "`" in row[1]}


CASES = _read_cases()


@dataclass
class Site:
    """The stage after everything was set up. C(run) is the last run."""

    stage: Stage
    answers: tuple[str, ...] = ()
    _run: Run | None = field(default=None, init=False)

    def open(self) -> None:
        """Starts again from the stored grants, with the answers to open questions."""
        self.stage.restore(self.stage.base("verify"))
        self.stage.actions.vault_passwords = {"default": PASSWORD}
        for name, answer in (one.split("=") for one in self.answers):
            self.organization.switch(name, answer)

    @property
    def organization(self) -> Organization:
        return self.stage.organization

    @property
    def project(self) -> Path:
        return self.stage.project

    @property
    def credentials(self) -> Path:
        return self.project / "credentials.yml"

    def has(self, answer: str) -> bool:
        """Whether the answer to an open question is this one, as C(name=answer)."""
        return answer in self.answers

    # Runs.

    def play(self, playbook: str, **variables: Any) -> str:
        """Runs a playbook; returns what it printed, with the message of its failure."""
        self._run = self.stage.play(playbook, **{"today": TODAY, **variables})
        assert not self._run.actions.warnings, self._run.actions.warnings
        self.stage.actions.assert_no_secret()
        text = "\n".join([*self._run.actions.displayed, self._run.failure])
        assert not any(secret in text for secret in [*self.organization.secrets, PASSWORD]), text
        return text

    def assert_quoted(self, case: str, text: str) -> None:
        """The run printed what the page quotes for the case; in check mode no work order is opened."""
        for message in CASES[case]:
            if message.startswith("Work order: ") and self.run.playbook == "verify":
                continue
            pattern = ".*?".join(map(re.escape, message.split("…")))
            assert re.search(pattern, text, re.DOTALL), f"not printed: {message}\n{text}"

    @property
    def run(self) -> Run:
        assert self._run
        return self._run

    def grant(self, name: str = "filing", integration: str = "payroll-sync") -> Object:
        """What the last run returned of a grant."""
        found = [grant for result in self.run.results("oauth2_grants") for grant in result["grants"]]
        (one,) = (grant for grant in found if (grant["integration"], grant["grant"]) == (integration, name))
        return dict(one)

    def orders(self) -> list[tuple[str, str]]:
        """Grant and kind of the open work orders of the last run."""
        found = [order for result in self.run.results("oauth2_grants") for order in result["orders"]]
        return sorted((f"{order['integration']}.{order['grant']}", order["kind"]) for order in found)

    def assert_recovered(self) -> None:
        """One run finds nothing to ask, and the one after it nothing to do; no user was created twice."""
        text = self.play("onboard")
        assert not self.run.failure, text
        assert self.orders() == [], text
        before, sent = content_of(self.project), self.organization.writes()
        text = self.play("onboard")
        assert "Onboard: no problems, nothing to change" in text, text
        assert not self.run.changed, text
        assert (content_of(self.project), self.organization.writes()) == (before, sent)
        usernames = [user["username"] for user in self.organization.state.all("user")]
        assert len(usernames) == len(set(usernames)) == 5, usernames
        judged(self.organization)

    # What the organization has, and what people do there.

    def user(self, username: str = USERNAME) -> Object:
        (found,) = self.organization.state.all("user", username=username)
        return dict(found)

    def entry(self, name: str = "filing", integration: str = "payroll-sync") -> Object:
        """The entry of a grant in the credentials file."""
        content = self.stage.actions.decrypted(self.credentials)
        return dict(content["workiva_credentials"][integration][name])

    def stored_client_id(self, name: str = "filing", integration: str = "payroll-sync") -> str:
        return str(self.entry(name, integration)["client_id"])

    def there(self, name: str = "filing", integration: str = "payroll-sync") -> Object:
        """The grant in Workiva whose client ID is stored."""
        (found,) = self.organization.state.all("grant", client_id=self.stored_client_id(name, integration))
        return dict(found)

    def change(self, name: str = "filing", **fields: Any) -> None:
        """Changes a grant on the screen."""
        self.organization.change_grant(self.stored_client_id(name), **fields)

    def regenerate(self, name: str = "filing", integration: str = "payroll-sync") -> Object:
        """The custodian generates a new secret, as the entry of a handover."""
        return self.regenerated(self.there(name, integration), name, integration)

    def regenerated(self, grant: Object, name: str = "filing", integration: str = "payroll-sync") -> Object:
        """A new secret of that grant in Workiva, as the entry of a handover."""
        with self.organization.state.transaction():
            secret = rules.regenerate(self.organization.state, grant)
        self.organization.secrets.append(secret)
        names = {"integration": integration, "grant": name}
        return {**names, "client_id": grant["client_id"], "client_secret": secret}

    def add(self, name: str = "filing", **fields: Any) -> Object:
        """An administrator adds a grant with the declared values; its credentials as the entry of a handover."""
        declared = PAYROLL["grants"]["filing"]
        wanted = {"username": USERNAME, **declared, **fields}
        return {"integration": "payroll-sync", "grant": name, **self.organization.create_grant(**wanted)}

    def declare(self, integration: Object) -> None:
        """Writes the file of an integration."""
        path = self.project / "integrations.d" / f"{integration['name']}.yml"
        path.write_text(yaml.safe_dump(integration, sort_keys=False))
