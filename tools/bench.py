# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection costs beside what a user would write by hand with ansible.builtin.uri: same machine, same run, same Workiva."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environment import BUILD, ROOT, core_environment, install_tarball, newest_core, simulator_environment

sys.path.insert(0, str(ROOT / "roles/simulator/files"))
from workiva_simulator import rules
from workiva_simulator.state import State

HERE = ROOT / "tools/bench"
HOME = BUILD / "bench"
RECORD = HOME / "requests.jsonl"
AUTOMATION = "workiva-automation@example.com"
WORKSPACES = ("SEC Filing", "ESG Reporting")


@dataclass(frozen=True)
class Cost:
    """The median of several runs of one playbook."""

    seconds: float
    requests: int


class Bench:
    """A Workiva with some users and grants, and the environment that both ways run in."""

    def __init__(self, users: int, grants: int) -> None:
        self.ansible = core_environment(newest_core(), "requests", "cryptography", name="bench")
        self.collections = install_tarball(self.ansible, HOME / "collections")
        self._simulator = simulator_environment(Path(sys.executable))
        self._given = HOME / "given.json"
        self.simulate("stop")
        subprocess.run(["rm", "-rf", str(HOME / "simulator")], check=True)
        RECORD.unlink(missing_ok=True)
        facts = json.loads(self.simulate("start", "--record", str(RECORD)))
        state = State(str(HOME / "simulator/state.sqlite"))
        pairs = [_grant(state, number) for number in range(grants)]
        self._given.write_text(json.dumps({**_given(facts, users), **pairs[0], "pairs": pairs}))

    def simulate(self, *words: str) -> str:
        done = subprocess.run(
            [
                str(self._simulator / "bin/python"),
                "-m",
                "workiva_simulator",
                *words,
                "--directory",
                str(HOME / "simulator"),
            ],
            text=True,
            stdout=subprocess.PIPE,
            check=False,
        )
        return done.stdout

    def play(self, name: str) -> Cost:
        """Runs a playbook once."""
        before = len(RECORD.read_text().splitlines()) if RECORD.exists() else 0
        start = time.monotonic()
        done = subprocess.run(
            [
                str(self.ansible / "bin/ansible-playbook"),
                "-i",
                "localhost,",
                str(HERE / f"{name}.yml"),
                "-e",
                f"@{self._given}",
            ],
            env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(self.collections)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        seconds = time.monotonic() - start
        if done.returncode:
            raise SystemExit(done.stdout)
        return Cost(seconds, len(RECORD.read_text().splitlines()) - before)

    def compare(self, what: str, name: str, rounds: int) -> None:
        """Runs both ways in turn and prints what they cost and the ratio."""
        pairs = [(self.play(f"{name}_collection"), self.play(f"{name}_by_hand")) for _round in range(rounds)]
        ours, theirs = (_median([pair[side] for pair in pairs]) for side in (0, 1))
        print(
            f"{what:42} {ours.seconds:6.1f} s {ours.requests:5} requests | {theirs.seconds:6.1f} s {theirs.requests:5} requests"
            f" | by hand takes {theirs.seconds / ours.seconds:.1f} times as long",
            flush=True,
        )


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.seconds for cost in costs), round(statistics.median(cost.requests for cost in costs))
    )


def _grant(state: State, number: int) -> dict[str, str]:
    (workspace,) = state.all("workspace", name=WORKSPACES[0])
    fields = {"client_name": f"bench {number}", "username": AUTOMATION, "expires": "2999-12-31"}
    scopes = ["organization:read", "organization:write"]
    with state.transaction():
        grant, secret = rules.create_grant(state, {**fields, "workspace": workspace["id"], "scopes": scopes})
    return {"client_id": grant["client_id"], "client_secret": secret}


def _given(facts: dict[str, Any], users: int) -> dict[str, Any]:
    places = [{"name": name, "roles": ["Professional"]} for name in WORKSPACES]
    return {
        "api": facts["console_url"].rstrip("/"),
        "organization_id": facts["organization_id"],
        "ca_path": facts["ca_path"],
        "connect_to": facts["connect_to"],
        "users": [
            {
                "username": f"integration-{number}@example.com",
                "email": f"integration-{number}@example.com",
                "given_name": "Integration",
                "family_name": str(number),
                "workspaces": places,
            }
            for number in range(users)
        ],
    }


def main() -> int:
    """Prints one line for each comparison; judges nothing, since the time is the machine's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--grants", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3, help="what is printed is the median")
    given = parser.parse_args()
    bench = Bench(given.users, given.grants)
    try:
        made = bench.play("users_collection")
        print(f"{f'{given.users} users made':42} {made.seconds:6.1f} s {made.requests:5} requests")
        bench.compare(f"{given.users} users in 2 workspaces, nothing to do", "users", given.rounds)
        bench.compare(f"{given.grants} pairs tried", "grants", given.rounds)
    finally:
        bench.simulate("stop")
    return 0


if __name__ == "__main__":
    sys.exit(main())
