#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: run_variables
short_description: Check the variables of a run
version_added: 0.1.0
description:
  - Checks all variables of a run whose names begin with C(workiva_), before anything is read or written. C(docs/variables.md) lists them.
  - It reports all problems at once. A problem is an unknown name (the message names the nearest one), a value of another type or outside of the
    choices, and credentials or confirmations that the playbook does not read.
  - With O(project), a handed-over entry or the number of a work order that matches nothing is a problem too.
  - An empty text counts as not given, as an unanswered question of an AWX survey leaves it.
  - No message quotes a value, and no credential is returned.
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
  playbook:
    description:
      - The playbook that is run. Defaults and choices of some variables depend on it.
    type: str
    choices: [start, check, discover, onboard, handover, deliver, verify, offboard, rotate, save, rehearse, awx, awx_credentials]
    required: true
  project:
    description:
      - The RV(integrations.workiva.integrations#module:workiva) of the loaded project.
      - Without it only names, types and choices are checked.
    type: raw
seealso:
  - module: integrations.workiva.integrations
"""

EXAMPLES = r"""
- name: Check the variables of this run
  integrations.workiva.run_variables:
    playbook: verify
  register: run

- name: Load the project
  integrations.workiva.integrations:
    only: "{{ run.settings.only or omit }}"
  register: loaded

- name: Match the variables of this run with the project
  integrations.workiva.run_variables:
    playbook: verify
    project: "{{ loaded.workiva }}"
"""

RETURN = r"""
playbook:
  description: The playbook that is run.
  returned: success
  type: str
  sample: verify
settings:
  description:
    - The values of the variables in their types, by their names without C(workiva_). Variables that are not given have their default.
    - Credentials, answers of a survey, and variables that a task reads directly are omitted.
  returned: success
  type: dict
  sample:
    only: [payroll-sync]
    handover: vars
    artifact: false
given:
  description: The names, without C(workiva_), of the variables that were given.
  returned: success
  type: list
  elements: str
  sample: [handed_over, only]
other_grants:
  description: The grants that something was handed over for, except the administrator's. Empty without O(project).
  returned: success
  type: list
  elements: str
  sample: [payroll-sync.filing]
survey_grant:
  description: The grant that the answers of a survey are for. Empty without answers.
  returned: success
  type: str
  sample: filing
rotate:
  description: The grants whose rotation the run starts. Empty without O(project).
  returned: success
  type: list
  elements: str
  sample: [payroll-sync.filing]
writes:
  description: Whether the playbook writes to the project folder. The next five values are for the options of its tasks.
  returned: success
  type: bool
  sample: true
title:
  description: The title of the run.
  returned: success
  type: str
  sample: Onboard
task_names:
  description: What the tasks that several playbooks share do in this run. A playbook shows these names.
  returned: success
  type: dict
  sample: {users: Compare users and their access}
use:
  description: Which administrator grant the run uses. It is a value for O(integrations.workiva.integration_users#module:use).
  returned: success
  type: str
  sample: write
handover:
  description: How credentials and confirmations come in. It is a value for O(integrations.workiva.oauth2_grants#module:handover).
  returned: success
  type: str
  sample: defer
orders:
  description: Which work orders are updated, for the grants of each kind, and for users and files (C(users)).
  returned: success
  type: dict
  sample: {administrator: all, file_administrator: all, integrations: all, users: all}
asks:
  description: Whether a person is asked which work orders are answered.
  returned: success
  type: bool
  sample: false
prepares:
  description: Whether something has to be done before the project is loaded (RV(clones), RV(applies), or a connection that is not local).
  returned: success
  type: bool
  sample: false
clones:
  description: Whether the job works in a clone of the project's repository.
  returned: success
  type: bool
  sample: false
applies:
  description: Whether the changes of an earlier job are applied first.
  returned: success
  type: bool
  sample: false
saves:
  description: Whether changes are pushed or published after each step.
  returned: success
  type: bool
  sample: false
publishes:
  description: Whether the open work orders are published.
  returned: success
  type: bool
  sample: false
finishes:
  description: Whether RV(saves) or RV(publishes).
  returned: success
  type: bool
  sample: false
certificates:
  description: Whether the run updates copies of server certificates.
  returned: success, with O(project)
  type: bool
  sample: true
notice:
  description: Whether the run requests the notice of certificate changes.
  returned: success, with O(project)
  type: bool
  sample: false
file_administrators:
  description: Whether the project has grants of file administrators.
  returned: success, with O(project)
  type: bool
  sample: false
file_access:
  description: Whether the access to files is compared, since the project declares files, or an integration of it ever had a work order for files.
  returned: success, with O(project)
  type: bool
  sample: true
by_people:
  description: Whether administrators make all changes to users, and no grant reads users.
  returned: success, with O(project)
  type: bool
  sample: false
problems:
  description: The problems, one sentence for each.
  returned: failure
  type: list
  elements: str
  sample: ["workiva_onyl: there is no variable of this name. Did you mean workiva_only?"]
"""
