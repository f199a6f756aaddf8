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
        description: The name that the user signs in with, by which it is found, whatever its case.
        type: str
        required: true
      previous_username:
        description:
          - The name that the user had until now. Where no user has O(users[].username) and one has this name, it is
            renamed. It has to be the declared user's own account, as for any other change.
          - Whether renaming a user ends the client secrets of its grants is not published. By Workiva's help pages the platform mails
            the user.
        type: str
      id:
        description:
          - The id of a user who belongs to another organization. Where this organization has no such user, the user is added
            to it by this id, and then updated to match the declaration. The other organization knows the id. A user cannot be
            added by the username.
          - Where the organization has a user of this id or of this username, the two must be one, or the item fails.
          - An id names one account and no other, so that it adopts the account as O(users[].adopt) does.
        type: str
      adopt:
        description:
          - Whether an account that exists already is the declared user's own, although nothing records that it was created or adopted.
          - With O(journal) the adoption is recorded, once, as a step of its own.
        type: bool
        default: false
      owned:
        description:
          - What is recorded of the account that is the declared user's own. With O(journal) it is read from there.
          - An empty dictionary is a record without an account. Then every account that exists is refused, also one that needs no change.
        type: dict
        suboptions:
          id: {type: str, description: "The id of the account. It outweighs the username, which may be used again."}
          usernames: {type: list, elements: str, default: [], description: "The usernames under which the account was managed, without an id."}
          creating: {type: list, elements: str, default: [], description: "The usernames under which a run started to create it. Such an
              account counts as created where its e-mail address, given name and family name are the declared ones."}
          left: {type: bool, default: false, description: Whether its access was taken away. Then another username needs no explanation.}
          unreadable: {type: str, description: Why the record cannot be read. Then the user fails and nothing is changed.}
          ignored: {type: dict, default: {}, description: "Fields with the values that Workiva was sent once and did not take. They are not
              sent again."}
      email:
        description:
          - The address of the user's mailbox. A new user needs one. Without it, a username with an C(@) is taken for it.
          - Changing it makes the platform mail the old and the new address. A difference of case alone is none.
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
          - It is not published whether Workiva takes it or always shows the given and the family name. If it does not take it, a note says so.
            With O(journal) it is not sent again then.
        type: str
      sign_in:
        description:
          - How the user signs in, which it has to do once, to see the client secret of its grant.
          - V(password) means with a password and a code by mail, V(sso) through single sign-on, and V(sso_exception)
            with a password as an exception where single sign-on is forced.
          - It decides the default of O(users[].welcome_email) and nothing else. The API cannot set it.
        type: str
        choices: [password, sso, sso_exception]
      custodian:
        description:
          - Who can read the user's mailbox and sign in as the user.
          - Nothing is done with it here. It is accepted so that a declaration can be given to this module as it is.
        type: str
      integration:
        description:
          - The integration that the user is for. It is returned as it was given.
        type: str
      state:
        description:
          - V(present) creates the user where it does not exist, and brings it to what is declared.
          - V(absent) takes its organization roles away, its roles in workspaces and its memberships, which suspends
            it. The user stays, so that the history of documents still names it. A user that does not exist is absent.
          - A user that belongs to several organizations stays active. RV(users[].notes) says so.
        type: str
        choices: [present, absent]
        default: present
      delete_user:
        description:
          - With O(users[].state=absent), deletes the user from the organization as well.
          - Users report that the history of the documents that it worked on then shows C(Author not found) in place of its name, and
            nothing brings that name back. For an integration that wrote to documents, V(false) is the better choice.
        type: bool
        default: false
      welcome_email:
        description:
          - Whether the platform sends the welcome mail, in which a password is set, with the user's first membership.
          - The default is V(true) with O(users[].sign_in=password), and V(false) otherwise.
        type: bool
      organization_roles:
        description:
          - The organization roles that the user has, exactly. An empty list takes all away.
          - Left alone where it is not given.
        type: list
        elements: str
      workspaces:
        description:
          - The workspaces that the user is a member of. Others are left alone, and reported in RV(users[].excess_access).
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
              - The roles that the user has in it, exactly, also of those that the platform gives to a new member.
              - Left alone where it is not given.
            type: list
            elements: str
          groups:
            description:
              - The groups of the workspace that the user is in.
              - Left alone where it is not given.
            type: list
            elements: str
          exclusive:
            description:
              - Whether the user is removed from groups that O(users[].workspaces[].groups) does not list.
              - Without O(users[].workspaces[].groups) all groups are left alone.
            type: bool
            default: false
"""
