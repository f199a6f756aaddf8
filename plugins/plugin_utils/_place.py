# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Where a task really runs, and whether what it writes there will be there after the job."""

from __future__ import annotations

import os
from typing import Any

from ansible import constants as C
from ansible.plugins.action import ActionBase

# Set where AWX or ansible-runner works in an environment and a copy of the project that are thrown away after the job.
_SHORT_LIVED = ("AWX_PRIVATE_DATA_DIR", "AWX_ISOLATED_DATA_DIR", "JOB_ID")


def find_job_variables() -> list[str]:
    """The variables that show a job whose files vanish with it; none where nothing shows one."""
    return [name for name in _SHORT_LIVED if os.environ.get(name)]


def can_prompt() -> bool:
    """Whether a prompt can reach anybody: a job of AWX or ansible-runner has a terminal, and nobody sits at it."""
    return not find_job_variables()


def find_target(action: ActionBase, variables: dict[str, Any]) -> str:
    """The inventory host that the task is meant for."""
    return str(action._task.delegate_to or variables.get("inventory_hostname") or "")


def is_run_here_instead(action: ActionBase, variables: dict[str, Any]) -> bool:
    """Whether the task runs on the controller although the inventory says that its host is another machine.

    A play's C(connection: local) makes a delegated task run on the controller without a word.
    """
    if action._connection.transport != "local":
        return False
    host = (variables.get("hostvars") or {}).get(find_target(action, variables)) or {}
    return host.get("ansible_connection", C.DEFAULT_TRANSPORT) not in ("local", "ansible.builtin.local")
