# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: project_proxy
short_description: The proxy of a project, with its user and password
version_added: 0.1.0
description:
  - Reads C(workiva.proxy) from the C(workiva.yml) of a project and renders its template.
  - The result of M(integrations.workiva.integrations) has the address without the user and password, since results are shown.
    The roles give the whole address to the option C(proxy) of their tasks with this lookup; that option is kept out of all output.
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  _terms:
    description: The project folder, an absolute path.
    required: true
"""

EXAMPLES = r"""
- name: Look at the organization through the proxy of the project
  integrations.workiva.organization_info:
    region: eu
    organization_id: "{{ loaded.workiva.connection.organization_id }}"
    proxy: "{{ lookup('integrations.workiva.project_proxy', loaded.workiva.project) | default(omit, true) }}"
"""

RETURN = r"""
_raw:
  description: The address of the proxy. An empty list where the project names none.
  type: list
  elements: str
"""

import os
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection import project_proxy


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **_options: Any) -> list[str]:
        if len(terms) != 1 or not os.path.isabs(str(terms[0])):
            raise AnsibleLookupError("This lookup takes the absolute path of a project folder.")
        try:
            proxy = project_proxy(str(terms[0]), self._templar, variables or {})
        except InvalidArgument as error:
            raise AnsibleLookupError(str(error)) from None
        return [proxy] if proxy else []
