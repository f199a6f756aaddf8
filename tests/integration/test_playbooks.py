# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks from start to verify, as their user runs them, and a secret that is looked for everywhere."""

from __future__ import annotations

import json
import shutil

import pytest
import yaml

from tests.integration._job import FULL, GRANTS, Job


def test_the_whole_job(job: Job) -> None:
    """From nothing to nothing to do. Every secret is a canary: the runs that accept or read one print all that they can, and
    none may be in what is printed or left behind."""
    everything = ("-vvvvv", "--diff")
    assert job.play("onboard", "--check")["changed"] > 0
    assert not (job.project / "credentials.yml").exists()
    assert job.play("onboard")["changed"] > 0
    assert "administrator.organization.1" in job.output
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    assert job.content() == before

    job.people("--as", "wrong_scope")
    job.take_in()
    secrets, printed = list(job.secrets), [job.output]
    # The users are not made yet: nobody is asked to make grants for them.
    assert job.orders() == ["administrator.organization.2"]
    assert "Run onboard. It creates the user and writes the work order." in job.output
    job.play("onboard", fails=True)
    output = " ".join(job.output.split())
    assert "The administrator grant lacks the scope organization:write" in output
    assert "An Org Security Admin can add it, as the work order administrator.organization.2 describes" in output
    assert job.writes() == []

    job.people()
    job.play("onboard", *everything)
    printed.append(job.output)
    orders = sorted((job.project / "work-orders").glob("*.*.[0-9]*.html"))
    assert len(orders) == GRANTS - 1
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    assert job.content() == before

    job.people()
    job.take_in(*everything)
    secrets += job.secrets
    printed.append(job.output)
    assert not list((job.project / "work-orders").glob("*.*.[0-9]*.html"))
    credentials = (job.project / "credentials.yml").read_text()
    assert credentials.count("client_secret: !vault") == GRANTS

    before, sent, asked = job.content(), job.writes(), len(job.requests())
    assert job.play("onboard", *everything)["changed"] == 0
    printed.append(job.output)
    # One token request for each stored grant: the one that checks the administrator's is the one that the run then uses.
    assert sum(line["path"].endswith("/token") for line in job.requests()[asked:]) == GRANTS
    assert job.play("onboard", "--check")["changed"] == 0
    assert job.play("verify", *everything)["changed"] == 0
    printed.append(job.output)
    assert job.play("discover")["changed"] == 0
    assert job.content() == before
    assert job.writes() == sent
    assert len(secrets) == GRANTS
    assert_found_nowhere(job, secrets, printed)


def assert_found_nowhere(job: Job, secrets: list[str], printed: list[str]) -> None:
    """No secret, and no end of one, in what was printed and in what is left."""
    everywhere = "".join(printed).encode()
    for path in job.folder.rglob("*"):
        if path.is_file():
            everywhere += path.read_bytes()
    for secret in secrets:
        assert secret.encode() not in everywhere
        assert secret.split(":")[-1].encode() not in everywhere


@pytest.mark.long
def test_verify_distinguishes_rejected_from_unreachable(job: Job) -> None:
    job.onboarded()
    job.simulate("clock", "2027-07-15")
    job.play("verify", "-e", "workiva_today=2027-07-15", "-vvvvv", "--diff", *FULL, fails=True)
    assert_found_nowhere(job, job.secrets, [job.output])
    assert "grant filing: expired. The grant expired on 2027-06-30 (15 days ago)." in job.output
    assert "grant esg: stored, ok" in job.output
    job.simulate("clock", "now")
    job.simulate("fault", "503:count=400,path=*/token")
    before = job.content()
    job.play("verify", fails=True)
    assert "unreachable" in job.output
    assert "rejected" not in job.output
    assert job.content() == before


@pytest.mark.once
def test_a_mistyped_vault_password_stops_before_anything_is_written(job: Job) -> None:
    job.with_administrator()
    job.password.write_text("a mistyped password\n")
    before, sent = job.content(), job.requests()
    job.play("onboard", fails=True)
    output = " ".join(job.output.split())
    assert "The vault password for the vault id test is wrong" in output
    assert "Nothing was asked for or written." in output
    assert (job.content(), job.requests(), list((job.folder / "loader").iterdir())) == (before, sent, [])


@pytest.mark.once
def test_wrong_credentials_change_nothing_and_are_found_nowhere(job: Job) -> None:
    job.onboarded()
    before = (job.project / "credentials.yml").read_bytes()
    pair = {"integration": "payroll-sync", "grant": "main", "client_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12}
    wrong = yaml.safe_dump({"workiva_handed_over": [{**pair, "client_secret": "wk_secret:oa2c:" + "canary" * 4}]})
    kept = list(job.secrets)
    job.handed_over.write_text(wrong)
    job.take_in("-vvvvv", "--diff", fails=True)
    printed = [job.output]
    assert (job.project / "credentials.yml").read_bytes() == before

    # A survey's answer in the wrong field is not repeated.
    (secret,) = job.secrets
    swapped = {"workiva_survey_integration": secret, "workiva_survey_client_id": "main"}
    survey = job.folder / "survey.json"
    survey.write_text(json.dumps({**swapped, "workiva_survey_client_secret": "payroll-sync"}))
    job.play("handover", "-e", f"@{survey}", "-vvv", fails=True)
    printed.append(job.output)
    assert "The survey: there is no integration of this name. Declared: " in " ".join(job.output.split())
    assert (job.project / "credentials.yml").read_bytes() == before
    survey.unlink()

    # The journal and the credentials are lost, and every grant has expired.
    shutil.rmtree(job.project / "journal")
    (job.project / "credentials.yml").rename(job.folder / "kept.yml")
    job.simulate("clock", "2027-07-15")
    job.handed_over.unlink()
    job.handed_over.write_text(wrong)
    job.take_in("-vvvvv", "--diff", fails=True)
    printed.append(job.output)
    assert_found_nowhere(job, [*kept, secret], printed)
