# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""One grant's token request, what it shows of the grant, and which files the token reads."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._api.session import Session
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import CONNECTION, Core, Run
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    Failure,
    InvalidArgument,
    TokenRefused,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._files.access_check import (
    FileCheck,
    check_files,
    not_checkable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import describe_malformed

__all__ = ["CORE", "TokenCheck", "check", "describe_malformed"]


@dataclass(frozen=True)
class TokenCheck:
    """What a token request showed. C(finding) is C(ok), C(drifted), C(rejected) or C(unreachable)."""

    finding: str
    detail: str
    accepted: bool = False
    scopes: tuple[str, ...] = ()
    missing_scopes: tuple[str, ...] = ()
    excess_scopes: tuple[str, ...] = ()
    workspace_id: str | None = None
    expires_in: int | None = None
    error: Failure | None = None
    files: tuple[FileCheck, ...] = ()

    def as_result(self) -> dict[str, Any]:
        """The check as a task's result; no token, no secret."""
        return {
            "finding": self.finding,
            "detail": self.detail,
            "accepted": self.accepted,
            "scopes": list(self.scopes),
            "missing_scopes": list(self.missing_scopes),
            "excess_scopes": list(self.excess_scopes),
            "workspace_id": self.workspace_id,
            "workspace_check": "observed" if self.workspace_id else "not_checkable",
            "expires_in": self.expires_in,
            "error": self.error.as_result() if self.error else None,
            "files": [check.as_result() for check in self.files],
        }


def check(
    connection: Connection,
    scopes: Sequence[str] | None = None,
    workspace_id: str | None = None,
    files: Sequence[str] = (),
    session: Session | None = None,
) -> TokenCheck:
    """Asks for a token and compares what it shows with what is wanted; None means that nothing is wanted of it.

    Then the same token is tried on the files: no second token is requested, and the IP allowlist lets it in from here.
    C(session): connections that are open already, by C(open_session).

    The C(scope) of the answer is the truth about a grant's scopes (contract, POST /oauth2/token: the scope returned
    may not match the one requested). Raises L(InvalidArgument) for malformed credentials, before anything is sent.
    """
    wrong = describe_malformed(connection.client_id or "", connection.client_secret or "")
    if wrong:
        raise InvalidArgument(wrong)
    try:
        with Client(connection, session) as client:
            # A kept token would show nothing of the grant as it is now.
            token = client.token() if connection.access_token else client.request_token()
            seen = check_files(client, token.scopes, files)
    except TokenRefused as error:
        unseen = tuple(
            not_checkable(file, "unchecked", "The token endpoint rejects the credentials.") for file in files
        )
        return TokenCheck("rejected", str(error), error=Failure.of(error), files=unseen)
    except Unreachable as error:
        unseen = tuple(not_checkable(file, "unreachable", str(error)) for file in files)
        return TokenCheck("unreachable", str(error), error=Failure.of(error), files=unseen)
    missing = tuple(scope for scope in scopes or () if scope not in token.scopes)
    excess = tuple(scope for scope in token.scopes if scopes is not None and scope not in scopes)
    parts = [f"the grant does not have {', '.join(missing)}"] if missing else []
    if excess:
        parts.append(f"the grant has {', '.join(excess)}, which is not declared")
    if workspace_id and token.workspace_id and token.workspace_id != workspace_id:
        parts.append(f"the token is for the workspace {token.workspace_id}, not {workspace_id}")
    return TokenCheck(
        "drifted" if parts else "ok",
        "; ".join(parts) or "The token endpoint accepts the credentials.",
        accepted=True,
        scopes=token.scopes,
        missing_scopes=missing,
        excess_scopes=excess,
        workspace_id=token.workspace_id,
        expires_in=max(0, round(token.expires_at - time.time())),
        files=seen,
    )


def _run(arguments: dict[str, Any], _how: Run) -> dict[str, Any]:
    connection = Connection.from_arguments(arguments)
    found = check(connection, arguments["scopes"], arguments["workspace_id"], arguments["files"])
    result: dict[str, Any] = {"changed": False, "client_id": connection.client_id, **found.as_result()}
    if found.finding in arguments["fail_on"]:
        result.update(failed=True, msg=found.detail)
    return result


CORE = Core(
    specification={
        "argument_spec": {
            **CONNECTION,
            "scopes": {"type": "list", "elements": "str"},
            "workspace_id": {"type": "str"},
            "files": {"type": "list", "elements": "str", "default": []},
            "fail_on": {
                "type": "list",
                "elements": "str",
                "choices": ["drifted", "rejected", "unreachable"],
                "default": [],
            },
        },
        "supports_check_mode": True,
    },
    run=_run,
)
