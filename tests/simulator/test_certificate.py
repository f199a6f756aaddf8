# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's server certificate: announced, changed over while it runs, and always of its own authority."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509


def command(directory: Path, *words: str, status: int = 0) -> dict[str, Any]:
    words = (sys.executable, "-m", "workiva_simulator", *words, "--directory", str(directory))
    done = subprocess.run(words, text=True, capture_output=True, check=False)
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout) if done.stdout else {}


def shown(facts: dict[str, Any]) -> str:
    context = ssl.create_default_context(cafile=facts["ca_path"])
    with socket.create_connection(("127.0.0.1", facts["port"]), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname="api.eu.wdesk.com") as secured:
            return ssl.DER_cert_to_PEM_cert(secured.getpeercert(True) or b"")


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[dict[str, Any]]:
    yield command(tmp_path, "start")
    command(tmp_path, "stop")


def test_announced_and_changed_while_it_runs(facts: dict[str, Any], tmp_path: Path) -> None:
    present = shown(facts)
    upcoming = Path(command(tmp_path, "certificate", "announce", "--days", "90")["upcoming"]).read_text()
    assert shown(facts) == present
    assert upcoming != present
    found = x509.load_pem_x509_certificate(upcoming.encode())
    assert (found.not_valid_after_utc - found.not_valid_before_utc).days == 90
    command(tmp_path, "certificate", "change")
    deadline = time.monotonic() + 10
    while shown(facts) == present and time.monotonic() < deadline:
        time.sleep(0.05)
    assert shown(facts) == upcoming
    # Without an announcement as well, and kept over a restart.
    command(tmp_path, "certificate", "change")
    command(tmp_path, "stop")
    again = command(tmp_path, "start")
    assert shown(again) == (tmp_path / "server.pem").read_text() != upcoming


def test_a_folder_without_a_simulator(tmp_path: Path) -> None:
    command(tmp_path, "certificate", "announce", status=2)
