# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  region:
    description:
      - The region of the organization. It decides the address of the API.
      - Either this or O(api_url) is required.
      - Falls back to the environment variable E(WORKIVA_REGION). Here and below, an empty variable counts as not set.
    type: str
    choices: [us, eu, apac]
  api_url:
    description:
      - The address of the API, if it is not that of a region. It takes precedence over O(region).
      - It must be an C(https://) address, because every request carries a credential.
      - Falls back to E(WORKIVA_API_URL).
    type: str
  token_endpoint:
    description:
      - The address of the token endpoint. The default is the path C(/iam/v1/oauth2/token) of the API.
      - Workiva also publishes the path C(/oauth2/token). Set this option if the default returns the status 404.
      - It must be an C(https://) address, because the client credentials are sent to it.
      - Falls back to E(WORKIVA_TOKEN_ENDPOINT).
    type: str
  organization_id:
    description:
      - The UUID of the organization. It follows C(/o/) in the address of the Organization Admin page.
      - Falls back to E(WORKIVA_ORGANIZATION_ID).
    type: str
  client_id:
    description:
      - The client ID of the grant to use. Falls back to E(WORKIVA_CLIENT_ID).
    type: str
  client_secret:
    description:
      - The client secret of the grant to use. Falls back to E(WORKIVA_CLIENT_SECRET), and then to the content of the file that
        E(WORKIVA_CLIENT_SECRET_FILE) names.
    type: str
  access_token:
    description:
      - A bearer token to use instead of a client ID and secret.
    type: str
  ca_path:
    description:
      - A file with the certificate authorities to trust, if those of the system are not enough, for example behind a proxy that
        inspects TLS. Verification cannot be turned off.
      - Falls back to E(WORKIVA_CA_PATH).
    type: path
  proxy:
    description:
      - The address of an HTTP proxy. Without it, the proxies of the environment are used.
      - It may hold a user and a password, so no output shows it.
    type: str
  timeout:
    description:
      - Seconds to wait for a connection and for an answer. The platform ends a request after 29 seconds.
    type: float
    default: 60.0
  retries:
    description:
      - How often a request is repeated, if that is safe. A response with the status 429 does not count. The task then waits as long as the
        server asks for, but at most five minutes.
    type: int
    default: 5
  connect_to:
    description:
      - Entries C(HOST:PORT:ADDRESS:PORT), as for the option C(--connect-to) of curl. They connect to another address for a host.
      - The certificate is still verified for the host, so a project runs unchanged against the simulator.
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
      - It provides the connection and the stored client credentials of one of its administrator grants. The task decrypts them itself with
        the vault passwords of the run, so no variable holds a secret. Options that are set in the task take precedence.
      - If no credentials are stored, those of the environment are used.
      - The project is read on the controller. It is not sent to a target.
    type: raw
"""
