# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one way in which tests run ansible-playbook."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ANSIBLE_PLAYBOOK = str(Path(sys.executable).with_name("ansible-playbook"))
# Tests of waits replace it.
_SLEEP = time.sleep
_RECAP = re.compile(r"^(\S+)\s+: (ok=\d+.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Played:
    """A run that has ended. C(recap): by host, the counts of the last lines (ok, changed, unreachable, failed ...)."""

    code: int
    output: str
    recap: dict[str, dict[str, int]] = field(default_factory=dict)

    def count(self, what: str, host: str = "localhost") -> int:
        """One number of the recap. Fails where the run had none for the host."""
        assert host in self.recap, self.output
        return self.recap[host][what]


def environment_in(folder: Path, home: Path | None = None) -> dict[str, str]:
    """The environment of a command of Ansible that runs in that folder. C(home): the home directory, where it is another one."""
    home = home or folder
    return {
        **os.environ,
        **{
            "HOME": str(home),
            "PWD": str(folder),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_FORCE_COLOR": "0",
            "NO_COLOR": "1",
        },
        **{"ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_HOME": str(home / ".ansible")},
    }


def run_playbook(
    playbook: str | Path | Sequence[Mapping[str, Any]],
    *options: str,
    folder: Path,
    inventory: str | None = "localhost,",
    fails: bool | None = False,
    warns: bool = False,
    home: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Played:
    """Runs a playbook in a folder, where nobody is at the terminal. C(home), the home directory, is C(folder) where it is not
    given: a folder that is looked at before and after a run needs another one.

    C(playbook) is a name, a file, or plays, which are written to C(play.yml). C(inventory) None leaves C(-i) out. A run that
    fails, or does not although C(fails), fails the test; C(fails) None takes both. So does a warning, but for C(warns).
    """
    if not isinstance(playbook, (str, Path)):
        (folder / "play.yml").write_text(json.dumps(list(playbook)), encoding="utf-8")
        playbook = "play.yml"
    where = () if inventory is None else ("-i", inventory)
    done = subprocess.run(
        [ANSIBLE_PLAYBOOK, *where, str(playbook), *options],
        cwd=folder,
        env={**environment_in(folder, home), **(environment or {})},
        stdin=subprocess.DEVNULL,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    recap = {
        host: {name: int(count) for name, count in (pair.split("=") for pair in counts.split())}
        for host, counts in _RECAP.findall(done.stdout)
    }
    assert fails is None or (done.returncode != 0) == fails, done.stdout
    assert warns or "[WARNING]" not in done.stdout, done.stdout
    assert "[DEPRECATION" not in done.stdout, done.stdout
    assert "Traceback" not in done.stdout, done.stdout
    return Played(done.returncode, done.stdout, recap)


def keep_results(tasks: Sequence[Mapping[str, Any]], path: Path) -> list[dict[str, Any]]:
    """The tasks, and one that writes their results to a file as a list; a failed task stops none of the others."""
    named = [
        {"name": f"Task {number}", "ignore_errors": True, **task, "register": f"result_{number}"}
        for number, task in enumerate(tasks)
    ]
    listed = ", ".join(f"result_{number}" for number in range(len(tasks)))
    keep = {"content": "{{ [" + listed + "] | to_json }}", "dest": str(path), "mode": "0600"}
    return [*named, {"name": "Keep the results", "ansible.builtin.copy": keep, "check_mode": False, "diff": False}]


def run_tasks(
    tasks: Sequence[Mapping[str, Any]], *options: str, folder: Path, play: Mapping[str, Any] | None = None, **how: Any
) -> tuple[list[dict[str, Any]], Played]:
    """Runs tasks in one play on this machine, with Ansible's own interpreter; returns the result of each, and the run."""
    path = folder / "results.json"
    path.unlink(missing_ok=True)
    whole = {
        "name": "A play of the tests",
        "hosts": "localhost",
        "gather_facts": False,
        "connection": "local",
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        **(play or {}),
        "tasks": keep_results(tasks, path),
    }
    played = run_playbook([whole], *options, folder=folder, **how)
    results: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return results, played


def _processes_of(home: Path) -> list[int]:
    """The processes of a run that were started with this home: the workers of Ansible are sessions of their own."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"HOME={home}\0".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return found


def kill_run(run: subprocess.Popen[bytes], home: Path, with_signal: signal.Signals) -> int:
    """Kills the program with all its processes; returns its code when none of them is left."""
    left = _processes_of(home)
    for _look in range(600):
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, with_signal)
        code = run.wait()
        left = _processes_of(home)
        if not left:
            return code
        _SLEEP(0.05)
    raise AssertionError("a process of the run goes on after the signal")
