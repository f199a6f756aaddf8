# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Git repository with a project, and what runs write in their clones of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

BIN = Path(sys.executable).parent
PASSWORD = "a password of the tests"
SECRETS = {name: f"wk_secret:oa2c:{name * 8}" for name in ("one", "two", "three")}
REPOSITORY = "integrations.workiva.project_repository"


class Origin:
    """A bare repository with a project in it. C(run) runs tasks on clones of it, C(options) as on the command line; it returns
    their results, failed ones too."""

    def __init__(self, folder: Path, run: Callable[..., list[dict[str, Any]]]) -> None:
        self.run = run
        self.folder = folder
        self.bare = folder / "origin.git"
        (folder / "password").write_text(f"{PASSWORD}\n")
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
