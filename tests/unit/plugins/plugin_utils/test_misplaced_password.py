# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A password of no known form, in any place of a project or in any variable of a run, is in no message."""

from __future__ import annotations

import copy
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure, InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._names import Named, find, fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.certificates import Inventory
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import RunSettings
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loading import find_folder, load_project
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.places import add_places
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.schema import (
    INTEGRATION,
    WORKIVA_FILE,
    Field,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.settings import DeclaredNames, match, read_run
from ansible_collections.integrations.workiva.plugins.plugin_utils._variable_table import PLAYBOOKS, VARIABLES
from tests.unit.plugins.plugin_utils._written_project import FILES, WORKIVA, integration

Place = tuple[str, ...]
# Capitals, small letters, digits and a mark, as the rules for passwords demand.
PASSWORDS = st.tuples(
    *(st.text(letters, min_size=2, max_size=2) for letters in (string.ascii_uppercase, string.ascii_lowercase)),
    st.text(string.digits, min_size=2, max_size=2),
    st.text("!#$%&*+-=?@^_~", min_size=2, max_size=2),
).flatmap(lambda parts: st.permutations("".join(parts)).map("".join))


def places(fields: dict[str, Field], above: Place = ()) -> Iterator[Place]:
    """Every key of a file, and a name in every map."""
    for name, item in fields.items():
        yield (*above, name)
        if item.type in ("mapping", "list") and item.fields:
            yield from places(item.fields, (*above, name, *(["0"] if item.type == "list" else [])))
        if item.type == "map":
            inner = (*above, name, "SEC Filing" if name in ("workspaces", "files") else "filing")
            yield inner
            yield from places(item.fields, inner)
            if item.of:
                yield (*inner, "124e")
                yield from places(item.of.fields, (*inner, "124e"))


FILES_AND_PLACES = [
    *(("workiva.yml", place) for place in places(WORKIVA_FILE)),
    *(("integrations.d/payroll-sync.yml", place) for place in places(INTEGRATION)),
]


def put(values: Any, place: Place, value: Any) -> Any:
    """The values of a file with another one at a place; what is missing above it is added."""
    changed = copy.deepcopy(values)
    at = _above(changed, place)
    at[place[-1]] = value
    return changed


def _above(values: Any, place: Place) -> Any:
    """The mapping in which the last key of a place is; the only entry of a list has the key 0."""
    for key, inner in zip(place, place[1:]):
        if key == "0":
            continue
        if not isinstance(values.get(key), (dict, list)):
            values[key] = [{"name": "app", "tasks": "file"}] if inner == "0" else {}
        values = values[key][0] if inner == "0" else values[key]
    return values


def renamed(values: Any, place: Place, name: str) -> Any:
    """The values of a file in which a key has another name."""
    changed = put(values, place, {})
    at = _above(changed, place)
    at[name] = at.pop(place[-1])
    return changed


def messages(folder: Path, file: str, values: Any, run: RunSettings | None = None) -> str:
    """What a run reports of the project, with the values of one file instead of its own."""
    (folder / "integrations.d").mkdir(exist_ok=True)
    files = {"workiva.yml": WORKIVA, "integrations.d/payroll-sync.yml": integration(files=FILES)}
    for name, content in {**files, **({file: values} if file else {})}.items():
        (folder / name).write_text(yaml.safe_dump(content, sort_keys=False))
    try:
        loaded = load_project(
            str(folder), None, run or RunSettings(), render=None, inventory=Inventory({}), is_named=True
        )
    except WorkivaError as error:
        return f"{error} {error.as_error()}"
    return " ".join(loaded.warnings)


@pytest.mark.parametrize(
    ("file", "place"), FILES_AND_PLACES, ids=lambda one: one if isinstance(one, str) else ".".join(one)
)
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(password=PASSWORDS)
def test_password_at_a_place_of_a_project_is_in_no_message(
    tmp_path: Path, file: str, place: Place, password: str
) -> None:
    base = WORKIVA if file == "workiva.yml" else integration(files=FILES)
    wrong = [put(base, place, value) for value in (password, [password], {password: "x"}, {password: [password]})]
    for values in [*wrong, renamed(base, place, password)]:
        assert password not in messages(tmp_path, file, values), values


@given(password=PASSWORDS, playbook=st.sampled_from(PLAYBOOKS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_password_in_a_variable_is_in_no_message(tmp_path: Path, password: str, playbook: str) -> None:
    declared = DeclaredNames({("payroll-sync", "filing"): "present"}, ["payroll-sync"], ["payroll-sync"])
    for variable in VARIABLES:
        for value in (password, [password], {password: password}, [{"integration": password, "grant": password}]):
            run = read_run(playbook, [variable.name], {variable.name: value}.__getitem__)
            found = match(run, value, declared, {"payroll-sync.filing.1": True})
            assert password not in " ".join([*run.problems, *found.problems, *found.notes]), variable.name
    named = RunSettings(only=(password,), delete_user=(password,))
    assert password not in messages(tmp_path, "", None, named)
    with pytest.raises(WorkivaError) as caught:
        load_project(find_folder(f"/{password}", {}), None, named, render=None, inventory=None, is_named=True)
    assert password not in str(caught.value)


@given(password=PASSWORDS, what=st.sampled_from(["workspace", "role in the workspace 'SEC Filing'", "permission"]))
def test_password_in_place_of_a_name_of_workiva_is_in_no_message(password: str, what: str) -> None:
    known = [Named(str(number), name) for number, name in enumerate(("SEC Filing", "Professional", "Viewer"))]
    with pytest.raises(InvalidArgument) as caught:
        find(password, known, what)
    item = {"integration": "payroll-sync", "error": Failure.of(caught.value).as_result()}
    place = {"payroll-sync": {fold_name(password): ("integrations.d/payroll-sync.yml:13",)}}
    found = add_places({"msg": f"1 of 2 users failed: {caught.value}", "users": [item]}, "users", place)
    assert password not in f"{caught.value} {caught.value.as_error()} {found}"
    assert found["msg"].startswith(
        f"1 of 2 users failed: integrations.d/payroll-sync.yml:13: Unknown {what}. Known, nearest "
    )
    assert found["users"][0]["error"]["msg"].startswith("integrations.d/payroll-sync.yml:13: ")


@pytest.mark.parametrize(
    ("value", "known", "is_quoted"),
    [
        ("euu", ("us", "eu", "apac"), True),
        ("Organisation_admin", ("organization_admin", "account_admin"), True),
        ("SEC Filling", ("SEC Filing",), True),
        ("file:wrte", ("file:write",), True),
        ("31.01.2030", (), True),
        ("0", (), True),
        ("True", (), True),
        ("mars", ("us", "eu", "apac"), False),
        ("passw0rd", ("password", "sso"), False),
        ("present!", ("present", "absent"), False),
        ("123456", (), False),
        ("soon", (), False),
    ],
)
def test_wrong_value_is_quoted_where_it_is_a_slip_of_a_known_one(
    value: str, known: tuple[str, ...], is_quoted: bool
) -> None:
    assert quote_wrong(value, known) == (value if is_quoted else None)
