# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes in a project folder, which are found before anything is sent.

Each message has the file and the line or the object, what was not done, and what to do next.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._variables import KEEP_FILE
from tests.core._actions import Actions

pytestmark = pytest.mark.once

DEMO = Path(__file__).resolve().parents[3] / "tools/demo"
ENDPOINT = "127.0.0.1:1"
SECRET = "Canary-secret-that-nobody-may-see"


def write(folder: Path) -> Path:
    """A project without mistakes: the one of the demo, with two of its integrations."""
    project = folder / "project"
    (project / "integrations.d").mkdir(parents=True)
    text = (DEMO / "workiva.yml").read_text().replace("@CA_PATH@", "/nowhere/ca.pem")
    (project / "workiva.yml").write_text(text.replace("@CONNECT_TO@", f"api.app.wdesk.com:443:{ENDPOINT}"))
    for name in ("payroll-sync", "ledger-load"):
        shutil.copy(DEMO / f"integrations.d/{name}.yml", project / "integrations.d")
    return project


PAYROLL = "integrations.d/payroll-sync.yml"
LEDGER = "integrations.d/ledger-load.yml"


def replaced(path: str, before: str, after: str) -> Callable[[Path], None]:
    def change(project: Path) -> None:
        text = (project / path).read_text()
        assert before in text, text
        (project / path).write_text(text.replace(before, after, 1))

    return change


@dataclass(frozen=True)
class Mistake:
    """One mistake, and the problems that a run reports for it. C(has): what has them, where it is not clear from the others."""

    name: str
    change: Callable[[Path], object]
    problems: tuple[str, ...]
    variables: dict[str, Any] = field(default_factory=dict)
    has: str = ""

    def headline(self) -> str:
        """How the message begins: what has the problems, what was not done, and what to do."""
        of_variables = any(problem.startswith("workiva_") for problem in self.problems)
        has = self.has or ("The variables of this run have" if of_variables else "The project FOLDER has")
        count, pronoun = (f"{len(self.problems)} problems", "them") if len(self.problems) > 1 else ("1 problem", "it")
        kept = f" {KEEP_FILE}" if "workiva_handed_over" in self.variables else ""
        return f"{has} {count}. Nothing was sent or changed. Correct {pronoun} and run again.{kept}"


def nothing(_project: Path) -> None:
    """The mistake is in a variable."""


def linked(project: Path) -> None:
    (project / PAYROLL).rename(project / "other.yml")
    (project / PAYROLL).symlink_to("../other.yml")


WORKSPACES = "    SEC Filing:\n      roles: [Professional]\n      groups: [Data loaders]\n"
MISTAKES = (
    Mistake(
        "tab", replaced(PAYROLL, "  username:", "\tusername:"), (f"{PAYROLL}:6: a tab indents this line. Use blanks.",)
    ),
    Mistake(
        "missing field",
        replaced(PAYROLL, "  email: payroll-sync@example.com\n", ""),
        (f"{PAYROLL}:5: user needs email. Add it.",),
    ),
    Mistake(
        "typo in a key",
        replaced(PAYROLL, "custodian:", "custodain:"),
        (f"{PAYROLL}:10: the key custodain is unknown. Did you mean custodian?",),
    ),
    Mistake(
        "typo in a scope",
        replaced(PAYROLL, "file:write", "file:wrte"),
        (
            f"{PAYROLL}:18: there is no scope file:wrte. Did you mean file:write? "
            "If Workiva shows exactly file:wrte, list it under workiva.scope_labels in workiva.yml.",
        ),
    ),
    Mistake(
        "typo in the region",
        replaced("workiva.yml", "region: us", "region: usa"),
        ("workiva.yml:4: workiva.region is usa, and must be us, eu or apac. Did you mean us?",),
    ),
    Mistake(
        "typo in the workspace of a grant",
        replaced(PAYROLL, "workspace: SEC Filing", "workspace: SEC Filling"),
        (
            f"{PAYROLL}:17: the grant main is for SEC Filling, which is not among user.workspaces. Did you mean SEC Filing?",
        ),
    ),
    Mistake(
        "user without a workspace",
        replaced(PAYROLL, WORKSPACES, "    {}\n"),
        (
            f"{PAYROLL}:15: the grant main is for a workspace, which is not among user.workspaces. Add it there, or correct the name.",
        ),
    ),
    Mistake(
        "past date",
        replaced(PAYROLL, "lifetime: 365d", "expires: 2020-01-31"),
        (
            f"{PAYROLL}:19: grants.main.expires (2020-01-31) is not in the future, so that the grant cannot be created. Set a later date.",
        ),
    ),
    Mistake(
        "malformed date",
        replaced(PAYROLL, "lifetime: 365d", "expires: 31.01.2030"),
        (
            f"{PAYROLL}:19: grants.main.expires is 31.01.2030, and must be a date. Write it as YYYY-MM-DD, such as 2027-06-30.",
        ),
    ),
    Mistake(
        "malformed span",
        replaced(PAYROLL, "lifetime: 365d", "lifetime: one year"),
        (f"{PAYROLL}:19: grants.main.lifetime must be a number of days. Write it with its unit, such as 365d.",),
    ),
    Mistake(
        "list in place of a mapping",
        replaced(PAYROLL, WORKSPACES, "    - SEC Filing\n"),
        (f"{PAYROLL}:11: user.workspaces must be a mapping: each name is a key, with a colon after it.",),
    ),
    Mistake(
        "text in place of a list",
        replaced(PAYROLL, "[file:read, file:write]", "file:read"),
        (f"{PAYROLL}:18: grants.main.scopes must be a list. Put brackets around a single value: [...].",),
    ),
    Mistake(
        "malformed address",
        replaced(PAYROLL, "    lifetime: 365d", "    lifetime: 365d\n    ip_allowlist: [203.0.113]"),
        (f"{PAYROLL}:20: 203.0.113 is no IP address. Write one such as 203.0.113.7.",),
    ),
    Mistake(
        "empty list",
        replaced(PAYROLL, "[file:read, file:write]", "[]"),
        (f"{PAYROLL}:18: grants.main needs scopes. Add it.",),
    ),
    Mistake(
        "username of two integrations",
        replaced(LEDGER, "username: ledger-load@example.com", "username: payroll-sync@example.com"),
        (f"{PAYROLL}:6: this username is used already, in {LEDGER}:6. Give each integration a user of its own.",),
    ),
    Mistake(
        "name of two integrations",
        replaced(LEDGER, "name: ledger-load", "name: payroll-sync"),
        (
            f"{LEDGER}:2: the name must be the one of its file, ledger-load. Rename the file or the integration.",
            f"{PAYROLL}:2: this name is used already, in {LEDGER}:2. Give each integration a name of its own.",
        ),
    ),
    Mistake(
        "file with another name",
        lambda project: (project / PAYROLL).rename(project / "integrations.d/payrol.yml"),
        (
            "integrations.d/payrol.yml:2: the name must be the one of its file, payrol. Rename the file or the integration.",
        ),
    ),
    Mistake(
        "conflict markers",
        replaced(PAYROLL, "owner:", "<<<<<<< HEAD\nowner:"),
        (f"{PAYROLL}:3: this is a conflict marker of git. Resolve the conflict in this file.",),
    ),
    Mistake(
        "open quotation mark",
        replaced(PAYROLL, "purpose: Loads", 'purpose: "Loads'),
        (f"{PAYROLL}:4: the quotation mark in this line is not closed. Close it.",),
    ),
    Mistake(
        "colon in a value",
        replaced(PAYROLL, "purpose: Loads", "purpose: this: Loads"),
        (f"{PAYROLL}:4: a colon and a blank in a value, or a wrong indentation. Put the value in quotation marks.",),
    ),
    Mistake(
        "empty file",
        lambda project: (project / PAYROLL).write_text(""),
        (f"{PAYROLL}: the file is empty. Declare something in it, or delete it.",),
    ),
    Mistake(
        "not UTF-8",
        lambda project: (project / PAYROLL).write_bytes(b"name: payroll-sync\nowner: f\xe9\n"),
        (f"{PAYROLL}:2: this line is not UTF-8 text. Save the file in UTF-8.",),
    ),
    Mistake(
        "control character",
        replaced(PAYROLL, "purpose: Loads", "purpose: Loa\x07ds"),
        (f"{PAYROLL}:4: this line holds a control character, which YAML does not allow. Delete it.",),
    ),
    Mistake(
        "symbolic link",
        linked,
        (
            f"{PAYROLL}: the file is a symbolic link, and only regular files are read. Put the file itself in its place.",
        ),
    ),
    Mistake(
        "no organization",
        replaced("workiva.yml", "  organization_id: d6e178fd-4dd5-47e5-9457-68dd64b03655\n", ""),
        ("workiva.yml:2: workiva needs organization_id. Add it.",),
    ),
    Mistake(
        "malformed organization",
        replaced("workiva.yml", "d6e178fd-4dd5-47e5-9457-68dd64b03655", "acme"),
        (
            "workiva.yml:5: workiva.organization_id takes the UUID after /o/ in the address of the Organization Admin page. "
            "A UUID has 5 groups of digits with a hyphen between them, and the value has 1. Correct it.",
        ),
    ),
    Mistake(
        "organization one digit short",
        replaced("workiva.yml", "d6e178fd-4dd5-47e5-9457-68dd64b03655", "d6e178f-4dd5-47e5-9457-68dd64b03655"),
        (
            "workiva.yml:5: workiva.organization_id takes the UUID after /o/ in the address of the Organization Admin page. "
            "Group 1 of the value has 7 characters, and a UUID has 8 there. Correct it.",
        ),
    ),
    Mistake(
        "letter in the organization",
        replaced("workiva.yml", "d6e178fd-4dd5-47e5-9457-68dd64b03655", "d6e178fd-4dd5-47e5-9457-68dd64b0365o"),
        (
            "workiva.yml:5: workiva.organization_id takes the UUID after /o/ in the address of the Organization Admin page. "
            "Group 5 of the value has a character that is not 0 to 9 or a to f. Correct it.",
        ),
    ),
    Mistake(
        "malformed connect_to",
        replaced("workiva.yml", f"api.app.wdesk.com:443:{ENDPOINT}", "api.app.wdesk.com:443"),
        (
            "workiva.yml:8: entry 1 of workiva.connect_to must be HOST:PORT:ADDRESS:PORT, such as "
            "api.app.wdesk.com:443:127.0.0.1:8443. Correct it.",
        ),
    ),
    Mistake(
        "machine that the inventory does not have",
        replaced(
            PAYROLL,
            "    lifetime: 365d",
            "    lifetime: 365d\n    ip_allowlist: [203.0.113.700]\n    verify_from: etl01",
        ),
        (
            f"{PAYROLL}:20: 203.0.113.700 is no IP address. Write one such as 203.0.113.7.",
            f"{PAYROLL}:21: grants.main.verify_from is no host of the inventory. Did you mean etl1?",
        ),
        {"groups": {"all": ["etl1", "web1"]}},
    ),
    Mistake(
        "no inventory",
        replaced(PAYROLL, "    lifetime: 365d", "    lifetime: 365d\n    verify_from: etl01"),
        (
            f"{PAYROLL}:20: grants.main.verify_from is no host of the inventory. This run has no inventory with hosts: run in the "
            "project folder, or name the inventory with -i.",
        ),
        {"groups": {"all": [], "ungrouped": []}},
    ),
    Mistake(
        "undefined variable in a template",
        replaced(PAYROLL, "owner: finance-systems@example.com", 'owner: "{{ nobody }}"'),
        (f"{PAYROLL}:3: the variable nobody is undefined. Define it, or write the value.",),
    ),
    Mistake(
        "secret in a file",
        replaced(PAYROLL, "purpose:", f"client_secret: {SECRET}\npurpose:"),
        (
            f"{PAYROLL}:4: this key looks like a secret, which has no place in this file. "
            "Remove it: credentials are stored by the playbook handover. "
            "If a secret was committed with it, regenerate the secret in Workiva.",
        ),
    ),
    Mistake(
        "unknown screen",
        replaced(PAYROLL, "    lifetime: 365d", "    lifetime: 365d\n    screen: organisation"),
        (
            f"{PAYROLL}:20: grants.main.screen is organisation, and must be organization_admin, workspace_settings or account_admin. "
            "Did you mean organization_admin?",
        ),
    ),
    Mistake(
        "unknown state",
        replaced(PAYROLL, "owner:", "state: gone\nowner:"),
        (f"{PAYROLL}:3: state must be present or absent.",),
    ),
)


def message_of(actions: Actions, mistake: Mistake, project: Path) -> str:
    """What a run prints: the two tasks with which each playbook begins."""
    given = dict(mistake.variables)
    playbook = given.pop("playbook", "verify")
    variables = {"workiva_project": str(project), **given}
    before = actions("run_variables", {"playbook": playbook}, variables=variables)
    if before.get("failed"):
        return str(before["msg"])
    options = {"only": given.get("workiva_only", []), "delete": given.get("workiva_delete_user", [])}
    loaded = actions("integrations", {"project": str(project), **options}, variables=variables)
    if loaded.get("failed"):
        return str(loaded["msg"])
    after = actions("run_variables", {"playbook": playbook, "project": loaded["workiva"]}, variables=variables)
    assert after.get("failed"), "no problem was found"
    return str(after["msg"])


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name.replace(" ", "_"))
def test_mistake_is_answered_with_its_place_and_what_to_do(actions: Actions, mistake: Mistake, tmp_path: Path) -> None:
    assert_reported(actions, mistake, tmp_path)


def assert_reported(actions: Actions, mistake: Mistake, tmp_path: Path) -> None:
    """The message is the expected one, and holds no secret."""
    actions.secrets.append(SECRET)
    project = write(tmp_path)
    mistake.change(project)
    headline, *problems = message_of(actions, mistake, project).splitlines()
    assert [problem.strip() for problem in problems] == list(mistake.problems)
    assert headline.replace(str(project), "FOLDER") == mistake.headline()


@pytest.mark.parametrize("change", [shutil.rmtree, lambda project: (project / "workiva.yml").unlink()])
def test_missing_project_is_one_problem(actions: Actions, tmp_path: Path, change: Callable[[Path], object]) -> None:
    project = write(tmp_path)
    change(project)
    where = f"{project} (the folder that was given)" if project.exists() else "the folder that was given"
    assert message_of(actions, Mistake("", nothing, ()), project) == (
        f"There is no project in {where}: no file workiva.yml. Nothing was done. Run the playbook in the "
        "project folder, or give its absolute path as workiva_project. The playbook "
        "integrations.workiva.start writes a new project."
    )


def test_file_without_rights_is_named(actions: Actions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = write(tmp_path)
    opened = os.open

    def refuse(path: Any, *rest: Any, **more: Any) -> int:
        if str(path).endswith(PAYROLL):
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    assert message_of(actions, Mistake("", nothing, ()), project).splitlines()[1].strip() == (
        f"{PAYROLL}: the file cannot be read: Permission denied. Nothing was changed. Let the user of this run read it, then run again."
    )


def test_file_in_place_of_the_project_folder_is_named(actions: Actions, tmp_path: Path) -> None:
    file = write(tmp_path) / "workiva.yml"
    assert message_of(actions, Mistake("", nothing, ()), file) == (
        f"{file} (the folder that was given) is a file. Nothing was done. Give the folder that it is in as workiva_project."
    )
