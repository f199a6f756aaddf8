#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: project_changes
short_description: Return what a run wrote to a project folder as data, and apply such data
version_added: 0.1.0
description:
  - For jobs whose copy of the project is deleted when they end, and that cannot push to its repository. This module returns what such a
    job wrote as data. The job publishes the data, and another job applies it to the project.
  - In AWX, C(set_stats) makes the data an artifact of the job, and a variable of the next node of its workflow.
  - The data holds secrets as ciphertext only. Client IDs, dates and the events of the journals are in clear, as they are in the project.
  - The pages of work orders are not part of the data. The next run writes them again from the journal.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
options:
  state:
    description:
      - V(recorded) copies the files that the collection writes in the project to a new folder, which is removed when the run ends.
      - V(collected) returns what was written since.
      - V(applied) writes collected changes to a project. It merges them as M(integrations.workiva.project_repository) does.
    type: str
    choices: [recorded, collected, applied]
    default: collected
  project:
    description:
      - The project folder, as an absolute path of the controller. The default is the folder of the inventory, or the current folder without one.
      - The project is not loaded, because the changes may repair it. With O(state=applied) it must have a C(workiva.yml).
    type: str
  since:
    description:
      - The RV(since) of O(state=recorded). Required with O(state=collected).
    type: str
  changes:
    description:
      - The RV(changes) of O(state=collected). Required with O(state=applied).
    type: dict
  vault_id:
    description:
      - The vault id, if the run has several. It is used to compare the credentials of two entries.
      - If the run has a vault password, O(state=applied) checks it before anything is written.
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
- name: Record the present state of the project
  integrations.workiva.project_changes:
    state: recorded
    project: /runner/project
  register: recorded

- name: Collect what was written since
  integrations.workiva.project_changes:
    project: /runner/project
    since: "{{ recorded.since }}"
  register: written

- name: Publish it for the next job
  ansible.builtin.set_stats:
    data:
      workiva_changes: "{{ written.changes }}"

- name: Apply it to the project (in the next job)
  integrations.workiva.project_changes:
    state: applied
    project: /srv/workiva
    changes: "{{ workiva_changes }}"
"""

RETURN = r"""
since:
  description: The folder with the copy.
  returned: O(state=recorded)
  type: str
  sample: /tmp/workiva-before-a1b2c3
changes:
  description:
    - What was written. C(entries) are those of the credentials file, each with C(integration), C(grant), the new C(entry), and the entry
      C(before). C(journals) are the new lines of the journals by file name.
  returned: O(state=collected)
  type: dict
  sample:
    version: 1
    entries: []
    journals:
      payroll-sync.jsonl: ['{"v": 1, "at": "2026-11-24T09:00:00Z", "event": "done", "order": "payroll-sync.filing.1"}']
"""
