#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: integrations
short_description: Load and check the project folder of integrations
version_added: 0.1.0
description:
  - Loads C(workiva.yml) and C(integrations.d/*.yml), renders the templates in their values, and checks everything.
  - It reports all problems at once, each with its file and line. What may be wrong, but cannot be decided, is a note.
  - It sends nothing, writes nothing and reads no secret.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
options:
  project:
    description:
      - The project folder, as an absolute path. The default is the folder of the inventory, or the current folder without one.
      - A folder inside an installed collection is refused, because a relative path in a playbook of a collection leads there.
      - The RV(workiva) of a task that loaded the project earlier in the run is accepted too. It is returned unchanged, and nothing is
        loaded or checked again. The task then fails if another option differs from the one that the project was loaded with.
    type: raw
  templates:
    description:
      - Whether templates in the values are rendered. A template can run commands on the controller. Use V(false) for a folder that others
        may change, for example that of a pull request.
      - With V(false), a note lists each value with a template as not checked. The names of inventory groups are not checked either.
    type: bool
    default: true
  integrations:
    description:
      - Integrations as a list instead of files. Each entry has the content of a file.
    type: list
    elements: dict
    default: []
  only:
    description:
      - The names of the integrations to return. All integrations are checked.
    type: list
    elements: str
    default: []
  delete:
    description:
      - The names of the integrations whose users this run may delete. They must be declared with C(state=absent) and C(delete_user=true).
        No other user is deleted.
    type: list
    elements: str
    default: []
  today:
    description:
      - The date to use (YYYY-MM-DD). The default is today's.
    type: str
  vault_id:
    description:
      - The vault id with which later tasks of this project encrypt. It is returned in RV(workiva.run).
    type: str
"""

EXAMPLES = r"""
- name: Load the project beside the inventory
  integrations.workiva.integrations:
  register: loaded

- name: Load one integration of another project
  integrations.workiva.integrations:
    project: /srv/workiva
    only: [payroll-sync]

- name: Print the declared users
  ansible.builtin.debug:
    msg: "{{ (loaded.workiva.declared | ansible.builtin.from_json).users }}"
"""

RETURN = r"""
problems:
  description: Everything that is wrong, each with its file and line.
  returned: failure
  type: list
  elements: str
  sample: ["integrations.d/payroll-sync.yml:12: the key workspce is unknown. Did you mean workspace?"]
contents:
  description: The number of declared objects, for a person.
  returned: success
  type: str
  sample: 6 integrations, 7 grants, 1 certificate, 1 administrator grant
workiva:
  description: The declaration, in the form of the options of the other modules.
  returned: success
  type: dict
  contains:
    project:
      description: The folder.
      type: str
      sample: /srv/workiva
    connection:
      description: The connection options, without a credential.
      type: dict
      sample: {region: us}
    administration:
      description:
        - How users are managed. With V(writer), a grant reads and changes them. With V(reader), a grant reads them and administrators
          change them. With V(none), administrators do both.
      type: str
      sample: writer
    administration_scopes:
      description: The scopes that the administrator grants need for this declaration, to C(read) and to C(write).
      type: dict
      sample: {read: [organization:read], write: [organization:read, organization:write]}
    credentials:
      description: The vars file with the stored credentials.
      type: str
      sample: /srv/workiva/credentials.yml
    journal:
      description: The folder of the journals.
      type: str
      sample: /srv/workiva/journal
    work_orders:
      description: The folder of the work orders.
      type: str
      sample: /srv/workiva/work-orders
    declared:
      description:
        - What is declared for the integrations, as one JSON text. Ansible copies each value of a mapping for every task that gets it. A text is
          one value, so a project of a thousand integrations stays fast. Read it with P(ansible.builtin.from_json#filter).
        - C(integrations) has the names of the integrations, C(absent) those that are marked C(state=absent), and C(delete_declared) those whose
          files have C(delete_user=true).
        - C(users) has the options of M(integrations.workiva.integration_users), and C(files) those of M(integrations.workiva.file_permissions).
        - C(grants), C(administrator_grants) and C(file_administrator_grants) have the declared grants, and C(targets) has where their credentials
          are delivered to.
        - C(about) has the owner and the purpose of each integration, and C(places) the file and line of each name of something in Workiva, both
          by the name of the integration. C(scope_labels) has the labels of scopes, by the vendor's string.
      type: str
      sample: '{"integrations":["payroll-sync"],"users":[],"grants":[]}'
    verify_from:
      description:
        - The hosts in C(verify_from) of the grants, each once, for C(integrations), C(administrator) and C(file_administrator). Delegate a
          task with M(integrations.workiva.oauth2_grants) to each of them.
      type: dict
      sample: {integrations: [etl01.example.com], administrator: [], file_administrator: []}
    certificates:
      description:
        - The declared copies of server certificates, as options of M(integrations.workiva.server_certificate). C(hosts) are the inventory
          hosts that keep a copy (none for the controller), and C(reload) are the services to reload.
      type: list
      elements: dict
      sample: [{name: api, region: us, path: /etc/loader/workiva.pem, hosts: [etl01.example.com], reload: [loader]}]
    certificate_notice:
      description:
        - The declared request, as options of M(integrations.workiva.certificate_notice). It has no password, but C(password_variable), the
          name of the variable that holds it. Null if no request is declared.
      type: dict
      sample: null
    warnings:
      description: The notes on what may be wrong.
      type: list
      elements: str
      sample: []
    run:
      description: The settings with which the project was loaded. Later tasks of this project use them.
      type: dict
      contains:
        only:
          description: The integrations that the run is limited to. If the list is empty, the run is not limited.
          type: list
          elements: str
          sample: [payroll-sync]
        today:
          description: The option O(today), or null.
          type: str
          sample: null
        delete_user:
          description: The integrations whose users the run may delete.
          type: list
          elements: str
          sample: []
        vault_id:
          description: The option O(vault_id), or null.
          type: str
          sample: null
        templates:
          description: Whether templates in the files were rendered.
          type: bool
          sample: true
"""
