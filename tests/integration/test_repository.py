# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs write, pushed to a real Git repository that others push to as well, and handed on where that cannot be."""

from __future__ import annotations

import base64
import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests._origin import REPOSITORY, SECRETS, Origin
from tests._playbook import run_tasks

CANARY = "ghp_canary" + "canary" * 5
# What a server and a merge do depends on no ansible-core.
pytestmark = pytest.mark.once


class Runs(Origin):
    """The tasks run in one play."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, self._run)
        self.output = ""

    def _run(self, *tasks: dict[str, Any], options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        words = ("--vault-id", f"test@{self.folder / 'password'}", *options)
        results, played = run_tasks(tasks, *words, folder=self.folder)
        self.output = played.output
        return results


@pytest.fixture
def origin(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def test_what_a_run_wrote_is_pushed_and_nothing_else(origin: Runs) -> None:
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


def test_a_clone_without_a_place_goes_with_its_run(origin: Runs) -> None:
    (cloned,) = origin.run({REPOSITORY: {"state": "cloned", "url": f"file://{origin.bare}"}})
    assert cloned["commit"]
    assert not Path(cloned["path"]).exists()


def test_what_no_branch_takes_is_handed_on_encrypted(origin: Runs) -> None:
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
    (origin.folder / "b/workiva.yml").touch()
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


def test_the_password_reaches_the_server_and_nobody_else(origin: Runs, server: tuple[str, Path, list[str]]) -> None:
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
