# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A large organization in a simulator, and what a benchmark changes there behind the collection's back."""

from __future__ import annotations

import datetime
import json
import subprocess
import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from workiva_simulator import rules
from workiva_simulator.grant_checks import hash_secret
from workiva_simulator.state import State

AUTOMATION = "workiva-automation@example.com"
SCOPES = ("organization:read", "organization:write")
GROUPS = ("Data loaders", "Filers", "Reviewers", "Editors")
ROLE = "Professional"


@dataclass(frozen=True)
class Size:
    """How much there is in an organization besides what a benchmark declares."""

    users: int = 10_000
    workspaces: int = 50
    groups: int = 200


# The platform's older limits page: requests in a second, over all endpoints.
VENDOR_LIMIT = 50
# The kind of the requests that were refused because of it.
LIMITED = "429"


class Organization:
    """A simulator in C(folder). C(python): the interpreter that has the simulator."""

    def __init__(self, python: Path, folder: Path, size: Size) -> None:
        self._python = python
        self.folder = folder
        self._record = folder / "requests.jsonl"
        self.size = size
        self.facts: dict[str, Any] = {}
        folder.mkdir(parents=True)
        (folder / "seed.yml").write_text(yaml.safe_dump(_seed(size)))
        self.start(0.0)
        self.state = State(str(folder / "simulator/state.sqlite"))
        _add_users(self.state, size.users)

    def start(self, latency: float) -> None:
        """Starts it, or starts it again with another latency, at the port that it had."""
        self.stop()
        port = str(self.facts.get("port", 0))
        words = ["--record", str(self._record), "--latency", str(latency), "--port", port]
        words += ["--most-in-a-second", str(VENDOR_LIMIT)]
        self.facts = json.loads(self._simulate("start", "--seed", str(self.folder / "seed.yml"), *words))

    def stop(self) -> None:
        self._simulate("stop")

    def _simulate(self, *words: str) -> str:
        command = [str(self._python), "-m", "workiva_simulator", *words, "--directory", str(self.folder / "simulator")]
        return subprocess.run(command, text=True, stdout=subprocess.PIPE, check=True).stdout

    def administrator(self) -> dict[str, str]:
        """Creates a grant for the collection; returns its client ID and secret."""
        (workspace,) = self.state.all("workspace", name=workspace_name(0))
        expires = (datetime.date.today() + datetime.timedelta(days=300)).isoformat()
        fields = {"client_name": "administrator", "username": AUTOMATION, "expires": expires, "scopes": list(SCOPES)}
        with self.state.transaction():
            grant, secret = rules.create_grant(self.state, {**fields, "workspace": workspace["id"]})
        return {"client_id": grant["client_id"], "client_secret": secret, "expires": expires}

    def grants(self, wanted: dict[str, tuple[str, str, list[str]]]) -> dict[str, dict[str, str]]:
        """Creates a grant for each entry (username, workspace, scopes); returns the client IDs and secrets."""
        users = {user["username"]: user["id"] for user in self.state.all("user")}
        workspaces = {workspace["name"]: workspace["id"] for workspace in self.state.all("workspace")}
        expires = (datetime.date.today() + datetime.timedelta(days=364)).isoformat()
        found = {}
        with self.state.transaction():
            for name, (username, workspace, scopes) in wanted.items():
                secret = f"wk_secret:oa2c:{uuid.uuid4().hex[:24]}"
                grant = {
                    "id": self.state.new_id("Grant"),
                    "client_id": str(uuid.uuid4()),
                    "workspace": workspaces[workspace],
                    "secrets": [hash_secret(secret)],
                    "generation": 1,
                    "created": self.state.timestamp(),
                    "client_name": name,
                    "user": users[username],
                    "scopes": scopes,
                    "expires": expires,
                    "ip_allowlist": [],
                }
                self.state.put("grant", grant)
                found[name] = {"client_id": grant["client_id"], "client_secret": secret, "expires": expires}
        return found

    def lines(self) -> int:
        """How many requests were answered so far."""
        return sum(1 for _line in self._record.open()) if self._record.exists() else 0

    def requests(self, since: int = 0) -> Counter[str]:
        """The requests from that one on, by method and kind, or C(LIMITED) where they were more than the vendor allows."""
        found: Counter[str] = Counter()
        if self._record.exists():
            with self._record.open() as stream:
                for number, line in enumerate(stream):
                    if number >= since:
                        found[_kind(json.loads(line))] += 1
        return found


def _kind(exchange: dict[str, Any]) -> str:
    """A request without the ids in its path."""
    if exchange["status"] == 429:
        return LIMITED
    parts = str(exchange["path"]).strip("/").split("/")
    if parts[-1] == "token":
        return "token"
    words = {"organizations", "orgReportUsers", "roles", "users", "workspaces", "memberships", "groups", "members"}
    words |= {"assignment", "revocation", "modification", "membershipCreation", "operations"}
    return f"{exchange['method']} {'/'.join(part if part in words else '*' for part in parts)}"


def workspace_name(number: int) -> str:
    return f"Workspace {number:02d}"


def _seed(size: Size) -> dict[str, Any]:
    """The workspaces and their groups, and the people whom the collection needs."""
    each = max(1, size.groups // size.workspaces)
    groups = [GROUPS[number] if number < len(GROUPS) else f"Group {number}" for number in range(each)]
    return {
        "workspaces": [{"name": workspace_name(number), "groups": groups} for number in range(size.workspaces)],
        "users": [
            {
                "username": AUTOMATION,
                "given_name": "Workiva",
                "family_name": "Automation",
                "organization_roles": ["Org User Admin", "Org Workspace Admin"],
                "workspaces": {workspace_name(0): {"roles": ["Workspace Member"]}},
            },
            {"username": "anna.k@example.com", "given_name": "Anna", "workspaces": {workspace_name(0): {}}},
        ],
    }


def _add_users(state: State, count: int) -> None:
    """People of the organization, spread over its workspaces and groups. Written directly: the rules look at each user for each."""
    workspaces = state.all("workspace")
    roles = {role["workspace"]: role["number"] for role in state.all("workspace_role", name="Viewer")}
    members: dict[str, list[str]] = {}
    now = state.timestamp()
    with state.transaction():
        for number in range(count):
            user_id = state.new_id("WFUser")
            username = f"person-{number}@example.com"
            workspace = workspaces[number % len(workspaces)]["id"]
            user = {"id": user_id, "username": username, "email": username, "givenName": "Person"}
            user |= {"familyName": str(number), "displayName": f"Person {number}", "status": "active", "roles": []}
            user |= {"other_organizations": False, "licenses": [], "last_login": now, "created": now, "modified": now}
            state.put("user", user)
            membership = {"id": state.new_id("Membership"), "workspace": workspace, "user": user_id}
            state.put("membership", {**membership, "roles": [roles[workspace]], "created": now})
            members.setdefault(workspace, []).append(user_id)
        for group in state.all("group"):
            here = members.get(group["workspace"], [])
            part = here if group["name"] == "All Users" else here[:: len(GROUPS)]
            state.put("group", {**group, "members": [*group["members"], *part]})
