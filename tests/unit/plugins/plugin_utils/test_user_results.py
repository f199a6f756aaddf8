# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the results of users say of the grants of their integrations."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import UserResults


def user(name: str | None, state: str = "present", **more: Any) -> dict[str, Any]:
    return {"integration": name, "state": state, "plan": [], "error": None, **more}


USERS = [
    user("here"),
    user("failed", error={"msg": "no"}),
    user("gone", "absent"),
    user("leaving", "absent", plan=[{"kind": "remove_membership"}]),
    user("stuck", "absent", error={"msg": "no"}),
    user(None, "absent"),
]


@pytest.mark.parametrize(("removes", "without_access"), [(True, {"gone", "leaving"}), (False, {"gone"})])
def test_users_without_access_depend_on_whether_this_run_removes_it(removes: bool, without_access: set[str]) -> None:
    assert UserResults.of(USERS, removes=removes, absent=()) == UserResults(
        frozenset(without_access), frozenset({"failed", "stuck"})
    )


def test_an_absent_user_that_was_not_read_may_have_no_access() -> None:
    """An earlier run may have removed it: in a run without users, as the handover, a refusal proves nothing."""
    found = UserResults.of(USERS, removes=False, absent=("gone", "leaving", "stuck", "unread"))
    assert found.without_access == {"gone", "stuck", "unread"}
    assert UserResults.of([], removes=False, absent=("leaving",)).without_access == {"leaving"}


ADDS = [{"kind": "add_membership", "text": "add to the workspace 'SEC Filing'", "workspace": "SEC Filing"}]


@pytest.mark.parametrize(
    ("result", "changed", "suspended", "outside"),
    [
        (user("a", status="active"), False, set(), set()),
        (user("a", status="suspended"), True, {"a"}, set()),
        (user("a", "absent", status="suspended"), True, set(), set()),
        (user("a", status="suspended", error={"msg": "no"}), True, set(), set()),
        # Workiva activates a user with its first workspace.
        (user("a", status="suspended", plan=ADDS), False, set(), {("a", "sec filing")}),
        # This run added it, and the user is suspended nevertheless.
        (user("a", status="suspended", plan=ADDS), True, {"a"}, set()),
        (user("a", status="active", plan=ADDS), True, set(), set()),
    ],
)
def test_suspended_users_and_missing_workspaces_explain_rejections(
    result: dict[str, Any], changed: bool, suspended: set[str], outside: set[tuple[str, str]]
) -> None:
    found = UserResults.of([result], removes=True, absent=(), changed=changed)
    assert (found.suspended, found.outside) == (suspended, outside)
