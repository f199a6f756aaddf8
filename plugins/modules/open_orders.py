#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: open_orders
short_description: List the open work orders, and ask which to answer
version_added: 0.1.0
description:
  - Reads the open work orders from the journals of a project.
  - People create, change and delete grants on Workiva's pages, because no public API does it. A work order describes the steps. It is one
    self-contained HTML page, and the same text as Markdown for a ticket. No work order holds a secret.
  - M(integrations.workiva.oauth2_grants), M(integrations.workiva.user_access) and M(integrations.workiva.file_access) open and close them.
  - With O(ask) it lists them at the terminal with numbers and asks which of them are answered now. Where nobody can answer, none is chosen.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
attributes:
  check_mode:
    support: full
    details:
      - Changes nothing in any mode, and asks nothing in check mode.
  diff_mode:
    support: none
  idempotent:
    support: full
options:
  project:
    description:
      - The project, as RV(integrations.workiva.integrations#module:workiva). The orders of its integrations and of its administrators' grants
        are listed.
    type: raw
    required: true
  ask:
    description:
      - Whether to ask which orders are answered.
    type: bool
    default: false
seealso:
  - module: integrations.workiva.oauth2_grants
  - module: integrations.workiva.user_access
  - module: integrations.workiva.file_access
"""

EXAMPLES = r"""
- name: List the open work orders
  integrations.workiva.open_orders:
    project: "{{ loaded.workiva }}"
  register: open
"""

RETURN = r"""
orders:
  description: The open work orders.
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
      description:
        - The command that answers the order, to be run in the project folder; null where nobody has to answer it.
        - It gets the vault passwords as this run did, for example from the same file.
      type: str
      sample: ansible-playbook handover.yml --vault-id prod@prompt
    fields:
      description: Everything that is fixed with the order, and who is concerned.
      type: dict
      sample:
        client_name: SEC Filing | payroll-sync | 2026-11
        expires: '2027-11-24'
chosen:
  description: The numbers of the orders that were chosen.
  returned: success
  type: list
  elements: str
  sample: [payroll-sync.filing.1]
"""
