# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes in the variables of a run, which are found before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._variable_table import BY_NAME
from tests.core._actions import Actions
from tests.core.actions.test_project_mistakes import PAYROLL, SECRET, Mistake, assert_reported, nothing, replaced

pytestmark = pytest.mark.once

HANDED_OVER = {"integration": "payroll-sync", "grant": "mian", "client_id": "an-id-of-a-grant", "client_secret": SECRET}


def handed_over(missing: str, **more: str) -> dict[str, str]:
    """An entry of the grant main without one of its keys."""
    return {**{name: value for name, value in HANDED_OVER.items() if name != missing}, "grant": "main", **more}


FINDINGS = ", ".join(BY_NAME["workiva_fail_on"].allowed("verify"))
MISTAKES = (
    Mistake(
        "unknown integration",
        nothing,
        ("workiva_only: there is no integration payrol-sync. Did you mean payroll-sync?",),
        {"workiva_only": ["payrol-sync"]},
    ),
    Mistake(
        "unknown integration in the variable and a problem in a file",
        replaced(PAYROLL, "custodian:", "custodain:"),
        (
            f"{PAYROLL}:10: the key custodain is unknown. Did you mean custodian?",
            "workiva_only: there is no integration payrol-sync. Did you mean payroll-sync?",
        ),
        {"workiva_only": ["payrol-sync"]},
        "The project FOLDER and the variables of this run have",
    ),
    Mistake(
        "deletion without its declaration",
        replaced(PAYROLL, "owner:", "state: absent\nowner:"),
        (
            "workiva_delete_user: the file of the integration payroll-sync does not have delete_user: true. Add it there, or leave "
            "the integration out.",
        ),
        {"playbook": "offboard", "workiva_only": ["payroll-sync"], "workiva_delete_user": ["payroll-sync"]},
    ),
    Mistake(
        "deletion of an integration that is present",
        nothing,
        (
            "workiva_delete_user: the file of the integration payroll-sync does not have state: absent and delete_user: true. Add it "
            "there, or leave the integration out.",
        ),
        {"playbook": "offboard", "workiva_only": ["payroll-sync"], "workiva_delete_user": ["payroll-sync"]},
    ),
    Mistake(
        "deletion of an unknown integration",
        nothing,
        ("workiva_delete_user: there is no integration payrol-sync. Did you mean payroll-sync?",),
        {"playbook": "offboard", "workiva_only": ["payroll-sync"], "workiva_delete_user": ["payrol-sync"]},
    ),
    Mistake(
        "unknown variable",
        nothing,
        ("workiva_onyl: there is no variable of this name. Did you mean workiva_only?",),
        {"workiva_onyl": ["payroll-sync"]},
    ),
    Mistake(
        "unknown finding",
        nothing,
        (f"workiva_fail_on: entry 1 must be one of {FINDINGS}. Did you mean expired?",),
        {"workiva_fail_on": ["expird"]},
    ),
    Mistake(
        "malformed number of an order",
        nothing,
        ("workiva_done: entry 1 is not the number of a work order, such as payroll-sync.user.1.",),
        {"workiva_done": ["WO-0000"], "playbook": "handover"},
    ),
    Mistake(
        "unknown grant",
        nothing,
        ("workiva_handed_over, entry 1: payroll-sync has no grant mian. Did you mean main? Declared: main.",),
        {"playbook": "handover", "workiva_handed_over": [HANDED_OVER]},
    ),
    Mistake(
        "typo in a key that is handed over",
        nothing,
        (
            "workiva_handed_over, entry 1 (payroll-sync.main): the key clientsecret is unknown. Did you mean client_secret?",
        ),
        {"playbook": "handover", "workiva_handed_over": [handed_over("client_secret", clientsecret=SECRET)]},
    ),
    Mistake(
        "client ID without its secret",
        nothing,
        (
            "workiva_handed_over, entry 1 (payroll-sync.main): it has no client_secret: client_id and client_secret are both needed.",
        ),
        {"playbook": "handover", "workiva_handed_over": [handed_over("client_secret")]},
    ),
    Mistake(
        "secret without its client ID",
        nothing,
        (
            "workiva_handed_over, entry 1 (payroll-sync.main): it has no client_id: client_id and client_secret are both needed.",
        ),
        {"playbook": "handover", "workiva_handed_over": [handed_over("client_id")]},
    ),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name.replace(" ", "_"))
def test_mistake_in_a_variable_is_answered_with_its_name_and_what_to_do(
    actions: Actions, mistake: Mistake, tmp_path: Path
) -> None:
    assert_reported(actions, mistake, tmp_path)
