# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action oauth2_grants in this process, against the simulator."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible import constants as C

from tests._declared import ESG, FILING
from tests._organization import Organization
from tests.core._actions import PASSWORD, Actions
from tests.core.actions._filing import Pair, Project, arguments_of


@pytest.fixture
def project(tmp_path: Path, organization: Organization, actions: Actions) -> Project:
    organization.clock("2026-11-24")
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project", organization, actions)


def only(outcome: dict[str, Any]) -> dict[str, Any]:
    assert not outcome.get("failed"), outcome
    (grant,) = outcome["grants"]
    return dict(grant)


def test_credentials_typed_at_the_prompt_are_checked_and_stored(project: Project, actions: Actions) -> None:
    pair = project.made()
    wrong = "wk_secret_" + "x" * 30
    # Each time the expiry date is asked for as well.
    actions.answers = ["all", pair["client_id"], wrong, "", pair["client_id"], pair["client_secret"], ""]
    grant = only(project.run(handover="prompt"))
    assert (grant["stage"], grant["health"], grant["changed"]) == ("stored", "ok", True)
    assert any("efused" in text for text in actions.displayed)
    assert project.secret() == pair["client_secret"]
    assert actions.answers == []


def test_check_mode_of_oauth2_grants_never_prompts(project: Project, actions: Actions) -> None:
    result = project.run(handover="prompt", check_mode=True)
    assert [order["kind"] for order in result["orders"]] == ["create"]
    assert actions.questions == []
    assert project.files() == {}


@pytest.mark.parametrize("values", [{"expires": "30.06.2027"}, {"client_id": ["x"]}, {"client_secret": ""}])
def test_an_entry_that_cannot_be_used_stops_the_task_before_another_is_accepted(project: Project, values: Pair) -> None:
    good, bad = project.made(), {**project.made(ESG), **values}
    before = project.files()
    outcome = project.run(handed_over=[good, bad], grants=[FILING, ESG])
    assert outcome["failed"]
    assert outcome["msg"].startswith("Entry 2 of handed_over: ")
    assert "Nothing was accepted. Keep the file with the credentials" in outcome["msg"]
    assert project.files() == before


@pytest.mark.parametrize("what", ["swapped", "short", "wrong", "workspace", "stolen"])
def test_wrong_credentials_are_refused_with_the_reason_and_nothing_changes(project: Project, what: str) -> None:
    pair = project.made()
    more: dict[str, Any] = {}
    if what == "swapped":
        pair.update(client_id=pair["client_secret"], client_secret=pair["client_id"])
    elif what == "short":
        pair["client_secret"] = "filing"
    elif what == "wrong":
        pair["client_secret"] = pair["client_secret"][:-4] + "wxyz"
    elif what == "workspace":
        pair.update({**project.made(ESG), "grant": "filing"})
        state = project.organization.state
        more["workspaces"] = [{"name": item["name"], "id": item["id"]} for item in state.all("workspace")]
    elif what == "stolen":
        project.run(handed_over=[project.made(ESG)], grants=[ESG])
        more["grants"] = [FILING, ESG]
        pair.update(client_id=re.findall(r"client_id: (.*)", project.credentials.read_text("utf-8"))[0].strip('"'))
    project.run(handover="defer", **more)
    before = project.files()
    outcome = project.run(handed_over=[pair], **more)
    grant = outcome["grants"][0]
    assert not outcome["changed"]
    assert project.files() == before
    expected = {
        "swapped": "look swapped",
        "short": "fewer than 12",
        "wrong": "was refused",
        "workspace": "of another workspace than SEC Filing",
        "stolen": "is the one of the grant esg of payroll-sync",
    }[what]
    assert expected in grant["error"]["msg"]
    assert [order["kind"] for order in outcome["orders"]] == ["create"]
    assert "wk_secret" not in json.dumps(outcome)


def test_credentials_that_cannot_be_checked_are_kept_and_stored_later(project: Project) -> None:
    pair = project.made()

    nowhere = {"connection": {"connect_to": ["api.app.wdesk.com:443:127.0.0.1:1"], "retries": 0}}
    outcome = project.run(handed_over=[pair], **nowhere)
    grant = only(outcome)
    assert (grant["stage"], grant["changed"], grant["error"]) == ("received", True, None)
    assert project.secret(name="received_client_secret") == pair["client_secret"]
    assert project.events() == ["ordered", "received"]
    before = project.files()
    assert not project.run(handed_over=[pair], **nowhere)["changed"]
    assert project.files() == before

    grant = only(project.run(handover="defer"))
    assert (grant["stage"], grant["health"], grant["changed"]) == ("stored", "ok", True)
    assert project.secret() == pair["client_secret"]
    assert "received_" not in project.credentials.read_text("utf-8")
    assert project.events() == ["ordered", "received", "verified", "stored", "closed"]


def asked_with(project: Project, run: Callable[[], Any]) -> Counter[str]:
    """How many token requests C(run) makes for each client ID."""
    before = len(project.organization.requests())
    run()
    tokens = [one for one in project.organization.requests()[before:] if one["path"].endswith("/token")]
    return Counter(one["body"]["client_id"] for one in tokens)


def test_kept_credentials_that_are_handed_over_again_are_checked_once(project: Project) -> None:
    nowhere = {"connection": {"connect_to": ["api.app.wdesk.com:443:127.0.0.1:1"], "retries": 0}}
    pair = project.made()
    project.run(handed_over=[pair], **nowhere)
    project.delete(pair)
    dated = {**pair, "expires": "2027-05-31"}
    assert asked_with(project, lambda: project.run(handed_over=[dated])) == {pair["client_id"]: 1}


def test_stored_credentials_that_the_run_saw_refused_are_not_asked_about_again(project: Project) -> None:
    filing, esg = project.made(), project.made(ESG)
    project.run(handed_over=[filing, esg], grants=[FILING, ESG])
    for pair in (filing, esg):
        project.delete(pair)
    leaving = [{**FILING, "state": "absent"}, ESG]
    asked = asked_with(project, lambda: project.run(handover="defer", grants=leaving))
    assert asked == {filing["client_id"]: 1, esg["client_id"]: 1}


def test_credentials_refused_behind_an_allowlist_are_kept(project: Project) -> None:
    declared = {**FILING, "ip_allowlist": ["203.0.113.7"]}
    pair = project.made(declared)
    grant = only(project.run(handed_over=[pair], grants=[declared]))
    assert (grant["stage"], grant["error"]) == ("received", None)
    project.change(pair, ip_allowlist=["203.0.113.7", "127.0.0.1"])
    grant = only(project.run(handover="defer", grants=[declared]))
    assert (grant["stage"], grant["health"]) == ("stored", "ok")
    project.change(pair, ip_allowlist=["203.0.113.7"])
    assert only(project.run(handover="defer", grants=[declared]))["health"] == "blocked_here"


def test_scopes_are_observed_and_dates_are_attested(project: Project) -> None:
    pair = project.made(scopes=["file:read"])
    outcome = project.run(handed_over=[{**pair, "expires": "2027-05-31"}])
    grant = only(outcome)
    assert (grant["stage"], grant["health"], grant["expires"]) == ("stored", "drifted", "2027-05-31")
    assert grant["fields"]["expires"] == {"value": "2027-05-31", "known": "attested"}
    (order,) = outcome["orders"]
    assert order["fields"]["changes"] == {
        "scopes": {"from": ["file:read"], "to": ["file:read", "file:write"]},
        "expires": {"from": "2027-05-31", "to": "2027-06-30"},
    }
    project.change(pair, scopes=["file:read", "file:write"])
    attested = {"integration": "payroll-sync", "grant": "filing", "expires": "2027-06-30"}
    grant = only(project.run(handed_over=[attested]))
    assert (grant["health"], grant["changed"], len(grant["steps"])) == ("ok", True, 2)
    before = project.files()
    assert not project.run(handed_over=[attested])["changed"]
    assert project.files() == before


def test_refused_credentials_need_a_regeneration_and_a_deleted_grant_is_retired(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pair = project.made()
    project.run(handed_over=[pair])
    absent = {**FILING, "state": "absent"}
    outcome = project.run(handover="defer", grants=[absent])
    assert [order["kind"] for order in outcome["orders"]] == ["delete"]
    project.delete(pair)
    outcome = project.run(handover="defer")
    assert only(outcome)["health"] == "rejected"
    assert [order["kind"] for order in outcome["orders"]] == ["regenerate"]
    # Nothing else is accepted here: a refusal alone proves nothing.
    outcome = project.run(handover="defer", grants=[absent])
    assert (only(outcome)["stage"], only(outcome)["changed"]) == ("stored", False)
    assert [order["kind"] for order in outcome["orders"]] == ["delete"]
    # With other credentials that are accepted, the second run that sees the refusal retires the grant.
    project.run(handed_over=[project.made(ESG)], grants=[ESG])
    for stage in ("stored", "retired"):
        for check_mode in (True, False):
            outcome = project.run(check_mode=check_mode, handover="defer", grants=[absent])
            # The order is open until the grant is retired.
            assert [order["kind"] for order in outcome["orders"]] == (["delete"] if stage == "stored" else [])
            assert (only(outcome)["stage"], only(outcome)["changed"]) == (stage, True)
        # The tasks of the same run are no second look.
        assert not project.run(handover="defer", grants=[absent])["changed"]
        monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path / "a later run"))
    assert project.secret() is None
    before = project.files()
    assert not project.run(handover="defer", grants=[absent])["changed"]
    assert project.files() == before


def test_refusal_retires_no_grant_where_an_absent_user_was_not_read(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A handover reads no users, and the run before it may have removed the access."""
    filing = project.made()
    project.run(handed_over=[filing, project.made(ESG)], grants=[FILING, ESG])
    leaving = {"grants": [{**FILING, "state": "absent"}], "absent": ["payroll-sync"]}
    project.run(handover="defer", **leaving)
    project.delete(filing)
    for number in range(4):
        monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path / f"run {number}"))
        outcome = project.run(handover="defer", orders="open", **leaving)
        assert [order["kind"] for order in outcome["orders"]] == ["delete"]
    assert not outcome["changed"]
    (order,) = outcome["orders"]
    confirmed = project.run(handed_over=[], done=[order["number"]], **leaving)
    assert (only(confirmed)["stage"], confirmed["orders"]) == ("retired", [])


def test_a_damaged_entry_stops_no_other_and_new_credentials_replace_it(project: Project) -> None:
    filing, esg = project.made(), project.made(ESG)
    project.run(handed_over=[filing, esg], grants=[FILING, ESG])
    text = project.credentials.read_text("utf-8")
    project.credentials.write_text(re.sub(r"(\$ANSIBLE_VAULT;1.1;AES256\n +)\d{9}", r"\g<1>000000000", text, count=1))
    outcome = project.run(handover="defer", grants=[FILING, ESG])
    damaged, other = outcome["grants"]
    assert other["health"] == "ok"
    assert "client_secret (line 11): The encrypted entry" in damaged["error"]["msg"]
    assert outcome["orders"] == []  # the password may only be missing from this run
    outcome = project.run(handed_over=[filing], grants=[FILING, ESG])
    assert [grant["health"] for grant in outcome["grants"]] == ["ok", "ok"]
    assert project.secret() == filing["client_secret"]


def test_the_vault_is_checked_before_credentials_are_accepted(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = project.made()
    project.actions.vault_passwords = {"dev": PASSWORD, "prod": PASSWORD}
    outcome = project.run(handed_over=[pair])
    assert "Several vault ids" in outcome["msg"]
    assert project.files() == {}
    project.actions.vault_passwords = {"default": PASSWORD}
    monkeypatch.setenv("JOB_ID", "7")
    assert "temporary copy of the project" in project.run(handed_over=[pair])["msg"]
    assert project.files() == {}
    monkeypatch.delenv("JOB_ID")
    project.actions.vault_passwords = {"dev": PASSWORD, "prod": PASSWORD}
    assert only(project.run(handed_over=[pair], vault_id="prod"))["stage"] == "stored"
    assert "AES256;prod" in project.credentials.read_text("utf-8")


def test_a_prompt_without_a_terminal_defers(project: Project) -> None:
    outcome = project.run(handover="prompt")
    assert only(outcome)["stage"] == "requested"
    assert [order["kind"] for order in outcome["orders"]] == ["create"]
    assert project.events() == ["ordered"]
    assert not project.credentials.exists()


def test_check_mode_predicts_the_orders_and_the_credentials_of_a_run(project: Project) -> None:
    pair = project.made()
    predicted = project.run(handed_over=[pair], check_mode=True, diff=True)
    assert project.files() == {}
    assert not (project.folder / "work-orders").exists()
    done = project.run(handed_over=[pair], diff=True)
    number = "payroll-sync.filing.1"
    assert (done["opened"], done["closed"], done["withdrawn"], done["orders"]) == ([number], [number], [], [])
    assert predicted == done
    again = project.run(handed_over=[pair], diff=True)
    assert (again["changed"], again["opened"], again["closed"]) == (False, [], [])


def test_a_person_chooses_from_the_open_orders(project: Project, actions: Actions) -> None:
    filing, esg = project.made(), project.made(ESG)
    actions.answers = ["2", esg["client_id"], esg["client_secret"], ""]
    outcome = project.run(handover="prompt", grants=[FILING, ESG])
    assert [grant["stage"] for grant in outcome["grants"]] == ["requested", "stored"]
    assert actions.answers == []
    listed = [text for text in actions.displayed if "payroll-sync." in text and ": add the grant" in text]
    assert len(listed) == 2
    # Chosen before, by the task open_orders: nothing is listed again.
    actions.answers = [filing["client_id"], filing["client_secret"], ""]
    outcome = project.run(handover="prompt", grants=[FILING, ESG], ask_for=["payroll-sync.filing.1"])
    assert [grant["stage"] for grant in outcome["grants"]] == ["stored", "stored"]


def test_handover_none_and_orders_none_change_no_work_order(project: Project) -> None:
    for options in ({"handover": "none"}, {"handover": "defer", "orders": "none"}):
        outcome = project.run(**options)
        assert (only(outcome)["stage"], outcome["orders"], outcome["opened"]) == ("declared", [], [])
    assert project.files() == {}


def test_orders_open_leaves_the_first_order_of_a_grant_to_onboard(project: Project) -> None:
    grant = only(project.run(handover="defer", orders="open"))
    assert (grant["waits_for"], grant["next"]) == (None, "Run onboard. It creates the user and writes the work order.")
    assert project.files() == {}
    project.run(handover="defer")
    outcome = project.run(handed_over=[project.made()], orders="open")
    assert (only(outcome)["stage"], outcome["closed"]) == ("stored", ["payroll-sync.filing.1"])


def test_a_failed_user_leaves_the_orders_of_its_grants_as_they_are(project: Project) -> None:
    user = {"integration": "payroll-sync", "state": "present", "error": {"msg": "no"}, "plan": []}
    outcome = project.run(handover="defer", users=[user])
    assert (outcome["opened"], outcome["changed"]) == ([], False)
    assert "Correct what failed for the user of payroll-sync" in only(outcome)["next"]


def test_a_grant_is_worked_on_from_the_machine_that_its_allowlist_lets_in(project: Project) -> None:
    there = {**ESG, "verify_from": "etl01"}
    for machine, names in ((None, ["filing"]), ("etl01", ["esg"]), ("etl02", [])):
        arguments = arguments_of(project.organization, project.folder, grants=[FILING, there], handover="defer")
        local = {"hostvars": {"etl01": {"ansible_connection": "local"}}}
        outcome = project.actions("oauth2_grants", arguments, delegate_to=machine, variables=local)
        assert [grant["grant"] for grant in outcome["grants"]] == names


def test_printed_commands_have_the_vault_id_of_the_run(project: Project, actions: Actions) -> None:
    actions.vault_passwords = {"prod": PASSWORD, "dev": "another password"}
    expected = "ansible-playbook integrations.workiva.handover --vault-id prod@prompt"
    (order,) = project.run(handover="defer", vault_id="prod")["orders"]
    assert order["handover"] == expected
    assert expected in Path(order["markdown"]).read_text("utf-8")
    arguments = arguments_of(project.organization, project.folder, vault_id="prod")
    loaded = {**arguments["project"], "integrations": ["payroll-sync"]}
    (order,) = actions("open_orders", {"project": loaded})["orders"]
    assert order["handover"] == expected
