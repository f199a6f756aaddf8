# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key that was renamed is answered with its new name, at its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.checks import check_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.schema import (
    INTEGRATION,
    RENAMED,
    WORKIVA_FILE,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Findings, read_source

USER = {"username": "p@example.com", "email": "p@example.com", "given_name": "P", "family_name": "Sync"}
ORGANIZATION = {"region": "us", "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655"}


def user(**access: Any) -> dict[str, Any]:
    return {"name": "payroll", "user": {**USER, "workspaces": {"SEC Filing": access}}}


def file(**declared: Any) -> dict[str, Any]:
    return {"name": "payroll", "user": USER, "files": {"SEC Filing": {"124e": {"permission": "Viewer", **declared}}}}


def certificate(**declared: Any) -> dict[str, Any]:
    return {"workiva": {**ORGANIZATION, "certificates": {"api": {"path": "/srv/api.pem", **declared}}}}


OLD = {
    "delete": ({"name": "payroll", "state": "absent", "user": USER, "delete": True}, "delete_user."),
    "groups_mode": (user(groups=[], groups_mode="exact"), "Write exclusive: true instead of groups_mode: exact, and "),
    "mode": (file(mode="exact"), "Write exclusive: true instead of mode: exact, and nothing instead of mode: add."),
    "owner": (file(owner="anna.k@example.com"), "file_owner."),
    "targets": (certificate(targets="loaders"), "hosts."),
    "trusted_public_keys": (certificate(trusted_public_keys=[]), "trusted_public_key_fingerprints."),
    "warn_before_days": (certificate(warn_before_days=30), "Write its unit too, for example warn_before: 30d."),
}


def check(folder: Path, values: dict[str, Any]) -> tuple[list[str], str]:
    text = yaml.safe_dump(values, sort_keys=False)
    (folder / "file.yml").write_text(text)
    out = Findings()
    source = read_source(str(folder / "file.yml"), "file.yml", out)
    assert source
    check_file(source, WORKIVA_FILE if "workiva" in values else INTEGRATION, out)
    return out.problems, text


@pytest.mark.parametrize("name", RENAMED)
def test_renamed_key_is_answered_with_its_new_name_and_its_line(tmp_path: Path, name: str) -> None:
    values, said = OLD[name]
    problems, text = check(tmp_path, values)
    line = next(number for number, row in enumerate(text.splitlines(), 1) if row.strip().startswith(f"{name}:"))
    (problem,) = problems
    assert problem.startswith(f"file.yml:{line}: the key {name} is unknown. It is now called {RENAMED[name][0]}.")
    assert said in problem


def test_key_that_still_exists_elsewhere_is_not_called_renamed(tmp_path: Path) -> None:
    assert check(tmp_path, certificate(mode="0644", owner="root"))[0] == []
    (problem,) = check(tmp_path, user(owner="anna"))[0]
    assert "It is now called" not in problem
