#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: oauth2_grants
short_description: Take in, try and keep the pairs of declared grants, and tell where each grant stands
version_added: 0.1.0
description:
  - The vendor has no API for grants. People make and change them on a screen; this task does what is left, per declared grant and
    in one transaction. It reads the stored pair or takes one in, tries it with a token request, stores it encrypted, writes that
    down in the journal, and tells which work orders are needed.
  - A pair that is wrong is refused at once with the reason, and nothing in the vault changes. Wrong are a pair that the token
    endpoint refuses, the pair of another grant or of another workspace, a secret of fewer than twelve characters, and an id
    and a secret that are swapped.
  - A pair that cannot be tried, since the network fails or an IP allowlist may keep this machine out, is kept encrypted beside the
    present one. The next run that can try it stores or refuses it.
  - Before any pair is taken in, the vault is proved, and a job that throws its project folder away is refused.
  - A stored entry that is damaged, or that no password of the run opens, is the trouble of its grant alone.
  - The task may be delegated to the host that an IP allowlist lets in. Pairs are then tried there with
    M(integrations.workiva.oauth2_check), pipelined; the vault, the journal and the prompts stay on the controller.
  - No result and no diff holds a secret. A second run writes nothing.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
attributes:
  check_mode:
    support: full
    details:
      - Never prompts. A pair of O(handed_over) is tried, since a token request changes nothing, and is not stored.
  diff_mode:
    support: full
    details:
      - Names the entries of the vault file and shows no value.
  idempotent:
    support: full
options:
  grants:
    description:
      - The grants, as the task M(integrations.workiva.integrations) returns them.
    type: list
    elements: dict
    required: true
    suboptions:
      integration:
        description:
          - The name of the integration.
        type: str
        required: true
      grant:
        description:
          - The name of the grant within its integration.
        type: str
        required: true
      workspace:
        description:
          - The workspace that the grant acts in. It cannot be changed afterwards. Needed unless O(grants[].state=absent).
        type: str
      username:
        description:
          - The Workiva user that the grant acts as. Workiva documents that choosing another user for a grant ends its secret. Needed
            unless O(grants[].state=absent).
        type: str
      previous_username:
        description:
          - The name that the user had until now. A rename may end the secret; where the credentials are rejected after it, they are asked for again.
        type: str
      files:
        description:
          - The ids of the declared files of the workspace. The grant's own token is tried on each of them.
        type: list
        elements: str
      scopes:
        description:
          - The scopes as the vendor writes them, for example V(file:read). Needed unless O(grants[].state=absent).
        type: list
        elements: str
      expires:
        description:
          - The date on which the grant shall expire, as C(YYYY-MM-DD).
        type: str
      lifetime_days:
        description:
          - Instead of a date, how many days the grant shall live from the day on which it is ordered.
        type: int
      lifetime_declared:
        description:
          - Whether O(grants[].lifetime_days) was declared, so that a grant that lives longer has drifted.
        type: bool
        default: false
      ip_allowlist:
        description:
          - The addresses that the grant may be used from.
        type: list
        elements: str
        default: []
      verify_from:
        description:
          - The inventory host from which the grant can be tried.
        type: str
      owner:
        description:
          - Who answers for the integration.
        type: str
      purpose:
        description:
          - What it is for.
        type: str
      custodian:
        description:
          - Who can sign in as the user.
        type: str
      sign_in:
        description:
          - How the user signs in.
        type: str
        default: password
      screen:
        description:
          - The screen on which the grant is made.
        type: str
        default: organization_admin
      state:
        description:
          - Whether the grant shall exist.
        type: str
        choices: [present, absent]
        default: present
  credentials:
    description:
      - The vars file with the pairs, as an absolute path of the controller.
    type: str
    required: true
  journal:
    description:
      - The folder of the journals, as an absolute path of the controller.
    type: str
    required: true
  vault_id:
    description:
      - The vault id to encrypt with. Needed where the run has several and C(vault_encrypt_identity) chooses none.
    type: str
  handover:
    description:
      - How a pair comes in.
      - With V(prompt) it is asked for at the terminal, where one is waited for. Enter defers, and so does everything
        where there is no terminal, or one that nobody sits at, as in jobs of AWX.
      - With V(vars) it is taken from O(handed_over). With V(defer) nothing comes in.
      - With V(none) nothing comes in and nothing is written either, not even to the journal, unless O(catch_up=true).
    type: str
    choices: [prompt, vars, defer, none]
    default: prompt
  catch_up:
    description:
      - Whether to complete the journal with O(handover=none). Credentials that the vault holds and the journal does not know are
        verified, and the journal gets what is missing. They come from a run that was killed, or somebody wrote them by hand.
      - Do this before work orders are planned. Otherwise an order that these credentials fulfil is withdrawn, and the Client Name
        of the grant is lost.
    type: bool
    default: false
  handed_over:
    description:
      - Pairs for O(handover=vars). An entry without a pair tells only what the screen shows after a change.
      - A pair that is stored already changes nothing; another one replaces it when it is verified.
      - In a vars file, encrypt the secret alone. Since ansible-core 2.22 every word of a file that is encrypted as a whole is
        masked in all output.
    type: list
    elements: dict
    suboptions:
      integration:
        description:
          - The name of the integration.
        type: str
        required: true
      grant:
        description:
          - The name of the grant.
        type: str
        required: true
      client_id:
        description:
          - The client id.
        type: str
      client_secret:
        description:
          - The client secret.
        type: str
      expires:
        description:
          - The date that the screen shows, as C(YYYY-MM-DD). Without it, the date that was ordered is taken as declared.
        type: str
      ip_allowlist:
        description:
          - The addresses that the screen shows.
        type: list
        elements: str
  done:
    description:
      - With O(handover=vars), the numbers of work orders to delete a grant that a person says are carried out. Others are ignored.
    type: list
    elements: str
    default: []
  users_failed:
    description:
      - The integrations whose users failed in this run. No work order of their grants is written, changed or closed.
    type: list
    elements: str
    default: []
  without_access:
    description:
      - The names of integrations whose users have no access any more. The pair of an absent grant of theirs is refused in any
        case, so that a refusal does not prove that the grant is deleted; its order stays out until somebody says so.
    type: list
    elements: str
    default: []
  first_orders:
    description:
      - Whether a grant that nothing was done for yet is asked for. V(false) leaves that to another run, as the playbook C(handover) does,
        which may come before the users are made.
    type: bool
    default: true
  ask_for:
    description:
      - For O(handover=prompt), the numbers of the work orders that a person chose to answer; see M(integrations.workiva.open_orders).
      - Without it, everything that the task waits for is asked for.
    type: list
    elements: str
  new_orders:
    description:
      - The numbers of the work orders that this run has written, which nobody can have carried out yet.
    type: list
    elements: str
    default: []
  workspace_ids:
    description:
      - The ids of the workspaces by name. With them, a pair that shows another workspace is refused.
    type: dict
    default: {}
  warn_before_days:
    description:
      - From how many days before its end a grant is V(expiring).
    type: int
    default: 30
  fail_on:
    description:
      - The findings that fail the task after all grants were looked at. V(error) stands for what failed or was refused.
    type: list
    elements: str
    choices: [expired, rejected, drifted, blocked_here, date_unconfirmed, unreachable, unchecked, expiring, error]
    default: []
  today:
    description:
      - The date to judge by, as C(YYYY-MM-DD), instead of the controller's.
    type: str
  ephemeral_project_ok:
    description:
      - Takes pairs in although this looks like a job that throws its project folder away.
    type: bool
    default: false
  region:
    description:
      - The region of the organization. Falls back to E(WORKIVA_REGION). Either this or O(api_url) is needed.
    type: str
    choices: [us, eu, apac]
  api_url:
    description:
      - The address of the API, where it is none of the regions'. Falls back to E(WORKIVA_API_URL).
    type: str
  token_endpoint:
    description:
      - The address of the token endpoint. The default is the path C(/iam/v1/oauth2/token) of the API.
      - Must be an C(https://) address, since the client credentials are sent to it. Falls back to E(WORKIVA_TOKEN_ENDPOINT).
    type: str
  ca_path:
    description:
      - A file with the certificates of the authorities to trust, where the system's are not enough, on the machine that tries
        the pair. Falls back to E(WORKIVA_CA_PATH).
    type: path
  proxy:
    description:
      - The address of an HTTP proxy. Without it, the proxies of the environment are used.
    type: str
  timeout:
    description:
      - Seconds to wait for a connection and for an answer.
    type: float
    default: 60.0
  retries:
    description:
      - How often a request is sent again where that is safe.
    type: int
    default: 5
  connect_to:
    description:
      - Entries C(HOST:PORT:ADDRESS:PORT), like the option of that name of curl, which dial another address for a host.
    type: list
    elements: str
    default: []
requirements:
  - requests
  - cryptography
seealso:
  - module: integrations.workiva.oauth2_check
  - module: integrations.workiva.work_orders
"""

EXAMPLES = r"""
- name: Take in the pairs of an encrypted vars file
  integrations.workiva.oauth2_grants:
    region: eu
    grants: "{{ project.workiva.grants }}"
    credentials: "{{ project.workiva.credentials }}"
    journal: "{{ project.workiva.journal }}"
    handover: vars
    handed_over: "{{ pairs_from_the_survey }}"
  register: grants

- name: Only look, and fail where a grant is about to end
  integrations.workiva.oauth2_grants:
    region: eu
    grants: "{{ project.workiva.grants }}"
    credentials: "{{ project.workiva.credentials }}"
    journal: "{{ project.workiva.journal }}"
    handover: none
    fail_on: [expired, rejected, expiring]
"""

RETURN = r"""
fulfilled:
  description: The grants whose open work orders would be fulfilled; for C(done) of M(integrations.workiva.work_orders).
  returned: in check mode
  type: list
  elements: dict
  sample: []
considered:
  description: The grants that could be judged; for M(integrations.workiva.work_orders).
  returned: success
  type: list
  elements: dict
  sample:
    - integration: payroll-sync
      grant: filing
grants:
  description: Where each grant stands, in the order in which they were given.
  returned: success
  type: list
  elements: dict
  contains:
    integration:
      description: The name of the integration.
      type: str
      returned: success
    grant:
      description: The name of the grant.
      type: str
      returned: success
    stage:
      description: One of V(declared), V(requested), V(received), V(stored), V(delivered) and V(retired).
      type: str
      returned: success
    health:
      description: The worst of the findings.
      type: str
      returned: success
    findings:
      description: What was found, with a detail in words.
      type: list
      elements: dict
      returned: success
    fields:
      description:
        - Scopes, workspace, expiry and IP allowlist as they are known, each with its RV(ignore:value) and how it is known.
      type: dict
      returned: success
    client_id:
      description: The client id that is held, or null.
      type: str
      returned: success
    expires:
      description: The date on which the grant expires, or null.
      type: str
      returned: success
    days_left:
      description: The days until then, or null.
      type: int
      returned: success
    changed:
      description: Whether anything was written for this grant.
      type: bool
      returned: success
    steps:
      description: What was, or in check mode would be, done, in sentences.
      type: list
      elements: str
      returned: success
    files:
      description:
        - What the grant's own token sees of the declared files of its workspace, as
          RV(integrations.workiva.oauth2_check#module:files).
      type: list
      elements: dict
      returned: success
    waits_for:
      description: The person who is waited for, or null.
      type: str
      returned: success
    next:
      description: The next thing to do.
      type: str
      returned: success
    error:
      description: What failed or was refused, with a RV(ignore:msg) for a person, or null.
      type: dict
      returned: success
  sample:
    - integration: payroll-sync
      grant: filing
      stage: stored
      health: drifted
      findings:
        - finding: drifted
          detail: "The scopes differ from the declared ones: file:write is missing."
      fields:
        scopes: {value: ["file:read"], known: observed}
        workspace: {value: SEC Filing, known: observed}
        expires: {value: "2027-06-30", known: attested}
        ip_allowlist: {value: [203.0.113.7], known: attested}
      client_id: 00000000-0000-4000-8000-000000000000
      expires: "2027-06-30"
      days_left: 216
      changed: false
      steps: []
      files: []
      waits_for: security-admins@example.com
      next: Do the work order payroll-sync.filing.2 (edit).
      error: null
orders:
  description: The work orders that are needed; for M(integrations.workiva.work_orders).
  returned: success
  type: list
  elements: dict
  sample:
    - integration: payroll-sync
      grant: filing
      kind: create
      reason: No pair of this grant is known.
"""
