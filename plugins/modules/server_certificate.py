#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: server_certificate
short_description: Keep a local copy of Workiva's TLS server certificate
version_added: 0.1.0
description:
  - Makes one TLS handshake with a server from the machine where the task runs, and verifies it against the certificate authorities that this
    machine trusts. Then it stores the certificate that the server showed as a PEM file.
  - If the verification fails, the copy is not changed. A second handshake, which sends no data, finds out what the message then reports. A proxy
    that inspects TLS shows its own certificate, and the message names its issuer.
  - The file is replaced as a whole or not at all, with its mode, owner, group and SELinux context.
  - A file that holds a private key, or anything else than certificates, is neither replaced nor removed.
  - Workiva does not publish who issues its certificates or when they change. The guide C(docs/certificates.md) of the collection describes what
    to pin.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.twin
attributes:
  check_mode:
    support: full
    details:
      - Connects to the server, reads the copy, and writes nothing.
  diff_mode:
    support: full
    details:
      - Shows subject, issuer, names, serial number, validity and fingerprints, but no PEM text.
  idempotent:
    support: full
options:
  server:
    description:
      - The name of the server, without C(https://). Either this or O(region) is required with O(state=present).
    type: str
  region:
    description:
      - The region whose API is the server (V(us) is C(api.app.wdesk.com), V(eu) is C(api.eu.wdesk.com), V(apac) is C(api.apac.wdesk.com)).
    type: str
    choices: [us, eu, apac]
  port:
    description:
      - The port of the server.
    type: int
    default: 443
  name:
    description:
      - The name of the copy in results and messages. The default is the name of the server.
    type: str
  path:
    description:
      - The file on the target, as an absolute path. Its folder must exist. A symbolic link is refused.
    type: path
    required: true
  state:
    description:
      - Whether the copy exists. V(absent) contacts no server.
    type: str
    choices: [present, absent]
    default: present
  content:
    description:
      - Which part of the verified chain the file holds.
      - V(leaf) is the server's own certificate. V(issuers) are all certificates above it, up to the trusted authority, and can be used as a
        bundle of authorities. V(chain) is both, with the server's own certificate first.
      - V(chain) and V(issuers) need Python 3.10 or newer on the target, because older versions do not return the chain.
    type: str
    choices: [leaf, chain, issuers]
    default: leaf
  trusted_fingerprints:
    description:
      - An allow list of SHA-256 fingerprints of the server's own certificate, in hexadecimal digits with or without colons.
      - If this or O(trusted_public_key_fingerprints) is set, the task fails for a certificate that is on neither list, even if it is verified. The
        copy is then not changed. An empty list allows nothing.
      - The certificates in O(upcoming) are allowed too.
    type: list
    elements: str
  trusted_public_key_fingerprints:
    description:
      - An allow list of SHA-256 fingerprints of the public key, in hexadecimal digits, or as C(sha256//BASE64) as curl writes them.
    type: list
    elements: str
  upcoming:
    description:
      - The announced certificate, as PEM text or as the absolute path of a file on the controller.
      - It is kept in the copy beside the present one until the server shows it. After that, the copy holds only what the server shows.
      - The finding is C(overdue), with a warning, where the server does not show it although it has been valid for more than 30 days, or
        although the present one expires within O(warn_before). An announced certificate that has expired is removed from the copy.
    type: str
  warn_before:
    description:
      - How long before its expiry a certificate is C(expiring), in days, for example V(30d).
    type: str
    default: 30d
  mode:
    description:
      - The mode of the file, as three or four octal digits in quotes. By default a new file gets V('0644'), and an existing file keeps its mode.
    type: raw
  owner:
    description:
      - The owner of the file, as a name or a number. By default it is not changed.
    type: str
  group:
    description:
      - The group of the file, as a name or a number. By default it is not changed.
    type: str
  backup:
    description:
      - Whether to keep the previous file beside it, with the time in its name, before it is replaced or removed.
    type: bool
    default: false
  ephemeral_target_ok:
    description:
      - A task whose target is the controller is refused in a job of AWX or ansible-runner, because its files are deleted with the job. Set this to
        V(true) if O(path) is kept after the job, for example on a mounted volume.
    type: bool
    default: false
  ca_path:
    description:
      - A PEM file (or a folder hashed by OpenSSL) with the certificate authorities to trust, instead of the store of the target's system.
      - Falls back to the environment variable E(WORKIVA_CA_PATH). An empty variable counts as not set.
    type: path
  proxy:
    description:
      - The address of an HTTP proxy that connects to the server (C(CONNECT)). Proxies of the environment are not used.
      - It may hold a user and a password, so no output shows it.
    type: str
  timeout:
    description:
      - Seconds to wait for the connection, and for the handshake.
    type: float
    default: 30.0
  project:
    description:
      - A loaded project, as M(integrations.workiva.integrations) returned it in RV(integrations.workiva.integrations#module:workiva).
      - It provides its C(proxy), with the user and password, and its C(connect_to). Options that are set in the task take precedence.
      - The project is read on the controller. It is not sent to a target.
    type: raw
  connect_to:
    description:
      - Entries C(HOST:PORT:ADDRESS:PORT), as for the option C(--connect-to) of curl. They connect to another address for a host.
      - The certificate is still verified for the host.
    type: list
    elements: str
    default: []
requirements:
  - cryptography on the target
  - Python 3.10 or newer on the target for O(content=chain) and O(content=issuers)
seealso:
  - module: integrations.workiva.certificate_notice
"""

EXAMPLES = r"""
- name: Keep a copy of the certificate of the European API for the loader
  integrations.workiva.server_certificate:
    region: eu
    path: /etc/loader/workiva.pem
    owner: loader
    mode: "0640"
    backup: true
  notify: Reload the loader

- name: Keep the issuers of a certificate, which change less often
  integrations.workiva.server_certificate:
    server: h.app.wdesk.com
    path: /etc/loader/workiva-issuers.pem
    content: issuers

- name: Add the announced certificate before the change
  integrations.workiva.server_certificate:
    region: us
    path: /etc/loader/workiva.pem
    upcoming: "{{ inventory_dir }}/announced-2027.pem"

- name: Accept only a certificate with a known public key
  integrations.workiva.server_certificate:
    region: us
    path: /etc/loader/workiva.pem
    trusted_public_key_fingerprints:
      - sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=

- name: Remove the copy
  integrations.workiva.server_certificate:
    path: /etc/loader/workiva.pem
    state: absent
"""

RETURN = r"""
announcement:
  description:
    - The status of O(upcoming). V(none), V(waiting) (it is kept beside the present one), V(shown) (the server shows it, and the option can be
      removed) or V(over) (it expired before the server showed it).
  returned: always
  type: str
  sample: waiting
backup_file:
  description: The copy of the previous file, or null.
  returned: always
  type: str
  sample: null
certificate:
  description:
    - The server's own certificate, or null if it was not verified.
    - C(serial_number) is a text, as OpenSSL prints it. The filter C(community.crypto.parse_serial) makes a number of it.
  returned: always
  type: dict
  sample:
    subject: CN=api.app.wdesk.com
    issuer: CN=An authority,O=Example
    subject_alt_name: [api.app.wdesk.com]
    serial_number: "3A:5F:07:C2:19:8E:44:D1"
    not_before: "2026-11-01T00:00:00Z"
    not_after: "2027-11-01T23:59:59Z"
    days_left: 342
    fingerprint_sha256: 3b1c1bd6c0b2a2f7a4f1d8f0f5f2f7c3c1a0c6f9d7e5b3a1908f7e6d5c4b3a29
    public_key_fingerprint_sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    public_key_type: EC secp256r1
chain:
  description: The verified chain, the server's own certificate first, each as in RV(certificate). Before Python 3.10 only that one.
  returned: always
  type: list
  elements: dict
  sample: []
differences:
  description: What was changed in the copy or, in check mode, would be changed, in words.
  returned: always
  type: list
  elements: str
  sample: ["replaced: CN=api.app.wdesk.com (SHA-256 3b1c, valid until 2027-11-01T23:59:59Z) by CN=api.app.wdesk.com (SHA-256 9f86, valid until 2028)"]
error:
  description: The error for a program, or null. C(code) is V(unknown_issuer), V(expired), V(not_yet_valid), V(self_signed), V(wrong_name), V(weak_key),
    V(incomplete_chain), V(not_strict), V(not_allowed), V(proxy_not_verified), V(timeout), V(no_tls), V(cut), V(unknown_host), V(no_connection) or V(tls).
  returned: always
  type: dict
  sample: null
file:
  description: The file.
  returned: always
  type: str
  sample: /etc/loader/workiva.pem
findings:
  description:
    - The findings at the end of the task, the worst first, each with C(finding) and C(detail).
    - C(finding) is V(failed), V(untrusted) (not verified, or not in the allow list), V(unreachable), V(missing), V(changed) (the server shows
      another certificate than the copy holds), V(differs) (the copy differs in another way), V(alternating), V(overdue) or V(expiring).
    - V(alternating) means that the server shows two valid certificates in turn, and the copy holds one of them. The copy is not changed.
    - A run corrects V(missing), V(changed) and V(differs), so only check mode returns them.
  returned: always
  type: list
  elements: dict
  sample: [{finding: expiring, detail: "the server's certificate ends on 2026-12-01T00:00:00Z, in 7 days"}]
health:
  description: The worst of the findings, or V(ok).
  returned: always
  type: str
  sample: ok
host:
  description: The inventory host with the copy.
  returned: always
  type: str
  sample: etl01.example.com
name:
  description: The name of the copy.
  returned: always
  type: str
  sample: api.app.wdesk.com
server:
  description: Server and port, or null with O(state=absent).
  returned: always
  type: str
  sample: api.app.wdesk.com:443
state:
  description: V(present) or V(absent).
  returned: always
  type: str
  sample: present
upcoming:
  description: The announced certificate, as in RV(certificate), or null.
  returned: always
  type: dict
  sample: null
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import run_as_module
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.apply import CORE


def main() -> None:
    """Runs the core where the module is."""
    run_as_module(AnsibleModule(**CORE.specification), CORE)


if __name__ == "__main__":
    main()
