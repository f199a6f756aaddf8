# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action certificate_notice, run by ansible-playbook against a mail server: predicted, sent once, and no password shown."""

from __future__ import annotations

import base64
from pathlib import Path

from tests._mailbox import PASSWORD, MailBox
from tests._playbook import run_tasks
from tests.tls import authority

WRONG = "another-canary-of-a-password"


def test_certificate_notice_is_predicted_sent_once_and_shows_no_password(tmp_path: Path) -> None:
    root = authority()
    (tmp_path / "ca.pem").write_text(root.pem)
    box = MailBox(tmp_path, root.issue("localhost"), login=True)
    options = {
        "to": "vendor@example.com",
        "from": "integrations@example.com",
        "addresses": ["ops@example.com", "security@example.com"],
        **{"smtp_server": "localhost", "smtp_port": box.port, "timeout": 5},
        **{"username": "someone", "password": "{{ password }}"},
        "ca_path": str(tmp_path / "ca.pem"),
        "journal": str(tmp_path / "journal"),
        "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655",
        "servers": ["api.app.wdesk.com:443"],
    }
    task = {"integrations.workiva.certificate_notice": options}
    wrong = {"integrations.workiva.certificate_notice": {**options, "password": "{{ wrong }}"}}
    unknown = {"integrations.workiva.certificate_notice": {**options, "smtp_prt": 25}}
    (tmp_path / "given.yml").write_text(f"password: {PASSWORD}\nwrong: {WRONG}\n")
    try:
        (refused, unsupported, predicted, sent, again), played = run_tasks(
            [wrong, unknown, {**task, "check_mode": True}, task, task],
            *("-e", "@given.yml", "-vvvvv", "--diff"),
            folder=tmp_path,
        )
    finally:
        box.stop()
    assert "refused the login (535" in refused["msg"]
    assert "smtp_prt" in unsupported["msg"]
    assert predicted["message"] == sent["message"]
    assert [result["changed"] for result in (refused, unsupported, predicted, sent, again)] == [
        *(False, False, True, True, False)
    ]
    assert "+  security@example.com" in played.output
    assert len(box.mails) == 1
    (tmp_path / "given.yml").unlink()
    everywhere = played.output + "".join(
        path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()
    )
    for secret in (PASSWORD, WRONG):
        assert secret not in everywhere
        assert base64.b64encode(secret.encode()).decode() not in everywhere
