#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: summary
short_description: Print the summary of a run
version_added: 0.1.0
description:
  - Prints, for each integration, the status of its user and its grants, what changed, who has to act, and what to do next.
  - It is the last task of the playbooks of this collection. It sends nothing and changes nothing.
  - It runs on the controller, whatever the target.
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  title:
    description:
      - The heading. Either this or O(playbook) is required.
    type: str
  playbook:
    description:
      - The playbook of this collection whose run is summarized, with the results of its tasks in O(results). The task then sets all other
        options itself, except O(publish). It fails if the run failed.
    type: str
    choices: [onboard, offboard, handover, verify]
  project:
    description:
      - The RV(integrations.workiva.integrations#module:workiva) of the loaded project, for O(playbook).
    type: raw
  run:
    description:
      - The result of M(integrations.workiva.run_variables), for O(playbook).
    type: dict
  results:
    description:
      - The results of the tasks as they were registered, by the names C(certificates) (of the role C(server_certificates)), C(notice),
        C(preflight), C(users), C(grants) (C(oauth2_grants_results) of the role C(oauth2_grants)), C(user_access), C(file_access) and
        C(open_orders). A task that was skipped or did not run may be left out.
    type: raw
    default: {}
  users:
    description:
      - The RV(integrations.workiva.integration_users#module:users) of a run. If it is not set, they are not mentioned at all.
    type: list
    elements: dict
  grants:
    description:
      - The RV(integrations.workiva.oauth2_grants#module:grants) of a run. If it is not set, they are not mentioned at all.
    type: list
    elements: dict
  orders:
    description:
      - The RV(integrations.workiva.open_orders#module:orders) of a run. If it is not set, they are not mentioned at all.
    type: list
    elements: dict
  certificates:
    description:
      - The C(certificates) of C(server_certificates_result), which the role C(server_certificates) sets.
    type: list
    elements: dict
    default: []
  reloads:
    description:
      - The C(reloads) of C(server_certificates_result).
    type: list
    elements: dict
    default: []
  notice:
    description:
      - The result of M(integrations.workiva.certificate_notice).
    type: dict
  files:
    description:
      - The RV(integrations.workiva.file_access#module:files) of a run.
    type: list
    elements: dict
  relative_to:
    description:
      - A folder. The pages of work orders are shown as paths relative to it.
      - Use it for a job whose project folder is deleted when the job ends.
    type: path
  notes:
    description:
      - Lines to print before the totals.
    type: list
    elements: str
    default: []
  judge:
    description:
      - How the task decides whether the run failed. The reason is RV(failure). The default is not to decide.
      - With V(change), the run fails if an item failed. With V(handover), it also fails for rejected credentials. With V(verify), it also
        fails for the findings in O(fail_on), and if something could not be read.
      - V(waiting) is for a run that ends early because the administrator grant has no credentials yet.
    type: str
    choices: [change, handover, verify, waiting]
  fail_on:
    description:
      - The findings of grants and files that make the run fail, for O(judge=verify).
    type: list
    elements: str
    default: []
  certificate_fail_on:
    description:
      - The findings of certificate copies that make the run fail.
    type: list
    elements: str
    default: []
  trouble:
    description:
      - Why users and access could not be read, for O(judge=verify).
    type: str
    default: ""
  leaves:
    description:
      - Whether access was to be removed, for O(judge=waiting).
    type: bool
    default: false
  unaccepted:
    description:
      - The names of grants whose credentials were handed over and could not be accepted, for O(judge=waiting).
    type: list
    elements: str
    default: []
  publish:
    description:
      - Whether the open work orders are published as the artifact C(workiva_work_orders) of the job, which notifications can show.
      - With O(playbook) the task then does nothing else, because the result of a failed task cannot be published.
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
"""

EXAMPLES = r"""
- name: Print the status of the grants
  integrations.workiva.summary:
    title: Verify
    grants: "{{ looked.grants }}"
"""

RETURN = r"""
lines:
  description: The lines that were printed.
  returned: always
  type: list
  elements: str
  sample:
    - payroll-sync
    - "  grant  filing: stored, ok, expires 2027-06-30 (in 218 days)"
failure:
  description:
    - Why the run failed, according to O(judge). Null if it did not fail.
    - The task itself succeeds, because a failed task cannot publish anything.
  returned: success
  type: str
  sample: "Failed: payroll-sync. See the summary above for the reason."
"""
