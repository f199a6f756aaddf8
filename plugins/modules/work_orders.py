#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: work_orders
short_description: Create, update and close work orders for people
version_added: 0.1.0
description:
  - Grants are made, changed and deleted by people, on the screens of Workiva; no public API does it. A work order tells them what to
    do. It is one self-contained HTML page, and the same as Markdown for a ticket.
  - Where no grant may change users, they are made and changed by people too, by work orders of their own.
  - M(integrations.workiva.oauth2_grants), M(integrations.workiva.user_access) and M(integrations.workiva.file_access) keep their work orders
    themselves. This task is for orders of your own.
  - Compares the needed orders with the open ones, and opens, closes and withdraws orders until both are the same.
  - Number, generation, client name and dates are fixed in the journal when an order is first written. From then on a run with the
    same arguments changes no byte.
  - Where the declaration changed meanwhile, the old order is withdrawn and one with a new number is written. A new owner, purpose,
    custodian, sign-in or screen changes the pages and keeps the number.
  - A client name that was ever given to a grant of the integration is not given again; the next one of a month ends in C(.2).
  - Runs are one after the other, by a lock on the journal's folder. The journal is written before the pages, so that the next run
    completes one that was killed.
  - No work order holds a secret.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
options:
  orders:
    description:
      - The orders that are needed, at most one of each kind for a grant.
    type: list
    elements: dict
    required: true
    suboptions:
      integration:
        description: The name of the integration. It names files.
        type: str
        required: true
      grant:
        description: The name of the grant within the integration, or V(user) for an order about the user. It names files.
        type: str
        required: true
      kind:
        description:
          - What is to be done with the grant, or with the user of the integration. V(file_access) asks the owners of files
            instead, for the files of O(orders[].files); by custom its O(orders[].grant) is V(file_access) too.
        type: str
        required: true
        choices: [create, edit, regenerate, delete, add_user, change_user, remove_user, file_access]
      owner:
        description: Who asks, and answers questions.
        type: str
        required: true
      purpose:
        description: What the integration is good for.
        type: str
        default: ''
      username:
        description: The Workiva username of the integration user.
        type: str
        required: true
      custodian:
        description: Who can sign in as that user and see the secret.
        type: str
        required: true
      sign_in:
        description: How the custodian signs in as the user.
        type: str
        choices: [password, sso, sso_exception]
        default: password
      workspace:
        description: The workspace of the grant. Needed for an order about a grant.
        type: str
      scopes:
        description: The declared scopes, as the vendor's strings.
        type: list
        elements: str
        default: []
      expires:
        description: The declared date, V(YYYY-MM-DD).
        type: str
      lifetime_days:
        description: Without O(orders[].expires), how many days from the day on which the order is first written.
        type: int
      ip_allowlist:
        description: The declared addresses.
        type: list
        elements: str
        default: []
      screen:
        description: On which of Workiva's screens the administrator works.
        type: str
        choices: [organization_admin, workspace_settings, account_admin]
        default: organization_admin
      client_id:
        description: The client id of the grant that is meant, where it exists.
        type: str
      reason:
        description: Why the order is written, in a sentence. It is fixed with the order.
        type: str
        default: ''
      changes:
        description:
          - With O(orders[].kind=edit), what changes. The keys are V(scopes), V(expires) and V(ip_allowlist), each with C(from) and C(to).
        type: dict
        default: {}
      files:
        description:
          - With O(orders[].kind=file_access), the files to share. Each has C(file), C(workspace), C(about), C(owner) and
            C(permissions), a list of C(user) or C(group) with C(permission).
        type: list
        elements: dict
        default: []
      certain:
        description:
          - With O(orders[].kind=file_access), V(false) says that it could not be seen whether the access is there. An order that
            asked for just this and was closed is then not written again.
        type: bool
        default: true
      steps:
        description:
          - For an order about a user, what is to be done; RV(integrations.workiva.integration_users#module:users[].plan).
        type: list
        elements: dict
        default: []
      access:
        description:
          - For an order about a user, the access that there is when it is done.
        type: dict
        default: {}
      closes:
        description:
          - For an order about a user, whether a run sees that it is done, or a person must say so.
        type: str
        choices: [observed, attested]
  considered:
    description:
      - The grants that were considered, besides those of O(orders). Their orders that are not needed any more are closed, where what they
        asked for is done, or withdrawn, and their pages are removed. Orders of other grants are left alone.
      - Of each element C(integration) and C(grant) are read.
    type: list
    elements: dict
    default: []
  done:
    description:
      - Those of O(considered) of which it was seen that all is there that was asked for. Their orders that are not needed any more
        are closed instead of withdrawn. Of each element C(integration) and C(grant) are read.
    type: list
    elements: dict
    default: []
  journal:
    description:
      - The folder of the journals, as an absolute path of the controller. It is created where it is missing.
    type: path
    required: true
  path:
    description:
      - The folder of the pages, as an absolute path of the controller. It is created where it is missing.
    type: path
    required: true
  scope_labels:
    description:
      - The labels on the screen, by the vendor's string of the scope. Where one is missing, the page says so.
    type: dict
    default: {}
  organization:
    description:
      - How people recognize the organization.
    type: dict
    default: {}
    suboptions:
      name:
        description: Its name.
        type: str
      id:
        description: Its id.
        type: str
      region:
        description: Its region.
        type: str
      api_url:
        description: The address of its API, where the project has that instead of a region.
        type: str
  console_url:
    description:
      - Where people sign in; V(https://) only.
    type: str
  handover_url:
    description:
      - Where people without a terminal hand a pair over and say that an order is done, for example the launch page of a template
        of AWX; V(https://) only.
    type: str
  vault_id:
    description:
      - The vault id that the run encrypts with, for the printed commands. They have the id of the stored secrets where that is one and the same.
    type: str
  today:
    description:
      - The date from which generation and lifetime are counted, V(YYYY-MM-DD). By default that of the controller.
    type: str
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: integrations.workiva.oauth2_grants
"""

EXAMPLES = r"""
- name: Keep a work order of our own, until somebody removed the access
  integrations.workiva.work_orders:
    orders:
      - integration: payroll-sync
        grant: filing
        kind: delete
        owner: finance-systems@example.com
        username: payroll-sync@example.com
        custodian: anna.k@example.com
        workspace: SEC Filing
        reason: The secret was found in a chat.
    journal: "{{ workiva.journal }}"
    path: "{{ workiva.work_orders }}"
    scope_labels: "{{ workiva.scope_labels }}"
"""

RETURN = r"""
orders:
  description: The open orders of the grants that were considered.
  returned: success
  type: list
  elements: dict
  contains:
    number:
      description: The number, C(<integration>.<grant>.<n>).
      type: str
      sample: payroll-sync.filing.1
    integration:
      description: The name of the integration.
      type: str
      sample: payroll-sync
    grant:
      description: The name of the grant.
      type: str
      sample: filing
    kind:
      description: What is to be done.
      type: str
      sample: create
    page:
      description: The HTML page.
      type: str
      sample: /srv/workiva/work-orders/payroll-sync.filing.1.html
    markdown:
      description: The Markdown file.
      type: str
      sample: /srv/workiva/work-orders/payroll-sync.filing.1.md
    waits_for:
      description: Whose turn it is.
      type: str
      sample: an Org Security Admin, then anna.k@example.com
    summary:
      description: The order in one line.
      type: str
      sample: add the grant SEC Filing | payroll-sync | 2026-11 for payroll-sync@example.com in the workspace SEC Filing
    handover:
      description: The command that answers the order, to be run in the project folder; null where nobody has to answer it.
      type: str
      sample: ansible-playbook handover.yml --vault-id prod@prompt
    fields:
      description: Everything that is fixed with the order, and who is concerned.
      type: dict
      sample:
        client_name: SEC Filing | payroll-sync | 2026-11
        expires: '2027-11-24'
closed:
  description: The numbers of the orders that were closed, because what they asked for is done.
  returned: success
  type: list
  elements: str
  sample: [payroll-sync.filing.1]
withdrawn:
  description: The numbers of the orders that were withdrawn.
  returned: success
  type: list
  elements: str
  sample: []
events:
  description: What was added to the journals.
  returned: success
  type: list
  elements: dict
  sample:
    - event: closed
      grant: filing
      order: payroll-sync.filing.1
written:
  description: The pages that were written.
  returned: success
  type: list
  elements: str
  sample: []
removed:
  description: The pages that were removed.
  returned: success
  type: list
  elements: str
  sample: [/srv/workiva/work-orders/payroll-sync.filing.1.html, /srv/workiva/work-orders/payroll-sync.filing.1.md]
"""
