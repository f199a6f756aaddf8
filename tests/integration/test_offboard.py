# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An integration leaves: its access, its grant, its pair and its journal, in every mode of administration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration._job import Job, started

# A journey takes minutes: make test STAGES=journeys runs it.
pytestmark = pytest.mark.long

PAYROLL = "payroll-sync@example.com"
WHO = ("-e", "workiva_only=payroll-sync")


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    with started(tmp_path) as made:
        made.keep_only("payroll-sync", "data-lake")
        yield made


def output_of(job: Job) -> str:
    return " ".join(job.output.split())


def pairs(job: Job) -> str:
    return (job.project / "credentials.yml").read_text()


def test_offboard_removes_all_access_and_a_later_run_gives_none_back(job: Job) -> None:
    job.onboarded()
    others = {name: content for name, content in job.content().items() if "data-lake" in name}
    before = job.content()

    # Nobody named, or not declared absent: nothing happens.
    job.play("offboard", fails=True)
    assert "No integration is named" in output_of(job)
    job.play("offboard", *WHO, fails=True)
    assert (
        "Not marked state: absent: payroll-sync. Nothing was changed. Write state: absent into integrations.d/payroll-sync.yml"
        in output_of(job)
    )
    assert job.content() == before

    job.declare("payroll-sync", state="absent")
    job.play("verify", fails=True)
    assert "Findings: payroll-sync" in output_of(job)
    assert "marked absent and still works" in output_of(job)
    assert "remove from the workspace 'SEC Filing'" in output_of(job)

    assert job.play("offboard", *WHO, "--check")["changed"] > 0
    assert job.access(PAYROLL)
    job.play("offboard", *WHO)
    assert job.access(PAYROLL) == {}
    user = job.user(PAYROLL)
    assert user
    assert user["status"] == "suspended"
    assert "the history of documents still names it" in output_of(job)
    assert job.orders() == ["payroll-sync.main.2"]
    # A user without access is refused in any case: its pair is kept until the order had its chance.
    assert pairs(job).count("client_secret: !vault") == 3
    assert {name: content for name, content in job.content().items() if "data-lake" in name} == others

    job.people()
    assert not [grant for grant in job.state.all("grant") if "payroll-sync" in grant["client_name"]]
    job.take_in(playbook="onboard")
    assert pairs(job).count("client_secret: !vault") == 2
    assert "payroll-sync" not in pairs(job)
    assert job.orders() == []
    assert job.events("payroll-sync")[-2]["event"] == "left" or job.events("payroll-sync")[-1]["event"] == "left"
    before, sent = job.content(), len(job.requests())
    for playbook in (("onboard",), ("onboard", "--check"), ("offboard", *WHO), ("verify",)):
        assert job.play(*playbook)["changed"] == 0
    assert job.content() == before
    assert job.writes(sent) == []
    assert job.access(PAYROLL) == {}

    # With its file gone nothing of it is touched either.
    (job.project / "integrations.d/payroll-sync.yml").unlink()
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    assert job.content() == before
    assert job.writes(sent) == []


def test_without_a_word_the_order_stays_out(job: Job) -> None:
    """A refusal does not prove that a grant is deleted, where its user has no access any more."""
    job.keep_only("payroll-sync")
    job.onboarded()
    job.declare("payroll-sync", state="absent")
    job.play("offboard", *WHO)
    # The first run after the order sees the refusal, and the second one sees it again.
    job.play("onboard")
    assert job.events("payroll-sync")[-1]["event"] == "refused"
    assert "payroll-sync" in pairs(job)
    job.play("onboard")
    assert "payroll-sync" not in pairs(job)
    assert job.orders() == ["payroll-sync.main.2"]
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    assert job.content() == before
    job.people()
    job.play("handover", "-e", '{"workiva_done": ["payroll-sync.main.2"]}')
    assert job.orders() == []
    job.play("onboard")
    assert job.events("payroll-sync")[-1]["event"] == "left"
    assert job.play("onboard")["changed"] == 0


def test_a_word_against_what_is_seen_is_refused(job: Job) -> None:
    job.keep_only("payroll-sync")
    job.settings(administration="work_order", administrator=None)
    job.play("onboard")
    job.people()
    job.take_in()
    job.declare("payroll-sync", state="absent")
    job.play("offboard", *WHO)
    job.play("handover", "-e", '{"workiva_done": ["payroll-sync.main.2"]}', fails=True)
    assert "was confirmed as done, but the credentials of the grant are still accepted" in output_of(job)
    assert "payroll-sync.main.2" in job.orders()
    assert "payroll-sync" in pairs(job)


def test_a_user_is_deleted_by_two_words_only(job: Job) -> None:
    job.keep_only("payroll-sync")
    job.onboarded()
    job.declare("payroll-sync", state="absent", delete_user=True)
    job.play("onboard")
    assert job.user(PAYROLL)
    assert "The user of payroll-sync was kept: its deletion needs a second confirmation." in output_of(job)
    job.play("offboard", *WHO)
    assert job.user(PAYROLL)
    job.play("offboard", *WHO, "-e", "workiva_delete_user=data-lake", fails=True)
    assert job.user(PAYROLL)
    job.play("offboard", *WHO, "-e", "workiva_delete_user=payroll-sync")
    assert job.user(PAYROLL) is None
    assert "Author not found" in output_of(job)
    sent = len(job.requests())
    job.play("onboard")
    assert job.writes(sent) == []
    assert job.user(PAYROLL) is None


def test_a_user_of_several_organizations_stays_active_and_is_reported(job: Job) -> None:
    job.keep_only("payroll-sync")
    job.onboarded()
    user = job.user(PAYROLL)
    assert user
    job.state.put("user", {**user, "other_organizations": True})
    job.declare("payroll-sync", state="absent")
    job.play("offboard", *WHO)
    assert "is still active. According to Workiva's help pages a user of several organizations" in output_of(job)
    assert job.access(PAYROLL) == {}


@pytest.mark.parametrize("mode", ["none", "reader"])
def test_people_take_the_access_away(job: Job, mode: str) -> None:
    job.keep_only("payroll-sync")
    administrator = {
        "custodian": "workiva-admins@example.com",
        "username": "workiva-automation@example.com",
        "workspace": "SEC Filing",
        "scopes": ["organization:read"],
    }
    if mode == "none":
        job.settings(administration="work_order", administrator=None)
    else:
        job.settings(administration="work_order", administrator=administrator)
        job.play("onboard")
        job.people()
        job.take_in()
    job.play("onboard")
    job.people()
    job.take_in()
    job.play("onboard")
    assert job.orders() == []
    job.declare("payroll-sync", state="absent")
    job.play("verify", fails=True)
    assert "Findings: payroll-sync" in output_of(job)
    job.play("offboard", *WHO)
    last = "payroll-sync.user.2"
    assert job.orders() == ["payroll-sync.main.2", last]
    before = job.content()
    assert job.play("offboard", *WHO)["changed"] == 0
    assert job.play("onboard")["changed"] == 0
    assert job.content() == before
    job.people()
    assert job.access(PAYROLL) == {}
    job.take_in(playbook="onboard")
    job.play("onboard")
    assert job.orders() == []
    assert "payroll-sync" not in pairs(job) if (job.project / "credentials.yml").exists() else True
    assert [event["event"] for event in job.events("payroll-sync")].count("left") == 1
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    job.play("verify")
    assert job.content() == before
    assert job.writes() == []
