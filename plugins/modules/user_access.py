#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: user_access
short_description: Compare users that administrators change, and keep their work orders
version_added: 0.1.0
description:
  - If no grant may change users, administrators change them. This task compares each declared user with its known state, and opens and
    closes the work orders for the differences.
  - With a grant that may read, the known state is what M(integrations.workiva.integration_users) found in check mode. An order is closed when
    its steps are observed.
  - Without such a grant, the known state is what a person attested. An order is closed when a person confirms it. The next declaration is then
    compared with the access in that order. A token for a grant of the user proves only that the user is active.
  - When an absent integration has nothing left to do, the event C(left) is written to its journal once.
  - It sends nothing.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
attributes:
  check_mode:
    support: full
    details:
      - Never prompts. The result is that of a run, including the work orders that would be opened and closed.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  project:
    description:
      - The project, as RV(integrations.workiva.integrations#module:workiva). Its C(administration) decides who changes users.
    type: raw
    required: true
  observed:
    description:
      - The RV(integrations.workiva.integration_users#module:users) of this run. If administrators change users, those of a task in check mode.
    type: list
    elements: dict
    default: []
  grants:
    description:
      - The RV(integrations.workiva.oauth2_grants#module:grants) of this run. Accepted credentials show that their user is active.
    type: list
    elements: dict
    default: []
  orders:
    description:
      - Whether work orders are opened and closed.
    type: str
    choices: [all, none]
    default: all
  handover:
    description:
      - How a person confirms that an order is done. With V(prompt), the task asks at the terminal, for each open order.
      - With V(vars), the confirmations are those in O(done). With V(defer), nothing is confirmed. With V(none), no journal and no work order is
        written.
    type: str
    choices: [prompt, vars, defer, none]
    default: prompt
  ask_for:
    description:
      - For O(handover=prompt), the numbers of the work orders that a person chose to answer; see M(integrations.workiva.open_orders).
      - Without it, the task asks about each open order.
    type: list
    elements: str
  done:
    description:
      - For O(handover=vars), the numbers of the work orders that a person confirms as done.
      - Numbers of orders that are not open are ignored. A note in RV(users) names an order that was withdrawn.
    type: list
    elements: str
    default: []
seealso:
  - module: integrations.workiva.integration_users
  - module: integrations.workiva.open_orders
"""

EXAMPLES = r"""
- name: Confirm a work order for a user, and open those that are needed
  integrations.workiva.user_access:
    project: "{{ loaded.workiva }}"
    handover: vars
    done: [payroll-sync.user.1]
  register: access
"""

RETURN = r"""
users:
  description:
    - The RV(integrations.workiva.integration_users#module:users) with three more keys, in the order of the option.
  returned: success
  type: list
  elements: dict
  contains:
    asked:
      description: The steps that the work order asks for.
      type: list
      elements: str
      returned: success
      sample: ["create the user 'payroll-sync@example.com'"]
    fields:
      description: The declared fields of the user, each with its RV(ignore:value) and its source, C(observed), C(attested) or C(declared).
      type: dict
      returned: success
      sample:
        username: {value: payroll-sync@example.com, known: observed}
    left:
      description:
        - Whether the integration has left. It is marked C(state=absent), its access is known to be removed, its grants are deleted, and no
          work order of it is open.
      type: bool
      returned: success
      sample: false
  sample:
    - username: payroll-sync@example.com
      integration: payroll-sync
      asked: []
orders:
  description:
    - The open work orders, as RV(integrations.workiva.open_orders#module:orders). None where work orders are not kept.
  returned: success
  type: list
  elements: dict
  sample: []
opened:
  description: The numbers of the work orders that were, or in check mode would be, opened.
  returned: if work orders are kept
  type: list
  elements: str
  sample: [payroll-sync.user.1]
closed:
  description: The numbers of the work orders that were, or in check mode would be, closed, because what they asked for is done.
  returned: if work orders are kept
  type: list
  elements: str
  sample: []
withdrawn:
  description: The numbers of the work orders that were, or in check mode would be, withdrawn, because they are not needed any more.
  returned: if work orders are kept
  type: list
  elements: str
  sample: []
"""
