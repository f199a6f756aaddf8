# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Vars files on a disk: faults at every step, and several editors."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from ansible_collections.integrations.workiva.plugins.plugin_utils import _atomic_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileChangedMeanwhile, FileTrouble
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import (
    Secret,
    VaultFile,
    VaultKey,
)
from tests.unit.plugins.plugin_utils.vault._files import CANARY, PASSWORDS, PATH, names


class Crash(BaseException):
    """A kill, as far as a process can play its own."""


STEPS = ["tempfile.mkstemp", "os.fchmod", "os.fsync", "os.replace"]


@pytest.mark.parametrize("kind", [Crash, OSError])
@pytest.mark.parametrize("step", STEPS)
def test_a_fault_at_any_step_leaves_the_old_file(
    file: VaultFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, kind: type[BaseException]
) -> None:
    file.edit({PATH: Secret(CANARY)})
    before = Path(file.path).read_bytes()

    def fail(*_arguments: Any, **_named: Any) -> None:
        raise kind(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"{_atomic_file.__name__}.{step}", fail)
        with pytest.raises((Crash, WorkivaError)):
            file.edit({PATH: Secret("another-secret-value")})
    assert Path(file.path).read_bytes() == before
    assert names(tmp_path) == ["credentials.yml"]
    assert file.edit({PATH: Secret("another-secret-value")}).changed


def test_a_killed_editor_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    """The process is really killed, at each system call that matters."""
    script = (
        "import os, sys, signal, tempfile\n"
        "from ansible.parsing.vault import VaultSecret\n"
        "from ansible_collections.integrations.workiva.plugins.plugin_utils import _atomic_file\n"
        "from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import *\n"
        "path, module, step, when = sys.argv[1:]\n"
        "module = {'os': os, 'tempfile': tempfile}[module]\n"
        "real = getattr(module, step)\n"
        "def fatal(*a, **k):\n"
        "    if when == 'after': real(*a, **k)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "file = VaultFile(path, VaultKey([('prod', VaultSecret(b'one'))], 'prod'))\n"
        "setattr(module, step, fatal)\n"
        "file.edit({('a', 'b'): Secret('another-secret-value')})\n"
    )
    key = VaultKey(PASSWORDS, "prod")
    for module, step, when in (
        ("tempfile", "mkstemp", "after"),
        ("os", "fsync", "before"),
        ("os", "replace", "before"),
        ("os", "replace", "after"),
    ):
        path = tmp_path / f"{step}-{when}.yml"
        VaultFile(str(path), key).edit({("a", "b"): Secret(CANARY)})
        killed = subprocess.run(
            [sys.executable, "-c", script, str(path), module, step, when],
            check=False,
            env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
        )
        assert killed.returncode == -9
        expected = "another-secret-value" if (step, when) == ("replace", "after") else CANARY
        assert VaultFile(str(path), key).read().secret(("a", "b")) == expected
        assert b"another-secret" not in b"".join(found.read_bytes() for found in tmp_path.iterdir())


def _edit_many(path: str, name: str) -> None:
    key = VaultKey(PASSWORDS, "prod")
    for number in range(5):
        VaultFile(path, key).edit({("shared", name, f"n{number}"): Secret(f"{CANARY}-{name}-{number}")})


@pytest.mark.parametrize("locked", [True, False])
def test_parallel_editors_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locked: bool) -> None:
    if not locked:  # a file system without locks: only the comparison is left, whose window is that of the rename
        monkeypatch.setattr(fcntl, "flock", lambda *_arguments: None)
        _compare_alone(tmp_path)
        return
    path = str(tmp_path / "c.yml")
    context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
    editors = [context.Process(target=_edit_many, args=(path, f"p{number}")) for number in range(4)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
        assert editor.exitcode == 0
    document = VaultFile(path, VaultKey(PASSWORDS, "prod")).read()
    for editor_number in range(4):
        for number in range(5):
            assert (
                document.secret(("shared", f"p{editor_number}", f"n{number}")) == f"{CANARY}-p{editor_number}-{number}"
            )


def _compare_alone(tmp_path: Path) -> None:
    """Somebody else writes while the new text is made ready: the edit is done again on top of theirs."""
    file = VaultFile(str(tmp_path / "c.yml"), VaultKey(PASSWORDS, "prod"))
    file.edit({("mine",): "1"})
    real = os.fsync
    written: list[bool] = []

    def slow(descriptor: int) -> None:
        if not written:
            written.append(True)
            Path(file.path).write_text(Path(file.path).read_text() + "theirs: 1\n")
        real(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", slow)
        file.edit({("mine",): "2"}, backup=True)
    assert Path(file.path).read_text().endswith('mine: "2"\ntheirs: 1\n')
    assert len([name for name in names(tmp_path) if name.endswith("~")]) == 1


def test_an_editor_that_never_comes_first_gives_up(
    file: VaultFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = iter(range(1000))
    real = os.fsync

    def slow(descriptor: int) -> None:
        Path(file.path).write_text(f"theirs: {next(counter)}\n")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    with pytest.raises(FileChangedMeanwhile):
        file.edit({PATH: Secret(CANARY)})
    assert names(tmp_path) == ["credentials.yml"]


def test_a_lock_that_is_never_released_is_an_error(file: VaultFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_atomic_file, "LOCK_SECONDS", 0.0)
    with _atomic_file.lock_folder(os.path.dirname(file.path)):
        with pytest.raises(FileTrouble, match="Another process"):
            file.edit({PATH: Secret(CANARY)})
