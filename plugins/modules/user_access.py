#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: user_access
short_description: Judge the access of users that people change, and keep its work orders
version_added: 0.1.0
description:
  - Where no grant may change users, or there is none at all, people do it. This task compares each declared user with what is known of
    it, and opens and closes the work orders that ask for the rest.
  - With a grant that may read, what is known is what M(integrations.workiva.integration_users) found in check mode. An order is done when the
    steps that it asked for are observed.
  - Without such a grant, what is known is what people attested. An order is done when a person confirms it. The access that was fixed with
    the order is from then on the access that the next declaration is compared with. A token that was given for a grant of the user
    shows that the user is active, and nothing of its access.
  - For an absent integration of which nothing is left to do, the event C(left) is written to its journal, once.
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
      - Never prompts. The result is the one of a run, including the work orders that are opened and closed.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  project:
    description:
      - The project, as RV(integrations.workiva.integrations#module:workiva). Its C(administration) says who changes users.
    type: raw
    required: true
  observed:
    description:
      - The RV(integrations.workiva.integration_users#module:users) of this run; where people change users, of one in check mode.
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
      - How a person confirms that an order is done. With V(prompt) it is asked for at the terminal, for each open order.
      - With V(vars) it is taken from O(done). With V(defer) nothing is confirmed. With V(none) nothing is written, neither to the journal nor
        as a work order.
    type: str
    choices: [prompt, vars, defer, none]
    default: prompt
  ask_for:
    description:
      - For O(handover=prompt), the numbers of the work orders that a person chose to answer; see M(integrations.workiva.open_orders).
      - Without it, everything that the task waits for is asked for.
    type: list
    elements: str
  done:
    description:
      - For O(handover=vars), the numbers of the work orders that a person confirms as done.
      - Numbers of orders that are not open are ignored; where one was withdrawn, a note of RV(users) says so.
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

- name: Report what people have to do
  integrations.workiva.summary:
    title: Users
    users: "{{ access.users }}"
    orders: "{{ access.orders }}"
"""

RETURN = r"""
users:
  description:
    - The RV(integrations.workiva.integration_users#module:users) with two keys more, in the order of the option.
  returned: success
  type: list
  elements: dict
  contains:
    asked:
      description: What people are asked to do.
      type: list
      elements: str
      returned: success
      sample: ["create the user 'payroll-sync@example.com'"]
    fields:
      description: What is declared of the user, each with its RV(ignore:value) and how it is known, C(observed), C(attested) or C(declared).
      type: dict
      returned: success
      sample:
        username: {value: payroll-sync@example.com, known: observed}
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
