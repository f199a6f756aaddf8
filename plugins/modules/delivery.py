#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: delivery
short_description: Decide which targets get credentials, and record what was delivered
version_added: 0.1.0
description:
  - An integration declares with C(deliver) where the credentials of its grants are used. This task compares these targets with the journal.
    The tasks of the playbook C(deliver) deliver what is due. Then this task judges the outcome and writes the event C(delivered).
  - The journal decides whether a delivery is due, and no result of another module does. A target is due if its last delivery that passed was
    of other credentials, or if its role, its tasks or its C(vars) were declared otherwise then.
  - Credentials in C(credentials.yml) that are older than those in the journal are never delivered.
  - It delivers nothing itself, and returns no secret.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
attributes:
  check_mode:
    support: full
    details:
      - With O(state=planned), the task reports a change if something is due, and RV(due) is empty, so that no tasks of a target run.
  diff_mode:
    support: none
  idempotent:
    support: full
options:
  project:
    description:
      - The project, as RV(integrations.workiva.integrations#module:workiva).
    type: raw
    required: true
  state:
    description:
      - With V(planned), the task compares the targets with the journal. With V(recorded), it judges one delivery and records it if it passed.
    type: str
    choices: [planned, recorded]
    default: planned
  again:
    description:
      - For O(state=planned), whether targets are due that have the current credentials.
    type: bool
    default: false
  target:
    description:
      - For O(state=recorded), the entry of RV(due).
    type: raw
  deliveries:
    description:
      - For O(state=recorded), the RV(deliveries) of the task before. The result has them with the new status of the target.
    type: list
    elements: dict
    default: []
  failure:
    description:
      - For O(state=recorded), the result of the task that failed. Without it, all tasks of the target succeeded.
      - Its C(msg) becomes the detail of the finding, without the secret.
    type: raw
  failed_task:
    description:
      - For O(failure), the name of that task.
    type: raw
  shown:
    description:
      - For O(state=recorded), the output of the check of the target. With C(shows=client_id) it must have the client ID.
    type: raw
  read_back:
    description:
      - For O(state=recorded), the client ID that the tasks found in the target, if they looked.
    type: raw
seealso:
  - module: integrations.workiva.oauth2_grants
"""

EXAMPLES = r"""
- name: Compare the targets of credentials with the journal
  integrations.workiva.delivery:
    project: "{{ loaded.workiva }}"
  register: delivery
"""

RETURN = r"""
deliveries:
  description: The targets, each once for each of its hosts.
  returned: success
  type: list
  elements: dict
  contains:
    integration:
      description: The name of the integration.
      type: str
      returned: success
    grant:
      description: The name of the grant.
      type: str
      returned: success
    target:
      description: The name of the target.
      type: str
      returned: success
    host:
      description: The host of the inventory, V(localhost) for the controller.
      type: str
      returned: success
    finding:
      description:
        - V(ok), V(waiting) (no credentials are stored yet), V(not_delivered), V(behind) (the target has other credentials of the grant), or V(ends_early)
          (the former grant expires while the target may still use it).
      type: str
      returned: success
    detail:
      description: The reason, in words.
      type: str
      returned: success
    current:
      description: The number of the current credentials of the grant, 0 if there are none.
      type: int
      returned: success
    number:
      description: The number of the credentials that the target has, as the journal knows it, 0 if there are none.
      type: int
      returned: success
    how:
      description: How the last delivery was checked, V(shown), V(read_back) or V(claimed), or null.
      type: str
      returned: success
    "on":
      description: The date of the last delivery, or null.
      type: str
      returned: success
    is_due:
      description: Whether the current credentials have to be delivered.
      type: bool
      returned: success
    steps:
      description: What was delivered in this run.
      type: list
      elements: str
      returned: success
  sample:
    - integration: payroll-sync
      grant: filing
      target: app
      host: app01
      finding: ok
      detail: ""
      current: 2
      number: 2
      how: shown
      "on": "2026-11-27"
      is_due: false
      steps: []
due:
  description: What a playbook needs for each delivery that is due, without the secret. Empty in check mode and with O(state=recorded).
  returned: success
  type: list
  elements: dict
  sample: []
"""
