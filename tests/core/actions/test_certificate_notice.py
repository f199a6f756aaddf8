# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action certificate_notice in this process, against a mail server."""

from __future__ import annotations

import base64
import email
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests._mailbox import PASSWORD, MailBox
from tests.core._actions import Actions
from tests.tls import Pair, authority


@dataclass
class Asker:
    """The action with the usual arguments, in this process."""

    folder: Path
    root: Pair
    actions: Actions

    @property
    def receipts(self) -> list[dict[str, Any]]:
        path = self.folder / "journal" / "certificate_notice.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def ask(self, *, check_mode: bool = False, diff: bool = False, **more: Any) -> dict[str, Any]:
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
        return self.actions("certificate_notice", options, check_mode=check_mode, diff=diff)


@pytest.fixture
def asker(tmp_path: Path, actions: Actions) -> Asker:
    made = Asker(tmp_path, authority(), actions)
    (tmp_path / "ca.pem").write_text(made.root.pem)
    actions.secrets += [PASSWORD, base64.b64encode(PASSWORD.encode()).decode()]
    return made


@pytest.fixture
def box(asker: Asker) -> Iterator[MailBox]:
    made = MailBox(asker.folder, asker.root.issue("localhost"))
    yield made
    made.stop()


def test_certificate_notice_is_sent_once_and_again_for_another_list(asker: Asker, box: MailBox) -> None:
    asked = {"smtp_port": box.port}
    wished = asker.ask(check_mode=True, diff=True, **asked)
    assert wished["changed"]
    assert "security@example.com" in wished["diff"]["after"]
    assert (box.mails, asker.receipts) == ([], [])
    sent = asker.ask(diff=True, **asked)
    assert sent["changed"]
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
        for check_mode in (False, True):
            again = asker.ask(check_mode=check_mode, addresses=addresses, smtp_port=1)
            assert not again["changed"]
            assert again["accepted_at"] == sent["accepted_at"]
    assert len(box.mails) == 1
    assert (asker.folder / "journal" / "certificate_notice.jsonl").read_bytes() == before
    more = asker.ask(diff=True, addresses=["ops@example.com", "new@example.com"], **asked)
    assert more["changed"]
    assert "security@example.com" in more["diff"]["before"]
    assert "security@example.com" not in more["diff"]["after"]
    assert "takes the place of the one" in more["message"]
    assert len(box.mails) == 2
    assert asker.ask(to="other@example.com", addresses=["ops@example.com", "new@example.com"], **asked)["changed"]
    assert len(box.mails) == 3


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_certificate_notice_logs_in_over_tls_and_shows_no_password(asker: Asker, tls: str) -> None:
    box = MailBox(asker.folder, asker.root.issue("localhost"), tls=tls, login=True)
    try:
        login = {"username": "someone", "password": PASSWORD, "smtp_port": box.port, "tls": tls}
        wrong = asker.ask(diff=True, **{**login, "password": "another-canary-of-a-password"})
        assert wrong["failed"]
        assert "refused the login (535" in wrong["msg"]
        box.refuse = f"535 no: {PASSWORD} {base64.b64encode(PASSWORD.encode()).decode()}"
        spoken = asker.ask(diff=True, **login)
        assert spoken["failed"]
        assert "(not shown)" in spoken["msg"]
        box.refuse = ""
        asker.ask(check_mode=True, diff=True, **login)
        assert asker.ask(diff=True, **login)["changed"]
        assert not asker.ask(**login)["changed"]
        assert set(box.logins) == {"someone"}
        assert len(box.mails) == 1
    finally:
        box.stop()
    everywhere = ""
    for path in asker.folder.rglob("*"):
        if path.is_file():
            everywhere += path.read_text(errors="replace")
    for secret in (PASSWORD, "another-canary-of-a-password"):
        assert secret not in everywhere
        assert base64.b64encode(secret.encode()).decode() not in everywhere


def test_certificate_notice_verifies_the_mail_server(asker: Asker) -> None:
    box = MailBox(asker.folder, authority("Somebody else").issue("localhost"), login=True)
    try:
        found = asker.ask(smtp_port=box.port, username="someone", password=PASSWORD)
        assert found["failed"]
        assert "certificate of the mail server" in found["msg"]
        assert "no login tried" in found["msg"]
        assert (box.logins, box.mails) == ([], [])
    finally:
        box.stop()


def test_certificate_notice_refuses_a_server_without_starttls(asker: Asker) -> None:
    box = MailBox(asker.folder, asker.root.issue("localhost"), tls="none")
    try:
        assert "does not offer STARTTLS" in asker.ask(smtp_port=box.port)["msg"]
        assert box.mails == []
        assert asker.ask(smtp_port=box.port, tls="none")["changed"]
        assert len(box.mails) == 1
    finally:
        box.stop()


def test_certificate_notice_sends_the_same_request_after_a_server_was_down(asker: Asker) -> None:
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


def test_certificate_notice_sends_the_same_mail_after_a_lost_answer(asker: Asker) -> None:
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


def test_certificate_notice_reports_a_refused_recipient(asker: Asker, box: MailBox) -> None:
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
        ({"username": "u"}, "A login needs a username"),
        ({"password": "short", "username": "u"}, "fewer than 12 characters"),
        ({"journal": "journal"}, "journal must be an absolute path."),
        ({"ca_path": "/nowhere/ca.pem"}, "ca_path names no file of certificates"),
        ({"smtp_prt": 25}, "smtp_prt"),
    ],
)
def test_certificate_notice_refuses_wrong_arguments(asker: Asker, more: dict[str, Any], said: str) -> None:
    found = asker.ask(**{"smtp_port": 1, **more})
    assert found["failed"]
    assert said in found["msg"]
    assert asker.receipts == []


def test_certificate_notice_refuses_a_job_whose_files_vanish(
    asker: Asker, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOB_ID", "42")
    for check_mode in (False, True):
        found = asker.ask(check_mode=check_mode, smtp_port=box.port)
        assert found["failed"]
        assert "JOB_ID is set" in found["msg"]
    assert box.mails == []
    assert asker.ask(smtp_port=box.port, ephemeral_project_ok=True)["changed"]


def test_certificate_notice_refuses_a_receipt_of_a_newer_release(asker: Asker, box: MailBox) -> None:
    (asker.folder / "journal").mkdir()
    line = '{"v":2,"at":"2027-01-01T00:00:00Z","event":"requested"}\n'
    (asker.folder / "journal" / "certificate_notice.jsonl").write_text(line)
    found = asker.ask(smtp_port=box.port)
    assert "has version 2" in found["msg"]
    assert box.mails == []
