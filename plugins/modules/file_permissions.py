#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: file_permissions
version_added: 0.1.0
short_description: Give users and groups just the permissions on files that they need
description:
  - Brings the permissions on many files of one workspace to what is declared, in one task. What differs on a file is changed
    by one request, of which all or nothing happens (the API's contract).
  - What is not declared is left alone and reported in RV(files[].excess_access), unless O(files[].exclusive=true).
  - A principal has one permission on a file. Another one that it has is revoked in the same request, as the API's contract demands.
  - Permissions are found by their name, as the platform lists them at run time, and users and groups by theirs, all whatever
    their case. An unknown name fails that file before anything is done to it.
  - One bad file never stops the others.
  - The grant that asks acts in the workspace of the files and needs the scopes C(file:read) and C(file:write), and its user a
    permission on each file that lets it change permissions. Which one that takes is not published; C(Owner) is the most that there is.
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
      - It runs the same code up to the write, and returns the same RV(files[].steps). A user or group that is not there yet is
        taken for one that an earlier task would have made.
  diff_mode:
    support: full
    details:
      - The diff holds, by file, what the principals hold whom the steps touch.
  idempotent:
    support: full
options:
  use:
    description:
      - With O(project), which of its administrator grants is used. V(write) is the one that changes users, and V(read) the one
        that reads, where the project has two. The default is V(read).
      - It finds the ids of users and groups. The permissions of each workspace are changed with the stored credentials of its
        file administrator.
      - V(none) leaves all permissions alone.
    type: str
    choices: [read, write, none]
  files:
    description:
      - The files, each with what is declared of it. A file may stand here more than once, for several integrations.
      - Either this or O(project) is needed. The project has its own files, in one or several workspaces.
    type: list
    elements: dict
    suboptions:
      file:
        description: The id of the file, the document or the spreadsheet.
        type: str
        required: true
      kind:
        description:
          - By which of the platform's calls the file is looked at. V(file) is the one for files of every kind.
        type: str
        choices: [file, document, spreadsheet]
        default: file
      part:
        description:
          - The id of a section of a document, or of a sheet of a spreadsheet, whose own permissions are meant. It needs
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
              - The name that the user had until now, by which it is found where no user has O(files[].permissions[].user), as in a
                check before a rename.
              - If there are two users, one of each name, the file fails, since it is not clear which one is meant.
            type: str
          user_id:
            description:
              - The id of the account, where it is known, for example from the journal of an integration. The account is found by it even
                if it was renamed in Workiva. If O(files[].permissions[].user) is another account then, the file fails.
            type: str
          group:
            description: The name of a group of O(files[].workspace).
            type: str
          permission:
            description:
              - The name of the permission, such as V(Viewer), V(Editor) or V(Owner). Needed with
                O(files[].permissions[].state=present).
            type: str
          state:
            description: V(absent) takes away whatever permission the principal has on the file itself.
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
        description: Whose permissions O(files[].exclusive=true) leaves alone.
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
        description: The workspace of the file. Needed where a group is declared.
        type: str
      integration:
        description: The integration that asks. It is returned as it was given.
        type: str
      about:
        description: What people call the file. It is returned as it was given.
        type: str
      file_owner:
        description: Who can share the file. It is returned as it was given.
        type: str
      asked_by:
        description: Accepted so that a declaration can be given to this module as it is.
        type: str
      purpose:
        description: Accepted so that a declaration can be given to this module as it is.
        type: str
  users:
    description:
      - The ids of the users by username. A username that is not in it does not exist.
      - Without it the organization is asked, which takes the scope C(organization:read) and O(organization_id); a grant for files
        has it rarely, and RV(integrations.workiva.organization_info#module:users) of another one knows.
    type: dict
  groups:
    description:
      - The ids of the groups by name, by the name of their workspace. Without it the organization is asked, as for O(users).
    type: dict
  on_item_error:
    description:
      - V(fail) brings all other files to their end and then fails the task.
      - V(report) succeeds and leaves it to the reader of RV(files[].error).
    type: str
    choices: [fail, report]
    default: fail
notes:
  - A run that finds nothing to do sends one request for the token (unless one is kept), one for the permissions that there are,
    and one for each file.
  - A change whose answer was lost is looked up before it is tried again.
  - Whether a folder hands its permissions on to what is in it is not published; only what is assigned on the file itself is seen.
seealso:
  - module: integrations.workiva.integration_users
  - module: integrations.workiva.oauth2_check
author:
  - the integrations.workiva authors (@integrations-workiva)
"""

EXAMPLES = r"""
- name: The integration may edit the schedules, and the loaders may read them
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

- name: Nobody else on one sheet
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
  description: What became of each file, in the order of the option.
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
      description: The kind as it was given.
      type: str
      returned: always
      sample: file
    part:
      description: The part as it was given, or null.
      type: str
      returned: always
      sample: null
    workspace:
      description: The workspace as it was given.
      type: str
      returned: always
      sample: SEC Filing
    integration:
      description: The integration as it was given.
      type: str
      returned: always
      sample: payroll-sync
    about:
      description: What people call the file, as it was given.
      type: str
      returned: always
      sample: Support schedules
    file_owner:
      description: Who can share the file, as it was given.
      type: str
      returned: always
      sample: anna.k@example.com
    changed:
      description: Whether something was done or, in check mode, would be done.
      type: bool
      returned: always
      sample: true
    steps:
      description: What was done or, in check mode, would be done, all by one request.
      type: list
      elements: str
      returned: always
      sample: ["give Editor to the user 'payroll-sync@example.com' in place of Viewer"]
    permissions:
      description:
        - Who has what on the file now or, in check mode, would have - C(kind) (user or group), C(name) where it is known, C(id)
          and C(permission).
      type: list
      elements: dict
      returned: always
      sample:
        - kind: user
          name: payroll-sync@example.com
          id: V0ZVc2VyHzEwMDE
          permission: Editor
    excess_access:
      description: Those of RV(files[].permissions) that are not declared and are left alone.
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
          description: The HTTP status, where the server answered.
          type: int
          returned: always
          sample: null
        code:
          description: The server's own code, or ours for an unknown name.
          type: str
          returned: always
          sample: unknown_name
        target:
          description: What the error is about.
          type: str
          returned: always
          sample: Edtor
        request_id:
          description: The request's id at the server, for its support.
          type: str
          returned: always
          sample: null
names:
  description: With O(project), the ids of O(users) and O(groups) that were found for the names in its files.
  returned: with O(project)
  type: dict
requests_sent:
  description: How many requests went out, the one for a token included.
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
