#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: project_repository
short_description: Clone a project for a run, and push what the run wrote
version_added: 0.1.0
description:
  - For jobs whose copy of the project is deleted when they end, as those of AWX and of CI systems are. The run clones the project when it
    starts, and pushes after it wrote something.
  - Only the files that the collection writes are pushed. These are the credentials file, the journals and the work orders. Secrets stay encrypted.
  - If someone else pushed meanwhile, both changes are merged by their meaning. Journals keep the lines of both sides, a work order that both
    wrote exists once, and credentials are merged grant by grant.
  - If both sides stored credentials for one grant, those that were pushed first stay the stored ones. The others are kept beside them,
    encrypted. The next run checks them, and then stores or removes them.
  - If the server refuses the push, the changes go to a branch C(workiva-unmerged/...), and the task fails and names it. If that is refused
    too, the failed result has them as RV(changes) for M(integrations.workiva.project_changes). The message also names a temporary file with
    them for the playbook C(save).
  - The password is passed to C(git) in its environment, and is in no argument list and no address. Certificates are verified, and redirects
    are not followed.
  - The Git settings, hooks and templates of the machine and its user are not used, so a run does the same everywhere. C(~/.ssh/config) applies,
    and a proxy is taken from E(HTTPS_PROXY).
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
requirements:
  - git 2.31 or newer on the controller
options:
  state:
    description:
      - V(cloned) clones the branch to a new folder, and checks that the user may push. Hooks of the server and rules of its branches are
        not part of this check.
      - V(pushed) commits and pushes what was written since.
    type: str
    choices: [cloned, pushed]
    default: pushed
  url:
    description:
      - The address of the repository, C(https://), C(ssh://), C(git@HOST:PATH), C(file://) or a path. C(http://) and other transports of
        Git (every address with C(::)) are refused.
      - An address must not contain a password or, with C(https://), a user name, because some servers accept a token there.
    type: str
    required: true
  branch:
    description:
      - The branch of the project, which must exist.
    type: str
    default: main
  path:
    description:
      - The folder of the clone, as an absolute path of the controller.
      - Required with O(state=pushed). With O(state=cloned) it must be empty or missing. The default is then a new folder that only the
        present user can read, and that is removed when the run ends.
    type: str
  folder:
    description:
      - The folder of the project within the repository.
    type: str
    default: .
  username:
    description:
      - The user for C(https://).
    type: str
  password:
    description:
      - The password or token for C(https://).
    type: str
  key_file:
    description:
      - The private key for C(ssh://), an absolute path. It must have no passphrase.
    type: str
  known_hosts:
    description:
      - The file of known host keys for C(ssh://). The default is that of C(ssh). A host that it does not list is refused.
    type: str
  ca_path:
    description:
      - A file with the certificate authorities to trust for C(https://), if those of the system are not enough.
    type: str
  author_name:
    description:
      - The name of the author of the commits.
    type: str
    default: integrations.workiva
  author_email:
    description:
      - The address of the author of the commits.
    type: str
    default: integrations.workiva@localhost
  message:
    description:
      - The message of the commit.
    type: str
    default: Keep what a run wrote
  vault_id:
    description:
      - The vault id, if the run has several. It is used to compare the credentials of two entries.
    type: str
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
    details:
      - A clone is the working copy of one run, and is not a change.
seealso:
  - module: integrations.workiva.project_changes
"""

EXAMPLES = r"""
- name: Work in a clone
  integrations.workiva.project_repository:
    state: cloned
    url: git@git.example.com:finance/workiva.git
    key_file: "{{ lookup('ansible.builtin.env', 'WORKIVA_REPOSITORY_KEY_FILE') }}"
  register: project_clone

- name: Push what was written
  integrations.workiva.project_repository:
    state: pushed
    url: git@git.example.com:finance/workiva.git
    key_file: "{{ lookup('ansible.builtin.env', 'WORKIVA_REPOSITORY_KEY_FILE') }}"
    path: "{{ project_clone.path }}"
    message: Onboard payroll-sync
"""

RETURN = r"""
path:
  description: The folder of the clone.
  returned: success
  type: str
  sample: /tmp/workiva-project-a1b2c3
project:
  description: The folder of the project in the clone, for C(workiva_project).
  returned: success
  type: str
  sample: /tmp/workiva-project-a1b2c3
commit:
  description: The commit with the changes, or the one that was cloned.
  returned: success
  type: str
  sample: 4f0c8f2d6a1e4b7d9c3b5a7e8f9012345678abcd
changes:
  description:
    - What could not be pushed, for M(integrations.workiva.project_changes). Secrets are encrypted as in the credentials file.
  returned: when a push failed
  type: dict
  sample:
    version: 1
    entries: []
    journals:
      payroll-sync.jsonl: ['{"v": 1, "at": "2026-11-24T09:00:00Z", "event": "done", "order": "payroll-sync.filing.1"}']
"""
