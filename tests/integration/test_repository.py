# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs write, pushed to a real Git repository that others push to as well, and handed on where that cannot be."""

from __future__ import annotations

import base64
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml

BIN = Path(sys.executable).parent
CANARY = "ghp_canary" + "canary" * 5
SECRETS = {name: f"wk_secret:oa2c:{name * 8}" for name in ("one", "two", "three")}
# What a server and a merge do depends on no ansible-core.
pytestmark = pytest.mark.once

REPOSITORY = "integrations.workiva.project_repository"


class Origin:
    """A bare repository with a project in it, and the way to run tasks on clones of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare = folder / "origin.git"
        self.output = ""
        (folder / "password").write_text("a password of the tests\n")
        seed = folder / "seed"
        (seed / "journal").mkdir(parents=True)
        (seed / "workiva.yml").write_text("# of the team\n")
        (seed / "journal/.gitkeep").write_text("")
        (seed / "journal/payroll-sync.jsonl").write_text(self.event("left") + "\n")
        self.git("init", "--quiet", "--initial-branch", "main", cwd=seed)
        self.git("add", "--all", cwd=seed)
        self.git("commit", "--quiet", "--message", "Start", cwd=seed)
        self.git("clone", "--quiet", "--bare", str(seed), str(self.bare), cwd=folder)

    def event(self, name: str, **more: Any) -> str:
        return json.dumps({"v": 1, "at": "2026-11-24T10:00:00Z", "event": name, "grant": "main", **more})

    def git(self, *words: str, cwd: Path | None = None) -> str:
        author = {
            f"GIT_{role}_{what}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        done = subprocess.run(
            ["git", *words],
            cwd=cwd or self.bare,
            env={**os.environ, **author},
            text=True,
            capture_output=True,
            check=True,
        )
        return done.stdout

    def show(self, path: str, branch: str = "main") -> str:
        return self.git("show", f"{branch}:{path}")

    def hook(self, refused: str) -> None:
        """The server refuses pushes to branches of this name."""
        path = self.bare / "hooks/update"
        path.write_text(
            f'#!/bin/sh\ncase "$1" in {refused}) echo "refused by the rules of finance" >&2; exit 1;; esac\n'
        )
        path.chmod(0o755)

    def run(self, *tasks: dict[str, Any], options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Runs the tasks in one play; returns their results, failed ones too."""
        told = self.folder / "told.json"
        listed: list[dict[str, Any]] = []
        for number, task in enumerate(tasks):
            listed.append({**task, "register": f"result_{number}", "ignore_errors": True})
        content = "{{ [" + ", ".join(f"result_{number}" for number in range(len(tasks))) + "] | to_json }}"
        copy = {"content": content, "dest": str(told), "mode": "0600"}
        listed.append({"ansible.builtin.copy": copy, "check_mode": False, "diff": False, "no_log": True})
        play = [{"hosts": "localhost", "gather_facts": False, "tasks": listed}]
        (self.folder / "play.yml").write_text(json.dumps(play))
        done = subprocess.run(
            [
                *(str(BIN / "ansible-playbook"), "-i", "localhost,", "-c", "local", "play.yml"),
                *("--vault-id", f"test@{self.folder / 'password'}"),
                *("-e", json.dumps({"ansible_python_interpreter": sys.executable}), *options),
            ],
            cwd=self.folder,
            env={**os.environ, "ANSIBLE_NOCOLOR": "1", "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.output = done.stdout
        assert done.returncode == 0, done.stdout
        assert "[WARNING]" not in done.stdout, done.stdout
        results: list[dict[str, Any]] = json.loads(told.read_text())
        return results

    def task(self, state: str, name: str, **more: Any) -> dict[str, Any]:
        url = {"url": f"file://{self.bare}", **more}
        return {REPOSITORY: {"state": state, "path": str(self.folder / name), **url}}

    def stores(self, name: str, secret: str, grant: str = "main", client_id: str = "c-1") -> dict[str, Any]:
        """What a run does in its clone: a pair is stored."""
        base = ["workiva_credentials", "payroll-sync", grant]
        return {
            "integrations.workiva.vault_secrets": {
                "path": str(self.folder / name / "credentials.yml"),
                "values": [
                    {"path": ["workiva_credentials_version"], "value": "1"},
                    {"path": [*base, "client_id"], "value": client_id},
                ],
                "secrets": [{"path": [*base, "client_secret"], "value": secret}],
            }
        }

    def writes(self, name: str, *events: str) -> None:
        with (self.folder / name / "journal/payroll-sync.jsonl").open("a") as stream:
            stream.write("".join(f"{event}\n" for event in events))

    def secret(self, *path: str, branch: str = "main") -> str:
        """A secret of the repository, opened by ansible-vault."""
        value: Any = yaml.load(self.show("credentials.yml", branch), _Vault)
        for key in ("workiva_credentials", "payroll-sync", *path):
            value = value[key]
        done = subprocess.run(
            [str(BIN / "ansible-vault"), "decrypt", "--vault-id", f"test@{self.folder / 'password'}", "-"],
            input=value,
            text=True,
            capture_output=True,
            check=True,
        )
        return done.stdout


class _Vault(yaml.SafeLoader):
    pass


_Vault.add_constructor("!vault", lambda loader, node: loader.construct_scalar(node))  # type: ignore[no-untyped-call]


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path)


def test_what_a_run_wrote_is_pushed_and_nothing_else(origin: Origin) -> None:
    """In check mode, really, and once more; a file that the collection does not write stays out."""
    cloned, _stored = origin.run(origin.task("cloned", "a"), origin.stores("a", SECRETS["one"]))
    assert cloned["project"] == str(origin.folder / "a")
    assert not cloned["changed"]
    (origin.folder / "a/workiva.yml").write_text("# of somebody else\n")
    (origin.folder / "a/left-behind.txt").write_text("x")
    before = origin.git("rev-parse", "main")
    (predicted,) = origin.run(origin.task("pushed", "a"), options=("--check",))
    assert predicted["changed"]
    assert origin.git("rev-parse", "main") == before
    pushed, again = origin.run(origin.task("pushed", "a", message="Onboard"), origin.task("pushed", "a"))
    assert (pushed["changed"], again["changed"]) == (True, False)
    assert origin.git("log", "-1", "--format=%s|%an", "main").strip() == "Onboard|integrations.workiva"
    assert origin.git("show", "--name-only", "--format=", "main").split() == ["credentials.yml"]
    assert origin.secret("main", "client_secret") == SECRETS["one"]


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
    told = [json.loads(line).get("client_id") for line in origin.show("journal/payroll-sync.jsonl").splitlines()]
    assert told == [None, "c-1", "c-2"]
    # The clone stands where the branch stands: a later push of the same run builds on it.
    assert origin.git("rev-parse", "HEAD", cwd=origin.folder / "b") == origin.git("rev-parse", "main")


def test_two_pairs_for_one_grant_are_both_kept(origin: Origin) -> None:
    """The first one stays, the second waits beside it; the same pair taken in twice is one."""
    origin.run(*(origin.task("cloned", name) for name in "abc"), origin.stores("a", SECRETS["one"]))
    origin.run(origin.stores("b", SECRETS["two"]), origin.stores("c", SECRETS["one"]))
    _first, same, second = origin.run(*(origin.task("pushed", name) for name in "acb"))
    assert same["commit"] == _first["commit"]
    assert second["changed"]
    assert origin.secret("main", "client_secret") == SECRETS["one"]
    assert origin.secret("main", "received_client_secret") == SECRETS["two"]


def test_a_clone_without_a_place_goes_with_its_run(origin: Origin) -> None:
    (cloned,) = origin.run({REPOSITORY: {"state": "cloned", "url": f"file://{origin.bare}"}})
    assert cloned["commit"]
    assert not Path(cloned["path"]).exists()


def test_a_third_pair_goes_to_a_branch_of_its_own(origin: Origin) -> None:
    origin.run(*(origin.task("cloned", name) for name in "abc"), origin.stores("a", SECRETS["one"]))
    origin.run(
        origin.stores("b", SECRETS["two"], client_id="c-2"), origin.stores("c", SECRETS["three"], client_id="c-3")
    )
    *_pushed, third = origin.run(*(origin.task("pushed", name) for name in "abc"))
    assert third["failed"]
    assert "main of payroll-sync has two pairs" in third["msg"].replace("The grant ", "")
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


def test_what_no_branch_takes_is_handed_on_encrypted(origin: Origin) -> None:
    """The result holds it as ciphertext; put into another clone it is all there, and once more it changes nothing."""
    origin.hook("*")
    origin.run(origin.task("cloned", "a"), origin.task("cloned", "b"), origin.stores("a", SECRETS["one"]))
    origin.writes("a", origin.event("received", client_id="c-1"))
    (refused,) = origin.run(origin.task("pushed", "a"), options=("-vvvvv", "--diff"))
    assert refused["failed"]
    assert "in the result of this task (changes)" in refused["msg"]
    written = Path(refused["msg"].split("save.yml -e @")[1].rstrip("."))
    assert json.loads(written.read_text()) == {"workiva_changes": refused["changes"]}
    assert written.stat().st_mode & 0o777 == 0o600
    written.unlink()
    assert SECRETS["one"] not in origin.output + json.dumps(refused)
    apply = {
        "integrations.workiva.project_changes": {
            "state": "applied",
            "project": str(origin.folder / "b"),
            "changes": refused["changes"],
        }
    }
    (predicted,) = origin.run(apply, options=("--check",))
    assert predicted["changed"]
    assert not (origin.folder / "b/credentials.yml").exists()
    applied, again = origin.run(apply, apply)
    assert (applied["changed"], again["changed"]) == (True, False)
    for path in ("credentials.yml", "journal/payroll-sync.jsonl"):
        assert (origin.folder / "b" / path).read_bytes() == (origin.folder / "a" / path).read_bytes()


def test_what_could_not_be_kept_is_told_before_anything_is_taken_in(origin: Origin) -> None:
    missing = origin.task("cloned", "a", branch="finance")
    nowhere = origin.task("cloned", "b", url=f"file://{origin.folder}/nowhere.git")
    inside = origin.task("cloned", "c", url=f"https://somebody:{CANARY}@git.example.com/workiva.git")
    token = origin.task("cloned", "f", url=f"https://{CANARY}@git.example.com/workiva.git")
    clear = origin.task("cloned", "d", url="http://git.example.com/workiva.git")
    results = origin.run(missing, nowhere, inside, token, clear)
    told = ("finance", "nowhere.git", "holds a user name, a password", "or a token", "must be https://")
    for result, words in zip(results, told):
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
    assert "credentials.yml is kept out of the repository by a .gitignore" in ignored["msg"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """A server that wants a password and takes none, and what it was sent."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.socket = context.wrap_socket(listener.socket, server_side=True)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    yield f"https://localhost:{listener.server_address[1]}/workiva.git", path, seen
    listener.shutdown()


def test_the_password_reaches_the_server_and_nobody_else(origin: Origin, server: tuple[str, Path, list[str]]) -> None:
    url, authority, seen = server
    access = {"username": "finance", "password": CANARY, "url": url}
    task = origin.task("cloned", "a", **access, ca_path=str(authority))
    (refused,) = origin.run(task, options=("-vvvvv", "--diff"))
    assert refused["failed"]
    assert base64.b64encode(f"finance:{CANARY}".encode()).decode() in " ".join(seen)
    (origin.folder / "play.yml").unlink()
    held = [path for path in origin.folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert held == []
    assert CANARY not in origin.output

    seen.clear()
    (unverified,) = origin.run(origin.task("cloned", "b", **access))
    assert unverified["failed"]
    assert "certificate" in unverified["msg"]
    assert seen == []
