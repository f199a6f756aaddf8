#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: summary
short_description: Print the results of a run, and fail where it failed
version_added: 0.1.0
description:
  - Prints problems first, then what was changed, then what waits for whom with the command that answers it, and in one line what is fine.
  - The task fails where the run failed, for example for an item that failed, for rejected credentials, or for one of the findings that
    C(workiva_fail_on) chooses.
  - It is the last task of the playbooks of this collection. It sends nothing and changes nothing.
  - It runs on the controller, whatever the target.
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  project:
    description:
      - The RV(integrations.workiva.integrations#module:workiva) of the loaded project.
    type: raw
    required: true
  run:
    description:
      - The result of M(integrations.workiva.run_variables). It has the playbook that reports, and with C(workiva_summary) V(full) the summary
        has a line for each user, grant, file and copy of a certificate.
    type: dict
    required: true
  results:
    description:
      - The results of the tasks as they were registered, by the names C(certificates) (of the role C(server_certificates)), C(notice),
        C(preflight), C(users), C(grants) (C(oauth2_grants_results) of the role C(oauth2_grants)), C(file_access) and
        C(open_orders). A task that was skipped or did not run may be left out.
    type: raw
    default: {}
  publish:
    description:
      - Whether the open work orders are published as an artifact of the job (C(workiva_work_orders)), which notifications can show.
      - Nothing is printed then, and the task does not fail, since nothing that a failed task returns would be published.
    type: bool
    default: false
attributes:
  action:
    description: Runs on the controller.
    support: full
  check_mode:
    description: Changes nothing in any mode.
    support: full
  diff_mode:
    description: There is nothing to compare.
    support: none
  idempotent:
    description: A second run prints the same.
    support: full
seealso:
  - module: integrations.workiva.print_lines
  - module: integrations.workiva.run_variables
"""

EXAMPLES = r"""
- name: Print the results
  integrations.workiva.summary:
    project: "{{ loaded.workiva }}"
    run: "{{ checked_variables }}"
    results:
      grants: "{{ oauth2_grants_results }}"
      users: "{{ integration_users_result }}"
"""

RETURN = r"""
lines:
  description: The lines that were printed.
  returned: success, unless O(publish=true)
  type: list
  elements: str
  sample:
    - ""
    - "Verify: no problems, nothing to change"
    - ""
    - "6 integrations: ok, 1 administrator grant: ok, no open work orders."
"""
