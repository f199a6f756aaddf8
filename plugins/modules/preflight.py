#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight
short_description: Decide whether the administrator grant lets a run go on
version_added: 0.1.0
description:
  - Judges the administrator grant that a run reads or changes users with, from the result of the task that checked it. Then it
    reads the organization with that grant, to see that the tasks for users can.
  - It fails with O(stop) if the grant was refused, lacks a scope that the declaration needs, or may not read the organization, and
    always if Workiva could not be reached. It changes nothing.
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
      - Whether the run cannot go on without the grant. A run that only reports goes on, and reports RV(reason).
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
reason:
  description: Why it is not ready, as a sentence. Empty if it is.
  returned: success
  type: str
  sample: There are no credentials of the administrator grant yet.
use:
  description: The O(use) that was asked for, or V(none) where it is not ready, as O(integrations.workiva.file_permissions#module:use) takes it.
  returned: success
  type: str
  sample: write
workspaces:
  description: The workspaces that the grant sees. Empty where it is not ready, and where people make all changes to users.
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
