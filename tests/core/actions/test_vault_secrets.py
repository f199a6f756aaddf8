# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action vault_secrets in this process: what it refuses, and that no message repeats a value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.core._actions import Actions

CANARY = "canary-of-the-tests-1234567890"


def entry(*path: str, **more: Any) -> dict[str, Any]:
    return {"path": list(path), "value": CANARY, **more}


def test_vault_secrets_predicts_writes_and_repeats_without_a_change(actions: Actions, tmp_path: Path) -> None:
    actions.secrets.append(CANARY)
    path = tmp_path / "credentials.yml"
    arguments = {"path": str(path), "secrets": [entry("payroll", "client_secret")]}
    predicted = actions("vault_secrets", arguments, check_mode=True, diff=True)
    assert not path.exists()
    written = actions("vault_secrets", arguments, diff=True)
    assert written == predicted
    assert written["added"] == ["payroll.client_secret"]
    assert actions.decrypted(path) == {"payroll": {"client_secret": CANARY}}
    before = path.read_bytes()
    assert not actions("vault_secrets", arguments)["changed"]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"secrets": [{"path": ["a"], "value": [CANARY]}]}, "value must be a string"),
        ({"secrets": [entry("a", state=CANARY)]}, "state must be present or absent"),
        ({"secrets": CANARY}, "secrets must be a list of entries"),
        ({"secrets": [entry("a")], "backup": CANARY}, "backup must be true or false"),
        ({"secrets": [entry("a"), entry("a")]}, "is given twice"),
    ],
)
def test_a_refused_argument_of_vault_secrets_is_named_and_its_value_not_shown(
    actions: Actions, tmp_path: Path, arguments: dict[str, Any], message: str
) -> None:
    actions.secrets.append(CANARY)
    path = tmp_path / "credentials.yml"
    result = actions("vault_secrets", {"path": str(path), **arguments})
    assert result["failed"]
    assert message in result["msg"]
    assert not path.exists()
