# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The project folder: every problem is found, at its place, and quotes nothing that could be a secret."""

from __future__ import annotations

import datetime
import json
import unicodedata
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils import _safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.project import check_delete
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import (
    Findings,
    Source,
    Verbatim,
    template_source,
)
from tests.unit.plugins.plugin_utils._written_project import FILES, ROOT, WORKIVA, integration, load


def test_valid_project_has_no_problems(tmp_path: Path) -> None:
    project, out = load(tmp_path, integration(), integration("hr-feed"))
    assert out.problems == []
    assert out.warnings == []
    assert project.names == ["payroll-sync", "hr-feed"]
    assert project.grants[0].lifetime_days == 365
    assert project.grants[0].custodian == "finance@example.com"
    assert project.administrator_grants[0].integration == "administrator"
    assert project.users[0].organization_roles is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"usr": {}}, "unknown. Did you mean user?"),
        ({"client_secret": "wk_secret:oa2c:canary"}, "looks like a secret"),
        ({"purpose": "wk_secret:oa2c:canary"}, "looks like a secret"),
        ({"name": "Payroll"}, "small letters"),
        ({"name": "administrator"}, "Rename the integration"),
        ({"state": "gone"}, "state must be present or absent."),
        ({"user": None}, "needs user"),
        ({"grants": {"filing": {"workspace": "SEC Filing", "scopes": []}}}, "needs scopes"),
        ({"grants": {"filing": {"workspace": "Other", "scopes": ["file:read"]}}}, "not among user.workspaces"),
        (
            {"grants": {"filing": {"workspace": "SEC Filing", "scopes": ["file:read"], "expires": "2026-11-24"}}},
            "is not in the future",
        ),
        (
            {
                "grants": {
                    "filing": {"workspace": "SEC Filing", "scopes": ["x"], "expires": "2027-01-01", "lifetime": "9d"}
                }
            },
            "both lifetime and expires",
        ),
        (
            {"grants": {"filing": {"workspace": "SEC Filing", "scopes": ["x"], "lifetime": "a year"}}},
            "number of days. Write it with its unit",
        ),
        ({"grants": {"filing": {"workspace": "SEC Filing", "scopes": ["x"], "expires": "soon"}}}, "must be a date"),
        (
            {"grants": {"filing": {"workspace": "SEC Filing", "scopes": ["Spreadsheet (Read)"]}}},
            "Did you mean Spreadsheets",
        ),
        (
            {"grants": {"filing": {"workspace": "SEC Filing", "scopes": ["x"], "ip_allowlist": ["300.1.1.1"]}}},
            "no IP address",
        ),
        ({"delete_user": "perhaps"}, "true or false"),
        ({"user": ["a"]}, "must be a mapping"),
    ],
)
def test_every_problem_is_reported_with_its_place(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    _project, out = load(tmp_path, integration(**{**change}))
    matching = [problem for problem in out.problems if said in problem]
    assert matching, out.problems
    assert matching[0].split(":")[0].startswith("integrations.d/")
    assert matching[0].split(":")[1].isdigit()
    assert "canary" not in "".join(out.problems)


@pytest.mark.parametrize(
    ("change", "needs"),
    [
        ("state", "state must be present or absent."),
        ("delete_user", "delete_user must be true or false. Write one of them."),
        ("expires", "grants.filing.expires must be a date. Write it as YYYY-MM-DD, such as 2027-06-30."),
        ("lifetime", "grants.filing.lifetime must be a number of days. Write it with its unit, such as 365d."),
    ],
)
@pytest.mark.parametrize("canary", ["Canary0123456789abcd", "CanaryOfARegisteredPassword!", "password=canary-canary"])
def test_wrong_value_that_may_be_a_secret_is_not_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, needs: str, canary: str
) -> None:
    monkeypatch.setattr(_safe_text, "known_secrets", lambda: {"CanaryOfARegisteredPassword!"})
    item = integration()
    (item if change in ("state", "delete_user") else item["grants"]["filing"])[change] = canary
    _project, out = load(tmp_path, item)
    assert any(problem.endswith(f": {needs}") for problem in out.problems), out.problems
    assert canary not in "".join(out.problems)


def test_one_username_two_integrations(tmp_path: Path) -> None:
    first, second = integration(), integration("hr-feed")
    second["user"]["username"] = "PAYROLL-SYNC@example.com"
    _project, out = load(tmp_path, first, second)
    assert any("Give each integration a user of its own" in problem for problem in out.problems)


def test_a_broken_file_hides_nothing(tmp_path: Path) -> None:
    _project, out = load(tmp_path, "name: [canary\n", integration(usr={}))
    assert any("Look at the indentation" in problem for problem in out.problems)
    assert any("Did you mean user" in problem for problem in out.problems)
    assert "canary" not in "".join(out.problems)


def test_duplicate_keys_are_reported(tmp_path: Path) -> None:
    _project, out = load(tmp_path, "name: text0\nname: text0\n")
    assert any(problem.startswith("integrations.d/text0.yml:2: the key name is here twice") for problem in out.problems)


def test_names_of_a_mapping_that_differ_in_composed_accents_only_are_one(tmp_path: Path) -> None:
    composed = "Bücher"
    user = {**integration()["user"], "workspaces": {composed: {}, unicodedata.normalize("NFD", composed.upper()): {}}}
    grants = {"filing": {"workspace": composed, "scopes": ["file:read"]}}
    _project, out = load(tmp_path, integration(user=user, grants=grants))
    assert [problem for problem in out.problems if "twice" in problem]


def test_what_cannot_be_known_is_a_warning(tmp_path: Path) -> None:
    grant = {"workspace": "SEC Filing", "scopes": ["new:scope"], "ip_allowlist": ["203.0.113.0/24", "2001:db8::1"]}
    _project, out = load(tmp_path, integration(grants={"filing": grant}))
    assert out.problems == []
    assert len(out.warnings) == 3


def test_labels_become_the_vendors_strings(tmp_path: Path) -> None:
    grants = {
        "filing": {"workspace": "SEC Filing", "scopes": ["Spreadsheets (Write)", "data_tables|r", "Tasks (Read)"]}
    }
    own = {"workiva": {**WORKIVA["workiva"], "scope_labels": {"task:read": "Tasks (Read)"}}}
    project, out = load(tmp_path, integration(grants=grants), workiva=own)
    assert out.problems == []
    assert project.grants[0].scopes == (
        "data_tables|w",
        "data_tables|r",
        "task:read",
    )


def test_region_or_address(tmp_path: Path) -> None:
    for settings, said in (
        ({"region": "us", "api_url": "https://x"}, "either region"),
        ({"api_url": "http://x"}, "https://"),
        ({"region": "mars"}, "region must be us, eu or apac."),
    ):
        own = {"workiva": {"organization_id": WORKIVA["workiva"]["organization_id"], **settings}}
        _project, out = load(tmp_path, workiva=own)
        assert any(said in problem for problem in out.problems), out.problems


@given(
    st.dates(min_value=datetime.date(2026, 11, 25), max_value=datetime.date(9999, 12, 31)),
    st.sampled_from(["", "'", '"']),
)
def test_dates_quoted_or_not(tmp_path_factory: pytest.TempPathFactory, date: datetime.date, quote: str) -> None:
    folder = tmp_path_factory.mktemp("project")
    text = yaml.safe_dump(integration("text0"), sort_keys=False).replace(
        "- file:read\n", f"- file:read\n    expires: {quote}{date.isoformat()}{quote}\n"
    )
    project, out = load(folder, text)
    assert out.problems == []
    assert project.grants[0].expires == date.isoformat()


def test_only_strings_with_templates_are_templated() -> None:
    seen: list[str] = []
    source = Source("x", {"a": ["x", "{{ y }}", 1, None, Verbatim("{{ z }}")], "b": True})
    template_source(source, lambda text: seen.append(text) or text, Findings())
    assert seen == ["{{ y }}"]


def test_json_schema_accepts_what_the_check_accepts() -> None:
    schema = json.loads((ROOT / "docs" / "schema" / "integration.schema.json").read_text())
    jsonschema.validate(integration(), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(integration(usr={}), schema)


def test_a_rename_and_an_id_reach_the_user_and_its_grants(tmp_path: Path) -> None:
    item = integration(files=FILES)
    item["user"] |= {"previous_username": "payroll@example.com", "id": "V0ZVc2VyHzE"}
    project, out = load(tmp_path, item)
    assert out.problems == []
    assert (project.users[0].previous_username, project.users[0].id) == ("payroll@example.com", "V0ZVc2VyHzE")
    assert project.grants[0].previous_username == "payroll@example.com"
    assert project.files[0].permissions[0].previous_user == "payroll@example.com"
    assert project.files[0].permissions[1].previous_user is None
    taken = integration("payroll")
    _project, out = load(tmp_path, item, taken)
    assert any("this username is used already" in found for found in out.problems)


@pytest.mark.parametrize(
    ("said", "problems", "deletes"), [([], 0, False), (["payroll-sync"], 0, True), (["other"], 1, False)]
)
def test_to_delete_a_user_takes_two_words(tmp_path: Path, said: list[str], problems: int, deletes: bool) -> None:
    project, out = load(tmp_path, integration(state="absent", delete_user=True))
    check_delete(said, project, out)
    assert len(out.of_variables) == problems
    assert project.users[0].delete_user is deletes
