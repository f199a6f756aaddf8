#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: certificate_notice
short_description: Ask once to be told before Workiva's server certificate changes
version_added: 0.1.0
description:
  - Sends the vendor an e-mail with the intent to be on the notification list for changes of its SSL server certificate, and with the
    addresses to notify. By the vendor's setup guide they get a notice about 30 days before a change.
  - The vendor's address for this request is not published, and there is no default for it. Ask your contact at the vendor.
  - It is sent once. A receipt in the journal folder makes a later run unchanged; another list of addresses, or another recipient, sends
    again. The order of the addresses and the case of their letters say nothing.
  - The receipt says that a mail server accepted the mail, and not that the vendor fulfilled the request.
  - A run that is killed between the mail and its receipt is completed by the next one, which sends the mail again under the same
    Message-ID.
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
      - Returns the message that would be sent; no mail server is asked.
  diff_mode:
    support: full
    details:
      - Shows the message that is sent, and the one that was sent before.
  idempotent:
    support: full
options:
  project:
    description:
      - A loaded project, as M(integrations.workiva.integrations) returned it in RV(integrations.workiva.integrations#module:workiva).
      - Its C(certificate_notice) gives O(to), O(from), O(addresses), O(smtp_server) and the other options of the mail, and it has
        O(journal) and O(organization_id). An option that is given wins. Without it these five are needed.
      - The password is read from the variable that the project names.
    type: raw
  to:
    description:
      - The vendor's address for this request.
    type: str
  from:
    description:
      - The sender, who gets the vendor's answer.
    type: str
  addresses:
    description:
      - Who is to be told before the certificate changes.
    type: list
    elements: str
  smtp_server:
    description:
      - The mail server to give the mail to.
    type: str
  smtp_port:
    description:
      - Its port. By default 587 for V(starttls), 465 for V(implicit), 25 for V(none).
    type: int
  tls:
    description:
      - V(starttls) begins in clear and goes on in TLS, and is refused where the server does not offer that; V(implicit) is TLS from the start.
      - V(none) sends in clear, for a server that needs no login. A login without TLS is refused.
    type: str
    choices: [starttls, implicit, none]
    default: starttls
  username:
    description:
      - The name to log in with. Without it there is no login.
    type: str
  password:
    description:
      - The password. Fewer than twelve characters are refused, since masking a short string makes all output unreadable.
    type: str
  ca_path:
    description:
      - A PEM file with the authorities to trust for the mail server, instead of the system's store. Verification cannot be turned off.
    type: path
  timeout:
    description:
      - Seconds to wait for the mail server at each step.
    type: float
    default: 30.0
  journal:
    description:
      - The folder of the receipt, an absolute path, made where it is missing. The receipt is C(certificate_notice.jsonl) in it.
    type: str
  organization_id:
    description:
      - The id of the organization, for the text of the mail.
    type: str
  servers:
    description:
      - The servers of whose certificates copies are kept, for the text of the mail.
    type: list
    elements: str
    default: []
  certificates:
    description:
      - The C(certificates) of C(server_certificates_result), which the role C(server_certificates) sets. Their servers are named in
        the mail as O(servers) are.
    type: list
    elements: dict
    default: []
  ephemeral_project_ok:
    description:
      - A job of AWX or ansible-runner is refused (known by the variables that these set), since its receipt vanishes with it. V(true) says that
        the job keeps O(journal).
    type: bool
    default: false
seealso:
  - module: integrations.workiva.server_certificate
"""

EXAMPLES = r"""
- name: Ask to be told before the certificate changes
  integrations.workiva.certificate_notice:
    to: "{{ address_that_the_vendor_named }}"
    from: integrations@example.com
    addresses: [operations@example.com, security@example.com]
    smtp_server: smtp.example.com
    username: integrations@example.com
    password: "{{ vaulted_smtp_password }}"
    journal: "{{ inventory_dir }}/journal"
"""

RETURN = r"""
accepted_at:
  description: When a mail server accepted the last request (UTC), or null. In check mode that of the request before.
  returned: success
  type: str
  sample: "2026-11-24T09:12:44Z"
addresses:
  description: Who is to be told.
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
  description: The mail, headers first.
  returned: success
  type: str
  sample: "From: integrations@example.com"
to:
  description: Who was asked.
  returned: success
  type: str
  sample: notices@example.com
"""
