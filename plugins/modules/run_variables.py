#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: run_variables
short_description: Check the variables that a run of a playbook was given
version_added: 0.1.0
description:
  - Checks all variables of the run whose names begin with C(workiva_), before anything is read or written. The table of them is in
    C(docs/variables.md).
  - It fails, with all problems at once, where a name is unknown (it shows the nearest one), where a value has not the type or the
    choices of its variable, and where a variable that carries credentials or a confirmation is not read by the playbook.
  - With O(project) it also fails where a handed-over entry or the number of a work order matches nothing that is declared or ordered.
  - An empty text, as an unanswered question of an AWX survey leaves it, counts as not given.
  - No value is quoted in a message, and no credential is returned.
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
    choices: [start, check, discover, onboard, handover, verify, offboard, save, rehearse, awx, awx_credentials]
    required: true
  project:
    description:
      - The RV(integrations.workiva.integrations#module:workiva) of the loaded project.
      - Without it only names, types and choices are checked.
    type: dict
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
settings:
  description:
    - The values in the types of their variables, by their names without C(workiva_), with the default where one is not given.
    - Without credentials, answers of a survey, and what a task reads as it is.
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
  description: The grants, except the administrator's, that something was handed over for. Empty without O(project).
  returned: success
  type: list
  elements: str
  sample: [payroll-sync.filing]
survey_grant:
  description: The grant that the answers of a survey are for. Empty where there are none.
  returned: success
  type: str
  sample: filing
problems:
  description: What is wrong, one sentence for each problem.
  returned: failure
  type: list
  elements: str
  sample: ["workiva_onyl: there is no variable of this name. Did you mean workiva_only?"]
"""
