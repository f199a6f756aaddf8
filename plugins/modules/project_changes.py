#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: project_changes
short_description: Hand on what a run wrote into a project folder as data
version_added: 0.1.0
description:
  - For jobs whose own copy of the project is thrown away at their end, and that cannot push to its repository. What such a job wrote
    is told as data, ciphertext and events of the journals, which the job passes on (C(set_stats) makes an artifact of a job of AWX,
    and a variable of the next node of its workflow), and another job puts it into the project.
  - The data holds no secret in clear. Client ids, dates and the events of the journals are in clear in it, as they are in the project.
  - The pages of work orders are not part of it, since the next run makes them again from the journal.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
options:
  state:
    description:
      - V(remembered) keeps a copy of what the collection wrote in the project so far, in a new folder, which is removed when the run ends.
      - V(told) tells what was written since.
      - V(applied) puts told changes into a project, merged as by M(integrations.workiva.project_repository).
    type: str
    choices: [remembered, told, applied]
    default: told
  project:
    description:
      - The project folder, as an absolute path of the controller. Without it the folder of the inventory, and without one the current folder.
      - The project is not loaded, since the changes may repair it. With O(state=applied) it must have a C(workiva.yml).
    type: str
  since:
    description:
      - The RV(since) of O(state=remembered). Required with O(state=told).
    type: str
  changes:
    description:
      - The RV(changes) of O(state=told). Required with O(state=applied).
    type: dict
  vault_id:
    description:
      - The vault id, where several are loaded. It serves to tell whether two entries hold the same pair.
      - Where a vault password is loaded, O(state=applied) checks it before anything is written.
    type: str
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: integrations.workiva.project_repository
"""

EXAMPLES = r"""
- name: Remember what is there
  integrations.workiva.project_changes:
    state: remembered
    project: /runner/project
  register: remembered

- name: Tell what was written since
  integrations.workiva.project_changes:
    project: /runner/project
    since: "{{ remembered.since }}"
  register: written

- name: Hand it on to the next job
  ansible.builtin.set_stats:
    data:
      workiva_changes: "{{ written.changes }}"

- name: Put it into the project (in the next job)
  integrations.workiva.project_changes:
    state: applied
    project: /srv/workiva
    changes: "{{ workiva_changes }}"
"""

RETURN = r"""
since:
  description: The folder with the copy.
  returned: O(state=remembered)
  type: str
  sample: /tmp/workiva-before-a1b2c3
changes:
  description:
    - What was written, with C(version), C(entries) of the credentials file (each with C(integration), C(grant), C(entry), and C(before),
      as it was before), and the new lines of the C(journals) by file name.
  returned: O(state=told)
  type: dict
  sample:
    version: 1
    entries: []
    journals:
      payroll-sync.jsonl: ['{"v": 1, "at": "2026-11-24T09:00:00Z", "event": "done", "order": "payroll-sync.filing.1"}']
"""
