# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rehearsal
short_description: What a project needs to be rehearsed on a Workiva of this machine
version_added: 0.1.0
description:
  - Takes what M(integrations.workiva.integrations) returned as C(workiva), and tells how the project is run against the simulator.
  - The settings send the real host names to the simulator. Copies of certificates are kept in the folder of the rehearsal, and no mail
    is sent.
  - The organization has the names of O(organization), and of people only those whom the project names.
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  _input:
    description: The loaded project.
    type: dict
    required: true
  settings:
    description: The text of its C(workiva.yml).
    type: str
    required: true
  organization:
    description:
      - The content of its C(organization.yml), as the playbook C(discover) writes it. Without it the organization has the workspaces,
        roles and groups that are declared.
    type: dict
  simulator:
    description: The C(ca_path) and C(connect_to) of the simulator. Without it the settings lead nowhere yet.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show the organization of a rehearsal
  ansible.builtin.debug:
    msg: "{{ (loaded.workiva | integrations.workiva.rehearsal(lookup('ansible.builtin.file', '/srv/workiva/workiva.yml'))).seed }}"
"""

RETURN = r"""
_value:
  description:
    - C(settings), the text of the C(workiva.yml) to use; C(seed), the organization as the role C(simulator) takes it;
      C(today), the date to reckon with; C(notes), what is not as in the project; C(administrator), who signs in to add grants.
  type: dict
  sample:
    settings: "workiva: {version: 1, region: us}"
    seed: {workspaces: [{name: SEC Filing}], users: []}
    today: "2026-11-24"
    notes: []
    administrator: olivia.admin@example.com
"""

import dataclasses
from typing import Any

import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import native
from ansible_collections.integrations.workiva.plugins.plugin_utils._project import rehearsal as _rehearsal


def rehearsal(
    project: dict[str, Any],
    settings: str,
    organization: dict[str, Any] | None = None,
    simulator: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything that is to be written before the first run."""
    # Values of variables are subclasses of the plain types since core 2.19.
    plain = native([project, settings, organization or None, simulator or {}])
    try:
        planned = _rehearsal.plan(*plain)
    except (ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        # A parser quotes what it read.
        why = safe_text(error) if isinstance(error, ValueError) else type(error).__name__
        raise AnsibleFilterError(f"The project cannot be rehearsed: {why}") from None
    return {**dataclasses.asdict(planned), "administrator": _rehearsal.ADMINISTRATOR}


class FilterModule:
    """See DOCUMENTATION."""

    def filters(self) -> dict[str, Any]:
        return {"rehearsal": rehearsal}
