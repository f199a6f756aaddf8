# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator as a process: where it announces itself, how it is started in the background and stopped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def announcement(directory: Path) -> Path:
    return directory / "simulator.json"


def announce(directory: Path, facts: dict[str, Any]) -> None:
    """Tells where it listens."""
    temporary = directory / ".simulator.json"
    temporary.write_text(json.dumps({"pid": os.getpid(), "directory": str(directory), **facts}, indent=2) + "\n")
    temporary.replace(announcement(directory))


def running(directory: Path) -> dict[str, Any] | None:
    """What a live simulator in that directory announced, or None."""
    try:
        facts: dict[str, Any] = json.loads(announcement(directory).read_text())
        os.kill(facts["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    # A number may have been given to another process since.
    command = Path(f"/proc/{facts['pid']}/cmdline")
    if command.exists() and b"workiva_simulator" not in command.read_bytes():
        return None
    return facts


def start(directory: Path, arguments: list[str]) -> dict[str, Any]:
    """Starts it in the background and waits until it listens. Raises RuntimeError with its last words."""
    log = directory / "simulator.log"
    with contextlib.suppress(FileNotFoundError):
        announcement(directory).unlink()
    with log.open("w") as stream:
        child = subprocess.Popen(
            [sys.executable, "-m", "workiva_simulator", "serve", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/",
        )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        facts = running(directory)
        if facts:
            return facts
        if child.poll() is not None:
            raise RuntimeError(f"it ended at once: {log.read_text()[-2000:]}")
        time.sleep(0.05)
    child.kill()
    raise RuntimeError(f"it did not listen within a minute: {log.read_text()[-2000:]}")


def reread_certificate(directory: Path) -> None:
    """Lets a running one show, from the next connection on, the certificate that is in its directory now."""
    facts = running(directory)
    if facts:
        os.kill(facts["pid"], signal.SIGHUP)


def stop(directory: Path) -> bool:
    """Stops it; False where none was running."""
    facts = running(directory)
    if not facts:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(facts["pid"], signal.SIGTERM)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and running(directory):
        time.sleep(0.05)
    if running(directory):
        os.kill(facts["pid"], signal.SIGKILL)
    announcement(directory).unlink(missing_ok=True)
    return True
