# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a rehearsal that failed. That a whole rehearsal works is tested in tests/integration."""

from __future__ import annotations

from typing import Any

import pytest

from tests._declared import loaded_project
from tests.core._actions import Actions

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        ({"failed": True, "msg": "The playbook onboard failed.\nMore of it."}, "The playbook onboard failed."),
        ({"failed": True, "msg": ""}, "A task failed; its output is above."),
        ("", "A task failed; its output is above."),
    ],
)
def test_failed_rehearsal_ends_with_its_reason_in_one_line(actions: Actions, failure: Any, reason: str) -> None:
    project = loaded_project(actions.folder, {"region": "us"})
    given = {"state": "failed", "path": str(actions.folder), "project": project, "failure": failure}
    found = actions("rehearsal", given)
    assert found["failed"]
    assert found["msg"] == f"The project {actions.folder} was not rehearsed to its end. {reason}"
