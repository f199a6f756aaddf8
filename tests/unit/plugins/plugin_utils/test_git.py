# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clones and pushes with the command git: which addresses are accepted, and what a machine's settings change (nothing)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.git import (
    Clone,
    Remote,
    RepositoryTrouble,
)

PASSWORD = "Canary-pw-of-git"

HOSTILE = """
[core]
    autocrlf = true
    hooksPath = {folder}/hooks
    attributesFile = {folder}/attributes
    excludesFile = {folder}/ignore
    fsmonitor = {folder}/hooks/monitor
    sshCommand = {folder}/hooks/ssh
[clone]
    defaultRemoteName = theirs
[commit]
    gpgSign = true
[push]
    gpgSign = true
[gpg]
    program = {folder}/hooks/gpg
[diff]
    orderFile = {folder}/missing
    external = {folder}/hooks/diff
[init]
    templateDir = {folder}/template
[filter "marks"]
    clean = {folder}/hooks/filter
    smudge = {folder}/hooks/filter
[url "{folder}/elsewhere/"]
    insteadOf = file://
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose user has Git settings that would change or run something; whatever runs leaves a mark."""
    hooks = tmp_path / "hooks"
    (tmp_path / "template/hooks").mkdir(parents=True)
    hooks.mkdir()
    program = f"#!/bin/sh\necho $0 >> {tmp_path}/marks\nexit 1\n"
    names = ("pre-commit", "pre-push", "post-checkout", "gpg", "ssh", "diff", "filter", "monitor")
    for path in [*(hooks / name for name in names), tmp_path / "template/hooks/pre-commit"]:
        path.write_text(program)
        path.chmod(0o755)
    (tmp_path / "attributes").write_text("* filter=marks\n")
    (tmp_path / "ignore").write_text("*.jsonl\n")
    home = tmp_path / "home"
    (home / ".config/git").mkdir(parents=True)
    (home / ".config/git/attributes").write_text("* filter=marks text eol=crlf\n")
    (home / ".config/git/ignore").write_text("*.jsonl\n")
    (home / ".gitconfig").write_text(HOSTILE.format(folder=tmp_path))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_SSH_COMMAND", f"{hooks}/ssh")
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(tmp_path / "template"))
    return tmp_path


def git(*words: str, cwd: Path) -> str:
    author = {f"GIT_{role}_{what}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    clean = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TEMPLATE_DIR": ""}
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **author, **clean}
    return subprocess.run(["git", *words], cwd=cwd, env=environment, text=True, capture_output=True, check=True).stdout


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    seed = tmp_path / "seed"
    seed.mkdir()
    (seed / "workiva.yml").write_text("# of the team\n")
    git("init", "--quiet", "--initial-branch", "main", cwd=seed)
    git("add", "--all", cwd=seed)
    git("commit", "--quiet", "--message", "Start", cwd=seed)
    git("clone", "--quiet", "--bare", str(seed), str(tmp_path / "origin.git"), cwd=tmp_path)
    return tmp_path / "origin.git"


def test_git_settings_of_the_machine_change_nothing(machine: Path, bare: Path) -> None:
    clone = Clone(Remote(f"file://{bare}", "main"), str(machine / "clone"), ("a", "a@example.com"))
    clone.clone()
    clone.check_push()
    assert (machine / "clone/workiva.yml").read_bytes() == b"# of the team\n"
    (machine / "clone/journal").mkdir()
    (machine / "clone/journal/payroll-sync.jsonl").write_bytes(b"{}\n")
    (machine / "clone/workiva.yml").write_bytes(b"# of the team\n# more\n")
    assert not clone.ignores("journal/payroll-sync.jsonl")
    commit = clone.commit("Keep what a run wrote", "journal", "workiva.yml")
    assert commit
    clone.push()
    assert clone.fetch() == commit
    assert git("show", "main:journal/payroll-sync.jsonl", cwd=bare) == "{}\n"
    assert git("show", "main:workiva.yml", cwd=bare) == "# of the team\n# more\n"
    assert not (machine / "marks").exists()


@pytest.mark.parametrize(
    "address",
    [
        f"https::http://u:{PASSWORD}@git.example.com/x",
        f"ext::sh -c 'echo {PASSWORD}'",
        f"fd::17/{PASSWORD}",
        f"https://u:{PASSWORD}@git.example.com/x",
        f"https://{PASSWORD}@git.example.com/x",
        f"ssh://u:{PASSWORD}@git.example.com/x",
        f"http://git.example.com/{PASSWORD}",
        f"git://git.example.com/{PASSWORD}",
        f"https://[{PASSWORD}/x",
        f"https://git.example.com/\u202e{PASSWORD}",
        f"--upload-pack={PASSWORD}",
    ],
)
def test_repository_address_that_is_refused_is_not_quoted(address: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Remote(address, "main")
    assert PASSWORD not in str(caught.value)


def test_transports_of_git_are_limited(tmp_path: Path) -> None:
    environment = Remote("https://git.example.com/x", "main", password=PASSWORD).environment()
    assert environment["GIT_ALLOW_PROTOCOL"] == "https:ssh:file"
    said = subprocess.run(
        ["git", "ls-remote", "ext::sh -c true"],
        env=environment,
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
    ).stderr
    assert "transport 'ext' not allowed" in said


def test_text_of_git_shows_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/git"
    program.write_text(
        '#!/bin/sh\necho "fatal: https://u:$WORKIVA_GIT_PASSWORD@git.example.com is down" >&2\nexit 128\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    remote = Remote("https://git.example.com/x", "main", password=PASSWORD)
    with pytest.raises(RepositoryTrouble, match=r"git said: https://git\.example\.com is down") as caught:
        Clone(remote, str(tmp_path / "clone"), ("a", "a@example.com")).clone()
    assert PASSWORD not in str(caught.value)
