# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adds the answers of a survey to the credentials that were handed over in a list."""

from __future__ import annotations

DOCUMENTATION = r"""
name: handed_over
short_description: Add the answers of a survey to handed-over credentials
version_added: 0.1.0
description:
  - The answers of a survey are single texts. They become one more entry of the option O(integrations.workiva.oauth2_grants#module:handed_over).
  - Without a client ID, a client secret and an expiry there is no further entry.
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  _input:
    description: The entries of C(workiva_handed_over).
    type: list
    elements: dict
    required: true
  integration:
    description: The integration that the survey names.
    type: str
    default: ""
  grant:
    description: The grant that the answers are for.
    type: str
    default: ""
  client_id:
    description: The client ID.
    type: str
    default: ""
  client_secret:
    description: The client secret.
    type: str
    default: ""
  expires:
    description: The expiry date that the screen of the grant shows.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Store the credentials that a survey asked for
  integrations.workiva.oauth2_grants:
    project: "{{ loaded.workiva }}"
    handover: vars
    handed_over: "{{ [] | integrations.workiva.handed_over(integration='payroll-sync', grant='filing', client_id=answered_id,
      client_secret=answered_secret) }}"
"""

RETURN = r"""
_value:
  description: The entries, and the one of the survey.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def handed_over(
    entries: Sequence[Mapping[str, Any]],
    integration: str = "",
    grant: str = "",
    client_id: str = "",
    client_secret: str = "",
    expires: str = "",
) -> list[Mapping[str, Any]]:
    """The entries, and one of the answers where there are any. It reads none of them: they are secrets."""
    answers = {"client_id": client_id, "client_secret": client_secret, "expires": expires}
    if not any(answers.values()):
        return list(entries)
    return [*entries, {"integration": integration, "grant": grant, **answers}]


class FilterModule:
    """The filter by its name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """As Ansible asks for them."""
        return {"handed_over": handed_over}
