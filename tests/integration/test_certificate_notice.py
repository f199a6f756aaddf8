# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""certificate_notice, run by ansible-playbook against real mail servers."""

from __future__ import annotations

import base64
import email
import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography.hazmat.primitives import serialization

from tests.integration._users_support import REPOSITORY
from tests.tls import Pair, authority

pytestmark = pytest.mark.once
PASSWORD = "a-canary-of-a-mail-password"


class MailBox:
    """A mail server on the loopback interface, and what it took."""

    def __init__(
        self, folder: Path, pair: Pair, *, tls: str = "starttls", login: bool = False, drop: bool = False
    ) -> None:
        self.mails: list[tuple[Any, bytes]] = []
        self.logins: list[str] = []
        self.drop = drop
        self.refuse = ""
        key = pair.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "mail.pem").write_text(pair.chain + key.decode())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "mail.pem")
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0}
        if login:
            options.update(authenticator=self._authenticate, auth_required=True, auth_require_tls=tls == "starttls")
        if tls == "starttls":
            options.update(tls_context=context, require_starttls=True)
        if tls == "implicit":
            options.update(ssl_context=context)
        self._controller = Controller(self, **options)
        # It connects to itself to see whether it is up, and would take the port that it was asked for.
        self._controller._trigger_server = lambda: socket.create_connection(("127.0.0.1", self.port)).close()
        self._controller.start()

    @property
    def port(self) -> int:
        port: int = self._controller.server.sockets[0].getsockname()[1]
        return port

    def stop(self) -> None:
        self._controller.stop()

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.logins.append(data.login.decode())
        sound = data.password.decode() == PASSWORD and not self.refuse
        return AuthResult(success=sound, handled=sound, message=None if sound else self.refuse or None)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append((envelope, envelope.content))
        if self.drop:
            _server.transport.abort()
        return "250 taken"


@dataclass
class Asker:
    """The task in a play of its own."""

    folder: Path
    root: Pair
    environment: dict[str, str] = field(default_factory=dict)
    output: str = ""
    seen: list[str] = field(default_factory=list)

    @property
    def receipts(self) -> list[dict[str, Any]]:
        path = self.folder / "journal" / "certificate_notice.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def ask(self, *words: str, **more: Any) -> dict[str, Any]:
        options = {
            "to": "vendor@example.com",
            "from": "integrations@example.com",
            "addresses": ["ops@example.com", "security@example.com"],
            "smtp_server": "localhost",
            "ca_path": str(self.folder / "ca.pem"),
            "timeout": 5,
            "journal": str(self.folder / "journal"),
            "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655",
            "servers": ["api.app.wdesk.com:443"],
            **more,
        }
        tasks = [
            {
                "name": "Ask",
                "integrations.workiva.certificate_notice": options,
                "register": "outcome",
                "ignore_errors": True,
            },
            {"name": "Show", "ansible.builtin.debug": {"msg": "RESULT:{{ outcome | to_json | b64encode }}:"}},
        ]
        play = [{"name": "Play", "hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
        (self.folder / "play.yml").write_text(json.dumps(play))
        ran = subprocess.run(
            [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "play.yml", *words],
            env={**os.environ, **self.environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        self.output = ran.stdout + ran.stderr
        assert ran.returncode == 0, self.output
        assert "[WARNING]" not in self.output, self.output
        assert "Traceback" not in self.output, self.output
        (self.folder / "play.yml").unlink()
        result = base64.b64decode(self.output.split("RESULT:")[1].split(":")[0]).decode()
        self.seen.append(self.output + result)
        found: dict[str, Any] = json.loads(result)
        return found


@pytest.fixture
def asker(tmp_path: Path) -> Asker:
    root = tmp_path / "ansible_collections" / "integrations"
    root.mkdir(parents=True)
    (root / "workiva").symlink_to(REPOSITORY)
    environment = {
        "ANSIBLE_COLLECTIONS_PATH": str(tmp_path),
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ANSIBLE_NOCOLOR": "true",
    }
    made = Asker(tmp_path, authority(), environment)
    (tmp_path / "ca.pem").write_text(made.root.pem)
    return made


@pytest.fixture
def box(asker: Asker) -> Iterator[MailBox]:
    made = MailBox(asker.folder, asker.root.issue("localhost"))
    yield made
    made.stop()


def test_once_and_again_for_another_list(asker: Asker, box: MailBox) -> None:
    asked = {"smtp_port": box.port}
    wished = asker.ask("--check", "--diff", **asked)
    assert wished["changed"]
    assert "+  security@example.com" in asker.output
    assert (box.mails, asker.receipts) == ([], [])
    sent = asker.ask("--diff", **asked)
    assert sent["changed"], asker.output
    assert sent["message"] == wished["message"]
    ((envelope, content),) = box.mails
    mail = email.message_from_bytes(content)
    assert max(len(line) for line in content.splitlines()) < 80
    assert (envelope.mail_from, envelope.rcpt_tos) == ("integrations@example.com", ["vendor@example.com"])
    assert (mail["From"], mail["To"]) == ("integrations@example.com", "vendor@example.com")
    body = str(mail.get_payload()).replace("\r\n", "\n")
    for said in ("notification list", "ops@example.com", "security@example.com", "api.app.wdesk.com:443", "d6e178fd"):
        assert said in body
    assert body in sent["message"]
    assert [receipt["event"] for receipt in asker.receipts] == ["requested", "accepted"]
    assert {receipt["v"] for receipt in asker.receipts} == {1}
    assert sent["accepted_at"] == asker.receipts[-1]["at"]
    # Order and case say nothing, and neither does another mail server.
    before = (asker.folder / "journal" / "certificate_notice.jsonl").read_bytes()
    for addresses in (["ops@example.com", "security@example.com"], ["Security@example.com", "ops@example.com"]):
        for word in ((), ("--check",)):
            again = asker.ask(*word, addresses=addresses, smtp_port=1)
            assert not again["changed"]
            assert again["accepted_at"] == sent["accepted_at"]
    assert len(box.mails) == 1
    assert (asker.folder / "journal" / "certificate_notice.jsonl").read_bytes() == before
    more = asker.ask("--diff", addresses=["ops@example.com", "new@example.com"], **asked)
    assert more["changed"]
    assert "-  security@example.com" in asker.output
    assert "takes the place of the one" in more["message"]
    assert len(box.mails) == 2
    assert asker.ask(to="other@example.com", addresses=["ops@example.com", "new@example.com"], **asked)["changed"]
    assert len(box.mails) == 3


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_login_over_tls(asker: Asker, tls: str) -> None:
    box = MailBox(asker.folder, asker.root.issue("localhost"), tls=tls, login=True)
    try:
        login = {"username": "someone", "password": PASSWORD, "smtp_port": box.port, "tls": tls}
        wrong = asker.ask("-vvvvv", "--diff", **{**login, "password": "another-canary-of-a-password"})
        assert wrong["failed"]
        assert "refused the login (535" in wrong["msg"]
        box.refuse = f"535 no: {PASSWORD} {base64.b64encode(PASSWORD.encode()).decode()}"
        spoken = asker.ask("-vvvvv", "--diff", **login)
        assert spoken["failed"]
        assert "(the password)" in spoken["msg"]
        box.refuse = ""
        asker.ask("-vvvvv", "--check", "--diff", **login)
        assert asker.ask("-vvvvv", "--diff", **login)["changed"], asker.output
        assert not asker.ask("-vvvvv", **login)["changed"]
        assert set(box.logins) == {"someone"}
        assert len(box.mails) == 1
    finally:
        box.stop()
    everywhere = "".join(asker.seen)
    for path in asker.folder.rglob("*"):
        if path.is_file() and not path.is_relative_to(asker.folder / "ansible_collections"):
            everywhere += path.read_text(errors="replace")
    for secret in (PASSWORD, "another-canary-of-a-password"):
        assert secret not in everywhere
        assert base64.b64encode(secret.encode()).decode() not in everywhere


def test_tls_is_verified(asker: Asker) -> None:
    box = MailBox(asker.folder, authority("Somebody else").issue("localhost"), login=True)
    try:
        found = asker.ask(smtp_port=box.port, username="someone", password=PASSWORD)
        assert found["failed"]
        assert "certificate of the mail server" in found["msg"]
        assert "no login tried" in found["msg"]
        assert (box.logins, box.mails) == ([], [])
    finally:
        box.stop()


def test_a_server_without_starttls(asker: Asker) -> None:
    box = MailBox(asker.folder, asker.root.issue("localhost"), tls="none")
    try:
        assert "does not offer STARTTLS" in asker.ask(smtp_port=box.port)["msg"]
        assert box.mails == []
        assert asker.ask(smtp_port=box.port, tls="none")["changed"]
        assert len(box.mails) == 1
    finally:
        box.stop()


def test_a_server_that_is_down(asker: Asker) -> None:
    found = asker.ask(smtp_port=1)
    assert found["failed"]
    assert "could not be used: Connection refused" in found["msg"]
    first = asker.receipts
    # Another try notes nothing more, and the next one that gets through sends the same request.
    asker.ask(smtp_port=1)
    assert asker.receipts == first
    box = MailBox(asker.folder, asker.root.issue("localhost"))
    try:
        assert asker.ask(smtp_port=box.port)["changed"]
        assert email.message_from_bytes(box.mails[0][1])["Message-ID"] == first[0]["message_id"]
    finally:
        box.stop()


def test_an_answer_that_is_lost(asker: Asker) -> None:
    """The server took the mail and its answer never came: the same mail goes out again, known by its id."""
    box = MailBox(asker.folder, asker.root.issue("localhost"), drop=True)
    try:
        assert asker.ask(smtp_port=box.port)["failed"]
        box.drop = False
        assert asker.ask(smtp_port=box.port)["changed"]
        assert not asker.ask(smtp_port=box.port)["changed"]
        assert len({email.message_from_bytes(content)["Message-ID"] for _envelope, content in box.mails}) == 1
    finally:
        box.stop()


def test_a_refused_recipient(asker: Asker, box: MailBox) -> None:
    async def handle_RCPT(_server: Any, _session: Any, _envelope: Any, _address: str, _options: Any) -> str:
        return "550 no such user"

    box._controller.handler.handle_RCPT = handle_RCPT  # type: ignore[attr-defined]
    found = asker.ask(smtp_port=box.port)
    assert found["failed"]
    assert "refused the recipient (550 no such user)" in found["msg"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"to": None}, "to"),
        ({"addresses": []}, "at least one address"),
        ({"addresses": ["no address"]}, "addresses must be an e-mail address"),
        ({"to": "x@example.com\nBcc: y@example.com"}, "to must be an e-mail address"),
        ({"tls": "none", "username": "u", "password": PASSWORD}, "A login without TLS is refused"),
        ({"username": "u"}, "A login needs both"),
        ({"password": "short", "username": "u"}, "fewer than 12 characters"),
        ({"journal": "journal"}, "journal must be an absolute path outside"),
        ({"ca_path": "/nowhere/ca.pem"}, "There is no file of certificates"),
        ({"smtp_prt": 25}, "smtp_prt"),
    ],
)
def test_wrong_arguments(asker: Asker, more: dict[str, Any], said: str) -> None:
    found = asker.ask("-vvv", **{"smtp_port": 1, **more})
    assert found["failed"]
    assert said in found["msg"]
    assert asker.receipts == []
    assert PASSWORD not in asker.output


def test_a_job_whose_files_vanish(asker: Asker, box: MailBox) -> None:
    asker.environment["JOB_ID"] = "42"
    for word in ((), ("--check",)):
        found = asker.ask(*word, smtp_port=box.port)
        assert found["failed"]
        assert "JOB_ID is set" in found["msg"]
    assert box.mails == []
    assert asker.ask(smtp_port=box.port, ephemeral_project_ok=True)["changed"]


def test_a_receipt_of_a_newer_release(asker: Asker, box: MailBox) -> None:
    (asker.folder / "journal").mkdir()
    line = '{"v":2,"at":"2027-01-01T00:00:00Z","event":"requested"}\n'
    (asker.folder / "journal" / "certificate_notice.jsonl").write_text(line)
    found = asker.ask(smtp_port=box.port)
    assert "has version 2" in found["msg"]
    assert box.mails == []
