# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stored credentials reach the systems that use them: recorded, and without a leak, whatever a target does."""

from __future__ import annotations

import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests._deliveries import IDS, NAME, SECRETS, Deliveries
from tests._playbook import ANSIBLE_PLAYBOOK, environment_in, kill_run
from tests.integration._job import Job


@pytest.fixture
def project(tmp_path: Path) -> Deliveries:
    return Deliveries(tmp_path)


SHOW = """\
---
- name: Read the file
  ansible.builtin.command: {argv: [cat, "{{ workiva_vars.path }}"]}
  register: deliver_shown
  changed_when: false
"""
FAILING = """\
---
- name: Print the secret
  ansible.builtin.debug: {msg: "{{ workiva_client_secret }}"}
- name: Write it with a diff
  ansible.builtin.copy:
    content: "{{ workiva_client_secret }} {{ workiva_client_id }} {{ workiva_scopes | join(' ') }}"
    dest: "{{ workiva_vars.path }}"
    mode: "0600"
- name: Fail with the secret in the arguments and the output
  ansible.builtin.command:
    argv: [sh, -c, "echo {{ workiva_client_secret }}; echo refused {{ workiva_client_secret }} >&2; exit 3"]
  changed_when: true
"""
LOST = """\
---
- name: Write the file
  ansible.builtin.copy: {content: "{{ workiva_client_secret }}", dest: "{{ workiva_vars.path }}", mode: "0600"}
- name: Lose the connection
  ansible.builtin.copy: {content: "", dest: "{{ workiva_vars.gone }}", mode: "0600"}
- name: Restart the application
  ansible.builtin.ping:
- name: Find the connection again
  ansible.builtin.file: {path: "{{ workiva_vars.gone }}", state: absent}
  delegate_to: localhost
"""
ROLE = {
    "tasks/main.yml": """\
---
- name: Write the file
  ansible.builtin.copy:
    content: "{{ workiva_client_secret }}"
    dest: "{{ workiva_vars.path }}"
    mode: "0600"
  notify: Restart the application
""",
    "handlers/main.yml": """\
---
- name: Restart the application
  ansible.builtin.copy:
    content: "{{ workiva_client_secret }} {{ workiva_client_id }} restarted on {{ ansible_delegated_vars | default({}) | list | first | default('none') }}"
    dest: "{{ workiva_vars.path }}.restarted"
    mode: "0600"
""",
}


def test_credentials_are_delivered_and_recorded(project: Deliveries) -> None:
    apps = {"name": "apps", "tasks": "file", "hosts": "app", "vars": {"path": str(project.home / "apps.env")}}
    project.declare(project.to_file(), apps)
    before = project.content()
    assert project.play("--check").count("changed") > 0
    assert "would deliver credentials 1 of the grant main to app on app01" not in before
    assert "would deliver credentials 1 of the grant main to apps on app01" in project.output
    assert project.content() == before
    assert not project.file.exists()
    project.play("-vvvvv", "--diff")
    deliveries = [("app", "localhost"), ("apps", "app01"), ("apps", "app02")]
    assert project.delivered() == [(target, host, 1, "read_back") for target, host in deliveries]
    assert "delivered credentials 1 of the grant main to app\n" in project.output
    assert stat.S_IMODE(project.file.stat().st_mode) == 0o600
    lines = project.file.read_text().splitlines()
    assert f"WORKIVA_CLIENT_ID={IDS[1]}" in lines
    assert f"WORKIVA_CLIENT_SECRET={SECRETS[1]}" in lines
    assert "WORKIVA_TOKEN_ENDPOINT=https://api.app.wdesk.com/iam/v1/oauth2/token" in lines
    # What is delivered again is the same, and nothing new is known of it.
    written = project.content()
    assert project.play().count("changed") == 0
    assert project.content() == written


def test_failed_target_stops_no_other_and_leaks_nothing(project: Deliveries) -> None:
    path, gone = {"path": str(project.home / "failed")}, project.home / "unsteady"
    project.declare(
        {"name": "failing", "tasks": "deliver/failing.yml", "vars": path},
        {"name": "damaged", "tasks": "deliver/damaged.yml"},
        {"name": "unreachable", "tasks": "file", "hosts": "gone", "vars": path},
        {"name": "lost", "tasks": "deliver/lost.yml", "hosts": "unsteady", "vars": {**path, "gone": str(gone)}},
        {"name": "incomplete", "tasks": "file"},
        {"name": "no-role", "role": "there_is_no_such_role"},
        project.to_file(),
        **{"failing.yml": FAILING, "damaged.yml": "---\n- ansible.builtin.command: [a]\n", "lost.yml": LOST},
    )
    project.play("-vvvvv", "--diff", fails=True)
    assert project.delivered() == [("app", "localhost", 1, "read_back")]
    for words in (
        "target failing: not_delivered. Fail with the secret in the arguments and the output: ",
        "target damaged: not_delivered. ",
        "target unreachable on gone: not_delivered. ",
        "target lost on unsteady: not_delivered. The role or the file of tasks could not be loaded, or the connection to a host was lost.",
        "target incomplete: not_delivered. ",
        "missing required arguments: path",
        "target no-role: not_delivered. The role or the file of tasks could not be loaded, ",
    ):
        assert words in project.output
    failed = ", ".join(
        f"{NAME}.{name}" for name in ("damaged", "failing", "incomplete", "lost", "no-role", "unreachable")
    )
    assert f"Failed: {failed}." in project.output
    # The task that did not run is not passed over, although the host is there again after it.
    assert gone.exists()


LOOKS = """\
---
- name: List the files with arguments of modules
  ansible.builtin.shell: find "$HOME" -name 'AnsiballZ_*' > "{{ workiva_vars.path }}"
  changed_when: true
"""
# It is nested too deep to be looked through, so that the delivery cannot be recorded.
LARGE = """\
---
- name: Return too much
  ansible.builtin.set_fact:
    deliver_read_back: "{{ ('[' * 60 ~ ']' * 60) | from_json }}"
"""


def test_arguments_of_the_tasks_are_in_no_file(project: Deliveries) -> None:
    found = project.home / "found"
    project.declare({"name": "app", "tasks": "deliver/looks.yml", "vars": {"path": str(found)}}, **{"looks.yml": LOOKS})
    project.play()
    assert found.read_text() == ""


@pytest.mark.long
def test_delivery_that_cannot_be_recorded_stops_no_other(project: Deliveries) -> None:
    project.declare(
        project.to_file(name="first", vars={"path": str(project.home / "first")}),
        {"name": "large", "tasks": "deliver/large.yml"},
        project.to_file(),
        **{"large.yml": LARGE},
    )
    project.play(fails=True)
    assert [target for target, *_rest in project.delivered()] == ["first", "app"]
    assert "target large: not_delivered. Record the delivery: " in project.output
    assert "delivered credentials 1 of the grant main to first\n" in project.output


@pytest.mark.long
def test_role_of_the_user_and_its_handlers_run_on_the_target_before_the_check(project: Deliveries) -> None:
    for name, text in ROLE.items():
        path = project.folder / "roles/acme" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    restarted = f"{project.file}.restarted"
    check = {"command": ["cat", restarted], "shows": "client_id"}
    project.declare(
        {"name": "app", "role": "acme", "hosts": "app", "vars": {"path": str(project.file)}, "check": check}
    )
    project.play("-vvvvv", "--diff", ANSIBLE_ROLES_PATH=str(project.folder / "roles"))
    assert project.delivered() == [("app", "app01", 1, "shown"), ("app", "app02", 1, "shown")]


@pytest.mark.long
def test_check_must_show_the_client_id_in_use(project: Deliveries) -> None:
    command = {"command": ["cat", str(project.file)], "shows": "client_id"}
    project.declare(project.to_file(check=command))
    project.play()
    project.store()
    stale = {"command": ["echo", f"client {IDS[1]}"], "shows": "client_id"}
    project.declare(
        project.to_file(check=command),
        project.to_file(name="by-tasks", check={"tasks": "deliver/show.yml", "shows": "client_id"}),
        project.to_file(name="stale", check=stale),
        {"name": "claims", "tasks": "deliver/quiet.yml", "check": {"command": ["true"]}},
        **{"show.yml": SHOW, "quiet.yml": "---\n- name: Nothing\n  ansible.builtin.debug: {msg: nothing}\n"},
    )
    project.play(fails=True)
    assert project.delivered() == [
        ("app", "localhost", 1, "shown"),
        ("app", "localhost", 2, "shown"),
        ("by-tasks", "localhost", 2, "shown"),
        ("claims", "localhost", 2, "claimed"),
    ]
    words = f"target stale: behind. The check shows the client ID {IDS[1]}, another one of this grant than {IDS[2]}."
    assert words in project.output


def test_extra_variables_that_would_be_delivered_are_refused(project: Deliveries) -> None:
    project.declare(project.to_file())
    project.play("-e", f"workiva_client_id={IDS[8]}", fails=True)
    assert "The extra variables workiva_client_id would take the place of the credentials to deliver." in project.output
    assert not project.file.exists()


WAITS = """\
---
- name: Begin
  ansible.builtin.copy: {content: "", dest: "{{ workiva_vars.begun }}", mode: "0600"}
- name: Wait
  ansible.builtin.wait_for: {path: "{{ workiva_vars.goes_on }}", timeout: 300}
- name: Write the file
  ansible.builtin.copy: {content: "{{ workiva_client_secret }}", dest: "{{ workiva_vars.path }}", mode: "0600"}
"""


def test_handover_delivers_what_it_accepted_and_onboard_what_is_due(job: Job) -> None:
    path = job.folder / "app.env"
    job.keep_only("payroll-sync", "ledger-load")
    job.with_administrator()
    job.declare(NAME, deliver=[{"name": "app", "tasks": "file", "vars": {"path": str(path)}}])
    job.play("onboard")
    assert not path.exists()
    job.people()
    job.take_in()
    assert any(f"WORKIVA_CLIENT_SECRET={secret}\n" in path.read_text() for secret in job.secrets)
    assert not [secret for secret in job.secrets if secret in job.output]
    # Once, and in one line.
    assert job.output.count("New credentials without a declared target: ledger-load.") == 1
    delivered = [event for event in job.events(NAME) if event["event"] == "delivered"]
    assert [event["how"] for event in delivered] == ["read_back"]
    job.play("onboard")
    written = job.content()
    path.unlink()
    # The journal decides, and neither the target nor a module.
    assert job.play("onboard")["changed"] == 0
    assert not path.exists()
    assert "declared target" not in job.output
    job.play("verify")
    assert job.content() == written


@pytest.mark.long
def test_target_that_is_declared_later_is_due_and_a_killed_run_goes_on_where_it_was(job: Job) -> None:
    path = job.folder / "app.env"
    job.onboarded()
    job.declare(NAME, deliver=[{"name": "new", "tasks": "file", "vars": {"path": str(path)}}])
    job.play("verify", fails=True)
    assert "target new: not_delivered. " in job.output
    job.play("onboard")
    assert path.exists()
    kill_during_the_second_target(job)
    delivered = [event["target"] for event in job.events(NAME) if event["event"] == "delivered"]
    assert delivered == ["new", "first"]
    (job.folder / "first").unlink()
    job.play("onboard")
    assert [(job.folder / name).exists() for name in ("first", "second", "third")] == [False, True, True]
    delivered = [event["target"] for event in job.events(NAME) if event["event"] == "delivered"]
    assert delivered == ["new", "first", "second", "third"]


def kill_during_the_second_target(job: Job) -> None:
    """Kills onboard, and all processes of it, while the tasks of the second of three targets run."""
    begun, goes_on = job.folder / "begun", job.folder / "goes-on"
    files = [{"name": name, "vars": {"path": str(job.folder / name)}} for name in ("first", "second", "third")]
    waits = {"tasks": "deliver/waits.yml", "vars": {**files[1]["vars"], "begun": str(begun), "goes_on": str(goes_on)}}
    (job.project / "deliver").mkdir()
    (job.project / "deliver/waits.yml").write_text(WAITS)
    job.declare(NAME, deliver=[{"tasks": "file", **files[0]}, {**files[1], **waits}, {"tasks": "file", **files[2]}])
    run = subprocess.Popen(
        [ANSIBLE_PLAYBOOK, "integrations.workiva.onboard", "--vault-id", f"test@{job.password}"],
        cwd=job.project,
        env=environment_in(job.project, job.folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not begun.exists():
        assert run.poll() is None, "the run ended before its second target"
        time.sleep(0.1)
    assert kill_run(run, job.folder, signal.SIGKILL) == -signal.SIGKILL
    goes_on.touch()
