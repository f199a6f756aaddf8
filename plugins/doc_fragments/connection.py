# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  region:
    description:
      - The region of the organization, which decides the address of the API.
      - Either this or O(api_url) is needed.
      - Falls back to the environment variable E(WORKIVA_REGION). An empty variable is an unset one, here and below.
    type: str
    choices: [us, eu, apac]
  api_url:
    description:
      - The address of the API, where it is none of the regions'. It wins over O(region).
      - Must be an C(https://) address, since every call carries a credential.
      - Falls back to E(WORKIVA_API_URL).
    type: str
  token_endpoint:
    description:
      - The address of the token endpoint. The default is the path C(/iam/v1/oauth2/token) of the API.
      - Workiva publishes the path C(/oauth2/token) as well. Set this option where the default is answered with 404.
      - Must be an C(https://) address, since the client credentials are sent to it.
      - Falls back to E(WORKIVA_TOKEN_ENDPOINT).
    type: str
  organization_id:
    description:
      - The UUID of the organization. It stands after C(/o/) in the address of the Organization Admin page.
      - Falls back to E(WORKIVA_ORGANIZATION_ID).
    type: str
  client_id:
    description:
      - The client id of the grant that asks. Falls back to E(WORKIVA_CLIENT_ID).
    type: str
  client_secret:
    description:
      - The client secret of the grant that asks. Falls back to E(WORKIVA_CLIENT_SECRET), and then to the content of the file that
        E(WORKIVA_CLIENT_SECRET_FILE) names.
    type: str
  access_token:
    description:
      - A bearer token to use instead of a client id and secret.
    type: str
  ca_path:
    description:
      - A file with the certificates of the authorities to trust, where the system's are not enough, for example behind
        a proxy that inspects TLS. Verification cannot be turned off.
      - Falls back to E(WORKIVA_CA_PATH).
    type: path
  proxy:
    description:
      - The address of an HTTP proxy. Without it, the proxies of the environment are used.
      - It may hold a user and a password, and is therefore kept out of all output.
    type: str
  timeout:
    description:
      - Seconds to wait for a connection and for an answer. The platform ends a request after 29 seconds.
    type: float
    default: 60.0
  retries:
    description:
      - How often a request is sent again where that is safe. A C(429) does not count; it is waited for as the server asks,
        for five minutes at most.
    type: int
    default: 5
  connect_to:
    description:
      - Entries C(HOST:PORT:ADDRESS:PORT), like the option of that name of curl, which dial another address for a host.
      - The name that is verified stays the host's, so that a real project runs unchanged against the simulator.
    type: list
    elements: str
    default: []
requirements:
  - requests
"""

    PROJECT = r"""
options:
  project:
    description:
      - A loaded project, as M(integrations.workiva.integrations) returned it in RV(integrations.workiva.integrations#module:workiva).
      - It gives the connection, and the stored client credentials of one of its administrator grants, which the task
        decrypts itself with the vault passwords of the run. So no secret is in a variable. Options that are given win.
      - Where no credentials are stored, those of the environment are used.
      - The project is read on the controller. It is not sent to a target.
    type: raw
"""
