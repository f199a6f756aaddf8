# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action that checks the variables of a run, as the first task of each playbook."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._run.requirements import is_installed
from tests.core._actions import Actions


@pytest.mark.parametrize("name", ["workiva_handed_over", "workiva_only"])
def test_variable_whose_aliases_repeat_too_much_stops_the_run_before_ansible_expands_it(
    actions: Actions, name: str
) -> None:
    value: Any = ["x"] * 9
    for _level in range(9):
        # As a loader of YAML does: one object for all aliases of a value.
        value = [value] * 9
    found = actions("run_variables", {"playbook": "handover"}, variables={name: value})
    assert found["failed"]
    assert found["problems"] == [
        f"{name}: its value is refused: aliases (*) repeat more than 10000 values; write the values out."
    ]


@pytest.mark.parametrize("playbook", ["awx", "awx_credentials"])
def test_playbook_without_a_collection_that_it_needs_says_how_to_install_it(actions: Actions, playbook: str) -> None:
    found = actions("run_variables", {"playbook": playbook})
    assert found["failed"]
    assert found["msg"] == (
        f"The playbook {playbook} needs the collection awx.awx, which is not installed. Nothing was changed. Install the version "
        "that is tested, and run again: ansible-galaxy collection install awx.awx:24.6.1"
    )


def test_collection_is_installed_where_ansible_finds_it() -> None:
    assert is_installed("integrations.workiva")
    assert not is_installed("integrations.wrokiva")
