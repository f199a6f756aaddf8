# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The project folder: every problem is found, at its place, and quotes nothing that could be a secret."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import (
    DeclaredPermission,
    DeclaredPrincipal,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import Stored, choose_grants
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.build import build
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import AdministrationGrants
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.examples import (
    ORGANIZATION,
    WRITTEN_BY_START,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.project import Project, check_delete
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import (
    Findings,
    Source,
    Verbatim,
    read_source,
    template_source,
)

TODAY = datetime.date(2026, 11, 24)
ROOT = Path(__file__).resolve().parents[4]
WORKIVA: dict[str, Any] = {
    "workiva": {
        "region": "us",
        "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655",
        "administrator": {
            "username": "automation@example.com",
            "custodian": "admins@example.com",
            "workspace": "SEC Filing",
            "scopes": ["organization:read", "organization:write"],
        },
        "defaults": {"owner": "finance@example.com"},
    }
}


def integration(name: str = "payroll-sync", **more: Any) -> dict[str, Any]:
    user = {
        "username": f"{name}@example.com",
        "email": f"{name}@example.com",
        "given_name": "Payroll",
        "family_name": "Sync",
        "workspaces": {"SEC Filing": {"roles": ["Professional"]}},
    }
    grants = {"filing": {"workspace": "SEC Filing", "scopes": ["file:read"]}}
    return {"name": name, "user": user, "grants": grants, **more}


def used_grants(project: Project, stored: Stored) -> AdministrationGrants:
    return choose_grants([grant.grant for grant in project.administrator_grants], project.mode(), stored)


def load(folder: Path, *integrations: dict[str, Any] | str, workiva: Any = None) -> tuple[Project, Findings]:
    (folder / "integrations.d").mkdir(exist_ok=True)
    (folder / "workiva.yml").write_text(yaml.safe_dump(workiva or WORKIVA))
    out = Findings()
    sources = []
    for number, item in enumerate(integrations):
        name = item["name"] if isinstance(item, dict) else f"text{number}"
        path = folder / "integrations.d" / f"{name}.yml"
        path.write_text(item if isinstance(item, str) else yaml.safe_dump(item, sort_keys=False))
        source = read_source(str(path), f"integrations.d/{name}.yml", out)
        sources += [source] if source else []
    settings = read_source(str(folder / "workiva.yml"), "workiva.yml", out)
    return build(settings, sources, lambda integration, grant: False, TODAY, out), out


def test_a_sound_project(tmp_path: Path) -> None:
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
        ({"name": "administrator"}, "administrator grant's"),
        ({"state": "gone"}, "one of present, absent"),
        ({"user": None}, "needs user"),
        ({"grants": {"filing": {"workspace": "SEC Filing", "scopes": []}}}, "needs scopes"),
        ({"grants": {"filing": {"workspace": "Other", "scopes": ["file:read"]}}}, "not among user.workspaces"),
        (
            {"grants": {"filing": {"workspace": "SEC Filing", "scopes": ["file:read"], "expires": "2026-11-24"}}},
            "date in the past",
        ),
        (
            {
                "grants": {
                    "filing": {"workspace": "SEC Filing", "scopes": ["x"], "expires": "2027-01-01", "lifetime": "9d"}
                }
            },
            "both lifetime and expires",
        ),
        ({"grants": {"filing": {"workspace": "SEC Filing", "scopes": ["x"], "lifetime": "a year"}}}, "days like 365d"),
        ({"grants": {"filing": {"workspace": "SEC Filing", "scopes": ["x"], "expires": "soon"}}}, "date like"),
        (
            {"grants": {"filing": {"workspace": "SEC Filing", "scopes": ["Spreadsheet (Read)"]}}},
            "Did you mean Spreadsheets",
        ),
        (
            {"grants": {"filing": {"workspace": "SEC Filing", "scopes": ["x"], "ip_allowlist": ["300.1.1.1"]}}},
            "no IP address",
        ),
        ({"delete": "perhaps"}, "true or false"),
        ({"user": ["a"]}, "must be a mapping"),
    ],
)
def test_every_problem_is_told_with_its_place(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    _project, out = load(tmp_path, integration(**{**change}))
    matching = [problem for problem in out.problems if said in problem]
    assert matching, out.problems
    assert matching[0].split(":")[0].startswith("integrations.d/")
    assert matching[0].split(":")[1].isdigit()
    assert "canary" not in "".join(out.problems)


def test_one_username_two_integrations(tmp_path: Path) -> None:
    first, second = integration(), integration("hr-feed")
    second["user"]["username"] = "PAYROLL-SYNC@example.com"
    _project, out = load(tmp_path, first, second)
    assert any("one integration, one user" in problem for problem in out.problems)


def test_a_broken_file_hides_nothing(tmp_path: Path) -> None:
    _project, out = load(tmp_path, "name: [canary\n", integration(usr={}))
    assert any("not valid YAML" in problem for problem in out.problems)
    assert any("Did you mean user" in problem for problem in out.problems)
    assert "canary" not in "".join(out.problems)


def test_duplicate_keys_are_told(tmp_path: Path) -> None:
    _project, out = load(tmp_path, "name: text0\nname: text0\n")
    assert any(
        problem.startswith("integrations.d/text0.yml:2: the key name stands here twice") for problem in out.problems
    )


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
        ({"region": "us", "api_url": "https://x"}, "one of the two"),
        ({"api_url": "http://x"}, "https://"),
        ({"region": "mars"}, "one of us, eu, apac"),
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


FILES = {"SEC Filing": {"124e": {"permission": "Editor", "groups": {"Data loaders": "Viewer"}, "about": "Schedules"}}}
FILE_ADMINISTRATOR = {
    "username": "automation@example.com",
    "custodian": "admins@example.com",
    "workspace": "SEC Filing",
    "scopes": ["file:read", "file:write"],
}


def with_file_administrator(**grants: Any) -> dict[str, Any]:
    return {"workiva": {**WORKIVA["workiva"], "file_administrator": grants}}


def test_files_are_taken_in_the_shape_of_file_permissions(tmp_path: Path) -> None:
    project, out = load(tmp_path, integration(files=FILES), workiva=with_file_administrator(filing=FILE_ADMINISTRATOR))
    assert out.problems == []
    (file,) = project.files
    assert [permission.as_result() for permission in file.permissions] == [
        {"user": "payroll-sync@example.com", "permission": "Editor", "state": "present"},
        {"group": "Data loaders", "permission": "Viewer", "state": "present"},
    ]
    assert (file.mode, file.workspace, file.asked_by) == ("add", "SEC Filing", "finance@example.com")
    assert project.grants[0].files == ("124e",)
    (grant,) = project.file_administrator_grants
    assert (grant.integration, grant.grant, grant.lifetime_days) == ("file-administrator", "filing", 365)


def test_the_files_of_an_absent_integration_lose_its_user_only(tmp_path: Path) -> None:
    project, out = load(tmp_path, integration(files=FILES, state="absent"))
    assert out.problems == []
    assert project.files[0].permissions == (DeclaredPermission("absent", user="payroll-sync@example.com"),)
    assert project.grants[0].files == ()


def test_an_exact_file_keeps_what_another_integration_declares(tmp_path: Path) -> None:
    exact = {"SEC Filing": {"124e": {"permission": "Editor", "mode": "exact"}}}
    plain = {"SEC Filing": {"124e": {"permission": "Viewer"}}}
    project, out = load(tmp_path, integration(files=exact), integration("hr-feed", files=plain))
    assert out.problems == []
    assert project.files[0].keep == (DeclaredPrincipal(user="hr-feed@example.com"),)
    assert project.files[1].keep == ()


@pytest.mark.parametrize(
    ("files", "other", "problem"),
    [
        ({"ESG": {"124e": {"permission": "Editor"}}}, {}, "is not among user.workspaces"),
        ({"SEC Filing": {"124e": {}}}, {}, "the file needs permission, users or groups"),
        ({"SEC Filing": {"12 4e": {"permission": "Editor"}}}, {}, "takes the id of a file"),
        ({"SEC Filing": {"124e": {"permision": "Editor"}}}, {}, "Did you mean permission?"),
        ({"SEC Filing": ["124e"]}, {}, "must be a mapping of names"),
        ({"SEC Filing": None}, {}, "integrations.d/payroll-sync.yml:17: SEC Filing in files needs a value."),
        (
            {"SEC Filing": {"124e": {"users": {"anna@example.com": None}}}},
            {},
            "payroll-sync.yml:20: anna@example.com in files.SEC Filing.124e.users needs a value.",
        ),
        (
            {"SEC Filing": {"124e": {"users": {"anna@example.com": "Editor"}}}},
            {"SEC Filing": {"124e": {"users": {"Anna@example.com": "Viewer"}}}},
            "the user Anna@example.com is to have Editor on this file already",
        ),
    ],
)
def test_files_that_cannot_be_meant(tmp_path: Path, files: Any, other: Any, problem: str) -> None:
    _project, out = load(tmp_path, integration(files=files), integration("hr-feed", files=other))
    assert any(problem in found for found in out.problems), out.problems
    assert len(out.problems) == 1


@pytest.mark.parametrize(
    ("grants", "problem"),
    [
        ({"a": {**FILE_ADMINISTRATOR, "scopes": ["file:read"]}}, "a file administrator grant needs file:write"),
        ({"a": FILE_ADMINISTRATOR, "b": FILE_ADMINISTRATOR}, "has a file administrator grant already: a."),
        ({"a": {**FILE_ADMINISTRATOR, "workspace": ""}}, "a needs workspace"),
        ({"a": {**FILE_ADMINISTRATOR, "username": "payroll-sync@example.com"}}, "is taken already"),
    ],
)
def test_a_file_administrator_that_cannot_do_its_work(tmp_path: Path, grants: Any, problem: str) -> None:
    _project, out = load(tmp_path, integration(), workiva=with_file_administrator(**grants))
    assert any(problem in found for found in out.problems), out.problems


def test_the_name_of_the_file_administrators_is_taken(tmp_path: Path) -> None:
    _project, out = load(tmp_path, integration("file-administrator"))
    assert any("is the one of the file administrator grants" in found for found in out.problems)


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
    assert any("payroll@example.com is taken already" in found for found in out.problems)


READ, WRITE = "organization:read", "organization:write"
ENTRY: dict[str, Any] = WORKIVA["workiva"]["administrator"]


@pytest.mark.parametrize(
    ("administrator", "reader", "administration", "mode", "used"),
    [
        ([READ, WRITE], None, None, "writer", ("organization", "organization")),
        ([READ, WRITE], [READ], "api", "writer", ("reader", "organization")),
        ([READ], None, None, "reader", ("organization", "organization")),
        (None, [READ], None, "reader", ("reader", "reader")),
        (None, [READ], "work_order", "reader", ("reader", "reader")),
        ([READ], None, "work_order", "reader", ("organization", "organization")),
        (None, None, "work_order", "none", ("", "")),
        (None, None, None, "writer", ("", "")),
    ],
)
def test_the_mode_and_the_grants_follow_from_what_is_declared(
    tmp_path: Path,
    administrator: list[str] | None,
    reader: list[str] | None,
    administration: str | None,
    mode: str,
    used: tuple[str, str],
) -> None:
    entries = {"administrator": administrator, "reader": reader}
    settings = {name: value for name, value in WORKIVA["workiva"].items() if name != "administrator"}
    settings |= {name: {**ENTRY, "scopes": scopes} for name, scopes in entries.items() if scopes}
    settings |= {"administration": administration} if administration else {}
    project, out = load(tmp_path, integration(), workiva={"workiva": settings})
    assert out.problems == []
    assert project.mode() == mode
    found = used_grants(project, lambda _integration, _grant: True)
    assert (found.read, found.write) == used
    needed = {"writer": (READ, WRITE), "reader": (READ,), "none": ()}[mode]
    assert project.scopes_needed(1).write == needed
    assert WRITE not in project.scopes_needed(0).write
    assert WRITE not in project.scopes_needed(1).read


def test_a_reader_whose_pair_is_not_there_yet_is_not_waited_for(tmp_path: Path) -> None:
    settings = {**WORKIVA["workiva"], "reader": {**ENTRY, "scopes": [READ]}}
    project, _out = load(tmp_path, workiva={"workiva": settings})
    assert used_grants(project, lambda _integration, grant: grant == "organization").read == "organization"
    assert used_grants(project, lambda _integration, grant: False).read == "reader"
    assert [grant.grant for grant in project.administrator_grants] == ["organization", "reader"]


def test_a_grant_called_user_is_refused(tmp_path: Path) -> None:
    grants = {"user": {"workspace": "SEC Filing", "scopes": ["file:read"]}}
    _project, out = load(tmp_path, integration(grants=grants))
    assert "no grant may be called user" in out.problems[0]


@pytest.mark.parametrize(
    ("said", "problems", "deletes"), [([], 0, False), (["payroll-sync"], 0, True), (["other"], 1, False)]
)
def test_to_delete_a_user_takes_two_words(tmp_path: Path, said: list[str], problems: int, deletes: bool) -> None:
    project, out = load(tmp_path, integration(state="absent", delete=True))
    check_delete(said, project, out)
    assert len(out.problems) == problems
    assert project.users[0].delete is deletes


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("file:reed", "there is no scope file:reed. Did you mean file:read?"),
        ("files:read", "Did you mean file:read?"),
        ("FILE:READ", "Did you mean file:read?"),
        ("flie:write", "Did you mean file:write?"),
        ("spreadsheets (read)", "Did you mean Spreadsheets (Read)?"),
        ("file:read file:write", "holds 2 scopes. Write each scope as an entry of its own."),
        ("organization:read, file:read", "holds 2 scopes."),
        ("file:*", "a scope has no wildcards. Name each scope: file:read, file:write."),
    ],
)
def test_a_misspelt_scope_is_a_problem_unless_the_project_lists_it(tmp_path: Path, written: str, said: str) -> None:
    grants = {"filing": {"workspace": "SEC Filing", "scopes": [written]}}
    _project, out = load(tmp_path, integration(grants=grants))
    (problem,) = out.problems
    assert said in problem
    assert re.match(r"integrations\.d/payroll-sync\.yml:[0-9]+: ", problem)
    listed = {"workiva": {**WORKIVA["workiva"], "scope_labels": {written: "As Shown"}}}
    project, out = load(tmp_path, integration(grants=grants), workiva=listed)
    assert out.problems == []
    assert project.grants[0].scopes == (written,)


@pytest.mark.parametrize("written", ["chains:execute", "scim|w", "activity:write", "document:comment"])
def test_an_unknown_scope_that_resembles_none_is_a_note(tmp_path: Path, written: str) -> None:
    grants = {"filing": {"workspace": "SEC Filing", "scopes": [written]}}
    _project, out = load(tmp_path, integration(grants=grants))
    assert out.problems == []
    assert f"this scope {written} is not among those publicly known" in out.warnings[0]


@pytest.mark.parametrize(
    ("roles", "organization_roles", "notes"),
    [
        (["Professional"], [], 1),
        (["Workspace Owner"], [], 0),
        (["Professional"], ["org user admin"], 0),
    ],
)
def test_a_scope_says_what_its_user_needs(
    tmp_path: Path, roles: list[str], organization_roles: list[str], notes: int
) -> None:
    item = integration(grants={"log": {"workspace": "SEC Filing", "scopes": ["activity:read"]}})
    item["user"] |= {"organization_roles": organization_roles, "workspaces": {"SEC Filing": {"roles": roles}}}
    _project, out = load(tmp_path, item)
    assert len(out.warnings) == notes
    assert all("Org User Admin, Org Workspace Admin, Org Security Admin" in note for note in out.warnings)


def test_a_chain_scope_says_that_its_user_must_sign_in_once(tmp_path: Path) -> None:
    item = integration(grants={"chains": {"workspace": "SEC Filing", "scopes": ["chains:execute"]}})
    _project, out = load(tmp_path, item)
    assert any("must sign in to Chain Builder once" in note for note in out.warnings)


@pytest.mark.parametrize(
    ("change", "workiva", "place"),
    [
        ({"owner": "PAYROLL-SYNC@example.com"}, {}, "integrations.d/payroll-sync.yml"),
        ({"owner": "hr-feed@example.com"}, {}, "integrations.d/payroll-sync.yml"),
        ({}, {"defaults": {"owner": "finance@example.com", "custodian": "hr-feed@example.com"}}, "workiva.yml"),
        (
            {},
            {"administrator": {**WORKIVA["workiva"]["administrator"], "custodian": "hr-feed@example.com"}},
            "workiva.yml",
        ),
    ],
)
def test_the_user_of_an_integration_answers_for_nothing(
    tmp_path: Path, change: dict[str, Any], workiva: dict[str, Any], place: str
) -> None:
    settings = {"workiva": {**WORKIVA["workiva"], **workiva}}
    _project, out = load(tmp_path, integration(**change), integration("hr-feed"), workiva=settings)
    (problem,) = out.problems
    assert problem.startswith(f"{place}:")
    assert "the user of an integration (integrations.d/" in problem


def test_a_custodian_is_not_the_user_itself(tmp_path: Path) -> None:
    item = integration()
    item["user"]["custodian"] = "payroll-sync@example.com"
    _project, out = load(tmp_path, item)
    assert "custodian is payroll-sync@example.com, the user of an integration" in out.problems[0]


def test_one_email_address_belongs_to_one_user(tmp_path: Path) -> None:
    first, second = integration(), integration("hr-feed")
    second["user"]["email"] = "Payroll-Sync@example.com"
    _project, out = load(tmp_path, first, second)
    (problem,) = out.problems
    assert "belongs to another user already, in integrations.d/payroll-sync.yml:" in problem


def test_the_examples_of_start_are_not_taken_for_values(tmp_path: Path) -> None:
    text = (ROOT / "plugins/plugin_utils/_project/_new_project/workiva.yml").read_text()
    _project, out = load(tmp_path, workiva=yaml.safe_load(text))
    lines = (tmp_path / "workiva.yml").read_text().splitlines()
    names = []
    for problem in out.problems:
        place, _colon, said = problem.partition(": ")
        name, _said, todo = said.partition(" is still the example that start wrote. ")
        assert todo.startswith("Replace it")
        assert lines[int(place.rpartition(":")[2]) - 1].strip().startswith(f"{name.rpartition('.')[2]}: ")
        names.append(name)
    administrator = [f"workiva.administrator.{name}" for name in ("custodian", "owner", "username")]
    assert sorted(names) == [*administrator, "workiva.organization_id"]
    assert out.warnings == []


def test_every_address_that_start_writes_is_an_example() -> None:
    text = (ROOT / "plugins/plugin_utils/_project/_new_project/workiva.yml").read_text()
    assert {*re.findall(r"[^\s\[\],]*\.example\b[^\s\],]*", text), ORGANIZATION} == WRITTEN_BY_START


def test_another_address_of_the_domain_of_the_examples_is_a_value(tmp_path: Path) -> None:
    other = {**WORKIVA["workiva"]["administrator"], "owner": "anna.k@your-company.example"}
    _project, out = load(tmp_path, workiva={"workiva": {**WORKIVA["workiva"], "administrator": other}})
    assert out.problems == []
