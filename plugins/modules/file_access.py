#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: file_access
short_description: Report the access to declared files, and keep the work orders to their owners
version_added: 0.1.0
description:
  - Compares the declared permissions on files with what M(integrations.workiva.file_permissions) did, and with what the grants of the
    integrations can read.
  - A file in a workspace without a file administrator grant is shared by its owner. As long as the access is missing, a work order asks
    for it. It is closed when the grant of the integration reads the file.
  - It sends nothing.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  project:
    description:
      - The project, as RV(integrations.workiva.integrations#module:workiva).
    type: raw
    required: true
  results:
    description:
      - The RV(integrations.workiva.file_permissions#module:files) of all workspaces.
    type: list
    elements: dict
    default: []
  names:
    description:
      - The IDs of users and groups by name, as C(users) and C(groups) of M(integrations.workiva.file_permissions).
    type: dict
    default: {}
  grants:
    description:
      - The RV(integrations.workiva.oauth2_grants#module:grants) of the integrations.
    type: list
    elements: dict
    default: []
  granting:
    description:
      - The RV(integrations.workiva.oauth2_grants#module:grants) of the file administrators.
    type: list
    elements: dict
    default: []
  orders:
    description:
      - Whether work orders are opened and closed.
    type: str
    choices: [all, none]
    default: all
seealso:
  - module: integrations.workiva.file_permissions
  - module: integrations.workiva.oauth2_grants
  - module: integrations.workiva.open_orders
"""

EXAMPLES = r"""
- name: Check the grants, which try to read the files
  integrations.workiva.oauth2_grants:
    project: "{{ loaded.workiva }}"
    handover: none
  register: looked

- name: Ask the owners of the files that the grants cannot read
  integrations.workiva.file_access:
    project: "{{ loaded.workiva }}"
    grants: "{{ looked.grants }}"
  register: access
"""

RETURN = r"""
files:
  description: An entry for each declared file.
  returned: success
  type: list
  elements: dict
  contains:
    integration:
      description: The name of the integration.
      type: str
      sample: payroll-sync
    workspace:
      description: The workspace of the file.
      type: str
      sample: SEC Filing
    file:
      description: The ID of the file.
      type: str
      sample: 124efa2a142f472ba1ceab34ed18915f
    access:
      description: Whether the grant of the integration reads the file. Null if that is unknown.
      type: bool
      sample: true
    finding:
      description: What was found, as RV(integrations.workiva.oauth2_check#module:files).
      type: str
      sample: ok
    given:
      description: Whether the declared permissions are there. Null if that is unknown.
      type: bool
      sample: true
    next:
      description: The next thing to do, or null.
      type: str
      sample: null
orders:
  description:
    - The open work orders, as RV(integrations.workiva.open_orders#module:orders). None with O(orders=none).
  returned: success
  type: list
  elements: dict
  sample: []
opened:
  description: The numbers of the work orders that were, or in check mode would be, opened.
  returned: if work orders are kept
  type: list
  elements: str
  sample: [payroll-sync.file_access.1]
closed:
  description: The numbers of the work orders that were, or in check mode would be, closed, because what they asked for is done.
  returned: if work orders are kept
  type: list
  elements: str
  sample: []
withdrawn:
  description: The numbers of the work orders that were, or in check mode would be, withdrawn, because they are not needed any more.
  returned: if work orders are kept
  type: list
  elements: str
  sample: []
"""
