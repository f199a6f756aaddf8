#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization_info
version_added: 0.1.0
short_description: Gather information about an organization
description:
  - Returns the users, roles, workspaces, groups and memberships of an organization, with the names that
    M(integrations.workiva.integration_users) accepts.
  - Memberships and groups are read from each workspace. Roles, licences and last logins come from one report over all users, if the grant's
    user may read it. The report may be late or incomplete. If it shows no roles, they are read one by one.
    RV(users[].organization_roles_source) and RV(users[].workspaces[].roles_source) name the source.
  - Without the report, the roles of 10,000 users with two memberships each need 30,000 requests.
  - It returns no grants, because the API has no call that lists them.
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
      - It only reads.
  diff_mode:
    support: none
    details:
      - It only reads.
  idempotent:
    support: full
options:
  use:
    description:
      - Which administrator grant of the O(project) is used. If the project has two, V(write) is the one that changes users, and V(read) the
        one that reads. The default is V(read).
    type: str
    choices: [read, write]
  gather:
    description:
      - What to read. The rest is null in the result.
      - V(roles) are the organization's roles and, with V(workspaces), those of each workspace.
      - V(groups) are the groups of each workspace and, with V(memberships), the groups of each user. This takes one request for each group
        that has members.
    type: list
    elements: str
    choices: [organization, users, roles, workspaces, groups, memberships]
    default: [organization, users, roles, workspaces, groups, memberships]
  workspaces:
    description:
      - The names of the workspaces to return, in any case. The default is all workspaces. An unknown name is an error.
    type: list
    elements: str
  users:
    description:
      - The usernames (in any case) or ids of the users to return. The default is all users. Users that do not exist are omitted.
      - With V(memberships), the roles of these users are always read one by one, and not taken from the report.
    type: list
    elements: str
seealso:
  - module: integrations.workiva.integration_users
author:
  - the integrations.workiva authors (@integrations-workiva)
"""

EXAMPLES = r"""
- name: Read the workspaces of a project's organization, with its stored credentials
  integrations.workiva.organization_info:
    project: "{{ loaded.workiva }}"
    gather: [workspaces]

- name: Read everything
  integrations.workiva.organization_info:
    region: eu
    organization_id: d6e178fd-4dd5-47e5-9457-68dd64b03655
    client_id: "{{ workiva_client_id }}"
    client_secret: "{{ workiva_client_secret }}"
  register: organization

- name: Show the users that look like integrations
  ansible.builtin.debug:
    msg: "{{ organization.users | selectattr('looks_like_integration') | map(attribute='username') }}"

- name: Read the roles and groups of one workspace
  integrations.workiva.organization_info:
    gather: [roles, workspaces, groups]
    workspaces: [SEC Filing]
"""

RETURN = r"""
organization:
  description: The organization.
  returned: always
  type: dict
  contains:
    id:
      description: Its UUID.
      type: str
      returned: always
      sample: d6e178fd-4dd5-47e5-9457-68dd64b03655
    name:
      description: Its name.
      type: str
      returned: always
      sample: Example Corp
    status:
      description: V(active) or V(inactive).
      type: str
      returned: always
      sample: active
organization_roles:
  description: All roles of the organization.
  returned: always
  type: list
  elements: dict
  contains: &named
    id:
      description: The id.
      type: str
      returned: always
      sample: "3"
    name:
      description: The name.
      type: str
      returned: always
      sample: Org User Admin
workspaces:
  description: The workspaces, by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The id.
      type: str
      returned: always
      sample: QWNjb3VudB8xMDAx
    name:
      description: The name.
      type: str
      returned: always
      sample: SEC Filing
    roles:
      description: All roles of the workspace.
      type: list
      elements: dict
      returned: always
      contains: *named
    groups:
      description: All groups of the workspace.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: The id.
          type: str
          returned: always
          sample: V0ZHcm91cB4xMDAx
        name:
          description: The name.
          type: str
          returned: always
          sample: Data loaders
        member_count:
          description: The number of members. Null if the API does not show it.
          type: int
          returned: always
          sample: 3
users:
  description: The users, by username.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The id.
      type: str
      returned: always
      sample: V0ZVc2VyHzEwMDE
    username:
      description: The name that the user signs in with.
      type: str
      returned: always
      sample: payroll-sync@example.com
    email:
      description: The address.
      type: str
      returned: always
      sample: payroll-sync@example.com
    given_name:
      description: The given name.
      type: str
      returned: always
      sample: Payroll
    family_name:
      description: The family name.
      type: str
      returned: always
      sample: Sync (integration)
    display_name:
      description: The name that is shown.
      type: str
      returned: always
      sample: Payroll Sync (integration)
    status:
      description: V(active) or V(suspended).
      type: str
      returned: always
      sample: active
    suspended_because:
      description:
        - The likely reason why the user is suspended, and who can change it. According to Workiva's help pages, a user in no workspace is
          suspended. Null for a user that is not suspended.
      type: str
      returned: always
      sample: null
    last_login:
      description: When the user last signed in. Null if it never did, or if that is unknown.
      type: str
      returned: always
      sample: null
    licenses:
      description: The licences. Null if they are unknown.
      type: list
      elements: str
      returned: always
      sample: []
    organization_roles:
      description: The names of the user's organization roles. Null if they were not read.
      type: list
      elements: str
      returned: always
      sample: [Org User Admin]
    organization_roles_source:
      description: V(read) if they were read one by one, V(report) if they come from the report over all users. Null if they were not read.
      type: str
      returned: always
      sample: report
    workspaces:
      description: The user's memberships in the returned workspaces. Null if they were not read.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: The workspace.
          type: str
          returned: always
          sample: SEC Filing
        roles:
          description: The names of the user's roles in it.
          type: list
          elements: str
          returned: always
          sample: [Professional]
        roles_source:
          description: V(read) if they were read one by one, V(report) if they come from the report over all users.
          type: str
          returned: always
          sample: report
        groups:
          description: The names of the groups that the user is in. Null if they were not read.
          type: list
          elements: str
          returned: always
          sample: [Data loaders]
    looks_like_integration:
      description:
        - Whether the username, a name or the e-mail address before the C(@) contains a word such as C(api), C(integration), C(service),
          C(svc), C(bot), C(sync), C(feed) or C(etl).
        - This is a guess that a person has to check.
      type: bool
      returned: always
      sample: true
    looks_like_integration_reason:
      description: The word, where it was found, and whether the report shows no sign-in. Null if no word was found.
      type: str
      returned: always
      sample: its username holds the word 'sync', and the report shows no sign-in
report_refused:
  description: Why the report over all users could not be read. Null if it was read, or was not needed.
  returned: always
  type: str
  sample: null
requests_sent:
  description: The number of requests that were sent, including the one for a token.
  returned: always
  type: int
  sample: 9
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import run_as_module
from ansible_collections.integrations.workiva.plugins.module_utils._organization.information import CORE


def main() -> None:
    """Runs the core where the module is."""
    run_as_module(AnsibleModule(**CORE.specification), CORE)


if __name__ == "__main__":
    main()
