# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""server_certificate and the role server_certificates, run by ansible-playbook against real TLS servers, in both forms."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests._playbook import run_playbook
from tests.integration._target import other_python
from tests.integration._users_support import REPOSITORY
from tests.tls import HOST, Pair, Server, authority, bundle, serving

pytestmark = pytest.mark.once
CONTROLLER = "{{ ansible_playbook_python }}"
SEEN = {"seen": True}


@dataclass
class Site:
    """A controller, machines of its inventory (this one, under other names), and a folder for each machine's files."""

    folder: Path
    root: Pair
    interpreter: str = CONTROLLER
    environment: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, dict[str, Any]] = field(default_factory=dict)
    output: str = ""

    @property
    def path(self) -> Path:
        return self.folder / "target" / "workiva.pem"

    def play(self, tasks: list[dict[str, Any]], *words: str, fails: bool = False, warns: bool = False) -> None:
        play = {"name": "One play", "hosts": "target", "gather_facts": False, "tasks": tasks}
        play["module_defaults"] = {"ansible.builtin.service": {"use": "systemd"}}
        host = {"ansible_connection": "local", "ansible_python_interpreter": self.interpreter}
        hosts = {"target": host, **{name: {**host, **more} for name, more in self.hosts.items()}}
        machines = {"hosts": {name: {} for name in self.hosts}}
        inventory = {"all": {"hosts": hosts, "children": {"machines": machines}}}
        (self.folder / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
        how = {"inventory": "hosts.json", "fails": fails, "warns": warns, "environment": self.environment}
        self.output = run_playbook([play], *words, folder=self.folder, **how).output
        assert ("[WARNING]" in self.output) == warns, self.output

    def tasks(self, *tasks: dict[str, Any], words: tuple[str, ...] = (), warns: bool = False) -> list[dict[str, Any]]:
        """The result of each task, or of what C(shown) in it names; they run in one play, although one fails."""
        written: list[dict[str, Any]] = []
        for number, task in enumerate(tasks):
            shown = task.pop("shown", f"outcome_{number}")
            written += [
                {"name": f"Task {number}", "register": f"outcome_{number}", "ignore_errors": True, **task},
                {
                    "name": "Its result",
                    "ansible.builtin.debug": {"msg": f"RESULT{number}:{{{{ {shown} | to_json | b64encode }}}}:"},
                },
            ]
        self.play(written, *words, warns=warns)
        texts = [self.output.split(f"RESULT{number}:")[1].split(":")[0] for number in range(len(tasks))]
        return [json.loads(base64.b64decode(text)) for text in texts]

    def copies(self, at: Server | None, *calls: dict[str, Any], **how: Any) -> list[dict[str, Any]]:
        """Runs the module once for each call, with these options changed; without a server it is asked for nothing of one.
        C(check_mode) and C(diff) of a call are how the task runs. C({"seen": True}) looks at the file instead."""
        asked = {"server": HOST, "connect_to": [at.connect_to()]} if at else {}
        usual = {"path": str(self.path), "ca_path": bundle(self.folder, self.root), "timeout": 5, **asked}
        tasks: list[dict[str, Any]] = []
        for call in calls:
            if call == SEEN:
                tasks.append({"ansible.builtin.stat": {"path": str(self.path), "checksum_algorithm": "sha256"}})
                continue
            mode = {name: value for name, value in call.items() if name in ("check_mode", "diff")}
            options = {name: value for name, value in call.items() if name not in mode}
            tasks.append({"integrations.workiva.server_certificate": {**usual, **options}, **mode})
        return [result.get("stat", result) for result in self.tasks(*tasks, **how)]

    def copy(self, at: Server | None, **options: Any) -> dict[str, Any]:
        """Runs the module once."""
        (found,) = self.copies(at, options)
        return found

    def stored(self) -> bytes | None:
        return self.path.read_bytes() if self.path.exists() else None


@pytest.fixture
def controller(tmp_path: Path) -> Site:
    root = tmp_path / "ansible_collections" / "integrations"
    root.mkdir(parents=True)
    (root / "workiva").symlink_to(REPOSITORY)
    (tmp_path / "target").mkdir()
    environment = {
        "ANSIBLE_COLLECTIONS_PATH": str(tmp_path),
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ANSIBLE_NOCOLOR": "true",
    }
    return Site(tmp_path, authority(), CONTROLLER, environment)


@pytest.fixture
def target(controller: Site) -> Site:
    """Another interpreter: where it is the target's, the module runs and not its twin."""
    controller.interpreter = other_python(controller.folder / "python")
    return controller


@pytest.fixture(params=["controller", "target"])
def site(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def server(controller: Site) -> Iterator[Server]:
    with serving(controller.root.issue()) as one:
        yield one


def without_times(result: dict[str, Any]) -> dict[str, Any]:
    """What both forms of the task must agree on."""
    return {key: value for key, value in result.items() if key not in ("backup_file", "invocation")}


def test_from_nothing_to_gone(site: Site) -> None:
    """Check, create, again, update, again, absent, absent again."""
    first, second = site.root.issue(), site.root.issue(end=500, names=(HOST, "h.app.wdesk.com"))
    checked, shown = {"check_mode": True, "diff": True}, {"diff": True}
    with serving(first) as server:
        calls = (checked, SEEN, shown, SEEN, shown, SEEN)
        wished, nothing, made, file, again, same = site.copies(server, *calls, words=("-vvvv",))
        # The module is sent to the other interpreter; here it runs in this process.
        task = site.output.split("TASK [Task 2]")[1].split("TASK [Its result]")[0]
        assert ("EXEC" in task) == (site.interpreter != CONTROLLER)
        assert wished["changed"]
        assert (wished["health"], nothing["exists"]) == ("missing", False)
        assert made["changed"]
        assert made["differences"] == wished["differences"]
        assert made["diff"] == wished["diff"]
        assert (made["health"], made["findings"]) == ("ok", [])
        assert site.stored() == first.pem.encode()
        assert file["mode"] == "0644"
        assert made["certificate"]["fingerprint_sha256"] == first.fingerprint_sha256
        assert made["certificate"]["public_key_fingerprint_sha256"] == first.public_key_fingerprint_sha256
        assert made["certificate"]["days_left"] in (299, 300)
        assert made["certificate"]["subject_alt_name"] == [HOST]
        assert made["host"] == "target"
        assert not again["changed"]
        assert again["diff"]["before"] == again["diff"]["after"]
        assert (same["mtime"], same["inode"], same["checksum"]) == (file["mtime"], file["inode"], file["checksum"])
        assert server.received == b""

        server.show(second)
        wished, same, updated, again = site.copies(server, checked, SEEN, {**shown, "backup": True}, {})
        assert (wished["health"], same["checksum"]) == ("changed", file["checksum"])
        assert updated["changed"]
        assert updated["differences"] == wished["differences"]
        assert Path(updated["backup_file"]).read_bytes() == first.pem.encode()
        for said in (
            f"another public key: {first.public_key_fingerprint_sha256}",
            "names added: h.app.wdesk.com",
            second.fingerprint_sha256,
        ):
            assert said in " ".join(updated["differences"])
        for said in (
            "-  SHA-256 of the certificate: " + first.fingerprint_sha256,
            "+  SHA-256 of the certificate: " + second.fingerprint_sha256,
        ):
            assert site.output.count(said) == 2
        assert "BEGIN CERTIFICATE" not in site.output
        assert not again["changed"]
        assert site.stored() == second.pem.encode()
    absent = {"state": "absent"}
    wished, still, gone, nothing, again = site.copies(
        None, {**absent, "check_mode": True}, SEEN, {**absent, **shown}, SEEN, absent
    )
    assert (wished["changed"], still["exists"]) == (True, True)
    assert (gone["changed"], nothing["exists"]) == (True, False)
    assert not again["changed"]


def bare(site: Site, version: str) -> None:
    """A target whose Python has no packages at all."""
    found = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}")) or [
        Path(path) for path in [shutil.which(f"python{version}") or ""] if path
    ]
    if not found:
        pytest.skip(f"this machine has no Python {version}")
    folder = site.folder / f"bare-{version}"
    subprocess.run([str(found[-1]), "-m", "venv", "--without-pip", str(folder)], check=True)
    site.interpreter = str(folder / "bin/python")


def test_a_target_without_the_package(controller: Site, server: Server) -> None:
    folder = controller.folder / "bare"
    venv.create(folder, symlinks=True, with_pip=False)
    controller.interpreter = str(folder / "bin" / "python")
    found = controller.copy(server)
    assert found["failed"]
    assert "This task needs the Python package cryptography on the machine where it runs" in found["msg"]
    assert "python3-cryptography" in found["msg"]
    assert controller.stored() is None


def test_the_chain_needs_a_newer_python(controller: Site, server: Server) -> None:
    bare(controller, "3.9")
    for found in controller.copies(server, {"content": "chain"}, {"content": "issuers"}):
        assert found["failed"]
        assert "need Python 3.10 or newer on the machine where the task runs. This is 3.9" in found["msg"]
    assert server.connections == 0


def test_module_and_action_return_the_same(controller: Site, request: pytest.FixtureRequest) -> None:
    own, coming = controller.root.issue(end=8), controller.root.issue(start=-1)
    with serving(own) as server:
        options = {"upcoming": coming.pem, "warn_before": "9d", "mode": "0640"}
        calls = [
            {**options, "check_mode": True},
            options,
            {"trusted_public_key_fingerprints": ["ab" * 32]},
            {"state": "absent"},
        ]
        here = controller.copies(server, *calls, warns=True)
        target: Site = request.getfixturevalue("target")
        there = target.copies(server, *calls, warns=True)
    for one, other in zip(here, there):
        both = [{key: one.get(key) for key in ("certificate", "chain", "upcoming", "diff")} for one in (one, other)]
        assert both[0] == both[1]
        mine, theirs = without_times(one), without_times(other)
        # Ansible's own additions to what a module returns.
        extra = {"warnings", "exception", "deprecations", "ansible_facts", "failed_when_result"}
        assert {key: value for key, value in mine.items() if key not in extra} == {
            key: value for key, value in theirs.items() if key not in extra
        }


# The role.


SYSTEMCTL = """\
#!/bin/sh
# A service manager that writes down what it is asked for.
case "$*" in
  *show*) echo "LoadState=loaded"; echo "ActiveState=active"; echo "SubState=running"; echo "Id=$2" ;;
  *reload*|*restart*) echo "$*" >> {record} ; case "$*" in *broken*) echo "it will not" >&2; exit 1;; esac ;;
esac
exit 0
"""


@pytest.fixture
def machines(controller: Site) -> Site:
    tools = controller.folder / "tools"
    tools.mkdir()
    (tools / "systemctl").write_text(SYSTEMCTL.replace("{record}", str(controller.folder / "reloads")))
    (tools / "systemctl").chmod(0o755)
    controller.environment["PATH"] = f"{tools}{os.pathsep}{os.environ['PATH']}"
    for name in ("etl01", "etl02"):
        home = controller.folder / name
        home.mkdir()
        (home / "python").write_text(f'#!/bin/sh\nHOME={home} exec {sys.executable} "$@"\n')
        (home / "python").chmod(0o755)
        controller.hosts[name] = {"ansible_python_interpreter": str(home / "python")}
    return controller


def reloads(site: Site) -> list[str]:
    path = site.folder / "reloads"
    return path.read_text().splitlines() if path.exists() else []


def role(site: Site, certificates: Any, *words: str, warns: bool = False, **more: Any) -> dict[str, Any]:
    values = {"server_certificates_certificates": certificates, "server_certificates_on_item_error": "report", **more}
    task = {"ansible.builtin.include_role": {"name": "integrations.workiva.server_certificates"}, "vars": values}
    (found,) = site.tasks({**task, "shown": "server_certificates_result"}, words=words, warns=warns)
    return found


def test_several_servers_on_several_machines(machines: Site) -> None:
    with serving(machines.root.issue()) as api, serving(machines.root.issue("h.app.wdesk.com")) as services:
        both = {"ca_path": bundle(machines.folder, machines.root), "timeout": 5, "hosts": ["etl01", "etl02"]}
        certificates = [
            {"name": "api", "region": "us", "connect_to": [api.connect_to()], **both},
            {"name": "h", "server": "h.app.wdesk.com", "connect_to": [services.connect_to("h.app.wdesk.com")], **both},
        ]
        for one in certificates:
            one["path"] = f"~/{one['name']}.pem"
            one["reload"] = ["loader", "reader"]
        wished = role(machines, certificates, "--check")
        assert len(wished["certificates"]) == 4
        assert {one["health"] for one in wished["certificates"]} == {"missing"}
        assert reloads(machines) == []
        made = role(machines, certificates)
        assert made["changed"]
        assert [(one["name"], one["host"]) for one in made["certificates"]] == [
            *(("api", "etl01"), ("api", "etl02"), ("h", "etl01"), ("h", "etl02"))
        ]
        for name in ("etl01", "etl02"):
            assert sorted(path.name for path in (machines.folder / name).glob("*.pem")) == ["api.pem", "h.pem"]
        # Once a service and machine, although two copies changed on each.
        assert len(reloads(machines)) == 4
        assert sorted((one["host"], one["service"], one["failed"]) for one in made["reloads"]) == [
            *(("etl01", "loader", False), ("etl01", "reader", False)),
            *(("etl02", "loader", False), ("etl02", "reader", False)),
        ]
        assert not role(machines, certificates)["changed"]
        assert len(reloads(machines)) == 4
        # Only where a file changed.
        (machines.folder / "etl02" / "h.pem").write_text("")
        again = role(machines, certificates, warns=True)
        assert "h.pem could not be read as certificates, and was replaced" in machines.output
        assert [one["host"] for one in again["reloads"]] == ["etl02", "etl02"]
        assert len(reloads(machines)) == 6


def test_what_cannot_be_reached_stops_nobody(machines: Site) -> None:
    machines.hosts["gone"] = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}
    with serving(machines.root.issue()) as api, serving(behaviour="reset") as broken:
        both = {"ca_path": bundle(machines.folder, machines.root), "timeout": 5}
        certificates = [
            {"name": "broken", "server": HOST, "connect_to": [broken.connect_to()], "hosts": ["etl01"]},
            {"name": "far", "server": HOST, "connect_to": [api.connect_to()], "hosts": ["gone"]},
            {"name": "wrong", "server": "https://x", "hosts": ["etl01"]},
            {
                "name": "good",
                "server": HOST,
                "connect_to": [api.connect_to()],
                "hosts": ["etl02"],
                "reload": ["broken"],
            },
        ]
        for one in certificates:
            one.update(both, path=str(machines.folder / "etl01" / f"{one['name']}.pem"))
        found = role(machines, certificates)
        assert [one["health"] for one in found["certificates"]] == ["unreachable", "unreachable", "failed", "ok"]
        assert "The machine gone cannot be reached" in found["certificates"][1]["findings"][0]["detail"]
        assert (machines.folder / "etl01" / "good.pem").exists()
        assert found["reloads"][0]["failed"]
        assert "it will not" in found["reloads"][0]["msg"]
        values = {"server_certificates_certificates": certificates}
        task = {"ansible.builtin.include_role": {"name": "integrations.workiva.server_certificates"}, "vars": values}
        machines.play([{"name": "The role", **task}], fails=True)
    assert "closed the connection during the TLS handshake" in machines.output
    assert "The machine gone cannot be reached" in machines.output


def test_role_shows_no_login_of_a_proxy(machines: Site) -> None:
    canary = "Canary-0123456789"
    certificates = [
        {
            "name": name,
            **{"server": HOST, "path": str(machines.folder / name / "workiva.pem"), "hosts": hosts, "timeout": 5},
            "proxy": f"http://user:{canary}@127.0.0.1:1",
        }
        for name, hosts in (("etl01", ["etl01"]), ("target", []))
    ]
    before = set(Path(machines.environment["ANSIBLE_HOME"]).rglob("*"))
    found = role(machines, certificates, "-vvvvv", "--diff")
    assert [one["health"] for one in found["certificates"]] == ["unreachable", "unreachable"]
    assert "ESTABLISH LOCAL CONNECTION" in machines.output
    assert canary not in machines.output
    assert canary not in json.dumps(found)
    for path in set(Path(machines.environment["ANSIBLE_HOME"]).rglob("*")) - before:
        assert not path.is_file() or canary.encode() not in path.read_bytes()
    # A copy that needs a login is not made through a connection that would write its arguments to a file.
    kept = machines.environment
    machines.environment = {**kept, "ANSIBLE_KEEP_REMOTE_FILES": "true"}
    refused = role(machines, certificates[:1])
    machines.environment = kept
    assert "only done with pipelining" in refused["certificates"][0]["findings"][0]["detail"]
    assert canary not in machines.output


def test_a_play_that_would_write_on_the_controller(machines: Site) -> None:
    machines.hosts["far"] = {"ansible_connection": "ssh"}
    options = {"server": HOST, "path": str(machines.path)}
    task = {
        **{"integrations.workiva.server_certificate": options, "delegate_to": "far"},
        **{"connection": "local", "vars": {"ansible_connection": "local"}},
    }
    (found,) = machines.tasks(task)
    assert found["failed"]
    assert "runs on the controller instead of far" in found["msg"]
