# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""server_certificate and the role server_certificates, run by ansible-playbook against real TLS servers, in both forms."""

from __future__ import annotations

import base64
import grp
import json
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.integration._target import other_python, sees_chains
from tests.integration._users_support import REPOSITORY
from tests.tls import HOST, Pair, Server, authority, bundle, issued, serving

pytestmark = pytest.mark.once
CONTROLLER = "{{ ansible_playbook_python }}"


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
        (self.folder / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
        host = {"ansible_connection": "local", "ansible_python_interpreter": self.interpreter}
        hosts = {"target": host, **{name: {**host, **more} for name, more in self.hosts.items()}}
        machines = {"hosts": {name: {} for name in self.hosts}}
        inventory = {"all": {"hosts": hosts, "children": {"machines": machines}}}
        (self.folder / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
        ran = subprocess.run(
            [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts.json", "play.yml", *words],
            env={**os.environ, **self.environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        self.output = ran.stdout + ran.stderr
        assert (ran.returncode != 0) == fails, self.output
        assert ("[WARNING]" in self.output) == warns, self.output
        assert "[DEPRECATION" not in self.output, self.output
        assert "Traceback" not in self.output, self.output

    def task(self, task: dict[str, Any], *words: str, shown: str = "outcome", warns: bool = False) -> dict[str, Any]:
        kept = {
            "name": "Its result",
            "ansible.builtin.debug": {"msg": "RESULT:{{ " + shown + " | to_json | b64encode }}:"},
        }
        self.play(
            [{"name": "The task", "register": "outcome", "ignore_errors": True, **task}, kept], *words, warns=warns
        )
        found: dict[str, Any] = json.loads(base64.b64decode(self.output.split("RESULT:")[1].split(":")[0]))
        return found

    def copy(self, at: Server | None, /, *words: str, warns: bool = False, **more: Any) -> dict[str, Any]:
        """Runs the module; without a server it is asked for nothing of one."""
        asked = {"server": HOST, "connect_to": [at.connect_to()]} if at else {}
        options = {"path": str(self.path), "ca_path": bundle(self.folder, self.root), "timeout": 5, **asked, **more}
        return self.task({"integrations.workiva.server_certificate": options}, *words, warns=warns)

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
    first = site.root.issue()
    with serving(first) as server:
        wished = site.copy(server, "--check", "--diff")
        assert wished["changed"]
        assert (wished["health"], site.stored()) == ("missing", None)
        made = site.copy(server, "--diff", "-vvvv")
        # The module is sent to the other interpreter; here it runs in this process.
        task = site.output.split("TASK [The task]")[1].split("TASK [Its result]")[0]
        assert ("EXEC" in task) == (site.interpreter != CONTROLLER)
        assert made["changed"]
        assert made["differences"] == wished["differences"]
        assert made["diff"] == wished["diff"]
        assert (made["health"], made["findings"]) == ("ok", [])
        assert site.stored() == first.pem.encode()
        assert stat.S_IMODE(site.path.stat().st_mode) == 0o644
        assert made["certificate"]["sha256"] == first.sha256
        assert made["certificate"]["public_key_sha256"] == first.public_key_sha256
        assert made["certificate"]["days_left"] in (299, 300)
        assert made["certificate"]["names"] == [HOST]
        assert made["host"] == "target"
        before = site.path.stat()
        again = site.copy(server, "--diff")
        assert not again["changed"]
        assert again["diff"]["before"] == again["diff"]["after"]
        assert (site.path.stat().st_mtime_ns, site.path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
        assert server.received == b""

        second = site.root.issue(end=500, names=(HOST, "h.app.wdesk.com"))
        server.show(second)
        wished = site.copy(server, "--check", "--diff")
        assert (wished["health"], site.stored()) == ("changed", first.pem.encode())
        updated = site.copy(server, "--diff", backup=True)
        assert updated["changed"]
        assert updated["differences"] == wished["differences"]
        assert Path(updated["backup_file"]).read_bytes() == first.pem.encode()
        for said in (f"another public key: {first.public_key_sha256}", "names added: h.app.wdesk.com", second.sha256):
            assert said in " ".join(updated["differences"])
        for said in (
            "-  SHA-256 of the certificate: " + first.sha256,
            "+  SHA-256 of the certificate: " + second.sha256,
        ):
            assert said in site.output
        assert "BEGIN CERTIFICATE" not in site.output
        assert not site.copy(server)["changed"]
    gone = site.copy(None, "--check", state="absent")
    assert (gone["changed"], site.stored()) == (True, second.pem.encode())
    assert site.copy(None, "--diff", state="absent")["changed"]
    assert site.stored() is None
    assert not site.copy(None, state="absent")["changed"]


@pytest.mark.parametrize("content", ["leaf", "chain", "issuers"])
def test_content(site: Site, content: str) -> None:
    between = site.root.issue("An issuer between", authority=True)
    own = between.issue()
    expected = {"leaf": own.pem, "chain": own.chain + site.root.pem, "issuers": between.pem + site.root.pem}[content]
    with serving(own) as server:
        made = site.copy(server, content=content)
        if content != "leaf" and not sees_chains(site.interpreter):
            assert "Python 3.10" in made["msg"]
            return
        assert made["changed"], site.output
        assert (site.stored() or b"").decode() == expected
        whole = [own.sha256, between.sha256, site.root.sha256]
        assert [one["sha256"] for one in made["chain"]] == (whole if sees_chains(site.interpreter) else whole[:1])
        assert not site.copy(server, content=content)["changed"]


def test_mode_owner_and_group(site: Site, server: Server) -> None:
    names = {"owner": pwd.getpwuid(os.geteuid()).pw_name, "group": grp.getgrgid(os.getegid()).gr_name}
    assert site.copy(server, mode="0640", **names)["changed"]
    assert stat.S_IMODE(site.path.stat().st_mode) == 0o640
    assert not site.copy(server, mode="0640", **names)["changed"]
    # Without a wish it stays as it is, over a change of the certificate too.
    server.show(site.root.issue())
    assert site.copy(server)["changed"]
    assert stat.S_IMODE(site.path.stat().st_mode) == 0o640
    inode = site.path.stat().st_ino
    wished = site.copy(server, "--check", mode="600")
    assert (wished["differences"], wished["health"]) == (["mode 0640 becomes 0600"], "differs")
    assert stat.S_IMODE(site.path.stat().st_mode) == 0o640
    assert site.copy(server, mode="600")["changed"]
    assert (stat.S_IMODE(site.path.stat().st_mode), site.path.stat().st_ino) == (0o600, inode)


def test_the_change_over(site: Site) -> None:
    """The announced certificate is kept beside the present one, and the copy cleans itself up."""
    present, announced = site.root.issue(end=60), site.root.issue(start=-1, end=400)
    (site.folder / "announced.pem").write_text(announced.pem)
    coming = {"upcoming": str(site.folder / "announced.pem"), "warn_before_days": 10}
    with serving(present) as server:
        site.copy(server)
        wished = site.copy(server, "--check", **coming)
        assert (wished["changed"], wished["health"]) == (True, "differs")
        made = site.copy(server, "--diff", **coming)
        assert (made["changed"], made["announcement"], made["health"]) == (True, "waiting", "ok")
        assert made["differences"] == wished["differences"]
        assert made["upcoming"]["sha256"] == announced.sha256
        assert (site.stored() or b"").decode() == present.pem + announced.pem
        assert not site.copy(server, **coming)["changed"]
        server.show(announced)
        changed = site.copy(server, trusted_fingerprints=[present.sha256], **coming)
        assert (changed["changed"], changed["announcement"]) == (True, "shown")
        assert (site.stored() or b"").decode() == announced.pem
        assert not site.copy(server, **coming)["changed"]
        assert not site.copy(server)["changed"]


@pytest.mark.parametrize(
    ("present", "announced", "said"),
    [
        ({"end": 200}, {"start": -31, "end": 400}, "longer than a notice is sent ahead"),
        ({"end": 9}, {"start": -1, "end": 400}, "the present one ends on"),
        ({"end": 9}, {"start": 1, "end": 400}, "the present one ends on"),
        ({"end": 200}, {"start": -60, "end": -2}, "it ended itself on"),
    ],
)
def test_the_announced_one_never_appears(
    site: Site, present: dict[str, Any], announced: dict[str, Any], said: str
) -> None:
    own, coming = site.root.issue(**present), site.root.issue(**announced)
    with serving(own) as server:
        found = site.copy(server, upcoming=coming.pem, warn_before_days=10, warns=True)
        assert not found.get("failed")
        assert found["health"] == "overdue"
        assert said in found["findings"][0]["detail"]
        kept = own.pem + ("" if announced["end"] < 0 else coming.pem)
        assert (site.stored() or b"").decode() == kept
        assert not site.copy(server, upcoming=coming.pem, warn_before_days=10, warns=True)["changed"]


REFUSALS: list[tuple[str, Callable[[Pair], Pair | None], dict[str, Any], str]] = [
    ("TLS-inspecting proxy", lambda root: authority("Corp TLS Inspection CA").issue(), {}, "unknown_issuer"),
    ("expired", lambda root: root.issue(start=-100, end=-3), {}, "expired"),
    ("not yet valid", lambda root: root.issue(start=5), {}, "not_yet_valid"),
    ("self-signed", lambda root: issued(), {}, "self_signed"),
    ("wrong host", lambda root: root.issue("www.example.com"), {}, "wrong_name"),
    ("not in the allow list", lambda root: root.issue(), {"trusted_fingerprints": ["ab" * 32]}, "not_allowed"),
    ("weak key", lambda root: root.issue(bits=1024), {}, "weak_key"),
    ("hangs", lambda root: None, {"timeout": 0.5}, "timeout"),
    ("no TLS", lambda root: None, {}, "no_tls"),
    ("resets", lambda root: None, {}, "cut"),
]
WORDS = {
    "unknown_issuer": ["issued by CN=Corp TLS Inspection CA", "A proxy that inspects TLS looks like this"],
    "expired": ["expired on", "3 days ago"],
    "not_yet_valid": ["is valid from", "the clock of this machine says"],
    "self_signed": ["is signed by itself", "no authority"],
    "wrong_name": ["is for www.example.com and not for " + HOST],
    "not_allowed": ["not in the allow list", "public key SHA-256"],
    "weak_key": ["too weak to trust", "RSA 1024"],
    "timeout": ["said nothing for 0.5 seconds"],
    "no_tls": ["does not speak TLS"],
    "cut": ["cut the connection in the middle of the TLS handshake"],
}


@pytest.mark.parametrize(("what", "show", "more", "code"), REFUSALS, ids=[refusal[0] for refusal in REFUSALS])
def test_what_is_refused(
    site: Site, what: str, show: Callable[[Pair], Pair | None], more: dict[str, Any], code: str
) -> None:
    site.path.write_text(site.root.issue().pem)
    before = site.stored()
    behaviour = {"hangs": "hang", "no TLS": "plain", "resets": "reset"}.get(what, "tls")
    with serving(show(site.root), behaviour) as server:
        found = site.copy(server, **more)
        assert server.received == b""
    assert found["failed"]
    assert not found["changed"]
    assert found["error"]["code"] == code
    assert found["health"] == ("unreachable" if code in ("timeout", "no_tls", "cut") else "untrusted")
    for words in [*WORDS[code], f"{HOST}:443", "was left as it was"]:
        assert words in found["msg"]
    assert site.stored() == before
    print(f"{what}: {found['msg']}")


def test_the_allow_lists_take_what_people_copy(controller: Site) -> None:
    own = controller.root.issue()
    colons = ":".join(re.findall("..", own.sha256.upper()))
    pin = "sha256//" + base64.b64encode(bytes.fromhex(own.public_key_sha256)).decode()
    with serving(own) as server:
        for more in (
            {"trusted_fingerprints": [colons]},
            {"trusted_fingerprints": ["00" * 32], "trusted_public_keys": [pin]},
            {"trusted_public_keys": [own.public_key_sha256]},
        ):
            assert not controller.copy(server, **more).get("failed"), controller.output
        assert controller.copy(server, trusted_fingerprints=[])["error"]["code"] == "not_allowed"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"path": None}, "path"),
        ({"path": "relative.pem"}, "path must be the absolute path of a file"),
        ({"server": None}, "Either server or region"),
        ({"region": "us"}, "mutually exclusive"),
        ({"server": "https://api.app.wdesk.com"}, "without https://"),
        ({"port": 70000}, "port must be from 1 to 65535"),
        ({"content": "everything"}, "content"),
        ({"mode": 420}, "octal digits in quotes"),
        ({"owner": "nobody-of-this-name"}, "There is no owner nobody-of-this-name"),
        ({"trusted_fingerprints": ["abc"]}, "trusted_fingerprints takes SHA-256 fingerprints"),
        ({"upcoming": "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"}, "cannot be read as one"),
        ({"upcoming": "/nowhere/at/all.pem"}, "upcoming cannot be read on the controller"),
        ({"upcoming": "announced.pem"}, "absolute path"),
        ({"connect_to": ["nonsense"]}, "connect_to takes HOST:PORT:ADDRESS:PORT"),
        ({"ca_path": "/nowhere/ca.pem"}, "There is no file of certificates at ca_path"),
        ({"nonsense": True}, "nonsense"),
    ],
)
def test_wrong_arguments(site: Site, server: Server, more: dict[str, Any], said: str) -> None:
    found = site.copy(server, **more)
    assert found["failed"]
    assert said in found["msg"]
    assert server.connections == 0
    assert found["health"] == "failed"


def test_region_says_the_api(site: Site) -> None:
    with serving(site.root.issue("api.eu.wdesk.com")) as server:
        options = {"connect_to": [server.connect_to("api.eu.wdesk.com")], "ca_path": bundle(site.folder, site.root)}
        task = {"integrations.workiva.server_certificate": {"region": "eu", "path": str(site.path), **options}}
        found = site.task(task)
    assert (found["server"], found["name"]) == ("api.eu.wdesk.com:443", "api.eu.wdesk.com")


def test_files_that_are_no_copies_are_left_alone(site: Site, server: Server) -> None:
    for text, said in (
        ("root:x:0:0:\n", "something else than certificates"),
        (site.root.pem + "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n", "private key"),
    ):
        site.path.write_text(text)
        for state in ("present", "absent"):
            found = site.copy(server, state=state)
            assert found["failed"]
            assert said in found["msg"]
            assert site.path.read_text() == text
    site.path.unlink()
    site.path.symlink_to("elsewhere.pem")
    assert "symbolic link" in site.copy(server)["msg"]
    site.path.unlink()
    shutil.rmtree(site.path.parent)
    for word in ((), ("--check",)):
        assert "does not exist where this task runs" in site.copy(server, *word)["msg"]


def test_a_damaged_copy_is_mended(site: Site, server: Server) -> None:
    site.copy(server)
    whole = site.stored() or b""
    site.path.write_bytes(whole[:200])
    found = site.copy(server, "--check")
    assert found["health"] == "changed"
    assert "cannot be read as a certificate" in " ".join(found["differences"])
    assert site.copy(server)["changed"]
    assert site.stored() == whole


def test_a_job_whose_files_vanish(site: Site, server: Server) -> None:
    site.environment["AWX_PRIVATE_DATA_DIR"] = "/runner"
    for word in ((), ("--check",)):
        found = site.copy(server, *word)
        assert found["failed"]
        assert "AWX_PRIVATE_DATA_DIR is set" in found["msg"]
        assert "vanishes" in found["msg"]
    assert (site.stored(), server.connections) == (None, 0)
    assert site.copy(server, ephemeral_target_ok=True)["changed"]


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
    assert "The Python package cryptography is needed where this task runs" in found["msg"]
    assert "python3-cryptography" in found["msg"]
    assert controller.stored() is None


def test_the_chain_needs_a_newer_python(controller: Site, server: Server) -> None:
    bare(controller, "3.9")
    for content in ("chain", "issuers"):
        found = controller.copy(server, content=content)
        assert found["failed"]
        assert "need Python 3.10 or newer where the task runs; this is 3.9" in found["msg"]
    assert server.connections == 0


def test_both_forms_say_the_same(controller: Site, request: pytest.FixtureRequest) -> None:
    own, coming = controller.root.issue(end=8), controller.root.issue(start=-1)
    with serving(own) as server:
        options = {"upcoming": coming.pem, "warn_before_days": 9, "mode": "0640"}
        here = [
            controller.copy(server, "--check", warns=True, **options),
            controller.copy(server, warns=True, **options),
            controller.copy(server, trusted_public_keys=["ab" * 32]),
            controller.copy(None, state="absent"),
        ]
        target: Site = request.getfixturevalue("target")
        there = [
            target.copy(server, "--check", warns=True, **options),
            target.copy(server, warns=True, **options),
            target.copy(server, trusted_public_keys=["ab" * 32]),
            target.copy(None, state="absent"),
        ]
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


def role(site: Site, certificates: Any, *words: str, **more: Any) -> dict[str, Any]:
    values = {"server_certificates_certificates": certificates, "server_certificates_on_item_error": "report", **more}
    task = {"ansible.builtin.include_role": {"name": "integrations.workiva.server_certificates"}, "vars": values}
    return site.task(task, *words, shown="server_certificates_result")


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
        again = role(machines, certificates)
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
    assert "cut the connection in the middle" in machines.output
    assert "The machine gone cannot be reached" in machines.output


def test_a_play_that_would_write_on_the_controller(machines: Site) -> None:
    machines.hosts["far"] = {"ansible_connection": "ssh"}
    options = {"server": HOST, "path": str(machines.path)}
    task = {
        **{"integrations.workiva.server_certificate": options, "delegate_to": "far"},
        **{"connection": "local", "vars": {"ansible_connection": "local"}},
    }
    found = machines.task(task)
    assert found["failed"]
    assert "runs on the controller instead of far" in found["msg"]
