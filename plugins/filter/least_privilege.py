# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: least_privilege
short_description: Tell what is more than the integrations need
version_added: 0.1.0
description:
  - Compares scopes with permissions and roles, and tells those that are of no use, and access that nobody declared.
  - It changes nothing, and is for a person to judge. What depends on the vendor's licence model is C(unknown).
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  _input:
    description: The RV(integrations.workiva.integrations#module:workiva) of the project.
    type: dict
    required: true
  users:
    description: The RV(integrations.workiva.integration_users#module:users) of a run.
    type: list
    elements: dict
    default: []
  grants:
    description: The RV(integrations.workiva.oauth2_grants#module:grants) of a run.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Print what is too much
  integrations.workiva.summary:
    title: Least privilege
    privileges: "{{ loaded.workiva | integrations.workiva.least_privilege(users=checked.users, grants=looked.grants) }}"
"""

RETURN = r"""
_value:
  description: Each with C(integration), C(kind), C(what), C(because), C(do) and C(certainty).
  type: list
  elements: dict
  sample:
    - integration: payroll-sync
      kind: scope
      what: "file:write"
      because: No declared file needs it.
      do: Take it out of the scopes of the grant filing.
      certainty: known
"""

from collections.abc import Sequence
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._advice.least_privilege import least_privilege
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import native


def _least_privilege(
    workiva: dict[str, Any], users: Sequence[dict[str, Any]] = (), grants: Sequence[dict[str, Any]] = ()
) -> list[dict[str, Any]]:
    # Values of variables are subclasses of the plain types since core 2.19.
    return least_privilege(*native([workiva, list(users), list(grants)]))


class FilterModule:
    """See DOCUMENTATION."""

    def filters(self) -> dict[str, Any]:
        return {"least_privilege": _least_privilege}
