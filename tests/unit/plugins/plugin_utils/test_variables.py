# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of variables: every variable that a playbook reads is in it, and each value is converted or refused."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.modules.run_variables import DOCUMENTATION
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.due import VARIABLES as DELIVERED
from ansible_collections.integrations.workiva.plugins.plugin_utils._variable_table import BY_NAME, PLAYBOOKS, VARIABLES
from ansible_collections.integrations.workiva.plugins.plugin_utils._variables import (
    Unfit,
    converted,
    is_given,
    split_list,
    unknown_names,
)

ROOT = Path(__file__).resolve().parents[4]
NAME = re.compile(r"(?<![\w.])workiva_[a-z_]+")
SECRET = "wk_secret:oa2c:Canary0123456789abcd"


def test_the_table_has_every_variable_that_a_playbook_reads() -> None:
    read = set()
    for path in (ROOT / "playbooks").rglob("*.yml"):
        text = "\n".join(line.partition(" #")[0] for line in path.read_text("utf-8").splitlines())
        read |= set(NAME.findall(text))
    # Those that a job publishes are written there and not read; the tasks of a target get and set the others.
    own = {"workiva_loaded", *DELIVERED}
    assert read - own <= set(BY_NAME)
    assert {name for variable in VARIABLES for name in variable.playbooks} <= set(PLAYBOOKS)


def test_every_playbook_checks_its_variables() -> None:
    playbooks = {path.stem: path.read_text("utf-8") for path in (ROOT / "playbooks").glob("*.yml")}
    assert set(playbooks) == set(PLAYBOOKS)
    assert [name for name, text in playbooks.items() if f"__workiva_playbook: {name}\n" not in text] == []
    documented = yaml.safe_load(DOCUMENTATION)["options"]["playbook"]["choices"]
    assert documented == list(PLAYBOOKS)


def test_the_table_has_what_credentials_of_awx_give_to_jobs() -> None:
    text = (ROOT / "roles/awx/vars/credential_types.yml").read_text("utf-8")
    assert set(NAME.findall(text)) <= set(BY_NAME)


def test_an_unknown_name_is_reported_with_the_nearest() -> None:
    given_names = ["workiva_onyl", "workiva_only", "workiva_loaded", "__workiva_own", "other", "workiva_zzz"]
    assert unknown_names(given_names) == [
        "workiva_onyl: there is no variable of this name. Did you mean workiva_only?",
        "workiva_zzz: there is no variable of this name. docs/variables.md lists all.",
    ]


def test_unknown_names_answers_a_former_name_with_the_new_one() -> None:
    assert unknown_names(["workiva_surplus"]) == [
        "workiva_surplus: there is no variable of this name. It is now called workiva_excess_access."
    ]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("workiva_artifact", "True", True),
        ("workiva_artifact", "no", False),
        ("workiva_only", "a, b\nc", ["a", "b", "c"]),
        ("workiva_only", ["a b"], ["a b"]),
        ("workiva_today", date(2027, 6, 30), "2027-06-30"),
        ("workiva_fail_on", "expired,no_access", ["expired", "no_access"]),
        ("workiva_handover", " defer ", "defer"),
        ("workiva_changes", {"a": 1}, {"a": 1}),
    ],
)
def test_a_value_is_converted(name: str, value: Any, expected: Any) -> None:
    assert converted(BY_NAME[name], value, "onboard") == expected


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("workiva_artifact", SECRET, "must be true or false."),
        ("workiva_today", "30.06.2027", "must be a date, written as YYYY-MM-DD."),
        ("workiva_today", "20270630", "must be a date, written as YYYY-MM-DD."),
        ("workiva_fail_on", ["expired", "rejectd"], "entry 2 must be one of .*Did you mean rejected"),
        ("workiva_fail_on", "ok", "entry 1 must be one of"),
        ("workiva_only", [{"name": SECRET}], "must be a list of texts"),
        ("workiva_only", {"name": SECRET}, "must be a list of texts"),
        ("workiva_excess_access", "al", "must be one of none, report, full"),
        ("workiva_project", ["a"], "must be a single text"),
        ("workiva_handover", "prompt", "must be one of vars, defer"),
    ],
)
def test_an_unfit_value_is_refused_and_not_quoted(name: str, value: Any, said: str) -> None:
    with pytest.raises(Unfit, match=said) as caught:
        converted(BY_NAME[name], value, "onboard")
    assert SECRET not in str(caught.value)


def test_an_unanswered_question_is_not_given() -> None:
    assert [is_given(value) for value in (None, "", "  \n", [], {})] == [False] * 5
    assert [is_given(value) for value in (False, 0, "x", ["x"])] == [True] * 4


@given(
    st.lists(st.text(alphabet="abc-.1", min_size=1)),
    st.lists(st.sampled_from([",", " ", "\n", ", ", "\r\n"]), min_size=1),
)
def test_a_list_as_one_text_is_split_whatever_separates_it(words: list[str], separators: list[str]) -> None:
    text = "".join(word + separators[place % len(separators)] for place, word in enumerate(words))
    assert list(split_list(text)) == words


@given(st.sampled_from(VARIABLES), st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text())))
def test_every_value_is_converted_or_refused(variable: Any, value: Any) -> None:
    for playbook in PLAYBOOKS:
        try:
            found = converted(variable, value, playbook)
        except Unfit:
            continue
        if variable.kind != "as it is":
            # What was converted once stays as it is.
            assert converted(variable, found, playbook) == found
