# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and the notice in onboard and verify, from the project folder to the machines, against the simulator."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests._contract import judge
from tests.integration._job import BIN, FULL, Job
from tests.integration.test_certificate_notice import PASSWORD, MailBox
from tests.tls import authority

# A journey takes minutes: make test STAGES=journeys runs it.
pytestmark = pytest.mark.long


class Certified(Job):
    """A project that declares certificates for machines of its inventory."""

    def declares(self, certificates: dict[str, Any], **more: Any) -> None:
        path = self.project / "workiva.yml"
        document = yaml.safe_load(path.read_text())
        document["workiva"].update(certificates=certificates, **more)
        path.write_text(yaml.safe_dump(document, sort_keys=False))

    def inventory(self, **hosts: dict[str, Any]) -> None:
        local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        machines = {"localhost": local, **{name: {**local, **more} for name, more in hosts.items()}}
        groups = {"loaders": {"hosts": {name: {} for name in hosts}}}
        document = {"all": {"hosts": machines, "children": groups}}
        (self.project / "hosts.yml").write_text(yaml.safe_dump(document))

    @property
    def copy(self) -> Path:
        return self.folder / "loader" / "workiva.pem"

    @property
    def shown(self) -> bytes:
        return (self.folder / "simulator" / "server.pem").read_bytes()

    def change(self, *options: str) -> None:
        self.simulate("certificate", "change", *options)


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Certified]:
    made = Certified(tmp_path)
    yield made
    made.simulate("stop")
    judge(made.record)


def test_from_the_first_copy_to_the_change_over(job: Certified) -> None:
    # Certificates need no administrator grant: they are copied before anybody is asked for one.
    assert job.play("onboard", "--check")["changed"] > 0
    assert "would update copy api on localhost" in job.output
    assert not job.copy.exists()
    job.play("onboard", "--diff", *FULL)
    assert job.copy.read_bytes() == job.shown
    assert "Onboard: the administrator grant has no credentials yet" in job.output
    assert "copy api on localhost: ok, api.app.wdesk.com:443, valid until" in job.output
    assert "SHA-256 of the certificate" in job.output
    assert "BEGIN CERTIFICATE" not in job.output
    job.people()
    job.take_in()
    job.play("onboard")
    job.people()
    job.take_in()
    assert job.play("onboard")["changed"] == 0
    assert job.play("verify")["changed"] == 0
    assert "1 certificate copy: ok" in job.output

    # The notice has come.
    upcoming = json.loads(job.simulate("certificate", "announce"))["upcoming"]
    announced = Path(upcoming).read_bytes()
    (job.project / "announced.pem").write_bytes(announced)
    present = job.shown
    job.declares({"api": {"path": "../loader/workiva.pem", "upcoming": "announced.pem"}})
    job.play("verify", fails=True)
    assert "differs. Added: CN=api.app.wdesk.com" in job.output
    assert job.copy.read_bytes() == present
    assert job.play("onboard")["changed"] == 1
    assert job.copy.read_bytes() == present + announced
    assert "the announced certificate is in the copy until the server uses it" in job.output
    job.play("verify")
    job.change()
    assert job.shown == announced
    job.play("verify", fails=True)
    assert "api" in job.output.split("Findings: ")[1]
    job.play("verify", "-e", '{"workiva_certificate_fail_on": []}')
    assert job.play("onboard")["changed"] == 1
    assert job.copy.read_bytes() == announced
    assert "Remove upcoming from workiva.yml" in job.output
    assert job.play("onboard")["changed"] == 0
    assert job.play("verify")["changed"] == 0

    # What verify distinguishes.
    job.change()
    job.play("verify", fails=True)
    assert "changed. The server shows another certificate than the copy holds" in job.output
    job.copy.unlink()
    job.play("verify", fails=True)
    assert "missing. There is no copy yet" in job.output
    assert not job.copy.exists()
    job.simulate("certificate", "announce", "--days", "12")
    job.change()
    job.declares({"api": {"path": "../loader/workiva.pem"}})
    job.play("onboard")
    job.play("verify")
    assert "expiring. The server's certificate expires on" in job.output
    # A run that is narrowed to an integration leaves certificates alone.
    job.copy.unlink()
    job.play("onboard", "-e", '{"workiva_only": ["payroll-sync"]}')
    assert not job.copy.exists()


def test_one_that_cannot_be_reached_stops_nobody(job: Certified) -> None:
    gone = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}
    job.inventory(gone=gone, loader={})
    job.declares(
        {
            "far": {"path": str(job.folder / "loader/far.pem"), "hosts": "loaders", "ca_path": job.facts["ca_path"]},
            "elsewhere": {"server": "h.example.invalid", "path": "../loader/elsewhere.pem"},
            "api": {"path": "../loader/workiva.pem"},
        }
    )
    job.play("onboard", fails=True)
    assert "copy far on gone: unreachable" in job.output
    assert "The machine gone cannot be reached" in job.output
    assert "updated copy far on loader" in job.output
    assert "copy elsewhere on localhost: unreachable" in job.output
    assert "updated copy api on localhost" in job.output
    assert "2 problems, 2 changes" in job.output
    assert "Certificates: elsewhere, far" in job.output.replace("far, elsewhere", "elsewhere, far")
    # The administrator grant was asked for all the same.
    assert list((job.project / "work-orders").glob("*.*.[0-9]*.html"))
    assert sorted(path.name for path in job.copy.parent.glob("*.pem")) == ["far.pem", "workiva.pem"]


def test_wrong_declarations_are_reported_with_their_place(job: Certified) -> None:
    job.declares({"api": {"path": "x.pem", "hosts": "loaderz"}, "other": {"content": "all"}})
    job.play("onboard", fails=True)
    for said in (
        "the inventory has no group or host of this name",
        "workiva.certificates.other needs path",
        "must be leaf, chain or issuers",
    ):
        assert said in job.output
    assert job.requests() == []


def test_the_notice(job: Certified) -> None:
    trusted = authority()
    (job.project / "mail-ca.pem").write_text(trusted.pem)
    box = MailBox(job.folder, trusted.issue("localhost"), login=True)
    secret = job.folder / "smtp.yml"
    secret.write_text(yaml.safe_dump({"smtp_password": PASSWORD}))
    subprocess.run(
        [str(BIN / "ansible-vault"), "encrypt", "--vault-id", f"test@{job.password}", str(secret)],
        check=True,
        capture_output=True,
    )
    notice = {
        **{"to": "vendor@example.com", "from": "integrations@example.com", "addresses": ["ops@example.com"]},
        **{"smtp_server": "localhost", "smtp_port": box.port, "ca_path": "mail-ca.pem"},
        **{"username": "someone", "password_variable": "smtp_password"},
    }
    outputs = []
    try:
        job.declares({"api": {"path": "../loader/workiva.pem"}}, certificate_notice=notice)
        # Without the password everything else is done.
        job.play("onboard", fails=True)
        assert "request for notices: failed. A login needs a username and a password" in job.output
        assert job.copy.exists()
        options = ("-e", f"@{secret}", "-vvvvv", "--diff")
        job.play("onboard", "--check", *options)
        outputs.append(job.output)
        assert "would ask vendor@example.com for notices of certificate changes to ops@example.com" in job.output
        assert box.mails == []
        job.play("onboard", *options)
        outputs.append(job.output)
        assert len(box.mails) == 1
        assert b"api.app.wdesk.com:443" in box.mails[0][1]
        before = job.content()
        assert job.play("onboard", *options, *FULL)["changed"] == 0
        outputs.append(job.output)
        assert "notices to ops@example.com: requested from vendor@example.com on" in job.output
        assert (len(box.mails), job.content()) == (1, before)
        job.declares({}, certificate_notice={**notice, "addresses": ["ops@example.com", "more@example.com"]})
        job.play("onboard", *options)
        outputs.append(job.output)
        assert len(box.mails) == 2
    finally:
        box.stop()
    everywhere = "".join(outputs).encode()
    for path in job.folder.rglob("*"):
        if path.is_file():
            everywhere += path.read_bytes()
    assert PASSWORD.encode() not in everywhere
