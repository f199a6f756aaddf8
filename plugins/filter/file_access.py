# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: file_access
short_description: Tell where the declared files stand, and which work orders they need
version_added: 0.1.0
description:
  - Puts together what was declared of files, what M(integrations.workiva.file_permissions) did, and what the integrations' own
    grants see of them.
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  _input:
    description: The RV(integrations.workiva.integrations#module:workiva) of the project.
    type: dict
    required: true
  results:
    description: The RV(integrations.workiva.file_permissions#module:files) of all workspaces.
    type: list
    elements: dict
    default: []
  grants:
    description: The RV(integrations.workiva.oauth2_grants#module:grants) of the integrations.
    type: list
    elements: dict
    default: []
  granting:
    description: The RV(integrations.workiva.oauth2_grants#module:grants) of the file administrators.
    type: list
    elements: dict
    default: []
  names:
    description: The ids of users and groups by name, as C(users) and C(groups) of M(integrations.workiva.file_permissions) take them.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Tell where the files stand
  integrations.workiva.summary:
    title: Files
    files: "{{ (loaded.workiva | integrations.workiva.file_access(grants=looked.grants)).files }}"
"""

RETURN = r"""
_value:
  description:
    - C(files), an entry for each declared file, for M(integrations.workiva.summary); C(orders), C(considered) and C(done), for
      M(integrations.workiva.work_orders).
  type: dict
  sample: {files: [], orders: [], considered: [], done: []}
"""

from collections.abc import Sequence
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.file_access import GRANT, file_access
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import native


def _file_access(
    workiva: dict[str, Any],
    results: Sequence[dict[str, Any]] = (),
    grants: Sequence[dict[str, Any]] = (),
    granting: Sequence[dict[str, Any]] = (),
    names: dict[str, Any] | None = None,
) -> dict[str, Any]:
    # Values of variables are subclasses of the plain types since core 2.19.
    given = native([workiva, list(results), list(grants), names or {}, list(granting)])
    found = file_access(*given)
    return {
        "files": list(found.files),
        "orders": [order.as_result() for order in found.orders],
        **{
            name: [{"integration": integration, "grant": GRANT} for integration in integrations]
            for name, integrations in (("considered", found.considered), ("done", found.done))
        },
    }


class FilterModule:
    """See DOCUMENTATION."""

    def filters(self) -> dict[str, Any]:
        return {"file_access": _file_access}
