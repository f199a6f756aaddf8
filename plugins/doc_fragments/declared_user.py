# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be declared of a user: the entries of the option C(users)."""

from __future__ import annotations


class ModuleDocFragment:
    """See ansible-doc; C(USER_OPTIONS) in module_utils/_organization/wanted.py is the specification of the same."""

    DOCUMENTATION = r"""
options:
  users:
    type: list
    elements: dict
    suboptions:
      username:
        description: The name that the user signs in with. The user is found by it, in any case.
        type: str
        required: true
      previous_username:
        description:
          - The former name of the user. If no user has O(users[].username) and one has this name, it is renamed. As for any other change,
            it must be the declared user's own account.
          - Workiva does not publish whether a rename ends the client secrets of the user's grants. According to its help pages, the user gets
            a mail.
        type: str
      id:
        description:
          - The id of a user of another organization, which knows the id. If this organization does not have the user, the user is added by
            this id and then updated to match the declaration. A user cannot be added by the username.
          - If the organization has users with this id and with this username, they must be the same user. Otherwise the item fails.
          - An id names exactly one account, so it adopts the account as O(users[].adopt) does.
        type: str
      adopt:
        description:
          - Whether an existing account is the declared user's own, although no record shows that it was created or adopted.
          - With O(journal) the adoption is recorded once, as a separate step.
        type: bool
        default: false
      owned:
        description:
          - The record of the account that is the declared user's own. With O(journal) it is read from the journal.
          - An empty dictionary is a record without an account. Every existing account is then refused, even one that needs no change.
        type: dict
        suboptions:
          id: {type: str, description: "The id of the account. It takes precedence over the username, which may be used again."}
          usernames: {type: list, elements: str, default: [], description: "The usernames under which the account was managed, without an id."}
          creating: {type: list, elements: str, default: [], description: "The usernames under which a run started to create it. Such an
              account counts as created if its e-mail address, given name and family name are the declared ones."}
          left: {type: bool, default: false, description: Whether its access was removed. Another username is then accepted.}
          unreadable: {type: str, description: Why the record cannot be read. The user then fails and is not changed.}
          lost: {type: str, description: "The journal that is missing or empty although credentials of the integration are stored. An account
              that exists is then not changed."}
          ignored: {type: dict, default: {}, description: "Fields with values that Workiva did not accept in an earlier run. They are not
              sent again."}
      email:
        description:
          - The user's e-mail address. A new user needs one. The default is the username, if it contains an C(@).
          - If it changes, Workiva sends a mail to the old and the new address. The case of the letters does not matter.
        type: str
      given_name:
        description: The user's given name.
        type: str
      family_name:
        description: The user's family name.
        type: str
      display_name:
        description:
          - The name that is shown in documents and their history.
          - Workiva does not publish whether it accepts this name, or always shows the given and the family name. If it does not accept the name,
            a note reports it. With O(journal) the name is then not sent again.
        type: str
      sign_in:
        description:
          - How the user signs in. It has to sign in once, to see the client secret of its grant.
          - V(password) is a password and a code by mail. V(sso) is single sign-on. V(sso_exception) is a password, as an exception where
            single sign-on is enforced.
          - It only decides the default of O(users[].welcome_email). The API cannot set it.
        type: str
        choices: [password, sso, sso_exception]
      custodian:
        description:
          - Who can read the user's mailbox and sign in as the user.
          - Not used by this module. It is accepted so that a declaration can be passed unchanged.
        type: str
      integration:
        description:
          - The integration that the user is for. It is returned unchanged.
        type: str
      state:
        description:
          - V(present) creates the user if it does not exist, and updates it to match the declaration.
          - V(absent) removes its organization roles, its roles in workspaces and its memberships, which suspends it. The user is not deleted, so
            the history of documents still names it.
          - A user that belongs to several organizations stays active, and RV(users[].notes) reports it.
        type: str
        choices: [present, absent]
        default: present
      delete_user:
        description:
          - With O(users[].state=absent), also deletes the user from the organization.
          - Users report that the history of documents then shows C(Author not found) instead of its name, and that this cannot be undone. For an
            integration that wrote to documents, V(false) is the better choice.
        type: bool
        default: false
      welcome_email:
        description:
          - Whether Workiva sends the welcome mail, with which a password is set, when the user becomes a member of its first workspace.
          - The default is V(true) with O(users[].sign_in=password), and V(false) otherwise.
        type: bool
      organization_roles:
        description:
          - The exact organization roles of the user. An empty list removes all roles.
          - If it is not set, the roles are not changed.
        type: list
        elements: str
      workspaces:
        description:
          - The workspaces that the user is a member of. Other memberships are not changed, and are reported in RV(users[].excess_access).
        type: list
        elements: dict
        default: []
        suboptions:
          name:
            description: The workspace.
            type: str
            required: true
          roles:
            description:
              - The exact roles of the user in the workspace. Other roles are removed, even those that Workiva gives to a new member.
              - If it is not set, the roles are not changed.
            type: list
            elements: str
          groups:
            description:
              - The groups of the workspace that the user is in.
              - If it is not set, the groups are not changed.
            type: list
            elements: str
          exclusive:
            description:
              - Whether the user is removed from groups that O(users[].workspaces[].groups) does not list.
              - Without O(users[].workspaces[].groups) no group is changed.
            type: bool
            default: false
"""
