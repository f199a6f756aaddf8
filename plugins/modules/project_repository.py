#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: project_repository
short_description: Keep in Git what a run writes into a project folder
version_added: 0.1.0
description:
  - For jobs whose own copy of the project is thrown away at their end, as those of AWX and of CI systems are.
    At its start a run clones the project; when it has written something, it pushes that.
  - What is pushed is what the collection writes in a project, the credentials file, the journals and the work orders; nothing else,
    and nothing of it in clear that the folder does not hold in clear.
  - Where another run or a person pushed meanwhile, both are merged by what the files mean. Journals keep the lines of both sides;
    a work order that both wrote goes out once; credentials are merged grant by grant.
  - Where both sides took in a pair for one grant, the one that was pushed first stays the stored one, and the other is kept beside it,
    encrypted. The next run tries it, stores it where it works and removes it where it is refused.
  - Where the server refuses the push, what was written goes to a branch of its own, C(workiva-unmerged/...), and the task fails and names it.
    Where that is refused too, the failed result holds it as RV(changes), encrypted, for M(integrations.workiva.project_changes),
    and a temporary file, which the message names, holds it for the playbook C(save).
  - The password is passed to C(git) through its environment, and appears neither in an argument list nor in an address.
    Certificates are verified and redirects are not followed.
  - The Git settings, hooks and templates of the machine and of its user are not used, so that the same run does the same everywhere.
    What a run needs comes in by the options. A proxy is taken from E(HTTPS_PROXY), and C(~/.ssh/config) still applies.
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
      - V(cloned) clones the branch into a new folder, and proves that it can be pushed to, before anything is taken in. Hooks of
        the server and rules of its branches show only in a real push.
      - V(pushed) commits and pushes what was written since.
    type: str
    choices: [cloned, pushed]
    default: pushed
  url:
    description:
      - The address of the repository, C(https://), C(ssh://), C(git@HOST:PATH), C(file://) or a path. C(http://) is refused, and so are
        other transports of Git (every address with C(::)),
        an address with a password in it and, with C(https://), one with a user name, since servers take a token there.
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
      - Required with O(state=pushed). With O(state=cloned) it must be empty or missing; without it the clone goes to
        a new folder that only the present user can read, and that is removed when the run ends.
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
      - The file of known host keys for C(ssh://). Without it C(ssh) uses its own, and a host that is not in it is refused.
    type: str
  ca_path:
    description:
      - A file with the certificates of the authorities to trust for C(https://), where the system's are not enough.
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
      - The vault id, where several are loaded. It serves to tell whether two entries hold the same pair.
    type: str
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
    details:
      - A clone is the working copy of one run, and does not count as a change.
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
  description: The folder of the project within it, for C(workiva_project).
  returned: success
  type: str
  sample: /tmp/workiva-project-a1b2c3
commit:
  description: The commit that holds what was written, or the one that was cloned.
  returned: success
  type: str
  sample: 4f0c8f2d6a1e4b7d9c3b5a7e8f9012345678abcd
changes:
  description:
    - What could not be pushed, encrypted as in the credentials file, as M(integrations.workiva.project_changes) takes it.
  returned: when a push failed
  type: dict
  sample:
    version: 1
    entries: []
    journals:
      payroll-sync.jsonl: ['{"v": 1, "at": "2026-11-24T09:00:00Z", "event": "done", "order": "payroll-sync.filing.1"}']
"""
