#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight
short_description: Decide whether a run can continue with the administrator grant
version_added: 0.1.0
description:
  - Evaluates the administrator grant from the result of the task that checked it. Then it reads the organization with that grant, to find
    out whether the later tasks for users can do so.
  - With O(stop), it fails if the grant was rejected, does not have a scope that the declaration needs, or may not read the organization.
    It always fails if Workiva could not be reached. It changes nothing.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
attributes:
  check_mode:
    support: full
    details:
      - Changes nothing in any mode.
  diff_mode:
    support: none
  idempotent:
    support: full
options:
  project:
    description:
      - The RV(integrations.workiva.integrations#module:workiva) of the project.
    type: raw
    required: true
  grants:
    description:
      - The RV(integrations.workiva.oauth2_grants#module:grants) of the administrator's grants.
    type: list
    elements: dict
    required: true
  orders:
    description:
      - The open work orders of the administrator's grants.
    type: list
    elements: dict
    required: true
  use:
    description:
      - What the run does with users and access.
    type: str
    choices: [read, write]
    required: true
  stop:
    description:
      - Whether the run stops without the grant. With V(false) the run continues, and RV(reason) has the reason.
    type: bool
    default: true
seealso:
  - module: integrations.workiva.oauth2_grants
  - module: integrations.workiva.summary
"""

EXAMPLES = r"""
- name: Decide whether users can be changed
  integrations.workiva.preflight:
    project: "{{ loaded.workiva }}"
    grants: "{{ looked.grants }}"
    orders: "{{ looked.orders }}"
    use: write
  register: preflight
"""

RETURN = r"""
ready:
  description: Whether users and access can be read or changed.
  returned: success
  type: bool
  sample: true
waiting:
  description: Whether the run must end here, because the grant has no credentials yet.
  returned: success
  type: bool
  sample: false
lost:
  description:
    - Whether the run must end here, and the credentials file lacks credentials that are stored, as the journals say.
    - The playbooks open work orders for all of them then, and not for the administrator grant alone.
  returned: success
  type: bool
  sample: false
reason:
  description: Why it is not ready, as a sentence. Empty if it is ready.
  returned: success
  type: str
  sample: There are no credentials of the administrator grant yet.
use:
  description: The option O(use), or V(none) if it is not ready. It is a value for O(integrations.workiva.file_permissions#module:use).
  returned: success
  type: str
  sample: write
workspaces:
  description: The workspaces that the grant can read. Empty if it is not ready, and if administrators make all changes to users.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id.
      type: str
      returned: always
      sample: V0ZXb3Jrc3BhY2UfMQ
    name:
      description: The name.
      type: str
      returned: always
      sample: SEC Filing
"""
