#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: integration_users
version_added: 0.1.0
short_description: Create integration users and give them just the access they need
description:
  - Brings many users of one organization to what is declared, in one task. For each user these are its own fields,
    its organization roles, its memberships in workspaces, and its roles and groups there.
  - What is not given is left alone. A list that is given is exact for O(users[].organization_roles) and for
    O(users[].workspaces[].roles), and additive for O(users[].workspaces[].groups) unless
    O(users[].workspaces[].exclusive=true). Workspaces that are not named are left alone.
  - What the platform gives to everybody by itself (the organization role C(Organization Member), the group
    C(All Users)) is never touched.
  - Users are found by username, and roles, workspaces and groups by name, all whatever their case.
    An unknown name fails that user before anything is done to it, with the known names, nearest first.
  - A user that exists is changed only where it is known to be the declared one, since a username that matches may belong to a
    colleague. O(journal) has the record of it, and O(users[].adopt) says it. Without a record its e-mail address, given name and
    family name prove it where all three are declared and the same. A user of whom it is not known fails, with what would be done
    to it; the same holds for O(users[].state=absent) and O(users[].previous_username).
  - One bad user never stops the others. A user whose steps were cut short is brought to the end by the next run.
  - The grant that asks needs the scopes C(organization:read) and C(organization:write), and its user the organization
    roles C(Org User Admin) and C(Org Workspace Admin).
extends_documentation_fragment:
  - integrations.workiva.connection
  - integrations.workiva.connection.project
  - integrations.workiva.declared_user
  - integrations.workiva.attributes
  - integrations.workiva.attributes.twin
  - integrations.workiva.attributes.group
attributes:
  check_mode:
    support: full
    details:
      - It runs the same code up to the first write, and returns the same RV(users[].steps).
  diff_mode:
    support: full
    details:
      - The diff holds, by username, what the steps touch and nothing else.
  idempotent:
    support: full
options:
  use:
    description:
      - With O(project), which of its administrator grants is used. V(write) is the one that changes users, and V(read) the one
        that reads, where the project has two. The default is V(write).
    type: str
    choices: [read, write]
  users:
    description:
      - The users, each with what is declared of it. A username may be declared once.
      - Either this or O(project) is needed. The project has its own users and O(journal). Where it leaves changes to people,
        the users are compared and nothing is changed.
  journal:
    description:
      - The folder of the journals, as an absolute path of the controller. Of each user with an O(users[].integration), the journal of
        that name shows which account was created or adopted before.
      - Before a user is created, and when it was created or adopted, that is written to its journal. Where the task does not run on the
        controller, it is written when the module has ended.
      - Without it there is no record.
    type: path
  excess_access:
    description:
      - How far to look for access that is there and not declared.
      - V(report) reads one report over all users, for organization roles and for the workspaces that are not declared. The report
        may be late or incomplete, so that RV(users[].excess_access_unknown) always has a text.
      - V(full) does not use the report. It reads the members of every workspace, the roles of each user in each of them, and the
        members of every group in the declared workspaces. That takes one request for each workspace, membership and group.
      - V(none) does not look.
    type: str
    choices: [none, report, full]
    default: report
  on_item_error:
    description:
      - V(fail) brings all other users to their end and then fails the task.
      - V(report) succeeds and leaves it to the reader of RV(users[].error).
    type: str
    choices: [fail, report]
    default: fail
notes:
  - A run that finds nothing to do sends one request for the token (unless one is kept), the users, the workspaces and
    the report, three for each declared workspace (its roles, memberships and groups), one for each declared group, one
    for each membership with declared roles, and with O(users[].organization_roles) one for the organization's roles and
    one for the user's.
  - The API has no call to suspend or to activate a user. According to Workiva's help pages the platform suspends a user that is
    in no workspace, and activates it with a membership.
  - A create whose answer was lost is looked up before it is tried again, so that no fault makes a second user.
  - A user that belongs to another organization already cannot be taken in by its username, but by its O(users[].id).
seealso:
  - module: integrations.workiva.organization_info
author:
  - the integrations.workiva authors (@integrations-workiva)
"""

EXAMPLES = r"""
- name: An integration user with one workspace
  integrations.workiva.integration_users:
    region: us
    organization_id: d6e178fd-4dd5-47e5-9457-68dd64b03655
    client_id: "{{ workiva_client_id }}"
    client_secret: "{{ workiva_client_secret }}"
    users:
      - username: payroll-sync@example.com
        email: payroll-sync@example.com
        given_name: Payroll
        family_name: Sync (integration)
        sign_in: password
        organization_roles: []
        workspaces:
          - name: SEC Filing
            roles: [Professional]
            groups: [Data loaders]

- name: An integration that has ended, its user kept for the history of documents
  integrations.workiva.integration_users:
    users:
      - username: old-feed@example.com
        state: absent
        adopt: true  # it is ours, although this task has no record of it

- name: What a run would do, and which access is not declared
  integrations.workiva.integration_users:
    users: "{{ users }}"
    excess_access: full
    on_item_error: report
  check_mode: true
  register: users_checked
"""

RETURN = r"""
users:
  description: What became of each user, in the order of the option.
  returned: always
  type: list
  elements: dict
  contains:
    username:
      description: The username as it was declared.
      type: str
      returned: always
      sample: payroll-sync@example.com
    id:
      description: The user's id. Null where there is no user yet.
      type: str
      returned: always
      sample: V0ZVc2VyHzEwMDE
    status:
      description:
        - V(active) or V(suspended) as the platform tells it, read again where memberships changed.
        - Null where there is no user.
      type: str
      returned: always
      sample: active
    state:
      description: The state that was declared.
      type: str
      returned: always
      sample: present
    integration:
      description: The integration that the user is for, as it was given.
      type: str
      returned: always
      sample: payroll-sync
    changed:
      description: Whether something was done or, in check mode, would be done.
      type: bool
      returned: always
      sample: true
    steps:
      description: What was done or, in check mode, would be done, in that order. After an error, what was done before it.
      type: list
      elements: str
      returned: always
      sample:
        - create the user 'payroll-sync@example.com'
        - add to the workspace 'SEC Filing', with a welcome e-mail
        - set the roles in the workspace 'SEC Filing' to exactly 'Professional'
    plan:
      description: The same steps for a program. Of an account that is not known to be the user's own, what would be done to it.
      type: list
      elements: dict
      returned: always
      sample:
        - {kind: add_membership, workspace: SEC Filing, names: [], fields: {}, welcome_email: true, text: "add to the workspace 'SEC Filing'"}
    excess_access:
      description: Access that is there, is not declared and is left alone.
      type: list
      elements: dict
      returned: always
      contains:
        kind:
          description: V(organization_role), V(workspace), V(role) or V(group).
          type: str
          returned: always
          sample: workspace
        workspace:
          description: The workspace. Null for an organization role.
          type: str
          returned: always
          sample: ESG
        name:
          description: The role or the group. Null for a workspace.
          type: str
          returned: always
          sample: Viewer
        roles:
          description: For a workspace, the roles in it.
          type: list
          elements: str
          returned: always
          sample: [Viewer]
    excess_access_unknown:
      description:
        - Why there may be undeclared access that RV(users[].excess_access) does not show. With O(excess_access=report) that is at least that
          only the report was read. Null where all of it was read, and with O(excess_access=none).
      type: str
      returned: always
      sample: null
    gone:
      description:
        - Whether a user with O(users[].state=absent) has no access any more, by exact reads of every workspace after the removals.
        - Null for other users, and where something could not be read. In check mode, as it is before the removals.
      type: bool
      returned: always
      sample: null
    ignored:
      description: The fields that Workiva did not take in this run, with their declared values.
      type: dict
      returned: always
      sample: {}
    notes:
      description: What a person should know and no call can change, such as a user that is suspended or stays active.
      type: list
      elements: str
      returned: always
      sample: []
    error:
      description: What went wrong with this user, or null.
      type: dict
      returned: always
      contains:
        msg:
          description: The error for a person.
          type: str
          returned: always
          sample: "Unknown workspace: 'SEC Filling'. Known, nearest first: 'SEC Filing', 'ESG'."
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
          sample: SEC Filling
        request_id:
          description: The request's id at the server, for its support.
          type: str
          returned: always
          sample: null
requests_sent:
  description: How many requests went out, the one for a token included.
  returned: always
  type: int
  sample: 12
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import run_as_module
from ansible_collections.integrations.workiva.plugins.module_utils._organization.users import CORE


def main() -> None:
    """Runs the core where the module is."""
    run_as_module(AnsibleModule(**CORE.specification), CORE)


if __name__ == "__main__":
    main()
