# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is not known of the platform: one switch for each question, with every plausible answer. The first is the default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Switch:
    """One open question, and the answers that the collection must cope with."""

    question: str
    answers: tuple[str, ...]


SWITCHES = {
    "token_error": Switch(
        "What does the token endpoint answer to credentials that it refuses?",
        (
            "401:invalid_client",
            "400:invalid_grant",
            "400:unauthorized_client",
            "401:access_denied",
            "403:access_denied",
        ),
    ),
    "token_cause": Switch(
        "Does a refusal of the token endpoint show its cause? (error: by a code of its own for each cause)",
        ("none", "description", "error"),
    ),
    "token_path": Switch(
        "Which path has the token endpoint? (the guides name one, the contract both)",
        ("both", "/iam/v1/oauth2/token", "/oauth2/token"),
    ),
    "token_basic": Switch("Does the token endpoint accept HTTP Basic authentication too?", ("refused", "accepted")),
    "token_form": Switch("Is the access token a JWT whose claims can be read?", ("jwt", "opaque")),
    "missing_version": Switch("What does a request without X-Version get?", ("answered", "400")),
    "new_user_status": Switch("What status has a user without a membership?", ("suspended", "active")),
    "default_roles": Switch("Which roles does a new membership come with?", ("none", "Viewer")),
    "user_fields": Switch("Which fields must a new user have?", ("username", "username_and_email", "all")),
    "new_user_mail": Switch("Does creating a user send a mail?", ("none", "welcome")),
    "display_name": Switch(
        "Which display name has a user? (from_names: the given and family name, always or where none was given)",
        ("as_given", "from_names", "always_from_names"),
    ),
    "suspended_user": Switch(
        "Are the credentials of a user who is suspended, or not a member of the grant's workspace any more, refused?",
        ("refused", "accepted"),
    ),
    "status_on_create": Switch("Does a new user get the status that was asked for?", ("ignored", "accepted")),
    "duplicate_user": Switch("What is answered to a username that is taken?", ("409", "400")),
    "regenerate": Switch("Does Regenerate end the old secret?", ("ends_old", "keeps_old")),
    "issued_tokens": Switch(
        "Do tokens live on after their grant was changed or deleted, or its user suspended?", ("live", "die")
    ),
    "expiry_day": Switch("Is a grant good on the day that it expires?", ("ended", "good")),
    "fresh_grant": Switch(
        "Are the credentials of a new grant accepted at once? (refused_at_first: the first two requests are refused)",
        ("accepted", "refused_at_first"),
    ),
    "past_expires": Switch("Does Expires take a date that is over, or today?", ("refused", "accepted")),
    "expires_rule": Switch("Which values does Expires take?", ("any_date", "one_year_at_most", "empty_is_never")),
    "secret_shown": Switch("Where is the secret shown?", ("by_screen", "regenerate_only", "after_add")),
    "allowlist_cidr": Switch("Does the IP Allowlist take networks (CIDR)?", ("refused", "accepted")),
    "allowlist_ranges": Switch("Does the IP Allowlist take ranges (start-end)?", ("refused", "accepted")),
    "allowlist_ipv6": Switch("Does the IP Allowlist take IPv6 addresses?", ("accepted", "refused")),
    "next_link": Switch("Is @nextLink a whole address or a path?", ("address", "path")),
    "report_next_link": Switch(
        "Does links.next of orgReportUsers name an older host, as in the contract's example?", ("old_host", "same_host")
    ),
    "accepted_body": Switch("Does a 202 have a body?", ("none", "operationLocation")),
    "accepted_pace": Switch(
        "How long shall one wait for an operation? (seen by others: 5 seconds, then 1)", ("at_once", "as_seen")
    ),
    "role_change": Switch("When does an accepted change of roles show?", ("at_once", "when_completed")),
    "revocation_scope": Switch(
        "Which scope does the revocation of workspace roles need? (the contract says read, likely a slip)",
        ("read", "write"),
    ),
    "implicit_roles": Switch("Are roles that everybody has, as Organization Member, listed?", ("hidden", "shown")),
    "report_role_names": Switch("How does orgReportUsers spell organization roles?", ("long", "short")),
    "report_rows": Switch(
        "Is orgReportUsers complete? (late: as at the start of the day; missing: without users who never signed in; "
        "null_access: roles, memberships and licenses are null; null: every attribute is)",
        ("current", "late", "missing", "null_access", "null"),
    ),
    "role_ids": Switch(
        "Are role ids UUIDs, as in the contract's schema, or small numbers, as in its examples? (set before the start)",
        ("uuid", "number"),
    ),
    "filters": Switch("Are $filter and $orderBy supported, for the simple forms?", ("refused", "ignored", "applied")),
    "renamed_user": Switch(
        "Does a new username end the secrets of the user's grants?", ("ends_secrets", "keeps_secrets")
    ),
    "invisible_file": Switch("What is answered for a file on which the user has no permission?", ("404", "403")),
    "file_state": Switch(
        "Does a file show its state, and is one in the trash still found?", ("shown", "not_shown", "not_found")
    ),
    "permissions_listed_to": Switch("Who may list the permissions of a file?", ("readers", "owners")),
    "permissions_changed_by": Switch("Who may change the permissions of a file?", ("owners", "editors")),
    "permission_repeated": Switch(
        "What is done with an assignment that is there, or a revocation of one that is not?", ("accepted", "refused")
    ),
    "permission_unrevoked": Switch(
        "What is answered to a second permission while the first is not revoked?", ("409", "400")
    ),
    "workspace_owner_files": Switch(
        "What may a Workspace Owner do on files of which it has no permission?", ("nothing", "everything")
    ),
    "deleted_user": Switch("Does deleting a user remove the memberships?", ("removes", "keeps")),
}

DEFAULTS = {name: switch.answers[0] for name, switch in SWITCHES.items()}


def checked(name: str, answer: str) -> str:
    """The answer, where the switch knows it. Raises ValueError."""
    if name not in SWITCHES:
        raise ValueError(f"unknown switch {name}; there are {', '.join(SWITCHES)}")
    if answer not in SWITCHES[name].answers:
        raise ValueError(f"switch {name} takes {', '.join(SWITCHES[name].answers)}")
    return answer
