# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core of server_certificate against real TLS servers; the Python of a target runs these tests as well."""

from __future__ import annotations

import base64
import grp
import os
import pwd
import re
import shutil
import stat
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import Run
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.apply import CORE
from ansible_collections.integrations.workiva.plugins.module_utils._errors import WorkivaError
from tests.tls import HOST, Pair, Server, authority, bundle, issued, serving

ACCESS = "system.posix_acl_access"
# Owner rw, the user 1234 r, the group nothing, mask r, others nothing.
READERS = struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", *entry)
    for entry in ((1, 6, 0xFFFFFFFF), (2, 4, 1234), (4, 0, 0xFFFFFFFF), (16, 4, 0xFFFFFFFF), (32, 0, 0xFFFFFFFF))
)
SEES_CHAINS = sys.version_info >= (3, 10)


@dataclass
class Site:
    """A machine with a folder for its copy, and the authority that it trusts."""

    folder: Path
    root: Pair
    warnings: list[str] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.folder / "target" / "workiva.pem"

    def run(self, options: dict[str, Any], *, check_mode: bool = False) -> dict[str, Any]:
        """The result as the module and the action return it."""
        specification = {name: value for name, value in CORE.specification.items() if name != "supports_check_mode"}
        validation = ArgumentSpecValidator(**specification).validate(options)
        assert not validation.error_messages
        try:
            return CORE.run(validation.validated_parameters, Run(check_mode, warn=self.warnings.append))
        except WorkivaError as error:
            return {"failed": True, "msg": str(error), "error": error.as_error(), "changed": False}

    def copy(self, at: Server | None, *, check_mode: bool = False, **more: Any) -> dict[str, Any]:
        """Runs the core; without a server it is asked for nothing of one."""
        asked = {"server": HOST, "connect_to": [at.connect_to()]} if at else {}
        options = {"path": str(self.path), "ca_path": bundle(self.folder, self.root), "timeout": 5.0, **asked, **more}
        return self.run(options, check_mode=check_mode)

    def stored(self) -> bytes | None:
        return self.path.read_bytes() if self.path.exists() else None


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "target").mkdir()
    return Site(tmp_path, authority())


@pytest.fixture
def server(site: Site) -> Iterator[Server]:
    with serving(site.root.issue()) as one:
        yield one


@pytest.mark.parametrize("content", ["leaf", "chain", "issuers"])
def test_server_certificate_writes_the_content_that_is_asked_for(site: Site, content: str) -> None:
    between = site.root.issue("An issuer between", authority=True)
    own = between.issue()
    expected = {"leaf": own.pem, "chain": own.chain + site.root.pem, "issuers": between.pem + site.root.pem}[content]
    with serving(own) as server:
        made = site.copy(server, content=content)
        if content != "leaf" and not SEES_CHAINS:
            assert "Python 3.10" in made["msg"]
            return
        assert made["changed"]
        assert (site.stored() or b"").decode() == expected
        whole = [own.fingerprint_sha256, between.fingerprint_sha256, site.root.fingerprint_sha256]
        assert [one["fingerprint_sha256"] for one in made["chain"]] == (whole if SEES_CHAINS else whole[:1])
        assert not site.copy(server, content=content)["changed"]


def test_server_certificate_sets_mode_owner_and_group_and_keeps_them(site: Site, server: Server) -> None:
    names = {"owner": pwd.getpwuid(os.geteuid()).pw_name, "group": grp.getgrgid(os.getegid()).gr_name}
    assert site.copy(server, mode="0640", **names)["changed"]
    assert stat.S_IMODE(site.path.stat().st_mode) == 0o640
    assert not site.copy(server, mode="0640", **names)["changed"]
    # Without a wish it stays as it is, over a change of the certificate too.
    server.show(site.root.issue())
    assert site.copy(server)["changed"]
    assert stat.S_IMODE(site.path.stat().st_mode) == 0o640
    inode = site.path.stat().st_ino
    wished = site.copy(server, check_mode=True, mode="600")
    assert (wished["differences"], wished["health"]) == (["mode 0640 becomes 0600"], "differs")
    assert stat.S_IMODE(site.path.stat().st_mode) == 0o640
    assert site.copy(server, mode="600")["changed"]
    assert (stat.S_IMODE(site.path.stat().st_mode), site.path.stat().st_ino) == (0o600, inode)


def stored_copy(site: Site, server: Server) -> None:
    """A copy that is no longer the server's, with mode 0640."""
    assert site.copy(server)["changed"]
    site.path.write_text(site.root.issue().pem)
    site.path.chmod(0o640)


def test_server_certificate_keeps_the_access_control_list_and_the_extended_attributes(
    site: Site, server: Server
) -> None:
    stored_copy(site, server)
    try:
        os.setxattr(site.path, ACCESS, READERS)
        os.setxattr(site.path, "user.owner", b"finance")
    except OSError:
        pytest.skip("this file system has no access control lists")
    result = site.copy(server, backup=True)
    assert result["changed"]
    for path in (site.path, result["backup_file"]):
        assert os.getxattr(path, ACCESS) == READERS
        assert os.getxattr(path, "user.owner") == b"finance"
    assert site.warnings == []


@pytest.mark.parametrize(("mode", "expected"), [(None, 0o600), ("0640", 0o640)])
def test_server_certificate_narrows_a_copy_that_loses_its_access_control_list_and_warns(
    site: Site, server: Server, monkeypatch: pytest.MonkeyPatch, mode: str | None, expected: int
) -> None:
    """The group bits of such a file are those of its list: without it they would be the group's."""
    stored_copy(site, server)
    held = {ACCESS: READERS, "user.owner": b"finance"}
    monkeypatch.setattr(os, "listxattr", lambda path: list(held) if path == str(site.path) else [])
    monkeypatch.setattr(os, "getxattr", lambda _path, name: held[name])
    monkeypatch.setattr(os, "setxattr", lambda *_arguments: None)
    result = site.copy(server, backup=True, **({"mode": mode} if mode else {}))
    assert stat.S_IMODE(site.path.stat().st_mode) == expected
    assert stat.S_IMODE(os.stat(result["backup_file"]).st_mode) == 0o600
    of_list, of_owner = site.warnings
    assert of_list.startswith(f"{HOST}: {site.path} was replaced and could not keep its access control list")
    assert ("only its owner and others" in of_list) == (mode is None)
    assert (
        of_owner
        == f"{HOST}: {site.path} was replaced and could not keep its extended attribute 'user.owner'. Set it again."
    )


def test_server_certificate_removes_old_temporary_files_of_killed_runs(site: Site, server: Server) -> None:
    folder = site.path.parent
    assert site.copy(server)["changed"]
    left = folder / f".{site.path.name}.abcd1234.workiva-copy.tmp"
    of_backup = folder / f".{site.path.name}.20261126T120000.123456Z~.abcd1234.workiva-copy.tmp"
    recent = folder / f".{site.path.name}.abcd5678.workiva-copy.tmp"
    others = [folder / name for name in (".other.pem.abcd1234.workiva-copy.tmp", f".{site.path.name}.abcd1234.tmp")]
    for path in (left, of_backup, recent, *others):
        path.write_text("left over")
        if path != recent:
            os.utime(path, (0, 0))
    assert not site.copy(server, check_mode=True)["changed"]
    assert left.exists()
    # A copy may stay as it is for months after the killed run.
    assert not site.copy(server)["changed"]
    assert not left.exists()
    assert not of_backup.exists()
    assert all(path.exists() for path in (recent, *others))


def test_server_certificate_keeps_the_announced_certificate_until_it_is_shown(site: Site) -> None:
    """The announced certificate is kept beside the present one, and the copy cleans itself up."""
    present, announced = site.root.issue(end=60), site.root.issue(start=-1, end=400)
    coming = {"upcoming": announced.pem, "warn_before": "10d"}
    with serving(present) as server:
        site.copy(server)
        wished = site.copy(server, check_mode=True, **coming)
        assert (wished["changed"], wished["health"]) == (True, "differs")
        made = site.copy(server, **coming)
        assert (made["changed"], made["announcement"], made["health"]) == (True, "waiting", "ok")
        assert made["differences"] == wished["differences"]
        assert made["upcoming"]["fingerprint_sha256"] == announced.fingerprint_sha256
        assert (site.stored() or b"").decode() == present.pem + announced.pem
        assert not site.copy(server, **coming)["changed"]
        server.show(announced)
        changed = site.copy(server, trusted_fingerprints=[present.fingerprint_sha256], **coming)
        assert (changed["changed"], changed["announcement"]) == (True, "shown")
        assert (site.stored() or b"").decode() == announced.pem
        assert not site.copy(server, **coming)["changed"]
        assert not site.copy(server)["changed"]


@pytest.mark.parametrize(
    ("present", "announced", "said"),
    [
        ({"end": 200}, {"start": -31, "end": 400}, "longer than the notice period"),
        ({"end": 9}, {"start": -1, "end": 400}, "the present one expires on"),
        ({"end": 9}, {"start": 1, "end": 400}, "the present one expires on"),
        ({"end": 200}, {"start": -60, "end": -2}, "it expired on"),
    ],
)
def test_server_certificate_reports_an_announced_certificate_that_never_appears(
    site: Site, present: dict[str, Any], announced: dict[str, Any], said: str
) -> None:
    own, coming = site.root.issue(**present), site.root.issue(**announced)
    with serving(own) as server:
        found = site.copy(server, upcoming=coming.pem, warn_before="10d")
        assert not found.get("failed")
        assert site.warnings
        assert found["health"] == "overdue"
        assert said in found["findings"][0]["detail"]
        kept = own.pem + ("" if announced["end"] < 0 else coming.pem)
        assert (site.stored() or b"").decode() == kept
        assert not site.copy(server, upcoming=coming.pem, warn_before="10d")["changed"]


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
    "unknown_issuer": ["issued by CN=Corp TLS Inspection CA", "A proxy that inspects TLS causes this"],
    "expired": ["expired on", "3 days ago"],
    "not_yet_valid": ["is only valid from", "the clock of this machine shows"],
    "self_signed": ["is signed by itself", "no authority"],
    "wrong_name": ["is for www.example.com and not for " + HOST],
    "not_allowed": ["not in the allow list", "public key SHA-256"],
    "weak_key": ["too weak to trust", "RSA 1024"],
    "timeout": ["sent nothing for 0.5 seconds"],
    "no_tls": ["does not speak TLS"],
    "cut": ["closed the connection during the TLS handshake"],
}


@pytest.mark.parametrize(("what", "show", "more", "code"), REFUSALS, ids=[refusal[0] for refusal in REFUSALS])
def test_server_certificate_refuses_what_it_cannot_trust(
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
    for words in [*WORDS[code], f"{HOST}:443", "was not changed"]:
        assert words in found["msg"]
    assert site.stored() == before


def test_server_certificate_accepts_the_usual_forms_of_fingerprints(site: Site) -> None:
    own = site.root.issue()
    colons = ":".join(re.findall("..", own.fingerprint_sha256.upper()))
    pin = "sha256//" + base64.b64encode(bytes.fromhex(own.public_key_fingerprint_sha256)).decode()
    with serving(own) as server:
        for more in (
            {"trusted_fingerprints": [colons]},
            {"trusted_fingerprints": ["00" * 32], "trusted_public_key_fingerprints": [pin]},
            {"trusted_public_key_fingerprints": [own.public_key_fingerprint_sha256]},
        ):
            assert not site.copy(server, **more).get("failed")
        assert site.copy(server, trusted_fingerprints=[])["error"]["code"] == "not_allowed"


def test_server_certificate_takes_the_server_from_the_region(site: Site) -> None:
    with serving(site.root.issue("api.eu.wdesk.com")) as server:
        options = {"connect_to": [server.connect_to("api.eu.wdesk.com")], "ca_path": bundle(site.folder, site.root)}
        found = site.run({"region": "eu", "path": str(site.path), **options})
    assert (found["server"], found["name"]) == ("api.eu.wdesk.com:443", "api.eu.wdesk.com")


def test_server_certificate_leaves_files_that_are_no_copies_alone(site: Site, server: Server) -> None:
    for text, said in (
        ("root:x:0:0:\n", "something other than certificates"),
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
    for check_mode in (False, True):
        assert "does not exist on the machine where this task runs" in site.copy(server, check_mode=check_mode)["msg"]


def test_server_certificate_repairs_a_damaged_copy(site: Site, server: Server) -> None:
    site.copy(server)
    whole = site.stored() or b""
    site.path.write_bytes(whole[:200])
    found = site.copy(server, check_mode=True)
    assert found["health"] == "differs"
    assert "cannot be read as a certificate" in " ".join(found["differences"])
    assert site.copy(server)["changed"]
    assert site.stored() == whole
