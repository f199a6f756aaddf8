# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users without a grant that may change them, with one that may only read, and what the preflight asks before all else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration._job import FULL, Job, started

# A journey takes minutes: make test STAGES=journeys runs it.
pytestmark = pytest.mark.long

PAYROLL = "payroll-sync@example.com"
READER: dict[str, Any] = {
    "owner": "workiva-admins@example.com",
    "custodian": "workiva-admins@example.com",
    "username": "workiva-automation@example.com",
    "workspace": "SEC Filing",
    "scopes": ["organization:read"],
}
CANARY = "wk_secret:oa2c:" + "canary" * 4


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    with started(tmp_path) as made:
        made.keep_only("payroll-sync", "data-lake")
        yield made


def output_of(job: Job) -> str:
    return " ".join(job.output.split())


def test_users_become_work_orders(job: Job) -> None:
    """administration: work_order, from nothing to verified credentials, in check mode and twice."""
    job.settings(administration="work_order", administrator=None)
    before = job.content()
    assert job.play("onboard", "--check")["changed"] > 0
    assert job.content() == before
    job.play("onboard")
    assert job.orders() == ["data-lake.main.1", "data-lake.user.1", "payroll-sync.main.1", "payroll-sync.user.1"]
    page = (job.project / "work-orders/payroll-sync.user.1.md").read_text()
    for words in ("an Org User Admin", "an Org Workspace Admin", "Professional", "Data loaders", "not published"):
        assert words in page
    assert "workiva_done" in page
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    assert job.content() == before
    assert job.writes() == []

    job.people()
    assert job.access(PAYROLL) == {"SEC Filing": (["Professional"], ["Data loaders"])}
    assert yaml.safe_load(job.handed_over.read_text())["workiva_done"] == ["data-lake.user.1", "payroll-sync.user.1"]
    job.take_in()
    assert job.orders() == []
    assert {"event": "attested", "grant": "user", "order": "payroll-sync.user.1"}.items() <= next(
        event for event in job.events("payroll-sync") if event["event"] == "attested"
    ).items()
    before, sent = job.content(), len(job.requests())
    assert job.play("onboard")["changed"] == 0
    assert job.play("onboard", "--check")["changed"] == 0
    assert job.play("verify", *FULL)["changed"] == 0
    assert f"{PAYROLL}: status unknown (its credentials work)" in job.output
    assert job.content() == before
    assert job.writes(sent) == []


def test_a_changed_declaration_orders_what_differs(job: Job) -> None:
    job.settings(administration="work_order", administrator=None)
    job.keep_only("payroll-sync")
    job.play("onboard")
    job.people()
    job.take_in()
    path = job.project / "integrations.d/payroll-sync.yml"
    path.write_text(path.read_text().replace("roles: [Professional]", "roles: [Viewer]"))
    job.play("onboard")
    assert job.orders() == ["payroll-sync.user.2"]
    page = (job.project / "work-orders/payroll-sync.user.2.md").read_text()
    assert "Roles to give: `Viewer`" in page
    assert "Roles to remove: `Professional`" in page
    assert "Data loaders" not in page
    # Another change before anybody did it: that order is withdrawn, and one with another number asks for the rest.
    path.write_text(path.read_text().replace("roles: [Viewer]", "roles: [Viewer, Editor]"))
    job.play("onboard")
    assert job.orders() == ["payroll-sync.user.3"]
    job.people()
    job.take_in()
    assert sorted(job.access(PAYROLL)["SEC Filing"][0]) == ["Editor", "Viewer"]
    assert job.play("onboard")["changed"] == 0
    assert job.orders() == []


def test_user_that_only_a_token_shows_is_checked(job: Job) -> None:
    """A project that had an administrator grant, and has none any more: nobody has attested the access of its users."""
    job.keep_only("payroll-sync")
    job.onboarded()
    job.settings(administration="work_order", administrator=None)
    job.play("onboard")
    assert job.orders() == ["payroll-sync.user.1"]
    assert (
        "Change the access of an integration user" in (job.project / "work-orders/payroll-sync.user.1.md").read_text()
    )
    job.people()
    job.take_in()
    assert job.orders() == []
    assert job.play("onboard")["changed"] == 0
    # And back: what people attested is observed again, and nothing is written.
    job.settings(administration=None, administrator={**READER, "scopes": ["organization:read", "organization:write"]})
    sent = len(job.requests())
    assert job.play("onboard")["changed"] == 0
    assert job.writes(sent) == []


def test_a_grant_that_may_only_read_plans_and_people_do(job: Job) -> None:
    job.settings(administrator=None, reader=READER)
    job.play("onboard")
    assert job.orders() == ["administrator.reader.1"]
    job.people()
    job.take_in(playbook="onboard")
    assert "payroll-sync.user.1" in job.orders()
    page = (job.project / "work-orders/payroll-sync.user.1.md").read_text()
    assert "workiva_done" not in page
    assert "You do not have to report back" in page
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    assert job.content() == before

    # Half of it: what is missing still is ordered anew.
    job.people("--order", "payroll-sync.user.1")
    job.play("onboard")
    assert "payroll-sync.user.1" not in job.orders()
    assert {event["order"] for event in job.events("payroll-sync") if event["event"] == "observed"} == {
        "payroll-sync.user.1"
    }
    job.people()
    job.take_in()
    assert job.play("onboard", "--check")["changed"] > 0
    job.play("onboard")
    assert job.orders() == []
    assert job.writes() == []
    before = job.content()
    assert job.play("onboard")["changed"] == 0
    assert job.play("verify", *FULL)["changed"] == 0
    assert f"{PAYROLL}: active" in job.output
    job.play("discover")
    assert "Data loaders" in job.output
    assert job.content() == before
    assert job.writes() == []


def test_verify_and_discover_read_with_the_reader_and_onboard_writes_with_the_writer(job: Job) -> None:
    job.settings(reader={**READER, "username": "olivia.admin@example.com"})
    job.play("onboard")
    assert job.orders() == ["administrator.organization.1", "administrator.reader.1"]
    job.people()
    job.take_in()
    job.play("onboard")
    job.people()
    job.take_in()
    assert job.access(PAYROLL) == {"SEC Filing": (["Professional"], ["Data loaders"])}
    # The simulator's list of activities says who did it; whom the reads were for, its user's last token would.
    state = job.state
    automation, olivia = job.user("workiva-automation@example.com"), job.user("olivia.admin@example.com")
    assert automation
    assert olivia
    created = [entry["performer"] for entry in state.all("activity") if entry["alias"] == "user_create"]
    assert set(created) == {automation["id"]}
    # Without powers of its user the writer cannot even look; verify and discover do not need it.
    state.put("user", {**automation, "roles": []})
    assert job.play("verify")["changed"] == 0
    assert job.play("discover")["changed"] == 0
    job.play("onboard", fails=True)
    assert "403" in job.output


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"administration": "work_order"}, "workiva.administrator needs no organization:write"),
        ({"reader": {**READER, "scopes": ["organization:write"]}}, "the reader only reads"),
        ({"administration": "people"}, "must be api or work_order"),
    ],
)
def test_modes_that_contradict_themselves_are_refused(job: Job, changes: dict[str, Any], problem: str) -> None:
    job.settings(**changes)
    job.play("onboard", fails=True)
    assert problem in output_of(job)
    assert job.requests() == []


def test_excess_scope_is_reported_and_a_missing_one_stops(job: Job) -> None:
    """Which scopes are needed follows from what is declared and the mode, not from the entry of the grant."""
    job.settings(administrator={**READER, "scopes": ["organization:read", "organization:write", "file:read"]})
    job.play("onboard")
    job.people()
    job.take_in()
    job.settings(administrator={**READER, "scopes": ["organization:read", "organization:write"]})
    job.play("onboard")
    assert "The grant has file:read, which is not declared" in output_of(job)
    assert "administrator.organization.2" in job.orders()
    assert job.user(PAYROLL)
    job.play("verify", fails=True)
    assert "Findings: administrator" in output_of(job)

    # Nothing is declared that must be written: no scope is missing.
    grant = job.state.all("grant")[0]
    job.state.put("grant", {**grant, "scopes": ["organization:read"]})
    sent = len(job.requests())
    job.play("onboard", fails=True)
    assert "lacks the scope organization:write" in output_of(job)
    assert "An Org Security Admin can add it, as the work order administrator.organization." in output_of(job)
    assert job.writes(sent) == []
    job.keep_only()
    job.play("onboard")


def test_a_403_names_the_role_and_whom_to_ask(job: Job) -> None:
    automation = job.user("workiva-automation@example.com")
    assert automation
    roles = {role["name"]: role["id"] for role in job.state.all("org_role")}
    job.state.put("user", {**automation, "roles": [roles["Org Workspace Admin"]]})
    job.play("onboard")
    job.people()
    job.take_in()
    job.play("onboard", fails=True)
    assert "Org User Admin (an Org User Admin can assign it)" in output_of(job)
    assert "the scope organization:write (an Org Security Admin can add it)" in output_of(job)
    assert job.user(PAYROLL) is None


def test_verify_checks_credentials_without_an_administrator_grant(job: Job) -> None:
    job.onboarded()
    # The administrator's entry is lost, as if it had never been stored.
    text = (job.project / "credentials.yml").read_text()
    before, _entry, rest = re.split(r"(?m)^(  administrator:\n(?:    .*\n)*)", text)
    (job.project / "credentials.yml").write_text(before + rest)
    kept = job.content()
    job.play("verify", *FULL, fails=True)
    assert "grant main: stored, ok" in output_of(job)
    assert "Users and access could not be read." in output_of(job)
    assert "rejected" not in job.output
    assert job.content() == kept
    # Refused is another thing, and the pairs are still tried.
    (job.project / "credentials.yml").write_text(text)
    for grant in job.state.all("grant"):
        if "administrator" in grant["client_name"]:
            job.state.remove("grant", grant["id"])
    job.play("verify", *FULL, fails=True)
    assert "grant main: stored, ok" in output_of(job)
    assert "grant organization: rejected. The token request" in output_of(job)
    assert "The administrator grant has a problem, which is reported with it." in output_of(job)


def test_shared_cause_is_reported_once(job: Job) -> None:
    job.settings(administration="work_order", administrator=None)
    job.play("onboard")
    job.people()
    job.take_in()
    job.simulate("fault", "503:count=400,path=*/token")
    job.settings(retries=0)
    sent = len(job.requests())
    job.play("verify", fails=True)
    assert "No grant could be checked" in output_of(job)
    assert "rejected" not in job.output
    assert job.output.count("was answered with 503") == 1
    assert len([line for line in job.requests()[sent:] if line["path"].endswith("token")]) == 1
    # A certificate that nobody trusts is such a cause too.
    job.simulate("fault", "none")
    job.settings(ca_path=None)
    job.play("verify", fails=True)
    assert "certificate" in job.output


def test_secret_given_in_place_of_an_order_number_is_not_shown(job: Job) -> None:
    """The canary of the attestations: at -vvvvv with --diff, in all that is printed and left behind."""
    job.settings(administration="work_order", administrator=None)
    outputs = []
    job.play("onboard", "-vvvvv", "--diff")
    outputs.append(job.output)
    job.people()
    job.take_in("-vvvvv", "--diff")
    outputs.append(job.output)
    secrets = job.secrets
    mistaken = job.folder / "mistaken.yml"
    for value in (CANARY, [CANARY], {"secret": CANARY}, ["payroll-sync.user.1", CANARY]):
        mistaken.write_text(yaml.safe_dump({"workiva_done": value}))
        for playbook in ("handover", "onboard"):
            job.play(playbook, "-vvvvv", "--diff", "-e", f"@{mistaken}", fails=True)
            outputs.append(job.output)
            assert "workiva_done" in job.output.split("have 1 problem")[-1]
    mistaken.unlink()
    everywhere = "".join(outputs).encode()
    for path in job.folder.rglob("*"):
        if path.is_file():
            everywhere += path.read_bytes()
    assert len(secrets) == 2
    for secret in [*secrets, CANARY]:
        assert secret.split(":")[-1].encode() not in everywhere
