#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rehearsal
short_description: Do one step of the rehearsal of a project on the simulator
version_added: 0.1.0
description:
  - The playbook C(integrations.workiva.rehearse) uses it, together with the role P(integrations.workiva.simulator#role). The role runs the
    simulator and plays the people.
  - The rehearsal works in its own folder, with a copy of the declarations and a generated vault password. The credentials, the journals and
    the work orders of the project are neither read nor written.
  - The settings of the copy connect to the simulator. Copies of certificates are kept in the folder of the rehearsal, and no mail is sent.
  - The organization has the names in C(organization.yml) of the project, which the playbook C(discover) writes. Without that file it has the
    declared workspaces, roles and groups. It has only those people whom the project names.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
options:
  state:
    description:
      - V(planned) returns the settings to start the simulator with.
      - V(prepared) writes the copy of the project, its settings and a new vault password.
      - V(asked) runs C(onboard) in the copy, and returns the open work orders and how people carry them out. The task fails, and prints the
        output, if the playbook fails.
      - V(carried_out) runs a playbook with the credentials that people handed over, and removes these in clear. It fails if people acted
        otherwise than asked and no work order is open any more.
      - V(finished) fails if a work order is open, runs C(onboard) once more, fails if that changed something, runs C(verify), and prints what
        was rehearsed.
      - V(failed) fails with the reason in O(failure), after the clean-up, so that the reason is the last thing in the output.
    type: str
    required: true
    choices: [planned, prepared, asked, carried_out, finished, failed]
  path:
    description:
      - The folder of the rehearsal, an absolute path of the controller. It must exist, and be empty before O(state=prepared).
    type: str
    required: true
  project:
    description:
      - The RV(integrations.workiva.integrations#module:workiva) of the project.
    type: raw
    required: true
  today:
    description:
      - The date of the rehearsal (YYYY-MM-DD). The default is a date before the first declared expiry of a grant.
    type: str
  switches:
    description:
      - With O(state=planned), the answers of the simulator where the behaviour of Workiva is unknown.
    type: dict
    default: {}
  simulator:
    description:
      - With O(state=prepared), the C(ca_path) and C(connect_to) of the simulator.
    type: dict
    default: {}
  mistakes:
    description:
      - The mistakes that people make with each work order before they carry it out as asked.
    type: list
    elements: str
    choices: [refuse, wrong_scope]
    default: []
  way:
    description:
      - With O(state=carried_out), how people carried out the work orders.
    type: str
    choices: [fulfil, refuse, wrong_scope]
  reports:
    description:
      - With O(state=carried_out), the C(simulator_reports) of the role.
    type: list
    elements: dict
    default: []
  failure:
    description:
      - With O(state=failed), the result of the task that failed.
    type: raw
attributes:
  check_mode:
    support: none
  diff_mode:
    support: none
  idempotent:
    support: none
seealso:
  - module: integrations.workiva.integrations
"""

EXAMPLES = r"""
- name: Load the project
  integrations.workiva.integrations:
    project: /srv/workiva
  register: loaded

- name: Create a folder for the rehearsal
  ansible.builtin.tempfile:
    state: directory
  register: stage

- name: Plan the rehearsal
  integrations.workiva.rehearsal:
    state: planned
    path: "{{ stage.path }}"
    project: "{{ loaded.workiva }}"
  register: planned

- name: Show the organization
  ansible.builtin.debug:
    var: planned.seed
"""

RETURN = r"""
seed:
  description: The organization, as the role C(simulator) reads it.
  returned: with O(state=planned)
  type: dict
  sample: {workspaces: [{name: SEC Filing}], users: []}
today:
  description: The date of the rehearsal.
  returned: with O(state=planned)
  type: str
  sample: "2026-11-24"
region:
  description: The region of the simulator.
  returned: with O(state=planned)
  type: str
  sample: us
switches:
  description: The switches of the simulator.
  returned: with O(state=planned)
  type: dict
  sample: {allowlist_cidr: accepted}
administrator:
  description: Who signs in to the simulator to add grants.
  returned: with O(state=planned)
  type: str
  sample: administrator@rehearsal.invalid
orders:
  description: The pages of the open work orders.
  returned: with O(state=asked)
  type: list
  elements: str
  sample: [payroll-sync.main.1.html]
ways:
  description: How people carry out the open work orders, one way after the other. Empty if no work order is open.
  returned: with O(state=asked)
  type: list
  elements: str
  sample: [wrong_scope, fulfil]
lines:
  description: What was printed.
  returned: with O(state=finished)
  type: list
  elements: str
  sample: ["Rehearsed: /srv/workiva"]
"""
