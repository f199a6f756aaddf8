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
  - Loads C(workiva.yml) and C(integrations.d/*.yml), templates their values, and checks everything before anything is sent.
  - All problems are told at once, each with its file and line. What may be wrong but cannot be known is told as a note.
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
      - The project folder, an absolute path. Without it the folder of the inventory, and without one the current folder.
      - A folder inside an installed collection is refused, since a relative path in a playbook of a collection ends there.
      - The RV(workiva) of a task that loaded the project earlier in the run is accepted as well. It is returned as it is, and nothing is
        loaded and checked again. An option that differs from what it was loaded with is refused then.
    type: raw
  templates:
    description:
      - Whether templates in the values are rendered. A template can run commands on the controller (lookups), so that a folder which
        others may change, such as the one of a pull request, is checked with V(false).
      - A value that holds a template is then noted as not checked, and so are the names of inventory groups.
    type: bool
    default: true
  integrations:
    description:
      - Integrations given as a list instead of files, each as a file would hold it.
    type: list
    elements: dict
    default: []
  only:
    description:
      - The names of the integrations to return. All are checked.
    type: list
    elements: str
    default: []
  delete:
    description:
      - The names of integrations declared with C(state) absent and C(delete_user) true whose users this run may delete. Without its
        name here, a user is not deleted.
    type: list
    elements: str
    default: []
  today:
    description:
      - The date to reckon with (YYYY-MM-DD). Without it today's.
    type: str
  vault_id:
    description:
      - The vault id that the tasks which get the project encrypt with. It is returned in RV(workiva.run).
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
"""

RETURN = r"""
problems:
  description: Everything that is wrong, each with its file and line.
  returned: failure
  type: list
  elements: str
  sample: ["integrations.d/payroll-sync.yml:12: the key workspce is unknown. Did you mean workspace?"]
contents:
  description: How much is declared, for a person.
  returned: success
  type: str
  sample: 6 integrations, 7 grants, 0 files, 1 certificate
workiva:
  description: What was declared, in the shape of the other tasks' options.
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
        - How users are looked after. V(writer) by a grant; V(reader) they are read by a grant, and changed by people; V(none) people do
          all of it.
      type: str
      sample: writer
    administration_scopes:
      description: The scopes that what is declared needs of these grants, to C(read) and to C(write).
      type: dict
      sample: {read: [organization:read], write: [organization:read, organization:write]}
    credentials:
      description: The vars file that the credentials are written to.
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
    integrations:
      description: The names of the integrations.
      type: list
      elements: str
      sample: [payroll-sync]
    users:
      description: The users, as M(integrations.workiva.integration_users) takes them.
      type: list
      elements: dict
      sample: []
    grants:
      description: The grants, as M(integrations.workiva.oauth2_grants) takes them.
      type: list
      elements: dict
      sample: []
    about:
      description: The owner and the purpose of each integration, by its name.
      type: dict
      sample: {payroll-sync: {owner: finance-systems@example.com, purpose: Loads the payroll totals}}
    absent:
      description: The names of the integrations that are declared absent.
      type: list
      elements: str
      sample: []
    delete_declared:
      description: The names of the integrations that say C(delete_user) in their files.
      type: list
      elements: str
      sample: []
    verify_from:
      description:
        - The machines that grants are checked from, each once, for the C(integrations), the C(administrator) and the
          C(file_administrator). Delegate a task of M(integrations.workiva.oauth2_grants) to each of them.
      type: dict
      sample: {integrations: [etl01.example.com], administrator: [], file_administrator: []}
    administrator_grants:
      description: The administrator grant and the one that reads, where they are declared.
      type: list
      elements: dict
      sample: []
    certificates:
      description:
        - The declared copies of server certificates, as M(integrations.workiva.server_certificate) takes them, with C(hosts), the inventory
          hosts that keep them (none for the controller), and C(reload), the services to reload.
      type: list
      elements: dict
      sample: [{name: api, region: us, path: /etc/loader/workiva.pem, hosts: [etl01.example.com], reload: [loader]}]
    certificate_notice:
      description:
        - The declared request, as M(integrations.workiva.certificate_notice) takes it, with C(password_variable), the name of the
          variable that holds the password, in place of a password. Null where none is declared.
      type: dict
      sample: null
    file_administrator_grants:
      description: The grants that give permissions on files, one a workspace.
      type: list
      elements: dict
      sample: []
    files:
      description: The files, as M(integrations.workiva.file_permissions) takes them.
      type: list
      elements: dict
      sample: []
    scope_labels:
      description: The known labels of scopes, by the vendor's string.
      type: dict
      sample: {"data_tables|r": Spreadsheets (Read)}
    warnings:
      description: What may be wrong.
      type: list
      elements: str
      sample: []
    run:
      description: The settings with which the project was loaded. The tasks that get the project use them.
      type: dict
      contains:
        only:
          description: The integrations that the run is limited to. All, where there is none.
          type: list
          elements: str
          sample: [payroll-sync]
        today:
          description: The date that the option O(today) gave. Null for the day of the run.
          type: str
          sample: null
        delete_user:
          description: The integrations whose users the run may delete.
          type: list
          elements: str
          sample: []
        vault_id:
          description: The vault id to encrypt with. Null where none was given.
          type: str
          sample: null
        templates:
          description: Whether templates in the files were rendered.
          type: bool
          sample: true
"""
