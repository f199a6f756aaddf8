#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: file_permissions
version_added: 0.1.0
short_description: Manage the permissions of users and groups on files
description:
  - Applies the declared permissions on many files of one workspace in one task. All changes to a file are one request, which is
    carried out as a whole or not at all (the API's contract).
  - Undeclared permissions are left alone and reported in RV(files[].excess_access), unless O(files[].exclusive=true).
  - A user or group has one permission on a file. To change it, the present one is revoked in the same request.
  - Permissions, users and groups are found by name, in any case. An unknown name fails that file before anything is changed on it.
  - A file that fails does not stop the others.
  - The grant must be for the workspace of the files and needs the scopes C(file:read) and C(file:write). Its user needs a permission that
    may change permissions on each file. Workiva does not publish which one that is. C(Owner) is the highest.
extends_documentation_fragment:
  - integrations.workiva.connection
  - integrations.workiva.connection.project
  - integrations.workiva.attributes
  - integrations.workiva.attributes.twin
  - integrations.workiva.attributes.group
attributes:
  check_mode:
    support: full
    details:
      - It runs the same code up to the request that writes, and returns the same RV(files[].steps). A user or group that does not exist yet
        is assumed to be created by an earlier task.
  diff_mode:
    support: full
    details:
      - The diff shows, for each file, the permissions of the users and groups that the steps change.
  idempotent:
    support: full
options:
  use:
    description:
      - Which administrator grant of the O(project) is used to find the ids of users and groups. If the project has two, V(write) is the
        one that changes users, and V(read) the one that reads. The default is V(read).
      - The permissions of each workspace are changed with the stored credentials of its file administrator grant.
      - With V(none) no permission is changed.
    type: str
    choices: [read, write, none]
  files:
    description:
      - The files with their declared permissions. A file may be listed more than once, for several integrations.
      - Either this or O(project) is required. A project has its own files, in one or several workspaces.
    type: list
    elements: dict
    suboptions:
      file:
        description: The id of the file, the document or the spreadsheet.
        type: str
        required: true
      kind:
        description:
          - Which call of the API is used for the file. V(file) is for files of every kind.
        type: str
        choices: [file, document, spreadsheet]
        default: file
      part:
        description:
          - The id of a section of a document, or of a sheet of a spreadsheet, to manage its permissions instead of the file's. It needs
            O(files[].kind=document) or O(files[].kind=spreadsheet).
        type: str
      permissions:
        description: Who may do what.
        type: list
        elements: dict
        required: true
        suboptions:
          user:
            description: The username. Either this or O(files[].permissions[].group).
            type: str
          previous_user:
            description:
              - The former name of the user. The user is found by it if no user has the name O(files[].permissions[].user), for example in
                check mode before a rename.
              - If each of the two names belongs to a user, the file fails.
            type: str
          user_id:
            description:
              - The id of the account, if it is known, for example from the journal of an integration. The account is found by it even
                if it was renamed in Workiva. If O(files[].permissions[].user) is the name of another account, the file fails.
            type: str
          group:
            description: The name of a group of O(files[].workspace).
            type: str
          permission:
            description:
              - The name of the permission, for example V(Viewer), V(Editor) or V(Owner). Required with
                O(files[].permissions[].state=present).
            type: str
          state:
            description: V(absent) removes whatever permission the user or group has on the file itself.
            type: str
            choices: [present, absent]
            default: present
      exclusive:
        description:
          - Whether the permissions of everybody else on the file are removed.
          - The permissions that another entry declares for the same file stay, and those of O(files[].keep).
          - A change after which nobody would be C(Owner) fails for that file.
        type: bool
        default: false
      keep:
        description: The users and groups whose permissions are kept with O(files[].exclusive=true).
        type: list
        elements: dict
        default: []
        suboptions:
          user:
            description: The username. Either this or O(files[].keep[].group).
            type: str
          group:
            description: The name of a group of O(files[].workspace).
            type: str
      workspace:
        description: The workspace of the file. Required if a group is declared.
        type: str
      integration:
        description: The integration that declares the file. It is returned unchanged.
        type: str
      about:
        description: What people call the file. It is returned unchanged.
        type: str
      file_owner:
        description: Who can share the file. It is returned unchanged.
        type: str
      asked_by:
        description: Not used. It is accepted so that a declaration can be passed unchanged.
        type: str
      purpose:
        description: Not used. It is accepted so that a declaration can be passed unchanged.
        type: str
  users:
    description:
      - The ids of the users by username. A username that is not listed is treated as unknown.
      - The ids of users without a username are listed under an empty name. While there are any, a username that is not listed fails its
        file, because it may be one of theirs.
      - Without it the users are read from the organization, which needs the scope C(organization:read) and O(organization_id). A grant for
        files rarely has that scope. M(integrations.workiva.organization_info) with another grant returns the ids.
    type: dict
  groups:
    description:
      - The ids of the groups by workspace and name. Without it the groups are read from the organization, as for O(users).
    type: dict
  on_item_error:
    description:
      - With V(fail), the task processes all other files and then fails.
      - With V(report), the task succeeds, and RV(files[].error) has the error.
    type: str
    choices: [fail, report]
    default: fail
notes:
  - A run that has nothing to change sends one request for the token (unless one is cached), one for the list of permissions, and one
    for each file.
  - If the answer to a change is lost, the file is read again before the change is repeated.
  - Workiva does not publish whether a folder passes its permissions on to its files. This module sees only permissions on the file itself.
seealso:
  - module: integrations.workiva.integration_users
  - module: integrations.workiva.oauth2_check
author:
  - the integrations.workiva authors (@integrations-workiva)
"""

EXAMPLES = r"""
- name: Let the integration edit the schedules and the loaders read them
  integrations.workiva.file_permissions:
    region: us
    organization_id: d6e178fd-4dd5-47e5-9457-68dd64b03655
    client_id: "{{ workiva_credentials['file-administrator'].filing.client_id }}"
    client_secret: "{{ workiva_credentials['file-administrator'].filing.client_secret }}"
    users:
      payroll-sync@example.com: V0ZVc2VyHzEwMDE
    groups:
      SEC Filing:
        Data loaders: V0ZHcm91cB4xMDAx
    files:
      - file: 124efa2a142f472ba1ceab34ed18915f
        workspace: SEC Filing
        permissions:
          - user: payroll-sync@example.com
            permission: Editor
          - group: Data loaders
            permission: Viewer

- name: Remove everybody else from one sheet
  integrations.workiva.file_permissions:
    users:
      anna.k@example.com: V0ZVc2VyHzEwMDI
    files:
      - file: 124efa2a142f472ba1ceab34ed18915f
        kind: spreadsheet
        part: 5e1b7f5c0a8d4d0f
        exclusive: true
        permissions:
          - user: anna.k@example.com
            permission: Owner
"""

RETURN = r"""
files:
  description: The result for each file, in the order of the option.
  returned: always
  type: list
  elements: dict
  contains:
    file:
      description: The id.
      type: str
      returned: always
      sample: 124efa2a142f472ba1ceab34ed18915f
    kind:
      description: The option O(files[].kind).
      type: str
      returned: always
      sample: file
    part:
      description: The option O(files[].part), or null.
      type: str
      returned: always
      sample: null
    workspace:
      description: The option O(files[].workspace).
      type: str
      returned: always
      sample: SEC Filing
    integration:
      description: The option O(files[].integration).
      type: str
      returned: always
      sample: payroll-sync
    about:
      description: The option O(files[].about).
      type: str
      returned: always
      sample: Support schedules
    file_owner:
      description: The option O(files[].file_owner).
      type: str
      returned: always
      sample: anna.k@example.com
    changed:
      description: Whether something was changed or, in check mode, would be changed.
      type: bool
      returned: always
      sample: true
    steps:
      description: What was changed or, in check mode, would be changed. All of it is one request.
      type: list
      elements: str
      returned: always
      sample: ["give Editor to the user 'payroll-sync@example.com' in place of Viewer"]
    permissions:
      description:
        - The permissions on the file after the task. Each has C(kind) (user or group), C(name) if it is known, C(id) and C(permission).
      type: list
      elements: dict
      returned: always
      sample:
        - kind: user
          name: payroll-sync@example.com
          id: V0ZVc2VyHzEwMDE
          permission: Editor
    excess_access:
      description: The entries of RV(files[].permissions) that are not declared. They are left alone.
      type: list
      elements: dict
      returned: always
      sample: []
    error:
      description: What went wrong with this file, or null.
      type: dict
      returned: always
      contains:
        msg:
          description: The error for a person.
          type: str
          returned: always
          sample: "Unknown permission: 'Edtor'. Known, nearest first: 'Editor', 'Viewer', 'Owner', 'None'."
        kind:
          description: The kind of error.
          type: str
          returned: always
          sample: InvalidArgument
        status:
          description: The HTTP status, if the server answered.
          type: int
          returned: always
          sample: null
        code:
          description: The error code of the server, or V(unknown_name).
          type: str
          returned: always
          sample: unknown_name
        target:
          description: What the error is about.
          type: str
          returned: always
          sample: Edtor
        request_id:
          description: The id of the request at the server, for Workiva's support.
          type: str
          returned: always
          sample: null
names:
  description: With O(project), the ids of the users and groups that its files name.
  returned: with O(project)
  type: dict
requests_sent:
  description: The number of requests that were sent, including the one for a token.
  returned: always
  type: int
  sample: 4
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import run_as_module
from ansible_collections.integrations.workiva.plugins.module_utils._files.permissions import CORE


def main() -> None:
    """Runs the core where the module is."""
    run_as_module(AnsibleModule(**CORE.specification), CORE)


if __name__ == "__main__":
    main()
