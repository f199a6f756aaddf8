#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vault_secrets
short_description: Keep secrets encrypted in a vars file that stays readable
version_added: 0.1.0
description:
  - Writes values to a YAML vars file, each at a path of keys. Secrets become inline C(!vault) values, and the rest stays in clear.
  - It encrypts with the vault passwords of the run, so no variable has to hold a password.
  - It edits the text of the file. Comments, order, line ends, other entries, and secrets that did not change stay as they are, byte for byte. A
    secret is encrypted again if its value, its vault id or its password differs.
  - The file is replaced as a whole or not at all, and locked against parallel runs on the same machine. If the file was changed meanwhile,
    the edit is repeated on the newer file.
  - The first secret of a vault id also writes a check value below C(workiva_vault_check). If the vault password of a run does not decrypt it,
    the task fails and changes nothing. So no vault id has secrets with two passwords.
  - A new file gets the mode C(0600). An existing file keeps its owner, group and mode, but others lose the permission to write.
  - An entry that cannot be decrypted is not overwritten. If it is lost, remove it first.
  - The task fails and names the line if the file is encrypted as a whole, is not valid YAML, or has several documents or duplicate keys. It
    also fails if the path leads through a flow mapping, an alias, an anchor in use or a merge key. The file is then not changed.
  - Without entries, it checks that the run can encrypt and that the file can be written, and changes nothing.
  - No value is in results, diffs or errors.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
options:
  path:
    description:
      - The vars file, as an absolute path of the controller. It is created if it does not exist. Its folder must exist.
      - A path inside an installed collection is refused.
    type: str
    required: true
  secrets:
    description:
      - The entries to encrypt.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description:
          - The keys that lead to the entry. Missing mappings are created.
        type: list
        elements: str
        required: true
      value:
        description:
          - The secret. Required with O(secrets[].state=present).
          - A secret of fewer than twelve characters is refused, because masking a short string makes all output unreadable.
          - A text that Ansible would render as a template is refused too.
        type: str
      state:
        description:
          - Whether the entry exists. V(absent) removes whatever is at the path.
          - A mapping that loses its last entry is removed too. A variable at the top level stays, as V({}).
        type: str
        choices: [present, absent]
        default: present
  values:
    description:
      - The entries to write in clear. Use this for all values that are not secret, because Ansible masks encrypted values in its output.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description:
          - The keys that lead to the entry.
        type: list
        elements: str
        required: true
      value:
        description:
          - The value, a string. Required with O(values[].state=present).
          - A value with the same spelling is left unchanged, whether it is quoted or not.
        type: str
      state:
        description:
          - Whether the entry exists.
        type: str
        choices: [present, absent]
        default: present
  vault_id:
    description:
      - The vault id to encrypt with. It must be one of those of the run.
      - The default is C(vault_encrypt_identity) of the configuration, or the only vault id of the run. If the run has several and none is
        chosen, the task fails.
    type: str
  backup:
    description:
      - Whether to keep a copy of the previous file beside it, with the mode C(0600) and the time in its name.
      - A value in clear that O(secrets) replaces is encrypted in the copy.
    type: bool
    default: false
  follow:
    description:
      - Whether O(path) may be a symbolic link. Its target is then edited.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Names the entries, never their values.
  idempotent:
    support: full
seealso:
  - module: ansible.builtin.include_vars
"""

EXAMPLES = r"""
- name: Store client credentials
  integrations.workiva.vault_secrets:
    path: "{{ inventory_dir }}/credentials.yml"
    values:
      - path: [workiva_credentials, payroll-sync, filing, client_id]
        value: "{{ client_id }}"
      - path: [workiva_credentials, payroll-sync, filing, expires]
        value: "2027-06-30"
    secrets:
      - path: [workiva_credentials, payroll-sync, filing, client_secret]
        value: "{{ client_secret }}"
    vault_id: prod

- name: Remove the credentials of an integration
  integrations.workiva.vault_secrets:
    path: "{{ inventory_dir }}/credentials.yml"
    secrets:
      - path: [workiva_credentials, payroll-sync]
        state: absent

- name: Check the vault before asking for a secret
  integrations.workiva.vault_secrets:
    path: "{{ inventory_dir }}/credentials.yml"
"""

RETURN = r"""
path:
  description: The file.
  returned: success
  type: str
  sample: /home/anna/workiva/credentials.yml
vault_id:
  description: The vault id that was used to encrypt.
  returned: success
  type: str
  sample: prod
added:
  description: The names of the new entries.
  returned: success
  type: list
  elements: str
  sample:
    - workiva_credentials.payroll-sync.filing.client_secret
changed_keys:
  description: The names of the entries whose value, vault id or encryption changed.
  returned: success
  type: list
  elements: str
  sample: []
unchanged:
  description: The names of the entries that did not change.
  returned: success
  type: list
  elements: str
  sample: []
removed:
  description: The names of the entries that were removed.
  returned: success
  type: list
  elements: str
  sample: []
backup_file:
  description: The copy of the previous file, or null.
  returned: success
  type: str
  sample: /home/anna/workiva/credentials.yml.20261124T021904.120518Z~
error:
  description: The error for a program.
  returned: failure
  type: dict
  sample:
    kind: VaultKeyError
    status: null
    code: null
    target: null
    request_id: null
"""
