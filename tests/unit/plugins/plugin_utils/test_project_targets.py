# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declared targets of credentials: every problem at its place, and the values that the tasks get."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import Stored
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.build import build
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.certificates import Inventory
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredTarget
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.json_schema import schema_files
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Findings, Source, read_source
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.targets import ROLE, Controller
from tests.unit.plugins.plugin_utils._written_project import TODAY, WORKIVA, integration, load

GROUPS = {"groups": {"all": ["app01", "app02"], "app": ["app01", "app02"], "empty": []}}
NOTHING: Stored = lambda _integration, _grant: False  # noqa: E731


def read(folder: Path, deliver: Any, **more: Any) -> tuple[list[DeclaredTarget], list[str]]:
    """The targets of one integration, and the problems that are about them, without the file and with the line as the key has it."""
    (folder / "integrations.d").mkdir(exist_ok=True)
    (folder / "deliver").mkdir(exist_ok=True)
    (folder / "deliver/app.yml").write_text("---\n")
    path = folder / "integrations.d/payroll-sync.yml"
    path.write_text(yaml.safe_dump({**integration(), **more}) + "deliver:\n" + deliver)
    out = Findings()
    source = read_source(str(path), "payroll-sync.yml", out)
    assert source
    settings = Source("workiva.yml", WORKIVA)
    controller = Controller(str(folder), Inventory.of(GROUPS))
    project = build(settings, [source], NOTHING, TODAY, out, controller)
    return project.targets, out.problems


def test_targets_are_read_with_all_their_values(tmp_path: Path) -> None:
    targets, problems = read(
        tmp_path,
        "- {name: app, hosts: app, tasks: file, vars: {path: /etc/app.env, lines: [a, {b: true}]}, settle: 2d}\n"
        "- {name: own, tasks: deliver/app.yml, check: {command: [app, status], shows: client_id}}\n"
        "- {name: theirs, role: acme.payroll, check: {tasks: deliver/app.yml}, filters_client_id: true, grant: filing}\n",
    )
    assert problems == []
    app, own, theirs = targets
    assert app == DeclaredTarget(
        *("payroll-sync", "filing", "app"),
        hosts=("app01", "app02"),
        role=ROLE,
        tasks="file",
        vars={"path": "/etc/app.env", "lines": ["a", {"b": True}]},
        settle_days=2,
    )
    file = str(tmp_path / "deliver/app.yml")
    assert (own.role, own.file, own.hosts, own.settle_days) == ("", file, (), 1)
    assert (own.check_command, own.shows_client_id) == (("app", "status"), True)
    assert (theirs.role, theirs.tasks, theirs.check_file) == ("acme.payroll", "main", file)
    assert (theirs.shows_client_id, theirs.filters_client_id) == (False, True)


def test_target_settles_within_the_overlap_of_its_grant(tmp_path: Path) -> None:
    def problems(settle: str, rotation: dict[str, str]) -> list[str]:
        grants = {"main": {"scopes": ["file:read"], "workspace": "SEC Filing", "rotation": rotation}}
        return read(tmp_path, f"- {{name: app, tasks: file, settle: {settle}}}\n", grants=grants)[1]

    assert problems("8d", {"every": "180d", "overlap": "8d"}) == problems("1d", {"overlap": "0d", "every": "9d"}) == []
    # Where no rotation is declared there is no overlap to compare with.
    assert problems("60d", {}) == []
    (problem,) = problems("8d", {"every": "180d"})
    assert "settle (8d) is longer than rotation.overlap of the grant (7d)" in problem
    assert "Set a longer overlap, or a shorter settle." in problem


def test_targets_of_an_absent_integration_are_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "- {name: app, tasks: file}\n", state="absent") == ([], [])


def test_targets_of_an_absent_grant_are_left_out(tmp_path: Path) -> None:
    grants = {"main": {"scopes": ["file:read"], "workspace": "SEC Filing", "state": "absent"}}
    assert read(tmp_path, "- {name: app, tasks: file}\n", grants=grants) == ([], [])


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("name: app", "a target needs either role or tasks. Add one."),
        ("{name: app, tasks: file, role: acme}", "a target needs either role or tasks. Keep one."),
        ("{name: app, tasks: fil}", "tasks fil is unknown. Did you mean file?"),
        (
            "{name: app, tasks: file, vars: {inputs: [{db_password: x}]}}",
            "db_password looks like a secret, and vars are shown in the output. Keep the secret in a vaulted variable, and write "
            "the name of that variable: db_password_variable.",
        ),
        (
            "{name: app, tasks: x}",
            "tasks of this name is unknown. Write file, awx_credential, hashi_vault_kv2, aws_secret, or a file such as deliver/app.yml.",
        ),
        ("{name: app, tasks: deliver/b.yml}", "there is no such file in the project folder. Add it."),
        ("{name: app, tasks: ../b.yml}", "this must be a file below the project folder. Move it there."),
        ("{name: app, tasks: /etc/b.yml}", "this must be a file below the project folder. Move it there."),
        ("{name: app, tasks: file, hosts: apq}", "the inventory has no group or host apq. Did you mean app?"),
        (
            "{name: app, tasks: file, hosts: empty}",
            "the group empty of the inventory has no host. Add one to it, or correct hosts.",
        ),
        ("{name: app, tasks: file, grant: filling}", "the integration has no grant filling. Did you mean filing?"),
        ("{name: app, tasks: file, check: {}}", "check needs either command or tasks. Add one."),
        (
            "{name: app, tasks: file, check: {command: [a], tasks: deliver/app.yml}}",
            "check needs either command or tasks. Keep one.",
        ),
        (
            "{name: app, tasks: file, check: {command: [a], shows: scopes}}",
            "deliver.0.check.shows must be client_id.",
        ),
        ("{name: app, tasks: file, settle: 1h}", "deliver.0.settle must be a number of days. "),
        ("{name: App, tasks: file}", "deliver.0.name takes small letters, digits and -. Correct it."),
        ("{tasks: file}", "deliver.0 needs name. Add it."),
        ("{name: app, task: file}", "the key task is unknown. Did you mean tasks?"),
        ("app", "deliver.0 must be a mapping: keys, each with a colon after it."),
        (
            "{name: app, tasks: file, vars: {vault_token: s.123}}",
            "vault_token looks like a secret, and vars are shown in the output. Keep the secret in a vaulted variable, and write "
            "the name of that variable: vault_token_variable.",
        ),
    ],
)
def test_mistake_in_a_target_is_one_problem_with_its_line(tmp_path: Path, entry: str, expected: str) -> None:
    _targets, problems = read(tmp_path, f"- {entry}\n")
    (problem,) = problems
    lines = (tmp_path / "integrations.d/payroll-sync.yml").read_text().splitlines()
    assert problem.startswith(f"payroll-sync.yml:{len(lines)}: {expected}")


def test_targets_of_one_name_are_a_problem(tmp_path: Path) -> None:
    _targets, problems = read(tmp_path, "- {name: app, tasks: file}\n- {name: app, role: acme}\n")
    (problem,) = problems
    assert problem.endswith("deliver has two targets app. Give each target of an integration a name of its own.")


def test_target_of_an_integration_with_two_grants_must_name_one(tmp_path: Path) -> None:
    grants = {name: {"workspace": "SEC Filing", "scopes": ["file:read"]} for name in ("filing", "loading")}
    _targets, problems = read(tmp_path, "- {name: app, tasks: file}\n", grants=grants)
    (problem,) = problems
    assert "a target needs grant, unless the integration has one grant only. Declared: filing, loading." in problem


def test_secrets_in_vars_are_refused_and_not_quoted(tmp_path: Path) -> None:
    _targets, problems = read(tmp_path, "- {name: app, tasks: file, vars: {a: {b: ['wk_secret:oa2c:Canary']}}}\n")
    (problem,) = problems
    assert "deliver.0.vars.a.b.0 holds what looks like a secret." in problem
    assert "Canary" not in problem


@pytest.mark.parametrize("key", ["token_variable", "secret_name", "client_secret_key", "password_file", "path"])
def test_vars_may_name_where_a_secret_is(tmp_path: Path, key: str) -> None:
    assert read(tmp_path, f"- {{name: app, tasks: file, vars: {{{key}: x}}}}\n")[1] == []


def test_schema_for_editors_accepts_and_refuses_the_same_targets() -> None:
    schema = json.loads(schema_files()["integration.schema.json"])
    good = {**integration(), "deliver": [{"name": "app", "tasks": "file", "vars": {"lines": ["a", {"b": True}]}}]}
    jsonschema.validate(good, schema)
    for target in ({"name": "app"}, {"tasks": "file"}, {"name": "app", "tasks": "file", "role": "acme"}, "app"):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**good, "deliver": [target]}, schema)


def test_project_without_targets_has_none(tmp_path: Path) -> None:
    project, out = load(tmp_path, integration())
    assert (project.targets, out.problems) == ([], [])
