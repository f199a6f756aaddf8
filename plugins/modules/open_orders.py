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
  - module: integrations.workiva.work_orders
"""

EXAMPLES = r"""
- name: List the open work orders
  integrations.workiva.open_orders:
    project: "{{ loaded.workiva }}"
  register: open
"""

RETURN = r"""
orders:
  description: The open work orders, each as M(integrations.workiva.work_orders) returns it.
  returned: success
  type: list
  elements: dict
  sample:
    - number: payroll-sync.filing.1
      kind: create
      waits_for: an Org Security Admin, then anna.k@example.com
chosen:
  description: The numbers of the orders that were chosen.
  returned: success
  type: list
  elements: str
  sample: [payroll-sync.filing.1]
"""
