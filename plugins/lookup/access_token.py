# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: access_token
short_description: A bearer token for your own requests to Workiva
version_added: 0.1.0
description:
  - Requests a token and returns it, for your own tasks, for example with M(ansible.builtin.uri).
  - The credentials are the stored ones of the grant that the term names, or O(client_id) and O(client_secret).
  - The tasks of a run share one token for its 599 seconds.
  - A task that uses the token in a header needs C(no_log), because older versions of ansible-core print the header with many C(-v).
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  _terms:
    description:
      - The integration and the grant whose stored client credentials are used, as in V(payroll-sync.filing). One token is returned for each
        term. P(integrations.workiva.credential#lookup) takes the same names.
      - The connection is that of the C(workiva.yml) of the project. Options that are given here take precedence.
      - Without a term O(client_id) and O(client_secret) are used, and no project is read.
    type: list
    elements: str
    required: false
  project:
    description:
      - The project folder of the grants, an absolute path. The default is the folder of the inventory, or the current folder without one.
    type: str
  region:
    description: The region of the organization.
    type: str
    choices: [us, eu, apac]
    env:
      - name: WORKIVA_REGION
  api_url:
    description: The address of the API, if it is not that of a region.
    type: str
    env:
      - name: WORKIVA_API_URL
  token_endpoint:
    description:
      - The address of the token endpoint. The default is the path C(/iam/v1/oauth2/token) of the API.
      - It must be an C(https://) address, because the client credentials are sent to it.
    type: str
    env:
      - name: WORKIVA_TOKEN_ENDPOINT
  client_id:
    description: The client ID of the grant.
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
    description: A file with the certificate authorities to trust.
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
    description: How often the token request is repeated, if that is safe.
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
- name: List the first files that the grant filing of payroll-sync can read
  ansible.builtin.uri:
    url: https://api.eu.wdesk.com/files?$maxpagesize=10
    headers:
      Authorization: "Bearer {{ lookup('integrations.workiva.access_token', 'payroll-sync.filing', project='/srv/workiva') }}"
      X-Version: "2026-01-01"
  register: files
  no_log: true

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ files.json.data | map(attribute='name') }}"
"""

RETURN = r"""
_raw:
  description: One bearer token for each term, or one without a term.
  type: list
  elements: str
  sample: [eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl]
"""

import contextlib
from collections.abc import Mapping
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
    refuse_short_secrets,
    to_plain_types,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection import read_connection
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loading import find_folder
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.stored_grant import (
    describe_missing,
    stored_entry,
)


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **options: Any) -> list[str]:
        try:
            refuse_short_secrets(options)
            self.set_options(var_options=variables, direct=options)
            # Not by "secret: true" above, which the sanity tests of older cores refuse; and before anything can fail.
            register_secret(self.get_option("client_secret"))
            # An empty environment variable is an unset one.
            given = {name: None if value == "" else value for name, value in to_plain_types(self.get_options()).items()}
            folder = given.pop("project")
            if terms:
                return self._tokens_of_grants([str(term) for term in terms], folder, given, options, variables or {})
            if given["client_secret"] is None:
                with contextlib.suppress(AnsibleFallbackNotFound):
                    given["client_secret"] = secret_environment("WORKIVA_CLIENT_SECRET")
            return [_token(given)]
        except WorkivaError as error:
            raise AnsibleLookupError(f"No Workiva token: {error}") from None

    def _tokens_of_grants(
        self,
        terms: list[str],
        project: str | None,
        given: dict[str, Any],
        direct: Mapping[str, Any],
        variables: Mapping[str, Any],
    ) -> list[str]:
        """A token for each grant, with its stored credentials. Raises L(WorkivaError)."""
        if "client_id" in direct or "client_secret" in direct:
            raise InvalidArgument("Give the name of a grant, or client_id and client_secret, but not both.")
        folder = find_folder(project, variables)
        connection = read_connection(folder, self._templar, variables)
        own = {name: value for name, value in given.items() if name in direct}
        if own.get("region") or own.get("api_url"):
            # Either of the two says where the API is.
            connection = {name: value for name, value in connection.items() if name not in ("region", "api_url")}
            given = {**given, "region": None, "api_url": None}
        elif connection.get("region") or connection.get("api_url"):
            given = {**given, "region": None, "api_url": None}
        stored = [(term, stored_entry(self._loader, folder, term)) for term in terms]
        for term, entry in stored:
            if not entry:
                raise InvalidArgument(describe_missing(term, folder))
        return [
            _token({**given, **connection, **own, **{name: entry[name] for name in ("client_id", "client_secret")}})
            for _term, entry in stored
        ]


def _token(arguments: dict[str, Any]) -> str:
    with Client(Connection.from_arguments(arguments, token_cache=C.DEFAULT_LOCAL_TMP)) as client:
        return client.token().value
