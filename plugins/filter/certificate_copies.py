# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: certificate_copies
short_description: List the copies of server certificates by machine, and summarize their results
version_added: 0.1.0
description:
  - The role P(integrations.workiva.server_certificates#role) uses it. It returns which certificate is copied to which machine. With the
    results of the copies, it also returns which services have to be reloaded, the result of the role, and why it failed.
  - It returns no entry of the input, so a loop over RV(_value) shows no password of a proxy.
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  _input:
    description:
      - Certificates with their C(name), C(path), C(hosts) and C(reload), as M(integrations.workiva.integrations) returns them.
    type: list
    elements: dict
    required: true
  host:
    description: The machine for certificates without C(hosts).
    type: str
    required: true
  copied:
    description: The results of the loop over C(copies) with M(integrations.workiva.server_certificate).
    type: list
    elements: dict
    default: []
  reloaded:
    description: The results of the loop over C(services).
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show which certificate goes to which machine
  ansible.builtin.debug:
    msg: "{{ (loaded.workiva.certificates | integrations.workiva.certificate_copies(inventory_hostname)).copies }}"
"""

RETURN = r"""
_value:
  description:
    - C(copies) have the index C(certificate) of their entry in the input, C(host) and C(label).
    - C(services) to reload have C(host), C(service) and C(label).
    - C(result) is what the role returns. C(failure) is a text that is empty if nothing failed.
  type: dict
  sample:
    copies: [{certificate: 0, host: etl01, label: api on etl01}]
    services: []
    result: {changed: false, certificates: [], reloads: []}
    failure: ""
"""

from collections.abc import Sequence
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import to_plain_types
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.certificates import as_result


def _certificate_copies(
    certificates: Sequence[dict[str, Any]],
    host: str,
    copied: Sequence[dict[str, Any]] = (),
    reloaded: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    # Values of variables are subclasses of the plain types since core 2.19. Only what is returned is made plain: an entry may
    # hold a vaulted value, which stays as it is.
    return dict(to_plain_types(as_result(certificates, host, copied, reloaded)))


class FilterModule:
    """See DOCUMENTATION."""

    def filters(self) -> dict[str, Any]:
        return {"certificate_copies": _certificate_copies}
