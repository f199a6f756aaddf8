# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The variables that a run of a playbook can be given: one table, from which docs/variables.md is generated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._certificates.certificate import (
    FINDINGS as CERTIFICATE_FINDINGS,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.status import FINDINGS as GRANT_FINDINGS

TEXT, BOOL, LIST, DATE, AS_IS = "text", "boolean", "list of texts", "date (YYYY-MM-DD)", "YAML or JSON"

# The playbooks that check their variables.
PLAYBOOKS = (
    "start",
    "check",
    "discover",
    "onboard",
    "handover",
    "deliver",
    "verify",
    "offboard",
    "rotate",
    "save",
    "rehearse",
    "awx",
    "awx_credentials",
)
_FILE_FINDINGS = ("no_access",)
# Of targets of credentials: those of _delivery/assessment.py that need somebody.
_DELIVERY_FINDINGS = ("behind", "not_delivered", "ends_early")
_WRITING = ("onboard", "handover", "deliver", "offboard", "rotate", "save")
_LOADING = ("check", "discover", *_WRITING, "verify", "rehearse", "awx_credentials")


@dataclass(frozen=True)
class Variable:
    """One variable: what it is for, who reads it, and what a value must be.

    C(secret): its value, or a part of it, is a credential; it is never returned. C(must_be_read): it carries what must
    not be lost, so that a playbook that does not read it stops.
    """

    name: str
    playbooks: tuple[str, ...]
    description: str
    kind: str = TEXT
    choices: tuple[str, ...] = ()
    default: Any = None
    # Playbooks with another default, or with fewer choices.
    defaults: Mapping[str, Any] = field(default_factory=dict)
    choices_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default_text: str = ""
    example: str = ""
    matches: str = ""
    secret: bool = False
    must_be_read: bool = False

    def default_of(self, playbook: str) -> Any:
        """What holds in a playbook where the variable is not given."""
        return self.defaults.get(playbook, self.default)

    def allowed(self, playbook: str) -> tuple[str, ...]:
        """The values that a playbook accepts; empty where every value of the type is accepted."""
        return self.choices_of.get(playbook, self.choices)


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "workiva_project",
        ("start", *_LOADING),
        "The project folder, as an absolute path.",
        default_text="the folder of the inventory, else the current folder; for `start` the folder `workiva` in the current one",
        example="/srv/workiva",
    ),
    Variable(
        "workiva_only",
        ("check", *_WRITING, "verify"),
        "The integrations that the run is limited to.",
        LIST,
        default_text="all; `offboard` requires a value, and `rotate` this or `workiva_grants`",
        example="payroll-sync,ledger-load",
        matches="a declared integration",
    ),
    Variable(
        "workiva_grants",
        ("rotate",),
        "The grants whose rotation starts now, each as `INTEGRATION.GRANT`.",
        LIST,
        default_text="all grants of the integrations in `workiva_only`",
        example="payroll-sync.filing,administrator.organization",
        matches="a declared grant that is not marked `state: absent`",
        must_be_read=True,
    ),
    Variable(
        "workiva_leaked",
        ("rotate",),
        "Whether the present secrets of the named grants leaked: a work order asks to regenerate them at once, or to add a new administrator grant.",
        BOOL,
        default=False,
        example="true",
        must_be_read=True,
    ),
    Variable(
        "workiva_give_up",
        ("rotate",),
        "Whether the open rotations of the named grants are given up: the credentials before them are used again.",
        BOOL,
        default=False,
        example="true",
        must_be_read=True,
    ),
    Variable(
        "workiva_integrations",
        ("check", *_WRITING, "verify"),
        "Integrations given as a list instead of files in `integrations.d`.",
        AS_IS,
        example="see `integrations.d/example.yml.sample` in a new project; each entry of the list holds what such a file holds",
        matches="the schema of a file in `integrations.d`",
    ),
    Variable(
        "workiva_templates",
        ("check",),
        "Whether templates in the project's values are rendered. `false` is for a folder that others may change, as in CI.",
        BOOL,
        default=True,
        example="false",
        must_be_read=True,
    ),
    Variable(
        "workiva_handover",
        ("onboard", "handover", "offboard"),
        "How credentials and confirmations come in.",
        choices=("prompt", "vars", "defer"),
        choices_of={"onboard": ("vars", "defer"), "offboard": ("vars", "defer")},
        default="defer",
        defaults={"handover": "prompt"},
        default_text="`vars` where credentials or confirmations are given; else `prompt` in `handover`, and `defer` in the others",
        example="defer",
    ),
    Variable(
        "workiva_handed_over",
        ("onboard", "handover", "offboard"),
        "Credentials that were handed over, and what the screen of a grant shows. Keep it in an encrypted file.",
        AS_IS,
        example="see [grants.md](grants.md)",
        matches="a declared grant that is not marked `state: absent`",
        secret=True,
        must_be_read=True,
    ),
    Variable(
        "workiva_sealed",
        ("handover",),
        "Sealed text, as the page of a work order shows it, or a list of such texts.",
        AS_IS,
        example="see [sealed_handover.md](sealed_handover.md)",
        matches="an open work order with a key",
        must_be_read=True,
    ),
    Variable(
        "workiva_done",
        ("onboard", "handover", "offboard"),
        "The numbers of the work orders that a person confirms as done.",
        LIST,
        example="audit-reader.main.2",
        matches="a work order in the journal",
        must_be_read=True,
    ),
    Variable(
        "workiva_deliver",
        ("onboard", "handover"),
        "Whether credentials are delivered again to targets that have them, as the playbook `deliver` does.",
        BOOL,
        default=False,
        example="true",
    ),
    Variable(
        "workiva_delete_user",
        ("offboard",),
        "The integrations whose user is deleted: the second confirmation, beside `delete_user: true` in the file.",
        LIST,
        example="payroll-sync",
        matches="an integration with `state: absent` and `delete_user: true`",
        must_be_read=True,
    ),
    Variable(
        "workiva_fail_on",
        ("verify",),
        "The findings of grants, files and targets of credentials that fail the run.",
        LIST,
        choices=(*GRANT_FINDINGS[:-1], *_FILE_FINDINGS, *_DELIVERY_FINDINGS),
        default=[*GRANT_FINDINGS[:6], "no_access", "behind", "not_delivered"],
        example="expired,rejected",
    ),
    Variable(
        "workiva_certificate_fail_on",
        ("verify",),
        "The findings of certificates that fail the run.",
        LIST,
        choices=CERTIFICATE_FINDINGS[:-1],
        default=["failed", "untrusted", "missing", "changed", "differs", "alternating", "overdue"],
        example="failed,untrusted",
    ),
    Variable(
        "workiva_excess_access",
        ("onboard", "offboard", "verify"),
        "How far to look for undeclared access.",
        choices=("none", "report", "full"),
        default="report",
        defaults={"verify": "full"},
        example="full",
    ),
    Variable(
        "workiva_summary",
        ("onboard", "handover", "deliver", "offboard", "rotate", "verify"),
        "What the summary lists. `short` has problems, changes and open work orders, and only the number of integrations that are ok; "
        "`full` has a line for each user, grant, file and copy of a certificate as well.",
        choices=("short", "full"),
        default="short",
        example="full",
    ),
    Variable(
        "workiva_today",
        ("check", *_WRITING, "verify", "rehearse"),
        "The date to use instead of today's.",
        DATE,
        default_text="today",
        example="2027-06-30",
    ),
    Variable(
        "workiva_vault_id",
        (*_WRITING, "verify"),
        "The vault id to encrypt with, where the run has several.",
        default_text="the only vault id of the run, else `vault_encrypt_identity`",
        example="prod",
    ),
    Variable(
        "workiva_write",
        ("discover",),
        "Whether the names of workspaces, roles and groups are written to `organization.yml`.",
        BOOL,
        default=False,
        example="true",
    ),
    Variable(
        "workiva_ephemeral_target_ok",
        ("onboard", "verify"),
        "Whether a job whose files are removed at its end may write copies of certificates.",
        BOOL,
        default=False,
        example="true",
    ),
    Variable(
        "workiva_repository_url",
        _WRITING,
        "The Git repository of the project: the run works in a clone and pushes what it wrote.",
        example="https://git.example.com/finance/workiva.git",
    ),
    Variable("workiva_repository_branch", _WRITING, "The branch.", default="main", example="main"),
    Variable(
        "workiva_repository_folder", _WRITING, "The project folder in the repository.", default=".", example="workiva"
    ),
    Variable("workiva_repository_username", _WRITING, "The user for https.", example="awx"),
    Variable(
        "workiva_repository_password",
        _WRITING,
        "The password or token for https.",
        example="see [awx.md](awx.md)",
        secret=True,
    ),
    Variable("workiva_repository_key_file", _WRITING, "The file of the private key for ssh.", example="/run/key"),
    Variable("workiva_repository_known_hosts", _WRITING, "The file of known host keys for ssh.", example="/run/hosts"),
    Variable("workiva_repository_ca_path", _WRITING, "The authorities to trust for https.", example="/etc/ssl/own.pem"),
    Variable(
        "workiva_artifact",
        _WRITING,
        "Whether the job publishes what it wrote as the artifact `workiva_changes`.",
        BOOL,
        default=False,
        example="true",
    ),
    Variable(
        "workiva_artifact_orders",
        ("onboard", "handover", "offboard", "rotate"),
        "Whether the job publishes the open work orders as the artifact `workiva_work_orders`.",
        BOOL,
        default=False,
        example="true",
    ),
    Variable(
        "workiva_changes",
        _WRITING,
        "What an earlier job published, to be saved to the project.",
        AS_IS,
        example="see [awx.md](awx.md)",
    ),
    Variable(
        "workiva_work_orders", (), "The open work orders that an earlier job of a workflow published. Not read.", AS_IS
    ),
    Variable("workiva_survey_integration", ("handover",), "AWX survey: the integration.", example="payroll-sync"),
    Variable(
        "workiva_survey_grant",
        ("handover",),
        "AWX survey: the grant.",
        default_text="the only grant of the integration",
        example="filing",
        matches="a declared grant of the integration",
    ),
    Variable(
        "workiva_survey_client_id",
        ("handover",),
        "AWX survey: the client ID.",
        example="see [awx.md](awx.md)",
        secret=True,
        must_be_read=True,
    ),
    Variable(
        "workiva_survey_client_secret",
        ("handover",),
        "AWX survey: the client secret.",
        example="see [awx.md](awx.md)",
        secret=True,
        must_be_read=True,
    ),
    Variable(
        "workiva_survey_expires",
        ("handover",),
        "AWX survey: the expiry that the screen shows.",
        DATE,
        example="2027-06-30",
    ),
    Variable(
        "workiva_survey_sealed",
        ("handover",),
        "AWX survey: the sealed text that the page of a work order shows.",
        AS_IS,
        example="see [sealed_handover.md](sealed_handover.md)",
        matches="an open work order with a key",
        must_be_read=True,
    ),
    Variable(
        "workiva_survey_done",
        ("handover",),
        "AWX survey: the numbers of the work orders that are done.",
        LIST,
        example="audit-reader.main.2",
        matches="a work order in the journal",
    ),
    Variable(
        "workiva_mistakes",
        ("rehearse",),
        "The mistakes that people make with each work order before they carry it out as asked.",
        LIST,
        choices=("refuse", "wrong_scope"),
        default=["wrong_scope"],
        example="refuse,wrong_scope",
    ),
    Variable(
        "workiva_keep",
        ("rehearse",),
        "Whether the folder of the rehearsal is kept.",
        BOOL,
        default=False,
        example="true",
    ),
    Variable(
        "workiva_switches",
        ("rehearse",),
        "How the simulator answers where the behaviour of Workiva is not known.",
        AS_IS,
        example='{"secret_shown": "after_add"}',
    ),
    # Given to jobs of AWX by its credential types, for the modules; no playbook reads them.
    Variable("workiva_region", (), "Given by a credential of AWX."),
    Variable("workiva_organization_id", (), "Given by a credential of AWX."),
    Variable("workiva_client_id", (), "Given by a credential of AWX."),
    Variable(
        "workiva_client_secret",
        (),
        "For your own tasks with the modules. The credentials of AWX give a file instead.",
        secret=True,
    ),
    Variable("workiva_client_secret_file", (), "Given by a credential of AWX."),
    Variable("workiva_ca_path", (), "Given by a credential of AWX."),
    # What credentials.yml holds, where somebody loads it as a file of variables.
    Variable("workiva_credentials", (), "The content of `credentials.yml`, for your own tasks.", AS_IS, secret=True),
    Variable("workiva_credentials_version", (), "The version of `credentials.yml`.", AS_IS),
    Variable("workiva_vault_check", (), "The check values in `credentials.yml`.", AS_IS, secret=True),
)
BY_NAME: Mapping[str, Variable] = {variable.name: variable for variable in VARIABLES}
