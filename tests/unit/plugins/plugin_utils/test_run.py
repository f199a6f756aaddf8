# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run was given is read, or stops it: nothing is dropped, and nothing that may be a secret is quoted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible.errors import AnsibleError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import FromVariables
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.plan import run_facts
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.settings import (
    DeclaredNames,
    Run,
    match,
    read_run,
)

ID = "3f0a4a6e-6a83-4c11-9d6b-0c8c3c3a5f2e"
SECRET = "wk_secret:oa2c:Canary0123456789abcd"
DECLARED = DeclaredNames(
    {
        ("payroll-sync", "filing"): "present",
        ("payroll-sync", "esg"): "present",
        ("audit-reader", "main"): "absent",
        ("administrator", "organization"): "present",
    },
    ["payroll-sync", "audit-reader", "ledger-load", "administrator"],
    ["payroll-sync", "audit-reader", "administrator"],
)
ORDERS = {"payroll-sync.filing.1": False, "audit-reader.main.2": True}


def read(playbook: str = "handover", **given_values: Any) -> Run:
    values = {f"workiva_{name}": value for name, value in given_values.items()}
    return read_run(playbook, values, values.__getitem__)


def result_of(run: Run) -> dict[str, Any]:
    return run_facts(run.playbook, run.settings, run.given, is_local=True).as_result()


def entry(integration: str = "payroll-sync", grant: str = "filing", **more: Any) -> dict[str, Any]:
    return {"integration": integration, "grant": grant, "client_id": ID, "client_secret": SECRET, **more}


def problems(*entries: dict[str, Any], **given_values: Any) -> list[str]:
    run = read(handed_over=list(entries), **given_values) if entries else read(**given_values)
    found = match(run, list(entries), DECLARED, ORDERS)
    return [*run.problems, *found.problems]


def test_settings_have_the_defaults_of_the_playbook() -> None:
    assert read("verify").settings["excess_access"] == "full"
    assert read("onboard").settings["excess_access"] == "report"
    assert read("handover").settings["handover"] == "prompt"
    assert read("onboard").settings["handover"] == "defer"
    assert read("onboard").settings["done"] == []
    assert read("onboard", artifact="").settings["artifact"] is False


def test_an_empty_list_replaces_a_default_with_entries() -> None:
    for playbook, name in (("verify", "fail_on"), ("verify", "certificate_fail_on"), ("rehearse", "mistakes")):
        assert read(playbook, **{name: []}).settings[name] == []
        assert read(playbook, **{name: ""}).settings[name] == read(playbook).settings[name] != []
    assert "only" not in read("verify", only=[]).given
    assert read("onboard", delete_user=[]).problems == ()


def test_what_is_handed_over_is_read_from_variables() -> None:
    for playbook in ("onboard", "handover", "offboard"):
        assert read(playbook, handed_over=[entry()]).settings["handover"] == "vars"
        assert read(playbook, done="audit-reader.main.2").settings["handover"] == "vars"
    assert read(survey_integration="payroll-sync", survey_done="a.b.1, a.b.2").settings["done"] == ["a.b.1", "a.b.2"]


@pytest.mark.parametrize("given", [{"sealed": "x"}, {"survey_integration": "a", "survey_sealed": "x"}])
def test_a_sealed_text_is_read_without_a_prompt(given: dict[str, Any]) -> None:
    run = read(**given)
    assert run.problems == ()
    assert run.settings["handover"] == "vars"
    assert run.hands_over
    assert not {"sealed", "survey_sealed"} & set(run.settings)


def test_a_result_holds_no_credential_and_no_answer_of_a_survey() -> None:
    run = read(handed_over=[entry()], repository_password=SECRET, survey_integration=SECRET, survey_grant=SECRET)
    assert SECRET not in str(result_of(run))
    assert SECRET not in str(run.problems)


@pytest.mark.parametrize(
    ("playbook", "given_values", "said"),
    [
        (
            "onboard",
            {"onyl": "payroll-sync"},
            "workiva_onyl: there is no variable of this name. Did you mean workiva_only?",
        ),
        ("verify", {"handed_over": [entry()]}, "workiva_handed_over: verify does not read it."),
        (
            "onboard",
            {"delete_user": "payroll-sync"},
            "workiva_delete_user: onboard does not read it. It is for offboard.",
        ),
        ("onboard", {"handover": "prompt"}, "workiva_handover: must be one of vars, defer."),
        (
            "handover",
            {"handover": "defer", "done": "a.b.1"},
            "workiva_handover: with defer, workiva_done would not be read.",
        ),
        (
            "handover",
            {"done": f"a.b.1,{SECRET}"},
            "workiva_done: entry 2 is not the number",
        ),
        (
            "onboard",
            {"survey_client_id": ID},
            "workiva_survey_client_id: onboard does not read it. It is for handover.",
        ),
        (
            "verify",
            {"survey_client_secret": SECRET},
            "workiva_survey_client_secret: verify does not read it. It is for handover.",
        ),
        ("onboard", {"sealed": "x"}, "workiva_sealed: onboard does not read it. It is for handover."),
        (
            "handover",
            {"sealed": "x", "handover": "defer"},
            "workiva_handover: with defer, workiva_sealed would not be read.",
        ),
        (
            "handover",
            {"survey_integration": "a", "survey_client_id": ID, "survey_client_secret": SECRET, "survey_sealed": "x"},
            "workiva_survey_sealed: give the sealed text, or the client ID,",
        ),
        ("awx", {"handed_over": [entry()]}, "workiva_handed_over: awx does not read it."),
        ("awx", {"onyl": "payroll-sync"}, "workiva_onyl: there is no variable of this name."),
        (
            "handover",
            {"survey_client_id": ID},
            "workiva_survey_client_secret: it has no answer. The client ID and the client secret are both needed.",
        ),
        (
            "handover",
            {"survey_expires": "2027-06-30"},
            "workiva_survey_integration: the survey must name the integration.",
        ),
    ],
)
def test_what_would_be_dropped_stops_the_run(playbook: str, given_values: dict[str, Any], said: str) -> None:
    found = read(playbook, **given_values).problems
    assert any(problem.startswith(said) for problem in found), found
    assert SECRET not in str(found)


def test_the_answers_of_a_workflow_do_not_stop_keep() -> None:
    assert read("save", done="a.b.1", survey_client_id=ID, survey_client_secret=SECRET, changes={"a": 1}).problems == ()


@pytest.mark.parametrize(
    ("integration", "grant", "said"),
    [
        ("payrol-sync", "filing", "there is no integration payrol-sync. Did you mean payroll-sync?"),
        ("Payroll-Sync", "filing", "there is no integration Payroll-Sync. Did you mean payroll-sync?"),
        ("payroll-sync", "filling", "payroll-sync has no grant filling. Did you mean filing? Declared: filing, esg."),
        ("payroll-sync", SECRET, "payroll-sync has no grant of this name. Declared: filing, esg."),
        (SECRET, "filing", "there is no integration of this name. Declared: payroll-sync,"),
        ("ledger-load", "main", "workiva_only limits this run to other integrations than ledger-load."),
        ("audit-reader", "main", "the grant main of audit-reader is marked state: absent"),
    ],
)
def test_an_entry_that_matches_nothing_stops_the_run(integration: str, grant: str, said: str) -> None:
    (found,) = problems(entry("administrator", "organization"), entry(integration, grant))
    assert found.startswith(f"workiva_handed_over, entry 2: {said}")
    assert SECRET not in found
    (found,) = problems(
        survey_integration=integration, survey_grant=grant, survey_client_id=ID, survey_client_secret=SECRET
    )
    assert found.startswith(f"The survey: {said}")
    assert SECRET not in found


def test_the_only_grant_needs_no_name_in_a_survey() -> None:
    answers = {"survey_client_id": ID, "survey_client_secret": SECRET}
    run = read(survey_integration="administrator", **answers)
    assert match(run, None, DECLARED, ORDERS).survey_grant == "organization"
    run = read(survey_integration="payroll-sync", **answers)
    (found,) = match(run, None, DECLARED, ORDERS).problems
    assert found == "The survey: payroll-sync has no grant of this name. Declared: filing, esg."


def test_a_number_that_no_order_has_stops_the_run() -> None:
    (found,) = problems(done="audit-reader.main.3")
    assert (
        found == "workiva_done, entry 1: there is no work order audit-reader.main.3. Did you mean audit-reader.main.2?"
    )
    (found,) = problems(done="ledger-load.main.1")
    assert "workiva_only limits this run" in found
    assert problems(done="audit-reader.main.2") == []


def test_a_confirmation_that_is_not_needed_is_noted() -> None:
    found = match(read(done=["payroll-sync.filing.1"]), None, DECLARED, ORDERS)
    assert found.problems == ()
    assert found.notes[0].startswith("Work order payroll-sync.filing.1 needs no confirmation")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"expires": "30.06.2027"}, "expires must be a date, written as YYYY-MM-DD."),
        ({"expires": ["2027-06-30"]}, "expires must be a date, written as YYYY-MM-DD."),
        ({"client_id": [SECRET]}, "client_id must be a single text."),
        ({"client_secret": {"secret": SECRET}}, "client_secret must be a single text."),
        ({"client_secret": ""}, "it has no client_secret: client_id and client_secret are both needed."),
        ({"client_id": None}, "it has no client_id: client_id and client_secret are both needed."),
        ({"client_id": SECRET, "client_secret": ID}, "The client ID and the client secret look swapped."),
        ({"client_secret": SECRET[:-6]}, "The client secret was cut short"),
        ({"ip_allowlist": [SECRET]}, "ip_allowlist must be a list of IP addresses."),
        ({"ip_allowlist": {"address": SECRET}}, "ip_allowlist must be a list of IP addresses."),
        ({"secret": SECRET}, "the key secret is unknown. Did you mean client_secret?"),
        ({"password": SECRET}, "one of its keys is unknown. Known are integration, grant, client_id,"),
        (
            {"client_id": "", "client_secret": ""},
            "nothing is handed over in it: it needs client_id and client_secret, or expires, or ip_allowlist.",
        ),
    ],
)
def test_a_value_of_an_entry_that_cannot_be_used_stops_the_run(values: dict[str, Any], said: str) -> None:
    (found,) = problems(entry("administrator", "organization"), entry(**values))
    assert found.startswith(f"workiva_handed_over, entry 2 (payroll-sync.filing): {said}")
    assert SECRET[:-6] not in found


@pytest.mark.parametrize("values", [{"expires": "soon"}, {"client_id": [SECRET]}, {"client_secret": ""}])
def test_the_task_refuses_all_entries_where_one_cannot_be_used(values: dict[str, Any]) -> None:
    with pytest.raises(
        InvalidArgument, match=r"^Entry 2 of handed_over: .* Nothing was accepted\. Keep the file"
    ) as refused:
        FromVariables([entry("administrator", "organization"), entry(**values)])
    assert SECRET not in str(refused.value)


def test_all_problems_of_all_entries_are_reported_at_once() -> None:
    found = problems(
        {"integration": SECRET, "grant": "filing", "expires": "soon"},
        entry(expires="soon", client_secret=""),
        entry(),
        7,
    )
    assert [text.partition(":")[0] for text in found] == [
        "workiva_handed_over, entry 1",
        "workiva_handed_over, entry 1",
        "workiva_handed_over, entry 2 (payroll-sync.filing)",
        "workiva_handed_over, entry 2 (payroll-sync.filing)",
        "workiva_handed_over, entry 4",
    ]
    assert SECRET not in str(found)
    (twice,) = problems(entry(), entry())
    assert twice == "workiva_handed_over, entry 2 (payroll-sync.filing): it is a second entry for the same grant."


@pytest.mark.parametrize("more", [{"expires": "2027-06-30"}, {"expires": date(2027, 6, 30)}, {"ip_allowlist": []}])
def test_an_entry_without_credentials_is_for_what_the_screen_shows(more: dict[str, Any]) -> None:
    assert problems({"integration": "payroll-sync", "grant": "filing", **more}) == []


def test_an_entry_that_no_vault_password_opens_is_a_problem() -> None:
    class Sealed:
        def __str__(self) -> str:
            raise AnsibleError(f"cannot decrypt {SECRET}")

    (found,) = problems(entry(client_secret=Sealed()))
    assert "client_secret cannot be read: no vault password of this run decrypts it." in found
    assert SECRET not in found


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {"survey_integration": "payrol-sync"},
            "The survey: there is no integration payrol-sync. Did you mean payroll-sync?",
        ),
        (
            {"survey_integration": "payroll-sync", "survey_grant": "filling"},
            "The survey: payroll-sync has no grant filling.",
        ),
        ({"survey_grant": "filing"}, "workiva_survey_integration: the survey must name the integration."),
    ],
)
def test_names_in_a_survey_are_matched_without_credentials_too(answers: dict[str, str], said: str) -> None:
    found = problems(survey_done="audit-reader.main.2", **answers)
    assert any(problem.startswith(said) for problem in found), found


def test_a_survey_confirms_the_order_to_delete_a_grant() -> None:
    run = read(survey_integration="audit-reader", survey_grant="main", survey_done="audit-reader.main.2")
    found = match(run, None, DECLARED, ORDERS)
    assert (run.problems, found.problems, found.grants, found.survey_grant) == ((), (), (), "")


def test_a_survey_that_hands_nothing_over_is_a_problem() -> None:
    (found,) = problems(survey_integration="payroll-sync", survey_grant="filing")
    assert found.startswith("The survey names an integration or a grant, and nothing is handed over for it")


def test_a_malformed_secret_in_a_survey_is_a_problem() -> None:
    answers = {"survey_client_id": ID, "survey_client_secret": SECRET[:-6]}
    (found,) = problems(survey_integration="payroll-sync", survey_grant="filing", **answers)
    assert found.startswith("The survey: The client secret was cut short")
    assert SECRET[:-6] not in found


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), max_size=4))
def test_each_entry_is_matched_or_reported(names: list[tuple[str, str]]) -> None:
    entries = [entry(integration, grant) for integration, grant in names]
    run = read(handed_over=entries)
    found = match(run, entries, DECLARED, ORDERS)
    if entries and not found.problems:
        assert set(found.grants) <= {key for key, state in DECLARED.grants.items() if state == "present"}
        assert len(found.grants) == len(entries)
    assert SECRET not in str(found.problems)


@pytest.mark.parametrize(
    "given_values",
    [
        {"repository_url": "https://robot:Canary-of-the-run@git.example.com/finance/workiva.git"},
        {"repository_url": "https://Canary-of-the-run@git.example.com/finance/workiva.git"},
        {"repository_url": "ssh://git:Canary-of-the-run@git.example.com/finance/workiva.git"},
        {"vault_id": f"{SECRET}Canary-of-the-run"},
        {"only": ["payroll-sync", f"{SECRET}Canary-of-the-run"]},
    ],
)
def test_a_secret_in_a_variable_whose_value_is_in_results_stops_the_run(given_values: dict[str, Any]) -> None:
    run = read("onboard", **given_values)
    (name,) = given_values
    assert run.problems == (
        f"workiva_{name}: holds a password, a token or another secret. Give it in the variable that is meant for it.",
    )
    assert "Canary" not in str(result_of(run))


@pytest.mark.parametrize(
    "url", ["ssh://git@git.example.com/workiva.git", "git@git.example.com:workiva.git", "/srv/a@b"]
)
def test_a_user_of_ssh_is_no_secret(url: str) -> None:
    run = read("onboard", repository_url=url)
    assert (run.problems, run.settings["repository_url"]) == ((), url)
