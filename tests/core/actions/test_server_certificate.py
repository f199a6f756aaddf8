# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action server_certificate in this process: what it refuses before it dials."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests._declared import loaded_project
from tests._tunnel import refusing_proxy
from tests.core._actions import Actions
from tests.tls import HOST, Pair, Server, authority, bundle, serving

Copy = Callable[..., dict[str, Any]]
OMIT = object()


@pytest.fixture
def root() -> Pair:
    return authority()


@pytest.fixture
def server(root: Pair) -> Iterator[Server]:
    with serving(root.issue()) as one:
        yield one


@pytest.fixture
def copy(actions: Actions, root: Pair, server: Server, tmp_path: Path) -> Copy:
    options = {
        **{"path": str(tmp_path / "workiva.pem"), "ca_path": bundle(tmp_path, root), "timeout": 5},
        **{"server": HOST, "connect_to": [server.connect_to()]},
    }

    def run(*, check_mode: bool = False, **more: Any) -> dict[str, Any]:
        given = {name: value for name, value in {**options, **more}.items() if value is not OMIT}
        return actions("server_certificate", given, check_mode=check_mode)

    return run


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"path": None}, "path"),
        ({"path": "relative.pem"}, "path must be the absolute path of a file"),
        ({"server": None}, "Set server or region"),
        ({"region": "us"}, "mutually exclusive"),
        ({"server": "https://api.app.wdesk.com"}, "without https://"),
        ({"port": 70000}, "port must be from 1 to 65535"),
        ({"content": "everything"}, "content"),
        ({"mode": 420}, "octal digits in quotes"),
        ({"owner": "nobody-of-this-name"}, "The owner of the copy does not exist"),
        ({"trusted_fingerprints": ["abc"]}, "trusted_fingerprints accepts SHA-256 fingerprints"),
        ({"upcoming": "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"}, "cannot be read as one"),
        ({"upcoming": "/nowhere/at/all.pem"}, "upcoming names a file that the controller does not have"),
        ({"upcoming": "announced.pem"}, "absolute path"),
        ({"connect_to": ["nonsense"]}, "connect_to accepts entries HOST:PORT:ADDRESS:PORT"),
        ({"ca_path": "/nowhere/ca.pem"}, "ca_path names no file of certificates"),
        ({"nonsense": True}, "nonsense"),
    ],
)
def test_server_certificate_refuses_wrong_arguments(
    copy: Copy, server: Server, more: dict[str, Any], said: str
) -> None:
    found = copy(**more)
    assert found["failed"]
    assert said in found["msg"]
    assert server.connections == 0
    assert found["health"] == "failed"


def test_server_certificate_refuses_a_job_whose_files_vanish(
    copy: Copy, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWX_PRIVATE_DATA_DIR", "/runner")
    for check_mode in (False, True):
        found = copy(check_mode=check_mode)
        assert found["failed"]
        assert "AWX_PRIVATE_DATA_DIR is set" in found["msg"]
        assert "a temporary environment" in found["msg"]
    assert not (tmp_path / "workiva.pem").exists()
    assert server.connections == 0
    assert copy(ephemeral_target_ok=True)["changed"]


def test_server_certificate_reads_the_announced_certificate_from_a_file_of_the_controller(
    copy: Copy, root: Pair, tmp_path: Path
) -> None:
    announced = root.issue(start=-1, end=400)
    (tmp_path / "announced.pem").write_text(announced.pem)
    found = copy(upcoming=str(tmp_path / "announced.pem"))
    assert (found["announcement"], found["upcoming"]["fingerprint_sha256"]) == ("waiting", announced.fingerprint_sha256)
    assert (tmp_path / "workiva.pem").read_text().endswith(announced.pem)


def loaded(folder: Path, **connection: Any) -> dict[str, Any]:
    return loaded_project(folder, {"organization_id": "o", **connection}, administration="none")


def test_loaded_project_gives_the_address_of_its_servers(
    actions: Actions, server: Server, copy: Copy, tmp_path: Path
) -> None:
    project = loaded(tmp_path, connect_to=[server.connect_to()])
    found = copy(project=project, connect_to=OMIT)
    assert found["certificate"]["subject_alt_name"] == [HOST], found
    # An option that is given wins.
    elsewhere = loaded(tmp_path, connect_to=[f"{HOST}:443:127.0.0.1:1"])
    assert copy(project=elsewhere)["health"] == "ok"
    assert copy(project=elsewhere, connect_to=OMIT)["health"] == "unreachable"
    assert "project must be the value workiva" in copy(project={"connection": {}})["msg"]


def test_the_login_of_a_project_s_proxy_is_used_and_not_shown(actions: Actions, copy: Copy, tmp_path: Path) -> None:
    with refusing_proxy() as (port, asked):
        address = f"http://robot:Canary%40login@127.0.0.1:{port}"
        (tmp_path / "workiva.yml").write_text(f"workiva: {{proxy: '{address}'}}\n")
        login = base64.b64encode(b"robot:Canary@login").decode()
        actions.secrets += ["Canary%40login", "Canary@login", login]
        result = copy(project=loaded(tmp_path, proxy="http://127.0.0.1"), connect_to=OMIT)
    assert result["health"] == "unreachable", result
    assert f"Proxy-Authorization: Basic {login}".encode() in asked[0]
