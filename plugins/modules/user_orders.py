#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: user_orders
short_description: Tell which work orders declared users need, and take in that people have done them
version_added: 0.1.0
description:
  - Where no grant may change users, or none is there at all, people do it. This task compares each declared user with what is known of
    it, and tells the work order that it needs; M(integrations.workiva.work_orders) writes the pages.
  - With a grant that may read, what is known is what M(integrations.workiva.integration_users) saw in check mode. An order is done when the
    steps that it asked for are seen.
  - Without such a grant, what is known is what people attested. An order is done when a person says so, and its access, as it was fixed
    with the order, is from then on the access that the next declaration is compared with. A token that was given for a grant of the user
    observes that the user is alive, and nothing of its access.
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
      - Never prompts, and writes nothing to the journal.
  diff_mode:
    support: none
  idempotent:
    support: full
options:
  users:
    description:
      - The declared users, as the task M(integrations.workiva.integrations) returns them and M(integrations.workiva.integration_users)
        takes them.
    type: list
    elements: dict
    required: true
    suboptions:
      username:
        description: The username.
        type: str
        required: true
      previous_username:
        description: The username before a rename.
        type: str
      adopt:
        description: Whether an account that exists already is the integration's own.
        type: bool
        default: false
      email:
        description: The address of the user's mailbox.
        type: str
      given_name:
        description: The user's given name.
        type: str
      family_name:
        description: The user's family name.
        type: str
      display_name:
        description: The name that is shown in documents.
        type: str
      sign_in:
        description: How the user signs in.
        type: str
        choices: [password, sso, sso_exception]
      custodian:
        description: Who can sign in as the user.
        type: str
      integration:
        description: The integration that the user is for. A user without one gets no order.
        type: str
      state:
        description: Whether the user has access.
        type: str
        choices: [present, absent]
        default: present
      delete:
        description: With O(users[].state=absent), asks to delete the user as well.
        type: bool
        default: false
      welcome_email:
        description: Whether a new user gets the mail in which a password is set.
        type: bool
      organization_roles:
        description: The organization roles, exactly.
        type: list
        elements: str
      workspaces:
        description: The workspaces that the user is a member of.
        type: list
        elements: dict
        default: []
        suboptions:
          name:
            description: The workspace.
            type: str
            required: true
          roles:
            description: The roles in it, exactly.
            type: list
            elements: str
          groups:
            description: The groups of the workspace that the user is in.
            type: list
            elements: str
          groups_mode:
            description: Whether other groups are left alone.
            type: str
            choices: [add, exact]
            default: add
  administration:
    description:
      - With V(writer) users are changed by the API, so that no order is needed, and one that is out from another time is closed.
      - With V(reader) they are read by the API and changed by people. With V(none) people do all of it.
    type: str
    choices: [writer, reader, none]
    required: true
  about:
    description:
      - By the name of the integration, its C(owner) and C(purpose), for the pages.
    type: dict
    default: {}
  observed:
    description:
      - The RV(integrations.workiva.integration_users#module:users) of this run; with O(administration=reader) of one in check mode.
    type: list
    elements: dict
    default: []
  grants:
    description:
      - The RV(integrations.workiva.oauth2_grants#module:grants) of this run. An accepted pair observes its user.
    type: list
    elements: dict
    default: []
  journal:
    description:
      - The folder of the journals, as an absolute path of the controller.
    type: path
    required: true
  handover:
    description:
      - How a person says that an order is done. With V(prompt) it is asked for at the terminal, for each order that is out.
      - With V(vars) it is taken from O(done). With V(defer) nothing is said. With V(none) nothing is written to the journal either.
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
      - For O(handover=vars), the numbers of the work orders that a person says are done.
      - Numbers of orders that are not out are ignored; where one was withdrawn, a note of RV(users) says so.
    type: list
    elements: str
    default: []
seealso:
  - module: integrations.workiva.integration_users
  - module: integrations.workiva.work_orders
"""

EXAMPLES = r"""
- name: What people must do for the users
  integrations.workiva.user_orders:
    users: "{{ project.workiva.users }}"
    about: "{{ project.workiva.about }}"
    administration: none
    journal: "{{ project.workiva.journal }}"
    handover: vars
    done: [payroll-sync.user.1]
  register: asked

- name: Update the work orders
  integrations.workiva.work_orders:
    orders: "{{ asked.orders }}"
    considered: "{{ asked.considered }}"
    journal: "{{ project.workiva.journal }}"
    path: "{{ project.workiva.work_orders }}"
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
  description: The work orders that are needed; for M(integrations.workiva.work_orders).
  returned: success
  type: list
  elements: dict
  sample:
    - integration: payroll-sync
      grant: user
      kind: add_user
considered:
  description: The users that could be judged; for M(integrations.workiva.work_orders).
  returned: success
  type: list
  elements: dict
  sample:
    - integration: payroll-sync
      grant: user
events:
  description: What was, or in check mode would be, added to the journals.
  returned: success
  type: list
  elements: dict
  sample:
    - event: attested
      grant: user
      order: payroll-sync.user.1
"""
