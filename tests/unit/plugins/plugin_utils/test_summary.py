# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary of a run: problems first, then changes, then what waits for whom, and in one line what is fine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import DeclaredPermission
from ansible_collections.integrations.workiva.plugins.module_utils._files.plan import ShownPermission
from ansible_collections.integrations.workiva.plugins.module_utils._organization.undeclared import (
    REPORT_ONLY,
    UndeclaredAccess,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.file_access import FileStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.least_privilege import Advice
from ansible_collections.integrations.workiva.plugins.plugin_utils._results import (
    CertificateResult,
    CopyError,
    CopyResult,
    FindingResult,
    GrantResult,
    NoticeResult,
    OrderResult,
    ReloadResult,
    StepResult,
    UserResult,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.report import Report
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import summarize, titled

OK = (FindingResult("ok", "The token endpoint accepts the pair."),)
COMMAND = "ansible-playbook handover.yml --vault-id prod@prompt"
ANSWER = f"  When a work order is done, run in the project folder: {COMMAND}"


def grant(name: str = "payroll-sync", **more: Any) -> GrantResult:
    stored = {"stage": "stored", "health": "ok", "findings": OK, "expires": "2027-06-30", "days_left": 218}
    return GrantResult(name, "main", **{**stored, **more})


def user(name: str = "payroll-sync", **more: Any) -> UserResult:
    return UserResult(f"{name}@example.com", integration=name, status="active", id="u1", **more)


def order(name: str = "payroll-sync", what: str = "main", person: str = "olivia@example.com") -> OrderResult:
    number = f"{name}.{what}.1"
    return OrderResult(number, name, what, person, "add the grant", f"/srv/p/work-orders/{number}.html", None, COMMAND)


def file(**more: Any) -> FileStatus:
    declared = (DeclaredPermission("present", user="p@x", permission="Editor"),)
    status = FileStatus("payroll-sync", "SEC Filing", "f1", "Schedules", "", declared, None, True, "ok", "said")
    return replace(status, **more)


def copy(**more: Any) -> CopyResult:
    shown = CertificateResult("2027-12-20T00:00:00Z", 388)
    return CopyResult("api", "etl01", **{"health": "ok", "file": "/srv/loader/api.pem", "certificate": shown, **more})


def lines(playbook: str = "onboard", **found: Any) -> list[str]:
    return summarize(Report(playbook, "/srv/p", **found))


def test_a_healthy_project_is_one_headline_and_one_line() -> None:
    names = [f"sync-{number}" for number in range(94)]
    found = {
        "users": tuple(map(user, names)),
        "grants": (GrantResult("administrator", "organization", "stored", "ok", OK), *map(grant, names)),
        "copies": (copy(),),
    }
    assert lines(**found) == [
        "",
        "Onboard: no problems, nothing to change",
        "",
        "94 integrations: ok, 1 administrator grant: ok, 1 certificate copy: ok, no open work orders.",
    ]


def test_problems_are_first_and_sorted_as_people_sort() -> None:
    expired = (FindingResult("expired", "The grant expired on 2026-11-01."),)
    rejected = (FindingResult("rejected", "Refused (401)."),)
    found = lines(
        "onboard",
        users=(user("sync-10", error=Failure("Unknown group: 'Loadres'.", "InvalidArgument")), user("sync-3")),
        grants=(
            grant("sync-10", next="Correct what failed for the user of sync-10, then run again."),
            grant("sync-2", health="expired", findings=expired, expires="2026-11-01", days_left=-25),
            grant("sync-3"),
            grant("administrator", health="rejected", findings=rejected, next="Regenerate it.", waits_for="anna@x"),
        ),
        orders=(order("sync-2"),),
    )
    assert found == [
        "",
        "Onboard: 3 problems, 1 open work order",
        "",
        "Problems",
        "  administrator",
        "    grant main: rejected. Refused (401).",
        "      Next (anna@x): Regenerate it.",
        "  sync-2",
        "    grant main: expired. The grant expired on 2026-11-01 (25 days ago).",
        "      Work order: sync-2.main.1",
        "  sync-10",
        "    user sync-10@example.com: failed. Unknown group: 'Loadres'.",
        "",
        "Waiting for people",
        "  olivia@example.com",
        "    sync-2.main.1: add the grant",
        "      work-orders/sync-2.main.1.html",
        ANSWER,
        "",
        "1 integration: ok.",
    ]


def test_refused_credentials_of_an_absent_integration_are_no_problem() -> None:
    refused = (FindingResult("rejected", "Refused (401)."),)
    gone = grant("sync-2", health="rejected", findings=refused, next="Run again.", waits_for=None)
    found = {"users": (user("sync-2", state="absent"),), "grants": (gone,)}
    ordered = lines("offboard", **found, orders=(order("sync-2"),))
    assert "Problems" not in ordered
    assert "    sync-2.main.1: add the grant" in ordered
    # After the order: what the next run does with them.
    assert "  grant main of sync-2: Run again." in "\n".join(lines("offboard", **found))
    assert "Problems" in lines("offboard", users=(user("sync-2"),), grants=(gone,))


def test_work_orders_of_check_mode_are_changes_and_wait_for_nobody() -> None:
    waits = grant(stage="declared", health="unchecked", findings=(FindingResult("unchecked", "x"),), next="Do it.")
    found = lines(check_mode=True, grants=(waits,), to_open=(order(),))
    assert found[1] == "Onboard (check mode: nothing was changed): 1 change to make"
    assert "    would write the work order payroll-sync.main.1: add the grant" in found
    assert "Waiting for people" not in found


def test_withdrawn_work_orders_are_noted() -> None:
    one = "The run withdrew the work order a.main.1. It is not needed any more. Ask whoever has a copy not to carry it out."
    assert f"  {one}" in lines(withdrawn=("a.main.1",))
    assert "the work orders a.main.2, a.main.10. They are" in "\n".join(lines(withdrawn=("a.main.10", "a.main.2")))


def test_reasons_begin_with_a_capital_letter_but_for_names_of_files() -> None:
    place = "integrations.d/sync-4.yml:14: Unknown group"
    failed = tuple(user(name, error=Failure(msg, "E")) for name, msg in (("a", "it ended"), ("b", place)))
    found = "\n".join(lines(users=failed))
    assert "failed. It ended." in found
    assert f"failed. {place}." in found


def test_a_cause_that_integrations_share_is_printed_once() -> None:
    away = (FindingResult("unreachable", "No route to host."),)
    names = [f"sync-{number}" for number in range(1, 13)]
    found = lines("verify", grants=tuple(grant(name, health="unreachable", findings=away) for name in names))
    assert found[1:6] == [
        "Verify: 12 problems",
        "",
        "Problems",
        f"  12 integrations: {', '.join(names[:10])} and 2 more",
        "    grant main: unreachable. No route to host.",
    ]


def test_changes_are_in_the_past_in_a_run_and_would_be_made_in_a_check() -> None:
    steps = ("create the user 'payroll-sync@example.com'", "add to the group 'Data loaders'", "give the role 'Editor'")
    plan = (StepResult("create_user", steps[0]), StepResult("join_group", steps[1]))
    found = {
        "users": (user(steps=steps, plan=plan),),
        "grants": (grant(steps=("Verified the stored credentials and recorded them in the journal.",)),),
        "files": (file(steps=("remove Viewer from the user 'x'",)),),
        "copies": (copy(differences=("new: CN=api",), findings=(FindingResult("missing", "there is no copy yet"),)),),
        "reloads": (ReloadResult("etl01", "loader"),),
        "notice": NoticeResult("vendor@x", ("ops@x",), changed=True),
    }
    done, predicted = lines(**found), lines(**found, check_mode=True)
    assert done[1:-2] == [
        "Onboard: 6 changes",
        "",
        "Changes",
        "  payroll-sync",
        "    created user payroll-sync@example.com",
        "      added to the group 'Data loaders'",
        "      gave the role 'Editor'",
        "    updated grant main",
        "      Verified the stored credentials and recorded them in the journal.",
        "    changed permissions on the file Schedules in SEC Filing",
        "      removed Viewer from the user 'x'",
        "  Certificates",
        "    updated copy api on etl01",
        "      new: CN=api",
        "    reloaded loader on etl01",
        "    asked vendor@x for notices of certificate changes to ops@x",
    ]
    assert predicted[1:8] == [
        "Onboard (check mode: nothing was changed): 6 changes to make",
        "",
        "Changes that a run would make",
        "  payroll-sync",
        "    would create user payroll-sync@example.com",
        "      add to the group 'Data loaders'",
        "      give the role 'Editor'",
    ]
    assert "      verify the stored credentials and record them in the journal." in predicted


@pytest.mark.parametrize(
    ("state", "kind", "expected"),
    [
        ("present", "join_group", "changed user payroll-sync@example.com"),
        ("absent", "leave_group", "removed the access of user payroll-sync@example.com"),
        ("absent", "delete_user", "deleted user payroll-sync@example.com"),
    ],
)
def test_a_changed_user_is_named_by_what_happened_to_it(state: str, kind: str, expected: str) -> None:
    step = StepResult(kind, "do it")
    found = lines(users=(user(state=state, steps=(step.text,), plan=(step,)),))
    assert f"    {expected}" in found


def test_many_changes_are_counted_and_a_full_summary_lists_them() -> None:
    names = [f"sync-{number}" for number in range(1, 21)]
    step = StepResult("create_user", "create the user")
    found = {"users": tuple(user(name, steps=(step.text,), plan=(step,)) for name in names)}
    assert lines(**found)[3:6] == ["Changes", "  created 20 users", "  -e workiva_summary=full lists them."]
    full = lines(**found, is_full=True)
    assert [line for line in full if "created user" in line] == [
        f"    created user {name}@example.com" for name in names
    ]


def test_work_orders_are_listed_by_person_with_the_command_once() -> None:
    many = tuple(order(f"sync-{number}") for number in range(1, 13))
    found = lines(orders=(*many, order("sync-1", "esg", "anna@x")), grants=(grant("sync-13"),))
    assert found[1] == "Onboard: 13 open work orders"
    start = found.index("Waiting for people")
    assert found[start + 1 : start + 6] == [
        "  anna@x",
        "    sync-1.esg.1: add the grant",
        "      work-orders/sync-1.esg.1.html",
        "  olivia@example.com",
        "    sync-1.main.1: add the grant",
    ]
    assert "  and 2 more; -e workiva_summary=full lists them." in [line[2:] for line in found]
    assert found.count(ANSWER) == 1
    assert found[-1] == "1 integration: ok."


def test_a_grant_without_credentials_waits_and_is_no_problem() -> None:
    unchecked = (FindingResult("unchecked", "No pair is stored."),)
    new = grant(stage="requested", health="unchecked", findings=unchecked, expires=None, next="Hand it over.")
    with_order = lines(grants=(new,), orders=(order(),))
    assert "Problems" not in with_order
    assert "Hand it over." not in "".join(with_order)
    without = lines("verify", grants=(new,))
    assert without[3:6] == ["Waiting for people", "  you", "    grant main of payroll-sync: Hand it over."]
    broken = lines(grants=(replace(new, error=Failure("Its expiry is in the past.", "Grant")),))
    assert "    grant main: failed. Its expiry is in the past." in broken


def test_a_failed_grant_is_reported_once_where_its_finding_is_the_same() -> None:
    same = grant(health="unchecked", findings=(FindingResult("unchecked", "Damaged."),), error=Failure("Damaged.", "G"))
    assert [line for line in lines(grants=(same,)) if "Damaged." in line] == ["    grant main: unchecked. Damaged."]


def test_an_absent_user_with_access_is_a_problem_of_verify() -> None:
    left = user(state="absent", steps=("remove from the workspace 'SEC Filing'",))
    expected = "    user payroll-sync@example.com: still has access, although its integration is marked state: absent"
    assert expected in lines("verify", users=(left,))
    assert expected not in lines("offboard", users=(left,))


def test_files_are_problems_where_the_token_cannot_read_them() -> None:
    unread = file(access=False, finding="no_access", detail="404.", given=False, next="The work order asks the owner.")
    found = lines(files=(unread,), orders=(order(what="file_access"),))
    assert found[4:7] == [
        "  payroll-sync",
        "    file Schedules in SEC Filing: no_access. 404.",
        "      Work order: payroll-sync.file_access.1",
    ]
    waiting = file(finding="unchecked", access=None, grant="filing", next="Wait until the grant filing ...")
    assert "    file Schedules in SEC Filing: Wait until the grant filing ..." in lines(files=(waiting,))


def test_certificates_that_a_run_corrects_are_problems_of_verify_only() -> None:
    changed = copy(health="changed", findings=(FindingResult("changed", "the server shows another one"),))
    stale = replace(changed, differences=("new: CN=api",))
    assert "Problems" not in lines(copies=(stale,))
    assert "    copy api on etl01: changed. The server shows another one." in lines("verify", copies=(stale,))
    failed = copy(health="failed", findings=(FindingResult("failed", "No space left."),), error=CopyError("OSError"))
    assert "    copy api on etl01: failed. No space left." in lines(copies=(failed,))
    more = lines(reloads=(ReloadResult("etl01", "loader", True, "No unit."),), notice=NoticeResult(failure="Away."))
    assert "    reload of loader on etl01: failed. No unit. Reload the service by hand." in more
    assert "    request for notices: failed. Away." in more


def test_undeclared_access_is_listed_in_words() -> None:
    excess = (
        UndeclaredAccess("group", "SEC Filing", "Legal"),
        UndeclaredAccess("workspace", "ESG", roles=("Viewer",)),
    )
    held = (ShownPermission("user", "x@x", "u2", "Owner"),)
    found = lines(users=(user(excess_access=excess),), files=(file(excess_access=held),))
    assert found[3:8] == [
        "Undeclared or unneeded access",
        "  payroll-sync",
        "    the group Legal in SEC Filing: not declared",
        "    the membership in ESG with the roles Viewer: not declared",
        "    Owner of the user x@x on the file Schedules in SEC Filing: not declared",
    ]
    advice = (Advice("group", "the group Legal", "nobody declared it", "remove it", integration="payroll-sync"),)
    advised = lines("verify", users=(user(excess_access=excess),), advice=advice)
    assert advised[5:7] == ["    the group Legal: nobody declared it", "      Next: remove it."]
    unsure = (replace(advice[0], certainty="likely"),)
    assert "    the group Legal: nobody declared it (likely)" in lines("verify", users=(user(),), advice=unsure)
    assert advised[-1] == "1 integration: ok, no open work orders."


def test_notes_about_several_users_are_printed_once() -> None:
    users = tuple(user(name, excess_access_unknown=REPORT_ONLY) for name in ("a", "b"))
    other = user("c", excess_access_unknown="The report does not name this user.", notes=("It was suspended.",))
    found = lines(users=(*users, other), notes=("Of the run.",), copies=(copy(announcement="shown"),))
    assert found[found.index("Notes") + 1 : -2] == [
        "  Of the run.",
        f"  {REPORT_ONLY}",
        "  c@example.com: It was suspended.",
        "  c@example.com: The report does not name this user.",
        "  copy api on etl01: the server uses the announced certificate. Remove upcoming from workiva.yml.",
    ]


def test_a_full_summary_lists_all() -> None:
    past = grant("b-load", expires="2026-11-01", days_left=-25)
    found = lines(
        "verify",
        is_full=True,
        users=(user(),),
        grants=(past, grant()),
        files=(file(),),
        copies=(copy(),),
        notice=NoticeResult("vendor@x", ("ops@x",), accepted_at="2026-11-02T10:00:00Z"),
    )
    assert found[3:-2] == [
        "Everything",
        "  b-load",
        "    grant main: stored, ok, expired 2026-11-01 (25 days ago)",
        "  payroll-sync",
        "    user payroll-sync@example.com: active",
        "    grant main: stored, ok, expires 2027-06-30 (in 218 days)",
        "    file Schedules in SEC Filing: readable",
        "      declared: Editor for p@x",
        "  Certificates",
        "    copy api on etl01: ok, valid until 2027-12-20 (in 388 days), ../loader/api.pem",
        "    notices to ops@x: requested from vendor@x on 2026-11-02",
    ]


def test_a_run_that_waits_for_the_administrator_grant_reports_it() -> None:
    found = lines(is_waiting=True, notes=("Nothing was changed in Workiva.",), orders=(order("administrator"),))
    assert found[1] == "Onboard: the administrator grant has no credentials yet, 1 open work order"
    assert found[-2:] == ["Notes", "  Nothing was changed in Workiva."]


def test_users_that_could_not_be_read_are_a_problem() -> None:
    found = lines("verify", trouble="The grant was refused.", grants=(grant(),))
    assert found[1:6] == [
        "Verify: 1 problem",
        "",
        "Problems",
        "  Users and access",
        "    could not be read: The grant was refused.",
    ]


def test_problem_of_the_administrator_grant_is_reported_once() -> None:
    damaged = "credentials.yml: the encrypted entry is damaged."
    grants = (grant("administrator", health="unchecked", findings=(FindingResult("unchecked", damaged),)),)
    found = lines("verify", trouble=f"The credentials could not be read: {damaged}", grants=grants)
    assert "    could not be read: The administrator grant has a problem, which is reported with it." in found
    assert sum(damaged in line for line in found) == 1


def test_lines_below_a_title_are_no_summary() -> None:
    assert titled("Checked", ["2 integrations"]) == ["", "Checked", "", "2 integrations"]
