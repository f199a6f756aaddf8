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

from ansible_collections.integrations.workiva.plugins.module_utils._api.network import check_proxy
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import (
    Findings,
    Source,
    read_source,
    template_source,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.templates import make_renderer


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **_options: Any) -> list[str]:
        if len(terms) != 1 or not os.path.isabs(str(terms[0])):
            raise AnsibleLookupError("This lookup takes the absolute path of a project folder.")
        out = Findings()
        file = os.path.join(str(terms[0]), "workiva.yml")
        # Without the file, integrations are given as a list, and no proxy of a project is meant.
        read = read_source(file, file, out) if os.path.exists(file) else None
        workiva = read.values.get("workiva") if read and isinstance(read.values, dict) else None
        written = workiva.get("proxy") if isinstance(workiva, dict) else None
        if read is None or written is None:
            return []
        source = Source(file, {"proxy": written}, {("proxy",): read.lines.get(("workiva", "proxy"), 1)})
        found = Findings()
        template_source(source, make_renderer(self._templar, variables or {}), found)
        if found.problems:
            raise AnsibleLookupError(" ".join(found.problems))
        address = source.values["proxy"]
        try:
            return [check_proxy(str(address), "workiva.proxy")] if address else []
        except InvalidArgument as error:
            raise AnsibleLookupError(f"{source.at('proxy')}: {error}") from None
