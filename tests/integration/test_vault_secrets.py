# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action vault_secrets, run by ansible-playbook, and what it wrote read back by Ansible's own commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests._playbook import run_tasks

CANARY = "cAnArY-vAuLt-77-üß"
SECOND = "sEcOnD-cAnArY-88-x"
SHORT = "ShOrTcAn"
ENTRY = ["workiva_credentials", "payroll-sync", "filing"]
SECRET = ".".join([*ENTRY, "client_secret"])
PROD = ("--vault-id", "prod@prod.txt")
DEV = ("--vault-id", "dev@dev.txt")

WRITTEN = """\
# The credentials of the finance team.\r
workiva_credentials:\r
    "loader":   # by hand\r
        filing: &keep\r
            client_id: 'abc'  #\tby hand\r
            note: |\r
                Größe ✓\r
                # not a comment\r
\r
    # payroll follows\r
other: *keep"""


class Project:
    """A folder with two vault passwords and secrets in an extra vars file, as a survey would give them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "credentials.yml"
        (folder / "prod.txt").write_text("prod password\n")
        (folder / "dev.txt").write_text("dev password\n")
        given = {"canary": CANARY, "second": SECOND, "short": SHORT}
        (folder / "given.yml").write_text(json.dumps(given), encoding="utf-8")
        self.environment = {
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_LOG_PATH": str(folder / "ansible.log"),
        }

    def command(self, name: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).parent / name), *options],
            cwd=self.folder,
            env={**os.environ, "ANSIBLE_NOCOLOR": "1", "HOME": str(self.folder), **self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def tasks(self, *tasks: dict[str, Any], options: tuple[str, ...] = PROD, **play: Any) -> list[dict[str, Any]]:
        """Runs tasks in one play; returns the result of each as the next task sees it, and keeps all that was printed.

        A task has the arguments of the action, and C(check_mode) and C(diff) of the task.
        """
        how = ("check_mode", "diff")
        written = [
            {
                "integrations.workiva.vault_secrets": {
                    "path": str(self.file),
                    **{name: value for name, value in task.items() if name not in how},
                },
                **{name: value for name, value in task.items() if name in how},
            }
            for task in tasks
        ]
        results, played = run_tasks(
            written, "-e", "@given.yml", *options, folder=self.folder, play=play, environment=self.environment
        )
        self.output = played.output
        return results

    def run(self, *options: str, **arguments: Any) -> dict[str, Any]:
        """Runs one task."""
        (result,) = self.tasks(arguments, options=options or PROD)
        return result

    def shown(self) -> str:
        """All that anybody could read afterwards, but for what was given."""
        log = self.folder / "ansible.log"
        return (
            self.output
            + (log.read_text(encoding="utf-8") if log.exists() else "")
            + (self.folder / "results.json").read_text()
        )

    def loaded(self, expression: str, *vaults: str) -> str:
        """What a template says that Ansible itself loads from the file; its masking is detected by comparing inside."""
        done = self.command(
            "ansible", "localhost", "-m", "debug", "-a", f"msg={{{{ {expression} }}}}", "-e", f"@{self.file}", *vaults
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def pair(value: str = "{{ canary }}", **more: Any) -> dict[str, Any]:
    return {
        "values": [
            {"path": [*ENTRY, "client_id"], "value": "id-1"},
            {"path": [*ENTRY, "expires"], "value": "2027-06-30"},
        ],
        "secrets": [{"path": [*ENTRY, "client_secret"], "value": value, **more}],
    }


def test_vault_secrets_predicts_writes_repeats_and_removes(project: Project) -> None:
    names = [".".join([*ENTRY, name]) for name in ("client_id", "expires", "client_secret")]
    predicted, created, again, checked = project.tasks(
        {**pair(), "check_mode": True, "diff": True},
        {**pair(), "diff": True},
        pair(),
        {**pair(), "check_mode": True},
    )
    assert (predicted["changed"], predicted["added"]) == (True, [*names, "workiva_vault_check.prod"])
    assert created == predicted
    assert project.output.count(f"+{SECRET}: stored (added)") == 2
    assert (again["changed"], again["unchanged"]) == (False, names)
    assert checked["changed"] is False

    before = project.file.read_bytes()
    absent: dict[str, Any] = {"secrets": [{"path": ENTRY[:2], "state": "absent"}]}
    changed, foreseen, removed, gone = project.tasks(
        {**pair("{{ second }}"), "backup": True, "diff": True}, {**absent, "check_mode": True}, absent, absent
    )
    assert changed["changed_keys"] == [SECRET]
    assert f"+{SECRET}: stored (changed)" in project.output
    assert Path(changed["backup_file"]).read_bytes() == before
    assert foreseen["removed"] == removed["removed"] == [".".join(ENTRY[:2])]
    assert gone["changed"] is False
    assert "\nworkiva_credentials: {}\nworkiva_vault_check:\n" in project.file.read_text()
    assert CANARY not in project.shown()
    assert SECOND not in project.shown()


def test_ansible_reads_what_was_written(project: Project) -> None:
    project.file.write_bytes(WRITTEN.encode())
    assert project.run(**pair())["changed"] is True
    written = project.file.read_bytes()
    assert written.startswith(WRITTEN.encode()[: WRITTEN.index("\r\n    # payroll") + 2])
    assert WRITTEN.encode()[WRITTEN.index("    # payroll") :] + b"\r\nworkiva_vault_check:\r\n" in written
    assert b"\n" not in written.replace(b"\r\n", b"")

    entry = "workiva_credentials['payroll-sync'].filing"
    assert '"msg": "id-1 2027-06-30 True"' in project.loaded(
        f"{entry}.client_id ~ ' ' ~ {entry}.expires ~ ' ' ~ ({entry}.client_secret == '{CANARY}')", *PROD
    )
    assert '"msg": "read"' in project.loaded(
        "(other.client_id == 'abc' and other.note.startswith('Größe')) | ternary('read', 'not')", *PROD
    )
    # The entry alone, as ansible-vault knows it.
    block = project.file.read_text().split("!vault |")[1].split("\n    #")[0].split()
    lone = project.folder / "lone.txt"
    lone.write_text("\n".join(block) + "\n")
    assert block[0] == "$ANSIBLE_VAULT;1.2;AES256;prod"
    assert project.command("ansible-vault", "view", *PROD, "lone.txt").stdout.rstrip("\n") == CANARY
    assert project.command("ansible-vault", "view", *DEV, "lone.txt").returncode != 0


def test_what_ansible_vault_encrypted_is_read_and_kept(project: Project) -> None:
    given = project.command("ansible-vault", "encrypt_string", *PROD, "--name", "client_secret", CANARY)
    assert given.returncode == 0, given.stderr
    project.file.write_text(given.stdout)
    result = project.run(secrets=[{"path": ["client_secret"], "value": "{{ canary }}"}])
    assert result["unchanged"] == ["client_secret"]
    assert project.file.read_text() == given.stdout


def test_a_vaulted_variable_may_be_the_value(project: Project) -> None:
    given = project.command("ansible-vault", "encrypt_string", *PROD, "--name", "kept", CANARY)
    (project.folder / "kept.yml").write_text(given.stdout)
    project.run("-e", "@kept.yml", *PROD, **pair("{{ kept }}"))
    assert project.run(**pair())["changed"] is False


@pytest.mark.once
def test_a_pinned_salt_has_no_effect(project: Project) -> None:
    project.environment["ANSIBLE_VAULT_ENCRYPT_SALT"] = "s" * 32
    project.run(secrets=[{"path": [name], "value": "{{ canary }}"} for name in ("one", "two")])
    blocks = project.file.read_text().split("!vault |")[1:]
    assert blocks[0].split()[:2] == ["$ANSIBLE_VAULT;1.2;AES256;prod", blocks[0].split()[1]]
    assert blocks[0].split()[1] != blocks[1].split()[1]
    assert (b"s" * 32).hex().encode().hex() not in "".join(blocks[0].split())


FAILURES: dict[str, dict[str, Any]] = {
    "fewer than 12": pair("{{ short }}"),
    "secrets must be a list": {"secrets": "{{ canary }}"},
    "values must be a list": {"values": ["{{ canary }}"]},
    "path must be a list": {"secrets": [{"path": "{{ canary }}", "value": "x"}]},
    "one or more keys": {"secrets": [{"path": [], "value": "{{ canary }}"}]},
    "state must be": {"secrets": [{"path": ["a"], "value": "{{ canary }}", "state": "{{ canary }}"}]},
    "value must be a string": {"secrets": [{"path": ["a"], "value": {"x": "{{ canary }}"}}]},
    "missing": {"secrets": [{"path": ["a"]}], "values": [{"path": ["b"], "value": "{{ canary }}"}]},
    "backup must be": {"backup": "{{ canary }}"},
    "A relative path": {"path": "credentials.yml", **pair()},
    "installed collection": {"path": "/x/ansible_collections/a/b/c.yml", **pair()},
    "does not exist": {"path": "/nowhere/at/all/c.yml", **pair()},
    "not among": {**pair(), "vault_id": "{{ canary }}"},
    "has the path of an entry before it": {"secrets": pair()["secrets"] * 2},
    "Unsupported": {**pair(), "secret": "{{ canary }}"},
    "template": pair("{{ canary ~ '{' ~ '{ x }}' }}"),
}


def test_vault_secrets_of_parallel_hosts_are_all_written(project: Project) -> None:
    inventory = ",".join(["localhost", *(f"host{number}" for number in range(5))])
    task = {"secrets": [{"path": ["shared", "{{ inventory_hostname }}"], "value": "{{ canary }}"}]}
    project.tasks(task, options=("-i", inventory, "--forks", "6", *PROD), hosts="all")
    names = [line.strip().split(":")[0] for line in project.file.read_text().splitlines() if "!vault" in line]
    assert sorted(names) == ["host0", "host1", "host2", "host3", "host4", "localhost", "prod"]


def test_failures_of_vault_secrets_give_the_reason_and_show_no_value(project: Project) -> None:
    results = project.tasks(*FAILURES.values(), options=("-vvvvv", "--diff", *PROD))
    for reason, result in zip(FAILURES, results):
        assert result["failed"] is True
        assert reason in result["msg"]
    assert not project.file.exists()
    for secret in (CANARY, json.dumps(CANARY).strip('"'), SHORT):
        assert secret not in project.shown()


@pytest.mark.once
def test_vault_secrets_leaves_files_that_cannot_be_edited_as_they_are(project: Project) -> None:
    contents = {
        "unclosed.yml": "a: 'cAnArY\n",
        "encrypted.yml": "$ANSIBLE_VAULT;1.1;AES256\n3132\n",
        "twice.yml": "a: cAnArY\na: 2\n",
        "flow.yml": "workiva_credentials: {a: cAnArY}\n",
    }
    for name, content in contents.items():
        (project.folder / name).write_text(content)
    tasks = [{**pair(), "path": str(project.folder / name)} for name in contents]
    for result, (name, content) in zip(project.tasks(*tasks, options=("-vvvvv", "--diff", *PROD)), contents.items()):
        assert result["failed"] is True
        assert str(project.folder / name) in result["msg"]
        assert (project.folder / name).read_text() == content
    assert "cAnArY" not in project.shown()


@pytest.mark.parametrize("callback", ["default", "minimal"])
def test_no_output_of_vault_secrets_shows_a_value(project: Project, callback: str) -> None:
    project.environment["ANSIBLE_STDOUT_CALLBACK"] = callback
    removal = {"secrets": [{"path": ENTRY, "state": "absent"}]}
    tasks = [{**arguments, "backup": True} for arguments in (pair(), pair(), pair("{{ second }}"), removal)]
    project.tasks(*tasks, options=("-vvvvv", "--diff", *PROD))
    for secret in (CANARY, json.dumps(CANARY).strip('"'), SECOND):
        assert secret not in project.shown()
    project.folder.joinpath("given.yml").unlink()
    for path in project.folder.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes()
            assert SECOND.encode() not in path.read_bytes()


@pytest.mark.once
def test_the_documentation_is_read_by_ansible_doc(project: Project) -> None:
    done = project.command("ansible-doc", "--json", "integrations.workiva.vault_secrets")
    assert done.returncode == 0, done.stderr
    assert "secrets" in json.loads(done.stdout)["integrations.workiva.vault_secrets"]["doc"]["options"]
