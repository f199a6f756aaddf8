# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: access_token
short_description: A bearer token for one's own requests to Workiva
version_added: 0.1.0
description:
  - Asks for a token with a client id and secret and returns it, for tasks of one's own such as M(ansible.builtin.uri).
  - The tasks of a run share one token for its 599 seconds.
  - A task that puts the token into a header needs C(no_log), since older cores print the header with many C(-v).
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  _terms:
    description: Takes no terms.
    required: false
  region:
    description: The region of the organization.
    type: str
    choices: [us, eu, apac]
    env:
      - name: WORKIVA_REGION
  api_url:
    description: The address of the API, where it is none of the regions'.
    type: str
    env:
      - name: WORKIVA_API_URL
  token_endpoint:
    description:
      - The address of the token endpoint. The default is the path C(/iam/v1/oauth2/token) of the API.
      - Must be an C(https://) address, since the client credentials are sent to it.
    type: str
    env:
      - name: WORKIVA_TOKEN_ENDPOINT
  client_id:
    description: The client id of the grant.
    type: str
    env:
      - name: WORKIVA_CLIENT_ID
  client_secret:
    description:
      - The client secret of the grant. The environment variable E(WORKIVA_CLIENT_SECRET_FILE) may name a file that holds it instead.
    type: str
    env:
      - name: WORKIVA_CLIENT_SECRET
  ca_path:
    description: A file with the certificates of the authorities to trust.
    type: path
    env:
      - name: WORKIVA_CA_PATH
  proxy:
    description: The address of an HTTP proxy.
    type: str
  timeout:
    description: Seconds to wait for a connection and for an answer.
    type: float
    default: 60.0
  retries:
    description: How often the token request is sent again where that is safe.
    type: int
    default: 5
  connect_to:
    description: Entries C(HOST:PORT:ADDRESS:PORT), which dial another address for a host.
    type: list
    elements: str
    default: []
requirements:
  - requests
"""

EXAMPLES = r"""
- name: List the first files that the grant can read
  ansible.builtin.uri:
    url: https://api.eu.wdesk.com/files?$maxpagesize=10
    headers:
      Authorization: "Bearer {{ lookup('integrations.workiva.access_token', region='eu',
        client_id=workiva_credentials['payroll-sync'].filing.client_id,
        client_secret=workiva_credentials['payroll-sync'].filing.client_secret) }}"
      X-Version: "2026-01-01"
  register: files
  no_log: true

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ files.json.data | map(attribute='name') }}"
"""

RETURN = r"""
_raw:
  description: The bearer token.
  type: list
  elements: str
  sample: [eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl]
"""

import contextlib
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleLookupError
from ansible.module_utils.common.parameters import AnsibleFallbackNotFound
from ansible.plugins.lookup import LookupBase

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import secret_environment
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import register_secret
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    native,
    refuse_short_secrets,
)


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **options: Any) -> list[str]:
        try:
            refuse_short_secrets(options)
            self.set_options(var_options=variables, direct=options)
            # Not by "secret: true" above, which the sanity tests of older cores refuse; and before anything can fail.
            register_secret(self.get_option("client_secret"))
            if terms:
                raise InvalidArgument("This lookup takes options only, no terms.")
            # An empty environment variable is an unset one.
            given = {name: None if value == "" else value for name, value in native(self.get_options()).items()}
            if given["client_secret"] is None:
                with contextlib.suppress(AnsibleFallbackNotFound):
                    given["client_secret"] = secret_environment("WORKIVA_CLIENT_SECRET")
            with Client(Connection.from_arguments(given, token_cache=C.DEFAULT_LOCAL_TMP)) as client:
                return [client.token().value]
        except WorkivaError as error:
            raise AnsibleLookupError(f"No Workiva token: {error}") from None
