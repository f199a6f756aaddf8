# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who acts in a rehearsal, whether something went unnoticed, and what is reported."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import (
    AdministrationScopes,
    DeclaredUser,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    ConnectionSettings,
    LoadedProject,
    RunSettings,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._rehearsal.course import (
    Report,
    choose_ways,
    describe,
    find_cause,
    find_changes,
    find_unfinished,
    find_unnoticed,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._rehearsal.stage import Stage, read_inventories

PAGE = "payroll-sync.main.1.html"


def report(outcome: str = "done", kind: str = "create", way: str = "fulfil", reason: str = "") -> Report:
    return Report.of(way, {"order": "payroll-sync.main.1", "kind": kind, "outcome": outcome, "reason": reason})


def test_people_make_mistakes_first_and_only_while_a_work_order_is_open() -> None:
    assert choose_ways([PAGE], ["refuse", "wrong_scope"]) == ["refuse", "wrong_scope", "fulfil"]
    assert choose_ways([PAGE], []) == ["fulfil"]
    assert choose_ways([], ["refuse"]) == []


@pytest.mark.parametrize(
    ("way", "reports", "orders", "is_noticed"),
    [
        ("refuse", [report("refused", way="refuse")], [PAGE], True),
        ("refuse", [report("refused", way="refuse")], [], False),
        ("wrong_scope", [report(way="wrong_scope")], [], False),
        ("wrong_scope", [report(way="wrong_scope")], [PAGE], True),
        # Only grants have scopes: an order for a user is carried out as asked.
        ("wrong_scope", [report(kind="add_user", way="wrong_scope")], [], True),
        ("wrong_scope", [report("impossible", way="wrong_scope")], [], True),
        ("fulfil", [report()], [], True),
    ],
)
def test_mistake_that_is_not_noticed_is_found(
    way: str, reports: list[Report], orders: list[str], is_noticed: bool
) -> None:
    assert (find_unnoticed(way, reports, orders) is None) == is_noticed


def test_open_work_orders_at_the_end_are_named_with_the_reasons() -> None:
    assert find_unfinished([], [report("impossible", reason="There is no menu.")]) is None
    assert find_unfinished([PAGE], [report("impossible", reason="There is no menu."), report()]) == (
        f"A work order is still open, although all people carried out their work orders: {PAGE}. payroll-sync.main.1: There is no menu."
    )
    assert str(find_unfinished([PAGE, "x.html"], [])).startswith("Work orders are still open")


@pytest.mark.parametrize(
    ("output", "writes", "is_unchanged"),
    [
        ("localhost : ok=9 changed=0 unreachable=0", 0, True),
        ("localhost : ok=9 changed=1 unreachable=0", 0, False),
        ("localhost : ok=9 changed=0    failed=0\nother : ok=1 changed=2", 0, False),
        ("localhost : ok=9 changed=0 unreachable=0", 1, False),
        ("no recap at all", 0, False),
    ],
)
def test_another_onboard_must_change_nothing(output: str, writes: int, is_unchanged: bool) -> None:
    assert (find_changes(output, writes) is None) == is_unchanged


def test_report_counts_what_was_rehearsed() -> None:
    grant = DeclaredGrant("sync", "main", "Filing", "sync@example.com", ("file:read",))
    user = DeclaredUser("sync", "sync@example.com", "", "password", "present", False)
    project = LoadedProject(
        *("/srv/workiva", ConnectionSettings("o"), "writer", "/srv/workiva/credentials.yml"),
        *("/srv/workiva/journal", "/srv/workiva/work-orders", AdministrationScopes()),
        RunSettings(),
        users=(user,),
        grants=(grant, grant),
        administrator_grants=(grant,),
    )
    played = [
        *(report("refused", way="refuse"), report(way="wrong_scope"), report("impossible", way="wrong_scope")),
        *(report(), report(), report("impossible")),
    ]
    assert describe(project, "2026-11-24", ["refuse", "wrong_scope"], played, ["A note."]) == [
        "1 user, 3 grants, 0 files; the date was 2026-11-24.",
        "The people carried out 2 work orders. Before that they made 2 mistakes (refuse, wrong_scope). A second onboard changed nothing.",
        "A note.",
    ]
    assert "Before that they made 0 mistakes (none)" in describe(project, "", [], [report()], [])[1]


def test_stage_holds_a_copy_that_only_its_user_reads(tmp_path: Path) -> None:
    source = tmp_path / "project"
    (source / "integrations.d").mkdir(parents=True)
    (source / "integrations.d/payroll-sync.yml").write_text("name: payroll-sync\n")
    (source / "credentials.yml").write_text("of the real project\n")
    folder = tmp_path / "stage"
    folder.mkdir(mode=0o700)
    stage = Stage(str(folder))
    stage.prepare(str(source), "workiva: {}\n", "2026-11-24")
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert written == {
        *("given.json", "vault-password", "project/workiva.yml", "project/integrations.d/payroll-sync.yml"),
    }
    for name in ("given.json", "vault-password", "project/workiva.yml"):
        assert stat.S_IMODE(os.stat(folder / name).st_mode) == 0o600
    given = json.loads((folder / "given.json").read_text())
    assert (given["workiva_today"], given["workiva_project"]) == ("2026-11-24", stage.copy)
    other = tmp_path / "other"
    other.mkdir()
    Stage(str(other)).prepare(str(source), "workiva: {}\n", "2026-11-24")
    assert (folder / "vault-password").read_text() != (other / "vault-password").read_text()


def test_stage_remembers_reports_by_round_and_counts_writes(tmp_path: Path) -> None:
    stage = Stage(str(tmp_path))
    assert (stage.rounds(), stage.orders(), stage.count_writes()) == ([], [], 0)
    stage.remember([report(), report("impossible")])
    stage.remember([])
    stage.remember([report(way="refuse")])
    assert stage.rounds() == [[report(), report("impossible")], [], [report(way="refuse")]]
    sent = [("GET", "/users"), ("POST", "/iam/v1/oauth2/token"), ("POST", "/users"), ("DELETE", "/users/1")]
    lines = [json.dumps({"method": method, "path": path}) for method, path in sent]
    (tmp_path / "requests.jsonl").write_text("\n".join(lines) + "\n")
    assert stage.count_writes() == 2


def test_inventories_of_the_run_are_used() -> None:
    assert read_inventories({"ansible_inventory_sources": ["/p/hosts.yml", ""]}) == ["/p/hosts.yml"]
    assert read_inventories({"ansible_inventory_sources": None}) == []


SUMMARY = """
Onboard: 2 problems

Problems
  payroll-sync
    user p@example.com: failed. integrations.d/payroll-sync.yml:13: Unknown role.
      Next: correct it.
    grant main: rejected.

Changes
  payroll-sync
    created user p@example.com
fatal: [localhost]: FAILED! =>
    changed: false
    msg: 'Failed: p@example.com. See the summary above for the reason.'
"""


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        (
            SUMMARY,
            "payroll-sync, user p@example.com: failed. integrations.d/payroll-sync.yml:13: Unknown role. And 1 more problem.",
        ),
        (
            SUMMARY.replace("    grant main: rejected.\n", ""),
            "payroll-sync, user p@example.com: failed. integrations.d/payroll-sync.yml:13: Unknown role.",
        ),
        ("fatal: [localhost]: FAILED! =>\n    changed: false\n    msg: 'The disk is full.'\n", "The disk is full."),
        (
            "fatal: [localhost]: FAILED! =>\n    msg: |-\n        The disk is full.\n        Twice.\n",
            "The disk is full.",
        ),
        (
            'fatal: [localhost]: FAILED! => {"changed": false, "msg": "The \\"disk\\" is full.\\nTwice."}',
            'The "disk" is full.',
        ),
        ("ERROR! the playbook could not be found", None),
    ],
)
def test_the_cause_of_a_failed_run_is_found_in_its_output(output: str, cause: str | None) -> None:
    assert find_cause(output) == cause
