# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs write, pushed to a real Git repository that others push to as well. tests/integration has the one way through, and
what is handed on where no push is possible."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests._origin import PASSWORD, SECRETS, Origin
from tests.core._actions import Actions

pytestmark = pytest.mark.once

CANARY = "ghp_canary" + "canary" * 5


@pytest.fixture
def origin(tmp_path: Path, actions: Actions) -> Origin:
    actions.vault_passwords = {"test": PASSWORD}
    actions.secrets += [*SECRETS.values(), CANARY]

    def run(*tasks: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            actions(name.removeprefix("integrations.workiva."), arguments)
            for task in tasks
            for name, arguments in task.items()
        ]

    return Origin(tmp_path, run)


def test_two_runs_at_once_keep_what_both_wrote(origin: Origin) -> None:
    origin.run(origin.task("cloned", "a"), origin.task("cloned", "b"), origin.stores("a", SECRETS["one"]))
    origin.run(origin.stores("b", SECRETS["two"], "budget", "c-2"))
    origin.writes("a", origin.event("received", client_id="c-1"))
    origin.writes("b", origin.event("received", client_id="c-2"))
    first, second = origin.run(origin.task("pushed", "a"), origin.task("pushed", "b"))
    assert first["changed"]
    assert second["changed"]
    assert origin.secret("main", "client_secret") == SECRETS["one"]
    assert origin.secret("budget", "client_secret") == SECRETS["two"]
    client_ids = [json.loads(line).get("client_id") for line in origin.show("journal/payroll-sync.jsonl").splitlines()]
    assert client_ids == [None, "c-1", "c-2"]
    # The clone is at the commit of the branch: a later push of the same run builds on it.
    assert origin.git("rev-parse", "HEAD", cwd=origin.folder / "b") == origin.git("rev-parse", "main")


def test_two_credentials_for_one_grant_are_both_kept(origin: Origin) -> None:
    """The first one stays, the second waits beside it; the same pair taken in twice is one."""
    origin.run(*(origin.task("cloned", name) for name in "abc"), origin.stores("a", SECRETS["one"]))
    origin.run(origin.stores("b", SECRETS["two"]), origin.stores("c", SECRETS["one"]))
    _first, same, second = origin.run(*(origin.task("pushed", name) for name in "acb"))
    assert same["commit"] == _first["commit"]
    assert second["changed"]
    assert origin.secret("main", "client_secret") == SECRETS["one"]
    assert origin.secret("main", "received_client_secret") == SECRETS["two"]


def test_third_credentials_for_one_grant_are_pushed_to_a_branch_of_their_own(origin: Origin) -> None:
    origin.run(*(origin.task("cloned", name) for name in "abc"), origin.stores("a", SECRETS["one"]))
    origin.run(
        origin.stores("b", SECRETS["two"], client_id="c-2"), origin.stores("c", SECRETS["three"], client_id="c-3")
    )
    *_pushed, third = origin.run(*(origin.task("pushed", name) for name in "abc"))
    assert third["failed"]
    assert "main of payroll-sync already has two client IDs and secrets" in third["msg"].replace("The grant ", "")
    (branch,) = origin.git("branch", "--list", "workiva-unmerged/*", "--format=%(refname:short)").split()
    assert branch in third["msg"]
    assert origin.secret("main", "client_secret", branch=branch) == SECRETS["three"]
    assert origin.secret("main", "client_secret") == SECRETS["one"]


def test_a_refused_push_goes_to_a_branch_of_its_own(origin: Origin) -> None:
    origin.hook("refs/heads/main")
    origin.run(origin.task("cloned", "a"), origin.stores("a", SECRETS["one"]))
    (refused,) = origin.run(origin.task("pushed", "a"))
    assert refused["failed"]
    assert "refused by the rules of finance" in refused["msg"]
    (branch,) = origin.git("branch", "--list", "workiva-unmerged/*", "--format=%(refname:short)").split()
    assert branch in refused["msg"]
    assert origin.secret("main", "client_secret", branch=branch) == SECRETS["one"]


def test_clone_refuses_what_could_not_be_pushed_before_credentials_are_accepted(origin: Origin) -> None:
    missing = origin.task("cloned", "a", branch="finance")
    nowhere = origin.task("cloned", "b", url=f"file://{origin.folder}/nowhere.git")
    inside = origin.task("cloned", "c", url=f"https://somebody:{CANARY}@git.example.com/workiva.git")
    token = origin.task("cloned", "f", url=f"https://{CANARY}@git.example.com/workiva.git")
    clear = origin.task("cloned", "d", url="http://git.example.com/workiva.git")
    results = origin.run(missing, nowhere, inside, token, clear)
    problems = ("finance", "nowhere.git", "holds a user name, a password", "or a token", "must be https://")
    for result, words in zip(results, problems):
        assert result["failed"]
        assert words in result["msg"]
    assert CANARY not in json.dumps(results)
    seed = origin.folder / "seed"
    (seed / ".gitignore").write_text("credentials.yml\n")
    origin.git("add", "--all", cwd=seed)
    origin.git("commit", "--quiet", "--message", "Ignore", cwd=seed)
    origin.git("push", "--quiet", str(origin.bare), "main", cwd=seed)
    (ignored,) = origin.run(origin.task("cloned", "e"))
    assert ignored["failed"]
    assert "credentials.yml is excluded from the repository by a .gitignore" in ignored["msg"]
