#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: certificate_notice
short_description: Request notices of changes to Workiva's server certificate
version_added: 0.1.0
description:
  - Sends an e-mail that asks Workiva to add addresses to the notification list for changes of its SSL server certificate. According to
    Workiva's setup guide, the list gets a notice about 30 days before a change.
  - Workiva's address for this request is not published, so there is no default for it. Ask your contact at Workiva.
  - The mail is sent once, and a receipt is written to the journal folder. It is sent again if the recipient or the list of addresses
    changes. The order and the case of the addresses do not matter.
  - The receipt proves that a mail server accepted the mail. It does not prove that Workiva fulfilled the request.
  - If a run is killed between the mail and its receipt, the next run sends the mail again with the same Message-ID.
  - No secret appears in results, diffs, errors and receipts.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
attributes:
  check_mode:
    support: full
    details:
      - Returns the message that would be sent. No mail server is contacted.
  diff_mode:
    support: full
    details:
      - Shows the message that is sent, and the one that was sent last time.
  idempotent:
    support: full
options:
  project:
    description:
      - A loaded project, as M(integrations.workiva.integrations) returned it in RV(integrations.workiva.integrations#module:workiva).
      - It provides O(to), O(from), O(addresses), O(smtp_server) and the other options of the mail from its C(certificate_notice), and
        O(journal) and O(organization_id). Options that are set in the task take precedence.
      - Without a project, O(to), O(from), O(addresses), O(smtp_server) and O(journal) are required.
      - The password is read from the variable that the project names.
    type: raw
  to:
    description:
      - Workiva's address for this request.
    type: str
  from:
    description:
      - The sender, who gets the answer from Workiva.
    type: str
  addresses:
    description:
      - The addresses that should get the notices.
    type: list
    elements: str
  smtp_server:
    description:
      - The mail server that sends the mail.
    type: str
  smtp_port:
    description:
      - The port of the mail server. The default is 587 for V(starttls), 465 for V(implicit) and 25 for V(none).
    type: int
  tls:
    description:
      - With V(starttls) the connection is upgraded to TLS. The task fails if the server does not offer that.
      - With V(implicit) the connection uses TLS from the start.
      - With V(none) the mail is sent without encryption, to a server that needs no login. A login without TLS is refused.
    type: str
    choices: [starttls, implicit, none]
    default: starttls
  username:
    description:
      - The name to log in with. Without it there is no login.
    type: str
  password:
    description:
      - The password. A password of fewer than twelve characters is refused, because masking a short string makes all output unreadable.
    type: str
  ca_path:
    description:
      - A PEM file with the certificate authorities to trust for the mail server, instead of the system's store. Verification cannot be turned off.
    type: path
  timeout:
    description:
      - Seconds to wait for the mail server at each step.
    type: float
    default: 30.0
  journal:
    description:
      - The folder of the receipt C(certificate_notice.jsonl), as an absolute path. The folder is created if it does not exist.
    type: str
  organization_id:
    description:
      - The id of the organization, for the text of the mail.
    type: str
  servers:
    description:
      - The servers that the mail names, because local copies of their certificates are kept.
    type: list
    elements: str
    default: []
  certificates:
    description:
      - The C(certificates) of C(server_certificates_result), which the role C(server_certificates) sets. The mail names their servers,
        as it does O(servers).
    type: list
    elements: dict
    default: []
  ephemeral_project_ok:
    description:
      - A task in a job of AWX or ansible-runner is refused, because the receipt is deleted with the job. Set this to V(true) if O(journal)
        is kept after the job.
    type: bool
    default: false
seealso:
  - module: integrations.workiva.server_certificate
"""

EXAMPLES = r"""
- name: Request notices before the certificate changes
  integrations.workiva.certificate_notice:
    to: "{{ address_that_workiva_gave_you }}"
    from: integrations@example.com
    addresses: [operations@example.com, security@example.com]
    smtp_server: smtp.example.com
    username: integrations@example.com
    password: "{{ vaulted_smtp_password }}"
    journal: "{{ inventory_dir }}/journal"
"""

RETURN = r"""
accepted_at:
  description: When a mail server accepted the last request (UTC), or null. Check mode returns the time of the previous request.
  returned: success
  type: str
  sample: "2026-11-24T09:12:44Z"
addresses:
  description: The addresses that should get the notices.
  returned: success
  type: list
  elements: str
  sample: [operations@example.com]
error:
  description: The failure for a program, or null.
  returned: always
  type: dict
  sample: null
message:
  description: The mail with its headers.
  returned: success
  type: str
  sample: "From: integrations@example.com"
to:
  description: The recipient of the request.
  returned: success
  type: str
  sample: notices@example.com
"""
