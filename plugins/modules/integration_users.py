#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: integration_users
version_added: 0.1.0
short_description: Manage integration users and their access
description:
  - Creates and updates many users of one organization in one task. It manages their fields, their organization roles, their
    memberships in workspaces, and their roles and groups there.
  - Options that are not set leave the present value alone. The lists O(users[].organization_roles) and O(users[].workspaces[].roles) are
    exact. O(users[].workspaces[].groups) only adds, unless O(users[].workspaces[].exclusive=true). Other workspaces are left alone.
  - The organization role C(Organization Member) and the group C(All Users), which Workiva gives to everybody, are never changed.
  - Users are found by username, and roles, workspaces and groups by name, in any case. An unknown name fails that user before anything is
    changed. The message lists the known names, nearest first.
  - An existing user is changed only if it is known to be the declared one, because a matching username may belong to a colleague. The
    record in O(journal) or O(users[].adopt) shows this. Without a record, the same e-mail address, given name and family name show it, if all
    three are declared.
  - Any other existing user fails, and the message names what would be changed. This also applies to O(users[].state=absent) and
    O(users[].previous_username).
  - A user that fails does not stop the others. The next run completes a user whose steps were interrupted.
  - The grant needs the scopes C(organization:read) and C(organization:write). Its user needs the organization roles C(Org User Admin) and
    C(Org Workspace Admin).
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
      - It runs the same code up to the first request that writes, and returns the same RV(users[].steps).
  diff_mode:
    support: full
    details:
      - The diff shows, for each user, the values that the steps change.
  idempotent:
    support: full
options:
  use:
    description:
      - Which administrator grant of the O(project) is used. If the project has two, V(write) is the one that changes users, and V(read) the
        one that reads. The default is V(write).
    type: str
    choices: [read, write]
  users:
    description:
      - The declared users. A username may be declared once.
      - Either this or O(project) is required. A project has its own users and O(journal). If administrators make the changes in that
        project, the users are only compared.
  journal:
    description:
      - The folder of the journals, as an absolute path of the controller. The journal with the name of O(users[].integration) records which
        account was created or adopted for a user.
      - An event is written before a user is created, and when a user was created or adopted. If the task does not run on the controller,
        the events are written after the module has finished.
      - Without this option nothing is recorded.
    type: path
  excess_access:
    description:
      - How far to look for access that is not declared.
      - V(report) reads one report over all users. It shows organization roles and the workspaces that are not declared. The report may be
        late or incomplete, so RV(users[].excess_access_unknown) always has a text.
      - V(full) reads the members of every workspace, the roles of each user there, and the members of every group in the declared
        workspaces. It needs one request for each workspace, membership and group, and does not use the report.
      - V(none) does not look for it.
    type: str
    choices: [none, report, full]
    default: report
  on_item_error:
    description:
      - With V(fail), the task processes all other users and then fails.
      - With V(report), the task succeeds, and RV(users[].error) has the error.
    type: str
    choices: [fail, report]
    default: fail
notes:
  - A run that has nothing to change sends one request each for the token (unless one is cached), the users, the workspaces and the report.
    It sends three for each declared workspace (its roles, memberships and groups), one for each declared group, and one for each membership
    with declared roles. With O(users[].organization_roles) it sends one for the roles of the organization and one for those of the user.
  - The API has no call to suspend or to activate a user. According to Workiva's help pages, a user in no workspace is suspended, and is
    active again with a membership.
  - If the answer to a create request is lost, the user is looked up before the request is repeated. No user is created twice.
  - A user of another organization cannot be added by its username, only by its O(users[].id).
seealso:
  - module: integrations.workiva.organization_info
author:
  - the integrations.workiva authors (@integrations-workiva)
"""

EXAMPLES = r"""
- name: Create an integration user with one workspace
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

- name: Remove the access of a user, and keep the user for the history of documents
  integrations.workiva.integration_users:
    users:
      - username: old-feed@example.com
        state: absent
        adopt: true  # it is the integration's own, although no journal is given

- name: Show what a run would do, and which access is not declared
  integrations.workiva.integration_users:
    users: "{{ users }}"
    excess_access: full
    on_item_error: report
  check_mode: true
  register: users_checked
"""

RETURN = r"""
users:
  description: The result for each user, in the order of the option.
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
      description: The user's id, or null if the user does not exist yet.
      type: str
      returned: always
      sample: V0ZVc2VyHzEwMDE
    status:
      description:
        - V(active) or V(suspended), as the API shows it. It is read again after memberships changed.
        - Null if the user does not exist.
      type: str
      returned: always
      sample: active
    state:
      description: The declared state.
      type: str
      returned: always
      sample: present
    integration:
      description: The option O(users[].integration).
      type: str
      returned: always
      sample: payroll-sync
    changed:
      description: Whether something was changed or, in check mode, would be changed.
      type: bool
      returned: always
      sample: true
    steps:
      description: What was done or, in check mode, would be done, in that order. After an error, the steps before it.
      type: list
      elements: str
      returned: always
      sample:
        - create the user 'payroll-sync@example.com'
        - add to the workspace 'SEC Filing', with a welcome e-mail
        - set the roles in the workspace 'SEC Filing' to exactly 'Professional'
    plan:
      description: The same steps for a program. For an account that is not known to be the user's own, the steps that were not done.
      type: list
      elements: dict
      returned: always
      sample:
        - {kind: add_membership, workspace: SEC Filing, names: [], fields: {}, welcome_email: true, text: "add to the workspace 'SEC Filing'"}
    excess_access:
      description: Access that the user has and that is not declared. It is left alone.
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
          description: For a workspace, the user's roles in it.
          type: list
          elements: str
          returned: always
          sample: [Viewer]
    excess_access_unknown:
      description:
        - Why there may be undeclared access that RV(users[].excess_access) does not show. With O(excess_access=report) at least because
          only the report was read.
        - Null if all access was read, and with O(excess_access=none).
      type: str
      returned: always
      sample: null
    gone:
      description:
        - Whether a user with O(users[].state=absent) has no access left. The members of every workspace are read for it after the removals.
        - Null for other users, and if something could not be read. In check mode it is the state before the removals.
      type: bool
      returned: always
      sample: null
    ignored:
      description: The declared values of fields that Workiva did not accept in this run.
      type: dict
      returned: always
      sample: {}
    notes:
      description: Facts that no API call can change, for example that a user is suspended.
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
          sample: SEC Filling
        request_id:
          description: The id of the request at the server, for Workiva's support.
          type: str
          returned: always
          sample: null
requests_sent:
  description: The number of requests that were sent, including the one for a token.
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
