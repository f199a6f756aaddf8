#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: oauth2_grants
short_description: Check declared grants, keep their work orders, and accept their credentials
version_added: 0.1.0
description:
  - Workiva has no API for grants. People create and change them on a screen. This task does everything else for the declared grants
    of a project, in this order.
  - It checks the stored credentials with one token request for each grant, and completes the journal after a run that was killed.
  - It opens the work orders that are needed, as files for the people who carry them out.
  - It accepts the credentials that are handed over, verifies them with a token request, and stores them encrypted. Rejected are
    credentials that the token endpoint refuses, those of another grant or workspace, and malformed ones. Nothing changes in the vault then.
  - It closes the work orders that are done, and returns the status of each grant.
  - Typed credentials are stored at once. Those of O(handed_over) are stored together, in one replacement of the vault file.
  - Credentials that cannot be checked, because the network fails or an IP allowlist may exclude this machine, are stored encrypted beside
    the present ones, until a run can check them.
  - Before credentials are accepted, it checks that they can be encrypted and written. A damaged entry affects its grant only.
  - No result and no diff holds a secret. A second run writes nothing.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
attributes:
  check_mode:
    support: full
    details:
      - Never prompts. Credentials of O(handed_over) are checked, since a token request changes nothing, and are not stored.
      - The result is the one of a run, including the work orders that are opened and closed.
  diff_mode:
    support: full
    details:
      - Names the changed entries of the vault file without their values, and shows the pages of work orders.
  idempotent:
    support: full
options:
  project:
    description:
      - The project, as RV(integrations.workiva.integrations#module:workiva).
      - Its grants without C(verify_from) are worked on by the host of the play. Each other one is worked on by a task that is
        delegated to the host that C(verify_from) names, since the IP allowlist of the grant lets only that host in. The token request is
        made there, with M(integrations.workiva.oauth2_check) and pipelining. The vault, the journal and the prompts stay on the controller.
    type: raw
    required: true
  which:
    description:
      - Which grants of the project to work on.
    type: str
    choices: [integrations, administrator, file_administrator]
    default: integrations
  users:
    description:
      - The RV(integrations.workiva.integration_users#module:users) of this run.
      - Work orders of an integration whose user failed are left as they are.
      - Where a user has no access any more, the refusal of its credentials does not prove that its grant was deleted. The same
        holds for an integration that is declared absent and whose user was not read in this run.
    type: list
    elements: dict
    default: []
  workspaces:
    description:
      - The RV(integrations.workiva.organization_info#module:workspaces) of the organization. With them, credentials that belong to
        another workspace are rejected.
    type: list
    elements: dict
    default: []
  orders:
    description:
      - Which work orders are opened and closed.
      - With V(open), no first work order is opened for a grant. The playbook C(handover), which may run before the users exist, leaves that
        to C(onboard).
      - With V(none), or with O(handover=none), no work order is changed.
    type: str
    choices: [all, open, none]
    default: all
  handover:
    description:
      - How credentials come in.
      - With V(prompt), they are asked for at the terminal. Where nobody can answer, as in jobs of AWX, it is V(defer).
      - With V(vars), they are taken from O(handed_over). With V(defer), none are accepted.
      - With V(none), the stored credentials are checked and nothing is written, not even to the journal.
    type: str
    choices: [prompt, vars, defer, none]
    default: prompt
  sealed:
    description:
      - Sealed texts, as the pages of work orders show them in a browser, as a text or a list of texts. They are opened with the keys in
        the vault file, and accepted as entries of O(handed_over) are.
      - Files C(*.sealed) in the folder of the work orders are read as well. A file is removed when its credentials are stored.
      - They are read with O(handover=prompt) and O(handover=vars). Where there are any, nothing is asked for.
    type: raw
  ask_for:
    description:
      - For O(handover=prompt), the numbers of the work orders to ask about, as M(integrations.workiva.open_orders) returns them.
      - Without it, the task lists the open work orders, and a person chooses.
    type: list
    elements: str
  handed_over:
    description:
      - For O(handover=vars), credentials by integration and grant. They replace stored ones after they were verified.
      - An entry without a client ID only reports what the screen shows after a change.
      - In a vars file, encrypt the secret alone. Since ansible-core 2.22 every word of a file that is encrypted as a whole is
        masked in all output.
    type: list
    elements: dict
    suboptions:
      integration:
        description: The name of the integration.
        type: str
        required: true
      grant:
        description: The name of the grant.
        type: str
        required: true
      client_id:
        description: The client ID.
        type: str
      client_secret:
        description: The client secret.
        type: str
      expires:
        description: The date that the screen shows, as C(YYYY-MM-DD). Without it, the date of the work order is used.
        type: str
      ip_allowlist:
        description: The addresses that the screen shows.
        type: list
        elements: str
  done:
    description:
      - For O(handover=vars), the numbers of work orders to delete a grant that a person confirms as done. Others are ignored.
    type: list
    elements: str
    default: []
  warn_before:
    description:
      - How long before its expiry a grant is V(expiring), in days, for example V(30d).
    type: str
    default: 30d
  ephemeral_project_ok:
    description:
      - Whether credentials are accepted although this looks like a job that deletes its project folder.
    type: bool
    default: false
  rotate:
    description:
      - The grants whose rotation starts now, each as C(INTEGRATION.GRANT). A work order asks for the next grant of each.
      - A rotation starts only if the present credentials were accepted in this run, and no earlier rotation of the grant is open.
      - The rotation of other grants starts when it is due by their C(rotation), with O(orders=all).
    type: list
    elements: str
    default: []
  leaked:
    description:
      - The present secrets of the grants in O(rotate) leaked. Instead of a rotation, a work order asks to regenerate each of them at once.
      - The secret of an administrator grant is not regenerated. A work order asks for a new grant, and then another one to delete the present
        grant.
      - The leaked secret stays in the vault file, encrypted, and is checked until it is rejected.
    type: bool
    default: false
  give_up:
    description:
      - The open rotation of the grants in O(rotate) is given up. The credentials before it become the present ones again, and a work order
        asks to delete the new grant. Where the new credentials are not stored yet, the work order that asks for them is withdrawn.
    type: bool
    default: false
requirements:
  - requests
  - cryptography
seealso:
  - module: integrations.workiva.integrations
  - module: integrations.workiva.oauth2_check
  - module: integrations.workiva.open_orders
"""

EXAMPLES = r"""
- name: Load the project
  integrations.workiva.integrations:
    project: /srv/workiva
  register: loaded

- name: Check the grants, open and close work orders, and accept the credentials of an encrypted vars file
  integrations.workiva.oauth2_grants:
    project: "{{ loaded.workiva }}"
    handover: vars
    handed_over: "{{ credentials_from_the_survey }}"
  register: grants

- name: Only check, on each machine that an IP allowlist lets in
  integrations.workiva.oauth2_grants:
    project: "{{ loaded.workiva }}"
    handover: none
  delegate_to: "{{ item }}"
  loop: "{{ [inventory_hostname] + loaded.workiva.verify_from.integrations }}"
"""

RETURN = r"""
grants:
  description: The status of each grant, in the order of the project.
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
    stage:
      description: One of V(declared), V(requested), V(received), V(stored), V(delivered) and V(retired).
      type: str
      returned: success
    health:
      description: The most serious finding.
      type: str
      returned: success
    findings:
      description: What was found, with a detail in words.
      type: list
      elements: dict
      returned: success
    fields:
      description:
        - Scopes, workspace, expiry and IP allowlist, each with its RV(ignore:value) and how it is known.
      type: dict
      returned: success
    client_id:
      description: The stored client ID, or null.
      type: str
      returned: success
    expires:
      description: The date on which the grant expires, or null.
      type: str
      returned: success
    days_left:
      description: The days until then, or null.
      type: int
      returned: success
    changed:
      description: Whether anything was stored or written to the journal for this grant. Work orders do not count.
      type: bool
      returned: success
    steps:
      description: What was, or in check mode would be, done, in sentences.
      type: list
      elements: str
      returned: success
    accepted:
      description: Whether credentials of the grant were, or in check mode would be, verified and stored by this task.
      type: bool
      returned: success
    files:
      description:
        - What the grant's own token can read of the declared files of its workspace, as
          RV(integrations.workiva.oauth2_check#module:files).
      type: list
      elements: dict
      returned: success
    waits_for:
      description: The person who has to act, or null.
      type: str
      returned: success
    next:
      description: The next thing to do.
      type: str
      returned: success
    error:
      description: What failed or was rejected, with a RV(ignore:msg) for a person, or null.
      type: dict
      returned: success
  sample:
    - integration: payroll-sync
      grant: filing
      stage: stored
      health: drifted
      findings:
        - finding: drifted
          detail: "The scopes differ from the declared ones: file:write is missing."
      fields:
        scopes: {value: ["file:read"], known: observed}
        workspace: {value: SEC Filing, known: observed}
        expires: {value: "2027-06-30", known: attested}
        ip_allowlist: {value: [203.0.113.7], known: attested}
      client_id: 00000000-0000-4000-8000-000000000000
      expires: "2027-06-30"
      days_left: 216
      changed: false
      steps: []
      files: []
      waits_for: security-admins@example.com
      next: Do the work order payroll-sync.filing.2 (edit).
      error: null
orders:
  description:
    - The open work orders of these grants, as RV(integrations.workiva.open_orders#module:orders). None where work orders are not changed.
  returned: success
  type: list
  elements: dict
  sample: []
opened:
  description: The numbers of the work orders that were, or in check mode would be, opened.
  returned: success
  type: list
  elements: str
  sample: [payroll-sync.filing.2]
closed:
  description: The numbers of the work orders that were, or in check mode would be, closed, because what they asked for is done.
  returned: success
  type: list
  elements: str
  sample: [payroll-sync.filing.1]
withdrawn:
  description: The numbers of the work orders that were, or in check mode would be, withdrawn, because they are not needed any more.
  returned: success
  type: list
  elements: str
  sample: []
"""
