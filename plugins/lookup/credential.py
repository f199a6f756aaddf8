# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: credential
short_description: The stored client credentials of a grant
version_added: 0.1.0
description:
  - Returns the client credentials of a grant from the C(credentials.yml) of a project, for your own tasks.
  - It decrypts only the entry of that grant, with the vault passwords of the run.
  - A task that uses it needs C(no_log), because the result holds the client secret.
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  _terms:
    description: The integration and the grant, as in V(payroll-sync.filing).
    required: true
    type: list
    elements: str
  project:
    description: The project folder, an absolute path. The default is the folder of the inventory, or the current folder without one.
    type: str
  allow_missing:
    description: Whether a grant without stored credentials is omitted from the result. Otherwise the lookup fails.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: List the first files that the grant can read
  ansible.builtin.uri:
    url: https://api.eu.wdesk.com/files?$maxpagesize=10
    headers:
      Authorization: "Bearer {{ lookup('integrations.workiva.access_token', region='eu',
        client_id=filing.client_id, client_secret=filing.client_secret) }}"
      X-Version: "2026-01-01"
  vars:
    filing: "{{ lookup('integrations.workiva.credential', 'payroll-sync.filing', project='/srv/workiva') }}"
  register: files
  no_log: true
"""

RETURN = r"""
_raw:
  description: One dictionary for each term.
  type: list
  elements: dict
  contains:
    client_id:
      description: The client ID.
      type: str
    client_secret:
      description: The client secret, decrypted.
      type: str
    stored_at:
      description: When the credentials were stored. Empty if that is unknown.
      type: str
    expires:
      description: When the grant expires, according to a person or the declaration. Empty if that is unknown.
      type: str
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loading import find_folder
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.stored_grant import (
    describe_missing,
    stored_entry,
)


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **options: Any) -> list[dict[str, str]]:
        self.set_options(var_options=variables, direct=options)
        try:
            folder = find_folder(self.get_option("project"), variables or {})
            if not terms:
                raise InvalidArgument("Name a grant as integration.grant, such as payroll-sync.filing.")
            found = [self._entry(folder, str(term)) for term in terms]
        except WorkivaError as error:
            raise AnsibleLookupError(str(error)) from None
        return [entry for entry in found if entry]

    def _entry(self, folder: str, term: str) -> dict[str, str]:
        entry = stored_entry(self._loader, folder, term)
        if not entry and not self.get_option("allow_missing"):
            raise InvalidArgument(f"{describe_missing(term, folder)[:-1]}, or set allow_missing=true.")
        return entry
