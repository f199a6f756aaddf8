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
  - Stores values in a YAML vars file, each at a path of keys; secrets as inline C(!vault) values, everything else in clear.
  - Encrypts with the vault secrets of the present run, so that no password is needed in a variable.
  - Edits the text of the file. Comments, order, line ends, and the entries of other people keep every byte,
    and so does a secret that has not changed. A secret is encrypted anew where its value, its vault id or its password differs.
  - The file is replaced as a whole or not at all, under a lock against parallel runs on the same machine; where somebody else
    was faster nevertheless, the edit is done again on the newer file.
  - With the first secret of a vault id comes its check value, below C(workiva_vault_check). A run whose vault password does not open it
    fails and changes nothing, so that no vault id has secrets with two passwords.
  - A new file is C(0600). An existing one keeps its owner, group and mode, except that others lose the right to write.
  - An entry that cannot be decrypted is not overwritten. Remove it first where it is lost.
  - A file is left as it was, with an error that names the place, where it is encrypted as a whole, is not valid YAML, holds several
    documents or a key twice, or where the path leads through a flow mapping, an alias, an anchor in use or a merge key.
  - With no entries at all it proves that the run can encrypt and that the file can be written, and changes nothing.
  - No value appears in results, diffs and errors.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
options:
  path:
    description:
      - The vars file, as an absolute path of the controller. It is created where it is missing; its folder is not.
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
          - The keys that lead to the entry. Mappings that are missing on the way are created.
        type: list
        elements: str
        required: true
      value:
        description:
          - The secret. Required with O(secrets[].state=present).
          - Fewer than twelve characters are refused, since masking a short string makes all output unreadable,
            and so is what Ansible would run as a template when it reads the file.
        type: str
      state:
        description:
          - Whether the entry is there. V(absent) removes whatever is at the path.
          - A mapping that loses its last entry is removed as well; a variable at the top level stays, as V({}).
        type: str
        choices: [present, absent]
        default: present
  values:
    description:
      - The entries to write in clear. Ansible masks every encrypted value in all output, so what is not secret belongs here.
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
          - A value that is there with the same spelling is left as it is, quoted or not.
        type: str
      state:
        description:
          - Whether the entry is there.
        type: str
        choices: [present, absent]
        default: present
  vault_id:
    description:
      - The vault id to encrypt with, among those of the run.
      - By default C(vault_encrypt_identity) of the configuration, else the only one that is loaded. With several loaded and none
        chosen the task fails.
    type: str
  backup:
    description:
      - Whether to keep a copy of the former file beside it, C(0600), with the time in its name.
      - Plaintext that stood where O(secrets) puts a secret is encrypted in the copy.
    type: bool
    default: false
  follow:
    description:
      - Whether O(path) may be a symbolic link, whose target is then edited.
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
- name: Store a pair
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

- name: Forget an integration
  integrations.workiva.vault_secrets:
    path: "{{ inventory_dir }}/credentials.yml"
    secrets:
      - path: [workiva_credentials, payroll-sync]
        state: absent

- name: Prove the vault before anybody is asked for a secret
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
  description: The vault id that encrypts.
  returned: success
  type: str
  sample: prod
added:
  description: The entries that were not there, by name.
  returned: success
  type: list
  elements: str
  sample:
    - workiva_credentials.payroll-sync.filing.client_secret
changed_keys:
  description: The entries that were there and differed, in value, in vault id or in being encrypted at all.
  returned: success
  type: list
  elements: str
  sample: []
unchanged:
  description: The entries that were as wanted.
  returned: success
  type: list
  elements: str
  sample: []
removed:
  description: The entries that were removed.
  returned: success
  type: list
  elements: str
  sample: []
backup_file:
  description: The copy of the former file, or null where none was made.
  returned: success
  type: str
  sample: /home/anna/workiva/credentials.yml.20261124T021904.120518Z~
error:
  description: What went wrong, for a program.
  returned: failure
  type: dict
  sample:
    kind: VaultKeyError
    status: null
    code: null
    target: null
    request_id: null
"""
