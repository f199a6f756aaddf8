#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: oauth2_check
short_description: Check client credentials with a token request
version_added: 0.1.0
description:
  - Sends one token request with a client ID and secret, from the machine where the task runs, and compares the answer with the options.
  - Workiva has no API for grants. The scopes of a grant are visible only in the answer of the token endpoint. The workspace is visible only
    if the token can be read, which Workiva does not document.
  - Rejected credentials, or a server that cannot be reached, are findings. They fail the task only if O(fail_on) lists them.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.connection
  - integrations.workiva.attributes
  - integrations.workiva.attributes.twin
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
options:
  scopes:
    description:
      - The scopes that the grant should have, as Workiva's API names them. Without this option scopes are returned and not compared.
    type: list
    elements: str
  workspace_id:
    description:
      - The id of the workspace that the grant should be for. Without this option the workspace is returned and not compared.
    type: str
  files:
    description:
      - The ids of files that the grant's user should be able to read. The token is used to read the properties of each file.
    type: list
    elements: str
    default: []
  fail_on:
    description:
      - The findings that fail the task.
    type: list
    elements: str
    choices: [drifted, rejected, unreachable]
    default: []
"""

EXAMPLES = r"""
- name: Check credentials from the machine that the grant's IP allowlist lets in
  integrations.workiva.oauth2_check:
    region: eu
    client_id: "{{ workiva_credentials['payroll-sync'].filing.client_id }}"
    client_secret: "{{ workiva_credentials['payroll-sync'].filing.client_secret }}"
    scopes: [file:read, file:write]
    fail_on: [rejected, drifted]
  delegate_to: etl01.example.com
"""

RETURN = r"""
accepted:
  description: Whether the token endpoint issued a token.
  returned: success
  type: bool
  sample: true
client_id:
  description: The client ID that was checked.
  returned: success
  type: str
  sample: 3f0a4a6e-6a83-4c11-9d6b-0c8c3c3a5f2e
detail:
  description: The finding in words.
  returned: success
  type: str
  sample: The token endpoint accepts the credentials.
error:
  description: The error for a program, or null.
  returned: always
  type: dict
  sample: null
excess_scopes:
  description: Scopes that the grant has and O(scopes) does not list.
  returned: success
  type: list
  elements: str
  sample: []
expires_in:
  description: How long the token is valid, in seconds. Null without a token.
  returned: success
  type: int
  sample: 599
files:
  description: The result for each file, in the order of the option.
  returned: success
  type: list
  elements: dict
  contains:
    file:
      description: The id.
      type: str
      returned: always
      sample: 124efa2a142f472ba1ceab34ed18915f
    access:
      description: Whether the token reads it. Null if that is unknown.
      type: bool
      returned: always
      sample: true
    finding:
      description:
        - V(ok), V(drifted) (the file is in the trash), V(no_access) (access was refused), V(unreachable) (the check failed) or V(unchecked)
          (no check was made).
      type: str
      returned: always
      sample: ok
    detail:
      description: The finding in words.
      type: str
      returned: always
      sample: The grant's own token reads the file.
    name:
      description: The name of the file, or null.
      type: str
      returned: always
      sample: Support schedules
    permissions:
      description: The permissions on the file, each with the id of a user or group and the name of the permission. Null if the token may not list them.
      type: list
      elements: dict
      returned: always
      sample: null
finding:
  description: One of V(ok), V(drifted), V(rejected) and V(unreachable).
  returned: success
  type: str
  sample: ok
missing_scopes:
  description: Scopes that O(scopes) lists and the grant does not have.
  returned: success
  type: list
  elements: str
  sample: []
scopes:
  description: The scopes in the answer.
  returned: success
  type: list
  elements: str
  sample: [file:read, file:write]
workspace_check:
  description: V(observed) if the token shows its workspace, else V(not_checkable).
  returned: success
  type: str
  sample: observed
workspace_id:
  description: The id of the workspace in the token, or null.
  returned: success
  type: str
  sample: QWNjb3VudB81NjM5NDQ1NjA0NzI4ODMy
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import run_as_module
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import CORE


def main() -> None:
    """Runs the core where the module is."""
    run_as_module(AnsibleModule(**CORE.specification), CORE)


if __name__ == "__main__":
    main()
