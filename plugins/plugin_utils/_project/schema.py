# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the project's files may hold: the one description that the check, the JSON Schema and the docs agree on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ansible_collections.integrations.workiva.plugins.module_utils._spans import SPAN, SPAN_FROM_ONE_DAY

NAME = "[a-z0-9][a-z0-9-]*"
NAME_IN_WORDS = "small letters, digits and -"
UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
HOST = "[A-Za-z0-9:]([A-Za-z0-9._:-]*[A-Za-z0-9:])?"
FILE_ID = r"[^\s/?#]{1,200}"
SCREENS = ("organization_admin", "workspace_settings", "account_admin")
# Former names of keys: the key to write instead, and how its value changed.
_EXCLUSIVE = "Write exclusive: true instead of {0}: exact, and nothing instead of {0}: add."
RENAMED = {
    "delete": ("delete_user", ""),
    "groups_mode": ("exclusive", _EXCLUSIVE.format("groups_mode")),
    "mode": ("exclusive", _EXCLUSIVE.format("mode")),
    "owner": ("file_owner", ""),
    "targets": ("hosts", ""),
    "trusted_public_keys": ("trusted_public_key_fingerprints", ""),
    "warn_before_days": ("warn_before", "Write its unit too, for example warn_before: 30d."),
}
SIGN_INS = ("password", "sso", "sso_exception")


def explain_uuid(text: str) -> str:
    """Where a value differs from the form of a UUID. It quotes nothing, because a secret may be in the wrong place."""
    groups = text.split("-")
    if len(groups) != 5:
        return f"A UUID has 5 groups of digits with a hyphen between them, and the value has {len(groups)}."
    for number, (group, length) in enumerate(zip(groups, (8, 4, 4, 4, 12)), start=1):
        if len(group) != length:
            return f"Group {number} of the value has {len(group)} characters, and a UUID has {length} there."
        if not re.fullmatch("[0-9A-Fa-f]*", group):
            return f"Group {number} of the value has a character that is not 0 to 9 or a to f."
    return "The value has blanks around it."


@dataclass(frozen=True)
class Field:
    """One key: its type (str, bool, int, date, span, list, mapping, map, any), and what is inside of it.

    A mapping has the keys of its fields; a map has names of the user's own, each with these fields, with what C(of)
    says, or with a text. A list has texts, or mappings with these fields. C(any) is a text, a truth value, or a list or a
    mapping of them.
    """

    type: str
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    fields: dict[str, Field] = field(default_factory=dict)
    pattern: str = ""  # of the value, or of a map's names
    pattern_in_words: str = ""
    explain: Callable[[str], str] | None = None  # what is wrong with the form of a value, without quoting it
    least: int = 0
    of: Field | None = None  # what is under each name of a map of maps


_LIFETIME = Field("span", "How long the grant is valid, in days: 365d.", pattern=SPAN_FROM_ONE_DAY)
_SIGN_IN = Field("str", "How the user signs in to see its secret. The default is password.", choices=SIGN_INS)
_CUSTODIAN = Field("str", "Who can read the user's mailbox and sign in as the user.")
_SCREEN = Field(
    "str",
    "The page on which the administrator creates the grant. The default is organization_admin.",
    choices=SCREENS,
)
ROTATION = {
    "before_expiry": Field("span", "How long before its expiry a grant is rotated: 30d.", pattern=SPAN_FROM_ONE_DAY),
    "every": Field("span", "How old the credentials of a grant may become: 365d.", pattern=SPAN_FROM_ONE_DAY),
    "overlap": Field(
        "span", "How long the previous credentials are to work beside the new ones. The default is 7d.", pattern=SPAN
    ),
    "not_during": Field("list", "Periods of every year that no rotation touches, as MM-DD..MM-DD: [03-20..04-10]."),
}
_ROTATION = Field(
    "mapping",
    "When the grant is replaced by a new one, while both work. Without this key no rotation starts by itself.",
    fields=ROTATION,
)
GRANT = {
    "workspace": Field("str", "The workspace of the grant. It cannot be changed later."),
    "scopes": Field("list", "As Workiva's API names them, or by their label if it is known.", required=True),
    "lifetime": _LIFETIME,
    "expires": Field("date", "The day on which the grant expires (2027-06-30), instead of a lifetime."),
    "ip_allowlist": Field("list", "The addresses that may use the grant."),
    "verify_from": Field("str", "The inventory host that the IP allowlist lets in."),
    "screen": _SCREEN,
    "rotation": _ROTATION,
}
INTEGRATION_GRANT = {
    **GRANT,
    "state": Field(
        "str",
        "With absent, this grant is retired, and the others of the integration stay.",
        choices=("present", "absent"),
    ),
}
ACCESS = {
    "roles": Field("list", "The exact roles in the workspace. Without this key they are not changed."),
    "groups": Field("list", "The groups of the workspace that the user is in."),
    "exclusive": Field("bool", "Whether the user is removed from other groups of the workspace. Needs groups."),
}
USER = {
    "username": Field(
        "str", "The name that the user signs in with. A rename may end the secrets of its grants.", required=True
    ),
    "previous_username": Field(
        "str",
        "Its former name. The user is renamed, which may end the secrets of its grants. Keep this key until verify accepts them.",
    ),
    "adopt": Field(
        "bool",
        "Whether an existing account is the integration's own, although this project did not create it.",
    ),
    "id": Field("str", "The id of a user of another organization, who is added to this one."),
    "email": Field(
        "str",
        "The e-mail address of the user.",
        required=True,
        pattern=r"[^@\s]+@[^@\s]+",
        pattern_in_words="an e-mail address",
    ),
    "given_name": Field("str", "The user's first name.", required=True),
    "family_name": Field("str", "The user's last name.", required=True),
    "display_name": Field("str", "The name that Workiva shows. Without this key it is not changed."),
    "sign_in": _SIGN_IN,
    "custodian": _CUSTODIAN,
    "organization_roles": Field("list", "The exact roles in the organization. Without this key they are not changed."),
    "welcome_email": Field(
        "bool", "Whether a new user gets the mail to set a password. The default follows from sign_in."
    ),
    "workspaces": Field("map", "The workspaces that the user is a member of, by name.", fields=ACCESS),
}
FILE = {
    "about": Field("str", "What people call the file."),
    "file_owner": Field(
        "str", "Who can share the file. A work order asks this person if the workspace has no file_administrator."
    ),
    "permission": Field(
        "str", "The permission of the integration's user: Viewer, Editor or Owner, as Workiva names it."
    ),
    "users": Field("map", "The permissions of other users, by username."),
    "groups": Field("map", "The permissions of groups of the workspace, by name."),
    "exclusive": Field("bool", "Whether the permissions of everybody else on the file are removed."),
}
CHECK = {
    "command": Field("list", "A command and its arguments, which runs on the target's hosts. It must succeed."),
    "tasks": Field(
        "str", "A file of tasks, below this project folder, that checks the target. It sets the fact deliver_shown."
    ),
    "shows": Field(
        "str",
        "client_id: what the command prints, or deliver_shown, has the client ID that the target uses.",
        choices=("client_id",),
    ),
}
TARGET = {
    "name": Field(
        "str",
        "What you call the target. It is in the journal: a target with another name is another target.",
        required=True,
        pattern=NAME,
        pattern_in_words=NAME_IN_WORDS,
    ),
    "grant": Field("str", "The grant whose credentials are delivered. The default is the only one of the integration."),
    "hosts": Field("str", "The group or host of the inventory to deliver to. The default is this machine."),
    "role": Field(
        "str",
        "The role that delivers.",
        pattern=r"[A-Za-z0-9_][A-Za-z0-9_.-]*",
        pattern_in_words="the name of a role",
    ),
    "tasks": Field(
        "str",
        "Instead of a role: file, awx_credential, hashi_vault_kv2, aws_secret, or a file of tasks below this project folder.",
    ),
    "vars": Field(
        "map",
        "Values for the role or the tasks, as workiva_vars. They are shown in the output, so that none of them is a secret.",
        of=Field("any"),
        pattern="[A-Za-z_][A-Za-z0-9_]*",
        pattern_in_words="letters, digits and _",
    ),
    "check": Field("mapping", "How to find out that the target uses the delivered credentials.", fields=CHECK),
    "settle": Field(
        "span",
        "How long after a delivery the former credentials may still be in use, in days. The default is 1d.",
        pattern=SPAN,
    ),
    "filters_client_id": Field(
        "bool", "Whether the target lets client IDs in one by one. Work orders for a new grant name it then."
    ),
}
INTEGRATION = {
    "name": Field(
        "str",
        "The name of the integration, and of its file.",
        required=True,
        pattern=NAME,
        pattern_in_words=NAME_IN_WORDS,
    ),
    "state": Field(
        "str", "With absent, the user's access is removed and its grants are retired.", choices=("present", "absent")
    ),
    "delete_user": Field("bool", "With state absent: delete the user, whom document history then shows as unknown."),
    "owner": Field(
        "str",
        "Who is responsible for the integration, and requests its work orders. The default is the one of workiva.defaults, and "
        "without both, work orders name the team that runs this project.",
    ),
    "purpose": Field("str", "The purpose of the integration."),
    "user": Field("mapping", "The user of this integration. No other integration uses it.", required=True, fields=USER),
    "grants": Field(
        "map",
        "The grants, by names of your own.",
        fields=INTEGRATION_GRANT,
        pattern=NAME,
        pattern_in_words=NAME_IN_WORDS,
    ),
    "files": Field(
        "map",
        "The files that the integration works with, by workspace and then by their id.",
        of=Field(
            "map",
            "The files of the workspace, by their id.",
            fields=FILE,
            pattern=FILE_ID,
            pattern_in_words="the id of a file, as the API and the file's address have it",
        ),
    ),
    "deliver": Field("list", "Where the credentials of the grants are delivered to, in this order.", fields=TARGET),
}
ADMINISTRATOR = {
    "owner": Field("str", "Who is responsible for the grant."),
    "custodian": _CUSTODIAN,
    "username": Field("str", "The username of the grant's user.", required=True),
    "sign_in": _SIGN_IN,
    **GRANT,
}
CERTIFICATE = {
    "server": Field(
        "str", "The name of the server. The default is the API of the region.", pattern=HOST, pattern_in_words="a host"
    ),
    "port": Field("int", "The port of the server. The default is 443.", least=1),
    "path": Field(
        "str", "The file of the copy. It may be relative to this folder if the copy is on this machine.", required=True
    ),
    "hosts": Field("str", "The group or host of the inventory that keeps the copy. The default is this machine."),
    "state": Field("str", "With absent, the copy is removed.", choices=("present", "absent")),
    "content": Field(
        "str",
        "The server's own certificate (leaf, the default), the whole verified chain (chain), or the certificates above it (issuers).",
        choices=("leaf", "chain", "issuers"),
    ),
    "trusted_fingerprints": Field("list", "An allow list of SHA-256 fingerprints of the server's own certificate."),
    "trusted_public_key_fingerprints": Field("list", "An allow list of SHA-256 fingerprints of its public key."),
    "upcoming": Field("str", "The file (PEM) of the announced certificate. It may be relative to this folder."),
    "warn_before": Field(
        "span", "How long before its expiry the certificate is expiring, in days. The default is 30d.", pattern=SPAN
    ),
    "mode": Field(
        "str", "The mode of the file, in quotes.", pattern="0?[0-7]{3}", pattern_in_words="octal digits like 0644"
    ),
    "owner": Field("str", "The owner of the file."),
    "group": Field("str", "The group of the file."),
    "backup": Field("bool", "Whether the previous file is kept beside it."),
    "ca_path": Field(
        "str",
        "A file with the certificate authorities to trust, on the machine with the copy. On this machine the default is workiva.ca_path.",
    ),
    "reload": Field("list", "Services of the target to reload after the copy changed."),
}
_MAIL = Field("str", required=True, pattern=r"[^@\s]+@[^@\s]+", pattern_in_words="an e-mail address")
CERTIFICATE_NOTICE = {
    "to": replace(_MAIL, help="Workiva's address for this request, which is not published."),
    "from": replace(_MAIL, help="The sender, who gets the answer from Workiva."),
    "addresses": Field("list", "The addresses that should get the notices.", required=True),
    "smtp_server": Field("str", "The mail server.", required=True, pattern=HOST, pattern_in_words="a host"),
    "smtp_port": Field(
        "int",
        "The port of the mail server. The default is 587 for starttls, 465 for implicit and 25 for none.",
        least=1,
    ),
    "tls": Field(
        "str",
        "The encryption of the connection to the mail server. The default is starttls.",
        choices=("starttls", "implicit", "none"),
    ),
    "username": Field("str", "The name to log in with. Without it there is no login."),
    "password_variable": Field(
        "str",
        "The name of the vaulted variable that holds the password.",
        pattern="[A-Za-z_][A-Za-z0-9_]*",
        pattern_in_words="the name of a variable",
    ),
    "ca_path": Field(
        "str",
        "A file with the certificate authorities to trust for the mail server. It may be relative to this folder.",
    ),
}
WORKIVA = {
    "version": Field("str", "The version of this file's schema: 1.", choices=("1",)),
    "region": Field("str", "The region of the organization.", choices=("us", "eu", "apac")),
    "api_url": Field(
        "str",
        "The address of the API, instead of a region.",
        pattern=r"https://\S+",
        pattern_in_words="an https:// address",
    ),
    "token_endpoint": Field(
        "str",
        "The address of the token endpoint. The default is /iam/v1/oauth2/token of the API.",
        pattern=r"https://\S+",
        pattern_in_words="an https:// address",
    ),
    "organization_id": Field(
        "str",
        "The UUID after /o/ in the address of the Organization Admin page.",
        required=True,
        pattern=UUID,
        pattern_in_words="the UUID after /o/ in the address of the Organization Admin page",
        explain=explain_uuid,
    ),
    "ca_path": Field(
        "str",
        "A file with the certificate authorities to trust instead of the system's. It may be relative to this folder.",
    ),
    "proxy": Field("str", "The proxy to use."),
    "timeout": Field("int", "Seconds to wait for an answer.", least=1),
    "retries": Field("int", "How often a request is repeated."),
    "connect_to": Field("list", "Entries HOST:PORT:ADDRESS:PORT, which connect to another address for a host."),
    "file_administrator": Field(
        "map",
        "The grants that change permissions on files, one for each workspace, by names of your own.",
        fields=ADMINISTRATOR,
        pattern=NAME,
        pattern_in_words=NAME_IN_WORDS,
    ),
    "administration": Field(
        "str",
        "How users are managed: api (the default), or work_order for administrators.",
        choices=("api", "work_order"),
    ),
    "administrator": Field(
        "mapping",
        "The grant that manages users and access. Without the scope organization:write it only reads, and administrators make the changes.",
        fields=ADMINISTRATOR,
    ),
    "reader": Field("mapping", "A second grant that may only read. verify and discover use it.", fields=ADMINISTRATOR),
    "defaults": Field(
        "mapping",
        "The defaults for all integrations.",
        fields={
            "owner": Field("str", "Who is responsible for an integration."),
            "custodian": _CUSTODIAN,
            "sign_in": _SIGN_IN,
            "lifetime": _LIFETIME,
            "workspace": Field("str", "The workspace of a grant."),
            "screen": _SCREEN,
            "rotation": _ROTATION,
        },
    ),
    "certificates": Field(
        "map",
        "Local copies of server certificates, by names of your own.",
        fields=CERTIFICATE,
        pattern=NAME,
        pattern_in_words=NAME_IN_WORDS,
    ),
    "certificate_notice": Field(
        "mapping", "The request for notices before the certificate changes.", fields=CERTIFICATE_NOTICE
    ),
    "handover_url": Field(
        "str",
        "The launch page of the AWX template with which people without a terminal hand over credentials. Work orders link to it.",
        pattern=r"https://[^\s<>\"'`]+",
        pattern_in_words="an https:// address",
    ),
    "sealed_handover": Field(
        "bool",
        "Whether the page of a work order can encrypt the credentials in the browser: false unless said otherwise.",
    ),
    "scope_labels": Field("map", "Labels of scopes that you have seen on the page: the scope, then its label."),
}
WORKIVA_FILE = {"workiva": Field("mapping", required=True, fields=WORKIVA)}
