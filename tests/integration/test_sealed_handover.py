# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that the page of a work order sealed, through the playbooks: the secret is in no output and in no file."""

from __future__ import annotations

import json
from typing import Any

import yaml

from tests._sealer import as_mail, seal, sealing_of
from tests.integration._job import Job


def sealed(job: Job, number: str) -> tuple[str, str]:
    """What the custodian of an order does: the sealed text of the page, and the secret in it."""
    job.people()
    (pair,) = yaml.safe_load(job.handed_over.read_text())["workiva_handed_over"]
    content = {name: str(pair[name]) for name in ("client_id", "client_secret")}
    page = (job.project / f"work-orders/{number}.html").read_text("utf-8")
    return seal(sealing_of(page), content), content["client_secret"]


def test_sealed_credentials_come_in_by_a_vars_file_and_by_a_survey(job: Job) -> None:
    job.keep_only("payroll-sync")
    job.settings(sealed_handover=True)
    printed: list[str] = []
    secrets: list[str] = []

    def play(playbook: str, variables: dict[str, Any] | None = None) -> None:
        given = job.folder / "given.json"
        given.write_text(json.dumps(variables or {}))
        job.play(playbook, "-e", f"@{given}", "-vvvvv", "--diff")
        printed.append(job.output)

    play("onboard")
    block, secret = sealed(job, "administrator.organization.1")
    secrets.append(secret)
    play("handover", {"workiva_sealed": as_mail(block)})
    assert job.orders() == []
    play("onboard")
    (number,) = job.orders()
    assert number in (job.project / "credentials.yml").read_text()
    block, secret = sealed(job, number)
    secrets.append(secret)
    play(
        "handover", {"workiva_survey_integration": "payroll-sync", "workiva_survey_sealed": f"workiva_sealed: {block}"}
    )
    assert job.orders() == []
    credentials = (job.project / "credentials.yml").read_text()
    assert credentials.count("client_secret: !vault") == 2
    assert "workiva_sealing_keys" not in credentials
    job.handed_over.unlink()
    for secret in secrets:
        assert not [text for text in printed if secret in text]
        assert not [path for path, content in job.content().items() if secret.encode() in content]
